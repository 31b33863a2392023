#ifndef RENDEZ_ROLES_LMTP_SERVER_H
#define RENDEZ_ROLES_LMTP_SERVER_H

#include "roles/mailin/intake.h"

/* LMTP connections of the MTA: formats/lmtp between their bytes and the intake. */
enum {
    SERVER_CONNECTIONS_MAX = 16, /* each may hold a message of 30 MB twice (MEMORY_BYTES_MAX) */
    SERVER_SILENCE_MS = 5 * 60 * 1000, /* RFC 5321 section 4.5.3.2.7 */
    SERVER_MESSAGE_BYTES_MAX = MIME_BYTES_MAX,
};

struct server;

/* Opens the socket: a path, or "127.0.0.1:2424", "[::1]:2424". Before the sandbox. A
 * socket file left by an earlier process is replaced. */
MUST_USE enum status server_listen(struct slice where, int *fd, struct problem *why);

/* Owns `fd`. */
MUST_USE enum status server_create(struct role *role, struct intake *intake, int fd,
                                   struct server **out, struct problem *why);
/* Tells every client to come back later, and closes. */
void server_destroy(struct server **server);

#endif
