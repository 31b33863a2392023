/* The server's process: what the roles api and console have in common. */
#include "roles/web/service.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    IDENTITY_BYTES_MAX = 256 * 1024,
    DESCRIPTORS_BESIDE = 320, /* channels, listeners, connections that are being cut off */
    STOP_IDLE_MS = 300,       /* at the end: whoever is about to ask still may */
};

/* A question that its peer has not answered. */
struct question {
    struct ipc_channel *channel;
    uint32_t call;
    uint64_t ticket;
    web_answered_fn *fn;
    void *context;
};

struct web_service {
    struct role *role;
    struct web *web;
    struct loop_watch *watch;
    struct loop_timer *timer;
    struct question questions[WEB_CONNECTIONS_MAX];
    size_t question_count;
    bool open, held, leaving; /* open: it was waiting, and is no more */
    bool replaced; /* another one serves already: there is time */
};

struct web *web_service_server(const struct web_service *service)
{
    return service->web;
}

struct command web_command_of(const struct web_question *question)
{
    static const struct web_credentials none;
    const struct web_credentials *given = question->peer == WEB_AUTHD ? &question->credentials : &none;
    return (struct command){
        .name = slice_from(question->command),
        .json = question->json,
        .credentials = {.session = given->session, .token = given->token, .flow = given->flow,
                        .device = given->device, .address = given->address, .agent = given->agent,
                        .certificate = given->certificate},
        .right = question->peer == WEB_AUTHD ? slice_from(question->right) : SLICE_NONE,
        .planned = slice_from(question->planned),
        .assertion = question->assertion,
    };
}

static const enum role_id peer_roles[] = {
    [WEB_PLANNER] = ROLE_PLANNER, [WEB_AUTHD] = ROLE_AUTHD, [WEB_LOGD] = ROLE_LOGD, [WEB_TRUST] = ROLE_TRUST,
};

enum status web_service_call(struct web_service *service, enum role_id peer, enum message message,
                             const void *object, uint64_t ticket, web_answered_fn *fn, void *context,
                             struct problem *why)
{
    struct question *kept = &service->questions[service->question_count];
    if (service->question_count == WEB_CONNECTIONS_MAX)
        return problem_set(why, ST_LIMIT, "too many questions wait");
    *kept = (struct question){.channel = role_channel(service->role, peer), .ticket = ticket, .fn = fn, .context = context};
    TRY(ipc_ask(kept->channel, message, object, &kept->call, why));
    service->question_count++;
    return ST_OK;
}

void web_service_pass(struct web_service *service, uint64_t ticket, const struct answer *answer)
{
    if (answer == NULL)
        web_answer(service->web, ticket, ST_UNAVAILABLE, LIT("{\"detail\":\"whoever decides this was restarted\"}"));
    else
        web_take(service->web, ticket, &(struct web_answer){answer->status, answer->json, answer->session, answer->flow,
                                                            answer->device, answer->assertion});
}

static void pass_on(void *context, uint64_t ticket, const void *answer, const struct moment *at)
{
    (void)at;
    web_service_pass(context, ticket, answer);
}

enum status web_service_ask(void *context, uint64_t ticket, const struct web_question *question, struct problem *why)
{
    struct command command = web_command_of(question);
    return web_service_call(context, peer_roles[question->peer], MESSAGE_COMMAND, &command, ticket, pass_on, context,
                            why);
}

void web_service_serve(struct web_service *service, const struct moment *at)
{
    web_turn(service->web, at->clock.ms);
    if (service->leaving && web_connections(service->web) == 0)
        role_stop(service->role);
    int wait = web_wait_ms(service->web, at->clock.ms);
    if (wait < 0)
        loop_timer_stop(service->timer);
    else
        loop_timer_after(service->timer, wait);
}

struct web_limits web_limits_of(const struct config *config)
{
    return (struct web_limits){
        .connections = config->http.connections,
        .per_address = config->http.per_address,
        .header_ms = config->http.header_seconds * INT64_C(1000),
        .body_ms = config->http.body_seconds * INT64_C(1000),
        .answer_ms = config->http.answer_seconds * INT64_C(1000),
        .idle_ms = config->http.idle_seconds * INT64_C(1000),
    };
}

static void say_held(const struct web_service *service)
{
    if (service->held && service->question_count == 0)
        role_say_held(service->role);
}

static void on_answer(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct web_service *service = context;
    for (size_t i = 0; i < service->question_count; i++) {
        struct question question = service->questions[i];
        if (question.call != message->call || question.channel != message->channel)
            continue;
        service->questions[i] = service->questions[--service->question_count];
        question.fn(question.context, question.ticket, message->object, at);
        web_service_serve(service, at);
        say_held(service);
        return;
    }
}

void web_service_hear(struct web_service *service, enum message answer)
{
    role_handle(service->role, answer, on_answer, service);
}

/* A peer that is there anew does not know the questions of the one before. Whether
 * those were carried out is unknown, so they are not asked again. */
static void on_peer(void *context, enum role_id peer, const struct moment *at)
{
    struct web_service *service = context;
    struct ipc_channel *channel = role_channel(service->role, peer);
    for (size_t i = service->question_count; i-- > 0;) {
        struct question question = service->questions[i];
        if (question.channel != channel)
            continue;
        service->questions[i] = service->questions[--service->question_count];
        question.fn(question.context, question.ticket, NULL, at);
    }
    web_service_serve(service, at);
    say_held(service);
}

static void on_word(void *context, uint32_t word, const struct moment *at)
{
    struct web_service *service = context;
    struct problem why;
    service->held = word == ROLE_WORD_HOLD;
    service->replaced |= service->held;
    web_hold(service->web, service->held);
    say_held(service);
    if (word == ROLE_WORD_GO_ON && role_is_waiting(service->role) && !service->open) {
        service->open = true;
        if (web_open(service->web, &why) != ST_OK)
            role_fail(service->role, &why);
    }
    web_service_serve(service, at);
}

/* What has begun is ended; asked again, or when nobody is there, we end. */
static void on_stop(void *context)
{
    struct web_service *service = context;
    if (service->leaving) {
        role_stop(service->role);
        return;
    }
    service->leaving = true;
    web_leave(service->web, service->replaced ? web_limits_of(role_config(service->role)).idle_ms : STOP_IDLE_MS);
    web_service_serve(service, loop_moment(role_loop(service->role)));
}

static void measure(void *context, struct metric_list *list, struct arena *arena)
{
    static const char *const classes[] = {NULL, "status=1xx", "status=2xx", "status=3xx", "status=4xx", "status=5xx"};
    const struct web_service *service = context;
    const struct web_counts *counts = web_counts(service->web);
    for (size_t i = 2; i < sizeof classes / sizeof *classes; i++)
        metric_add(list, arena, METRIC_REQUESTS, classes[i], counts->answered[i]);
    metric_add_histogram(list, arena, METRIC_REQUEST_TIME, &counts->time);
}

static void on_ready(void *context, unsigned ready, const struct moment *at)
{
    (void)ready;
    web_service_serve(context, at);
}

static void on_time(void *context, const struct moment *at)
{
    web_service_serve(context, at);
}

/* As many descriptors as connections may want. */
static enum status allow_descriptors(uint32_t connections, struct problem *why)
{
    struct rlimit limit;
    rlim_t wanted = connections + DESCRIPTORS_BESIDE;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return problem_errno(why, "http.connections");
    if (limit.rlim_cur >= wanted)
        return ST_OK;
    if (limit.rlim_max < wanted)
        return problem_set(why, ST_LIMIT, "http.connections: this system allows %llu descriptors",
                           (unsigned long long)limit.rlim_max);
    limit.rlim_cur = wanted;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? ST_OK : problem_errno(why, "http.connections");
}

static void on_secret(void *context, int fd, const struct moment *at)
{
    struct web_service *service = context;
    struct slice identity;
    struct problem why;
    AUTO_ARENA arena = arena_create_wiped(4 * IDENTITY_BYTES_MAX);
    (void)at;
    enum status status = fd_read_all(fd, IDENTITY_BYTES_MAX, arena, &identity, &why);
    if (status == ST_OK)
        status = web_identity(service->web, identity, &why);
    if (status == ST_OK)
        event_log(EVENT_CERTIFICATE_TAKEN, field_status(status));
    else
        event_log(EVENT_CERTIFICATE_REFUSED, field_status(status), field_problem(&why));
}

/* Certificate and key, in an arena that is wiped once they are read. */
static enum status read_identity(struct web_service *service, struct arena *arena, struct slice *out,
                                 struct problem *why)
{
    int fd = role_secret_fd(service->role);
    if (fd < 0)
        return problem_set(why, ST_NOT_FOUND, "the certificate was not handed over");
    role_on_secret(service->role, on_secret, service);
    enum status status = fd_read_all(fd, IDENTITY_BYTES_MAX, arena, out, why);
    close(fd);
    return status;
}

static void hear(struct web_service *service)
{
    struct role *role = service->role;
    service->timer = loop_timer_create(role_loop(role), on_time, service);
    web_service_hear(service, MESSAGE_ANSWER);
    role_on_peer(role, on_peer, service);
    role_on_word(role, on_word, service);
    role_on_stop(role, on_stop, service);
    role_on_measure(role, measure, service);
}

enum status web_service_start(struct role *role, const struct web_config *config, bool https, web_ask_fn *ask,
                              void *context, struct web_service **out, struct problem *why)
{
    struct web_service *service = must_calloc(1, sizeof *service);
    AUTO_ARENA identity = arena_create_wiped(4 * IDENTITY_BYTES_MAX);
    struct web_config server = *config;
    *out = service; /* the caller's, also half-made */
    service->role = role;
    server.ask = ask != NULL ? ask : web_service_ask;
    server.ask_context = ask != NULL ? context : service;
    if (https) /* else that descriptor is somebody else's by now */
        TRY(read_identity(service, identity, &server.identity, why));
    TRY(allow_descriptors(server.limits.connections, why));
    TRY(web_create(&server, &service->web, why));
    hear(service);
    return loop_watch(role_loop(role), web_fd(service->web), LOOP_READ, on_ready, service, &service->watch, why);
}

void web_service_destroy(struct web_service **service)
{
    if (*service == NULL)
        return;
    loop_unwatch(&(*service)->watch);
    loop_timer_destroy(&(*service)->timer);
    web_destroy(&(*service)->web);
    free(*service);
    *service = NULL;
}
