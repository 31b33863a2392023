/* Copies of databases in use, and of key files after rotations and erasures. */
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "platform/sql/copy.h"

static char folder[] = "/tmp/rendez-copy-XXXXXX";

static const char *path_of(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static sqlite3 *open_it(const char *name)
{
    sqlite3 *db = NULL;
    CHECK(sqlite3_open(path_of(name), &db) == SQLITE_OK);
    return db;
}

static void run(sqlite3 *db, const char *text)
{
    char *message = NULL;
    CHECK(sqlite3_exec(db, text, NULL, NULL, &message) == SQLITE_OK);
    if (message != NULL)
        printf("# %s: %s\n", text, message);
    sqlite3_free(message);
}

static long long ask(const char *name, const char *text)
{
    sqlite3 *db = open_it(name);
    sqlite3_stmt *statement = NULL;
    long long answer = -1;
    if (sqlite3_prepare_v2(db, text, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

static uint64_t rows_of(const struct table_rows_list *list, const char *table)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i].table, slice_from(table)))
            return list->items[i].rows;
    return UINT64_MAX;
}

/* Another connection writes between all steps; what is copied is as it was at the first. */
struct writer {
    sqlite3 *db;
    unsigned steps;
};

static bool write_more(void *context, uint64_t done, uint64_t total)
{
    struct writer *writer = context;
    CHECK(done <= total && total > 0);
    writer->steps++;
    run(writer->db, "insert into mail select null, randomblob(1000) from mail limit 200; update tally set n = (select count(*) from mail)");
    return true;
}

static void one_moment(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct writer writer = {open_it("live.db"), 0};
    struct table_rows_list rows;
    run(writer.db, "pragma journal_mode = wal; create table mail (id integer primary key, raw blob); create table tally (n);"
                   "create table \"odd \"\"name\" (x);"
                   "with recursive c(x) as (select 1 union all select x + 1 from c where x < 3000) insert into mail select null, randomblob(1000) from c;"
                   "insert into tally values (3000)");
    CHECK_OK(sql_copy(path_of("live.db"), path_of("copy.db"), write_more, &writer, NULL));
    CHECK(writer.steps >= 3);
    CHECK_OK(sql_count_rows(path_of("copy.db"), arena, &rows, NULL));
    CHECK_NUMBER(rows_of(&rows, "mail"), 3000);
    CHECK_NUMBER(rows_of(&rows, "odd \"name"), 0);
    CHECK_NUMBER(rows.count, 3);
    CHECK_NUMBER(ask("copy.db", "select n from tally"), 3000);
    CHECK(ask("live.db", "select count(*) from mail") > 3000);
    CHECK(access(path_of("copy.db-wal"), F_OK) != 0 || ask("copy.db", "select 1") == 1);
    struct stat about;
    CHECK(stat(path_of("copy.db"), &about) == 0 && (about.st_mode & 0777) == 0600);
    sqlite3_close(writer.db);
}

static bool stop_at_once(void *context, uint64_t done, uint64_t total)
{
    (void)context, (void)done, (void)total;
    return false;
}

static void failures(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct table_rows_list rows;
    CHECK_NUMBER(sql_copy(path_of("none.db"), path_of("x.db"), NULL, NULL, NULL), ST_NOT_FOUND);
    CHECK(access(path_of("x.db"), F_OK) != 0);
    CHECK_NUMBER(sql_copy(path_of("live.db"), path_of("stopped.db"), stop_at_once, NULL, NULL), ST_UNAVAILABLE);
    CHECK(sql_copy(path_of("live.db"), path_of("copy.db"), NULL, NULL, NULL) != ST_OK); /* it is there */
    CHECK_OK(file_write_durably(path_of("text.db"), LIT("this is no database, whatever its name may say of it, is it?"), 0600, NULL));
    CHECK_NUMBER(sql_copy(path_of("text.db"), path_of("y.db"), NULL, NULL, NULL), ST_INVALID);
    CHECK_NUMBER(sql_count_rows(path_of("text.db"), arena, &rows, NULL), ST_INVALID);
}

static const char key_table[] =
    "create table key (seq integer primary key autoincrement, kind text not null, id text not null, "
    "organisation text not null, version integer not null, parent integer not null, wrapped blob not null, "
    "unique (kind, id, version)) strict;";

static uint32_t copy_keys(int64_t now, int64_t since)
{
    uint32_t ended = 0;
    (void)unlink(path_of("fresh.keys"));
    CHECK_OK(sql_copy(path_of("live.keys"), path_of("fresh.keys"), NULL, NULL, NULL));
    CHECK_OK(sql_keep_ended_keys(path_of("fresh.keys"), path_of("the.keys"), (struct instant){now},
                                 (struct instant){since}, &ended, NULL));
    CHECK(rename(path_of("fresh.keys"), path_of("the.keys")) == 0);
    return ended;
}

/* What happens to the key file, and what its copy holds then: rotated keys until no set needs them. */
static void rotated_and_erased(void)
{
    static const struct {
        const char *happens;
        int64_t now, needed_since;
        uint32_t ended; /* in the copy */
        long long all;
    } steps[] = {
        {"insert into key values (1, 'organisation', 'acme', 'acme', 1, 1, x'01'), "
         "(2, 'organisation', 'nova', 'nova', 1, 1, x'02'), (3, 'meeting', 'm1', 'acme', 1, 1, x'03'), "
         "(4, 'meeting', 'm2', 'nova', 1, 1, x'04')", 100, 0, 0, 4},
        /* acme is rotated: its first version goes. */
        {"insert into key values (5, 'organisation', 'acme', 'acme', 2, 1, x'05'); delete from key where seq = 1", 200, 50, 1, 5},
        {"update key set wrapped = x'33', parent = 2 where id = 'm1'", 250, 50, 1, 5}, /* only wrapped anew */
        {"insert into key values (6, 'meeting', 'm2', 'nova', 2, 1, x'06'); delete from key where seq = 4", 300, 50, 2, 6},
        {"insert into key values (7, 'organisation', 'acme', 'acme', 3, 1, x'07'); delete from key where seq = 5", 400, 50, 3, 7},
        /* m2 is erased: both of its versions go. */
        {"delete from key where id = 'm2'", 500, 50, 2, 5},
        /* No set of before 200 is left, nor of before 300. */
        {"", 600, 200, 2, 5},
        {"", 700, 300, 1, 4},
        /* acme is erased, its meetings' keys not yet: nothing of it stays. */
        {"insert into key values (8, 'meeting', 'm1', 'acme', 2, 3, x'08'); delete from key where seq = 3", 800, 300, 2, 5},
        {"delete from key where id = 'acme'", 900, 300, 0, 2},
        {"delete from key where organisation = 'acme'", 950, 300, 0, 1},
    };
    sqlite3 *db = open_it("live.keys");
    run(db, key_table);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        check_row(steps[i].happens);
        run(db, steps[i].happens);
        CHECK_NUMBER(copy_keys(steps[i].now, steps[i].needed_since), steps[i].ended);
        CHECK_NUMBER(ask("the.keys", "select count(*) from key"), steps[i].all);
        /* Again and nothing else: the same. */
        CHECK_NUMBER(copy_keys(steps[i].now + 1, steps[i].needed_since), steps[i].ended);
    }
    CHECK_NUMBER(ask("the.keys", "select count(*) from key where id = 'nova'"), 1);
    sqlite3_close(db);
    CHECK_OK(sql_forget_marks(path_of("the.keys"), NULL));
    CHECK_NUMBER(ask("the.keys", "select count(*) from sqlite_schema where name = 'ended'"), 0);
}

/* What was erased is not even in the free pages of the copy. */
static void nothing_lingers(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct slice bytes;
    sqlite3 *db = open_it("live.keys");
    run(db, "insert into key values (20, 'organisation', 'cobalt', 'cobalt', 1, 1, cast('the-wrapped-key-of-cobalt' as blob))");
    copy_keys(1000, 0);
    CHECK_OK(file_read(path_of("the.keys"), 8 << 20, arena, &bytes, NULL));
    CHECK(slice_contains(bytes, LIT("the-wrapped-key-of-cobalt")));
    run(db, "pragma secure_delete = on; delete from key where id = 'cobalt'");
    copy_keys(1100, 0);
    CHECK_OK(file_read(path_of("the.keys"), 8 << 20, arena, &bytes, NULL));
    CHECK(!slice_contains(bytes, LIT("the-wrapped-key-of-cobalt")));
    sqlite3_close(db);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    TEST(one_moment);
    TEST(failures);
    TEST(rotated_and_erased);
    TEST(nothing_lingers);
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    CHECK(system(command) == 0);
    return check_done();
}
