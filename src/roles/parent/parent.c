#include "roles/parent/parent.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "roles/parent/identity.h"
#include "roles/parent/listen.h"
#include "roles/parent/prepare.h"
#include "roles/parent/programs.h"
#include "roles/parent/spawn.h"

enum {
    RESTART_FIRST_MS = 50,
    RESTART_LONGEST_MS = 30 * 1000,
    STEADY_MS = 60 * 1000, /* a role that ran this long starts its back-off anew */
    STOP_MS = 8 * 1000,    /* then a role that does not stop is killed */
    PARENT_BYTES_MAX = 4 << 20,
    IDENTITY_MS = 20 * 1000, /* certificate and key are looked at so often */
};

struct parent;
struct child {
    struct parent *parent;
    enum role_id id;
    pid_t pid; /* 0: not running */
    int control;
    struct loop_watch *control_watch;
    struct loop_timer *restart;
    struct monotonic started;
    unsigned failures;
    int ends[ROLE_ID_COUNT_]; /* channels that wait for its start; -1: none */
};

struct parent {
    const struct parent_options *options;
    struct arena *arena;
    struct config config;
    struct loop *loop;
    struct loop_timer *impatience;
    int secrets[ROLE_ID_COUNT_]; /* passphrase, passwords; -1: none */
    int pages, listen, redirect; /* api's */
    struct identity identity;
    bool identity_failing; /* and that is logged */
    struct loop_timer *identity_due;
    int programs[ROLE_ID_COUNT_];
    const char *folder, *config_file;
    bool stopping;
    struct child children[ROLE_ID_COUNT_];
};

/* Edges first, so that nothing new comes in; mailout before the planner, which writes down
 * what was still sent; keys last. */
static const enum role_id stop_order[] = {
    ROLE_API, ROLE_MAILIN, ROLE_MAILOUT, ROLE_PLANNER, ROLE_READER, ROLE_CALSYNC, ROLE_KEYD,
};

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

static void signal_child(const struct child *child, int number)
{
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
        signal_child(child, SIGKILL); /* does not read what we say; it is started afresh */
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

static enum status connect_role(struct parent *parent, int id, struct problem *why)
{
    for (int peer = 0; peer < ROLE_ID_COUNT_; peer++)
        if (role_talks((enum role_id)id, (enum role_id)peer))
            TRY(connect_pair(parent, id, peer, why));
    return ST_OK;
}

/* One byte, once: the role serves. Anything else it sends is read and forgotten. */
static void control_ready(void *context, unsigned ready, const struct moment *at)
{
    struct child *child = context;
    char byte;
    (void)ready, (void)at;
    if (recv(child->control, &byte, 1, MSG_DONTWAIT) <= 0)
        loop_unwatch(&child->control_watch); /* SIGCHLD tells the rest */
}

static int secret_of(struct parent *parent, enum role_id id)
{
    if (id == ROLE_API)
        return identity_rewind(&parent->identity);
    return parent->secrets[id];
}

static enum status spawn_child(struct child *child, struct problem *why)
{
    struct parent *parent = child->parent;
    int control[2];
    AUTO_FD config = open(parent->config_file, O_RDONLY | O_CLOEXEC);
    if (config < 0)
        return problem_errno(why, parent->config_file);
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
        .pages = child->id == ROLE_API ? parent->pages : -1,
        .listen = child->id == ROLE_API ? parent->listen : -1,
        .redirect = child->id == ROLE_API ? parent->redirect : -1,
        .uid = prepare_user(&parent->config, child->id),
    };
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        spawn.channels[id] = child->ends[id];
    TRY(spawn_role(&spawn, &child->pid, why));
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        fd_close(&child->ends[id]);
    child->control = ours;
    ours = -1;
    return loop_watch(parent->loop, child->control, LOOP_READ, control_ready, child,
                      &child->control_watch, why);
}

static void start_child(struct child *child)
{
    struct problem why;
    child->started = (struct monotonic){clock_monotonic_ms()};
    if (spawn_child(child, &why) == ST_OK)
        return;
    event_log(EVENT_ROLE_FAILED, field_text(KEY_ROLE, role_rows[child->id].name),
              field_status(why.status), field_problem(&why));
    child->failures++;
    start_later(child);
}

static void restart_due(void *context, const struct moment *at)
{
    struct child *child = context;
    (void)at;
    if (child->pid == 0 && !child->parent->stopping)
        start_child(child);
}

static void stop_next(struct parent *parent)
{
    for (size_t i = 0; i < sizeof stop_order / sizeof *stop_order; i++) {
        const struct child *child = &parent->children[stop_order[i]];
        if (child->pid == 0)
            continue;
        signal_child(child, SIGTERM);
        loop_timer_after(parent->impatience, STOP_MS);
        return;
    }
    loop_stop(parent->loop);
}

static void kill_slow(void *context, const struct moment *at)
{
    struct parent *parent = context;
    (void)at;
    for (size_t i = 0; i < sizeof stop_order / sizeof *stop_order; i++)
        if (parent->children[stop_order[i]].pid != 0) {
            signal_child(&parent->children[stop_order[i]], SIGKILL);
            return;
        }
}

static void child_ended(struct child *child, int how)
{
    struct parent *parent = child->parent;
    struct problem why;
    bool crashed = WIFSIGNALED(how) || WEXITSTATUS(how) != 0;
    if (crashed || !parent->stopping)
        event_log(EVENT_ROLE_CRASHED, field_text(KEY_ROLE, role_rows[child->id].name),
                  field_number(KEY_PID, child->pid),
                  field_number(KEY_SIGNAL, WIFSIGNALED(how) ? WTERMSIG(how) : 0),
                  field_number(KEY_EXIT, WIFEXITED(how) ? WEXITSTATUS(how) : 0));
    child->pid = 0;
    loop_unwatch(&child->control_watch);
    fd_close(&child->control);
    if (parent->stopping) {
        stop_next(parent);
        return;
    }
    bool steady = clock_monotonic_ms() - child->started.ms > STEADY_MS;
    child->failures = steady ? 1 : child->failures + 1;
    if (connect_role(parent, (int)child->id, &why) != ST_OK)
        event_log(EVENT_ROLE_FAILED, field_text(KEY_ROLE, role_rows[child->id].name),
                  field_status(why.status), field_problem(&why));
    start_later(child);
}

static void reap(struct parent *parent)
{
    int how;
    for (pid_t pid; (pid = waitpid(-1, &how, WNOHANG)) > 0;)
        for (int id = 0; id < ROLE_ID_COUNT_; id++)
            if (parent->children[id].pid == pid)
                child_ended(&parent->children[id], how);
}

/* The files of certificate and key may have changed: api gets what is in them now. It says
 * whether it can use them; until then, and if not, it goes on with what it has. */
static void renew_identity(struct parent *parent, bool always)
{
    struct problem why;
    const struct child *api = &parent->children[ROLE_API];
    enum status status = identity_read(&parent->config, always, &parent->identity, &why);
    if (status == ST_NOT_FOUND)
        return; /* as they were */
    bool said = parent->identity_failing && !always;
    parent->identity_failing = status != ST_OK;
    if (status != ST_OK && !said)
        event_log(EVENT_CERTIFICATE_REFUSED, field_status(status), field_problem(&why));
    if (status == ST_OK && api->pid != 0 &&
             ipc_send_fd(api->control, ROLE_WORD_SECRET, identity_rewind(&parent->identity), &why) != ST_OK)
        event_log(EVENT_CERTIFICATE_REFUSED, field_status(why.status), field_problem(&why));
}

static void identity_look(void *context, const struct moment *at)
{
    struct parent *parent = context;
    (void)at;
    renew_identity(parent, false);
    loop_timer_after(parent->identity_due, IDENTITY_MS);
}

static void signalled(void *context, int number, const struct moment *at)
{
    struct parent *parent = context;
    (void)at;
    if (number == SIGCHLD) {
        reap(parent);
    } else if (number == SIGHUP) {
        if (parent->config.http.certificate.len > 0)
            renew_identity(parent, true);
    } else if (!parent->stopping) {
        parent->stopping = true;
        /* Nobody is to wait for a role that does not come back. */
        fd_close(&parent->listen);
        fd_close(&parent->redirect);
        stop_next(parent);
    }
}

/* The path given may be the installation's folder (config_load). */
static const char *find_config_file(struct parent *parent)
{
    struct stat about;
    const char *path = parent->options->config_path;
    if (stat(path, &about) < 0 || !S_ISDIR(about.st_mode))
        return path;
    return arena_format(parent->arena, "%s/rendez.conf", path).data;
}

/* Events of all roles go where the settings say: each inherits descriptor 2. */
static enum status open_log(struct parent *parent, struct problem *why)
{
    if (parent->config.log.file.len == 0)
        return ST_OK;
    const char *path = arena_text(parent->arena, parent->config.log.file);
    AUTO_FD fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
        return problem_errno(why, "log.file");
    return ST_OK;
}

static enum status open_parent(struct parent *parent, struct problem *why)
{
    TRY(config_load(parent->options->config_path, parent->arena, &parent->config, why));
    parent->folder = arena_text(parent->arena, parent->config.folder);
    parent->config_file = find_config_file(parent);
    const char *passphrase = parent->options->passphrase_path;
    if (passphrase == NULL && parent->config.keys.passphrase_file.len > 0)
        passphrase = arena_text(parent->arena, parent->config.keys.passphrase_file);
    TRY(prepare_secret(passphrase, "rendez.passphrase", &parent->secrets[ROLE_KEYD], why));
    TRY(prepare_password(&parent->config, ROLE_MAILIN, &parent->secrets[ROLE_MAILIN], why));
    TRY(prepare_password(&parent->config, ROLE_MAILOUT, &parent->secrets[ROLE_MAILOUT], why));
    if (parent->config.http.certificate.len > 0)
        TRY(identity_read(&parent->config, true, &parent->identity, why));
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        TRY(program_open_own((enum role_id)id, &parent->programs[id], why));
    TRY(pages_open(parent->config.http.web, &parent->pages, why));
    TRY(listen_at(parent->config.http.listen, "http.listen", &parent->listen, why));
    if (parent->config.http.redirect.len > 0)
        TRY(listen_at(parent->config.http.redirect, "http.redirect", &parent->redirect, why));
    TRY(open_log(parent, why)); /* last: what went wrong before is told on the terminal */
    TRY(loop_create(&parent->loop, why));
    parent->impatience = loop_timer_create(parent->loop, kill_slow, parent);
    parent->identity_due = loop_timer_create(parent->loop, identity_look, parent);
    if (parent->config.http.certificate.len > 0)
        loop_timer_after(parent->identity_due, IDENTITY_MS);
    return loop_signals(parent->loop, (const int[]){SIGCHLD, SIGTERM, SIGINT, SIGHUP, 0}, signalled, parent,
                        why);
}

static enum status start_roles(struct parent *parent, struct problem *why)
{
    for (int id = 0; !parent->options->prepared && id < ROLE_ID_COUNT_; id++)
        TRY(prepare_folders(&parent->config, (enum role_id)id, why));
    for (int a = 0; a < ROLE_ID_COUNT_; a++)
        for (int b = 0; b < a; b++)
            if (role_talks((enum role_id)a, (enum role_id)b))
                TRY(connect_pair(parent, a, b, why));
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        start_child(&parent->children[id]);
    return ST_OK;
}

static void close_parent(struct parent *parent)
{
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        for (int peer = 0; peer < ROLE_ID_COUNT_; peer++)
            fd_close(&parent->children[id].ends[peer]);
        fd_close(&parent->children[id].control);
        fd_close(&parent->programs[id]);
        fd_close(&parent->secrets[id]);
    }
    fd_close(&parent->pages);
    fd_close(&parent->listen);
    fd_close(&parent->redirect);
    fd_close(&parent->identity.fd);
    loop_destroy(&parent->loop);
    arena_destroy(&parent->arena);
}

enum status parent_prepare(const struct parent_options *options, struct problem *why)
{
    AUTO_ARENA arena = arena_create(PARENT_BYTES_MAX);
    struct config config;
    TRY(config_load(options->config_path, arena, &config, why));
    for (int id = 0; id < ROLE_ID_COUNT_; id++)
        TRY(prepare_folders(&config, (enum role_id)id, why));
    return ST_OK;
}

enum status parent_run(const struct parent_options *options, struct problem *why)
{
    struct parent parent = {.options = options, .identity = {.fd = -1}, .pages = -1,
                            .listen = -1, .redirect = -1};
    event_log_open("parent", 2);
    parent.arena = arena_create(PARENT_BYTES_MAX);
    for (int id = 0; id < ROLE_ID_COUNT_; id++) {
        parent.children[id] = (struct child){.parent = &parent, .id = (enum role_id)id, .control = -1};
        parent.programs[id] = parent.secrets[id] = -1;
        for (int peer = 0; peer < ROLE_ID_COUNT_; peer++)
            parent.children[id].ends[peer] = -1;
    }
    enum status status = open_parent(&parent, why);
    for (int id = 0; status == ST_OK && id < ROLE_ID_COUNT_; id++)
        parent.children[id].restart =
            loop_timer_create(parent.loop, restart_due, &parent.children[id]);
    if (status == ST_OK)
        status = start_roles(&parent, why);
    if (status == ST_OK)
        status = loop_run(parent.loop, why);
    if (status == ST_OK)
        event_log(EVENT_ROLE_STOPPED, field_number(KEY_PID, getpid()));
    close_parent(&parent);
    return status;
}
