/* The store when the files and the memory below SQLite fail at their n-th call: what was
 * committed is there, what was not is not there in part, and the next try does it once. */
#include <sqlite3.h>
#include <sys/wait.h>

#include "faults/sqlite_faults.h"
#include "faults/trial.h"
#include "platform/store/tables.h"
#include "test_help.h"

/* SQLite itself begins interrupted and partial calls again, below where these fail. */
static const struct fault faults[] = {
    {.name = "open: too many files", .call = FAULT_OPEN, .error = EMFILE},
    {.name = "read: I/O error", .call = FAULT_READ, .error = EIO},
    {.name = "write: half, then no space", .call = FAULT_WRITE, .error = ENOSPC, .torn = true},
    {.name = "write: I/O error", .call = FAULT_WRITE, .error = EIO},
    {.name = "fsync: I/O error", .call = FAULT_FSYNC, .error = EIO},
    {.name = "rename: I/O error", .call = FAULT_RENAME, .error = EIO},
    {.name = "unlink: I/O error", .call = FAULT_REMOVE, .error = EIO},
    {.name = "size: I/O error", .call = FAULT_STAT, .error = EIO},
    {.name = "no memory", .call = FAULT_MEMORY, .error = ENOMEM},
    {.name = "no memory for SQLite", .call = FAULT_LIBRARY, .error = ENOMEM},
};

struct scene {
    struct arena *arena; /* of the whole test */
    struct test_folder folder;
    struct store *store; /* open all the time, or NULL: the work opens it */
    struct instant now;
};

static void make_folder(void *context)
{
    struct scene *scene = context;
    *scene = (struct scene){.arena = scene->arena, .folder = folder_create(), .now = {10}};
}

static void clean(void *context)
{
    struct scene *scene = context;
    char copy[160];
    store_destroy(&scene->store);
    snprintf(copy, sizeof copy, "%s.half-journal", scene->folder.db);
    unlink(copy);
    folder_remove(&scene->folder);
    CHECK(access(scene->folder.path, F_OK) != 0); /* nothing else was left there */
}

static enum status open_once(void *context, struct problem *why)
{
    struct scene *scene = context;
    AUTO_STORE store = NULL;
    return store_open(&sqlite_driver, scene->folder.db, &store, why);
}

static int64_t version_of(const char *path)
{
    struct sql *sql = NULL;
    uint32_t version = 0;
    CHECK_OK(sqlite_driver.open(path, &store_schema, &sql, NULL));
    CHECK_OK(sqlite_driver.version(sql, &version, NULL));
    sqlite_driver.close(sql);
    return version;
}

static void any_version(void *context)
{
    struct scene *scene = context;
    int64_t version = version_of(scene->folder.db);
    CHECK(version >= 0 && version <= (int64_t)store_schema.migration_count);
}

static void newest_version(void *context)
{
    struct scene *scene = context;
    CHECK_NUMBER(version_of(scene->folder.db), store_schema.migration_count);
    CHECK_NUMBER(traces(scene->folder.db), 0);
}

static void make_old(void *context)
{
    struct scene *scene = context;
    struct sql *sql = NULL;
    make_folder(scene);
    CHECK_OK(sqlite_driver.open(scene->folder.db, &store_schema, &sql, NULL));
    CHECK_OK(sqlite_driver.migrate(sql, store_schema.migrations[0].version, store_schema.migrations[0].script, NULL));
    sqlite_driver.close(sql);
}

/* The copy that was made before a migration to that version. */
static const char *copy_before(const struct scene *scene, int64_t version)
{
    static char path[160];
    snprintf(path, sizeof path, "%s.before-%d", scene->folder.db, (int)version);
    return path;
}

/* Migrations go one by one: each is there as a whole, and a copy of what was before the first
 * that was tried. One of those that were tried later may have taken its place. */
static size_t copies(const struct scene *scene)
{
    size_t count = 0;
    for (int64_t next = 2; next <= (int64_t)store_schema.migration_count; next++) {
        if (access(copy_before(scene, next), F_OK) != 0)
            continue;
        CHECK_NUMBER(version_of(copy_before(scene, next)), next - 1);
        count++;
    }
    return count;
}

/* Changed only when there is a copy of what was. */
static void old_or_new(void *context)
{
    int64_t version = version_of(((struct scene *)context)->folder.db);
    size_t count = copies(context);
    CHECK(version >= 1 && version <= (int64_t)store_schema.migration_count);
    CHECK(version == 1 || count > 0);
}

static void new_with_a_copy(void *context)
{
    newest_version(context);
    CHECK(copies(context) > 0);
}

/* Made once and copied: each trial begins with the same file. */
static struct slice people_file(struct arena *arena)
{
    struct test_folder folder = folder_create();
    struct store *store = NULL;
    struct slice bytes;
    CHECK_OK(store_open(&sqlite_driver, folder.db, &store, NULL));
    CHECK_OK(prepare_people(store, NULL));
    store_destroy(&store);
    CHECK_OK(file_read(folder.db, 4 << 20, arena, &bytes, NULL));
    folder_remove(&folder);
    return bytes;
}

static void make_store(void *context)
{
    static struct slice file;
    struct scene *scene = context;
    if (file.len == 0)
        file = people_file(scene->arena);
    make_folder(scene);
    CHECK_OK(file_write_durably(scene->folder.db, file, 0600, NULL));
}

/* As the planner keeps it. */
static void make_open_store(void *context)
{
    struct scene *scene = context;
    make_store(scene);
    CHECK_OK(store_open(&sqlite_driver, scene->folder.db, &scene->store, NULL));
}

/* One mail: its meeting, its people, a hold, a mail to send, a log entry. */
static enum status step(struct store *store, struct problem *why)
{
    TRY(store_begin(store, why));
    enum status status = handle_once(store, why);
    if (status == ST_OK)
        status = store_commit(store, why);
    store_rollback(store);
    return status;
}

static enum status do_step(void *context, struct problem *why)
{
    struct scene *scene = context;
    if (scene->store != NULL)
        return step(scene->store, why);
    AUTO_STORE store = NULL;
    TRY(store_open(&sqlite_driver, scene->folder.db, &store, why));
    return step(store, why);
}

/* A commit may have got through though its answer was lost; a part of one never. */
static void all_or_nothing(void *context)
{
    size_t left = traces(((struct scene *)context)->folder.db);
    CHECK(left == 0 || left == TRACES);
}

static void all_once(void *context)
{
    struct scene *scene = context;
    CHECK_NUMBER(traces(scene->folder.db), TRACES);
    /* What the open connection sees is what lies on the disk. */
    store_destroy(&scene->store);
    CHECK_NUMBER(traces(scene->folder.db), TRACES);
}

static void make_mail(void *context)
{
    struct scene *scene = context;
    make_store(scene);
    CHECK_OK(do_step(scene, NULL));
    CHECK_OK(store_open(&sqlite_driver, scene->folder.db, &scene->store, NULL));
}

/* Takes the mail that waits, sends it, says so. A second try comes when the lease is over,
 * as in the service; sent already is done. */
static enum status send_mail(void *context, struct problem *why)
{
    struct scene *scene = context;
    AUTO_ARENA arena = arena_create(1 << 20);
    struct outbox_entry entry;
    struct duration lease = {100};
    scene->now.us += 2 * lease.us;
    enum status taken = store_take_outbox(scene->store, scene->now, lease, arena, &entry, why);
    if (taken == ST_NOT_FOUND) {
        TRY(store_load_outbox(scene->store, LIT("e"), arena, &entry, why));
        return entry.state == WORK_DONE ? ST_OK
                                        : problem_set(why, ST_CONFLICT, "the mail is lost");
    }
    TRY(taken);
    CHECK_TEXT(entry.id, "e");
    return store_mark_sent(scene->store, entry.id, why);
}

static struct outbox_entry load_mail(const struct scene *scene, struct arena *arena)
{
    AUTO_STORE store = NULL;
    struct outbox_entry entry = {0};
    CHECK_OK(store_open(&sqlite_driver, scene->folder.db, &store, NULL));
    CHECK_OK(store_load_outbox(store, LIT("e"), arena, &entry, NULL));
    return entry;
}

static void mail_is_there(void *context)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct outbox_entry entry = load_mail(context, arena);
    CHECK(entry.state == WORK_QUEUED || entry.state == WORK_TAKEN || entry.state == WORK_DONE);
}

static void mail_is_sent(void *context)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct outbox_entry entry = load_mail(context, arena);
    CHECK_NUMBER(entry.state, WORK_DONE);
    CHECK(entry.attempts == 1 || entry.attempts == 2);
}

/* Killed after a commit, before anything of it went from the log of writes into the file. */
static void make_killed(void *context)
{
    struct scene *scene = context;
    int how;
    make_store(scene);
    pid_t child = fork();
    if (child == 0) {
        struct store *store = NULL;
        bool good = store_open(&sqlite_driver, scene->folder.db, &store, NULL) == ST_OK &&
                    step(store, NULL) == ST_OK;
        _exit(good ? 0 : 1);
    }
    CHECK(waitpid(child, &how, 0) == child && how == 0);
}

static enum status erase(void *context, struct problem *why)
{
    struct scene *scene = context;
    TRY(store_begin(scene->store, why));
    enum status status = store_erase_meeting(scene->store, LIT("m"), scene->now, why);
    if (status == ST_OK)
        status = store_clear_meeting(scene->store, LIT("m"), why);
    if (status == ST_OK)
        status = store_commit(scene->store, why);
    store_rollback(scene->store);
    return status;
}

/* meeting with a key, or neither key nor content */
static bool is_erased(const struct scene *scene)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = NULL;
    struct stored_meeting meeting = {0};
    struct stored_message_list messages = {0};
    CHECK_OK(store_open(&sqlite_driver, scene->folder.db, &store, NULL));
    CHECK_OK(store_load_meeting(store, LIT("m"), arena, &meeting, NULL));
    CHECK_OK(store_list_messages(store, LIT("m"), arena, &messages, NULL));
    bool erased = meeting.key.sealed.bytes.len == 0;
    CHECK(erased == (meeting.record.bytes.len == 0) && erased == (messages.count == 0));
    return erased;
}

static void erased_or_not(void *context)
{
    (void)is_erased(context);
}

static void erased(void *context)
{
    CHECK(is_erased(context));
}

enum {
    OWN = MAKES(FAULT_MEMORY) | MAKES(FAULT_LIBRARY),
    OPENING = OWN | MAKES(FAULT_OPEN) | MAKES(FAULT_READ) | MAKES(FAULT_STAT),
    CLOSING = MAKES(FAULT_WRITE) | MAKES(FAULT_FSYNC) | MAKES(FAULT_REMOVE),
    COMMIT = MAKES(FAULT_WRITE) | MAKES(FAULT_FSYNC) | MAKES(FAULT_LIBRARY),
};
static const struct fault_trial trials[] = {
    {"first opening", make_folder, open_once, any_version, newest_version, clean, OPENING | CLOSING},
    {"migration", make_old, open_once, old_or_new, new_with_a_copy, clean,
     OPENING | CLOSING | MAKES(FAULT_RENAME)},
    {"recovery and a step", make_killed, do_step, all_or_nothing, all_once, clean, OPENING | CLOSING},
};
static const struct fault_trial trials_of_an_open_store[] = {
    {"a step", make_open_store, do_step, all_or_nothing, all_once, clean, 0},
    {"taking and sending a mail", make_mail, send_mail, mail_is_there, mail_is_sent, clean, 0},
    {"erasing a meeting", make_mail, erase, erased_or_not, erased, clean, 0},
};

static struct scene scene;

static void what_opens_and_closes_is_whole(void)
{
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        fault_try_each(&trials[i], faults, sizeof faults / sizeof *faults, &scene);
}

/* Our own code is not tried without memory here: the process would end, and a process that is
 * forked must not use a database that was open before. */
static void a_store_that_stays_open_is_whole(void)
{
    for (size_t i = 0; i < sizeof trials_of_an_open_store / sizeof *trials_of_an_open_store; i++)
        for (size_t j = 0; j < sizeof faults / sizeof *faults; j++)
            for (int lasting = 0; lasting < 2; lasting++) {
                struct fault fault = faults[j];
                fault.lasting = lasting != 0;
                unsigned made = fault.call == FAULT_MEMORY
                                    ? 0
                                    : fault_try(&trials_of_an_open_store[i], &fault, &scene);
                CHECK(made > 0 || (COMMIT & MAKES(fault.call)) == 0);
            }
}

int main(void)
{
    sqlite_faults();
    scene.arena = arena_create(8 << 20);
    TEST(what_opens_and_closes_is_whole);
    TEST(a_store_that_stays_open_is_whole);
    arena_destroy(&scene.arena);
    return check_done();
}
