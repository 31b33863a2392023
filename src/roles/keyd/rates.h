#ifndef RENDEZ_ROLES_KEYD_RATES_H
#define RENDEZ_ROLES_KEYD_RATES_H

#include "platform/loop/loop.h"

/* How often meetings are opened, and by whom. A person who opens more in an hour than the
 * settings allow, or several times what is usual for them, is *paused*: nothing is opened for
 * them until an operator says otherwise. A role that opens more than its limit is only told of,
 * once an hour: the service would stop.
 *
 * Hours are those of the monotonic clock. What is usual for a person
 * is the mean of the hours in which they opened anything, the last ones counting most
 * (each new hour an eighth); it counts from the eighth such hour on, and never for fewer than
 * RATE_UNUSUAL_LEAST openings. Known are at most RATE_PEOPLE_MAX people:
 * whoever was seen longest ago and is not paused makes room.
 *
 * What is counted of a person is kept (openings.h) before it is answered, so that whoever can make
 * this process fall ends no pause and no hour. Of roles it is in memory only. */
struct rates;
#define AUTO_RATES __attribute__((cleanup(rates_destroy))) struct rates *

struct rate_limits { /* in an hour; 0: no limit */
    uint32_t per_person, per_role;
};
enum {
    RATE_PEOPLE_MAX = 4096,
    RATE_ROLES_MAX = 16,
    RATE_HOURS_KNOWN = 8,    /* from when on a person's usual rate counts */
    RATE_TIMES_USUAL = 4,
    RATE_UNUSUAL_LEAST = 20,
    RATE_HOUR_MS = 3600 * 1000,
    RATE_ID_MAX = 64,
};

/* A person, in one of RATE_PEOPLE_MAX places. */
struct rate_opener {
    char id[RATE_ID_MAX];
    uint8_t len; /* 0: the place is free */
    bool paused;
    int64_t hour;    /* of the monotonic clock, in which `count` was counted */
    uint32_t count;
    uint32_t hours;  /* before this one, with any opening */
    uint32_t usual;  /* their mean, times 64 */
    int64_t seen_ms; /* by the monotonic clock */
};
/* Called before what was counted is answered. False: it is not kept, and is refused. */
typedef bool rates_keep_fn(void *context, size_t place, const struct rate_opener *one);

enum rate_verdict {
    RATE_FINE,
    RATE_OVER_LIMIT, /* just now: the one that raises the alert */
    RATE_UNUSUAL,    /* the same, by what is usual for them */
    RATE_PAUSED,     /* since before; or too many are; or nobody knows who is, or it cannot be kept */
    RATE_VERDICT_COUNT_,
};
extern const char *const rate_verdict_names[RATE_VERDICT_COUNT_]; /* fine, limit, unusual, paused */

/* keep: NULL: nothing is kept. */
struct rates *rates_create(struct rate_limits limits, rates_keep_fn *keep, void *context);
void rates_destroy(struct rates **rates); /* accepts NULL */
/* What is in a place, and what was kept of it. */
const struct rate_opener *rates_opener(const struct rates *rates, size_t place);
void rates_take(struct rates *rates, size_t place, const struct rate_opener *one);
/* Nobody knows who is paused: everybody is, until that is lifted. */
void rates_close(struct rates *rates);

/* One more opening is asked for; counted whether it is allowed or not. *count is theirs in this hour. */
enum rate_verdict rates_count_person(struct rates *rates, struct slice person, struct monotonic at,
                                     uint32_t *count);
/* role: its number. RATE_OVER_LIMIT once an hour, else RATE_FINE. */
enum rate_verdict rates_count_role(struct rates *rates, unsigned role, struct monotonic at,
                                   uint32_t *count);

/* All may again; the hour begins anew for them. How many were paused. To be kept by who calls it. */
unsigned rates_lift(struct rates *rates);
unsigned rates_paused(const struct rates *rates); /* people */

#endif
