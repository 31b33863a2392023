/* The real mailin, in its sandbox: what it says 250 to is never lost and never doubled,
 * whenever it dies. argv[1] is rendezd. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "client.h"
#include "roles/keyd/keyd.h"

static const char *program;
static const char config[] = "mode = \"mta\";\nassistant = { address = \"camille@assist.example\"; };\n"
                             "lmtp = { connections = 6; per_address = 5; silence_seconds = 3; };\n";

enum { PATIENCE_MS = 10 * 1000, HANDLED_MAX = 64 };

/* Everyone around mailin: a keyd with real keys, a reader that keeps what it got, a
 * planner that says "done". */
struct around {
    struct bench bench;
    struct keyd *keyd;
    bool keyd_silent, keyd_refuses, reader_silent, planner_silent;
    unsigned raw_count, unreadable_count, key_count, done_count;
    char ids[HANDLED_MAX][33];
    unsigned id_count; /* different messages that came to the reader */
    struct buffer last_raw;
    char last_reason[32], last_sender[64];
    size_t last_recipients;
};

static void answer_key(struct around *around, const struct ipc_message *message)
{
    const struct spool_key_new *new_key = message->object;
    const struct spool_key_open *open_key = message->object;
    bool is_new = message->kind == MESSAGE_SPOOL_KEY_NEW;
    struct spool_key answer = {.id = is_new ? new_key->id : open_key->id};
    AUTO_SECRET key = NULL;
    around->key_count++;
    if (around->keyd_silent)
        return;
    struct sealed wrapped = {is_new ? SLICE_NONE : open_key->wrapped};
    answer.status = is_new ? keyd_new_spool_key(around->keyd, answer.id, message->arena, &wrapped,
                                                &key, NULL)
                           : keyd_open_spool_key(around->keyd, answer.id, wrapped, &key, NULL);
    if (around->keyd_refuses)
        answer.status = ST_DENIED;
    if (answer.status == ST_OK)
        answer.key = (struct slice){(const char *)secret_bytes(key), secret_len(key)};
    answer.wrapped = wrapped.bytes;
    CHECK_OK(ipc_answer(message, MESSAGE_SPOOL_KEY, &answer, NULL));
}

static void say_done(struct around *around, struct slice id)
{
    if (around->planner_silent)
        return;
    around->done_count++;
    CHECK_OK(ipc_send(around->bench.peers[ROLE_PLANNER], MESSAGE_MAIL_DONE,
                      &(struct mail_done){id}, NULL));
}

static void note_id(struct around *around, struct slice id)
{
    CHECK_NUMBER(id.len, 32);
    for (unsigned i = 0; i < around->id_count; i++)
        if (slice_equal(slice_from(around->ids[i]), id))
            return;
    snprintf(around->ids[around->id_count++], 33, "%.*s", SLICE_ARG(id));
}

static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct around *around = context;
    (void)at;
    if (message->kind == MESSAGE_RAW_MAIL) {
        const struct raw_mail *mail = message->object;
        around->raw_count++;
        note_id(around, mail->id);
        buffer_clear(&around->last_raw);
        buffer_add(&around->last_raw, mail->raw);
        snprintf(around->last_sender, sizeof around->last_sender, "%.*s",
                 SLICE_ARG(mail->envelope.sender));
        around->last_recipients = mail->envelope.recipients.count;
        if (!around->reader_silent)
            say_done(around, mail->id);
    } else if (message->kind == MESSAGE_UNREADABLE_MAIL) {
        const struct unreadable_mail *mail = message->object;
        around->unreadable_count++;
        snprintf(around->last_reason, sizeof around->last_reason, "%.*s", SLICE_ARG(mail->reason));
        say_done(around, mail->id);
    } else if (message->kind == MESSAGE_SPOOL_KEY_NEW || message->kind == MESSAGE_SPOOL_KEY_OPEN) {
        answer_key(around, message);
    }
}

static void begin(struct around *around)
{
    *around = (struct around){.last_raw = buffer_create((size_t)40 << 20)};
    bench_create(&around->bench, ROLE_MAILIN, config);
    around->bench.receive = receive;
    around->bench.context = around;
    CHECK_OK(keyd_create_for_replay(&around->keyd, NULL));
}

static void finish(struct around *around)
{
    bench_destroy(&around->bench);
    keyd_destroy(&around->keyd);
    buffer_destroy(&around->last_raw);
}

/* Files in the spool: messages (ids), or all others but the key of ids. */
static unsigned count_spool(const struct around *around, bool messages)
{
    unsigned count = 0;
    DIR *folder = opendir(bench_path(&around->bench, "spool"));
    if (folder == NULL)
        return 9999;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        bool other = entry->d_name[0] == '.' || strcmp(entry->d_name, "id.key") == 0;
        count += !other && (strlen(entry->d_name) == 32) == messages;
    }
    closedir(folder);
    return count;
}

/* Turns until the spool holds `wanted` messages, or other files: a message's key goes just after it. */
static bool wait_files(struct around *around, bool messages, unsigned wanted)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (count_spool(around, messages) != wanted && clock_monotonic_ms() < end_ms)
        bench_turn(&around->bench);
    return count_spool(around, messages) == wanted;
}

static bool wait_spool(struct around *around, unsigned wanted)
{
    return wait_files(around, true, wanted);
}

#define HEAD "LHLO mta.example\r\n"
#define FROM "MAIL FROM:<marc@guest.example> SIZE=200\r\n"
#define TO "RCPT TO:<Camille+x@assist.example>\r\n"
#define MESSAGE_TEXT "From: Marc <marc@guest.example>\r\nSubject: jeudi\r\n\r\nJeudi 15h me convient.\r\n"

/* One delivery as an MTA makes it, up to its end or the first trouble: the code of the
 * last reply, 0 when the connection broke. */
static int deliver(struct around *around, struct slice message)
{
    struct client client;
    struct bench *bench = &around->bench;
    static const char *const lines[] = {HEAD, FROM, TO, "DATA\r\n"};
    char path[160];
    snprintf(path, sizeof path, "%s", bench_path(bench, "run/lmtp.sock"));
    if (!client_open(&client, bench, path))
        return 0;
    int code = client_code(&client, bench, PATIENCE_MS);
    for (size_t i = 0; i < 4 && code / 100 == 2; i++) {
        (void)client_send(&client, bench, slice_from(lines[i]));
        code = client_code(&client, bench, PATIENCE_MS);
    }
    if (code == 354) {
        code = 0;
        if (client_send(&client, bench, message) && client_send(&client, bench, LIT(".\r\n")))
            code = client_code(&client, bench, PATIENCE_MS);
    }
    client_close(&client);
    return code;
}

static void a_message_is_ours_when_it_is_on_disk(void)
{
    struct around around;
    begin(&around);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    CHECK_NUMBER(count_spool(&around, true), 1);
    CHECK(bench_wait(&around.bench, &around.raw_count, 1, PATIENCE_MS));
    CHECK_TEXT(buffer_slice(&around.last_raw), MESSAGE_TEXT);
    CHECK_TEXT(slice_from(around.last_sender), "marc@guest.example");
    CHECK_NUMBER(around.last_recipients, 1);
    /* The same message again, as after a lost 250, is the same message. */
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    CHECK_NUMBER(count_spool(&around, true), 1);
    say_done(&around, slice_from(around.ids[0]));
    CHECK(wait_spool(&around, 0));
    CHECK_NUMBER(around.id_count, 1);
    finish(&around);
}

static void nothing_lies_open_in_the_spool(void)
{
    struct around around;
    begin(&around);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    AUTO_ARENA arena = arena_create(1 << 20);
    char path[200];
    struct slice file;
    CHECK(bench_wait(&around.bench, &around.id_count, 1, PATIENCE_MS));
    snprintf(path, sizeof path, "%s/spool/%s", around.bench.folder, around.ids[0]);
    CHECK_OK(file_read(path, 1 << 16, arena, &file, NULL));
    static const char *const secrets[] = {"marc", "jeudi", "convient", "Camille", "guest.example"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        CHECK(slice_find_nocase(file, slice_from(secrets[i]), 0) == SIZE_MAX);
    finish(&around);
}

/* Where mailin is killed. Steps up to 4 are after that many replies of the conversation. */
enum step {
    AFTER_GREETING, AFTER_LHLO, AFTER_MAIL, AFTER_RCPT, AFTER_DATA, AFTER_HALF, AFTER_ALL,
    AFTER_KEY_ASKED, AFTER_KEY_SENT, AFTER_250, AFTER_RAW, AFTER_DONE, STEP_COUNT,
};
static const char *const step_names[STEP_COUNT] = {
    "after the greeting", "after LHLO", "after MAIL", "after RCPT", "after DATA", "after half of it",
    "after all of it", "after the key was asked for", "after the key was sent", "after 250",
    "after the reader has it", "after the planner has done it",
};

static void send_half(struct client *client, struct around *around, enum step step)
{
    struct slice message = LIT(MESSAGE_TEXT ".\r\n");
    size_t len = step == AFTER_HALF ? message.len / 2 : message.len;
    (void)client_send(client, &around->bench, slice_sub(message, 0, len));
    if (step == AFTER_HALF)
        bench_turn(&around->bench);
}

/* Goes as far as `step`; true when a 250 for the message was seen. */
static bool go_to(struct around *around, enum step step)
{
    struct client client;
    struct bench *bench = &around->bench;
    static const char *const lines[] = {HEAD, FROM, TO, "DATA\r\n"};
    char path[160];
    bool taken = false;
    snprintf(path, sizeof path, "%s", bench_path(bench, "run/lmtp.sock"));
    CHECK(client_open(&client, bench, path));
    CHECK_NUMBER(client_code(&client, bench, PATIENCE_MS), 220);
    for (int i = 0; i < 4 && i < (int)step; i++) {
        (void)client_send(&client, bench, slice_from(lines[i]));
        CHECK_NUMBER(client_code(&client, bench, PATIENCE_MS), i == 3 ? 354 : 250);
    }
    around->keyd_silent = step <= AFTER_KEY_ASKED;
    around->reader_silent = step < AFTER_DONE;
    if (step >= AFTER_HALF)
        send_half(&client, around, step);
    if (step == AFTER_KEY_ASKED || step == AFTER_KEY_SENT)
        CHECK(bench_wait(bench, &around->key_count, 1, PATIENCE_MS));
    if (step >= AFTER_250)
        taken = client_code(&client, bench, PATIENCE_MS) == 250;
    if (step >= AFTER_RAW)
        CHECK(bench_wait(bench, &around->raw_count, 1, PATIENCE_MS));
    if (step >= AFTER_DONE)
        CHECK(bench_wait(bench, &around->done_count, 1, PATIENCE_MS));
    bench_kill(bench, SIGKILL);
    client_close(&client);
    return taken;
}

static void killed_at(enum step step)
{
    struct around around;
    begin(&around);
    CHECK(bench_start(&around.bench, program));
    bool taken = go_to(&around, step);
    around.keyd_silent = around.reader_silent = false;
    CHECK(bench_start(&around.bench, program));
    /* An MTA that saw no 250 tries again. */
    if (!taken)
        CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    CHECK(bench_wait(&around.bench, &around.done_count, 1, PATIENCE_MS));
    CHECK(wait_spool(&around, 0));
    CHECK_NUMBER(around.id_count, 1);
    CHECK_TEXT(buffer_slice(&around.last_raw), MESSAGE_TEXT);
    CHECK(wait_files(&around, false, 0)); /* nothing half written stays */
    finish(&around);
}

static void killing_it_loses_and_doubles_nothing(void)
{
    for (int step = 0; step < STEP_COUNT; step++) {
        check_row(step_names[step]);
        killed_at((enum step)step);
    }
}

/* Many messages, with mailin killed at random moments: each is handled under one id. */
static void a_storm(void)
{
    enum { MESSAGES = 30 };
    struct around around;
    begin(&around);
    CHECK(bench_start(&around.bench, program));
    unsigned random = 12345;
    for (int i = 0; i < MESSAGES; i++) {
        AUTO_ARENA arena = arena_create(4096);
        struct slice message = arena_format(arena, "From: a@b.example\r\n\r\nNumber %d\r\n", i);
        random = random * 1103515245u + 12345u;
        around.reader_silent = random >> 16 & 1; /* then it waits in the spool */
        for (int tries = 0; deliver(&around, message) != 250 && tries < 20; tries++)
            if (around.bench.pid == 0)
                CHECK(bench_start(&around.bench, program));
        if ((random >> 20) % 3 == 0) {
            bench_kill(&around.bench, SIGKILL);
            CHECK(bench_start(&around.bench, program));
        }
    }
    around.reader_silent = false;
    bench_kill(&around.bench, SIGKILL);
    CHECK(bench_start(&around.bench, program));
    CHECK(wait_spool(&around, 0));
    CHECK_NUMBER(around.id_count, MESSAGES);
    finish(&around);
}

static void a_full_disk_is_said(void)
{
    struct around around;
    begin(&around);
    AUTO_ARENA arena = arena_create(8 << 20);
    const char *spool = bench_path(&around.bench, "spool");
    struct stat about;
    if (stat(spool, &about) < 0 || mount("none", spool, "tmpfs", 0, "size=64k,mode=0700") < 0) {
        printf("# not root: no small disk to fill\n");
        finish(&around);
        return;
    }
    CHECK(chown(spool, about.st_uid, about.st_gid) == 0);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    char *bytes = arena_alloc(arena, 200000);
    memset(bytes, 'x', 200000);
    memcpy(bytes + 200000 - 2, "\r\n", 2);
    struct slice large = {bytes, 200000};
    CHECK_NUMBER(deliver(&around, large), 452);
    CHECK_NUMBER(count_spool(&around, true), 0);
    CHECK_NUMBER(count_spool(&around, false), 0);
    /* What fits is still taken. */
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    CHECK_NUMBER(count_spool(&around, true), 1);
    bench_kill(&around.bench, SIGKILL);
    umount(bench_path(&around.bench, "spool"));
    finish(&around);
}

static void without_keys_nothing_is_taken(void)
{
    struct around around;
    begin(&around);
    around.keyd_refuses = true;
    CHECK(bench_start(&around.bench, program));
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 451);
    CHECK_NUMBER(count_spool(&around, true), 0);
    around.keyd_refuses = false;
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    CHECK(wait_spool(&around, 0));
    finish(&around);
}

/* The parent gives new channels when a peer has died: here the test does. */
static void replace_peer(struct around *around, enum role_id peer)
{
    int fds[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    CHECK_OK(ipc_send_fd(around->bench.control, (uint32_t)peer, fds[1], NULL));
    CHECK_OK(ipc_replace(around->bench.peers[peer], fds[0], NULL));
    close(fds[1]);
}

static void a_mail_that_kills_the_reader_goes_to_a_person(void)
{
    struct around around;
    begin(&around);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    for (unsigned death = 1; death <= 3; death++) {
        CHECK(bench_wait(&around.bench, &around.raw_count, death, PATIENCE_MS));
        CHECK_NUMBER(around.unreadable_count, 0);
        replace_peer(&around, ROLE_READER);
    }
    CHECK(bench_wait(&around.bench, &around.unreadable_count, 1, PATIENCE_MS));
    CHECK_TEXT(slice_from(around.last_reason), "reader_died");
    CHECK(wait_spool(&around, 0));
    /* The next message is not held up. */
    around.reader_silent = false;
    CHECK_NUMBER(deliver(&around, LIT("From: a@b.example\r\n\r\nnext\r\n")), 250);
    CHECK(wait_spool(&around, 0));
    CHECK_NUMBER(around.raw_count, 4);
    finish(&around);
}

/* A planner that dies of each mail it gets, `deaths` times. */
static void planner_dies(struct around *around, unsigned deaths, bool serves)
{
    unsigned never = 0;
    for (unsigned death = 1; death <= deaths; death++) {
        CHECK(bench_wait(&around->bench, &around->raw_count, death, PATIENCE_MS));
        CHECK_NUMBER(around->unreadable_count, 0);
        if (serves)
            CHECK_OK(ipc_send(around->bench.peers[ROLE_PLANNER], MESSAGE_MAIL_DONE,
                              &(struct mail_done){SLICE_NONE}, NULL));
        bench_wait(&around->bench, &never, 1, 50); /* time for mailin to hear it */
        replace_peer(around, ROLE_PLANNER);
    }
}

static void a_mail_that_kills_the_planner_goes_to_a_person(void)
{
    struct around around;
    begin(&around);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    planner_dies(&around, 10, true);
    CHECK(bench_wait(&around.bench, &around.unreadable_count, 1, PATIENCE_MS));
    CHECK_TEXT(slice_from(around.last_reason), "planner_died");
    CHECK(wait_spool(&around, 0));
    finish(&around);
}

/* A planner that cannot start (no disk, no keys) blames no mail, however often it tries. */
static void a_planner_that_does_not_start_costs_no_mail(void)
{
    struct around around;
    begin(&around);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    planner_dies(&around, 12, false);
    around.reader_silent = false;
    CHECK(wait_spool(&around, 0));
    CHECK_NUMBER(around.unreadable_count, 0);
    CHECK_NUMBER(around.id_count, 1);
    finish(&around);
}

/* As many as may be under way at a time, all of which the planner keeps for later. */
static void what_the_planner_keeps_holds_up_nobody(void)
{
    enum { KEPT = 6 }; /* more than are handed over at a time */
    struct around around;
    begin(&around);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    for (unsigned i = 0; i < KEPT; i++) {
        AUTO_ARENA arena = arena_create(4096);
        CHECK_NUMBER(deliver(&around, arena_format(arena, "From: a@b.example\r\n\r\nNumber %u\r\n", i)), 250);
        CHECK(bench_wait(&around.bench, &around.raw_count, i + 1, PATIENCE_MS));
        CHECK_OK(ipc_send(around.bench.peers[ROLE_PLANNER], MESSAGE_MAIL_DONE,
                          &(struct mail_done){slice_from(around.ids[i]), .waits = true}, NULL));
    }
    CHECK_NUMBER(count_spool(&around, true), KEPT);
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    CHECK(bench_wait(&around.bench, &around.raw_count, KEPT + 1, PATIENCE_MS));
    say_done(&around, slice_from(around.ids[KEPT]));
    say_done(&around, slice_from(around.ids[2])); /* in whatever order it gets to them */
    CHECK(wait_spool(&around, KEPT - 1));
    /* A new planner knows of none. */
    around.reader_silent = false;
    replace_peer(&around, ROLE_PLANNER);
    CHECK(wait_spool(&around, 0));
    CHECK_NUMBER(around.unreadable_count, 0);
    CHECK_NUMBER(around.id_count, KEPT + 1);
    finish(&around);
}

static void the_limit_of_30_mb(void)
{
    struct around around;
    begin(&around);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    size_t most = (size_t)30 << 20;
    char *bytes = malloc(most + 1);
    memset(bytes, 'x', most + 1);
    memcpy(bytes + most - 2, "\r\n", 2);
    CHECK_NUMBER(deliver(&around, (struct slice){bytes, most}), 250);
    CHECK(bench_wait(&around.bench, &around.raw_count, 1, PATIENCE_MS * 3));
    CHECK_NUMBER(around.last_raw.len, most);
    memcpy(bytes + most - 1, "\r\n", 2);
    CHECK_NUMBER(deliver(&around, (struct slice){bytes, most + 1}), 552);
    free(bytes);
    CHECK_NUMBER(count_spool(&around, true), 1);
    finish(&around);
}

static void a_damaged_file_is_set_aside(void)
{
    struct around around;
    begin(&around);
    around.reader_silent = true;
    CHECK(bench_start(&around.bench, program));
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    CHECK(bench_wait(&around.bench, &around.id_count, 1, PATIENCE_MS));
    bench_kill(&around.bench, SIGKILL);
    char path[200];
    snprintf(path, sizeof path, "%s/spool/%s", around.bench.folder, around.ids[0]);
    int fd = open(path, O_WRONLY);
    CHECK(fd >= 0 && lseek(fd, -3, SEEK_END) > 0 && write(fd, "\0", 1) == 1);
    close(fd);
    CHECK(bench_start(&around.bench, program));
    CHECK(wait_spool(&around, 0));
    CHECK_NUMBER(count_spool(&around, false), 2); /* ID.bad and its key */
    CHECK_NUMBER(around.raw_count, 1);
    finish(&around);
}

static bool open_client(struct around *around, struct client *client)
{
    char path[160];
    snprintf(path, sizeof path, "%s", bench_path(&around->bench, "run/lmtp.sock"));
    return client_open(client, &around->bench, path);
}

static void turn_for(struct around *around, int64_t ms)
{
    for (int64_t end_ms = clock_monotonic_ms() + ms; clock_monotonic_ms() < end_ms;)
        bench_turn(&around->bench);
}

/* One user has five places at the socket. Bytes without a command's end are no progress:
 * whoever makes none gives its place to the MTA, or ends after three seconds. */
static void who_comes_no_further_makes_room(void)
{
    struct around around;
    struct client clients[5], other;
    begin(&around);
    CHECK(bench_start(&around.bench, program));
    for (int i = 0; i < 5; i++) {
        CHECK(open_client(&around, &clients[i]));
        CHECK_NUMBER(client_code(&clients[i], &around.bench, PATIENCE_MS), 220);
    }
    CHECK(open_client(&around, &other));
    CHECK_NUMBER(client_code(&other, &around.bench, PATIENCE_MS), 421); /* all are new */
    client_close(&other);
    for (int i = 0; i < 22; i++) {
        turn_for(&around, 100);
        CHECK(client_send(&clients[0], &around.bench, LIT("N"))); /* drips */
    }
    for (int i = 1; i < 5; i++) {
        CHECK(client_send(&clients[i], &around.bench, LIT("NOOP\r\n")));
        CHECK_NUMBER(client_code(&clients[i], &around.bench, PATIENCE_MS), 250);
    }
    CHECK_NUMBER(deliver(&around, LIT(MESSAGE_TEXT)), 250);
    CHECK_NUMBER(client_code(&clients[0], &around.bench, PATIENCE_MS), 421); /* the one that dripped */
    for (int i = 0; i < 25; i++) {
        turn_for(&around, 100);
        CHECK(client_send(&clients[1], &around.bench, LIT("N")));
    }
    CHECK(client_send(&clients[2], &around.bench, LIT("NOOP\r\n")));
    CHECK_NUMBER(client_code(&clients[2], &around.bench, PATIENCE_MS), 250);
    turn_for(&around, 700);
    CHECK_NUMBER(client_code(&clients[1], &around.bench, 100), 421);
    CHECK_NUMBER(client_code(&clients[3], &around.bench, 100), 421);
    CHECK(client_send(&clients[2], &around.bench, LIT("NOOP\r\n")));
    CHECK_NUMBER(client_code(&clients[2], &around.bench, PATIENCE_MS), 250);
    for (int i = 0; i < 5; i++)
        client_close(&clients[i]);
    finish(&around);
}

static void stops_in_order(void)
{
    struct around around;
    struct client client;
    begin(&around);
    CHECK(bench_start(&around.bench, program));
    char path[160];
    snprintf(path, sizeof path, "%s", bench_path(&around.bench, "run/lmtp.sock"));
    CHECK(client_open(&client, &around.bench, path));
    CHECK_NUMBER(client_code(&client, &around.bench, PATIENCE_MS), 220);
    bench_kill(&around.bench, SIGTERM);
    CHECK(WIFEXITED(around.bench.how) && WEXITSTATUS(around.bench.how) == 0);
    CHECK_NUMBER(client_code(&client, &around.bench, PATIENCE_MS), 421);
    client_close(&client);
    finish(&around);
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "";
    signal(SIGPIPE, SIG_IGN);
    TEST(a_message_is_ours_when_it_is_on_disk);
    TEST(nothing_lies_open_in_the_spool);
    TEST(killing_it_loses_and_doubles_nothing);
    TEST(a_storm);
    TEST(a_full_disk_is_said);
    TEST(without_keys_nothing_is_taken);
    TEST(a_mail_that_kills_the_reader_goes_to_a_person);
    TEST(a_mail_that_kills_the_planner_goes_to_a_person);
    TEST(a_planner_that_does_not_start_costs_no_mail);
    TEST(what_the_planner_keeps_holds_up_nobody);
    TEST(the_limit_of_30_mb);
    TEST(a_damaged_file_is_set_aside);
    TEST(who_comes_no_further_makes_room);
    TEST(stops_in_order);
    return check_done();
}
