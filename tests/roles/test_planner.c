/* The real planner, in its sandbox, and at the other end of its channels a keyd, an authd and an api
 * that somebody has stolen: what it asks in whose name, with everything it ever carried. argv[1] is
 * rendezd. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "bench.h"
#include "platform/assertion/assertion.h"
#include "roles/config/config.h"
#include "roles/parent/prepare.h"
#include "roles/messages/callers.h"
#include "roles/planner/test_house.h"

enum { ANSWER_MS = 10000, KEY_AGAIN_MS = 1200, SECOND_US = 1000000, LOG_BYTES_MAX = 1 << 20 };

static const char list[] = "meetings.list", show[] = "meetings.show";

static const char *program;
static struct bench bench;
static struct arena *texts;
static struct keyd *keyd;        /* whose keys the store is under */
static struct keyd *next_keyd;   /* not NULL: whose key of callers counts, as if the root key was rotated */
static unsigned caller_keys;     /* that the planner has asked for */
static struct slice meeting;     /* of p-ada */
static int log_fd = -1;

static struct { /* the last answer to api */
    unsigned count;
    uint32_t call;
    enum status status;
    struct slice json;
} answered;

static void give(const struct ipc_message *message)
{
    const struct key_ask *ask = message->object;
    bool callers = ask->purpose == KEY_FOR_CALLERS;
    struct key_given given;
    AUTO_SECRET key = NULL;
    caller_keys += callers;
    keyd_answer_key(callers && next_keyd != NULL ? next_keyd : keyd, ROLE_PLANNER, ask, texts, &given, &key);
    CHECK_OK(ipc_answer(message, MESSAGE_KEY, &given, NULL));
}

static void take_message(void *context, const struct ipc_message *message, const struct moment *at)
{
    (void)context, (void)at;
    if (message->kind == MESSAGE_KEY_ASK)
        give(message);
    if (message->kind != MESSAGE_ANSWER)
        return;
    const struct answer *answer = message->object;
    answered.count++;
    answered.call = message->call;
    answered.status = answer->status;
    answered.json = arena_copy(texts, answer->json);
}

/* Whatever was due since then is done: the planner that starts next has nothing to do by itself. */
static void settle(struct house *house)
{
    struct instant due;
    house->now = clock_now();
    for (int i = 0; i < 20 && planner_next_due(house->planner, &due) && due.us <= house->now.us; i++) {
        CHECK_OK(planner_wake(house->planner, house->now, NULL));
        collect(house);
    }
    CHECK(!planner_next_due(house->planner, &due) || due.us > house->now.us + 600 * (int64_t)SECOND_US);
}

/* A store in which p-ada has asked for a meeting, and p-other for nothing. */
static void make_store(void)
{
    struct config config;
    struct house *house = begin_in(bench_path(&bench, "store/rendez.db"), false, (struct planner_limits){0});
    add_person(house, "p-other", "Lena Roux", "lena@bureau.example", true);
    ask_for_a_meeting(house, bob);
    meeting = arena_copy(texts, only_meeting(house).id);
    settle(house);
    keyd = house->keyd;
    house->keyd = NULL; /* ours */
    finish(house);
    CHECK_OK(config_load(bench.folder, texts, &config, NULL));
    CHECK_OK(prepare_folders(&config, ROLE_PLANNER, NULL));
}

/* Its log goes to a file of ours. */
static bool start_planner(void)
{
    AUTO_FD own = dup(STDERR_FILENO);
    CHECK(dup2(log_fd, STDERR_FILENO) >= 0);
    bool serves = bench_start(&bench, program);
    CHECK(dup2(own, STDERR_FILENO) >= 0);
    return serves;
}

static void start(void)
{
    caller_keys = 0;
    bench_create(&bench, ROLE_PLANNER, "");
    bench.receive = take_message;
    make_store();
    log_fd = open(bench_path(&bench, "log"), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    CHECK(log_fd >= 0);
    CHECK(start_planner());
}

/* How many refusals for that cause are in the log. */
static unsigned refusals(const char *cause)
{
    AUTO_ARENA arena = arena_create(4 * LOG_BYTES_MAX);
    struct slice text, line;
    unsigned count = 0;
    CHECK(lseek(log_fd, 0, SEEK_SET) == 0);
    CHECK_OK(fd_read_all(log_fd, LOG_BYTES_MAX, arena, &text, NULL));
    struct slice wanted = arena_format(arena, "\"%s\"", cause);
    while (slice_next_line(&text, &line))
        count += slice_contains(line, LIT("caller.assertion.refused")) &&
                 (cause[0] == '\0' || slice_contains(line, wanted));
    return count;
}

static void count_entries(unsigned *entries)
{
    struct store *store;
    AUTO_ARENA arena = arena_create(64 << 20);
    struct log_entry_list all;
    CHECK_OK(store_open(&sqlite_driver, bench_path(&bench, "store/rendez.db"), &store, NULL));
    CHECK_OK(store_list_log(store, 0, arena, &all, NULL));
    *entries = (unsigned)all.count;
    store_destroy(&store);
}

static void stop(void)
{
    bench_destroy(&bench);
    fd_close(&log_fd);
    keyd_destroy(&keyd);
    keyd_destroy(&next_keyd);
}

/* What authd would assert of somebody who asks this now. */
static struct caller_assertion said_of(const char *person, const char *command, struct slice json)
{
    unsigned char *digest = arena_alloc(texts, ASSERTION_DIGEST_BYTES);
    struct instant now = clock_now();
    vault_sha256(json, digest);
    return (struct caller_assertion){
        .person = slice_from(person),
        .organisation = LIT("o"),
        .function = LIT("organizer"),
        .right = LIT("meetings.read"),
        .session = LIT("s_1"),
        .command = slice_from(command),
        .digest = {(char *)digest, ASSERTION_DIGEST_BYTES},
        .issued = now,
        .ends = {now.us + 60 * (int64_t)SECOND_US},
    };
}

static struct slice signed_by(struct keyd *whose, struct caller_assertion said)
{
    AUTO_SECRET key = NULL;
    struct slice bytes = SLICE_NONE;
    CHECK_OK(keyd_caller_key(whose, &key, NULL));
    CHECK_OK(caller_assertion_make(key, &said, texts, &bytes, NULL));
    return bytes;
}

static enum status ask_planner(const char *name, struct slice json, struct slice assertion)
{
    struct command command = {.name = slice_from(name), .json = json, .assertion = assertion};
    uint32_t call;
    unsigned before = answered.count;
    CHECK_OK(ipc_ask(bench.peers[ROLE_API], MESSAGE_COMMAND, &command, &call, NULL));
    CHECK(bench_wait(&bench, &answered.count, before + 1, ANSWER_MS));
    CHECK_NUMBER(answered.call, call);
    return answered.status;
}

/* As the real api does it. */
static enum status ask_in_order(const char *person)
{
    return ask_planner(list, LIT("{}"), signed_by(keyd, said_of(person, list, LIT("{}"))));
}

/* One refusal, of that cause, and no word of any meeting. */
static void check_refused(const char *row, const char *cause, const char *name, struct slice json,
                          struct slice assertion)
{
    unsigned all = refusals(""), of_cause = refusals(cause);
    check_row(row);
    CHECK_NUMBER(ask_planner(name, json, assertion), ST_DENIED);
    CHECK(slice_contains(answered.json, LIT("\"code\":\"assertion\"")));
    CHECK(!slice_contains(answered.json, meeting) && !slice_contains(answered.json, LIT("ada")));
    CHECK_NUMBER(refusals(""), all + 1);
    CHECK_NUMBER(refusals(cause), of_cause + 1);
}

static void a_stolen_api_cannot_name_anybody(void)
{
    unsigned before, after;
    start();
    count_entries(&before);
    struct slice one = arena_format(texts, "{\"id\":\"%.*s\"}", SLICE_ARG(meeting));
    struct slice carried = signed_by(keyd, said_of("p-other", list, LIT("{}")));
    CHECK_OK(ask_planner(list, LIT("{}"), carried));
    CHECK_TEXT(answered.json, "{\"meetings\":[]}");

    /* A caller of its own making. */
    AUTO_KEYD own = NULL;
    CHECK_OK(keyd_create_for_replay(&own, NULL));
    check_refused("no assertion at all", "nobody", list, LIT("{}"), SLICE_NONE);
    check_refused("a person in the json", "nobody", list, LIT("{\"caller\":{\"person\":\"p-ada\",\"right\":\"meetings.read\"}}"),
                  SLICE_NONE);
    check_refused("under a key of its own", "nobody", list, LIT("{}"), signed_by(own, said_of("p-ada", list, LIT("{}"))));
    check_refused("with another person written in", "nobody", list, LIT("{}"),
                  arena_format(texts, "%.*s-and-p-ada", SLICE_ARG(carried)));

    /* What it has carried. */
    check_refused("a replay", "replayed", list, LIT("{}"), carried);
    check_refused("stolen, with other json", "of_another", show, one,
                  signed_by(keyd, said_of("p-ada", show, LIT("{\"id\":\"m_9\"}"))));
    check_refused("stolen, for another command", "of_another", show, one, signed_by(keyd, said_of("p-ada", list, one)));
    struct caller_assertion old = said_of("p-ada", list, LIT("{}"));
    old.issued.us -= 61 * (int64_t)SECOND_US;
    old.ends.us -= 61 * (int64_t)SECOND_US;
    check_refused("kept for later", "time", list, LIT("{}"), signed_by(keyd, old));

    /* What authd asserts is believed, and goes no further than its right. */
    struct caller_assertion other = said_of("p-ada", show, one);
    other.right = LIT("account.own");
    unsigned all = refusals("");
    CHECK_NUMBER(ask_planner(show, one, signed_by(keyd, other)), ST_DENIED);
    CHECK(!slice_contains(answered.json, LIT("assertion")));
    CHECK_NUMBER(refusals(""), all);
    CHECK_NUMBER(ask_planner(show, one, signed_by(keyd, said_of("p-other", show, one))), ST_NOT_FOUND);
    CHECK_OK(ask_planner(show, one, signed_by(keyd, said_of("p-ada", show, one))));
    CHECK(slice_contains(answered.json, meeting));
    CHECK_OK(ask_planner("health", LIT("{}"), SLICE_NONE)); /* who needs to be nobody is asked nothing */

    CHECK(!bench_has_ended(&bench));
    bench_kill(&bench, SIGKILL);
    count_entries(&after);
    CHECK_NUMBER(after, before);
    stop();
}

static void say_ended(const char *person, const char *session, struct instant at)
{
    unsigned before = bench.inbox.count[MESSAGE_PERSON_ENDED_DONE];
    struct person_ended word = {.id = LIT("e_1"), .person = slice_from(person), .session = slice_from(session),
                                .cause = LIT("function"), .at = at};
    CHECK_OK(ipc_send(bench.peers[ROLE_AUTHD], MESSAGE_PERSON_ENDED, &word, NULL));
    CHECK(bench_wait(&bench, &bench.inbox.count[MESSAGE_PERSON_ENDED_DONE], before + 1, ANSWER_MS));
}

static void who_has_ended_asks_nothing(void)
{
    start();
    struct slice first = signed_by(keyd, said_of("p-ada", list, LIT("{}")));
    struct slice second = signed_by(keyd, said_of("p-ada", list, LIT("{}")));
    struct slice other = signed_by(keyd, said_of("p-other", list, LIT("{}")));
    say_ended("p-ada", "s_9", clock_now());
    CHECK_OK(ask_planner(list, LIT("{}"), first)); /* another session of hers */
    say_ended("p-ada", "", clock_now());
    check_refused("asserted before the end", "ended", list, LIT("{}"), second);
    CHECK_OK(ask_planner(list, LIT("{}"), other));
    CHECK_OK(ask_in_order("p-ada")); /* she is somebody else here, from now on */
    second = signed_by(keyd, said_of("p-ada", list, LIT("{}")));
    say_ended("p-ada", "s_1", clock_now());
    check_refused("asserted before the session's end", "ended", list, LIT("{}"), second);
    stop();
}

/* What the planner before this one has taken, this one does not know; so it counts no more. */
static void a_planner_that_begins_anew_takes_nothing_twice(void)
{
    start();
    struct slice carried = signed_by(keyd, said_of("p-ada", list, LIT("{}")));
    struct slice unused = signed_by(keyd, said_of("p-ada", list, LIT("{}")));
    CHECK_OK(ask_planner(list, LIT("{}"), carried));
    bench_kill(&bench, SIGKILL);
    CHECK(start_planner());
    check_refused("taken by the planner before", "before", list, LIT("{}"), carried);
    check_refused("asserted before the planner began", "before", list, LIT("{}"), unused);
    CHECK_OK(ask_in_order("p-ada")); /* api asks authd anew */
    stop();
}

/* Until the planner has told the new one of its meetings: it has heard of it then. */
static void begin_keyd_anew(void)
{
    unsigned told = bench.inbox.count[MESSAGE_MEETING_STATE];
    bench_replace(&bench, ROLE_KEYD);
    CHECK(bench_wait(&bench, &bench.inbox.count[MESSAGE_MEETING_STATE], told + 1, ANSWER_MS));
}

/* keyd is started again, first with the same root key, then with another one; authd uses the new key
 * before or after the planner has heard of it. */
static void keyd_begins_anew_and_nobody_notices(void)
{
    start();
    CHECK_OK(ask_in_order("p-ada"));
    CHECK_NUMBER(caller_keys, 1);
    for (int i = 0; i < 3; i++)
        CHECK_OK(ask_in_order("p-ada"));
    CHECK_NUMBER(caller_keys, 1); /* held */
    begin_keyd_anew();
    for (int i = 0; i < 3; i++)
        CHECK_OK(ask_in_order("p-ada"));
    CHECK_NUMBER(caller_keys, 2);

    struct slice under_way = signed_by(keyd, said_of("p-ada", list, LIT("{}")));
    CHECK_OK(keyd_create_for_replay(&next_keyd, NULL));
    begin_keyd_anew();
    CHECK_OK(ask_planner(list, LIT("{}"), signed_by(next_keyd, said_of("p-ada", list, LIT("{}")))));
    CHECK_NUMBER(caller_keys, 3);
    CHECK_OK(ask_planner(list, LIT("{}"), under_way));

    /* Without a word of its restart: what the planner's keys have not made is looked at with keyd's. */
    keyd_destroy(&next_keyd);
    CHECK_OK(keyd_create_for_replay(&next_keyd, NULL));
    for (int64_t end = clock_monotonic_ms() + KEY_AGAIN_MS; clock_monotonic_ms() < end;)
        bench_turn(&bench);
    CHECK_OK(ask_planner(list, LIT("{}"), signed_by(next_keyd, said_of("p-ada", list, LIT("{}")))));
    CHECK_NUMBER(caller_keys, 4);
    AUTO_KEYD own = NULL;
    CHECK_OK(keyd_create_for_replay(&own, NULL));
    for (int i = 0; i < 5; i++) /* and not for every forgery */
        check_refused("a forgery", "nobody", list, LIT("{}"), signed_by(own, said_of("p-ada", list, LIT("{}"))));
    CHECK_NUMBER(caller_keys, 4);
    stop();
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "rendezd";
    texts = arena_create((size_t)256 << 20);
    TEST(a_stolen_api_cannot_name_anybody);
    TEST(who_has_ended_asks_nothing);
    TEST(a_planner_that_begins_anew_takes_nothing_twice);
    TEST(keyd_begins_anew_and_nobody_notices);
    arena_destroy(&texts);
    return check_done();
}
