/* Corrections that became lessons. */
#include "platform/store/tables.h"

const char *const lesson_state_names[LESSON_STATE_COUNT_] = {"drafted", "kept", "accepted", "dropped"};

ROW_TYPE(lesson_row, stored_lesson, TEXT(stored_lesson, id), INSTANT(stored_lesson, at),
         WORD(stored_lesson, state, lesson_state_names), WORD(stored_lesson, language, language_names),
         TEXT(stored_lesson, reason), TEXT(stored_lesson, person), HASH(stored_lesson, source),
         SEALED(stored_lesson, content));

enum status store_add_lesson(struct store *store, const struct stored_lesson *lesson, struct problem *why)
{
    return rows_save(&store->db, QUERY_LESSON_ADD, &lesson_row, lesson, why);
}

enum status store_load_lesson(struct store *store, struct slice id, struct arena *arena, struct stored_lesson *out,
                              struct problem *why)
{
    return rows_load(&store->db, QUERY_LESSON_LOAD, ARGS(arg_text(id)), &lesson_row, arena, out, "lesson of that id", why);
}

enum status store_list_lessons(struct store *store, uint32_t limit, struct arena *arena, struct stored_lesson_list *out,
                               struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_LESSON_LIST, ARGS(arg_number(limit)), &lesson_row, arena, out, why);
    return ST_OK;
}

enum status store_move_lesson(struct store *store, struct slice id, enum lesson_state from, enum lesson_state to,
                              struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, QUERY_LESSON_MOVE,
                         ARGS(arg_text(id), arg_text(slice_from(lesson_state_names[from])),
                              arg_text(slice_from(lesson_state_names[to]))),
                         &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_CONFLICT, "the lesson is not %s", lesson_state_names[from]);
}

enum status store_keep_lesson(struct store *store, struct slice id, struct sealed content, struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, QUERY_LESSON_KEEP, ARGS(arg_text(id), arg_sealed(content)), &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_CONFLICT, "the lesson is no draft");
}

enum status store_remove_draft(struct store *store, struct slice id, struct problem *why)
{
    return rows_run(&store->db, QUERY_LESSON_REMOVE, ARGS(arg_text(id)), why);
}

enum status store_purge_drafts(struct store *store, struct instant before, struct problem *why)
{
    return rows_run(&store->db, QUERY_PURGE_DRAFTS, ARGS(arg_number(before.us)), why);
}
