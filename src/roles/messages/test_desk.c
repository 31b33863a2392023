/* A desk and its client over a real socket: questions, answers of several lines, those who hang up, are
 * slow, or may not ask. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "roles/messages/desk.h"

static char folder[64];

static struct {
    struct loop *loop;
    int listening;
    struct desk *desk;
    struct desk_caller *kept; /* of "later" */
    unsigned questions;
} house;

static void answer(void *context, struct desk_caller *caller, struct slice question, const struct moment *at)
{
    struct problem why;
    (void)context, (void)at;
    house.questions++;
    if (slice_equal(question, LIT("{\"ask\":\"steps\"}"))) {
        desk_say(caller, LIT("{\"step\":1}"));
        desk_say(caller, LIT("{\"step\":2}"));
        desk_say(caller, LIT("{\"status\":\"ok\",\"n\":2}"));
        desk_end(caller);
    } else if (slice_equal(question, LIT("{\"ask\":\"large\"}"))) {
        AUTO_BUFFER line = buffer_create(DESK_ANSWER_MAX);
        buffer_add_text(&line, "{\"status\":\"ok\",\"x\":\"");
        while (line.len < 3 << 20)
            buffer_add_text(&line, "xxxxxxxxxxxxxxxx");
        buffer_add_text(&line, "\"}");
        desk_say(caller, buffer_slice(&line));
        desk_end(caller);
    } else if (slice_equal(question, LIT("{\"ask\":\"later\"}"))) {
        house.kept = caller;
    } else if (slice_equal(question, LIT("{\"ask\":\"silent\"}"))) {
        desk_end(caller);
    } else {
        problem_set(&why, ST_DENIED, "a \"quote\" and a \\ are left out");
        desk_fail(caller, &why);
    }
}

static void open_house(uid_t owner)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(folder, sizeof folder, "/tmp/rendez-desk-XXXXXX");
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(address.sun_path, sizeof address.sun_path, "%s/trust.sock", folder);
    house.listening = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK_NUMBER(bind(house.listening, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_NUMBER(chmod(folder, 0755) + chmod(address.sun_path, 0666), 0);
    CHECK_NUMBER(listen(house.listening, 16), 0);
    house.questions = 0;
    CHECK_OK(loop_create(&house.loop, NULL));
    CHECK_OK(desk_open(house.loop, house.listening, owner, answer, NULL, &house.desk, NULL));
}

static void close_house(void)
{
    char path[96];
    desk_destroy(&house.desk);
    loop_destroy(&house.loop);
    close(house.listening);
    snprintf(path, sizeof path, "%s/trust.sock", folder);
    unlink(path);
    rmdir(folder);
}

static unsigned heard;
static void hear(void *context, struct slice line)
{
    (void)context;
    heard += slice_starts(line, LIT("{\"step\":"));
}

/* The client is a process of its own: its exit code is the status; `want` is part of the answer or
 * problem, and `lines` how many came before. */
static pid_t ask(const char *question, const char *want, unsigned lines, uid_t as)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    close_range(3, ~0U, 0); /* other callers' ends among them */
    if (as != 0 && setuid(as) != 0)
        _exit(99);
    AUTO_ARENA arena = arena_create((size_t)128 << 20);
    struct slice line = {0};
    struct problem why = {0};
    enum status status = desk_ask(folder, "trust", slice_from(question), 5000, hear, NULL, arena, &line, &why);
    struct slice said = status == ST_OK ? line : slice_from(why.detail);
    _exit(heard == lines && slice_contains(said, slice_from(want)) ? (int)status : 98);
}

static int finish(pid_t child)
{
    int how = 0;
    while (waitpid(child, &how, WNOHANG) == 0)
        CHECK_OK(loop_turn(house.loop, 20, NULL));
    return WIFEXITED(how) ? WEXITSTATUS(how) : 100;
}

static void questions_are_answered(void)
{
    static const struct {
        const char *question, *want;
        unsigned lines;
        enum status status;
    } rows[] = {
        {"{\"ask\":\"steps\"}", "{\"status\":\"ok\",\"n\":2}", 2, ST_OK},
        {"{\"ask\":\"large\"}", "{\"status\":\"ok\",\"x\":\"", 0, ST_OK},
        {"{\"ask\":\"silent\"}", "ended without an answer", 0, ST_UNAVAILABLE},
        {"{\"ask\":\"no\"}", "a quote and a  are left out", 0, ST_DENIED},
    };
    open_house(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].question);
        CHECK_NUMBER(finish(ask(rows[i].question, rows[i].want, rows[i].lines, 0)), rows[i].status);
    }
    CHECK_NUMBER(house.questions, 4);
    close_house();
}

static int connect_raw(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/trust.sock", folder);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_NUMBER(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void turn(unsigned turns)
{
    while (turns-- > 0)
        CHECK_OK(loop_turn(house.loop, 5, NULL));
}

/* Who hangs up is gone for the desk at once, for the role when it ends its answer. */
static void who_hangs_up_harms_nobody(void)
{
    open_house(0);
    AUTO_FD half = connect_raw();
    CHECK_OK(fd_write_all(half, LIT("{\"ask\":\"st"), NULL));
    turn(4);
    fd_close(&half);
    turn(4);
    CHECK_NUMBER(house.questions, 0);
    AUTO_FD later = connect_raw();
    CHECK_OK(fd_write_all(later, LIT("{\"ask\":\"later\"}\n{\"ask\":\"steps\"}\n"), NULL));
    turn(4);
    CHECK_NUMBER(house.questions, 1); /* one question a caller */
    CHECK(!desk_has_left(house.kept));
    fd_close(&later);
    turn(4);
    CHECK(desk_has_left(house.kept));
    desk_say(house.kept, LIT("{\"status\":\"ok\"}"));
    desk_end(house.kept);
    CHECK_NUMBER(finish(ask("{\"ask\":\"steps\"}", "\"n\":2", 2, 0)), ST_OK);
    close_house();
}

static void a_ninth_caller_waits(void)
{
    int silent[DESK_CALLERS_MAX];
    open_house(0);
    for (size_t i = 0; i < DESK_CALLERS_MAX; i++)
        silent[i] = connect_raw();
    turn(2 * DESK_CALLERS_MAX);
    pid_t child = ask("{\"ask\":\"steps\"}", "\"n\":2", 2, 0);
    turn(20);
    CHECK_NUMBER(house.questions, 0);
    fd_close(&silent[3]);
    CHECK_NUMBER(finish(child), ST_OK);
    for (size_t i = 0; i < DESK_CALLERS_MAX; i++)
        fd_close(&silent[i]);
    close_house();
}

/* The kernel tells who asks: somebody else gets no answer, whatever the socket's mode. */
static void others_may_not_ask(void)
{
    enum { OWNER = 64100, OTHER = 64101 };
    if (geteuid() != 0)
        return;
    open_house(OWNER);
    CHECK_NUMBER(finish(ask("{\"ask\":\"steps\"}", "\"n\":2", 2, OWNER)), ST_OK);
    CHECK_NUMBER(finish(ask("{\"ask\":\"steps\"}", "", 0, OTHER)) != ST_OK, 1);
    CHECK_NUMBER(house.questions, 1);
    close_house();
}

static void without_a_service(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice line;
    CHECK_NUMBER(desk_ask("/nonexistent", "trust", LIT("{}"), 100, NULL, NULL, arena, &line, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(desk_ask("/tmp", "no-such-role", LIT("{}"), 100, NULL, NULL, arena, &line, NULL), ST_NOT_FOUND);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    TEST(questions_are_answered);
    TEST(who_hangs_up_harms_nobody);
    TEST(a_ninth_caller_waits);
    TEST(others_may_not_ask);
    TEST(without_a_service);
    return check_done();
}
