#ifndef RENDEZ_ROLES_PLANNER_INSPECT_H
#define RENDEZ_ROLES_PLANNER_INSPECT_H

#include "roles/planner/planner.h"

/* A look at all that is stored, beside a running service or without one: every key and every sealed
 * value opens in its place, and says what its row says. Changes nothing. */

struct planner_checked {
    uint32_t organisations, people, meetings, erased, messages, mails, jobs, tasks;
    uint32_t lessons, decisions; /* the latter as figures */
    uint32_t faults;
    uint32_t keyless; /* of these: their key is not there. In a backup it was erased since */
};
/* What is wrong: "meeting.record", the row's id, and why (no content). */
typedef void planner_fault_fn(void *context, const char *what, struct slice id, const char *why);

/* Not ST_OK only when the store cannot be read. */
MUST_USE enum status planner_check(struct planner *planner, planner_fault_fn *fault, void *context,
                                   struct planner_checked *out, struct problem *why);

/* Some of the newest meetings that are not over at `now`, opened, and some clients: for who tries whether a
 * restored store is good for anything. What does not open is left out. */
MUST_USE enum status planner_sample(struct planner *planner, struct instant now, size_t count_max,
                                    struct arena *arena, struct meeting_list *meetings, struct person_list *clients,
                                    struct problem *why);

#endif
