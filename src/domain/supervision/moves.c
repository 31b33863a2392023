/* The table of moves: what may happen to a task in which state, who may do it, and where it ends. */
#include "domain/supervision/supervision.h"

#include <assert.h>

const char *const task_act_names[TASK_ACT_COUNT_] = {
    [TASK_TAKE] = "take",       [TASK_BEAT] = "beat",         [TASK_GIVE_BACK] = "give back",
    [TASK_HAND_ON] = "hand on", [TASK_ASK] = "ask",           [TASK_ANSWER] = "answer",
    [TASK_PROPOSE] = "propose", [TASK_SECOND] = "second",     [TASK_DISSENT] = "dissent",
    [TASK_DECIDE] = "decide",   [TASK_SETTLE] = "settle",     [TASK_OVERTAKE] = "overtake",
    [TASK_EXPIRE] = "expire",   [TASK_FREE] = "free",         [TASK_RISE] = "rise",
    [TASK_BREACH] = "breach",   [TASK_AGAIN] = "tell again",
};

enum { SECOND_US = 1000000 };

static struct instant later(struct instant at, int64_t seconds)
{
    return (struct instant){at.us + seconds * SECOND_US};
}

/* One step in the making. */
struct stride {
    struct supervision_task *task;
    const struct task_input *input;
    struct arena *arena;
};

/* Ranks: escalated, urgent, high, normal, low. */
static void set_rank(struct supervision_task *task)
{
    task->rank = task->breached.us != 0 ? 0 : (uint32_t)(TASK_PRIORITY_COUNT_ - task->priority);
}

static void let_go(struct supervision_task *task)
{
    task->taken_by = SLICE_NONE;
    task->taken_at = task->taken_until = (struct instant){0};
}

static void keep_for(struct supervision_task *task, struct slice whom, struct instant until)
{
    task->kept_for = whom;
    task->kept_until = until;
}

static size_t count_words(struct slice text)
{
    size_t count = text.len > 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == ' ';
    return count;
}

/* Who has seen it often is better than nobody: a full list begins afresh. */
static void exclude(struct stride *stride, struct slice person)
{
    struct supervision_task *task = stride->task;
    if (task->not_by.len == 0 || count_words(task->not_by) >= NOT_BY_MAX)
        task->not_by = arena_copy(stride->arena, person);
    else
        task->not_by = arena_format(stride->arena, "%.*s %.*s", SLICE_ARG(task->not_by), SLICE_ARG(person));
}

static enum task_state take(struct stride *stride)
{
    struct supervision_task *task = stride->task;
    task->taken_by = arena_copy(stride->arena, stride->input->by->person);
    task->taken_at = stride->input->now;
    task->taken_until = later(stride->input->now, TASK_HELD_SECONDS);
    if (task->first_taken.us == 0)
        task->first_taken = stride->input->now;
    keep_for(task, SLICE_NONE, (struct instant){0});
    return task->state == TASK_SECONDING ? TASK_SECONDING : TASK_TAKEN;
}

static enum task_state beat(struct stride *stride)
{
    stride->task->taken_until = later(stride->input->now, TASK_HELD_SECONDS);
    return stride->task->state;
}

static enum task_state back(struct stride *stride)
{
    let_go(stride->task);
    return stride->task->state == TASK_SECONDING ? TASK_SECONDING : TASK_WAITING;
}

/* To a lead until it is breached: then it is for whoever comes. */
static enum task_state hand_on(struct stride *stride)
{
    struct supervision_task *task = stride->task;
    bool late = task->breached.us != 0;
    exclude(stride, task->taken_by.len > 0 ? task->taken_by : stride->input->by->person);
    if (stride->input->to_lead)
        keep_for(task, TASK_FOR_LEADS, late ? later(stride->input->now, TASK_AGAIN_SECONDS) : task->deadline);
    return back(stride);
}

static enum task_state ask(struct stride *stride)
{
    stride->task->asked_by = stride->task->taken_by;
    exclude(stride, stride->task->taken_by);
    return back(stride);
}

static void return_to(struct stride *stride, struct slice whom)
{
    struct supervision_task *task = stride->task;
    let_go(task);
    task->not_by = SLICE_NONE;
    keep_for(task, whom, later(stride->input->now, TASK_KEPT_SECONDS));
}

static enum task_state answer(struct stride *stride)
{
    struct slice asked_by = stride->task->asked_by;
    stride->task->asked_by = SLICE_NONE;
    return_to(stride, asked_by);
    return TASK_WAITING;
}

static enum task_state propose(struct stride *stride)
{
    stride->task->proposed_by = stride->task->taken_by;
    let_go(stride->task);
    return TASK_SECONDING;
}

static enum task_state dissent(struct stride *stride)
{
    struct slice proposed_by = stride->task->proposed_by;
    stride->task->proposed_by = SLICE_NONE;
    return_to(stride, proposed_by);
    return TASK_WAITING;
}

/* Who had it stays written down: they are told at their next heartbeat. */
static enum task_state close_as(struct stride *stride, enum task_end how)
{
    stride->task->how = how;
    stride->task->closed = stride->input->now;
    keep_for(stride->task, SLICE_NONE, (struct instant){0});
    return TASK_CLOSED;
}

static enum task_state decide(struct stride *stride)
{
    return close_as(stride, stride->input->seen ? TASK_SEEN : TASK_DECIDED);
}

static enum task_state overtake(struct stride *stride)
{
    return close_as(stride, TASK_OVERTAKEN);
}

static enum task_state set_free(struct stride *stride)
{
    keep_for(stride->task, SLICE_NONE, (struct instant){0});
    return stride->task->state;
}

/* A skill that nobody on duty has is asked for no more. */
static enum task_state rise(struct stride *stride)
{
    struct supervision_task *task = stride->task;
    task->risen = stride->input->now;
    if (task->priority < TASK_URGENT)
        task->priority++;
    if ((stride->input->skills & 1u << task->skill) == 0)
        task->skill = SKILL_NONE;
    return task->state;
}

/* Escalated: whoever comes may have it, but for who would decide alone where two must. */
static enum task_state breach(struct stride *stride)
{
    struct supervision_task *task = stride->task;
    task->breached = stride->input->now;
    task->risen = task->risen.us == 0 ? stride->input->now : task->risen;
    task->skill = SKILL_NONE;
    task->not_by = SLICE_NONE;
    if (task->state == TASK_WAITING)
        task->asked_by = SLICE_NONE;
    if (slice_equal(task->kept_for, TASK_FOR_LEADS))
        keep_for(task, SLICE_NONE, (struct instant){0});
    return task->state;
}

static enum task_state again(struct stride *stride)
{
    return stride->task->state;
}

/* waiting    for somebody who may; `kept_for` somebody for a while, perhaps
 * taken      by one person, until they say nothing for TASK_HELD_SECONDS
 * seconding  proposed by one person; taken_by is another one, or nobody yet
 * closed     how it closed is written down; nothing moves any more
 * A pair that is absent is refused. */
enum who { ANYBODY, WHO_MAY, WHO_HAS_IT, WHO_HAS_IT_OR_A_LEAD };
#define IN(state) (1u << TASK_##state)
enum { OPEN = IN(WAITING) | IN(TAKEN) | IN(SECONDING), HELD = IN(TAKEN) | IN(SECONDING) };
static const struct move {
    unsigned from;
    enum task_act act;
    enum task_state (*run)(struct stride *stride);
    unsigned to;
    enum who who;
} moves[] = {
    {IN(WAITING) | IN(SECONDING), TASK_TAKE, take, HELD, WHO_MAY},
    {HELD, TASK_BEAT, beat, HELD, WHO_HAS_IT},
    {HELD, TASK_GIVE_BACK, back, IN(WAITING) | IN(SECONDING), WHO_HAS_IT_OR_A_LEAD},
    {HELD, TASK_HAND_ON, hand_on, IN(WAITING) | IN(SECONDING), WHO_HAS_IT_OR_A_LEAD},
    {IN(TAKEN), TASK_ASK, ask, IN(WAITING), WHO_HAS_IT},
    {IN(TAKEN), TASK_ANSWER, answer, IN(WAITING), WHO_HAS_IT},
    {IN(TAKEN), TASK_PROPOSE, propose, IN(SECONDING), WHO_HAS_IT},
    {IN(SECONDING), TASK_SECOND, decide, IN(CLOSED), WHO_HAS_IT},
    {IN(SECONDING), TASK_DISSENT, dissent, IN(WAITING), WHO_HAS_IT},
    {IN(TAKEN), TASK_DECIDE, decide, IN(CLOSED), WHO_HAS_IT},
    {OPEN, TASK_SETTLE, decide, IN(CLOSED), ANYBODY},
    {OPEN, TASK_OVERTAKE, overtake, IN(CLOSED), ANYBODY},
    {HELD, TASK_EXPIRE, back, IN(WAITING) | IN(SECONDING), ANYBODY},
    {IN(WAITING) | IN(SECONDING), TASK_FREE, set_free, IN(WAITING) | IN(SECONDING), ANYBODY},
    {OPEN, TASK_RISE, rise, OPEN, ANYBODY},
    {OPEN, TASK_BREACH, breach, OPEN, ANYBODY},
    {OPEN, TASK_AGAIN, again, OPEN, ANYBODY},
};

static const struct move *find_move(enum task_state from, enum task_act act)
{
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].act == act && (moves[i].from & 1u << from) != 0)
            return &moves[i];
    return NULL;
}

bool supervision_has_move(enum task_state state, enum task_act act)
{
    return find_move(state, act) != NULL;
}

static enum status check_who(const struct supervision_task *task, const struct move *move,
                             const struct task_input *input, struct problem *why)
{
    const struct supervisor *by = input->by;
    bool theirs = by != NULL && task->taken_by.len > 0 && slice_equal(task->taken_by, by->person);
    if (move->who == WHO_MAY) {
        if (task->taken_by.len > 0)
            return problem_set(why, ST_CONFLICT, "somebody else has the task");
        return by != NULL && supervision_may_take(task, by, true, input->now)
                   ? ST_OK
                   : problem_set(why, ST_DENIED, "the task is not for them");
    }
    if (move->who == WHO_HAS_IT_OR_A_LEAD && by != NULL && by->lead && task->taken_by.len > 0)
        return ST_OK;
    if (move->who != ANYBODY && !theirs)
        return problem_set(why, ST_DENIED, "the task is not with them");
    return ST_OK;
}

/* What depends on more than the state: a second opinion is given, not decided; nothing expires that is held. */
static bool is_possible(const struct supervision_task *task, enum task_act act)
{
    bool asked = task->asked_by.len > 0;
    switch (act) {
    case TASK_ANSWER:
        return asked;
    case TASK_ASK:
    case TASK_PROPOSE:
    case TASK_DECIDE:
        return !asked;
    case TASK_EXPIRE:
        return task->taken_by.len > 0;
    case TASK_FREE:
        return task->kept_for.len > 0;
    case TASK_RISE:
        return task->risen.us == 0;
    case TASK_BREACH:
        return task->breached.us == 0;
    case TASK_AGAIN:
        return task->breached.us != 0;
    default:
        return true;
    }
}

/* The earliest of what will happen by itself. AGAIN is counted from the breach, so that it keeps its pace. */
static struct instant next_due(const struct supervision_task *task, struct instant now)
{
    struct instant half = {task->opened.us + (task->deadline.us - task->opened.us) / 2};
    struct instant due = task->risen.us == 0 ? half : task->deadline;
    if (task->state == TASK_CLOSED)
        return (struct instant){0};
    if (task->breached.us != 0) {
        int64_t step = (int64_t)TASK_AGAIN_SECONDS * SECOND_US;
        int64_t past = now.us > task->breached.us ? now.us - task->breached.us : 0;
        due.us = task->breached.us + (past / step + 1) * step;
    }
    if (task->taken_by.len > 0 && task->taken_until.us < due.us)
        due = task->taken_until;
    if (task->kept_for.len > 0 && task->kept_until.us < due.us)
        due = task->kept_until;
    return due;
}

enum status supervision_step(struct supervision_task *task, const struct task_input *input,
                             struct arena *arena, struct problem *why)
{
    const struct move *move = find_move(task->state, input->act);
    if (move == NULL || !is_possible(task, input->act))
        return problem_set(why, ST_CONFLICT, "%s refuses %s", task_state_names[task->state],
                           task_act_names[input->act]);
    TRY(check_who(task, move, input, why));
    struct supervision_task next = *task;
    next.state = move->run(&(struct stride){&next, input, arena});
    assert((move->to & 1u << next.state) != 0);
    set_rank(&next);
    next.due = next_due(&next, input->now);
    *task = next;
    return ST_OK;
}

static bool is_due(struct instant at, struct instant now)
{
    return at.us != 0 && at.us <= now.us;
}

/* An instant of the task itself: it may have fallen due long before it is looked at. */
static bool happens(const struct supervision_task *task, enum task_act act, struct instant now)
{
    struct instant half = {task->opened.us + (task->deadline.us - task->opened.us) / 2};
    switch (act) {
    case TASK_EXPIRE:
        return is_due(task->taken_until, now);
    case TASK_FREE:
        return is_due(task->kept_until, now);
    case TASK_RISE:
        return half.us <= now.us;
    case TASK_BREACH:
        return task->deadline.us <= now.us;
    default:
        return false;
    }
}

enum status supervision_wake(struct supervision_task *task, struct instant now, unsigned skills,
                             struct arena *arena, unsigned *done, struct problem *why)
{
    static const enum task_act timed[] = {TASK_EXPIRE, TASK_FREE, TASK_RISE, TASK_BREACH};
    *done = 0;
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++) {
        struct task_input input = {.act = timed[i], .now = now, .skills = skills};
        if (!happens(task, timed[i], now) || !supervision_has_move(task->state, timed[i]) ||
            !is_possible(task, timed[i]))
            continue;
        TRY(supervision_step(task, &input, arena, why));
        *done |= 1u << timed[i];
    }
    if (!is_due(task->due, now))
        return ST_OK;
    *done |= task->taken_by.len == 0 ? 1u << TASK_AGAIN : 0; /* who has it knows */
    return supervision_step(task, &(struct task_input){.act = TASK_AGAIN, .now = now}, arena, why);
}

void supervision_open(const struct task_opening *opening, const struct supervision_rules *rules,
                      struct supervision_task *out)
{
    const struct task_reason *reason = task_reason_find(opening->reason);
    int64_t until = opening->about.us - opening->at.us;
    bool soon = opening->about.us != 0 && until < DAY_US;
    enum task_priority priority = soon && reason->priority != TASK_LOW ? TASK_URGENT : reason->priority;
    *out = (struct supervision_task){
        .id = opening->id,
        .meeting = opening->meeting,
        .organisation = opening->organisation,
        .state = TASK_WAITING,
        .reason = opening->reason,
        .priority = priority,
        .language = opening->language,
        .skill = reason->skill,
        .opened = opening->at,
        .deadline = {opening->at.us + rules->minutes[priority] * MINUTE_US},
        .version = 1,
    };
    set_rank(out);
    out->due = next_due(out, opening->at);
}
