#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "roles/config/config.h"
#include "roles/parent/prepare.h"
#include "roles/parent/programs.h"
#include "roles/parent/listen.h"
#include "roles/parent/spawn.h"

enum { SERVES_MS = 20 * 1000 };

static void give_up(const char *what)
{
    printf("Bail out! %s: %s\n", what, strerror(errno));
    exit(1);
}

const char *bench_path(const struct bench *bench, const char *name)
{
    static char path[160];
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    return path;
}

void bench_create(struct bench *bench, enum role_id id, const char *config)
{
    struct problem why;
    *bench = (struct bench){.id = id, .control = -1, .raw_fd = -1, .folder = "/tmp/rendez-bench-XXXXXX"};
    if (mkdtemp(bench->folder) == NULL || chmod(bench->folder, 0755) < 0)
        give_up("folder");
    if (file_write_durably(bench_path(bench, "rendez.conf"), slice_from(config), 0600, &why) != ST_OK)
        give_up(why.detail);
    AUTO_ARENA arena = arena_create(4 << 20);
    struct config parsed;
    if (config_load(bench->folder, arena, &parsed, &why) != ST_OK ||
        prepare_folders(&parsed, id, &why) != ST_OK)
        give_up(why.detail);
    if (loop_create(&bench->loop, &why) != ST_OK)
        give_up(why.detail);
}

static void receive(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct bench *bench = context;
    bench->inbox.count[message->kind]++;
    if (bench->receive != NULL)
        bench->receive(bench->context, message, at);
}

static void closed(void *context, struct ipc_channel *channel, const struct problem *why)
{
    struct bench *bench = context;
    (void)channel;
    bench->inbox.closed++;
    if (bench->inbox.why.status != ST_INVALID)
        bench->inbox.why = *why;
}

/* The ends of the role's channels: ours become channels, the role's are returned. */
static void connect_peers(struct bench *bench, int ends[ROLE_ID_COUNT_])
{
    for (int peer = 0; peer < ROLE_ID_COUNT_; peer++) {
        int fds[2];
        ends[peer] = -1;
        ipc_destroy(&bench->peers[peer]);
        if (!role_talks(bench->id, (enum role_id)peer))
            continue;
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
            give_up("socketpair");
        ends[peer] = fds[1];
        if (bench->has_raw && peer == (int)bench->raw) {
            fd_close(&bench->raw_fd);
            bench->raw_fd = fds[0];
            continue;
        }
        struct ipc_rules rules = {
            .name = role_rows[peer].name,
            .sends = role_may_say((enum role_id)peer, bench->id),
            .receives = role_may_say(bench->id, (enum role_id)peer),
            .receive = receive,
            .closed = closed,
            .context = bench,
        };
        if (ipc_open(bench->loop, fds[0], &rules, &bench->peers[peer], NULL) != ST_OK)
            give_up("channel");
    }
}

static bool wait_serving(struct bench *bench)
{
    struct pollfd control = {.fd = bench->control, .events = POLLIN};
    char byte = 0;
    for (int64_t end_ms = clock_monotonic_ms() + SERVES_MS; clock_monotonic_ms() < end_ms;) {
        if (poll(&control, 1, 0) == 1)
            return recv(bench->control, &byte, 1, 0) == 1 && byte == 'r';
        bench_turn(bench);
    }
    return false;
}

/* A folder without pages. */
static int open_pages(const struct bench *bench)
{
    const char *path = bench_path(bench, "pages");
    if (mkdir(path, 0755) < 0 && errno != EEXIST)
        give_up("pages");
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* As the parent opens them for those two roles; -1 where there is none. */
static void open_listeners(const struct bench *bench, const struct config *config, int *listener, int *redirect)
{
    struct problem why;
    const struct listen_place http = {config->http.listen, "http.listen", 0, false},
                              plain = {config->http.redirect, "http.redirect", 0, false},
                              lmtp = {config->lmtp.listen, "lmtp.listen", 0666, false};
    if (bench->id == ROLE_API && (listen_at(&http, listener, &why) != ST_OK ||
                                  (plain.where.len > 0 && listen_at(&plain, redirect, &why) != ST_OK)))
        give_up(why.detail);
    if (bench->id == ROLE_MAILIN && config->mode != CONFIG_MAILBOX && listen_at(&lmtp, listener, &why) != ST_OK)
        give_up(why.detail);
}

bool bench_start(struct bench *bench, const char *rendezd)
{
    int control[2], ends[ROLE_ID_COUNT_];
    struct problem why;
    AUTO_FD program = -1;
    if (program_open(rendezd, bench->id, &program, &why) != ST_OK)
        give_up(why.detail);
    AUTO_FD config = open(bench_path(bench, "rendez.conf"), O_RDONLY | O_CLOEXEC);
    if (config < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
        give_up("start");
    connect_peers(bench, ends);
    AUTO_FD secret = bench->secret == NULL ? -1 : memfd_create("secret", MFD_CLOEXEC);
    if (secret >= 0 && fd_write_all(secret, slice_from(bench->secret), &why) != ST_OK)
        give_up(why.detail);
    AUTO_ARENA arena = arena_create(4 << 20);
    struct config parsed;
    if (config_load(bench->folder, arena, &parsed, &why) != ST_OK)
        give_up(why.detail);
    AUTO_FD pages = bench->id == ROLE_API ? open_pages(bench) : -1;
    AUTO_FD listener = -1, redirect = -1;
    open_listeners(bench, &parsed, &listener, &redirect);
    struct spawn spawn = {
        .id = bench->id,
        .program = program,
        .control = control[1],
        .config = config,
        .folder = bench->folder,
        .secret = secret,
        .pages = pages,
        .listen = listener,
        .redirect = redirect,
        .uid = prepare_user(&parsed, bench->id),
    };
    memcpy(spawn.channels, ends, sizeof ends);
    if (spawn_role(&spawn, &bench->pid, &why) != ST_OK)
        give_up(why.detail);
    close(control[1]);
    for (int peer = 0; peer < ROLE_ID_COUNT_; peer++)
        fd_close(&ends[peer]);
    fd_close(&bench->control);
    bench->control = control[0];
    bench->starts++;
    return wait_serving(bench);
}

void bench_replace(struct bench *bench, enum role_id peer)
{
    int fds[2];
    struct problem why;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        give_up("socketpair");
    AUTO_FD end = fds[1];
    if (ipc_send_fd(bench->control, peer, end, &why) != ST_OK ||
        ipc_replace(bench->peers[peer], fds[0], &why) != ST_OK)
        give_up(why.detail);
}

bool bench_has_ended(struct bench *bench)
{
    if (bench->pid != 0 && waitpid(bench->pid, &bench->how, WNOHANG) == bench->pid)
        bench->pid = 0;
    return bench->pid == 0;
}

void bench_kill(struct bench *bench, int number)
{
    if (bench->pid == 0)
        return;
    kill(bench->pid, number);
    waitpid(bench->pid, &bench->how, 0);
    bench->pid = 0;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

void bench_destroy(struct bench *bench)
{
    bench_kill(bench, SIGKILL);
    for (int peer = 0; peer < ROLE_ID_COUNT_; peer++)
        ipc_destroy(&bench->peers[peer]);
    fd_close(&bench->control);
    fd_close(&bench->raw_fd);
    loop_destroy(&bench->loop);
    nftw(bench->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void bench_turn(struct bench *bench)
{
    if (loop_turn(bench->loop, 5, NULL) != ST_OK)
        give_up("loop");
}

bool bench_wait(struct bench *bench, const unsigned *count, unsigned wanted, int timeout_ms)
{
    int64_t end_ms = clock_monotonic_ms() + timeout_ms;
    while (*count < wanted && clock_monotonic_ms() < end_ms)
        bench_turn(bench);
    return *count >= wanted;
}
