/* What can be said of a store without its keys. */
#include "platform/store/tables.h"

static const enum query questions[STORE_QUESTION_COUNT_] = {
    [STORE_DANGLING] = QUERY_CHECK_REFERENCES,
    [STORE_IDLE_HOLDS] = QUERY_CHECK_IDLE_HOLDS,
    [STORE_NOT_ERASED] = QUERY_CHECK_ERASED,
    [STORE_UNRETAINED] = QUERY_CHECK_UNRETAINED,
    [STORE_LATE_MAIL] = QUERY_CHECK_LATE_MAIL,
    [STORE_LATE_JOBS] = QUERY_CHECK_LATE_JOBS,
    [STORE_LATE_MEETINGS] = QUERY_CHECK_LATE_MEETINGS,
    [STORE_FAILED_MAIL] = QUERY_CHECK_FAILED_MAIL,
    [STORE_FAILED_JOBS] = QUERY_CHECK_FAILED_JOBS,
};

static enum status note_count(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(int64_t *)context = columns[0].number;
    return ST_OK;
}

enum status store_count(struct store *store, enum store_question question, struct instant at,
                        int64_t *count, struct problem *why)
{
    return store->db.driver->run(store->db.sql, questions[question], ARGS(arg_number(at.us)), note_count,
                              count, why);
}

/* One row "ok", or a row for each complaint. */
static enum status take_complaint(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)context;
    if (slice_equal(columns[0].bytes, LIT("ok")))
        return ST_OK;
    return problem_set(why, ST_INVALID, "the database is damaged: %.*s",
                       (int)(columns[0].bytes.len < 80 ? columns[0].bytes.len : 80), columns[0].bytes.data);
}

enum status store_check_file(struct store *store, struct problem *why)
{
    return store->db.driver->run(store->db.sql, QUERY_CHECK_INTEGRITY, NULL, take_complaint, NULL, why);
}
