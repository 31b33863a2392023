#ifndef RENDEZ_ROLES_LISTEN_H
#define RENDEZ_ROLES_LISTEN_H

#include "roles/messages/role.h"

/* Opens a listening socket, "ADDRESS:PORT" in numbers; `key` is the setting's name. The parent
 * does, so that ports under 1024 need no more than its own rights, and those who connect while
 * a role is started again wait instead of being turned away. It accepts nothing. */
MUST_USE enum status listen_at(struct slice where, const char *key, int *out, struct problem *why);

#endif
