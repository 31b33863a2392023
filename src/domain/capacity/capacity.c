#include "domain/capacity/capacity.h"

#include <stdlib.h>
#include <string.h>

enum { WEEK_HOURS = 7 * 24, DAY_HOURS = 24, SLOPES_MAX = 120 * 1000 };
/* A step is as many times wider than hourly changes are wide. */
static const double step_widths = 12.0;
/* Of the pairs so many more must point one way than the other, else it is noise. */
static const double agreement = 0.25;

struct values {
    double *items;
    size_t count;
};

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static double median(struct values values)
{
    qsort(values.items, values.count, sizeof *values.items, compare);
    size_t half = values.count / 2;
    return values.count % 2 == 1 ? values.items[half] : (values.items[half - 1] + values.items[half]) / 2;
}

static double distance(double a, double b)
{
    return a < b ? b - a : a - b;
}

/* The median change and the median distance from it (MAD). */
static void measure_changes(const struct capacity_point *points, size_t count, struct arena *arena, double *usual,
                            double *width)
{
    struct values changes = {ARENA_ARRAY(arena, count, double), count - 1};
    for (size_t i = 0; i + 1 < count; i++)
        changes.items[i] = points[i + 1].value - points[i].value;
    *usual = median(changes);
    for (size_t i = 0; i + 1 < count; i++)
        changes.items[i] = distance(points[i + 1].value - points[i].value, *usual);
    *width = median(changes);
}

/* The level of the next hours against that of those before: one wild value is no step. */
static double level_of(const struct capacity_point *points, size_t count, struct arena *arena)
{
    struct values values = {ARENA_ARRAY(arena, count, double), count};
    for (size_t i = 0; i < count; i++)
        values.items[i] = points[i].value;
    return median(values);
}

static void remove_steps(struct capacity_point *points, size_t count, struct arena *arena)
{
    enum { AROUND = 5 };
    double usual, width;
    measure_changes(points, count, arena, &usual, &width);
    for (size_t i = AROUND; i + AROUND <= count; i++) {
        double change = points[i].value - points[i - 1].value - usual;
        double lasting = level_of(points + i, AROUND, arena) - level_of(points + i - AROUND, AROUND, arena);
        bool wide = distance(change, 0) > step_widths * width && distance(lasting, 0) > distance(change, 0) / 2;
        /* Where nothing changes at all in most hours, each change is wide: it is how the thing grows. */
        if (!wide || width == 0)
            continue;
        for (size_t j = 0; j < i; j++)
            points[j].value += change;
    }
}

/* Slopes of pairs that are whole weeks apart (or any, of a short series), thinned out evenly. */
static struct values slopes_of(const struct capacity_point *points, size_t count, bool weekly, struct arena *arena)
{
    struct values slopes = {ARENA_ARRAY(arena, SLOPES_MAX, double), 0};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count && slopes.count < SLOPES_MAX; j++) {
            int64_t apart = points[j].hour - points[i].hour;
            bool fits = weekly ? apart % WEEK_HOURS == 0 : apart % DAY_HOURS == 0;
            if (fits && apart > 0)
                slopes.items[slopes.count++] = (points[j].value - points[i].value) / (double)apart;
        }
    }
    return slopes;
}

static bool agree(struct values slopes)
{
    size_t up = 0, down = 0;
    for (size_t i = 0; i < slopes.count; i++) {
        up += slopes.items[i] > 0;
        down += slopes.items[i] < 0;
    }
    size_t more = up > down ? up - down : down - up;
    return (double)more >= agreement * (double)slopes.count;
}

/* Where the line stands at the last point, by the points of the last week (a whole wave). */
static double level_now(const struct capacity_point *points, size_t count, double slope, struct arena *arena)
{
    int64_t last = points[count - 1].hour;
    struct values values = {ARENA_ARRAY(arena, count, double), 0};
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        if (last - points[i].hour < WEEK_HOURS)
            values.items[values.count++] = points[i].value + slope * (double)(last - points[i].hour);
    for (size_t i = 0; i < values.count; i++)
        sum += values.items[i];
    double middle = median(values), mean = sum / (double)values.count;
    /* The mean follows a wave better, the median wild values: between them lies little but for those. */
    return distance(mean, middle) > distance(middle, 0) / 20 ? middle : mean;
}

static void extrapolate(struct capacity_limit limit, double last, struct capacity_forecast *out)
{
    out->runs_out = limit.above ? last >= limit.value : last <= limit.value;
    if (out->runs_out || out->slope == 0 || (out->slope > 0) != limit.above)
        return;
    double hours = (limit.value - out->level) / out->slope;
    out->runs_out = hours < CAPACITY_FAR_HOURS;
    out->hours_left = out->runs_out && hours > 0 ? (int64_t)hours : 0;
}

enum status capacity_forecast(const struct capacity_point *points, size_t count, struct capacity_limit limit,
                              struct arena *arena, struct capacity_forecast *out)
{
    while (count > 0 && points[count - 1].hour - points[0].hour >= CAPACITY_HOURS) {
        points++;
        count--;
    }
    if (count < CAPACITY_POINTS_MIN)
        return ST_NOT_FOUND;
    struct capacity_point *own = ARENA_ARRAY(arena, count, struct capacity_point);
    memcpy(own, points, count * sizeof *own);
    remove_steps(own, count, arena);
    bool weekly = own[count - 1].hour - own[0].hour >= 2 * WEEK_HOURS;
    struct values slopes = slopes_of(own, count, weekly, arena);
    struct capacity_forecast found = {0};
    if (slopes.count == 0)
        return ST_NOT_FOUND;
    found.slope = agree(slopes) ? median(slopes) : 0;
    found.level = level_now(own, count, found.slope, arena);
    extrapolate(limit, points[count - 1].value, &found);
    *out = found;
    return ST_OK;
}
