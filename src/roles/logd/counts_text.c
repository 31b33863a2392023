/* OpenMetrics 1.0 (https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md). */
#include <inttypes.h>

#include "formats/json/json.h"
#include "roles/logd/alert_text.h"
#include "roles/logd/counts_internal.h"

enum { TEXT_BYTES_MAX = 4 << 20, SERIES_HOURS = 28 * 24 };

static const char *const kinds[] = {"counter", "gauge", "histogram"};
static const char *const units[] = {"", "bytes", "seconds"};

static struct slice family_name(enum metric_id id, struct arena *arena)
{
    const char *unit = units[metric_rows[id].unit];
    return arena_format(arena, "%s%s%s", metric_rows[id].name, *unit == '\0' ? "" : "_", unit);
}

static void add_number(struct buffer *text, enum metric_id id, int64_t value)
{
    if (metric_rows[id].unit == METRIC_SECONDS)
        buffer_add_format(text, "%s%" PRId64 ".%06" PRId64 "\n", value < 0 ? "-" : "", (value < 0 ? -value : value) / 1000000,
                          (value < 0 ? -value : value) % 1000000);
    else
        buffer_add_format(text, "%" PRId64 "\n", value);
}

/* {role="api",status="2xx"; who calls adds more, and the end. */
static void add_labels(struct buffer *text, const char *role, struct slice label)
{
    size_t equals = slice_find(label, LIT("="), 0);
    buffer_add_format(text, "{role=\"%s\"", role);
    if (label.len > 0)
        buffer_add_format(text, ",%.*s=\"%.*s\"", SLICE_ARG(slice_sub(label, 0, equals)),
                          SLICE_ARG(slice_sub(label, equals + 1, label.len)));
}

static void add_histogram(struct buffer *text, struct slice name, const char *role, const struct metric *metric)
{
    struct histogram histogram;
    uint64_t sum = 0;
    if (metric_histogram(metric, &histogram) != ST_OK)
        return;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        sum += histogram.buckets[i];
        buffer_add_format(text, "%.*s_bucket", SLICE_ARG(name));
        add_labels(text, role, metric->label);
        if (i < HISTOGRAM_BUCKETS - 1)
            buffer_add_format(text, ",le=\"%g\"} %" PRIu64 "\n", (double)histogram_bounds_us[i] / 1e6, sum);
        else
            buffer_add_format(text, ",le=\"+Inf\"} %" PRIu64 "\n", sum);
    }
    buffer_add_format(text, "%.*s_count", SLICE_ARG(name));
    add_labels(text, role, metric->label);
    buffer_add_format(text, "} %" PRIu64 "\n%.*s_sum", sum, SLICE_ARG(name));
    add_labels(text, role, metric->label);
    buffer_add_text(text, "} ");
    add_number(text, METRIC_MAIL_ANSWER, histogram.sum_us); /* any in seconds */
}

static void add_sample(struct buffer *text, enum metric_id id, struct slice name, const char *role,
                       const struct metric *metric)
{
    if (metric_rows[id].kind == METRIC_HISTOGRAM) {
        add_histogram(text, name, role, metric);
        return;
    }
    buffer_add_format(text, "%.*s%s", SLICE_ARG(name), metric_rows[id].kind == METRIC_COUNTER ? "_total" : "");
    add_labels(text, role, metric->label);
    buffer_add_text(text, "} ");
    add_number(text, id, metric->value);
}

static bool is_up(const struct role_counts *role, struct instant now)
{
    return now.us - role->at.us <= COUNTS_STALE_MS * INT64_C(1000);
}

static void add_family(struct buffer *text, const struct counts *counts, enum metric_id id, struct instant now,
                       struct arena *arena)
{
    struct slice name = family_name(id, arena);
    const char *unit = units[metric_rows[id].unit];
    buffer_add_format(text, "# TYPE %.*s %s\n", SLICE_ARG(name), kinds[metric_rows[id].kind]);
    if (*unit != '\0')
        buffer_add_format(text, "# UNIT %.*s %s\n", SLICE_ARG(name), unit);
    buffer_add_format(text, "# HELP %.*s %s\n", SLICE_ARG(name), metric_rows[id].sentence);
    for (size_t i = 0; i < counts->role_count; i++) {
        const struct role_counts *role = &counts->roles[i];
        if (id == METRIC_UP) {
            add_sample(text, id, name, role->name, &(struct metric){.value = is_up(role, now)});
            continue;
        }
        for (size_t j = 0; j < role->metrics.count && is_up(role, now); j++)
            if (metric_from_name(role->metrics.items[j].name) == id)
                add_sample(text, id, name, role->name, &role->metrics.items[j]);
    }
}

struct slice counts_open_metrics(const struct counts *counts, struct instant now, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(TEXT_BYTES_MAX);
    for (int id = 0; id < METRIC_COUNT_; id++)
        add_family(&text, counts, (enum metric_id)id, now, arena);
    buffer_add_text(&text, "# EOF\n");
    return arena_copy(arena, buffer_slice(&text));
}

enum status counts_text(struct counts *counts, struct instant now, struct arena *arena, struct slice *json)
{
    AUTO_JSON object = json_object();
    json_object_set_new(object, "status", json_string("ok"));
    json_object_set_new(object, "text", json_from_text(counts_open_metrics(counts, now, arena)));
    *json = json_write(object, arena);
    return ST_OK;
}

/* The page */

static json_t *role_json(const struct role_counts *role, struct instant now)
{
    json_t *object = json_object();
    json_object_set_new(object, "role", json_string(role->name));
    json_object_set_new(object, "up", json_boolean(is_up(role, now)));
    json_object_set_new(object, "age_s", json_integer((now.us - role->at.us) / 1000000));
    for (size_t i = 0; i < role->metrics.count; i++) {
        const struct metric *metric = &role->metrics.items[i];
        enum metric_id id = metric_from_name(metric->name);
        if (metric->label.len == 0 && metric_rows[id].kind != METRIC_HISTOGRAM)
            json_object_set_new(object, metric_rows[id].name, json_real(counts_value(id, metric->value)));
    }
    return object;
}

/* [[hour, value], …] of each series. */
static json_t *series_json(const struct sample_list *samples)
{
    json_t *list = json_array(), *points = NULL;
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->items[i], *before = i == 0 ? NULL : sample - 1;
        enum metric_id id = metric_from_name(sample->name);
        if (before == NULL || !slice_equal(sample->name, before->name) || !slice_equal(sample->label, before->label)) {
            json_t *series = json_object();
            points = json_array();
            json_object_set_new(series, "name", json_from_text(sample->name));
            json_object_set_new(series, "label", json_from_text(sample->label));
            json_object_set_new(series, "unit", json_string(id == METRIC_COUNT_ ? "" : units[metric_rows[id].unit]));
            json_object_set_new(series, "points", points);
            json_array_append_new(list, series);
        }
        json_t *point = json_array();
        json_array_append_new(point, json_integer(sample->hour));
        json_array_append_new(point, json_real(id == METRIC_COUNT_ ? (double)sample->value
                                                                  : counts_value(id, sample->value)));
        json_array_append_new(points, point);
    }
    return list;
}

static json_t *forecasts_json(const struct forecast_list *forecasts, struct instant now, struct arena *arena)
{
    json_t *list = json_array();
    for (size_t i = 0; i < forecasts->count; i++) {
        const struct forecast *forecast = &forecasts->items[i];
        struct instant ends = {now.us + forecast->what.hours_left * hour_us};
        json_t *object = json_object();
        json_object_set_new(object, "name", json_from_text(forecast->name));
        json_object_set_new(object, "label", json_from_text(forecast->label));
        json_object_set_new(object, "last", json_real(forecast->last));
        json_object_set_new(object, "limit", json_real(forecast->limit));
        json_object_set_new(object, "ends", forecast->what.runs_out
                                                ? json_from_text(instant_format(ends, zone_utc(), arena))
                                                : json_null());
        json_array_append_new(list, object);
    }
    return list;
}

enum status counts_page(struct counts *counts, struct monitor *monitor, struct instant now, struct arena *arena,
                        struct slice *json, struct problem *why)
{
    struct sample_list samples = {0};
    struct forecast_list forecasts = {0};
    uint32_t hour = (uint32_t)(now.us / hour_us);
    AUTO_JSON object = json_object();
    json_t *roles = json_array();
    TRY(monitor_list_samples(monitor, hour - SERIES_HOURS, arena, &samples, why));
    TRY(forecasts_make(counts, &samples, arena, &forecasts));
    for (size_t i = 0; i < counts->role_count; i++)
        json_array_append_new(roles, role_json(&counts->roles[i], now));
    json_object_set_new(object, "status", json_string("ok"));
    json_object_set_new(object, "at", json_from_text(instant_format(now, zone_utc(), arena)));
    json_object_set_new(object, "roles", roles);
    json_object_set_new(object, "series", series_json(&samples));
    json_object_set_new(object, "forecasts", forecasts_json(&forecasts, now, arena));
    *json = json_write(object, arena);
    return ST_OK;
}
