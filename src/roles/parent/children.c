/* The roles' processes: started, connected, started again when they end unexpectedly. */
#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "roles/parent/internal.h"
#include "roles/parent/prepare.h"
#include "roles/parent/spawn.h"

enum { SAID_BYTES_MAX = 2 + sizeof((struct problem *)0)->detail };
static_assert((size_t)SAID_BYTES_MAX >= sizeof(struct crash_note), "either fits");

static const char *name_of(const struct child *child)
{
    return role_rows[child->id].name;
}

static void log_failed(const struct child *child, const struct problem *why)
{
    event_log(EVENT_ROLE_FAILED, field_text(KEY_ROLE, name_of(child)), field_status(why->status),
              field_problem(why));
}

/* A role that could not be started or connected is started again later. */
static void start_later(struct child *child)
{
    int64_t wait_ms = RESTART_FIRST_MS;
    for (unsigned i = 1; i < child->failures && wait_ms < RESTART_LONGEST_MS; i++)
        wait_ms *= 2;
    if (wait_ms > RESTART_LONGEST_MS)
        wait_ms = RESTART_LONGEST_MS;
    loop_timer_set(child->restart, monotonic_after((struct monotonic){clock_monotonic_ms()}, wait_ms));
}

void child_signal(const struct child *child, int number)
{
    if (child->pid != 0)
        spawn_signal(child->pid, prepare_user(&child->parent->config, child->id), number);
}

/* A new pair of sockets between two roles: at once to one that runs, kept for one that
 * does not. Messages wait in it until the other is back. */
static void keep_end(struct child *child, enum role_id peer, int *end)
{
    if (child->pid != 0 && ipc_send_fd(child->control, (uint32_t)peer, *end, NULL) == ST_OK) {
        fd_close(end);
        return;
    }
    if (child->pid != 0) {
        child_signal(child, SIGKILL); /* does not read what we say; it is started afresh */
        fd_close(end);
        return;
    }
    fd_close(&child->ends[peer]);
    child->ends[peer] = *end;
}

static enum status connect_pair(struct parent *parent, int a, int b, struct problem *why)
{
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        return problem_errno(why, "socketpair");
    keep_end(&parent->children[a], (enum role_id)b, &fds[0]);
    keep_end(&parent->children[b], (enum role_id)a, &fds[1]);
    return ST_OK;
}

bool child_is_wanted(const struct parent *parent, int id)
{
    return role_is_wanted(&parent->config, (enum role_id)id);
}

static bool are_connected(const struct parent *parent, int a, int b)
{
    return role_talks((enum role_id)a, (enum role_id)b) && child_is_wanted(parent, a) && child_is_wanted(parent, b);
}

enum status child_connect(struct child *child, struct problem *why)
{
    for (int peer = 0; peer < ROLE_RUN_COUNT_; peer++)
        if (are_connected(child->parent, (int)child->id, peer))
            TRY(connect_pair(child->parent, (int)child->id, peer, why));
    return ST_OK;
}

enum status children_connect(struct parent *parent, struct problem *why)
{
    for (int a = 0; a < ROLE_RUN_COUNT_; a++)
        for (int b = 0; b < a; b++)
            if (are_connected(parent, a, b))
                TRY(connect_pair(parent, a, b, why));
    return ST_OK;
}

void child_say(const struct child *child, uint32_t word, int fd)
{
    struct problem why;
    if (child->pid != 0 && ipc_send_fd(child->control, word, fd, &why) != ST_OK)
        child_signal(child, SIGKILL); /* does not read what we say; it is started afresh */
}

bool child_writes(enum role_id id)
{
    return id == ROLE_PLANNER || id == ROLE_AUTHD || id == ROLE_TRUST;
}

static bool serve(const struct parent *parent, bool writers_too)
{
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        if ((writers_too || !child_writes((enum role_id)id)) && child_is_wanted(parent, id) &&
            !parent->children[id].serves)
            return false;
    return true;
}

bool children_serve(const struct parent *parent)
{
    return serve(parent, true);
}

bool children_but_writers_serve(const struct parent *parent)
{
    return serve(parent, false);
}

bool writers_serve(const struct parent *parent)
{
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        if (child_writes((enum role_id)id) && !parent->children[id].serves)
            return false;
    return true;
}

bool writers_gone(const struct parent *parent)
{
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        if (child_writes((enum role_id)id) && parent->children[id].pid != 0)
            return false;
    return true;
}

bool children_gone(const struct parent *parent)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        if (parent->children[id].pid != 0)
            return false;
    return true;
}

static void child_served(struct child *child)
{
    struct parent *parent = child->parent;
    child->serves = true;
    if (parent->starting && children_serve(parent)) {
        parent->starting = false;
        parent_ready(parent);
    }
    upgrade_child_served(parent, child);
    successor_served(parent);
    if (child->id == ROLE_LOGD)
        reports_logd_serves(parent);
}

/* It has read nothing from outside when it says this; so it may say it in words. */
static void child_failed(struct child *child, enum status status, struct slice text)
{
    struct parent *parent = child->parent;
    struct problem why;
    problem_set(&why, status, "%s: %.*s", name_of(child), SLICE_ARG(text));
    if (successor_waits(parent))
        successor_fail(parent, &why);
    else if (!upgrade_child_failed(parent, child, status) && parent->starting && status != ST_UNAVAILABLE)
        parent_fail(parent, &why);
}

/* Once it serves we take one byte of it where it was asked for something, and its last words, which go
 * into the log and to logd as they are. */
static void take_said(struct child *child, struct slice said)
{
    struct slice rest = slice_sub(said, said.len < 2 ? said.len : 2, said.len);
    switch (said.data[0]) {
    case ROLE_SAYS_HELD:
        upgrade_held(child->parent, child->id);
        return;
    case ROLE_SAYS_KEPT:
        if (child->id == ROLE_LOGD)
            reports_kept(child->parent);
        return;
    case ROLE_SAYS_SERVES:
        if (!child->serves)
            child_served(child);
        return;
    case ROLE_SAYS_CRASHED:
        child->noted = crash_note_read(said, &child->note, NULL) == ST_OK;
        return;
    case ROLE_SAYS_FAILED:
        problem_set(&child->last_word, said.len > 1 ? (enum status)said.data[1] : ST_INVALID, "%.*s", SLICE_ARG(rest));
        if (!child->serves && rest.len > 0)
            child_failed(child, child->last_word.status, rest);
        return;
    default:
        return;
    }
}

static void control_ready(void *context, unsigned ready, const struct moment *at)
{
    struct child *child = context;
    char said[SAID_BYTES_MAX];
    (void)ready, (void)at;
    ssize_t got = recv(child->control, said, sizeof said, MSG_DONTWAIT);
    if (got <= 0)
        loop_unwatch(&child->control_watch); /* SIGCHLD tells the rest */
    else
        take_said(child, (struct slice){said, (size_t)got});
}

enum status child_watch(struct child *child, struct problem *why)
{
    return loop_watch(child->parent->loop, child->control, LOOP_READ, control_ready, child,
                      &child->control_watch, why);
}

static int secret_of(struct parent *parent, enum role_id id)
{
    if (id == ROLE_API || id == ROLE_CONSOLE)
        return identity_rewind(&parent->identities[id]);
    return parent->secrets[id];
}

static int listener_of(const struct parent *parent, enum role_id id)
{
    switch (id) {
    case ROLE_API: return parent->listen;
    case ROLE_CONSOLE: return parent->console;
    case ROLE_MAILIN: return parent->lmtp;
    case ROLE_AUTHD: return parent->vpn;
    default: return parent->desks[id];
    }
}

static int pages_of(const struct parent *parent, enum role_id id)
{
    return id == ROLE_API ? parent->pages : id == ROLE_CONSOLE ? parent->console_pages : -1;
}

/* A description of its own, read from its beginning. */
static int open_config(const struct parent *parent)
{
    AUTO_ARENA arena = arena_create(256);
    return open(arena_format(arena, "/proc/self/fd/%d", parent->config_fd).data, O_RDONLY | O_CLOEXEC);
}

static enum status spawn_child(struct child *child, struct problem *why)
{
    struct parent *parent = child->parent;
    int control[2];
    AUTO_FD config = open_config(parent);
    if (config < 0)
        return problem_errno(why, "rendez.conf");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
        return problem_errno(why, "socketpair");
    AUTO_FD ours = control[0], theirs = control[1];
    struct spawn spawn = {
        .id = child->id,
        .program = parent->programs[child->id],
        .control = theirs,
        .config = config,
        .folder = parent->folder,
        .secret = secret_of(parent, child->id),
        .pages = pages_of(parent, child->id),
        .listen = listener_of(parent, child->id),
        .redirect = child->id == ROLE_API ? parent->redirect : -1,
        .uid = prepare_user(&parent->config, child->id),
        .waiting = successor_role_waits(parent, child->id),
    };
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        spawn.channels[id] = child->ends[id];
    TRY(spawn_role(&spawn, &child->pid, why));
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        fd_close(&child->ends[id]);
    child->control = ours;
    ours = -1;
    successor_started(parent, child);
    return child_watch(child, why);
}

void child_start(struct child *child)
{
    struct problem why;
    child->started = (struct monotonic){clock_monotonic_ms()};
    child->serves = child->noted = false;
    child->last_word = (struct problem){0};
    if (spawn_child(child, &why) == ST_OK)
        return;
    log_failed(child, &why);
    child->failures++;
    start_later(child);
}

void child_restart_due(void *context, const struct moment *at)
{
    struct child *child = context;
    (void)at;
    if (child->pid == 0 && !child->parent->stopping && !child->retired)
        child_start(child);
}

static void start_again(struct child *child)
{
    bool steady = clock_monotonic_ms() - child->started.ms > STEADY_MS;
    child->failures = steady ? 1 : child->failures + 1;
    start_later(child);
}

static void child_ended(struct child *child, int how)
{
    struct parent *parent = child->parent;
    struct problem why;
    bool crashed = WIFSIGNALED(how) || WEXITSTATUS(how) != 0;
    while (child->control_watch != NULL)
        control_ready(child, LOOP_READ, loop_moment(parent->loop)); /* its last words */
    bool said = parent->failure.status != ST_OK; /* why all of it ends */
    if (!said && (crashed || !(parent->stopping || child->retired)))
        report_crash(child, how);
    child->pid = 0;
    loop_unwatch(&child->control_watch);
    fd_close(&child->control);
    if (parent->stopping) {
        parent_stop_next(parent);
        return;
    }
    /* Our planner still hears what mailout has sent; our console asks the successor's keyd by now. */
    if (child->retired && (child->id == ROLE_MAILOUT || child->id == ROLE_KEYD)) {
        upgrade_child_gone(parent, child);
        return;
    }
    if (child_connect(child, &why) != ST_OK)
        log_failed(child, &why);
    if (successor_waits(parent) && !child->serves) {
        problem_set(&why, ST_UNAVAILABLE, "%s ended before it served", name_of(child));
        successor_fail(parent, &why);
    } else if (child->retired) {
        upgrade_child_gone(parent, child);
    } else {
        start_again(child);
    }
}

void children_reap(struct parent *parent)
{
    int how;
    for (pid_t pid; (pid = waitpid(-1, &how, WNOHANG)) > 0;) {
        if (upgrade_reap(parent, pid, how))
            continue;
        for (int id = 0; id < ROLE_ID_COUNT_; id++)
            if (parent->children[id].pid == pid)
                child_ended(&parent->children[id], how);
    }
}
