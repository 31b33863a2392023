/* rendez scim: what a client's directory keeps here, and which functions its groups give. */
#include <string.h>

#include "roles/cli/access_commands.h"

static int groups(struct admin *admin, int argc, char **argv)
{
    static const char *const names[] = {"GROUP", "NAME", "MEMBERS", "FUNCTION"};
    static const char *const members[] = {"id", "name", "members", "function"};
    const char *organisation;
    const struct cli_option options[] = {{0}};
    int code = admin_begin(admin, argc, argv, options, &organisation, 1, "one organisation is");
    if (code >= 0)
        return code;
    AUTO_JSON out = NULL;
    struct cli_table table = {.names = names, .columns = sizeof names / sizeof *names};
    code = access_ask(admin, "scim.groups", json_pack("{s:s}", "organisation", organisation), &out);
    if (code >= 0)
        return code;
    size_t i;
    json_t *group;
    json_array_foreach(json_object_get(out, "groups"), i, group)
        access_add_row(&table, admin->arena, TONE_PLAIN, group, members);
    return access_print(admin, &table, false, out, "groups");
}

static int function(struct admin *admin, int argc, char **argv)
{
    const char *operands[3];
    const struct cli_option options[] = {{0}};
    int code = admin_begin(admin, argc, argv, options, operands, 3,
                           "an organisation, a group's id and a function (or none) are");
    if (code >= 0)
        return code;
    AUTO_JSON out = NULL;
    const char *name = strcmp(operands[2], "none") == 0 ? "" : operands[2];
    code = access_ask(admin, "scim.function",
                      json_pack("{s:s, s:s, s:s}", "organisation", operands[0], "group",
                                operands[1], "function", name),
                      &out);
    return code >= 0 ? code : EXIT_YES;
}

int cmd_scim(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {{"groups", groups}, {"function", function}, {0}};
    return admin_run(argc, argv, verbs);
}
