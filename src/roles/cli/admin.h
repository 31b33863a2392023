#ifndef RENDEZ_ROLES_CLI_ADMIN_H
#define RENDEZ_ROLES_CLI_ADMIN_H

#include "roles/cli/cli.h"
#include "roles/directory/directory.h"

/* What the commands of administration share: "rendez person add …" is a table of verbs,
 * each with its own options beside --dir, --passphrase-file and --json. */
struct admin {
    const char *dir, *passphrase_file;
    int as_json;
    struct directory *directory;
    struct arena *arena; /* wiped at the end */
    struct problem why;
};

struct admin_verb {
    const char *name;
    int (*run)(struct admin *admin, int argc, char **argv); /* argv[0] is the verb */
};

/* Finds argv[1] in `verbs` (which ends with {0}) and runs it. */
int admin_run(int argc, char **argv, const struct admin_verb *verbs);

/* Options and exactly `operand_count` operands, in any order. Returns -1 to go on, else the
 * exit code. what: "one address is", for the message. */
int admin_options(int argc, char **argv, const struct cli_option *options, const char **operands,
                  int operand_count, const char *what);

/* Reads the verb's options (a table that ends with {0}, at most 20 rows), the shared ones
 * and the operands. Then opens the installation. Returns -1 to go
 * on with operand[0 … operand_count-1] filled, else the exit code. */
int admin_begin(struct admin *admin, int argc, char **argv, const struct cli_option *options,
                const char **operands, int operand_count, const char *what);

/* Prints what is wrong in one line; returns the exit code. */
int admin_fail(const struct admin *admin);

/* One fact a line on a terminal or, with --json, as JSON. Releases `object`. */
int admin_print(const struct admin *admin, json_t *object);

#define ADMIN_TRY(admin, call)                                                                     \
    do {                                                                                           \
        if ((call) != ST_OK)                                                                       \
            return admin_fail(admin);                                                              \
    } while (0)

#endif
