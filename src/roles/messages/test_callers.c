/* Who asks: each way of not being it. */
#include "check.h"
#include "platform/vault/vault.h"
#include "roles/messages/callers.h"

enum { SECOND_US = 1000000, TAKEN_MAX = 500 };

static const char json[] = "{\"id\":\"m_1\"}";

static struct moment at_second(int64_t second)
{
    return (struct moment){{(1000000 + second) * (int64_t)SECOND_US}, {500 + second * 1000}};
}

static struct secret *key_of(unsigned char first)
{
    unsigned char bytes[VAULT_KEY_BYTES] = {first};
    return secret_create(bytes, sizeof bytes);
}

/* Callers since second 0, who know the key of 1. */
static struct callers *begin(void)
{
    struct moment start = at_second(0);
    struct callers *callers = callers_create(&start, TAKEN_MAX);
    callers_take_key(callers, key_of(1), start.now);
    return callers;
}

static struct caller_assertion good(int64_t second, struct arena *arena)
{
    unsigned char *digest = arena_alloc(arena, ASSERTION_DIGEST_BYTES);
    vault_sha256(slice_from(json), digest);
    return (struct caller_assertion){
        .person = LIT("p_1"),
        .organisation = LIT("acme"),
        .function = LIT("organizer"),
        .right = LIT("meetings.read"),
        .session = LIT("s_1"),
        .command = LIT("meetings.show"),
        .digest = {(char *)digest, ASSERTION_DIGEST_BYTES},
        .issued = at_second(second).now,
        .ends = at_second(second + ASSERTION_SECONDS_MAX).now,
    };
}

static struct slice made(struct caller_assertion said, unsigned char key, struct arena *arena)
{
    AUTO_SECRET secret = key_of(key);
    struct slice out = SLICE_NONE;
    CHECK_OK(caller_assertion_make(secret, &said, arena, &out, NULL));
    return out;
}

static struct slice made_at(int64_t second, struct arena *arena)
{
    return made(good(second, arena), 1, arena);
}

static enum caller_verdict decide(struct callers *callers, struct slice assertion, int64_t second,
                                  struct arena *arena)
{
    struct moment at = at_second(second);
    struct caller_assertion said;
    return callers_decide(callers, assertion, LIT("meetings.show"), slice_from(json), &at, arena, &said);
}

static void who_authd_names_asks_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_CALLERS callers = begin();
    struct moment at = at_second(2);
    struct caller_assertion said;
    struct slice assertion = made_at(1, arena);
    CHECK_NUMBER(callers_decide(callers, assertion, LIT("meetings.show"), slice_from(json), &at, arena, &said),
                 CALLER_TAKEN);
    CHECK_TEXT(said.person, "p_1");
    CHECK_TEXT(said.organisation, "acme");
    CHECK_TEXT(said.right, "meetings.read");
    CHECK_NUMBER(decide(callers, assertion, 2, arena), CALLER_REPLAYED);
    CHECK_NUMBER(decide(callers, assertion, 60, arena), CALLER_REPLAYED);
    CHECK_NUMBER(decide(callers, assertion, 61, arena), CALLER_TIME);
    CHECK_NUMBER(decide(callers, made_at(1, arena), 2, arena), CALLER_TAKEN); /* another one of the same */
}

/* Each row changes one thing of an assertion that would be taken. */
static void anything_else_is_refused(void)
{
    static const struct {
        const char *name, *command, *json;
        unsigned char key;
        int64_t issued, at;
        enum caller_verdict verdict;
    } cases[] = {
        {"right", "meetings.show", json, 1, 10, 11, CALLER_TAKEN},
        {"of nobody's key", "meetings.show", json, 2, 10, 11, CALLER_NOBODY},
        {"another command", "meetings.list", json, 1, 10, 11, CALLER_OF_ANOTHER},
        {"another json", "meetings.show", "{\"id\":\"m_2\"}", 1, 10, 11, CALLER_OF_ANOTHER},
        {"the same json, spelt otherwise", "meetings.show", "{\"id\": \"m_1\"}", 1, 10, 11, CALLER_OF_ANOTHER},
        {"no json", "meetings.show", "", 1, 10, 11, CALLER_OF_ANOTHER},
        {"old", "meetings.show", json, 1, 10, 70, CALLER_TIME},
        {"of the future", "meetings.show", json, 1, 10, 4, CALLER_TIME},
        {"of a clock a little ahead", "meetings.show", json, 1, 10, 5, CALLER_TAKEN},
        {"of before our time", "meetings.show", json, 1, 0, 1, CALLER_BEFORE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 20);
        AUTO_CALLERS callers = begin();
        struct moment at = at_second(cases[i].at);
        struct caller_assertion said;
        struct slice assertion = made(good(cases[i].issued, arena), cases[i].key, arena);
        check_row(cases[i].name);
        CHECK_NUMBER(callers_decide(callers, assertion, slice_from(cases[i].command),
                                    slice_from(cases[i].json), &at, arena, &said), cases[i].verdict);
        /* Shown for another question it is used up all the same. */
        if (cases[i].verdict == CALLER_OF_ANOTHER)
            CHECK_NUMBER(decide(callers, assertion, cases[i].at, arena), CALLER_REPLAYED);
    }
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_CALLERS callers = begin();
    CHECK_NUMBER(decide(callers, SLICE_NONE, 11, arena), CALLER_NOBODY);
    CHECK_NUMBER(decide(callers, LIT("{\"person\":\"p_1\",\"right\":\"meetings.read\"} and some more"), 11, arena),
                 CALLER_NOBODY);
}

static void an_end_counts_at_once(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_CALLERS callers = begin();
    struct caller_assertion other = good(1, arena), session = good(1, arena);
    struct slice first = made_at(1, arena), same = made_at(3, arena), later = made_at(4, arena);
    other.person = LIT("p_2");
    other.session = LIT("s_2");
    session.session = LIT("s_3");
    callers_end(callers, LIT("p_1"), LIT("s_1"), at_second(3).now, at_second(3).now);
    CHECK_NUMBER(decide(callers, first, 5, arena), CALLER_ENDED);
    CHECK_NUMBER(decide(callers, same, 5, arena), CALLER_ENDED);
    CHECK_NUMBER(decide(callers, made(session, 1, arena), 5, arena), CALLER_TAKEN); /* another of theirs */
    callers_end(callers, LIT("p_1"), SLICE_NONE, at_second(3).now, at_second(3).now);
    CHECK_NUMBER(decide(callers, made(session, 1, arena), 5, arena), CALLER_ENDED);
    CHECK_NUMBER(decide(callers, made(other, 1, arena), 5, arena), CALLER_TAKEN);
    CHECK_NUMBER(decide(callers, later, 5, arena), CALLER_TAKEN); /* in another function, from then on */
}

/* More than have a place: what was asserted before the last of them counts for nobody. */
static void many_ends_count_too(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_CALLERS callers = begin();
    for (int i = 0; i < CALLERS_ENDED_MAX; i++)
        callers_end(callers, arena_format(arena, "q_%d", i), SLICE_NONE, at_second(3).now, at_second(3).now);
    CHECK_NUMBER(decide(callers, made_at(1, arena), 5, arena), CALLER_TAKEN);
    callers_end(callers, LIT("p_9"), SLICE_NONE, at_second(3).now, at_second(3).now);
    CHECK_NUMBER(decide(callers, made_at(3, arena), 5, arena), CALLER_BEFORE);
    CHECK_NUMBER(decide(callers, made_at(4, arena), 5, arena), CALLER_TAKEN);
    /* A minute later there is room again. */
    callers_end(callers, LIT("p_1"), SLICE_NONE, at_second(80).now, at_second(80).now);
    CHECK_NUMBER(decide(callers, made_at(79, arena), 81, arena), CALLER_ENDED);
}

/* keyd has begun anew, perhaps with another root key: nothing that is under way is lost. */
static void two_keys_overlap(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_CALLERS callers = begin();
    struct slice before = made_at(1, arena), again = made_at(1, arena);
    struct slice next = made(good(1, arena), 2, arena);
    callers_take_key(callers, key_of(1), at_second(2).now); /* the same: nothing changes */
    CHECK_NUMBER(decide(callers, next, 2, arena), CALLER_NOBODY);
    callers_take_key(callers, key_of(2), at_second(2).now);
    CHECK_NUMBER(decide(callers, next, 2, arena), CALLER_TAKEN);
    CHECK_NUMBER(decide(callers, before, 2, arena), CALLER_TAKEN);
    CHECK_NUMBER(decide(callers, before, 3, arena), CALLER_REPLAYED); /* by whichever key */
    CHECK_NUMBER(decide(callers, again, 60, arena), CALLER_TAKEN);
    CHECK_NUMBER(decide(callers, made_at(60, arena), 2 + CALLERS_SECONDS, arena), CALLER_NOBODY);
    AUTO_CALLERS without = NULL;
    struct moment start = at_second(0);
    without = callers_create(&start, TAKEN_MAX);
    CHECK(!callers_have_key(without) && callers_have_key(callers));
    CHECK_NUMBER(decide(without, made_at(1, arena), 2, arena), CALLER_NOBODY);
}

/* Nothing is forgotten while it could still be true, whatever the wall clock does. */
static void what_was_taken_is_remembered_long_enough(void)
{
    AUTO_CALLERS callers = begin();
    for (int64_t second = 1; second < 400; second += 7) {
        AUTO_ARENA arena = arena_create(1 << 20);
        struct slice assertion = made_at(second, arena);
        CHECK_NUMBER(decide(callers, assertion, second, arena), CALLER_TAKEN);
        CHECK_NUMBER(decide(callers, assertion, second + ASSERTION_SECONDS_MAX - 1, arena), CALLER_REPLAYED);
        CHECK_NUMBER(decide(callers, made_at(second, arena), second + ASSERTION_SECONDS_MAX - 1, arena), CALLER_TAKEN);
    }
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_CALLERS set = begin();
    struct slice assertion = made_at(1, arena);
    struct caller_assertion said;
    CHECK_NUMBER(decide(set, assertion, 2, arena), CALLER_TAKEN);
    for (int64_t hour = 1; hour < 4; hour++) { /* set forward, again and again, and something is asked then */
        struct moment at = at_second(2);
        at.now.us += hour * 3600 * SECOND_US;
        CHECK_NUMBER(callers_decide(set, made_at(2 + hour * 3600, arena), LIT("meetings.show"),
                                    slice_from(json), &at, arena, &said), CALLER_TAKEN);
    }
    CHECK_NUMBER(decide(set, assertion, 3, arena), CALLER_REPLAYED); /* and back */
}

/* When too much is taken to be remembered, what was asserted until then counts no more. */
static void the_memory_is_bounded(void)
{
    AUTO_CALLERS callers = begin();
    AUTO_ARENA first = arena_create(1 << 20);
    struct slice unused = made_at(1, first), used = made_at(1, first);
    CHECK_NUMBER(decide(callers, used, 2, first), CALLER_TAKEN);
    for (int i = 1; i < TAKEN_MAX; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        CHECK_NUMBER(decide(callers, made_at(1, arena), 2, arena), CALLER_TAKEN);
    }
    CHECK_NUMBER(decide(callers, used, 2, first), CALLER_BEFORE);
    CHECK_NUMBER(decide(callers, unused, 2, first), CALLER_BEFORE);
    CHECK_NUMBER(decide(callers, made_at(2, first), 2, first), CALLER_TAKEN);
}

int main(void)
{
    TEST(who_authd_names_asks_once);
    TEST(anything_else_is_refused);
    TEST(an_end_counts_at_once);
    TEST(many_ends_count_too);
    TEST(two_keys_overlap);
    TEST(what_was_taken_is_remembered_long_enough);
    TEST(the_memory_is_bounded);
    return check_done();
}
