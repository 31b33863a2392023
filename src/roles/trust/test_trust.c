/* The engine on a virtual clock with a prober that does what a row says: when controls are tried, what is
 * thought of what was found, what is told of it. */
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "platform/evidence/outages.h"
#include "platform/ledger/ledger.h"
#include "roles/trust/looks.h"
#include "roles/trust/outages.h"
#include "roles/trust/questions.h"
#include "roles/trust/show.h"
#include "roles/trust/visitors.h"

#define START INT64_C(1790000000000000) /* 2026-09-21T14:13:20Z */

static struct {
    char folder[64], file[96];
    struct evidence *evidence;
    struct trust *trust;
    struct moment at;
    uint32_t calls, open;    /* open: the question that waits for its answer; 0: none */
    char asked[16];
    unsigned tried[128];     /* by the order of `controls` */
    bool away;
} house;

static enum status check(void *self, struct slice control, uint32_t *call, struct problem *why)
{
    (void)self;
    if (house.away)
        return problem_set(why, ST_UNAVAILABLE, "away");
    *call = house.open = ++house.calls;
    snprintf(house.asked, sizeof house.asked, "%.*s", SLICE_ARG(control));
    house.tried[control_find(control) - controls]++;
    return ST_OK;
}

static enum status key(void *self, struct secret **out, struct problem *why)
{
    static const unsigned char bytes[VAULT_KEY_BYTES] = {7};
    (void)self, (void)why;
    *out = secret_create(bytes, sizeof bytes);
    return ST_OK;
}

static void begin_version(const char *version, uint32_t pace)
{
    struct trust_ports ports = {NULL, check, key};
    struct trust_options options = {version, pace};
    CHECK_OK(evidence_open(&sqlite_driver, house.file, &house.evidence, NULL));
    CHECK_OK(trust_create(house.evidence, &ports, &options, &house.at, &house.trust, NULL));
    house.open = 0;
    memset(house.tried, 0, sizeof house.tried);
}

static void end_version(void)
{
    trust_destroy(&house.trust);
    evidence_destroy(&house.evidence);
}

static void open_house(uint32_t pace)
{
    memset(&house, 0, sizeof house);
    snprintf(house.folder, sizeof house.folder, "%s/rendez-trust-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(house.folder) == NULL)
        abort();
    snprintf(house.file, sizeof house.file, "%s/trust.db", house.folder);
    house.at = (struct moment){{START}, {1000}};
    begin_version("1.0", pace);
}

static void close_house(void)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    end_version();
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", house.file, endings[i]);
        unlink(name);
    }
    rmdir(house.folder);
}

static void pass(int64_t ms)
{
    house.at.now.us += ms * 1000;
    house.at.clock.ms += ms;
    trust_turn(house.trust, &house.at);
}

static void answer(enum trial_result result, const char *cause, const char *facts)
{
    const struct control *control = control_find(slice_from(house.asked));
    struct check_found found = {slice_from(house.asked), result, slice_from(cause), slice_from(facts),
                                slice_from(control->digest), LIT("because"), 5};
    trust_checked(house.trust, house.open, &found, &house.at);
    house.open = 0;
}

/* Lets everything that is due hold, but for one control. */
static void run(int64_t ms, const char *bad, const char *cause)
{
    for (int64_t end = house.at.clock.ms + ms; house.at.clock.ms < end;) {
        pass(50);
        if (house.open != 0 && strcmp(house.asked, bad) == 0)
            answer(TRIAL_FAILS, cause, "entries=3");
        else if (house.open != 0)
            answer(TRIAL_HOLDS, "", "entries=3");
    }
}

static enum control_state state_of(const char *id)
{
    struct trust_view view;
    trust_view(house.trust, control_find(slice_from(id)), house.at.now, &view);
    return view.state;
}

static size_t tried_count(const char *id)
{
    return house.tried[control_find(slice_from(id)) - controls];
}

static size_t implemented(void)
{
    size_t count = 0;
    for (size_t i = 0; i < control_count; i++)
        count += control_is_tried(&controls[i]);
    return count;
}

static void all_are_tried_at_the_start(void)
{
    open_house(1);
    CHECK_NUMBER(state_of("CERT-01"), STATE_UNKNOWN);
    CHECK_NUMBER(state_of("RH-01"), STATE_NOT_IMPLEMENTED);
    run(100 * (int64_t)(implemented() + 5), "", "");
    for (size_t i = 0; i < control_count; i++) {
        check_row(controls[i].id);
        CHECK_NUMBER(house.tried[i] > 0, control_is_tried(&controls[i]));
        CHECK_NUMBER(state_of(controls[i].id),
                     control_is_tried(&controls[i]) ? STATE_HOLDS : STATE_NOT_IMPLEMENTED);
    }
    close_house();
}

/* In a day each is tried as often as its cadence and deadline want, and none twice at a time. */
static void cadences_are_kept(void)
{
    open_house(1);
    for (int64_t hour = 0; hour < 25; hour++)
        for (int64_t step = 0; step < 3600; step += 20) {
            pass(20 * 1000);
            for (unsigned more = 0; house.open != 0 && more < 100; more++) {
                answer(TRIAL_HOLDS, "", "");
                trust_turn(house.trust, &house.at);
            }
        }
    CHECK(tried_count("CHIF-05") >= 24 && tried_count("CHIF-05") <= 26);
    CHECK_NUMBER(tried_count("CERT-01"), 2);
    CHECK_NUMBER(tried_count("AUD-02"), 2); /* quarterly, but red within a day */
    CHECK_NUMBER(tried_count("AUD-05"), 2); /* yearly, red within 30 days: once a day at least */
    CHECK_NUMBER(state_of("CHIF-05"), STATE_HOLDS);
    close_house();
}

/* The words of the alert: what event_log gives on, of kind text. */
static char alert_cause[64];
static void take_alert(void *context, enum event event, const struct event_field *fields, size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++)
        if (event == EVENT_CONTROL_FAILS && fields[i].key == KEY_CAUSE && fields[i].kind == EVENT_FIELD_TEXT)
            snprintf(alert_cause, sizeof alert_cause, "%.*s", SLICE_ARG(fields[i].text));
}

static void failing_and_mended(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct change_list changes;
    struct finding last;
    open_house(1);
    run(5000, "", "");
    CHECK_OK(trust_try(house.trust, control_find(LIT("CHIF-05")), NULL));
    run(200, "CHIF-05", "repeated");
    CHECK_NUMBER(state_of("CHIF-05"), STATE_FAILS);
    CHECK_OK(evidence_list_changes(house.evidence, 1, arena, &changes, NULL));
    CHECK_TEXT(changes.items[0].control, "CHIF-05");
    CHECK_TEXT(changes.items[0].was, "holds");
    CHECK_TEXT(changes.items[0].becomes, "fails");
    CHECK_TEXT(changes.items[0].cause, "repeated");
    CHECK_TEXT(slice_from(alert_cause), "repeated"); /* so a mail can name it */
    CHECK_OK(evidence_last(house.evidence, LIT("CHIF-05"), arena, &last, NULL));
    CHECK(last.entry + 1 == changes.items[0].entry); /* both in the log, in this order */
    /* What fails stays so, however long nobody can try it. */
    house.away = true;
    run(3 * 3600 * 1000, "", "");
    CHECK_NUMBER(state_of("CHIF-05"), STATE_FAILS);
    CHECK_NUMBER(state_of("AUT-06"), STATE_UNKNOWN);
    house.away = false;
    run(60 * 1000, "", "");
    CHECK_NUMBER(state_of("CHIF-05"), STATE_HOLDS);
    CHECK_NUMBER(state_of("AUT-06"), STATE_HOLDS);
    /* No word that is not in the tables comes that far, whatever the prober says. */
    CHECK_OK(trust_try(house.trust, control_find(LIT("CHIF-05")), NULL));
    run(200, "CHIF-05", "hello_from_outside");
    CHECK_TEXT(slice_from(alert_cause), "other");
    CHECK_OK(evidence_verify_log(house.evidence, NULL));
    close_house();
}

/* No answer, a prober that died, an answer to an earlier question: nothing is found. */
static void what_is_not_answered_is_not_found(void)
{
    open_house(1);
    pass(50);
    CHECK(house.open != 0);
    uint32_t first = house.open;
    char control[16];
    snprintf(control, sizeof control, "%s", house.asked);
    pass(26 * 1000); /* it gives up, and asks for the next */
    CHECK(house.open != first);
    struct check_found late = {slice_from(control), TRIAL_HOLDS, SLICE_NONE, SLICE_NONE,
                               slice_from(control_find(slice_from(control))->digest), SLICE_NONE, 0};
    trust_checked(house.trust, first, &late, &house.at);
    CHECK_NUMBER(state_of(control), STATE_UNKNOWN);
    snprintf(control, sizeof control, "%s", house.asked);
    trust_prober_back(house.trust, &house.at);
    CHECK_NUMBER(state_of(control), STATE_UNKNOWN);
    pass(50);
    answer(TRIAL_UNTRIED, "", "");
    CHECK_NUMBER(state_of(house.asked), STATE_UNKNOWN);
    run(30 * 1000, "", "");
    CHECK_NUMBER(state_of(control), STATE_HOLDS);
    close_house();
}

/* Of another check than the one that is built in. */
static void evidence_of_another_check_is_unknown(void)
{
    open_house(1);
    run(5000, "", "");
    CHECK_NUMBER(state_of("CHIF-05"), STATE_HOLDS);
    end_version();
    sqlite3 *db;
    CHECK_NUMBER(sqlite3_open(house.file, &db), SQLITE_OK);
    CHECK_NUMBER(sqlite3_exec(db, "update evidence set digest = 'other' where control = 'CHIF-05'", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    begin_version("1.0", 1);
    CHECK_NUMBER(state_of("CHIF-05"), STATE_UNKNOWN);
    CHECK_NUMBER(state_of("CHIF-06"), STATE_HOLDS);
    run(5000, "", "");
    CHECK_NUMBER(state_of("CHIF-05"), STATE_HOLDS);
    CHECK_NUMBER(tried_count("CHIF-06"), 0); /* its evidence is fresh */
    end_version();
    begin_version("1.1", 1);
    run(5000, "", "");
    CHECK(tried_count("CHIF-06") > 0); /* a release: all anew */
    close_house();
}

static void evidence_from_later_is_unknown(void)
{
    open_house(1);
    run(5000, "", "");
    house.at.now.us -= 3600 * INT64_C(1000000); /* the clock is set back */
    CHECK_NUMBER(state_of("CHIF-05"), STATE_UNKNOWN);
    close_house();
}

static void a_pace_is_kept(void)
{
    open_house(3600);
    run(30 * 1000, "", "");
    CHECK(tried_count("CHIF-05") >= 15); /* hourly: every second */
    CHECK_NUMBER(tried_count("CERT-01"), 2); /* daily: every 24 s */
    CHECK_NUMBER(state_of("CERT-01"), STATE_HOLDS);
    house.away = true;
    run(40 * 1000, "", "");
    CHECK_NUMBER(state_of("CHIF-05"), STATE_UNKNOWN);
    close_house();
}

/* Statements */

static void attested_until_a_day(void)
{
    struct trust_statement said = {control_find(LIT("DC-02")), {2026, 9, 30}, LIT("/home/x/iso.pdf"), LIT("bytes")};
    AUTO_ARENA arena = arena_create(1 << 20);
    struct statement row;
    struct slice plain;
    open_house(1);
    CHECK_NUMBER(state_of("DC-02"), STATE_NOT_IMPLEMENTED);
    CHECK_OK(trust_attest(house.trust, &said, house.at.now, NULL));
    CHECK_NUMBER(state_of("DC-02"), STATE_ATTESTED);
    CHECK_OK(evidence_last_statement(house.evidence, LIT("DC-02"), LIT("attest"), arena, &row, NULL));
    CHECK_TEXT(row.name, "iso.pdf");
    struct seal_place place = evidence_statement_place(row.id);
    CHECK_OK(trust_open(house.trust, &place, row.file, arena, &plain, NULL));
    CHECK_TEXT(plain, "bytes");
    CHECK_TEXT(trust_digest(plain, arena), arena_text(arena, row.digest));
    house.at.now.us = civil_to_us((struct civil){{2026, 9, 30}, 23, 59, 59});
    CHECK_NUMBER(state_of("DC-02"), STATE_ATTESTED);
    house.at.now.us += 2 * INT64_C(1000000);
    CHECK_NUMBER(state_of("DC-02"), STATE_FAILS);
    CHECK_NUMBER(trust_attest(house.trust, &said, house.at.now, NULL), ST_INVALID); /* that day is over */
    said.control = control_find(LIT("CHIF-05"));
    said.day.year++;
    CHECK_NUMBER(trust_attest(house.trust, &said, house.at.now, NULL), ST_CONFLICT);
    said.control = control_find(LIT("AUD-02"));
    CHECK_NUMBER(trust_record(house.trust, &said, house.at.now, NULL), ST_INVALID); /* not done yet */
    said.day.year--;
    said.file = SLICE_NONE;
    CHECK_NUMBER(trust_record(house.trust, &said, house.at.now, NULL), ST_INVALID);
    close_house();
}

/* What the pages get. */
static void shown(void)
{
    static const struct {
        const char *name, *json, *part;
        enum status status;
    } rows[] = {
        {"trust.show", "{}", "\"counts\":{\"holds\":", ST_OK},
        {"trust.show", "{}", "\"pace\":1", ST_OK},
        {"trust.control", "{\"control\":\"CHIF-05\"}", "\"history\":[{\"at\":", ST_OK},
        {"trust.control", "{\"control\":\"chif-05\"}", "\"cause\":{\"id\":\"repeated\",\"fr\":\"", ST_OK},
        {"trust.evidence", "{\"control\":\"CHIF-05\"}", "\"facts\":{\"entries\":\"3\"}", ST_OK},
        {"trust.evidence", "{\"control\":\"RH-01\"}", "", ST_NOT_FOUND},
        {"trust.control", "{\"control\":\"X-01\"}", "", ST_NOT_FOUND},
        {"trust.evidence", "{\"control\":\"CHIF-05\",\"entry\":999999}", "", ST_NOT_FOUND},
        {"trust.status", "{}", "\"silences\":[]", ST_OK},
        {"trust.none", "{}", "", ST_NOT_FOUND},
    };
    open_house(1);
    run(5000, "CHIF-05", "repeated");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        AUTO_JSON asked = NULL;
        AUTO_JSON out = NULL;
        check_row(rows[i].json);
        CHECK_OK(json_read(slice_from(rows[i].json), &asked, NULL));
        CHECK_NUMBER(trust_command(house.trust, slice_from(rows[i].name), asked, house.at.now, &out, NULL),
                     rows[i].status);
        if (out != NULL)
            CHECK(slice_contains(json_write(out, arena), slice_from(rows[i].part)));
    }
    close_house();
}

/* Messages and subscriptions of strangers. */
static const struct visitors_options visiting = {.public_url = {"https://t.example", 17}, .contact = {"ops@t.example", 13}};

static enum status visit(const char *name, const char *json, struct arena *arena, json_t **out)
{
    AUTO_JSON asked = NULL;
    CHECK_OK(json_read(slice_from(json), &asked, NULL));
    *out = json_object();
    return visitors_command(house.trust, &visiting, slice_from(name), asked, house.at.now, arena, *out, NULL);
}

static size_t letters_waiting(struct arena *arena, struct letter_due_list *list)
{
    *list = (struct letter_due_list){0};
    CHECK_OK(letters_due(house.trust, house.at.now, 100, arena, list, NULL));
    return list->count;
}

static void visitors_are_heard(void)
{
    static const struct {
        const char *name, *json;
        enum status status;
        size_t letters; /* that wait afterwards */
    } rows[] = {
        {"trust.contact", "{\"address\":\"a@b.example\",\"text\":\"x\",\"language\":\"fr\"}", ST_OK, 2},
        {"trust.contact", "{\"address\":\"a@b.example\",\"text\":\" \"}", ST_INVALID, 2},
        {"trust.contact", "{\"address\":\"a@b.example\\nBcc: c@d.example\",\"text\":\"x\"}", ST_INVALID, 2},
        {"trust.contact", "{\"address\":\"nobody\",\"text\":\"x\"}", ST_INVALID, 2},
        {"trust.subscribe", "{\"address\":\"a@b.example\",\"language\":\"en\"}", ST_OK, 3},
        {"trust.subscribe", "{\"address\":\"A@B.example\",\"language\":\"en\"}", ST_OK, 3}, /* known: no second mail */
        {"trust.subscription", "{\"token\":\"sub_none\"}", ST_NOT_FOUND, 3},
        {"trust.subscribed", "{\"token\":\"sub_none\",\"act\":\"stop\"}", ST_NOT_FOUND, 3},
        {"trust.none", "{}", ST_NOT_FOUND, 3},
    };
    open_house(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create_wiped(16 << 20);
        AUTO_JSON out = NULL;
        struct letter_due_list list;
        check_row(rows[i].json);
        CHECK_NUMBER(visit(rows[i].name, rows[i].json, arena, &out), rows[i].status);
        CHECK_NUMBER(letters_waiting(arena, &list), rows[i].letters);
    }
    close_house();
}

static void a_flood_of_messages_ends(void)
{
    enum status status = ST_OK;
    size_t taken = 0;
    open_house(1);
    for (; status == ST_OK && taken < 1000; taken += status == ST_OK) {
        AUTO_ARENA arena = arena_create_wiped(1 << 20);
        AUTO_JSON out = NULL;
        status = visit("trust.contact", "{\"address\":\"a@b.example\",\"text\":\"x\"}", arena, &out);
    }
    CHECK_NUMBER(status, ST_LIMIT);
    CHECK_NUMBER(taken, VISITOR_TICKETS_HOUR_MAX);
    close_house();
}

/* The id of the only subscription, out of its mail. */
static struct slice token_of(const struct letter_due_list *list)
{
    struct slice text = list->items[list->count - 1].draft.text;
    size_t at = slice_find(text, LIT("subscribe/"), 0) + 10;
    return slice_sub(text, at, at + 30);
}

static void who_confirmed_hears_of_each_change_once(void)
{
    AUTO_ARENA arena = arena_create_wiped(64 << 20);
    AUTO_JSON out = NULL;
    AUTO_JSON confirmed = NULL;
    struct letter_due_list list;
    open_house(1);
    CHECK_OK(visit("trust.subscribe", "{\"address\":\"a@b.example\",\"language\":\"en\"}", arena, &out));
    CHECK_NUMBER(letters_waiting(arena, &list), 1);
    run(5000, "", "");
    CHECK_OK(visitors_tell(house.trust, &visiting, house.at.now, NULL));
    CHECK_NUMBER(letters_waiting(arena, &list), 1); /* not confirmed: nothing */
    struct slice json = arena_format(arena, "{\"token\":\"%.*s\",\"act\":\"confirm\"}", SLICE_ARG(token_of(&list)));
    CHECK_OK(visit("trust.subscribed", json.data, arena, &confirmed));
    CHECK_OK(letters_sent(house.trust, list.items[0].id, ST_OK, house.at.now, NULL));
    CHECK_OK(trust_try(house.trust, control_find(LIT("CHIF-05")), NULL));
    run(2000, "CHIF-05", "repeated");
    for (int again = 0; again < 2; again++) {
        CHECK_OK(visitors_tell(house.trust, &visiting, house.at.now, NULL));
        CHECK_NUMBER(letters_waiting(arena, &list), 1);
    }
    CHECK(slice_contains(list.items[0].draft.subject, LIT("CHIF-05: fails, was holds")));
    CHECK(slice_starts(list.items[0].draft.unsubscribe, LIT("https://t.example/trust/subscribe/sub_")));
    CHECK_OK(letters_sent(house.trust, list.items[0].id, ST_UNAVAILABLE, house.at.now, NULL));
    CHECK_NUMBER(letters_waiting(arena, &list), 0); /* later */
    house.at.now.us += 11 * 1000000;
    CHECK_NUMBER(letters_waiting(arena, &list), 1);
    close_house();
}

/* Reports of a probe */

static struct secret *probe_seed;

/* "u" up, "d" down, every ten seconds from that second on; signed. */
static struct slice report(int64_t from_s, const char *looks, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(MEASURES_BYTES_MAX);
    struct slice note = SLICE_NONE;
    measures_format_head(&text);
    for (size_t i = 0; looks[i] != '\0'; i++) {
        struct measure look = {{(from_s + 10 * (int64_t)i) * 1000000}, looks[i] == 'u' ? MEASURE_UP : MEASURE_DOWN, 5};
        measure_format(&look, &text);
    }
    CHECK_OK(ledger_sign_note(LIT("probe.example"), probe_seed, buffer_slice(&text), arena, &note, NULL));
    return note;
}

static const char *many(char first, char look, int count, char last, struct arena *arena)
{
    char *out = arena_alloc(arena, (size_t)count + 3);
    size_t at = 0;
    if (first != 0)
        out[at++] = first;
    memset(out + at, look, (size_t)count);
    out[at + (size_t)count] = last;
    return out;
}

static struct slice pin_probe(struct arena *arena)
{
    struct slice key = SLICE_NONE;
    probe_seed = secret_random(32);
    CHECK_OK(ledger_public_key(LIT("probe.example"), probe_seed, 1, arena, &key, NULL));
    CHECK_OK(outages_pin(house.trust, key, house.at.now, NULL));
    return key;
}

static uint32_t claims_there(void)
{
    uint32_t count = 0;
    CHECK_OK(evidence_count_claims(house.evidence, &count, NULL));
    return count;
}

static void reports_become_outages(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct instant heard = {0};
    struct outage_list outages;
    open_house(1);
    int64_t at_s = house.at.now.us / 1000000 - 20000;
    CHECK_NUMBER(outages_take(house.trust, LIT("x"), house.at.now, &heard, NULL), ST_NOT_FOUND);
    pin_probe(arena);
    /* 9 min 50 s: no claim, whoever says it twice. */
    struct slice shorter = report(at_s, many('u', 'd', 59, 'u', arena), arena);
    for (int i = 0; i < 2; i++)
        CHECK_OK(outages_take(house.trust, shorter, house.at.now, &heard, NULL));
    CHECK_NUMBER(heard.us / 1000000, at_s + 600);
    CHECK_NUMBER(claims_there(), 0);
    /* 10 min 10 s over two reports: one. */
    CHECK_OK(outages_take(house.trust, report(at_s + 610, many('u', 'd', 30, 0, arena), arena), house.at.now, &heard, NULL));
    CHECK_NUMBER(claims_there(), 0);
    CHECK_OK(outages_take(house.trust, report(at_s + 920, many(0, 'd', 31, 'u', arena), arena), house.at.now, &heard, NULL));
    CHECK_NUMBER(claims_there(), 1);
    CHECK_OK(evidence_list_outages(house.evidence, 10, arena, &outages, NULL));
    CHECK_NUMBER(outages.count, 2);
    CHECK_NUMBER(outages.items[0].down_ms, 610 * 1000);
    CHECK_NUMBER(outages.items[1].down_ms, 590 * 1000);
    CHECK_NUMBER(outages.items[0].ended.us / 1000000, at_s + 1230);
    CHECK_OK(evidence_verify_log(house.evidence, NULL));
    secret_destroy(&probe_seed);
    close_house();
}

static void a_claim_has_its_evidence(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    AUTO_JSON shown = NULL;
    struct instant heard;
    struct slice body;
    open_house(1);
    int64_t at_s = house.at.now.us / 1000000 - 5000;
    struct slice key = pin_probe(arena);
    /* One that goes on is claimed, too. */
    CHECK_OK(outages_take(house.trust, report(at_s, many('u', 'd', 62, 0, arena), arena), house.at.now, &heard, NULL));
    json_t *all = NULL;
    CHECK_OK(outages_show(house.trust, &all, NULL));
    const json_t *outage = json_array_get(json_object_get(all, "outages"), 0), *claim = json_object_get(outage, "claim");
    struct slice id = arena_copy(arena, json_text(claim, "id"));
    CHECK(json_is_null(json_object_get(outage, "ended")) && json_is_null(json_object_get(claim, "sent")));
    CHECK_NUMBER(json_number(outage, "down_s", 0), 610);
    CHECK_TEXT(json_text(json_object_get(all, "probe"), "seen"), "down");
    json_decref(all);
    CHECK_OK(outages_show_claim(house.trust, id, &shown, NULL));
    CHECK_OK(ledger_open_note(json_text(shown, "evidence"), key, arena, &body, NULL));
    CHECK_OK(outages_sent(house.trust, id, house.at.now, NULL));
    CHECK_NUMBER(outages_sent(house.trust, id, house.at.now, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(outages_show_claim(house.trust, LIT("clm_none"), &all, NULL), ST_NOT_FOUND);
    secret_destroy(&probe_seed);
    close_house();
}

/* Midnight parts the days; what nobody saw is in neither number. */
static void days_are_measured(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct measured_list days;
    struct instant heard;
    open_house(1);
    pin_probe(arena);
    int64_t midnight_s = house.at.now.us / 1000000 / 86400 * 86400;
    CHECK_OK(outages_take(house.trust, report(midnight_s - 95, many('d', 'u', 9, 'u', arena), arena), house.at.now, &heard, NULL));
    CHECK_OK(outages_take(house.trust, report(midnight_s + 3600, "uuu", arena), house.at.now, &heard, NULL));
    CHECK_OK(evidence_list_measured(house.evidence, 10, arena, &days, NULL));
    CHECK_NUMBER(days.count, 2);
    CHECK_NUMBER(days.items[0].day, midnight_s / 86400);
    CHECK_NUMBER(days.items[0].up_ms, 25 * 1000);
    CHECK_NUMBER(days.items[1].up_ms, 85 * 1000);
    CHECK_NUMBER(days.items[1].down_ms, 10 * 1000);
    secret_destroy(&probe_seed);
    close_house();
}

static void reports_are_refused(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct instant heard;
    open_house(1);
    int64_t now_s = house.at.now.us / 1000000;
    CHECK_NUMBER(outages_pin(house.trust, LIT("probe.example"), house.at.now, NULL), ST_INVALID);
    CHECK_NUMBER(outages_pin(house.trust, SLICE_NONE, house.at.now, NULL), ST_NOT_FOUND);
    pin_probe(arena);
    struct slice good = report(now_s - 100, "uu", arena);
    char *changed = arena_text(arena, good);
    changed[slice_find(good, LIT("up"), 0) - 2] ^= 1;
    CHECK_NUMBER(outages_take(house.trust, (struct slice){changed, good.len}, house.at.now, &heard, NULL), ST_DENIED);
    CHECK_NUMBER(outages_take(house.trust, LIT("rendez-probe 1\n"), house.at.now, &heard, NULL), ST_INVALID);
    CHECK_NUMBER(outages_take(house.trust, report(now_s + 61, "u", arena), house.at.now, &heard, NULL), ST_INVALID);
    CHECK_OK(outages_take(house.trust, report(now_s + 59, "u", arena), house.at.now, &heard, NULL));
    /* Another key, and what the one before says counts no more. */
    AUTO_SECRET before = probe_seed;
    pin_probe(arena);
    AUTO_SECRET after = probe_seed;
    probe_seed = before;
    CHECK_NUMBER(outages_take(house.trust, good, house.at.now, &heard, NULL), ST_DENIED);
    probe_seed = after;
    CHECK_OK(outages_take(house.trust, report(now_s - 50, "u", arena), house.at.now, &heard, NULL));
    CHECK_OK(outages_pin(house.trust, SLICE_NONE, house.at.now, NULL));
    CHECK_NUMBER(outages_take(house.trust, good, house.at.now, &heard, NULL), ST_NOT_FOUND);
    probe_seed = NULL;
    close_house();
}

/* An outage goes on under the next probe, and ends where the last one looked last. */
static void probes_follow_each_other(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct outage_list outages;
    struct instant heard;
    open_house(1);
    int64_t at_s = house.at.now.us / 1000000 - 5000;
    pin_probe(arena);
    CHECK_OK(outages_take(house.trust, report(at_s, many('u', 'd', 30, 0, arena), arena), house.at.now, &heard, NULL));
    secret_destroy(&probe_seed);
    pin_probe(arena);
    CHECK_OK(outages_take(house.trust, report(at_s + 310, many(0, 'd', 31, 0, arena), arena), house.at.now, &heard, NULL));
    CHECK_NUMBER(claims_there(), 1);
    CHECK_OK(outages_pin(house.trust, SLICE_NONE, house.at.now, NULL));
    CHECK_OK(evidence_list_outages(house.evidence, 10, arena, &outages, NULL));
    CHECK_NUMBER(outages.count, 1);
    CHECK_NUMBER(outages.items[0].ended.us / 1000000, at_s + 610);
    secret_destroy(&probe_seed);
    close_house();
}

static void questions_are_read(void)
{
    static const struct {
        const char *line;
        enum trust_ask ask; /* ASK_NOTHING: refused */
    } rows[] = {
        {"{\"ask\":\"show\"}", ASK_SHOW},
        {"{\"ask\":\"check\",\"control\":\"CHIF-05\"}", ASK_CHECK},
        {"{\"ask\":\"record\",\"control\":\"AUD-02\",\"day\":\"2026-01-01\",\"name\":\"a\",\"file\":\"AAAA\"}", ASK_RECORD},
        {"{\"ask\":\"no_contact\",\"organisation\":\"org_1\"}", ASK_NO_CONTACT},
        {"{\"ask\":\"probe\",\"key\":\"a+1+b\"}", ASK_PROBE},
        {"{\"ask\":\"claim_sent\",\"id\":\"clm_1\"}", ASK_CLAIM_SENT},
        {"{\"ask\":\"log\"}", ASK_LOG},
        {"{\"ask\":\"pin_log\",\"key\":\"a+1+b\"}", ASK_PIN_LOG},
        {"{\"ask\":\"probe\",\"key\":\"a\\nb\"}", ASK_NOTHING},
        {"{\"ask\":\"nothing\"}", ASK_NOTHING},
        {"{\"ask\":\"sing\"}", ASK_NOTHING},
        {"{\"ask\":\"show\",\"more\":1}", ASK_NOTHING},
        {"{\"ask\":\"contact\",\"name\":\"a\\nb\"}", ASK_NOTHING},
        {"{\"ask\":\"record\",\"file\":\"?\"}", ASK_NOTHING},
        {"{}", ASK_NOTHING},
        {"[]", ASK_NOTHING},
        {"", ASK_NOTHING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct trust_question question = {0};
        check_row(rows[i].line);
        enum status status = trust_question_parse(slice_from(rows[i].line), arena, &question, NULL);
        CHECK_NUMBER(status == ST_OK, rows[i].ask != ASK_NOTHING);
        CHECK_NUMBER(question.ask, rows[i].ask);
    }
}

/* What the log says of second looks is told with its interval; an old figure, and one of a log that is away, are none. */
static void second_looks_are_told(void)
{
    static const struct { const char *log; int64_t looks, low, high; bool enough; } rows[] = {
        {"{\"second_looks\":{\"from\":\"2026-06-23\",\"until\":\"2026-09-20\",\"looks\":312,\"wrong\":9,\"entry\":77,\"at\":\"2026-09-21T00:10:00+00:00\"}}", 312, 15, 54, true},
        {"{\"second_looks\":{\"from\":\"2026-06-23\",\"until\":\"2026-09-20\",\"looks\":49,\"wrong\":0}}", 49, 0, 73, false},
        {"{\"second_looks\":{\"from\":\"2026-06-21\",\"until\":\"2026-09-18\",\"looks\":50,\"wrong\":50}}", 50, 929, 1000, true},
        {"{\"second_looks\":{\"from\":\"2026-06-20\",\"until\":\"2026-09-17\",\"looks\":50,\"wrong\":50}}", -1, 0, 0, false},
        {"{\"second_looks\":{\"looks\":50,\"wrong\":50}}", -1, 0, 0, false},
        {"{\"second_looks\":null}", -1, 0, 0, false},
        {"{}", -1, 0, 0, false},
        {"null", -1, 0, 0, false},
    };
    open_house(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *log = json_loads(rows[i].log, JSON_DECODE_ANY, NULL), *all = NULL;
        trust_hear_looks(house.trust, json_is_object(log) ? log : NULL);
        json_decref(log);
        CHECK_OK(trust_command(house.trust, i % 2 == 0 ? LIT("trust.show") : LIT("trust.status"), NULL, house.at.now, &all, NULL));
        const json_t *told = json_object_get(all, "second_looks");
        check_row(rows[i].log);
        CHECK(json_is_null(told) == (rows[i].looks < 0));
        CHECK_NUMBER(json_number(told, "looks", -1), rows[i].looks);
        CHECK_NUMBER(json_number(told, "low", 0), rows[i].low);
        CHECK_NUMBER(json_number(told, "high", 0), rows[i].high);
        CHECK(json_is_true(json_object_get(told, "enough")) == rows[i].enough);
        json_decref(all);
    }
    check_row("");
    close_house();
}

/* What an operator says of the log's key is kept, and in the log itself; what is no key is not taken. */
static void the_logs_key_is_pinned(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    static const unsigned char bytes[32] = {3};
    AUTO_SECRET seed = secret_create(bytes, sizeof bytes);
    AUTO_JSON none = NULL;
    AUTO_JSON said = NULL;
    struct slice public_key;
    struct log_entry_list log;
    open_house(1);
    CHECK_OK(ledger_public_key(LIT("rendez.acme.example/log"), seed, 1, arena, &public_key, NULL));
    CHECK_OK(show_log_key(house.trust, &none, NULL));
    CHECK(json_is_null(json_object_get(none, "key")) && json_is_null(json_object_get(none, "held")));
    CHECK_NUMBER(trust_pin_log(house.trust, LIT("rendez.acme.example/log"), house.at.now, NULL), ST_INVALID);
    CHECK_NUMBER(trust_pin_log(house.trust, SLICE_NONE, house.at.now, NULL), ST_INVALID);
    CHECK_OK(trust_pin_log(house.trust, public_key, house.at.now, NULL));
    CHECK_OK(show_log_key(house.trust, &said, NULL));
    CHECK(slice_equal(json_text(said, "key"), public_key) && json_is_string(json_object_get(said, "pinned")));
    CHECK_OK(evidence_list_log(house.evidence, 0, arena, &log, NULL));
    CHECK_NUMBER(log.count, 1);
    CHECK_TEXT(log.items[0].kind, "log.key.pinned");
    CHECK(slice_ends(log.items[0].ids, trust_digest(public_key, arena)));
    close_house();
}

/* What is to be proven: the newest that has most likely its checkpoint, then those before it. */
static void findings_are_proven_in_turn(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    const struct control *control = control_find(LIT("CHIF-06"));
    struct finding_list found;
    open_house(1);
    CHECK_NUMBER(show_findings(house.trust, control, 0, house.at.now, arena, &found, NULL), ST_NOT_FOUND);
    for (uint32_t i = 1; i <= 4; i++) {
        struct finding one = {.control = slice_from(control->id), .at = {START + i * INT64_C(5000000)}, .result = LIT("holds"),
                              .facts = LIT("a=1"), .digest = LIT("d"), .version = LIT("1.0")};
        CHECK_OK(evidence_append_log(house.evidence, one.at, LIT("control.check.done"), LIT("control=CHIF-06"), &one.entry, NULL));
        CHECK_OK(evidence_add(house.evidence, &one, NULL));
    }
    const struct { int64_t seconds, entry; uint32_t first; size_t count; } rows[] = {
        {100, 0, 4, 4}, {21, 0, 2, 2}, {22, 0, 2, 2}, {23, 0, 3, 3}, {6, 0, 4, 4}, {100, 3, 3, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instant now = {START + rows[i].seconds * 1000000};
        CHECK_OK(show_findings(house.trust, control, rows[i].entry, now, arena, &found, NULL));
        CHECK_NUMBER(found.items[0].entry, rows[i].first);
        CHECK_NUMBER(found.count, rows[i].count);
    }
    CHECK_NUMBER(show_findings(house.trust, control, 9, house.at.now, arena, &found, NULL), ST_NOT_FOUND);
    close_house();
}

int main(void)
{
    event_log_sink(take_alert, NULL);
    TEST(all_are_tried_at_the_start);
    TEST(cadences_are_kept);
    TEST(failing_and_mended);
    TEST(what_is_not_answered_is_not_found);
    TEST(evidence_of_another_check_is_unknown);
    TEST(evidence_from_later_is_unknown);
    TEST(a_pace_is_kept);
    TEST(attested_until_a_day);
    TEST(shown);
    TEST(visitors_are_heard);
    TEST(a_flood_of_messages_ends);
    TEST(who_confirmed_hears_of_each_change_once);
    TEST(reports_become_outages);
    TEST(a_claim_has_its_evidence);
    TEST(days_are_measured);
    TEST(reports_are_refused);
    TEST(probes_follow_each_other);
    TEST(second_looks_are_told);
    TEST(questions_are_read);
    TEST(the_logs_key_is_pinned);
    TEST(findings_are_proven_in_turn);
    return check_done();
}
