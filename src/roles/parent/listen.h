#ifndef RENDEZ_ROLES_LISTEN_H
#define RENDEZ_ROLES_LISTEN_H

#include <sys/types.h>

#include "roles/messages/role.h"

/* Opens a listening socket, "ADDRESS:PORT" in numbers or a path; `key` is the setting's name. The
 * parent does, so that ports under 1024 need no more than its own rights, and those who connect while
 * a role is started again, or another version of it, wait instead of being turned away. It accepts
 * nothing.
 *   mode  of a path's file */
MUST_USE enum status listen_at(struct slice where, const char *key, mode_t mode, int *out,
                               struct problem *why);

/* The same, where the version before, or systemd, may have opened it: `*inherited` (-1: nothing) is
 * taken if it listens there, else closed. */
MUST_USE enum status listen_take(int *inherited, struct slice where, const char *key, mode_t mode,
                                 int *out, struct problem *why);

#endif
