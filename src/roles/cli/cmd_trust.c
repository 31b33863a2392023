/* rendez trust: the claims that the service makes about its security, what is known of each, and what
 * people state about them (doc/controls.md). */
#include <string.h>
#include <unistd.h>

#include "domain/control/control.h"
#include "roles/cli/admin.h"
#include "roles/cli/service_desk.h"
#include "roles/cli/table.h"
#include "roles/cli/trust_report.h"

enum {
    PATIENCE_MS = 60 * 1000, /* from one control that was tried to the next */
    EVIDENCE_BYTES_MAX = 2 << 20,
    TABLE_BYTES_MAX = 16 << 20,
};

struct wish {
    const char *dir, *day, *evidence, *name, *holder, *address, *organisation, *key;
    int as_json, as_html, french, large, remove, sent;
};

static json_t *question_of(const char *ask)
{
    json_t *question = json_object();
    json_object_set_new(question, "ask", json_string(ask));
    return question;
}

static void add_text(json_t *question, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(question, name, json_string(text));
}

/* List and report */

/* Where no service answers there is no evidence: what could be tried is unknown. */
static json_t *without_service(void)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < control_count; i++) {
        const struct control *control = &controls[i];
        enum control_state state = control_is_tried(control) ? STATE_UNKNOWN : STATE_NOT_IMPLEMENTED;
        json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:n, s:n, s:{s:s, s:s}}", "id", control->id, "kind",
                                control_kind_names[control->kind], "cadence", cadence_names[control->cadence],
                                "state", control_state_names[state], "tried", "cause", "claim", "fr", control->fr,
                                "en", control->en);
        json_array_append_new(rows, row);
    }
    return rows;
}

static enum cli_tone tone_of(struct slice state)
{
    if (slice_equal(state, LIT("holds")))
        return TONE_GOOD;
    return slice_equal(state, LIT("fails")) ? TONE_BAD : TONE_DOUBT;
}

/* Whether all that is implemented is as it should be. */
static bool is_good(struct slice state)
{
    return !slice_equal(state, LIT("fails")) && !slice_equal(state, LIT("unknown"));
}

static bool add_row(struct cli_table *table, struct arena *arena, const json_t *row, const char *language)
{
    struct slice state = json_text(row, "state");
    CLI_ROW(table, arena, tone_of(state), json_text(row, "id"), json_text(row, "kind"), json_text(row, "cadence"),
            json_text(row, "tried"), state, json_text(json_object_get(row, "claim"), language),
            json_text(json_object_get(row, "cause"), language), json_text(json_object_get(row, "cause"), "mend"));
    return is_good(state);
}

/* Below the table, since a command is to be copied. */
static void print_mending(const json_t *rows, bool french)
{
    bool headed = false;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        struct slice id = json_text(row, "id"), mend = json_text(json_object_get(row, "cause"), "mend");
        if (mend.len == 0)
            continue;
        if (!headed)
            printf("\n%s\n", french ? "Y remédier :" : "To mend what fails:");
        headed = true;
        printf("  %-8.*s %.*s\n", SLICE_ARG(id), SLICE_ARG(mend));
    }
}

static int print_rows(const json_t *rows, const struct wish *wish)
{
    static const char *const names[] = {"control", "kind", "cadence", "tried", "state", "claim", "cause", "mend"};
    AUTO_ARENA arena = arena_create(TABLE_BYTES_MAX);
    struct cli_table table = {.names = names, .columns = sizeof names / sizeof *names - (wish->as_json ? 0 : 1)};
    bool good = true;
    for (size_t i = 0; i < json_array_size(rows); i++)
        good = add_row(&table, arena, json_array_get(rows, i), wish->french ? "fr" : "en") && good;
    cli_table_print(&table, wish->as_json ? FORM_JSON : FORM_TEXT);
    if (!wish->as_json)
        print_mending(rows, wish->french != 0);
    return good ? EXIT_YES : EXIT_NO;
}

static json_t *rows_of(const json_t *answer)
{
    json_t *rows = json_array(), *sections = json_object_get(answer, "sections");
    for (size_t s = 0; s < json_array_size(sections); s++)
        json_array_extend(rows, json_object_get(json_array_get(sections, s), "controls"));
    return rows;
}

/* ST_NOT_FOUND: no service runs there. */
static enum status ask_show(const struct wish *wish, json_t **answer, struct problem *why)
{
    AUTO_JSON line = NULL;
    TRY(service_ask(wish->dir, "trust", question_of("show"), PATIENCE_MS, NULL, NULL, &line, why));
    *answer = json_incref(json_object_get(line, "answer"));
    return *answer != NULL ? ST_OK : problem_set(why, ST_UNAVAILABLE, "the service says nothing");
}

static int trust_list(struct admin *admin, const struct wish *wish, const char *operand)
{
    AUTO_JSON answer = NULL;
    (void)operand;
    enum status status = ask_show(wish, &answer, &admin->why);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return admin_fail(admin);
    AUTO_JSON rows = status == ST_OK ? rows_of(answer) : without_service();
    if (status != ST_OK && !wish->as_json)
        fprintf(stderr, "rendez trust: %s: what is tried is unknown\n", admin->why.detail);
    return print_rows(rows, wish);
}

static int trust_report(struct admin *admin, const struct wish *wish, const char *operand)
{
    AUTO_JSON answer = NULL;
    (void)operand;
    ADMIN_TRY(admin, ask_show(wish, &answer, &admin->why));
    AUTO_JSON rows = rows_of(answer);
    bool good = true;
    for (size_t i = 0; i < json_array_size(rows); i++)
        good = is_good(json_text(json_array_get(rows, i), "state")) && good;
    if (wish->as_json)
        cli_print_json(answer);
    else if (wish->as_html)
        trust_report_html(answer, wish->french != 0);
    else
        trust_report_text(answer, wish->french != 0);
    return good ? EXIT_YES : EXIT_NO;
}

/* Checks */

static void print_tried(void *context, const json_t *row)
{
    const struct wish *wish = context;
    const char *language = wish->french ? "fr" : "en";
    if (wish->as_json) {
        cli_print_json(row);
        return;
    }
    struct slice problem = json_text(row, "problem"), cause = json_text(json_object_get(row, "cause"), language);
    struct slice id = json_text(row, "id"), state = json_text(row, "state");
    struct slice mend = json_text(json_object_get(row, "cause"), "mend");
    printf("%-8.*s %.*s", SLICE_ARG(id), SLICE_ARG(state));
    if (problem.len > 0)
        printf(" (not tried: %.*s)", SLICE_ARG(problem));
    else if (cause.len > 0)
        printf(": %.*s", SLICE_ARG(cause));
    if (mend.len > 0)
        printf("\n         %s %.*s", wish->french ? "y remédie :" : "what mends it:", SLICE_ARG(mend));
    putchar('\n');
    fflush(stdout);
}

static int trust_check(struct admin *admin, const struct wish *wish, const char *operand)
{
    AUTO_JSON line = NULL;
    json_t *question = question_of("check");
    struct wish shown = *wish;
    add_text(question, "control", operand);
    ADMIN_TRY(admin, service_ask(wish->dir, "trust", question, PATIENCE_MS, print_tried, &shown, &line, &admin->why));
    return json_number(json_object_get(line, "answer"), "bad", 1) == 0 ? EXIT_YES : EXIT_NO;
}

/* The register */

static enum status add_file(const char *path, json_t *question, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(4 * EVIDENCE_BYTES_MAX);
    AUTO_BUFFER text = buffer_create(2 * EVIDENCE_BYTES_MAX);
    struct slice bytes;
    TRY(file_read(path, EVIDENCE_BYTES_MAX, arena, &bytes, why));
    base64url_encode(bytes, &text);
    json_object_set_new(question, "file", json_from_text(buffer_slice(&text)));
    return ST_OK;
}

static int ask_change(struct admin *admin, const struct wish *wish, json_t *question)
{
    enum status status = wish->evidence == NULL ? ST_OK : add_file(wish->evidence, question, &admin->why);
    if (status != ST_OK) {
        json_decref(question);
        return admin_fail(admin);
    }
    ADMIN_TRY(admin, service_ask(wish->dir, "trust", question, PATIENCE_MS, NULL, NULL, NULL, &admin->why));
    return EXIT_YES;
}

static int state(struct admin *admin, const struct wish *wish, const char *ask, const char *control)
{
    if (wish->day == NULL || wish->evidence == NULL)
        return cli_fail(EXIT_USAGE, "a day and --evidence are needed; see --help");
    json_t *question = question_of(ask);
    add_text(question, "control", control);
    add_text(question, "day", wish->day);
    add_text(question, "name", wish->evidence);
    return ask_change(admin, wish, question);
}

static int trust_record(struct admin *admin, const struct wish *wish, const char *control)
{
    return state(admin, wish, "record", control);
}

static int trust_attest(struct admin *admin, const struct wish *wish, const char *control)
{
    return state(admin, wish, "attest", control);
}

/* Shows a list where nothing is to be changed. */
static int print_list(struct admin *admin, const struct wish *wish, const char *ask, const char *const *names,
                      size_t columns)
{
    AUTO_JSON line = NULL;
    ADMIN_TRY(admin, service_ask(wish->dir, "trust", question_of(ask), PATIENCE_MS, NULL, NULL, &line, &admin->why));
    const json_t *rows = json_object_get(line, "answer");
    struct cli_table table = {.names = names, .columns = columns};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct slice *cells = ARENA_ARRAY(admin->arena, columns, struct slice);
        for (size_t column = 0; column < columns; column++)
            cells[column] = json_text(json_array_get(rows, i), names[column]);
        cli_table_add(&table, admin->arena, TONE_PLAIN, cells);
    }
    cli_table_print(&table, wish->as_json ? FORM_JSON : FORM_TEXT);
    return EXIT_YES;
}

static int trust_contact(struct admin *admin, const struct wish *wish, const char *operand)
{
    static const char *const names[] = {"organisation", "name", "address"};
    (void)operand;
    if (wish->name == NULL && !wish->remove)
        return print_list(admin, wish, "contacts", names, sizeof names / sizeof *names);
    json_t *question = question_of(wish->remove ? "no_contact" : "contact");
    add_text(question, "organisation", wish->organisation);
    add_text(question, "name", wish->name);
    add_text(question, "address", wish->address);
    json_object_set_new(question, "large", json_boolean(wish->large));
    return ask_change(admin, wish, question);
}

static int trust_certification(struct admin *admin, const struct wish *wish, const char *operand)
{
    static const char *const names[] = {"id", "name", "holder", "ends", "digest"};
    if (operand == NULL && wish->name == NULL)
        return print_list(admin, wish, "certifications", names, sizeof names / sizeof *names);
    json_t *question = question_of(operand != NULL ? "uncertify" : "certify");
    add_text(question, "id", operand);
    add_text(question, "name", wish->name);
    add_text(question, "holder", wish->holder);
    add_text(question, "day", wish->day);
    return ask_change(admin, wish, question);
}

static int trust_tickets(struct admin *admin, const struct wish *wish, const char *operand)
{
    static const char *const names[] = {"id", "at", "state", "address", "text"};
    (void)operand;
    return print_list(admin, wish, "tickets", names, sizeof names / sizeof *names);
}

static int trust_answered(struct admin *admin, const struct wish *wish, const char *operand)
{
    json_t *question = question_of("answered");
    add_text(question, "id", operand);
    return ask_change(admin, wish, question);
}

/* Outages */

/* ST_OK and *out the answer, a new reference. */
static enum status ask_answer(const struct wish *wish, json_t *question, json_t **out, struct problem *why)
{
    AUTO_JSON line = NULL;
    TRY(service_ask(wish->dir, "trust", question, PATIENCE_MS, NULL, NULL, &line, why));
    *out = json_incref(json_object_get(line, "answer"));
    return *out != NULL ? ST_OK : problem_set(why, ST_UNAVAILABLE, "the service says nothing");
}

static int print_probe(struct admin *admin, const struct wish *wish)
{
    AUTO_JSON answer = NULL;
    static const char *const names[] = {"key", "pinned", "heard", "last", "seen"};
    ADMIN_TRY(admin, ask_answer(wish, question_of("outages"), &answer, &admin->why));
    const json_t *probe = json_object_get(answer, "probe");
    if (wish->as_json)
        cli_print_json(probe);
    else if (!json_is_object(probe))
        printf("no probe outside is pinned\n");
    for (size_t i = 0; !wish->as_json && json_is_object(probe) && i < sizeof names / sizeof *names; i++)
        printf("%-8s %.*s\n", names[i], SLICE_ARG(json_text(probe, names[i])));
    return json_is_object(probe) ? EXIT_YES : EXIT_NO;
}

static int trust_probe(struct admin *admin, const struct wish *wish, const char *operand)
{
    (void)operand;
    if (wish->key == NULL && !wish->remove)
        return print_probe(admin, wish);
    json_t *question = question_of("probe");
    add_text(question, "key", wish->remove ? NULL : wish->key);
    return ask_change(admin, wish, question);
}

static int print_log(struct admin *admin, const struct wish *wish)
{
    AUTO_JSON answer = NULL;
    ADMIN_TRY(admin, ask_answer(wish, question_of("log"), &answer, &admin->why));
    if (wish->as_json) {
        cli_print_json(answer);
        return EXIT_YES;
    }
    struct slice key = json_text(answer, "key"), held = json_text(answer, "held");
    if (key.len == 0)
        printf("no key of the log is pinned: the first one counts\n");
    else
        printf("key      %.*s\npinned   %.*s\n", SLICE_ARG(key), SLICE_ARG(json_text(answer, "pinned")));
    if (held.len > 0)
        printf("held     %.*s\n", SLICE_ARG(held));
    return EXIT_YES;
}

static int trust_log(struct admin *admin, const struct wish *wish, const char *operand)
{
    (void)operand;
    if (wish->key == NULL)
        return print_log(admin, wish);
    json_t *question = question_of("pin_log");
    add_text(question, "key", wish->key);
    return ask_change(admin, wish, question);
}

static int trust_outage(struct admin *admin, const struct wish *wish, const char *operand)
{
    static const char *const names[] = {"begun", "ended", "seconds", "claim", "sent"};
    AUTO_JSON answer = NULL;
    (void)operand;
    ADMIN_TRY(admin, ask_answer(wish, question_of("outages"), &answer, &admin->why));
    const json_t *rows = json_object_get(answer, "outages");
    struct cli_table table = {.names = names, .columns = sizeof names / sizeof *names};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i), *claim = json_object_get(row, "claim");
        struct slice seconds = arena_format(admin->arena, "%lld", (long long)json_number(row, "down_s", 0));
        bool waits = json_is_object(claim) && json_text(claim, "sent").len == 0;
        CLI_ROW(&table, admin->arena, waits ? TONE_BAD : TONE_PLAIN, json_text(row, "begun"), json_text(row, "ended"),
                seconds, json_text(claim, "id"), json_text(claim, "sent"));
    }
    cli_table_print(&table, wish->as_json ? FORM_JSON : FORM_TEXT);
    return EXIT_YES;
}

/* A claim as it can be sent: what happened, and the probe's report with its signature. */
static int print_claim(struct admin *admin, const struct wish *wish, const char *id)
{
    AUTO_JSON answer = NULL;
    static const char *const names[] = {"id", "outage", "opened", "sent"};
    json_t *question = question_of("claim");
    add_text(question, "id", id);
    ADMIN_TRY(admin, ask_answer(wish, question, &answer, &admin->why));
    if (wish->as_json) {
        cli_print_json(answer);
        return EXIT_YES;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        printf("%-8s %.*s\n", names[i], SLICE_ARG(json_text(answer, names[i])));
    printf("\n%.*s", SLICE_ARG(json_text(answer, "evidence")));
    return EXIT_YES;
}

static int trust_claim(struct admin *admin, const struct wish *wish, const char *operand)
{
    if (operand == NULL)
        return trust_outage(admin, wish, NULL);
    if (!wish->sent)
        return print_claim(admin, wish, operand);
    json_t *question = question_of("claim_sent");
    add_text(question, "id", operand);
    return ask_change(admin, wish, question);
}

/* Verbs */

static const struct verb {
    const char *name;
    int (*run)(struct admin *admin, const struct wish *wish, const char *operand);
    int operands_min, operands_max;
    const char *day; /* what the option of its day is called; NULL: it has none */
} verbs[] = {
    {"list", trust_list, 0, 0, NULL},
    {"report", trust_report, 0, 0, NULL},
    {"check", trust_check, 0, 1, NULL},
    {"record", trust_record, 1, 1, "done"},
    {"attest", trust_attest, 1, 1, "until"},
    {"contact", trust_contact, 0, 0, NULL},
    {"certification", trust_certification, 0, 1, "until"},
    {"tickets", trust_tickets, 0, 0, NULL},
    {"answered", trust_answered, 1, 1, NULL},
    {"probe", trust_probe, 0, 0, NULL},
    {"log", trust_log, 0, 0, NULL},
    {"outage", trust_outage, 0, 0, NULL},
    {"claim", trust_claim, 0, 1, NULL},
};

static int run_verb(const struct verb *verb, int argc, char **argv)
{
    struct wish wish = {0};
    const struct cli_option options[] = {
        {"dir", NULL, &wish.dir, "DIR", "the installation (else $RENDEZ_DIR, else here)"},
        {"json", &wish.as_json, NULL, NULL, "as JSON"},
        {"html", &wish.as_html, NULL, NULL, "report: as a page"},
        {"fr", &wish.french, NULL, NULL, "claims and causes in French"},
        {"evidence", NULL, &wish.evidence, "FILE", "record, attest, certification: the evidence itself, kept sealed"},
        {"name", NULL, &wish.name, "NAME", "contact, certification: its name"},
        {"address", NULL, &wish.address, "ADDRESS", "contact: mail address"},
        {"organisation", NULL, &wish.organisation, "ID", "contact: of that client; else the service's own"},
        {"large", &wish.large, NULL, NULL, "contact: of a large organisation, which must have one"},
        {"remove", &wish.remove, NULL, NULL, "contact, probe: there is none any more"},
        {"key", NULL, &wish.key, "KEY", "probe: whose reports count, as rendez-probe says it; log: the one that it has from now on"},
        {"sent", &wish.sent, NULL, NULL, "claim: it was sent to the host"},
        {"holder", NULL, &wish.holder, "NAME", "certification: who holds it"},
        {verb->day != NULL ? verb->day : "until", NULL, &wish.day, "DAY", "record: done on that day; else: until its end"},
        {0},
    };
    const char *operand = NULL;
    int count = argc > 1 && argv[1][0] != '-' ? verb->operands_max : verb->operands_min;
    int code = admin_options(argc, argv, options, &operand, count, count > 0 ? "one id is" : "no operand is");
    if (code >= 0)
        return code;
    struct admin admin = {.dir = wish.dir, .as_json = wish.as_json, .arena = arena_create_wiped(TABLE_BYTES_MAX)};
    code = verb->run(&admin, &wish, operand);
    arena_destroy(&admin.arena);
    return code;
}

int cmd_trust(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return run_verb(&verbs[i], argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        return run_verb(&verbs[0], argc, argv);
    return cli_fail(EXIT_USAGE, "say list, check, report, record, attest, contact, certification, tickets, answered, probe, outage or claim; see --help");
}
