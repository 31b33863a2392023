/* Backtests: series of which one knows when they run out. */
#include "domain/capacity/capacity.h"

#include <math.h>
#include <stdio.h>

#include "check.h"

enum { ARENA_MAX = 64 << 20, DAY = 24, WARN_HOURS = 14 * DAY, HOURS_MAX = 400 * DAY };

static uint32_t seed;
/* About normal, of width 1 (sum of twelve). */
static double noise(void)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        seed = seed * 1664525u + 1013904223u;
        sum += (double)(seed >> 8) / (1 << 24);
    }
    return sum;
}

/* What falls (or grows) from `start` to the limit, with what life adds. */
struct series {
    const char *name;
    double start, limit;
    double day;     /* change in a day */
    double width;   /* of the noise */
    double weekend; /* of the change, on Saturday and Sunday: 1 as on others */
    double daily;   /* height of a wave over the day */
    int step_day;   /* then it jumps once; 0: never */
    double step;
    double wild;    /* every 17th value is off by so much */
    int missing;    /* each so-many-th hour has no value; 0: none */
};

static double change_in(const struct series *series, int hour)
{
    int weekday = hour / DAY % 7;
    return series->day / DAY * (weekday >= 5 ? series->weekend : 1);
}

static double value_at(const struct series *series, int hour, double base)
{
    double value = base + series->width * noise() + series->daily * sin(hour * 2 * 3.14159265 / DAY);
    if (series->step_day > 0 && hour >= series->step_day * DAY)
        value += series->step;
    return hour % 17 == 0 ? value + series->wild : value;
}

/* The hour in which the line without noise reaches the limit. */
static int end_of(const struct series *series)
{
    double base = series->start;
    for (int hour = 0; hour < HOURS_MAX; hour++) {
        double value = base + (series->step_day > 0 && hour >= series->step_day * DAY ? series->step : 0);
        if (series->day < 0 ? value <= series->limit : value >= series->limit)
            return hour;
        base += change_in(series, hour);
    }
    return HOURS_MAX;
}

static enum status forecast_at(const struct series *series, int now, struct capacity_forecast *out)
{
    static struct capacity_point points[HOURS_MAX];
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    size_t count = 0;
    double base = series->start;
    seed = 7;
    for (int hour = 0; hour < now; hour++) {
        double value = value_at(series, hour, base);
        base += change_in(series, hour);
        if (series->missing == 0 || hour % series->missing != 0)
            points[count++] = (struct capacity_point){hour, value};
    }
    struct capacity_limit limit = {series->limit, series->limit > series->start};
    return capacity_forecast(points, count, limit, arena, out);
}

static const struct series ending[] = {
    {"a line",                 1000, 0, -10, 0, 1, 0, 0, 0, 0, 0},
    {"one that grows",         100, 1024, 9, 0, 1, 0, 0, 0, 0, 0},
    {"noise",                  1000, 0, -10, 15, 1, 0, 0, 0, 0, 0},
    {"much noise",             1000, 0, -10, 40, 1, 0, 0, 0, 0, 0},
    {"quiet weekends",         1000, 0, -12, 5, 0.1, 0, 0, 0, 0, 0},
    {"busy days",              1000, 0, -10, 5, 1, 30, 0, 0, 0, 0},
    {"weekends and days",      1000, 0, -12, 8, 0.2, 20, 0, 0, 0, 0},
    {"files deleted",          1000, 0, -10, 4, 1, 0, 50, 300, 0, 0},
    {"files deleted lately",   1000, 0, -10, 4, 1, 0, 66, 250, 0, 0},
    {"a large file came",      1000, 0, -8, 4, 1, 0, 40, -250, 0, 0},
    {"wild values",            1000, 0, -10, 4, 1, 0, 0, 0, 400, 0},
    {"hours without a value",  1000, 0, -10, 8, 0.5, 0, 0, 0, 0, 3},
    {"slow",                   1500, 0, -6, 10, 0.3, 10, 0, 0, 0, 0},
    {"descriptors that leak",  40, 1024, 11, 3, 0.5, 5, 0, 0, 0, 0},
};

/* From 60 days before the end on, and at least four weeks after the beginning. */
static void dates_are_right_to_a_tenth(void)
{
    double worst = 0;
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        const struct series *series = &ending[i];
        int end = end_of(series);
        check_row(series->name);
        CHECK(end < HOURS_MAX);
        for (int left = 60 * DAY; left >= 14 * DAY; left -= 5 * DAY) {
            int now = end - left;
            struct capacity_forecast found;
            if (now < 28 * DAY || (now < (series->step_day + 1) * DAY && series->step_day > 0))
                continue;
            CHECK_OK(forecast_at(series, now, &found));
            double error = fabs((double)(found.hours_left - left)) / left;
            worst = error > worst ? error : worst;
            CHECK(found.runs_out && error <= 0.10);
            if (error > 0.10)
                printf("#   %d days left, said %lld\n", left / DAY, (long long)found.hours_left / DAY);
        }
    }
    printf("# worst error of a date: %.1f %%\n", worst * 100);
}

/* Seen every day, each warns two weeks before its end, and not two months before. */
static void each_warns_in_time(void)
{
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        const struct series *series = &ending[i];
        int end = end_of(series), warned = 0;
        check_row(series->name);
        for (int now = 28 * DAY; now < end && warned == 0; now += DAY) {
            struct capacity_forecast found;
            CHECK_OK(forecast_at(series, now, &found));
            if (found.runs_out && found.hours_left <= WARN_HOURS + 2 * DAY)
                warned = end - now;
        }
        CHECK(warned >= WARN_HOURS);
        CHECK(warned <= WARN_HOURS * 2);
    }
}

static const struct series lasting[] = {
    {"nothing happens",        1000, 0, 0, 0, 1, 0, 0, 0, 0, 0},
    {"noise alone",            1000, 0, 0, 60, 1, 0, 0, 0, 0, 0},
    {"waves alone",            1000, 0, 0, 5, 1, 200, 0, 0, 0, 0},
    {"it gets more",           1000, 0, 5, 10, 1, 0, 0, 0, 0, 0},
    {"a step down, once",      1000, 0, 0, 3, 1, 0, 40, -400, 0, 0},
    {"wild values alone",      1000, 0, 0, 3, 1, 0, 0, 0, -500, 0},
};

static void what_lasts_does_not_warn(void)
{
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++) {
        check_row(lasting[i].name);
        for (int now = 20 * DAY; now < 90 * DAY; now += 3 * DAY) {
            struct capacity_forecast found;
            CHECK_OK(forecast_at(&lasting[i], now, &found));
            CHECK(!found.runs_out || found.hours_left > 90 * DAY);
        }
    }
}

static void edges(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct capacity_point points[CAPACITY_POINTS_MIN];
    struct capacity_forecast found;
    static const struct capacity_limit none = {0, false}, twenty = {20, false};
    for (int i = 0; i < CAPACITY_POINTS_MIN; i++)
        points[i] = (struct capacity_point){i, 480 - i * 10.0};
    CHECK_NUMBER(capacity_forecast(points, 0, none, arena, &found), ST_NOT_FOUND);
    CHECK_NUMBER(capacity_forecast(points, CAPACITY_POINTS_MIN - 1, none, arena, &found), ST_NOT_FOUND);
    CHECK_OK(capacity_forecast(points, CAPACITY_POINTS_MIN, none, arena, &found));
    CHECK(found.runs_out && found.hours_left >= 0 && found.hours_left <= 2);
    CHECK_OK(capacity_forecast(points, CAPACITY_POINTS_MIN, twenty, arena, &found));
    CHECK(found.runs_out && found.hours_left == 0); /* it has */
    for (int i = 0; i < CAPACITY_POINTS_MIN; i++)
        points[i].hour = i * 1000; /* only the last of these is not long ago */
    CHECK_NUMBER(capacity_forecast(points, CAPACITY_POINTS_MIN, none, arena, &found), ST_NOT_FOUND);
}

int main(void)
{
    TEST(dates_are_right_to_a_tenth);
    TEST(each_warns_in_time);
    TEST(what_lasts_does_not_warn);
    TEST(edges);
    return check_done();
}
