#include "roles/logd/watch_probes.h"

#include <inttypes.h>

#include "platform/monitor/monitor.h"
#include "roles/logd/counts.h"
#include "roles/messages/probe.h"

enum { ARENA_BYTES_MAX = 64 << 20, SILENT_MS = 60 * 1000, SILENT_LEAST_MS = 8 * 1000, EXERCISE_COUNT = 3 };

/* "exercise", of an id: the made-up error that a role was asked for is one alert, whatever its count. Until
 * then it cannot be said. */
static enum status probe_exercise(struct probe *probe, void *context, struct problem *why)
{
    struct watch *watch = context;
    struct slice word = arena_format(probe_arena(probe), "exercise=%.*s\n", SLICE_ARG(probe_argument(probe)));
    struct alert_list alerts = {0};
    size_t found = 0, count = 0;
    if (watch_monitor(watch) == NULL)
        return problem_set(why, ST_UNAVAILABLE, "the database of alerts is not open");
    TRY(monitor_list_kind(watch_monitor(watch), slice_from(event_name(EVENT_EXERCISE)), probe_arena(probe), &alerts, why));
    for (size_t i = 0; i < alerts.count; i++)
        if (slice_contains(alerts.items[i].words, word)) {
            found++;
            count += alerts.items[i].count;
        }
    probe_fact(probe, "alerts", "%zu", found);
    probe_fact(probe, "count", "%zu", count);
    if (found == 0)
        return probe_fails(probe, "not_heard");
    if (found > 1)
        return probe_fails(probe, "not_grouped");
    return count < EXERCISE_COUNT ? probe_fails(probe, "not_counted") : probe_holds(probe);
}

/* An exercise goes faster, but roles tell their values every five seconds all the same. */
static int64_t silent_ms(const struct watch *watch)
{
    int64_t most = SILENT_MS / watch_pace(watch);
    return most < SILENT_LEAST_MS ? SILENT_LEAST_MS : most;
}

/* "base_sets": no role is silent. One that has just been started anew has not been silent for so long. */
static enum status probe_base_sets(struct probe *probe, void *context, struct problem *why)
{
    const struct watch *watch = context;
    struct instant now = probe_moment(probe)->now;
    int64_t oldest = 0;
    int count = 0;
    (void)why;
    for (int id = 0; id < ROLE_RUN_COUNT_; id++) {
        if (!watch_expects(watch, (enum role_id)id))
            continue;
        count++;
        int64_t age = counts_age_ms(watch_counts(watch), slice_from(role_rows[id].name), now);
        if (age < 0)
            age = watch_age_ms(watch, now);
        oldest = age > oldest ? age : oldest;
        if (age <= silent_ms(watch))
            continue;
        probe_fact(probe, "role", "%s", role_rows[id].name);
        probe_fact(probe, "seconds", "%" PRId64, age / 1000);
        return probe_fails(probe, "silent");
    }
    probe_fact(probe, "roles", "%d", count);
    probe_fact(probe, "oldest_seconds", "%" PRId64, oldest / 1000);
    return probe_holds(probe);
}

void watch_probes_add(struct role *role, struct watch *watch)
{
    role_on_probe(role, "exercise", probe_exercise, watch);
    role_on_probe(role, "base_sets", probe_base_sets, watch);
}
