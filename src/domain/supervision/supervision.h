#ifndef RENDEZ_DOMAIN_SUPERVISION_H
#define RENDEZ_DOMAIN_SUPERVISION_H

#include "domain/people/people.h"

/* Questions that a person decides: their states and moves, who gets which, and when something happens
 * by itself. No I/O, no clock. What is asked, and what deciding does, is domain/meeting's; the rows are the
 * store's. doc/supervision.md is the plan.
 *
 * Somebody who has a task has said so in the last TASK_HELD_SECONDS; otherwise it goes back by itself.
 * Every task that is not closed has a `due`: nothing waits for ever. */

enum {
    TASK_HELD_SECONDS = 90,  /* from one heartbeat until the task goes back */
    TASK_BEAT_SECONDS = 30,  /* how often who has one should say so */
    TASKS_HELD_MAX = 3,      /* of one person */
    TASK_KEPT_SECONDS = 300, /* for who asked a second opinion, or whose proposal was refused */
    TASK_AGAIN_SECONDS = 3600, /* from a breach, and each time after, until it is told again */
    SUPERVISOR_ON_DUTY_SECONDS = 600, /* since they were seen */
    NOT_BY_MAX = 16,         /* people; then anybody may again */
};

enum task_state {
    TASK_WAITING,
    TASK_TAKEN,     /* `taken_by` has it until `taken_until` */
    TASK_SECONDING, /* `proposed_by` has proposed a decision; taken_by, if anybody, looks at it */
    TASK_CLOSED,
    TASK_STATE_COUNT_,
};
extern const char *const task_state_names[TASK_STATE_COUNT_];

enum task_priority { TASK_LOW, TASK_NORMAL, TASK_HIGH, TASK_URGENT, TASK_PRIORITY_COUNT_ };
extern const char *const task_priority_names[TASK_PRIORITY_COUNT_];

enum task_skill { SKILL_NONE, SKILL_GUEST, SKILL_COMPLAINT, SKILL_TECHNICAL, SKILL_COUNT_ };
extern const char *const task_skill_names[SKILL_COUNT_]; /* "", "guest", "complaint", "technical" */

enum task_end {
    TASK_OPEN,
    TASK_DECIDED,
    TASK_OVERTAKEN, /* clear words came, or the meeting ended */
    TASK_SEEN,      /* what no decision can be made of was looked at */
    TASK_END_COUNT_,
};
extern const char *const task_end_names[TASK_END_COUNT_]; /* "", "decided", "overtaken", "seen" */

/* What is known of a reason: row "" of the table for one that is not in it. */
struct task_reason {
    const char *name;
    enum task_priority priority;
    enum task_skill skill;
};
extern const struct task_reason task_reasons[];
extern const size_t task_reason_count;
const struct task_reason *task_reason_find(struct slice name);

/* A task as the store has it in clear. Ids, words and times only. */
struct supervision_task {
    struct slice id, meeting, organisation; /* the latter two empty: of no meeting */
    enum task_state state;
    struct slice reason;
    enum task_priority priority; /* as it is now */
    enum language language;      /* LANGUAGE_UNKNOWN: anybody's */
    enum task_skill skill;       /* that who takes it must have */
    uint32_t rank;               /* order of the queue: what is less goes first; 0: escalated */
    struct instant opened, deadline;
    struct instant due;          /* when supervision_wake is to be called */
    struct instant risen, breached; /* us 0: not yet */
    struct slice taken_by;       /* person; of a closed one: who had it last */
    struct instant taken_at, taken_until;
    struct instant first_taken;  /* by anybody */
    struct slice not_by;         /* people who are not given it, a space between */
    struct slice asked_by;       /* wants a second opinion, which comes back to them */
    struct slice proposed_by;
    struct slice kept_for;       /* until `kept_until`: one person, or TASK_FOR_LEADS */
    struct instant kept_until;
    uint32_t version;            /* of the row: compared and set, so that nothing is done twice */
    struct instant closed;       /* us 0: open */
    enum task_end how;
};
#define TASK_FOR_LEADS LIT("lead")
struct supervision_task_list {
    struct supervision_task *items;
    size_t count, capacity;
};

/* Acts of a decision (domain/meeting), as bits of four_eyes. */
enum decision_act {
    DECISION_APPROVE,
    DECISION_CORRECT,
    DECISION_TAKE_OVER,
    DECISION_ASK_BACK,
    DECISION_REFUSE,
    DECISION_ACT_COUNT_,
};
extern const char *const decision_act_names[DECISION_ACT_COUNT_];

struct supervision_rules {
    uint32_t minutes[TASK_PRIORITY_COUNT_]; /* from opening to deadline */
    unsigned four_eyes;                     /* bits 1 << decision_act: proposed first */
    uint32_t sample_permille;               /* of what was decided without anybody */
};
extern const struct supervision_rules supervision_defaults;
/* "240 60 20 10"; "refuse take_over", or empty. ST_INVALID: other words or numbers (1 to 10080). */
MUST_USE enum status supervision_minutes_parse(struct slice text, struct supervision_rules *rules,
                                               struct problem *why);
MUST_USE enum status supervision_four_eyes_parse(struct slice text, struct supervision_rules *rules,
                                                 struct problem *why);

/* Somebody who handles tasks. */
struct supervisor {
    struct slice person;
    bool lead;
    unsigned languages, skills; /* bits 1 << enum language, 1 << enum task_skill */
    struct instant seen;
};
enum { SUPERVISOR_LANGUAGES = 1 << LANGUAGE_FR | 1 << LANGUAGE_EN }; /* where nothing else is said */
/* "fr,en", "complaint,technical"; spaces count as commas. ST_INVALID: another word. */
MUST_USE enum status supervisor_languages_parse(struct slice text, unsigned *out, struct problem *why);
MUST_USE enum status supervisor_skills_parse(struct slice text, unsigned *out, struct problem *why);

/* A task to be opened. */
struct task_opening {
    struct slice id, meeting, organisation, reason;
    enum language language;
    struct instant at;
    struct instant about; /* the meeting, or the day spoken of; us 0: unknown. Less than 24 h away: urgent */
};
void supervision_open(const struct task_opening *opening, const struct supervision_rules *rules,
                      struct supervision_task *out);

enum task_act {
    TASK_TAKE,      /* by somebody who may (supervision_may_take) */
    TASK_BEAT,      /* who has it is there */
    TASK_GIVE_BACK, /* to anybody */
    TASK_HAND_ON,   /* to anybody else, or to a lead */
    TASK_ASK,       /* for a second opinion */
    TASK_ANSWER,    /* the second opinion */
    TASK_PROPOSE,   /* a decision that somebody else is to second */
    TASK_SECOND,    /* and so decide */
    TASK_DISSENT,   /* refuse to second */
    TASK_DECIDE,
    TASK_SETTLE,    /* decided by nobody of a console: a replay */
    TASK_OVERTAKE,
    TASK_EXPIRE,    /* who had it said nothing for too long */
    TASK_FREE,      /* it was kept for somebody, long enough */
    TASK_RISE,      /* half of the time is over */
    TASK_BREACH,    /* all of it */
    TASK_AGAIN,     /* and it still waits */
    TASK_ACT_COUNT_,
};
extern const char *const task_act_names[TASK_ACT_COUNT_];

struct task_input {
    enum task_act act;
    const struct supervisor *by; /* NULL for what nobody does */
    struct instant now;
    bool to_lead;    /* HAND_ON */
    unsigned skills; /* RISE: those of people on duty, as bits */
    bool seen;       /* DECIDE, SECOND, SETTLE: TASK_SEEN instead of TASK_DECIDED */
};

/* Makes one move; *task is changed in place, texts come from the arena. The row's version is the store's.
 * ST_CONFLICT  the table has no such move (closed already, taken by another meanwhile, …)
 * ST_DENIED    it is not theirs, or not for them
 * Nothing is changed then. */
MUST_USE enum status supervision_step(struct supervision_task *task, const struct task_input *input,
                                      struct arena *arena, struct problem *why);
/* The same question without the move, for tables and tests. */
bool supervision_has_move(enum task_state state, enum task_act act);

/* What is due at `now`, as moves of the table, in their order. skills: of people on duty.
 * *done: bits 1 << enum task_act. */
MUST_USE enum status supervision_wake(struct supervision_task *task, struct instant now, unsigned skills,
                                      struct arena *arena, unsigned *done, struct problem *why);

/* Whether somebody may have it: language, skill, not_by, kept_for, four eyes. Which tasks others have is
 * supervision_choose's; a lead who names a task needs neither language nor skill (by_name). */
bool supervision_may_take(const struct supervision_task *task, const struct supervisor *who, bool by_name,
                          struct instant now);

/* A task that somebody has now: the meeting is theirs alone. */
struct task_holder {
    struct slice meeting, person;
};
struct task_holder_list {
    struct task_holder *items;
    size_t count, capacity;
};
/* The first of `waiting` (in the order of the queue: supervision_before) that they may have: what is kept for
 * them and what belongs to a meeting that they have come first. NULL: none of these, or TASKS_HELD_MAX held. */
const struct supervision_task *supervision_choose(const struct supervision_task_list *waiting,
                                                  const struct supervisor *who,
                                                  const struct task_holder_list *held,
                                                  struct instant now);
/* Whether nobody else has a task of its meeting, and they have not TASKS_HELD_MAX already. */
bool supervision_has_room(const struct supervision_task *task, struct slice person,
                          const struct task_holder_list *held);
/* Rank, then deadline, then age. */
bool supervision_before(const struct supervision_task *a, const struct supervision_task *b);

/* Skills of those who were seen lately. */
unsigned supervision_skills_on_duty(const struct supervisor *people, size_t count, struct instant now);

/* Whether what was decided without anybody is looked at a second time: `draw` is a keyed hash of it. */
bool supervision_is_sampled(uint64_t draw, const struct supervision_rules *rules);

#endif
