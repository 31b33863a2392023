#include "platform/ipc/ipc.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/ipc/queue.h"

enum { READ_BYTES = 64 * 1024, ABANDONED_MAX = 32 };

/* A blocking call that nobody waits for any more. */
struct abandoned {
    uint32_t call;
    uint16_t answer_kind;
};

struct ipc_channel {
    struct loop *loop;
    struct loop_watch *watch; /* NULL: closed */
    struct loop_timer *later; /* delivers what a blocking call left in the queue */
    int fd;
    bool delivering, destroyed;
    bool peer_deaf; /* it takes nothing any more; what it had said before is still to be read */
    bool peer_gone; /* and that has been read */
    uint32_t last_call;
    uint32_t generation; /* of the socket: changes when the channel closes or is replaced */
    struct abandoned abandoned[ABANDONED_MAX];
    struct queue in, out;
    uint64_t received, sent; /* messages */
    struct ipc_rules rules;
};

struct frame {
    uint32_t length;
    uint16_t kind;
    uint32_t call;
};

static uint32_t get(const char *bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value |= (uint32_t)(unsigned char)bytes[i] << (8 * i);
    return value;
}

static void put(char *bytes, uint32_t value, int count)
{
    for (int i = 0; i < count; i++)
        bytes[i] = (char)(value >> (8 * i));
}

static const struct ipc_kind *find_kind(const struct ipc_kinds *kinds, uint16_t number)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (kinds->items[i]->number == number)
            return kinds->items[i];
    return NULL;
}

/* The header at `at` of what has arrived. ST_NOT_FOUND: not all of it is there yet. */
static enum status read_header(const struct ipc_channel *channel, size_t at, struct frame *frame,
                               struct problem *why)
{
    struct slice bytes = queue_slice(&channel->in);
    if (bytes.len - at < IPC_HEADER_BYTES)
        return ST_NOT_FOUND;
    const char *header = bytes.data + at;
    *frame = (struct frame){get(header, 4), (uint16_t)get(header + 4, 2), get(header + 6, 4)};
    if (frame->length > IPC_PAYLOAD_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "%s: a message of %u bytes", channel->rules.name,
                           frame->length);
    if (find_kind(&channel->rules.receives, frame->kind) == NULL)
        return problem_set(why, ST_INVALID, "%s: a message of kind %u, not allowed here",
                           channel->rules.name, frame->kind);
    return ST_OK;
}

/* A whole frame at `at`; ST_NOT_FOUND: some of it has not arrived. */
static enum status read_frame(const struct ipc_channel *channel, size_t at, struct frame *frame,
                              struct slice *payload, struct problem *why)
{
    TRY(read_header(channel, at, frame, why));
    struct slice bytes = queue_slice(&channel->in);
    size_t from = at + IPC_HEADER_BYTES;
    if (bytes.len - from < frame->length)
        return ST_NOT_FOUND;
    *payload = slice_sub(bytes, from, from + frame->length);
    return ST_OK;
}

static void reset(struct ipc_channel *channel)
{
    loop_unwatch(&channel->watch);
    fd_close(&channel->fd);
    queue_clear(&channel->in);
    queue_clear(&channel->out);
    loop_timer_stop(channel->later);
    memset(channel->abandoned, 0, sizeof channel->abandoned);
    channel->peer_deaf = channel->peer_gone = false;
    channel->generation++;
}

static void close_channel(struct ipc_channel *channel, const struct problem *why)
{
    if (channel->watch == NULL)
        return;
    reset(channel);
    if (channel->rules.closed != NULL)
        channel->rules.closed(channel->rules.context, channel, why);
}

static enum status peer_gone(struct ipc_channel *channel, struct problem *why)
{
    return problem_set(why, ST_UNAVAILABLE, "%s: the peer is gone", channel->rules.name);
}

static void watch_events(struct ipc_channel *channel)
{
    unsigned events = channel->peer_gone ? 0 : LOOP_READ;
    if (queue_len(&channel->out) > 0)
        events |= LOOP_WRITE;
    loop_watch_events(channel->watch, events);
}

/* Sends what the socket takes now. */
static void flush(struct ipc_channel *channel)
{
    while (queue_len(&channel->out) > 0) {
        struct slice bytes = queue_slice(&channel->out);
        ssize_t sent = send(channel->fd, bytes.data, bytes.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (sent < 0) {
            /* A peer that left may have said something before; any other failure is our own end. */
            channel->peer_deaf = true;
            channel->peer_gone = channel->peer_gone || (errno != EPIPE && errno != ECONNRESET);
            queue_clear(&channel->out);
            return;
        }
        queue_take(&channel->out, (size_t)sent);
    }
}

/* Reads what is there, at most one round; peer_gone is set at the end of the stream. */
static enum status fill(struct ipc_channel *channel, struct problem *why)
{
    if (queue_len(&channel->in) > IPC_WAITING_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "%s: too much has arrived unasked", channel->rules.name);
    size_t want = READ_BYTES;
    struct frame frame;
    /* Room for the whole of a long first frame at once, but only once its header is good. */
    if (read_header(channel, 0, &frame, NULL) == ST_OK &&
        frame.length + IPC_HEADER_BYTES > queue_len(&channel->in) + want)
        want = frame.length + IPC_HEADER_BYTES - queue_len(&channel->in);
    ssize_t got = recv(channel->fd, queue_room(&channel->in, want), want, 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return ST_OK;
    if (got <= 0)
        channel->peer_gone = true;
    else
        channel->in.end += (size_t)got;
    return ST_OK;
}

static enum status decode(const struct ipc_channel *channel, const struct ipc_kind *kind,
                          struct slice payload, struct arena *arena, void *object,
                          struct problem *why)
{
    struct problem detail;
    enum status status = record_decode(kind->type, payload, arena, object, &detail);
    if (status == ST_OK)
        return ST_OK;
    return problem_set(why, status, "%s: %s: %s", channel->rules.name, kind->name, detail.detail);
}

static void abandon(struct ipc_channel *channel, uint32_t call, uint16_t answer_kind)
{
    struct abandoned *slot = &channel->abandoned[call % ABANDONED_MAX];
    *slot = (struct abandoned){call, answer_kind};
}

static bool was_abandoned(struct ipc_channel *channel, uint32_t call, uint16_t kind)
{
    struct abandoned *slot = &channel->abandoned[call % ABANDONED_MAX];
    if (call == 0 || slot->call != call || slot->answer_kind != kind)
        return false;
    *slot = (struct abandoned){0};
    return true;
}

static enum status deliver_one(struct ipc_channel *channel, const struct moment *at,
                               struct problem *why)
{
    struct frame frame;
    struct slice payload;
    TRY(read_frame(channel, 0, &frame, &payload, why));
    const struct ipc_kind *kind = find_kind(&channel->rules.receives, frame.kind);
    AUTO_ARENA arena = arena_create_wiped(IPC_MESSAGE_BYTES_MAX);
    void *object = arena_alloc(arena, kind->type->size);
    TRY(decode(channel, kind, payload, arena, object, why));
    queue_take(&channel->in, IPC_HEADER_BYTES + frame.length);
    channel->received++;
    if (was_abandoned(channel, frame.call, frame.kind))
        return ST_OK;
    struct ipc_message message = {channel, frame.kind, frame.call, object, arena};
    channel->rules.receive(channel->rules.context, &message, at);
    return ST_OK;
}

static void free_channel(struct ipc_channel *channel)
{
    loop_timer_destroy(&channel->later);
    free(channel);
}

/* What is left goes on at the next turn of the loop, the closing of a channel too,
 * so that it never happens under the feet of a caller. */
static void settle(struct ipc_channel *channel)
{
    watch_events(channel);
    if (channel->peer_gone || queue_len(&channel->in) > 0)
        loop_timer_after(channel->later, 0);
}

/* How many messages a channel delivers at a time. The others wait for the next turn of the loop, or a
 * channel whose receiver asks its own peer something, and so reads what comes behind, would let no other
 * channel and no timer speak. */
enum { NEXT_ONE = 1, ALL_THERE_ARE = INT_MAX };

/* Hands whole messages to the receiver; when none is left it closes the channel if it must be. */
static void deliver(struct ipc_channel *channel, int most, const struct moment *at)
{
    if (channel->delivering || channel->watch == NULL)
        return;
    struct problem why;
    enum status status;
    uint32_t generation = channel->generation;
    channel->delivering = true;
    do
        status = deliver_one(channel, at, &why);
    while (status == ST_OK && channel->generation == generation && --most > 0);
    channel->delivering = false;
    if (channel->destroyed) {
        free_channel(channel);
        return;
    }
    if (channel->generation != generation)
        return;
    if (status == ST_OK) {
        settle(channel);
    } else if (status != ST_NOT_FOUND) {
        close_channel(channel, &why);
    } else if (channel->peer_gone) {
        peer_gone(channel, &why);
        close_channel(channel, &why);
    } else {
        watch_events(channel);
    }
}

static void ready_channel(void *context, unsigned ready, const struct moment *at)
{
    struct ipc_channel *channel = context;
    struct problem why;
    if ((ready & LOOP_WRITE) != 0)
        flush(channel);
    /* A peer that said its last word and left is still heard. */
    if ((ready & (LOOP_READ | LOOP_CLOSED)) != 0 && fill(channel, &why) != ST_OK)
        close_channel(channel, &why);
    deliver(channel, NEXT_ONE, at);
}

void ipc_hear(struct ipc_channel *channel, const struct moment *at)
{
    struct problem why;
    bool more = true;
    while (more && channel->watch != NULL && !channel->delivering) {
        size_t before = queue_len(&channel->in);
        if (fill(channel, &why) != ST_OK)
            close_channel(channel, &why);
        more = queue_len(&channel->in) > before;
        deliver(channel, ALL_THERE_ARE, at);
    }
}

static void deliver_later(void *context, const struct moment *at)
{
    deliver(context, NEXT_ONE, at);
}

static enum status watch_fd(struct ipc_channel *channel, int fd, struct problem *why)
{
    channel->fd = fd;
    if (fd < 0)
        return ST_OK;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return problem_errno(why, channel->rules.name);
    return loop_watch(channel->loop, fd, LOOP_READ, ready_channel, channel, &channel->watch, why);
}

enum status ipc_open(struct loop *loop, int fd, const struct ipc_rules *rules,
                     struct ipc_channel **out, struct problem *why)
{
    struct ipc_channel *channel = must_calloc(1, sizeof *channel);
    channel->loop = loop;
    channel->rules = *rules;
    channel->later = loop_timer_create(loop, deliver_later, channel);
    enum status status = watch_fd(channel, fd, why);
    if (status != ST_OK) {
        ipc_destroy(&channel);
        return status;
    }
    *out = channel;
    return ST_OK;
}

void ipc_destroy(struct ipc_channel **out)
{
    struct ipc_channel *channel = *out;
    if (channel == NULL)
        return;
    *out = NULL;
    reset(channel);
    if (channel->delivering)
        channel->destroyed = true; /* inside its own receiver: deliver() frees it */
    else
        free_channel(channel);
}

enum status ipc_replace(struct ipc_channel *channel, int fd, struct problem *why)
{
    reset(channel);
    return watch_fd(channel, fd, why);
}

bool ipc_is_open(const struct ipc_channel *channel)
{
    return channel->watch != NULL;
}

const char *ipc_name(const struct ipc_channel *channel)
{
    return channel->rules.name;
}

struct ipc_counts ipc_counts(const struct ipc_channel *channel)
{
    return (struct ipc_counts){channel->received, channel->sent, queue_len(&channel->out)};
}

static enum status encode(struct ipc_channel *channel, uint16_t number, const void *object,
                          uint32_t call, struct problem *why)
{
    const struct ipc_kind *kind = find_kind(&channel->rules.sends, number);
    assert(kind != NULL); /* the channel table does not allow this message */
    if (queue_len(&channel->out) > IPC_WAITING_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "%s: the peer does not read", channel->rules.name);
    AUTO_BUFFER payload = buffer_create(IPC_PAYLOAD_BYTES_MAX);
    record_encode(kind->type, object, &payload);
    enum status status = buffer_check(&payload, kind->name, why);
    if (status == ST_OK) {
        char header[IPC_HEADER_BYTES];
        put(header, (uint32_t)payload.len, 4);
        put(header + 4, number, 2);
        put(header + 6, call, 4);
        queue_add(&channel->out, (struct slice){header, sizeof header});
        queue_add(&channel->out, buffer_slice(&payload));
    }
    buffer_wipe(&payload);
    return status;
}

static enum status send_message(struct ipc_channel *channel, uint16_t kind, const void *object,
                                uint32_t call, struct problem *why)
{
    if (channel->watch == NULL)
        return problem_set(why, ST_UNAVAILABLE, "%s: the channel is closed", channel->rules.name);
    TRY(encode(channel, kind, object, call, why));
    channel->sent++;
    flush(channel);
    settle(channel);
    return channel->peer_deaf || channel->peer_gone ? peer_gone(channel, why) : ST_OK;
}

enum status ipc_send(struct ipc_channel *channel, uint16_t kind, const void *object,
                     struct problem *why)
{
    return send_message(channel, kind, object, 0, why);
}

enum status ipc_answer(const struct ipc_message *question, uint16_t kind, const void *object,
                       struct problem *why)
{
    return send_message(question->channel, kind, object, question->call, why);
}

static uint32_t new_call(struct ipc_channel *channel)
{
    if (++channel->last_call == 0)
        channel->last_call = 1;
    return channel->last_call;
}

enum status ipc_ask(struct ipc_channel *channel, uint16_t kind, const void *object, uint32_t *call,
                    struct problem *why)
{
    uint32_t number = new_call(channel);
    TRY(send_message(channel, kind, object, number, why));
    *call = number;
    return ST_OK;
}

/* Looks for the answer among the frames that have arrived, from *at on. */
static enum status take_answer(struct ipc_channel *channel, uint16_t answer_kind, uint32_t call,
                               size_t *at, struct arena *arena, void *answer, struct problem *why)
{
    for (;;) {
        struct frame frame;
        struct slice payload;
        TRY(read_frame(channel, *at, &frame, &payload, why));
        if (frame.call != call || frame.kind != answer_kind) {
            *at += IPC_HEADER_BYTES + frame.length;
            continue;
        }
        const struct ipc_kind *kind = find_kind(&channel->rules.receives, frame.kind);
        TRY(decode(channel, kind, payload, arena, answer, why));
        channel->received++;
        queue_cut(&channel->in, *at, IPC_HEADER_BYTES + frame.length);
        return ST_OK;
    }
}

/* Waits until the socket moves or the time is over. */
static enum status wait_socket(struct ipc_channel *channel, int64_t deadline_ms, struct problem *why)
{
    int64_t left = deadline_ms - clock_monotonic_ms();
    if (left <= 0)
        return problem_set(why, ST_UNAVAILABLE, "%s: no answer in time", channel->rules.name);
    struct pollfd poll_fd = {.fd = channel->fd, .events = POLLIN};
    if (queue_len(&channel->out) > 0)
        poll_fd.events |= POLLOUT;
    if (poll(&poll_fd, 1, (int)left) < 0 && errno != EINTR)
        return problem_errno(why, channel->rules.name);
    if ((poll_fd.revents & POLLOUT) != 0)
        flush(channel);
    return (poll_fd.revents & (POLLIN | POLLHUP | POLLERR)) != 0 ? fill(channel, why) : ST_OK;
}

static enum status wait_answer(struct ipc_channel *channel, uint16_t answer_kind, uint32_t call,
                               int64_t deadline_ms, struct arena *arena, void *answer,
                               struct problem *why)
{
    size_t at = 0;
    for (;;) {
        enum status status = take_answer(channel, answer_kind, call, &at, arena, answer, why);
        if (status != ST_NOT_FOUND)
            return status;
        if (channel->peer_gone)
            return peer_gone(channel, why);
        TRY(wait_socket(channel, deadline_ms, why));
    }
}

enum status ipc_call(struct ipc_channel *channel, uint16_t kind, const void *object,
                     uint16_t answer_kind, int timeout_ms, struct arena *arena, void *answer,
                     struct problem *why)
{
    if (channel->watch == NULL)
        return problem_set(why, ST_UNAVAILABLE, "%s: the channel is closed", channel->rules.name);
    uint32_t call = new_call(channel);
    struct problem local;
    if (why == NULL)
        why = &local;
    TRY(encode(channel, kind, object, call, why));
    channel->sent++;
    flush(channel);
    enum status status = wait_answer(channel, answer_kind, call,
                                     clock_monotonic_ms() + timeout_ms, arena, answer, why);
    if (status == ST_OK || status == ST_UNAVAILABLE) {
        if (status == ST_UNAVAILABLE)
            abandon(channel, call, answer_kind);
        settle(channel);
        return status;
    }
    close_channel(channel, why);
    return ST_UNAVAILABLE;
}
