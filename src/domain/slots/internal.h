#ifndef RENDEZ_DOMAIN_SLOTS_INTERNAL_H
#define RENDEZ_DOMAIN_SLOTS_INTERNAL_H

#include "domain/calendar/calendar.h"
#include "domain/slots/slots.h"

/* A start that is possible, with what makes it better or worse. */
struct candidate {
    struct interval span;
    int64_t day; /* number of the organizer's local date */
    bool afternoon;
    int cost; /* of the start itself: round and comfortable is cheap */
};
struct candidate_list {
    struct candidate *items;
    size_t count, capacity;
};

/* Where a meeting of this query may lie, person by person (all sorted and merged).
 * hours_of: [window] on days that the person works, in working hours or kind hours. */
struct interval_list hours_of(const struct slot_query *query, size_t index, struct interval window,
                              struct arena *arena);
/* Whole days that are holidays where the person works. */
/* Within 90 minutes of the hours of the kind, over the days of `within`. */
struct interval_list meal_times(const struct slot_query *query, struct interval_list within,
                                struct arena *arena);
struct interval_list holidays_of(const struct slot_query *query, size_t index,
                                 struct interval window, struct arena *arena);
/* Busy times with the free time that a meeting needs around it. */
struct interval_list blocked_of(const struct slot_query *query, size_t index,
                                struct interval window, struct arena *arena);

/* Every start in `free` where the duration fits. */
struct candidate_list candidates_in(const struct slot_query *query, struct interval_list free,
                                    struct arena *arena);
/* The best `count` of them that do not overlap, in order of time. */
struct interval_list candidates_choose(const struct slot_query *query, struct candidate_list list,
                                       struct arena *arena);

#endif
