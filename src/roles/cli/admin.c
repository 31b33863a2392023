#include "roles/cli/admin.h"

#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 24, ARENA_BYTES_MAX = 64 << 20 };

static int help(int argc, char **argv)
{
    const struct cli_option none[] = {{0}};
    int first, code = cli_options(argc, argv, none, &first);
    return code >= 0 ? code : cli_fail(EXIT_USAGE, "say what to do; see --help");
}

int admin_run(int argc, char **argv, const struct admin_verb *verbs)
{
    if (argc < 2 || argv[1][0] == '-')
        return help(argc, argv);
    for (; verbs->name != NULL; verbs++) {
        if (strcmp(verbs->name, argv[1]) != 0)
            continue;
        struct admin admin = {.arena = arena_create_wiped(ARENA_BYTES_MAX)};
        int code = verbs->run(&admin, argc - 1, argv + 1);
        directory_destroy(&admin.directory);
        arena_destroy(&admin.arena);
        return code;
    }
    return cli_fail(EXIT_USAGE, "no verb %s; see --help", argv[1]);
}

static const char *default_dir(void)
{
    const char *dir = getenv("RENDEZ_DIR");
    return dir != NULL && *dir != '\0' ? dir : ".";
}

/* Puts the shared options behind the verb's own. */
static void join_options(struct admin *admin, const struct cli_option *options,
                         struct cli_option *all)
{
    const struct cli_option shared[] = {
        {"dir", NULL, &admin->dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"passphrase-file", NULL, &admin->passphrase_file, "FILE",
         "passphrase of the root key (else as in rendez.conf)"},
        {"json", &admin->as_json, NULL, NULL, "print facts as JSON"},
    };
    size_t count = 0;
    for (; options[count].name != NULL && count + 4 < OPTIONS_MAX; count++)
        all[count] = options[count];
    memcpy(all + count, shared, sizeof shared);
}

int admin_options(int argc, char **argv, const struct cli_option *options, const char **operands,
                  int operand_count, const char *what)
{
    int taken = 0, first;
    while (argc > 1) {
        bool operand = argv[1][0] != '-' || argv[1][1] == '\0'; /* "-" is standard input */
        if (operand && taken < operand_count) {
            operands[taken++] = argv[1];
            argc--, argv++;
            continue;
        }
        if (operand)
            return cli_fail(EXIT_USAGE, "%s needed, nothing more; see --help", what);
        int code = cli_options(argc, argv, options, &first);
        if (code >= 0)
            return code;
        argc -= first - 1, argv += first - 1;
    }
    return taken == operand_count ? -1 : cli_fail(EXIT_USAGE, "%s needed; see --help", what);
}

int admin_begin(struct admin *admin, int argc, char **argv, const struct cli_option *options,
                const char **operands, int operand_count, const char *what)
{
    struct cli_option all[OPTIONS_MAX] = {{0}};
    join_options(admin, options, all);
    int code = admin_options(argc, argv, all, operands, operand_count, what);
    if (code >= 0)
        return code;
    const char *dir = admin->dir != NULL ? admin->dir : default_dir();
    if (directory_open(dir, admin->passphrase_file, &admin->directory, &admin->why) != ST_OK)
        return admin_fail(admin);
    return -1;
}

int admin_fail(const struct admin *admin)
{
    return cli_fail_problem(&admin->why);
}

static void print_member(const char *name, const json_t *value, int indent)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    if (json_is_string(value))
        printf("%*s%-20s %s\n", indent, "", name, json_string_value(value));
    else
        printf("%*s%-20s %.*s\n", indent, "", name, SLICE_ARG(json_write(value, arena)));
}

static void print_object(json_t *object, int indent)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (json_is_object(value)) {
            printf("%*s%s\n", indent, "", name);
            print_object(value, indent + 2);
        } else {
            print_member(name, value, indent);
        }
    }
}

int admin_print(const struct admin *admin, json_t *object)
{
    if (admin->as_json)
        cli_print_json(object);
    else
        print_object(object, 0);
    json_decref(object);
    return EXIT_YES;
}
