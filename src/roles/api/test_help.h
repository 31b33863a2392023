#ifndef RENDEZ_ROLES_API_TEST_HELP_H
#define RENDEZ_ROLES_API_TEST_HELP_H

/* A server on a loopback socket for tests, turned by hand, with a planner that says what the
 * test wants. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "roles/api/internal.h"

/* The planner and authd: answer every question alike, or never, and remember the last one. What
 * authd says to session.check is `who`, with the assertion `word`; NULL: as to all others. */
struct canned {
    struct web *api;
    enum { AT_ONCE, LATER, NEVER, BROKEN } when;
    enum status status;
    const char *json, *who, *word;
    unsigned refuses; /* so many assertions are not taken */
    const char *session, *flow, *device; /* cookies that an answer sets; NULL: none */
    char command[40], checked[40], planned[40], right[40], person[40], assertion[40];
    char checked_json[200]; /* of session.check */
    char brought[200]; /* session, token, flow and device with spaces between them */
    enum web_peer peer;
    struct buffer question;
    uint64_t ticket;
    unsigned asked;
};

static void canned_remember(struct canned *planner, const struct web_question *question)
{
    const struct web_credentials *given = &question->credentials;
    bool check = strcmp(question->command, "session.check") == 0;
    snprintf(check ? planner->checked : planner->command, sizeof planner->command, "%s",
             question->command);
    if (question->peer == WEB_AUTHD) {
        snprintf(planner->right, sizeof planner->right, "%s", question->right);
        snprintf(planner->brought, sizeof planner->brought, "%.*s %.*s %.*s %.*s",
                 SLICE_ARG(given->session), SLICE_ARG(given->token), SLICE_ARG(given->flow),
                 SLICE_ARG(given->device));
    }
    if (check) {
        snprintf(planner->planned, sizeof planner->planned, "%s", question->planned);
        snprintf(planner->checked_json, sizeof planner->checked_json, "%.*s", SLICE_ARG(question->json));
    }
    snprintf(planner->person, sizeof planner->person, "%.*s", SLICE_ARG(question->person));
    snprintf(planner->assertion, sizeof planner->assertion, "%.*s", SLICE_ARG(question->assertion));
    planner->peer = question->peer;
    buffer_clear(&planner->question);
    buffer_add(&planner->question, question->json);
}

static enum status canned_ask(void *context, uint64_t ticket, const struct web_question *question,
                              struct problem *why)
{
    struct canned *planner = context;
    planner->ticket = ticket;
    planner->asked++;
    canned_remember(planner, question);
    if (planner->when == BROKEN)
        return problem_set(why, ST_UNAVAILABLE, "no channel");
    if (planner->who != NULL && strcmp(question->command, "session.check") == 0)
        web_take(planner->api, ticket,
                 &(struct web_answer){.json = slice_from(planner->who), .assertion = slice_from(planner->word)});
    else if (question->peer == WEB_PLANNER && planner->refuses > 0 && planner->refuses-- > 0)
        web_answer(planner->api, ticket, ST_DENIED, LIT("{\"detail\":\"x\",\"code\":\"assertion\"}"));
    else if (planner->when == AT_ONCE)
        web_take(planner->api, ticket,
                 &(struct web_answer){planner->status, slice_from(planner->json),
                                      slice_from(planner->session), slice_from(planner->flow),
                                      slice_from(planner->device)});
    return ST_OK;
}

struct server {
    struct web *api;
    struct canned planner;
    char dir[64];
    bool proxied;
    const char *public_url;
    uint16_t port;
    int64_t now_ms;
};

static int listen_somewhere(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK(bind(fd, (struct sockaddr *)&address, len) == 0 && listen(fd, 64) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void put_file(const struct server *server, const char *name, const char *text)
{
    AUTO_ARENA arena = arena_create(4096);
    struct slice path = arena_format(arena, "%s/%s", server->dir, name);
    CHECK_OK(file_write_durably(path.data, slice_from(text), 0600, NULL));
}

static const struct web_limits limits = {.connections = 20, .per_address = 8, .header_ms = 4000,
                                         .body_ms = 6000, .answer_ms = 9000, .idle_ms = 5000};

static void server_open(struct server *server, bool sandbox, bool proxied, const char *public_url)
{
    *server = (struct server){.dir = "/tmp/test-api-XXXXXX", .proxied = proxied, .public_url = public_url};
    CHECK(mkdtemp(server->dir) != NULL);
    AUTO_ARENA arena = arena_create(4096);
    CHECK(mkdir(arena_format(arena, "%s/assets", server->dir).data, 0700) == 0);
    put_file(server, "index.html", "<!doctype html><p>sandbox</p>");
    put_file(server, "account.html", "<!doctype html><p>account</p>");
    put_file(server, "guest.css", "main{}");
    put_file(server, "icon.svg", "<svg/>");
    put_file(server, "assets/main-1a2b.js", "0;");
    put_file(server, ".hidden", "secret");
    server->planner.question = buffer_create(1 << 20);
    server->now_ms = 1000;
    struct web_config config = {
        .site = &api_site, .listen_fd = listen_somewhere(&server->port), .redirect_fd = -1, .challenge_fd = -1,
        .log_fd = open(server->dir, O_PATH | O_DIRECTORY | O_CLOEXEC),
        .public_url = slice_from(server->public_url), .hosts = LIT("spare.example"),
        .proxy = server->proxied ? LIT("192.0.2.1 127.0.0.1") : SLICE_NONE, .limits = limits, .sandbox = sandbox,
        .web_dir = server->dir, .ask = canned_ask, .ask_context = &server->planner};
    struct problem why;
    CHECK_OK(web_create(&config, &server->api, &why));
    server->planner.api = server->api;
    web_turn(server->api, server->now_ms);
}

static void server_begin(struct server *server, bool sandbox, bool proxied)
{
    server_open(server, sandbox, proxied, "http://t.example");
}

static void server_start(struct server *server, bool sandbox)
{
    server_begin(server, sandbox, false);
}

static void server_stop(struct server *server)
{
    static const char *const names[] = {"index.html", "account.html", "guest.css", "icon.svg",
                                        "assets/main-1a2b.js", ".hidden", "assets", ""};
    web_destroy(&server->api);
    buffer_destroy(&server->planner.question);
    AUTO_ARENA arena = arena_create(4096);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(remove(arena_format(arena, "%s/%s", server->dir, names[i]).data) == 0);
}

static int client_connect_from(const struct server *server, const char *from)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(server->port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in own = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(inet_pton(AF_INET, from, &own.sin_addr) == 1);
    CHECK(bind(fd, (struct sockaddr *)&own, sizeof own) == 0);
    CHECK(connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static int client_connect(const struct server *server)
{
    return client_connect_from(server, "127.0.0.1");
}

/* Writes what the socket takes, lets the server work, reads what comes, until the server
 * closes (true) or `turns` have passed. `step` bytes are written at a time. */
static bool client_talk(struct server *server, int fd, struct slice *left, size_t step,
                        unsigned turns, struct buffer *got)
{
    while (turns-- > 0) {
        size_t part = left->len < step ? left->len : step;
        ssize_t wrote = part > 0 ? send(fd, left->data, part, MSG_NOSIGNAL) : 0;
        if (wrote > 0)
            *left = slice_sub(*left, (size_t)wrote, left->len);
        web_turn(server->api, server->now_ms);
        char chunk[8192];
        ssize_t count = recv(fd, chunk, sizeof chunk, 0);
        if (count == 0)
            return true;
        if (count > 0)
            buffer_add(got, (struct slice){chunk, (size_t)count});
        else if (part == 0)
            poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 1);
    }
    return false;
}

static bool exchange_in(struct server *server, struct slice request, size_t step,
                        struct buffer *got)
{
    AUTO_FD fd = client_connect(server);
    buffer_clear(got);
    return client_talk(server, fd, &request, step, 400 + (unsigned)(request.len / step), got);
}

static bool exchange(struct server *server, const char *request, struct buffer *got)
{
    return exchange_in(server, slice_from(request), 65536, got);
}

/* "Content-Length: @" becomes the length of what follows the empty line. */
static inline struct slice with_length(const char *request, struct arena *arena)
{
    struct slice text = slice_from(request);
    size_t at = slice_find(text, LIT("Length: @"), 0), head = slice_find(text, LIT("\r\n\r\n"), 0);
    if (at == SIZE_MAX)
        return text;
    return arena_format(arena, "%.*s%zu%s", (int)(at + 8), request, text.len - head - 4,
                        request + at + 9);
}

static int status_of(const struct buffer *got)
{
    uint64_t status = 0;
    struct slice line = buffer_slice(got);
    if (!slice_starts(line, LIT("HTTP/1.1 ")) || !slice_to_u64(slice_sub(line, 9, 12), 999, &status))
        return -1;
    return (int)status;
}

#define END "Host: t.example\r\nConnection: close\r\n\r\n"

#endif
