/* Rows of what a person decides: opened and closed with the moves of meetings, moved by people and by
 * the clock. Each move is a move of domain/supervision, with its entry in the log, in the caller's
 * transaction. */
#include "base/eventlog/eventlog.h"
#include "platform/store/sealing.h"
#include "roles/planner/internal.h"

/* What the log says of a move; those without an entry only move a clock on. */
static const char *const entry_kinds[TASK_ACT_COUNT_] = {
    [TASK_TAKE] = "supervision.task.taken",       [TASK_GIVE_BACK] = "supervision.task.returned",
    [TASK_HAND_ON] = "supervision.task.handed_on", [TASK_ASK] = "supervision.opinion.asked",
    [TASK_ANSWER] = "supervision.opinion.given",  [TASK_PROPOSE] = "supervision.decision.proposed",
    [TASK_SECOND] = "supervision.task.decided",   [TASK_DISSENT] = "supervision.decision.refused",
    [TASK_DECIDE] = "supervision.task.decided",   [TASK_SETTLE] = "supervision.task.decided",
    [TASK_OVERTAKE] = "supervision.task.overtaken", [TASK_EXPIRE] = "supervision.task.expired",
    [TASK_BREACH] = "supervision.task.overdue",
};

static struct slice or_dash(struct slice text)
{
    return text.len > 0 ? text : LIT("-");
}

static enum status log_task(struct unit *unit, const struct supervision_task *task, const char *kind,
                            struct slice person)
{
    struct slice ids = arena_format(unit->arena, "task=%.*s meeting=%.*s organisation=%.*s reason=%.*s person=%.*s",
                                    SLICE_ARG(task->id), SLICE_ARG(or_dash(task->meeting)),
                                    SLICE_ARG(or_dash(task->organisation)), SLICE_ARG(or_dash(task->reason)),
                                    SLICE_ARG(or_dash(person)));
    return store_append_log(unit->planner->store, unit->now, slice_from(kind), ids, unit->why);
}

/* The last one that was late is not open any more. */
static enum status tell_caught_up(struct unit *unit, const struct supervision_task *task)
{
    bool late;
    if (task->state != TASK_CLOSED || task->breached.us == 0)
        return ST_OK;
    TRY(store_has_late_task(unit->planner->store, &late, unit->why));
    if (!late)
        event_log(EVENT_TASKS_CAUGHT_UP, field_id(KEY_TASK, task->id));
    return ST_OK;
}

enum status move_task(struct unit *unit, struct stored_task *row, const struct task_input *input)
{
    const char *kind = entry_kinds[input->act];
    struct slice person = input->by != NULL ? input->by->person : row->task.taken_by; /* as it was */
    TRY(supervision_step(&row->task, input, unit->arena, unit->why));
    TRY(store_move_task(unit->planner->store, row, unit->why));
    row->task.version++;
    if (row->task.meeting.len > 0)
        note_touched(unit->planner, row->task.meeting);
    TRY(tell_caught_up(unit, &row->task));
    return kind == NULL ? ST_OK : log_task(unit, &row->task, kind, person);
}

/* Records */

static struct seal_place place_of(const struct stored_task *row)
{
    return sealing_place(SEALED_TASK, row->task.meeting.len > 0 ? row->task.organisation : SLICE_NONE,
                         row->task.id);
}

enum status open_task_record(struct unit *unit, const struct meeting_hand *hand,
                             const struct stored_task *row, struct task *out)
{
    const struct secret *key;
    struct seal_place place = place_of(row);
    TRY(get_opening_key(unit, hand, row->record, &key));
    return sealing_open(key, &place, row->record, &task_record, unit->arena, out, unit->why);
}

enum status seal_task_record(struct unit *unit, const struct meeting_hand *hand, struct stored_task *row,
                             const struct task *said)
{
    struct seal_place place = place_of(row);
    const struct secret *key = hand != NULL ? hand->key : unit->planner->service_key;
    return sealing_seal(key, &place, &task_record, said, unit->arena, &row->record, unit->why);
}

/* Opening */

static enum status add_row(struct unit *unit, const struct meeting_hand *hand, struct stored_task *row,
                           const struct task *said)
{
    bool added;
    TRY(seal_task_record(unit, hand, row, said));
    TRY(store_add_task(unit->planner->store, row, &added, unit->why));
    return added ? log_task(unit, &row->task, "supervision.task.opened", SLICE_NONE) : ST_OK;
}

static void earlier(struct instant *about, struct instant at, struct instant now)
{
    if (at.us > now.us && (about->us == 0 || at.us < about->us))
        *about = at;
}

/* When the meeting is, or the times that are spoken of: those of one day, not of a whole week. */
static struct instant about(const struct meeting *meeting, const struct task *task, struct instant now)
{
    const int64_t day_us = INT64_C(86400) * 1000000;
    struct instant at = {0};
    earlier(&at, meeting->confirmed.start, now);
    for (size_t i = 0; i < meeting->offers.count; i++)
        if (!meeting->offers.items[i].withdrawn)
            earlier(&at, meeting->offers.items[i].span.start, now);
    for (size_t i = 0; i < task->reading.requests.count; i++) {
        const struct said_times *times = &task->reading.requests.items[i].times;
        for (size_t k = 0; k < times->starts.count; k++)
            earlier(&at, times->starts.items[k].start, now);
        for (size_t k = 0; k < times->allowed.count; k++)
            if (times->allowed.items[k].end.us - times->allowed.items[k].start.us <= day_us)
                earlier(&at, times->allowed.items[k].start, now);
    }
    return at;
}

static enum language language_of(const struct meeting *meeting, const struct task *task)
{
    if (task->reading.language != LANGUAGE_UNKNOWN)
        return task->reading.language;
    for (size_t i = 0; i < meeting->people.count; i++)
        if (slice_equal_nocase(meeting->people.items[i].address, task->from))
            return meeting->people.items[i].language;
    return LANGUAGE_UNKNOWN;
}

static enum status open_task_row(struct unit *unit, const struct meeting_hand *hand, const struct task *task)
{
    const struct meeting *meeting = &hand->meeting;
    struct task_opening opening = {
        .id = task->id,
        .meeting = meeting->id,
        .organisation = meeting->organisation,
        .reason = task->reason,
        .language = language_of(meeting, task),
        .at = unit->now,
        .about = about(meeting, task, unit->now),
    };
    struct stored_task row = {0};
    /* What the task says stays in the meeting's record; the row is for queues, clocks, and what people
     * say of it among themselves. */
    struct task said = {.id = task->id, .reason = task->reason, .opened = task->opened};
    supervision_open(&opening, &unit->planner->options.supervision, &row.task);
    return add_row(unit, hand, &row, &said);
}

enum status open_loose_task(struct unit *unit, struct slice id, struct slice reason)
{
    struct task_opening opening = {.id = id, .reason = reason, .at = unit->now};
    struct task said = {.id = id, .reason = reason, .opened = unit->now};
    struct stored_task row = {0};
    supervision_open(&opening, &unit->planner->options.supervision, &row.task);
    return add_row(unit, NULL, &row, &said);
}

static const struct task *find_task(const struct task_list *tasks, struct slice id)
{
    for (size_t i = 0; i < tasks->count; i++)
        if (slice_equal(tasks->items[i].id, id))
            return &tasks->items[i];
    return NULL;
}

static bool is_organised(const struct meeting *meeting)
{
    return meeting->state == MEETING_GATHERING || meeting->state == MEETING_PROPOSING ||
           meeting->state == MEETING_SUPERVISION;
}

/* A second look is at a meeting in progress, and no part of it. */
static bool is_overtaken(const struct meeting *meeting, const struct supervision_task *task)
{
    if (slice_equal(task->reason, LIT("sample")))
        return !is_organised(meeting);
    return find_task(&meeting->tasks, task->id) == NULL;
}

enum status keep_tasks(struct unit *unit, struct meeting_hand *hand)
{
    struct stored_task_list open;
    const struct meeting *meeting = &hand->meeting;
    const struct task_input overtake = {.act = TASK_OVERTAKE, .now = unit->now};
    TRY(store_list_meeting_tasks(unit->planner->store, meeting->id, unit->arena, &open, unit->why));
    for (size_t i = 0; i < open.count; i++)
        if (is_overtaken(meeting, &open.items[i].task))
            TRY(move_task(unit, &open.items[i], &overtake));
    for (size_t i = 0; i < meeting->tasks.count; i++) {
        bool there = false;
        for (size_t k = 0; k < open.count; k++)
            there = there || slice_equal(open.items[k].task.id, meeting->tasks.items[i].id);
        if (!there)
            TRY(open_task_row(unit, hand, &meeting->tasks.items[i]));
    }
    return ST_OK;
}

/* Which ones, nobody can foresee who does not have the look-up key. */
static bool is_drawn(struct unit *unit, struct slice message)
{
    uint64_t draw = 0;
    struct slice hash = sealing_address_hash(unit->planner->lookup_key,
                                             arena_format(unit->arena, "second look %.*s", SLICE_ARG(message)),
                                             unit->arena);
    memcpy(&draw, hash.data, hash.len < sizeof draw ? hash.len : sizeof draw);
    return supervision_is_sampled(draw, &unit->planner->options.supervision);
}

enum status draw_sample(struct unit *unit, const struct meeting_hand *hand, struct slice message,
                        struct slice from, const struct reading *reading)
{
    const struct meeting *meeting = &hand->meeting;
    struct stored_task row = {0};
    struct task said = {.reason = LIT("sample"), .opened = unit->now, .from = from, .reading = *reading};
    if (!is_organised(meeting) || meeting->tasks.count > 0 || !is_drawn(unit, message))
        return ST_OK;
    said.id = store_new_id("task", unit->arena);
    struct task_opening opening = {
        .id = said.id,
        .meeting = meeting->id,
        .organisation = meeting->organisation,
        .reason = said.reason,
        .language = language_of(meeting, &said),
        .at = unit->now,
    };
    supervision_open(&opening, &unit->planner->options.supervision, &row.task);
    return add_row(unit, hand, &row, &said);
}

/* Those that were opened before tasks were in clear: what queues and clocks need of them follows from the request.
 * Their time begins now, for before nobody told anybody that it ran. */

static enum status name_task(struct unit *unit, const struct stored_task *row)
{
    AUTO_HAND hand = {0};
    struct task alone;
    const struct task *task = &alone;
    struct supervision_task named;
    struct task_opening opening = {.id = row->task.id, .meeting = row->task.meeting,
                                   .organisation = row->task.organisation, .at = unit->now};
    if (row->task.meeting.len == 0) {
        TRY(open_task_record(unit, NULL, row, &alone));
    } else {
        TRY(load_meeting(unit, row->task.meeting, &hand));
        task = find_task(&hand.meeting.tasks, row->task.id);
        if (task == NULL)
            return ST_OK; /* overtaken with the next move */
        opening.language = language_of(&hand.meeting, task);
        opening.about = about(&hand.meeting, task, unit->now);
    }
    opening.reason = task->reason;
    supervision_open(&opening, &unit->planner->options.supervision, &named);
    named.version = row->task.version;
    return store_name_task(unit->planner->store, &named, unit->why);
}

/* One that does not open, or whose key is not to be had just now, waits for the next time, and nobody for it. */
static enum status name_tasks_in(struct unit *unit, bool *all)
{
    struct stored_task_list nameless;
    *all = true;
    TRY(store_list_nameless_tasks(unit->planner->store, unit->arena, &nameless, unit->why));
    for (size_t i = 0; i < nameless.count; i++) {
        enum status named = name_task(unit, &nameless.items[i]);
        *all &= named == ST_OK || named == ST_NOT_FOUND; /* the latter: its meeting was erased */
    }
    return ST_OK;
}

static enum status name_tasks(struct planner *planner, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    bool all;
    if (planner->tasks_named)
        return ST_OK;
    TRY(store_begin(planner->store, why));
    enum status status = name_tasks_in(&unit, &all);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    planner->tasks_named = status == ST_OK && all;
    return status;
}

/* Time */

static enum status wake_task(struct unit *unit, struct stored_task *row, unsigned skills)
{
    const unsigned told = 1u << TASK_BREACH | 1u << TASK_AGAIN;
    struct slice had = row->task.taken_by;
    unsigned done;
    TRY(supervision_wake(&row->task, unit->now, skills, unit->arena, &done, unit->why));
    if (done == 0)
        return ST_OK;
    TRY(store_move_task(unit->planner->store, row, unit->why));
    if (row->task.meeting.len > 0)
        note_touched(unit->planner, row->task.meeting);
    for (int act = 0; act < TASK_ACT_COUNT_; act++)
        if ((done & 1u << act) != 0 && entry_kinds[act] != NULL)
            TRY(log_task(unit, &row->task, entry_kinds[act], act == TASK_EXPIRE ? had : SLICE_NONE));
    if ((done & told) != 0)
        event_log(EVENT_TASK_OVERDUE, field_id(KEY_TASK, row->task.id), field_id(KEY_CAUSE, row->task.reason));
    return ST_OK;
}

static enum status wake_in(struct unit *unit)
{
    struct stored_task_list due;
    struct supervisor_list people;
    TRY(store_due_tasks(unit->planner->store, unit->now, unit->arena, &due, unit->why));
    if (due.count == 0)
        return ST_OK;
    TRY(store_list_supervisors(unit->planner->store, unit->arena, &people, unit->why));
    unsigned skills = supervision_skills_on_duty(people.items, people.count, unit->now);
    for (size_t i = 0; i < due.count; i++)
        TRY(wake_task(unit, &due.items[i], skills));
    return ST_OK;
}

enum status wake_tasks(struct planner *planner, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(MEETING_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    TRY(name_tasks(planner, now, why));
    TRY(store_begin(planner->store, why));
    enum status status = wake_in(&unit);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}

/* What somebody has goes back: they left, or may not any more. And nobody waits for their skills. */
enum status release_tasks(struct unit *unit, struct slice person)
{
    struct stored_task_list open;
    const struct task_input expire = {.act = TASK_EXPIRE, .now = unit->now};
    TRY(store_list_open_tasks(unit->planner->store, unit->arena, &open, unit->why));
    for (size_t i = 0; i < open.count; i++)
        if (slice_equal(open.items[i].task.taken_by, person))
            TRY(move_task(unit, &open.items[i], &expire));
    return store_supervisor_left(unit->planner->store, person, unit->why);
}

/* For a replay, `rendez check` and the sandbox page */

enum status planner_open_tasks(struct planner *planner, struct arena *arena, struct task_list *out,
                               struct problem *why)
{
    struct unit unit = {.planner = planner, .arena = arena, .why = why};
    struct stored_task_list open;
    *out = (struct task_list){0};
    TRY(store_list_open_tasks(planner->store, arena, &open, why));
    for (size_t i = 0; i < open.count; i++) {
        AUTO_HAND hand = {0};
        struct task alone;
        if (open.items[i].task.meeting.len == 0) {
            TRY(open_task_record(&unit, NULL, &open.items[i], &alone));
            ARENA_PUSH(arena, out, alone);
            continue;
        }
        TRY(load_meeting(&unit, open.items[i].task.meeting, &hand));
        for (size_t k = 0; k < hand.meeting.tasks.count; k++)
            if (slice_equal(hand.meeting.tasks.items[k].id, open.items[i].task.id))
                ARENA_PUSH(arena, out, hand.meeting.tasks.items[k]);
    }
    return ST_OK;
}

/* What could not be parsed or handled */

/* The task is named after the message, whose bytes wait for the person who looks. */
static const char unreadable_prefix[] = "task_";

enum status forget_unreadable(struct unit *unit, struct slice task)
{
    struct slice prefix = slice_from(unreadable_prefix);
    if (!slice_starts(task, prefix))
        return ST_OK;
    enum status removed = store_remove_message(
        unit->planner->store, slice_sub(task, prefix.len, task.len), unit->why);
    return removed == ST_NOT_FOUND ? ST_OK : removed;
}

static enum status keep_unreadable(struct unit *unit, const struct unreadable *unreadable)
{
    struct planner *planner = unit->planner;
    bool duplicate;
    struct inbound inbound = {
        .spool_id = unreadable->id,
        .recipient_hash = address_hash(unit, planner->options.assistant.address),
        .at = unit->now,
    };
    TRY(store_note_inbound(planner->store, &inbound, &duplicate, unit->why));
    if (duplicate)
        return ST_OK;
    struct mail nothing = {0};
    struct received_mail received = {.id = unreadable->id, .raw = unreadable->raw, .mail = &nothing};
    struct handled_message handled = {.outcome = OUTCOME_REJECTED, .supervision = unreadable->reason};
    TRY(keep_message(unit, &received, NULL, &handled));
    struct slice id = arena_format(unit->arena, "%s%.*s", unreadable_prefix, SLICE_ARG(unreadable->id));
    return open_loose_task(unit, id, unreadable->reason);
}

enum status planner_report_unreadable(struct planner *planner, const struct unreadable *unreadable,
                                      struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(UNIT_BYTES_MAX);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    event_log(EVENT_MAIL_FAILED, field_id(KEY_MESSAGE, unreadable->id),
              field_id(KEY_STATUS, unreadable->reason));
    TRY(store_begin(planner->store, why));
    enum status status = keep_unreadable(&unit, unreadable);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status;
}
