#ifndef RENDEZ_DOMAIN_CALENDAR_INTERNAL_H
#define RENDEZ_DOMAIN_CALENDAR_INTERNAL_H

#include "domain/calendar/calendar.h"

enum {
    RECUR_BYDAY_MAX = 128,
    RECUR_SETPOS_MAX = 128,
    /* Steps of work: a period tried or a reading made. About 10 ms; more than twice
     * CALENDAR_OCCURRENCES_MAX, so that a rule is never cut short without ST_LIMIT. */
    RECUR_STEPS_MAX = 300000,
    CALENDAR_STEPS_MAX = 2000000,
};

enum recur_freq {
    FREQ_SECONDLY,
    FREQ_MINUTELY,
    FREQ_HOURLY,
    FREQ_DAILY,
    FREQ_WEEKLY,
    FREQ_MONTHLY,
    FREQ_YEARLY,
};

/* Numbers from -last to last, without 0 ("BYMONTHDAY=1,-1"). */
struct number_set {
    bool given;
    uint64_t from_start[6], from_end[6]; /* bit n: the n-th, the n-th last */
};

struct recur_rule {
    enum recur_freq freq;
    uint32_t interval, count; /* count: 0 for none */
    enum ical_time_kind until_kind;
    struct civil until;
    enum weekday week_start;
    enum { SKIP_OMIT, SKIP_BACKWARD, SKIP_FORWARD } skip; /* RFC 7529 */
    uint64_t seconds, minutes, hours, months;             /* bit n; 0 for none given */
    struct number_set monthdays, yeardays, weeks;
    uint8_t weekdays; /* bit n: every one of that day */
    struct weekday_nth {
        int16_t nth;
        uint8_t weekday;
    } nths[RECUR_BYDAY_MAX]; /* "2MO" */
    size_t nth_count;
    int16_t positions[RECUR_SETPOS_MAX];
    size_t position_count;
};

/* ST_INVALID names the part that is wrong. Parts beginning with X- are ignored. */
enum status recur_rule_parse(struct slice text, struct recur_rule *rule, struct problem *why);

/* Calls `visit` for each reading of the series in [from, until), in order; DTSTART first
 * with `has_start` (an EXRULE, or a second RRULE, does not count it).
 * Ends when visit answers false, after RECUR_STEPS_MAX or when *steps (of the whole
 * calendar) is used up.
 *   zone  of DTSTART, for an UNTIL in UTC; NULL: UNTIL is read like DTSTART */
struct recur {
    struct recur_rule rule;
    struct civil dtstart;
    bool is_date, has_start;
    const struct zone *zone;
};
typedef bool recur_visit_fn(void *context, struct civil start);
void recur_run(const struct recur *recur, struct civil from, struct civil until, int64_t *steps,
               recur_visit_fn *visit, void *context);

/* One calendar being expanded over one window. */
struct expansion {
    const struct ical_calendar *calendar;
    struct slice owner;
    const struct zone *zone; /* of floating and all-day events */
    struct interval window;
    struct arena *arena;
    struct occurrence_list out;
    int64_t steps;
    size_t available; /* occurrences of AVAILABLE parts, which bound memory too */
    bool full;
    struct slice last_zone_name; /* most events of a calendar are in one zone */
    const struct zone *last_zone;
};

/* When a time is, in the calendar's zones. */
struct instant expansion_instant(struct expansion *x, struct ical_time time);
/* Adds an occurrence of `event` if it touches the window. */
void expansion_push(struct expansion *x, const struct ical_event *event, struct interval span);
/* Adds every occurrence of one event that has no exceptions. */
void expansion_add(struct expansion *x, const struct ical_event *event);
/* availability.c: what VAVAILABILITY leaves unavailable. */
void expansion_push_unavailable(struct expansion *x);

#endif
