/* The accesses of an installation: raises and break-glass. Reviews are in access_review.c. */
#include <string.h>

#include "roles/cli/access_commands.h"
#include "roles/cli/registry.h"

/* What the verbs share */

int access_ask(struct admin *admin, const char *command, json_t *in, json_t **out)
{
    AUTO_REGISTRY registry = NULL;
    AUTO_JSON question = in; /* released also when there is nobody to ask */
    ADMIN_TRY(admin, registry_open(admin, &registry));
    enum status status = registry_ask(admin, registry, command, json_incref(question), out);
    if (status == ST_OK)
        return -1;
    return status == ST_DENIED ? cli_fail(EXIT_NO, "%s", admin->why.detail) : admin_fail(admin);
}

void access_set(json_t *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, name, json_from_text(slice_from(text)));
}

static struct slice cell_of(const json_t *object, struct slice names, struct arena *arena)
{
    while (names.len > 0) {
        size_t slash = slice_find(names, LIT("/"), 0);
        struct slice name = slice_sub(names, 0, slash);
        const json_t *value = json_object_get(object, arena_text(arena, name));
        if (json_is_string(value) && json_string_length(value) > 0)
            return slice_from(json_string_value(value));
        if (json_is_integer(value))
            return arena_format(arena, "%lld", (long long)json_integer_value(value));
        names = slash == SIZE_MAX ? SLICE_NONE : slice_sub(names, slash + 1, names.len);
    }
    return SLICE_NONE;
}

void access_add_row(struct cli_table *table, struct arena *arena, enum cli_tone tone,
                    const json_t *object, const char *const *members)
{
    struct slice *cells = ARENA_ARRAY(arena, table->columns, struct slice);
    for (size_t i = 0; i < table->columns; i++)
        cells[i] = cell_of(object, slice_from(members[i]), arena);
    cli_table_add(table, arena, tone, cells);
}

int access_print(const struct admin *admin, const struct cli_table *table, bool csv,
                 const json_t *object, const char *list)
{
    if (admin->as_json)
        cli_print_json(list == NULL ? object : json_object_get(object, list));
    else
        cli_table_print(table, csv ? FORM_CSV : FORM_TEXT);
    return EXIT_YES;
}

/* The verbs */

static enum cli_tone tone_of(const json_t *grant)
{
    struct slice state = json_text(grant, "state");
    if (slice_equal(state, LIT("asked")))
        return TONE_DOUBT;
    if (slice_equal(state, LIT("active")))
        return slice_equal(json_text(grant, "cause"), LIT("break_glass")) ? TONE_BAD : TONE_GOOD;
    return TONE_PLAIN;
}

static int list(struct admin *admin, int argc, char **argv)
{
    static const char *const names[] = {"id", "who", "right", "in", "reason", "approver", "until",
                                        "state"};
    static const char *const members[] = {"id", "name/account", "right/cause", "target", "reason",
                                          "approver/approved_by", "until", "state"};
    const char *organisation = NULL, *days = NULL;
    int csv = 0;
    const struct cli_option options[] = {
        {"organisation", NULL, &organisation, "ID", "only those of one, or in it"},
        {"days", NULL, &days, "N", "asked in the last N days (30)"},
        {"csv", &csv, NULL, NULL, "as CSV"},
        {0},
    };
    uint64_t back = 30;
    AUTO_JSON out = NULL;
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing else is");
    if (code >= 0)
        return code;
    if (days != NULL && !slice_to_u64(slice_from(days), 36500, &back))
        return cli_fail(EXIT_USAGE, "--days: a number of days is needed");
    json_t *in = json_pack("{s:I}", "days", (json_int_t)back);
    access_set(in, "organisation", organisation);
    code = access_ask(admin, "raise.list", in, &out);
    if (code >= 0)
        return code;
    struct cli_table table = {.names = names, .columns = sizeof names / sizeof *names};
    size_t i;
    json_t *grant;
    json_array_foreach(json_object_get(out, "raises"), i, grant)
        access_add_row(&table, admin->arena, tone_of(grant), grant, members);
    return access_print(admin, &table, csv != 0, out, "raises");
}

/* Prints the one member that matters, or with --json all. */
static int say(struct admin *admin, const char *command, json_t *in, const char *member)
{
    AUTO_JSON out = NULL;
    int code = access_ask(admin, command, in, &out);
    if (code >= 0)
        return code;
    if (admin->as_json)
        cli_print_json(out);
    else if (member != NULL)
        printf("%s\n", json_string_value(json_object_get(out, member)));
    return EXIT_YES;
}

static int no_person(void)
{
    return cli_fail(EXIT_USAGE, "--as is needed: the id or address of whoever does this");
}

static int raise(struct admin *admin, int argc, char **argv)
{
    const char *as = NULL, *reason = NULL, *minutes = "60", *target = NULL, *right;
    const struct cli_option options[] = {
        {"as", NULL, &as, "WHO", "who asks: id or address"},
        {"reason", NULL, &reason, "TEXT", "why"},
        {"minutes", NULL, &minutes, "N", "for how long, at most 480 (60)"},
        {"organisation", NULL, &target, "ID", "only in this one"},
        {0},
    };
    uint64_t wanted;
    int code = admin_begin(admin, argc, argv, options, &right, 1, "one right is");
    if (code >= 0)
        return code;
    if (as == NULL)
        return no_person();
    if (!slice_to_u64(slice_from(minutes), 100000, &wanted))
        return cli_fail(EXIT_USAGE, "--minutes: a number is needed");
    json_t *in = json_pack("{s:s, s:I}", "right", right, "minutes", (json_int_t)wanted);
    access_set(in, "as", as);
    access_set(in, "reason", reason);
    access_set(in, "target", target);
    return say(admin, "raise.ask", in, "id");
}

static int break_glass(struct admin *admin, int argc, char **argv)
{
    const char *as = NULL, *reason = NULL, *organisation;
    const struct cli_option options[] = {
        {"as", NULL, &as, "WHO", "which operator asks: id or address"},
        {"reason", NULL, &reason, "TEXT", "why"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &organisation, 1, "one organisation is");
    if (code >= 0)
        return code;
    if (as == NULL)
        return no_person();
    json_t *in = json_object();
    access_set(in, "organisation", organisation);
    access_set(in, "as", as);
    access_set(in, "reason", reason);
    return say(admin, "glass.ask", in, "id");
}

/* Of a raise or a break-glass, whichever has the id. */
static int act_on(struct admin *admin, int argc, char **argv, const char *command)
{
    const char *as = NULL, *id;
    const struct cli_option options[] = {
        {"as", NULL, &as, "WHO", "who does it: id or address"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &id, 1, "one id is");
    if (code >= 0)
        return code;
    if (as == NULL)
        return no_person();
    json_t *in = json_object();
    access_set(in, "id", id);
    access_set(in, "as", as);
    return say(admin, command, in, strcmp(command, "raise.approve") == 0 ? "until" : NULL);
}

static int approve(struct admin *admin, int argc, char **argv)
{
    return act_on(admin, argc, argv, "raise.approve");
}

static int end(struct admin *admin, int argc, char **argv)
{
    return act_on(admin, argc, argv, "raise.end");
}

int cmd_access(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {
        {"list", list},       {"raise", raise},   {"approve", approve},
        {"end", end},         {"break-glass", break_glass},
        {"review", access_review}, {"matrix", access_matrix}, {NULL, NULL},
    };
    return admin_run(argc, argv, verbs);
}
