/* Meetings with their participants and holds. */
#include "platform/store/tables.h"

ROW_TYPE(meeting_row, stored_meeting, TEXT(stored_meeting, id), TEXT(stored_meeting, organisation),
         TEXT(stored_meeting, state), NUMBER(stored_meeting, version), MOMENT(stored_meeting, due),
         INSTANT(stored_meeting, created), SEALED(stored_meeting, record));

/* The key of each, as far as it is not destroyed. */
static enum status fill_keys(struct store *store, struct stored_meeting *rows, size_t count,
                             struct arena *arena, struct problem *why)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].record.bytes.len > 0)
            TRY(keyfile_fill(&store->keys, KEY_OF_MEETING, rows[i].id, keyfile_version_of(rows[i].record), arena,
                          &rows[i].key, why));
    return ST_OK;
}

static enum status list_meetings(struct store *store, enum query query, const struct sql_value *args,
                                 struct arena *arena, struct stored_meeting_list *out,
                                 struct problem *why)
{
    ROWS_LIST(&store->db, query, args, &meeting_row, arena, out, why);
    return fill_keys(store, out->items, out->count, arena, why);
}

static enum status load_meeting(struct store *store, enum query query, const struct sql_value *args,
                                const char *what, struct arena *arena, struct stored_meeting *out,
                                struct problem *why)
{
    TRY(rows_load(&store->db, query, args, &meeting_row, arena, out, what, why));
    return fill_keys(store, out, 1, arena, why);
}

static enum status replace_meeting(struct store *store, const struct stored_meeting *meeting,
                                   struct problem *why)
{
    size_t changed;
    TRY(rows_run_counted(&store->db, QUERY_MEETING_SAVE,
                         ARGS(arg_text(meeting->id), arg_text(meeting->state),
                              arg_number(meeting->version), arg_moment(meeting->due),
                              arg_sealed(meeting->record)),
                         &changed, why));
    if (changed == 0)
        return problem_set(why, ST_CONFLICT, "the meeting was changed since it was loaded");
    return ST_OK;
}

/* Once the row is accepted no other meeting has that id, nor will before the commit. */
static enum status add_meeting(struct store *store, const struct stored_meeting *meeting,
                               struct problem *why)
{
    struct stored_key key = {.kind = KEY_OF_MEETING,
                             .id = meeting->id,
                             .organisation = meeting->organisation,
                             .key = meeting->key};
    TRY(rows_save(&store->db, QUERY_MEETING_ADD, &meeting_row, meeting, why));
    return meeting->key.sealed.bytes.len == 0 ? ST_OK : store_put_key(store, &key, why);
}

enum status store_save_meeting(struct store *store, const struct stored_meeting *meeting,
                               struct problem *why)
{
    if (meeting->version != 0)
        return replace_meeting(store, meeting, why);
    bool own = !store->db.in_transaction;
    if (own)
        TRY(store_begin(store, why));
    return store_finish(store, own, add_meeting(store, meeting, why), why);
}

enum status store_load_meeting(struct store *store, struct slice id, struct arena *arena,
                               struct stored_meeting *out, struct problem *why)
{
    return load_meeting(store, QUERY_MEETING_LOAD, ARGS(arg_text(id)), "meeting of that id", arena, out, why);
}

ROW_TYPE(progress_row, stored_progress, NUMBER(stored_progress, seq), TEXT(stored_progress, id),
         TEXT(stored_progress, organisation));

enum status store_list_progress(struct store *store, uint32_t after, struct arena *arena,
                                struct stored_progress_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_PROGRESS_LIST, ARGS(arg_number(after)), &progress_row, arena, out, why);
    return ST_OK;
}

enum status store_find_progress(struct store *store, struct slice id, struct arena *arena,
                                struct stored_progress *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_PROGRESS_FIND, ARGS(arg_text(id)), &progress_row, arena, out,
                     "meeting in progress", why);
}

enum status store_changes(struct store *store, uint32_t *changes, struct problem *why)
{
    return store->db.driver->changes(store->db.sql, changes, why);
}

enum status store_list_meetings(struct store *store, struct slice organisation, struct arena *arena,
                                struct stored_meeting_list *out, struct problem *why)
{
    return organisation.len == 0
               ? list_meetings(store, QUERY_MEETING_LIST_ALL, NULL, arena, out, why)
               : list_meetings(store, QUERY_MEETING_LIST, ARGS(arg_text(organisation)), arena, out, why);
}

enum status store_set_participants(struct store *store, struct slice meeting,
                                   const struct slice_list *address_hashes, struct problem *why)
{
    TRY(rows_run(&store->db, QUERY_PARTICIPANT_CLEAR, ARGS(arg_text(meeting)), why));
    for (size_t i = 0; i < address_hashes->count; i++)
        TRY(rows_run(&store->db, QUERY_PARTICIPANT_ADD,
                     ARGS(arg_text(meeting), arg_hash(address_hashes->items[i])), why));
    return ST_OK;
}

enum status store_find_meetings_by_participant(struct store *store, struct slice address_hash,
                                               struct arena *arena, struct stored_meeting_list *out,
                                               struct problem *why)
{
    return list_meetings(store, QUERY_MEETING_BY_PARTICIPANT, ARGS(arg_hash(address_hash)), arena, out, why);
}

enum status store_find_all_of_participant(struct store *store, struct slice address_hash,
                                          struct arena *arena, struct stored_meeting_list *out,
                                          struct problem *why)
{
    return list_meetings(store, QUERY_MEETING_ALL_OF, ARGS(arg_hash(address_hash)), arena, out, why);
}

enum status store_find_meetings_by_message_id(struct store *store, struct slice message_id_hash,
                                              struct arena *arena, struct stored_meeting_list *out,
                                              struct problem *why)
{
    return list_meetings(store, QUERY_MEETING_BY_MESSAGE_ID, ARGS(arg_hash(message_id_hash)), arena, out, why);
}

enum status store_find_meeting_by_message_id(struct store *store, struct slice message_id_hash,
                                             struct arena *arena, struct stored_meeting *out,
                                             struct problem *why)
{
    return load_meeting(store, QUERY_MEETING_BY_MESSAGE_ID, ARGS(arg_hash(message_id_hash)), "meeting of that message", arena, out, why);
}

enum status store_due_meetings(struct store *store, struct instant now, struct arena *arena,
                               struct stored_meeting_list *out, struct problem *why)
{
    return list_meetings(store, QUERY_MEETING_DUE, ARGS(arg_number(now.us)), arena, out, why);
}

enum status store_retained_since(struct store *store, struct instant since, struct arena *arena,
                                 struct stored_meeting_list *out, struct problem *why)
{
    return list_meetings(store, QUERY_RETENTION_DUE, ARGS(arg_number(since.us)), arena, out, why);
}

static enum status run_all(struct store *store, const enum query *each, size_t count,
                           struct slice id, struct problem *why)
{
    for (size_t i = 0; i < count; i++)
        TRY(rows_run(&store->db, each[i], ARGS(arg_text(id)), why));
    return ST_OK;
}

/* Everything that was sealed with the meeting's key, and what points to it. */
static const enum query erasures[] = {
    QUERY_MEETING_ERASE_MESSAGES, QUERY_MEETING_ERASE_LINKS, QUERY_MEETING_ERASE_OUTBOX,
    QUERY_MEETING_ERASE_JOBS,     QUERY_MEETING_ERASE_TASKS, QUERY_PARTICIPANT_CLEAR,
    QUERY_HOLD_RELEASE,           QUERY_RETENTION_CLEAR,
};
enum { BESIDE_COUNT = 5 }; /* the first of these leave the meeting's own row and people alone */

enum status store_clear_meeting(struct store *store, struct slice id, struct problem *why)
{
    return run_all(store, erasures, BESIDE_COUNT, id, why);
}

static enum status erase(struct store *store, struct slice id, struct instant at,
                         struct problem *why)
{
    size_t erased;
    TRY(rows_run_counted(&store->db, QUERY_MEETING_ERASE, ARGS(arg_text(id), arg_number(at.us)), &erased,
                         why));
    if (erased == 0)
        return problem_set(why, ST_NOT_FOUND, "no meeting of that id to erase");
    TRY(keys_note_end(store, KEY_OF_MEETING, id, why));
    return run_all(store, erasures, sizeof erasures / sizeof *erasures, id, why);
}

enum status store_erase_meeting(struct store *store, struct slice id, struct instant at,
                                struct problem *why)
{
    bool own = !store->db.in_transaction;
    if (own)
        TRY(store_begin(store, why));
    return store_finish(store, own, erase(store, id, at, why), why);
}

ROW_TYPE(hold_row, hold, TEXT(hold, person), TEXT(hold, meeting), INSTANT(hold, span.start),
         INSTANT(hold, span.end));

/* Looks first, so that a refusal leaves the transaction usable on every engine; the
 * schema refuses what slips through between two processes. */
enum status store_put_hold(struct store *store, const struct hold *hold, struct problem *why)
{
    size_t overlaps;
    if (hold->span.start.us >= hold->span.end.us)
        return problem_set(why, ST_INVALID, "a hold ends after it starts");
    TRY(rows_run_counted(&store->db, QUERY_HOLD_OVERLAP,
                         ARGS(arg_text(hold->person), arg_number(hold->span.start.us),
                              arg_number(hold->span.end.us)),
                         &overlaps, why));
    if (overlaps > 0)
        return problem_set(why, ST_CONFLICT, "that time of the person is held already");
    return rows_save(&store->db, QUERY_HOLD_PUT, &hold_row, hold, why);
}

enum status store_release_holds(struct store *store, struct slice meeting, struct problem *why)
{
    return rows_run(&store->db, QUERY_HOLD_RELEASE, ARGS(arg_text(meeting)), why);
}

enum status store_list_holds(struct store *store, struct slice person, struct interval window,
                             struct arena *arena, struct hold_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_HOLD_LIST,
              ARGS(arg_text(person), arg_number(window.start.us), arg_number(window.end.us)),
              &hold_row, arena, out, why);
    return ST_OK;
}

enum status store_list_meeting_holds(struct store *store, struct slice meeting, struct arena *arena,
                                     struct hold_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_HOLD_OF_MEETING, ARGS(arg_text(meeting)), &hold_row, arena, out, why);
    return ST_OK;
}
