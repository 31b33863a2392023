#ifndef RENDEZ_DOMAIN_CALENDAR_H
#define RENDEZ_DOMAIN_CALENDAR_H

#include "base/datetime/datetime.h"
#include "formats/ical/ical.h"

/* Occurrences, busy times and holidays of calendars. No I/O, no clock. */

enum {
    CALENDAR_OCCURRENCES_MAX = 100000,
    CALENDAR_ARENA_BYTES = 96 * 1024 * 1024, /* what one expansion may take from an arena */
};

struct occurrence {
    struct interval span;
    struct slice uid, summary;
    bool busy, all_day;
    bool tentative; /* STATUS:TENTATIVE, FBTYPE=BUSY-TENTATIVE; busy all the same */
};
struct occurrence_list {
    struct occurrence *items;
    size_t count, capacity;
};

/* Every occurrence that overlaps `window`, in order of start, exceptions applied,
 * wall-clock steady across changes of offset. Strangers' rules are bounded: one that
 * gives nothing or never ends costs at most a fixed amount of work.
 *   owner  address whose DECLINED attendance makes an event free
 *   zone   of floating and all-day events
 * Busy is as the scenario format says: not TRANSPARENT, not CANCELLED, not marked FREE
 * or WORKINGELSEWHERE, not declined by the owner.
 * An instance moved by RANGE=THISANDFUTURE moves with its followers; VFREEBUSY periods
 * and what a VAVAILABILITY leaves unavailable are occurrences without UID.
 * ST_LIMIT  more than CALENDAR_OCCURRENCES_MAX, or rules that take too much work */
MUST_USE enum status calendar_occurrences(const struct ical_calendar *calendar, struct slice owner,
                                          const struct zone *zone, struct interval window,
                                          struct arena *arena, struct occurrence_list *out,
                                          struct problem *why);

/* The busy ones, merged where they touch or overlap, clipped to the window. */
MUST_USE enum status calendar_busy(const struct ical_calendar *calendar, struct slice owner,
                                   const struct zone *zone, struct interval window,
                                   struct arena *arena, struct interval_list *busy,
                                   struct problem *why);

/* The starts of one rule as local readings of the zone (bounded by `count_max` and
 * `until`, exclusive). `zone` (NULL: none) reads an UNTIL in UTC. DTSTART is always the first instance (RFC 5545). ST_INVALID for a rule
 * that cannot be read. */
MUST_USE enum status calendar_recur(struct civil dtstart, bool is_date, struct slice rrule,
                                    const struct zone *zone, struct civil until, size_t count_max,
                                    struct arena *arena, struct civil_interval_list *starts,
                                    struct problem *why);

/* Public holidays, computed (no table of years). Countries: FR, GB, IE, US, SG, BE, CH,
 * DE, ES, IT, LU, NL, CA; any other country has none.
 * *name (may be NULL): in the country's first language. */
bool calendar_is_holiday(struct slice country, struct civil_date date, const char **name);

/* Interval algebra on sorted lists: all results are sorted and merged. */
void intervals_normalise(struct interval_list *list); /* sorts, merges, drops empty ones */
struct interval_list intervals_union(struct arena *arena, struct interval_list a,
                                     struct interval_list b);
struct interval_list intervals_intersect(struct arena *arena, struct interval_list a,
                                         struct interval_list b);
struct interval_list intervals_subtract(struct arena *arena, struct interval_list a,
                                        struct interval_list b);
bool intervals_contain(struct interval_list list, struct interval span);
bool intervals_overlap(struct interval_list list, struct interval span);

#endif
