/* The plain listener: everything leads to the same path of public_url, but what an ACME
 * client has put there for its authority (RFC 8555 section 8.3). */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/web/request.h"

enum { URI_BYTES_MAX = 2048, TOKEN_BYTES_MAX = 128 };

static const char challenge_path[] = "/.well-known/acme-challenge/";

/* The path as it came: libmicrohttpd would hand it on decoded. */
void *redirect_begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    (void)context, (void)connection;
    return strndup(uri, URI_BYTES_MAX + 1);
}

void redirect_end(void *context, struct MHD_Connection *connection, void **kept,
                  enum MHD_RequestTerminationCode code)
{
    (void)context, (void)code;
    free(*kept);
    *kept = NULL;
    client_enter(connection, CLIENT_IDLE);
}

static enum MHD_Result respond(const struct redirect *redirect, struct MHD_Connection *connection,
                               unsigned http, struct slice body, const char *location)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    bool good = MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8") &&
                MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") &&
                (location == NULL || MHD_add_response_header(response, "Location", location)) &&
                (!*redirect->leaving || MHD_add_response_header(response, "Connection", "close"));
    client_enter(connection, CLIENT_ANSWER);
    enum MHD_Result queued = good ? MHD_queue_response(connection, http, response) : MHD_NO;
    MHD_destroy_response(response);
    return queued;
}

/* RFC 8555 section 8.1: base64url. So nothing leads out of the folder. */
static bool is_token(struct slice token)
{
    if (token.len == 0 || token.len > TOKEN_BYTES_MAX)
        return false;
    for (size_t i = 0; i < token.len; i++)
        if (!ascii_is_alpha(token.data[i]) && !ascii_is_digit(token.data[i]) &&
            token.data[i] != '-' && token.data[i] != '_')
            return false;
    return true;
}

static enum status read_challenge(int folder, struct slice token, struct arena *arena,
                                  struct slice *out, struct problem *why)
{
    if (folder < 0 || !is_token(token))
        return ST_NOT_FOUND;
    AUTO_FD fd = openat(folder, arena_text(arena, token),
                        O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) < 0 || !S_ISREG(about.st_mode))
        return ST_NOT_FOUND;
    return fd_read_all(fd, WEB_CHALLENGE_BYTES_MAX, arena, out, why);
}

static enum MHD_Result answer_challenge(const struct redirect *redirect,
                                        struct MHD_Connection *connection, struct slice token)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct slice body;
    struct problem why;
    if (read_challenge(redirect->challenge_fd, token, arena, &body, &why) != ST_OK)
        return respond(redirect, connection, MHD_HTTP_NOT_FOUND, LIT("not found\n"), NULL);
    return respond(redirect, connection, MHD_HTTP_OK, body, NULL);
}

/* A method with a body is not led on: what was in it has been read by the network already. */
static enum MHD_Result lead_on(const struct redirect *redirect, struct MHD_Connection *connection,
                               const char *method, struct slice uri)
{
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return respond(redirect, connection, MHD_HTTP_FORBIDDEN, LIT("https only\n"), NULL);
    if (uri.len > URI_BYTES_MAX || !slice_starts(uri, LIT("/")))
        uri = LIT("/");
    AUTO_ARENA arena = arena_create(1 << 14);
    const char *location =
        arena_format(arena, "%.*s%.*s", SLICE_ARG(redirect->public_url), SLICE_ARG(uri)).data;
    return respond(redirect, connection, MHD_HTTP_MOVED_PERMANENTLY, LIT("https only\n"), location);
}

enum MHD_Result redirect_request(void *context, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *size, void **kept)
{
    const struct redirect *redirect = context;
    unsigned http;
    (void)url, (void)version, (void)data;
    if (*kept == NULL)
        return MHD_NO;
    const char *wrong = guard_check(redirect->names, connection, &http);
    if (wrong != NULL)
        return respond(redirect, connection, http, slice_from(wrong), NULL);
    *size = 0;
    struct slice uri = slice_from(*kept);
    struct slice prefix = slice_from(challenge_path);
    if (slice_starts(uri, prefix))
        return answer_challenge(redirect, connection, slice_sub(uri, prefix.len, uri.len));
    return lead_on(redirect, connection, method, uri);
}
