/* What the console asks of tasks: the queue, taking one, keeping it, letting it go (doc/supervision.md).
 * Every answer is for one person, whom authd has named. */
#include "roles/planner/commands.h"

enum {
    PAGE = 200,         /* waiting tasks looked at in one go */
    SEEN_SECONDS = 60,  /* how exactly it is known when somebody was there */
    NOTE_BYTES_MAX = 4000,
    NOTES_MAX = 50,
};

enum status case_fail(struct command_call *call, enum status status, const char *code, const char *detail)
{
    call->code = code;
    return problem_set(call->unit->why, status, "%s", detail);
}

static struct store *store_of(const struct command_call *call)
{
    return call->unit->planner->store;
}

static enum status in_open_transaction(struct command_call *call, enum status (*run)(struct command_call *))
{
    enum status status = run(call);
    if (status == ST_OK)
        status = store_commit(store_of(call), call->unit->why);
    store_rollback(store_of(call));
    return status;
}

enum status in_transaction(struct command_call *call, enum status (*run)(struct command_call *))
{
    TRY(store_begin(store_of(call), call->unit->why));
    return in_open_transaction(call, run);
}

/* Who asks */

enum status case_supervisor(struct command_call *call, struct supervisor *out)
{
    const struct planner_caller *caller = call->caller;
    enum status found = store_load_supervisor(store_of(call), caller->person, call->unit->arena, out,
                                              call->unit->why);
    if (found == ST_NOT_FOUND)
        *out = (struct supervisor){.languages = SUPERVISOR_LANGUAGES};
    else
        TRY(found);
    out->person = caller->person;
    out->lead = slice_equal(caller->function, LIT("supervision_lead"));
    if (call->unit->now.us - out->seen.us < (int64_t)SEEN_SECONDS * 1000000)
        return ST_OK;
    out->seen = call->unit->now;
    return store_save_supervisor(store_of(call), out, call->unit->why);
}

/* A task in hand */

void case_hand_release(struct case_hand *hand)
{
    meeting_hand_release(&hand->meeting);
}

static const struct task *find_task(const struct task_list *tasks, struct slice id)
{
    for (size_t i = 0; i < tasks->count; i++)
        if (slice_equal(tasks->items[i].id, id))
            return &tasks->items[i];
    return NULL;
}

static enum status load_row(struct command_call *call, bool to_read, struct stored_task *row)
{
    bool lead = slice_equal(call->caller->function, LIT("supervision_lead"));
    enum status found = store_load_task(store_of(call), json_text(call->in, "task"), call->unit->arena, row,
                                        call->unit->why);
    if (found == ST_NOT_FOUND) /* it went with its meeting */
        return case_fail(call, ST_DENIED, "over", "there is no such task any more");
    TRY(found);
    bool theirs = slice_equal(row->task.taken_by, call->caller->person);
    if (row->task.state == TASK_CLOSED)
        return case_fail(call, ST_DENIED, theirs || lead ? "over" : "not_assigned", "the task is closed");
    return theirs || (to_read && lead)
               ? ST_OK
               : case_fail(call, ST_DENIED, "not_assigned", "the task is not with them");
}

enum status case_open(struct command_call *call, bool to_read, struct case_hand *out)
{
    struct unit *unit = call->unit;
    AUTO_CASE hand = {0};
    TRY(load_row(call, to_read, &hand.row));
    hand.alone = hand.row.task.meeting.len == 0;
    if (!hand.alone)
        TRY(load_meeting(unit, hand.row.task.meeting, &hand.meeting));
    TRY(open_task_record(unit, hand.alone ? NULL : &hand.meeting, &hand.row, &hand.said));
    *out = hand;
    out->task = hand.alone ? NULL : find_task(&out->meeting.meeting.tasks, out->row.task.id);
    if (out->task == NULL)
        out->task = &out->said;
    hand.meeting.key = NULL; /* now the caller's */
    return ST_OK;
}

/* The queue */

static json_t *time_json(struct command_call *call, struct instant at)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), call->unit->arena));
}

/* What is of no language is anybody's; the pages count it with the service's first one. */
static json_t *language_json(enum language language)
{
    return json_string(language_names[language == LANGUAGE_UNKNOWN ? LANGUAGE_FR : language]);
}

static json_t *task_json(struct command_call *call, const struct supervision_task *task, bool whole)
{
    json_t *out = json_object();
    json_object_set_new(out, "task", json_from_text(task->id));
    json_object_set_new(out, "reason", json_from_text(task->reason));
    json_object_set_new(out, "priority", json_string(task_priority_names[task->priority]));
    json_object_set_new(out, "language", language_json(task->language));
    json_object_set_new(out, "deadline", time_json(call, task->deadline));
    if (!whole)
        return out;
    json_object_set_new(out, "opened", time_json(call, task->opened));
    json_object_set_new(out, "state", json_string(task_state_names[task->state]));
    json_object_set_new(out, "taken_by", task->taken_by.len > 0 ? json_from_text(task->taken_by) : json_null());
    json_object_set_new(out, "breached", json_boolean(task->breached.us != 0));
    return out;
}

static json_t *counts_json(struct command_call *call, const struct task_count_list *counts,
                           struct instant *oldest)
{
    json_t *out = json_array();
    (void)call;
    for (size_t i = 0; i < counts->count; i++) {
        const struct task_count *one = &counts->items[i];
        json_t *row = json_object();
        json_object_set_new(row, "priority", json_string(task_priority_names[one->priority]));
        json_object_set_new(row, "language", language_json(one->language));
        json_object_set_new(row, "count", json_integer(one->count));
        json_array_append_new(out, row);
        if (oldest->us == 0 || one->deadline.us < oldest->us)
            *oldest = one->deadline;
    }
    return out;
}

static enum status queue_in(struct command_call *call)
{
    struct stored_task_list open;
    struct task_count_list counts;
    struct supervisor who;
    struct instant oldest = {0};
    TRY(case_supervisor(call, &who));
    TRY(store_count_tasks(store_of(call), call->unit->arena, &counts, call->unit->why));
    TRY(who.lead ? store_list_open_tasks(store_of(call), call->unit->arena, &open, call->unit->why)
                 : store_list_taken_tasks(store_of(call), who.person, call->unit->arena, &open, call->unit->why));
    json_t *mine = json_array(), *all = json_array();
    for (size_t i = 0; i < open.count; i++) {
        const struct supervision_task *task = &open.items[i].task;
        if (slice_equal(task->taken_by, who.person))
            json_array_append_new(mine, task_json(call, task, false));
        if (who.lead)
            json_array_append_new(all, task_json(call, task, true));
    }
    call->out = json_object();
    json_object_set_new(call->out, "waiting", counts_json(call, &counts, &oldest));
    json_object_set_new(call->out, "oldest", time_json(call, oldest));
    json_object_set_new(call->out, "mine", mine);
    if (who.lead)
        json_object_set_new(call->out, "open", all);
    else
        json_decref(all);
    return ST_OK;
}

static enum status command_queue(struct command_call *call)
{
    return in_transaction(call, queue_in);
}

/* Taking one */

static enum status choose_in_pages(struct command_call *call, const struct supervisor *who,
                                   const struct task_holder_list *held, struct stored_task *out)
{
    struct unit *unit = call->unit;
    for (uint32_t offset = 0;; offset += PAGE) {
        struct stored_task_list page;
        struct supervision_task_list tasks = {0};
        TRY(store_list_waiting_tasks(store_of(call), PAGE, offset, unit->arena, &page, unit->why));
        for (size_t i = 0; i < page.count; i++)
            ARENA_PUSH(unit->arena, &tasks, page.items[i].task);
        const struct supervision_task *chosen = supervision_choose(&tasks, who, held, unit->now);
        if (chosen != NULL) {
            *out = page.items[chosen - tasks.items];
            return ST_OK;
        }
        if (page.count < PAGE)
            return problem_set(unit->why, ST_NOT_FOUND, "nothing waits that they may have");
    }
}

static bool has_enough(const struct task_holder_list *held, struct slice person)
{
    size_t own = 0;
    for (size_t i = 0; i < held->count; i++)
        own += slice_equal(held->items[i].person, person);
    return own >= TASKS_HELD_MAX;
}

/* A task that is named: it may be theirs already, the answer having been lost. */
static enum status take_named(struct command_call *call, struct slice id, const struct supervisor *who,
                              const struct task_holder_list *held, struct stored_task *out)
{
    enum status found = store_load_task(store_of(call), id, call->unit->arena, out, call->unit->why);
    if (found == ST_NOT_FOUND || (found == ST_OK && out->task.state == TASK_CLOSED))
        return case_fail(call, ST_DENIED, "over", "the task is closed");
    TRY(found);
    if (slice_equal(out->task.taken_by, who->person))
        return ST_OK;
    if (has_enough(held, who->person))
        return case_fail(call, ST_CONFLICT, "enough", "they have as many tasks as one person may have");
    return supervision_may_take(&out->task, who, true, call->unit->now) &&
                   supervision_has_room(&out->task, who->person, held)
               ? ST_OK
               : case_fail(call, ST_DENIED, "not_assigned", "the task is not for them");
}

static enum status choose(struct command_call *call, const struct supervisor *who, struct stored_task *out)
{
    struct task_holder_list held;
    struct slice named = json_text(call->in, "task");
    TRY(store_list_holders(store_of(call), call->unit->arena, &held, call->unit->why));
    if (named.len > 0)
        return take_named(call, named, who, &held, out);
    if (has_enough(&held, who->person))
        return case_fail(call, ST_CONFLICT, "enough", "they have as many tasks as one person may have");
    return choose_in_pages(call, who, &held, out);
}

/* What opens it comes with case.show, for the console: this goes on to the browser as it is. */
static enum status describe_taken(struct command_call *call, const struct stored_task *row)
{
    call->out = json_object();
    json_object_set_new(call->out, "task", json_from_text(row->task.id));
    json_object_set_new(call->out, "state", json_string(task_state_names[row->task.state]));
    json_object_set_new(call->out, "until", time_json(call, row->task.taken_until));
    if (row->task.meeting.len > 0)
        json_object_set_new(call->out, "meeting", json_from_text(row->task.meeting));
    return ST_OK;
}

static enum status take_in(struct command_call *call)
{
    struct supervisor who;
    struct stored_task row = {0};
    TRY(case_supervisor(call, &who));
    enum status chosen = choose(call, &who, &row);
    if (chosen == ST_NOT_FOUND) {
        call->out = json_pack("{s:n}", "task");
        return ST_OK;
    }
    TRY(chosen);
    struct task_input take = {.act = TASK_TAKE, .by = &who, .now = call->unit->now};
    if (row.task.taken_by.len == 0)
        TRY(move_task(call->unit, &row, &take));
    return describe_taken(call, &row);
}

static enum status command_take(struct command_call *call)
{
    return in_transaction(call, take_in);
}

/* Keeping it, letting it go */

static enum status beat_in(struct command_call *call)
{
    struct supervisor who;
    struct stored_task row = {0};
    struct task_input beat = {.act = TASK_BEAT, .by = &who, .now = call->unit->now};
    TRY(case_supervisor(call, &who));
    TRY(load_row(call, false, &row));
    TRY(move_task(call->unit, &row, &beat));
    call->out = json_object();
    json_object_set_new(call->out, "until", time_json(call, row.task.taken_until));
    return ST_OK;
}

static enum status command_beat(struct command_call *call)
{
    /* The next comes in 30 seconds; without this one the task goes back to the others a little earlier. */
    TRY(store_begin_light(store_of(call), call->unit->why));
    return in_open_transaction(call, beat_in);
}

static enum status add_note(struct command_call *call, struct case_hand *hand, enum task_note_kind kind,
                            struct slice text)
{
    struct task_note note = {kind, call->caller->person, slice_trim(text), call->unit->now};
    if (note.text.len == 0)
        return ST_OK;
    if (note.text.len > NOTE_BYTES_MAX || hand->said.notes.count >= NOTES_MAX)
        return case_fail(call, ST_LIMIT, "too_long", "this is more than is kept of a task");
    ARENA_PUSH(call->unit->arena, &hand->said.notes, note);
    return seal_task_record(call->unit, hand->alone ? NULL : &hand->meeting, &hand->row, &hand->said);
}

/* One move of a task in hand, with what they say of it. A lead may take it from who has it. */
struct release {
    enum task_act act;
    enum task_note_kind kind;
    const char *member; /* of the json: the words */
    bool wanted;        /* not without words */
    bool by_lead;
};

static enum status release(struct command_call *call, const struct release *what)
{
    struct supervisor who;
    AUTO_CASE hand = {0};
    struct slice words = json_text(call->in, what->member);
    struct task_input input = {.act = what->act, .by = &who, .now = call->unit->now,
                               .to_lead = slice_equal(json_text(call->in, "to"), LIT("lead"))};
    TRY(case_supervisor(call, &who));
    if (what->wanted && slice_trim(words).len == 0)
        return case_fail(call, ST_INVALID, "words", "some words are needed");
    TRY(case_open(call, what->by_lead, &hand));
    TRY(add_note(call, &hand, what->kind, words));
    TRY(move_task(call->unit, &hand.row, &input));
    call->out = json_pack("{s:s}", "state", task_state_names[hand.row.task.state]);
    return ST_OK;
}

static enum status give_back_in(struct command_call *call)
{
    return release(call, &(struct release){TASK_GIVE_BACK, NOTE_NOTE, "note", false, true});
}

static enum status hand_on_in(struct command_call *call)
{
    return release(call, &(struct release){TASK_HAND_ON, NOTE_NOTE, "note", false, true});
}

static enum status opinion_in(struct command_call *call)
{
    return release(call, &(struct release){TASK_ASK, NOTE_QUESTION, "question", true, false});
}

static enum status answer_in(struct command_call *call)
{
    return release(call, &(struct release){TASK_ANSWER, NOTE_OPINION, "text", true, false});
}

static enum status command_give_back(struct command_call *call)
{
    return in_transaction(call, give_back_in);
}

static enum status command_hand_on(struct command_call *call)
{
    return in_transaction(call, hand_on_in);
}

static enum status command_opinion(struct command_call *call)
{
    return in_transaction(call, opinion_in);
}

static enum status command_answer(struct command_call *call)
{
    return in_transaction(call, answer_in);
}

const struct command_row case_commands[] = {
    {"case.queue", command_queue, "requests.read"},
    {"case.take", command_take, "requests.edit"},
    {"case.show", command_case_show, "requests.read"},
    {"case.part", command_case_part, "requests.read"},
    {"case.preview", command_case_preview, "requests.edit"},
    {"case.beat", command_beat, "requests.edit"},
    {"case.give_back", command_give_back, "requests.edit"},
    {"case.hand_on", command_hand_on, "requests.edit"},
    {"case.opinion", command_opinion, "requests.edit"},
    {"case.answer", command_answer, "requests.edit"},
    {"case.propose", command_case_propose, "requests.edit"},
    {"case.second", command_case_second, "requests.edit"},
    {"case.decide", command_case_decide, "requests.edit"},
    {"lesson.draft", command_lesson_draft, "requests.edit"},
    {"lesson.keep", command_lesson_keep, "requests.edit"},
    {"lesson.list", command_lesson_list, "requests.assign"},
    {"lesson.show", command_lesson_show, "requests.assign"},
    {"lesson.decide", command_lesson_decide, "requests.assign"},
    {"supervision.stats", command_supervision_stats, "requests.assign"},
};
const size_t case_command_count = sizeof case_commands / sizeof *case_commands;
