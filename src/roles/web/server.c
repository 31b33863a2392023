/* libmicrohttpd on the role's loop: no thread of its own, one epoll descriptor. A request
 * that waits for the planner is suspended; the answer, or the deadline, resumes it. */
#include <signal.h>
#include <stdlib.h>

#include "roles/web/internal.h"
#include "roles/web/tls.h"

enum { SPARE_CONNECTIONS = 256 }; /* that were cut off, and libmicrohttpd has not noticed yet */

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

const struct web_counts *web_counts(const struct web *web)
{
    return &web->counts;
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
        return MHD_start_daemon(DAEMON_FLAGS | MHD_USE_TLS, 0, NULL, NULL, request_take, web, DAEMON_OPTIONS(web),
                                MHD_OPTION_NOTIFY_COMPLETED, request_end, NULL,
                                MHD_OPTION_HTTPS_PRIORITIES, tls_priorities,
                                MHD_OPTION_HTTPS_MEM_TRUST, web->authorities,
                                MHD_OPTION_HTTPS_CERT_CALLBACK, tls_identity_get, MHD_OPTION_END);
    if (!web->tls)
        return MHD_start_daemon(DAEMON_FLAGS, 0, NULL, NULL, request_take, web, DAEMON_OPTIONS(web),
                                MHD_OPTION_NOTIFY_COMPLETED, request_end, NULL, MHD_OPTION_END);
    return MHD_start_daemon(DAEMON_FLAGS | MHD_USE_TLS, 0, NULL, NULL, request_take, web,
                            DAEMON_OPTIONS(web), MHD_OPTION_NOTIFY_COMPLETED, request_end, NULL,
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
    wait = sooner(wait, questions_wait_ms(web, now_ms));
    return wait > INT32_MAX ? INT32_MAX : (int)wait;
}

void web_turn(struct web *web, int64_t now_ms)
{
    web->now_ms = now_ms;
    questions_expire(web);
    clients_turn(web->clients, now_ms);
    web->resumed = false;
    MHD_run(web->daemon);
    if (web->redirect_daemon != NULL)
        MHD_run(web->redirect_daemon);
}
