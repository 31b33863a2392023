#ifndef RENDEZ_ROLES_PLANNER_PRIVACY_H
#define RENDEZ_ROLES_PLANNER_PRIVACY_H

#include "formats/json/json.h"
#include "roles/planner/planner.h"

/* A person's rights: what is held, erasure, no more mail. For the operator's commands by
 * address; for guests by their personal link (doc/privacy.md). */

struct erased {
    uint32_t destroyed; /* meetings that were only about them: their keys are gone */
    uint32_t rewritten; /* meetings of others too: sealed anew without them */
};

/* Everything held about an address, as one object. The caller releases it. */
MUST_USE enum status planner_export_person(struct planner *planner, struct slice address,
                                           struct arena *arena, json_t **out, struct problem *why);
/* ST_CONFLICT: a meeting is running, or they have an account; the line says what to do. What
 * they refused stays refused. */
MUST_USE enum status planner_erase_person(struct planner *planner, struct slice address,
                                          struct instant now, struct erased *erased,
                                          struct problem *why);
/* From now on nothing is sent there; organizers hear of it when something would have been.
 * ST_DENIED: an account. allow: lifts it again; ST_NOT_FOUND when there was nothing to lift. */
MUST_USE enum status planner_stop_person(struct planner *planner, struct slice address, bool allow,
                                         struct instant now, struct problem *why);

/* Of one person, inside a unit of work. organisation: empty for all. */
struct unit;
struct held_query {
    struct slice address, organisation;
    bool with_raw; /* the bytes of their mails too */
};
MUST_USE enum status person_held(struct unit *unit, const struct held_query *query, json_t **out);
MUST_USE enum status person_erase(struct unit *unit, struct slice address, struct erased *erased);

/* The privacy part of a personal link: "privacy.show" and "privacy.do" of
 * src/roles/api/README.md. */
MUST_USE enum status privacy_show(struct unit *unit, struct slice token, json_t **out);
MUST_USE enum status privacy_do(struct unit *unit, struct slice token, struct slice act,
                                json_t **out);

#endif
