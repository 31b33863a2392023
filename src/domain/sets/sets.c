#include "domain/sets/sets.h"

#include <stdio.h>

const char *const set_kind_names[SET_KIND_COUNT_] = {"hourly", "daily", "weekly", "monthly"};

static const size_t kept[SET_KIND_COUNT_] = {SETS_HOURLY_KEPT, SETS_DAILY_KEPT, SETS_WEEKLY_KEPT,
                                             SETS_MONTHLY_KEPT};

enum { DAYS_LOOKED_AT = SETS_DAILY_KEPT - 1 }; /* and the one that has begun */

/* Ahead of the clock by more than what a leap, a zone or a mended clock explains. */
static bool is_strange(const struct backup_set *set, struct instant now)
{
    return set->made.us - now.us > DAY_US;
}

struct civil_date sets_day(const struct sets_rule *rule, struct instant at)
{
    struct civil_date date = civil_from_instant(at, rule->zone).date;
    struct instant begins = civil_to_instant(civil_at(date, (int)rule->hour, 0), rule->zone);
    return at.us < begins.us ? civil_date_add(date, -1) : date;
}

static bool same_day(struct civil_date a, struct civil_date b)
{
    return civil_date_compare(a, b) == 0;
}

static bool same_week(struct civil_date a, struct civil_date b)
{
    int32_t year_a, year_b;
    int week_a = civil_date_iso_week(a, &year_a), week_b = civil_date_iso_week(b, &year_b);
    return week_a == week_b && year_a == year_b;
}

static bool same_month(struct civil_date a, struct civil_date b)
{
    return a.year == b.year && a.month == b.month;
}

/* Of that kind or a higher, with a day of its own that `same` finds to be like `day`. */
static bool has_one(const struct sets_rule *rule, const struct backup_set_list *sets, enum set_kind kind,
                    bool (*same)(struct civil_date, struct civil_date), struct civil_date day,
                    struct instant now)
{
    for (size_t i = 0; i < sets->count; i++)
        if (sets->items[i].kind >= kind && !is_strange(&sets->items[i], now) &&
            same(sets_day(rule, sets->items[i].made), day))
            return true;
    return false;
}

static const struct backup_set *newest(const struct backup_set_list *sets, struct instant now)
{
    const struct backup_set *found = NULL;
    for (size_t i = 0; i < sets->count; i++)
        if (!is_strange(&sets->items[i], now) && (found == NULL || sets->items[i].made.us > found->made.us))
            found = &sets->items[i];
    return found;
}

bool sets_due(const struct sets_rule *rule, const struct backup_set_list *sets, struct instant now,
              enum set_kind *kind)
{
    struct civil_date today = sets_day(rule, now);
    if (!has_one(rule, sets, SET_DAILY, same_day, today, now)) {
        *kind = !has_one(rule, sets, SET_MONTHLY, same_month, today, now) ? SET_MONTHLY
                : !has_one(rule, sets, SET_WEEKLY, same_week, today, now) ? SET_WEEKLY
                                                                          : SET_DAILY;
        return true;
    }
    *kind = SET_HOURLY;
    int64_t age = now.us - newest(sets, now)->made.us; /* there is today's */
    return rule->hourly && (age >= HOUR_US || age < -HOUR_US);
}

struct instant sets_latest_end(const struct sets_rule *rule, const struct backup_set *set)
{
    struct civil wall = civil_from_instant(set->made, rule->zone);
    wall.date = civil_date_add_months(wall.date, 1);
    return civil_to_instant(wall, rule->zone);
}

static bool is_newer(const struct backup_set *other, const struct backup_set *set, struct instant now)
{
    return other->kind >= set->kind && other->made.us > set->made.us && !is_strange(other, now);
}

/* Several of one day (somebody asked for one) count once. */
static size_t count_newer(const struct sets_rule *rule, const struct backup_set_list *sets,
                          const struct backup_set *set, struct instant now)
{
    size_t newer = 0;
    for (size_t i = 0; i < sets->count; i++) {
        bool counts = is_newer(&sets->items[i], set, now);
        for (size_t k = 0; counts && set->kind != SET_HOURLY && k < i; k++)
            counts = !is_newer(&sets->items[k], set, now) ||
                     !same_day(sets_day(rule, sets->items[k].made), sets_day(rule, sets->items[i].made));
        newer += counts;
    }
    return newer;
}

bool sets_is_over(const struct sets_rule *rule, const struct backup_set_list *sets,
                  const struct backup_set *set, struct instant now)
{
    if (is_strange(set, now))
        return newest(sets, now) != NULL;
    if (sets_latest_end(rule, set).us <= now.us)
        return true;
    return count_newer(rule, sets, set, now) >= kept[set->kind];
}

static void note_gap(uint32_t *count, struct civil_date day, struct sets_gaps *gaps)
{
    if (gaps->days + gaps->weeks + gaps->months == 0 || civil_date_compare(day, gaps->first) < 0)
        gaps->first = day;
    ++*count;
}

/* Days from `from` to before `today`; a week or month is looked for on its last day. */
static void look_at_days(const struct sets_rule *rule, const struct backup_set_list *sets, struct civil_date from,
                         struct civil_date today, struct instant now, struct sets_gaps *gaps)
{
    for (struct civil_date day = from; civil_date_compare(day, today) < 0; day = civil_date_add(day, 1)) {
        struct civil_date next = civil_date_add(day, 1);
        bool recent = civil_date_to_days(today) - civil_date_to_days(day) <= DAYS_LOOKED_AT;
        if (recent && !has_one(rule, sets, SET_DAILY, same_day, day, now))
            note_gap(&gaps->days, day, gaps);
        if (!same_week(day, next) && !has_one(rule, sets, SET_WEEKLY, same_week, day, now))
            note_gap(&gaps->weeks, day, gaps);
        if (!same_month(day, next) && !has_one(rule, sets, SET_MONTHLY, same_month, day, now) &&
            !has_one(rule, sets, SET_MONTHLY, same_month, next, now)) /* the new one ends the old one */
            note_gap(&gaps->months, day, gaps);
    }
}

struct sets_gaps sets_find_gaps(const struct sets_rule *rule, const struct backup_set_list *sets,
                                struct instant now)
{
    struct sets_gaps gaps = {.is_late = true};
    const struct backup_set *last = newest(sets, now), *first = last;
    if (last == NULL)
        return gaps;
    for (size_t i = 0; i < sets->count; i++)
        if (sets->items[i].made.us < first->made.us)
            first = &sets->items[i];
    gaps.age.us = last->made.us < now.us ? now.us - last->made.us : 0;
    gaps.is_late = gaps.age.us > SETS_LATE_HOURS * HOUR_US;
    look_at_days(rule, sets, sets_day(rule, first->made), sets_day(rule, now), now, &gaps);
    return gaps;
}

struct slice set_name_format(struct instant made, enum set_kind kind, struct arena *arena)
{
    struct civil at = civil_from_us(made.us);
    return arena_format(arena, "%04d-%02d-%02dT%02d%02dZ-%s", at.date.year, at.date.month, at.date.day, at.hour,
                        at.minute, set_kind_names[kind]);
}

enum status set_name_parse(struct slice name, struct backup_set *out, struct problem *why)
{
    enum { STAMP = 16 }; /* 2026-11-25T0300Z */
    struct problem none;
    struct civil at;
    AUTO_ARENA arena = arena_create(4096);
    struct slice kind = slice_sub(name, STAMP + 1, SIZE_MAX);
    if (name.len < STAMP + 2 || name.data[STAMP] != '-' || name.data[STAMP - 1] != 'Z')
        return problem_set(why, ST_INVALID, "this is no name of a backup set");
    struct slice text = arena_format(arena, "%.*s:%.*s", 13, name.data, 2, name.data + 13);
    for (unsigned i = 0; i < SET_KIND_COUNT_; i++)
        if (slice_equal(kind, slice_from(set_kind_names[i])) && civil_parse(text, &at, &none) == ST_OK) {
            *out = (struct backup_set){name, {civil_to_us(at)}, (enum set_kind)i};
            return ST_OK;
        }
    return problem_set(why, ST_INVALID, "this is no name of a backup set");
}
