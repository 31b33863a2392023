/* archive: makes the sets that the calendar wants, ends those that have had their time, and tries every night
 * whether each can be restored; and what the operator asks for at its desk. It reads what the others store as it
 * lies on the disk, and writes in its own three folders. It works in a timer of its loop, and between two steps of
 * the work (a few MB, or a key) lets the loop turn: probes, counts and the desk wait for a step only. */
#include <assert.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "roles/archive/service.h"
#include "roles/messages/key_port.h"
#include "roles/messages/mains.h"

enum {
    LOOK_FIRST_MS = 3 * 1000,
    LOOK_MS = 60 * 1000,
    AGAIN_MS = 1000,             /* when a word of the parent was waiting */
    FAILED_FIRST_MS = 20 * 1000, /* doubled up to FAILED_MOST_MS */
    FAILED_MOST_MS = 10 * 60 * 1000,
    LATE_TOLD_MS = 10 * 60 * 1000, /* of trying to make the set that is missing, before its lateness is told */
    ASK_MS = 10 * 1000,
    TURN_MS = 20,                /* between two turns of the loop while there is work */
    MEMORY_BYTES_MAX = 2000 << 20,
};

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                            struct secret **key, struct problem *why)
{
    struct archive_role *a = self;
    return key_port_ask(a->role, ask, ASK_MS, arena, given, key, why);
}

/* The others are heard, whatever the work: nothing that comes in here may begin another. */
static void let_turn(struct archive_role *a)
{
    struct problem why;
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - a->turned_ms < TURN_MS)
        return;
    if (a->silent)
        event_log_open(role_rows[ROLE_ARCHIVE].name, STDERR_FILENO);
    if (loop_turn(role_loop(a->role), 0, &why) != ST_OK)
        a->stopped = true;
    if (a->silent)
        event_log_open(role_rows[ROLE_ARCHIVE].name, -1);
    a->turned_ms = clock_monotonic_ms();
}

/* A word or a signal of the parent waits: whatever it says, the work is left first. */
static bool go_on(void *self, const struct archive_step *step)
{
    struct archive_role *a = self;
    struct pollfd control = {.fd = ROLE_FD_CONTROL, .events = POLLIN};
    sigset_t pending;
    a->stopped = a->stopped || poll(&control, 1, 0) > 0 ||
                 (sigpending(&pending) == 0 && sigismember(&pending, SIGTERM) == 1);
    if (!a->stopped && a->opening.working != NULL) {
        wishes_tell(a, step);
        let_turn(a);
    }
    return !a->stopped;
}

/* Into the log that others verify. */
static void note(struct archive_role *a, enum log_kind kind, struct slice ids)
{
    (void)journal_say(a->journal, kind, ids, loop_moment(role_loop(a->role)), NULL);
}

/* One piece of work; false: it failed, or is to be gone on with later. */
static bool log_failure(const struct archive_role *a, struct slice set, const struct problem *why)
{
    if (!a->stopped)
        event_log(EVENT_BACKUP_FAILED, field_id(KEY_SET, set), field_problem(why));
    return false;
}

enum status make_and_tell(struct archive_role *a, struct archive *archive, enum set_kind kind, struct instant now,
                          struct arena *arena, struct set_row *made, struct problem *why)
{
    enum status status = archive_make(archive, kind, now, arena, made, why);
    if (status == ST_CONFLICT)
        return status; /* one of this minute: the next */
    if (status != ST_OK) {
        struct slice set = set_name_format(now, kind, arena);
        if (!a->stopped)
            note(a, LOG_BACKUP_FAILED, arena_format(arena, "set=%.*s", SLICE_ARG(set)));
        (void)log_failure(a, set, why);
        return status;
    }
    note(a, LOG_BACKUP_MADE, arena_format(arena, "set=%.*s bytes=%llu", SLICE_ARG(made->name), (unsigned long long)made->bytes));
    event_log(EVENT_BACKUP_MADE, field_id(KEY_SET, made->name), field_number(KEY_BYTES, (int64_t)made->bytes),
              field_number(KEY_ELAPSED_US, (int64_t)made->took_us));
    return ST_OK;
}

static bool make_due(struct archive_role *a, struct archive *archive, struct instant now)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct sets_rule rule = archive_rule(archive);
    struct backup_set_list sets;
    struct set_row made;
    struct problem why;
    enum set_kind kind;
    uint32_t missing;
    if (archive_sets(archive, arena, &sets, &missing, &why) != ST_OK)
        return log_failure(a, SLICE_NONE, &why);
    if (!sets_due(&rule, &sets, now, &kind))
        return true;
    enum status status = make_and_tell(a, archive, kind, now, arena, &made, &why);
    return status == ST_OK || status == ST_CONFLICT;
}

static bool end_old(struct archive_role *a, struct archive *archive, struct instant now)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct slice_list ended;
    struct problem why;
    if (archive_expire(archive, now, arena, &ended, &why) != ST_OK)
        return log_failure(a, SLICE_NONE, &why);
    for (size_t i = 0; i < ended.count; i++) {
        event_log(EVENT_BACKUP_EXPIRED, field_id(KEY_SET, ended.items[i]));
        note(a, LOG_BACKUP_EXPIRED, arena_format(arena, "set=%.*s", SLICE_ARG(ended.items[i])));
    }
    return true;
}

/* Erasure reaches the copy within a look; keys made since are in it. */
static bool copy_keys(struct archive_role *a, struct archive *archive, struct instant now)
{
    struct problem why;
    uint32_t older;
    struct instant until;
    if (!archive_keys_changed(archive))
        return true;
    if (archive_rewrap(archive, &older, &until, &why) != ST_OK || archive_copy_keys(archive, now, &why) != ST_OK)
        return log_failure(a, SLICE_NONE, &why);
    return true;
}

/* There is no set yet on the first day, and an old one after a longer stop: neither is told while the first tries may
 * still make one. One that is gone is told at once. */
static bool is_late(const struct archive_role *a, const struct sets_gaps *gaps)
{
    return gaps->is_late && a->failing_ms > 0 && clock_monotonic_ms() - a->failing_ms >= LATE_TOLD_MS;
}

static void tell_missing(struct archive_role *a, struct archive *archive, struct instant now)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct sets_rule rule = archive_rule(archive);
    struct civil_date today = sets_day(&rule, now);
    struct backup_set_list sets;
    struct problem why;
    uint32_t missing;
    if (archive_sets(archive, arena, &sets, &missing, &why) != ST_OK)
        return;
    struct sets_gaps gaps = sets_find_gaps(&rule, &sets, now);
    if ((!is_late(a, &gaps) && missing == 0) || civil_date_compare(a->missing_told, today) == 0)
        return;
    a->missing_told = today;
    event_log(EVENT_BACKUP_MISSING, field_number(KEY_COUNT, missing),
              field_number(KEY_ELAPSED_US, gaps.age.us));
}

static enum status verify_one(struct archive_role *a, struct archive *archive, struct slice set, struct instant now,
                              struct set_verification *sum, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct archive_found found;
    a->silent = true; /* what the exercise does is no event of ours */
    event_log_open(role_rows[ROLE_ARCHIVE].name, -1);
    enum status status = archive_verify(archive, set, now, arena, &found, why);
    a->silent = false;
    event_log_open(role_rows[ROLE_ARCHIVE].name, STDERR_FILENO);
    if (status != ST_OK) {
        (void)log_failure(a, set, why);
        return status;
    }
    sum->sets++;
    sum->faults += found.fault.len > 0;
    sum->bytes = found.bytes; /* of the newest, which comes last */
    sum->took_us = found.restore_us;
    sum->answered_us = found.answer_us;
    if (found.fault.len > 0)
        event_log(EVENT_BACKUP_BROKEN, field_id(KEY_SET, set), field_id(KEY_PROBLEM, found.fault));
    wishes_tell_found(a, set, &found);
    return ST_OK;
}

enum status verify_and_tell(struct archive_role *a, struct archive *archive, struct instant now,
                            struct set_verification *sum, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct backup_set_list sets;
    uint32_t missing;
    *sum = (struct set_verification){.at = now};
    TRY(archive_sets(archive, arena, &sets, &missing, why));
    for (size_t i = 0; i < sets.count; i++)
        TRY(verify_one(a, archive, sets.items[i].name, now, sum, why));
    sum->faults += missing;
    if (sets.count > 0)
        TRY(set_keys_record(archive_keys(archive), sum, why));
    note(a, LOG_BACKUP_VERIFIED,
         arena_format(arena, "sets=%llu faults=%llu bytes=%llu us=%llu", (unsigned long long)sum->sets,
                      (unsigned long long)sum->faults, (unsigned long long)sum->bytes, (unsigned long long)sum->took_us));
    event_log(EVENT_BACKUP_VERIFIED, field_number(KEY_COUNT, (int64_t)sum->sets),
              field_number(KEY_BYTES, (int64_t)sum->bytes), field_number(KEY_ELAPSED_US, (int64_t)sum->took_us));
    return ST_OK;
}

/* Once in a backup day, after its set was made: every set there is. */
static bool verify_all(struct archive_role *a, struct archive *archive, struct instant now)
{
    struct sets_rule rule = archive_rule(archive);
    struct set_verification last, sum;
    struct problem why;
    enum status status = set_keys_last_record(archive_keys(archive), &last, &why);
    if (status == ST_OK && civil_date_compare(sets_day(&rule, last.at), sets_day(&rule, now)) == 0)
        return true;
    if (status != ST_OK && status != ST_NOT_FOUND)
        return log_failure(a, SLICE_NONE, &why);
    return verify_and_tell(a, archive, now, &sum, &why) == ST_OK;
}

static bool word_is_kept(const struct archive_role *a)
{
    return a->restored_entry > 0 && journal_kept(a->journal) >= a->restored_entry;
}

/* Once, into the log: the word of the restore goes when its entry is on disk. */
static bool tell_restored(struct archive_role *a, struct archive *archive)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct archive_restored restored;
    struct problem why;
    if (a->restored_entry > 0 && !word_is_kept(a))
        return true;
    if (a->restored_entry > 0) {
        a->restored_entry = 0;
        return archive_forget_restored(archive, &why) == ST_OK || log_failure(a, SLICE_NONE, &why);
    }
    enum status found = archive_find_restored(archive, arena, &restored, &why);
    if (found != ST_OK)
        return found == ST_NOT_FOUND || log_failure(a, SLICE_NONE, &why);
    struct slice ids = arena_format(arena, "set=%.*s bytes=%llu us=%llu", SLICE_ARG(restored.set),
                                    (unsigned long long)restored.bytes, (unsigned long long)restored.took_us);
    if (!journal_say(a->journal, LOG_BACKUP_RESTORED, ids, loop_moment(role_loop(a->role)), &a->restored_entry))
        a->restored_entry = 0; /* no room: the next time */
    else
        event_log(EVENT_BACKUP_RESTORED, field_id(KEY_SET, restored.set), field_number(KEY_BYTES, (int64_t)restored.bytes),
                  field_number(KEY_ELAPSED_US, (int64_t)restored.took_us));
    return true;
}

static bool work(struct archive_role *a, struct instant now)
{
    AUTO_ARCHIVE archive = NULL;
    struct problem why;
    enum status opened = archive_open(a->opening.config, &a->opening.ports, &archive, &why);
    if (opened == ST_CONFLICT)
        return true; /* the command line works on them: wishes wait as well */
    if (opened != ST_OK)
        return log_failure(a, SLICE_NONE, &why);
    a->opening.working = archive;
    wishes_fulfil(a, archive, now);
    bool good = tell_restored(a, archive) && end_old(a, archive, now) && make_due(a, archive, now) && copy_keys(a, archive, now) &&
                end_old(a, archive, now) && verify_all(a, archive, now);
    tell_missing(a, archive, now);
    wishes_fulfil(a, archive, loop_moment(role_loop(a->role))->now); /* those that came meanwhile */
    a->opening.working = NULL;
    return good && !a->stopped;
}

/* Rules are of the files that were there: one that was replaced since cannot be read. A new process can. */
static uint64_t identity_of_files(const struct archive_role *a)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    uint64_t sum = 0;
    struct stat about;
    for (size_t i = 0; i < key_source_count; i++)
        if (key_sources[i].kind == KEYS_FILE &&
            stat(key_source_path(role_config(a->role), &key_sources[i], arena), &about) == 0)
            sum = sum * 31 + (uint64_t)about.st_ino;
    const struct slice own[] = {role_config(a->role)->backup.folder, role_config(a->role)->backup.keys_folder};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) /* a disk that was mounted since */
        if (stat(arena_text(arena, own[i]), &about) == 0)
            sum = sum * 31 + (uint64_t)about.st_ino + (uint64_t)about.st_dev;
    return sum;
}

static void look(void *context, const struct moment *at)
{
    struct archive_role *a = context;
    if (a->waiting)
        return;
    if (identity_of_files(a) != a->files) {
        role_stop(a->role); /* the parent starts it afresh */
        return;
    }
    a->stopped = false;
    bool good = work(a, at->now);
    if (good || (a->failing_ms == 0 && !a->stopped))
        a->failing_ms = good ? 0 : clock_monotonic_ms();
    a->failed_ms = good || a->stopped ? 0 : a->failed_ms == 0 ? FAILED_FIRST_MS : a->failed_ms * 2;
    if (a->failed_ms > FAILED_MOST_MS)
        a->failed_ms = FAILED_MOST_MS;
    bool soon = a->stopped || a->wish_count > 0 || word_is_kept(a);
    loop_timer_after(a->timer, soon ? AGAIN_MS : a->failed_ms > 0 ? a->failed_ms : LOOK_MS);
}

static void entries_kept(void *context, int64_t number, const struct moment *at)
{
    struct archive_role *a = context;
    (void)number, (void)at;
    if (word_is_kept(a) && a->opening.working == NULL)
        loop_timer_after(a->timer, 0);
}

/* Our predecessor has ended. */
static void on_word(void *context, uint32_t word, const struct moment *at)
{
    struct archive_role *a = context;
    (void)at;
    if (word != ROLE_WORD_GO_ON || !a->waiting)
        return;
    a->waiting = false;
    loop_timer_after(a->timer, LOOK_FIRST_MS);
}

static void add_path(struct sandbox_rules *rules, const char *path, enum sandbox_access access)
{
    size_t count = 0;
    while (rules->paths[count].path != NULL)
        if (strcmp(rules->paths[count++].path, path) == 0)
            return;
    assert(count + 1 < SANDBOX_PATHS_MAX);
    rules->paths[count] = (struct sandbox_path){path, access};
}

static const char *folder_above(const char *path, struct arena *arena)
{
    return arena_format(arena, "%.*s", (int)(strrchr(path, '/') - path), path).data;
}

/* What it reads, and where it writes. A database's folder has its WAL. */
static void set_paths(const struct config *config, struct arena *arena, struct sandbox_rules *rules)
{
    const struct slice own[] = {config->folders.archive, config->backup.folder, config->backup.keys_folder};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        add_path(rules, arena_text(arena, own[i]), SANDBOX_WRITE);
    for (size_t i = 0; i < source_count; i++) {
        const char *path = source_path(config, &sources[i], arena);
        add_path(rules, sources[i].kind == THING_DATABASE ? folder_above(path, arena) : path, SANDBOX_READ);
    }
    for (size_t i = 0; i < key_source_count; i++)
        if (key_sources[i].kind == KEYS_FILE)
            add_path(rules, key_source_path(config, &key_sources[i], arena), SANDBOX_READ);
}

/* Started by root it may read what other users own (roles/parent/spawn.c). That is for the paths of its rules:
 * where the kernel cannot hold it to them, it may not. */
static void give_up_reading(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (sandbox_landlock_abi() == 0)
        (void)syscall(SYS_capset, &head, none);
}

enum status archive_main(struct role *role, struct problem *why)
{
    static struct archive_role a;
    struct sandbox_rules rules = {.memory_bytes_max = MEMORY_BYTES_MAX};
    a.role = role;
    a.opening = (struct archive_role_ports){role_config(role), {&a, give_key, go_on}, NULL};
    a.waiting = role_is_waiting(role);
    a.timer = loop_timer_create(role_loop(role), look, &a);
    loop_timer_after(a.timer, LOOK_FIRST_MS);
    zone_load_all();
    a.files = identity_of_files(&a);
    give_up_reading();
    set_paths(role_config(role), role_arena(role), &rules);
    role_on_word(role, on_word, &a);
    archive_probes(role, &a.opening);
    a.journal = journal_create(role);
    journal_on_kept(a.journal, entries_kept, &a);
    enum status status = wishes_begin(&a, why);
    if (status == ST_OK)
        status = role_enter(role, &rules, why);
    if (status == ST_OK)
        status = role_run(role, why);
    wishes_end(&a);
    journal_destroy(&a.journal);
    return status;
}
