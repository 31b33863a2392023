/* The role console: the server that it shares with api (roles/web), for the room where people decide what the machine
 * is unsure of. It has no database and no key of its own: doc/supervision.md. */
#include <sys/mman.h>
#include <sys/resource.h>

#include "roles/console/cases.h"
#include "roles/console/console.h"
#include "roles/console/probes.h"
#include "roles/messages/mains.h"
#include "roles/web/service.h"

enum { MEMORY_BYTES_MAX = 512 << 20 };

/* A device that is enrolled, but not where it belongs: it was carried away, or its key was. */
static void tell_elsewhere(void *context)
{
    (void)context;
    event_log(EVENT_CONSOLE_ELSEWHERE, field_status(ST_DENIED));
}

static struct slice networks_of(const struct config *config)
{
    return config->console.networks.len > 0 ? config->console.networks : config->access.networks;
}

static enum status start(struct role *role, struct cases *cases, struct web_service **service, struct problem *why)
{
    const struct config *config = role_config(role);
    const char *pages = arena_format(role_arena(role), "/proc/self/fd/%d", ROLE_FD_PAGES).data;
    struct web_config server = {
        .site = &console_site,
        .listen_fd = ROLE_FD_LISTEN, .redirect_fd = -1, .challenge_fd = -1, .log_fd = -1,
        .waiting = role_is_waiting(role), .public_url = config->console.public_url,
        .limits = web_limits_of(config), .devices = true, .networks = networks_of(config),
        .elsewhere = tell_elsewhere, .stranger = cases_stranger, .web_dir = pages};
    TRY(web_service_start(role, &server, true, cases_ask, cases, service, why));
    cases_serve(cases, *service);
    return ST_OK;
}

/* What is shown is written to no disk. Where the limit does not let us, swap has to be encrypted: with a limit that is
 * smaller than what we may use we would die of it some day, so it is all or nothing. */
static void stay_in_memory(void)
{
    struct rlimit limit;
    struct problem why;
    bool room = getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
                (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= MEMORY_BYTES_MAX);
    if (room && mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0)
        return;
    problem_set(&why, ST_LIMIT, "give the service %d MB of locked memory (LimitMEMLOCK, ulimit -l), or encrypt swap",
                MEMORY_BYTES_MAX >> 20);
    event_log(EVENT_CONSOLE_UNLOCKED, field_status(why.status), field_problem(&why));
}

enum status console_main(struct role *role, struct problem *why)
{
    struct web_service *service = NULL;
    struct sandbox_rules rules = {.memory_bytes_max = MEMORY_BYTES_MAX};
    stay_in_memory();
    struct cases *cases = cases_create(role);
    console_probes(role);
    enum status status = start(role, cases, &service, why);
    if (status == ST_OK)
        status = role_enter(role, &rules, why);
    if (status == ST_OK)
        status = role_run(role, why);
    cases_end(cases);
    web_service_destroy(&service);
    cases_destroy(&cases);
    return status;
}
