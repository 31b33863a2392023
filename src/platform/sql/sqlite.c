/* The embedded engine. Everything that is peculiar to SQLite is here and in
 * migrations/. One connection, one thread. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/sql/backup.h"
#include "platform/sql/sql.h"
#include "platform/sql/vfs.h"

enum { BUSY_TIMEOUT_MS = 5000, VALUE_BYTES_MAX = 64 * 1024 * 1024, COLUMNS_MAX = 32 };

struct sql {
    sqlite3 *db;
    char *where; /* the file */
    bool left_open; /* a transaction that could not be rolled back */
    const struct sql_schema *schema;
    struct statement {
        sqlite3_stmt *stmt;
        int positions[COLUMNS_MAX]; /* of $1 …: SQLite numbers them by first appearance */
    } *statements; /* as many as the schema has queries */
};

/* Texts of SQLite name tables and columns, never values. */
static enum status failed(struct sql *sql, const char *what, struct problem *why)
{
    int code = sqlite3_extended_errcode(sql->db);
    const char *text = sqlite3_errmsg(sql->db);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
            return problem_set(why, ST_NOT_FOUND, "%s: refers to something not stored", what);
        return problem_set(why, ST_CONFLICT, "%s: %s", what, text);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return problem_set(why, ST_INVALID, "%s: %s", what, text);
    case SQLITE_IOERR:
        return problem_set(why, ST_UNAVAILABLE, "%s: %s (is the disk full?)", what, text);
    case SQLITE_TOOBIG:
        return problem_set(why, ST_LIMIT, "%s: %s", what, text);
    default:
        return problem_set(why, ST_UNAVAILABLE, "%s: %s", what, text);
    }
}

static enum status execute(struct sql *sql, const char *text, const char *what, struct problem *why)
{
    return sqlite3_exec(sql->db, text, NULL, NULL, NULL) == SQLITE_OK ? ST_OK
                                                                      : failed(sql, what, why);
}

static void close_database(struct sql *sql)
{
    if (sql == NULL)
        return;
    for (size_t i = 0; sql->statements != NULL && i < sql->schema->query_count; i++)
        sqlite3_finalize(sql->statements[i].stmt);
    int result = sqlite3_close(sql->db);
    assert(result == SQLITE_OK);
    free(sql->where);
    free(sql->statements);
    free(sql);
}

static void close_sql(struct sql **sql)
{
    close_database(*sql);
}

/* Made here and not by SQLite, so that its mode does not depend on the umask; -wal and
 * -shm take it over. */
static enum status create_private(const char *where, struct problem *why)
{
    if (strcmp(where, ":memory:") == 0)
        return ST_OK;
    AUTO_FD fd = open(where, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return fd < 0 ? problem_errno(why, "open database") : ST_OK;
}

/* temp_store: no content in temporary files. secure_delete: what is erased is gone from
 * the file. synchronous=FULL: what is committed survives a power cut. A WAL keeps what was
 * there before until somebody has the time to fold it in; a journal is cut to nothing. */
static enum status configure(struct sql *sql, struct problem *why)
{
    sqlite3_busy_timeout(sql->db, BUSY_TIMEOUT_MS);
    sqlite3_extended_result_codes(sql->db, 1);
    sqlite3_limit(sql->db, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
    sqlite3_limit(sql->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(sql->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(sql->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    const char *journal = sql->schema->forgets ? "pragma journal_mode = truncate"
                                               : "pragma journal_mode = wal";
    TRY(execute(sql, journal, "configure database", why));
    return execute(sql,
                   "pragma synchronous = full; "
                   "pragma foreign_keys = on; pragma temp_store = memory; "
                   "pragma secure_delete = on; pragma cell_size_check = on;",
                   "configure database", why);
}

static int keep_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    size_t len = strlen(name);
    if (len >= (size_t)size)
        return SQLITE_CANTOPEN;
    memcpy(out, name, len + 1);
    return SQLITE_OK;
}

/* access(2) asks as the real user, without what this process may beside that (archive reads what others
 * own): SQLite would take a file that it may read for one that is not there. */
static int may_access(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

/* The system's files, but a relative name stays one: SQLite would look at every folder from
 * the root down, and a role may enter the installation's without being let into those above. */
const char *sql_relative_vfs(void)
{
    static sqlite3_vfs vfs;
    if (vfs.zName == NULL) {
        sqlite3_vfs *system = sqlite3_vfs_find(NULL); /* NULL: without memory */
        if (system == NULL)
            return NULL;
        if (system->iVersion >= 3 && system->xSetSystemCall != NULL) /* not the one of tests of faults */
            system->xSetSystemCall(system, "access", (sqlite3_syscall_ptr)may_access);
        vfs = *system;
        vfs.zName = "rendez";
        vfs.xFullPathname = keep_name;
        vfs.pNext = NULL;
        sqlite3_vfs_register(&vfs, 0);
    }
    return vfs.zName;
}

static enum status open_database(const char *where, const struct sql_schema *schema,
                                 struct sql **out, struct problem *why)
{
    TRY(create_private(where, why));
    __attribute__((cleanup(close_sql))) struct sql *sql = calloc(1, sizeof *sql);
    if (sql == NULL)
        return problem_set(why, ST_UNAVAILABLE, "open database: out of memory");
    if (sqlite3_open_v2(where, &sql->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        sql_relative_vfs()) != SQLITE_OK)
        return failed(sql, "open database", why);
    sql->schema = schema;
    sql->where = strdup(where);
    sql->statements = calloc(schema->query_count, sizeof *sql->statements);
    if (sql->where == NULL || sql->statements == NULL)
        return problem_set(why, ST_UNAVAILABLE, "open database: out of memory");
    TRY(configure(sql, why));
    *out = sql;
    sql = NULL;
    return ST_OK;
}

static int note_number(void *context, int count, char **values, char **names)
{
    (void)names;
    uint64_t version;
    if (count != 1 || !slice_to_u64(slice_from(values[0]), UINT32_MAX, &version))
        return 1;
    *(uint32_t *)context = (uint32_t)version;
    return 0;
}

static enum status read_version(struct sql *sql, uint32_t *version, struct problem *why)
{
    if (sqlite3_exec(sql->db, "pragma user_version", note_number, version, NULL) != SQLITE_OK)
        return failed(sql, "read database version", why);
    return ST_OK;
}

static enum status copy_into(struct sql *sql, const char *path, struct problem *why)
{
    AUTO_BUFFER text = buffer_create(8192);
    TRY(create_private(path, why)); /* SQLite fills an empty file, and leaves its mode */
    buffer_add_format(&text, "vacuum into '%s'", path);
    TRY(buffer_check(&text, "back up database", why));
    sqlite3_limit(sql->db, SQLITE_LIMIT_ATTACHED, 1); /* VACUUM attaches the copy */
    enum status status = execute(sql, buffer_slice(&text).data, "back up database", why);
    sqlite3_limit(sql->db, SQLITE_LIMIT_ATTACHED, 0);
    return status;
}

static enum status back_up(struct sql *sql, uint32_t version, struct problem *why)
{
    if (strcmp(sql->where, ":memory:") == 0)
        return ST_OK;
    if (strchr(sql->where, '\'') != NULL)
        return problem_set(why, ST_INVALID, "back up database: a quote in its path");
    AUTO_ARENA arena = arena_create(64 * 1024);
    const char *half = backup_begin(sql->where, arena);
    enum status status = copy_into(sql, half, why);
    if (status == ST_OK)
        status = backup_finish(sql->where, version, why);
    if (status != ST_OK)
        (void)unlink(half);
    return status;
}

static enum status forget_backups(struct sql *sql, struct instant before, struct problem *why)
{
    return backup_forget(sql->where, sql->schema->migration_count, before, why);
}

/* Without memory this fails too, and the transaction stays open. */
static void rollback(struct sql *sql)
{
    if (!sqlite3_get_autocommit(sql->db))
        (void)execute(sql, "rollback", "rollback", NULL);
    sql->left_open = !sqlite3_get_autocommit(sql->db);
}

/* Before anything new: it would join that transaction, and be undone with it. */
static enum status undo_what_was_left(struct sql *sql, struct problem *why)
{
    if (sql->left_open)
        rollback(sql);
    return sql->left_open ? problem_set(why, ST_UNAVAILABLE, "the last change cannot be undone yet")
                          : ST_OK;
}

static enum status begin(struct sql *sql, struct problem *why)
{
    TRY(undo_what_was_left(sql, why));
    /* Immediate: a transaction that has read never finds that it may not write. */
    return execute(sql, "begin immediate", "begin", why);
}

static enum status commit(struct sql *sql, struct problem *why)
{
    return execute(sql, "commit", "commit", why);
}

/* Only a WAL is whole after a power cut whatever of it the disk has; a journal always waits. */
static enum status wait_for_disk(struct sql *sql, bool wait, struct problem *why)
{
    if (sql->schema->forgets)
        return ST_OK;
    TRY(undo_what_was_left(sql, why));
    return execute(sql, wait ? "pragma synchronous = full" : "pragma synchronous = normal", "configure database", why);
}

static enum status run_script(struct sql *sql, uint32_t version, const char *script,
                              struct problem *why)
{
    /* A pragma takes no parameter. */
    AUTO_BUFFER note = buffer_create(64);
    buffer_add_format(&note, "pragma user_version = %u", (unsigned)version);
    TRY(execute(sql, script, "migrate database", why));
    return execute(sql, buffer_slice(&note).data, "migrate database", why);
}

static enum status migrate(struct sql *sql, uint32_t version, const char *script,
                           struct problem *why)
{
    TRY(begin(sql, why));
    enum status status = run_script(sql, version, script, why);
    if (status == ST_OK)
        status = commit(sql, why);
    if (status != ST_OK)
        rollback(sql);
    return status;
}

static enum status prepare_one(struct sql *sql, const struct query_text *query,
                               struct statement *statement, struct problem *why)
{
    if (sqlite3_prepare_v3(sql->db, query->text, -1, SQLITE_PREPARE_PERSISTENT, &statement->stmt,
                           NULL) != SQLITE_OK)
        return failed(sql, query->name, why);
    assert(query->params <= COLUMNS_MAX && query->columns <= COLUMNS_MAX);
    assert(sqlite3_bind_parameter_count(statement->stmt) == (int)query->params);
    assert(sqlite3_column_count(statement->stmt) == (int)query->columns);
    for (unsigned i = 0; i < query->params; i++) {
        char name[8];
        snprintf(name, sizeof name, "$%u", i + 1);
        statement->positions[i] = sqlite3_bind_parameter_index(statement->stmt, name);
        assert(statement->positions[i] > 0);
    }
    return ST_OK;
}

static enum status prepare(struct sql *sql, struct problem *why)
{
    for (size_t i = 0; i < sql->schema->query_count; i++)
        TRY(prepare_one(sql, &sql->schema->queries[i], &sql->statements[i], why));
    return ST_OK;
}

static int bind_value(sqlite3_stmt *stmt, int at, const struct sql_value *value)
{
    const char *data = value->bytes.len == 0 ? "" : value->bytes.data;
    switch (value->kind) {
    case SQL_NULL:
        return sqlite3_bind_null(stmt, at);
    case SQL_NUMBER:
        return sqlite3_bind_int64(stmt, at, value->number);
    case SQL_TEXT:
        return sqlite3_bind_text64(stmt, at, data, value->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
    case SQL_BYTES:
        return sqlite3_bind_blob64(stmt, at, data, value->bytes.len, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static struct sql_value read_column(sqlite3_stmt *stmt, int at)
{
    struct sql_value value = {0};
    switch (sqlite3_column_type(stmt, at)) {
    case SQLITE_NULL:
        return value;
    case SQLITE_INTEGER:
        value.kind = SQL_NUMBER;
        value.number = sqlite3_column_int64(stmt, at);
        return value;
    case SQLITE_TEXT:
        value.kind = SQL_TEXT;
        value.bytes.data = (const char *)sqlite3_column_text(stmt, at);
        break;
    default: /* a strict schema has no REAL */
        value.kind = SQL_BYTES;
        value.bytes.data = sqlite3_column_blob(stmt, at);
    }
    value.bytes.len = (size_t)sqlite3_column_bytes(stmt, at);
    return value;
}

static enum status step_rows(struct sql *sql, unsigned query, sql_row_fn *each_row, void *context,
                             struct problem *why)
{
    const struct query_text *text = &sql->schema->queries[query];
    sqlite3_stmt *stmt = sql->statements[query].stmt;
    struct sql_value columns[COLUMNS_MAX];
    for (;;) {
        int result = sqlite3_step(stmt);
        if (result == SQLITE_DONE)
            return ST_OK;
        if (result != SQLITE_ROW)
            return failed(sql, text->name, why);
        for (unsigned i = 0; i < text->columns; i++)
            columns[i] = read_column(stmt, (int)i);
        if (each_row != NULL)
            TRY(each_row(columns, context, why));
    }
}

static enum status run(struct sql *sql, unsigned query, const struct sql_value *args,
                       sql_row_fn *each_row, void *context, struct problem *why)
{
    assert(query < sql->schema->query_count);
    const struct query_text *text = &sql->schema->queries[query];
    struct statement *statement = &sql->statements[query];
    TRY(undo_what_was_left(sql, why));
    for (unsigned i = 0; i < text->params; i++)
        if (bind_value(statement->stmt, statement->positions[i], &args[i]) != SQLITE_OK) {
            sqlite3_clear_bindings(statement->stmt);
            return failed(sql, text->name, why);
        }
    enum status status = step_rows(sql, query, each_row, context, why);
    sqlite3_reset(statement->stmt);
    sqlite3_clear_bindings(statement->stmt);
    return status;
}

static enum status count_changes(struct sql *sql, uint32_t *changes, struct problem *why)
{
    if (sqlite3_exec(sql->db, "pragma data_version", note_number, changes, NULL) != SQLITE_OK)
        return failed(sql, "look for changes", why);
    return ST_OK;
}

static enum status read_file(struct sql *sql, enum sql_file which, int64_t at, char *into, size_t room, size_t *got,
                             struct problem *why)
{
    int what = which == SQL_FILE_ROWS ? SQLITE_FCNTL_FILE_POINTER : SQLITE_FCNTL_JOURNAL_POINTER;
    sqlite3_file *file = NULL;
    sqlite3_int64 size;
    *got = 0;
    if (sqlite3_file_control(sql->db, "main", what, &file) != SQLITE_OK || file == NULL || file->pMethods == NULL)
        return ST_OK;
    if (file->pMethods->xFileSize(file, &size) != SQLITE_OK)
        return failed(sql, "read database file", why);
    if (at >= size)
        return ST_OK;
    size_t count = (uint64_t)(size - at) < room ? (size_t)(size - at) : room;
    int result = file->pMethods->xRead(file, into, (int)count, at);
    if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ) /* short: it was cut meanwhile; zeros */
        return problem_set(why, ST_UNAVAILABLE, "read database file: %s", sqlite3_errstr(result));
    *got = count;
    return ST_OK;
}

const struct sql_driver sqlite_driver = {
    .open = open_database,
    .version = read_version,
    .back_up = back_up,
    .forget_backups = forget_backups,
    .migrate = migrate,
    .prepare = prepare,
    .begin = begin,
    .commit = commit,
    .wait_for_disk = wait_for_disk,
    .rollback = rollback,
    .run = run,
    .changes = count_changes,
    .close = close_database,
    .read_file = read_file,
};
