/* identity.db in the words of identity.h. */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "platform/identity/organisations.h"
#include "platform/identity/places.h"
#include "platform/identity/tables.h"

static struct sealed any_sealed(void)
{
    return (struct sealed){LIT("sealed")};
}

static struct identity *begin(void)
{
    struct identity *identity = NULL;
    CHECK_OK(identity_open(&sqlite_driver, ":memory:", &identity, NULL));
    struct identity_organisation organisation = {.id = LIT("o"), .kind = LIT("client"), .state = LIT("active"),
                                                 .created = {1}, .key = {any_sealed(), 1}};
    CHECK_OK(identity_save_organisation(identity, &organisation, NULL));
    return identity;
}

static struct account any_account(const char *id, const char *address)
{
    return (struct account){.id = slice_from(id),
                            .organisation = LIT("o"),
                            .function = LIT("organizer"),
                            .state = ACCOUNT_ACTIVE,
                            .created = {1},
                            .address_hash = slice_from(address),
                            .details = any_sealed()};
}

static void add_account(struct identity *identity, const char *id, const char *address)
{
    struct account account = any_account(id, address);
    CHECK_OK(identity_save_account(identity, &account, NULL));
}

/* What the schema lets in, and what not. */
static void accounts_keep_their_rules(void)
{
    static const struct {
        const char *id, *organisation, *owner, *address;
        enum account_kind kind;
        enum status status;
    } cases[] = {
        {"p_1", "o", "", "a", ACCOUNT_PERSON, ST_OK},
        {"p_2", "o", "", "a", ACCOUNT_PERSON, ST_CONFLICT},  /* the address of p_1 */
        {"p_1", "o", "", "b", ACCOUNT_PERSON, ST_CONFLICT},  /* the id */
        {"p_3", "p", "", "c", ACCOUNT_PERSON, ST_NOT_FOUND}, /* no such organisation */
        {"p_4", "o", "", "", ACCOUNT_PERSON, ST_CONFLICT},   /* a person has an address */
        {"p_5", "o", "p_1", "d", ACCOUNT_PERSON, ST_CONFLICT},
        {"s_1", "o", "", "", ACCOUNT_SERVICE, ST_CONFLICT},  /* a service has an owner */
        {"s_2", "o", "p_9", "", ACCOUNT_SERVICE, ST_NOT_FOUND},
        {"s_3", "o", "p_1", "e", ACCOUNT_SERVICE, ST_CONFLICT},
        {"s_4", "o", "p_1", "", ACCOUNT_SERVICE, ST_OK},
        {"s_5", "o", "p_1", "", ACCOUNT_SERVICE, ST_OK},
    };
    AUTO_IDENTITY identity = begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct account account = any_account(cases[i].id, cases[i].address);
        account.organisation = slice_from(cases[i].organisation);
        account.owner = slice_from(cases[i].owner);
        account.kind = cases[i].kind;
        check_row(cases[i].id);
        CHECK_NUMBER(identity_save_account(identity, &account, NULL), cases[i].status);
    }
    AUTO_ARENA arena = arena_create(1 << 20);
    struct account_list list;
    CHECK_OK(identity_list_owned(identity, LIT("p_1"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 2);
}

static void an_account_is_changed_once_a_version(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_IDENTITY identity = begin();
    struct account first, second;
    add_account(identity, "p", "a");
    CHECK_OK(identity_find_account(identity, LIT("a"), arena, &first, NULL));
    second = first;
    CHECK_NUMBER(first.version, 1);
    first.function = LIT("administrator");
    CHECK_OK(identity_save_account(identity, &first, NULL));
    CHECK_NUMBER(identity_save_account(identity, &second, NULL), ST_CONFLICT);
    CHECK_OK(identity_load_account(identity, LIT("p"), arena, &second, NULL));
    CHECK_TEXT(second.function, "administrator");
    second.state = ACCOUNT_ENDED;
    CHECK_NUMBER(identity_save_account(identity, &second, NULL), ST_CONFLICT); /* without a date */
    second.ended = (struct instant){9};
    CHECK_OK(identity_save_account(identity, &second, NULL));
    /* Found by address no more, and the address is free again. */
    CHECK_NUMBER(identity_find_account(identity, LIT("a"), arena, &first, NULL), ST_NOT_FOUND);
    add_account(identity, "p2", "a");
}

static struct factor any_factor(const char *id, enum factor_kind kind)
{
    return (struct factor){.id = slice_from(id), .account = LIT("p"), .kind = kind,
                           .state = FACTOR_ACTIVE, .created = {1}, .details = any_sealed()};
}

static void a_step_counts_once(void)
{
    static const struct {
        uint32_t step;
        enum status status;
    } cases[] = {{10, ST_OK}, {10, ST_CONFLICT}, {9, ST_CONFLICT}, {11, ST_OK}, {0, ST_CONFLICT}};
    AUTO_IDENTITY identity = begin();
    add_account(identity, "p", "a");
    struct factor factor = any_factor("f", FACTOR_KIND_CODE);
    CHECK_OK(identity_add_factor(identity, &factor, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_NUMBER(identity_take_step(identity, LIT("f"), cases[i].step, (struct instant){5}, NULL),
                     cases[i].status);
}

static void a_passkey_counts_upwards_or_not_at_all(void)
{
    static const struct {
        const char *factor;
        uint32_t count;
        enum status status;
    } cases[] = {
        {"grows", 1, ST_OK}, {"grows", 1, ST_CONFLICT}, {"grows", 0, ST_CONFLICT}, {"grows", 7, ST_OK},
        {"never", 0, ST_OK}, {"never", 0, ST_OK}, {"gone", 1, ST_CONFLICT},
    };
    AUTO_IDENTITY identity = begin();
    add_account(identity, "p", "a");
    for (int i = 0; i < 3; i++) {
        struct factor factor = any_factor((const char *[]){"grows", "never", "gone"}[i], FACTOR_KIND_PASSKEY);
        CHECK_OK(identity_add_factor(identity, &factor, NULL));
    }
    CHECK_OK(identity_end_factor(identity, LIT("gone"), (struct instant){2}, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_NUMBER(identity_take_count(identity, slice_from(cases[i].factor), cases[i].count,
                                         (struct instant){5}, NULL), cases[i].status);
}

static void one_password_and_one_set_of_recovery_codes(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_IDENTITY identity = begin();
    struct factor_list list;
    uint32_t left;
    add_account(identity, "p", "a");
    static const struct {
        const char *id;
        enum factor_kind kind;
        enum status status;
    } cases[] = {
        {"f1", FACTOR_KIND_PASSWORD, ST_OK}, {"f2", FACTOR_KIND_PASSWORD, ST_CONFLICT},
        {"f3", FACTOR_KIND_RECOVERY, ST_OK}, {"f4", FACTOR_KIND_RECOVERY, ST_CONFLICT},
        {"f5", FACTOR_KIND_CODE, ST_OK},     {"f6", FACTOR_KIND_CODE, ST_CONFLICT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct factor factor = any_factor(cases[i].id, cases[i].kind);
        check_row(cases[i].id);
        CHECK_NUMBER(identity_add_factor(identity, &factor, NULL), cases[i].status);
    }
    CHECK_OK(identity_add_recovery(identity, LIT("f3"), LIT("c1"), NULL));
    CHECK_OK(identity_add_recovery(identity, LIT("f3"), LIT("c2"), NULL));
    CHECK_OK(identity_use_recovery(identity, LIT("f3"), LIT("c1"), (struct instant){3}, NULL));
    CHECK_NUMBER(identity_use_recovery(identity, LIT("f3"), LIT("c1"), (struct instant){3}, NULL), ST_DENIED);
    CHECK_NUMBER(identity_use_recovery(identity, LIT("f1"), LIT("c2"), (struct instant){3}, NULL), ST_DENIED);
    CHECK_OK(identity_recovery_left(identity, LIT("f3"), &left, NULL));
    CHECK_NUMBER(left, 1);
    size_t ended;
    CHECK_OK(identity_end_factors(identity, LIT("p"), (struct instant){4}, &ended, NULL));
    CHECK_NUMBER(ended, 3);
    CHECK_OK(identity_list_factors(identity, LIT("p"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 0);
}

static void add_session(struct identity *identity, const char *id, int64_t seen, int64_t ends)
{
    struct session session = {.token_hash = slice_from(id), .id = slice_from(id), .account = LIT("p"),
                              .factor = LIT("passkey"), .begun = {1}, .seen = {seen}, .ends = {ends},
                              .place = any_sealed()};
    CHECK_OK(identity_add_session(identity, &session, NULL));
}

static void what_is_over_is_thrown_away(void)
{
    static const struct {
        const char *id;
        int64_t seen, ends;
        bool stays;
    } cases[] = {{"idle", 50, 900, false}, {"ended", 300, 200, false}, {"lives", 300, 201, true}};
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_IDENTITY identity = begin();
    struct session session;
    uint32_t count;
    add_account(identity, "p", "a");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        add_session(identity, cases[i].id, cases[i].seen, cases[i].ends);
    CHECK_OK(identity_add_attempt(identity, LIT("x"), "login", (struct instant){10}, &count, NULL));
    CHECK_OK(identity_add_attempt(identity, LIT("x"), "login", (struct instant){10}, &count, NULL));
    CHECK_NUMBER(count, 2);
    CHECK_OK(identity_purge(identity, &(struct identity_purge){{200}, {50}, {10}, {0}}, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].id);
        CHECK_NUMBER(identity_find_session(identity, slice_from(cases[i].id), arena, &session, NULL),
                     cases[i].stays ? ST_OK : ST_NOT_FOUND);
    }
    CHECK_OK(identity_count_attempts(identity, LIT("x"), "login", (struct instant){10}, &count, NULL));
    CHECK_NUMBER(count, 0);
}

static void sessions_end_for_their_owner_only(void)
{
    AUTO_IDENTITY identity = begin();
    size_t ended;
    add_account(identity, "p", "a");
    add_account(identity, "q", "b");
    add_session(identity, "one", 1, 9);
    add_session(identity, "two", 1, 9);
    add_session(identity, "three", 1, 9);
    CHECK_NUMBER(identity_end_session(identity, LIT("one"), LIT("q"), NULL), ST_NOT_FOUND);
    CHECK_OK(identity_end_session(identity, LIT("one"), LIT("p"), NULL));
    CHECK_OK(identity_end_sessions(identity, LIT("p"), LIT("two"), &ended, NULL));
    CHECK_NUMBER(ended, 1);
    CHECK_OK(identity_end_sessions(identity, LIT("p"), SLICE_NONE, &ended, NULL));
    CHECK_NUMBER(ended, 1);
}

static void a_flow_takes_each_step_once(void)
{
    AUTO_IDENTITY identity = begin();
    uint32_t tries;
    struct flow flow = {.id_hash = LIT("h"), .kind = FLOW_LOGIN, .step = LIT("start"), .begun = {1},
                        .ends = {9}, .details = any_sealed()};
    CHECK_OK(identity_add_flow(identity, &flow, NULL));
    flow.step = LIT("code");
    CHECK_OK(identity_advance_flow(identity, &flow, LIT("start"), NULL));
    CHECK_NUMBER(identity_advance_flow(identity, &flow, LIT("start"), NULL), ST_CONFLICT);
    CHECK_OK(identity_try_flow(identity, LIT("h"), &tries, NULL));
    CHECK_OK(identity_try_flow(identity, LIT("h"), &tries, NULL));
    CHECK_NUMBER(tries, 2);
    CHECK_OK(identity_end_flow(identity, LIT("h"), NULL));
    CHECK_NUMBER(identity_end_flow(identity, LIT("h"), NULL), ST_NOT_FOUND);
    CHECK_NUMBER(identity_try_flow(identity, LIT("h"), &tries, NULL), ST_NOT_FOUND);
}

static void errands_wait_for_each_peer(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_IDENTITY identity = begin();
    struct errand_list list;
    uint32_t left;
    static const char *const peers[] = {"keyd", "planner", "api"};
    for (int i = 0; i < 3; i++) {
        struct errand errand = {LIT("e"), LIT("ended"), slice_from(peers[i]), LIT("p"), {1}, any_sealed()};
        CHECK_OK(identity_add_errand(identity, &errand, NULL));
        CHECK_NUMBER(identity_add_errand(identity, &errand, NULL), ST_CONFLICT);
    }
    CHECK_OK(identity_finish_errand(identity, LIT("e"), LIT("planner"), &left, NULL));
    CHECK_NUMBER(left, 2);
    CHECK_NUMBER(identity_finish_errand(identity, LIT("e"), LIT("planner"), &left, NULL), ST_NOT_FOUND);
    CHECK_OK(identity_list_errands(identity, LIT("keyd"), arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
}

static void note_entry(void *context, const char *place, int64_t row, struct sealed sealed)
{
    size_t *count = context;
    CHECK(place[0] != '\0' && row > 0 && sealed.bytes.len > 0);
    (*count)++;
}

/* In steps of any length each entry is seen once, those of tables without numbers too. */
static void entries_are_scanned_in_steps(void)
{
    AUTO_IDENTITY identity = begin();
    for (int i = 0; i < 5; i++) {
        char id[16], hash[16];
        snprintf(id, sizeof id, "p_%d", i);
        snprintf(hash, sizeof hash, "h%d", i);
        add_account(identity, id, hash);
        struct flow flow = {.id_hash = slice_from(hash), .kind = FLOW_ENROLMENT, .account = slice_from(id),
                            .step = LIT("invited"), .begun = {1}, .ends = {2}, .details = any_sealed()};
        CHECK_OK(identity_add_flow(identity, &flow, NULL));
    }
    for (int64_t step = 1; step < 8; step++) {
        size_t count = 0;
        struct entry_cursor cursor = {0};
        for (size_t steps = 0; !cursor.ended && steps < 100; steps++)
            CHECK_OK(identity_scan_page(identity, &cursor, step, note_entry, &count, NULL));
        CHECK_NUMBER(count, 11);
        CHECK(cursor.ended);
    }
}

static void two_connections_notice_each_other(void)
{
    char folder[] = "/tmp/rendez-identity-XXXXXX";
    if (mkdtemp(folder) == NULL)
        abort();
    AUTO_ARENA arena = arena_create(1 << 20);
    char *path = arena_text(arena, arena_format(arena, "%s/identity.db", folder));
    {
        AUTO_IDENTITY one = NULL;
        AUTO_IDENTITY two = NULL;
        uint32_t before = 0, after = 0;
        CHECK_OK(identity_open(&sqlite_driver, path, &one, NULL));
        CHECK_OK(identity_open(&sqlite_driver, path, &two, NULL));
        CHECK_OK(identity_changes(one, &before, NULL));
        CHECK_OK(identity_append_log(one, (struct instant){1}, LIT("k"), LIT("own=change"), NULL));
        CHECK_OK(identity_changes(one, &after, NULL));
        CHECK_NUMBER(after, before);
        CHECK_OK(identity_append_log(two, (struct instant){1}, LIT("k"), LIT("other=change"), NULL));
        CHECK_OK(identity_changes(one, &after, NULL));
        CHECK(after != before);
        CHECK_OK(identity_verify_log(one, NULL));
    }
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++)
        unlink(arena_format(arena, "%s%s", path, endings[i]).data);
    unlink(arena_format(arena, "%s/identity.keys", folder).data);
    unlink(arena_format(arena, "%s/identity.keys-journal", folder).data);
    CHECK(rmdir(folder) == 0);
}

/* A value sealed for one column opens in no other. */
static void every_sealed_column_is_a_place_of_its_own(void)
{
    for (int a = 0; a < IDENTITY_COLUMN_COUNT_; a++)
        for (int b = 0; b < a; b++) {
            struct seal_place one = identity_place((enum identity_column)a, LIT("o"), LIT("r"));
            struct seal_place two = identity_place((enum identity_column)b, LIT("o"), LIT("r"));
            CHECK(one.table.len > 0 && !slice_equal(one.table, two.table));
        }
}

/* So that an organisation finds all entries that concern it. */
static void entries_name_the_organisation(void)
{
    static const struct {
        const char *ids, *logged;
    } cases[] = {
        {"account=p_1 kind=code", "account=p_1 kind=code organisation=o"},
        {"certificate=1 account=p_1", "certificate=1 account=p_1 organisation=o"},
        {"account=p_1 organisation=x", "account=p_1 organisation=x"},
        {"account=none kind=code", "account=none kind=code"},
        {"authority=a", "authority=a"},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_IDENTITY identity = begin();
    struct log_entry_list entries;
    add_account(identity, "p_1", "a");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_OK(identity_append_log(identity, (struct instant){1}, LIT("k"), slice_from(cases[i].ids), NULL));
    CHECK_OK(identity_list_log(identity, 0, arena, &entries, NULL));
    CHECK_NUMBER(entries.count, sizeof cases / sizeof *cases);
    for (size_t i = 0; i < entries.count; i++) {
        check_row(cases[i].ids);
        CHECK_TEXT(entries.items[i].ids, cases[i].logged);
    }
}

int main(void)
{
    TEST(accounts_keep_their_rules);
    TEST(an_account_is_changed_once_a_version);
    TEST(a_step_counts_once);
    TEST(a_passkey_counts_upwards_or_not_at_all);
    TEST(one_password_and_one_set_of_recovery_codes);
    TEST(what_is_over_is_thrown_away);
    TEST(sessions_end_for_their_owner_only);
    TEST(a_flow_takes_each_step_once);
    TEST(errands_wait_for_each_peer);
    TEST(entries_are_scanned_in_steps);
    TEST(two_connections_notice_each_other);
    TEST(entries_name_the_organisation);
    TEST(every_sealed_column_is_a_place_of_its_own);
    return check_done();
}
