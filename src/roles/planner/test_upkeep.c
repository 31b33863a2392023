/* Keys are rotated and what was erased is gone, in a store on disk: with a start of the planner after
 * each step, with copies from before, with rows that somebody moved. */
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "roles/planner/inspect.h"
#include "roles/planner/test_house.h"

enum { FILE_BYTES_MAX = 64 << 20, STEPS_MAX = 200, MOVES = 1000, CELLS_MAX = 4000 };

struct site {
    char folder[64], db[96], keys[96];
};

static struct site site_create(void)
{
    struct site place;
    snprintf(place.folder, sizeof place.folder, "%s/rendez-upkeep-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(place.folder) == NULL)
        abort();
    snprintf(place.db, sizeof place.db, "%s/rendez.db", place.folder);
    snprintf(place.keys, sizeof place.keys, "%s/rendez.keys", place.folder);
    return place;
}

static void site_remove(const struct site *place)
{
    static const char *const names[] = {"rendez.db", "rendez.db-wal", "rendez.db-shm", "rendez.keys",
                                        "rendez.keys-journal"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", place->folder, names[i]);
        unlink(path);
    }
    rmdir(place->folder);
}

static void copy_file(const char *from, const char *to)
{
    AUTO_ARENA arena = arena_create(FILE_BYTES_MAX);
    struct slice bytes = SLICE_NONE;
    if (access(from, F_OK) != 0)
        return;
    CHECK_OK(file_read(from, FILE_BYTES_MAX, arena, &bytes, NULL));
    CHECK_OK(file_write_durably(to, bytes, 0600, NULL));
}

static const char *journal(const char *path, const char *ending)
{
    static char name[2][128];
    static int next;
    next = !next;
    snprintf(name[next], sizeof name[next], "%s%s", path, ending);
    return name[next];
}

static void say_fault(void *context, const char *what, struct slice id, const char *why)
{
    if (*(bool *)context)
        printf("# %s %.*s: %s\n", what, SLICE_ARG(id), why);
}

static uint32_t faults(struct house *house, bool say)
{
    struct planner_checked found = {0};
    CHECK_OK(planner_check(house->planner, say_fault, &say, &found, NULL));
    return found.faults;
}

static uint32_t opened(struct house *house)
{
    struct planner_checked found = {0};
    bool say = false;
    CHECK_OK(planner_check(house->planner, say_fault, &say, &found, NULL));
    return found.meetings + found.messages + found.mails + found.people;
}

static void restart(struct house *house)
{
    planner_destroy(&house->planner);
    open_planner_of(house, false, (struct planner_limits){0});
    CHECK_OK(planner_resume(house->planner, house->now, NULL));
}

/* Everything opens after each step, and a planner that starts there goes on. */
static void work_through(struct house *house)
{
    bool more = true;
    int steps = 0;
    while (more && steps++ < STEPS_MAX) {
        CHECK_OK(planner_upkeep(house->planner, house->now, &more, NULL));
        CHECK_NUMBER(faults(house, true), 0);
        restart(house);
    }
    CHECK(!more);
}

static void some_meetings(struct house *house)
{
    ask_for_a_meeting(house, bob);
    ask_for_a_meeting(house, bob_and_eve);
    ask_for_a_meeting(house, bob);
    struct unreadable unreadable = {LIT("in-odd"), LIT("reader_died"), LIT("odd bytes")};
    CHECK_OK(planner_report_unreadable(house->planner, &unreadable, house->now, NULL));
}

static bool has_key(struct house *house, enum stored_key_kind kind, struct slice id, uint32_t version)
{
    struct stored_key key;
    return store_load_key(house->store, kind, id, version, house->arena, &key, NULL) == ST_OK;
}

static void every_level_rotates(void)
{
    struct site place = site_create();
    struct house *house = begin_in(place.db, false, (struct planner_limits){0});
    some_meetings(house);
    uint32_t before = opened(house);
    struct slice first = only_meeting(house).id;
    static const enum upkeep_kind kinds[] = {UPKEEP_ORGANISATION, UPKEEP_MEETINGS, UPKEEP_MEETING};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct slice id = kinds[i] == UPKEEP_MEETING ? first : LIT("o");
        CHECK_OK(planner_rotate(house->planner, kinds[i], id, house->now, NULL));
        work_through(house);
    }
    CHECK_NUMBER(opened(house), before);
    CHECK(!has_key(house, KEY_OF_ORGANISATION, LIT("o"), 1) && has_key(house, KEY_OF_ORGANISATION, LIT("o"), 2));
    CHECK(!has_key(house, KEY_OF_MEETING, first, 1) && !has_key(house, KEY_OF_MEETING, first, 2));
    CHECK(has_key(house, KEY_OF_MEETING, first, 3));
    choose_first(house, "bob@guest.example"); /* by a link that was sent before */
    CHECK_NUMBER(faults(house, true), 0);
    CHECK_NUMBER(planner_rotate(house->planner, UPKEEP_MEETING, LIT("m_none"), house->now, NULL), ST_NOT_FOUND);
    finish(house);
    site_remove(&place);
}

static struct keyd *keyd_of(unsigned char newest, unsigned char older)
{
    unsigned char bytes[2][VAULT_KEY_BYTES];
    memset(bytes[0], newest, sizeof bytes[0]);
    memset(bytes[1], older, sizeof bytes[1]);
    struct root_keys roots = {.items = {{newest, secret_create(bytes[0], VAULT_KEY_BYTES)}}, .count = 1};
    if (older > 0) {
        roots.items[1] = (struct root_key){older, secret_create(bytes[1], VAULT_KEY_BYTES)};
        roots.count = 2;
    }
    /* As a file that was rotated hands it on. */
    unsigned char lookup[VAULT_KEY_BYTES] = {9};
    roots.lasting[0] = secret_create(lookup, sizeof lookup);
    return keyd_create(&roots);
}

static void the_root_key_rotates(void)
{
    struct site place = site_create();
    house_keyd = keyd_of(1, 0);
    struct house *house = begin_in(place.db, false, (struct planner_limits){0});
    some_meetings(house);
    uint32_t before = opened(house);
    keyd_destroy(&house->keyd);
    house->keyd = keyd_of(2, 1);
    restart(house);
    work_through(house);
    keyd_destroy(&house->keyd);
    house->keyd = keyd_of(2, 0); /* the old one is gone, and nothing misses it */
    restart(house);
    CHECK_NUMBER(faults(house, true), 0);
    CHECK_NUMBER(opened(house), before);
    choose_first(house, "bob@guest.example");
    keyd_destroy(&house->keyd);
    house->keyd = keyd_of(3, 0); /* what it would be to lose it */
    restart(house);
    CHECK(faults(house, false) > 0);
    finish(house);
    site_remove(&place);
}

/* A copy of the database from before, with the key file of today. */
static uint32_t opened_in_copy(const struct site *copy, const struct site *now, unsigned char root,
                               uint32_t *faulty)
{
    copy_file(now->keys, copy->keys);
    struct house *house = calloc(1, sizeof *house);
    if (house == NULL)
        abort();
    house->arena = arena_create((size_t)512 << 20);
    CHECK_OK(instant_parse(LIT("2026-03-02T08:00:00Z"), &house->now, NULL, NULL));
    CHECK_OK(store_open(&sqlite_driver, copy->db, &house->store, NULL));
    house->keyd = keyd_of(root, 0);
    open_planner_of(house, false, (struct planner_limits){0});
    *faulty = faults(house, false);
    uint32_t count = opened(house);
    finish(house);
    return count;
}

static void take_copy(const struct site *from, const struct site *to)
{
    copy_file(from->db, to->db);
    copy_file(journal(from->db, "-wal"), journal(to->db, "-wal"));
}

static bool holds(const char *path, struct slice bytes)
{
    AUTO_ARENA arena = arena_create(FILE_BYTES_MAX);
    struct slice all = SLICE_NONE;
    CHECK_OK(file_read(path, FILE_BYTES_MAX, arena, &all, NULL));
    return slice_find(all, bytes, 0) != SIZE_MAX;
}

static void erasing_a_meeting_ends_every_copy_of_it(void)
{
    struct site place = site_create(), copy = site_create();
    house_keyd = keyd_of(1, 0);
    struct house *house = begin_in(place.db, false, (struct planner_limits){0});
    struct stored_key key;
    uint32_t faulty;
    some_meetings(house);
    take_copy(&place, &copy);
    uint32_t before = opened_in_copy(&copy, &place, 1, &faulty);
    CHECK_NUMBER(before, opened(house));
    CHECK_NUMBER(faulty, 0);
    struct slice id = only_meeting(house).id;
    CHECK_OK(store_load_key(house->store, KEY_OF_MEETING, id, 1, house->arena, &key, NULL));
    CHECK(holds(place.keys, key.key.sealed.bytes));
    CHECK_OK(planner_erase_meeting(house->planner, id, house->now, NULL));
    CHECK(!holds(place.keys, key.key.sealed.bytes));
    struct stat about;
    CHECK(stat(journal(place.keys, "-journal"), &about) != 0 || about.st_size == 0);
    CHECK(opened_in_copy(&copy, &place, 1, &faulty) < before);
    CHECK_NUMBER(faulty, 1); /* its record does not open, and nothing else is missed */
    CHECK_NUMBER(faults(house, true), 0);
    CHECK_NUMBER(planner_erase_meeting(house->planner, id, house->now, NULL), ST_NOT_FOUND);
    finish(house);
    site_remove(&copy);
    site_remove(&place);
}

static void erasing_an_organisation_ends_all_of_it(void)
{
    struct site place = site_create(), copy = site_create();
    house_keyd = keyd_of(1, 0);
    struct house *house = begin_in(place.db, false, (struct planner_limits){0});
    struct meeting_list all;
    struct stored_person_list people;
    uint32_t faulty, last = 1;
    some_meetings(house);
    CHECK_OK(planner_add_organisation(house->planner, LIT("other"), LIT("Autre"), NULL));
    take_copy(&place, &copy);
    CHECK_OK(planner_erase_organisation(house->planner, LIT("o"), house->now, NULL));
    CHECK(!has_key(house, KEY_OF_ORGANISATION, LIT("o"), 1));
    (void)opened_in_copy(&copy, &place, 1, &faulty);
    CHECK(faulty > 0);
    work_through(house);
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &all, NULL));
    CHECK_NUMBER(all.count, 0);
    CHECK_OK(store_list_people(house->store, LIT("o"), house->arena, &people, NULL));
    CHECK_NUMBER(people.count, 0);
    struct key_range of_meetings = {.kind = KEY_OF_MEETING, .organisation = LIT("o"), .up_to = UINT32_MAX};
    CHECK_OK(store_count_keys(house->store, &of_meetings, &last, NULL));
    CHECK_NUMBER(last, 0);
    CHECK(has_key(house, KEY_OF_ORGANISATION, LIT("other"), 1));
    enum meeting_outcome outcome; /* who was there asks again, and is nobody's */
    CHECK_OK(receive(house, ADA "To: iris@bureau.example\r\nMessage-ID: <later@b.example>",
                     "Please find us 30 minutes.", MAIL_ORIGIN_PASS, &outcome));
    CHECK(outcome != OUTCOME_ACCEPTED);
    finish(house);
    site_remove(&copy);
    site_remove(&place);
}

/* Who was its people are strangers; their meetings are there, and stay as they are. */
static void nothing_of_an_ended_organisation_moves(void)
{
    struct site place = site_create();
    house_keyd = keyd_of(1, 0);
    struct house *house = begin_in(place.db, false, (struct planner_limits){0});
    struct meeting_list before, after;
    struct meeting_progress_list progress;
    struct stored_meeting_list due;
    enum meeting_outcome outcome;
    uint32_t cursor = 0;
    some_meetings(house);
    CHECK_OK(planner_progress_all(house->planner, &cursor, house->arena, &progress, NULL));
    CHECK(progress.count > 0);
    CHECK_OK(store_due_meetings(house->store, (struct instant){INT64_MAX}, house->arena, &due, NULL));
    CHECK(due.count > 0);
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &before, NULL));
    CHECK_NUMBER(store_end_organisation(house->store, LIT("none"), NULL), ST_NOT_FOUND);
    CHECK_OK(store_end_organisation(house->store, LIT("o"), NULL));
    CHECK_OK(store_end_organisation(house->store, LIT("o"), NULL));
    cursor = 0;
    CHECK_OK(planner_progress_all(house->planner, &cursor, house->arena, &progress, NULL));
    CHECK_NUMBER(progress.count, 0); /* so leases of them end */
    CHECK_OK(store_due_meetings(house->store, (struct instant){INT64_MAX}, house->arena, &due, NULL));
    CHECK_NUMBER(due.count, 0);
    CHECK_OK(receive(house, ADA "To: iris@bureau.example\r\nMessage-ID: <after@b.example>",
                     "Please find us 30 minutes.", MAIL_ORIGIN_PASS, &outcome));
    CHECK(outcome != OUTCOME_ACCEPTED);
    CHECK_OK(planner_all_meetings(house->planner, house->arena, &after, NULL));
    CHECK_NUMBER(after.count, before.count);
    for (size_t i = 0; i < after.count && i < before.count; i++)
        CHECK_NUMBER(after.items[i].state, before.items[i].state);
    CHECK_OK(planner_erase_organisation(house->planner, LIT("o"), house->now, NULL));
    CHECK_NUMBER(store_end_organisation(house->store, LIT("o"), NULL), ST_NOT_FOUND);
    finish(house);
    site_remove(&place);
}

/* Moves */

static const struct {
    const char *table, *column;
    bool keys; /* in the key file */
} columns[] = {
    {"organisation", "sealed", false}, {"person", "sealed", false},     {"meeting", "sealed", false},
    {"message", "sealed_raw", false},  {"message", "sealed_reading", false}, {"outbox", "sealed", false},
    {"task", "sealed", false},         {"key", "wrapped", true},
};
enum { COLUMN_COUNT = sizeof columns / sizeof *columns };

struct cell {
    size_t column;
    sqlite3_int64 row;
    struct slice value;
};
struct cells {
    sqlite3 *db[2]; /* database, key file */
    struct cell items[CELLS_MAX];
    size_t count;
};

static sqlite3_stmt *prepare(struct cells *cells, size_t column, bool update)
{
    char text[256];
    sqlite3_stmt *stmt = NULL;
    const char *name = columns[column].column, *table = columns[column].table;
    if (update)
        snprintf(text, sizeof text, "update %s set %s = ?1 where rowid = ?2", table, name);
    else
        snprintf(text, sizeof text, "select rowid, %s from %s where length(%s) > 0", name, table, name);
    CHECK_NUMBER(sqlite3_prepare_v2(cells->db[columns[column].keys], text, -1, &stmt, NULL), SQLITE_OK);
    return stmt;
}

static void read_cells(struct cells *cells, struct arena *arena)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        sqlite3_stmt *stmt = prepare(cells, i, false);
        while (sqlite3_step(stmt) == SQLITE_ROW && cells->count < CELLS_MAX)
            cells->items[cells->count++] = (struct cell){
                i, sqlite3_column_int64(stmt, 0),
                arena_copy(arena, (struct slice){sqlite3_column_blob(stmt, 1),
                                                 (size_t)sqlite3_column_bytes(stmt, 1)})};
        sqlite3_finalize(stmt);
    }
}

static void write_cell(struct cells *cells, const struct cell *cell, struct slice value)
{
    sqlite3_stmt *stmt = prepare(cells, cell->column, true);
    sqlite3_bind_blob64(stmt, 1, value.data, value.len, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, cell->row);
    CHECK_NUMBER(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
}

/* The same bytes, said to be of another version of their key. */
static struct slice other_version(struct slice value, uint32_t random, struct arena *arena)
{
    char *out = arena_alloc(arena, value.len);
    memcpy(out, value.data, value.len);
    out[4] = (char)(out[4] + 1 + (char)(random % 7));
    return (struct slice){out, value.len};
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static void fill(struct house *house)
{
    static const char *const ids[] = {"o2", "o3"};
    some_meetings(house);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct person person = {.organisation = slice_from(ids[i]),
                                .name = LIT("Noor Vidal"),
                                .address = arena_format(house->arena, "noor@%s.example", ids[i]),
                                .time_zone = LIT("Europe/Paris"),
                                .client = true};
        enum meeting_outcome outcome;
        CHECK_OK(planner_add_organisation(house->planner, slice_from(ids[i]), LIT("Une autre"), NULL));
        CHECK_OK(planner_add_person(house->planner, &person, NULL));
        struct slice head = arena_format(house->arena,
                                         "From: Noor Vidal <noor@%s.example>\r\nTo: %s\r\nSubject: Point\r\n"
                                         "Cc: iris@bureau.example\r\nMessage-ID: <ask@%s.example>",
                                         ids[i], bob, ids[i]);
        CHECK_OK(receive(house, head.data, "Iris, please find us 30 minutes on Wednesday for a call.",
                         MAIL_ORIGIN_PASS, &outcome));
        CHECK_NUMBER(outcome, OUTCOME_ACCEPTED);
        collect(house);
    }
}

static size_t different_pairs(const bool (*seen)[COLUMN_COUNT + 1])
{
    size_t count = 0;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        for (size_t k = 0; k <= COLUMN_COUNT; k++)
            count += seen[i][k];
    return count;
}

static void a_thousand_moves_are_refused(void)
{
    struct site place = site_create();
    struct house *house = begin_in(place.db, false, (struct planner_limits){0});
    AUTO_ARENA arena = arena_create((size_t)256 << 20);
    struct cells *cells = calloc(1, sizeof *cells);
    bool seen[COLUMN_COUNT][COLUMN_COUNT + 1] = {{false}};
    uint32_t seed = 20261125, refused = 0;
    fill(house);
    CHECK(cells != NULL && sqlite3_open(place.db, &cells->db[0]) == SQLITE_OK &&
          sqlite3_open(place.keys, &cells->db[1]) == SQLITE_OK);
    read_cells(cells, arena);
    CHECK(cells->count > 30);
    CHECK_NUMBER(faults(house, true), 0);
    for (int i = 0; i < MOVES; i++) {
        const struct cell *from = &cells->items[next_random(&seed) % cells->count];
        const struct cell *to = &cells->items[next_random(&seed) % cells->count];
        bool version = next_random(&seed) % 8 == 0 || from == to;
        write_cell(cells, to, version ? other_version(to->value, next_random(&seed), arena) : from->value);
        restart(house); /* nothing that it knew from before helps it */
        refused += faults(house, false) > 0;
        write_cell(cells, to, to->value);
        seen[to->column][version ? COLUMN_COUNT : from->column] = true;
    }
    CHECK_NUMBER(refused, MOVES);
    CHECK_NUMBER(faults(house, true), 0);
    printf("# %d moves between %zu values, of %zu kinds (from, to): %u refused\n", MOVES, cells->count,
           different_pairs((const bool(*)[COLUMN_COUNT + 1])seen), (unsigned)refused);
    sqlite3_close(cells->db[0]);
    sqlite3_close(cells->db[1]);
    free(cells);
    finish(house);
    site_remove(&place);
}

/* The command line writes beside a service that runs: keyd is told all anew. */
static void what_another_process_erases_is_told(void)
{
    struct site place = site_create();
    struct house *house = begin_in(place.db, false, (struct planner_limits){0});
    struct meeting_progress_list list;
    struct planner *beside = house->planner;
    uint32_t cursor = 0;
    bool all;
    some_meetings(house);
    CHECK_OK(planner_progress_all(house->planner, &cursor, house->arena, &list, NULL));
    CHECK_NUMBER(list.count, 3);
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &all, NULL));
    CHECK_OK(planner_progress_changed(house->planner, house->arena, &list, &all, NULL));
    CHECK(!all && list.count == 0);
    struct store *own = house->store;
    CHECK_OK(store_open(&sqlite_driver, place.db, &house->store, NULL));
    open_planner_of(house, false, (struct planner_limits){0});
    CHECK_OK(planner_erase_meeting(house->planner, only_meeting(house).id, house->now, NULL));
    CHECK_OK(planner_progress_changed(beside, house->arena, &list, &all, NULL));
    CHECK(all);
    cursor = 0;
    CHECK_OK(planner_progress_all(beside, &cursor, house->arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    planner_destroy(&beside);
    store_destroy(&own);
    finish(house);
    site_remove(&place);
}

/* As migration 004 leaves the tasks that were open before it: no word of theirs is in clear. */
static const char before_tasks_were_in_clear[] =
    "update task set state = 'waiting', reason = null, priority = 'normal', language = null, skill = null, rank = 3, "
    "risen = null, breached = null, version = 1, deadline = opened + 3600000000, due = opened + 1800000000;";

static struct stored_task_list open_tasks(struct house *house)
{
    struct stored_task_list open = {0};
    CHECK_OK(store_list_open_tasks(house->store, house->arena, &open, NULL));
    return open;
}

static void tasks_of_the_version_before_get_their_reason(void)
{
    struct site place = site_create();
    struct house *house = begin_in(place.db, false, (struct planner_limits){0});
    sqlite3 *db = NULL;
    enum meeting_outcome outcome;
    struct unreadable unreadable = {LIT("in-odd"), LIT("reader_died"), LIT("odd bytes")};
    CHECK_OK(receive(house, ADA "To: iris@bureau.example\r\nMessage-ID: <talk@b.example>",
                     "This is unacceptable. My lawyer will contact you, we will sue you.", MAIL_ORIGIN_PASS, &outcome));
    CHECK_OK(planner_report_unreadable(house->planner, &unreadable, house->now, NULL));
    CHECK_NUMBER(open_tasks(house).count, 2);
    planner_destroy(&house->planner);
    store_destroy(&house->store);
    CHECK_NUMBER(sqlite3_open(place.db, &db), SQLITE_OK);
    CHECK_NUMBER(sqlite3_exec(db, before_tasks_were_in_clear, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    CHECK_OK(store_open(&sqlite_driver, place.db, &house->store, NULL));
    open_planner_of(house, false, (struct planner_limits){0});
    CHECK_NUMBER(open_tasks(house).items[0].task.reason.len, 0);
    house->now.us += INT64_C(5 * 3600) * 1000000; /* of the hour that they were given there is nothing left */
    CHECK_OK(planner_wake(house->planner, house->now, NULL));
    struct stored_task_list open = open_tasks(house);
    CHECK_NUMBER(open.count, 2);
    CHECK_TEXT(open.items[0].task.reason, "hostile");
    CHECK_NUMBER(open.items[0].task.skill, SKILL_COMPLAINT);
    CHECK_NUMBER(open.items[0].task.language, LANGUAGE_EN);
    CHECK_TEXT(open.items[1].task.reason, "reader_died");
    CHECK_NUMBER(open.items[1].task.priority, TASK_HIGH);
    for (size_t i = 0; i < open.count; i++)
        CHECK(open.items[i].task.deadline.us > house->now.us && open.items[i].task.breached.us == 0);
    house->now.us += INT64_C(3600) * 1000000;
    CHECK_OK(planner_wake(house->planner, house->now, NULL)); /* and from now on as any other */
    open = open_tasks(house);
    CHECK(open.items[0].task.breached.us != 0 && open.items[1].task.breached.us != 0);
    finish(house);
    site_remove(&place);
}

int main(void)
{
    TEST(what_another_process_erases_is_told);
    TEST(every_level_rotates);
    TEST(the_root_key_rotates);
    TEST(erasing_a_meeting_ends_every_copy_of_it);
    TEST(erasing_an_organisation_ends_all_of_it);
    TEST(nothing_of_an_ended_organisation_moves);
    TEST(a_thousand_moves_are_refused);
    TEST(tasks_of_the_version_before_get_their_reason);
    return check_done();
}
