/* What is done between other work: which keys are to be rotated, and the rows that are sealed anew. */
#include "platform/store/tables.h"

const char *const upkeep_kind_names[UPKEEP_KIND_COUNT_] = {"root", "organisation", "meetings", "meeting",
                                                           "sweep"};

/* The service's own is of no id, which is the empty text in a key. */
static struct sql_value arg_id(struct slice id)
{
    return (struct sql_value){SQL_TEXT, 0, id};
}

static struct sql_value arg_kind(enum upkeep_kind kind)
{
    return arg_text(slice_from(upkeep_kind_names[kind]));
}

ROW_TYPE(upkeep_row, upkeep, WORD(upkeep, kind, upkeep_kind_names), TEXT(upkeep, id),
         NUMBER(upkeep, target), NUMBER(upkeep, total), INSTANT(upkeep, begun));

enum status store_save_upkeep(struct store *store, const struct upkeep *upkeep, struct problem *why)
{
    return rows_run(&store->db, QUERY_UPKEEP_SAVE,
                    ARGS(arg_kind(upkeep->kind), arg_id(upkeep->id), arg_number(upkeep->target),
                         arg_number(upkeep->total), arg_number(upkeep->begun.us)),
                    why);
}

enum status store_end_upkeep(struct store *store, enum upkeep_kind kind, struct slice id,
                             struct problem *why)
{
    return rows_run(&store->db, QUERY_UPKEEP_END, ARGS(arg_kind(kind), arg_id(id)), why);
}

enum status store_list_upkeep(struct store *store, struct arena *arena, struct upkeep_list *out,
                              struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_UPKEEP_LIST, NULL, &upkeep_row, arena, out, why);
    return ST_OK;
}

static const struct {
    enum query list, count;
} sealed_queries[SEALED_ROWS_COUNT_] = {
    [SEALED_ROWS_PEOPLE] = {QUERY_SEALED_PEOPLE, QUERY_COUNT_PEOPLE},
    [SEALED_ROWS_MESSAGES] = {QUERY_SEALED_MESSAGES, QUERY_COUNT_MESSAGES},
    [SEALED_ROWS_OUTBOX] = {QUERY_SEALED_OUTBOX, QUERY_COUNT_OUTBOX},
    [SEALED_ROWS_TASKS] = {QUERY_SEALED_TASKS, QUERY_COUNT_TASKS},
    [SEALED_ROWS_SANDBOX] = {QUERY_SEALED_SANDBOX, QUERY_COUNT_SANDBOX},
    [SEALED_ROWS_LESSONS] = {QUERY_SEALED_LESSONS, QUERY_COUNT_LESSONS},
};

ROW_TYPE(sealed_row_row, sealed_row, TEXT(sealed_row, id), SEALED(sealed_row, first),
         SEALED(sealed_row, second));

enum status store_list_sealed(struct store *store, enum sealed_rows rows, struct slice organisation,
                              uint32_t below, uint32_t limit, struct arena *arena,
                              struct sealed_row_list *out, struct problem *why)
{
    struct version_bytes version = version_bytes(below);
    ROWS_LIST(&store->db, sealed_queries[rows].list,
              ARGS(arg_text(organisation), arg_version(&version), arg_number(limit)),
              &sealed_row_row, arena, out, why);
    return ST_OK;
}

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

enum status store_count_sealed(struct store *store, enum sealed_rows rows, struct slice organisation,
                               uint32_t below, uint32_t *count, struct problem *why)
{
    struct version_bytes version = version_bytes(below);
    return store->db.driver->run(
        store->db.sql, sealed_queries[rows].count,
        ARGS(arg_text(organisation), arg_version(&version)), note_number, count, why);
}

enum status store_reseal(struct store *store, enum resealed what, struct slice id, struct sealed first,
                         struct sealed second, struct problem *why)
{
    static const enum query queries[RESEALED_COUNT_] = {
        [RESEALED_PERSON] = QUERY_RESEAL_PERSON,   [RESEALED_MESSAGE] = QUERY_RESEAL_MESSAGE,
        [RESEALED_OUTBOX] = QUERY_RESEAL_OUTBOX,   [RESEALED_TASK] = QUERY_RESEAL_TASK,
        [RESEALED_SANDBOX] = QUERY_RESEAL_SANDBOX, [RESEALED_JOB] = QUERY_RESEAL_JOB,
        [RESEALED_MEETING] = QUERY_RESEAL_MEETING, [RESEALED_ORGANISATION] = QUERY_RESEAL_ORGANISATION,
        [RESEALED_LESSON] = QUERY_RESEAL_LESSON,
    };
    size_t count;
    TRY(rows_run_counted(&store->db, queries[what],
                         ARGS(arg_text(id), arg_sealed(first), arg_sealed(second)), &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_CONFLICT, "what was to be sealed anew is gone");
}

struct ids {
    struct slice id;
};
ROW_TYPE(id_row, ids, TEXT(ids, id));

enum status store_list_unerased(struct store *store, struct slice organisation, uint32_t limit,
                                struct arena *arena, struct slice_list *ids, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_MEETING_LIST_UNERASED, ARGS(arg_text(organisation), arg_number(limit)),
              &id_row, arena, ids, why);
    return ST_OK;
}
