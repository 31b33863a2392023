#include "domain/supervision/figures.h"

#include <math.h>
#include <stdlib.h>

#include "domain/supervision/supervision.h"

enum { SURE_MAX = 1000, WEEKDAY_OF_DAY_0 = 3 /* Thursday, from Monday */ };

uint32_t figures_day_of(struct instant at)
{
    const int64_t day_us = INT64_C(86400) * 1000000;
    return at.us <= 0 ? 0 : (uint32_t)(at.us / day_us);
}

uint32_t figures_level_of(uint32_t confidence)
{
    uint32_t level = confidence * FIGURE_LEVELS / SURE_MAX;
    return level < FIGURE_LEVELS ? level : FIGURE_LEVELS - 1;
}

/* E. B. Wilson, "Probable inference", 1927: good for small numbers and for shares near 0, where the errors are. */
struct figures_error figures_error_of(uint32_t judged, uint32_t wrong)
{
    const double z = 1.959964, n = judged, share = judged == 0 ? 0 : wrong / n;
    struct figures_error out = {.judged = judged, .wrong = wrong, .high = SURE_MAX};
    if (judged == 0)
        return out;
    double middle = share + z * z / (2 * n), half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    double low = (middle - half) / (1 + z * z / n), high = (middle + half) / (1 + z * z / n);
    out.low = wrong == 0 ? 0 : (uint32_t)(low * SURE_MAX + 0.5);
    out.high = wrong == judged ? SURE_MAX : (uint32_t)(high * SURE_MAX + 0.5);
    return out;
}

static bool judges(const struct supervised *one)
{
    return one->sample != 0 || slice_equal(one->decision, slice_from(decision_act_names[DECISION_APPROVE])) ||
           slice_equal(one->decision, slice_from(decision_act_names[DECISION_CORRECT]));
}

static bool agrees(const struct supervised *one)
{
    if (one->sample != 0)
        return one->agreed == AGREED;
    return judges(one) && one->changed.len == 0;
}

/* Days */

static struct figures_day *day_of(struct figures_day_list *days, uint32_t day, struct arena *arena)
{
    for (size_t i = days->count; i-- > 0;) /* mostly the last one */
        if (days->items[i].day == day)
            return &days->items[i];
    ARENA_PUSH(arena, days, ((struct figures_day){.day = day}));
    return &days->items[days->count - 1];
}

static int by_day(const void *a, const void *b)
{
    uint32_t left = ((const struct figures_day *)a)->day, right = ((const struct figures_day *)b)->day;
    return left < right ? -1 : left > right;
}

static void sort_days(struct figures_day_list *days)
{
    if (days->count > 0)
        qsort(days->items, days->count, sizeof *days->items, by_day);
}

static void add_day(struct figures_day *to, const struct figures_day *from)
{
    to->messages += from->messages;
    to->doubts += from->doubts;
    to->decided += from->decided;
    to->judged += from->judged;
    to->agreed += from->agreed;
}

static void make_weeks(struct figures *out, struct arena *arena)
{
    for (size_t i = 0; i < out->days.count; i++) {
        uint32_t day = out->days.items[i].day, since = (day + WEEKDAY_OF_DAY_0) % 7;
        add_day(day_of(&out->weeks, day < since ? 0 : day - since, arena), &out->days.items[i]);
    }
}

/* Groups */

struct times {
    uint32_t *waited, *held;
    size_t count;
};

static int by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* The nearest rank: one of the values. */
static uint32_t rank_of(const uint32_t *sorted, size_t count, unsigned percent)
{
    return count == 0 ? 0 : sorted[(count * percent + 99) / 100 - 1];
}

static void set_times(struct figures_group *group, struct times *times)
{
    if (times->count == 0)
        return;
    qsort(times->waited, times->count, sizeof *times->waited, by_number);
    qsort(times->held, times->count, sizeof *times->held, by_number);
    group->waited_s = rank_of(times->waited, times->count, 50);
    group->waited_p90_s = rank_of(times->waited, times->count, 90);
    group->held_s = rank_of(times->held, times->count, 50);
    group->held_p90_s = rank_of(times->held, times->count, 90);
}

static bool is_of(const struct figures_group *group, const struct supervised *one)
{
    return group->reason.len == 0 || (group->language == one->language && slice_equal(group->reason, one->reason));
}

/* Of all decisions (no reason), or of those of its language and reason. */
static void fill_group(struct figures_group *group, const struct supervised_list *decisions, struct arena *arena)
{
    struct times times = {ARENA_ARRAY(arena, decisions->count + 1, uint32_t),
                          ARENA_ARRAY(arena, decisions->count + 1, uint32_t), 0};
    for (size_t i = 0; i < decisions->count; i++) {
        const struct supervised *one = &decisions->items[i];
        if (!is_of(group, one))
            continue;
        group->decided++;
        group->judged += judges(one);
        group->agreed += agrees(one);
        times.waited[times.count] = one->waited_s;
        times.held[times.count++] = one->held_s;
    }
    set_times(group, &times);
}

static bool has_group(const struct figures_group_list *groups, const struct supervised *one)
{
    for (size_t i = 0; i < groups->count; i++)
        if (is_of(&groups->items[i], one))
            return true;
    return false;
}

static int by_reason(const void *a, const void *b)
{
    const struct figures_group *left = a, *right = b;
    int order = slice_compare(left->reason, right->reason);
    return order != 0 ? order : (int)left->language - (int)right->language;
}

/* As many as there are reasons and languages: few. */
static void make_groups(struct figures *out, const struct supervised_list *decisions, struct arena *arena)
{
    for (size_t i = 0; i < decisions->count; i++) {
        const struct supervised *one = &decisions->items[i];
        if (one->reason.len > 0 && !has_group(&out->groups, one))
            ARENA_PUSH(arena, &out->groups, ((struct figures_group){.language = one->language, .reason = one->reason}));
    }
    for (size_t i = 0; i < out->groups.count; i++)
        fill_group(&out->groups.items[i], decisions, arena);
    if (out->groups.count > 0)
        qsort(out->groups.items, out->groups.count, sizeof *out->groups.items, by_reason);
    fill_group(&out->all, decisions, arena);
}

/* Errors */

struct figures_error figures_looks(const struct supervised_list *decisions, uint32_t first_day, uint32_t last_day)
{
    uint32_t looks = 0, wrong = 0;
    for (size_t i = 0; i < decisions->count; i++) {
        const struct supervised *one = &decisions->items[i];
        uint32_t day = figures_day_of(one->at);
        bool counts = one->sample != 0 && day >= first_day && day <= last_day;
        looks += counts;
        wrong += counts && !agrees(one);
    }
    return figures_error_of(looks, wrong);
}

static void make_errors(struct figures *out, const struct supervised_list *decisions)
{
    uint32_t judged[FIGURE_LEVELS] = {0}, wrong[FIGURE_LEVELS] = {0};
    for (size_t i = 0; i < decisions->count; i++) {
        const struct supervised *one = &decisions->items[i];
        uint32_t level = figures_level_of(one->confidence);
        judged[level] += judges(one);
        wrong[level] += judges(one) && !agrees(one);
    }
    for (size_t i = 0; i < FIGURE_LEVELS; i++)
        out->levels[i] = figures_error_of(judged[i], wrong[i]);
    out->sampled = figures_looks(decisions, 0, UINT32_MAX);
}

void figures_make(const struct read_count_list *reads, const struct supervised_list *decisions, struct arena *arena,
                  struct figures *out)
{
    *out = (struct figures){0};
    for (size_t i = 0; i < reads->count; i++) {
        const struct read_count *read = &reads->items[i];
        add_day(day_of(&out->days, read->day, arena),
                &(struct figures_day){.messages = read->total, .doubts = read->doubts});
    }
    for (size_t i = 0; i < decisions->count; i++) {
        const struct supervised *one = &decisions->items[i];
        add_day(day_of(&out->days, figures_day_of(one->at), arena),
                &(struct figures_day){.decided = 1, .judged = judges(one), .agreed = agrees(one)});
    }
    sort_days(&out->days);
    make_weeks(out, arena);
    make_groups(out, decisions, arena);
    make_errors(out, decisions);
}
