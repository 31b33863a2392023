#include "roles/messages/metrics.h"

const struct metric_row metric_rows[METRIC_COUNT_] = {
#define METRIC(symbol, name, kind, unit, sentence) {name, METRIC_##kind, METRIC_##unit, sentence},
#include "roles/messages/metrics.def"
#undef METRIC
};

const int64_t histogram_bounds_us[HISTOGRAM_BUCKETS - 1] = {
    1000,    5000,    10000,   25000,    50000,    100000,   250000,
    500000,  1000000, 2500000, 5000000,  10000000, 30000000, 60000000,
};

enum { COUNT_BYTES = 8 };

enum metric_id metric_from_name(struct slice name)
{
    for (int i = 0; i < METRIC_COUNT_; i++)
        if (slice_equal(name, slice_from(metric_rows[i].name)))
            return (enum metric_id)i;
    return METRIC_COUNT_;
}

void histogram_add(struct histogram *histogram, int64_t us)
{
    size_t bucket = 0;
    while (bucket < HISTOGRAM_BUCKETS - 1 && us > histogram_bounds_us[bucket])
        bucket++;
    histogram->buckets[bucket]++;
    histogram->sum_us += us < 0 ? 0 : us;
}

void metric_add(struct metric_list *list, struct arena *arena, enum metric_id id, const char *label,
                int64_t value)
{
    struct metric metric = {slice_from(metric_rows[id].name), arena_copy(arena, slice_from(label)), value,
                            SLICE_NONE};
    if (list->count < METRICS_MAX)
        ARENA_PUSH(arena, list, metric);
}

void metric_add_histogram(struct metric_list *list, struct arena *arena, enum metric_id id,
                          const struct histogram *histogram)
{
    char *bytes = arena_alloc(arena, HISTOGRAM_BUCKETS * COUNT_BYTES);
    for (size_t i = 0; i < (size_t)HISTOGRAM_BUCKETS * COUNT_BYTES; i++)
        bytes[i] = (char)(histogram->buckets[i / COUNT_BYTES] >> (8 * (i % COUNT_BYTES)));
    struct metric metric = {slice_from(metric_rows[id].name), SLICE_NONE, histogram->sum_us,
                            {bytes, HISTOGRAM_BUCKETS * COUNT_BYTES}};
    if (list->count < METRICS_MAX)
        ARENA_PUSH(arena, list, metric);
}

enum status metric_histogram(const struct metric *metric, struct histogram *out)
{
    struct histogram read = {.sum_us = metric->value};
    if (metric->buckets.len != (size_t)HISTOGRAM_BUCKETS * COUNT_BYTES)
        return ST_INVALID;
    for (size_t i = 0; i < metric->buckets.len; i++)
        read.buckets[i / COUNT_BYTES] |= (uint64_t)(unsigned char)metric->buckets.data[i] << (8 * (i % COUNT_BYTES));
    *out = read;
    return ST_OK;
}
