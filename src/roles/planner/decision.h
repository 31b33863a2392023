#ifndef RENDEZ_ROLES_PLANNER_DECISION_H
#define RENDEZ_ROLES_PLANNER_DECISION_H

#include "domain/casefile/casefile.h"
#include "domain/supervision/supervision.h"
#include "formats/json/json.h"

/* A decision as the console (doc/supervision.md) and scenarios (their format) write it. */

enum {
    DECISION_TEXT_MAX = 8000, /* bytes of a reply, a question, a refusal */
    DECISION_ITEMS_MAX = 100, /* windows, numbers, people */
};

/* What it is about: "P1" is the first of the case's people (case_people), the machine's reading stays where nothing
 * else is said. Any of them may be NULL. */
struct decision_context {
    const struct meeting *meeting;
    const struct reading *reading;
    const struct case_person_list *people;
};

/* Exactly one of approve, reading, take_over, ask_back, refuse. Texts are copied into the arena, "[P1]" in
 * them is the person's name.
 * ST_INVALID  the first thing that is wrong
 * ST_LIMIT    longer than is taken */
MUST_USE enum status decision_read(const json_t *json, const struct decision_context *context,
                                   struct arena *arena, struct supervisor_decision *out,
                                   enum decision_act *act, struct problem *why);

/* The words of a decision as they stand in it: borrowed from the JSON, no name put back. */
void decision_typed(const json_t *json, struct case_typed *out);

/* Which members of a reading it changes, as the table `supervised` has them: "intent windows". */
struct slice decision_changes(const struct supervisor_decision *decision, struct arena *arena);

#endif
