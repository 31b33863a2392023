#ifndef RENDEZ_ROLES_PREPARE_H
#define RENDEZ_ROLES_PREPARE_H

#include <sys/types.h>

#include "roles/messages/role.h"

/* The user of a role: the system user "rendez-NAME" (users.prefix), else a number of our
 * own for each role; 0 when we are not root and cannot change. */
uid_t prepare_user(const struct config *config, enum role_id id);

/* That user's group; where there is no such user, the same number. */
gid_t prepare_group(uid_t uid);

/* Makes the role's own folders, and gives them to its user: also what `rendez init`, run as
 * root, has put there. */
MUST_USE enum status prepare_folders(const struct config *config, enum role_id id,
                                    struct problem *why);

/* Copies a secret (a file, or systemd's credential of that name) into memory that its role
 * gets at each start; *fd is -1 when there is none. */
MUST_USE enum status prepare_secret(const char *path, const char *credential, int *fd,
                                    struct problem *why);
/* The same for a password that rendez.conf speaks of: its file must be nobody else's. */
MUST_USE enum status prepare_password(const struct config *config, enum role_id id, int *fd,
                                      struct problem *why);

#endif
