#ifndef RENDEZ_PLATFORM_SQL_H
#define RENDEZ_PLATFORM_SQL_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* What a database engine does for a module that keeps rows (store, identity): rows in, rows
 * out. Each module has a schema: every statement that it will ever run (its queries.def), which
 * the driver prepares once the tables are at their newest version, and its migrations. */

/* A statement, known to its module by its place in the schema. */
struct query_text {
    const char *name;
    unsigned params, columns; /* $1 … $params; columns of a row */
    const char *text;
};

/* Numbered from 1 without a gap; never changed once released. */
struct migration {
    uint32_t version;
    const char *script;
};

struct sql_schema {
    const struct query_text *queries;
    size_t query_count;
    const struct migration *migrations; /* embed.py makes them of NNN.sql */
    size_t migration_count;
    bool forgets; /* what is deleted is in no file when the commit returns; commits are slower */
};

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

/* Of a database: what lies on the disk. */
enum sql_file { SQL_FILE_ROWS, SQL_FILE_LOG /* what is not folded in yet: WAL or journal */, SQL_FILE_COUNT_ };

/* Numbers, texts and bytes only: no driver gives the caller a type of its engine.
 * ST_CONFLICT  a constraint of the schema refused the change
 * ST_UNAVAILABLE  busy for too long, disk, connection */
struct sql_driver {
    /* The schema must outlive the connection. */
    enum status (*open)(const char *where, const struct sql_schema *schema, struct sql **out,
                        struct problem *why);
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
    /* Between transactions: whether a commit waits until the disk has it (at first it does). One that does not is on the disk
     * with the next that does; until then a power cut takes it back, the end of the process does not. */
    enum status (*wait_for_disk)(struct sql *, bool wait, struct problem *why);
    void (*rollback)(struct sql *);
    enum status (*run)(struct sql *, unsigned query, const struct sql_value *args,
                       sql_row_fn *each_row, void *context, struct problem *why);
    /* Grows when another connection has changed the database since; 0 at first. */
    enum status (*changes)(struct sql *, uint32_t *changes, struct problem *why);
    void (*close)(struct sql *); /* accepts NULL */
    /* Bytes of a file as it lies on the disk, for who looks for what must not be there. Through the
     * connection: a process that opened and closed the file itself would lose its locks on it.
     * *got 0: its end, or there is none. */
    enum status (*read_file)(struct sql *, enum sql_file file, int64_t at, char *into, size_t room, size_t *got,
                             struct problem *why);
};
extern const struct sql_driver sqlite_driver;

/* A database in use: an engine, a schema, one connection. Modules have it as their own
 * (struct store begins with one) and speak of it in their words. */
struct database {
    const struct sql_driver *driver;
    const struct sql_schema *schema;
    struct sql *sql;
    bool in_transaction;
    bool light; /* this transaction's commit does not wait for the disk */
};

/* Opens (creates) it and brings it to the newest version; of an older one a copy is made before.
 * ST_CONFLICT  it was written by a newer version of rendez
 * ST_INVALID   not a database */
MUST_USE enum status database_open(const struct sql_driver *driver,
                                   const struct sql_schema *schema, const char *where,
                                   struct database *out, struct problem *why);
void database_close(struct database *database); /* rolls back what is open; accepts a zeroed one */
MUST_USE enum status database_begin(struct database *database, struct problem *why);
/* For what is said again soon, as a heartbeat is: a power cut may take it back, alone or with others like it. */
MUST_USE enum status database_begin_light(struct database *database, struct problem *why);
/* What cannot be committed (a full disk) is rolled back: the next transaction can begin. */
MUST_USE enum status database_commit(struct database *database, struct problem *why);
void database_rollback(struct database *database); /* nothing when no transaction is open */

/* "PREFIX_" and 26 letters and digits: 128 random bits (seeded in a replay). */
struct slice database_new_id(const char *prefix, struct arena *arena);

#endif
