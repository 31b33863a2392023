#ifndef RENDEZ_ROLES_KEYD_RATES_H
#define RENDEZ_ROLES_KEYD_RATES_H

#include "platform/loop/loop.h"

/* How often meetings are opened, and by whom. A person who opens more in an hour than the
 * settings allow, or several times what is usual for them, is *paused*: nothing is opened for
 * them until an operator says otherwise. A role that opens more than its limit is only told of,
 * once an hour: the service would stop.
 *
 * Hours are those of the monotonic clock, from this process's start. What is usual for a person
 * is the mean of the hours in which they opened anything, the last ones counting most
 * (each new hour an eighth); it counts from the eighth such hour on, and never for fewer than
 * RATE_UNUSUAL_LEAST openings. All of it is in memory, of at most RATE_PEOPLE_MAX people:
 * whoever was seen longest ago and is not paused makes room. */
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
};

enum rate_verdict {
    RATE_FINE,
    RATE_OVER_LIMIT, /* just now: the one that raises the alert */
    RATE_UNUSUAL,    /* the same, by what is usual for them */
    RATE_PAUSED,     /* since before; or too many are */
    RATE_VERDICT_COUNT_,
};
extern const char *const rate_verdict_names[RATE_VERDICT_COUNT_]; /* fine, limit, unusual, paused */

struct rates *rates_create(struct rate_limits limits);
void rates_destroy(struct rates **rates); /* accepts NULL */

/* One more opening is asked for; counted whether it is allowed or not. *count is theirs in this hour. */
enum rate_verdict rates_count_person(struct rates *rates, struct slice person, struct monotonic at,
                                     uint32_t *count);
/* role: its number. RATE_OVER_LIMIT once an hour, else RATE_FINE. */
enum rate_verdict rates_count_role(struct rates *rates, unsigned role, struct monotonic at,
                                   uint32_t *count);

/* All may again; the hour begins anew for them. How many were paused. */
unsigned rates_lift(struct rates *rates);

#endif
