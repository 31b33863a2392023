#ifndef RENDEZ_DOMAIN_SETS_H
#define RENDEZ_DOMAIN_SETS_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* The calendar of backups: which set is due, and which has had its time. No clock, no files: years of it
 * are tried in a second (test_sets.c).
 *
 * A *backup day* begins at the hour of the rule, on the wall of its zone, and has the date on which it begins.
 * Each has a set of the highest kind that is due then: the first of a month is monthly, the first of an ISO
 * week weekly, any other daily. Hourly ones come between, where they are wanted. */

enum set_kind { SET_HOURLY, SET_DAILY, SET_WEEKLY, SET_MONTHLY, SET_KIND_COUNT_ };
extern const char *const set_kind_names[SET_KIND_COUNT_];

/* Kept of each kind: it ends when so many newer ones of its kind or a higher are there. None is ever kept
 * for longer than a calendar month. */
enum { SETS_HOURLY_KEPT = 2, SETS_DAILY_KEPT = 7, SETS_WEEKLY_KEPT = 5, SETS_MONTHLY_KEPT = 1 };
/* The newest may be so old before somebody is told. */
enum { SETS_LATE_HOURS = 26 };

struct backup_set {
    struct slice name; /* "2026-11-25T0300Z-daily" */
    struct instant made;
    enum set_kind kind;
};
struct backup_set_list {
    struct backup_set *items;
    size_t count, capacity;
};

struct sets_rule {
    const struct zone *zone;
    uint32_t hour; /* 0 to 23, on the wall */
    bool hourly;
};

/* Date of the backup day that `at` is in. */
struct civil_date sets_day(const struct sets_rule *rule, struct instant at);

/* Whether a set is to be made now, and which. */
bool sets_due(const struct sets_rule *rule, const struct backup_set_list *sets, struct instant now,
              enum set_kind *kind);

/* Whether a set of the list has had its time. One that was made in the future (the clock was wrong, then or
 * now) ends as soon as there is one that was not. */
bool sets_is_over(const struct sets_rule *rule, const struct backup_set_list *sets,
                  const struct backup_set *set, struct instant now);
/* A calendar month after it was made, whatever else there is. */
struct instant sets_latest_end(const struct sets_rule *rule, const struct backup_set *set);

/* What is not there and should be, since the oldest of the list: a day of the last six, an ISO week or a
 * month that ended since. The backup day that `now` is in does not count. */
struct sets_gaps {
    uint32_t days, weeks, months;
    struct civil_date first; /* day of the first gap; of a week or month its first day in question */
    bool is_late;            /* the newest is older than SETS_LATE_HOURS, or there is none */
    struct duration age;     /* of the newest; 0 where there is none */
};
struct sets_gaps sets_find_gaps(const struct sets_rule *rule, const struct backup_set_list *sets,
                                struct instant now);

/* The name of a set, and back. ST_INVALID: it is none. */
struct slice set_name_format(struct instant made, enum set_kind kind, struct arena *arena);
MUST_USE enum status set_name_parse(struct slice name, struct backup_set *out, struct problem *why);

#endif
