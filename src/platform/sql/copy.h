#ifndef RENDEZ_PLATFORM_SQL_COPY_H
#define RENDEZ_PLATFORM_SQL_COPY_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* Whole copies of databases that others write to meanwhile, and what can be said of any database without
 * knowing its schema. */

/* Asked between steps of a copy; false: stop, with ST_UNAVAILABLE. */
typedef bool sql_progress_fn(void *context, uint64_t done_bytes, uint64_t total_bytes);

/* The database as it is at one moment, into a new file (mode 0600). Reads only: who may not write it
 * may copy it. Whoever writes to a database with a WAL is not held up; with a journal, until it is done.
 * The new file is not synced. ST_NOT_FOUND: there is none. */
MUST_USE enum status sql_copy(const char *from, const char *to, sql_progress_fn *progress, void *context,
                              struct problem *why);

struct table_rows {
    struct slice table;
    uint64_t rows;
};
struct table_rows_list {
    struct table_rows *items;
    size_t count, capacity;
};
/* Every table, in order of name, of a file that nobody writes to. ST_INVALID: it is damaged. */
MUST_USE enum status sql_count_rows(const char *path, struct arena *arena, struct table_rows_list *out,
                                    struct problem *why);

/* A fresh copy of a key file takes over what the copy before it has and the key file no longer: keys that
 * were rotated, marked with the time at which they were found to be ended. Not what was erased: a key
 * of which no newer version is there, or whose organisation is gone. One that ended before `needed_since` goes.
 * before: may not be there. *ended: how many there are then. */
MUST_USE enum status sql_keep_ended_keys(const char *copy, const char *before, struct instant now,
                                         struct instant needed_since, uint32_t *ended, struct problem *why);
/* Takes the marks out: what is left is a key file, with its old versions. */
MUST_USE enum status sql_forget_marks(const char *copy, struct problem *why);

#endif
