#ifndef RENDEZ_ROLES_MAILIN_FETCH_H
#define RENDEZ_ROLES_MAILIN_FETCH_H

#include "platform/imap/session.h"
#include "roles/mailin/intake.h"
#include "roles/mailin/place.h"

/* Reads a mailbox by IMAP, one look after the other: what is new is given to the intake, and
 * only when it is sealed and on disk the place moves on and the message is marked (read, or
 * moved away). Nothing in the mailbox is ever deleted, but by a server that cannot MOVE. */
enum {
    FETCH_MESSAGE_BYTES_MAX = MIME_BYTES_MAX,
    FETCH_HEAD_BYTES_MAX = 64 * 1024, /* kept of a message that is too large */
    FETCH_BACKLOG_MAX = 1000,         /* that many wait in the spool: the rest stays where it is */
    FETCH_SIZES_MAX = 100,            /* asked for at a time */
    FETCH_LOOK_MS = 30 * 60 * 1000,   /* the longest look */
    FETCH_AGAIN_FIRST_MS = 2 * 1000,  /* after trouble, doubling */
    FETCH_AGAIN_LONGEST_MS = 10 * 60 * 1000,
    FETCH_HOLD_FIRST_MS = 5 * 60 * 1000, /* after a refused login, doubling: many lock accounts */
    FETCH_HOLD_LONGEST_MS = 60 * 60 * 1000,
    /* A message that breaks the connection: then only its head is taken, then nothing. */
    FETCH_HEAD_AFTER = 5,
    FETCH_SKIP_AFTER = 8,
};

struct fetch;

/* Before role_enter: reads the password. `folder` is the spool's. */
MUST_USE enum status fetch_create(struct role *role, struct spool *spool, struct intake *intake,
                                  const char *folder, struct fetch **out, struct problem *why);
void fetch_destroy(struct fetch **fetch); /* accepts NULL */
const struct transfer_server *fetch_server(const struct fetch *fetch);
/* Where we are in the mailbox, and the first look, now; once no other process reads it. */
MUST_USE enum status fetch_open(struct fetch *fetch, struct problem *why);

#endif
