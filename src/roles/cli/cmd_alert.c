/* rendez alert: what has gone wrong within the service, and who looks after it (doc/operations.md). */
#include <string.h>

#include "roles/cli/admin.h"
#include "roles/cli/service_desk.h"
#include "roles/cli/table.h"

enum { PATIENCE_MS = 10 * 1000, TABLE_BYTES_MAX = 16 << 20 };

struct wish {
    const char *dir;
    int as_json, french;
};

static enum status ask(struct admin *admin, const struct wish *wish, const char *what, const char *id, json_t **answer)
{
    json_t *question = json_object();
    json_object_set_new(question, "ask", json_string(what));
    if (id != NULL)
        json_object_set_new(question, "id", json_string(id));
    return service_ask(wish->dir, "logd", question, PATIENCE_MS, NULL, NULL, answer, &admin->why);
}

static enum cli_tone tone_of(struct slice state)
{
    if (slice_equal(state, LIT("ended")))
        return TONE_GOOD;
    return slice_equal(state, LIT("acknowledged")) ? TONE_DOUBT : TONE_BAD;
}

/* True: nobody has to look after it. */
static bool add_row(struct cli_table *table, struct arena *arena, const json_t *alert, const char *language)
{
    const json_t *words = json_object_get(alert, "words");
    struct slice state = json_text(alert, "state");
    struct slice cause = json_text(words, json_object_get(words, "cause") != NULL ? "cause" : "problem");
    CLI_ROW(table, arena, tone_of(state), json_text(alert, "id"), state, json_text(alert, "role"),
            json_text(alert, "kind"), arena_format(arena, "%lld", (long long)json_number(alert, "count", 0)),
            json_text(alert, "last"), json_text(alert, language), cause);
    return tone_of(state) != TONE_BAD;
}

static int alert_list(struct admin *admin, const struct wish *wish, const char *id)
{
    static const char *const names[] = {"alert", "state", "role", "event", "count", "last", "says", "cause"};
    struct cli_table table = {.names = names, .columns = sizeof names / sizeof *names};
    AUTO_JSON answer = NULL;
    bool good = true;
    (void)id;
    if (ask(admin, wish, "alert.list", NULL, &answer) != ST_OK)
        return admin_fail(admin);
    const json_t *alerts = json_object_get(answer, "alerts");
    for (size_t i = 0; i < json_array_size(alerts); i++)
        good = add_row(&table, admin->arena, json_array_get(alerts, i), wish->french ? "fr" : "en") && good;
    cli_table_print(&table, wish->as_json ? FORM_JSON : FORM_TEXT);
    return good ? EXIT_YES : EXIT_NO;
}

static int alert_acknowledge(struct admin *admin, const struct wish *wish, const char *id)
{
    return ask(admin, wish, "alert.acknowledge", id, NULL) == ST_OK ? EXIT_YES : admin_fail(admin);
}

static int alert_end(struct admin *admin, const struct wish *wish, const char *id)
{
    return ask(admin, wish, "alert.end", id, NULL) == ST_OK ? EXIT_YES : admin_fail(admin);
}

static const struct verb {
    const char *name;
    int (*run)(struct admin *, const struct wish *, const char *id);
    bool of_one;
} verbs[] = {
    {"list", alert_list, false},
    {"acknowledge", alert_acknowledge, true},
    {"end", alert_end, true},
};

static int run_verb(const struct verb *verb, int argc, char **argv)
{
    struct wish wish = {0};
    const struct cli_option options[] = {
        {"dir", NULL, &wish.dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"json", &wish.as_json, NULL, NULL, "list: as JSON"},
        {"fr", &wish.french, NULL, NULL, "list: in French"},
        {0},
    };
    const char *id = NULL;
    int code = admin_options(argc, argv, options, &id, verb->of_one, verb->of_one ? "one id is" : "no operand is");
    if (code >= 0)
        return code;
    struct admin admin = {.dir = wish.dir, .as_json = wish.as_json, .arena = arena_create(TABLE_BYTES_MAX)};
    code = verb->run(&admin, &wish, id);
    arena_destroy(&admin.arena);
    return code;
}

int cmd_alert(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return run_verb(&verbs[i], argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        return run_verb(&verbs[0], argc, argv);
    return cli_fail(EXIT_USAGE, "say list, acknowledge or end; see --help");
}
