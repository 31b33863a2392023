/* The real keyd, in its sandbox, and at the other end of its channels a planner, an authd and a
 * console that somebody has stolen: what it asks for, with everything it ever had. argv[1] is
 * rendezd; with "--bench" behind it, how fast entries open under a lease. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "check.h"
#include "platform/assertion/assertion.h"
#include "roles/keyd/keyd.h"
#include "roles/messages/held.h"
#include "roles/parent/prepare.h"

enum { ANSWER_MS = 5000, SECOND_US = 1000000, BENCH_ENTRIES = 400000, BENCH_ENTRY_BYTES = 200,
       BENCH_DIFFERENT = 1000 };

static const char *program;
static struct bench bench;
static struct arena *texts;

/* What the installation has stored, as keyd itself has made it. */
static struct keyd *keyd;
static struct secret *assertion_key;
static struct wrapped_key acme, bolt;
static struct stored {
    const char *organisation, *id, *assigned;
    struct wrapped_key wrapped;
    struct secret *key;
} meetings[] = {
    {.organisation = "acme", .id = "m_1", .assigned = "p_1"},
    {.organisation = "acme", .id = "m_2", .assigned = ""},
    {.organisation = "bolt", .id = "m_3", .assigned = "p_1"},
    {.organisation = "acme", .id = "m_4", .assigned = "p_1"},
};
enum { MEETINGS = sizeof meetings / sizeof *meetings };

/* PERSON_ENDED_DONE as authd got it. */
static struct {
    unsigned count;
    char id[40];
    int64_t ended;
} done;

/* LEASE_END as the console got it. */
static struct {
    unsigned count;
    char lease[80], cause[40];
} ended;

/* LOG_APPEND as logd got it; it answers unless it is told not to. */
static struct {
    bool silent, forgets;
    int64_t kept;
    char source[40];
    char last[2048]; /* kind and ids */
    char all[65536];
} journal;

static void receive_append(const struct ipc_message *message)
{
    const struct log_append *said = message->object;
    if (journal.silent)
        return;
    CHECK(slice_starts(said->source, LIT("keyd.")) && said->source.len == 13);
    if (!slice_equal(said->source, slice_from(journal.source))) /* it was started again */
        journal.kept = 0;
    snprintf(journal.source, sizeof journal.source, "%.*s", SLICE_ARG(said->source));
    for (size_t i = 0; i < said->lines.count; i++) {
        const struct log_line *line = &said->lines.items[i];
        CHECK(said->first + (int64_t)i <= journal.kept + 1);
        if (said->first + (int64_t)i != journal.kept + 1)
            continue;
        journal.kept++;
        snprintf(journal.last, sizeof journal.last, "%.*s %.*s", SLICE_ARG(line->kind), SLICE_ARG(line->ids));
        size_t used = strlen(journal.all);
        snprintf(journal.all + used, sizeof journal.all - used, "%s\n", journal.last);
    }
    struct log_kept answer = {said->source, journal.kept};
    if (!journal.forgets)
        CHECK_OK(ipc_send(message->channel, MESSAGE_LOG_KEPT, &answer, NULL));
}

/* LEASE as the console got it. */
static struct {
    unsigned count;
    struct lease_given given;
} answer;

static void receive_lease(const struct lease_given *given)
{
    answer.count++;
    answer.given = *given;
    answer.given.lease = arena_copy(texts, given->lease);
    answer.given.key = arena_copy(texts, given->key);
    answer.given.problem = arena_copy(texts, given->problem);
}

static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    (void)context, (void)at;
    if (message->kind == MESSAGE_LOG_APPEND)
        receive_append(message);
    if (message->kind == MESSAGE_LEASE)
        receive_lease(message->object);
    if (message->kind == MESSAGE_PERSON_ENDED_DONE) {
        const struct person_ended_done *said = message->object;
        done.count++;
        done.ended = said->ended;
        snprintf(done.id, sizeof done.id, "%.*s", SLICE_ARG(said->id));
    }
    if (message->kind != MESSAGE_LEASE_END)
        return;
    const struct lease_end *word = message->object;
    ended.count++;
    snprintf(ended.lease, sizeof ended.lease, "%.*s", SLICE_ARG(word->lease));
    snprintf(ended.cause, sizeof ended.cause, "%.*s", SLICE_ARG(word->cause));
}

static void make_installation(void)
{
    AUTO_SECRET root = NULL;
    const char *path = bench_path(&bench, "root.key");
    CHECK_OK(root_key_create(path, LIT("a passphrase"), &root, NULL));
    CHECK_OK(keyd_open(bench_path(&bench, "root.key"), LIT("a passphrase"), &keyd, NULL));
    CHECK_OK(keyd_assertion_key(keyd, &assertion_key, NULL));
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("acme"), 1, texts, &acme, NULL));
    CHECK_OK(keyd_new_organisation_key(keyd, LIT("bolt"), 1, texts, &bolt, NULL));
    for (size_t i = 0; i < MEETINGS; i++)
        CHECK_OK(keyd_new_meeting_key(keyd, slice_from(meetings[i].organisation),
                                      meetings[i].organisation[0] == 'a' ? acme : bolt,
                                      slice_from(meetings[i].id), 1, texts, &meetings[i].wrapped,
                                      &meetings[i].key, NULL));
    struct config config;
    CHECK_OK(config_load(bench.folder, texts, &config, NULL));
    CHECK_OK(prepare_folders(&config, ROLE_KEYD, NULL)); /* as the parent gives it to keyd's user */
}

static void start(const char *config)
{
    bench_create(&bench, ROLE_KEYD, config);
    bench.secret = "a passphrase";
    bench.receive = receive;
    make_installation();
    CHECK(bench_start(&bench, program));
}

static void stop(void)
{
    memset(&journal, 0, sizeof journal);
    bench_destroy(&bench);
    for (size_t i = 0; i < MEETINGS; i++)
        secret_destroy(&meetings[i].key);
    secret_destroy(&assertion_key);
    keyd_destroy(&keyd);
}

static void tell(const struct meetings_told *told)
{
    CHECK_OK(ipc_send(bench.peers[ROLE_PLANNER], MESSAGE_MEETING_STATE, told, NULL));
    /* One channel is read before another or behind it: an answer on this one says that it was read. */
    struct key_ask ask = {.purpose = KEY_FOR_LOOKUPS};
    struct key_given given;
    AUTO_ARENA arena = arena_create_wiped(1 << 20);
    CHECK_OK(ipc_call(bench.peers[ROLE_PLANNER], MESSAGE_KEY_ASK, &ask, MESSAGE_KEY, ANSWER_MS, arena,
                      &given, NULL));
}

/* All but m_4. */
static void tell_all(void)
{
    struct meeting_mark marks[3];
    for (int i = 0; i < 3; i++)
        marks[i] = (struct meeting_mark){slice_from(meetings[i].id), slice_from(meetings[i].organisation),
                                         slice_from(meetings[i].assigned)};
    tell(&(struct meetings_told){.whole = true, .complete = true, .in_progress = {marks, 3, 3}});
}

static void tell_over(const char *id)
{
    struct slice over[] = {slice_from(id)};
    tell(&(struct meetings_told){.over = {over, 1, 1}});
}

/* Of a supervisor who may, now. */
static struct assertion good(const struct stored *meeting)
{
    struct instant now = clock_now();
    return (struct assertion){
        .person = LIT("p_1"),
        .organisation = LIT("desk"),
        .kind = LIT("processor"),
        .function = LIT("supervisor"),
        .factor = LIT("passkey"),
        .session = LIT("s_1"),
        .inside = true,
        .purpose = LIT("supervision"),
        .client = slice_from(meeting->organisation),
        .meeting = slice_from(meeting->id),
        .issued = now,
        .ends = {now.us + 60 * (int64_t)SECOND_US},
    };
}

static struct slice assertion_of(struct assertion said)
{
    struct slice bytes = SLICE_NONE;
    CHECK_OK(assertion_make(assertion_key, &said, texts, &bytes, NULL));
    return bytes;
}

static struct lease_ask ask_of(const struct stored *meeting, struct slice assertion)
{
    bool first = meeting->organisation[0] == 'a';
    return (struct lease_ask){
        .purpose = LIT("supervision"),
        .organisation = slice_from(meeting->organisation),
        .organisation_key = first ? acme.sealed.bytes : bolt.sealed.bytes,
        .meeting = slice_from(meeting->id),
        .wrapped = meeting->wrapped.sealed.bytes,
        .assertion = assertion,
    };
}

static struct lease_given ask(const struct lease_ask *question)
{
    uint32_t call;
    unsigned before = answer.count;
    CHECK_OK(ipc_ask(bench.peers[ROLE_CONSOLE], MESSAGE_LEASE_ASK, question, &call, NULL));
    CHECK(bench_wait(&bench, &answer.count, before + 1, ANSWER_MS));
    return answer.given;
}

static void check_refused(const char *name, const struct lease_ask *question)
{
    struct lease_given given = ask(question);
    check_row(name);
    CHECK_NUMBER(given.status, ST_DENIED);
    CHECK_NUMBER(given.key.len, 0);
    CHECK_NUMBER(given.lease.len, 0);
}

static const char *part_of(const struct lease_ask *question)
{
    for (int part = 0; part < CASE_PART_COUNT_; part++)
        if (slice_equal(question->purpose, slice_from(key_purpose_names[case_parts[part].purpose])))
            return case_parts[part].name;
    return "";
}

static struct lease_given check_given(const struct stored *meeting, const struct lease_ask *question)
{
    struct lease_given given = ask(question);
    CHECK_NUMBER(given.status, ST_OK);
    AUTO_SECRET key = vault_part_key(meeting->key, slice_from(part_of(question)));
    CHECK(slice_equal(given.key, (struct slice){(const char *)secret_bytes(key), VAULT_KEY_BYTES}));
    CHECK(given.lease.len > 0 && given.ends.us > clock_now().us);
    return given;
}

static void a_stolen_console_cannot_open_a_closed_request(void)
{
    start("");
    struct slice old = assertion_of(good(&meetings[0]));
    struct lease_ask question = ask_of(&meetings[0], old);
    check_refused("before the planner has said what is in progress", &question);
    tell_all();
    question.assertion = assertion_of(good(&meetings[0]));
    struct lease_given given = check_given(&meetings[0], &question);
    ended.count = 0;
    tell_over("m_1");
    CHECK(bench_wait(&bench, &ended.count, 1, ANSWER_MS));
    CHECK_TEXT(given.lease, ended.lease);
    CHECK_TEXT(slice_from(ended.cause), "meeting_over");
    check_refused("with everything that it had", &question);
    question.assertion = old;
    check_refused("with an assertion that was refused before", &question);
    question.assertion = assertion_of(good(&meetings[0]));
    check_refused("with a fresh assertion", &question);
    question.assertion = SLICE_NONE;
    check_refused("with none", &question);
    /* keyd is started again, and so forgets; it knows of no meeting then. */
    bench_kill(&bench, SIGKILL);
    CHECK(bench_start(&bench, program));
    question.assertion = assertion_of(good(&meetings[0]));
    check_refused("from a keyd that was started again", &question);
    tell_all();
    question.assertion = assertion_of(good(&meetings[0]));
    check_given(&meetings[0], &question);
    CHECK(!bench_has_ended(&bench));
    stop();
}

/* Each row changes one thing of an ask that would be granted. */
static void what_does_not_fit_is_refused(void)
{
    start("");
    tell_all();
    struct assertion said = good(&meetings[0]);
    const struct {
        const char *name;
        struct assertion said;
    } people[] = {
#define WITH(what, member, value) {what, {.person = said.person, .organisation = said.organisation,          \
    .kind = said.kind, .function = said.function, .factor = said.factor, .session = said.session, .inside = true, \
    .purpose = said.purpose, .client = said.client, .meeting = said.meeting, .issued = said.issued,              \
    .ends = said.ends, .member = value}}
        WITH("another person", person, LIT("p_2")),
        WITH("a client's organizer", function, LIT("organizer")),
        WITH("an operator", function, LIT("operator")),
        WITH("a client's organisation", kind, LIT("client")),
        WITH("over the Internet", inside, false),
        WITH("a recovery code", factor, LIT("password+recovery")),
        WITH("for another meeting", meeting, LIT("m_2")),
        WITH("for another client", client, LIT("bolt")),
        WITH("for another purpose", purpose, LIT("open_meeting")),
        WITH("of the day before", ends, (struct instant){said.issued.us + 1}),
#undef WITH
    };
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        struct lease_ask question = ask_of(&meetings[0], assertion_of(people[i].said));
        check_refused(people[i].name, &question);
    }
    const struct {
        const char *name;
        struct stored meeting;
    } others[] = {{"assigned to nobody", meetings[1]}, {"not in progress", meetings[3]},
                  {"unknown", {"acme", "m_9", "", meetings[0].wrapped, NULL}},
                  {"another meeting's wrapped key", {"acme", "m_1", "", meetings[1].wrapped, NULL}},
                  {"of another organisation", {"bolt", "m_1", "", meetings[0].wrapped, NULL}},
                  {"a wrapped key that is none", {"acme", "m_1", "", {{LIT("x")}, 1}, NULL}}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct lease_ask question = ask_of(&others[i].meeting, assertion_of(good(&others[i].meeting)));
        check_refused(others[i].name, &question);
    }
    struct lease_ask question = ask_of(&meetings[0], assertion_of(good(&meetings[0])));
    question.purpose = LIT("open_meeting");
    check_refused("the planner's purpose", &question);
    question = ask_of(&meetings[0], LIT("no assertion at all, but bytes that are long enough for one"));
    check_refused("an assertion that is none", &question);
    question = ask_of(&meetings[2], assertion_of(good(&meetings[2])));
    check_given(&meetings[2], &question); /* and this one was right all the time */
    check_refused("the same again", &question);
    stop();
}

/* What the console is lent opens that part, and neither another one nor anything that is stored. */
static void each_part_has_a_key_of_its_own(void)
{
    start("");
    tell_all();
    struct lease_ask question = ask_of(&meetings[0], SLICE_NONE);
    struct sealed sealed[CASE_PART_COUNT_], stored;
    const struct seal_place raw = {LIT("acme"), LIT("message"), LIT("raw"), LIT("r_1"), 1};
    CHECK_OK(vault_seal(meetings[0].key, &raw, LIT("stored"), texts, &stored, NULL));
    for (int part = 0; part < CASE_PART_COUNT_; part++) {
        struct slice name = slice_from(case_parts[part].name);
        struct seal_place place = vault_part_place(LIT("acme"), LIT("m_1"), name);
        AUTO_SECRET key = vault_part_key(meetings[0].key, name);
        CHECK_OK(vault_seal(key, &place, name, texts, &sealed[part], NULL));
    }
    for (int part = 0; part < CASE_PART_COUNT_; part++) {
        struct assertion said = good(&meetings[0]);
        said.purpose = question.purpose = slice_from(key_purpose_names[case_parts[part].purpose]);
        question.assertion = assertion_of(said);
        struct lease_given given = check_given(&meetings[0], &question);
        AUTO_SECRET lent = secret_create((const unsigned char *)given.key.data, given.key.len);
        struct slice plain;
        check_row(case_parts[part].name);
        CHECK_NUMBER(vault_open(lent, &raw, stored, texts, &plain, NULL), ST_DENIED);
        for (int other = 0; other < CASE_PART_COUNT_; other++) {
            struct seal_place place = vault_part_place(LIT("acme"), LIT("m_1"), slice_from(case_parts[other].name));
            CHECK_NUMBER(vault_open(lent, &place, sealed[other], texts, &plain, NULL), other == part ? ST_OK : ST_DENIED);
        }
    }
    /* One part's assertion shown for another one. */
    question.purpose = LIT("supervision_words");
    question.assertion = assertion_of(good(&meetings[0]));
    check_refused("another part", &question);
    stop();
}

static void who_left_holds_nothing(void)
{
    start("");
    tell_all();
    struct person_ended word = {.id = LIT("e_1"), .person = LIT("p_1"), .cause = LIT("left")};
    struct assertion before = good(&meetings[2]);
    struct lease_ask first = ask_of(&meetings[0], assertion_of(good(&meetings[0])));
    struct lease_ask third = ask_of(&meetings[2], assertion_of(good(&meetings[2])));
    check_given(&meetings[0], &first);
    struct lease_given given = check_given(&meetings[2], &third);
    /* One is given back. */
    struct lease_end back = {given.lease, LIT("given_back")};
    ended.count = 0;
    CHECK_OK(ipc_send(bench.peers[ROLE_CONSOLE], MESSAGE_LEASE_END, &back, NULL));
    check_refused("replayed", &third); /* and so the word before was read */
    done.count = 0;
    CHECK_OK(ipc_send(bench.peers[ROLE_AUTHD], MESSAGE_PERSON_ENDED, &word, NULL));
    CHECK(bench_wait(&bench, &done.count, 1, ANSWER_MS));
    CHECK_TEXT(slice_from(done.id), "e_1");
    CHECK_NUMBER(done.ended, 1);
    CHECK(bench_wait(&bench, &ended.count, 1, ANSWER_MS));
    CHECK_TEXT(slice_from(ended.cause), "person_ended");
    third.assertion = assertion_of(before);
    check_refused("with what authd said before", &third);
    stop();
}

static void check_opens(const struct stored *meeting)
{
    struct lease_ask question = ask_of(meeting, assertion_of(good(meeting)));
    check_given(meeting, &question);
}

static void check_paused(const char *name, const struct stored *meeting)
{
    struct lease_ask question = ask_of(meeting, assertion_of(good(meeting)));
    struct lease_given given = ask(&question);
    check_row(name);
    CHECK_NUMBER(given.status, ST_DENIED);
    CHECK_TEXT(given.problem, "paused");
    CHECK_NUMBER(given.key.len, 0);
}

static void lift(void)
{
    CHECK_OK(ipc_send_fd(bench.control, ROLE_WORD_LIFT, -1, NULL));
    for (int i = 0; i < 10; i++)
        bench_turn(&bench);
}

static void fall_and_begin_anew(void)
{
    bench_kill(&bench, SIGKILL);
    CHECK(bench_start(&bench, program));
    tell_all();
}

/* The fourth opening in an hour is one too many; an operator says when it goes on. */
static void who_opens_too_much_is_paused(void)
{
    start("limits = { openings_per_person = 3; };\n");
    tell_all();
    for (int i = 0; i < 3; i++)
        check_opens(&meetings[0]);
    ended.count = 0;
    check_paused("one too many", &meetings[2]);
    CHECK(bench_wait(&bench, &ended.count, 1, ANSWER_MS));
    CHECK_TEXT(slice_from(ended.cause), "paused");
    check_paused("and again", &meetings[0]);
    lift();
    check_opens(&meetings[0]);
    stop();
}

/* Whoever can make keyd fall ends neither a pause nor an hour. */
static void a_fall_ends_no_pause(void)
{
    start("limits = { openings_per_person = 3; };\n");
    tell_all();
    check_opens(&meetings[0]);
    check_opens(&meetings[0]);
    fall_and_begin_anew();
    check_opens(&meetings[0]);
    fall_and_begin_anew();
    check_paused("the hour went on", &meetings[0]);
    fall_and_begin_anew();
    check_paused("and so did the pause", &meetings[2]);
    lift();
    check_opens(&meetings[0]);
    fall_and_begin_anew();
    check_opens(&meetings[0]); /* what was lifted stays so */
    stop();
}

/* What keyd did not write it does not believe: then it opens for nobody, and says so. */
static void a_file_that_was_changed_pauses_everybody(void)
{
    start("");
    tell_all();
    check_opens(&meetings[0]);
    bench_kill(&bench, SIGKILL);
    CHECK(truncate(bench_path(&bench, "keyd/openings"), 1000) == 0);
    CHECK(bench_start(&bench, program));
    tell_all();
    check_paused("nobody knows", &meetings[0]);
    lift();
    check_opens(&meetings[0]);
    /* One from before there was such a file. */
    bench_kill(&bench, SIGKILL);
    CHECK(unlink(bench_path(&bench, "keyd/openings")) == 0);
    CHECK(bench_start(&bench, program));
    tell_all();
    check_opens(&meetings[0]);
    stop();
}

static void codes_are_checked_where_their_secrets_are(void)
{
    start("");
    struct code_given made = {.status = ST_UNAVAILABLE}, given;
    struct code_ask question = {.act = CODE_MAKE, .factor = LIT("f_1"), .at = clock_now()};
    CHECK_OK(ipc_call(bench.peers[ROLE_AUTHD], MESSAGE_CODE_ASK, &question, MESSAGE_CODE, ANSWER_MS, texts, &made, NULL));
    CHECK_NUMBER(made.status, ST_OK);
    CHECK_NUMBER(made.secret.len, 32); /* 160 bits in base 32 */
    CHECK(made.sealed.len > VAULT_OVERHEAD && !slice_contains(made.sealed, made.secret));
    question.act = CODE_CHECK;
    question.sealed = made.sealed;
    question.code = LIT("12345");
    CHECK_OK(ipc_call(bench.peers[ROLE_AUTHD], MESSAGE_CODE_ASK, &question, MESSAGE_CODE, ANSWER_MS, texts, &given, NULL));
    CHECK_NUMBER(given.status, ST_DENIED);
    CHECK_NUMBER(given.secret.len, 0);
    question.act = CODE_NOTHING;
    CHECK_OK(ipc_call(bench.peers[ROLE_AUTHD], MESSAGE_CODE_ASK, &question, MESSAGE_CODE, ANSWER_MS, texts, &given, NULL));
    CHECK_NUMBER(given.status, ST_DENIED);
    stop();
}

static enum status archive_asks(struct key_ask ask, struct key_given *given)
{
    CHECK_OK(ipc_call(bench.peers[ROLE_ARCHIVE], MESSAGE_KEY_ASK, &ask, MESSAGE_KEY, ANSWER_MS, texts, given, NULL));
    return given->status;
}

/* archive opens what is in a set after the set, which the log says before; keys that it could write with never. */
static void archive_opens_what_is_in_a_set(void)
{
    static const struct {
        enum key_purpose purpose;
        enum status before, after;
    } cases[] = {
        {KEY_OPEN_MEETING, ST_DENIED, ST_OK},     {KEY_FOR_DIRECTORY, ST_DENIED, ST_OK},
        {KEY_FOR_LOOKUPS, ST_DENIED, ST_OK},      {KEY_FOR_SERVICE, ST_DENIED, ST_OK},
        {KEY_NEW_MEETING, ST_DENIED, ST_DENIED},  {KEY_REWRAP_ORGANISATION, ST_DENIED, ST_DENIED},
        {KEY_FOR_IDENTITY, ST_DENIED, ST_DENIED}, {KEY_FOR_TRUST, ST_DENIED, ST_DENIED},
        {KEY_FOR_LOG, ST_DENIED, ST_DENIED},      {KEY_FOR_CALLERS, ST_DENIED, ST_DENIED},
    };
    start("");
    struct key_given set, given;
    CHECK_NUMBER(archive_asks((struct key_ask){.purpose = KEY_NEW_SET, .set = LIT("2026-11-25T0300Z-daily")}, &set), ST_OK);
    struct key_ask open = {.purpose = KEY_OPEN_SET, .set = LIT("2026-11-25T0300Z-daily"), .wrapped = set.wrapped};
    for (int opened = 0; opened < 2; opened++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct key_ask ask = {.purpose = cases[i].purpose, .organisation = LIT("acme"),
                                  .organisation_key = acme.sealed.bytes, .meeting = slice_from(meetings[0].id),
                                  .wrapped = meetings[0].wrapped.sealed.bytes};
            if (cases[i].purpose == KEY_FOR_SERVICE || cases[i].purpose == KEY_FOR_LOOKUPS)
                ask = (struct key_ask){.purpose = cases[i].purpose};
            check_row(key_purpose_names[cases[i].purpose]);
            CHECK_NUMBER(archive_asks(ask, &given), opened ? cases[i].after : cases[i].before);
            CHECK((given.key.len > 0) == (given.status == ST_OK));
        }
        check_row("");
        if (!opened)
            CHECK_NUMBER(archive_asks(open, &given), ST_OK);
    }
    open.set = LIT("a set\nmeeting=m_1"); /* would be a line of its own in the log */
    CHECK_NUMBER(archive_asks(open, &given), ST_DENIED);
    int64_t end = clock_monotonic_ms() + ANSWER_MS;
    while (!slice_contains(slice_from(journal.all), LIT("backup.set.opened")) && clock_monotonic_ms() < end)
        bench_turn(&bench);
    CHECK(slice_contains(slice_from(journal.all), LIT("backup.set.opened set=2026-11-25T0300Z-daily\n")));
    stop();
}

/* What a console may not say, or not so, closes its channel; keyd lives on and answers others. */
static const struct {
    const char *name;
    struct slice frame;
} lies[] = {
#define FRAME(text) {text, sizeof(text) - 1}
    {"asks as the planner does", FRAME("\x07\0\0\0\x0A\0\0\0\0\0\x01\0\x03\x01\0\0\0")},
    {"tells of meetings", FRAME("\0\0\0\0\x18\0\0\0\0\0")},
    {"ends people", FRAME("\0\0\0\0\x1C\0\0\0\0\0")},
    {"asks about codes", FRAME("\0\0\0\0\x16\0\0\0\0\0")},
    {"says that a key was given", FRAME("\0\0\0\0\x1A\0\0\0\0\0")},
    {"an ask that is none", FRAME("\x05\0\0\0\x19\0\0\0\0\0\x01\0\x04\xFF\xFF")},
    {"more than there may be", FRAME("\xFF\xFF\xFF\x7F\x19\0\0\0\0\0")},
#undef FRAME
};

static bool closes(int fd, struct slice frame)
{
    char byte;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return send(fd, frame.data, frame.len, MSG_NOSIGNAL) == (ssize_t)frame.len &&
           poll(&ready, 1, ANSWER_MS) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

static void lies_close_the_channel(void)
{
    start("");
    bench.has_raw = true;
    bench.raw = ROLE_CONSOLE;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        check_row(lies[i].name);
        bench_kill(&bench, SIGKILL);
        CHECK(bench_start(&bench, program));
        CHECK(closes(bench.raw_fd, lies[i].frame));
        tell_all(); /* it answers */
        CHECK(!bench_has_ended(&bench));
    }
    stop();
}

static double seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6;
}

/* The key comes once its entry is on disk, and not at all without. */
static void no_log_no_lease(void)
{
    start("");
    tell_all();
    struct lease_ask question = ask_of(&meetings[0], assertion_of(good(&meetings[0])));
    struct lease_given given = check_given(&meetings[0], &question);
    CHECK(slice_starts(slice_from(journal.last), LIT("key.lease.opened lease=")));
    CHECK(slice_contains(slice_from(journal.last), given.lease));
    CHECK(slice_contains(slice_from(journal.last), LIT(" organisation=acme meeting=m_1 person=p_1 purpose=supervision ")));
    CHECK(slice_contains(slice_from(journal.all), LIT("key.root.served version=1\n")));
    check_refused("with an assertion that was used", &question);
    int64_t end = clock_monotonic_ms() + ANSWER_MS;
    while (!slice_starts(slice_from(journal.last), LIT("key.lease.refused")) && clock_monotonic_ms() < end)
        bench_turn(&bench);
    CHECK(slice_contains(slice_from(journal.last), LIT(" person=p_1 purpose=supervision role=console cause=")));
    /* A log that does not answer, one that takes the entry and says nothing, and one that is back. */
    for (int forgets = 0; forgets < 2; forgets++) {
        journal.silent = !forgets;
        journal.forgets = forgets;
        question.assertion = assertion_of(good(&meetings[0]));
        int64_t begun = clock_monotonic_ms();
        given = ask(&question);
        CHECK_NUMBER(given.status, ST_DENIED);
        CHECK_TEXT(given.problem, "unlogged");
        CHECK_NUMBER(given.key.len, 0);
        CHECK(clock_monotonic_ms() - begun < 4000);
    }
    journal.silent = journal.forgets = false;
    question.assertion = assertion_of(good(&meetings[0]));
    for (end = clock_monotonic_ms() + 3000; clock_monotonic_ms() < end;)
        bench_turn(&bench); /* what was said is said again */
    check_given(&meetings[0], &question);
    CHECK(slice_contains(slice_from(journal.all), LIT(" cause=unlogged\n")));
    stop();
}

/* A lease hands the key out once; many entries open under it, without a word to keyd. */
static void open_many(void)
{
    start("");
    tell_all();
    struct lease_ask question = ask_of(&meetings[0], assertion_of(good(&meetings[0])));
    struct lease_given given = check_given(&meetings[0], &question);
    AUTO_HELD held = held_create();
    const struct moment *now = loop_moment(bench.loop);
    const struct secret *key = NULL;
    const struct held_of of = {LIT("p_1"), question.meeting, CASE_SHOWN};
    CHECK_OK(held_take(held, &given, &of, now, NULL));
    CHECK_OK(held_key(held, &of, now, &key, NULL));
    AUTO_ARENA arena = arena_create_wiped(64 << 20);
    struct seal_place place = vault_part_place(LIT("acme"), LIT("m_1"), LIT("case"));
    AUTO_SECRET part_key = vault_part_key(meetings[0].key, LIT("case"));
    static struct sealed sealed[BENCH_DIFFERENT];
    struct slice plain, text = {arena_alloc(arena, BENCH_ENTRY_BYTES), BENCH_ENTRY_BYTES};
    for (size_t i = 0; i < BENCH_DIFFERENT; i++)
        CHECK_OK(vault_seal(part_key, &place, text, texts, &sealed[i], NULL));
    double began = seconds();
    for (int i = 0; i < BENCH_ENTRIES; i++) {
        if (vault_open(key, &place, sealed[i % BENCH_DIFFERENT], arena, &plain, NULL) != ST_OK)
            CHECK(!"opens");
        arena_clear(arena);
    }
    double took = seconds() - began;
    printf("# %d entries of %d bytes opened under one lease: %.0f a second of one core\n", BENCH_ENTRIES,
           BENCH_ENTRY_BYTES, BENCH_ENTRIES / took);
    stop();
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "";
    texts = arena_create_wiped(16 << 20);
    if (argc > 2 && strcmp(argv[2], "--bench") == 0) {
        TEST(open_many);
    } else {
        TEST(a_stolen_console_cannot_open_a_closed_request);
        TEST(what_does_not_fit_is_refused);
        TEST(each_part_has_a_key_of_its_own);
        TEST(who_left_holds_nothing);
        TEST(who_opens_too_much_is_paused);
        TEST(a_fall_ends_no_pause);
        TEST(a_file_that_was_changed_pauses_everybody);
        TEST(codes_are_checked_where_their_secrets_are);
        TEST(no_log_no_lease);
        TEST(archive_opens_what_is_in_a_set);
        TEST(lies_close_the_channel);
    }
    arena_destroy(&texts);
    return check_done();
}
