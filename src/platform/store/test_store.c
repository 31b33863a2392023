/* What the store promises, on the embedded engine in memory. */
#include "platform/store/tables.h"
#include "test_help.h"

static void organisations_are_kept(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct stored_organisation loaded, changed = any_organisation("o");
    struct stored_organisation_list list;
    changed.state = LIT("closed");
    changed.record = any_sealed("new");
    CHECK_OK(store_save_organisation(store, &changed, NULL));
    CHECK_OK(store_load_organisation(store, LIT("o"), arena, &loaded, NULL));
    CHECK_TEXT(loaded.state, "closed");
    CHECK_TEXT(loaded.key.sealed.bytes, "key");
    CHECK_TEXT(loaded.record.bytes, "new");
    CHECK_NUMBER(loaded.created.us, 1);
    CHECK_OK(store_list_organisations(store, arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
    CHECK_NUMBER(store_load_organisation(store, LIT("p"), arena, &loaded, NULL), ST_NOT_FOUND);
}

static void people_are_found_by_id_and_address(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct stored_person found, other = any_person("p2", "hash-1"), lost = any_person("p3", "h");
    struct stored_person_list list;
    add_person(store, "p1", "hash-1");
    CHECK_NUMBER(store_save_person(store, &other, NULL), ST_CONFLICT);
    lost.organisation = LIT("nowhere");
    CHECK_NUMBER(store_save_person(store, &lost, NULL), ST_NOT_FOUND);
    add_person(store, "p2", "hash-2");
    CHECK_OK(store_find_person(store, LIT("hash-2"), arena, &found, NULL));
    CHECK_TEXT(found.id, "p2");
    CHECK_NUMBER(store_find_person(store, LIT("hash-3"), arena, &found, NULL), ST_NOT_FOUND);
    CHECK_OK(store_list_people(store, LIT("o"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_TEXT(list.items[0].id, "p1");
    CHECK_OK(store_list_people(store, SLICE_NONE, arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_OK(store_remove_person(store, LIT("p1"), NULL));
    CHECK_NUMBER(store_remove_person(store, LIT("p1"), NULL), ST_NOT_FOUND);
    CHECK_NUMBER(store_load_person(store, LIT("p1"), arena, &found, NULL), ST_NOT_FOUND);
}

static void a_stale_version_is_refused(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct stored_meeting mine, theirs, again = any_meeting("m");
    add_meeting(store, "m");
    CHECK_NUMBER(store_save_meeting(store, &again, NULL), ST_CONFLICT);
    CHECK_OK(store_load_meeting(store, LIT("m"), arena, &mine, NULL));
    CHECK_OK(store_load_meeting(store, LIT("m"), arena, &theirs, NULL));
    CHECK_NUMBER(mine.version, 1);
    mine.state = LIT("proposing");
    mine.due = (struct instant){500};
    CHECK_OK(store_save_meeting(store, &mine, NULL));
    CHECK_NUMBER(store_save_meeting(store, &theirs, NULL), ST_CONFLICT);
    CHECK_OK(store_load_meeting(store, LIT("m"), arena, &theirs, NULL));
    CHECK_NUMBER(theirs.version, 2);
    CHECK_TEXT(theirs.state, "proposing");
    CHECK_NUMBER(theirs.due.us, 500);
    struct stored_meeting missing = any_meeting("n");
    missing.version = 1;
    CHECK_NUMBER(store_save_meeting(store, &missing, NULL), ST_CONFLICT);
}

static void meetings_are_found_by_people_and_messages(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct slice hashes[] = {LIT("alice"), LIT("bob"), LIT("alice")};
    struct slice_list both = {hashes, 3, 3}, one = {hashes, 1, 1};
    struct stored_meeting_list found;
    struct stored_meeting meeting;
    add_meeting(store, "m1");
    add_meeting(store, "m2");
    CHECK_OK(store_set_participants(store, LIT("m1"), &both, NULL));
    CHECK_OK(store_set_participants(store, LIT("m2"), &both, NULL));
    CHECK_OK(store_find_meetings_by_participant(store, LIT("bob"), arena, &found, NULL));
    CHECK_NUMBER(found.count, 2);
    CHECK_TEXT(found.items[0].id, "m2");
    CHECK_OK(store_set_participants(store, LIT("m2"), &one, NULL));
    CHECK_OK(store_find_meetings_by_participant(store, LIT("bob"), arena, &found, NULL));
    CHECK_NUMBER(found.count, 1);

    struct stored_message message = {.id = LIT("x1"),
                                     .meeting = LIT("m1"),
                                     .at = {7},
                                     .message_id_hash = LIT("id-1"),
                                     .raw = any_sealed("raw")};
    CHECK_OK(store_add_message(store, &message, NULL));
    CHECK_OK(store_find_meeting_by_message_id(store, LIT("id-1"), arena, &meeting, NULL));
    CHECK_TEXT(meeting.id, "m1");
    CHECK_OK(store_link_message(store, LIT("id-1"), LIT("m2"), NULL));
    CHECK_OK(store_link_message(store, LIT("id-1"), LIT("m2"), NULL));
    CHECK_OK(store_find_meetings_by_message_id(store, LIT("id-1"), arena, &found, NULL));
    CHECK_NUMBER(found.count, 2);
    CHECK_TEXT(found.items[0].id, "m2");
    CHECK_NUMBER(store_find_meeting_by_message_id(store, LIT("id-2"), arena, &meeting, NULL),
                 ST_NOT_FOUND);
    CHECK_OK(store_list_meetings(store, LIT("o"), arena, &found, NULL));
    CHECK_NUMBER(found.count, 2);
    CHECK_TEXT(found.items[0].id, "m1");
}

static void messages_keep_their_order(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct stored_message_list list;
    struct stored_message loaded;
    add_meeting(store, "m");
    struct stored_message messages[] = {
        {.id = LIT("b"),
         .meeting = LIT("m"),
         .at = {2},
         .raw = any_sealed("one"),
         .reading = any_sealed("read")},
        {.id = LIT("a"),
         .meeting = LIT("m"),
         .direction = MESSAGE_OUT,
         .at = {1},
         .raw = any_sealed("two")},
        {.id = LIT("c"), .at = {3}, .raw = any_sealed("of no meeting")},
    };
    for (size_t i = 0; i < 3; i++)
        CHECK_OK(store_add_message(store, &messages[i], NULL));
    CHECK_OK(store_list_messages(store, LIT("m"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_TEXT(list.items[0].reading.bytes, "read");
    CHECK_NUMBER(list.items[1].direction, MESSAGE_OUT);
    CHECK_NUMBER(list.items[1].reading.bytes.len, 0);
    CHECK_OK(store_list_readings(store, LIT("m"), 9, arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_TEXT(list.items[0].reading.bytes, "read");
    CHECK_NUMBER(list.items[0].raw.bytes.len, 0);
    CHECK_OK(store_list_readings(store, LIT("m"), 1, arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
    CHECK_TEXT(list.items[0].id, "a"); /* the newest */
    CHECK_OK(store_load_message(store, LIT("c"), arena, &loaded, NULL));
    CHECK_NUMBER(loaded.meeting.len, 0);
    CHECK_OK(store_remove_message(store, LIT("c"), NULL));
    CHECK_NUMBER(store_remove_message(store, LIT("c"), NULL), ST_NOT_FOUND);
    CHECK_NUMBER(store_load_message(store, LIT("c"), arena, &loaded, NULL), ST_NOT_FOUND);
    CHECK_TEXT(loaded.raw.bytes, "of no meeting");
}

static void mail_is_handled_once(void)
{
    static const struct {
        const char *spool, *message, *recipient;
        bool duplicate;
    } cases[] = {
        {"s1", "id-1", "camille", false}, {"s1", "id-1", "camille", true}, /* after a crash */
        {"s2", "id-1", "camille", true},                                   /* delivered twice */
        {"s3", "id-1", "other", false}, /* for another recipient */
        {"s4", "", "camille", false},   /* without Message-ID only the entry counts */
        {"s5", "", "camille", false},     {"s5", "", "camille", true},
    };
    AUTO_STORE store = open_memory();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inbound inbound = {slice_from(cases[i].spool),
                                  slice_from(cases[i].message),
                                  slice_from(cases[i].recipient),
                                  {1}};
        bool duplicate = !cases[i].duplicate;
        check_row(cases[i].spool);
        CHECK_OK(store_note_inbound(store, &inbound, &duplicate, NULL));
        CHECK(duplicate == cases[i].duplicate);
    }
}

static void holds_of_one_person_never_overlap(void)
{
    static const struct {
        const char *person, *meeting;
        int start, end;
        enum status status;
    } cases[] = {
        {"alice", "m1", 100, 200, ST_OK},         {"alice", "m2", 200, 300, ST_OK},
        {"alice", "m2", 150, 160, ST_CONFLICT},   {"alice", "m2", 50, 101, ST_CONFLICT},
        {"alice", "m2", 199, 200, ST_CONFLICT},   {"alice", "m1", 100, 200, ST_CONFLICT},
        {"alice", "m1", 0, 1000, ST_CONFLICT},    {"bob", "m1", 100, 200, ST_OK},
        {"alice", "m2", 400, 400, ST_INVALID},    {"alice", "m2", 400, 300, ST_INVALID},
        {"nobody", "m1", 100, 200, ST_NOT_FOUND}, {"bob", "m3", 300, 400, ST_NOT_FOUND},
        {"alice", "m2", 50, 100, ST_OK},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct hold_list list;
    add_person(store, "alice", "a");
    add_person(store, "bob", "b");
    add_meeting(store, "m1");
    add_meeting(store, "m2");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hold hold = {slice_from(cases[i].person),
                            slice_from(cases[i].meeting),
                            {{cases[i].start}, {cases[i].end}}};
        CHECK_NUMBER(store_put_hold(store, &hold, NULL), cases[i].status);
    }
    CHECK_OK(
        store_list_holds(store, LIT("alice"), (struct interval){{100}, {201}}, arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_NUMBER(list.items[0].span.start.us, 100);
    CHECK_OK(store_list_meeting_holds(store, LIT("m1"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_OK(store_release_holds(store, LIT("m1"), NULL));
    struct hold freed = {LIT("alice"), LIT("m2"), {{120}, {180}}};
    CHECK_OK(store_put_hold(store, &freed, NULL));
}

/* Against a list that is searched from end to end. */
static void holds_agree_with_a_plain_search(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    AUTO_STORE store = open_memory();
    struct interval_list kept = {0};
    uint32_t random = 12345;
    add_person(store, "alice", "a");
    add_meeting(store, "m");
    for (int round = 0; round < 2000; round++) {
        random = random * 1664525 + 1013904223;
        int64_t start = random >> 8 & 1023, length = 1 + (random >> 20 & 15);
        struct interval span = {{start}, {start + length}};
        bool taken = false;
        for (size_t i = 0; i < kept.count; i++)
            taken = taken || interval_overlaps(kept.items[i], span);
        size_t seen = 0;
        for (size_t i = 0; i < kept.count; i++)
            seen += interval_overlaps(kept.items[i], span);
        struct hold_list list;
        CHECK_OK(store_list_holds(store, LIT("alice"), span, arena, &list, NULL));
        CHECK_NUMBER(list.count, seen);
        struct hold hold = {LIT("alice"), LIT("m"), span};
        CHECK_NUMBER(store_put_hold(store, &hold, NULL), taken ? ST_CONFLICT : ST_OK);
        if (!taken)
            ARENA_PUSH(arena, &kept, span);
    }
    CHECK(kept.count > 50);
}

/* Past store_put_hold's look: what another process slips in is refused by the schema. */
static void the_database_itself_refuses_overlaps(void)
{
    struct sql *sql = NULL;
    CHECK_OK(sqlite_driver.open(":memory:", &store_schema, &sql, NULL));
    for (size_t i = 0; i < store_schema.migration_count; i++)
        CHECK_OK(sqlite_driver.migrate(sql, store_schema.migrations[i].version, store_schema.migrations[i].script, NULL));
    CHECK_OK(sqlite_driver.migrate(
        sql, 99,
        "insert into organisation values ('o', 'active', 1, x'01', x'01', 'doubt');"
        "insert into person values (1, 'p', 'o', 'client', 'active', 1, x'01', x'01');"
        "insert into meeting values (1, 'm', 'o', 's', 1, null, 1, null, x'01', x'01');"
        "insert into hold values ('p', 'm', 100, 200);",
        NULL));
    CHECK_OK(sqlite_driver.prepare(sql, NULL));
    struct sql_value args[] = {{SQL_TEXT, 0, LIT("p")},
                               {SQL_TEXT, 0, LIT("m")},
                               {SQL_NUMBER, 199, SLICE_NONE},
                               {SQL_NUMBER, 300, SLICE_NONE}};
    struct problem why;
    CHECK_NUMBER(sqlite_driver.run(sql, QUERY_HOLD_PUT, args, NULL, NULL, &why), ST_CONFLICT);
    CHECK(slice_contains(slice_from(why.detail), LIT("overlap")));
    args[2].number = 200;
    CHECK_OK(sqlite_driver.run(sql, QUERY_HOLD_PUT, args, NULL, NULL, &why));
    static const char *const forbidden[] = {
        "update hold set start_us = 1",
        "insert into log_entry values (1, 1, 'k', 'i', x'00'); delete from log_entry",
        "insert into log_entry values (1, 1, 'k', 'i', x'00'); update log_entry set kind = 'l'",
        "insert into meeting values (2, 'n', 'o', 's', 1, null, 1, null, null, null)",
        "insert into outbox values (1, 'x', 'y', null, 1, 0, 'lost', null, x'00')",
        "insert into organisation values ('q', 'active', 'not a number', x'01', x'01', 'doubt')",
    };
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        check_row(forbidden[i]);
        CHECK_NUMBER(sqlite_driver.migrate(sql, 100, forbidden[i], NULL), ST_CONFLICT);
    }
    sqlite_driver.close(sql);
}

static void an_erased_meeting_leaves_id_and_dates(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct slice hashes[] = {LIT("alice")};
    struct slice_list people = {hashes, 1, 1};
    add_person(store, "p", "alice");
    add_meeting(store, "m");
    CHECK_OK(store_set_participants(store, LIT("m"), &people, NULL));
    struct stored_message message = {.id = LIT("x"),
                                     .meeting = LIT("m"),
                                     .at = {1},
                                     .message_id_hash = LIT("id"),
                                     .raw = any_sealed("raw")};
    struct hold hold = {LIT("p"), LIT("m"), {{1}, {2}}};
    struct outbox_entry entry = any_entry("e", "k", 1);
    struct stored_task task = any_task("t", "m", 1);
    entry.meeting = LIT("m");
    CHECK_OK(store_add_message(store, &message, NULL));
    CHECK_OK(store_put_hold(store, &hold, NULL));
    CHECK_OK(store_add_outbox(store, &entry, NULL, NULL));
    CHECK_OK(store_add_task(store, &task, NULL, NULL));
    CHECK_OK(store_erase_meeting(store, LIT("m"), (struct instant){9}, NULL));
    CHECK_NUMBER(store_erase_meeting(store, LIT("m"), (struct instant){9}, NULL), ST_NOT_FOUND);

    struct stored_meeting meeting;
    struct stored_meeting_list found;
    struct stored_message_list messages;
    struct stored_task_list tasks;
    struct outbox_list outbox;
    struct hold_list holds;
    CHECK_OK(store_load_meeting(store, LIT("m"), arena, &meeting, NULL));
    CHECK_NUMBER(meeting.key.sealed.bytes.len + meeting.record.bytes.len, 0);
    CHECK_NUMBER(store_save_meeting(store, &meeting, NULL), ST_CONFLICT);
    CHECK_OK(store_find_meetings_by_participant(store, LIT("alice"), arena, &found, NULL));
    CHECK_NUMBER(found.count, 0);
    CHECK_OK(store_list_messages(store, LIT("m"), arena, &messages, NULL));
    CHECK_NUMBER(messages.count, 0);
    CHECK_NUMBER(store_find_meeting_by_message_id(store, LIT("id"), arena, &meeting, NULL),
                 ST_NOT_FOUND);
    CHECK_OK(store_list_open_tasks(store, arena, &tasks, NULL));
    CHECK_NUMBER(tasks.count, 0);
    CHECK_OK(store_list_outbox(store, SLICE_NONE, arena, &outbox, NULL));
    CHECK_NUMBER(outbox.count, 0);
    CHECK_OK(store_list_meeting_holds(store, LIT("m"), arena, &holds, NULL));
    CHECK_NUMBER(holds.count, 0);
}

static void the_log_is_a_chain(void)
{
    AUTO_ARENA arena = arena_create(8 << 20);
    AUTO_STORE store = open_memory();
    CHECK_OK(store_verify_log(store, NULL));
    for (int i = 0; i < 1500; i++)
        CHECK_OK(store_append_log(store, (struct instant){i}, LIT("meeting.state.moved"),
                                  arena_format(arena, "meeting=m_%d", i), NULL));
    CHECK_OK(store_verify_log(store, NULL));
    struct log_entry_list list;
    CHECK_OK(store_list_log(store, 1000, arena, &list, NULL));
    CHECK_NUMBER(list.count, 500);
    CHECK_NUMBER(list.items[0].seq, 1001);
    CHECK_TEXT(list.items[0].ids, "meeting=m_1000");
    CHECK_NUMBER(store_append_log(store, (struct instant){1}, SLICE_NONE, LIT("x"), NULL),
                 ST_INVALID);
}

static void sandbox_mail_is_kept(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    add_person(store, "p", "h");
    struct sandbox_mail_list list;
    struct sandbox_mail mails[] = {{LIT("b"), LIT("h"), {5}, any_sealed("one")},
                                   {LIT("a"), LIT("h"), {4}, any_sealed("two")},
                                   {LIT("b"), LIT("h"), {6}, any_sealed("again")},
                                   {LIT("c"), LIT("g"), {6}, any_sealed("theirs")}};
    for (size_t i = 0; i < 4; i++)
        CHECK_OK(store_add_sandbox_mail(store, &mails[i], NULL));
    CHECK_OK(store_list_sandbox_mail(store, LIT("h"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_TEXT(list.items[0].raw.bytes, "one");
}

/* What the driver was told, a letter each: w(ait), n(ot); refused where `refuse` says so. */
static struct {
    char said[16];
    size_t count;
    bool refuse;
} disk;

static enum status note_wait(struct sql *sql, bool wait, struct problem *why)
{
    if (disk.refuse && wait)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    if (disk.count + 1 < sizeof disk.said)
        disk.said[disk.count++] = wait ? 'w' : 'n';
    return sqlite_driver.wait_for_disk(sql, wait, why);
}

static void only_a_light_transaction_does_not_wait_for_the_disk(void)
{
    struct test_folder folder = folder_create();
    struct sql_driver driver = sqlite_driver;
    struct store *store = NULL;
    driver.wait_for_disk = note_wait;
    memset(&disk, 0, sizeof disk);
    CHECK_OK(store_open(&driver, folder.db, &store, NULL));
    CHECK_OK(store_begin_light(store, NULL));
    CHECK_OK(store_commit(store, NULL));
    CHECK_TEXT(slice_from(disk.said), "nw");
    CHECK_OK(store_begin_light(store, NULL));
    store_rollback(store);
    CHECK_OK(store_begin(store, NULL));
    CHECK_OK(store_commit(store, NULL));
    CHECK_TEXT(slice_from(disk.said), "nwnw");
    CHECK_OK(store_begin_light(store, NULL)); /* it cannot be told: nothing goes on before it is */
    disk.refuse = true;
    CHECK(store_commit(store, NULL) == ST_UNAVAILABLE);
    CHECK(store_begin(store, NULL) == ST_UNAVAILABLE);
    disk.refuse = false;
    CHECK_OK(store_begin(store, NULL));
    CHECK_OK(store_commit(store, NULL));
    CHECK_TEXT(slice_from(disk.said), "nwnwnw");
    store_destroy(&store);
    folder_remove(&folder);
}

static void a_transaction_is_all_or_nothing(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct stored_meeting_list found;
    CHECK_OK(store_begin(store, NULL));
    add_meeting(store, "m1");
    store_rollback(store);
    CHECK_OK(store_list_meetings(store, SLICE_NONE, arena, &found, NULL));
    CHECK_NUMBER(found.count, 0);
    CHECK_OK(store_begin(store, NULL));
    add_meeting(store, "m1");
    CHECK_OK(store_commit(store, NULL));
    store_rollback(store); /* nothing is open */
    CHECK_OK(store_list_meetings(store, SLICE_NONE, arena, &found, NULL));
    CHECK_NUMBER(found.count, 1);
}

/* Texts that would end a literal, were they put into a statement; bytes with NUL. */
static void values_are_never_sql(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    static const char *const ids[] = {"'; drop table meeting; --", "$1", "\" or 1=1", "é\\'"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct stored_meeting meeting = any_meeting(ids[i]), loaded;
        meeting.record.bytes = (struct slice){"\0\xff'\0", 4};
        CHECK_OK(store_save_meeting(store, &meeting, NULL));
        CHECK_OK(store_load_meeting(store, slice_from(ids[i]), arena, &loaded, NULL));
        CHECK(slice_equal(loaded.record.bytes, meeting.record.bytes));
        CHECK_TEXT(loaded.id, ids[i]);
    }
}

static void a_refusal_of_mail_has_a_scope(void)
{
    AUTO_STORE store = open_memory();
    bool yes = true;
    CHECK_OK(store_is_suppressed(store, LIT("h1"), LIT("o"), &yes, NULL));
    CHECK(!yes);
    CHECK_OK(store_suppress(store, LIT("h1"), LIT("o"), "link", (struct instant){5}, NULL));
    CHECK_OK(store_suppress(store, LIT("h1"), LIT("o"), "words", (struct instant){6}, NULL));
    CHECK_OK(store_suppress(store, LIT("h2"), SLICE_NONE, "words", (struct instant){6}, NULL));
    static const struct { const char *hash, *organisation; bool yes; } cases[] = {
        {"h1", "o", true}, {"h1", "p", false}, {"h1", "", false},
        {"h2", "o", true}, {"h2", "", true}, {"h3", "o", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].hash);
        CHECK_OK(store_is_suppressed(store, slice_from(cases[i].hash),
                                     slice_from(cases[i].organisation), &yes, NULL));
        CHECK(yes == cases[i].yes);
    }
    CHECK_OK(store_lift_suppression(store, LIT("h1"), NULL));
    CHECK_NUMBER(store_lift_suppression(store, LIT("h1"), NULL), ST_NOT_FOUND);
}

static void tallies_count_by_subject_kind_and_period(void)
{
    AUTO_STORE store = open_memory();
    static const struct { const char *subject, *kind; int64_t period; uint32_t count; } rows[] = {
        {"s", "mail", 1, 1}, {"s", "mail", 1, 2}, {"s", "mail", 2, 1},
        {"s", "request", 1, 1}, {"t", "mail", 1, 1}, {"s", "mail", 1, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t count = 99;
        CHECK_OK(store_tally(store, slice_from(rows[i].subject), rows[i].kind,
                             (struct instant){rows[i].period}, &count, NULL));
        CHECK_NUMBER(count, rows[i].count);
    }
    struct purge before = {{1}, {1}};
    uint32_t count;
    CHECK_OK(store_purge(store, &before, NULL));
    CHECK_OK(store_tally(store, LIT("s"), "mail", (struct instant){1}, &count, NULL));
    CHECK_NUMBER(count, 1);
    CHECK_OK(store_tally(store, LIT("s"), "mail", (struct instant){2}, &count, NULL));
    CHECK_NUMBER(count, 2);
}

static void retention_looks_at_what_ended_first(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_STORE store = open_memory();
    struct stored_meeting_list found;
    static const char *const ids[] = {"m1", "m2", "m3"};
    for (size_t i = 0; i < 3; i++) {
        struct stored_meeting meeting = any_meeting(ids[i]);
        CHECK_OK(store_save_meeting(store, &meeting, NULL));
        CHECK_OK(store_set_retention(store, meeting.id, (struct instant){(int64_t)i * 10}, NULL));
    }
    CHECK_OK(store_set_retention(store, LIT("m2"), (struct instant){50}, NULL));
    CHECK_OK(store_retained_since(store, (struct instant){20}, arena, &found, NULL));
    CHECK_NUMBER(found.count, 2);
    CHECK_TEXT(found.items[1].id, "m3");
    CHECK_OK(store_erase_meeting(store, LIT("m1"), (struct instant){60}, NULL));
    CHECK_OK(store_retained_since(store, (struct instant){99}, arena, &found, NULL));
    CHECK_NUMBER(found.count, 2);
}

struct scanned {
    size_t count;
    char last[40];
};
static void note_entry(void *context, const char *place, int64_t row, struct sealed sealed)
{
    struct scanned *scanned = context;
    (void)row;
    CHECK(sealed.bytes.len > 0);
    scanned->count++;
    snprintf(scanned->last, sizeof scanned->last, "%s", place);
}

/* In steps of any length each entry is seen once, the keys of another database last. */
static void entries_are_scanned_in_steps(void)
{
    struct test_folder folder = folder_create();
    struct store *store = NULL;
    struct scanned whole = {0};
    CHECK_OK(store_open(&sqlite_driver, folder.db, &store, NULL));
    struct stored_organisation organisation = any_organisation("o");
    CHECK_OK(store_save_organisation(store, &organisation, NULL));
    for (int i = 0; i < 7; i++) {
        char id[16], hash[16];
        snprintf(id, sizeof id, "p_%d", i);
        snprintf(hash, sizeof hash, "h%d", i);
        struct stored_person person = any_person(id, hash);
        CHECK_OK(store_save_person(store, &person, NULL));
    }
    CHECK_OK(store_scan_entries(store, note_entry, &whole, NULL));
    CHECK_NUMBER(whole.count, 9); /* an organisation, its key, seven people */
    CHECK_TEXT(slice_from(whole.last), "key.wrapped");
    for (int64_t step = 1; step < 12; step++) {
        struct scanned scanned = {0};
        struct entry_cursor cursor = {0};
        for (size_t steps = 0; !cursor.ended && steps < 100; steps++)
            CHECK_OK(store_scan_page(store, &cursor, step, note_entry, &scanned, NULL));
        CHECK_NUMBER(scanned.count, whole.count);
        CHECK(cursor.ended);
    }
    store_destroy(&store);
    folder_remove(&folder);
}

static void ids_are_long_and_differ(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice a = store_new_id("m", arena), b = store_new_id("m", arena);
    CHECK_NUMBER(a.len, 28);
    CHECK(slice_starts(a, LIT("m_")));
    CHECK(!slice_equal(a, b));
}

int main(void)
{
    TEST(organisations_are_kept);
    TEST(people_are_found_by_id_and_address);
    TEST(a_stale_version_is_refused);
    TEST(meetings_are_found_by_people_and_messages);
    TEST(messages_keep_their_order);
    TEST(mail_is_handled_once);
    TEST(holds_of_one_person_never_overlap);
    TEST(holds_agree_with_a_plain_search);
    TEST(the_database_itself_refuses_overlaps);
    TEST(an_erased_meeting_leaves_id_and_dates);
    TEST(the_log_is_a_chain);
    TEST(sandbox_mail_is_kept);
    TEST(a_transaction_is_all_or_nothing);
    TEST(only_a_light_transaction_does_not_wait_for_the_disk);
    TEST(values_are_never_sql);
    TEST(a_refusal_of_mail_has_a_scope);
    TEST(tallies_count_by_subject_kind_and_period);
    TEST(retention_looks_at_what_ended_first);
    TEST(entries_are_scanned_in_steps);
    TEST(ids_are_long_and_differ);
    return check_done();
}
