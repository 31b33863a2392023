/* HTTP around a witness: one thread, few connections, small requests. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/sandbox/sandbox.h"
#include "witness/witness.h"

enum {
    CONNECTIONS_MAX = 64,
    PER_ADDRESS_MAX = 16,
    SILENCE_SECONDS = 10,
    CONNECTION_BYTES = 32 * 1024,
    ARENA_BYTES = 1 << 20,
    TURN_MS = 500,
};

static volatile sig_atomic_t ending;

static void end(int number)
{
    (void)number;
    ending = 1;
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, const struct witness_answer *answer)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.len, (void *)(uintptr_t)answer->body.data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", answer->is_size ? "text/x.tlog.size" : "text/plain; charset=utf-8");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    enum MHD_Result result = MHD_queue_response(connection, answer->code, response);
    MHD_destroy_response(response);
    return result;
}

/* The body of one request. */
struct upload {
    struct buffer body;
};

static void completed(void *context, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode code)
{
    struct upload *upload = *state;
    (void)context, (void)connection, (void)code;
    if (upload == NULL)
        return;
    buffer_destroy(&upload->body);
    free(upload);
    *state = NULL;
}

static enum MHD_Result answer(struct witness *witness, struct MHD_Connection *connection, const char *url,
                              const char *method, const struct upload *upload)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    struct witness_answer found = {404, LIT("nothing here\n"), false};
    if (strcmp(url, "/add-checkpoint") == 0)
        found = strcmp(method, "POST") != 0
                    ? (struct witness_answer){405, LIT("only POST\n"), false}
                : upload->body.full ? (struct witness_answer){413, LIT("too long\n"), false}
                                    : witness_add_checkpoint(witness, buffer_slice(&upload->body), clock_now(), arena);
    return send_answer(connection, &found);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data, size_t *size,
                                  void **state)
{
    struct upload *upload = *state;
    (void)version;
    if (upload == NULL) {
        upload = must_calloc(1, sizeof *upload);
        upload->body = buffer_create(WITNESS_REQUEST_BYTES_MAX);
        *state = upload;
        return MHD_YES;
    }
    if (*size > 0) {
        buffer_add(&upload->body, (struct slice){data, *size}); /* past its maximum it is only `full` */
        *size = 0;
        return MHD_YES;
    }
    return answer(context, connection, url, method, upload);
}

/* "127.0.0.1:8701", "[::1]:8701". */
static enum status read_address(struct slice text, struct sockaddr_storage *out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4096);
    uint64_t port;
    size_t colon = text.len;
    while (colon > 0 && text.data[colon - 1] != ':')
        colon--;
    if (colon < 2 || text.len > 100 || !slice_to_u64(slice_sub(text, colon, text.len), 65535, &port) || port == 0)
        return problem_set(why, ST_INVALID, "--listen wants ADDRESS:PORT");
    struct slice host = slice_sub(text, 0, colon - 1);
    bool six = host.len > 2 && host.data[0] == '[' && host.data[host.len - 1] == ']';
    const char *name = arena_text(arena, six ? slice_sub(host, 1, host.len - 1) : host);
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    *out = (struct sockaddr_storage){0};
    if (six ? inet_pton(AF_INET6, name, &v6.sin6_addr) != 1 : inet_pton(AF_INET, name, &v4.sin_addr) != 1)
        return problem_set(why, ST_INVALID, "--listen wants a numeric address");
    if (six)
        memcpy(out, &v6, sizeof v6);
    else
        memcpy(out, &v4, sizeof v4);
    return ST_OK;
}

static enum status open_socket(struct slice listen_at, int *out, struct problem *why)
{
    struct sockaddr_storage address;
    int on = 1;
    TRY(read_address(listen_at, &address, why));
    AUTO_FD fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t len = address.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, (const struct sockaddr *)&address, len) < 0 || listen(fd, CONNECTIONS_MAX) < 0)
        return problem_errno(why, "--listen");
    *out = fd;
    fd = -1;
    return ST_OK;
}

enum status witness_serve(struct witness *witness, const char *folder, struct slice listen_at,
                          struct problem *why)
{
    int fd = -1;
    TRY(open_socket(listen_at, &fd, why));
    struct sigaction stop = {.sa_handler = end};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, on_request, witness,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)PER_ADDRESS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)SILENCE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_END);
    if (daemon == NULL) {
        close(fd);
        return problem_set(why, ST_UNAVAILABLE, "the HTTP server does not start");
    }
    struct sandbox_rules rules = {.may = MAY_ACCEPT | MAY_FILES, .paths = {{folder, SANDBOX_WRITE}},
                                  .memory_bytes_max = 256 << 20};
    enum status status = sandbox_enter(&rules, why);
    while (status == ST_OK && !ending)
        if (MHD_run_wait(daemon, TURN_MS) == MHD_NO)
            status = problem_set(why, ST_UNAVAILABLE, "the HTTP server fails");
    MHD_stop_daemon(daemon);
    return status;
}
