#include "roles/planner/inspect.h"

#include "roles/planner/internal.h"
#include "roles/planner/learning.h"

enum { ROWS_BYTES_MAX = 1024 << 20, ROWS_MAX = 1000000, SURE_MAX = 1000 };

struct check {
    struct unit unit; /* its `why` is ours; its arena lasts for one meeting */
    struct problem own;
    planner_fault_fn *fault;
    void *context;
    struct planner_checked *out;
};

static void find_fault(struct check *check, const char *what, struct slice id, const char *why)
{
    check->out->faults++;
    check->fault(check->context, what, id, why);
}

/* A value that has to open; false: it does not, and that is said. */
static bool opens(struct check *check, const char *what, struct slice id, enum status opened)
{
    if (opened != ST_OK)
        find_fault(check, what, id, check->own.detail);
    return opened == ST_OK;
}

static enum status open_record(struct check *check, const struct meeting_hand *hand,
                               enum sealed_column column, struct slice row, struct sealed sealed,
                               const struct record_type *type, void *object)
{
    const struct secret *key;
    struct seal_place place =
        sealing_place(column, hand == NULL ? SLICE_NONE : hand->meeting.organisation, row);
    TRY(get_opening_key(&check->unit, hand, sealed, &key));
    return sealing_open(key, &place, sealed, type, check->unit.arena, object, &check->own);
}

static void check_message(struct check *check, const struct meeting_hand *hand,
                          const struct stored_message *message)
{
    struct handled_message handled;
    struct slice raw;
    const struct secret *key;
    struct seal_place place = sealing_place(
        SEALED_MESSAGE_RAW, hand == NULL ? SLICE_NONE : hand->meeting.organisation, message->id);
    check->out->messages++;
    enum status opened = get_opening_key(&check->unit, hand, message->raw, &key);
    if (opened == ST_OK)
        opened = vault_open(key, &place, message->raw, check->unit.arena, &raw, &check->own);
    opens(check, "message.raw", message->id, opened);
    if (message->reading.bytes.len > 0)
        opens(check, "message.reading", message->id,
              open_record(check, hand, SEALED_MESSAGE_READING, message->id, message->reading,
                          &handled_message_record, &handled));
}

static enum status check_messages(struct check *check, const struct meeting_hand *hand)
{
    struct stored_message_list messages = {0};
    TRY(store_list_messages(check->unit.planner->store, hand == NULL ? SLICE_NONE : hand->meeting.id,
                            check->unit.arena, &messages, &check->own));
    for (size_t i = 0; i < messages.count; i++)
        check_message(check, hand, &messages.items[i]);
    return ST_OK;
}

static void check_mail(struct check *check, const struct meeting_hand *hand,
                       const struct outbox_entry *entry)
{
    struct outgoing mail;
    check->out->mails++;
    if (!opens(check, "outbox.draft", entry->id, open_mail(&check->unit, hand, entry, &mail)))
        return;
    if (!slice_equal(mail.draft.message_id, entry->message_id))
        find_fault(check, "outbox.message_id", entry->id, "the mail inside has another one");
    if (!slice_equal(mail.meeting, entry->meeting))
        find_fault(check, "outbox.meeting", entry->id, "the mail inside is of another meeting");
}

static enum status check_work(struct check *check, const struct meeting_hand *hand)
{
    struct store *store = check->unit.planner->store;
    struct outbox_list mails = {0};
    struct job_list jobs = {0};
    struct effect effect;
    TRY(store_list_outbox(store, hand->meeting.id, check->unit.arena, &mails, &check->own));
    TRY(store_list_meeting_jobs(store, hand->meeting.id, check->unit.arena, &jobs, &check->own));
    for (size_t i = 0; i < mails.count; i++)
        check_mail(check, hand, &mails.items[i]);
    for (size_t i = 0; i < jobs.count; i++) {
        check->out->jobs++;
        opens(check, "job.content", jobs.items[i].id,
              open_record(check, hand, SEALED_JOB, jobs.items[i].id, jobs.items[i].content,
                          &effect_record, &effect));
    }
    return ST_OK;
}

static enum status check_tasks(struct check *check, const struct meeting_hand *hand)
{
    struct stored_task_list tasks = {0};
    struct task task;
    TRY(store_list_meeting_tasks(check->unit.planner->store, hand->meeting.id, check->unit.arena, &tasks,
                                 &check->own));
    for (size_t i = 0; i < tasks.count; i++) {
        bool known = slice_equal(tasks.items[i].task.reason, LIT("sample")); /* no part of the meeting */
        check->out->tasks++;
        opens(check, "task.record", tasks.items[i].task.id,
              open_record(check, hand, SEALED_TASK, tasks.items[i].task.id, tasks.items[i].record,
                          &task_record, &task));
        for (size_t k = 0; k < hand->meeting.tasks.count; k++)
            known = known || slice_equal(hand->meeting.tasks.items[k].id, tasks.items[i].task.id);
        if (!known)
            find_fault(check, "task.meeting", tasks.items[i].task.id, "its meeting knows of no such task");
    }
    return ST_OK;
}

/* What is in the clear for look-ups and clocks is what the sealed record says. */
static void compare_row(struct check *check, const struct stored_meeting *row, const struct meeting *meeting)
{
    if (!slice_equal(row->state, slice_from(meeting_state_names[meeting->state])))
        find_fault(check, "meeting.state", row->id, "row and record differ");
    if (row->due.us != meeting->due.us)
        find_fault(check, "meeting.due", row->id, "row and record differ");
}

static enum status check_holds(struct check *check, const struct meeting *meeting)
{
    struct hold_list holds = {0};
    TRY(store_list_meeting_holds(check->unit.planner->store, meeting->id, check->unit.arena, &holds,
                                 &check->own));
    for (size_t i = 0; i < holds.count; i++)
        if (meeting->state == MEETING_CONFIRMED &&
            (holds.items[i].span.end.us <= meeting->confirmed.start.us ||
             holds.items[i].span.start.us >= meeting->confirmed.end.us))
            find_fault(check, "meeting.hold", meeting->id, "time is held for another hour");
    return ST_OK;
}

static enum status check_meeting(struct check *check, const struct stored_meeting *row)
{
    AUTO_ARENA arena = arena_create_wiped(ROWS_BYTES_MAX);
    AUTO_HAND hand = {0};
    check->unit.arena = arena;
    if (row->record.bytes.len == 0) {
        check->out->erased++;
        return ST_OK;
    }
    check->out->meetings++;
    check->out->keyless += row->key.sealed.bytes.len == 0;
    if (!opens(check, "meeting.record", row->id, open_meeting(&check->unit, row, &hand)))
        return ST_OK;
    compare_row(check, row, &hand.meeting);
    TRY(check_holds(check, &hand.meeting));
    TRY(check_messages(check, &hand));
    TRY(check_work(check, &hand));
    return check_tasks(check, &hand);
}

static enum status check_meetings(struct check *check, struct slice organisation)
{
    AUTO_ARENA arena = arena_create_wiped(ROWS_BYTES_MAX);
    struct stored_meeting_list rows = {0};
    TRY(store_list_meetings(check->unit.planner->store, organisation, arena, &rows, &check->own));
    for (size_t i = 0; i < rows.count; i++)
        TRY(check_meeting(check, &rows.items[i]));
    return ST_OK;
}

static enum status check_people(struct check *check, struct slice organisation)
{
    struct stored_person_list rows = {0};
    struct person person;
    TRY(store_list_people(check->unit.planner->store, organisation, check->unit.arena, &rows, &check->own));
    for (size_t i = 0; i < rows.count; i++) {
        check->out->people++;
        if (!opens(check, "person.record", rows.items[i].id,
                   load_person(&check->unit, rows.items[i].id, &person)))
            continue;
        if (!slice_equal(address_hash(&check->unit, person.address), rows.items[i].address_hash))
            find_fault(check, "person.address", rows.items[i].id, "is looked up under another one");
    }
    return ST_OK;
}

static enum status check_organisations(struct check *check)
{
    AUTO_ARENA arena = arena_create_wiped(ROWS_BYTES_MAX);
    struct stored_organisation_list rows = {0};
    struct organisation *organisation;
    struct slice name;
    TRY(store_list_organisations(check->unit.planner->store, arena, &rows, &check->own));
    for (size_t i = 0; i < rows.count; i++) {
        const struct stored_organisation *row = &rows.items[i];
        struct seal_place place = sealing_place(SEALED_ORGANISATION, row->id, row->id);
        check->unit.arena = arena;
        check->out->organisations++;
        enum status found = get_organisation_of(&check->unit, row->id, row->record, &organisation);
        check->out->keyless += found == ST_NOT_FOUND;
        if (!opens(check, "organisation.key", row->id, found))
            continue; /* nothing of it opens */
        opens(check, "organisation.name", row->id,
              vault_open(organisation->directory_key, &place, row->record, arena, &name, &check->own));
        TRY(check_people(check, row->id));
        TRY(check_meetings(check, row->id));
    }
    return ST_OK;
}

/* Of no meeting: sealed with the service's key. */
static enum status check_loose(struct check *check)
{
    AUTO_ARENA arena = arena_create_wiped(ROWS_BYTES_MAX);
    struct outbox_list mails = {0};
    struct stored_task_list tasks = {0};
    struct task task;
    struct store *store = check->unit.planner->store;
    check->unit.arena = arena;
    TRY(check_messages(check, NULL));
    TRY(store_list_outbox(store, SLICE_NONE, arena, &mails, &check->own));
    for (size_t i = 0; i < mails.count; i++)
        if (mails.items[i].meeting.len == 0)
            check_mail(check, NULL, &mails.items[i]);
    TRY(store_list_open_tasks(store, arena, &tasks, &check->own));
    for (size_t i = 0; i < tasks.count; i++) {
        if (tasks.items[i].task.meeting.len > 0)
            continue;
        check->out->tasks++;
        opens(check, "task.record", tasks.items[i].task.id,
              open_record(check, NULL, SEALED_TASK, tasks.items[i].task.id, tasks.items[i].record,
                          &task_record, &task));
    }
    return ST_OK;
}

/* What corrections taught; drafts are gone within minutes. */
static enum status check_lessons(struct check *check)
{
    AUTO_ARENA arena = arena_create_wiped(ROWS_BYTES_MAX);
    struct stored_lesson_list rows = {0};
    check->unit.arena = arena;
    TRY(store_list_lessons(check->unit.planner->store, ROWS_MAX, arena, &rows, &check->own));
    for (size_t i = 0; i < rows.count; i++) {
        AUTO_JSON content = NULL;
        check->out->lessons++;
        if (!opens(check, "lesson.content", rows.items[i].id, open_lesson(&check->unit, &rows.items[i], &content)))
            continue;
        if (json_text(content, "text").len == 0)
            find_fault(check, "lesson.text", rows.items[i].id, "it has no words");
        if (rows.items[i].person.len > 0)
            find_fault(check, "lesson.person", rows.items[i].id, "it still says whose draft it was");
    }
    return ST_OK;
}

/* Figures of what was decided: an error rate must not count what cannot be. */
static enum status check_figures(struct check *check)
{
    AUTO_ARENA arena = arena_create(ROWS_BYTES_MAX);
    struct supervised_list rows = {0};
    TRY(store_list_supervised(check->unit.planner->store, (struct instant){0}, ROWS_MAX, arena, &rows, &check->own));
    for (size_t i = 0; i < rows.count; i++) {
        const struct supervised *row = &rows.items[i];
        bool compared = row->agreed == AGREED || row->agreed == AGREED_NOT;
        check->out->decisions++;
        if (row->confidence > SURE_MAX)
            find_fault(check, "supervised.confidence", row->task, "is no confidence");
        if (row->sample > 1 || (row->sample != 0) != compared)
            find_fault(check, "supervised.agreed", row->task, "only a second look agrees or not");
    }
    return ST_OK;
}

enum status planner_check(struct planner *planner, planner_fault_fn *fault, void *context,
                          struct planner_checked *out, struct problem *why)
{
    *out = (struct planner_checked){0};
    struct check check = {.fault = fault, .context = context, .out = out};
    check.unit = (struct unit){.planner = planner, .why = &check.own};
    enum status status = check_organisations(&check);
    if (status == ST_OK)
        status = check_loose(&check);
    if (status == ST_OK)
        status = check_lessons(&check);
    if (status == ST_OK)
        status = check_figures(&check);
    return status == ST_OK ? ST_OK : problem_set(why, status, "%s", check.own.detail);
}

static bool is_open(const struct meeting *meeting, struct instant now)
{
    return meeting->state == MEETING_GATHERING || meeting->state == MEETING_PROPOSING ||
           (meeting->state == MEETING_CONFIRMED && meeting->confirmed.start.us > now.us);
}

static enum status sample_meetings(struct unit *unit, struct slice organisation, size_t count_max,
                                   struct meeting_list *out)
{
    AUTO_ARENA rows_arena = arena_create(ROWS_BYTES_MAX);
    struct stored_meeting_list rows = {0};
    TRY(store_list_meetings(unit->planner->store, organisation, rows_arena, &rows, unit->why));
    for (size_t i = rows.count; i-- > 0 && out->count < count_max;) {
        AUTO_HAND hand = {0};
        if (rows.items[i].key.sealed.bytes.len == 0 || open_meeting(unit, &rows.items[i], &hand) != ST_OK)
            continue;
        hand.meeting.id = arena_copy(unit->arena, hand.meeting.id);
        hand.meeting.organisation = arena_copy(unit->arena, hand.meeting.organisation);
        if (is_open(&hand.meeting, unit->now))
            ARENA_PUSH(unit->arena, out, hand.meeting);
    }
    return ST_OK;
}

static enum status sample_clients(struct unit *unit, struct slice organisation, size_t count_max,
                                  struct person_list *out)
{
    struct stored_person_list rows = {0};
    struct person person;
    TRY(store_list_people(unit->planner->store, organisation, unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count && out->count < count_max; i++)
        if (load_person(unit, rows.items[i].id, &person) == ST_OK && person.client)
            ARENA_PUSH(unit->arena, out, person);
    return ST_OK;
}

enum status planner_sample(struct planner *planner, struct instant now, size_t count_max, struct arena *arena,
                           struct meeting_list *meetings, struct person_list *clients, struct problem *why)
{
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    struct stored_organisation_list rows = {0};
    *meetings = (struct meeting_list){0};
    *clients = (struct person_list){0};
    TRY(store_list_organisations(planner->store, arena, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        TRY(sample_meetings(&unit, rows.items[i].id, count_max, meetings));
        TRY(sample_clients(&unit, rows.items[i].id, count_max, clients));
    }
    return ST_OK;
}
