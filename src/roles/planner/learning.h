#ifndef RENDEZ_ROLES_PLANNER_LEARNING_H
#define RENDEZ_ROLES_PLANNER_LEARNING_H

#include "domain/supervision/figures.h"
#include "formats/json/json.h"
#include "roles/planner/planner.h"

struct unit;

/* What is learnt from decisions (doc/supervision.md, "Learning"), for the console's commands and the operator's. */

enum {
    STATS_DAYS = 90,             /* where nothing is said of it */
    LESSON_DRAFT_MINUTES = 15,   /* who made it may keep it; then it is gone */
    WORD_LESSONS_MIN = 3, WORD_SOURCES_MIN = 2, /* that an unknown word stands in, of organisations */
};

/* Figures since then, as the schema Stats of web/api/console.yaml has them; a new reference. */
MUST_USE enum status planner_stats(struct planner *planner, struct instant since, json_t **out, struct problem *why);
struct instant stats_since(struct instant now); /* STATS_DAYS before */

/* One second look as an entry of the log, in the transaction that is open. */
MUST_USE enum status log_look(struct unit *unit, const struct supervised *look);
/* What is published of LOOKS_DAYS whole days before today, as an entry, if today has none yet and there is one. */
MUST_USE enum status planner_count_looks(struct planner *planner, struct instant now, struct problem *why);

/* {"lessons", "words"}, the schema Lessons; with_scene: each with its member "scene" as well, for lesson_scenario. */
MUST_USE enum status planner_lessons(struct planner *planner, bool with_scene, struct arena *arena, json_t **out,
                                     struct problem *why);
/* One of them; ST_NOT_FOUND. */
MUST_USE enum status planner_lesson(struct planner *planner, struct slice id, struct arena *arena, json_t **out,
                                    struct problem *why);
/* ST_CONFLICT: decided already. */
MUST_USE enum status planner_decide_lesson(struct planner *planner, struct slice id, bool accept, struct instant now,
                                           struct problem *why);

/* What is sealed of a stored lesson: its text, what was read and said, the scene. A new reference. */
struct stored_lesson;
MUST_USE enum status open_lesson(struct unit *unit, const struct stored_lesson *row, json_t **out);

/* A lesson, with its scene, as files of a scenario (tests/scenarios) that `rendez replay` plays. */
struct lesson_scenario {
    struct slice scenario, calendar; /* scenario.json, calendars/organiser.ics */
};
struct lesson_scenario lesson_scenario(const json_t *lesson, struct arena *arena);

#endif
