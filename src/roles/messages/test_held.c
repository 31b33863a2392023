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

/* p_1's, of what is shown first. */
static struct held_of of(const char *meeting)
{
    return (struct held_of){LIT("p_1"), slice_from(meeting), CASE_SHOWN};
}

static enum status take(struct held *held, const struct lease_given *given, struct held_of of, const struct moment *now)
{
    return held_take(held, given, &of, now, NULL);
}

static char first_byte_of(struct held *held, struct held_of of, struct moment now)
{
    const struct secret *key;
    enum status status = held_key(held, &of, &now, &key, NULL);
    return status == ST_OK ? (char)secret_bytes(key)[0] : '-';
}

static char first_byte(struct held *held, const char *meeting, struct moment now)
{
    return first_byte_of(held, of(meeting), now);
}

/* Each part and each person has their own, and it ends alone. */
static void one_lease_opens_one_part_for_one_person(void)
{
    AUTO_HELD held = held_create();
    struct moment now = at(100);
    struct held_of mine = of("m_1"), words = of("m_1"), theirs = of("m_1");
    struct lease_given given_mine = given("l_1", 'a', 1000);
    words.part = CASE_WORDS;
    theirs.person = LIT("p_2");
    CHECK_OK(take(held, &given_mine, mine, &now));
    CHECK_NUMBER(first_byte_of(held, mine, now), 'a');
    CHECK_NUMBER(first_byte_of(held, words, now), '-');
    CHECK_NUMBER(first_byte_of(held, theirs, now), '-');
    struct lease_given given_words = given("l_2", 'b', 1000);
    CHECK_OK(take(held, &given_words, words, &now));
    struct lease_given given_theirs = given("l_3", 'c', 1000);
    CHECK_OK(take(held, &given_theirs, theirs, &now));
    CHECK_NUMBER(held_count(held), 3);
    CHECK(held_end(held, LIT("l_1")));
    CHECK_NUMBER(first_byte_of(held, mine, now), '-');
    CHECK_NUMBER(first_byte_of(held, words, now), 'b');
    CHECK_NUMBER(first_byte_of(held, theirs, now), 'c');
}

static void a_key_is_held_until_its_lease_ends(void)
{
    AUTO_HELD held = held_create();
    struct moment now = at(100);
    struct lease_given one = given("l_1", 'a', 1000), two = given("l_2", 'b', 200), again = given("l_3", 'c', 1000);
    CHECK_OK(take(held, &one, of("m_1"), &now));
    one = given("l_1", 'a', 1000);
    two = given("l_2", 'b', 200);
    CHECK_OK(take(held, &two, of("m_2"), &now));
    CHECK_NUMBER(secret_count(), 2);
    CHECK_NUMBER(first_byte(held, "m_2", now), 'b');
    CHECK_NUMBER(first_byte(held, "m_3", now), '-');
    /* By time. */
    CHECK_NUMBER(first_byte(held, "m_2", at(199)), 'b');
    CHECK_NUMBER(first_byte(held, "m_2", at(200)), '-');
    CHECK_NUMBER(secret_count(), 1); /* and is wiped */
    /* In place of the one before, whose end says nothing then. */
    again = given("l_3", 'c', 1000);
    CHECK_OK(take(held, &again, of("m_1"), &now));
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
    CHECK_OK(take(held, &one, of("m_1"), &now));
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
    CHECK_NUMBER(take(held, &refused, of("m_1"), &now), ST_DENIED);
    CHECK_NUMBER(take(held, &short_key, of("m_1"), &now), ST_INVALID);
    CHECK_NUMBER(take(held, &nameless, of("m_1"), &now), ST_INVALID);
    CHECK_NUMBER(take(held, &one, of(""), &now), ST_INVALID);
    CHECK_NUMBER(take(held, &one, of(arena_text(arena, arena_format(arena, "%065d", 0))), &now), ST_INVALID);
    CHECK_NUMBER(take(held, &one, (struct held_of){SLICE_NONE, LIT("m_1"), CASE_SHOWN}, &now), ST_INVALID);
    for (int i = 0; i <= HELD_MAX; i++) {
        one.lease = arena_format(arena, "l_%d", i);
        CHECK_NUMBER(take(held, &one, (struct held_of){LIT("p_1"), arena_format(arena, "m_%d", i), CASE_SHOWN}, &now),
                     i < HELD_MAX ? ST_OK : ST_LIMIT);
    }
    CHECK_NUMBER(secret_count(), HELD_MAX);
    held_destroy(&held);
    CHECK_NUMBER(secret_count(), 0);
}

int main(void)
{
    TEST(one_lease_opens_one_part_for_one_person);
    TEST(a_key_is_held_until_its_lease_ends);
    TEST(a_clock_makes_no_lease_longer);
    TEST(what_is_no_lease_is_not_held);
    return check_done();
}
