#ifndef RENDEZ_DOMAIN_CONTROL_SLA_H
#define RENDEZ_DOMAIN_CONTROL_SLA_H

#include "base/datetime/datetime.h"

/* The clock of outages, fed with what a probe outside saw (control DC-09). An outage lasts from the first look that
 * failed to the first that succeeded; ten minutes of it that were seen make a claim. What nobody saw is unknown: never
 * up, and nothing that one could claim. No I/O, no clock of its own. */

enum sla_seen {
    SLA_UNKNOWN, /* the probe itself was away */
    SLA_UP,
    SLA_DOWN,
    SLA_SEEN_COUNT_,
};
extern const char *const sla_seen_names[SLA_SEEN_COUNT_]; /* unknown, up, down */

enum {
    SLA_EVERY_S = 10,  /* from one look to the next: how exactly an outage is known */
    SLA_GAP_S = 35,    /* a longer silence says nothing of what was in it */
    SLA_CLAIM_S = 600, /* from which on an outage counts */
};

/* What lies between two looks. Begins as {0}. */
struct sla_clock {
    struct instant last;  /* of the newest look; 0: none yet */
    enum sla_seen seen;   /* what it saw */
    struct instant begun; /* of the outage that goes on; 0: there is none */
    struct duration down; /* of that outage, as far as it was seen */
};

struct sla_step {
    bool counted;            /* false: not later than the newest look, so said twice, or by a clock that was set back */
    struct instant from, to; /* from the look before to this one; alike at the first one */
    enum sla_seen between;   /* what that time was */
    bool began, ended;       /* an outage: at `to` */
    struct instant begun;    /* of the outage that goes on or has ended here; 0: none */
    struct duration down;    /* of it */
    bool claims;             /* it has just come to ten minutes */
};
struct sla_step sla_look(struct sla_clock *clock, struct instant at, enum sla_seen seen);

#endif
