#ifndef RENDEZ_ROLES_LISTEN_H
#define RENDEZ_ROLES_LISTEN_H

#include <sys/types.h>

#include "roles/messages/role.h"

struct listen_place {
    struct slice where; /* "ADDRESS:PORT" in numbers, or a path */
    const char *key;    /* the setting's name */
    mode_t mode;        /* of a path's file */
    bool early;         /* the address need not be there yet: a tunnel's is not that comes up after us */
};

/* Opens a listening socket. The parent does, so that ports under 1024 need no more than its own rights, and those who
 * connect while a role is started again, or another version of it, wait instead of being turned away. It accepts nothing. */
MUST_USE enum status listen_at(const struct listen_place *place, int *out, struct problem *why);

/* The same, where the version before, or systemd, may have opened it: `*inherited` (-1: nothing) is
 * taken if it listens there, else closed. */
MUST_USE enum status listen_take(int *inherited, const struct listen_place *place, int *out, struct problem *why);

#endif
