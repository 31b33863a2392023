#include "platform/ipc/ipc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "platform/ipc/queue.h"

/* Two kinds with a small and a large struct, as roles would define them. */
struct ping {
    uint32_t number;
    struct slice text;
};
struct pong_item {
    uint32_t number;
};
struct pong_item_list {
    struct pong_item *items;
    size_t count, capacity;
};
struct pong {
    struct slice bytes;
    struct pong_item_list items;
};
static const struct record_field ping_fields[] = {
    FIELD(ping, number, 1, RECORD_U32),
    FIELD(ping, text, 2, RECORD_TEXT),
};
static RECORD_TYPE(ping_record, ping, ping_fields);
static const struct record_field pong_item_fields[] = {FIELD(pong_item, number, 1, RECORD_U32)};
static RECORD_TYPE(pong_item_record, pong_item, pong_item_fields);
static const struct record_field pong_fields[] = {
    FIELD(pong, bytes, 1, RECORD_BYTES),
    FIELD_OF(pong, items, 2, RECORD_LIST, pong_item_record),
};
static RECORD_TYPE(pong_record, pong, pong_fields);

enum { PING = 1, PONG = 2 };
static const struct ipc_kind ping = {PING, "ping", &ping_record};
static const struct ipc_kind pong = {PONG, "pong", &pong_record};
static const struct ipc_kind *const both[] = {&ping, &pong};
static const struct ipc_kind *const ping_only[] = {&ping};

struct side {
    unsigned received, closed;
    struct ping last_ping;
    char text[64];
    size_t bytes;
    uint32_t call;
    enum status why;
    bool answers;
};

static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct side *side = context;
    (void)at;
    side->received++;
    side->call = message->call;
    if (message->kind == PING) {
        side->last_ping = *(const struct ping *)message->object;
        size_t len = side->last_ping.text.len < 63 ? side->last_ping.text.len : 63;
        if (len > 0)
            memcpy(side->text, side->last_ping.text.data, len);
        side->text[len] = '\0';
    } else {
        side->bytes = ((const struct pong *)message->object)->bytes.len;
    }
    if (side->answers && message->kind == PING) {
        struct pong answer = {.bytes = LIT("answer")};
        CHECK_OK(ipc_answer(message, PONG, &answer, NULL));
    }
}

static void closed(void *context, struct ipc_channel *channel, const struct problem *why)
{
    struct side *side = context;
    CHECK(!ipc_is_open(channel));
    side->closed++;
    side->why = why->status;
}

static struct ipc_rules rules_for(struct side *side)
{
    return (struct ipc_rules){"test", {both, 2}, {both, 2}, receive, closed, side};
}

static void pair(int fds[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        abort();
}

static void turns(struct loop *loop, int count)
{
    for (int i = 0; i < count; i++)
        CHECK_OK(loop_turn(loop, 10, NULL));
}

static void messages_arrive_whole_and_in_order(void)
{
    int fds[2];
    struct side a = {0}, b = {.answers = true};
    struct ipc_rules a_rules = rules_for(&a), b_rules = rules_for(&b);
    struct ipc_channel *left, *right;
    struct loop *loop;
    pair(fds);
    CHECK_OK(loop_create(&loop, NULL));
    CHECK_OK(ipc_open(loop, fds[0], &a_rules, &left, NULL));
    CHECK_OK(ipc_open(loop, fds[1], &b_rules, &right, NULL));
    for (uint32_t i = 1; i <= 100; i++)
        CHECK_OK(ipc_send(left, PING, &(struct ping){i, LIT("demain à 9h")}, NULL));
    for (int i = 0; i < 300 && a.received < 100; i++)
        CHECK_OK(loop_turn(loop, 10, NULL));
    CHECK_NUMBER(b.received, 100);
    CHECK_NUMBER(b.last_ping.number, 100);
    CHECK_TEXT(slice_from(b.text), "demain à 9h");
    CHECK_NUMBER(a.received, 100);
    CHECK_NUMBER(a.bytes, 6);
    uint32_t call;
    CHECK_OK(ipc_ask(left, PING, &(struct ping){.number = 1}, &call, NULL));
    turns(loop, 3);
    CHECK_NUMBER(a.call, call);
    ipc_destroy(&left);
    turns(loop, 2);
    CHECK_NUMBER(b.closed, 1);
    CHECK_NUMBER(b.why, ST_UNAVAILABLE);
    ipc_destroy(&right);
    loop_destroy(&loop);
}

/* 30 MB pass a socket buffer of some 200 KB; over 32 MB nothing is sent. */
static void large_messages_pass_and_larger_ones_do_not(void)
{
    int fds[2];
    struct side a = {0}, b = {0};
    struct ipc_rules a_rules = rules_for(&a), b_rules = rules_for(&b);
    struct ipc_channel *left, *right;
    struct loop *loop;
    pair(fds);
    CHECK_OK(loop_create(&loop, NULL));
    CHECK_OK(ipc_open(loop, fds[0], &a_rules, &left, NULL));
    CHECK_OK(ipc_open(loop, fds[1], &b_rules, &right, NULL));
    size_t len = (size_t)30 << 20;
    char *bytes = calloc(1, len + (4 << 20));
    struct pong large = {.bytes = {bytes, len}}, larger = {.bytes = {bytes, len + (4 << 20)}};
    CHECK_OK(ipc_send(left, PONG, &large, NULL));
    CHECK_NUMBER(ipc_send(left, PONG, &larger, NULL), ST_LIMIT);
    CHECK_OK(ipc_send(left, PING, &(struct ping){.number = 3}, NULL));
    for (int i = 0; i < 5000 && b.received < 2; i++)
        CHECK_OK(loop_turn(loop, 10, NULL));
    CHECK_NUMBER(b.bytes, len);
    CHECK_NUMBER(b.last_ping.number, 3);
    free(bytes);
    ipc_destroy(&left);
    ipc_destroy(&right);
    loop_destroy(&loop);
}

/* A good frame around which each row breaks something. */
#define TEXT_FIELD "\x02\0\x04"
#define BYTES(text) {text, sizeof(text) - 1} /* LIT is no constant initializer */
static const struct {
    const char *name;
    struct slice bytes;
    enum status why; /* ST_OK: the channel stays open */
    unsigned received;
} frames[] = {
    {"a good one", BYTES("\x07\0\0\0\x01\0\0\0\0\0\x01\0\x01\x05\0\0\0"), ST_OK, 1},
    {"an empty record", BYTES("\0\0\0\0\x01\0\0\0\0\0"), ST_OK, 1},
    {"two at once", BYTES("\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0"), ST_OK, 2},
    {"nothing of a header", BYTES("\x07\0\0\0\x01\0\0\0\0"), ST_OK, 0},
    {"kind 0", BYTES("\0\0\0\0\0\0\0\0\0\0"), ST_INVALID, 0},
    {"an unknown kind", BYTES("\0\0\0\0\x09\0\0\0\0\0"), ST_INVALID, 0},
    {"a kind not for this channel", BYTES("\0\0\0\0\x02\0\0\0\0\0"), ST_INVALID, 0},
    {"one byte too long", BYTES("\x01\0\0\x02\x01\0\0\0\0\0"), ST_LIMIT, 0},
    {"the longest length", BYTES("\xFF\xFF\xFF\xFF\x01\0\0\0\0\0"), ST_LIMIT, 0},
    {"a field cut short", BYTES("\x05\0\0\0\x01\0\0\0\0\0\x01\0\x01\x05\0"), ST_INVALID, 0},
    {"a field of another kind", BYTES("\x04\0\0\0\x01\0\0\0\0\0\x01\0\0\x01"), ST_INVALID, 0},
    {"an unknown field kind", BYTES("\x04\0\0\0\x01\0\0\0\0\0\x63\0\x63\x01"), ST_INVALID, 0},
    {"text longer than its record", BYTES("\x07\0\0\0\x01\0\0\0\0\0" TEXT_FIELD "\x09\0\0\0"),
     ST_INVALID, 0},
    {"text that is not UTF-8", BYTES("\x08\0\0\0\x01\0\0\0\0\0" TEXT_FIELD "\x01\0\0\0\xFF"),
     ST_INVALID, 0},
    {"a field twice", BYTES("\x0E\0\0\0\x01\0\0\0\0\0\x01\0\x01\x05\0\0\0\x01\0\x01\x05\0\0\0"),
     ST_INVALID, 0},
    {"an unknown field is skipped", BYTES("\x07\0\0\0\x01\0\0\0\0\0\x63\0\x01\x05\0\0\0"), ST_OK, 1},
    {"a good one before a bad one", BYTES("\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\x09\0\0\0\0\0"), ST_INVALID,
     1},
};

/* at_once: one write; else a byte a turn. */
static void try_frame(size_t row, bool at_once)
{
    int fds[2];
    struct side side = {0};
    struct ipc_rules rules = rules_for(&side);
    rules.receives = (struct ipc_kinds){ping_only, 1};
    struct ipc_channel *channel;
    struct loop *loop;
    pair(fds);
    CHECK_OK(loop_create(&loop, NULL));
    CHECK_OK(ipc_open(loop, fds[0], &rules, &channel, NULL));
    struct slice bytes = frames[row].bytes;
    for (size_t at = 0, step = at_once ? bytes.len : 1; at < bytes.len; at += step) {
        if (send(fds[1], bytes.data + at, step, MSG_NOSIGNAL) < 0)
            break;
        turns(loop, 1);
    }
    turns(loop, 1);
    CHECK_NUMBER(side.received, frames[row].received);
    CHECK_NUMBER(side.closed, frames[row].why == ST_OK ? 0 : 1);
    CHECK_NUMBER(side.why, frames[row].why);
    /* The process lives on: a new peer is served. */
    int fresh[2];
    unsigned before = side.received;
    pair(fresh);
    CHECK_OK(ipc_replace(channel, fresh[0], NULL));
    CHECK(send(fresh[1], "\0\0\0\0\x01\0\0\0\0\0", 10, MSG_NOSIGNAL) == 10);
    turns(loop, 1);
    CHECK_NUMBER(side.received, before + 1);
    ipc_destroy(&channel);
    loop_destroy(&loop);
    close(fds[1]);
    close(fresh[1]);
}

/* What a peer said before it left counts, whatever is done before it is read. */
static void the_last_word_of_a_peer_is_heard(void)
{
    static const struct {
        const char *name;
        bool send, replace;
    } rows[] = {
        {"nothing is done", false, false},
        {"it was to be told something", true, false},
        {"another takes its place", false, true},
        {"both", true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int fds[2], fresh[2];
        struct side side = {0};
        struct ipc_rules rules = rules_for(&side);
        struct ipc_channel *channel;
        struct loop *loop;
        check_row(rows[i].name);
        pair(fds);
        pair(fresh);
        CHECK_OK(loop_create(&loop, NULL));
        CHECK_OK(ipc_open(loop, fds[0], &rules, &channel, NULL));
        CHECK(send(fds[1], "\0\0\0\0\x01\0\0\0\0\0", 10, MSG_NOSIGNAL) == 10);
        close(fds[1]);
        for (int tries = 0; rows[i].send && tries < 2; tries++)
            CHECK_NUMBER(ipc_send(channel, PING, &(struct ping){.number = 1}, NULL), ST_UNAVAILABLE);
        if (rows[i].replace) {
            ipc_hear(channel, loop_moment(loop));
            CHECK_OK(ipc_replace(channel, fresh[0], NULL));
        } else {
            close(fresh[0]);
        }
        turns(loop, 3);
        CHECK_NUMBER(side.received, 1);
        CHECK_NUMBER(side.closed, 1);
        CHECK(ipc_is_open(channel) == rows[i].replace);
        ipc_destroy(&channel);
        loop_destroy(&loop);
        close(fresh[1]);
    }
}

static void malformed_frames_close_the_channel(void)
{
    for (size_t row = 0; row < sizeof frames / sizeof *frames; row++) {
        check_row(frames[row].name);
        try_frame(row, true);
        try_frame(row, false);
    }
}

/* The peer of the blocking calls, in a process of its own. */
struct peer {
    struct loop *loop;
    struct ipc_channel *channel;
    int fd;
};

static void peer_receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct peer *peer = context;
    const struct ping *question = message->object;
    struct ping unasked = {99, LIT("unasked")};
    struct pong answer = {.bytes = LIT("answer")};
    (void)at;
    if (slice_equal(question->text, LIT("die")))
        _exit(0);
    if (slice_equal(question->text, LIT("silence")))
        return;
    if (slice_equal(question->text, LIT("late")))
        usleep(120000);
    if (slice_equal(question->text, LIT("damage"))) {
        static const char bad[] = "\x04\0\0\0\x02\0\x01\0\0\0\x01\0\x01\x01";
        if (write(peer->fd, bad, sizeof bad - 1) < 0)
            _exit(1);
        return;
    }
    if (ipc_send(peer->channel, PING, &unasked, NULL) != ST_OK ||
        ipc_answer(message, PONG, &answer, NULL) != ST_OK)
        _exit(1);
}

static void peer_closed(void *context, struct ipc_channel *channel, const struct problem *why)
{
    (void)channel, (void)why;
    loop_stop(((struct peer *)context)->loop);
}

/* Ends when `other`, the test's end, is closed. */
static pid_t start_peer(int fd, int other)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    close(other);
    struct peer peer = {.fd = fd};
    struct ipc_rules rules = {"peer", {both, 2}, {both, 2}, peer_receive, peer_closed, &peer};
    if (loop_create(&peer.loop, NULL) != ST_OK ||
        ipc_open(peer.loop, fd, &rules, &peer.channel, NULL) != ST_OK ||
        loop_run(peer.loop, NULL) != ST_OK)
        _exit(1);
    ipc_destroy(&peer.channel);
    loop_destroy(&peer.loop);
    _exit(0);
}

static const struct {
    const char *text;
    int timeout_ms;
    enum status status;
    bool open; /* afterwards */
} calls[] = {
    {"answer", 2000, ST_OK, true},
    {"silence", 50, ST_UNAVAILABLE, true},
    {"late", 30, ST_UNAVAILABLE, true},
    {"die", 2000, ST_UNAVAILABLE, false},
    {"damage", 2000, ST_UNAVAILABLE, false},
};

static void try_call(size_t row)
{
    int fds[2];
    struct side side = {0};
    struct ipc_rules rules = rules_for(&side);
    struct ipc_channel *channel;
    struct loop *loop;
    pair(fds);
    pid_t child = start_peer(fds[1], fds[0]);
    close(fds[1]);
    CHECK_OK(loop_create(&loop, NULL));
    CHECK_OK(ipc_open(loop, fds[0], &rules, &channel, NULL));
    AUTO_ARENA arena = arena_create_wiped(IPC_MESSAGE_BYTES_MAX);
    struct ping question = {.text = slice_from(calls[row].text)};
    struct pong answer;
    CHECK_NUMBER(ipc_call(channel, PING, &question, PONG, calls[row].timeout_ms, arena, &answer,
                          NULL),
                 calls[row].status);
    CHECK_NUMBER(side.received, 0);
    if (calls[row].status == ST_OK)
        CHECK_TEXT(answer.bytes, "answer");
    turns(loop, 20);
    CHECK_NUMBER(ipc_is_open(channel), calls[row].open);
    /* What came beside the answer is delivered by the loop; late answers never are. */
    CHECK_NUMBER(side.received, strcmp(calls[row].text, "answer") == 0 ||
                                    strcmp(calls[row].text, "late") == 0);
    if (calls[row].open) {
        CHECK_OK(ipc_call(channel, PING, &(struct ping){.number = 2}, PONG, 2000, arena, &answer,
                          NULL));
        CHECK_TEXT(answer.bytes, "answer");
    }
    ipc_destroy(&channel);
    loop_destroy(&loop);
    int how;
    CHECK(waitpid(child, &how, 0) == child && how == 0);
}

static void blocking_calls(void)
{
    for (size_t row = 0; row < sizeof calls / sizeof *calls; row++) {
        check_row(calls[row].text);
        try_call(row);
    }
}

/* A receiver that destroys its own channel. */
static struct ipc_channel *doomed;
static void destroy_it(void *context, const struct ipc_message *message, const struct moment *at)
{
    (void)message, (void)at;
    ++*(unsigned *)context;
    ipc_destroy(&doomed);
}

/* One channel has much to say, the other a word: that is heard before the first has ended. */
struct floods {
    unsigned flood, heard_at; /* messages of the first, until the word of the other came */
};

static void count_flood(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct floods *floods = context;
    (void)message, (void)at;
    floods->flood++;
}

static void hear_word(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct floods *floods = context;
    (void)message, (void)at;
    floods->heard_at = floods->flood;
}

static void no_channel_keeps_others_from_speaking(void)
{
    enum { FLOOD = 100 };
    ipc_receive_fn *const receivers[2] = {count_flood, hear_word};
    int fds[2][2];
    struct floods floods = {0};
    struct ipc_channel *here[2], *there[2];
    struct side nobody = {0};
    struct loop *loop;
    CHECK_OK(loop_create(&loop, NULL));
    for (int i = 0; i < 2; i++) {
        struct ipc_rules rules = {"test", {both, 2}, {both, 2}, receivers[i], NULL, &floods};
        struct ipc_rules other = rules_for(&nobody);
        pair(fds[i]);
        CHECK_OK(ipc_open(loop, fds[i][0], &rules, &here[i], NULL));
        CHECK_OK(ipc_open(loop, fds[i][1], &other, &there[i], NULL));
    }
    for (int i = 0; i < FLOOD; i++)
        CHECK_OK(ipc_send(there[0], PING, &(struct ping){.number = 1}, NULL));
    CHECK_OK(ipc_send(there[1], PING, &(struct ping){.number = 2}, NULL));
    turns(loop, FLOOD + 5);
    CHECK_NUMBER(floods.flood, FLOOD);
    CHECK(floods.heard_at > 0 && floods.heard_at < 5);
    for (int i = 0; i < 2; i++) {
        ipc_destroy(&here[i]);
        ipc_destroy(&there[i]);
    }
    loop_destroy(&loop);
}

static void a_receiver_may_destroy_its_channel(void)
{
    int fds[2];
    unsigned received = 0;
    struct ipc_rules rules = {"test", {both, 2}, {both, 2}, destroy_it, NULL, &received};
    struct loop *loop;
    pair(fds);
    CHECK_OK(loop_create(&loop, NULL));
    CHECK_OK(ipc_open(loop, fds[0], &rules, &doomed, NULL));
    CHECK(send(fds[1], "\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0", 20, 0) == 20);
    turns(loop, 2);
    CHECK_NUMBER(received, 1);
    loop_destroy(&loop);
    close(fds[1]);
}

/* Two descriptors in one message, as we never send them. */
static ssize_t send_two(int socket, int fd)
{
    uint32_t word = 9;
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    struct iovec data = {&word, sizeof word};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(2 * sizeof fd);
    memcpy(CMSG_DATA(header), (int[]){fd, fd}, 2 * sizeof fd);
    return sendmsg(socket, &message, 0);
}

static void descriptors_pass(void)
{
    int fds[2], passed, ends[2];
    uint32_t word;
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) == 0 && pipe(ends) == 0);
    CHECK_NUMBER(ipc_receive_fd(fds[1], &word, &passed, NULL), ST_NOT_FOUND);
    CHECK_OK(ipc_send_fd(fds[0], 7, ends[1], NULL));
    CHECK_OK(ipc_send_fd(fds[0], 8, -1, NULL));
    CHECK_OK(ipc_receive_fd(fds[1], &word, &passed, NULL));
    CHECK_NUMBER(word, 7);
    CHECK(passed >= 0 && (fcntl(passed, F_GETFD) & FD_CLOEXEC) != 0);
    char byte = 0;
    CHECK(write(passed, "x", 1) == 1 && read(ends[0], &byte, 1) == 1 && byte == 'x');
    close(passed);
    CHECK_OK(ipc_receive_fd(fds[1], &word, &passed, NULL));
    CHECK(word == 8 && passed == -1);
    int next = dup(ends[0]), again; /* the lowest that is free */
    close(next);
    CHECK(send_two(fds[0], ends[0]) == sizeof word);
    CHECK_OK(ipc_receive_fd(fds[1], &word, &passed, NULL));
    CHECK(word == 9 && passed == -1);
    again = dup(ends[0]);
    CHECK_NUMBER(again, next); /* neither was left open */
    close(again);
    close(fds[0]);
    CHECK_NUMBER(ipc_receive_fd(fds[1], &word, &passed, NULL), ST_UNAVAILABLE);
    close(fds[1]);
    close(ends[0]);
    close(ends[1]);
}

static void queues_move_and_cut(void)
{
    struct queue queue = {0};
    AUTO_BUFFER want = buffer_create(1 << 20);
    for (int i = 0; i < 2000; i++) {
        AUTO_ARENA arena = arena_create(1024);
        struct slice part = arena_format(arena, "%d,", i);
        queue_add(&queue, part);
        buffer_add(&want, part);
        if (i % 3 == 0) {
            queue_take(&queue, 2);
            buffer_consume(&want, 2);
        }
        if (i % 7 == 6) {
            queue_cut(&queue, 3, 4);
            struct slice all = buffer_slice(&want);
            AUTO_BUFFER cut = buffer_create(1 << 20);
            buffer_add(&cut, slice_sub(all, 0, 3));
            buffer_add(&cut, slice_sub(all, 7, all.len));
            buffer_clear(&want);
            buffer_add(&want, buffer_slice(&cut));
        }
    }
    CHECK(slice_equal(queue_slice(&queue), buffer_slice(&want)));
    queue_take(&queue, queue_len(&queue));
    CHECK_NUMBER(queue_len(&queue), 0);
    queue_clear(&queue);
}

int main(void)
{
    TEST(queues_move_and_cut);
    TEST(messages_arrive_whole_and_in_order);
    TEST(large_messages_pass_and_larger_ones_do_not);
    TEST(the_last_word_of_a_peer_is_heard);
    TEST(malformed_frames_close_the_channel);
    TEST(blocking_calls);
    TEST(no_channel_keeps_others_from_speaking);
    TEST(a_receiver_may_destroy_its_channel);
    TEST(descriptors_pass);
    return check_done();
}
