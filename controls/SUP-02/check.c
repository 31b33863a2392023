/* The console's sessions are open to a device that is enrolled; not with a person's certificate, one that nobody
 * knows, or none. Whoever is refused for it is in the log: somebody without a certificate, who knocks at the console itself. */
#include <poll.h>

#include "base/eventlog/kinds.h"
#include "roles/prober/check.h"

enum {
    NEW_S = 75,         /* of one who comes all day there is an entry a minute */
    TRIES = 40, TRY_MS = 250,
    LEFT_MS = 2000,
};

/* *there: the log has it, which takes the moment of a checkpoint. */
static enum status is_logged(struct check *c, bool *there, struct problem *why)
{
    struct slice question = arena_format(check_arena(c), "%s console.", log_kind_name(LOG_DEVICE_REFUSED));
    *there = false;
    for (int i = 0; i < TRIES && !*there && check_left_ms(c) > LEFT_MS; i++) {
        struct probe_found found;
        if (i > 0)
            (void)poll(NULL, 0, TRY_MS);
        TRY(probe_ask(c, ROLE_LOGD, "newest_entry", question, &found, why));
        *there = found.result == TRIAL_HOLDS && check_number(found.facts, "age_s") <= NEW_S;
    }
    return ST_OK;
}

/* From outside of the room's network the handshake ends before anybody is heard: then authd's part has to do. */
static enum status knock(struct check *c, const struct check_listener *console, struct problem *why)
{
    struct check_request request = {.listener = console, .path = "/api/console/me"};
    struct check_response response;
    bool there;
    bool heard = check_http(c, &request, &response, NULL) == ST_OK;
    check_fact(c, "console_answers", "%s", heard ? "yes" : "no");
    if (!heard)
        return ST_OK;
    check_fact(c, "code", "%d", (int)response.code);
    if (response.code != 403 || !slice_contains(response.body, LIT("\"device\"")))
        return check_fails(c, "stranger_let_in");
    TRY(is_logged(c, &there, why));
    return there ? ST_OK : check_fails(c, "unlogged");
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_listener console;
    TRY(check_by_probe(c, ROLE_AUTHD, "strangers", SLICE_NONE, false, why));
    return check_has_failed(c) || !check_console(c, &console) ? ST_OK : knock(c, &console, why);
}
