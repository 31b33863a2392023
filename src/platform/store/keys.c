/* Wrapped keys of what the store holds, in its key file. */
#include "platform/store/tables.h"

static const struct key_end_queries ends = {QUERY_KEY_END_NOTE, QUERY_KEY_END_LIST, QUERY_KEY_END_DONE};

enum status store_put_key(struct store *store, const struct stored_key *key, struct problem *why)
{
    return keyfile_put(&store->keys, key, why);
}

enum status store_put_keys(struct store *store, const struct stored_key_list *keys, struct problem *why)
{
    return keyfile_put_all(&store->keys, keys, why);
}

enum status store_load_key(struct store *store, enum stored_key_kind kind, struct slice id,
                           uint32_t version, struct arena *arena, struct stored_key *out,
                           struct problem *why)
{
    return keyfile_load(&store->keys, kind, id, version, arena, out, why);
}

enum status store_end_old_keys(struct store *store, enum stored_key_kind kind, struct slice id,
                               uint32_t below, struct problem *why)
{
    return keyfile_end_old(&store->keys, kind, id, below, why);
}

enum status store_list_keys(struct store *store, const struct key_range *range, uint32_t limit,
                            struct arena *arena, struct stored_key_list *out, struct problem *why)
{
    return keyfile_list(&store->keys, range, limit, arena, out, why);
}

enum status store_last_key(struct store *store, uint32_t *seq, struct problem *why)
{
    return keyfile_last(&store->keys, seq, why);
}

enum status store_count_keys(struct store *store, const struct key_range *range, uint32_t *count,
                             struct problem *why)
{
    return keyfile_count(&store->keys, range, count, why);
}

enum status store_survey_keys(struct store *store, struct arena *arena, struct key_survey_list *out,
                              struct problem *why)
{
    return keyfile_survey(&store->keys, arena, out, why);
}

enum status store_end_some_keys(struct store *store, struct slice organisation, uint32_t limit,
                                size_t *ended, struct problem *why)
{
    return keyfile_end_some(&store->keys, organisation, limit, ended, why);
}

enum status keys_note_end(struct store *store, enum stored_key_kind kind, struct slice id,
                          struct problem *why)
{
    store->ending = true;
    return keyfile_note_end(&store->db, &ends, kind, id, why);
}

enum status store_end_keys(struct store *store, struct problem *why)
{
    TRY(keyfile_end_noted(&store->keys, &store->db, &ends, why));
    store->ending = false;
    return ST_OK;
}

/* Keys that a database of before version 3 holds itself: first into the key file, then out of
 * the database; stopped anywhere it is done again. */

enum { MOVE_AT_ONCE = 500 };

ROW_TYPE(moved_row, stored_key, NUMBER(stored_key, seq), TEXT(stored_key, id),
         TEXT(stored_key, organisation), SEALED(stored_key, key.sealed));

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

static enum status put_moved(struct store *store, enum stored_key_kind kind,
                             struct stored_key_list *list, struct problem *why)
{
    for (size_t i = 0; i < list->count; i++) {
        list->items[i].kind = kind;
        list->items[i].key.version = 1;
    }
    return store_put_keys(store, list, why);
}

static enum status move_meetings(struct store *store, uint32_t after, bool *more, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct stored_key_list list;
    ROWS_LIST(&store->db, QUERY_KEY_MOVE_MEETINGS, ARGS(arg_number(after), arg_number(MOVE_AT_ONCE)),
              &moved_row, arena, &list, why);
    *more = list.count > 0;
    if (!*more)
        return ST_OK;
    TRY(put_moved(store, KEY_OF_MEETING, &list, why));
    uint32_t last = list.items[list.count - 1].seq;
    TRY(rows_run(&store->db, QUERY_KEY_MOVED_MEETINGS, ARGS(arg_number(last)), why));
    return rows_run(&store->db, QUERY_KEY_MOVE_NOTE, ARGS(arg_number(last)), why);
}

static enum status move_organisations(struct store *store, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct stored_key_list list;
    ROWS_LIST(&store->db, QUERY_KEY_MOVE_ORGANISATIONS, NULL, &moved_row, arena, &list, why);
    TRY(put_moved(store, KEY_OF_ORGANISATION, &list, why));
    return rows_run(&store->db, QUERY_KEY_MOVED_ORGANISATIONS, NULL, why);
}

enum status keys_move(struct store *store, struct problem *why)
{
    uint32_t after = UINT32_MAX;
    TRY(store->db.driver->run(store->db.sql, QUERY_KEY_MOVE_PLACE, NULL, note_number, &after, why));
    if (after == UINT32_MAX)
        return ST_OK;
    TRY(move_organisations(store, why));
    for (bool more = true; more;) {
        TRY(store->db.driver->run(store->db.sql, QUERY_KEY_MOVE_PLACE, NULL, note_number, &after, why));
        TRY(move_meetings(store, after, &more, why));
    }
    /* The file itself holds what was there until the WAL is folded in. */
    TRY(rows_run(&store->db, QUERY_CHECKPOINT, NULL, why));
    return rows_run(&store->db, QUERY_KEY_MOVE_END, NULL, why);
}
