/* rendez account: who may sign in. doc/identity.md */
#include <string.h>

#include "roles/cli/registry.h"
#include "roles/cli/table.h"

enum { WORDS_MAX = 16 };

static int run_and_print(struct admin *admin, struct registry *registry, const char *command, json_t *in)
{
    json_t *out;
    ADMIN_TRY(admin, registry_ask(admin, registry, command, in, &out));
    return admin_print(admin, out);
}

/* "Nora Keller <nora@acme.example>", or an address with --name. */
static void split_mailbox(const char *text, struct slice *name, struct slice *address)
{
    struct slice whole = slice_trim(slice_from(text));
    size_t open = slice_find(whole, LIT("<"), 0);
    *address = whole;
    if (open == SIZE_MAX || !slice_ends(whole, LIT(">")))
        return;
    *address = slice_sub(whole, open + 1, whole.len - 1);
    if (name->len == 0)
        *name = slice_trim(slice_sub(whole, 0, open));
}

struct add_words {
    const char *organisation, *kind, *name, *function, *language, *owner, *until;
    int silent;
};

/* "2027-03-31": the account ends when that day ends, in UTC. */
static enum status read_until(struct admin *admin, const char *text, int64_t *us)
{
    struct instant start;
    *us = 0;
    if (text == NULL)
        return ST_OK;
    struct slice iso = arena_format(admin->arena, "%sT00:00:00Z", text);
    if (instant_parse(iso, &start, NULL, NULL) != ST_OK)
        return problem_set(&admin->why, ST_INVALID, "--until: a day like 2027-03-31 is needed");
    *us = start.us + DAY_US;
    return ST_OK;
}

/* Of the directory; or, of another kind, one that is authd's alone. */
static enum status find_organisation(struct admin *admin, struct registry *registry,
                                     const struct add_words *words, struct slice *id)
{
    json_t *out;
    if (words->kind == NULL || strcmp(words->kind, "client") == 0)
        return registry_organisation(admin, registry, slice_from(words->organisation), id);
    if (words->organisation == NULL)
        return problem_set(&admin->why, ST_INVALID, "--organisation: an id is needed, like operators");
    *id = slice_from(words->organisation);
    TRY(registry_ask(admin, registry, "organisation.add",
            json_pack("{s:s, s:s}", "id", words->organisation, "kind", words->kind), &out));
    json_decref(out);
    return ST_OK;
}

/* Whom the assistant knows already has an account under the same id. */
static struct slice known_person(struct admin *admin, struct slice address)
{
    struct person person;
    struct problem none;
    if (directory_find_person(admin->directory, address, admin->arena, &person, &none) != ST_OK)
        return SLICE_NONE;
    return person.id;
}

static int add(struct admin *admin, int argc, char **argv)
{
    struct add_words w = {.function = "organizer", .language = "fr"};
    const char *who = NULL;
    AUTO_REGISTRY registry = NULL;
    struct slice organisation, name, address = SLICE_NONE;
    int64_t until_us;
    const struct cli_option options[] = {
        {"organisation", NULL, &w.organisation, "ID", "which one (else the only one)"},
        {"kind", NULL, &w.kind, "K", "of the organisation: client (default), processor, operator"},
        {"name", NULL, &w.name, "NAME", "of the person"},
        {"function", NULL, &w.function, "F", "organizer (default), administrator, auditor, supervisor, …"},
        {"language", NULL, &w.language, "L", "fr (default) or en"},
        {"owner", NULL, &w.owner, "ID", "a service account: the person who answers for it"},
        {"until", NULL, &w.until, "DAY", "the last day of the account"},
        {"no-mail", &w.silent, NULL, NULL, "no invitation yet"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &who, 1, "one person, or the name of a service account, is");
    if (code >= 0)
        return code;
    name = slice_from(w.name);
    if (w.owner == NULL)
        split_mailbox(who, &name, &address);
    else
        name = slice_from(who);
    ADMIN_TRY(admin, read_until(admin, w.until, &until_us));
    ADMIN_TRY(admin, registry_open(admin, &registry));
    ADMIN_TRY(admin, find_organisation(admin, registry, &w, &organisation));
    return run_and_print(
        admin, registry, "account.add",
        json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:I, s:b}", "organisation",
                  json_from_text(organisation), "name", json_from_text(name), "address",
                  json_from_text(address), "person", json_from_text(known_person(admin, address)),
                  "language", w.language, "function", w.owner != NULL ? "service" : w.function, "owner",
                  w.owner == NULL ? "" : w.owner, "ends_us", (json_int_t)until_us, "invite", !w.silent));
}

static struct slice join(const json_t *list, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(4096);
    for (size_t i = 0; i < json_array_size(list); i++)
        buffer_add_format(&out, "%s%s", i == 0 ? "" : ",", json_string_value(json_array_get(list, i)));
    return arena_copy(arena, buffer_slice(&out));
}

/* Rows of a list, by the members that `names` gives. */
static int print_list(struct admin *admin, json_t *answer, const char *member, const char *const *names,
                      size_t columns)
{
    AUTO_JSON out = answer;
    const json_t *list = json_object_get(out, member);
    struct cli_table table = {.names = names, .columns = columns};
    struct slice cells[WORDS_MAX];
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        for (size_t k = 0; k < columns; k++) {
            const json_t *cell = json_object_get(row, names[k]);
            cells[k] = json_is_array(cell) ? join(cell, admin->arena) : json_text(row, names[k]);
        }
        cli_table_add(&table, admin->arena, TONE_PLAIN, cells);
    }
    cli_table_print(&table, admin->as_json ? FORM_JSON : FORM_TEXT);
    return EXIT_YES;
}
#define PRINT_LIST(admin, answer, member, ...)                                                     \
    print_list((admin), (answer), (member), (const char *const[]){__VA_ARGS__},                    \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static int list(struct admin *admin, int argc, char **argv)
{
    const char *organisation = "";
    AUTO_REGISTRY registry = NULL;
    json_t *out;
    const struct cli_option options[] = {
        {"organisation", NULL, &organisation, "ID", "of this one only"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, &registry));
    ADMIN_TRY(admin, registry_ask(admin, registry, "account.list", json_pack("{s:s}", "organisation", organisation), &out));
    return PRINT_LIST(admin, out, "people", "id", "organisation", "kind", "name", "address", "function",
                      "state", "factors", "created", "ends", "ended");
}

/* Verbs about one account, with nothing besides. */
static int about_one(struct admin *admin, int argc, char **argv, const char *command)
{
    const char *who = NULL;
    AUTO_REGISTRY registry = NULL;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, &who, 1,
                           "one account, by id or address, is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, &registry));
    return run_and_print(admin, registry, command, json_pack("{s:s}", "account", who));
}

static int invite(struct admin *admin, int argc, char **argv)
{
    return about_one(admin, argc, argv, "account.invite");
}

static int show(struct admin *admin, int argc, char **argv)
{
    return about_one(admin, argc, argv, "account.show");
}

static int end(struct admin *admin, int argc, char **argv)
{
    return about_one(admin, argc, argv, "account.end");
}

static int function(struct admin *admin, int argc, char **argv)
{
    const char *operands[2] = {NULL, NULL};
    AUTO_REGISTRY registry = NULL;
    int code = admin_begin(admin, argc, argv, (const struct cli_option[]){{0}}, operands, 2,
                           "an account and a function are");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, &registry));
    return run_and_print(admin, registry, "account.function",
                         json_pack("{s:s, s:s}", "account", operands[0], "function", operands[1]));
}

static int sessions(struct admin *admin, int argc, char **argv)
{
    const char *who = NULL, *one = "";
    int all = 0;
    AUTO_REGISTRY registry = NULL;
    json_t *out;
    const struct cli_option options[] = {
        {"end", NULL, &one, "ID", "end this one"},
        {"end-all", &all, NULL, NULL, "end all of them"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &who, 1, "one account, by id or address, is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, registry_open(admin, &registry));
    ADMIN_TRY(admin, registry_ask(admin, registry, "account.sessions",
                         json_pack("{s:s, s:s, s:b}", "account", who, "id", one, "end_all", all), &out));
    return PRINT_LIST(admin, out, "sessions", "id", "kind", "factor", "begun", "seen", "ends", "address", "agent");
}

static json_t *scopes_json(struct admin *admin, const char *text)
{
    json_t *list = json_array();
    struct slice rest = slice_from(text);
    while (rest.len > 0) {
        size_t comma = slice_find(rest, LIT(","), 0);
        json_array_append_new(list, json_from_text(slice_trim(slice_sub(rest, 0, comma))));
        rest = comma == SIZE_MAX ? SLICE_NONE : slice_sub(rest, comma + 1, rest.len);
    }
    (void)admin;
    return list;
}

static int tokens(struct admin *admin, int argc, char **argv)
{
    const char *who = NULL, *one = "", *name = NULL, *scopes = "", *days = "90";
    int all = 0;
    uint64_t count = 0;
    AUTO_REGISTRY registry = NULL;
    json_t *out;
    const struct cli_option options[] = {
        {"make", NULL, &name, "NAME", "make one; it is shown this once"},
        {"scopes", NULL, &scopes, "S,S", "what for: meetings, evidence, scim"},
        {"days", NULL, &days, "N", "how long (90; at most 366)"},
        {"end", NULL, &one, "ID", "end this one"},
        {"end-all", &all, NULL, NULL, "end all of them"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &who, 1, "one account, by id or address, is");
    if (code >= 0)
        return code;
    if (!slice_to_u64(slice_from(days), 366, &count)) {
        problem_set(&admin->why, ST_INVALID, "--days: a number up to 366 is needed");
        return admin_fail(admin);
    }
    ADMIN_TRY(admin, registry_open(admin, &registry));
    if (name != NULL)
        return run_and_print(admin, registry, "token.make",
                             json_pack("{s:s, s:s, s:o, s:I}", "account", who, "name", name, "scopes",
                                       scopes_json(admin, scopes), "days", (json_int_t)count));
    ADMIN_TRY(admin, registry_ask(admin, registry, "account.tokens",
                         json_pack("{s:s, s:s, s:b}", "account", who, "id", one, "end_all", all), &out));
    return PRINT_LIST(admin, out, "tokens", "id", "name", "scopes", "made", "used", "ends");
}

int cmd_account(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {
        {"add", add},           {"invite", invite},     {"reset", invite}, {"list", list},
        {"show", show},         {"function", function}, {"end", end},      {"sessions", sessions},
        {"tokens", tokens},     {0},
    };
    return admin_run(argc, argv, verbs);
}
