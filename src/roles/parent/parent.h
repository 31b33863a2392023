#ifndef RENDEZ_ROLES_PARENT_H
#define RENDEZ_ROLES_PARENT_H

#include "roles/messages/role.h"

/* The parent: starts every role, connects them, restarts what crashes, stops them in order.
 * It parses nothing from outside: the operator's configuration, and from each role one
 * byte that says "I serve". */

struct parent_options {
    const char *config_path, *passphrase_path; /* the latter may be NULL */
};

/* Runs until SIGTERM or SIGINT; returns when every role has ended. */
MUST_USE enum status parent_run(const struct parent_options *options, struct problem *why);

#endif
