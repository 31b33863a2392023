#include "platform/sql/rows.h"

#include <assert.h>
#include <string.h>

enum { COLUMNS_MAX = 32 };

struct sql_value arg_text(struct slice text)
{
    return (struct sql_value){text.len == 0 ? SQL_NULL : SQL_TEXT, 0, text};
}

struct sql_value arg_hash(struct slice bytes)
{
    return (struct sql_value){bytes.len == 0 ? SQL_NULL : SQL_BYTES, 0, bytes};
}

struct sql_value arg_sealed(struct sealed sealed)
{
    return arg_hash(sealed.bytes);
}

struct sql_value arg_number(int64_t number)
{
    return (struct sql_value){SQL_NUMBER, number, SLICE_NONE};
}

struct version_bytes version_bytes(uint32_t version)
{
    struct version_bytes out;
    for (int i = 0; i < 4; i++)
        out.bytes[i] = (char)(version >> (24 - 8 * i));
    return out;
}

struct sql_value arg_version(const struct version_bytes *version)
{
    return arg_hash((struct slice){version->bytes, sizeof version->bytes});
}

struct sql_value arg_moment(struct instant at)
{
    return (struct sql_value){at.us == 0 ? SQL_NULL : SQL_NUMBER, at.us, SLICE_NONE};
}

static struct sql_value to_sql(const struct column *column, const void *member)
{
    switch (column->kind) {
    case COLUMN_TEXT:
        return arg_text(*(const struct slice *)member);
    case COLUMN_HASH:
        return arg_hash(*(const struct slice *)member);
    case COLUMN_SEALED:
        return arg_sealed(*(const struct sealed *)member);
    case COLUMN_NUMBER:
        return arg_number(*(const uint32_t *)member);
    case COLUMN_INSTANT:
        return arg_number(((const struct instant *)member)->us);
    case COLUMN_MOMENT:
        return arg_moment(*(const struct instant *)member);
    case COLUMN_WORD:
        assert(*(const uint32_t *)member < column->word_count);
        return arg_text(slice_from(column->words[*(const uint32_t *)member]));
    }
    return (struct sql_value){0};
}

static bool find_word(const struct column *column, struct slice word, uint32_t *value)
{
    for (uint32_t i = 0; i < column->word_count; i++)
        if (slice_equal(word, slice_from(column->words[i]))) {
            *value = i;
            return true;
        }
    return false;
}

/* False for a value that the schema cannot have let in. */
static bool from_sql(const struct column *column, const struct sql_value *value,
                     struct arena *arena, void *member)
{
    switch (column->kind) {
    case COLUMN_TEXT:
    case COLUMN_HASH:
        *(struct slice *)member = arena_copy(arena, value->bytes);
        return value->kind != SQL_NUMBER;
    case COLUMN_SEALED:
        ((struct sealed *)member)->bytes = arena_copy(arena, value->bytes);
        return value->kind != SQL_NUMBER;
    case COLUMN_NUMBER:
        *(uint32_t *)member = (uint32_t)value->number;
        return value->number >= 0 && value->number <= UINT32_MAX;
    case COLUMN_INSTANT:
    case COLUMN_MOMENT:
        ((struct instant *)member)->us = value->number;
        return value->kind == SQL_NUMBER || column->kind == COLUMN_MOMENT;
    case COLUMN_WORD:
        return find_word(column, value->bytes, member);
    }
    return false;
}

static void bind_row(const struct row_type *type, const void *row, struct sql_value *args)
{
    assert(type->count <= COLUMNS_MAX);
    for (size_t i = 0; i < type->count; i++)
        args[i] = to_sql(&type->columns[i], (const char *)row + type->columns[i].offset);
}

static enum status count_row(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)columns, (void)why;
    ++*(size_t *)context;
    return ST_OK;
}

enum status rows_run(struct database *database, unsigned query, const struct sql_value *args,
                     struct problem *why)
{
    return database->driver->run(database->sql, query, args, NULL, NULL, why);
}

enum status rows_run_counted(struct database *database, unsigned query, const struct sql_value *args,
                             size_t *count, struct problem *why)
{
    *count = 0;
    return database->driver->run(database->sql, query, args, count_row, count, why);
}

enum status rows_save(struct database *database, unsigned query, const struct row_type *type,
                      const void *row, struct problem *why)
{
    struct sql_value args[COLUMNS_MAX];
    assert(database->schema->queries[query].params == type->count);
    bind_row(type, row, args);
    return rows_run(database, query, args, why);
}

enum status rows_save_counted(struct database *database, unsigned query, const struct row_type *type,
                              const void *row, size_t *count, struct problem *why)
{
    struct sql_value args[COLUMNS_MAX];
    assert(database->schema->queries[query].params == type->count);
    bind_row(type, row, args);
    return rows_run_counted(database, query, args, count, why);
}

struct collection {
    const struct row_type *type;
    struct arena *arena;
    struct record_list *list;
};

static enum status collect_row(const struct sql_value *columns, void *context, struct problem *why)
{
    struct collection *into = context;
    const struct row_type *type = into->type;
    struct record_list *list = into->list;
    list->items = arena_grow(into->arena, list->items, list->count, &list->capacity, type->size);
    char *row = (char *)list->items + list->count * type->size;
    memset(row, 0, type->size);
    for (size_t i = 0; i < type->count; i++)
        if (!from_sql(&type->columns[i], &columns[i], into->arena, row + type->columns[i].offset))
            return problem_set(why, ST_INVALID, "a stored row has a value that cannot be");
    list->count++;
    return ST_OK;
}

enum status rows_list(struct database *database, unsigned query, const struct sql_value *args,
                      const struct row_type *type, struct arena *arena, struct record_list *list,
                      struct problem *why)
{
    assert(database->schema->queries[query].columns == type->count);
    struct collection into = {type, arena, list};
    return database->driver->run(database->sql, query, args, collect_row, &into, why);
}

enum status rows_load(struct database *database, unsigned query, const struct sql_value *args,
                      const struct row_type *type, struct arena *arena, void *row, const char *what,
                      struct problem *why)
{
    struct record_list list = {0};
    TRY(rows_list(database, query, args, type, arena, &list, why));
    if (list.count == 0)
        return problem_set(why, ST_NOT_FOUND, "no %s", what);
    memcpy(row, list.items, type->size);
    return ST_OK;
}
