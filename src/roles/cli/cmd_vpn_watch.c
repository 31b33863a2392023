/* Cuts the tunnels of people who may not have one any more. Every second it asks OpenVPN's management
 * interface who is connected, and authd whether they may stay. It keeps nothing between two looks, so
 * that whatever was away meanwhile, the next look finds what is to be cut. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/datetime/datetime.h"
#include "roles/cli/cli.h"
#include "roles/cli/vpn.h"

enum {
    LOOK_MS = 1000,
    ANSWER_MS = 3000,
    GRACE_S = 30,
    GRACE_S_MAX = 3600,
    TUNNELS_MAX = 16 * VPN_TUNNELS_MAX,
    STATUS_BYTES_MAX = 16 << 20, /* waiting unread */
};

struct watch {
    const char *management, *socket;
    int64_t grace_ms;
    int fd; /* OpenVPN's; -1: not connected */
    struct buffer in;
    int64_t heard_ms; /* when authd last answered */
    bool failing;     /* said so already */
};

static void disconnect(struct watch *watch)
{
    fd_close(&watch->fd);
    watch->fd = -1;
    buffer_clear(&watch->in);
}

static enum status connect_to_openvpn(struct watch *watch, struct problem *why)
{
    if (watch->fd >= 0)
        return ST_OK;
    return vpn_connect(watch->management, &watch->fd, why);
}

/* The next line, in the arena. */
static enum status next_line(struct watch *watch, struct deadline until, struct arena *arena,
                             struct slice *line, struct problem *why)
{
    for (;;) {
        size_t end = slice_find(buffer_slice(&watch->in), LIT("\n"), 0);
        if (end != SIZE_MAX) {
            *line = slice_trim(arena_copy(arena, slice_sub(buffer_slice(&watch->in), 0, end)));
            buffer_consume(&watch->in, end + 1);
            return ST_OK;
        }
        if (watch->in.len > VPN_LINE_BYTES_MAX)
            return problem_set(why, ST_LIMIT, "OpenVPN's management interface sends too long a line");
        TRY(vpn_read(watch->fd, &watch->in, until, why));
    }
}

static enum status list_tunnels(struct watch *watch, struct arena *arena, struct vpn_tunnel_list *tunnels,
                                struct problem *why)
{
    struct deadline until = deadline_in(ANSWER_MS);
    struct slice line;
    struct vpn_tunnel tunnel;
    TRY(vpn_write(watch->fd, LIT("status 3\n"), until, why));
    for (;;) {
        TRY(next_line(watch, until, arena, &line, why));
        enum vpn_line kind = vpn_line_parse(line, &tunnel);
        if (kind == VPN_LINE_END)
            return ST_OK;
        if (kind == VPN_LINE_PASSWORD || kind == VPN_LINE_ERROR)
            return problem_set(why, ST_DENIED, "OpenVPN's management interface wants a password or refuses");
        if (kind != VPN_LINE_CLIENT)
            continue;
        if (tunnels->count == TUNNELS_MAX)
            return problem_set(why, ST_LIMIT, "more tunnels than can be watched");
        ARENA_PUSH(arena, tunnels, tunnel);
    }
}

static enum status cut(struct watch *watch, struct slice name, struct arena *arena,
                       struct problem *why)
{
    struct deadline until = deadline_in(ANSWER_MS);
    struct slice line;
    struct vpn_tunnel ignored;
    enum vpn_line kind = VPN_LINE_OTHER;
    TRY(vpn_write(watch->fd, arena_format(arena, "kill %.*s\n", SLICE_ARG(name)), until, why));
    while (kind != VPN_LINE_SUCCESS && kind != VPN_LINE_ERROR) { /* ERROR: gone meanwhile */
        TRY(next_line(watch, until, arena, &line, why));
        kind = vpn_line_parse(line, &ignored);
    }
    if (kind == VPN_LINE_SUCCESS)
        cli_fail(EXIT_YES, "cut the tunnel of %.*s", SLICE_ARG(name));
    return ST_OK;
}

/* VPN_TUNNELS_MAX of them at a time. */
static enum status ask_all(const struct watch *watch, const struct vpn_tunnel_list *tunnels, bool *yes,
                           struct problem *why)
{
    for (size_t at = 0; at < tunnels->count; at += VPN_TUNNELS_MAX) {
        size_t left = tunnels->count - at;
        struct vpn_ask ask = {.kind = VPN_ALIVE};
        ask.tunnels.items = tunnels->items + at;
        ask.tunnels.count = left < VPN_TUNNELS_MAX ? left : VPN_TUNNELS_MAX;
        TRY(vpn_ask(watch->socket, &ask, deadline_in(ANSWER_MS), yes + at, why));
    }
    return ST_OK;
}

/* While authd is started again tunnels stay; away for longer, nobody can say who has left. */
static enum status judge(struct watch *watch, const struct vpn_tunnel_list *tunnels, bool *yes,
                         struct arena *arena, struct problem *why)
{
    if (ask_all(watch, tunnels, yes, why) == ST_OK) {
        watch->heard_ms = clock_monotonic_ms();
        return ST_OK;
    }
    bool stays = clock_monotonic_ms() - watch->heard_ms < watch->grace_ms;
    for (size_t i = 0; i < tunnels->count; i++) {
        yes[i] = stays;
        if (!stays)
            TRY(cut(watch, tunnels->items[i].name, arena, why));
    }
    return problem_set(why, ST_UNAVAILABLE, "authd: nobody answers at its socket; tunnels %s",
                       stays ? "stay for the time of grace" : "are cut");
}

static enum status look(struct watch *watch, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct vpn_tunnel_list tunnels = {0};
    TRY(connect_to_openvpn(watch, why));
    enum status status = list_tunnels(watch, arena, &tunnels, why);
    if (status != ST_OK) {
        disconnect(watch);
        return problem_set(why, status, "OpenVPN's management interface does not answer");
    }
    bool *yes = ARENA_ARRAY(arena, tunnels.count + 1, bool);
    TRY(judge(watch, &tunnels, yes, arena, why));
    for (size_t i = 0; i < tunnels.count; i++)
        if (!yes[i])
            TRY(cut(watch, tunnels.items[i].name, arena, why));
    return ST_OK;
}

/* Says once that something is away, and once that it is back. */
static void tell(struct watch *watch, enum status status, const struct problem *why)
{
    if (status != ST_OK && !watch->failing)
        cli_fail(EXIT_NO, "%s", why->detail);
    if (status == ST_OK && watch->failing)
        cli_fail(EXIT_YES, "watching again");
    watch->failing = status != ST_OK;
}

static void __attribute__((noreturn)) watch_on(struct watch *watch)
{
    for (;;) {
        struct problem why;
        int64_t begun = clock_monotonic_ms();
        tell(watch, look(watch, &why), &why);
        int64_t left = begun + LOOK_MS - clock_monotonic_ms();
        if (left > 0)
            poll(NULL, 0, (int)left);
    }
}

int cmd_vpn_watch(int argc, char **argv)
{
    const char *socket = VPN_SOCKET_DEFAULT, *grace = NULL;
    uint64_t grace_s = GRACE_S;
    int first;
    const struct cli_option options[] = {
        {"socket", NULL, &socket, "PATH", "authd's socket (else " VPN_SOCKET_DEFAULT ")"},
        {"grace", NULL, &grace, "SECONDS", "how long tunnels stay while authd is away (else 30)"}, {0}};
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (argc - first != 1)
        return cli_fail(EXIT_USAGE, "the socket of OpenVPN's management interface is needed");
    if (grace != NULL && !slice_to_u64(slice_from(grace), GRACE_S_MAX, &grace_s))
        return cli_fail(EXIT_USAGE, "--grace: 0 to %d seconds", GRACE_S_MAX);
    struct watch watch = {.management = argv[first], .socket = socket, .fd = -1,
                          .grace_ms = (int64_t)grace_s * 1000, .heard_ms = clock_monotonic_ms(),
                          .in = buffer_create(STATUS_BYTES_MAX)};
    watch_on(&watch);
}
