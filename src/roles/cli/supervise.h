#ifndef RENDEZ_ROLES_CLI_SUPERVISE_H
#define RENDEZ_ROLES_CLI_SUPERVISE_H

#include "roles/cli/admin.h"

/* Verbs of `rendez supervise` that tell what is learnt. */
int supervise_stats(struct admin *admin, int argc, char **argv);
int supervise_lessons(struct admin *admin, int argc, char **argv);
int supervise_words(struct admin *admin, int argc, char **argv);

#endif
