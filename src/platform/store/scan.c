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

struct scan {
    store_entry_fn *each;
    void *context;
    const char *place;
};

static enum status take(const struct sql_value *columns, void *context, struct problem *why)
{
    const struct scan *scan = context;
    (void)why;
    scan->each(scan->context, scan->place, columns[0].number, (struct sealed){columns[1].bytes});
    return ST_OK;
}

enum status store_scan_entries(struct store *store, store_entry_fn *each, void *context,
                               struct problem *why)
{
    struct scan scan = {each, context, NULL};
    for (size_t i = 0; i < sizeof scanned / sizeof *scanned; i++) {
        scan.place = scanned[i].place;
        TRY(store->db.driver->run(store->db.sql, scanned[i].query, NULL, take, &scan, why));
    }
    scan.place = "key.wrapped";
    return keyfile_scan(&store->keys, take, &scan, why);
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
