/* A role is asked for a made-up internal error, three times the same: logd has one alert of it within five
 * seconds. It goes the way of any error, but nobody is written to for it. */
#include <unistd.h>

#include "roles/prober/check.h"

enum { TOLD_MS = 5000, PAUSE_US = 200 * 1000 };

/* Another role each minute. */
static enum role_id role_of(struct instant now)
{
    static const enum role_id roles[] = {ROLE_READER, ROLE_MAILIN, ROLE_MAILOUT, ROLE_SSO, ROLE_API};
    return roles[(uint64_t)(now.us / 60000000) % (sizeof roles / sizeof *roles)];
}

static enum status provoke(struct check *c, enum role_id role, struct slice id, struct problem *why)
{
    struct probe_found found;
    for (int i = 0; i < 3; i++)
        TRY(probe_ask(c, role, "made_up_error", id, &found, why));
    return ST_OK;
}

enum status control_check(struct check *c, struct problem *why)
{
    struct slice id = arena_format(check_arena(c), "e%lld", (long long)check_now(c).us);
    enum role_id role = role_of(check_now(c));
    struct probe_found found = {0};
    int64_t start = clock_monotonic_ms();
    TRY(provoke(c, role, id, why));
    do {
        usleep(PAUSE_US);
        TRY(probe_ask(c, ROLE_LOGD, "exercise", id, &found, why));
    } while (found.result != TRIAL_HOLDS && clock_monotonic_ms() - start < TOLD_MS);
    check_fact(c, "role", "%s", role_rows[role].name);
    check_fact(c, "milliseconds", "%lld", (long long)(clock_monotonic_ms() - start));
    if (found.result == TRIAL_HOLDS)
        return check_holds(c);
    return check_fails(c, arena_text(check_arena(c), found.cause));
}
