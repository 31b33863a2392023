/* Trials and questions from inside: what a role finds, says, and cannot. */
#include <sys/socket.h>

#include "check.h"
#include "roles/messages/role_probes.h"
#include "roles/messages/trial.h"

static void the_first_failure_stays(void)
{
    struct trial trial = trial_create();
    CHECK_NUMBER(trial.result, TRIAL_UNTRIED);
    trial_holds(&trial);
    CHECK_NUMBER(trial.result, TRIAL_HOLDS);
    trial_fails(&trial, "one");
    trial_fails(&trial, "two");
    trial_holds(&trial);
    CHECK_NUMBER(trial.result, TRIAL_FAILS);
    CHECK_TEXT(slice_from(trial.cause), "one");
    trial_destroy(&trial);
}

static void facts_are_words(void)
{
    struct trial trial = trial_create();
    AUTO_ARENA arena = arena_create(1 << 16);
    char *large = arena_alloc(arena, TRIAL_FACTS_MAX + 1);
    trial_fact(&trial, "entries", LIT("3"));
    trial_fact(&trial, "place", LIT("a b\nc"));
    memset(large, 'x', TRIAL_FACTS_MAX);
    trial_fact(&trial, "large", (struct slice){large, TRIAL_FACTS_MAX}); /* left out whole */
    trial_fact(&trial, "none", SLICE_NONE);
    CHECK_TEXT(buffer_slice(&trial.facts), "entries=3 place=a_b_c none=");
    trial_destroy(&trial);
}

/* A role and its prober, over a real channel. */

static enum status holds(struct probe *probe, void *context, struct problem *why)
{
    (void)why;
    CHECK_TEXT(probe_argument(probe), "argument");
    probe_fact(probe, "count", "%d", *(int *)context);
    return probe_holds(probe);
}

static enum status fails(struct probe *probe, void *context, struct problem *why)
{
    (void)context, (void)why;
    return probe_fails(probe, "opened");
}

static enum status says_nothing(struct probe *probe, void *context, struct problem *why)
{
    (void)probe, (void)context, (void)why;
    return ST_OK;
}

static enum status cannot(struct probe *probe, void *context, struct problem *why)
{
    (void)!probe_holds(probe); /* said too early */
    (void)context;
    return problem_set(why, ST_UNAVAILABLE, "no database");
}

static struct role_probes probes;
static struct {
    bool there;
    struct probe_found found;
    struct arena *arena;
} got;

static void answer(void *context, const struct ipc_message *message, const struct moment *at)
{
    (void)context;
    role_probes_answer(&probes, message, at);
}

static void hear(void *context, const struct ipc_message *message, const struct moment *at)
{
    (void)context, (void)at;
    got.there = true;
    record_copy(message_kind(MESSAGE_PROBED)->type, message->object, got.arena, &got.found);
}

static void lose(void *context, struct ipc_channel *channel, const struct problem *why)
{
    (void)context, (void)channel;
    CHECK_TEXT(slice_from(why->detail), "");
}

static void questions_are_answered(void)
{
    static const struct {
        const char *question;
        enum status status;
        enum trial_result result;
        const char *cause, *facts, *problem;
    } rows[] = {
        {"holds", ST_OK, TRIAL_HOLDS, "", "count=7", ""},
        {"fails", ST_OK, TRIAL_FAILS, "opened", "", ""},
        {"says_nothing", ST_UNAVAILABLE, TRIAL_UNTRIED, "", "", "the probe found nothing out"},
        {"cannot", ST_UNAVAILABLE, TRIAL_UNTRIED, "", "", "no database"},
        {"unknown", ST_NOT_FOUND, TRIAL_UNTRIED, "", "", "no such question here"},
    };
    static int seven = 7;
    struct loop *loop;
    int ends[2];
    struct ipc_channel *asker = NULL, *role = NULL;
    struct ipc_rules asks = {"a", role_may_say(ROLE_PROBER, ROLE_KEYD), role_may_say(ROLE_KEYD, ROLE_PROBER), hear, lose, NULL};
    struct ipc_rules answers = {"b", asks.receives, asks.sends, answer, lose, NULL};
    role_probes_add(&probes, "holds", holds, &seven);
    role_probes_add(&probes, "fails", fails, NULL);
    role_probes_add(&probes, "says_nothing", says_nothing, NULL);
    role_probes_add(&probes, "cannot", cannot, NULL);
    CHECK_OK(loop_create(&loop, NULL));
    CHECK_NUMBER(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    CHECK_OK(ipc_open(loop, ends[0], &asks, &asker, NULL));
    CHECK_OK(ipc_open(loop, ends[1], &answers, &role, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct probe_asked asked = {slice_from(rows[i].question), LIT("argument")};
        uint32_t call;
        check_row(rows[i].question);
        got.there = false;
        got.arena = arena;
        CHECK_OK(ipc_ask(asker, MESSAGE_PROBE, &asked, &call, NULL));
        for (int turn = 0; turn < 20 && !got.there; turn++)
            CHECK_OK(loop_turn(loop, 100, NULL));
        CHECK_NUMBER(got.found.status, rows[i].status);
        CHECK_NUMBER(got.found.result, rows[i].result);
        CHECK_TEXT(got.found.cause, rows[i].cause);
        CHECK_TEXT(got.found.facts, rows[i].facts);
        CHECK_TEXT(got.found.problem, rows[i].problem);
    }
    ipc_destroy(&asker);
    ipc_destroy(&role);
    loop_destroy(&loop);
}

/* The prober reaches every role that runs, and nobody else asks such questions. */
static void the_prober_asks_all(void)
{
    for (int from = 0; from < ROLE_ID_COUNT_; from++)
        for (int to = 0; to < ROLE_RUN_COUNT_; to++) {
            struct ipc_kinds kinds = role_may_say((enum role_id)from, (enum role_id)to);
            bool may = false;
            for (size_t i = 0; i < kinds.count; i++)
                may = may || kinds.items[i]->number == MESSAGE_PROBE;
            check_row(role_rows[to].name);
            CHECK_NUMBER(may, from == ROLE_PROBER && to != ROLE_PROBER);
        }
}

int main(void)
{
    TEST(the_first_failure_stays);
    TEST(facts_are_words);
    TEST(questions_are_answered);
    TEST(the_prober_asks_all);
    return check_done();
}
