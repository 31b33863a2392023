#include "roles/mailin/server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "formats/lmtp/lmtp.h"

enum { READ_BYTES = 64 * 1024, OUT_BYTES_MAX = 256 * 1024,
    SEND_BYTES = 128 * 1024 /* the kernel's share of replies */ };

/* Who is at the other end: an address, or at a Unix socket the user. */
struct origin {
    uint16_t family;
    uint8_t bytes[16];
};

struct connection {
    struct connection *next;
    struct origin origin;
    struct server *server;
    int fd;
    struct loop_watch *watch;
    struct loop_timer *silence;
    struct lmtp *lmtp;
    struct buffer in;  /* came, not yet fed: behind a message that is being sealed */
    struct buffer out; /* replies that the socket has not taken */
    struct intake_offer *offer;
    struct monotonic progress; /* the last command, or USUAL_BYTES of a message */
    size_t unfinished;         /* bytes of a message since then */
    bool sealing, answering, closing, late;
};

struct server {
    struct role *role;
    struct intake *intake;
    int fd;
    struct loop_watch *watch;
    struct slice host, assistant;
    struct connection *connections;
    size_t count;
    bool leaving;
};

/* The assistant's own address, with any "+detail". The domain has no case; the local part
 * is compared without too, as every mail program expects. */
static bool takes_address(void *context, struct slice address)
{
    const struct server *server = context;
    size_t plus = slice_find(address, LIT("+"), 0), at = slice_find(address, LIT("@"), 0);
    size_t local = plus < at ? plus : at;
    size_t own = slice_find(server->assistant, LIT("@"), 0);
    return at != SIZE_MAX && own != SIZE_MAX &&
           slice_equal_nocase(slice_sub(address, 0, local), slice_sub(server->assistant, 0, own)) &&
           slice_equal_nocase(slice_sub(address, at, address.len),
                              slice_sub(server->assistant, own, server->assistant.len));
}

/* What a client does not read is not kept for it once the socket is closed. */
static void drop_unread(const struct connection *connection)
{
    const struct linger reset = {.l_onoff = 1};
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, &info, &len); /* not at a Unix socket */
    if (connection->late && (connection->out.len > 0 || info.tcpi_unacked > 0))
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

static void close_connection(struct connection *connection)
{
    struct server *server = connection->server;
    for (struct connection **at = &server->connections; *at != NULL; at = &(*at)->next)
        if (*at == connection) {
            *at = connection->next;
            break;
        }
    server->count--;
    if (server->leaving && server->count == 0)
        role_stop(server->role);
    drop_unread(connection);
    intake_cancel(connection->offer);
    loop_unwatch(&connection->watch);
    loop_timer_destroy(&connection->silence);
    fd_close(&connection->fd);
    lmtp_destroy(&connection->lmtp);
    buffer_wipe(&connection->in);
    buffer_destroy(&connection->out);
    free(connection);
}

/* Sends what the socket takes; false: the connection has ended. */
static bool flush(struct connection *connection)
{
    while (connection->out.len > 0) {
        ssize_t sent = send(connection->fd, connection->out.data, connection->out.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (sent < 0) {
            close_connection(connection);
            return false;
        }
        buffer_consume(&connection->out, (size_t)sent);
    }
    if (connection->out.len == 0 && connection->closing) {
        close_connection(connection);
        return false;
    }
    /* While a message is being sealed, or replies are not taken, nothing more is read. */
    bool reads = !connection->sealing && !connection->closing && connection->out.len == 0;
    loop_watch_events(connection->watch, (reads ? LOOP_READ : 0u) |
                                             (connection->out.len > 0 ? LOOP_WRITE : 0u));
    return true;
}

static void feed(struct connection *connection);

/* Only this prolongs a connection: not a byte now and then. */
static void made_progress(struct connection *connection)
{
    const struct config *config = role_config(connection->server->role);
    connection->progress = loop_moment(role_loop(connection->server->role))->clock;
    connection->unfinished = 0;
    loop_timer_after(connection->silence, config->lmtp.silence_seconds * INT64_C(1000));
}

/* The intake has decided: reply for each recipient, then what came behind the message. */
static void sealed(void *context, struct slice id, enum status status)
{
    struct connection *connection = context;
    (void)id;
    connection->offer = NULL;
    connection->sealing = false;
    lmtp_answer(connection->lmtp, status, &connection->out);
    made_progress(connection);
    if (!connection->answering)
        feed(connection);
}

static void offer_message(struct connection *connection)
{
    const struct lmtp_message *message = lmtp_message(connection->lmtp);
    struct server *server = connection->server;
    struct envelope envelope = {
        .sender = message->sender,
        .received = loop_moment(role_loop(server->role))->now,
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    for (size_t i = 0; i < message->recipient_count; i++)
        ARENA_PUSH(arena, &envelope.recipients, message->recipients[i]);
    connection->sealing = true;
    connection->answering = true; /* it may be answered at once, inside the call */
    struct intake_offer *offer =
        intake_offer(server->intake, &envelope, message->raw, SLICE_NONE, sealed, connection);
    connection->answering = false;
    if (connection->sealing)
        connection->offer = offer;
}

/* Bytes of all messages that are just coming. */
static size_t held(const struct server *server)
{
    size_t bytes = 0;
    for (const struct connection *c = server->connections; c != NULL; c = c->next)
        bytes += lmtp_held(c->lmtp);
    return bytes;
}

/* The MTA keeps the message and comes again. */
static void send_back(struct connection *connection)
{
    event_log(EVENT_MAIL_REFUSED, field_status(ST_UNAVAILABLE));
    lmtp_farewell("Too many large messages at a time", &connection->out);
    connection->closing = true;
}

static const char leaving_text[] = "Going down; come back soon";

/* Nothing is lost if it ends now: no message has begun. */
static bool is_between(const struct connection *connection)
{
    return !connection->sealing && !connection->closing && !lmtp_in_transaction(connection->lmtp);
}

static void send_away(struct connection *connection)
{
    lmtp_farewell(leaving_text, &connection->out);
    connection->closing = true;
}

/* Gives what came to the parser, up to a message that must be sealed first. */
static void feed(struct connection *connection)
{
    while (connection->in.len > 0 && !connection->sealing && !connection->closing) {
        size_t used = 0;
        unsigned refused = lmtp_refused(connection->lmtp);
        enum lmtp_event event =
            lmtp_feed(connection->lmtp, buffer_slice(&connection->in), &used, &connection->out);
        buffer_consume(&connection->in, used);
        if (lmtp_refused(connection->lmtp) > refused)
            event_log(EVENT_MAIL_REFUSED, field_status(ST_LIMIT));
        if (event == LMTP_MESSAGE)
            offer_message(connection);
        connection->closing = event == LMTP_CLOSE;
    }
    if (connection->out.full)
        connection->closing = true; /* a client that asks and never listens */
    if (lmtp_held(connection->lmtp) > SERVER_USUAL_BYTES && held(connection->server) > SERVER_BYTES_MAX)
        send_back(connection);
    if (connection->server->leaving && is_between(connection))
        send_away(connection);
    flush(connection);
}

static void note_progress(struct connection *connection, const char *bytes, size_t count)
{
    bool message = lmtp_in_message(connection->lmtp);
    connection->unfinished += message ? count : 0;
    if (connection->unfinished >= SERVER_USUAL_BYTES ||
        (!message && memchr(bytes, '\n', count) != NULL))
        made_progress(connection);
}

static void connection_ready(void *context, unsigned ready, const struct moment *at)
{
    struct connection *connection = context;
    char bytes[READ_BYTES];
    (void)at;
    if ((ready & LOOP_WRITE) != 0 && !flush(connection))
        return;
    if ((ready & (LOOP_READ | LOOP_CLOSED)) == 0)
        return;
    if (connection->sealing && (ready & LOOP_CLOSED) == 0)
        return;
    ssize_t got = recv(connection->fd, bytes, sizeof bytes, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        close_connection(connection);
        return;
    }
    buffer_add(&connection->in, (struct slice){bytes, (size_t)got});
    note_progress(connection, bytes, (size_t)got);
    feed(connection);
}

static void say_farewell(struct connection *connection, const char *reason)
{
    lmtp_farewell(reason, &connection->out);
    connection->closing = connection->late = true;
    if (flush(connection))
        close_connection(connection);
}

static void silence_due(void *context, const struct moment *at)
{
    (void)at;
    say_farewell(context, "Silent for too long");
}

static bool same_origin(const struct origin *a, const struct origin *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static struct origin origin_of(int fd, const struct sockaddr_storage *from)
{
    struct origin origin = {.family = from->ss_family};
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct ucred user;
    socklen_t len = sizeof user;
    if (from->ss_family == AF_INET) {
        memcpy(&in, from, sizeof in);
        memcpy(origin.bytes, &in.sin_addr, sizeof in.sin_addr);
    } else if (from->ss_family == AF_INET6) {
        memcpy(&in6, from, sizeof in6);
        memcpy(origin.bytes, &in6.sin6_addr, sizeof in6.sin6_addr);
    } else if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &len) == 0) {
        memcpy(origin.bytes, &user.uid, sizeof user.uid);
    }
    return origin;
}

/* Whoever has come no further for the longest time goes, unless that was just now, or we are
 * the ones who are busy with its message. `origin`: of these only; NULL: of all. */
static bool drop_oldest(struct server *server, const struct origin *origin)
{
    struct connection *oldest = NULL;
    for (struct connection *c = server->connections; c != NULL; c = c->next)
        if (!c->sealing && (origin == NULL || same_origin(origin, &c->origin)) &&
            (oldest == NULL || c->progress.ms <= oldest->progress.ms))
            oldest = c;
    int64_t now_ms = loop_moment(role_loop(server->role))->clock.ms;
    if (oldest == NULL || now_ms - oldest->progress.ms < SERVER_PATIENCE_MS)
        return false;
    say_farewell(oldest, "Others wait");
    return true;
}

/* False: whoever comes now must come again later. */
static bool make_room(struct server *server, const struct origin *origin)
{
    const struct config *config = role_config(server->role);
    size_t own = 0;
    for (const struct connection *c = server->connections; c != NULL; c = c->next)
        own += same_origin(origin, &c->origin);
    if (own >= config->lmtp.per_address)
        return drop_oldest(server, origin);
    return server->count < config->lmtp.connections || drop_oldest(server, NULL);
}

static void refuse_connection(int fd, const char *reason)
{
    AUTO_BUFFER out = buffer_create(256);
    lmtp_farewell(reason, &out);
    (void)!send(fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void accept_connection(struct server *server, int fd, const struct origin *origin)
{
    struct connection *connection = must_calloc(1, sizeof *connection);
    int bytes = SEND_BYTES;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    struct lmtp_options options = {server->host, SERVER_MESSAGE_BYTES_MAX, takes_address, server};
    *connection = (struct connection){.next = server->connections, .server = server, .fd = fd, .origin = *origin};
    connection->in = buffer_create(READ_BYTES * 4);
    connection->out = buffer_create(OUT_BYTES_MAX);
    connection->lmtp = lmtp_create(&options);
    connection->silence = loop_timer_create(role_loop(server->role), silence_due, connection);
    server->connections = connection;
    server->count++;
    if (loop_watch(role_loop(server->role), fd, LOOP_READ, connection_ready, connection,
                   &connection->watch, NULL) != ST_OK) {
        close_connection(connection);
        return;
    }
    made_progress(connection);
    lmtp_greet(connection->lmtp, &connection->out);
    flush(connection);
}

static void listen_ready(void *context, unsigned ready, const struct moment *at)
{
    struct server *server = context;
    (void)ready, (void)at;
    struct sockaddr_storage from = {0};
    socklen_t len = sizeof from;
    AUTO_FD fd = accept4(server->fd, (struct sockaddr *)&from, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct origin origin = origin_of(fd, &from);
    if (!make_room(server, &origin)) {
        refuse_connection(fd, "Too many connections");
        return;
    }
    accept_connection(server, fd, &origin);
    fd = -1;
}

enum status server_create(struct role *role, struct intake *intake, int fd, struct server **out,
                          struct problem *why)
{
    struct server *server = must_calloc(1, sizeof *server);
    struct slice assistant = role_config(role)->assistant.address;
    size_t at = slice_find(assistant, LIT("@"), 0);
    *server = (struct server){.role = role, .intake = intake, .fd = fd, .assistant = assistant};
    server->host = at == SIZE_MAX ? LIT("localhost") : slice_sub(assistant, at + 1, assistant.len);
    *out = server;
    (void)why;
    return ST_OK;
}

enum status server_open(struct server *server, struct problem *why)
{
    return loop_watch(role_loop(server->role), server->fd, LOOP_READ, listen_ready, server,
                      &server->watch, why);
}

void server_leave(struct server *server)
{
    server->leaving = true;
    loop_unwatch(&server->watch);
    for (struct connection *c = server->connections, *next; c != NULL; c = next) {
        next = c->next;
        if (!is_between(c))
            continue;
        send_away(c);
        flush(c);
    }
    if (server->count == 0)
        role_stop(server->role);
}

void server_destroy(struct server **out)
{
    struct server *server = *out;
    if (server == NULL)
        return;
    while (server->connections != NULL) {
        refuse_connection(server->connections->fd, leaving_text);
        close_connection(server->connections);
    }
    loop_unwatch(&server->watch);
    fd_close(&server->fd);
    free(server);
    *out = NULL;
}
