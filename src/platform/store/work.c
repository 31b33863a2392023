/* Outbox and jobs: what was committed and is then carried out. */
#include "platform/store/tables.h"

const char *const work_state_names[4] = {"queued", "taken", "done", "failed"};

ROW_TYPE(outbox_row, outbox_entry, TEXT(outbox_entry, id), TEXT(outbox_entry, idempotency_key),
         TEXT(outbox_entry, meeting), INSTANT(outbox_entry, due), NUMBER(outbox_entry, attempts),
         WORD(outbox_entry, state, work_state_names), TEXT(outbox_entry, message_id),
         SEALED(outbox_entry, draft));

ROW_TYPE(job_row, job, TEXT(job, id), TEXT(job, idempotency_key), TEXT(job, kind),
         TEXT(job, meeting), INSTANT(job, due), NUMBER(job, attempts),
         WORD(job, state, work_state_names), SEALED(job, content));

static enum status add(struct store *store, enum query query, const struct sql_value *args,
                       bool *added, struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, query, args, &count, why));
    if (added != NULL)
        *added = count == 1;
    return ST_OK;
}

/* A move of one entry that is not done or failed yet. */
static enum status move(struct store *store, enum query query, const struct sql_value *args,
                        struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, query, args, &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_CONFLICT, "no such work, or it has ended");
}

enum status store_add_outbox(struct store *store, const struct outbox_entry *entry, bool *added,
                             struct problem *why)
{
    return add(store, QUERY_OUTBOX_ADD,
               ARGS(arg_text(entry->id), arg_text(entry->idempotency_key), arg_text(entry->meeting),
                    arg_number(entry->due.us), arg_text(entry->message_id),
                    arg_sealed(entry->draft)),
               added, why);
}

enum status store_take_outbox(struct store *store, struct instant now, struct duration lease,
                              struct arena *arena, struct outbox_entry *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_OUTBOX_TAKE,
                     ARGS(arg_number(now.us), arg_number(instant_add(now, lease).us)), &outbox_row,
                     arena, out, "mail is due", why);
}

enum status store_mark_sent(struct store *store, struct slice id, struct problem *why)
{
    return move(store, QUERY_OUTBOX_DONE, ARGS(arg_text(id)), why);
}

enum status store_forget_loose(struct store *store, struct slice id, struct problem *why)
{
    return rows_run(&store->db, QUERY_OUTBOX_FORGET, ARGS(arg_text(id)), why);
}

enum status store_defer_outbox(struct store *store, struct slice id, struct instant due,
                               struct problem *why)
{
    return move(store, QUERY_OUTBOX_DEFER, ARGS(arg_text(id), arg_number(due.us)), why);
}

enum status store_fail_outbox(struct store *store, struct slice id, struct problem *why)
{
    return move(store, QUERY_OUTBOX_FAIL, ARGS(arg_text(id)), why);
}

enum status store_load_outbox(struct store *store, struct slice id, struct arena *arena,
                              struct outbox_entry *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_OUTBOX_LOAD, ARGS(arg_text(id)), &outbox_row, arena, out,
                     "such outgoing mail", why);
}

enum status store_resume_work(struct store *store, struct instant now, struct problem *why)
{
    TRY(rows_run(&store->db, QUERY_OUTBOX_RESUME, ARGS(arg_number(now.us)), why));
    return rows_run(&store->db, QUERY_JOB_RESUME, ARGS(arg_number(now.us)), why);
}

enum status store_bring_forward(struct store *store, struct duration by, struct problem *why)
{
    TRY(rows_run(&store->db, QUERY_OUTBOX_EARLIER, ARGS(arg_number(by.us)), why));
    TRY(rows_run(&store->db, QUERY_TASK_EARLIER, ARGS(arg_number(by.us)), why));
    return rows_run(&store->db, QUERY_JOB_EARLIER, ARGS(arg_number(by.us)), why);
}

enum status store_bound_waits(struct store *store, struct instant now, const struct waits *waits,
                              struct problem *why)
{
    TRY(rows_run(&store->db, QUERY_OUTBOX_BOUND,
                 ARGS(arg_number(now.us), arg_number(waits->mail_first.us), arg_number(waits->longest.us)), why));
    return rows_run(&store->db, QUERY_JOB_BOUND,
                    ARGS(arg_number(now.us), arg_number(waits->job_first.us), arg_number(waits->longest.us)), why);
}

enum status store_list_outbox(struct store *store, struct slice meeting, struct arena *arena,
                              struct outbox_list *out, struct problem *why)
{
    if (meeting.len == 0)
        ROWS_LIST(&store->db, QUERY_OUTBOX_LIST_ALL, NULL, &outbox_row, arena, out, why);
    else
        ROWS_LIST(&store->db, QUERY_OUTBOX_LIST, ARGS(arg_text(meeting)), &outbox_row, arena, out, why);
    return ST_OK;
}

enum status store_add_job(struct store *store, const struct job *job, bool *added,
                          struct problem *why)
{
    return add(store, QUERY_JOB_ADD,
               ARGS(arg_text(job->id), arg_text(job->idempotency_key), arg_text(job->kind),
                    arg_text(job->meeting), arg_number(job->due.us), arg_sealed(job->content)),
               added, why);
}

enum status store_take_job(struct store *store, struct instant now, struct duration lease,
                           struct arena *arena, struct job *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_JOB_TAKE,
                     ARGS(arg_number(now.us), arg_number(instant_add(now, lease).us)), &job_row,
                     arena, out, "job is due", why);
}

enum status store_list_meeting_jobs(struct store *store, struct slice meeting, struct arena *arena,
                                    struct job_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_JOB_LIST, ARGS(arg_text(meeting)), &job_row, arena, out, why);
    return ST_OK;
}

enum status store_finish_job(struct store *store, struct slice id, struct problem *why)
{
    return move(store, QUERY_JOB_DONE, ARGS(arg_text(id)), why);
}

enum status store_defer_job(struct store *store, struct slice id, struct instant due,
                            struct problem *why)
{
    return move(store, QUERY_JOB_DEFER, ARGS(arg_text(id), arg_number(due.us)), why);
}

enum status store_fail_job(struct store *store, struct slice id, struct problem *why)
{
    return move(store, QUERY_JOB_FAIL, ARGS(arg_text(id)), why);
}

static enum status note_due(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(struct sql_value *)context = columns[0];
    return ST_OK;
}

enum status store_next_due(struct store *store, struct instant *due, struct problem *why)
{
    struct sql_value earliest = {0};
    TRY(store->db.driver->run(store->db.sql, QUERY_NEXT_DUE, NULL, note_due, &earliest, why));
    if (earliest.kind != SQL_NUMBER)
        return problem_set(why, ST_NOT_FOUND, "nothing is planned");
    *due = (struct instant){earliest.number};
    return ST_OK;
}

static enum status note_count(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

enum status store_count_waiting(struct store *store, uint32_t *mails, uint32_t *tasks, struct problem *why)
{
    const struct sql_driver *driver = store->db.driver;
    TRY(driver->run(store->db.sql, QUERY_OUTBOX_COUNT_WAITING, NULL, note_count, mails, why));
    return driver->run(store->db.sql, QUERY_TASK_COUNT_OPEN, NULL, note_count, tasks, why);
}
