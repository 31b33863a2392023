/* The real logd, in its sandbox: faults of others become alerts, a storm of them one mail; what was not
 * taken is told by the logd that comes after. argv[1] is rendezd. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "check.h"
#include "platform/assertion/assertion.h"
#include "platform/vault/vault.h"

static const char *program;
static const struct slice seed = {"a seed of the log, of 32 bytes..", 32}, watchers = {"authd and logd have this, 32 bytes", 32};
static const char config[] = "mode = \"mta\";\nassistant = { language = \"en\"; };\n"
                             "alerts = { mail = \"ops@meet.example lead@meet.example\"; };\n";
enum { PATIENCE_MS = 10 * 1000, STORM = 10 * 1000, AT_ONCE = 50, TEXT_MAX = 4096 };

struct mails {
    unsigned count;
    enum status answer;
    char subject[TEXT_MAX], text[TEXT_MAX], id[64];
    size_t to;
    unsigned answers;
    char answered[TEXT_MAX];
    enum status answered_status;
};

static void note(char *out, struct slice text)
{
    snprintf(out, TEXT_MAX, "%.*s", SLICE_ARG(text));
}

/* The test is mailout, keyd and api. */
static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct mails *mails = context;
    struct problem why;
    (void)at;
    if (message->kind == MESSAGE_KEY_ASK) {
        const struct key_ask *ask = message->object;
        struct key_given given = {.key = ask->purpose == KEY_FOR_WATCHERS ? watchers : seed};
        CHECK_OK(ipc_answer(message, MESSAGE_KEY, &given, &why));
    } else if (message->kind == MESSAGE_SEND) {
        const struct send_mail *mail = message->object;
        struct sent_mail sent = {.id = mail->id, .status = mails->answer};
        mails->count++;
        mails->to = mail->draft.to.count;
        note(mails->subject, mail->draft.subject);
        note(mails->text, mail->draft.text);
        snprintf(mails->id, sizeof mails->id, "%.*s", SLICE_ARG(mail->id));
        CHECK_OK(ipc_answer(message, MESSAGE_SENT, &sent, &why));
    } else if (message->kind == MESSAGE_ANSWER) {
        const struct answer *answer = message->object;
        mails->answers++;
        mails->answered_status = answer->status;
        note(mails->answered, answer->json);
    }
}

static void begin(struct bench *bench, struct mails *mails)
{
    *mails = (struct mails){.answer = ST_OK};
    bench_create(bench, ROLE_LOGD, config);
    bench->receive = receive;
    bench->context = mails;
    CHECK(bench_start(bench, program));
}

static void say(struct bench *bench, enum role_id from, const char *event, const char *word, const char *other)
{
    struct slice words[] = {slice_from(word), slice_from(other)};
    struct event_told told = {.event = slice_from(event), .build = LIT("abc"), .count = 1,
                              .words = {words, 2, 2}};
    struct problem why;
    CHECK_OK(ipc_send(bench->peers[from], MESSAGE_EVENT, &told, &why));
}

static void tell(struct bench *bench, enum role_id from, const char *event, const char *word, const char *other)
{
    say(bench, from, event, word, other);
    bench_turn(bench);
}

static void turn_for(struct bench *bench, int ms)
{
    for (int64_t end = clock_monotonic_ms() + ms; clock_monotonic_ms() < end;)
        bench_turn(bench);
}

/* authd's word for somebody of that right; none without. */
static struct slice word_for(const char *name, const char *json, const char *right, struct slice key_bytes,
                             struct arena *arena)
{
    AUTO_SECRET key = secret_create((const unsigned char *)key_bytes.data, key_bytes.len);
    unsigned char digest[ASSERTION_DIGEST_BYTES];
    struct instant now = clock_now();
    struct slice word = SLICE_NONE;
    vault_sha256(slice_from(json), digest);
    struct caller_assertion said = {
        .person = LIT("p_1"), .organisation = LIT("o_1"), .function = LIT("operator"), .right = slice_from(right),
        .session = LIT("s_1"), .command = slice_from(name), .digest = {(char *)digest, sizeof digest},
        .issued = now, .ends = {now.us + INT64_C(60000000)},
    };
    if (*right != '\0')
        CHECK_OK(caller_assertion_make(key, &said, arena, &word, NULL));
    return word;
}

static void say_command(struct bench *bench, struct mails *mails, enum role_id from, const char *name,
                        const char *json, struct slice word)
{
    struct command command = {.name = slice_from(name), .json = slice_from(json),
                              .right = LIT("service.watch"), .assertion = word}; /* the right: of no account */
    unsigned before = mails->answers;
    uint32_t call;
    CHECK_OK(ipc_ask(bench->peers[from], MESSAGE_COMMAND, &command, &call, NULL));
    CHECK(bench_wait(bench, &mails->answers, before + 1, PATIENCE_MS));
}

static void ask(struct bench *bench, struct mails *mails, const char *name, const char *json, const char *right)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    say_command(bench, mails, ROLE_API, name, json, word_for(name, json, right, watchers, arena));
}

static void a_storm_is_one_mail(void)
{
    struct bench bench;
    struct mails mails;
    begin(&bench, &mails);
    for (int i = 0; i < STORM; i++) {
        char word[64];
        snprintf(word, sizeof word, "problem=row %d of 10000 is damaged", i);
        say(&bench, ROLE_PLANNER, "meeting.wake.failed", word, "status=invalid");
        if (i % AT_ONCE == 0)
            bench_turn(&bench); /* which waits for a moment if nothing comes */
    }
    CHECK(bench_wait(&bench, &mails.count, 1, PATIENCE_MS));
    turn_for(&bench, 1500);
    CHECK_NUMBER(mails.count, 1);
    CHECK_NUMBER(mails.to, 2);
    CHECK(strstr(mails.subject, "[Rendez] planner: a meeting could not be moved") == mails.subject);
    CHECK(strstr(mails.text, "  status=invalid\n") != NULL);
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (clock_monotonic_ms() < end && strstr(mails.answered, "\"count\":10000") == NULL)
        ask(&bench, &mails, "alert.list", "{}", "service.watch");
    CHECK(strstr(mails.answered, "\"count\":10000") != NULL);
    CHECK(strstr(mails.answered, "\"role\":\"planner\"") != NULL);
    bench_destroy(&bench);
}

static void what_is_none_makes_none(void)
{
    struct bench bench;
    struct mails mails;
    begin(&bench, &mails);
    tell(&bench, ROLE_READER, "no.such.event", "a=b", "c=d");
    tell(&bench, ROLE_READER, "mail.message.sent", "a=b", "c=d"); /* is told nobody */
    tell(&bench, ROLE_READER, "mail.message.failed", "a=b\nc=d", "e=f");
    tell(&bench, ROLE_READER, "mail.message.failed", "cause=x\rBcc: a@b.example", "e=f");
    tell(&bench, ROLE_READER, "mail.message.failed", "cause=\xC3\xA9", "e=f");
    turn_for(&bench, 500);
    CHECK_NUMBER(mails.count, 0);
    ask(&bench, &mails, "alert.list", "{}", "service.watch");
    CHECK_TEXT(slice_from(mails.answered), "{\"status\":\"ok\",\"alerts\":[]}");
    CHECK_NUMBER(bench.inbox.closed, 0);
    bench_destroy(&bench);
}

/* All that it says are numbers and ids, which are for the log of events only. */
static void one_without_words_is_an_alert_too(void)
{
    struct bench bench;
    struct mails mails;
    struct event_told told = {.event = LIT("log.source.restored"), .build = LIT("abc"), .count = 1};
    begin(&bench, &mails);
    CHECK_OK(ipc_send(bench.peers[ROLE_PLANNER], MESSAGE_EVENT, &told, NULL));
    CHECK(bench_wait(&bench, &mails.count, 1, PATIENCE_MS));
    ask(&bench, &mails, "alert.list", "{}", "service.watch");
    CHECK(strstr(mails.answered, "\"kind\":\"log.source.restored\"") != NULL);
    CHECK(strstr(mails.answered, "service.watch.failed") == NULL);
    bench_destroy(&bench);
}

static void only_who_runs_the_service_may_ask(void)
{
    static const char *const rights[] = {"", "meetings.read", "evidence.read"};
    struct bench bench;
    struct mails mails;
    begin(&bench, &mails);
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        check_row(rights[i]);
        ask(&bench, &mails, "alert.list", "{}", rights[i]);
        CHECK_NUMBER(mails.answered_status, ST_DENIED);
        ask(&bench, &mails, "metrics.text", "{}", rights[i]);
        CHECK_NUMBER(mails.answered_status, ST_DENIED);
    }
    ask(&bench, &mails, "alert.nothing", "{}", "service.watch");
    CHECK_NUMBER(mails.answered_status, ST_NOT_FOUND);
    ask(&bench, &mails, "alert.acknowledge", "{\"id\":\"al_none\"}", "service.watch");
    CHECK_NUMBER(mails.answered_status, ST_NOT_FOUND);
    ask(&bench, &mails, "metrics.text", "{}", "service.watch");
    CHECK_NUMBER(mails.answered_status, ST_OK);
    CHECK(strstr(mails.answered, "# TYPE rendez_role_start_time_seconds gauge") != NULL);
    ask(&bench, &mails, "log.entries", "{}", "service.watch"); /* is for auditors */
    CHECK_NUMBER(mails.answered_status, ST_DENIED);
    say_command(&bench, &mails, ROLE_TRUST, "alert.list", "{}", SLICE_NONE);
    CHECK_NUMBER(mails.answered_status, ST_DENIED);
    bench_destroy(&bench);
}

/* api has nothing but authd's word, for one question, once. */
static void the_word_of_api_is_none(void)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct slice good, other = {"another key than authd's, 32 byte", 32};
    struct bench bench;
    struct mails mails;
    begin(&bench, &mails);
    const struct {
        const char *what;
        struct slice word;
    } cases[] = {
        {"words", LIT("authd's word")},
        {"by another key", word_for("alert.list", "{}", "service.watch", other, arena)},
        {"by the log's", word_for("alert.list", "{}", "service.watch", seed, arena)},
        {"of another question", word_for("metrics.page", "{}", "service.watch", watchers, arena)},
        {"of other json", word_for("alert.list", "{ }", "service.watch", watchers, arena)},
        {"none", SLICE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].what);
        say_command(&bench, &mails, ROLE_API, "alert.list", "{}", cases[i].word);
        CHECK_NUMBER(mails.answered_status, ST_DENIED);
        CHECK(strstr(mails.answered, "\"code\":\"assertion\"") != NULL);
    }
    good = word_for("alert.list", "{}", "service.watch", watchers, arena);
    say_command(&bench, &mails, ROLE_API, "alert.list", "{}", good);
    CHECK_OK(mails.answered_status);
    say_command(&bench, &mails, ROLE_API, "alert.list", "{}", good);
    CHECK_NUMBER(mails.answered_status, ST_DENIED); /* it was taken */
    bench_destroy(&bench);
}

/* Of a person who ended, what was asserted before opens nothing; what is asserted of somebody afterwards does. */
static void the_word_for_who_ended_is_none(void)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct bench bench;
    struct mails mails;
    begin(&bench, &mails);
    struct slice before = word_for("alert.list", "{}", "service.watch", watchers, arena);
    struct person_ended ended = {.id = LIT("e_1"), .person = LIT("p_1"), .organisation = LIT("o_1"),
                                 .cause = LIT("left"), .at = clock_now()};
    CHECK_OK(ipc_send(bench.peers[ROLE_AUTHD], MESSAGE_PERSON_ENDED, &ended, NULL));
    CHECK(bench_wait(&bench, &bench.inbox.count[MESSAGE_PERSON_ENDED_DONE], 1, PATIENCE_MS));
    say_command(&bench, &mails, ROLE_API, "alert.list", "{}", before);
    CHECK_NUMBER(mails.answered_status, ST_DENIED);
    say_command(&bench, &mails, ROLE_API, "alert.list", "{}", word_for("alert.list", "{}", "service.watch", watchers, arena));
    CHECK_OK(mails.answered_status);
    bench_destroy(&bench);
}

/* The organisation is the asker's, whichever api names. */
static void auditors_see_what_is_theirs(void)
{
    struct log_line lines[] = {{clock_now(), LIT("organisation.state.ended"), LIT("organisation=o_1")},
                               {clock_now(), LIT("organisation.state.ended"), LIT("organisation=o_2")}};
    struct log_append append = {.source = LIT("identity"), .first = 1, .lines = {lines, 2, 2}};
    struct bench bench;
    struct mails mails;
    begin(&bench, &mails);
    for (int tries = 0; tries < 100 && strstr(mails.answered, "organisation=") == NULL; tries++) {
        CHECK_OK(ipc_send(bench.peers[ROLE_AUTHD], MESSAGE_LOG_APPEND, &append, NULL)); /* until the log is open */
        turn_for(&bench, 100);
        ask(&bench, &mails, "log.entries", "{\"organisation\":\"o_2\"}", "evidence.read");
    }
    CHECK(strstr(mails.answered, "organisation=o_1") != NULL);
    CHECK(strstr(mails.answered, "organisation=o_2") == NULL);
    bench_destroy(&bench);
}

/* Failed, again, mended, all within a second: it is over, and stays so. Failed once more: another alert. */
static void what_is_mended_at_once_is_over(void)
{
    struct bench bench;
    struct mails mails;
    begin(&bench, &mails);
    CHECK(bench_wait(&bench, &bench.inbox.count[MESSAGE_KEY_ASK], 1, PATIENCE_MS));
    for (int i = 0; i < 3; i++)
        say(&bench, ROLE_AUTHD, "device.posture.failed", "cause=screen_lock", "certificate=-");
    say(&bench, ROLE_AUTHD, "device.posture.mended", "a=b", "c=d");
    CHECK(bench_wait(&bench, &mails.count, 1, PATIENCE_MS));
    turn_for(&bench, 1500);
    ask(&bench, &mails, "alert.list", "{}", "service.watch");
    CHECK(strstr(mails.answered, "\"state\":\"ended\"") != NULL);
    CHECK(strstr(mails.answered, "\"state\":\"open\"") == NULL);
    CHECK(strstr(mails.answered, "\"count\":3") != NULL);
    tell(&bench, ROLE_AUTHD, "device.posture.failed", "cause=screen_lock", "certificate=-");
    CHECK(bench_wait(&bench, &mails.count, 2, PATIENCE_MS));
    bench_destroy(&bench);
}

/* Taken by logd, refused by the MTA; the logd that comes after tells it under the same id. */
static void what_was_not_taken_comes_again(void)
{
    struct bench bench;
    struct mails mails;
    begin(&bench, &mails);
    mails.answer = ST_UNAVAILABLE;
    tell(&bench, ROLE_KEYD, "key.rotation.failed", "status=unavailable", "level=root");
    CHECK(bench_wait(&bench, &mails.count, 1, PATIENCE_MS));
    char id[64];
    memcpy(id, mails.id, sizeof id);
    turn_for(&bench, 300);
    bench_kill(&bench, SIGKILL);
    mails.answer = ST_OK;
    CHECK(bench_start(&bench, program));
    CHECK(bench_wait(&bench, &mails.count, 2, 2 * PATIENCE_MS));
    CHECK(strcmp(id, mails.id) == 0);
    turn_for(&bench, 1500);
    CHECK_NUMBER(mails.count, 2);
    bench_destroy(&bench);
}

/* What the parent tells comes in memory, and is confirmed when it is on disk. */
static void the_parent_is_told_when_it_is_kept(void)
{
    struct bench bench;
    struct mails mails;
    char said = 0;
    struct slice words[] = {LIT("cause=SIGSEGV"), LIT("addresses=0x1 0x2 0x3 0x4 0x5")};
    struct event_told told = {.event = LIT("role.process.crashed"), .role = LIT("mailin"), .build = LIT("b"),
                              .count = 1, .words = {words, 2, 2}};
    AUTO_BUFFER bytes = buffer_create(65536);
    record_encode(message_kind(MESSAGE_EVENT)->type, &told, &bytes);
    begin(&bench, &mails);
    for (int i = 0; i < 2; i++) { /* the second is rubbish: it is confirmed too, or it would come for ever */
        AUTO_FD memory = memfd_create("report", MFD_CLOEXEC);
        CHECK_OK(fd_write_all(memory, i == 0 ? buffer_slice(&bytes) : LIT("rubbish"), NULL));
        CHECK_OK(ipc_send_fd(bench.control, ROLE_WORD_TOLD, memory, NULL));
        turn_for(&bench, 300);
        CHECK(recv(bench.control, &said, 1, MSG_DONTWAIT) == 1 && said == ROLE_SAYS_KEPT);
    }
    CHECK(bench_wait(&bench, &mails.count, 1, PATIENCE_MS));
    CHECK(strstr(mails.subject, "mailin: a process of the service fell") != NULL);
    bench_destroy(&bench);
}

/* How far is trust's log on disk? */
static void ask_how_far(const struct bench *bench)
{
    char header[IPC_HEADER_BYTES] = {0, 0, 0, 0, MESSAGE_LOG_APPEND};
    struct log_append question = {.source = LIT("trust")};
    AUTO_BUFFER bytes = buffer_create(4096);
    record_encode(message_kind(MESSAGE_LOG_APPEND)->type, &question, &bytes);
    header[0] = (char)buffer_slice(&bytes).len;
    CHECK_OK(fd_write_all(bench->raw_fd, (struct slice){header, sizeof header}, NULL));
    CHECK_OK(fd_write_all(bench->raw_fd, buffer_slice(&bytes), NULL));
}

/* Who dies while logd writes hears no answer, and asks again: that is nobody's fault. */
static void an_answer_that_finds_nobody_is_no_alert(void)
{
    struct bench bench;
    struct mails mails = {.answer = ST_OK};
    char answer[256];
    bench_create(&bench, ROLE_LOGD, config);
    bench.receive = receive;
    bench.context = &mails;
    bench.has_raw = true;
    bench.raw = ROLE_TRUST;
    CHECK(bench_start(&bench, program));
    ssize_t got = -1;
    for (int tries = 0; tries < 100 && got < 0; tries++) { /* the log may not be open yet */
        ask_how_far(&bench);
        turn_for(&bench, 100);
        got = recv(bench.raw_fd, answer, sizeof answer, MSG_DONTWAIT);
    }
    CHECK(got > IPC_HEADER_BYTES);
    CHECK(shutdown(bench.raw_fd, SHUT_RD) == 0); /* logd's writes fail as if there were nobody */
    ask_how_far(&bench);
    turn_for(&bench, 500);
    ask(&bench, &mails, "alert.list", "{}", "service.watch");
    CHECK_TEXT(slice_from(mails.answered), "{\"status\":\"ok\",\"alerts\":[]}");
    CHECK_NUMBER(mails.count, 0);
    bench_destroy(&bench);
}

int main(int argc, char **argv)
{
    (void)argc;
    program = argv[1];
    signal(SIGPIPE, SIG_IGN);
    TEST(a_storm_is_one_mail);
    TEST(what_is_none_makes_none);
    TEST(one_without_words_is_an_alert_too);
    TEST(only_who_runs_the_service_may_ask);
    TEST(the_word_of_api_is_none);
    TEST(the_word_for_who_ended_is_none);
    TEST(auditors_see_what_is_theirs);
    TEST(what_is_mended_at_once_is_over);
    TEST(what_was_not_taken_comes_again);
    TEST(the_parent_is_told_when_it_is_kept);
    TEST(an_answer_that_finds_nobody_is_no_alert);
    return check_done();
}
