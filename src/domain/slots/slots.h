#ifndef RENDEZ_DOMAIN_SLOTS_H
#define RENDEZ_DOMAIN_SLOTS_H

#include "domain/people/people.h"

/* Search for times when people can meet. */

/* One person whose time counts. */
struct slot_person {
    const struct person *person;
    const struct zone *zone;
    struct interval_list busy;  /* calendar and holds, sorted and merged */
    bool asks_hours;            /* working hours and holidays bind (calendar is known) */
};

struct slot_query {
    struct slot_person *people; /* the first is the organizer */
    size_t people_count;
    enum meeting_kind kind;
    bool in_person;
    uint32_t duration_min;
    uint32_t count;               /* how many to offer */
    struct instant now, until;    /* search in [now + notice, until) */
    struct interval_list allowed; /* wishes; an empty list allows everything */
    struct interval_list preferred;
    struct interval_list excluded; /* refused or already offered slots: not these again */
    bool hours_named; /* the wish names hours itself: kind hours and working hours of the
                         organizer give way where nothing inside them is free */
};

enum { SLOTS_DAYS_MAX = 400, SLOTS_COUNT_MAX = 50, SLOTS_ARENA_BYTES = 64 * 1024 * 1024 };

/* The best `count` slots in order of time: within allowed time, free with buffers for
 * all, inside working hours (or the kind's hours in the organizer's zone, on days that
 * are worked), on nobody's holiday. If any of them is preferred, all are; then, with
 * hours_named, those inside the organizer's hours come before those outside. They do not
 * overlap and are spread over days and over morning and afternoon, on round starts (hour
 * and half hour, quarter if need be, the beginning of a gap that has none of these).
 * No dinner begins after nine in the evening beside one that does not, and slots of one day lie
 * apart where they can. Fewer when there are fewer; none of more than SLOTS_DAYS_MAX days ahead.
 * ST_INVALID  no people, or no duration
 * ST_LIMIT    a duration of more than a day, a count of more than SLOTS_COUNT_MAX */
MUST_USE enum status slots_find(const struct slot_query *query, struct arena *arena,
                                struct interval_list *slots, struct problem *why);

enum slot_refusal {
    SLOT_FREE,
    SLOT_PAST,          /* too soon for the notice, or gone by */
    SLOT_BUSY,          /* somebody's calendar or hold */
    SLOT_OUTSIDE_HOURS,
    SLOT_HOLIDAY,
    SLOT_NOT_WISHED,
};
/* Whether one slot would do; *who (may be NULL) is the index of the person in the way,
 * the organizer where nobody is. With hours_named the organizer's hours do not refuse. */
enum slot_refusal slot_check(const struct slot_query *query, struct interval slot, size_t *who);

#endif
