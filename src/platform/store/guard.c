/* Who wants no mail, what is counted against limits, and what is thrown away with time. */
#include "platform/store/tables.h"

/* No organisation is the empty text here, which may stand in a key; NULL may not. */
static struct sql_value arg_scope(struct slice organisation)
{
    return organisation.len == 0 ? (struct sql_value){.kind = SQL_TEXT, .bytes = LIT("")}
                                 : arg_text(organisation);
}

enum status store_suppress(struct store *store, struct slice address_hash,
                           struct slice organisation, const char *cause, struct instant at,
                           struct problem *why)
{
    return rows_run(&store->db, QUERY_SUPPRESSION_ADD,
                    ARGS(arg_hash(address_hash), arg_scope(organisation), arg_number(at.us),
                         arg_text(slice_from(cause))),
                    why);
}

enum status store_is_suppressed(struct store *store, struct slice address_hash,
                                struct slice organisation, bool *suppressed, struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, QUERY_SUPPRESSION_FIND,
                         ARGS(arg_hash(address_hash), arg_scope(organisation)), &count, why));
    *suppressed = count > 0;
    return ST_OK;
}

enum status store_lift_suppression(struct store *store, struct slice address_hash,
                                   struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, QUERY_SUPPRESSION_LIFT, ARGS(arg_hash(address_hash)), &count, why));
    return count > 0 ? ST_OK : problem_set(why, ST_NOT_FOUND, "nobody of that address refused mail");
}

enum status store_set_retention(struct store *store, struct slice meeting, struct instant since,
                                struct problem *why)
{
    return rows_run(&store->db, QUERY_RETENTION_SET, ARGS(arg_text(meeting), arg_number(since.us)), why);
}

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(int64_t *)context = columns[0].number;
    return ST_OK;
}

enum status store_tally(struct store *store, struct slice subject, const char *kind,
                        struct instant period, uint32_t *count, struct problem *why)
{
    int64_t number = 0;
    TRY(store->db.driver->run(store->db.sql, QUERY_TALLY_ADD,
                           ARGS(arg_hash(subject), arg_text(slice_from(kind)),
                                arg_number(period.us)),
                           note_number, &number, why));
    *count = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
    return ST_OK;
}

enum status store_purge(struct store *store, const struct purge *before, struct problem *why)
{
    const struct {
        enum query query;
        struct instant before;
    } rows[] = {
        {QUERY_PURGE_OUTBOX, before->work},     {QUERY_PURGE_JOBS, before->work},
        {QUERY_PURGE_TALLY, before->work},      {QUERY_PURGE_INBOUND, before->content},
        {QUERY_PURGE_MESSAGES, before->content}, {QUERY_PURGE_TASKS, before->content},
        {QUERY_PURGE_SANDBOX, before->content}, {QUERY_PURGE_SUPERVISED, before->figures},
        {QUERY_PURGE_READ_COUNT, before->figures}, {QUERY_PURGE_LESSONS, before->figures},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        TRY(rows_run(&store->db, rows[i].query, ARGS(arg_number(rows[i].before.us)), why));
    return store->db.driver->forget_backups(store->db.sql, before->work, why);
}
