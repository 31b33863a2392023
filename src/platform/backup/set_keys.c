#include "platform/backup/set_keys.h"

#include <stdlib.h>

#include "platform/sql/rows.h"
#include "set_keys_migrations.h"

enum { RECORD_DAYS = 400, FAULT_BYTES_MAX = 200 };

enum query {
#define QUERY(name, params, columns, text) QUERY_##name,
#include "platform/backup/queries.def"
#undef QUERY
    QUERY_COUNT_
};
static const struct query_text queries[QUERY_COUNT_] = {
#define QUERY(name, params, columns, text) {#name, params, columns, text},
#include "platform/backup/queries.def"
#undef QUERY
};
static const struct sql_schema schema = {
    .queries = queries,
    .query_count = QUERY_COUNT_,
    .migrations = set_keys_migrations,
    .migration_count = sizeof set_keys_migrations / sizeof *set_keys_migrations,
    .forgets = true,
};

struct set_keys {
    struct database db;
};

enum status set_keys_open(const char *path, struct set_keys **out, struct problem *why)
{
    struct set_keys *keys = must_calloc(1, sizeof *keys);
    enum status status = database_open(&sqlite_driver, &schema, path, &keys->db, why);
    if (status == ST_OK)
        *out = keys;
    else
        free(keys);
    return status;
}

void set_keys_close(struct set_keys **keys)
{
    if (*keys == NULL)
        return;
    database_close(&(*keys)->db);
    free(*keys);
    *keys = NULL;
}

enum status set_keys_add(struct set_keys *keys, const struct set_row *row, struct problem *why)
{
    return rows_run(&keys->db, QUERY_SET_PUT,
                    ARGS(arg_text(row->name), arg_number(row->made.us), arg_number(row->root),
                         arg_sealed(row->wrapped)),
                    why);
}

enum status set_keys_mark_whole(struct set_keys *keys, struct slice name, uint64_t bytes, uint64_t took_us,
                                struct problem *why)
{
    return rows_run(&keys->db, QUERY_SET_WHOLE,
                    ARGS(arg_text(name), arg_number((int64_t)bytes), arg_number((int64_t)took_us)), why);
}

struct reading {
    struct arena *arena;
    struct set_row_list list;
};

static enum status take_row(const struct sql_value *columns, void *context, struct problem *why)
{
    struct reading *reading = context;
    struct arena *arena = reading->arena;
    (void)why;
    struct set_row row = {
        .name = arena_copy(arena, columns[0].bytes),
        .made = {columns[1].number},
        .root = (uint32_t)columns[2].number,
        .wrapped = {arena_copy(arena, columns[3].bytes)},
        .whole = (uint32_t)columns[4].number,
        .bytes = (uint64_t)columns[5].number,
        .took_us = (uint64_t)columns[6].number,
        .verified = {columns[7].number},
        .fault = arena_copy(arena, columns[8].bytes),
    };
    ARENA_PUSH(arena, &reading->list, row);
    return ST_OK;
}

enum status set_keys_list(struct set_keys *keys, struct arena *arena, struct set_row_list *out, struct problem *why)
{
    struct reading reading = {.arena = arena};
    TRY(keys->db.driver->run(keys->db.sql, QUERY_SET_LIST, NULL, take_row, &reading, why));
    *out = reading.list;
    return ST_OK;
}

enum status set_keys_load(struct set_keys *keys, struct slice name, struct arena *arena, struct set_row *out,
                          struct problem *why)
{
    struct reading reading = {.arena = arena};
    TRY(keys->db.driver->run(keys->db.sql, QUERY_SET_LOAD, ARGS(arg_text(name)), take_row, &reading, why));
    if (reading.list.count == 0)
        return problem_set(why, ST_NOT_FOUND, "there is no set of that name, or its key was destroyed");
    *out = reading.list.items[0];
    return ST_OK;
}

enum status set_keys_rewrap(struct set_keys *keys, struct slice name, struct sealed wrapped, struct problem *why)
{
    return rows_run(&keys->db, QUERY_SET_REWRAP, ARGS(arg_text(name), arg_sealed(wrapped)), why);
}

enum status set_keys_note(struct set_keys *keys, struct slice name, struct instant at, struct slice fault,
                          struct problem *why)
{
    return rows_run(&keys->db, QUERY_SET_FOUND,
                    ARGS(arg_text(name), arg_number(at.us), arg_text(slice_sub(fault, 0, FAULT_BYTES_MAX))), why);
}

enum status set_keys_end(struct set_keys *keys, struct slice name, struct problem *why)
{
    return rows_run(&keys->db, QUERY_SET_END, ARGS(arg_text(name)), why);
}

enum status set_keys_record(struct set_keys *keys, const struct set_verification *done, struct problem *why)
{
    TRY(rows_run(&keys->db, QUERY_VERIFICATION_PUT,
                 ARGS(arg_number(done->at.us), arg_number((int64_t)done->sets), arg_number((int64_t)done->faults),
                      arg_number((int64_t)done->bytes), arg_number((int64_t)done->took_us),
                      arg_number((int64_t)done->answered_us)),
                 why));
    return rows_run(&keys->db, QUERY_VERIFICATION_FORGET, ARGS(arg_number(done->at.us - RECORD_DAYS * DAY_US)), why);
}

static enum status take_record(const struct sql_value *columns, void *context, struct problem *why)
{
    struct set_verification *out = context;
    (void)why;
    *out = (struct set_verification){
        {columns[0].number},           (uint64_t)columns[1].number, (uint64_t)columns[2].number,
        (uint64_t)columns[3].number,   (uint64_t)columns[4].number, (uint64_t)columns[5].number,
    };
    return ST_OK;
}

enum status set_keys_last_record(struct set_keys *keys, struct set_verification *out, struct problem *why)
{
    struct set_verification last = {0};
    TRY(keys->db.driver->run(keys->db.sql, QUERY_VERIFICATION_LAST, NULL, take_record, &last, why));
    if (last.at.us == 0)
        return problem_set(why, ST_NOT_FOUND, "no set was verified yet");
    *out = last;
    return ST_OK;
}

enum status set_keys_root_done(struct set_keys *keys, uint32_t version, struct instant at, struct problem *why)
{
    return rows_run(&keys->db, QUERY_ROOT_DONE_PUT, ARGS(arg_number(version), arg_number(at.us)), why);
}

static enum status take_instant(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    ((struct instant *)context)->us = columns[0].number;
    return ST_OK;
}

enum status set_keys_root_done_at(struct set_keys *keys, uint32_t version, struct instant *at, struct problem *why)
{
    return keys->db.driver->run(keys->db.sql, QUERY_ROOT_DONE_AT, ARGS(arg_number(version)), take_instant, at, why);
}
