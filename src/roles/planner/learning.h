#ifndef RENDEZ_ROLES_PLANNER_LEARNING_H
#define RENDEZ_ROLES_PLANNER_LEARNING_H

#include "domain/supervision/figures.h"
#include "formats/json/json.h"
#include "roles/planner/planner.h"

/* What is learnt from decisions (doc/supervision.md, "Learning"), for the console's commands and the operator's. */

enum {
    STATS_DAYS = 90,             /* where nothing is said of it */
    PUBLISHED_SAMPLES_MIN = 50,  /* second looks: of fewer no rate is told to the public */
};

/* Figures since then, as the schema Stats of web/api/console.yaml has them; a new reference. */
MUST_USE enum status planner_stats(struct planner *planner, struct instant since, json_t **out, struct problem *why);
struct instant stats_since(struct instant now); /* STATS_DAYS before */

#endif
