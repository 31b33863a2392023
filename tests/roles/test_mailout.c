/* The real mailout, in its sandbox, against an MTA of the test: what became of each mail.
 * argv[1] is rendezd. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "check.h"

static const char *program;
enum { PATIENCE_MS = 10 * 1000 };

/* An MTA in a process of its own: the recipient's local part says what it answers to RCPT
 * ("250", "451", …, or "drop"); accepted messages go into a pipe. */
static void say(FILE *to, const char *line)
{
    fprintf(to, "%s\r\n", line);
    fflush(to);
}

static void take_data(FILE *from, FILE *to, int pipe_fd)
{
    char line[2048];
    say(to, "354 go");
    while (fgets(line, sizeof line, from) != NULL && strcmp(line, ".\r\n") != 0)
        if (write(pipe_fd, line, strlen(line)) < 0)
            _exit(1);
    if (write(pipe_fd, "\0", 1) < 0)
        _exit(1);
    say(to, "250 taken");
}

static void serve(int fd, int pipe_fd)
{
    char line[2048], answer[64];
    FILE *from = fdopen(dup(fd), "r"), *to = fdopen(fd, "w");
    say(to, "220 mta.example");
    while (fgets(line, sizeof line, from) != NULL) {
        if (strncmp(line, "EHLO wants-login", 16) == 0) {
            say(to, "250-mta.example\r\n250 AUTH PLAIN");
        } else if (strncmp(line, "AUTH", 4) == 0) {
            say(to, "535 5.7.8 no");
            if (write(pipe_fd, "login", 5) < 0)
                _exit(1);
        } else if (strncmp(line, "RCPT TO:<drop", 13) == 0) {
            break;
        } else
        if (strncmp(line, "RCPT TO:<slow", 13) == 0) {
            usleep(600 * 1000);
            say(to, "250 ok");
        } else if (strncmp(line, "RCPT TO:<", 9) == 0) {
            bool enhanced = line[12] == '.';
            snprintf(answer, sizeof answer, "%.3s %.*s x", line + 9,
                     enhanced ? (int)strcspn(line + 13, "@") : 0, line + 13);
            say(to, answer);
        } else if (strncmp(line, "DATA", 4) == 0) {
            take_data(from, to, pipe_fd);
        } else if (strncmp(line, "QUIT", 4) == 0) {
            say(to, "221 bye");
            break;
        } else {
            say(to, "250 ok");
        }
    }
    fclose(from);
    fclose(to);
}

static pid_t start_mta(uint16_t *port, int *pipe_fd)
{
    int ends[2], listening = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (pipe(ends) < 0 || bind(listening, (struct sockaddr *)&address, len) < 0 ||
        listen(listening, 8) < 0 || getsockname(listening, (struct sockaddr *)&address, &len) < 0)
        abort();
    *port = ntohs(address.sin_port);
    *pipe_fd = ends[0];
    pid_t child = fork();
    if (child == 0) {
        signal(SIGCHLD, SIG_IGN);
        for (;;) {
            int fd = accept(listening, NULL, NULL);
            if (fork() == 0) {
                close(listening);
                serve(fd, ends[1]);
                _exit(0);
            }
            close(fd);
        }
    }
    close(listening);
    close(ends[1]);
    return child;
}

struct outcome {
    unsigned count;
    enum status status;
    int64_t reply_code;
    bool sandbox;
    size_t raw_len;
    char id[32];
};

static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct outcome *answer = context;
    const struct sent_mail *sent = message->object;
    (void)at;
    if (message->kind != MESSAGE_SENT)
        return; /* what logd is told */
    answer->count++;
    answer->status = sent->status;
    answer->reply_code = sent->reply_code;
    answer->sandbox = sent->sandbox;
    answer->raw_len = sent->raw.len;
    snprintf(answer->id, sizeof answer->id, "%.*s", SLICE_ARG(sent->id));
}

static void send_to(struct bench *bench, const char *address, const char *id)
{
    AUTO_ARENA arena = arena_create(65536);
    struct send_mail mail = {
        .id = slice_from(id),
        .draft = {
            .from = {LIT("Camille"), LIT("camille@assist.example")},
            .subject = LIT("Déjeuner"),
            .message_id = LIT("o1@assist.example"),
            .date = {INT64_C(1772000000000000)},
            .text = LIT("Bonjour,\n.\nMardi ?\n"),
        },
    };
    uint32_t call;
    ARENA_PUSH(arena, &mail.draft.to, ((struct mailbox){SLICE_NONE, slice_from(address)}));
    CHECK_OK(ipc_ask(bench->peers[ROLE_PLANNER],
                     MESSAGE_SEND, &mail, &call, NULL));
}

static void begin(struct bench *bench, struct outcome *answer, const char *mode, unsigned port)
{
    AUTO_ARENA arena = arena_create(4096);
    bench_create(bench, ROLE_MAILOUT,
                 arena_format(arena, "mode = \"%s\";\nmail = { host = \"127.0.0.1\"; port = %u; "
                                     "tls = \"none\"; };\n", mode, port).data);
    *answer = (struct outcome){0};
    bench->receive = receive;
    bench->context = answer;
    CHECK(bench_start(bench, program));
}

static const struct {
    const char *to;
    enum status status;
    int64_t reply_code;
} cases[] = {
    {"250@guest.example", ST_OK, 250},
    {"451@guest.example", ST_UNAVAILABLE, 451},
    {"550@guest.example", ST_INVALID, 550},
    {"421@guest.example", ST_UNAVAILABLE, 421},
    {"530@guest.example", ST_UNAVAILABLE, 530},
    {"552.5.2.2@guest.example", ST_INVALID, 552},
    {"550.5.7.9@guest.example", ST_UNAVAILABLE, 550}, /* about us, RFC 4954 section 6 */
    {"550.5.7.999999999@guest.example", ST_INVALID, 550},
    {"250\r\nDATA@guest.example", ST_INVALID, 0},
    {"no-address", ST_INVALID, 0},
    {"250+again@guest.example", ST_OK, 250},
};

static void the_mta_decides(void)
{
    struct bench bench;
    struct outcome answer;
    uint16_t port;
    int pipe_fd;
    pid_t mta = start_mta(&port, &pipe_fd);
    begin(&bench, &answer, "mta", port);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].to);
        send_to(&bench, cases[i].to, cases[i].to);
        CHECK(bench_wait(&bench, &answer.count, (unsigned)i + 1, PATIENCE_MS));
        CHECK_NUMBER(answer.status, cases[i].status);
        CHECK_NUMBER(answer.reply_code, cases[i].reply_code);
        CHECK(!answer.sandbox);
    }
    char content[8192];
    ssize_t got = read(pipe_fd, content, sizeof content);
    struct slice raw = {content, got < 0 ? 0 : (size_t)got};
    CHECK(slice_contains(raw, LIT("Message-ID: <o1@assist.example>")));
    CHECK(slice_contains(raw, LIT("Mardi"))); /* the lone dot before it ended nothing */
    bench_destroy(&bench);
    kill(mta, SIGKILL);
    waitpid(mta, NULL, 0);
    close(pipe_fd);
}

/* Told to stop, or without a parent, while the MTA is taking a mail, it says how that ended before it
 * goes. */
static void ends_what_is_under_way(bool orphaned)
{
    struct bench bench;
    struct outcome answer;
    uint16_t port;
    int pipe_fd;
    unsigned never = 0;
    pid_t mta = start_mta(&port, &pipe_fd);
    begin(&bench, &answer, "mta", port);
    send_to(&bench, "slow@guest.example", "o9");
    bench_wait(&bench, &never, 1, 200);
    CHECK_NUMBER(answer.count, 0);
    if (orphaned)
        fd_close(&bench.control);
    else
        bench_kill(&bench, SIGTERM);
    CHECK(bench_wait(&bench, &answer.count, 1, PATIENCE_MS));
    CHECK_NUMBER(answer.status, ST_OK);
    CHECK_TEXT(slice_from(answer.id), "o9");
    for (int i = 0; orphaned && i < 200 && !bench_has_ended(&bench); i++)
        usleep(20 * 1000);
    CHECK(WIFEXITED(bench.how) && WEXITSTATUS(bench.how) == 0);
    bench_destroy(&bench);
    kill(mta, SIGKILL);
    waitpid(mta, NULL, 0);
    close(pipe_fd);
}

static void stopping_ends_what_is_under_way(void)
{
    ends_what_is_under_way(false);
    ends_what_is_under_way(true);
}

/* A planner that died before it wrote down that a mail was sent asks again: it gets the answer, also
 * of a new mailout when that died too, and nobody a second mail. */
static void what_was_delivered_is_not_sent_again(void)
{
    struct bench bench;
    struct outcome answer;
    uint16_t port;
    int pipe_fd;
    char content[8192];
    pid_t mta = start_mta(&port, &pipe_fd);
    begin(&bench, &answer, "mta", port);
    for (unsigned i = 1; i <= 4; i++) {
        send_to(&bench, "250@guest.example", i == 3 ? "o6" : "o5");
        CHECK(bench_wait(&bench, &answer.count, i, PATIENCE_MS));
        CHECK_NUMBER(answer.status, ST_OK);
        CHECK_TEXT(slice_from(answer.id), i == 3 ? "o6" : "o5");
        if (i != 2)
            continue;
        bench_kill(&bench, SIGKILL);
        CHECK(bench_start(&bench, program));
    }
    unsigned mails = 0;
    for (ssize_t got; mails < 2 && (got = read(pipe_fd, content, sizeof content)) > 0;)
        for (ssize_t i = 0; i < got; i++)
            mails += content[i] == '\0';
    CHECK_NUMBER(mails, 2);
    kill(mta, SIGKILL);
    bench_destroy(&bench); /* its connections end, so that the pipe does */
    waitpid(mta, NULL, 0);
    CHECK(read(pipe_fd, content, sizeof content) == 0);
    close(pipe_fd);
}

/* A refused login is not tried again at once, whatever there is to send. */
static void a_refused_login_holds_everything(void)
{
    struct bench bench;
    struct outcome answer = {0};
    uint16_t port;
    int pipe_fd;
    char content[64];
    pid_t mta = start_mta(&port, &pipe_fd);
    AUTO_ARENA arena = arena_create(4096);
    bench_create(&bench, ROLE_MAILOUT,
                 arena_format(arena, "mode = \"mta\";\nassistant = { address = \"camille@wants-login\"; };\n"
                                     "mail = { host = \"127.0.0.1\"; port = %u; tls = \"none\"; user = \"u\"; };\n",
                              port).data);
    bench.receive = receive;
    bench.context = &answer;
    bench.secret = "wrong";
    CHECK(bench_start(&bench, program));
    for (unsigned i = 1; i <= 3; i++) {
        send_to(&bench, "250@guest.example", i == 1 ? "o1" : i == 2 ? "o2" : "o3");
        CHECK(bench_wait(&bench, &answer.count, i, PATIENCE_MS));
        CHECK_NUMBER(answer.status, ST_UNAVAILABLE);
    }
    kill(mta, SIGKILL);
    bench_destroy(&bench);
    waitpid(mta, NULL, 0);
    AUTO_BUFFER logins = buffer_create(1024);
    for (ssize_t got; (got = read(pipe_fd, content, sizeof content)) > 0;)
        buffer_add(&logins, (struct slice){content, (size_t)got});
    CHECK_TEXT(buffer_slice(&logins), "login");
    close(pipe_fd);
}

static void no_mta_means_later(void)
{
    struct bench bench;
    struct outcome answer;
    begin(&bench, &answer, "mta", 1); /* nobody listens on port 1 */
    send_to(&bench, "250@guest.example", "o7");
    CHECK(bench_wait(&bench, &answer.count, 1, PATIENCE_MS));
    CHECK_NUMBER(answer.status, ST_UNAVAILABLE);
    CHECK_TEXT(slice_from(answer.id), "o7");
    bench_destroy(&bench);
}

/* A host that is a name: the resolver runs inside the sandbox, and tries calls of its own. */
static void a_name_is_looked_up(void)
{
    struct bench bench;
    struct outcome answer = {0};
    bench_create(&bench, ROLE_MAILOUT,
                 "mode = \"mta\";\nmail = { host = \"mta.invalid\"; port = 2599; tls = \"none\"; };\n");
    bench.receive = receive;
    bench.context = &answer;
    CHECK(bench_start(&bench, program));
    send_to(&bench, "250@guest.example", "o4");
    CHECK(bench_wait(&bench, &answer.count, 1, 4 * PATIENCE_MS));
    CHECK_NUMBER(answer.status, ST_UNAVAILABLE);
    CHECK(!bench_has_ended(&bench));
    bench_destroy(&bench);
}

static void in_the_sandbox_nothing_leaves(void)
{
    struct bench bench;
    struct outcome answer;
    begin(&bench, &answer, "sandbox", 1);
    send_to(&bench, "anne@guest.example", "o8");
    CHECK(bench_wait(&bench, &answer.count, 1, PATIENCE_MS));
    CHECK_NUMBER(answer.status, ST_OK);
    CHECK(answer.sandbox && answer.raw_len > 100);
    bench_kill(&bench, SIGTERM);
    CHECK(WIFEXITED(bench.how) && WEXITSTATUS(bench.how) == 0);
    bench_destroy(&bench);
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "";
    signal(SIGPIPE, SIG_IGN);
    TEST(the_mta_decides);
    TEST(stopping_ends_what_is_under_way);
    TEST(what_was_delivered_is_not_sent_again);
    TEST(a_refused_login_holds_everything);
    TEST(no_mta_means_later);
    TEST(a_name_is_looked_up);
    TEST(in_the_sandbox_nothing_leaves);
    return check_done();
}
