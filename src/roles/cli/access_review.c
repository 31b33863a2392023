/* Access reviews: begun, shown, decided on. */
#include <string.h>

#include "roles/cli/access_commands.h"

static enum cli_tone tone_of_review(const json_t *review)
{
    if (json_number(review, "overdue", 0) > 0)
        return TONE_BAD;
    return json_number(review, "open", 0) > 0 ? TONE_DOUBT : TONE_GOOD;
}

static int print_reviews(const struct admin *admin, const json_t *out, bool csv)
{
    static const char *const names[] = {"review", "organisation", "opened", "due", "items", "open",
                                        "overdue", "state"};
    static const char *const members[] = {"id", "organisation", "opened", "due", "items", "open",
                                          "overdue", "state"};
    struct cli_table table = {.names = names, .columns = sizeof names / sizeof *names};
    size_t i;
    json_t *review;
    json_array_foreach(json_object_get(out, "reviews"), i, review)
        access_add_row(&table, admin->arena, tone_of_review(review), review, members);
    return access_print(admin, &table, csv, out, "reviews");
}

static int list(struct admin *admin, int argc, char **argv)
{
    const char *organisation = NULL;
    int csv = 0;
    const struct cli_option options[] = {
        {"organisation", NULL, &organisation, "ID", "only those of one"},
        {"csv", &csv, NULL, NULL, "as CSV"},
        {0},
    };
    AUTO_JSON out = NULL;
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing else is");
    if (code >= 0)
        return code;
    json_t *in = json_object();
    access_set(in, "organisation", organisation);
    code = access_ask(admin, "review.list", in, &out);
    return code >= 0 ? code : print_reviews(admin, out, csv != 0);
}

/* Overdue: red, and removal is proposed; not used for long: proposed too. */
static enum cli_tone tone_of_item(const json_t *item)
{
    if (json_text(item, "reviewer").len == 0 ||
        slice_equal(json_text(item, "doubt"), LIT("overdue")))
        return TONE_BAD;
    if (json_text(item, "doubt").len > 0)
        return TONE_DOUBT;
    return slice_equal(json_text(item, "decision"), LIT("open")) ? TONE_PLAIN : TONE_GOOD;
}

/* "open, remove? (overdue)" */
static void set_proposal(json_t *item, struct arena *arena)
{
    struct slice decision = json_text(item, "decision"), doubt = json_text(item, "doubt");
    bool open = slice_equal(decision, LIT("open"));
    struct slice change = json_text(item, "change");
    struct slice text = decision;
    if (open && doubt.len > 0)
        text = arena_format(arena, "remove? (%.*s)", SLICE_ARG(doubt));
    else if (change.len > 0)
        text = arena_format(arena, "change to %.*s", SLICE_ARG(change));
    json_object_set_new(item, "shown", json_from_text(text));
}

static int show(struct admin *admin, int argc, char **argv)
{
    static const char *const names[] = {"item", "kind", "thing", "of", "function", "used", "reviewer",
                                        "due", "unused", "decision"};
    static const char *const members[] = {"id", "kind", "thing", "name/account", "function", "used",
                                          "reviewer_name/reviewer", "due", "unused", "shown"};
    const char *id;
    int csv = 0;
    const struct cli_option options[] = {{"csv", &csv, NULL, NULL, "as CSV"}, {0}};
    AUTO_JSON out = NULL;
    int code = admin_begin(admin, argc, argv, options, &id, 1, "one review is");
    if (code >= 0)
        return code;
    code = access_ask(admin, "review.show", json_pack("{s:s}", "id", id), &out);
    if (code >= 0)
        return code;
    struct cli_table table = {.names = names, .columns = sizeof names / sizeof *names};
    size_t i;
    json_t *item;
    if (!admin->as_json)
        json_array_foreach(json_object_get(out, "list"), i, item)
        {
            set_proposal(item, admin->arena);
            access_add_row(&table, admin->arena, tone_of_item(item), item, members);
        }
    return access_print(admin, &table, csv != 0, out, NULL);
}

static int print_plain(const struct admin *admin, const json_t *out, const char *list)
{
    size_t i;
    json_t *value;
    if (admin->as_json)
        cli_print_json(out);
    else
        json_array_foreach(json_object_get(out, list), i, value)
            printf("%s\n", json_string_value(value));
    return EXIT_YES;
}

static int start(struct admin *admin, int argc, char **argv)
{
    const char *organisation = NULL;
    const struct cli_option options[] = {
        {"organisation", NULL, &organisation, "ID", "of one (else of all that have none open)"},
        {0},
    };
    AUTO_JSON out = NULL;
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing else is");
    if (code >= 0)
        return code;
    json_t *in = json_object();
    access_set(in, "organisation", organisation);
    code = access_ask(admin, "review.start", in, &out);
    return code >= 0 ? code : print_plain(admin, out, "begun");
}

static int run(struct admin *admin, int argc, char **argv)
{
    const struct cli_option options[] = {{0}};
    AUTO_JSON out = NULL;
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing else is");
    if (code >= 0)
        return code;
    code = access_ask(admin, "review.run", json_object(), &out);
    return code >= 0 ? code : admin_print(admin, json_incref(out));
}

static int decide(struct admin *admin, int argc, char **argv)
{
    const char *as = NULL, *function = NULL, *note = NULL, *operands[3];
    const struct cli_option options[] = {
        {"as", NULL, &as, "WHO", "the reviewer: id or address"},
        {"function", NULL, &function, "F", "change: to what"},
        {"note", NULL, &note, "TEXT", "why"},
        {0},
    };
    AUTO_JSON out = NULL;
    int code = admin_begin(admin, argc, argv, options, operands, 3,
                           "a review, an item and keep, remove or change are");
    if (code >= 0)
        return code;
    if (as == NULL)
        return cli_fail(EXIT_USAGE, "--as is needed: the id or address of the reviewer");
    json_t *in = json_pack("{s:s, s:s, s:s}", "id", operands[0], "item", operands[1], "decision",
                           operands[2]);
    access_set(in, "as", as);
    access_set(in, "function", function);
    access_set(in, "note", note);
    code = access_ask(admin, "review.decide", in, &out);
    return code >= 0 ? code : EXIT_YES;
}

int access_review(struct admin *admin, int argc, char **argv)
{
    static const struct admin_verb verbs[] = {
        {"start", start}, {"list", list}, {"show", show}, {"decide", decide}, {"run", run},
        {NULL, NULL},
    };
    for (const struct admin_verb *verb = verbs; argc > 1 && verb->name != NULL; verb++)
        if (strcmp(verb->name, argv[1]) == 0)
            return verb->run(admin, argc - 1, argv + 1);
    return cli_fail(EXIT_USAGE, "review start, list, show, decide or run; see --help");
}
