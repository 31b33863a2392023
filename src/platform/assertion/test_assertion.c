#include "check.h"
#include "platform/assertion/internal.h"

enum { SECOND_US = 1000000 };

static const struct instant issued = {100 * (int64_t)SECOND_US};

static struct assertion good(void)
{
    return (struct assertion){
        .person = LIT("p_1"),
        .organisation = LIT("desk"),
        .kind = LIT("processor"),
        .inside = true,
        .function = LIT("supervisor"),
        .factor = LIT("password+code"),
        .session = LIT("s_1"),
        .purpose = LIT("supervision"),
        .client = LIT("acme"),
        .meeting = LIT("m_1"),
        .issued = issued,
        .ends = {160 * (int64_t)SECOND_US},
    };
}

static struct secret *key_of(unsigned char first)
{
    unsigned char bytes[VAULT_KEY_BYTES] = {first};
    return secret_create(bytes, sizeof bytes);
}

static void what_was_said_is_heard(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = key_of(1);
    struct slice bytes, more;
    struct assertion said = good(), heard;
    CHECK_OK(assertion_make(key, &said, arena, &bytes, NULL));
    CHECK_OK(assertion_make(key, &said, arena, &more, NULL));
    CHECK(!slice_equal(bytes, more)); /* each has an id of its own */
    CHECK_OK(assertion_verify(key, bytes, issued, arena, &heard, NULL));
    CHECK_NUMBER(heard.id.len, 32);
    CHECK_TEXT(heard.person, "p_1");
    CHECK_TEXT(heard.organisation, "desk");
    CHECK_TEXT(heard.kind, "processor");
    CHECK(heard.inside);
    CHECK_TEXT(heard.function, "supervisor");
    CHECK_TEXT(heard.factor, "password+code");
    CHECK_TEXT(heard.session, "s_1");
    CHECK_TEXT(heard.purpose, "supervision");
    CHECK_TEXT(heard.client, "acme");
    CHECK_TEXT(heard.meeting, "m_1");
    CHECK_NUMBER(heard.issued.us, issued.us);
    CHECK_NUMBER(heard.ends.us, said.ends.us);
}

static void it_is_true_for_a_minute(void)
{
    static const struct {
        int64_t seconds;
        enum status status;
    } cases[] = {
        {94, ST_CONFLICT}, {95, ST_OK}, {100, ST_OK}, {159, ST_OK}, {160, ST_CONFLICT}, {5000, ST_CONFLICT},
        {-5, ST_CONFLICT},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = key_of(1);
    struct slice bytes;
    struct assertion said = good(), heard;
    CHECK_OK(assertion_make(key, &said, arena, &bytes, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_NUMBER(assertion_verify(key, bytes, (struct instant){cases[i].seconds * SECOND_US},
                                      arena, &heard, NULL), cases[i].status);
}

/* Not one byte may differ, and none be missing or more. */
static void nobody_else_can_say_it(void)
{
    AUTO_ARENA arena = arena_create(8 << 20);
    AUTO_SECRET key = key_of(1);
    AUTO_SECRET other = key_of(2);
    struct slice bytes;
    struct assertion said = good(), heard;
    CHECK_OK(assertion_make(key, &said, arena, &bytes, NULL));
    char *copy = arena_text(arena, bytes);
    for (size_t i = 0; i < bytes.len; i++) {
        copy[i] ^= 1;
        CHECK_NUMBER(assertion_verify(key, (struct slice){copy, bytes.len}, issued, arena,
                                      &heard, NULL), ST_DENIED);
        copy[i] ^= 1;
        CHECK_NUMBER(assertion_verify(key, slice_sub(bytes, 0, i), issued, arena, &heard, NULL),
                     ST_DENIED);
    }
    CHECK_NUMBER(assertion_verify(key, (struct slice){copy, bytes.len + 1}, issued, arena,
                                  &heard, NULL), ST_DENIED);
    CHECK_NUMBER(assertion_verify(other, bytes, issued, arena, &heard, NULL), ST_DENIED);
    struct slice long_one = {arena_alloc(arena, ASSERTION_BYTES_MAX + 1), ASSERTION_BYTES_MAX + 1};
    CHECK_NUMBER(assertion_verify(key, long_one, issued, arena, &heard, NULL), ST_LIMIT);
}

static void what_says_nothing_is_not_said(void)
{
    static const char too_long[] = "p_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    static const struct {
        const char *person, *meeting, *function;
        int64_t issued, ends;
        enum status status;
    } cases[] = {
        {"p_1", "m_1", "supervisor", 100, 160, ST_OK},
        {"p_1", "m_1", "supervisor", 100, 101, ST_OK},
        {"", "m_1", "supervisor", 100, 160, ST_INVALID},
        {"p_1", "", "supervisor", 100, 160, ST_INVALID},
        {"p_1", "m_1", "", 100, 160, ST_INVALID},
        {"p 1", "m_1", "supervisor", 100, 160, ST_INVALID},
        {"p_1", "M_1", "supervisor", 100, 160, ST_INVALID},
        {"p_1", "m_1", "super\xC3\xA9", 100, 160, ST_INVALID},
        {too_long, "m_1", "supervisor", 100, 160, ST_INVALID},
        {"p_1", "m_1", "supervisor", 100, 161, ST_INVALID},
        {"p_1", "m_1", "supervisor", 100, 100, ST_INVALID},
        {"p_1", "m_1", "supervisor", 160, 100, ST_INVALID},
        {"p_1", "m_1", "supervisor", -1, 1, ST_INVALID},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = key_of(1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct assertion said = good();
        struct slice bytes;
        said.person = slice_from(cases[i].person);
        said.meeting = slice_from(cases[i].meeting);
        said.function = slice_from(cases[i].function);
        said.issued.us = cases[i].issued * SECOND_US;
        said.ends.us = cases[i].ends * SECOND_US;
        check_row(arena_text(arena, arena_format(arena, "case %zu", i)));
        CHECK_NUMBER(assertion_make(key, &said, arena, &bytes, NULL), cases[i].status);
    }
}

/* By the right key, and yet not as we write it: another version, a field twice or more. */
static void there_is_one_spelling(void)
{
    static const char extra[] = {99, 0, 0, 1}; /* a field that nobody knows */
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER body = buffer_create(ASSERTION_BYTES_MAX);
    struct assertion said = good(), heard;
    said.id = LIT("0");
    CHECK_OK(assertion_format(&assertion_of_lease, &said, &body, NULL));
    CHECK_OK(assertion_parse(&assertion_of_lease, buffer_slice(&body), arena, &heard, NULL));
    buffer_add(&body, (struct slice){extra, sizeof extra});
    CHECK_NUMBER(assertion_parse(&assertion_of_lease, buffer_slice(&body), arena, &heard, NULL), ST_INVALID);
    buffer_clear(&body);
    CHECK_OK(assertion_format(&assertion_of_lease, &said, &body, NULL));
    body.data[0] = 2;
    CHECK_NUMBER(assertion_parse(&assertion_of_lease, buffer_slice(&body), arena, &heard, NULL), ST_INVALID);
    CHECK_NUMBER(assertion_parse(&assertion_of_lease, SLICE_NONE, arena, &heard, NULL), ST_INVALID);
}

static struct caller_assertion good_caller(void)
{
    return (struct caller_assertion){
        .person = LIT("p_1"),
        .organisation = LIT("acme"),
        .function = LIT("organizer"),
        .right = LIT("meetings.read"),
        .session = LIT("s_1"),
        .command = LIT("meetings.list"),
        .digest = LIT("01234567890123456789012345678901"),
        .issued = issued,
        .ends = {160 * (int64_t)SECOND_US},
    };
}

static void a_caller_is_heard(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = key_of(1);
    struct slice bytes;
    struct caller_assertion said = good_caller(), heard;
    CHECK_OK(caller_assertion_make(key, &said, arena, &bytes, NULL));
    CHECK_OK(caller_assertion_verify(key, bytes, issued, arena, &heard, NULL));
    CHECK_NUMBER(heard.id.len, 32);
    CHECK_TEXT(heard.person, "p_1");
    CHECK_TEXT(heard.organisation, "acme");
    CHECK_TEXT(heard.function, "organizer");
    CHECK_TEXT(heard.right, "meetings.read");
    CHECK_TEXT(heard.session, "s_1");
    CHECK_TEXT(heard.command, "meetings.list");
    CHECK(slice_equal(heard.digest, said.digest));
    CHECK_NUMBER(heard.issued.us, issued.us);
    CHECK_NUMBER(heard.ends.us, said.ends.us);
    CHECK_NUMBER(caller_assertion_verify(key, bytes, said.ends, arena, &heard, NULL), ST_CONFLICT);
    char *copy = arena_text(arena, bytes);
    for (size_t i = 0; i < bytes.len; i++) {
        copy[i] ^= 1;
        CHECK_NUMBER(caller_assertion_verify(key, (struct slice){copy, bytes.len}, issued, arena,
                                             &heard, NULL), ST_DENIED);
        copy[i] ^= 1;
    }
}

/* Were the keys one, a person's page still opened no meeting's key. */
static void one_kind_is_not_the_other(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = key_of(1);
    struct slice bytes;
    struct assertion lease = good();
    struct caller_assertion caller = good_caller();
    CHECK_OK(assertion_make(key, &lease, arena, &bytes, NULL));
    CHECK_NUMBER(caller_assertion_verify(key, bytes, issued, arena, &caller, NULL), ST_INVALID);
    CHECK_OK(caller_assertion_make(key, &caller, arena, &bytes, NULL));
    CHECK_NUMBER(assertion_verify(key, bytes, issued, arena, &lease, NULL), ST_INVALID);
}

static void a_caller_names_it_all(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_SECRET key = key_of(1);
    static const size_t members[] = {
        offsetof(struct caller_assertion, person), offsetof(struct caller_assertion, organisation),
        offsetof(struct caller_assertion, function), offsetof(struct caller_assertion, right),
        offsetof(struct caller_assertion, session), offsetof(struct caller_assertion, command),
        offsetof(struct caller_assertion, digest),
    };
    struct slice bytes;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct caller_assertion said = good_caller();
        *(struct slice *)((char *)&said + members[i]) = SLICE_NONE;
        CHECK_NUMBER(caller_assertion_make(key, &said, arena, &bytes, NULL), ST_INVALID);
    }
    struct caller_assertion said = good_caller();
    said.digest.len--;
    CHECK_NUMBER(caller_assertion_make(key, &said, arena, &bytes, NULL), ST_INVALID);
}

int main(void)
{
    TEST(what_was_said_is_heard);
    TEST(it_is_true_for_a_minute);
    TEST(nobody_else_can_say_it);
    TEST(what_says_nothing_is_not_said);
    TEST(there_is_one_spelling);
    TEST(a_caller_is_heard);
    TEST(one_kind_is_not_the_other);
    TEST(a_caller_names_it_all);
    return check_done();
}
