#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "formats/json/json.h"
#include "roles/logd/alert_text.h"
#include "roles/logd/counts_internal.h"

enum { SAVE_MS = 5 * 60 * 1000, ARENA_BYTES_MAX = 64 << 20, PERCENT = 95, ROLE_ARENA_BYTES_MAX = 1 << 20 };

/* Own values */

static void measure_disk(const struct counts *counts, struct metric_list *list, struct arena *arena)
{
    struct statvfs about;
    if (statvfs(counts->disk, &about) == 0)
        metric_add(list, arena, METRIC_DISK_FREE, "folder=log", (int64_t)about.f_bavail * (int64_t)about.f_frsize);
}

static void measure_memory(const struct counts *counts, struct metric_list *list, struct arena *arena)
{
    static const struct slice key = {"MemAvailable:", 13};
    char bytes[512];
    ssize_t got = lseek(counts->memory_fd, 0, SEEK_SET) == 0 ? read(counts->memory_fd, bytes, sizeof bytes - 1) : -1;
    if (got <= 0)
        return;
    bytes[got] = '\0';
    size_t at = slice_find((struct slice){bytes, (size_t)got}, key, 0);
    if (at != SIZE_MAX)
        metric_add(list, arena, METRIC_MEMORY_FREE, "", strtoll(bytes + at + key.len, NULL, 10) * 1024);
}

static void measure_alerts(const struct counts *counts, struct metric_list *list, struct arena *arena)
{
    int64_t by_state[ALERT_STATE_COUNT_] = {0};
    struct alert_list alerts = {0};
    AUTO_ARENA own = arena_create(ARENA_BYTES_MAX);
    struct problem why;
    if (counts->monitor == NULL ||
        monitor_list(counts->monitor, (struct instant){INT64_MAX}, slice_from(event_name(EVENT_EXERCISE)), own,
                     &alerts, &why) != ST_OK)
        return;
    for (size_t i = 0; i < alerts.count; i++)
        by_state[alerts.items[i].state]++;
    for (int state = 0; state < ALERT_ENDED; state++)
        metric_add(list, arena, METRIC_ALERTS,
                   arena_format(arena, "state=%s", alert_state_names[state]).data, by_state[state]);
}

static void measure(void *context, struct metric_list *list, struct arena *arena)
{
    measure_disk(context, list, arena);
    measure_memory(context, list, arena);
    measure_alerts(context, list, arena);
}

struct counts *counts_create(struct role *role)
{
    struct counts *counts = must_calloc(1, sizeof *counts);
    counts->role = role;
    counts->disk = arena_text(role_arena(role), role_config(role)->folders.log);
    counts->memory_fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
    role_on_measure(role, measure, counts);
    return counts;
}

void counts_destroy(struct counts **counts)
{
    if (*counts == NULL)
        return;
    for (size_t i = 0; i < (*counts)->role_count; i++)
        arena_destroy(&(*counts)->roles[i].arena);
    fd_close(&(*counts)->memory_fd);
    free(*counts);
    *counts = NULL;
}

/* Taking */

static struct role_counts *find_role(struct counts *counts, struct slice name)
{
    for (size_t i = 0; i < counts->role_count; i++)
        if (slice_equal(name, slice_from(counts->roles[i].name)))
            return &counts->roles[i];
    if (counts->role_count == ROLES_MAX || name.len >= ROLE_NAME_BYTES)
        return NULL;
    struct role_counts *role = &counts->roles[counts->role_count++];
    memcpy(role->name, name.data, name.len);
    return role;
}

/* "status=2xx": small letters, digits and few others, so that it needs no quoting anywhere. */
static bool is_label(struct slice label)
{
    size_t equals = slice_find(label, LIT("="), 0);
    if (label.len == 0)
        return true;
    if (label.len > LABEL_BYTES_MAX || equals == SIZE_MAX || equals == 0)
        return false;
    for (size_t i = 0; i < label.len; i++) {
        char c = label.data[i];
        bool plain = (c >= 'a' && c <= 'z') || c == '_' || (i > equals && ((c >= '0' && c <= '9') || c == '-'));
        if (!plain && i != equals)
            return false;
    }
    return true;
}

static bool is_known(const struct metric *metric)
{
    struct histogram histogram;
    enum metric_id id = metric_from_name(metric->name);
    if (id == METRIC_COUNT_ || !is_label(metric->label))
        return false;
    return metric_rows[id].kind != METRIC_HISTOGRAM || metric_histogram(metric, &histogram) == ST_OK;
}

static bool is_twice(const struct metric_list *list, const struct metric *metric)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i].name, metric->name) && slice_equal(list->items[i].label, metric->label))
            return true;
    return false;
}

void counts_take(struct counts *counts, struct slice name, const struct metrics_told *told, struct instant now)
{
    struct role_counts *role = find_role(counts, name);
    if (role == NULL || told->metrics.count > METRICS_MAX)
        return;
    arena_destroy(&role->arena);
    role->arena = arena_create(ROLE_ARENA_BYTES_MAX);
    role->at = now;
    role->metrics = (struct metric_list){0};
    for (size_t i = 0; i < told->metrics.count; i++) {
        const struct metric *metric = &told->metrics.items[i];
        if (!is_known(metric) || is_twice(&role->metrics, metric))
            continue;
        struct metric kept = {arena_copy(role->arena, metric->name), arena_copy(role->arena, metric->label),
                              metric->value, arena_copy(role->arena, metric->buckets)};
        ARENA_PUSH(role->arena, &role->metrics, kept);
    }
}

int64_t counts_age_ms(const struct counts *counts, struct slice name, struct instant now)
{
    for (size_t i = 0; i < counts->role_count; i++)
        if (slice_equal(name, slice_from(counts->roles[i].name)))
            return (now.us - counts->roles[i].at.us) / 1000;
    return -1;
}

struct slice counts_label(const struct role_counts *role, const struct metric *metric, struct arena *arena)
{
    return arena_format(arena, "role=%s%s%.*s", role->name, metric->label.len > 0 ? "," : "",
                        SLICE_ARG(metric->label));
}

double counts_value(enum metric_id id, int64_t value)
{
    return metric_rows[id].unit == METRIC_SECONDS ? (double)value / 1e6 : (double)value;
}

/* Samples */

static struct base *base_of(struct counts *counts, struct slice key, uint32_t hour, int64_t value,
                            const struct histogram *histogram)
{
    struct base *found = NULL;
    for (size_t i = 0; i < counts->base_count && found == NULL; i++)
        if (slice_equal(key, counts->bases[i].key))
            found = &counts->bases[i];
    if (found == NULL) {
        if (counts->base_count == BASES_MAX || key.len >= sizeof found->text)
            return NULL;
        found = &counts->bases[counts->base_count++];
        memcpy(found->text, key.data, key.len);
        found->key = (struct slice){found->text, key.len};
        found->hour = 0;
    }
    /* A role that was started anew counts from nothing. */
    if (found->hour != hour || value < found->value) {
        bool anew = found->hour == hour;
        found->hour = hour;
        found->value = anew ? 0 : value;
        found->histogram = anew ? (struct histogram){0} : *histogram;
    }
    return found;
}

/* The bound under which so many percent of the hour's times are; 0: there were none. */
static int64_t percentile_us(const struct histogram *now, const struct histogram *base)
{
    uint64_t all = 0, seen = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        all += now->buckets[i] - base->buckets[i];
    for (size_t i = 0; i < HISTOGRAM_BUCKETS - 1 && all > 0; i++) {
        seen += now->buckets[i] - base->buckets[i];
        if (seen * 100 >= all * PERCENT)
            return histogram_bounds_us[i];
    }
    return all == 0 ? 0 : 2 * histogram_bounds_us[HISTOGRAM_BUCKETS - 2];
}

static bool sample_of(struct counts *counts, const struct metric *metric, struct slice label, uint32_t hour,
                      struct arena *arena, struct sample *out)
{
    enum metric_id id = metric_from_name(metric->name);
    struct histogram histogram = {0};
    *out = (struct sample){metric->name, label, hour, metric->value};
    if (id == METRIC_STARTED || id == METRIC_DESCRIPTORS_MAX)
        return false;
    if (metric_rows[id].kind == METRIC_GAUGE)
        return true;
    if (metric_rows[id].kind == METRIC_HISTOGRAM && metric_histogram(metric, &histogram) != ST_OK)
        return false;
    struct slice key = arena_format(arena, "%.*s %.*s", SLICE_ARG(metric->name), SLICE_ARG(label));
    const struct base *base = base_of(counts, key, hour, metric->value, &histogram);
    if (base == NULL)
        return false;
    out->value = metric_rows[id].kind == METRIC_HISTOGRAM ? percentile_us(&histogram, &base->histogram)
                                                          : metric->value - base->value;
    return true;
}

static enum status save(struct counts *counts, struct monitor *monitor, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    struct sample_list samples = {0};
    struct sample sample;
    uint32_t hour = (uint32_t)(now.us / hour_us);
    for (size_t i = 0; i < counts->role_count; i++) {
        const struct role_counts *role = &counts->roles[i];
        if (now.us - role->at.us > COUNTS_STALE_MS * INT64_C(1000))
            continue;
        for (size_t j = 0; j < role->metrics.count; j++) {
            const struct metric *metric = &role->metrics.items[j];
            if (sample_of(counts, metric, counts_label(role, metric, arena), hour, arena, &sample))
                ARENA_PUSH(arena, &samples, sample);
        }
    }
    return monitor_save_samples(monitor, &samples, why);
}

static enum status warn(struct counts *counts, struct monitor *monitor, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    struct sample_list samples = {0};
    struct forecast_list forecasts = {0};
    uint32_t hour = (uint32_t)(now.us / hour_us);
    if (hour == counts->warned_hour)
        return ST_OK;
    counts->warned_hour = hour;
    TRY(monitor_list_samples(monitor, hour - CAPACITY_HOURS, arena, &samples, why));
    TRY(forecasts_make(counts, &samples, arena, &forecasts));
    for (size_t i = 0; i < forecasts.count; i++) {
        const struct forecast *forecast = &forecasts.items[i];
        struct slice name = arena_format(arena, "%.*s{%.*s}", SLICE_ARG(forecast->name), SLICE_ARG(forecast->label));
        if (forecast->what.runs_out && forecast->what.hours_left <= CAPACITY_WARN_DAYS * 24)
            event_log(EVENT_RUNS_OUT, field_text(KEY_METRIC, name.data),
                      field_number(KEY_COUNT, forecast->what.hours_left / 24));
    }
    return ST_OK;
}

enum status counts_tend(struct counts *counts, struct monitor *monitor, struct instant now, struct problem *why)
{
    counts->monitor = monitor;
    if (now.us - counts->saved.us < SAVE_MS * INT64_C(1000) && now.us >= counts->saved.us)
        return ST_OK;
    counts->saved = now;
    TRY(save(counts, monitor, now, why));
    return warn(counts, monitor, now, why);
}
