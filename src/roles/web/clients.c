#include "roles/web/clients.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/eventlog/eventlog.h"
#include "formats/http/http.h"

enum {
    LISTENERS_MAX = 2,
    PROXIES_MAX = 16,
    EVENTS_A_TURN = 64,
    ACCEPTS_A_TURN = 64,
    REPORT_MS = 10 * 1000,
    SEND_BYTES = 128 * 1024, /* the kernel's share of an answer; by itself it would keep megabytes */
    IPV6_NET_BYTES = 8, /* a customer has a /64 at least: its addresses count as one */
};

/* Family 4 or 6, and the bytes that count. */
struct address {
    uint8_t family, bytes[16];
};

/* What an event of our epoll is about; NULL there: libmicrohttpd's own epoll. */
struct source {
    enum { SOURCE_LISTENER, SOURCE_CLIENT } kind;
};

struct listener {
    struct source source; /* first */
    int fd;
    struct MHD_Daemon *daemon;
};

struct client {
    struct source source; /* first */
    struct clients *clients;
    struct client *before, *after; /* in its phase */
    enum client_phase phase;
    int64_t deadline_ms;
    int fd; /* ours while CLIENT_PROXIED, then libmicrohttpd's */
    struct address address;
    struct listener *listener;
};

/* In order of their deadlines, since all in one phase have the same time. */
struct phase {
    struct client *first, *last;
};

struct clients {
    struct web_limits limits;
    struct address proxies[PROXIES_MAX];
    size_t proxy_count;
    struct listener listeners[LISTENERS_MAX];
    size_t listener_count;
    int epoll_fd;
    struct phase phases[CLIENT_PHASE_COUNT_];
    size_t count;
    int64_t now_ms, reported_ms;
    int64_t cut_off; /* since the last report */
};

/* Addresses */

static struct address address_of(const struct sockaddr_storage *from)
{
    struct address address = {0};
    if (from->ss_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, from, sizeof in);
        address.family = 4;
        memcpy(address.bytes, &in.sin_addr, 4);
    } else if (from->ss_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, from, sizeof in);
        bool mapped = IN6_IS_ADDR_V4MAPPED(&in.sin6_addr);
        address.family = mapped ? 4 : 6;
        memcpy(address.bytes, in.sin6_addr.s6_addr + (mapped ? 12 : 0), mapped ? 4 : 16);
    }
    return address;
}

static bool same_address(const struct address *a, const struct address *b, size_t ipv6_bytes)
{
    return a->family == b->family &&
           memcmp(a->bytes, b->bytes, a->family == 6 ? ipv6_bytes : 4) == 0;
}

static bool is_proxy(const struct clients *clients, const struct address *address)
{
    for (size_t i = 0; i < clients->proxy_count; i++)
        if (same_address(&clients->proxies[i], address, 16))
            return true;
    return false;
}

/* Words of numeric addresses, with spaces between them. */
static enum status read_proxies(struct clients *clients, struct slice words, struct problem *why)
{
    for (words = slice_trim(words); words.len > 0; words = slice_trim(words)) {
        size_t end = slice_find(words, LIT(" "), 0);
        struct slice word = slice_sub(words, 0, end);
        char text[INET6_ADDRSTRLEN] = "";
        struct address *address = &clients->proxies[clients->proxy_count];
        words = slice_sub(words, word.len, words.len);
        if (clients->proxy_count == PROXIES_MAX)
            return problem_set(why, ST_LIMIT, "http.proxy: more than %d addresses", PROXIES_MAX);
        if (word.len < sizeof text)
            memcpy(text, word.data, word.len);
        address->family = slice_contains(word, LIT(":")) ? 6 : 4;
        if (inet_pton(address->family == 6 ? AF_INET6 : AF_INET, text, address->bytes) != 1)
            return problem_set(why, ST_INVALID, "http.proxy must be addresses, in numbers");
        clients->proxy_count++;
    }
    return ST_OK;
}

/* Phases */

static void leave_phase(struct client *client)
{
    struct phase *phase = &client->clients->phases[client->phase];
    *(client->before != NULL ? &client->before->after : &phase->first) = client->after;
    *(client->after != NULL ? &client->after->before : &phase->last) = client->before;
}

static int64_t time_of(const struct clients *clients, enum client_phase phase)
{
    switch (phase) {
    case CLIENT_PROXIED:
    case CLIENT_HEADER:
        return clients->limits.header_ms;
    case CLIENT_BODY:
        return clients->limits.body_ms;
    case CLIENT_ANSWER:
        return clients->limits.answer_ms;
    case CLIENT_IDLE:
        return clients->limits.idle_ms;
    default:
        return 0; /* no deadline */
    }
}

static void join_phase(struct client *client, enum client_phase phase)
{
    struct clients *clients = client->clients;
    client->phase = phase;
    client->deadline_ms = clients->now_ms + time_of(clients, phase);
    client->before = clients->phases[phase].last;
    client->after = NULL;
    *(client->before != NULL ? &client->before->after : &clients->phases[phase].first) = client;
    clients->phases[phase].last = client;
}

static void forget(struct client *client)
{
    leave_phase(client);
    if (client->phase != CLIENT_CLOSING)
        client->clients->count--;
    free(client);
}

static bool has_read_all(int fd)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 || info.tcpi_unacked == 0;
}

/* What a client does not read is not kept for it once the socket is closed. */
static void drop_unread(int fd)
{
    const struct linger reset = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

/* The socket is libmicrohttpd's, except before the proxy has spoken: what ends it is that
 * both ends of it are shut. */
static void cut_off(struct client *client)
{
    struct clients *clients = client->clients;
    clients->cut_off++;
    if (client->phase == CLIENT_PROXIED) {
        close(client->fd);
        forget(client);
        return;
    }
    if (client->phase == CLIENT_ANSWER || !has_read_all(client->fd))
        drop_unread(client->fd);
    shutdown(client->fd, SHUT_RDWR);
    leave_phase(client);
    clients->count--;
    join_phase(client, CLIENT_CLOSING);
}

static struct client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

void client_enter(struct MHD_Connection *connection, enum client_phase phase)
{
    struct client *client = client_of(connection);
    if (client == NULL || client->phase == CLIENT_CLOSING || client->phase == phase)
        return;
    leave_phase(client);
    join_phase(client, phase);
}

struct slice client_address(struct MHD_Connection *connection, struct arena *arena)
{
    const struct client *client = client_of(connection);
    char text[INET6_ADDRSTRLEN];
    if (client == NULL || client->address.family == 0 ||
        inet_ntop(client->address.family == 6 ? AF_INET6 : AF_INET, client->address.bytes, text,
                  sizeof text) == NULL)
        return SLICE_NONE;
    return arena_copy(arena, slice_from(text));
}

/* A connection that libmicrohttpd takes is the newest in CLIENT_HEADER. */
void clients_notify(void *context, struct MHD_Connection *connection, void **socket_context,
                    enum MHD_ConnectionNotificationCode code)
{
    struct clients *clients = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        struct client *client = clients->phases[CLIENT_HEADER].last;
        assert(client != NULL);
        assert(MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd ==
               client->fd);
        *socket_context = client;
    } else if (*socket_context != NULL) {
        forget(*socket_context);
        *socket_context = NULL;
    }
}

size_t clients_count(const struct clients *clients)
{
    return clients->count;
}

/* New connections */

static size_t count_of(const struct clients *clients, const struct address *address)
{
    size_t count = 0;
    for (int phase = CLIENT_HEADER; phase < CLIENT_CLOSING; phase++)
        for (const struct client *c = clients->phases[phase].first; c != NULL; c = c->after)
            count += same_address(&c->address, address, IPV6_NET_BYTES);
    return count;
}

/* Hands the connection on. It is gone when its address has too many. */
static void admit(struct client *client, const struct sockaddr *from, socklen_t len)
{
    struct clients *clients = client->clients;
    if (count_of(clients, &client->address) >= clients->limits.per_address) {
        cut_off(client);
        return;
    }
    leave_phase(client);
    join_phase(client, CLIENT_HEADER);
    /* It is closed in failure too; what it was told of then has forgotten the client. */
    const struct client *before = clients->phases[CLIENT_HEADER].last;
    if (MHD_add_connection(client->listener->daemon, client->fd, from, len) != MHD_YES &&
        clients->phases[CLIENT_HEADER].last == before)
        forget(client);
}

static socklen_t proxied_address(const struct http_proxied *proxied, struct sockaddr_storage *out)
{
    if (proxied->family == 4) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(proxied->port)};
        memcpy(&in.sin_addr, proxied->address, 4);
        memcpy(out, &in, sizeof in);
        return sizeof in;
    }
    struct sockaddr_in6 in = {.sin6_family = AF_INET6, .sin6_port = htons(proxied->port)};
    memcpy(&in.sin6_addr, proxied->address, 16);
    memcpy(out, &in, sizeof in);
    return sizeof in;
}

/* The header is looked at until it is whole, then taken; the rest is the connection's. A
 * proxy that speaks for itself (it asks whether we live) keeps its own address. */
static void read_proxied(struct client *client)
{
    char bytes[HTTP_PROXIED_BYTES_MAX];
    struct http_proxied proxied;
    struct sockaddr_storage from = {0};
    socklen_t len = sizeof from;
    ssize_t got = recv(client->fd, bytes, sizeof bytes, MSG_PEEK);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    enum status status = got <= 0 ? ST_INVALID
                                  : http_proxied_parse((struct slice){bytes, (size_t)got}, &proxied, NULL);
    if (status == ST_NOT_FOUND)
        return;
    if (status != ST_OK || recv(client->fd, bytes, proxied.bytes, 0) != (ssize_t)proxied.bytes) {
        cut_off(client);
        return;
    }
    epoll_ctl(client->clients->epoll_fd, EPOLL_CTL_DEL, client->fd, NULL);
    if (proxied.family != 0)
        len = proxied_address(&proxied, &from);
    else if (getpeername(client->fd, (struct sockaddr *)&from, &len) < 0)
        len = 0;
    client->address = address_of(&from);
    admit(client, (const struct sockaddr *)&from, len);
}

static void watch_proxied(struct client *client)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (epoll_ctl(client->clients->epoll_fd, EPOLL_CTL_ADD, client->fd, &event) < 0)
        cut_off(client);
    else
        read_proxied(client);
}

/* Where all places are taken, one that is only kept open goes, else one that has not said
 * yet what it wants; the longest there first. False: everybody is busy. */
static bool make_room(struct clients *clients)
{
    static const enum client_phase dispensable[] = {CLIENT_IDLE, CLIENT_PROXIED, CLIENT_HEADER};
    if (clients->count < clients->limits.connections)
        return true;
    for (size_t i = 0; i < sizeof dispensable / sizeof *dispensable; i++) {
        struct client *client = clients->phases[dispensable[i]].first;
        if (client == NULL)
            continue;
        cut_off(client);
        return true;
    }
    return false;
}

static void take(struct clients *clients, struct listener *listener, int fd,
                 const struct sockaddr_storage *from, socklen_t len)
{
    struct client *client = make_room(clients) ? calloc(1, sizeof *client) : NULL;
    if (client == NULL) {
        close(fd);
        clients->cut_off++;
        return;
    }
    int bytes = SEND_BYTES;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    *client = (struct client){.source = {SOURCE_CLIENT}, .clients = clients, .fd = fd,
                              .address = address_of(from), .listener = listener};
    clients->count++;
    join_phase(client, CLIENT_PROXIED);
    if (is_proxy(clients, &client->address))
        watch_proxied(client);
    else
        admit(client, (const struct sockaddr *)from, len);
}

static void accept_some(struct clients *clients, struct listener *listener)
{
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        struct sockaddr_storage from;
        socklen_t len = sizeof from;
        int fd = accept4(listener->fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        take(clients, listener, fd, &from, len);
    }
}

/* Time */

static void report(struct clients *clients)
{
    if (clients->cut_off == 0 || clients->now_ms - clients->reported_ms < REPORT_MS)
        return;
    event_log(EVENT_HTTP_CUT, field_number(KEY_COUNT, clients->cut_off));
    clients->cut_off = 0;
    clients->reported_ms = clients->now_ms;
}

void clients_turn(struct clients *clients, int64_t now_ms)
{
    struct epoll_event events[EVENTS_A_TURN];
    clients->now_ms = now_ms;
    int count = epoll_wait(clients->epoll_fd, events, EVENTS_A_TURN, 0);
    for (int i = 0; i < count; i++) {
        struct source *source = events[i].data.ptr;
        if (source == NULL || source->kind != SOURCE_CLIENT)
            continue;
        read_proxied((struct client *)source);
        events[i].data.ptr = NULL; /* it may be gone now */
    }
    for (int phase = 0; phase < CLIENT_WAITING; phase++) {
        struct client *first;
        while ((first = clients->phases[phase].first) != NULL && first->deadline_ms <= now_ms)
            cut_off(first);
    }
    /* Last: whoever is new may cut off a client whose event was still to come. */
    for (int i = 0; i < count; i++)
        if (events[i].data.ptr != NULL)
            accept_some(clients, events[i].data.ptr);
    report(clients);
}

int64_t clients_wait_ms(const struct clients *clients, int64_t now_ms)
{
    int64_t wait = -1;
    for (int phase = 0; phase < CLIENT_WAITING; phase++) {
        const struct client *first = clients->phases[phase].first;
        if (first == NULL)
            continue;
        int64_t left = first->deadline_ms > now_ms ? first->deadline_ms - now_ms : 0;
        if (wait < 0 || left < wait)
            wait = left;
    }
    return wait;
}

int clients_fd(const struct clients *clients)
{
    return clients->epoll_fd;
}

/* Beginning and end */

static enum status watch(struct clients *clients, int fd, void *about, struct problem *why)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = about};
    return epoll_ctl(clients->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0
               ? problem_errno(why, "wait for connections")
               : ST_OK;
}

enum status clients_listen(struct clients *clients, int fd, struct MHD_Daemon *daemon,
                           struct problem *why)
{
    assert(clients->listener_count < LISTENERS_MAX);
    struct listener *listener = &clients->listeners[clients->listener_count++];
    *listener = (struct listener){{SOURCE_LISTENER}, fd, daemon};
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    assert(info != NULL);
    return watch(clients, info->epoll_fd, NULL, why);
}

enum status clients_open(struct clients *clients, struct problem *why)
{
    for (size_t i = 0; i < clients->listener_count; i++)
        TRY(watch(clients, clients->listeners[i].fd, &clients->listeners[i], why));
    return ST_OK;
}

/* The order stays that of the deadlines. */
static void hasten(struct clients *clients, enum client_phase phase, int64_t *limit_ms, int64_t ms)
{
    if (*limit_ms > ms)
        *limit_ms = ms;
    for (struct client *client = clients->phases[phase].first; client != NULL; client = client->after)
        if (client->deadline_ms > clients->now_ms + ms)
            client->deadline_ms = clients->now_ms + ms;
}

void clients_leave(struct clients *clients, int64_t idle_ms)
{
    for (size_t i = 0; i < clients->listener_count; i++)
        epoll_ctl(clients->epoll_fd, EPOLL_CTL_DEL, clients->listeners[i].fd, NULL);
    hasten(clients, CLIENT_IDLE, &clients->limits.idle_ms, idle_ms);
    hasten(clients, CLIENT_HEADER, &clients->limits.header_ms, idle_ms);
    hasten(clients, CLIENT_PROXIED, &clients->limits.header_ms, idle_ms);
}

enum status clients_create(const struct web_config *config, struct clients **out,
                           struct problem *why)
{
    struct clients *clients = calloc(1, sizeof *clients);
    if (clients == NULL)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    clients->limits = config->limits;
    clients->now_ms = clock_monotonic_ms();
    clients->reported_ms = clients->now_ms - REPORT_MS;
    clients->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    enum status status = clients->epoll_fd < 0 ? problem_errno(why, "epoll") : ST_OK;
    if (status == ST_OK)
        status = read_proxies(clients, config->proxy, why);
    if (status != ST_OK) {
        clients_destroy(&clients);
        return status;
    }
    *out = clients;
    return ST_OK;
}

void clients_destroy(struct clients **out)
{
    struct clients *clients = *out;
    *out = NULL;
    if (clients == NULL)
        return;
    while (clients->phases[CLIENT_PROXIED].first != NULL)
        cut_off(clients->phases[CLIENT_PROXIED].first);
    fd_close(&clients->epoll_fd);
    free(clients);
}
