/* The role api: the server that it shares with others (roles/web), for the pages and the API, the log's folder and
 * ACME challenges. Files and time zones are opened before the sandbox; listening sockets come from the parent. */
#include <fcntl.h>

#include "roles/api/api.h"
#include "roles/messages/mains.h"
#include "roles/web/service.h"

enum { MEMORY_BYTES_MAX = 512 << 20 };

/* Of a session that ended nothing is left here: the next question with it is refused. */
static void on_person_ended(void *context, const struct ipc_message *message,
                            const struct moment *at)
{
    struct web_service *service = context;
    const struct person_ended *gone = message->object;
    struct person_ended_done done = {.id = gone->id};
    struct problem why;
    if (gone->session.len == 0)
        done.ended = (int64_t)web_forget(web_service_server(service), gone->person);
    if (ipc_send(message->channel, MESSAGE_PERSON_ENDED_DONE, &done, &why) != ST_OK)
        event_log(EVENT_MESSAGE_UNSENT, field_problem(&why));
    web_service_serve(service, at);
}

static enum status open_descriptors(const struct config *config, struct arena *arena,
                                    struct web_config *server, struct problem *why)
{
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

static enum status start(struct role *role, struct web_service **service, struct problem *why)
{
    const struct config *config = role_config(role);
    /* By its descriptor: the folder's own path may lead through some that are closed to us. */
    const char *pages = arena_format(role_arena(role), "/proc/self/fd/%d", ROLE_FD_PAGES).data;
    struct web_config server = {
        .site = &api_site,
        .listen_fd = -1, .redirect_fd = -1, .challenge_fd = -1, .log_fd = -1, .waiting = role_is_waiting(role),
        .public_url = config->public_url, .hosts = config->http.hosts, .proxy = config->http.proxy,
        .limits = web_limits_of(config), .sandbox = config->mode == CONFIG_SANDBOX,
        .metrics_loopback = config->metrics.loopback,
        .security = {config->security.contact, config->security.expires, config->security.policy},
        .web_dir = pages};
    TRY(open_descriptors(config, role_arena(role), &server, why));
    TRY(web_service_start(role, &server, config->http.certificate.len > 0, NULL, NULL, service, why));
    role_handle(role, MESSAGE_PERSON_ENDED, on_person_ended, *service);
    return ST_OK;
}

enum status api_main(struct role *role, struct problem *why)
{
    struct web_service *service = NULL;
    struct sandbox_rules rules = {.memory_bytes_max = MEMORY_BYTES_MAX};
    struct slice challenges = role_config(role)->http.challenges;
    rules.paths[0] = (struct sandbox_path){arena_text(role_arena(role), role_config(role)->folders.log), SANDBOX_READ};
    if (challenges.len > 0)
        rules.paths[1] = (struct sandbox_path){arena_text(role_arena(role), challenges), SANDBOX_READ};
    if (sandbox_landlock_abi() == 0)
        rules.may_not = MAY_READ;
    enum status status = start(role, &service, why);
    if (status == ST_OK)
        status = role_enter(role, &rules, why);
    if (status == ST_OK)
        status = role_run(role, why);
    web_service_destroy(&service);
    return status;
}
