#ifndef RENDEZ_ROLES_CLI_ACCESS_COMMANDS_H
#define RENDEZ_ROLES_CLI_ACCESS_COMMANDS_H

#include "roles/cli/admin.h"
#include "roles/cli/table.h"

/* Verbs of `rendez access`. */
int access_matrix(struct admin *admin, int argc, char **argv);
int access_review(struct admin *admin, int argc, char **argv);

/* Asks authd's own code, with the keys in this process (roles/authd/authd.h); takes over `in`. *out
 * is a new reference. Returns -1 to go on, else the exit code. */
int access_ask(struct admin *admin, const char *command, json_t *in, json_t **out);
/* Members of an object as the cells of a row: "name" or "name/other", whichever is not empty. */
void access_add_row(struct cli_table *table, struct arena *arena, enum cli_tone tone,
                    const json_t *object, const char *const *members);
/* Sets a text member unless it is NULL. */
void access_set(json_t *object, const char *name, const char *text);
int access_print(const struct admin *admin, const struct cli_table *table, bool csv,
                 const json_t *object, const char *list);

#endif
