/* Tasks that people decide, who they are, and what became of each. */
#include "platform/store/tables.h"

ROW_TYPE(task_row, stored_task, TEXT(stored_task, task.id), TEXT(stored_task, task.meeting),
         TEXT(stored_task, task.organisation), WORD(stored_task, task.state, task_state_names),
         TEXT(stored_task, task.reason), WORD(stored_task, task.priority, task_priority_names),
         WORD(stored_task, task.language, language_names), WORD(stored_task, task.skill, task_skill_names),
         NUMBER(stored_task, task.rank), INSTANT(stored_task, task.opened),
         MOMENT(stored_task, task.deadline), MOMENT(stored_task, task.due), MOMENT(stored_task, task.risen),
         MOMENT(stored_task, task.breached), TEXT(stored_task, task.taken_by),
         MOMENT(stored_task, task.taken_at), MOMENT(stored_task, task.taken_until),
         MOMENT(stored_task, task.first_taken), TEXT(stored_task, task.not_by),
         TEXT(stored_task, task.asked_by), TEXT(stored_task, task.proposed_by),
         TEXT(stored_task, task.kept_for), MOMENT(stored_task, task.kept_until),
         NUMBER(stored_task, task.version), MOMENT(stored_task, task.closed),
         WORD(stored_task, task.how, task_end_names), SEALED(stored_task, record));

/* What was said of a closed one is gone. */
static struct stored_task as_row(const struct stored_task *task)
{
    struct stored_task row = *task;
    if (row.task.state == TASK_CLOSED)
        row.record = (struct sealed){SLICE_NONE};
    return row;
}

enum status store_add_task(struct store *store, const struct stored_task *task, bool *added,
                           struct problem *why)
{
    struct stored_task row = as_row(task);
    size_t count;
    TRY(rows_save_counted(&store->db, QUERY_TASK_ADD, &task_row, &row, &count, why));
    if (added != NULL)
        *added = count == 1;
    return ST_OK;
}

enum status store_move_task(struct store *store, const struct stored_task *task, struct problem *why)
{
    struct stored_task row = as_row(task);
    size_t count;
    TRY(rows_save_counted(&store->db, QUERY_TASK_MOVE, &task_row, &row, &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_CONFLICT, "the task was moved since it was loaded");
}

enum status store_load_task(struct store *store, struct slice id, struct arena *arena,
                            struct stored_task *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_TASK_LOAD, ARGS(arg_text(id)), &task_row, arena, out,
                     "task of that id", why);
}

enum status store_list_open_tasks(struct store *store, struct arena *arena,
                                  struct stored_task_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_TASK_LIST_OPEN, NULL, &task_row, arena, out, why);
    return ST_OK;
}

enum status store_list_taken_tasks(struct store *store, struct slice person, struct arena *arena,
                                   struct stored_task_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_TASK_LIST_OF_PERSON, ARGS(arg_text(person)), &task_row, arena, out, why);
    return ST_OK;
}

enum status store_list_nameless_tasks(struct store *store, struct arena *arena,
                                      struct stored_task_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_TASK_LIST_NAMELESS, NULL, &task_row, arena, out, why);
    return ST_OK;
}

ROW_TYPE(name_row, supervision_task, TEXT(supervision_task, id), TEXT(supervision_task, reason),
         WORD(supervision_task, priority, task_priority_names), WORD(supervision_task, language, language_names),
         WORD(supervision_task, skill, task_skill_names), NUMBER(supervision_task, rank),
         MOMENT(supervision_task, deadline), MOMENT(supervision_task, due), NUMBER(supervision_task, version));

enum status store_name_task(struct store *store, const struct supervision_task *task, struct problem *why)
{
    size_t count;
    TRY(rows_save_counted(&store->db, QUERY_TASK_NAME, &name_row, task, &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_CONFLICT, "the task was moved since it was loaded");
}

enum status store_list_meeting_tasks(struct store *store, struct slice meeting,
                                     struct arena *arena, struct stored_task_list *out,
                                     struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_TASK_LIST_OF_MEETING, ARGS(arg_text(meeting)), &task_row, arena, out,
              why);
    return ST_OK;
}

enum status store_list_waiting_tasks(struct store *store, uint32_t limit, uint32_t offset,
                                     struct arena *arena, struct stored_task_list *out,
                                     struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_TASK_LIST_WAITING, ARGS(arg_number(limit), arg_number(offset)), &task_row,
              arena, out, why);
    return ST_OK;
}

enum status store_due_tasks(struct store *store, struct instant now, struct arena *arena,
                            struct stored_task_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_TASK_LIST_DUE, ARGS(arg_number(now.us)), &task_row, arena, out, why);
    return ST_OK;
}

enum status store_has_late_task(struct store *store, bool *late, struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, QUERY_TASK_FIND_LATE, NULL, &count, why));
    *late = count > 0;
    return ST_OK;
}

ROW_TYPE(holder_row, task_holder, TEXT(task_holder, meeting), TEXT(task_holder, person));

enum status store_list_holders(struct store *store, struct arena *arena, struct task_holder_list *out,
                               struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_TASK_HOLDERS, NULL, &holder_row, arena, out, why);
    return ST_OK;
}

enum status store_find_holder(struct store *store, struct slice meeting, struct arena *arena,
                              struct task_holder *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_TASK_HOLDER, ARGS(arg_text(meeting)), &holder_row, arena, out,
                     "task that somebody has", why);
}

ROW_TYPE(count_row, task_count, WORD(task_count, state, task_state_names),
         WORD(task_count, priority, task_priority_names), WORD(task_count, language, language_names),
         NUMBER(task_count, count), MOMENT(task_count, deadline));

enum status store_count_tasks(struct store *store, struct arena *arena, struct task_count_list *out,
                              struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_TASK_COUNTS, NULL, &count_row, arena, out, why);
    return ST_OK;
}

ROW_TYPE(supervisor_row, supervisor, TEXT(supervisor, person), NUMBER(supervisor, languages),
         NUMBER(supervisor, skills), INSTANT(supervisor, seen));

enum status store_save_supervisor(struct store *store, const struct supervisor *supervisor,
                                  struct problem *why)
{
    return rows_save(&store->db, QUERY_SUPERVISOR_SAVE, &supervisor_row, supervisor, why);
}

enum status store_load_supervisor(struct store *store, struct slice person, struct arena *arena,
                                  struct supervisor *out, struct problem *why)
{
    *out = (struct supervisor){0};
    return rows_load(&store->db, QUERY_SUPERVISOR_LOAD, ARGS(arg_text(person)), &supervisor_row, arena,
                     out, "supervisor of that id", why);
}

enum status store_supervisor_left(struct store *store, struct slice person, struct problem *why)
{
    size_t count;
    return rows_run_counted(&store->db, QUERY_SUPERVISOR_LEFT, ARGS(arg_text(person)), &count, why);
}

enum status store_list_supervisors(struct store *store, struct arena *arena, struct supervisor_list *out,
                                   struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_SUPERVISOR_LIST, NULL, &supervisor_row, arena, out, why);
    return ST_OK;
}

ROW_TYPE(supervised_row, supervised, TEXT(supervised, task), TEXT(supervised, organisation),
         INSTANT(supervised, at), WORD(supervised, language, language_names), TEXT(supervised, reason),
         NUMBER(supervised, confidence), TEXT(supervised, decision), TEXT(supervised, changed),
         NUMBER(supervised, waited_s), NUMBER(supervised, held_s), TEXT(supervised, person),
         NUMBER(supervised, sample), NUMBER(supervised, agreed));

enum status store_note_supervised(struct store *store, const struct supervised *figures,
                                  struct problem *why)
{
    return rows_save(&store->db, QUERY_SUPERVISED_NOTE, &supervised_row, figures, why);
}

enum status store_list_supervised(struct store *store, struct instant since, uint32_t limit,
                                  struct arena *arena, struct supervised_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_SUPERVISED_LIST, ARGS(arg_number(since.us), arg_number(limit)),
              &supervised_row, arena, out, why);
    return ST_OK;
}

ROW_TYPE(read_count_row, read_count, NUMBER(read_count, day), WORD(read_count, language, language_names),
         NUMBER(read_count, level), NUMBER(read_count, total), NUMBER(read_count, doubts));

enum status store_count_reading(struct store *store, const struct read_count *one, struct problem *why)
{
    return rows_save(&store->db, QUERY_READ_COUNT, &read_count_row, one, why);
}

enum status store_list_read_counts(struct store *store, uint32_t since_day, struct arena *arena,
                                   struct read_count_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_READ_COUNT_LIST, ARGS(arg_number(since_day)), &read_count_row, arena, out, why);
    return ST_OK;
}

static enum status note_count(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

enum status store_count_breaches(struct store *store, struct instant since, uint32_t *count, struct problem *why)
{
    return store->db.driver->run(store->db.sql, QUERY_BREACH_COUNT, ARGS(arg_number(since.us)), note_count, count, why);
}

struct policy {
    struct slice policy;
};
ROW_TYPE(policy_row, policy, TEXT(policy, policy));

enum status store_set_policy(struct store *store, struct slice organisation, struct slice policy,
                             struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, QUERY_POLICY_SET, ARGS(arg_text(organisation), arg_text(policy)),
                         &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no organisation of that id");
}

enum status store_load_policy(struct store *store, struct slice organisation, struct arena *arena,
                              struct slice *policy, struct problem *why)
{
    struct policy row;
    TRY(rows_load(&store->db, QUERY_POLICY_LOAD, ARGS(arg_text(organisation)), &policy_row, arena, &row,
                  "organisation of that id", why));
    *policy = row.policy;
    return ST_OK;
}
