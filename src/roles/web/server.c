/* libmicrohttpd on the role's loop: no thread of its own, one epoll descriptor. A request
 * that waits for the planner is suspended; the answer, or the deadline, resumes it. */
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/eventlog/eventlog.h"
#include "roles/web/request.h"
#include "roles/web/tls.h"

enum {
    REQUEST_ARENA_MAX = 8 * 1024 * 1024, /* a page or answer of 4 MB with room for escaping */
    ANSWER_BYTES_MAX = 4 * 1024 * 1024,
    OVERSIZE_FACTOR = 4, /* a body this much too long is cut off instead of answered */
    REFUSALS_LOGGED = 20, /* of ten seconds; the others are counted */
    REFUSALS_MS = 10 * 1000,
    SPARE_CONNECTIONS = 256, /* that were cut off, and libmicrohttpd has not noticed yet */
};

struct web {
    struct MHD_Daemon *daemon, *redirect_daemon; /* the second may be NULL */
    struct web_config config;
    struct clients *clients;
    struct redirect redirect;
    struct names names;
    struct arena *arena; /* of the static files and names */
    struct web_files files;
    struct request *waiting; /* newest first */
    size_t waiting_count;
    uint64_t last_ticket;
    int64_t now_ms;
    size_t bodies_bytes; /* of all requests */
    int64_t refusals_ms; /* since when they are counted */
    unsigned refusals;
    const char *authorities; /* PEM, as they were at the start */
    bool secure; /* public_url is https */
    bool tls;    /* that is our own, not a proxy's */
    bool held, leaving;
    struct web_counts counts;
    struct shared *shared;
    bool resumed; /* since the last turn: its descriptor need not become readable for that */
};

const struct web_files *web_pages(const struct web *web)
{
    return &web->files;
}

int web_log_folder(const struct web *web)
{
    return web->config.log_fd;
}

bool web_is_sandbox(const struct web *web)
{
    return web->config.sandbox;
}

struct slice web_public_url(const struct web *web)
{
    return web->config.public_url;
}

const struct web_config *web_settings(const struct web *web)
{
    return &web->config;
}

size_t web_waiting(const struct web *web)
{
    return web->waiting_count;
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
/* Two years (Mozilla's guideline). It counts over TLS only, ours or a proxy's. */
static const char strict_transport[] = "max-age=63072000";

static void add_cookies(struct request *request, struct MHD_Response *mhd)
{
    const struct cookie *const cookies[COOKIE_COUNT_] = {
        [COOKIE_SESSION] = &request->session,
        [COOKIE_FLOW] = &request->flow,
        [COOKIE_DEVICE] = &request->device,
    };
    for (int kind = 0; kind < COOKIE_COUNT_; kind++)
        if (cookies[kind]->set)
            add_header(mhd, "Set-Cookie",
                       cookie_format((enum cookie_kind)kind, cookies[kind], request->arena).data);
}

/* Those of a failure and of what is about accounts. */
static void add_account_headers(struct request *request, const struct response *response,
                                struct MHD_Response *mhd)
{
    add_cookies(request, mhd);
    if (response->authenticate != NULL)
        add_header(mhd, "WWW-Authenticate", response->authenticate);
    if (response->retry_after_s > 0)
        add_header(mhd, "Retry-After",
                   arena_format(request->arena, "%lld", (long long)response->retry_after_s).data);
    /* Cookies are cleared by name: the word would take those of neighbouring hosts too. */
    if (response->forget_site)
        add_header(mhd, "Clear-Site-Data", "\"cache\", \"storage\"");
}

static void add_headers(struct request *request, const struct response *response,
                        struct MHD_Response *mhd)
{
    for (size_t i = 0; i < sizeof security_headers / sizeof *security_headers; i++)
        add_header(mhd, security_headers[i].name, security_headers[i].value);
    bool page = request->route == NULL || (request->route->flags & ROUTE_PAGE) != 0;
    add_account_headers(request, response, mhd);
    add_header(mhd, "Content-Security-Policy", page ? policy_page : policy_app);
    add_header(mhd, "Cache-Control", response->cache != NULL ? response->cache : "no-store");
    if (request->web->secure)
        add_header(mhd, "Strict-Transport-Security", strict_transport);
    /* Whoever was misunderstood once would be misunderstood again. */
    if (request->refusal != NULL || request->web->leaving)
        add_header(mhd, "Connection", "close");
    if (response->type != NULL)
        add_header(mhd, "Content-Type", response->type);
    if (response->etag.len > 0)
        add_header(mhd, "ETag", arena_text(request->arena, response->etag));
    if (response->location.len > 0)
        add_header(mhd, "Location", arena_text(request->arena, response->location));
    if (response->allow != NULL)
        add_header(mhd, "Allow", response->allow);
    if (response->vary != NULL)
        add_header(mhd, "Vary", response->vary);
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

const struct web_counts *web_counts(const struct web *web)
{
    return &web->counts;
}

static enum MHD_Result queue(struct request *request, const struct response *response)
{
    count(request, response->status);
    /* MHD takes the body as writable but only reads it. It is static or in the request's
     * arena, which stays until all is sent (on_completed). */
    void *body = (void *)(uintptr_t)response->body.data;
    struct MHD_Response *mhd =
        MHD_create_response_from_buffer(response->body.len, body, MHD_RESPMEM_PERSISTENT);
    if (mhd == NULL)
        return MHD_NO;
    add_headers(request, response, mhd);
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

/* Requests */

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

static struct request *take_waiting(struct web *web, uint64_t ticket)
{
    for (struct request **at = &web->waiting; *at != NULL; at = &(*at)->next_waiting) {
        struct request *request = *at;
        if (request->ticket != ticket)
            continue;
        *at = request->next_waiting;
        web->waiting_count--;
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
    request->web->resumed = true;
    MHD_resume_connection(request->connection);
}

static void send_question(struct request *request)
{
    struct web *web = request->web;
    struct problem why = {0};
    uint64_t ticket = request->ticket;
    if (web->config.ask(web->config.ask_context, ticket, &request->question, &why) == ST_OK)
        return;
    request = take_waiting(web, ticket);
    if (request == NULL)
        return;
    answer_failed(request, ST_UNAVAILABLE, "whoever decides this cannot be reached");
    resume(request);
}

/* The connection is suspended already: the answer may come while `ask` runs. */
static void wait_for(struct request *request, const struct web_question *question)
{
    struct web *web = request->web;
    request->question = *question;
    request->ticket = ++web->last_ticket;
    request->next_waiting = web->waiting;
    web->waiting = request;
    web->waiting_count++;
    request->held = web->held;
    if (!web->held)
        send_question(request);
}

/* What needs somebody is asked of its peer once authd has said who. */
static void ask_who(struct request *request, const struct web_question *planned)
{
    struct web_question question = {
        .peer = WEB_AUTHD,
        .command = "session.check",
        .right = planned->right,
        .json = planned->json,
        .planned = planned->command,
        .credentials = request->credentials,
    };
    request->planned = *planned;
    wait_for(request, &question);
}

/* Who asks is known: what they wanted follows. */
static bool go_on(struct request *request, const struct web_answer *answer, const json_t *who)
{
    struct web_question next = request->planned;
    next.person = arena_copy(request->arena, json_text(who, "person"));
    next.assertion = arena_copy(request->arena, answer->assertion);
    if (next.person.len == 0 || next.assertion.len == 0)
        return false;
    request->planned = (struct web_question){.peer = WEB_NOBODY};
    wait_for(request, &next);
    return true;
}

/* The planner or logd has begun anew since authd spoke, or keyd has: authd says it once more. */
static bool ask_anew(struct request *request, const json_t *value)
{
    struct web_question question = request->question;
    if ((question.peer != WEB_PLANNER && question.peer != WEB_LOGD) || request->asked_anew ||
        !slice_equal(json_text(value, "code"), LIT("assertion")))
        return false;
    request->asked_anew = true;
    ask_who(request, &question);
    return true;
}

static void take_failure(struct request *request, enum status status, json_t *value)
{
    answer_failed(request, status, arena_text(request->arena, json_text(value, "detail")));
    if (request->question.peer != WEB_AUTHD && !request->web->config.site->codes)
        return;
    request->answer.code = arena_copy(request->arena, json_text(value, "code"));
    request->answer.retry_after_s = json_number(value, "retry_after_s", 0);
    request->answer.rules = json_object_get(value, "rules");
    request->answer_value = json_incref(value);
}

static void take_cookie(struct request *request, struct slice value, struct cookie *cookie)
{
    if (value.len > 0)
        *cookie = (struct cookie){true, arena_copy(request->arena, value)};
}

static void take_cookies(struct request *request, const struct web_answer *answer)
{
    if (request->question.peer != WEB_AUTHD)
        return;
    take_cookie(request, answer->session, &request->session);
    take_cookie(request, answer->flow, &request->flow);
    take_cookie(request, answer->device, &request->device);
}

void web_take(struct web *web, uint64_t ticket, const struct web_answer *answer)
{
    struct request *request = take_waiting(web, ticket);
    AUTO_JSON value = NULL;
    if (request == NULL)
        return;
    if (answer->json.len > ANSWER_BYTES_MAX || json_read(answer->json, &value, NULL) != ST_OK ||
        !json_is_object(value)) {
        answer_failed(request, ST_UNAVAILABLE, "the answer could not be read");
    } else if (answer->status != ST_OK) {
        if (ask_anew(request, value))
            return;
        take_failure(request, answer->status, value);
    } else if (request->planned.peer != WEB_NOBODY) {
        if (go_on(request, answer, value))
            return;
        answer_failed(request, ST_UNAVAILABLE, "the answer names nobody");
    } else {
        take_cookies(request, answer);
        request->answer_value = json_incref(value);
        request->answer = (struct answer){.json = arena_copy(request->arena, answer->json),
                                          .value = value};
    }
    resume(request);
}

void web_answer(struct web *web, uint64_t ticket, enum status status, struct slice json)
{
    web_take(web, ticket, &(struct web_answer){.status = status, .json = json});
}

void web_hold(struct web *web, bool held)
{
    struct request *next;
    web->held = held;
    for (struct request *r = web->waiting; r != NULL && !held; r = next) {
        next = r->next_waiting;
        bool late = r->held;
        r->held = false;
        if (late)
            send_question(r);
    }
}

size_t web_forget(struct web *web, struct slice person)
{
    size_t count = 0;
    struct request *next;
    for (struct request *r = web->waiting; r != NULL; r = next) {
        next = r->next_waiting;
        if (person.len == 0 || !slice_equal(r->question.person, person))
            continue;
        count++;
        (void)take_waiting(web, r->ticket);
        answer_failed(r, ST_DENIED, "the account has ended");
        r->answer.code = LIT("ended");
        resume(r);
    }
    return count;
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
        ask_who(request, &question);
    else
        wait_for(request, &question);
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

static void on_completed(void *context, struct MHD_Connection *connection, void **kept,
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

/* What libmicrohttpd wants to say about a peer is not for our log. */
static void keep_silent(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

/* Both daemons take connections from clients.c only. */
#define DAEMON_FLAGS                                                                               \
    MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG
#define DAEMON_OPTIONS(web)                                                                        \
    MHD_OPTION_EXTERNAL_LOGGER, keep_silent, NULL, /* first: it covers the others */               \
        MHD_OPTION_NOTIFY_CONNECTION, clients_notify, (web)->clients,                              \
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(web)->config.limits.connections + SPARE_CONNECTIONS, \
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)WEB_HEADER_BYTES_MAX * 2,                      \
        MHD_OPTION_STRICT_FOR_CLIENT, 1

static struct MHD_Daemon *start_pages(struct web *web)
{
    if (web->config.devices && web->tls) /* and tells them whose certificates count: browsers offer only those */
        return MHD_start_daemon(DAEMON_FLAGS | MHD_USE_TLS, 0, NULL, NULL, on_request, web, DAEMON_OPTIONS(web),
                                MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
                                MHD_OPTION_HTTPS_PRIORITIES, tls_priorities,
                                MHD_OPTION_HTTPS_MEM_TRUST, web->authorities,
                                MHD_OPTION_HTTPS_CERT_CALLBACK, tls_identity_get, MHD_OPTION_END);
    if (!web->tls)
        return MHD_start_daemon(DAEMON_FLAGS, 0, NULL, NULL, on_request, web, DAEMON_OPTIONS(web),
                                MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
    return MHD_start_daemon(DAEMON_FLAGS | MHD_USE_TLS, 0, NULL, NULL, on_request, web,
                            DAEMON_OPTIONS(web), MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
                            MHD_OPTION_HTTPS_PRIORITIES, tls_priorities,
                            MHD_OPTION_HTTPS_CERT_CALLBACK, tls_identity_get, MHD_OPTION_END);
}

static struct MHD_Daemon *start_redirect(struct web *web)
{
    return MHD_start_daemon(DAEMON_FLAGS, 0, NULL, NULL, redirect_request, &web->redirect,
                            DAEMON_OPTIONS(web), MHD_OPTION_URI_LOG_CALLBACK, redirect_begin, NULL,
                            MHD_OPTION_NOTIFY_COMPLETED, redirect_end, NULL, MHD_OPTION_END);
}

static enum status start(struct web *web, struct problem *why)
{
    const struct web_config *config = &web->config;
    TRY(guard_names(config->public_url, config->hosts, config->listen_fd, web->arena, &web->names,
                    why));
    web->redirect = (struct redirect){&web->names, config->public_url, config->challenge_fd, &web->leaving};
    web->secure = slice_starts(config->public_url, LIT("https://"));
    web->tls = config->identity.len > 0;
    if (config->devices)
        tls_clients_ask(&(struct tls_clients){true, config->networks, config->elsewhere, config->ask_context});
    if (web->tls)
        TRY(web_identity(web, config->identity, why));
    web->authorities = arena_text(web->arena, tls_authorities(config->identity));
    web->config.identity = SLICE_NONE; /* the caller wipes it */
    TRY(clients_create(config, &web->clients, why));
    web->daemon = start_pages(web);
    if (config->redirect_fd >= 0)
        web->redirect_daemon = start_redirect(web);
    if (web->daemon == NULL || (config->redirect_fd >= 0 && web->redirect_daemon == NULL))
        return problem_set(why, ST_UNAVAILABLE, "the HTTP server does not start");
    TRY(clients_listen(web->clients, config->listen_fd, web->daemon, why));
    if (config->redirect_fd >= 0)
        TRY(clients_listen(web->clients, config->redirect_fd, web->redirect_daemon, why));
    return config->waiting ? ST_OK : clients_open(web->clients, why);
}

enum status web_create(const struct web_config *config, struct web **out, struct problem *why)
{
    struct web *web = calloc(1, sizeof *web);
    if (web == NULL)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    web->config = *config;
    web->now_ms = clock_monotonic_ms();
    web->arena = arena_create(WEB_STATIC_BYTES_MAX * 2);
    web->shared = shared_create();
    zone_load_all();
    signal(SIGPIPE, SIG_IGN); /* GnuTLS writes without MSG_NOSIGNAL */
    enum status status = ST_OK;
    if (config->web_dir != NULL)
        status = web_files_load(config->web_dir, web->arena, &web->files, why);
    if (status == ST_OK)
        status = start(web, why);
    if (status != ST_OK) {
        web_destroy(&web);
        return status;
    }
    *out = web;
    return ST_OK;
}

enum status web_open(struct web *web, struct problem *why)
{
    return clients_open(web->clients, why);
}

void web_leave(struct web *web, int64_t idle_ms)
{
    web->leaving = true;
    clients_leave(web->clients, idle_ms);
}

size_t web_connections(const struct web *web)
{
    return clients_count(web->clients);
}

enum status web_identity(struct web *web, struct slice identity, struct problem *why)
{
    return tls_identity_set(identity, web->config.site->section, web->now_ms, web->config.limits.header_ms, why);
}

static void stop_daemon(struct MHD_Daemon *daemon)
{
    if (daemon == NULL)
        return;
    MHD_run(daemon);
    MHD_stop_daemon(daemon);
}

void web_destroy(struct web **web)
{
    struct web *gone = *web;
    *web = NULL;
    if (gone == NULL)
        return;
    /* A suspended connection would keep the daemon from stopping. */
    while (gone->waiting != NULL)
        web_answer(gone, gone->waiting->ticket, ST_UNAVAILABLE, LIT("{\"detail\":\"closing\"}"));
    stop_daemon(gone->daemon);
    stop_daemon(gone->redirect_daemon);
    clients_destroy(&gone->clients);
    if (gone->tls)
        tls_identity_drop();
    fd_close(&gone->config.listen_fd);
    fd_close(&gone->config.redirect_fd);
    fd_close(&gone->config.challenge_fd);
    fd_close(&gone->config.log_fd);
    arena_destroy(&gone->arena);
    shared_destroy(&gone->shared);
    free(gone);
}

int web_fd(const struct web *web)
{
    return clients_fd(web->clients);
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int64_t daemon_wait_ms(struct MHD_Daemon *daemon)
{
    MHD_UNSIGNED_LONG_LONG quiet;
    return daemon != NULL && MHD_get_timeout(daemon, &quiet) == MHD_YES ? (int64_t)quiet : -1;
}

int web_wait_ms(struct web *web, int64_t now_ms)
{
    if (web->resumed)
        return 0;
    int64_t wait = sooner(daemon_wait_ms(web->daemon), daemon_wait_ms(web->redirect_daemon));
    wait = sooner(wait, clients_wait_ms(web->clients, now_ms));
    for (const struct request *r = web->waiting; r != NULL; r = r->next_waiting) {
        int64_t left = r->asked_ms + WEB_ANSWER_MS - now_ms;
        wait = sooner(wait, left > 0 ? left : 0);
    }
    return wait > INT32_MAX ? INT32_MAX : (int)wait;
}

static void expire(struct web *web)
{
    struct request *next;
    for (struct request *r = web->waiting; r != NULL; r = next) {
        next = r->next_waiting;
        if (web->now_ms - r->asked_ms >= WEB_ANSWER_MS)
            web_answer(web, r->ticket, ST_UNAVAILABLE,
                       LIT("{\"detail\":\"whoever decides this does not answer\"}"));
    }
}

void web_turn(struct web *web, int64_t now_ms)
{
    web->now_ms = now_ms;
    expire(web);
    clients_turn(web->clients, now_ms);
    web->resumed = false;
    MHD_run(web->daemon);
    if (web->redirect_daemon != NULL)
        MHD_run(web->redirect_daemon);
}
