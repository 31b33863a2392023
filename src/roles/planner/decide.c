/* Deciding a task: in one transaction with what the decision does. Decided twice is impossible by the
 * store: the row moves first, of the version that was loaded. */
#include "domain/calendar/calendar.h"
#include "roles/planner/commands.h"
#include "roles/planner/decision.h"
#include "roles/planner/learning.h"

/* A decision in the making. */
struct deciding {
    struct command_call *outer; /* each try has a call of its own, with its own arena */
    enum task_act act;          /* DECIDE, PROPOSE, SECOND, DISSENT */
    const json_t *json;         /* of the decision; NULL: it lies with the task */
    enum task_state state;      /* of the task then */
};
/* One try of it. */
struct attempt {
    struct command_call *call;
    struct deciding *deciding;
    struct case_hand *hand;
    struct supervisor who;
    struct supervisor_decision decision;
    enum decision_act act;
};

static enum status check_version(struct command_call *call, const struct case_hand *hand)
{
    int64_t seen = json_number(call->in, "version", 0);
    return hand->alone || seen == (int64_t)hand->meeting.meeting.version
               ? ST_OK
               : case_fail(call, ST_CONFLICT, "version", "the meeting has moved since it was shown");
}

static bool is_sample(const struct case_hand *hand)
{
    return slice_equal(hand->row.task.reason, LIT("sample"));
}

/* Of a message that could not be read nothing can be decided but that it was seen; of a second look,
 * nothing but what the message says. */
static enum status check_fits(struct command_call *call, const struct case_hand *hand, enum decision_act act)
{
    if (hand->alone && act != DECISION_APPROVE)
        return case_fail(call, ST_INVALID, "decision", "there is nothing to answer to");
    if (!hand->alone && is_sample(hand) && act != DECISION_CORRECT)
        return case_fail(call, ST_INVALID, "decision", "a second look says what the message means");
    return ST_OK;
}

static bool same_numbers(const struct number_list *a, const struct number_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        bool found = false;
        for (size_t k = 0; k < b->count; k++)
            found = found || a->items[i].number == b->items[k].number;
        if (!found)
            return false;
    }
    return true;
}

static int64_t length_of(struct interval_list list)
{
    int64_t us = 0;
    for (size_t i = 0; i < list.count; i++)
        us += list.items[i].end.us - list.items[i].start.us;
    return us;
}

/* What a person paints is seldom the same to the minute: four fifths of both in common. */
static bool same_spans(struct arena *arena, const struct interval_list *a, const struct interval_list *b)
{
    int64_t both = length_of(intervals_intersect(arena, *a, *b)),
            either = length_of(intervals_union(arena, *a, *b));
    return both * 5 >= either * 4;
}

static bool same_starts(const struct interval_list *a, const struct interval_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->items[i].start.us != b->items[i].start.us)
            return false;
    return true;
}

/* What a person read and what the machine had read, in what they said something about. */
static bool agrees(struct arena *arena, const struct supervisor_decision *said, const struct reading *read)
{
    static const struct meeting_request none;
    const struct meeting_request *mine = &said->reading.requests.items[0],
                                 *theirs = read->requests.count > 0 ? &read->requests.items[0] : &none;
    if (said->has_intent && said->reading.intent != read->intent)
        return false;
    if (said->has_accepted && !same_numbers(&said->reading.accepted, &read->accepted))
        return false;
    if (said->has_kind && mine->kind != theirs->kind)
        return false;
    if (said->has_duration && mine->duration_min != theirs->duration_min)
        return false;
    return !said->has_times || (same_spans(arena, &mine->times.allowed, &theirs->times.allowed) &&
                                same_spans(arena, &mine->times.excluded, &theirs->times.excluded) &&
                                same_starts(&mine->times.starts, &theirs->times.starts));
}

static uint32_t seconds_between(struct instant from, struct instant to)
{
    return from.us == 0 || to.us <= from.us ? 0 : (uint32_t)((to.us - from.us) / 1000000);
}

static enum status note_figures(const struct attempt *attempt, const struct supervision_task *before)
{
    struct command_call *call = attempt->call;
    const struct case_hand *hand = attempt->hand;
    bool sample = is_sample(hand);
    struct supervised figures = {
        .task = before->id,
        .organisation = before->organisation,
        .at = call->unit->now,
        .language = before->language,
        .reason = before->reason.len > 0 ? before->reason : LIT("-"),
        .confidence = hand->task->reading.confidence,
        .decision = hand->alone ? LIT("seen") : slice_from(decision_act_names[attempt->act]),
        .changed = decision_changes(&attempt->decision, call->unit->arena),
        .waited_s = seconds_between(before->opened, before->first_taken),
        .held_s = seconds_between(before->taken_at, call->unit->now),
        .person = call->caller->person,
        .sample = sample,
        .agreed = !sample ? AGREED_NONE
                  : agrees(call->unit->arena, &attempt->decision, &hand->task->reading) ? AGREED
                                                                                         : AGREED_NOT,
    };
    TRY(store_note_supervised(call->unit->planner->store, &figures, call->unit->why));
    return sample ? log_look(call->unit, &figures) : ST_OK;
}

static enum status read_decision(struct attempt *attempt)
{
    struct command_call *call = attempt->call;
    const struct case_hand *hand = attempt->hand;
    struct case_person_list people = {0}, others;
    struct slice text;
    struct decision_context context = {.meeting = hand->alone ? NULL : &hand->meeting.meeting,
                                       .reading = &hand->task->reading, .people = &people};
    AUTO_JSON kept = NULL;
    const json_t *json = attempt->deciding->json;
    call->code = "decision";
    if (json == NULL)
        TRY(json_read(hand->said.proposed, &kept, call->unit->why));
    json = json == NULL ? kept : json;
    if (!hand->alone && json_object_get(json, "approve") == NULL) { /* whoever the case names may be meant */
        call->code = NULL;
        TRY(case_gather(call, attempt->hand, &people, &others, &text));
        call->code = "decision";
    }
    TRY(decision_read(json, &context, call->unit->arena,
                      &attempt->decision, &attempt->act, call->unit->why));
    call->code = NULL;
    return check_fits(call, hand, attempt->act);
}

static enum status check_four_eyes(const struct attempt *attempt)
{
    unsigned two = attempt->call->unit->planner->options.supervision.four_eyes;
    bool alone = attempt->deciding->act == TASK_DECIDE && !attempt->hand->alone && !is_sample(attempt->hand);
    return alone && (two & 1u << attempt->act) != 0
               ? case_fail(attempt->call, ST_DENIED, "four_eyes",
                           "this is proposed, and done when somebody else seconds it")
               : ST_OK;
}

static enum status make_move(struct attempt *attempt)
{
    struct task_input move = {.act = attempt->deciding->act, .by = &attempt->who, .now = attempt->call->unit->now,
                              .seen = attempt->hand->alone};
    enum status moved = move_task(attempt->call->unit, &attempt->hand->row, &move);
    if (moved == ST_CONFLICT)
        attempt->call->code = "version";
    attempt->deciding->state = attempt->hand->row.task.state;
    return moved;
}

/* The proposal lies with the task, under its meeting's key, until somebody seconds it or does not. */
static enum status keep_proposal(struct attempt *attempt)
{
    struct case_hand *hand = attempt->hand;
    struct unit *unit = attempt->call->unit;
    bool proposes = attempt->deciding->act == TASK_PROPOSE;
    hand->said.proposed = proposes ? json_write(attempt->deciding->json, unit->arena) : SLICE_NONE;
    TRY(seal_task_record(unit, hand->alone ? NULL : &hand->meeting, &hand->row, &hand->said));
    return make_move(attempt);
}

/* Somebody has read it otherwise than the machine. */
static bool teaches(const struct attempt *attempt)
{
    struct arena *arena = attempt->call->unit->arena;
    const struct case_hand *hand = attempt->hand;
    return !hand->alone && attempt->act == DECISION_CORRECT && decision_changes(&attempt->decision, arena).len > 0 &&
           !(is_sample(hand) && agrees(arena, &attempt->decision, &hand->task->reading));
}

static enum status carry_out(struct attempt *attempt, struct work *work)
{
    struct case_hand *hand = attempt->hand;
    struct unit *unit = attempt->call->unit;
    struct supervision_task before = hand->row.task;
    TRY(note_figures(attempt, &before));
    if (teaches(attempt))
        TRY(note_lesson(attempt->call, hand, &attempt->decision));
    TRY(make_move(attempt));
    if (hand->alone)
        return forget_unreadable(unit, before.id);
    if (is_sample(hand))
        return ST_OK;
    work->input = (struct meeting_input){.kind = INPUT_SUPERVISED, .decision = &attempt->decision,
                                         .task = before.id};
    return move_loaded(unit, &hand->meeting, work);
}

static enum status try_once(struct command_call *call, struct deciding *deciding, struct work *work)
{
    AUTO_CASE hand = {0};
    struct attempt attempt = {.call = call, .deciding = deciding, .hand = &hand};
    TRY(case_supervisor(call, &attempt.who));
    TRY(case_open(call, false, &hand));
    if (deciding->act == TASK_DISSENT)
        return keep_proposal(&attempt);
    TRY(check_version(call, &hand));
    TRY(read_decision(&attempt));
    TRY(check_four_eyes(&attempt));
    return deciding->act == TASK_PROPOSE ? keep_proposal(&attempt) : carry_out(&attempt, work);
}

static enum status decide_in(struct unit *unit, struct work *work)
{
    struct deciding *deciding = work->more;
    struct command_call call = *deciding->outer;
    call.unit = unit;
    call.code = NULL;
    enum status status = try_once(&call, deciding, work);
    deciding->outer->code = call.code;
    return status;
}

static enum status decide(struct command_call *call, enum task_act act, const json_t *json)
{
    struct deciding deciding = {.outer = call, .act = act, .json = json};
    struct work work = {.more = &deciding};
    TRY(run_work(call->unit->planner, decide_in, &work, call->unit->now, call->unit->why));
    call->out = json_pack("{s:s}", "state", task_state_names[deciding.state]);
    return ST_OK;
}

static enum status decide_as_said(struct command_call *call, enum task_act act)
{
    const json_t *json = json_object_get(call->in, "decision");
    return json_is_object(json) ? decide(call, act, json)
                                : case_fail(call, ST_INVALID, "decision", "a decision is needed");
}

enum status command_case_decide(struct command_call *call)
{
    return decide_as_said(call, TASK_DECIDE);
}

enum status command_case_propose(struct command_call *call)
{
    return decide_as_said(call, TASK_PROPOSE);
}

enum status command_case_second(struct command_call *call)
{
    const json_t *yes = json_object_get(call->in, "yes");
    if (!json_is_boolean(yes))
        return case_fail(call, ST_INVALID, "decision", "yes is true or false");
    return decide(call, json_is_true(yes) ? TASK_SECOND : TASK_DISSENT, NULL);
}

/* At no console: a replay's oldest question. */

static const struct stored_task *oldest(const struct stored_task_list *open)
{
    for (size_t i = 0; i < open->count; i++)
        if (!slice_equal(open->items[i].task.reason, LIT("sample")))
            return &open->items[i];
    return NULL;
}

static enum status supervise_in(struct unit *unit, struct work *work)
{
    struct stored_task_list open;
    TRY(store_list_open_tasks(unit->planner->store, unit->arena, &open, unit->why));
    const struct stored_task *first = oldest(&open);
    if (first == NULL)
        return problem_set(unit->why, ST_NOT_FOUND, "nothing waits for a supervisor");
    struct stored_task row = *first;
    bool alone = row.task.meeting.len == 0;
    struct task_input settle = {.act = TASK_SETTLE, .now = unit->now, .seen = alone};
    AUTO_HAND hand = {0};
    if (!alone)
        TRY(load_meeting(unit, row.task.meeting, &hand));
    TRY(move_task(unit, &row, &settle));
    work->outcome = OUTCOME_ACCEPTED;
    work->input.task = row.task.id;
    return alone ? forget_unreadable(unit, row.task.id) : move_loaded(unit, &hand, work);
}

enum status planner_supervise(struct planner *planner, const struct supervisor_decision *decision,
                              struct instant now, enum meeting_outcome *outcome,
                              struct problem *why)
{
    struct work work = {.input = {.kind = INPUT_SUPERVISED, .decision = decision}};
    TRY(run_work(planner, supervise_in, &work, now, why));
    *outcome = work.outcome;
    return ST_OK;
}
