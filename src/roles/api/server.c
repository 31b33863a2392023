/* libmicrohttpd on the role's loop: no thread of its own, one epoll descriptor. A request
 * that waits for the planner is suspended; the answer, or the deadline, resumes it. */
#include <assert.h>
#include <stdlib.h>

#include "base/eventlog/eventlog.h"
#include "roles/api/internal.h"

enum {
    REQUEST_ARENA_MAX = 8 * 1024 * 1024, /* a page or answer of 4 MB with room for escaping */
    ANSWER_BYTES_MAX = 4 * 1024 * 1024,
    OVERSIZE_FACTOR = 4, /* a body this much too long is cut off instead of answered */
};

struct api {
    struct MHD_Daemon *daemon;
    struct api_config config;
    struct arena *arena; /* of the static files */
    struct web_files files;
    struct request *waiting; /* newest first */
    size_t waiting_count;
    uint64_t last_ticket;
    int64_t now_ms;
    int epoll_fd;
    bool resumed; /* since the last turn: its descriptor need not become readable for that */
};

const struct web_files *api_files(const struct api *api)
{
    return &api->files;
}

bool api_is_sandbox(const struct api *api)
{
    return api->config.sandbox;
}

size_t api_waiting(const struct api *api)
{
    return api->waiting_count;
}

struct slice request_header(const struct request *request, const char *name)
{
    return slice_from(MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name));
}

struct slice request_query(const struct request *request, const char *name)
{
    return slice_from(
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name));
}

/* Responses */

#define POLICY_COMMON "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
/* The sandbox page has a script; a guest page never. */
static const char policy_app[] = "default-src 'none'; script-src 'self'; style-src 'self'; "
                                 "img-src 'self'; connect-src 'self'; " POLICY_COMMON;
static const char policy_page[] = "default-src 'none'; style-src 'self'; img-src 'self'; " POLICY_COMMON;

static void add_header(struct MHD_Response *mhd, const char *name, const char *value)
{
    enum MHD_Result added = MHD_add_response_header(mhd, name, value);
    assert(added == MHD_YES);
    (void)added;
}

static const struct {
    const char *name, *value;
} security_headers[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
    {"X-Robots-Tag", "noindex, nofollow"},
};

static void add_headers(struct request *request, const struct response *response,
                        struct MHD_Response *mhd)
{
    for (size_t i = 0; i < sizeof security_headers / sizeof *security_headers; i++)
        add_header(mhd, security_headers[i].name, security_headers[i].value);
    bool page = request->route == NULL || request->route->page;
    add_header(mhd, "Content-Security-Policy", page ? policy_page : policy_app);
    add_header(mhd, "Cache-Control", response->cache != NULL ? response->cache : "no-store");
    if (response->type != NULL)
        add_header(mhd, "Content-Type", response->type);
    if (response->etag.len > 0)
        add_header(mhd, "ETag", arena_text(request->arena, response->etag));
    if (response->location.len > 0)
        add_header(mhd, "Location", arena_text(request->arena, response->location));
    if (response->allow != NULL)
        add_header(mhd, "Allow", response->allow);
}

static enum MHD_Result queue(struct request *request, const struct response *response)
{
    /* MHD takes the body as writable but only reads it in these two modes. */
    void *body = (void *)(uintptr_t)response->body.data;
    struct MHD_Response *mhd = MHD_create_response_from_buffer(
        response->body.len, body,
        response->body_is_static ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
    if (mhd == NULL)
        return MHD_NO;
    add_headers(request, response, mhd);
    request->stage = REQUEST_ANSWERED;
    enum MHD_Result queued = MHD_queue_response(request->connection, response->status, mhd);
    MHD_destroy_response(mhd);
    return queued;
}

static enum MHD_Result refuse(struct request *request, unsigned http, const struct problem *why)
{
    struct response response;
    event_log(EVENT_HTTP_REFUSED,
              field_text(KEY_ROUTE, request->route != NULL ? request->route->pattern : "none"),
              field_status(why->status), field_problem(why));
    if (request->route != NULL && request->route->page)
        page_problem(request, http, &response);
    else
        problem_respond(request, http, why->status, why->detail, &response);
    return queue(request, &response);
}

/* Requests */

static enum MHD_Result reply(struct request *request)
{
    struct response response;
    struct problem why = {0};
    const struct answer *answer = request->stage == REQUEST_WAITING ? &request->answer : NULL;
    enum status status = request->route->reply(request, answer, &response, &why);
    if (status != ST_OK)
        return refuse(request, http_status(status), &why);
    return queue(request, &response);
}

static struct request *take_waiting(struct api *api, uint64_t ticket)
{
    for (struct request **at = &api->waiting; *at != NULL; at = &(*at)->next_waiting) {
        struct request *request = *at;
        if (request->ticket != ticket)
            continue;
        *at = request->next_waiting;
        api->waiting_count--;
        return request;
    }
    return NULL;
}

static void answer_failed(struct request *request, enum status status, const char *detail)
{
    request->answer = (struct answer){.status = status};
    request->answer.json = arena_copy(request->arena, slice_from(detail));
}

static void resume(struct request *request)
{
    request->api->resumed = true;
    MHD_resume_connection(request->connection);
}

void api_answer(struct api *api, uint64_t ticket, enum status status, struct slice json)
{
    struct request *request = take_waiting(api, ticket);
    if (request == NULL)
        return;
    json_t *value = NULL;
    if (json.len > ANSWER_BYTES_MAX || json_read(json, &value, NULL) != ST_OK ||
        !json_is_object(value)) {
        json_release(&value);
        answer_failed(request, ST_UNAVAILABLE, "the answer could not be read");
    } else if (status != ST_OK) {
        answer_failed(request, status, arena_text(request->arena, json_text(value, "detail")));
        json_release(&value);
    } else {
        request->answer_value = value;
        request->answer = (struct answer){ST_OK, arena_copy(request->arena, json), value};
    }
    resume(request);
}

/* Suspends first: the answer may come while `ask` runs. */
static enum MHD_Result ask(struct request *request, const char *command, const json_t *question)
{
    struct api *api = request->api;
    struct problem why = {0};
    uint64_t ticket = ++api->last_ticket;
    request->ticket = ticket;
    request->asked_ms = api->now_ms;
    request->stage = REQUEST_WAITING;
    request->next_waiting = api->waiting;
    api->waiting = request;
    api->waiting_count++;
    MHD_suspend_connection(request->connection);
    struct slice json = json_write(question, request->arena);
    if (api->config.ask(api->config.ask_context, ticket, command, json, &why) == ST_OK)
        return MHD_YES;
    request = take_waiting(api, ticket);
    if (request != NULL) {
        answer_failed(request, ST_UNAVAILABLE, "the planner cannot be reached");
        resume(request);
    }
    return MHD_YES;
}

/* All of the request is there. */
static enum MHD_Result begin(struct request *request)
{
    struct problem why = {0};
    if (request->route == NULL) {
        if (request->allow != NULL) {
            problem_set(&why, ST_INVALID, "this path has no such method");
            return refuse(request, MHD_HTTP_METHOD_NOT_ALLOWED, &why);
        }
        problem_set(&why, ST_NOT_FOUND, "there is nothing at this path");
        return refuse(request, MHD_HTTP_NOT_FOUND, &why);
    }
    if (request->oversized || request->body.full) {
        problem_set(&why, ST_LIMIT, "a body may have %d bytes", API_BODY_BYTES_MAX);
        return refuse(request, MHD_HTTP_CONTENT_TOO_LARGE, &why);
    }
    if (request->route->ask == NULL)
        return reply(request);
    const char *command = NULL;
    AUTO_JSON question = NULL;
    enum status status = request->route->ask(request, &command, &question, &why);
    if (status != ST_OK)
        return refuse(request, http_status(status), &why);
    return ask(request, command, question);
}

static enum MHD_Result finish(struct request *request)
{
    enum status status = request->answer.status;
    /* A page says itself what a conflict means. */
    if (status == ST_OK || (status == ST_CONFLICT && request->route->page))
        return reply(request);
    struct problem why;
    problem_set(&why, status, "%.*s", SLICE_ARG(request->answer.json));
    return refuse(request, http_status(status), &why);
}

static struct request *request_create(struct api *api, struct MHD_Connection *connection,
                                      const char *url, const char *method)
{
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL)
        return NULL;
    request->api = api;
    request->connection = connection;
    request->arena = arena_create_wiped(REQUEST_ARENA_MAX);
    request->body = buffer_create(API_BODY_BYTES_MAX);
    request->method = arena_text(request->arena, slice_from(method));
    request->path = arena_copy(request->arena, slice_from(url));
    if (route_find(request->method, request->path, api->config.sandbox, &request->route,
                   request->values, &request->allow) != ST_OK)
        request->route = NULL;
    uint64_t length = 0;
    struct slice declared = request_header(request, "Content-Length");
    request->oversized = declared.len > 0 &&
                         (!slice_to_u64(declared, UINT64_MAX, &length) ||
                          length > API_BODY_BYTES_MAX);
    return request;
}

static void request_destroy(struct request *request)
{
    json_release(&request->answer_value);
    buffer_wipe(&request->body);
    arena_destroy(&request->arena);
    free(request);
}

static enum MHD_Result take_body(struct request *request, const char *data, size_t *size)
{
    buffer_add(&request->body, (struct slice){data, *size});
    if (request->body.full)
        request->oversized = true;
    request->received += *size;
    *size = 0;
    return request->received > (size_t)OVERSIZE_FACTOR * API_BODY_BYTES_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *url, const char *method, const char *version,
                                  const char *data, size_t *size, void **kept)
{
    (void)version;
    struct request *request = *kept;
    if (request == NULL) {
        request = request_create(context, connection, url, method);
        *kept = request;
        if (request == NULL)
            return MHD_NO;
        /* Answered at once, a body that is too long is not read at all. */
        return request->oversized ? begin(request) : MHD_YES;
    }
    if (*size > 0)
        return take_body(request, data, size);
    if (request->stage == REQUEST_READING)
        return begin(request);
    return request->stage == REQUEST_WAITING ? finish(request) : MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **kept,
                         enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    if (*kept == NULL)
        return;
    request_destroy(*kept);
    *kept = NULL;
}

/* What libmicrohttpd wants to say about a peer is not for our log. */
static void keep_silent(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

static enum status start(struct api *api, struct problem *why)
{
    const struct api_config *config = &api->config;
    unsigned per_address =
        config->per_address > 0 ? config->per_address : API_CONNECTIONS_PER_ADDRESS_MAX;
    api->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request,
        api, MHD_OPTION_EXTERNAL_LOGGER, keep_silent, NULL, /* first: it covers the others */
        MHD_OPTION_LISTEN_SOCKET, config->listen_fd,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)API_CONNECTIONS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)API_SILENCE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)API_HEADER_BYTES_MAX * 2,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (api->daemon == NULL)
        return problem_set(why, ST_UNAVAILABLE, "the HTTP server does not start");
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(api->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    assert(info != NULL);
    api->epoll_fd = info->epoll_fd;
    return ST_OK;
}

enum status api_create(const struct api_config *config, struct api **out, struct problem *why)
{
    struct api *api = calloc(1, sizeof *api);
    if (api == NULL)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    api->config = *config;
    api->now_ms = clock_monotonic_ms();
    api->arena = arena_create(API_STATIC_BYTES_MAX * 2);
    zone_load_all();
    enum status status = ST_OK;
    if (config->web_dir != NULL)
        status = web_files_load(config->web_dir, api->arena, &api->files, why);
    if (status == ST_OK)
        status = start(api, why);
    if (status != ST_OK) {
        api_destroy(&api);
        return status;
    }
    *out = api;
    return ST_OK;
}

void api_destroy(struct api **api)
{
    struct api *gone = *api;
    *api = NULL;
    if (gone == NULL)
        return;
    /* A suspended connection would keep the daemon from stopping. */
    while (gone->waiting != NULL)
        api_answer(gone, gone->waiting->ticket, ST_UNAVAILABLE, LIT("{\"detail\":\"closing\"}"));
    if (gone->daemon != NULL) {
        MHD_run(gone->daemon);
        MHD_stop_daemon(gone->daemon);
    }
    arena_destroy(&gone->arena);
    free(gone);
}

int api_fd(const struct api *api)
{
    return api->epoll_fd;
}

int api_wait_ms(struct api *api, int64_t now_ms)
{
    int64_t wait = -1;
    if (api->resumed)
        return 0;
    MHD_UNSIGNED_LONG_LONG quiet;
    if (MHD_get_timeout(api->daemon, &quiet) == MHD_YES)
        wait = (int64_t)quiet;
    for (const struct request *r = api->waiting; r != NULL; r = r->next_waiting) {
        int64_t left = r->asked_ms + API_ANSWER_MS - now_ms;
        if (wait < 0 || left < wait)
            wait = left > 0 ? left : 0;
    }
    return wait > INT32_MAX ? INT32_MAX : (int)wait;
}

static void expire(struct api *api)
{
    struct request *next;
    for (struct request *r = api->waiting; r != NULL; r = next) {
        next = r->next_waiting;
        if (api->now_ms - r->asked_ms >= API_ANSWER_MS)
            api_answer(api, r->ticket, ST_UNAVAILABLE,
                       LIT("{\"detail\":\"the planner does not answer\"}"));
    }
}

void api_turn(struct api *api, int64_t now_ms)
{
    api->now_ms = now_ms;
    expire(api);
    api->resumed = false;
    MHD_run(api->daemon);
}
