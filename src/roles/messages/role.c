#include "roles/messages/role.h"
#include "roles/messages/confined.h"
#include "roles/messages/role_probes.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/crash/crash.h"
#include "roles/messages/tell.h"

enum {
    ROLE_BYTES_MAX = 64 << 20,
    CONFIG_BYTES_MAX = 1 << 20,
    MESSAGES_MAX = 64,
    ON_PEER_MAX = 4,
    SECRET_BYTES_MAX = 4096,
    TOLD_BYTES_MAX = 64 * 1024,
    /* A channel that stays closed this long was closed because of us (a malformed message);
     * ending makes the parent start us afresh with new channels. */
    LONELY_MS = 10 * 1000,
    ORPHAN_MS = 8 * 1000, /* without a parent: the time to end what is under way */
};

struct peer {
    struct role *role;
    enum role_id id;
    struct ipc_channel *channel; /* NULL: no such channel */
    char name[32];
    struct monotonic closed_at;
    bool absent;
};

struct handler {
    ipc_receive_fn *fn;
    void *context;
};

struct role {
    enum role_id id;
    struct loop *loop;
    struct loop_watch *control_watch;
    struct loop_timer *lonely, *orphaned;
    struct arena *arena;
    struct config config;
    struct peer peers[ROLE_ID_COUNT_];
    struct handler handlers[MESSAGES_MAX];
    struct role_probes probes;
    struct own_process own;
    unsigned may; /* in the sandbox */
    struct {
        role_peer_fn *fn;
        void *context;
    } on_peer[ON_PEER_MAX];
    size_t on_peer_count;
    role_stop_fn *on_stop;
    void *on_stop_context;
    role_secret_fn *on_secret;
    void *on_secret_context;
    role_word_fn *on_word;
    void *on_word_context;
    role_told_fn *on_told;
    void *on_told_context;
    struct tell *tell;
    /* An api and a console of the version before, until their last request is answered. Their messages are the
     * api's and the console's; they are answered on the channel by which they came. */
    struct peer before[2];
    bool entered, waiting;
    struct problem ended; /* its status is not ST_OK: why the loop was left */
};

struct loop *role_loop(struct role *role)
{
    return role->loop;
}

enum role_id role_id(const struct role *role)
{
    return role->id;
}

const struct config *role_config(const struct role *role)
{
    return &role->config;
}

struct arena *role_arena(struct role *role)
{
    return role->arena;
}

int role_secret_fd(const struct role *role)
{
    bool may = role->id == ROLE_KEYD || role->id == ROLE_MAILIN || role->id == ROLE_MAILOUT ||
               role->id == ROLE_API || role->id == ROLE_CONSOLE || role->id == ROLE_LOGD;
    return may && fcntl(ROLE_FD_SECRET, F_GETFD) >= 0 ? ROLE_FD_SECRET : -1;
}

enum status role_read_secret(const struct role *role, struct arena *arena, struct slice *secret,
                             struct problem *why)
{
    AUTO_FD fd = role_secret_fd(role);
    if (fd < 0)
        return problem_set(why, ST_NOT_FOUND, "there is no password");
    if (lseek(fd, 0, SEEK_SET) < 0) /* whoever came before us has read it */
        return problem_errno(why, "password");
    TRY(fd_read_all(fd, SECRET_BYTES_MAX, arena, secret, why));
    while (slice_ends(*secret, LIT("\n")) || slice_ends(*secret, LIT("\r")))
        secret->len--;
    if (secret->len == 0 || memchr(secret->data, '\0', secret->len) != NULL ||
        memchr(secret->data, '\n', secret->len) != NULL)
        return problem_set(why, ST_INVALID, "a password must be one line of text");
    return ST_OK;
}

struct ipc_channel *role_channel(struct role *role, enum role_id peer)
{
    assert(role->peers[peer].channel != NULL); /* no row in the channel table */
    return role->peers[peer].channel;
}

void role_handle(struct role *role, enum message message, ipc_receive_fn *fn, void *context)
{
    assert(!role->entered && (size_t)message < MESSAGES_MAX);
    role->handlers[message] = (struct handler){fn, context};
}

void role_on_probe(struct role *role, const char *question, probe_fn *fn, void *context)
{
    assert(!role->entered);
    role_probes_add(&role->probes, question, fn, context);
}

static void receive_probe(void *context, const struct ipc_message *message, const struct moment *at)
{
    role_probes_answer(context, message, at);
}

void role_tell_process(const struct role *role, struct trial *trial)
{
    own_process_tell(&role->own, trial);
}

void role_try_confined(const struct role *role, struct trial *trial)
{
    const struct confined self = {role->id, role->may, &role->config, &role->own};
    confined_try(&self, trial);
}

static enum status probe_process(struct probe *probe, void *context, struct problem *why)
{
    (void)why;
    role_tell_process(context, probe_trial(probe));
    return ST_OK;
}

static enum status probe_confined(struct probe *probe, void *context, struct problem *why)
{
    (void)why;
    role_try_confined(context, probe_trial(probe));
    return ST_OK;
}

void role_on_peer(struct role *role, role_peer_fn *fn, void *context)
{
    assert(!role->entered);
    assert(role->on_peer_count < ON_PEER_MAX);
    role->on_peer[role->on_peer_count].fn = fn;
    role->on_peer[role->on_peer_count++].context = context;
}

static void tell_peer(struct role *role, enum role_id peer, const struct moment *at)
{
    for (size_t i = 0; i < role->on_peer_count; i++)
        role->on_peer[i].fn(role->on_peer[i].context, peer, at);
}

void role_on_stop(struct role *role, role_stop_fn *fn, void *context)
{
    assert(!role->entered);
    role->on_stop = fn;
    role->on_stop_context = context;
}

void role_stop(struct role *role)
{
    loop_stop(role->loop);
}

void role_fail(struct role *role, const struct problem *why)
{
    role->ended = *why;
    loop_stop(role->loop);
}

static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct peer *peer = context;
    const struct handler *handler = &peer->role->handlers[message->kind];
    if (handler->fn != NULL)
        handler->fn(handler->context, message, at);
}

static void closed(void *context, struct ipc_channel *channel, const struct problem *why)
{
    struct peer *peer = context;
    peer->closed_at = (struct monotonic){clock_monotonic_ms()};
    loop_timer_set(peer->role->lonely, monotonic_after(peer->closed_at, LONELY_MS));
    if (why->status != ST_UNAVAILABLE)
        event_log(EVENT_CHANNEL_CLOSED, field_text(KEY_CHANNEL, ipc_name(channel)),
                  field_status(why->status), field_problem(why));
}

static void check_lonely(void *context, const struct moment *at)
{
    struct role *role = context;
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        const struct peer *peer = &role->peers[id];
        if (peer->channel == NULL || peer->absent || ipc_is_open(peer->channel))
            continue;
        if (at->clock.ms - peer->closed_at.ms >= LONELY_MS) {
            struct problem why;
            problem_set(&why, ST_UNAVAILABLE, "a channel stays closed");
            role_fail(role, &why);
            return;
        }
        loop_timer_set(role->lonely, monotonic_after(peer->closed_at, LONELY_MS));
    }
}

void role_on_secret(struct role *role, role_secret_fn *fn, void *context)
{
    role->on_secret = fn;
    role->on_secret_context = context;
}

void role_on_word(struct role *role, role_word_fn *fn, void *context)
{
    role->on_word = fn;
    role->on_word_context = context;
}

bool role_is_waiting(const struct role *role)
{
    return role->waiting;
}

/* A control channel that is closed is noticed by the loop. */
static void say(const void *bytes, size_t count)
{
    (void)!send(ROLE_FD_CONTROL, bytes, count, MSG_NOSIGNAL);
}

void role_say_held(const struct role *role)
{
    const char held = ROLE_SAYS_HELD;
    (void)role;
    say(&held, 1);
}

void role_on_told(struct role *role, role_told_fn *fn, void *context)
{
    role->on_told = fn;
    role->on_told_context = context;
}

void role_say_kept(const struct role *role)
{
    const char kept = ROLE_SAYS_KEPT;
    (void)role;
    say(&kept, 1);
}

void role_on_measure(struct role *role, role_measure_fn *fn, void *context)
{
    assert(!role->entered);
    tell_on_measure(role->tell, fn, context);
}

/* logd hears itself as it hears the others. */
static void tell_self(struct role *role, enum message message, const void *object)
{
    const struct handler *handler = &role->handlers[message];
    AUTO_ARENA arena = arena_create(TOLD_BYTES_MAX * 16);
    struct ipc_message own = {.kind = (uint16_t)message, .object = object, .arena = arena};
    if (handler->fn != NULL)
        handler->fn(handler->context, &own, loop_moment(role->loop));
}

enum status role_tell(struct role *role, enum message message, const void *object)
{
    struct ipc_channel *channel = role->peers[ROLE_LOGD].channel;
    if (role->id == ROLE_LOGD) {
        tell_self(role, message, object);
        return ST_OK;
    }
    return channel == NULL ? ST_OK : ipc_send(channel, (uint16_t)message, object, NULL);
}

struct ipc_counts role_counts(const struct role *role)
{
    struct ipc_counts all = {0};
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        if (role->peers[id].channel == NULL)
            continue;
        struct ipc_counts one = ipc_counts(role->peers[id].channel);
        all = (struct ipc_counts){all.in + one.in, all.out + one.out, all.waiting_bytes + one.waiting_bytes};
    }
    return all;
}

static struct ipc_rules rules_of(struct peer *peer)
{
    return (struct ipc_rules){
        .name = peer->name,
        .sends = role_may_say(peer->role->id, peer->id),
        .receives = role_may_say(peer->id, peer->role->id),
        .receive = receive,
        .closed = closed,
        .context = peer,
    };
}

static void closed_before(void *context, struct ipc_channel *channel, const struct problem *why)
{
    (void)context, (void)channel, (void)why; /* its last request is answered */
}

static enum status open_before(struct role *role, enum role_id id, int *fd, struct problem *why)
{
    struct peer *before = &role->before[id == ROLE_CONSOLE];
    if (!role_talks(role->id, id))
        return ST_OK;
    ipc_destroy(&before->channel);
    *before = (struct peer){.role = role, .id = id};
    snprintf(before->name, sizeof before->name, "%s-before", role_rows[id].name);
    struct ipc_rules rules = rules_of(before);
    rules.closed = closed_before;
    int channel = *fd;
    *fd = -1;
    return ipc_open(role->loop, channel, &rules, &before->channel, why);
}

bool role_said_by(const struct role *role, const struct ipc_message *message, enum role_id peer)
{
    for (size_t i = 0; i < sizeof role->before / sizeof *role->before; i++)
        if (role->before[i].channel == message->channel)
            return role->before[i].id == peer;
    return role->peers[peer].channel == message->channel;
}

static void take_told(struct role *role, int fd, const struct moment *at)
{
    AUTO_ARENA arena = arena_create(TOLD_BYTES_MAX * 16);
    struct slice bytes;
    struct event_told told;
    struct problem why;
    if (role->on_told == NULL || !role->entered)
        return;
    lseek(fd, 0, SEEK_SET);
    enum status status = fd_read_all(fd, TOLD_BYTES_MAX, arena, &bytes, &why);
    if (status == ST_OK)
        status = record_decode(message_kind(MESSAGE_EVENT)->type, bytes, arena, &told, &why);
    if (status == ST_OK)
        role->on_told(role->on_told_context, &told, at);
    else
        role_say_kept(role); /* it would not become better by being said again */
}

static enum status take_word(struct role *role, uint32_t word, int *fd, const struct moment *at,
                             struct problem *why)
{
    if (word == ROLE_WORD_SECRET && *fd >= 0 && role->on_secret != NULL && role->entered)
        role->on_secret(role->on_secret_context, *fd, at);
    bool is_word = word == ROLE_WORD_HOLD || word == ROLE_WORD_GO_ON || word == ROLE_WORD_LIFT;
    if (is_word && role->on_word != NULL && role->entered)
        role->on_word(role->on_word_context, word, at);
    if (word == ROLE_WORD_TOLD && *fd >= 0)
        take_told(role, *fd, at);
    if ((word == ROLE_WORD_BEFORE || word == ROLE_WORD_BEFORE_CONSOLE) && *fd >= 0)
        TRY(open_before(role, word == ROLE_WORD_BEFORE ? ROLE_API : ROLE_CONSOLE, fd, why));
    if (word >= ROLE_ID_COUNT_ || *fd < 0 || role->peers[word].channel == NULL)
        return ST_OK;
    int channel = *fd;
    *fd = -1;
    TRY(ipc_replace(role->peers[word].channel, channel, why));
    role->peers[word].absent = false;
    if (role->entered)
        tell_peer(role, (enum role_id)word, at);
    return ST_OK;
}

/* Takes everything that the parent has to say: new channels. ST_UNAVAILABLE: it is gone. */
static enum status read_control(struct role *role, const struct moment *at, struct problem *why)
{
    for (;;) {
        uint32_t word;
        int fd;
        enum status status = ipc_receive_fd(ROLE_FD_CONTROL, &word, &fd, why);
        if (status != ST_OK)
            return status == ST_NOT_FOUND ? ST_OK : status;
        status = take_word(role, word, &fd, at, why);
        fd_close(&fd);
        TRY(status);
    }
}

static void stop_in_order(struct role *role)
{
    if (role->on_stop != NULL && role->entered)
        role->on_stop(role->on_stop_context);
    else
        loop_stop(role->loop);
}

static void orphan_due(void *context, const struct moment *at)
{
    struct role *role = context;
    (void)at;
    loop_stop(role->loop);
}

/* The parent is gone: so are we, but what the MTA is just taking is not sent again later. */
static void control_ready(void *context, unsigned ready, const struct moment *at)
{
    struct role *role = context;
    struct problem why;
    (void)ready;
    /* Before the parent connects a peer anew, its predecessor has said all that it will. */
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (role->entered && role->peers[id].channel != NULL)
            ipc_hear(role->peers[id].channel, at);
    if (read_control(role, at, &why) == ST_OK)
        return;
    loop_unwatch(&role->control_watch);
    loop_timer_after(role->orphaned, ORPHAN_MS);
    stop_in_order(role);
}

static void stop_signal(void *context, int signal, const struct moment *at)
{
    (void)signal, (void)at;
    stop_in_order(context);
}

static enum status open_channels(struct role *role, struct problem *why)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        struct peer *peer = &role->peers[id];
        *peer = (struct peer){.role = role, .id = (enum role_id)id};
        if (!role_talks(role->id, peer->id))
            continue;
        snprintf(peer->name, sizeof peer->name, "%s-%s", role_rows[id].name,
                 role_rows[role->id].name);
        struct ipc_rules rules = rules_of(peer);
        /* A peer that this installation does not run has no descriptor. */
        peer->absent = fcntl(ROLE_FD_CHANNEL + id, F_GETFD) < 0;
        TRY(ipc_open(role->loop, peer->absent ? -1 : ROLE_FD_CHANNEL + id, &rules, &peer->channel,
                     why));
    }
    return ST_OK;
}

static enum status read_config(struct role *role, const char *folder, struct problem *why)
{
    struct slice text;
    TRY(fd_read_all(ROLE_FD_CONFIG, CONFIG_BYTES_MAX, role->arena, &text, why));
    close(ROLE_FD_CONFIG);
    return config_parse(text, slice_from(folder), role->arena, &role->config, why);
}

static enum status start(struct role *role, const struct role_start *begin, struct problem *why)
{
    event_log_open(role_rows[role->id].name, 2);
    role->own = own_process_see(begin->parent);
    crash_watch(ROLE_FD_CONTROL, ROLE_SAYS_CRASHED);
    role->arena = arena_create(ROLE_BYTES_MAX);
    TRY(read_config(role, begin->folder, why));
    TRY(loop_create(&role->loop, why));
    role->lonely = loop_timer_create(role->loop, check_lonely, role);
    role->orphaned = loop_timer_create(role->loop, orphan_due, role);
    TRY(loop_signals(role->loop, (const int[]){SIGTERM, SIGINT, 0}, stop_signal, role, why));
    TRY(loop_watch(role->loop, ROLE_FD_CONTROL, LOOP_READ, control_ready, role,
                   &role->control_watch, why));
    role_handle(role, MESSAGE_PROBE, receive_probe, &role->probes);
    role_on_probe(role, "process", probe_process, role);
    role_on_probe(role, "confined", probe_confined, role);
    TRY(open_channels(role, why));
    role->tell = tell_open(role);
    return ST_OK;
}

static void finish(struct role *role)
{
    memset(role->handlers, 0, sizeof role->handlers); /* whom they call is gone */
    tell_close(&role->tell);
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        ipc_destroy(&role->peers[id].channel);
    ipc_destroy(&role->before[0].channel);
    ipc_destroy(&role->before[1].channel);
    loop_destroy(&role->loop);
    arena_destroy(&role->arena);
}

/* The parent says it on: where it must end for it, and in the alert. */
static void say_failed(const struct problem *why)
{
    AUTO_BUFFER bytes = buffer_create(2 * sizeof why->detail);
    buffer_add_format(&bytes, "%c%c%s", ROLE_SAYS_FAILED, (char)why->status, why->detail);
    say(bytes.data, bytes.len);
}

int role_process(enum role_id id, const struct role_start *begin, role_main_fn *main)
{
    static struct role role;
    struct problem why = {0};
    role.id = id;
    role.waiting = begin->waiting;
    enum status status = start(&role, begin, &why);
    if (status == ST_OK)
        status = main(&role, &why);
    if (status != ST_OK) {
        event_log(EVENT_ROLE_FAILED, field_status(status), field_problem(&why));
        say_failed(&why);
    } else {
        event_log(EVENT_ROLE_STOPPED, field_number(KEY_PID, getpid()));
    }
    finish(&role);
    return status == ST_OK ? 0 : 1;
}

enum status role_enter(struct role *role, const struct sandbox_rules *rules, struct problem *why)
{
    struct sandbox_rules own = *rules;
    own.may = role_rows[role->id].may & ~rules->may_not;
    role->may = own.may;
    tell_enter(role->tell);
    TRY(sandbox_enter(&own, why));
    role->entered = true;
    event_log(EVENT_ROLE_STARTED, field_number(KEY_PID, getpid()));
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (role->peers[id].channel != NULL && !role->peers[id].absent)
            tell_peer(role, (enum role_id)id, loop_moment(role->loop));
    return ST_OK;
}

enum status role_run(struct role *role, struct problem *why)
{
    const char serves = ROLE_SAYS_SERVES;
    assert(role->entered);
    say(&serves, 1);
    tell_begin(role->tell);
    TRY(loop_run(role->loop, why));
    if (role->ended.status != ST_OK)
        *why = role->ended;
    return role->ended.status;
}

/* Waits for the parent to connect a peer anew. */
static enum status wait_peer(struct role *role, enum role_id peer, int64_t deadline_ms,
                             struct problem *why)
{
    struct ipc_channel *channel = role_channel(role, peer);
    while (!ipc_is_open(channel)) {
        int64_t left = deadline_ms - clock_monotonic_ms();
        if (left <= 0)
            return problem_set(why, ST_UNAVAILABLE, "%s is away", role_rows[peer].name);
        struct pollfd control = {.fd = ROLE_FD_CONTROL, .events = POLLIN};
        if (poll(&control, 1, (int)left) < 0 && errno != EINTR)
            return problem_errno(why, "control channel");
        TRY(read_control(role, loop_moment(role->loop), why));
    }
    return ST_OK;
}

enum status role_call(struct role *role, enum role_id peer, enum message question,
                      const void *object, enum message answer_kind, int timeout_ms,
                      struct arena *arena, void *answer, struct problem *why)
{
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
    TRY(wait_peer(role, peer, deadline_ms, why));
    int64_t left = deadline_ms - clock_monotonic_ms();
    return ipc_call(role_channel(role, peer), (uint16_t)question, object, (uint16_t)answer_kind,
                    left > 0 ? (int)left : 0, arena, answer, why);
}
