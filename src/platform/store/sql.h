#ifndef RENDEZ_PLATFORM_STORE_SQL_H
#define RENDEZ_PLATFORM_STORE_SQL_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* What a database engine does for the store: rows in, rows out. queries.def holds every
 * statement; a driver prepares them all once the schema is at its newest version. */

enum query {
#define QUERY(name, params, columns, text) QUERY_##name,
#define QUERY_PG(name, text)
#include "platform/store/queries.def"
#undef QUERY
#undef QUERY_PG
    QUERY_COUNT_
};
struct query_text {
    const char *name;
    unsigned params, columns; /* $1 … $params; columns of a row */
    const char *text;
};
extern const struct query_text queries[QUERY_COUNT_];

struct sql_value {
    enum sql_kind { SQL_NULL, SQL_NUMBER, SQL_TEXT, SQL_BYTES } kind;
    int64_t number;
    struct slice bytes; /* TEXT, BYTES; borrowed */
};

/* Called for each row; its values are valid during the call. Anything but ST_OK ends the
 * query with that status. */
typedef enum status sql_row_fn(const struct sql_value *columns, void *context,
                               struct problem *why);

/* One connection of an engine; each driver defines it. */
struct sql;

/* Numbers, texts and bytes only: no driver gives the caller a type of its engine.
 * ST_CONFLICT  a constraint of the schema refused the change
 * ST_UNAVAILABLE  busy for too long, disk, connection */
struct sql_driver {
    enum status (*open)(const char *where, struct sql **out, struct problem *why);
    /* 0 for an empty database. */
    enum status (*version)(struct sql *, uint32_t *version, struct problem *why);
    /* Keeps a whole copy of what the database is at this version; earlier ones go. */
    enum status (*back_up)(struct sql *, uint32_t version, struct problem *why);
    /* Removes copies made before then. */
    enum status (*forget_backups)(struct sql *, struct instant before, struct problem *why);
    /* Runs the statements and notes the version, all or nothing. */
    enum status (*migrate)(struct sql *, uint32_t version, const char *script,
                           struct problem *why);
    enum status (*prepare)(struct sql *, struct problem *why);
    enum status (*begin)(struct sql *, struct problem *why);
    enum status (*commit)(struct sql *, struct problem *why);
    void (*rollback)(struct sql *);
    enum status (*run)(struct sql *, enum query query, const struct sql_value *args,
                       sql_row_fn *each_row, void *context, struct problem *why);
    void (*close)(struct sql *); /* accepts NULL */
};
extern const struct sql_driver sqlite_driver;

/* Numbered from 1 without a gap; never changed once released. */
struct migration {
    uint32_t version;
    const char *script;
};
extern const struct migration migrations[];
extern const size_t migration_count;

#endif
