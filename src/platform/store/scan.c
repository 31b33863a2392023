/* Every sealed entry that there is, for who looks at them without a key. */
#include "platform/store/tables.h"

static const struct {
    enum query query;
    const char *place;
} scanned[] = {
    {QUERY_SCAN_ORGANISATION, "organisation.sealed"},
    {QUERY_SCAN_PERSON, "person.sealed"},
    {QUERY_SCAN_MEETING, "meeting.sealed"},
    {QUERY_SCAN_MESSAGE_RAW, "message.sealed_raw"},
    {QUERY_SCAN_MESSAGE_READING, "message.sealed_reading"},
    {QUERY_SCAN_OUTBOX, "outbox.sealed"},
    {QUERY_SCAN_JOB, "job.sealed"},
    {QUERY_SCAN_TASK, "task.sealed"},
    {QUERY_SCAN_CALENDAR_COPY, "calendar_copy.sealed"},
    {QUERY_SCAN_SANDBOX_MAIL, "sandbox_mail.sealed"},
};

enum { PLACES = sizeof scanned / sizeof *scanned, PAGE = 10000 };

struct scan {
    store_entry_fn *each;
    void *context;
    const char *place;
    struct entry_cursor *cursor;
    int64_t seen;
};

static enum status take(const struct sql_value *columns, void *context, struct problem *why)
{
    struct scan *scan = context;
    (void)why;
    scan->cursor->row = columns[0].number;
    scan->seen++;
    scan->each(scan->context, scan->place, columns[0].number, (struct sealed){columns[1].bytes});
    return ST_OK;
}

/* One table's next rows; those of the keys lie in a database of their own, and come last. */
static enum status read_page(struct store *store, unsigned place, int64_t after, int64_t limit, struct scan *scan,
                             struct problem *why)
{
    scan->place = place < PLACES ? scanned[place].place : "key.wrapped";
    if (place == PLACES)
        return keyfile_scan(&store->keys, after, limit, take, scan, why);
    return store->db.driver->run(store->db.sql, scanned[place].query, ARGS(arg_number(after), arg_number(limit)), take,
                                 scan, why);
}

enum status store_scan_page(struct store *store, struct entry_cursor *cursor, int64_t limit, store_entry_fn *each,
                            void *context, struct problem *why)
{
    struct scan scan = {each, context, NULL, cursor, 0};
    TRY(read_page(store, cursor->place, cursor->row, limit, &scan, why));
    if (scan.seen < limit)
        *cursor = (struct entry_cursor){cursor->place + 1, 0, cursor->place == PLACES};
    return ST_OK;
}

enum status store_scan_entries(struct store *store, store_entry_fn *each, void *context, struct problem *why)
{
    for (struct entry_cursor cursor = {0}; !cursor.ended;)
        TRY(store_scan_page(store, &cursor, PAGE, each, context, why));
    return ST_OK;
}

enum status store_read_file(struct store *store, size_t file, int64_t at, char *into, size_t room, size_t *got,
                            struct problem *why)
{
    struct database *database = file < SQL_FILE_COUNT_ ? &store->db : &store->keys.db;
    return database->driver->read_file(database->sql, (enum sql_file)(file % SQL_FILE_COUNT_), at, into, room, got, why);
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
