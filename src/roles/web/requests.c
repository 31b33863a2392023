/* One request, from its first line to what is answered: who may ask, what is asked of whom, and how
 * it is refused. */
#include <stdlib.h>

#include "base/eventlog/eventlog.h"
#include "roles/web/internal.h"
#include "roles/web/tls.h"

enum {
    REQUEST_ARENA_MAX = 8 * 1024 * 1024, /* a page or answer of 4 MB with room for escaping */
    OVERSIZE_FACTOR = 4, /* a body this much too long is cut off instead of answered */
    REFUSALS_LOGGED = 20, /* of ten seconds; the others are counted */
    REFUSALS_MS = 10 * 1000,
};

struct slice request_header(const struct request *request, const char *name)
{
    return slice_from(MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name));
}

struct slice request_query(const struct request *request, const char *name)
{
    return slice_from(
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name));
}

static void forget_body(struct request *request)
{
    request->web->bodies_bytes -= request->body.len;
    buffer_wipe(&request->body);
}

static void count(struct request *request, unsigned status)
{
    struct web *web = request->web;
    size_t class = status / 100;
    if (class < sizeof web->counts.answered / sizeof *web->counts.answered)
        web->counts.answered[class]++;
    if (request->asked_ms != 0)
        histogram_add(&web->counts.time, (clock_monotonic_ms() - request->asked_ms) * 1000);
}

static enum MHD_Result queue(struct request *request, const struct response *response)
{
    count(request, response->status);
    /* MHD takes the body as writable but only reads it. It is static or in the request's
     * arena, which stays until all is sent (request_end). */
    void *body = (void *)(uintptr_t)response->body.data;
    struct MHD_Response *mhd =
        MHD_create_response_from_buffer(response->body.len, body, MHD_RESPMEM_PERSISTENT);
    if (mhd == NULL)
        return MHD_NO;
    headers_add(request, response, mhd);
    request->stage = REQUEST_ANSWERED;
    client_enter(request->connection, CLIENT_ANSWER);
    json_release(&request->answer_value);
    forget_body(request);
    enum MHD_Result queued = MHD_queue_response(request->connection, response->status, mhd);
    MHD_destroy_response(mhd);
    return queued;
}

/* A stranger who asks for nothing a thousand times a second does not fill the log. */
static void log_refusal(struct web *web, const struct route *route, const struct problem *why)
{
    if (web->now_ms - web->refusals_ms >= REFUSALS_MS) {
        if (web->refusals > REFUSALS_LOGGED)
            event_log(EVENT_HTTP_REFUSED, field_text(KEY_ROUTE, "others"),
                      field_number(KEY_COUNT, web->refusals - REFUSALS_LOGGED));
        web->refusals_ms = web->now_ms;
        web->refusals = 0;
    }
    if (web->refusals++ < REFUSALS_LOGGED)
        event_log(EVENT_HTTP_REFUSED, field_text(KEY_ROUTE, route != NULL ? route->pattern : "none"),
                  field_status(why->status), field_problem(why));
}

static enum MHD_Result refuse(struct request *request, unsigned http, const struct problem *why)
{
    struct response response;
    log_refusal(request->web, request->route, why);
    unsigned flags = request->route != NULL ? request->route->flags : 0;
    /* A session that is none any more need not come along again. */
    if (http == MHD_HTTP_UNAUTHORIZED && request->credentials.session.len > 0 && (flags & ROUTE_QUIET) == 0)
        request->session = (struct cookie){.set = true};
    if ((flags & ROUTE_PAGE) != 0) {
        request->web->config.site->page_problem(request, http, &response);
        response.authenticate = credentials_wanted(request, http);
    } else if ((flags & ROUTE_LEADS) != 0)
        (void)request->web->config.site->lead(request, NULL, &response, NULL);
    else
        problem_respond(request, http, why->status, why->detail, &response);
    return queue(request, &response);
}

static enum MHD_Result reply(struct request *request)
{
    struct response response;
    struct problem why = {0};
    const struct answer *answer = request->stage == REQUEST_WAITING ? &request->answer : NULL;
    enum status status = request->route->reply(request, answer, &response, &why);
    if (status != ST_OK)
        return refuse(request, http_status(status), &why);
    if ((request->route->flags & ROUTE_SHARED) != 0)
        shared_keep(request->web->shared, request, request->web->now_ms, &response);
    return queue(request, &response);
}

/* What somebody else was shown a moment ago, nobody is asked for again. */
static bool is_shared(struct request *request, struct response *response)
{
    return (request->route->flags & ROUTE_SHARED) != 0 &&
           shared_find(request->web->shared, request, request->web->now_ms, response);
}

/* A scraper beside the service. Where a proxy stands in front it says whose address it is (PROXY), or
 * every address would be of this machine: then the setting is not for this installation. */
static bool is_loopback(const struct request *request)
{
    struct slice address = client_address(request->connection, request->arena);
    return request->web->config.metrics_loopback && (request->route->flags & ROUTE_LOOPBACK) != 0 &&
           (slice_starts(address, LIT("127.")) || slice_equal(address, LIT("::1")));
}

static enum MHD_Result ask(struct request *request, const json_t *body)
{
    const struct route *route = request->route;
    struct web_question question = {.peer = route->peer, .command = route->command,
                                    .right = access_right_name(route->right),
                                    .json = json_write(body, request->arena)};
    question.credentials = request->credentials;
    request->asked_ms = request->web->now_ms;
    request->stage = REQUEST_WAITING;
    client_enter(request->connection, CLIENT_WAITING);
    MHD_suspend_connection(request->connection);
    if (route->peer != WEB_AUTHD && route->needs >= NEEDS_SESSION && !is_loopback(request))
        question_ask_who(request, &question);
    else
        question_ask(request, &question);
    return MHD_YES;
}

/* The certificate that the connection was made with. */
static enum status read_certificate(struct request *request, struct problem *why)
{
    const struct web_config *config = &request->web->config;
    unsigned char digest[TLS_DIGEST_BYTES];
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    gnutls_session_t session = info != NULL ? info->tls_session : NULL;
    bool shown = session != NULL && tls_client_shown(session, digest);
    AUTO_BUFFER hex = buffer_create(2 * TLS_DIGEST_BYTES);
    if (shown)
        hex_encode((struct slice){(const char *)digest, sizeof digest}, &hex);
    if (shown && tls_client_digest(session, digest)) {
        request->credentials.certificate = arena_copy(request->arena, buffer_slice(&hex));
        return ST_OK;
    }
    if (config->stranger != NULL)
        config->stranger(config->ask_context, buffer_slice(&hex));
    request->answer.code = LIT("device");
    return problem_set(why, ST_DENIED, "only a device that is enrolled may come here");
}

/* Whether the request may be read at all: who asks, and from where. */
static enum status admit(struct request *request, struct problem *why)
{
    const struct route *route = request->route;
    if (request->web->config.devices)
        TRY(read_certificate(request, why));
    bool reads = slice_equal(slice_from(route->method), LIT("GET"));
    if ((route->peer != WEB_AUTHD && route->needs < NEEDS_SESSION) || is_loopback(request))
        return ST_OK;
    TRY(credentials_read(request, why));
    if (reads || (route->flags & ROUTE_FOREIGN) != 0 || request->credentials.token.len > 0)
        return ST_OK;
    return origin_check(request, "application/json", true, why);
}

/* A guest's form is small. */
static size_t body_bytes_max(const struct request *request)
{
    bool page = request->route != NULL && (request->route->flags & ROUTE_PAGE) != 0;
    return page ? HTTP_FORM_BYTES_MAX : WEB_BODY_BYTES_MAX;
}

static enum MHD_Result refuse_path(struct request *request)
{
    struct problem why = {0};
    if (request->allow == NULL) {
        problem_set(&why, ST_NOT_FOUND, "there is nothing at this path");
        return refuse(request, MHD_HTTP_NOT_FOUND, &why);
    }
    problem_set(&why, ST_INVALID, "this path has no such method");
    return refuse(request, MHD_HTTP_METHOD_NOT_ALLOWED, &why);
}

static enum MHD_Result refuse_as(struct request *request, enum status status,
                                 const struct problem *why)
{
    request->answer.status = status;
    return refuse(request, status == ST_DENIED ? http_of_denial(&request->answer) : http_status(status),
                  why);
}

/* All of the request is there. */
static enum MHD_Result begin(struct request *request)
{
    struct problem why = {0};
    if (request->refusal != NULL) {
        problem_set(&why, ST_INVALID, "%s", request->refusal);
        return refuse(request, request->refusal_http, &why);
    }
    if (request->route == NULL)
        return refuse_path(request);
    if (request->oversized || request->body.full) {
        problem_set(&why, ST_LIMIT, "a body may have %zu bytes", body_bytes_max(request));
        return refuse(request, MHD_HTTP_CONTENT_TOO_LARGE, &why);
    }
    enum status status = admit(request, &why);
    if (status != ST_OK)
        return refuse_as(request, status, &why);
    if (request->route->ask == NULL)
        return reply(request);
    struct response shared;
    if (is_shared(request, &shared))
        return queue(request, &shared);
    AUTO_JSON question = NULL;
    status = request->route->ask(request, &question, &why);
    if (status != ST_OK)
        return refuse_as(request, status, &why);
    return ask(request, question);
}

static enum MHD_Result finish(struct request *request)
{
    const struct answer *answer = &request->answer;
    unsigned flags = request->route->flags;
    /* A page says itself what a conflict means, and what leads on does so in any case. */
    if (answer->status == ST_OK || (flags & ROUTE_LEADS) != 0 ||
        (answer->status == ST_CONFLICT && (flags & ROUTE_PAGE) != 0))
        return reply(request);
    struct problem why;
    problem_set(&why, answer->status, "%.*s", SLICE_ARG(answer->json));
    bool authd = request->question.peer == WEB_AUTHD || answer->code.len > 0;
    return refuse(request, authd ? http_of_denial(answer) : http_status(answer->status), &why);
}

static struct request *request_create(struct web *web, struct MHD_Connection *connection,
                                      const char *url, const char *method)
{
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL)
        return NULL;
    request->web = web;
    request->connection = connection;
    request->arena = arena_create_wiped(REQUEST_ARENA_MAX);
    request->refusal = guard_check(&web->names, connection, &request->refusal_http);
    request->method = arena_text(request->arena, slice_from(method));
    request->path = arena_copy(request->arena, slice_from(url));
    if (route_find(web->config.site, request->method, request->path, web->config.sandbox, request->arena,
                   &request->route, request->values, &request->allow) != ST_OK)
        request->route = NULL;
    request->body = buffer_create(body_bytes_max(request));
    uint64_t length = 0;
    struct slice declared = request_header(request, "Content-Length");
    request->oversized = declared.len > 0 &&
                         (!slice_to_u64(declared, UINT64_MAX, &length) ||
                          length > body_bytes_max(request));
    return request;
}

static void request_destroy(struct request *request)
{
    json_release(&request->answer_value);
    forget_body(request);
    arena_destroy(&request->arena);
    free(request);
}

/* What is too long, and what comes when all bodies together are, is read and forgotten. */
static enum MHD_Result take_body(struct request *request, const char *data, size_t *size)
{
    struct web *web = request->web;
    request->received += *size;
    if (web->bodies_bytes + *size > WEB_BODIES_BYTES_MAX)
        request->oversized = true;
    if (!request->oversized) {
        size_t before = request->body.len;
        buffer_add(&request->body, (struct slice){data, *size});
        web->bodies_bytes += request->body.len - before;
        request->oversized = request->body.full;
    }
    if (request->oversized)
        forget_body(request);
    *size = 0;
    return request->received > OVERSIZE_FACTOR * body_bytes_max(request) ? MHD_NO : MHD_YES;
}

enum MHD_Result request_take(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *data, size_t *size,
                             void **kept)
{
    (void)version;
    struct request *request = *kept;
    if (request == NULL) {
        request = request_create(context, connection, url, method);
        *kept = request;
        if (request == NULL)
            return MHD_NO;
        client_enter(connection, CLIENT_BODY);
        /* Answered at once, a body that is too long is not read at all. */
        return request->oversized || request->refusal != NULL ? begin(request) : MHD_YES;
    }
    if (*size > 0)
        return take_body(request, data, size);
    if (request->stage == REQUEST_READING)
        return begin(request);
    return request->stage == REQUEST_WAITING ? finish(request) : MHD_YES;
}

void request_end(void *context, struct MHD_Connection *connection, void **kept,
                 enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)code;
    client_enter(connection, CLIENT_IDLE);
    if (*kept == NULL)
        return;
    request_destroy(*kept);
    *kept = NULL;
}
