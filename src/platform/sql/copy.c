#include "platform/sql/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/sql/vfs.h"

enum { PAGES_A_STEP = 256, BUSY_TIMEOUT_MS = 5000, TABLES_MAX = 1000 };

#define AUTO_SQLITE __attribute__((cleanup(close_sqlite))) sqlite3 *
static void close_sqlite(sqlite3 **db)
{
    (void)sqlite3_close_v2(*db);
}

#define AUTO_STATEMENT __attribute__((cleanup(close_statement))) sqlite3_stmt *
static void close_statement(sqlite3_stmt **statement)
{
    (void)sqlite3_finalize(*statement);
}

static enum status failed(sqlite3 *db, const char *what, struct problem *why)
{
    int code = db == NULL ? SQLITE_NOMEM : sqlite3_errcode(db) & 0xff;
    enum status status = code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? ST_INVALID
                         : code == SQLITE_FULL                           ? ST_LIMIT
                                                                         : ST_UNAVAILABLE;
    return problem_set(why, status, "%s: %s", what, db == NULL ? "out of memory" : sqlite3_errmsg(db));
}

static enum status open_file(const char *path, int flags, sqlite3 **db, struct problem *why)
{
    if (sqlite3_open_v2(path, db, flags | SQLITE_OPEN_NOMUTEX, sql_relative_vfs()) != SQLITE_OK)
        return failed(*db, "open database", why);
    sqlite3_busy_timeout(*db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(*db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return ST_OK;
}

static enum status execute(sqlite3 *db, const char *text, const char *what, struct problem *why)
{
    return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK ? ST_OK : failed(db, what, why);
}

static bool is_there(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static enum status create_new(const char *path, struct problem *why)
{
    AUTO_FD fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    return fd < 0 ? problem_errno(why, path) : ST_OK;
}

static enum status copy_pages(sqlite3_backup *backup, sql_progress_fn *progress, void *context,
                              struct problem *why)
{
    enum { PAGE_BYTES = 4096 };
    for (;;) {
        int step = sqlite3_backup_step(backup, PAGES_A_STEP);
        uint64_t total = (uint64_t)sqlite3_backup_pagecount(backup);
        uint64_t done = total - (uint64_t)sqlite3_backup_remaining(backup);
        if (progress != NULL && !progress(context, done * PAGE_BYTES, total * PAGE_BYTES))
            return problem_set(why, ST_UNAVAILABLE, "copy database: it was stopped");
        if (step == SQLITE_DONE)
            return ST_OK;
        if (step == SQLITE_OK)
            continue;
        enum status status = (step & 0xff) == SQLITE_FULL                              ? ST_LIMIT
                             : step == SQLITE_NOTADB || (step & 0xff) == SQLITE_CORRUPT ? ST_INVALID
                                                                                       : ST_UNAVAILABLE;
        return problem_set(why, status, "copy database: %s", sqlite3_errstr(step));
    }
}

enum status sql_copy(const char *from, const char *to, sql_progress_fn *progress, void *context,
                     struct problem *why)
{
    AUTO_SQLITE source = NULL;
    AUTO_SQLITE target = NULL;
    if (!is_there(from)) /* not access(2), which forgets what this process may beside its user */
        return problem_errno(why, from);
    TRY(open_file(from, SQLITE_OPEN_READONLY, &source, why));
    TRY(create_new(to, why));
    TRY(open_file(to, SQLITE_OPEN_READWRITE, &target, why));
    /* Who loses this copy makes another: it needs no journal of its own. */
    TRY(execute(target, "pragma journal_mode = off; pragma synchronous = off", "copy database", why));
    /* Within one transaction that reads: what is written meanwhile begins no step anew. */
    TRY(execute(source, "begin; select count(*) from sqlite_schema", "copy database", why));
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
    if (backup == NULL)
        return failed(target, "copy database", why);
    enum status status = copy_pages(backup, progress, context, why);
    if (sqlite3_backup_finish(backup) != SQLITE_OK && status == ST_OK)
        status = failed(target, "copy database", why);
    return status;
}

/* A file that nobody writes to; so that looking at it leaves no others beside it. */
static enum status open_still(const char *path, sqlite3 **db, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    if (strpbrk(path, "?#%") != NULL)
        return problem_set(why, ST_INVALID, "open database: one of ?, # and %% in its path");
    const char *uri = arena_format(arena, "file:%s?immutable=1", path).data;
    return open_file(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, db, why);
}

static enum status check_whole(sqlite3 *db, struct problem *why)
{
    AUTO_STATEMENT statement = NULL;
    if (sqlite3_prepare_v2(db, "pragma quick_check(1)", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        return failed(db, "check database", why);
    const char *said = (const char *)sqlite3_column_text(statement, 0);
    if (said != NULL && strcmp(said, "ok") == 0)
        return ST_OK;
    return problem_set(why, ST_INVALID, "the database is damaged");
}

/* A name cannot be a parameter: %w doubles the quotes in it. */
static enum status count_table(sqlite3 *db, const char *table, uint64_t *rows, struct problem *why)
{
    AUTO_STATEMENT statement = NULL;
    char *text = sqlite3_mprintf("select count(*) from \"%w\"", table);
    int prepared = text == NULL ? SQLITE_NOMEM : sqlite3_prepare_v2(db, text, -1, &statement, NULL);
    sqlite3_free(text);
    if (prepared != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW)
        return failed(db, "count rows", why);
    *rows = (uint64_t)sqlite3_column_int64(statement, 0);
    return ST_OK;
}

enum status sql_count_rows(const char *path, struct arena *arena, struct table_rows_list *out, struct problem *why)
{
    static const char names[] = "select name from sqlite_schema where type = 'table' and "
                                "name not like 'sqlite\\_%' escape '\\' order by name";
    AUTO_SQLITE db = NULL;
    AUTO_STATEMENT statement = NULL;
    struct table_rows_list list = {0};
    TRY(open_still(path, &db, why));
    TRY(check_whole(db, why));
    if (sqlite3_prepare_v2(db, names, -1, &statement, NULL) != SQLITE_OK)
        return failed(db, "count rows", why);
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW && list.count < TABLES_MAX) {
        struct table_rows row = {.table = arena_copy(arena, slice_from((const char *)sqlite3_column_text(statement, 0)))};
        TRY(count_table(db, (const char *)sqlite3_column_text(statement, 0), &row.rows, why));
        ARENA_PUSH(arena, &list, row);
    }
    if (step != SQLITE_DONE)
        return failed(db, "count rows", why);
    *out = list;
    return ST_OK;
}

/* Keys that were rotated */

static const char keep_ended[] =
    "create table if not exists main.ended (kind text not null, id text not null, version integer not null, "
    "at integer not null, primary key (kind, id, version)) strict;"
    "create table if not exists before.ended (kind text not null, id text not null, version integer not null, "
    "at integer not null, primary key (kind, id, version)) strict;"
    /* Both are there: what the key file has no longer though it has a newer version. */
    "insert into main.ended (kind, id, version, at) "
    "select o.kind, o.id, o.version, coalesce(e.at, $1) from before.key o "
    "left join before.ended e on e.kind = o.kind and e.id = o.id and e.version = o.version "
    "where coalesce(e.at, $1) >= $2 "
    "and not exists (select 1 from main.key n where n.kind = o.kind and n.id = o.id and n.version = o.version) "
    "and exists (select 1 from main.key n where n.kind = o.kind and n.id = o.id and n.version > o.version) "
    "and exists (select 1 from main.key n where n.kind = 'organisation' and n.id = o.organisation);"
    "insert into main.key (kind, id, organisation, version, parent, wrapped) "
    "select o.kind, o.id, o.organisation, o.version, o.parent, o.wrapped from before.key o "
    "join main.ended e on e.kind = o.kind and e.id = o.id and e.version = o.version order by o.seq;";

/* The statements of the text one after the other; those with parameters get both. */
static enum status run_all(sqlite3 *db, const char *text, int64_t first, int64_t second, struct problem *why)
{
    while (*text != '\0') {
        AUTO_STATEMENT statement = NULL;
        if (sqlite3_prepare_v2(db, text, -1, &statement, &text) != SQLITE_OK)
            return failed(db, "keep rotated keys", why);
        int at = sqlite3_bind_parameter_index(statement, "$1"), since = sqlite3_bind_parameter_index(statement, "$2");
        if ((at > 0 && sqlite3_bind_int64(statement, at, first) != SQLITE_OK) ||
            (since > 0 && sqlite3_bind_int64(statement, since, second) != SQLITE_OK) ||
            sqlite3_step(statement) != SQLITE_DONE)
            return failed(db, "keep rotated keys", why);
    }
    return ST_OK;
}

static enum status attach_before(sqlite3 *db, const char *before, struct problem *why)
{
    AUTO_STATEMENT statement = NULL;
    if (sqlite3_prepare_v2(db, "attach $1 as before", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_text(statement, 1, before, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_DONE)
        return failed(db, "keep rotated keys", why);
    return ST_OK;
}

static enum status open_copy(const char *copy, sqlite3 **db, struct problem *why)
{
    TRY(open_file(copy, SQLITE_OPEN_READWRITE, db, why));
    return execute(*db, "pragma journal_mode = truncate; pragma secure_delete = on; pragma temp_store = memory",
                   "keep rotated keys", why);
}

enum status sql_keep_ended_keys(const char *copy, const char *before, struct instant now,
                                struct instant needed_since, uint32_t *ended, struct problem *why)
{
    AUTO_SQLITE db = NULL;
    *ended = 0;
    if (!is_there(before))
        return errno == ENOENT ? ST_OK : problem_errno(why, before);
    TRY(open_copy(copy, &db, why));
    TRY(attach_before(db, before, why));
    TRY(execute(db, "begin", "keep rotated keys", why));
    TRY(run_all(db, keep_ended, now.us, needed_since.us, why));
    TRY(execute(db, "commit", "keep rotated keys", why));
    uint64_t rows;
    TRY(count_table(db, "ended", &rows, why));
    *ended = (uint32_t)rows;
    return ST_OK;
}

enum status sql_forget_marks(const char *copy, struct problem *why)
{
    AUTO_SQLITE db = NULL;
    TRY(open_copy(copy, &db, why));
    return execute(db, "drop table if exists ended", "forget rotated keys", why);
}
