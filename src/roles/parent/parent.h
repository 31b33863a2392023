#ifndef RENDEZ_ROLES_PARENT_H
#define RENDEZ_ROLES_PARENT_H

#include "roles/messages/role.h"

/* The parent: starts every role, connects them, restarts what crashes, stops them in order.
 * It parses nothing from outside: the operator's configuration, and from each role one
 * byte that says "I serve". */

struct parent_options {
    const char *config_path, *passphrase_path; /* the latter may be NULL */
    bool prepared; /* parent_prepare was run: no capability is needed to give folders away */
};

/* Runs until SIGTERM or SIGINT; returns when every role has ended. */
MUST_USE enum status parent_run(const struct parent_options *options, struct problem *why);

/* Makes the folders and gives them to the users of their roles, as parent_run would. */
MUST_USE enum status parent_prepare(const struct parent_options *options, struct problem *why);

#endif
