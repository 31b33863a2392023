#ifndef RENDEZ_ROLES_PREPARE_H
#define RENDEZ_ROLES_PREPARE_H

#include <sys/types.h>

#include "roles/messages/role.h"

/* The user of a role: the system user "rendez-NAME" (users.prefix), else a number of our
 * own for each role; 0 when we are not root and cannot change. */
uid_t prepare_user(const struct config *config, enum role_id id);

/* Makes the role's own folders, and gives them to its user: also what `rendez init`, run as
 * root, has put there. */
MUST_USE enum status prepare_folders(const struct config *config, enum role_id id,
                                    struct problem *why);

/* Copies the passphrase (a file, or systemd's credential) into memory that keyd gets at each
 * start; *fd is -1 when there is none. */
MUST_USE enum status prepare_secret(const char *path, int *fd, struct problem *why);

#endif
