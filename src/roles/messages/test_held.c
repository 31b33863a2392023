#include "check.h"
#include "roles/messages/held.h"

enum { SECOND_US = 1000000 };

static struct moment at(int64_t second)
{
    return (struct moment){{second * SECOND_US}, {second * 1000}};
}

static struct lease_given given(const char *lease, char first, int64_t ends)
{
    static char key[VAULT_KEY_BYTES];
    key[0] = first;
    return (struct lease_given){.lease = slice_from(lease), .key = {key, sizeof key},
                                .ends = {ends * SECOND_US}};
}

static char first_byte(struct held *held, const char *meeting, struct moment now)
{
    const struct secret *key;
    enum status status = held_key(held, slice_from(meeting), &now, &key, NULL);
    return status == ST_OK ? (char)secret_bytes(key)[0] : '-';
}

static void a_key_is_held_until_its_lease_ends(void)
{
    AUTO_HELD held = held_create();
    struct moment now = at(100);
    struct lease_given one = given("l_1", 'a', 1000), two = given("l_2", 'b', 200), again = given("l_3", 'c', 1000);
    CHECK_OK(held_take(held, &one, LIT("m_1"), &now, NULL));
    one = given("l_1", 'a', 1000);
    two = given("l_2", 'b', 200);
    CHECK_OK(held_take(held, &two, LIT("m_2"), &now, NULL));
    CHECK_NUMBER(secret_count(), 2);
    CHECK_NUMBER(first_byte(held, "m_2", now), 'b');
    CHECK_NUMBER(first_byte(held, "m_3", now), '-');
    /* By time. */
    CHECK_NUMBER(first_byte(held, "m_2", at(199)), 'b');
    CHECK_NUMBER(first_byte(held, "m_2", at(200)), '-');
    CHECK_NUMBER(secret_count(), 1); /* and is wiped */
    /* In place of the one before, whose end says nothing then. */
    again = given("l_3", 'c', 1000);
    CHECK_OK(held_take(held, &again, LIT("m_1"), &now, NULL));
    CHECK_NUMBER(secret_count(), 1);
    CHECK(!held_end(held, LIT("l_1")));
    CHECK_NUMBER(first_byte(held, "m_1", now), 'c');
    CHECK(held_end(held, LIT("l_3")));
    CHECK(!held_end(held, LIT("l_3")));
    CHECK_NUMBER(held_count(held), 0);
    CHECK_NUMBER(secret_count(), 0);
}

/* The wall clock is set back by an hour. */
static void a_clock_makes_no_lease_longer(void)
{
    AUTO_HELD held = held_create();
    struct moment now = at(10000), later = {{(10000 - 3600) * (int64_t)SECOND_US}, {10900 * 1000}};
    struct lease_given one = given("l_1", 'a', 10900);
    CHECK_OK(held_take(held, &one, LIT("m_1"), &now, NULL));
    CHECK_NUMBER(first_byte(held, "m_1", later), '-');
}

static void what_is_no_lease_is_not_held(void)
{
    AUTO_HELD held = held_create();
    AUTO_ARENA arena = arena_create(1 << 16);
    struct moment now = at(0);
    struct lease_given refused = {.status = ST_DENIED}, short_key = given("l_1", 'a', 10);
    struct lease_given nameless = given("", 'a', 10), one = given("l_1", 'a', 10);
    short_key.key.len--;
    CHECK_NUMBER(held_take(held, &refused, LIT("m_1"), &now, NULL), ST_DENIED);
    CHECK_NUMBER(held_take(held, &short_key, LIT("m_1"), &now, NULL), ST_INVALID);
    CHECK_NUMBER(held_take(held, &nameless, LIT("m_1"), &now, NULL), ST_INVALID);
    CHECK_NUMBER(held_take(held, &one, SLICE_NONE, &now, NULL), ST_INVALID);
    CHECK_NUMBER(held_take(held, &one, arena_format(arena, "%065d", 0), &now, NULL), ST_INVALID);
    for (int i = 0; i <= HELD_MAX; i++) {
        one.lease = arena_format(arena, "l_%d", i);
        CHECK_NUMBER(held_take(held, &one, arena_format(arena, "m_%d", i), &now, NULL),
                     i < HELD_MAX ? ST_OK : ST_LIMIT);
    }
    CHECK_NUMBER(secret_count(), HELD_MAX);
    held_destroy(&held);
    CHECK_NUMBER(secret_count(), 0);
}

int main(void)
{
    TEST(a_key_is_held_until_its_lease_ends);
    TEST(a_clock_makes_no_lease_longer);
    TEST(what_is_no_lease_is_not_held);
    return check_done();
}
