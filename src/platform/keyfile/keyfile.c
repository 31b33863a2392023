#include "platform/keyfile/keyfile.h"

#include <string.h>

#include "keyfile_migrations.h"
#include "platform/sql/rows.h"

enum query {
#define QUERY(name, params, columns, text) QUERY_##name,
#include "platform/keyfile/keys.def"
#undef QUERY
    QUERY_COUNT_
};
static const struct query_text queries[QUERY_COUNT_] = {
#define QUERY(name, params, columns, text) {#name, params, columns, text},
#include "platform/keyfile/keys.def"
#undef QUERY
};
static const struct sql_schema schema = {
    .queries = queries,
    .query_count = QUERY_COUNT_,
    .migrations = keyfile_migrations,
    .migration_count = sizeof keyfile_migrations / sizeof *keyfile_migrations,
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
static const char *file_of(const char *database, struct arena *arena)
{
    struct slice name = slice_from(database);
    if (slice_equal(name, LIT(":memory:")))
        return database;
    if (slice_ends(name, LIT(".db")))
        name = slice_sub(name, 0, name.len - 3);
    return arena_format(arena, "%.*s.keys", SLICE_ARG(name)).data;
}

enum status keyfile_open(const struct sql_driver *driver, const char *database, struct keyfile *out,
                         struct problem *why)
{
    AUTO_ARENA arena = arena_create(strlen(database) + 4096);
    return database_open(driver, &schema, file_of(database, arena), &out->db, why);
}

void keyfile_close(struct keyfile *keys)
{
    database_close(&keys->db);
}

uint32_t keyfile_version_of(struct sealed sealed)
{
    uint32_t version;
    return sealed_key_version(sealed, &version) == ST_OK ? version : 1;
}

enum status keyfile_put(struct keyfile *keys, const struct stored_key *key, struct problem *why)
{
    return rows_run(&keys->db, QUERY_KEY_PUT,
                    ARGS(arg_kind(key->kind), arg_text(key->id), arg_text(key->organisation),
                         arg_number(key->key.version), arg_number(keyfile_version_of(key->key.sealed)),
                         arg_sealed(key->key.sealed)),
                    why);
}

static enum status put_each(struct keyfile *keys, const struct stored_key_list *list, struct problem *why)
{
    for (size_t i = 0; i < list->count; i++)
        TRY(keyfile_put(keys, &list->items[i], why));
    return database_commit(&keys->db, why);
}

enum status keyfile_put_all(struct keyfile *keys, const struct stored_key_list *list, struct problem *why)
{
    TRY(database_begin(&keys->db, why));
    enum status status = put_each(keys, list, why);
    database_rollback(&keys->db);
    return status;
}

enum status keyfile_load(struct keyfile *keys, enum stored_key_kind kind, struct slice id,
                         uint32_t version, struct arena *arena, struct stored_key *out,
                         struct problem *why)
{
    enum query query = version == 0 ? QUERY_KEY_NEWEST : QUERY_KEY_LOAD;
    return rows_load(&keys->db, query, ARGS(arg_kind(kind), arg_text(id), arg_number(version)), &key_row,
                     arena, out, "key: it was destroyed", why);
}

enum status keyfile_fill(struct keyfile *keys, enum stored_key_kind kind, struct slice id,
                         uint32_t version, struct arena *arena, struct wrapped_key *out,
                         struct problem *why)
{
    struct stored_key key;
    enum status status = keyfile_load(keys, kind, id, version, arena, &key, why);
    *out = status == ST_OK ? key.key : (struct wrapped_key){0};
    return status == ST_NOT_FOUND ? ST_OK : status;
}

enum status keyfile_end_old(struct keyfile *keys, enum stored_key_kind kind, struct slice id,
                            uint32_t below, struct problem *why)
{
    return rows_run(&keys->db, QUERY_KEY_END_OLD, ARGS(arg_kind(kind), arg_text(id), arg_number(below)),
                    why);
}

enum status keyfile_end_some(struct keyfile *keys, struct slice organisation, uint32_t limit,
                             size_t *ended, struct problem *why)
{
    return rows_run_counted(&keys->db, QUERY_KEY_END_SOME,
                            ARGS(arg_text(organisation), arg_number(limit)), ended, why);
}

enum status keyfile_list(struct keyfile *keys, const struct key_range *range, uint32_t limit,
                         struct arena *arena, struct stored_key_list *out, struct problem *why)
{
    if (range->up_to > 0)
        ROWS_LIST(&keys->db, QUERY_KEY_LIST_UP_TO,
                  ARGS(arg_text(range->organisation), arg_kind(range->kind), arg_number(range->up_to),
                       arg_number(limit), arg_number(range->after)),
                  &key_row, arena, out, why);
    else if (range->kind == KEY_OF_MEETING)
        ROWS_LIST(&keys->db, QUERY_KEY_LIST_WRAPPED_BELOW,
                  ARGS(arg_text(range->organisation), arg_number(range->parent_below), arg_number(limit)),
                  &key_row, arena, out, why);
    else
        ROWS_LIST(&keys->db, QUERY_KEY_LIST_ROOTED_BELOW,
                  ARGS(arg_number(range->parent_below), arg_number(limit)), &key_row, arena, out, why);
    return ST_OK;
}

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

static enum status ask_number(struct keyfile *keys, enum query query, const struct sql_value *args,
                              uint32_t *out, struct problem *why)
{
    return keys->db.driver->run(keys->db.sql, query, args, note_number, out, why);
}

enum status keyfile_last(struct keyfile *keys, uint32_t *seq, struct problem *why)
{
    return ask_number(keys, QUERY_KEY_LAST, NULL, seq, why);
}

enum status keyfile_count(struct keyfile *keys, const struct key_range *range, uint32_t *count,
                          struct problem *why)
{
    if (range->up_to > 0)
        return ask_number(keys, QUERY_KEY_COUNT_UP_TO,
                          ARGS(arg_text(range->organisation), arg_kind(range->kind),
                               arg_number(range->up_to)),
                          count, why);
    if (range->kind == KEY_OF_MEETING)
        return ask_number(keys, QUERY_KEY_COUNT_WRAPPED_BELOW,
                          ARGS(arg_text(range->organisation), arg_number(range->parent_below)), count, why);
    return ask_number(keys, QUERY_KEY_COUNT_ROOTED_BELOW, ARGS(arg_number(range->parent_below)), count,
                      why);
}

ROW_TYPE(aged_row, key_aged, TEXT(key_aged, id), NUMBER(key_aged, newest));

enum status keyfile_list_aged(struct keyfile *keys, struct arena *arena, struct key_aged_list *out,
                              struct problem *why)
{
    ROWS_LIST(&keys->db, QUERY_KEY_LIST_AGED, NULL, &aged_row, arena, out, why);
    return ST_OK;
}

ROW_TYPE(survey_row, key_survey, WORD(key_survey, kind, stored_key_kind_names),
         NUMBER(key_survey, version), NUMBER(key_survey, parent), NUMBER(key_survey, count));

enum status keyfile_survey(struct keyfile *keys, struct arena *arena, struct key_survey_list *out,
                           struct problem *why)
{
    ROWS_LIST(&keys->db, QUERY_KEY_SURVEY, NULL, &survey_row, arena, out, why);
    return ST_OK;
}

struct page {
    entry_fn *each;
    void *context;
    const char *place;
    struct entry_cursor *cursor;
    int64_t seen;
};

static enum status take_entry(const struct sql_value *columns, void *context, struct problem *why)
{
    struct page *page = context;
    (void)why;
    page->cursor->row = columns[0].number;
    page->seen++;
    page->each(page->context, page->place, columns[0].number, (struct sealed){columns[1].bytes});
    return ST_OK;
}

enum status keyfile_scan_page(struct keyfile *keys, struct database *db, const struct entry_places *places,
                              struct entry_cursor *cursor, int64_t limit, entry_fn *each, void *context,
                              struct problem *why)
{
    bool last = cursor->place == places->count;
    struct page page = {each, context, last ? places->keys : places->items[cursor->place].place, cursor, 0};
    struct database *from = last ? &keys->db : db;
    TRY(from->driver->run(from->sql, last ? QUERY_SCAN_KEYS : places->items[cursor->place].query,
                          ARGS(arg_number(cursor->row), arg_number(limit)), take_entry, &page, why));
    if (page.seen < limit)
        *cursor = (struct entry_cursor){cursor->place + 1, 0, last};
    return ST_OK;
}

enum status keyfile_scan_all(struct keyfile *keys, struct database *db, const struct entry_places *places,
                             entry_fn *each, void *context, struct problem *why)
{
    enum { PAGE = 10000 };
    for (struct entry_cursor cursor = {0}; !cursor.ended;)
        TRY(keyfile_scan_page(keys, db, places, &cursor, PAGE, each, context, why));
    return ST_OK;
}

enum status keyfile_read_file(struct keyfile *keys, struct database *db, size_t file, int64_t at, char *into,
                              size_t room, size_t *got, struct problem *why)
{
    struct database *from = file < SQL_FILE_COUNT_ ? db : &keys->db;
    return from->driver->read_file(from->sql, (enum sql_file)(file % SQL_FILE_COUNT_), at, into, room, got, why);
}

/* Ends */

enum status keyfile_note_end(struct database *db, const struct key_end_queries *ends,
                             enum stored_key_kind kind, struct slice id, struct problem *why)
{
    return rows_run(db, ends->note, ARGS(arg_kind(kind), arg_text(id)), why);
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

static enum status end_each(struct keyfile *keys, const struct ended_list *list, struct problem *why)
{
    for (size_t i = 0; i < list->count; i++)
        TRY(rows_run(&keys->db, QUERY_KEY_END,
                     ARGS(arg_kind(list->items[i].kind), arg_text(list->items[i].id)), why));
    return database_commit(&keys->db, why);
}

enum status keyfile_end_noted(struct keyfile *keys, struct database *db,
                              const struct key_end_queries *ends, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct ended_list list;
    ROWS_LIST(db, ends->list, NULL, &ended_row, arena, &list, why);
    if (list.count > 0) {
        TRY(database_begin(&keys->db, why));
        enum status status = end_each(keys, &list, why);
        database_rollback(&keys->db);
        TRY(status);
    }
    for (size_t i = 0; i < list.count; i++)
        TRY(rows_run(db, ends->done, ARGS(arg_kind(list.items[i].kind), arg_text(list.items[i].id)), why));
    return ST_OK;
}
