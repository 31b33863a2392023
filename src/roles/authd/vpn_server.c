/* The socket where OpenVPN's hook and watch ask: one question a connection, little time for it. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/eventlog/eventlog.h"
#include "roles/authd/vpn.h"

enum {
    CONNECTIONS_MAX = 64,
    PATIENCE_MS = 5000, /* for the whole question */
    READ_BYTES = 4096,
    GROUPS_MAX = 64,
};

struct asker {
    struct asker *next;
    struct vpn_server *server;
    int fd;
    struct loop_watch *watch;
    struct loop_timer *patience;
    struct buffer in; /* may hold a code */
};

struct vpn_server {
    struct loop *loop;
    struct authd *authd;
    int fd; /* the parent's: it stays open */
    gid_t group;
    struct loop_watch *watch;
    struct asker *askers;
    size_t count;
};

static void end_asker(struct asker *asker)
{
    struct vpn_server *server = asker->server;
    for (struct asker **at = &server->askers; *at != NULL; at = &(*at)->next)
        if (*at == asker) {
            *at = asker->next;
            break;
        }
    server->count--;
    loop_unwatch(&asker->watch);
    loop_timer_destroy(&asker->patience);
    fd_close(&asker->fd);
    buffer_wipe(&asker->in);
    free(asker);
}

/* A malformed question gets no answer: the hook takes that for a no. The answers of one question
 * fit into an empty socket; what does not is lost with the connection. */
static void answer(struct asker *asker, size_t len, struct instant now)
{
    AUTO_ARENA arena = arena_create_wiped(4 << 20);
    AUTO_BUFFER answers = buffer_create(8 * VPN_TUNNELS_MAX);
    struct vpn_ask ask;
    struct problem why;
    struct slice text = slice_sub(buffer_slice(&asker->in), 0, len);
    if (vpn_ask_parse(text, arena, &ask, &why) != ST_OK) {
        event_log(EVENT_TUNNEL_REFUSED, field_status(why.status), field_problem(&why));
        return;
    }
    vpn_answer(asker->server->authd, &ask, now, &answers);
    (void)!send(asker->fd, answers.data, answers.len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void readable(void *context, unsigned ready, const struct moment *at)
{
    struct asker *asker = context;
    char *bytes = (char[READ_BYTES]){0};
    (void)ready;
    ssize_t got = recv(asker->fd, bytes, READ_BYTES, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0)
        buffer_add(&asker->in, (struct slice){bytes, (size_t)got});
    explicit_bzero(bytes, READ_BYTES);
    size_t len = vpn_ask_len(buffer_slice(&asker->in));
    if (got > 0 && len == 0 && !asker->in.full)
        return;
    if (len > 0)
        answer(asker, len, at->now);
    end_asker(asker);
}

static void too_slow(void *context, const struct moment *at)
{
    (void)at;
    end_asker(context);
}

/* The folder of the socket lets in who may ask; that nobody was handed a connection by somebody
 * else, or found the folder open, the kernel tells. */
static bool may_ask(const struct vpn_server *server, int fd)
{
    struct ucred peer = {0};
    gid_t groups[GROUPS_MAX];
    socklen_t len = sizeof peer, groups_len = sizeof groups;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
        return false;
    if (peer.uid == 0 || peer.uid == geteuid() || peer.gid == server->group)
        return true;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &groups_len) < 0)
        return false;
    for (size_t i = 0; i < groups_len / sizeof *groups; i++)
        if (groups[i] == server->group)
            return true;
    return false;
}

static void take(struct vpn_server *server, int fd)
{
    struct asker *asker = must_calloc(1, sizeof *asker);
    *asker = (struct asker){.server = server, .fd = fd, .next = server->askers,
                            .in = buffer_create(VPN_ASK_BYTES_MAX)};
    server->askers = asker;
    server->count++;
    asker->patience = loop_timer_create(server->loop, too_slow, asker);
    loop_timer_after(asker->patience, PATIENCE_MS);
    if (loop_watch(server->loop, fd, LOOP_READ, readable, asker, &asker->watch, NULL) != ST_OK)
        end_asker(asker);
}

static void accept_all(void *context, unsigned ready, const struct moment *at)
{
    struct vpn_server *server = context;
    (void)ready, (void)at;
    for (;;) {
        AUTO_FD fd = accept4(server->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        if (server->count == CONNECTIONS_MAX || !may_ask(server, fd))
            continue;
        take(server, fd);
        fd = -1;
    }
}

enum status vpn_server_create(struct loop *loop, int fd, const char *folder,
                              struct vpn_server **out, struct problem *why)
{
    struct stat about;
    if (stat(folder, &about) < 0)
        return problem_errno(why, folder);
    struct vpn_server *server = must_calloc(1, sizeof *server);
    *server = (struct vpn_server){.loop = loop, .fd = fd, .group = about.st_gid};
    *out = server;
    return ST_OK;
}

enum status vpn_server_start(struct vpn_server *server, struct authd *authd, struct problem *why)
{
    server->authd = authd;
    return loop_watch(server->loop, server->fd, LOOP_READ, accept_all, server, &server->watch, why);
}

void vpn_server_destroy(struct vpn_server **server)
{
    if (*server == NULL)
        return;
    while ((*server)->askers != NULL)
        end_asker((*server)->askers);
    loop_unwatch(&(*server)->watch);
    free(*server);
    *server = NULL;
}
