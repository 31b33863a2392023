#ifndef RENDEZ_ROLES_PLANNER_VIEW_H
#define RENDEZ_ROLES_PLANNER_VIEW_H

#include "formats/json/json.h"
#include "roles/planner/internal.h"

/* Parts of what pages show (web/api/openapi.yaml). All are new references. */

void set_text(json_t *object, const char *name, struct slice text);
json_t *instant_json(struct unit *unit, struct instant at, const struct zone *zone); /* null for us 0 */
/* What comes again, in both languages of the page; null for what does not. */
json_t *recurrence_json(struct unit *unit, const struct series *series, struct interval first,
                        const struct zone *zone, const struct zone *home);
json_t *participant_json(const struct participant *participant);
/* Of Meeting and OwnMeeting what they have in common: without people. */
json_t *meeting_head_json(struct unit *unit, const struct meeting *meeting, const struct zone *zone,
                          const struct zone *home);

#endif
