#ifndef RENDEZ_ROLES_CLI_RIGHTS_H
#define RENDEZ_ROLES_CLI_RIGHTS_H

#include "roles/cli/admin.h"
#include "roles/planner/privacy.h"

/* Verbs of `rendez person`; each takes one address. doc/privacy.md says what they reach. */
int rights_export(struct admin *admin, int argc, char **argv);
int rights_erase(struct admin *admin, int argc, char **argv);
int rights_stop(struct admin *admin, int argc, char **argv);
int rights_allow(struct admin *admin, int argc, char **argv);

/* The planner's own code with the keys in this process; planner_destroy it before the directory. */
MUST_USE enum status rights_open_planner(struct admin *admin, struct planner **out);

#endif
