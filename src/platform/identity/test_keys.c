/* Keys of organisations lie in a file of their own, and what goes there is gone. */
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "identity_migrations.h"
#include "platform/identity/organisations.h"

enum { MANY = 1200, KEY_LEN = 61 };

struct site {
    char folder[32];
    const char *db, *keys;
    struct arena *arena;
};

static struct site begin(void)
{
    struct site site = {.folder = "/tmp/rendez-keys-XXXXXX", .arena = arena_create((size_t)256 << 20)};
    if (mkdtemp(site.folder) == NULL)
        abort();
    site.db = arena_format(site.arena, "%s/identity.db", site.folder).data;
    site.keys = arena_format(site.arena, "%s/identity.keys", site.folder).data;
    return site;
}

static const char *const names[] = {"identity.db", "identity.db-wal", "identity.db-shm", "identity.keys",
                                    "identity.keys-journal", "identity.db.before-2", "copy.db", "copy.keys",
                                    "copy.keys-journal", "copy.db-wal", "copy.db-shm"};

static void end(struct site *site)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(arena_format(site->arena, "%s/%s", site->folder, names[i]).data);
    CHECK(rmdir(site->folder) == 0);
    arena_destroy(&site->arena);
}

/* An entry as it is stored, with bytes that are looked for afterwards. */
static struct sealed key_of(struct arena *arena, unsigned number)
{
    char *bytes = arena_alloc(arena, KEY_LEN);
    memset(bytes, 'k', KEY_LEN);
    memcpy(bytes, "\1\0\0\0\1", 5);
    snprintf(bytes + 5, 24, "wrapped-%06u", number);
    return (struct sealed){{bytes, KEY_LEN}};
}

static bool file_holds(const struct site *site, const char *name, struct slice bytes)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    struct slice text;
    const char *path = arena_format(arena, "%s/%s", site->folder, name).data;
    return file_read(path, 32 << 20, arena, &text, NULL) == ST_OK && slice_contains(text, bytes);
}

/* A database as version 1 left it. */
static void write_version_1(struct site *site)
{
    sqlite3 *db;
    sqlite3_stmt *insert;
    CHECK(sqlite3_open(site->db, &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "pragma journal_mode = wal; pragma synchronous = off", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_exec(db, identity_migrations[0].script, NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "pragma user_version = 1; begin", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(db, "insert into organisation values ($1, 'client', 'active', 1, $2, 3)", -1, &insert,
                             NULL) == SQLITE_OK);
    for (unsigned i = 0; i < MANY; i++) {
        struct slice id = arena_format(site->arena, "o_%u", i), key = key_of(site->arena, i).bytes;
        sqlite3_bind_text(insert, 1, id.data, (int)id.len, SQLITE_TRANSIENT);
        sqlite3_bind_blob(insert, 2, key.data, (int)key.len, SQLITE_TRANSIENT);
        CHECK(sqlite3_step(insert) == SQLITE_DONE);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    CHECK(sqlite3_exec(db, "insert into account values (1, 'p_1', 'o_1', 'person', null, 'organizer', 'active', 1, 1, "
                           "null, null, x'01', null, x'02'); commit", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

static void check_all_there(struct site *site, struct identity *identity)
{
    struct identity_organisation row;
    struct account account;
    for (unsigned i = 0; i < MANY; i += i == 0 ? 1 : MANY / 7) {
        struct slice id = arena_format(site->arena, "o_%u", i);
        check_row(id.data);
        CHECK_OK(identity_load_organisation(identity, id, site->arena, &row, NULL));
        CHECK_NUMBER(row.key.version, 3);
        CHECK(slice_equal(row.key.sealed.bytes, key_of(site->arena, i).bytes));
        CHECK_TEXT(row.state, "active");
        CHECK(!file_holds(site, "identity.db", key_of(site->arena, i).bytes));
        CHECK(!file_holds(site, "identity.db-wal", key_of(site->arena, i).bytes));
        CHECK(file_holds(site, "identity.keys", key_of(site->arena, i).bytes));
    }
    CHECK_OK(identity_load_account(identity, LIT("p_1"), site->arena, &account, NULL));
    CHECK_TEXT(account.organisation, "o_1");
    check_row(NULL);
}

static void keys_of_version_1_move(void)
{
    struct site site = begin();
    write_version_1(&site);
    CHECK(file_holds(&site, "identity.db", key_of(site.arena, 5).bytes));
    {
        AUTO_IDENTITY identity = NULL;
        CHECK_OK(identity_open(&sqlite_driver, site.db, &identity, NULL));
        check_all_there(&site, identity);
        CHECK(file_holds(&site, "identity.db.before-2", key_of(site.arena, 5).bytes)); /* doc/operations.md */
        CHECK_OK(identity_forget_backups(identity, (struct instant){INT64_MAX}, NULL));
        CHECK(!file_holds(&site, "identity.db.before-2", LIT("SQLite")));
    }
    AUTO_IDENTITY again = NULL;
    CHECK_OK(identity_open(&sqlite_driver, site.db, &again, NULL));
    check_all_there(&site, again);
    identity_destroy(&again);
    end(&site);
}

/* A driver that fails from its n-th statement or commit on, as if the process had died there. */
static unsigned calls_left;
static enum status dying_run(struct sql *sql, unsigned query, const struct sql_value *args,
                             sql_row_fn *each_row, void *context, struct problem *why)
{
    if (calls_left == 0)
        return problem_set(why, ST_UNAVAILABLE, "it died");
    calls_left--;
    return sqlite_driver.run(sql, query, args, each_row, context, why);
}
static enum status dying_commit(struct sql *sql, struct problem *why)
{
    if (calls_left == 0)
        return problem_set(why, ST_UNAVAILABLE, "it died");
    calls_left--;
    return sqlite_driver.commit(sql, why);
}

static struct sql_driver dying(unsigned after)
{
    struct sql_driver driver = sqlite_driver;
    driver.run = dying_run;
    driver.commit = dying_commit;
    calls_left = after;
    return driver;
}

static void a_move_that_is_cut_off_loses_and_keeps_none(void)
{
    static const unsigned deaths[] = {0, 1, 2, 500, 1000, 1001, 1002, 1003, 1004, 1100, 1205, 1206, 1207, 1208};
    bool done = false;
    for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
        struct site site = begin();
        struct sql_driver driver = dying(deaths[i]);
        AUTO_IDENTITY identity = NULL;
        write_version_1(&site);
        done = identity_open(&driver, site.db, &identity, NULL) == ST_OK;
        identity_destroy(&identity);
        check_row(arena_format(site.arena, "%u", deaths[i]).data);
        CHECK_OK(identity_open(&sqlite_driver, site.db, &identity, NULL));
        check_all_there(&site, identity);
        identity_destroy(&identity);
        check_row(NULL);
        end(&site);
    }
    CHECK(!done); /* the last of them is before the end, too */
}

static void add_two(struct site *site, struct identity *identity)
{
    for (unsigned i = 0; i < 2; i++) {
        struct identity_organisation row = {.id = arena_format(site->arena, "o_%u", i), .kind = LIT("client"),
                                            .state = LIT("active"), .created = {1}, .key = {key_of(site->arena, i), 1}};
        CHECK_OK(identity_save_organisation(identity, &row, NULL));
    }
}

static enum status erase(struct identity *identity, bool commits)
{
    TRY(identity_begin(identity, NULL));
    enum status status = identity_erase_organisation(identity, LIT("o_1"), (struct instant){9}, NULL);
    if (status == ST_OK && commits)
        status = identity_commit(identity, NULL);
    identity_rollback(identity);
    return status;
}

static enum status key_status(struct site *site, struct identity *identity, const char *id)
{
    struct wrapped_key key;
    return identity_load_key(identity, slice_from(id), 0, site->arena, &key, NULL);
}

static void what_is_erased_is_in_no_file(void)
{
    struct site site = begin();
    struct identity_organisation row;
    AUTO_IDENTITY identity = NULL;
    struct slice gone = key_of(site.arena, 1).bytes, stays = key_of(site.arena, 0).bytes;
    CHECK_OK(identity_open(&sqlite_driver, site.db, &identity, NULL));
    add_two(&site, identity);
    CHECK_OK(erase(identity, false)); /* undone, nothing has happened */
    CHECK_OK(identity_end_keys(identity, NULL));
    CHECK_OK(key_status(&site, identity, "o_1"));
    CHECK(file_holds(&site, "identity.keys", gone));
    CHECK_OK(erase(identity, true));
    CHECK_OK(identity_end_keys(identity, NULL));
    CHECK_NUMBER(key_status(&site, identity, "o_1"), ST_NOT_FOUND);
    CHECK_OK(key_status(&site, identity, "o_0"));
    CHECK(file_holds(&site, "identity.keys", stays));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(!file_holds(&site, names[i], gone));
    CHECK_OK(identity_load_organisation(identity, LIT("o_1"), site.arena, &row, NULL));
    CHECK_TEXT(row.state, "ended");
    CHECK(row.erased.us == 9 && row.ended.us == 9 && row.key.sealed.bytes.len == 0);
    CHECK_NUMBER(erase(identity, true), ST_CONFLICT);
    /* It does not come back, whoever saves it over what they had loaded. */
    row.state = LIT("active");
    row.ended = row.erased = (struct instant){0};
    CHECK_OK(identity_save_organisation(identity, &row, NULL));
    CHECK_OK(identity_load_organisation(identity, LIT("o_1"), site.arena, &row, NULL));
    CHECK_TEXT(row.state, "ended");
    identity_destroy(&identity);
    end(&site);
}

/* Died after the commit: the next start destroys the key before anything else. */
static void an_erasure_that_is_cut_off_ends_the_key_at_the_next_start(void)
{
    for (unsigned death = 0; death < 6; death++) {
        struct site site = begin();
        struct sql_driver driver = dying(UINT_MAX);
        AUTO_IDENTITY identity = NULL;
        CHECK_OK(identity_open(&driver, site.db, &identity, NULL));
        add_two(&site, identity);
        CHECK_OK(erase(identity, true));
        calls_left = death;
        bool ended = identity_end_keys(identity, NULL) == ST_OK;
        CHECK(ended == (death >= 4)); /* list, delete, commit, done */
        identity_destroy(&identity);
        CHECK_OK(identity_open(&sqlite_driver, site.db, &identity, NULL));
        CHECK_NUMBER(key_status(&site, identity, "o_1"), ST_NOT_FOUND);
        CHECK_OK(key_status(&site, identity, "o_0"));
        CHECK(!file_holds(&site, "identity.keys", key_of(site.arena, 1).bytes));
        identity_destroy(&identity);
        end(&site);
    }
}

struct seen {
    unsigned count, keys, accounts;
};

static void see(void *context, const char *place, int64_t row, struct sealed sealed)
{
    struct seen *seen = context;
    CHECK(row > 0 && sealed.bytes.len > 0);
    seen->count++;
    seen->keys += strcmp(place, "identity.key.wrapped") == 0;
    seen->accounts += strcmp(place, "identity.account.sealed") == 0;
}

static void every_entry_is_seen(void)
{
    struct site site = begin();
    struct seen seen = {0};
    AUTO_IDENTITY identity = NULL;
    CHECK_OK(identity_open(&sqlite_driver, site.db, &identity, NULL));
    add_two(&site, identity);
    struct account account = {.id = LIT("p_1"), .organisation = LIT("o_0"), .function = LIT("organizer"),
                              .state = ACCOUNT_ACTIVE, .created = {1}, .address_hash = LIT("hash"),
                              .details = {LIT("sealed")}};
    struct session session = {.token_hash = LIT("token"), .id = LIT("n_1"), .account = LIT("p_1"),
                              .factor = LIT("passkey"), .place = {LIT("sealed")}};
    struct factor factor = {.id = LIT("f_1"), .account = LIT("p_1"), .kind = FACTOR_KIND_CODE, .state = FACTOR_ACTIVE,
                            .secret = {LIT("sealed")}, .details = {LIT("sealed")}};
    CHECK_OK(identity_save_account(identity, &account, NULL));
    CHECK_OK(identity_add_session(identity, &session, NULL));
    CHECK_OK(identity_add_factor(identity, &factor, NULL));
    CHECK_OK(identity_scan_entries(identity, see, &seen, NULL));
    CHECK_NUMBER(seen.keys, 2);
    CHECK_NUMBER(seen.accounts, 1);
    CHECK_NUMBER(seen.count, 2 + 1 + 1 + 2);
    identity_destroy(&identity);
    end(&site);
}

int main(void)
{
    TEST(keys_of_version_1_move);
    TEST(a_move_that_is_cut_off_loses_and_keeps_none);
    TEST(what_is_erased_is_in_no_file);
    TEST(an_erasure_that_is_cut_off_ends_the_key_at_the_next_start);
    TEST(every_entry_is_seen);
    return check_done();
}
