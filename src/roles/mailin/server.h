#ifndef RENDEZ_ROLES_LMTP_SERVER_H
#define RENDEZ_ROLES_LMTP_SERVER_H

#include "roles/mailin/intake.h"

/* LMTP connections of the MTA: formats/lmtp between their bytes and the intake. */
enum {
    SERVER_MESSAGE_BYTES_MAX = MIME_BYTES_MAX,
    /* Of all messages that are just coming. Each may be there twice while it is sealed
     * (MEMORY_BYTES_MAX). Past it a message that is longer than a usual one is sent back. */
    SERVER_BYTES_MAX = 160 << 20,
    SERVER_USUAL_BYTES = 64 * 1024,
    /* Where all places are taken, one without progress for this long makes room. */
    SERVER_PATIENCE_MS = 2000,
};

struct server;

/* Owns `fd`, which is bound and listening; takes no connection before server_open. */
MUST_USE enum status server_create(struct role *role, struct intake *intake, int fd,
                                   struct server **out, struct problem *why);
MUST_USE enum status server_open(struct server *server, struct problem *why);
/* Takes no connection any more, ends those between two messages (421), and calls role_stop when
 * the messages that are coming are in the spool. */
void server_leave(struct server *server);
/* Tells every client to come back later, and closes. */
void server_destroy(struct server **server);

#endif
