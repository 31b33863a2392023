#include "roles/cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTIONS_MAX = 32, LINE_BYTES_MAX = 32 * 1024 * 1024, OUT_BLOCK_BYTES = 64 * 1024 };

static const struct cli_command *running;

const struct cli_command cli_commands[] = {
#define COMMAND(name, function, synopsis, summary) {name, function, synopsis, summary},
#include "roles/cli/commands.def"
#undef COMMAND
    {NULL, NULL, NULL, NULL},
};
const size_t cli_command_count = sizeof cli_commands / sizeof *cli_commands - 1;

int cli_fail(enum exit_code code, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "rendez%s%s: ", running == NULL ? "" : " ", running == NULL ? "" : running->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return (int)code;
}

int cli_fail_problem(const struct problem *why)
{
    bool environment = why->status == ST_NOT_FOUND || why->status == ST_DENIED ||
                       why->status == ST_UNAVAILABLE;
    return cli_fail(environment ? EXIT_ENVIRONMENT : EXIT_NO, "%s", why->detail);
}

static void print_help(const struct cli_option *options)
{
    printf("rendez %s %s\n%s\n", running->name, running->synopsis, running->summary);
    for (const struct cli_option *o = options; o->name != NULL; o++) {
        char left[48];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->argument == NULL ? "" : " ",
                 o->argument == NULL ? "" : o->argument);
        printf("  %-24s %s\n", left, o->help);
    }
    printf("  %-24s %s\n", "--help", "this text; the manual is rendez(1)");
}

int cli_options(int argc, char **argv, const struct cli_option *options, int *first)
{
    struct option longs[OPTIONS_MAX + 2] = {{0}};
    size_t count = 0;
    for (; options[count].name != NULL && count < OPTIONS_MAX; count++)
        longs[count] = (struct option){options[count].name,
                                       options[count].value != NULL ? required_argument : no_argument,
                                       NULL, (int)count + 1};
    longs[count] = (struct option){"help", no_argument, NULL, OPTIONS_MAX + 1};
    opterr = 0;
    optind = 0; /* glibc: start afresh */
    for (int got; (got = getopt_long(argc, argv, "+", longs, NULL)) != -1;) {
        if (got == OPTIONS_MAX + 1) {
            print_help(options);
            return EXIT_YES;
        }
        if (got == '?' || got < 1 || (size_t)got > count)
            return cli_fail(EXIT_USAGE, "unknown or incomplete option %s; see --help",
                            argv[optind - 1]);
        const struct cli_option *option = &options[got - 1];
        if (option->value != NULL)
            *option->value = optarg;
        else
            *option->flag = 1;
    }
    *first = optind;
    return -1;
}

void cli_print_json(const json_t *value)
{
    AUTO_ARENA arena = arena_create((size_t)256 << 20);
    struct slice text = json_write(value, arena);
    printf("%.*s\n", SLICE_ARG(text));
}

int cli_each_line(cli_line_fn *each, void *context)
{
    char *line = NULL;
    size_t capacity = 0;
    unsigned long number = 0;
    int code = EXIT_YES;
    for (ssize_t len; (len = getline(&line, &capacity, stdin)) >= 0;) {
        struct slice text = slice_trim((struct slice){line, (size_t)len});
        AUTO_JSON value = NULL;
        struct problem why;
        number++;
        if (text.len == 0)
            continue;
        if (text.len > LINE_BYTES_MAX) {
            code = cli_fail(EXIT_NO, "line %lu is longer than %d bytes", number, LINE_BYTES_MAX);
        } else if (json_read(text, &value, &why) != ST_OK) {
            code = cli_fail(EXIT_NO, "line %lu: %s", number, why.detail);
        } else {
            AUTO_ARENA arena = arena_create((size_t)512 << 20);
            each(value, arena, context);
        }
    }
    free(line);
    return code;
}

static void write_out(struct buffer *out)
{
    fwrite(out->data, 1, out->len, stdout);
    buffer_clear(out);
}

int cli_each_members(struct json_member *members, size_t count, cli_members_fn *each, void *context)
{
    AUTO_ARENA arena = arena_create((size_t)512 << 20);
    AUTO_BUFFER out = buffer_create((size_t)512 << 20);
    const size_t block = isatty(STDOUT_FILENO) ? 1 : OUT_BLOCK_BYTES;
    char *line = NULL;
    size_t capacity = 0;
    unsigned long number = 0;
    int code = EXIT_YES;
    for (ssize_t len; (len = getline(&line, &capacity, stdin)) >= 0; arena_clear(arena)) {
        struct slice text = slice_trim((struct slice){line, (size_t)len});
        struct problem why;
        number++;
        if (text.len == 0)
            continue;
        if (text.len > LINE_BYTES_MAX)
            code = cli_fail(EXIT_NO, "line %lu is longer than %d bytes", number, LINE_BYTES_MAX);
        else if (json_members(text, members, count, arena, &why) != ST_OK)
            code = cli_fail(EXIT_NO, "line %lu: %s", number, why.detail);
        else
            each(members, arena, &out, context);
        if (out.len >= block)
            write_out(&out);
    }
    if (out.len > 0)
        write_out(&out);
    free(line);
    return code;
}

static int print_overview(FILE *out)
{
    fprintf(out, "rendez " RENDEZ_VERSION ": organises meetings by e-mail\n\n"
                 "usage: rendez COMMAND …\n\n");
    for (size_t i = 0; i < cli_command_count; i++)
        fprintf(out, "  %-14s %s\n", cli_commands[i].name, cli_commands[i].summary);
    fprintf(out, "\nrendez COMMAND --help tells more; rendez --version prints the version.\n");
    return out == stdout ? EXIT_YES : EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return print_overview(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return print_overview(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        printf("rendez " RENDEZ_VERSION "\n");
        return EXIT_YES;
    }
    for (size_t i = 0; i < cli_command_count; i++)
        if (strcmp(argv[1], cli_commands[i].name) == 0) {
            running = &cli_commands[i];
            return running->run(argc - 1, argv + 1);
        }
    return cli_fail(EXIT_USAGE, "no command %s; see rendez --help", argv[1]);
}
