#ifndef RENDEZ_ROLES_REPLAY_H
#define RENDEZ_ROLES_REPLAY_H

#include <stdio.h>

#include "formats/json/json.h"
#include "roles/planner/planner.h"

/* Plays a scenario folder through the real pipeline on a virtual clock: MIME, reading,
 * calendars, slots, meetings, storage in memory, outgoing mail. No network; the same
 * folder gives the same output to the byte. */

enum { REPLAY_STEPS_MAX = 1000, REPLAY_PEOPLE_MAX = 200, REPLAY_FILE_BYTES_MAX = 32 * 1024 * 1024 };

/* What happened in one step. */
struct replay_step {
    struct slice at;          /* as written in the scenario */
    const char *kind;         /* "receive", "message", … */
    struct slice speaker;     /* who acted; may be empty */
    struct slice said;        /* text of a message or reply, for people */
    enum meeting_outcome outcome;
    struct outgoing *sent;    /* since the step before */
    size_t sent_count;
    struct meeting_list meetings; /* after it */
    struct task_list tasks;       /* open after it */
};
struct replay_step_list {
    struct replay_step *items;
    size_t count, capacity;
};

struct replay_result {
    struct slice name;        /* of the folder */
    struct slice title;
    struct replay_step_list steps;
    json_t *scenario;         /* owned: replay_release */
};

/* Also after a failure. */
void replay_release(struct replay_result *result);

/* ST_INVALID: the folder is not as the format says (one line says what).
 * everything in the arena. */
MUST_USE enum status replay_run(const char *folder, struct arena *arena,
                                struct replay_result *out, struct problem *why);

/* The facts of the scenario format. New reference. */
json_t *replay_facts(const struct replay_result *result);
/* The conversation as a person would read it. */
void replay_print(const struct replay_result *result, bool coloured, FILE *out);

#endif
