#ifndef RENDEZ_ROLES_CLI_KEY_ROTATE_H
#define RENDEZ_ROLES_CLI_KEY_ROTATE_H

#include "roles/cli/rights.h"
#include "roles/keyd/root.h"

/* `rendez key rotate root|organisation ID|meeting ID|all`: the service that runs does it, between
 * other work, and this waits; without a service it is done here. Cut off, it goes on with the service,
 * or when the same command is given again. */
int key_rotate(struct admin *admin, int argc, char **argv);

/* `rendez key versions`: how many keys and rows there are of each version, and what is being done. */
int key_versions(struct admin *admin, int argc, char **argv);

#endif
