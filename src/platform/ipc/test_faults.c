/* Channels when a call of the system fails at its n-th time: a message arrives once, or both
 * sides hear that the channel has closed; nothing hangs, no descriptor stays open. */
#include <dirent.h>
#include <signal.h>
#include <sys/socket.h>

#include "faults/trial.h"
#include "platform/ipc/ipc.h"

struct ping {
    struct slice text;
};
static const struct record_field ping_fields[] = {FIELD(ping, text, 1, RECORD_BYTES)};
static RECORD_TYPE(ping_record, ping, ping_fields);
enum { QUESTION = 1, ANSWER = 2, TURNS_MAX = 1000, CALL_MS = 5000 };
static const struct ipc_kind question_kind = {QUESTION, "question", &ping_record};
static const struct ipc_kind answer_kind = {ANSWER, "answer", &ping_record};
static const struct ipc_kind *const kinds[] = {&question_kind, &answer_kind};

/* Long enough not to pass in one piece, so that what is left goes by the loop. */
static char long_text[700 * 1000];

struct side {
    struct ipc_channel *channel;
    unsigned received, closed;
    bool whole;
};

struct talk {
    unsigned fds;
};

static const struct fault faults[] = {
    {.name = "send: interrupted", .call = FAULT_SEND, .error = EINTR},
    {.name = "send: not now", .call = FAULT_SEND, .error = EAGAIN},
    {.name = "send: half", .call = FAULT_SEND},
    {.name = "send: no memory in the kernel", .call = FAULT_SEND, .error = ENOBUFS},
    {.name = "receive: interrupted", .call = FAULT_RECEIVE, .error = EINTR},
    {.name = "receive: not now", .call = FAULT_RECEIVE, .error = EAGAIN},
    {.name = "receive: half", .call = FAULT_RECEIVE},
    {.name = "receive: reset", .call = FAULT_RECEIVE, .error = ECONNRESET},
    {.name = "wait: interrupted", .call = FAULT_WAIT, .error = EINTR},
    {.name = "wait: no memory in the kernel", .call = FAULT_WAIT, .error = ENOMEM},
    {.name = "watch: no room", .call = FAULT_WATCH, .error = ENOSPC},
    {.name = "no memory", .call = FAULT_MEMORY, .error = ENOMEM},
};
/* A control channel that takes nothing now is a failure: whoever sends has no queue. */
static const struct fault control_faults[] = {
    {.name = "send: interrupted", .call = FAULT_SEND, .error = EINTR},
    {.name = "send: no memory in the kernel", .call = FAULT_SEND, .error = ENOBUFS},
    {.name = "receive: interrupted", .call = FAULT_RECEIVE, .error = EINTR},
    {.name = "receive: not now", .call = FAULT_RECEIVE, .error = EAGAIN},
    {.name = "receive: reset", .call = FAULT_RECEIVE, .error = ECONNRESET},
};
enum {
    FAULT_COUNT = sizeof faults / sizeof *faults,
    TALKING = MAKES(FAULT_SEND) | MAKES(FAULT_RECEIVE) | MAKES(FAULT_WAIT) | MAKES(FAULT_WATCH) |
              MAKES(FAULT_MEMORY),
};

static unsigned count_fds(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static void prepare(void *context)
{
    ((struct talk *)context)->fds = count_fds();
}

static void nothing(void *context)
{
    (void)context;
}

static void nothing_open(void *context)
{
    CHECK_NUMBER(count_fds(), ((struct talk *)context)->fds);
}

static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct side *side = context;
    const struct ping *ping = message->object;
    (void)at;
    side->received++;
    side->whole = ping->text.len == sizeof long_text &&
                  memcmp(ping->text.data, long_text, sizeof long_text) == 0;
    /* A failure closes the channel, and both sides hear of it. */
    if (message->kind == QUESTION)
        (void)!ipc_answer(message, ANSWER, ping, NULL);
}

static void closed(void *context, struct ipc_channel *channel, const struct problem *why)
{
    (void)channel;
    CHECK(why->detail[0] != '\0');
    ((struct side *)context)->closed++;
}

static enum status open_side(struct loop *loop, int *fd, struct side *side, struct problem *why)
{
    struct ipc_rules rules = {"test", {kinds, 2}, {kinds, 2}, receive, closed, side};
    int own = *fd;
    *fd = -1; /* the channel's from now on */
    return ipc_open(loop, own, &rules, &side->channel, why);
}

/* Until the answer is there, or either side knows that it will not come. */
static enum status turn_until_answered(struct loop *loop, const struct side *a, const struct side *b,
                                       struct problem *why)
{
    for (int i = 0; i < TURNS_MAX && a->received == 0 && a->closed == 0; i++)
        TRY(loop_turn(loop, 1, why));
    CHECK(a->received <= 1 && b->received <= 1);
    if (a->received == 0)
        return problem_set(why, ST_UNAVAILABLE, a->closed > 0 ? "the channel has closed" : "hangs");
    CHECK(a->whole && b->whole);
    return ST_OK;
}

/* A side that lost its channel closes it, so the other one hears of it too. */
static void both_hear(struct loop *loop, const struct side *a, const struct side *b)
{
    for (int i = 0; i < 10 && a->closed != b->closed; i++)
        (void)!loop_turn(loop, 1, NULL);
    CHECK(a->closed == b->closed && a->closed <= 1);
}

static enum status talk_on(struct loop *loop, struct side *a, struct side *b, int fds[2],
                           struct problem *why)
{
    uint32_t call;
    struct ping ping = {{long_text, sizeof long_text}};
    TRY(open_side(loop, &fds[0], a, why));
    TRY(open_side(loop, &fds[1], b, why));
    TRY(ipc_ask(a->channel, QUESTION, &ping, &call, why));
    enum status status = turn_until_answered(loop, a, b, why);
    if (status == ST_OK || a->closed > 0)
        both_hear(loop, a, b);
    CHECK(!slice_equal(slice_from(why->detail), LIT("hangs")));
    return status;
}

static enum status talk(void *context, struct problem *why)
{
    struct loop *loop = NULL;
    struct side a = {0}, b = {0};
    int fds[2];
    (void)context;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        abort();
    enum status status = loop_create(&loop, why);
    if (status == ST_OK)
        status = talk_on(loop, &a, &b, fds, why);
    ipc_destroy(&a.channel);
    ipc_destroy(&b.channel);
    loop_destroy(&loop);
    fd_close(&fds[0]);
    fd_close(&fds[1]);
    return status;
}

/* The other end of blocking calls, in a process that nothing happens to. */
static void answer_until_closed(int fd)
{
    struct loop *loop;
    struct side side = {0};
    fault_leave();
    if (loop_create(&loop, NULL) != ST_OK || open_side(loop, &fd, &side, NULL) != ST_OK)
        _exit(1);
    while (side.closed == 0)
        (void)!loop_turn(loop, 1000, NULL);
    _exit(0);
}

static enum status call_once(struct loop *loop, int *fd, struct problem *why)
{
    struct side side = {0};
    struct ping ping = {{long_text, sizeof long_text}}, answer;
    AUTO_ARENA arena = arena_create_wiped(IPC_MESSAGE_BYTES_MAX);
    TRY(open_side(loop, fd, &side, why));
    enum status status =
        ipc_call(side.channel, QUESTION, &ping, ANSWER, CALL_MS, arena, &answer, why);
    CHECK(status != ST_OK || (answer.text.len == sizeof long_text &&
                              memcmp(answer.text.data, long_text, sizeof long_text) == 0));
    CHECK(!slice_contains(slice_from(why->detail), LIT("in time"))); /* it does not wait in vain */
    ipc_destroy(&side.channel);
    return status;
}

static enum status call_peer(void *context, struct problem *why)
{
    struct loop *loop = NULL;
    int fds[2], how = 1;
    (void)context;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        abort();
    pid_t child = fork();
    if (child == 0) {
        close(fds[0]);
        answer_until_closed(fds[1]);
    }
    close(fds[1]);
    enum status status = loop_create(&loop, why);
    if (status == ST_OK)
        status = call_once(loop, &fds[0], why);
    loop_destroy(&loop);
    fd_close(&fds[0]);
    CHECK(waitpid(child, &how, 0) == child && how == 0);
    return status;
}

/* A word with a descriptor and one without, through the control channel. */
static enum status pass(int fds[2], int *passed, struct problem *why)
{
    uint32_t word;
    int none = -1;
    TRY(ipc_send_fd(fds[0], 7, fds[0], why));
    TRY(ipc_send_fd(fds[0], 8, -1, why));
    enum status status = ST_NOT_FOUND;
    for (int i = 0; i < TURNS_MAX && status == ST_NOT_FOUND; i++)
        status = ipc_receive_fd(fds[1], &word, passed, why);
    TRY(status);
    CHECK(word == 7 && *passed >= 0);
    status = ST_NOT_FOUND;
    for (int i = 0; i < TURNS_MAX && status == ST_NOT_FOUND; i++)
        status = ipc_receive_fd(fds[1], &word, &none, why);
    TRY(status);
    CHECK(word == 8 && none == -1);
    return ST_OK;
}

static enum status pass_descriptors(void *context, struct problem *why)
{
    int fds[2], passed = -1;
    (void)context;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
        abort();
    enum status status = pass(fds, &passed, why);
    fd_close(&passed);
    close(fds[0]);
    close(fds[1]);
    return status;
}

static const struct fault_trial trials[] = {
    {"question and answer", prepare, talk, nothing_open, nothing_open, nothing, TALKING},
    {"blocking call", prepare, call_peer, nothing_open, nothing_open, nothing, TALKING},
};
static const struct fault_trial descriptors = {
    "descriptors", prepare, pass_descriptors, nothing_open, nothing_open, nothing,
    MAKES(FAULT_SEND) | MAKES(FAULT_RECEIVE),
};

static void a_message_arrives_once_or_both_hear(void)
{
    struct talk talk;
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        fault_try_each(&trials[i], faults, FAULT_COUNT, &talk);
    fault_try_each(&descriptors, control_faults, sizeof control_faults / sizeof *control_faults, &talk);
}

int main(void)
{
    for (size_t i = 0; i < sizeof long_text; i++)
        long_text[i] = (char)(i * 7 + i / 251);
    TEST(a_message_arrives_once_or_both_hear);
    return check_done();
}
