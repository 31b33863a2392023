/* The real prober, in its sandbox, with the test as trust and as every role that it asks: what roles say becomes what
 * it found, and what they cannot say is not found. argv[1] is rendezd. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "check.h"
#include "domain/control/control.h"

static const char *program;
enum { PATIENCE_MS = 15 * 1000 };

/* What the roles answer to CHIF-05, which asks three of them; `who` is the one that differs. */
static struct {
    enum role_id who;
    struct probe_found differs;
    unsigned asked;
    bool good_questions;
} play;
static struct {
    struct arena *arena;
    struct check_found found;
} got;

static void hear(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct bench *bench = context;
    struct probe_found holds = {.result = TRIAL_HOLDS, .facts = LIT("entries=10000 repeated=0")};
    (void)at;
    if (message->kind == MESSAGE_CHECKED) {
        record_copy(message_kind(MESSAGE_CHECKED)->type, message->object, got.arena, &got.found);
        return;
    }
    if (message->kind != MESSAGE_PROBE)
        return; /* what every role tells of itself */
    const struct probe_asked *asked = message->object;
    bool differs = message->channel == bench->peers[play.who];
    play.asked++;
    play.good_questions = play.good_questions && slice_equal(asked->question, LIT("fresh_entries"));
    CHECK_OK(ipc_answer(message, MESSAGE_PROBED, differs ? &play.differs : &holds, NULL));
}

static void check(struct bench *bench, const char *control)
{
    unsigned before = bench->inbox.count[MESSAGE_CHECKED];
    struct check_asked asked = {slice_from(control)};
    uint32_t call;
    play.asked = 0;
    play.good_questions = true;
    CHECK_OK(ipc_ask(bench->peers[ROLE_TRUST], MESSAGE_CHECK, &asked, &call, NULL));
    CHECK(bench_wait(bench, &bench->inbox.count[MESSAGE_CHECKED], before + 1, PATIENCE_MS));
}

static void roles_decide(void)
{
    const struct {
        const char *name, *control;
        enum role_id who;
        struct probe_found differs;
        enum trial_result result;
        const char *cause, *part; /* of facts or problem */
    } rows[] = {
        {"all hold", "CHIF-05", ROLE_KEYD, {.result = TRIAL_HOLDS, .facts = LIT("entries=5")}, TRIAL_HOLDS, "", "keyd_entries=5"},
        {"the last one fails", "CHIF-05", ROLE_KEYD, {.result = TRIAL_FAILS, .cause = LIT("repeated"), .facts = LIT("repeated=9")},
         TRIAL_FAILS, "repeated", "keyd_repeated=9"},
        {"the first one fails", "CHIF-05", ROLE_PLANNER, {.result = TRIAL_FAILS, .cause = LIT("not_random")},
         TRIAL_FAILS, "not_random", "authd_entries=10000"},
        {"one cannot", "CHIF-05", ROLE_AUTHD, {.status = ST_UNAVAILABLE, .problem = LIT("no database")},
         TRIAL_UNTRIED, "", "no database"},
        {"one knows no such question", "CHIF-05", ROLE_AUTHD, {.status = ST_NOT_FOUND, .problem = LIT("none")},
         TRIAL_UNTRIED, "", "authd, fresh_entries: none"},
        {"nothing tries it", "RH-01", ROLE_KEYD, {.status = ST_OK}, TRIAL_UNTRIED, "", "nothing tries this control"},
        {"no control", "XY-01", ROLE_KEYD, {.status = ST_OK}, TRIAL_UNTRIED, "", "nothing tries this control"},
    };
    struct bench bench;
    bench_create(&bench, ROLE_PROBER, "");
    bench.receive = hear;
    bench.context = &bench;
    CHECK(bench_start(&bench, program));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        check_row(rows[i].name);
        play.who = rows[i].who;
        play.differs = rows[i].differs;
        got.arena = arena;
        check(&bench, rows[i].control);
        CHECK_NUMBER(got.found.result, rows[i].result);
        CHECK_TEXT(got.found.control, rows[i].control);
        CHECK_TEXT(got.found.cause, rows[i].cause);
        CHECK(slice_contains(got.found.facts, slice_from(rows[i].part)) ||
              slice_contains(got.found.problem, slice_from(rows[i].part)));
        CHECK(play.good_questions);
        if (rows[i].result != TRIAL_UNTRIED)
            CHECK_NUMBER(play.asked, 3);
        const struct control *control = control_find(slice_from(rows[i].control));
        CHECK_TEXT(got.found.digest, control == NULL ? "" : control->digest);
    }
    CHECK_NUMBER(bench.inbox.closed, 0);
    bench_destroy(&bench);
}

/* Nobody but trust says what to try. */
static void others_have_no_say(void)
{
    for (int id = 0; id < ROLE_RUN_COUNT_; id++) {
        struct ipc_kinds kinds = role_may_say((enum role_id)id, ROLE_PROBER);
        check_row(role_rows[id].name);
        for (size_t i = 0; i < kinds.count; i++)
            CHECK(kinds.items[i]->number != MESSAGE_CHECK || id == ROLE_TRUST);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    program = argv[1];
    signal(SIGPIPE, SIG_IGN);
    TEST(roles_decide);
    TEST(others_have_no_say);
    return check_done();
}
