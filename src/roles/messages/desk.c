#include "roles/messages/desk.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 16384, STATUS_LINE_MAX = 1024 };

struct desk_caller {
    struct desk_caller *next;
    struct desk *desk;
    int fd; /* -1: has hung up, and the role has not answered to the end */
    struct loop_watch *watch;
    struct loop_timer *patience;
    struct buffer in, out;
    bool asked, ended;
};

struct desk {
    struct loop *loop;
    int listening; /* the parent's: it stays open */
    uid_t owner;
    struct loop_watch *watch;
    desk_fn *fn;
    void *context;
    struct desk_caller *callers;
    size_t count;
};

static void forget(struct desk_caller *caller)
{
    struct desk *desk = caller->desk;
    for (struct desk_caller **at = &desk->callers; *at != NULL; at = &(*at)->next)
        if (*at == caller) {
            *at = caller->next;
            break;
        }
    if (desk->count-- == DESK_CALLERS_MAX)
        loop_watch_events(desk->watch, LOOP_READ);
    loop_unwatch(&caller->watch);
    loop_timer_destroy(&caller->patience);
    fd_close(&caller->fd);
    buffer_wipe(&caller->in);
    buffer_wipe(&caller->out);
    free(caller);
}

static void hang_up(struct desk_caller *caller)
{
    loop_unwatch(&caller->watch);
    fd_close(&caller->fd);
    if (!caller->asked || caller->ended)
        forget(caller);
}

/* Writes what waits. A caller who reads no more is cut off when the answer has outgrown its limit. */
static void flush(struct desk_caller *caller)
{
    while (caller->out.len > 0) {
        ssize_t put = send(caller->fd, caller->out.data, caller->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno == EAGAIN) {
            loop_watch_events(caller->watch, LOOP_READ | LOOP_WRITE);
            return;
        }
        if (put <= 0) {
            hang_up(caller);
            return;
        }
        buffer_consume(&caller->out, (size_t)put);
    }
    if (caller->ended)
        hang_up(caller);
    else
        loop_watch_events(caller->watch, LOOP_READ);
}

/* Only once: what comes behind the question is nobody's. */
static void take_question(struct desk_caller *caller, size_t len, const struct moment *at)
{
    struct slice line = slice_trim(slice_sub(buffer_slice(&caller->in), 0, len));
    caller->asked = true;
    loop_timer_stop(caller->patience);
    struct desk *desk = caller->desk;
    desk->fn(desk->context, caller, line, at);
}

/* True: the connection goes on. */
static bool read_some(struct desk_caller *caller)
{
    char bytes[READ_BYTES];
    ssize_t got = recv(caller->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (got > 0 && !caller->asked)
        buffer_add(&caller->in, (struct slice){bytes, (size_t)got});
    return got > 0 && !caller->in.full;
}

static void caller_ready(void *context, unsigned ready, const struct moment *at)
{
    struct desk_caller *caller = context;
    bool asked = caller->asked;
    if ((ready & (LOOP_READ | LOOP_CLOSED)) != 0 && !read_some(caller)) {
        hang_up(caller);
        return;
    }
    size_t end = asked ? SIZE_MAX : slice_find(buffer_slice(&caller->in), LIT("\n"), 0);
    if (end != SIZE_MAX)
        take_question(caller, end, at);
    else if ((ready & LOOP_WRITE) != 0)
        flush(caller);
}

static void too_slow(void *context, const struct moment *at)
{
    (void)at;
    hang_up(context);
}

static bool may_ask(const struct desk *desk, int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
           (peer.uid == 0 || peer.uid == desk->owner);
}

static void accept_one(void *context, unsigned ready, const struct moment *at)
{
    struct desk *desk = context;
    (void)ready, (void)at;
    AUTO_FD fd = accept4(desk->listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 || !may_ask(desk, fd))
        return;
    struct desk_caller *caller = must_calloc(1, sizeof *caller);
    *caller = (struct desk_caller){.next = desk->callers, .desk = desk, .fd = fd,
                                   .in = buffer_create(DESK_QUESTION_MAX), .out = buffer_create(DESK_ANSWER_MAX)};
    fd = -1;
    desk->callers = caller;
    if (++desk->count == DESK_CALLERS_MAX)
        loop_watch_events(desk->watch, 0);
    caller->patience = loop_timer_create(desk->loop, too_slow, caller);
    loop_timer_after(caller->patience, DESK_PATIENCE_MS);
    if (loop_watch(desk->loop, caller->fd, LOOP_READ, caller_ready, caller, &caller->watch, NULL) != ST_OK)
        hang_up(caller);
}

enum status desk_open(struct loop *loop, int listening, uid_t owner, desk_fn *fn, void *context,
                      struct desk **out, struct problem *why)
{
    struct desk *desk = must_calloc(1, sizeof *desk);
    *desk = (struct desk){.loop = loop, .listening = listening, .owner = owner, .fn = fn, .context = context};
    enum status status = loop_watch(loop, listening, LOOP_READ, accept_one, desk, &desk->watch, why);
    if (status == ST_OK)
        *out = desk;
    else
        free(desk);
    return status;
}

enum status desk_create(struct role *role, desk_fn *fn, void *context, struct desk **out, struct problem *why)
{
    int listens = 0;
    socklen_t len = sizeof listens;
    *out = NULL;
    /* Where the parent handed nothing over, that number is another file's. */
    if (getsockopt(ROLE_FD_LISTEN, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) < 0 || !listens)
        return ST_OK;
    return desk_open(role_loop(role), ROLE_FD_LISTEN, geteuid(), fn, context, out, why);
}

void desk_destroy(struct desk **desk)
{
    if (*desk == NULL)
        return;
    while ((*desk)->callers != NULL)
        forget((*desk)->callers);
    loop_unwatch(&(*desk)->watch);
    free(*desk);
    *desk = NULL;
}

void desk_say(struct desk_caller *caller, struct slice line)
{
    if (caller->fd < 0)
        return;
    buffer_add(&caller->out, line);
    buffer_add_char(&caller->out, '\n');
    if (caller->out.full)
        hang_up(caller);
    else
        loop_watch_events(caller->watch, LOOP_READ | LOOP_WRITE);
}

void desk_fail(struct desk_caller *caller, const struct problem *why)
{
    AUTO_BUFFER line = buffer_create(STATUS_LINE_MAX);
    /* A problem's detail is our own text; what would need an escape in JSON is left out. */
    buffer_add_format(&line, "{\"status\":\"%s\",\"problem\":\"", status_name(why->status));
    for (const char *c = why->detail; *c != '\0'; c++)
        if ((unsigned char)*c >= ' ' && *c != '"' && *c != '\\')
            buffer_add_char(&line, *c);
    buffer_add_text(&line, "\"}");
    desk_say(caller, buffer_slice(&line));
    desk_end(caller);
}

void desk_end(struct desk_caller *caller)
{
    caller->ended = true;
    if (caller->fd < 0)
        forget(caller);
    else
        loop_watch_events(caller->watch, LOOP_READ | LOOP_WRITE); /* flush closes it */
}

bool desk_has_left(const struct desk_caller *caller)
{
    return caller->fd < 0;
}
