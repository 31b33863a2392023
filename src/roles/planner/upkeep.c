/* Upkeep, a small transaction at a time: keys are rotated, the rows of erased organisations go. What
 * is to be done follows from what is stored, so each step may be the last of a process, and the next
 * one finds what there is. The order of things: doc/storage.md, "The key file" and "Rotation". */
#include "base/eventlog/eventlog.h"
#include "roles/planner/internal.h"

enum {
    STEP_BYTES_MAX = 1024 << 20,
    ROWS_AT_ONCE = 20,
    REWRAPS_AT_ONCE = 100,
    ENDS_AT_ONCE = 500,
};

/* What a step knows. `more`: there is more of this one to do. */
struct step {
    struct unit unit;
    const struct upkeep *upkeep;
    bool more;
};

static struct store *store_of(const struct step *step)
{
    return step->unit.planner->store;
}

static enum status finish_upkeep(struct step *step)
{
    const struct upkeep *upkeep = step->upkeep;
    TRY(store_end_upkeep(store_of(step), upkeep->kind, upkeep->id, step->unit.why));
    event_log(upkeep->kind == UPKEEP_SWEEP ? EVENT_ORGANISATION_SWEPT : EVENT_KEY_ROTATED,
              field_text(KEY_LEVEL, upkeep_kind_names[upkeep->kind]), field_id(KEY_SUBJECT, upkeep->id));
    return store_append_log(store_of(step), step->unit.now, LIT("key.version.rotated"),
                            arena_format(step->unit.arena, "level=%s id=%.*s",
                                         upkeep_kind_names[upkeep->kind], SLICE_ARG(upkeep->id)),
                            step->unit.why);
}

/* The same plaintext in the same place under another key. An empty value stays empty. */
struct renewal {
    struct unit *unit;
    const struct secret *before, *after;
    struct slice organisation;
};

static enum status renew(const struct renewal *renewal, enum sealed_column column, struct slice row,
                         struct sealed *sealed)
{
    struct unit *unit = renewal->unit;
    struct seal_place place = sealing_place(column, renewal->organisation, row);
    struct slice plain;
    if (sealed->bytes.len == 0)
        return ST_OK;
    TRY(vault_open(renewal->before, &place, *sealed, unit->arena, &plain, unit->why));
    return vault_seal(renewal->after, &place, plain, unit->arena, sealed, unit->why);
}

/* Meetings */

static enum status renew_messages(const struct renewal *renewal, struct slice meeting)
{
    struct unit *unit = renewal->unit;
    struct stored_message_list rows;
    TRY(store_list_messages(unit->planner->store, meeting, unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++) {
        struct stored_message *row = &rows.items[i];
        TRY(renew(renewal, SEALED_MESSAGE_RAW, row->id, &row->raw));
        TRY(renew(renewal, SEALED_MESSAGE_READING, row->id, &row->reading));
        TRY(store_reseal(unit->planner->store, RESEALED_MESSAGE, row->id, row->raw, row->reading,
                         unit->why));
    }
    return ST_OK;
}

static enum status renew_one(const struct renewal *renewal, enum sealed_column column,
                             enum resealed what, struct slice id, struct sealed sealed)
{
    struct unit *unit = renewal->unit;
    TRY(renew(renewal, column, id, &sealed));
    return store_reseal(unit->planner->store, what, id, sealed, (struct sealed){SLICE_NONE}, unit->why);
}

static enum status renew_work(const struct renewal *renewal, struct slice meeting)
{
    struct unit *unit = renewal->unit;
    struct store *store = unit->planner->store;
    struct outbox_list mails;
    struct job_list jobs;
    struct stored_task_list tasks;
    TRY(store_list_outbox(store, meeting, unit->arena, &mails, unit->why));
    TRY(store_list_meeting_jobs(store, meeting, unit->arena, &jobs, unit->why));
    TRY(store_list_meeting_tasks(store, meeting, unit->arena, &tasks, unit->why));
    for (size_t i = 0; i < mails.count; i++)
        TRY(renew_one(renewal, SEALED_OUTBOX, RESEALED_OUTBOX, mails.items[i].id, mails.items[i].draft));
    for (size_t i = 0; i < jobs.count; i++)
        TRY(renew_one(renewal, SEALED_JOB, RESEALED_JOB, jobs.items[i].id, jobs.items[i].content));
    for (size_t i = 0; i < tasks.count; i++)
        TRY(renew_one(renewal, SEALED_TASK, RESEALED_TASK, tasks.items[i].task.id, tasks.items[i].record));
    return ST_OK;
}

/* The links that guests have in their mails were made with the first key. */
static enum status renew_meeting(struct unit *unit, const struct stored_meeting *row,
                                 struct meeting_hand *hand, const struct secret *next)
{
    struct renewal renewal = {unit, hand->key, next, row->organisation};
    struct seal_place place = sealing_place(SEALED_MEETING, row->organisation, row->id);
    struct sealed record;
    AUTO_SECRET links = link_key(hand);
    hand->meeting.link_secret =
        arena_copy(unit->arena, (struct slice){(const char *)secret_bytes(links), secret_len(links)});
    TRY(sealing_seal(next, &place, &meeting_record, &hand->meeting, unit->arena, &record, unit->why));
    TRY(store_reseal(unit->planner->store, RESEALED_MEETING, row->id, record,
                     (struct sealed){SLICE_NONE}, unit->why));
    TRY(renew_messages(&renewal, row->id));
    return renew_work(&renewal, row->id);
}

/* The next version of a meeting's key: the one that a step before this has left, or a new one. */
static enum status next_meeting_key(struct unit *unit, const struct stored_meeting *row,
                                    const struct stored_key *newest, struct secret **key)
{
    struct organisation *owner;
    bool is_new = newest->key.version == row->key.version;
    struct stored_key next = *newest;
    if (is_new)
        TRY(planner_get_organisation(unit, row->organisation, &owner));
    else
        TRY(get_organisation_of(unit, row->organisation, newest->key.sealed, &owner));
    struct key_ask ask = {.purpose = is_new ? KEY_NEW_MEETING : KEY_OPEN_MEETING,
                          .organisation = row->organisation,
                          .organisation_key = owner->key.sealed.bytes,
                          .organisation_version = owner->key.version,
                          .meeting = row->id,
                          .wrapped = is_new ? SLICE_NONE : newest->key.sealed.bytes,
                          .version = newest->key.version + is_new};
    if (!is_new)
        return ask_key(unit->planner, &ask, NULL, NULL, key, unit->why);
    TRY(ask_key(unit->planner, &ask, unit->arena, &next.key, key, unit->why));
    return store_put_key(unit->planner->store, &next, unit->why);
}

/* In the transaction that the caller has open. *kept: the version that nothing else is needed beside,
 * once the transaction is committed; 0: none, there is no such meeting. */
static enum status rotate_meeting(struct unit *unit, struct slice id, uint32_t target, uint32_t *kept)
{
    struct store *store = unit->planner->store;
    struct stored_meeting row;
    struct stored_key newest;
    AUTO_HAND hand = {0};
    AUTO_SECRET next = NULL;
    *kept = 0;
    enum status found = store_load_meeting(store, id, unit->arena, &row, unit->why);
    if (found == ST_NOT_FOUND || (found == ST_OK && row.record.bytes.len == 0))
        return ST_OK;
    TRY(found);
    TRY(store_load_key(store, KEY_OF_MEETING, id, 0, unit->arena, &newest, unit->why));
    *kept = newest.key.version;
    if (row.key.version == newest.key.version && newest.seq > target)
        return ST_OK;
    TRY(open_meeting(unit, &row, &hand));
    TRY(next_meeting_key(unit, &row, &newest, &next));
    *kept = secret_version(next);
    return renew_meeting(unit, &row, &hand, next);
}

static enum status begin_step(const struct step *step)
{
    return store_begin(store_of(step), step->unit.why);
}

static enum status end_step(const struct step *step, enum status status)
{
    if (status == ST_OK)
        status = store_commit(store_of(step), step->unit.why);
    store_rollback(store_of(step));
    return status;
}

/* What cannot be opened keeps its key and its place; `rendez check` names it. Keys of meetings that
 * are not there were left by a transaction that came to nothing: no other is open while ours is. */
static enum status rotate_alone(struct step *step, struct slice id, uint32_t target)
{
    uint32_t kept = 0;
    TRY(begin_step(step));
    enum status status = end_step(step, rotate_meeting(&step->unit, id, target, &kept));
    if (status == ST_OK)
        return store_end_old_keys(store_of(step), KEY_OF_MEETING, id, kept == 0 ? UINT32_MAX : kept,
                                  step->unit.why);
    if (status != ST_DENIED && status != ST_INVALID)
        return status;
    event_log(EVENT_KEY_ROTATION_FAILED, field_id(KEY_MEETING, id), field_problem(step->unit.why));
    return ST_OK;
}

static enum status step_meeting(struct step *step)
{
    TRY(rotate_alone(step, step->upkeep->id, step->upkeep->target));
    return finish_upkeep(step);
}

/* One meeting, then the one after it; what was passed over is not come back to until the next start. */
static enum status step_meetings(struct step *step)
{
    struct planner *planner = step->unit.planner;
    struct key_range range = {.kind = KEY_OF_MEETING,
                              .organisation = step->upkeep->id,
                              .up_to = step->upkeep->target,
                              .after = planner->upkeep_after};
    struct stored_key_list keys;
    TRY(store_list_keys(store_of(step), &range, 1, step->unit.arena, &keys, step->unit.why));
    if (keys.count == 0) {
        planner->upkeep_after = 0;
        return finish_upkeep(step);
    }
    step->more = true;
    TRY(rotate_alone(step, keys.items[0].id, step->upkeep->target));
    planner->upkeep_after = keys.items[0].seq;
    return ST_OK;
}

/* Organisations */

static enum status next_organisation_key(struct step *step, const struct stored_key *newest)
{
    struct unit *unit = &step->unit;
    struct stored_key next = *newest;
    struct key_ask ask = {.purpose = KEY_NEW_ORGANISATION,
                          .organisation = newest->id,
                          .version = newest->key.version + 1};
    TRY(ask_key(unit->planner, &ask, unit->arena, &next.key, NULL, unit->why));
    return store_put_key(store_of(step), &next, unit->why);
}

static enum status renew_in_organisation(struct step *step, const struct secret *after,
                                         enum sealed_column column, enum resealed what,
                                         struct slice row, struct sealed sealed)
{
    struct organisation *before;
    struct slice id = step->upkeep->id;
    TRY(get_organisation_of(&step->unit, id, sealed, &before));
    struct renewal renewal = {&step->unit, before->directory_key, after, id};
    return renew_one(&renewal, column, what, row, sealed);
}

static enum status renew_people(struct step *step, const struct secret *after, size_t *done)
{
    struct sealed_row_list rows;
    struct stored_organisation row;
    struct unit *unit = &step->unit;
    struct slice id = step->upkeep->id;
    uint32_t version = 0;
    TRY(store_load_organisation(store_of(step), id, unit->arena, &row, unit->why));
    if (sealed_key_version(row.record, &version) == ST_OK && version < secret_version(after))
        TRY(renew_in_organisation(step, after, SEALED_ORGANISATION, RESEALED_ORGANISATION, id, row.record));
    TRY(store_list_sealed(store_of(step), SEALED_ROWS_PEOPLE, id, secret_version(after), ROWS_AT_ONCE,
                          unit->arena, &rows, unit->why));
    for (size_t i = 0; i < rows.count; i++)
        TRY(renew_in_organisation(step, after, SEALED_PERSON, RESEALED_PERSON, rows.items[i].id,
                                  rows.items[i].first));
    *done = rows.count;
    return ST_OK;
}

static enum status rewrap_meeting(struct step *step, const struct organisation *next,
                                  struct stored_key *key)
{
    struct organisation *before;
    struct unit *unit = &step->unit;
    TRY(get_organisation_of(unit, key->organisation, key->key.sealed, &before));
    struct key_ask ask = {.purpose = KEY_REWRAP_MEETING,
                          .organisation = key->organisation,
                          .organisation_key = before->key.sealed.bytes,
                          .organisation_version = before->key.version,
                          .meeting = key->id,
                          .wrapped = key->key.sealed.bytes,
                          .version = key->key.version,
                          .next_key = next->key.sealed.bytes,
                          .next_version = next->key.version};
    return ask_key(unit->planner, &ask, unit->arena, &key->key, NULL, unit->why);
}

static enum status rewrap_meetings(struct step *step, const struct organisation *next, size_t *done)
{
    struct stored_key_list keys;
    struct unit *unit = &step->unit;
    struct key_range range = {.kind = KEY_OF_MEETING,
                              .organisation = step->upkeep->id,
                              .parent_below = next->key.version};
    TRY(store_list_keys(store_of(step), &range, REWRAPS_AT_ONCE, unit->arena, &keys, unit->why));
    for (size_t i = 0; i < keys.count; i++)
        TRY(rewrap_meeting(step, next, &keys.items[i]));
    *done = keys.count;
    return keys.count == 0 ? ST_OK : store_put_keys(store_of(step), &keys, unit->why);
}

/* In the transaction that the caller has open, so that nobody is just sealing with the old one. */
static enum status rotate_organisation(struct step *step)
{
    struct unit *unit = &step->unit;
    struct slice id = step->upkeep->id;
    struct stored_key newest;
    struct organisation *next;
    size_t done = 0;
    enum status found = store_load_key(store_of(step), KEY_OF_ORGANISATION, id, 0, unit->arena, &newest,
                                       unit->why);
    if (found == ST_NOT_FOUND) /* erased meanwhile */
        return store_end_upkeep(store_of(step), UPKEEP_ORGANISATION, id, unit->why);
    TRY(found);
    step->more = true;
    if (newest.seq <= step->upkeep->target)
        return next_organisation_key(step, &newest);
    TRY(planner_get_organisation(unit, id, &next));
    struct organisation into = *next; /* the list of those in use may move */
    TRY(renew_people(step, into.directory_key, &done));
    if (done == 0)
        TRY(rewrap_meetings(step, &into, &done));
    if (done > 0)
        return ST_OK;
    step->more = false;
    TRY(store_end_old_keys(store_of(step), KEY_OF_ORGANISATION, id, newest.key.version, unit->why));
    return finish_upkeep(step);
}

static enum status step_organisation(struct step *step)
{
    TRY(begin_step(step));
    return end_step(step, rotate_organisation(step));
}

/* The root key, of which keyd has a newer one */

static enum status rewrap_organisations(struct step *step, uint32_t root, size_t *done)
{
    struct stored_key_list keys;
    struct unit *unit = &step->unit;
    struct key_range range = {.kind = KEY_OF_ORGANISATION, .parent_below = root};
    TRY(store_list_keys(store_of(step), &range, REWRAPS_AT_ONCE, unit->arena, &keys, unit->why));
    for (size_t i = 0; i < keys.count; i++) {
        struct stored_key *key = &keys.items[i];
        uint32_t version = key->key.version;
        struct key_ask ask = {.purpose = KEY_REWRAP_ORGANISATION,
                              .organisation = key->id,
                              .organisation_key = key->key.sealed.bytes,
                              .organisation_version = version};
        TRY(ask_key(unit->planner, &ask, unit->arena, &key->key, NULL, unit->why));
        key->key.version = version;
    }
    *done = keys.count;
    return keys.count == 0 ? ST_OK : store_put_keys(store_of(step), &keys, unit->why);
}

/* Rows of no organisation, under the service's key. */
static const struct {
    enum sealed_rows rows;
    enum resealed what;
    enum sealed_column first, second;
} service_rows[] = {
    {SEALED_ROWS_MESSAGES, RESEALED_MESSAGE, SEALED_MESSAGE_RAW, SEALED_MESSAGE_READING},
    {SEALED_ROWS_OUTBOX, RESEALED_OUTBOX, SEALED_OUTBOX, SEALED_OUTBOX},
    {SEALED_ROWS_TASKS, RESEALED_TASK, SEALED_TASK, SEALED_TASK},
    {SEALED_ROWS_SANDBOX, RESEALED_SANDBOX, SEALED_SANDBOX_MAIL, SEALED_SANDBOX_MAIL},
    {SEALED_ROWS_LESSONS, RESEALED_LESSON, SEALED_LESSON, SEALED_LESSON},
};
enum { SERVICE_ROWS_COUNT = sizeof service_rows / sizeof *service_rows };

static enum status renew_service_row(struct step *step, size_t kind, struct sealed_row *row)
{
    struct unit *unit = &step->unit;
    struct renewal renewal = {.unit = unit, .after = unit->planner->service_key};
    TRY(get_opening_key(unit, NULL, row->first, &renewal.before));
    TRY(renew(&renewal, service_rows[kind].first, row->id, &row->first));
    TRY(renew(&renewal, service_rows[kind].second, row->id, &row->second));
    return store_reseal(store_of(step), service_rows[kind].what, row->id, row->first, row->second,
                        unit->why);
}

static enum status renew_service(struct step *step, uint32_t root, size_t *done)
{
    struct sealed_row_list rows = {0};
    for (size_t i = 0; i < SERVICE_ROWS_COUNT && rows.count == 0; i++) {
        TRY(store_list_sealed(store_of(step), service_rows[i].rows, SLICE_NONE, root, ROWS_AT_ONCE,
                              step->unit.arena, &rows, step->unit.why));
        for (size_t k = 0; k < rows.count; k++)
            TRY(renew_service_row(step, i, &rows.items[k]));
    }
    *done = rows.count;
    return ST_OK;
}

static enum status rotate_root(struct step *step)
{
    uint32_t root = secret_version(step->unit.planner->service_key);
    size_t done = 0;
    TRY(rewrap_organisations(step, root, &done));
    if (done == 0)
        TRY(renew_service(step, root, &done));
    step->more = done > 0;
    return done > 0 ? ST_OK : finish_upkeep(step);
}

static enum status step_root(struct step *step)
{
    TRY(begin_step(step));
    return end_step(step, rotate_root(step));
}

/* What an erased organisation leaves behind: nobody can read it, and it goes. */

static enum status sweep(struct step *step)
{
    struct unit *unit = &step->unit;
    struct slice id = step->upkeep->id;
    struct slice_list meetings;
    struct sealed_row_list people;
    size_t ended;
    step->more = true;
    TRY(store_list_unerased(store_of(step), id, ROWS_AT_ONCE, unit->arena, &meetings, unit->why));
    for (size_t i = 0; i < meetings.count; i++) {
        note_touched(unit->planner, meetings.items[i]);
        TRY(store_erase_meeting(store_of(step), meetings.items[i], unit->now, unit->why));
    }
    TRY(store_list_sealed(store_of(step), SEALED_ROWS_PEOPLE, id, UINT32_MAX, ROWS_AT_ONCE, unit->arena,
                          &people, unit->why));
    for (size_t i = 0; i < people.count; i++)
        TRY(store_remove_person(store_of(step), people.items[i].id, unit->why));
    if (meetings.count + people.count > 0)
        return ST_OK;
    TRY(store_end_some_keys(store_of(step), id, ENDS_AT_ONCE, &ended, unit->why));
    if (ended > 0)
        return ST_OK;
    step->more = false;
    return finish_upkeep(step);
}

static enum status step_sweep(struct step *step)
{
    TRY(begin_step(step));
    return end_step(step, sweep(step));
}

static enum status (*const steps[UPKEEP_KIND_COUNT_])(struct step *) = {
    [UPKEEP_ROOT] = step_root,         [UPKEEP_ORGANISATION] = step_organisation,
    [UPKEEP_MEETINGS] = step_meetings, [UPKEEP_MEETING] = step_meeting,
    [UPKEEP_SWEEP] = step_sweep,
};

static enum status count_root(struct planner *planner, uint32_t *left, struct problem *why)
{
    struct key_range range = {.kind = KEY_OF_ORGANISATION,
                              .parent_below = secret_version(planner->service_key)};
    uint32_t count;
    TRY(store_count_keys(planner->store, &range, left, why));
    for (size_t i = 0; i < SERVICE_ROWS_COUNT; i++) {
        TRY(store_count_sealed(planner->store, service_rows[i].rows, SLICE_NONE, range.parent_below, &count,
                               why));
        *left += count;
    }
    return ST_OK;
}

/* A newer root key than what is stored is rotated to without being told. */
enum status planner_look_at_root(struct planner *planner, struct instant now, struct problem *why)
{
    struct upkeep upkeep = {.kind = UPKEEP_ROOT, .begun = now};
    if (secret_version(planner->service_key) == 1)
        return ST_OK;
    TRY(count_root(planner, &upkeep.total, why));
    return upkeep.total == 0 ? ST_OK : store_save_upkeep(planner->store, &upkeep, why);
}

enum status planner_upkeep(struct planner *planner, struct instant now, bool *more, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(STEP_BYTES_MAX);
    struct upkeep_list list;
    TRY(store_list_upkeep(planner->store, arena, &list, why));
    *more = false;
    if (list.count == 0)
        return ST_OK;
    struct problem own;
    struct step step = {.unit = {.planner = planner, .arena = arena, .now = now, .why = &own},
                        .upkeep = &list.items[0]};
    enum status status = steps[list.items[0].kind](&step);
    *more = step.more || list.count > 1;
    return status == ST_OK ? ST_OK : problem_set(why, status, "%s", own.detail);
}

static enum status count_organisation(struct planner *planner, struct slice id, uint32_t target,
                                      uint32_t *left, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct stored_key newest;
    uint32_t people;
    TRY(store_load_key(planner->store, KEY_OF_ORGANISATION, id, 0, arena, &newest, why));
    struct key_range range = {.kind = KEY_OF_MEETING,
                              .organisation = id,
                              .parent_below = newest.key.version + (newest.seq <= target)};
    TRY(store_count_keys(planner->store, &range, left, why));
    TRY(store_count_sealed(planner->store, SEALED_ROWS_PEOPLE, id, range.parent_below, &people, why));
    *left += people;
    return ST_OK;
}

enum status planner_upkeep_left(struct planner *planner, const struct upkeep *upkeep, uint32_t *left,
                                struct problem *why)
{
    struct key_range meetings = {.kind = KEY_OF_MEETING,
                                 .organisation = upkeep->id,
                                 .up_to = upkeep->kind == UPKEEP_SWEEP ? UINT32_MAX : upkeep->target};
    switch (upkeep->kind) {
    case UPKEEP_ROOT:
        return count_root(planner, left, why);
    case UPKEEP_ORGANISATION:
        return count_organisation(planner, upkeep->id, upkeep->target, left, why);
    case UPKEEP_MEETING:
        *left = 1;
        return ST_OK;
    default:
        return store_count_keys(planner->store, &meetings, left, why);
    }
}

static enum status check_there(struct planner *planner, enum upkeep_kind kind, struct slice id,
                               struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct stored_key key;
    enum stored_key_kind of = kind == UPKEEP_MEETING ? KEY_OF_MEETING : KEY_OF_ORGANISATION;
    enum status found = store_load_key(planner->store, of, id, 0, arena, &key, why);
    return found == ST_NOT_FOUND ? problem_set(why, found, "no %s of that id, or it was erased",
                                               stored_key_kind_names[of])
                                 : found;
}

enum status planner_rotate(struct planner *planner, enum upkeep_kind kind, struct slice id,
                           struct instant now, struct problem *why)
{
    struct upkeep upkeep = {.kind = kind, .id = id, .begun = now};
    TRY(check_there(planner, kind, id, why));
    TRY(store_last_key(planner->store, &upkeep.target, why));
    TRY(planner_upkeep_left(planner, &upkeep, &upkeep.total, why));
    return store_save_upkeep(planner->store, &upkeep, why);
}

/* Erasure */

static enum status erase_meeting(struct unit *unit, struct slice id)
{
    return destroy_meeting(unit, id, "operator");
}

static enum status erase_organisation(struct unit *unit, struct slice id)
{
    struct store *store = unit->planner->store;
    struct upkeep upkeep = {.kind = UPKEEP_SWEEP, .id = id, .begun = unit->now};
    struct key_range meetings = {.kind = KEY_OF_MEETING, .organisation = id, .up_to = UINT32_MAX};
    note_touched(unit->planner, SLICE_NONE);
    TRY(store_erase_organisation(store, id, unit->why));
    TRY(store_count_keys(store, &meetings, &upkeep.total, unit->why));
    TRY(store_end_upkeep(store, UPKEEP_ORGANISATION, id, unit->why));
    TRY(store_end_upkeep(store, UPKEEP_MEETINGS, id, unit->why));
    TRY(store_save_upkeep(store, &upkeep, unit->why));
    event_log(EVENT_ORGANISATION_ERASED, field_id(KEY_ORGANISATION, id));
    return store_append_log(store, unit->now, LIT("organisation.content.erased"),
                            arena_format(unit->arena, "organisation=%.*s", SLICE_ARG(id)), unit->why);
}

/* Done when the key file has forgotten it, not before. */
static enum status erase_alone(struct planner *planner, enum status (*erase)(struct unit *, struct slice),
                               struct slice id, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct unit unit = {.planner = planner, .arena = arena, .now = now, .why = why};
    TRY(store_begin(planner->store, why));
    enum status status = erase(&unit, id);
    if (status == ST_OK)
        status = store_commit(planner->store, why);
    store_rollback(planner->store);
    return status == ST_OK ? store_end_keys(planner->store, why) : status;
}

enum status planner_erase_meeting(struct planner *planner, struct slice id, struct instant now,
                                  struct problem *why)
{
    return erase_alone(planner, erase_meeting, id, now, why);
}

enum status planner_erase_organisation(struct planner *planner, struct slice id, struct instant now,
                                       struct problem *why)
{
    return erase_alone(planner, erase_organisation, id, now, why);
}
