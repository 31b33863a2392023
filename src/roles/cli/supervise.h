#ifndef RENDEZ_ROLES_CLI_SUPERVISE_H
#define RENDEZ_ROLES_CLI_SUPERVISE_H

#include "roles/cli/admin.h"

/* Verbs of `rendez supervise` that tell what is learnt. */
int supervise_stats(struct admin *admin, int argc, char **argv);
int supervise_lessons(struct admin *admin, int argc, char **argv);
int supervise_words(struct admin *admin, int argc, char **argv);

/* Of the room: its door, its devices. */
int supervise_door(struct admin *admin, int argc, char **argv);
int supervise_devices(struct admin *admin, int argc, char **argv);
/* Somebody's badge from now on; empty: none. */
MUST_USE enum status supervise_badge(struct admin *admin, struct slice account, struct slice number);

#endif
