/* trust.db: what goes in comes out, in the order that is promised; the log only grows. */
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "platform/evidence/evidence.h"

#define AT(s) ((struct instant){INT64_C(1790000000000000) + (s) * INT64_C(1000000)})

static char folder[64], file[96];

static struct evidence *open_fresh(void)
{
    struct evidence *evidence = NULL;
    snprintf(folder, sizeof folder, "%s/rendez-evidence-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(file, sizeof file, "%s/trust.db", folder);
    CHECK_OK(evidence_open(&sqlite_driver, file, &evidence, NULL));
    return evidence;
}

static void close_all(struct evidence **evidence)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    evidence_destroy(evidence);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", file, endings[i]);
        unlink(name);
    }
    rmdir(folder);
}

/* What an intruder tries on the file itself. */
static int run_sql(const char *statement)
{
    sqlite3 *db;
    CHECK_NUMBER(sqlite3_open(file, &db), SQLITE_OK);
    int code = sqlite3_exec(db, statement, NULL, NULL, NULL);
    sqlite3_close(db);
    return code;
}

static struct finding finding(const char *control, int64_t second, const char *result)
{
    return (struct finding){.control = slice_from(control), .at = AT(second), .result = slice_from(result),
                            .facts = LIT("entries=3"), .digest = LIT("d1"), .version = LIT("1.0"), .entry = 7};
}

static void findings(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct evidence *evidence = open_fresh();
    struct finding last;
    struct finding_list list;
    CHECK_NUMBER(evidence_last(evidence, LIT("CHIF-05"), arena, &last, NULL), ST_NOT_FOUND);
    struct finding rows[] = {finding("CHIF-05", 1, "holds"), finding("CHIF-05", 3, "fails"),
                             finding("CHIF-06", 2, "holds"), finding("CHIF-05", 2, "holds")};
    rows[1].cause = LIT("repeated");
    for (size_t i = 0; i < 4; i++)
        CHECK_OK(evidence_add(evidence, &rows[i], NULL));
    /* The newest is the one that was written last: clocks are set back. */
    CHECK_OK(evidence_last(evidence, LIT("CHIF-05"), arena, &last, NULL));
    CHECK_NUMBER(last.at.us, AT(2).us);
    CHECK_OK(evidence_list(evidence, LIT("CHIF-05"), 2, arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_TEXT(list.items[1].cause, "repeated");
    CHECK_TEXT(list.items[1].facts, "entries=3");
    CHECK_NUMBER(list.items[1].entry, 7);
    struct finding logged = finding("CHIF-06", 2, "holds"), found;
    CHECK_OK(evidence_append_log(evidence, logged.at, LIT("control.check.done"), LIT("control=CHIF-06"), &logged.entry, NULL));
    CHECK_OK(evidence_add(evidence, &logged, NULL));
    CHECK_OK(evidence_find(evidence, LIT("CHIF-06"), logged.entry, arena, &found, NULL));
    CHECK_NUMBER(found.seq, 5);
    CHECK_NUMBER(evidence_find(evidence, LIT("CHIF-05"), logged.entry, arena, &found, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(evidence_find(evidence, LIT("CHIF-06"), logged.entry + 1, arena, &found, NULL), ST_NOT_FOUND);
    struct finding odd = finding("CHIF-05", 9, "perhaps");
    CHECK_NUMBER(evidence_add(evidence, &odd, NULL), ST_CONFLICT);
    CHECK_OK(evidence_purge(evidence, AT(100), NULL));
    CHECK_OK(evidence_list(evidence, LIT("CHIF-05"), 100, arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_NUMBER(list.items[0].at.us, AT(2).us);
    CHECK_OK(evidence_last_held(evidence, LIT("CHIF-05"), arena, &last, NULL));
    CHECK_TEXT(last.result, "holds");
    CHECK_OK(evidence_last(evidence, LIT("CHIF-06"), arena, &last, NULL));
    close_all(&evidence);
}

static void statements(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct evidence *evidence = open_fresh();
    struct statement out;
    struct statement_list list;
    struct statement rows[] = {
        {LIT("sta_1"), LIT("AUD-02"), LIT("record"), AT(10), AT(5), {0}, LIT("x"), LIT("a.txt"), {LIT("s1")}, 1},
        {LIT("sta_2"), LIT("AUD-02"), LIT("record"), AT(11), AT(4), {0}, LIT("y"), LIT("b.txt"), {LIT("s2")}, 2},
        {LIT("sta_3"), LIT("DC-02"), LIT("attest"), AT(11), {0}, AT(900), LIT("z"), LIT("c.txt"), {LIT("s3")}, 3},
    };
    for (size_t i = 0; i < 3; i++)
        CHECK_OK(evidence_add_statement(evidence, &rows[i], NULL));
    CHECK_NUMBER(evidence_add_statement(evidence, &rows[0], NULL), ST_CONFLICT);
    /* What was done last counts, not what was written last. */
    CHECK_OK(evidence_last_statement(evidence, LIT("AUD-02"), LIT("record"), arena, &out, NULL));
    CHECK_TEXT(out.id, "sta_1");
    CHECK_TEXT(out.file.bytes, "s1");
    CHECK_NUMBER(evidence_last_statement(evidence, LIT("AUD-02"), LIT("attest"), arena, &out, NULL), ST_NOT_FOUND);
    CHECK_OK(evidence_list_statements(evidence, LIT("AUD-02"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
    CHECK_TEXT(list.items[0].id, "sta_2");
    CHECK_NUMBER(list.items[0].file.bytes.len, 0);
    struct statement both = rows[0];
    both.id = LIT("sta_4"), both.until = AT(9);
    CHECK_NUMBER(evidence_add_statement(evidence, &both, NULL), ST_CONFLICT);
    close_all(&evidence);
}

static void registers(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct evidence *evidence = open_fresh();
    struct certification_list certifications;
    struct contact_list contacts;
    struct certification good = {LIT("cer_1"), LIT("A"), LIT("B"), AT(9),
                                 LIT("0123456789012345678901234567890123456789012345678901234567890123"), {LIT("s")}};
    struct certification bare = good;
    bare.id = LIT("cer_2"), bare.digest = SLICE_NONE;
    CHECK_OK(evidence_add_certification(evidence, &good, NULL));
    CHECK_NUMBER(evidence_add_certification(evidence, &bare, NULL), ST_CONFLICT);
    CHECK_OK(evidence_list_certifications(evidence, arena, &certifications, NULL));
    CHECK_NUMBER(certifications.count, 1);
    CHECK_OK(evidence_remove_certification(evidence, LIT("cer_1"), NULL));
    CHECK_NUMBER(evidence_remove_certification(evidence, LIT("cer_1"), NULL), ST_NOT_FOUND);
    struct contact contact = {LIT("service"), 0, {LIT("s1")}};
    CHECK_OK(evidence_save_contact(evidence, &contact, NULL));
    contact.sealed.bytes = LIT("s2");
    CHECK_OK(evidence_save_contact(evidence, &contact, NULL));
    CHECK_OK(evidence_list_contacts(evidence, arena, &contacts, NULL));
    CHECK_NUMBER(contacts.count, 1);
    CHECK_TEXT(contacts.items[0].sealed.bytes, "s2");
    CHECK_OK(evidence_remove_contact(evidence, LIT("service"), NULL));
    CHECK_NUMBER(evidence_remove_contact(evidence, LIT("service"), NULL), ST_NOT_FOUND);
    close_all(&evidence);
}

static void states_and_releases(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct evidence *evidence = open_fresh();
    struct standing standing = {LIT("CHIF-05"), LIT("holds"), AT(1), SLICE_NONE}, back;
    struct change change = {0, AT(1), LIT("CHIF-05"), LIT("unknown"), LIT("holds"), SLICE_NONE, 3};
    struct change_list changes;
    struct release release = {0, LIT("1.0"), AT(1)}, found;
    CHECK_NUMBER(evidence_load_standing(evidence, LIT("CHIF-05"), arena, &back, NULL), ST_NOT_FOUND);
    CHECK_OK(evidence_save_standing(evidence, &standing, NULL));
    standing.state = LIT("fails"), standing.cause = LIT("repeated");
    CHECK_OK(evidence_save_standing(evidence, &standing, NULL));
    CHECK_OK(evidence_load_standing(evidence, LIT("CHIF-05"), arena, &back, NULL));
    CHECK_TEXT(back.cause, "repeated");
    CHECK_OK(evidence_add_change(evidence, &change, NULL));
    change.becomes = LIT("fails");
    CHECK_OK(evidence_add_change(evidence, &change, NULL));
    CHECK_OK(evidence_list_changes(evidence, 10, arena, &changes, NULL));
    CHECK_NUMBER(changes.count, 2);
    CHECK_TEXT(changes.items[0].becomes, "fails");
    CHECK_NUMBER(evidence_last_release(evidence, arena, &found, NULL), ST_NOT_FOUND);
    CHECK_OK(evidence_add_release(evidence, &release, NULL));
    release.version = LIT("1.1");
    CHECK_OK(evidence_add_release(evidence, &release, NULL));
    CHECK_OK(evidence_last_release(evidence, arena, &found, NULL));
    CHECK_TEXT(found.version, "1.1");
    CHECK_OK(evidence_first_release(evidence, arena, &found, NULL));
    CHECK_TEXT(found.version, "1.0");
    close_all(&evidence);
}

/* Since which release what guards is as it is: a change that went back again is a change. */
static void releases_that_change_what_guards(void)
{
    static const struct {
        const char *version, *first; /* of its guards, when it is the last one */
    } rows[] = {
        {"1.0", ""},
        {"1.0+aaaaaaaaaaaaaaaa", "1.0+aaaaaaaaaaaaaaaa"},
        {"1.1+aaaaaaaaaaaaaaaa", "1.0+aaaaaaaaaaaaaaaa"},
        {"1.1+bbbbbbbbbbbbbbbb", "1.1+bbbbbbbbbbbbbbbb"},
        {"1.2+aaaaaaaaaaaaaaaa", "1.2+aaaaaaaaaaaaaaaa"},
        {"1.3+aaaaaaaaaaaaaaaa", "1.2+aaaaaaaaaaaaaaaa"},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    struct evidence *evidence = open_fresh();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct release release = {0, slice_from(rows[i].version), AT((int64_t)i)}, found = {0};
        struct slice guards = i == 0 ? LIT("aaaaaaaaaaaaaaaa") : slice_sub(release.version, 4, SIZE_MAX);
        check_row(rows[i].version);
        CHECK_OK(evidence_add_release(evidence, &release, NULL));
        enum status status = evidence_guarded_release(evidence, guards, arena, &found, NULL);
        CHECK_NUMBER(status, rows[i].first[0] == '\0' ? ST_NOT_FOUND : ST_OK);
        CHECK_TEXT(found.version, rows[i].first);
        CHECK_NUMBER(evidence_guarded_release(evidence, LIT("cccccccccccccccc"), arena, &found, NULL), ST_NOT_FOUND);
    }
    close_all(&evidence);
}

/* What was rolled back was never there; what is there nobody changes unnoticed. */
static void the_log_only_grows(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct evidence *evidence = open_fresh();
    struct log_entry_list log;
    uint32_t entry = 0;
    CHECK_OK(evidence_append_log(evidence, AT(1), LIT("control.check.done"), LIT("control=CHIF-05"), &entry, NULL));
    CHECK_NUMBER(entry, 1);
    CHECK_OK(evidence_begin(evidence, NULL));
    CHECK_OK(evidence_append_log(evidence, AT(2), LIT("control.check.done"), LIT("control=CHIF-06"), &entry, NULL));
    CHECK_NUMBER(entry, 2);
    evidence_rollback(evidence);
    CHECK_OK(evidence_append_log(evidence, AT(3), LIT("control.check.done"), LIT("control=AUT-06"), &entry, NULL));
    CHECK_NUMBER(entry, 2);
    CHECK_OK(evidence_list_log(evidence, 0, arena, &log, NULL));
    CHECK_NUMBER(log.count, 2);
    CHECK_TEXT(log.items[1].ids, "control=AUT-06");
    CHECK_OK(evidence_verify_log(evidence, NULL));
    CHECK(run_sql("delete from log_entry") != SQLITE_OK);
    CHECK(run_sql("update log_entry set ids = 'control=AUT-07'") != SQLITE_OK);
    CHECK_NUMBER(run_sql("drop trigger log_update; update log_entry set ids = 'control=AUT-07' where seq = 2"), SQLITE_OK);
    CHECK_NUMBER(evidence_verify_log(evidence, NULL), ST_INVALID);
    close_all(&evidence);
}

static bool disk_is_full;

static enum status failing_commit(struct sql *sql, struct problem *why)
{
    return disk_is_full ? problem_set(why, ST_UNAVAILABLE, "the disk is full") : sqlite_driver.commit(sql, why);
}

/* What a full disk keeps from being committed is undone by whoever's transaction it is: the next one begins. */
static void what_cannot_be_committed_is_undone(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct evidence *evidence = open_fresh();
    struct sql_driver driver = sqlite_driver;
    struct log_entry_list log;
    uint32_t entry;
    driver.commit = failing_commit;
    evidence_destroy(&evidence);
    CHECK_OK(evidence_open(&driver, file, &evidence, NULL));
    for (int i = 0; i < 3; i++) {
        disk_is_full = i == 1;
        CHECK_OK(evidence_begin(evidence, NULL));
        CHECK_OK(evidence_append_log(evidence, AT(i), LIT("control.check.done"), LIT("control=CHIF-05"), &entry, NULL));
        CHECK_NUMBER(evidence_commit(evidence, NULL), disk_is_full ? ST_UNAVAILABLE : ST_OK);
    }
    CHECK_OK(evidence_list_log(evidence, 0, arena, &log, NULL));
    CHECK_NUMBER(log.count, 2);
    CHECK_NUMBER(log.items[1].at.us, AT(2).us);
    close_all(&evidence);
}

int main(void)
{
    TEST(findings);
    TEST(statements);
    TEST(registers);
    TEST(states_and_releases);
    TEST(releases_that_change_what_guards);
    TEST(the_log_only_grows);
    TEST(what_cannot_be_committed_is_undone);
    return check_done();
}
