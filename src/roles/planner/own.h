#ifndef RENDEZ_ROLES_PLANNER_OWN_H
#define RENDEZ_ROLES_PLANNER_OWN_H

#include "formats/json/json.h"
#include "roles/planner/internal.h"

/* The meetings of somebody who is signed in: those of their own organisation that they organise or
 * are asked to. The organizer sees all people of it; who is asked sees the organizer and themself.
 * New references. ST_DENIED: nobody asks, or not with the right meetings.read. */
MUST_USE enum status own_list(struct unit *unit, const struct planner_caller *caller, json_t **out);
/* ST_NOT_FOUND: there is no such meeting, or it is not one of theirs. */
MUST_USE enum status own_show(struct unit *unit, const struct planner_caller *caller,
                              struct slice id, json_t **out);

#endif
