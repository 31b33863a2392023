#include "check.h"
#include "platform/identity/door.h"

static struct instant at_s(int64_t seconds)
{
    return (struct instant){seconds * 1000000};
}

static struct identity *open_with_people(void)
{
    struct identity *identity;
    CHECK_OK(identity_open(&sqlite_driver, ":memory:", &identity, NULL));
    struct identity_organisation house = {LIT("o_1"), LIT("client"), LIT("active"), at_s(1), {0}, {0}, {{LIT("key")}, 1}};
    CHECK_OK(identity_save_organisation(identity, &house, NULL));
    for (const char *const *id = (const char *const[]){"p_1", "p_2", NULL}; *id != NULL; id++) {
        struct account account = {.id = slice_from(*id), .organisation = LIT("o_1"), .function = LIT("supervisor"),
                                  .state = ACCOUNT_ACTIVE, .created = at_s(1), .address_hash = slice_from(*id), .details = {LIT("x")}};
        CHECK_OK(identity_save_account(identity, &account, NULL));
    }
    return identity;
}

static void a_person_has_one_badge(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct identity *identity = open_with_people();
    struct slice owner;
    CHECK_NUMBER(identity_find_badge(identity, LIT("h1"), arena, &owner, NULL), ST_NOT_FOUND);
    CHECK_OK(identity_set_badge(identity, LIT("p_1"), LIT("h1"), NULL));
    CHECK_OK(identity_set_badge(identity, LIT("p_1"), LIT("h1"), NULL)); /* again */
    CHECK_OK(identity_find_badge(identity, LIT("h1"), arena, &owner, NULL));
    CHECK_TEXT(owner, "p_1");
    CHECK_NUMBER(identity_set_badge(identity, LIT("p_2"), LIT("h1"), NULL), ST_CONFLICT);
    CHECK_NUMBER(identity_set_badge(identity, LIT("p_3"), LIT("h3"), NULL), ST_NOT_FOUND);
    CHECK_OK(identity_set_badge(identity, LIT("p_1"), LIT("h2"), NULL));
    CHECK_NUMBER(identity_find_badge(identity, LIT("h1"), arena, &owner, NULL), ST_NOT_FOUND);
    CHECK_OK(identity_set_badge(identity, LIT("p_2"), LIT("h1"), NULL)); /* it was handed on */
    CHECK_OK(identity_set_badge(identity, LIT("p_1"), SLICE_NONE, NULL));
    CHECK_NUMBER(identity_find_badge(identity, LIT("h2"), arena, &owner, NULL), ST_NOT_FOUND);
    identity_destroy(&identity);
}

static void entries_count_once(void)
{
    static const struct {
        const char *name, *who;
        enum door_method method;
        int64_t from, to;
        bool has;
    } rows[] = {
        {"theirs", "p_1", DOOR_BIOMETRIC, 100, 200, true},   {"at the edge", "p_1", DOOR_BIOMETRIC, 150, 150, true},
        {"before", "p_1", DOOR_BIOMETRIC, 151, 200, false},  {"after", "p_1", DOOR_BIOMETRIC, 100, 149, false},
        {"another way", "p_1", DOOR_BADGE, 100, 200, false}, {"another person", "p_2", DOOR_BIOMETRIC, 100, 200, false},
        {"a badge", "p_2", DOOR_BADGE, 100, 200, true},
    };
    struct identity *identity = open_with_people();
    bool added = false, has;
    CHECK_OK(identity_add_entry(identity, &(struct door_entry){LIT("p_1"), at_s(150), DOOR_BIOMETRIC}, &added, NULL));
    CHECK(added);
    CHECK_OK(identity_add_entry(identity, &(struct door_entry){LIT("p_1"), at_s(150), DOOR_BIOMETRIC}, &added, NULL));
    CHECK(!added);
    CHECK_OK(identity_add_entry(identity, &(struct door_entry){LIT("p_2"), at_s(150), DOOR_BADGE}, &added, NULL));
    CHECK(added);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].name);
        CHECK_OK(identity_has_entry(identity, slice_from(rows[i].who), rows[i].method, at_s(rows[i].from), at_s(rows[i].to), &has, NULL));
        CHECK_NUMBER(has, rows[i].has);
    }
    CHECK_OK(identity_purge_door(identity, at_s(150), NULL));
    CHECK_OK(identity_has_entry(identity, LIT("p_1"), DOOR_BIOMETRIC, at_s(0), at_s(999), &has, NULL));
    CHECK(has);
    CHECK_OK(identity_purge_door(identity, at_s(151), NULL));
    CHECK_OK(identity_has_entry(identity, LIT("p_1"), DOOR_BIOMETRIC, at_s(0), at_s(999), &has, NULL));
    CHECK(!has);
    identity_destroy(&identity);
}

static void the_last_import_is_known(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct identity *identity = open_with_people();
    struct door_import import = {.taken = 7};
    CHECK_OK(identity_load_import(identity, arena, &import, NULL));
    CHECK(import.imported.us == 0 && import.taken == 0);
    CHECK_OK(identity_save_import(identity, &(struct door_import){at_s(20), at_s(10), 1, 2, 3}, NULL));
    CHECK_OK(identity_save_import(identity, &(struct door_import){at_s(40), at_s(30), 4, 5, 6}, NULL));
    CHECK_OK(identity_load_import(identity, arena, &import, NULL));
    CHECK(import.imported.us == at_s(40).us && import.as_of.us == at_s(30).us);
    CHECK(import.taken == 4 && import.unknown == 5 && import.refused == 6);
    identity_destroy(&identity);
}

static void who_was_missed_is_told_once(void)
{
    struct identity *identity = open_with_people();
    bool first = false;
    CHECK_OK(identity_note_missed(identity, LIT("n_1"), LIT("p_1"), at_s(5), &first, NULL));
    CHECK(first);
    CHECK_OK(identity_note_missed(identity, LIT("n_1"), LIT("p_1"), at_s(6), &first, NULL));
    CHECK(!first);
    CHECK_OK(identity_note_missed(identity, LIT("n_2"), LIT("p_1"), at_s(7), &first, NULL));
    CHECK(first);
    CHECK_OK(identity_purge_door(identity, at_s(6), NULL));
    CHECK_OK(identity_note_missed(identity, LIT("n_1"), LIT("p_1"), at_s(8), &first, NULL));
    CHECK(first);
    identity_destroy(&identity);
}

int main(void)
{
    TEST(a_person_has_one_badge);
    TEST(entries_count_once);
    TEST(the_last_import_is_known);
    TEST(who_was_missed_is_told_once);
    return check_done();
}
