/* Every sealed entry that there is, for who looks at them without a key. */
#include "platform/store/tables.h"

static const struct entry_place items[] = {
    {QUERY_SCAN_ORGANISATION, "organisation.sealed"},
    {QUERY_SCAN_PERSON, "person.sealed"},
    {QUERY_SCAN_MEETING, "meeting.sealed"},
    {QUERY_SCAN_MESSAGE_RAW, "message.sealed_raw"},
    {QUERY_SCAN_MESSAGE_READING, "message.sealed_reading"},
    {QUERY_SCAN_OUTBOX, "outbox.sealed"},
    {QUERY_SCAN_JOB, "job.sealed"},
    {QUERY_SCAN_TASK, "task.sealed"},
    {QUERY_SCAN_SANDBOX_MAIL, "sandbox_mail.sealed"},
    {QUERY_SCAN_LESSON, "lesson.sealed"},
};
static const struct entry_places places = {items, sizeof items / sizeof *items, "key.wrapped"};

enum status store_scan_page(struct store *store, struct entry_cursor *cursor, int64_t limit,
                            store_entry_fn *each, void *context, struct problem *why)
{
    return keyfile_scan_page(&store->keys, &store->db, &places, cursor, limit, each, context, why);
}

enum status store_scan_entries(struct store *store, store_entry_fn *each, void *context,
                               struct problem *why)
{
    return keyfile_scan_all(&store->keys, &store->db, &places, each, context, why);
}

enum status store_read_file(struct store *store, size_t file, int64_t at, char *into, size_t room, size_t *got,
                            struct problem *why)
{
    return keyfile_read_file(&store->keys, &store->db, file, at, into, room, got, why);
}

static enum status note_count(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(int64_t *)context = columns[0].number;
    return ST_OK;
}

enum status store_count_entries(struct store *store, int64_t *count, struct problem *why)
{
    return store->db.driver->run(store->db.sql, QUERY_SCAN_COUNT, NULL, note_count, count, why);
}
