#ifndef RENDEZ_ROLES_PLANNER_COMMANDS_H
#define RENDEZ_ROLES_PLANNER_COMMANDS_H

#include "domain/casefile/casefile.h"
#include "formats/json/json.h"
#include "roles/planner/internal.h"

/* What commands share: browsers' (commands.c), and those of the console (cases.c). */

struct command_call {
    struct unit *unit;
    const struct planner_caller *caller; /* or NULL */
    const json_t *in;
    json_t *out;      /* new reference, set on success */
    const char *code; /* with a failure: a word for programs, or NULL */
};
/* right: that the caller must have; NULL: nobody in particular asks. */
struct command_row {
    const char *name;
    enum status (*run)(struct command_call *);
    const char *right;
};
/* cases.c */
extern const struct command_row case_commands[];
extern const size_t case_command_count;

/* A failure with its word: "not_assigned", "over", "version", "enough", "four_eyes". */
MUST_USE enum status case_fail(struct command_call *call, enum status status, const char *code,
                               const char *detail);
/* Who asks, as a supervisor: languages and skills from the store, lead from their function. */
MUST_USE enum status case_supervisor(struct command_call *call, struct supervisor *out);

/* A task in hand. Release: case_hand_release. */
struct case_hand {
    struct stored_task row;
    struct task said;         /* its own record: notes, what was proposed */
    struct meeting_hand meeting; /* unless `alone` */
    bool alone;               /* of no meeting */
    const struct task *task;  /* what it is about: the meeting's, or `said` */
};
void case_hand_release(struct case_hand *hand);
#define AUTO_CASE __attribute__((cleanup(case_hand_release))) struct case_hand

/* The task that the json names ("task"), for who has it; to_read: for a lead too.
 * ST_DENIED  "not_assigned", or "over": it is closed, and they had it last */
MUST_USE enum status case_open(struct command_call *call, bool to_read, struct case_hand *out);
/* Everything in one transaction, or nothing. */
MUST_USE enum status in_transaction(struct command_call *call, enum status (*run)(struct command_call *));

/* case.c: the parts of a case */
enum status command_case_show(struct command_call *call);
enum status command_case_part(struct command_call *call);
enum status command_case_preview(struct command_call *call);

MUST_USE enum status case_gather(struct command_call *call, struct case_hand *hand, struct case_person_list *people,
                                 struct case_person_list *others, struct slice *text);

/* lessons.c */
/* A draft of what can be learnt from a correction, for who made it; before it is made. */
MUST_USE enum status note_lesson(struct command_call *call, struct case_hand *hand,
                                 const struct supervisor_decision *decision);
enum status command_lesson_draft(struct command_call *call);
enum status command_lesson_keep(struct command_call *call);
enum status command_lesson_list(struct command_call *call);
enum status command_lesson_show(struct command_call *call);
enum status command_lesson_decide(struct command_call *call);

/* stats.c */
enum status command_supervision_stats(struct command_call *call);

/* decide.c */
enum status command_case_decide(struct command_call *call);
enum status command_case_propose(struct command_call *call);
enum status command_case_second(struct command_call *call);

#endif
