/* Which samples have an end, and when it comes. */
#include "roles/logd/counts_internal.h"

static const struct {
    enum metric_id id;
    bool above;          /* it grows up to METRIC_DESCRIPTORS_MAX of its role; else down to 0 */
} rows[] = {
    {METRIC_DISK_FREE, false},
    {METRIC_MEMORY_FREE, false},
    {METRIC_DESCRIPTORS, true},
};

static double limit_of(const struct counts *counts, struct slice label)
{
    for (size_t i = 0; i < counts->role_count; i++) {
        const struct role_counts *role = &counts->roles[i];
        struct slice name = slice_from(role->name);
        if (!slice_starts(label, LIT("role=")) || !slice_equal(slice_sub(label, 5, label.len), name))
            continue;
        for (size_t j = 0; j < role->metrics.count; j++)
            if (metric_from_name(role->metrics.items[j].name) == METRIC_DESCRIPTORS_MAX)
                return (double)role->metrics.items[j].value;
    }
    return 0;
}

/* Samples first … last are of one series. */
static void forecast(const struct counts *counts, size_t row, const struct sample *first, size_t count,
                     struct arena *arena, struct forecast_list *out)
{
    struct capacity_point *points = ARENA_ARRAY(arena, count, struct capacity_point);
    struct forecast found = {.name = first->name, .label = first->label};
    found.limit = rows[row].above ? limit_of(counts, first->label) : 0;
    if (rows[row].above && found.limit == 0)
        return; /* that role is gone */
    for (size_t i = 0; i < count; i++)
        points[i] = (struct capacity_point){first[i].hour, counts_value(rows[row].id, first[i].value)};
    found.last = points[count - 1].value;
    struct capacity_limit limit = {found.limit, rows[row].above};
    if (capacity_forecast(points, count, limit, arena, &found.what) == ST_OK)
        ARENA_PUSH(arena, out, found);
}

static size_t run_length(const struct sample_list *samples, size_t from)
{
    size_t end = from + 1;
    while (end < samples->count && slice_equal(samples->items[end].name, samples->items[from].name) &&
           slice_equal(samples->items[end].label, samples->items[from].label))
        end++;
    return end - from;
}

enum status forecasts_make(const struct counts *counts, const struct sample_list *samples, struct arena *arena,
                           struct forecast_list *out)
{
    for (size_t i = 0, length; i < samples->count; i += length) {
        length = run_length(samples, i);
        for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
            if (slice_equal(samples->items[i].name, slice_from(metric_rows[rows[row].id].name)))
                forecast(counts, row, &samples->items[i], length, arena, out);
    }
    return ST_OK;
}
