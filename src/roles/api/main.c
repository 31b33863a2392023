/* The role api: the HTTP server on the role's loop, its questions as messages to the
 * planner and to authd. Files and time zones are opened before the sandbox; listening sockets come from
 * the parent. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "roles/api/api.h"
#include "roles/messages/mains.h"

enum {
    MEMORY_BYTES_MAX = 512 << 20,
    IDENTITY_BYTES_MAX = 256 * 1024,
    DESCRIPTORS_BESIDE = 320, /* channels, listeners, connections that are being cut off */
    STOP_IDLE_MS = 300,       /* at the end: whoever is about to ask still may */
};

/* A question that its peer has not answered. */
struct question {
    struct ipc_channel *channel;
    uint32_t call;
    uint64_t ticket;
};

struct service {
    struct role *role;
    struct api *api;
    struct loop_watch *watch;
    struct loop_timer *timer;
    struct question questions[API_CONNECTIONS_MAX];
    size_t question_count;
    bool open, held, leaving; /* open: it was waiting, and is no more */
    bool replaced; /* another api serves already: there is time */
};

static struct command command_of(const struct api_question *question)
{
    const struct api_credentials *given = &question->credentials;
    return (struct command){
        .name = slice_from(question->command),
        .json = question->json,
        .credentials = {.session = given->session, .token = given->token, .flow = given->flow,
                        .device = given->device, .address = given->address, .agent = given->agent},
        .right = question->peer == API_PLANNER ? SLICE_NONE : slice_from(question->right),
        .planned = slice_from(question->planned),
        .assertion = question->assertion,
    };
}

static const enum role_id peer_roles[] = {
    [API_PLANNER] = ROLE_PLANNER, [API_AUTHD] = ROLE_AUTHD, [API_LOGD] = ROLE_LOGD, [API_TRUST] = ROLE_TRUST,
};

static enum status ask_peer(void *context, uint64_t ticket, const struct api_question *question,
                            struct problem *why)
{
    struct service *service = context;
    struct command command = command_of(question);
    struct question *kept = &service->questions[service->question_count];
    if (service->question_count == API_CONNECTIONS_MAX)
        return problem_set(why, ST_LIMIT, "too many questions wait");
    kept->channel = role_channel(service->role, peer_roles[question->peer]);
    TRY(ipc_ask(kept->channel, MESSAGE_COMMAND, &command, &kept->call, why));
    kept->ticket = ticket;
    service->question_count++;
    return ST_OK;
}

static void serve(struct service *service, const struct moment *at)
{
    api_turn(service->api, at->clock.ms);
    if (service->leaving && api_connections(service->api) == 0)
        role_stop(service->role);
    int wait = api_wait_ms(service->api, at->clock.ms);
    if (wait < 0)
        loop_timer_stop(service->timer);
    else
        loop_timer_after(service->timer, wait);
}

static struct api_limits limits_of(const struct config *config)
{
    return (struct api_limits){
        .connections = config->http.connections,
        .per_address = config->http.per_address,
        .header_ms = config->http.header_seconds * INT64_C(1000),
        .body_ms = config->http.body_seconds * INT64_C(1000),
        .answer_ms = config->http.answer_seconds * INT64_C(1000),
        .idle_ms = config->http.idle_seconds * INT64_C(1000),
    };
}

static void say_held(const struct service *service)
{
    if (service->held && service->question_count == 0)
        role_say_held(service->role);
}

static void on_answer(void *context, const struct ipc_message *message, const struct moment *at)
{
    struct service *service = context;
    const struct answer *answer = message->object;
    struct api_answer taken = {answer->status, answer->json, answer->session, answer->flow,
                               answer->device, answer->assertion};
    for (size_t i = 0; i < service->question_count; i++) {
        const struct question *question = &service->questions[i];
        if (question->call != message->call || question->channel != message->channel)
            continue;
        uint64_t ticket = question->ticket;
        service->questions[i] = service->questions[--service->question_count];
        api_take(service->api, ticket, &taken);
        serve(service, at);
        say_held(service);
        return;
    }
}

/* A peer that is there anew does not know the questions of the one before. Whether
 * those were carried out is unknown, so they are not asked again. */
static void on_peer(void *context, enum role_id peer, const struct moment *at)
{
    struct service *service = context;
    struct ipc_channel *channel = role_channel(service->role, peer);
    for (size_t i = service->question_count; i-- > 0;) {
        struct question question = service->questions[i];
        if (question.channel != channel)
            continue;
        service->questions[i] = service->questions[--service->question_count];
        api_answer(service->api, question.ticket, ST_UNAVAILABLE,
                   LIT("{\"detail\":\"whoever decides this was restarted\"}"));
    }
    serve(service, at);
    say_held(service);
}

/* Of a session that ended nothing is left here: the next question with it is refused. */
static void on_person_ended(void *context, const struct ipc_message *message,
                            const struct moment *at)
{
    struct service *service = context;
    const struct person_ended *gone = message->object;
    struct person_ended_done done = {.id = gone->id};
    struct problem why;
    if (gone->session.len == 0)
        done.ended = (int64_t)api_forget(service->api, gone->person);
    if (ipc_send(message->channel, MESSAGE_PERSON_ENDED_DONE, &done, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
    serve(service, at);
}

static void on_word(void *context, uint32_t word, const struct moment *at)
{
    struct service *service = context;
    struct problem why;
    service->held = word == ROLE_WORD_HOLD;
    service->replaced |= service->held;
    api_hold(service->api, service->held);
    say_held(service);
    if (word == ROLE_WORD_GO_ON && role_is_waiting(service->role) && !service->open) {
        service->open = true;
        if (api_open(service->api, &why) != ST_OK)
            role_fail(service->role, &why);
    }
    serve(service, at);
}

/* What has begun is ended; asked again, or when nobody is there, we end. */
static void on_stop(void *context)
{
    struct service *service = context;
    if (service->leaving) {
        role_stop(service->role);
        return;
    }
    service->leaving = true;
    api_leave(service->api, service->replaced ? limits_of(role_config(service->role)).idle_ms : STOP_IDLE_MS);
    serve(service, loop_moment(role_loop(service->role)));
}

static void measure(void *context, struct metric_list *list, struct arena *arena)
{
    static const char *const classes[] = {NULL, "status=1xx", "status=2xx", "status=3xx", "status=4xx", "status=5xx"};
    const struct service *service = context;
    const struct api_counts *counts = api_counts(service->api);
    for (size_t i = 2; i < sizeof classes / sizeof *classes; i++)
        metric_add(list, arena, METRIC_REQUESTS, classes[i], counts->answered[i]);
    metric_add_histogram(list, arena, METRIC_REQUEST_TIME, &counts->time);
}

static void on_ready(void *context, unsigned ready, const struct moment *at)
{
    (void)ready;
    serve(context, at);
}

static void on_time(void *context, const struct moment *at)
{
    serve(context, at);
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
    struct service *service = context;
    struct slice identity;
    struct problem why;
    AUTO_ARENA arena = arena_create_wiped(4 * IDENTITY_BYTES_MAX);
    (void)at;
    enum status status = fd_read_all(fd, IDENTITY_BYTES_MAX, arena, &identity, &why);
    if (status == ST_OK)
        status = api_identity(service->api, identity, &why);
    if (status == ST_OK)
        event_log(EVENT_CERTIFICATE_TAKEN, field_status(status));
    else
        event_log(EVENT_CERTIFICATE_REFUSED, field_status(status), field_problem(&why));
}

/* Certificate and key, in an arena that is wiped once they are read. */
static enum status read_identity(struct service *service, struct arena *arena, struct slice *out,
                                 struct problem *why)
{
    int fd = role_secret_fd(service->role);
    if (fd < 0 || role_config(service->role)->http.certificate.len == 0)
        return ST_OK;
    role_on_secret(service->role, on_secret, service);
    enum status status = fd_read_all(fd, IDENTITY_BYTES_MAX, arena, out, why);
    close(fd);
    return status;
}

static enum status open_descriptors(const struct config *config, struct arena *arena,
                                    struct api_config *server, struct problem *why)
{
    TRY(allow_descriptors(config->http.connections, why));
    server->listen_fd = ROLE_FD_LISTEN;
    if (config->http.redirect.len > 0)
        server->redirect_fd = ROLE_FD_REDIRECT;
    /* Without Landlock a right to read would be one to read everything that its user may. Where the log
     * was put elsewhere it may lie behind a closed folder: then it is served from there by others. */
    if (sandbox_landlock_abi() > 0)
        server->log_fd = open(arena_text(arena, config->folders.log), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (config->http.challenges.len == 0)
        return ST_OK;
    server->challenge_fd = open(arena_text(arena, config->http.challenges),
                                O_PATH | O_DIRECTORY | O_CLOEXEC);
    return server->challenge_fd < 0 ? problem_errno(why, "http.challenges") : ST_OK;
}

static enum status start(struct service *service, struct problem *why)
{
    struct role *role = service->role;
    const struct config *config = role_config(role);
    /* By its descriptor: the folder's own path may lead through some that are closed to us. */
    const char *pages = arena_format(role_arena(role), "/proc/self/fd/%d", ROLE_FD_PAGES).data;
    AUTO_ARENA identity = arena_create_wiped(4 * IDENTITY_BYTES_MAX);
    struct api_config server = {
        .listen_fd = -1, .redirect_fd = -1, .challenge_fd = -1, .log_fd = -1, .waiting = role_is_waiting(role),
        .public_url = config->public_url, .hosts = config->http.hosts, .proxy = config->http.proxy,
        .limits = limits_of(config), .sandbox = config->mode == CONFIG_SANDBOX,
        .metrics_loopback = config->metrics.loopback,
        .security = {config->security.contact, config->security.expires, config->security.policy},
        .web_dir = pages,
        .ask = ask_peer, .ask_context = service};
    TRY(read_identity(service, identity, &server.identity, why));
    TRY(open_descriptors(config, role_arena(role), &server, why));
    TRY(api_create(&server, &service->api, why));
    service->timer = loop_timer_create(role_loop(role), on_time, service);
    role_handle(role, MESSAGE_ANSWER, on_answer, service);
    role_handle(role, MESSAGE_PERSON_ENDED, on_person_ended, service);
    role_on_peer(role, on_peer, service);
    role_on_word(role, on_word, service);
    role_on_stop(role, on_stop, service);
    role_on_measure(role, measure, service);
    return loop_watch(role_loop(role), api_fd(service->api), LOOP_READ, on_ready, service,
                      &service->watch, why);
}

static void finish(struct service *service)
{
    loop_unwatch(&service->watch);
    loop_timer_destroy(&service->timer);
    api_destroy(&service->api);
}

enum status api_main(struct role *role, struct problem *why)
{
    static struct service service; /* one a process */
    struct sandbox_rules rules = {.memory_bytes_max = MEMORY_BYTES_MAX};
    struct slice challenges = role_config(role)->http.challenges;
    service.role = role;
    rules.paths[0] = (struct sandbox_path){arena_text(role_arena(role), role_config(role)->folders.log), SANDBOX_READ};
    if (challenges.len > 0)
        rules.paths[1] = (struct sandbox_path){arena_text(role_arena(role), challenges), SANDBOX_READ};
    if (sandbox_landlock_abi() == 0)
        rules.may_not = MAY_READ;
    enum status status = start(&service, why);
    if (status == ST_OK)
        status = role_enter(role, &rules, why);
    if (status == ST_OK)
        status = role_run(role, why);
    finish(&service);
    return status;
}
