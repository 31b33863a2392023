#ifndef RENDEZ_ROLES_PARENT_H
#define RENDEZ_ROLES_PARENT_H

#include "roles/messages/role.h"

/* The parent: starts every role, connects them, restarts what crashes, stops them in order.
 * It parses nothing from outside: the operator's configuration, and from each role one
 * byte that says "I serve". */

struct parent_options {
    char *const *argv; /* of this process; an upgrade executes rendezd with the same */
    const char *config_path, *passphrase_path; /* the latter may be NULL */
    bool prepared; /* parent_prepare was run: no capability is needed to give folders away */
};

/* Runs until SIGTERM or SIGINT; returns when every role has ended. SIGUSR2, or a byte on
 * folders.run/control, lets the rendezd that lies at our path by then take over (doc/roles.md). */
MUST_USE enum status parent_run(const struct parent_options *options, struct problem *why);

/* Makes the folders and gives them to the users of their roles, as parent_run would. */
MUST_USE enum status parent_prepare(const struct parent_options *options, struct problem *why);

#endif
