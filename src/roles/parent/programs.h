#ifndef RENDEZ_ROLES_PROGRAMS_H
#define RENDEZ_ROLES_PROGRAMS_H

#include "roles/messages/roles.h"

/* Every role is a program of its own, rendez-NAME, so that a process contains only what its
 * role uses. They lie beside rendezd (build tree) or in ../libexec/rendez (installed). */

/* Opens a role's program for spawn_role (O_PATH, close on exec). Whatever replaces the file
 * later, this descriptor stays what it was, so that roles started anew match the parent.
 *   rendezd  path of rendezd, from whose folder they are looked for
 * ST_NOT_FOUND  in none of the places */
MUST_USE enum status program_open(const char *rendezd, enum role_id id, int *fd,
                                  struct problem *why);

/* The same for the rendezd that is running. */
MUST_USE enum status program_open_own(enum role_id id, int *fd, struct problem *why);

/* Opens the folder of the built pages, api's or the console's: `configured` if that is not empty, else where they
 * are installed, else in the source tree of a program that runs from its build folder.
 * ST_NOT_FOUND  there is none */
MUST_USE enum status pages_open(enum role_id id, struct slice configured, int *fd, struct problem *why);

#endif
