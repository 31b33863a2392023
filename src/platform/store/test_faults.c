/* What happens when the engine fails at its n-th call, for every n; and migrations. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "platform/store/tables.h"
#include "test_help.h"

/* A driver that fails once: before the n-th call is made, or after it was made and its
 * answer was lost. */
static unsigned calls_until_failure;
static bool answer_is_lost;

static bool fails_now(void)
{
    return calls_until_failure > 0 && --calls_until_failure == 0;
}

static enum status fault(struct problem *why)
{
    return problem_set(why, ST_UNAVAILABLE, "fault of the test");
}

#define FAULTY(call)                                                                               \
    do {                                                                                           \
        bool fails_ = fails_now();                                                                 \
        if (fails_ && !answer_is_lost)                                                             \
            return fault(why);                                                                     \
        enum status status_ = (call);                                                              \
        return fails_ && status_ == ST_OK ? fault(why) : status_;                                  \
    } while (0)

static enum status faulty_open(const char *where, const struct sql_schema *schema, struct sql **out,
                               struct problem *why)
{
    return fails_now() ? fault(why) : sqlite_driver.open(where, schema, out, why);
}
static enum status faulty_version(struct sql *sql, uint32_t *version, struct problem *why)
{
    FAULTY(sqlite_driver.version(sql, version, why));
}
static enum status faulty_back_up(struct sql *sql, uint32_t version, struct problem *why)
{
    FAULTY(sqlite_driver.back_up(sql, version, why));
}
static enum status faulty_forget_backups(struct sql *sql, struct instant before,
                                         struct problem *why)
{
    FAULTY(sqlite_driver.forget_backups(sql, before, why));
}
static enum status faulty_migrate(struct sql *sql, uint32_t version, const char *script,
                                  struct problem *why)
{
    FAULTY(sqlite_driver.migrate(sql, version, script, why));
}
static enum status faulty_prepare(struct sql *sql, struct problem *why)
{
    FAULTY(sqlite_driver.prepare(sql, why));
}
static enum status faulty_begin(struct sql *sql, struct problem *why)
{
    /* An engine whose begin failed has begun nothing. */
    return fails_now() ? fault(why) : sqlite_driver.begin(sql, why);
}
static enum status faulty_commit(struct sql *sql, struct problem *why)
{
    FAULTY(sqlite_driver.commit(sql, why));
}
static enum status faulty_wait_for_disk(struct sql *sql, bool wait, struct problem *why)
{
    FAULTY(sqlite_driver.wait_for_disk(sql, wait, why));
}
static void faulty_rollback(struct sql *sql)
{
    sqlite_driver.rollback(sql);
}
static enum status faulty_run(struct sql *sql, unsigned query, const struct sql_value *args,
                              sql_row_fn *each_row, void *context, struct problem *why)
{
    FAULTY(sqlite_driver.run(sql, query, args, each_row, context, why));
}
static enum status faulty_changes(struct sql *sql, uint32_t *changes, struct problem *why)
{
    FAULTY(sqlite_driver.changes(sql, changes, why));
}
static void faulty_close(struct sql *sql)
{
    sqlite_driver.close(sql);
}
static const struct sql_driver faulty_driver = {
    .open = faulty_open,
    .version = faulty_version,
    .back_up = faulty_back_up,
    .forget_backups = faulty_forget_backups,
    .migrate = faulty_migrate,
    .prepare = faulty_prepare,
    .begin = faulty_begin,
    .commit = faulty_commit,
    .wait_for_disk = faulty_wait_for_disk,
    .rollback = faulty_rollback,
    .run = faulty_run,
    .changes = faulty_changes,
    .close = faulty_close,
};

static enum status handle(const struct sql_driver *driver, const char *where, struct problem *why)
{
    AUTO_STORE store = NULL;
    TRY(store_open(driver, where, &store, why));
    TRY(prepare_people(store, why));
    TRY(store_begin(store, why));
    TRY(handle_once(store, why)); /* store_destroy rolls back */
    return store_commit(store, why);
}

static void fails_at_every_call(bool lost)
{
    answer_is_lost = lost;
    bool passed = false;
    unsigned n = 1;
    for (; !passed && n < 100; n++) {
        struct test_folder folder = folder_create();
        calls_until_failure = n;
        enum status status = handle(&faulty_driver, folder.db, NULL);
        passed = calls_until_failure > 0;
        calls_until_failure = 0;
        CHECK_NUMBER(status, passed ? ST_OK : ST_UNAVAILABLE);
        size_t left = traces(folder.db);
        /* Only a commit whose answer was lost may have left everything. */
        CHECK(passed ? left == TRACES : left == 0 || (lost && left == TRACES));
        CHECK_OK(handle(&sqlite_driver, folder.db, NULL));
        CHECK_NUMBER(traces(folder.db), TRACES);
        folder_remove(&folder);
    }
    CHECK(passed && n > 15);
}

static void a_failing_call_leaves_all_or_nothing(void)
{
    fails_at_every_call(false);
}

static void a_lost_answer_doubles_nothing(void)
{
    fails_at_every_call(true);
}

static void opens_again_what_it_made(void)
{
    struct test_folder folder = folder_create();
    mode_t before = umask(0);
    CHECK_OK(handle(&sqlite_driver, folder.db, NULL));
    umask(before);
    CHECK_NUMBER(traces(folder.db), TRACES);
    struct stat info = {0};
    CHECK(stat(folder.db, &info) == 0 && (info.st_mode & 0777) == 0600);
    folder_remove(&folder);
}

/* Each version that was ever released opens and becomes the newest. */
static void every_old_version_is_brought_up(void)
{
    for (size_t from = 0; from <= store_schema.migration_count; from++) {
        struct test_folder folder = folder_create();
        struct sql *sql = NULL;
        uint32_t version = 99;
        CHECK_OK(sqlite_driver.open(folder.db, &store_schema, &sql, NULL));
        CHECK_OK(sqlite_driver.version(sql, &version, NULL));
        CHECK_NUMBER(version, 0);
        for (size_t i = 0; i < from; i++)
            CHECK_OK(sqlite_driver.migrate(sql, store_schema.migrations[i].version, store_schema.migrations[i].script, NULL));
        sqlite_driver.close(sql);
        CHECK_OK(handle(&sqlite_driver, folder.db, NULL));
        CHECK_NUMBER(traces(folder.db), TRACES);
        CHECK_OK(sqlite_driver.open(folder.db, &store_schema, &sql, NULL));
        CHECK_OK(sqlite_driver.version(sql, &version, NULL));
        CHECK_NUMBER(version, store_schema.migration_count);
        sqlite_driver.close(sql);
        folder_remove(&folder);
    }
}

static void make_version(const struct test_folder *folder, uint32_t version)
{
    struct sql *sql = NULL;
    CHECK_OK(sqlite_driver.open(folder->db, &store_schema, &sql, NULL));
    for (size_t i = 0; i < version; i++)
        CHECK_OK(sqlite_driver.migrate(sql, store_schema.migrations[i].version, store_schema.migrations[i].script, NULL));
    sqlite_driver.close(sql);
}

/* -1: no such database. */
static int64_t version_of(const char *path)
{
    struct sql *sql = NULL;
    uint32_t version = 0;
    if (access(path, F_OK) != 0)
        return -1;
    CHECK_OK(sqlite_driver.open(path, &store_schema, &sql, NULL));
    CHECK_OK(sqlite_driver.version(sql, &version, NULL));
    sqlite_driver.close(sql);
    return version;
}

static void a_migration_leaves_a_copy_of_what_was(void)
{
    struct test_folder folder = folder_create();
    char copy[160];
    struct stat info;
    struct store *store = NULL;
    snprintf(copy, sizeof copy, "%s.before-2", folder.db);
    make_version(&folder, 1);
    CHECK_OK(store_open(&sqlite_driver, folder.db, &store, NULL));
    store_destroy(&store);
    CHECK(stat(copy, &info) == 0 && (info.st_mode & 0777) == 0600);
    CHECK_NUMBER(version_of(copy), 1);
    CHECK_NUMBER(version_of(folder.db), store_schema.migration_count);
    /* Put back, it opens and is brought up again. */
    CHECK(rename(copy, folder.db) == 0);
    CHECK_OK(handle(&sqlite_driver, folder.db, NULL));
    CHECK_NUMBER(traces(folder.db), TRACES);
    /* It goes with time, and not before. */
    CHECK_OK(store_open(&sqlite_driver, folder.db, &store, NULL));
    CHECK_OK(store_purge(store, &(struct purge){.work = {0}}, NULL));
    CHECK(access(copy, F_OK) == 0);
    CHECK_OK(store_purge(store, &(struct purge){.work = {INT64_MAX}}, NULL));
    CHECK(access(copy, F_OK) != 0);
    store_destroy(&store);
    folder_remove(&folder);
    CHECK(access(folder.path, F_OK) != 0); /* nothing else was left there */
}

/* Where the copy cannot be made nothing is changed. */
static void without_a_copy_there_is_no_migration(void)
{
    struct test_folder folder = folder_create();
    char half[160];
    struct store *store = NULL;
    snprintf(half, sizeof half, "%s.half", folder.db);
    make_version(&folder, 1);
    CHECK(mkdir(half, 0700) == 0);
    CHECK(store_open(&sqlite_driver, folder.db, &store, NULL) != ST_OK);
    CHECK(rmdir(half) == 0);
    CHECK_NUMBER(version_of(folder.db), 1);
    folder_remove(&folder);
}

static void a_broken_migration_changes_nothing(void)
{
    struct test_folder folder = folder_create();
    struct sql *sql = NULL;
    uint32_t version = 99;
    CHECK_OK(sqlite_driver.open(folder.db, &store_schema, &sql, NULL));
    CHECK_NUMBER(sqlite_driver.migrate(sql, 1, "create table a (x); create table a (y);", NULL),
                 ST_UNAVAILABLE);
    CHECK_OK(sqlite_driver.version(sql, &version, NULL));
    CHECK_NUMBER(version, 0);
    CHECK_OK(sqlite_driver.migrate(sql, 1, "create table a (x);", NULL));
    sqlite_driver.close(sql);
    folder_remove(&folder);
}

static void a_newer_or_foreign_file_is_refused(void)
{
    struct test_folder folder = folder_create();
    struct sql *sql = NULL;
    AUTO_STORE store = NULL;
    struct problem why;
    CHECK_OK(sqlite_driver.open(folder.db, &store_schema, &sql, NULL));
    CHECK_OK(sqlite_driver.migrate(sql, 1000, "", NULL));
    sqlite_driver.close(sql);
    CHECK_NUMBER(store_open(&sqlite_driver, folder.db, &store, &why), ST_CONFLICT);
    CHECK(slice_contains(slice_from(why.detail), LIT("update rendez")));
    folder_remove(&folder);

    folder = folder_create();
    CHECK_OK(file_write_durably(folder.db, LIT("this is a text file, not a database at all\n"),
                                0600, NULL));
    CHECK_NUMBER(store_open(&sqlite_driver, folder.db, &store, &why), ST_INVALID);
    CHECK_NUMBER(store_open(&sqlite_driver, "/nonexistent/rendez.db", &store, &why), ST_NOT_FOUND);
    folder_remove(&folder);
}

/* A changed or missing log entry is named, even when somebody took the triggers off. */
static void a_changed_log_is_noticed(void)
{
    static const struct {
        const char *sql, *entry;
    } attacks[] = {
        {"update log_entry set ids = 'meeting=n' where seq = 2", "entry 2"},
        {"update log_entry set at = at + 1 where seq = 3", "entry 3"},
        {"delete from log_entry where seq = 2", "entry 3"},
        {"delete from log_entry where seq = 1", "entry 2"},
        {"update log_entry set digest = zeroblob(32) where seq = 1", "entry 1"},
        {"insert into log_entry select 5, at, kind, ids, digest from log_entry where seq = 4",
         "entry 5"},
    };
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        struct test_folder folder = folder_create();
        AUTO_STORE store = NULL;
        CHECK_OK(store_open(&sqlite_driver, folder.db, &store, NULL));
        for (int n = 0; n < 4; n++)
            CHECK_OK(
                store_append_log(store, (struct instant){n}, LIT("k"), LIT("meeting=m"), NULL));
        CHECK_OK(store_verify_log(store, NULL));
        sqlite3 *db;
        CHECK(sqlite3_open(folder.db, &db) == SQLITE_OK);
        CHECK(sqlite3_exec(db, "drop trigger log_update; drop trigger log_delete", NULL, NULL,
                           NULL) == SQLITE_OK);
        CHECK(sqlite3_exec(db, attacks[i].sql, NULL, NULL, NULL) == SQLITE_OK);
        sqlite3_close(db);
        struct problem why;
        check_row(attacks[i].sql);
        CHECK_NUMBER(store_verify_log(store, &why), ST_INVALID);
        CHECK(slice_contains(slice_from(why.detail), slice_from(attacks[i].entry)));
        folder_remove(&folder);
    }
}

/* The planner and the command line have the same file open. */
static void two_processes_see_each_other(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct test_folder folder = folder_create();
    AUTO_STORE one = NULL;
    AUTO_STORE two = NULL;
    CHECK_OK(store_open(&sqlite_driver, folder.db, &one, NULL));
    CHECK_OK(store_open(&sqlite_driver, folder.db, &two, NULL));
    CHECK_OK(prepare_people(one, NULL));
    struct stored_meeting meeting = any_meeting("m"), loaded;
    CHECK_OK(store_begin(one, NULL));
    CHECK_OK(store_save_meeting(one, &meeting, NULL));
    CHECK_NUMBER(store_load_meeting(two, LIT("m"), arena, &loaded, NULL), ST_NOT_FOUND);
    CHECK_OK(store_commit(one, NULL));
    CHECK_OK(store_load_meeting(two, LIT("m"), arena, &loaded, NULL));
    folder_remove(&folder);
}

int main(void)
{
    TEST(a_failing_call_leaves_all_or_nothing);
    TEST(a_lost_answer_doubles_nothing);
    TEST(opens_again_what_it_made);
    TEST(every_old_version_is_brought_up);
    TEST(a_migration_leaves_a_copy_of_what_was);
    TEST(without_a_copy_there_is_no_migration);
    TEST(a_broken_migration_changes_nothing);
    TEST(a_newer_or_foreign_file_is_refused);
    TEST(a_changed_log_is_noticed);
    TEST(two_processes_see_each_other);
    return check_done();
}
