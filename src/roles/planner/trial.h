#ifndef RENDEZ_ROLES_PLANNER_TRIAL_H
#define RENDEZ_ROLES_PLANNER_TRIAL_H

#include "roles/planner/planner.h"

/* Two made-up messages of no meeting, kept as received ones are, for who tries how they lie in the store. */
struct planner_trial {
    char ids[2][40]; /* "": none */
};

/* Keeps both with this text, opens them, and tries to open the one's values in the other's row (which is undone).
 * ST_INVALID  what comes out is not what went in */
MUST_USE enum status planner_trial_put(struct planner *planner, struct slice text, struct instant now,
                                       struct planner_trial *trial, bool *opens_elsewhere, struct problem *why);
/* They go; nothing where there are none. */
MUST_USE enum status planner_trial_end(struct planner *planner, struct planner_trial *trial, struct problem *why);

#endif
