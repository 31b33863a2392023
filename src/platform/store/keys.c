/* Wrapped keys, in a file of their own: what is taken away there ends every copy of what it
 * sealed. No transaction spans both files; doc/storage.md has the order of things. */
#include <string.h>

#include "platform/store/tables.h"
#include "store_keys_migrations.h"

enum key_query {
#define QUERY(name, params, columns, text) QUERY_##name,
#include "platform/store/keys.def"
#undef QUERY
    KEY_QUERY_COUNT_
};
static const struct query_text key_queries[KEY_QUERY_COUNT_] = {
#define QUERY(name, params, columns, text) {#name, params, columns, text},
#include "platform/store/keys.def"
#undef QUERY
};
static const struct sql_schema keys_schema = {
    .queries = key_queries,
    .query_count = KEY_QUERY_COUNT_,
    .migrations = store_keys_migrations,
    .migration_count = sizeof store_keys_migrations / sizeof *store_keys_migrations,
    .forgets = true,
};

const char *const stored_key_kind_names[STORED_KEY_KIND_COUNT_] = {"organisation", "meeting"};

ROW_TYPE(key_row, stored_key, NUMBER(stored_key, seq), WORD(stored_key, kind, stored_key_kind_names),
         TEXT(stored_key, id), TEXT(stored_key, organisation), NUMBER(stored_key, key.version),
         NUMBER(stored_key, parent), SEALED(stored_key, key.sealed));

static struct sql_value arg_kind(enum stored_key_kind kind)
{
    return arg_text(slice_from(stored_key_kind_names[kind]));
}

/* "rendez.db" has its keys in "rendez.keys". */
static const char *key_file(const char *where, struct arena *arena)
{
    struct slice name = slice_from(where);
    if (slice_equal(name, LIT(":memory:")))
        return where;
    if (slice_ends(name, LIT(".db")))
        name = slice_sub(name, 0, name.len - 3);
    return arena_format(arena, "%.*s.keys", SLICE_ARG(name)).data;
}

enum status keys_open(struct store *store, const char *where, struct problem *why)
{
    AUTO_ARENA arena = arena_create(strlen(where) + 4096);
    return database_open(store->db.driver, &keys_schema, key_file(where, arena), &store->keys, why);
}

/* Of an entry the version in its header; what is no entry (tests have such) is of the first. */
uint32_t keys_version_of(struct sealed sealed)
{
    uint32_t version;
    return sealed_key_version(sealed, &version) == ST_OK ? version : 1;
}

enum status store_put_key(struct store *store, const struct stored_key *key, struct problem *why)
{
    return rows_run(&store->keys, QUERY_KEY_PUT,
                    ARGS(arg_kind(key->kind), arg_text(key->id), arg_text(key->organisation),
                         arg_number(key->key.version), arg_number(keys_version_of(key->key.sealed)),
                         arg_sealed(key->key.sealed)),
                    why);
}

static enum status put_all(struct store *store, const struct stored_key_list *keys, struct problem *why)
{
    for (size_t i = 0; i < keys->count; i++)
        TRY(store_put_key(store, &keys->items[i], why));
    return database_commit(&store->keys, why);
}

enum status store_put_keys(struct store *store, const struct stored_key_list *keys, struct problem *why)
{
    TRY(database_begin(&store->keys, why));
    enum status status = put_all(store, keys, why);
    database_rollback(&store->keys);
    return status;
}

enum status store_load_key(struct store *store, enum stored_key_kind kind, struct slice id,
                           uint32_t version, struct arena *arena, struct stored_key *out,
                           struct problem *why)
{
    enum key_query query = version == 0 ? QUERY_KEY_NEWEST : QUERY_KEY_LOAD;
    return rows_load(&store->keys, query, ARGS(arg_kind(kind), arg_text(id), arg_number(version)),
                     &key_row, arena, out, "key: it was destroyed", why);
}

enum status keys_fill(struct store *store, enum stored_key_kind kind, struct slice id,
                      uint32_t version, struct arena *arena, struct wrapped_key *out,
                      struct problem *why)
{
    struct stored_key key;
    enum status status = store_load_key(store, kind, id, version, arena, &key, why);
    *out = status == ST_OK ? key.key : (struct wrapped_key){0};
    return status == ST_NOT_FOUND ? ST_OK : status;
}

enum status store_end_old_keys(struct store *store, enum stored_key_kind kind, struct slice id,
                               uint32_t below, struct problem *why)
{
    return rows_run(&store->keys, QUERY_KEY_END_OLD,
                    ARGS(arg_kind(kind), arg_text(id), arg_number(below)), why);
}

enum status store_list_keys(struct store *store, const struct key_range *range, uint32_t limit,
                            struct arena *arena, struct stored_key_list *out, struct problem *why)
{
    if (range->up_to > 0)
        ROWS_LIST(&store->keys, QUERY_KEY_LIST_UP_TO,
                  ARGS(arg_text(range->organisation), arg_kind(range->kind), arg_number(range->up_to),
                       arg_number(limit), arg_number(range->after)),
                  &key_row, arena, out, why);
    else if (range->kind == KEY_OF_MEETING)
        ROWS_LIST(&store->keys, QUERY_KEY_LIST_WRAPPED_BELOW,
                  ARGS(arg_text(range->organisation), arg_number(range->parent_below), arg_number(limit)),
                  &key_row, arena, out, why);
    else
        ROWS_LIST(&store->keys, QUERY_KEY_LIST_ROOTED_BELOW,
                  ARGS(arg_number(range->parent_below), arg_number(limit)), &key_row, arena, out, why);
    return ST_OK;
}

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

static enum status ask_number(struct store *store, enum key_query query, const struct sql_value *args,
                              uint32_t *out, struct problem *why)
{
    return store->keys.driver->run(store->keys.sql, query, args, note_number, out, why);
}

enum status store_last_key(struct store *store, uint32_t *seq, struct problem *why)
{
    return ask_number(store, QUERY_KEY_LAST, NULL, seq, why);
}

enum status store_count_keys(struct store *store, const struct key_range *range, uint32_t *count,
                             struct problem *why)
{
    if (range->up_to > 0)
        return ask_number(store, QUERY_KEY_COUNT_UP_TO,
                          ARGS(arg_text(range->organisation), arg_kind(range->kind),
                               arg_number(range->up_to)),
                          count, why);
    if (range->kind == KEY_OF_MEETING)
        return ask_number(store, QUERY_KEY_COUNT_WRAPPED_BELOW,
                          ARGS(arg_text(range->organisation), arg_number(range->parent_below)), count, why);
    return ask_number(store, QUERY_KEY_COUNT_ROOTED_BELOW, ARGS(arg_number(range->parent_below)), count,
                      why);
}

ROW_TYPE(survey_row, key_survey, WORD(key_survey, kind, stored_key_kind_names),
         NUMBER(key_survey, version), NUMBER(key_survey, parent), NUMBER(key_survey, count));

enum status store_survey_keys(struct store *store, struct arena *arena, struct key_survey_list *out,
                              struct problem *why)
{
    ROWS_LIST(&store->keys, QUERY_KEY_SURVEY, NULL, &survey_row, arena, out, why);
    return ST_OK;
}

enum status keys_scan(struct store *store, sql_row_fn *each, void *context, struct problem *why)
{
    return store->keys.driver->run(store->keys.sql, QUERY_SCAN_KEYS, NULL, each, context, why);
}

/* Ends */

enum status keys_note_end(struct store *store, enum stored_key_kind kind, struct slice id,
                          struct problem *why)
{
    store->ending = true;
    return rows_run(&store->db, QUERY_KEY_END_NOTE, ARGS(arg_kind(kind), arg_text(id)), why);
}

struct ended {
    enum stored_key_kind kind;
    struct slice id;
};
struct ended_list {
    struct ended *items;
    size_t count, capacity;
};
ROW_TYPE(ended_row, ended, WORD(ended, kind, stored_key_kind_names), TEXT(ended, id));

static enum status end_keys(struct store *store, const struct ended_list *list, struct problem *why)
{
    for (size_t i = 0; i < list->count; i++)
        TRY(rows_run(&store->keys, QUERY_KEY_END,
                     ARGS(arg_kind(list->items[i].kind), arg_text(list->items[i].id)), why));
    return database_commit(&store->keys, why);
}

enum status store_end_keys(struct store *store, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct ended_list list;
    ROWS_LIST(&store->db, QUERY_KEY_END_LIST, NULL, &ended_row, arena, &list, why);
    if (list.count > 0) {
        TRY(database_begin(&store->keys, why));
        enum status status = end_keys(store, &list, why);
        database_rollback(&store->keys);
        TRY(status);
    }
    for (size_t i = 0; i < list.count; i++)
        TRY(rows_run(&store->db, QUERY_KEY_END_DONE,
                     ARGS(arg_kind(list.items[i].kind), arg_text(list.items[i].id)), why));
    store->ending = false;
    return ST_OK;
}

enum status store_end_some_keys(struct store *store, struct slice organisation, uint32_t limit,
                                size_t *ended, struct problem *why)
{
    return rows_run_counted(&store->keys, QUERY_KEY_END_SOME,
                            ARGS(arg_text(organisation), arg_number(limit)), ended, why);
}

/* Keys that a database of before version 3 holds itself: first into the key file, then out of
 * the database; stopped anywhere it is done again. */

enum { MOVE_AT_ONCE = 500 };

ROW_TYPE(moved_row, stored_key, NUMBER(stored_key, seq), TEXT(stored_key, id),
         TEXT(stored_key, organisation), SEALED(stored_key, key.sealed));

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
