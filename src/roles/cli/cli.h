#ifndef RENDEZ_ROLES_CLI_H
#define RENDEZ_ROLES_CLI_H

#include <getopt.h>
#include <stdio.h>

#include "formats/json/json.h"

/* The frame of the `rendez` program: one table of commands (commands.def), one file
 * cmd_NAME.c each. */

enum exit_code {
    EXIT_YES = 0,
    EXIT_NO = 1,          /* the answer is no */
    EXIT_USAGE = 2,       /* the command line is wrong */
    EXIT_ENVIRONMENT = 3, /* a file, a service, a permission */
};

struct cli_command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
    const char *synopsis;              /* "[--json] FILE.eml" */
    const char *summary;               /* one line */
};
extern const struct cli_command cli_commands[];
extern const size_t cli_command_count;

#define COMMAND(name, function, synopsis, summary) int function(int argc, char **argv);
#include "roles/cli/commands.def"
#undef COMMAND

/* Prints "rendez NAME: TEXT" to stderr in one line and returns `code`. */
int cli_fail(enum exit_code code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same from a problem: NOT_FOUND, DENIED and UNAVAILABLE give EXIT_ENVIRONMENT,
 * the rest EXIT_NO. */
int cli_fail_problem(const struct problem *why);

/* Options: a table ends with {0}; *flag gets 1, *value gets the argument. Handles --help
 * (prints the command's help, exit 0) and unknown options (one line, exit 2). Returns
 * -1 to go on, with *first the index of the first operand; else the exit code. */
struct cli_option {
    const char *name;     /* without "--" */
    int *flag;            /* for an option without argument */
    const char **value;   /* for one with */
    const char *argument; /* its name in the help, "ZONE" */
    const char *help;
};
int cli_options(int argc, char **argv, const struct cli_option *options, int *first);

/* Asks the service of an installation that runs (a byte of CONFIG_ASK_…) and prints its answer.
 *   dir  NULL: $RENDEZ_DIR, else here */
int cli_ask_service(const char *dir, char command);
/* The same for a caller who goes on.
 * ST_NOT_FOUND  no service runs there;  ST_CONFLICT, ST_UNAVAILABLE  it says why not */
MUST_USE enum status cli_ask(const char *dir, char command, struct arena *arena, struct slice *answer,
                             struct problem *why);
const char *cli_dir_or_default(const char *dir);

/* One JSON value a line on stdout. */
void cli_print_json(const json_t *value);

/* Calls `each` for every line of stdin that is a JSON object; a bad line is reported on
 * stderr with its number and makes the exit code EXIT_NO at the end. */
typedef void cli_line_fn(const json_t *object, struct arena *arena, void *context);
int cli_each_line(cli_line_fn *each, void *context);

/* The same for a few members of each line, without a tree; `each` appends its answer to `out`,
 * which is written in blocks. */
typedef void cli_members_fn(const struct json_member *members, struct arena *arena,
                            struct buffer *out, void *context);
int cli_each_members(struct json_member *members, size_t count, cli_members_fn *each,
                     void *context);

#endif
