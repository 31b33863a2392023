#include "check.h"
#include "roles/console/shown.h"

/* The last end, and how many there were. */
static struct shown last;
static bool given_back;
static unsigned ends;

static void ended(void *context, const struct shown *shown, bool give_back)
{
    (void)context;
    last = *shown;
    given_back = give_back;
    ends++;
}

static struct shown_by by(const char *session, const char *task, const char *lease)
{
    return (struct shown_by){slice_from(session), LIT("p_1"), slice_from(task), slice_from(lease)};
}

static bool begin(struct shown_list *list, struct shown_by who, enum case_part part, int64_t ms)
{
    const struct lease_ask of = {.meeting = LIT("m_1"), .organisation = LIT("o_a")};
    return shown_begin(list, &who, &of, part, LIT("identify"), (struct monotonic){ms});
}

static void what_ends_it(void)
{
    struct shown_list *list = shown_create(ended, NULL);
    struct shown_by one = by("s_1", "t_1", "l_1"), other = by("s_1", "t_2", "l_2"), theirs = by("s_2", "t_1", "l_3");
    CHECK(begin(list, one, CASE_SHOWN, 1000) && begin(list, other, CASE_SHOWN, 1000) && begin(list, theirs, CASE_SHOWN, 1000));
    struct shown_by words = by("s_1", "t_1", "l_4");
    CHECK(begin(list, words, CASE_WORDS, 3000));
    CHECK_NUMBER(shown_count(list), 4);
    ends = 0;
    shown_end_part(list, &one, CASE_PEOPLE); /* which is not shown */
    CHECK_NUMBER(ends, 0);
    shown_end_part(list, &one, CASE_WORDS);
    CHECK_NUMBER(ends, 1);
    CHECK(given_back);
    CHECK_TEXT(slice_from(last.lease), "l_4");
    CHECK_NUMBER(shown_seconds(&last, (struct monotonic){9500}), 6);
    shown_end_lease(list, LIT("l_3")); /* keyd says so: nothing is given back */
    CHECK_NUMBER(ends, 2);
    CHECK(!given_back);
    shown_end_lease(list, SLICE_NONE);
    CHECK_NUMBER(ends, 2);
    shown_end_task(list, &one);
    CHECK_NUMBER(ends, 3);
    CHECK(shown_find(list, &one, CASE_SHOWN) == NULL && shown_find(list, &other, CASE_SHOWN) != NULL);
    shown_end_session(list, LIT("s_1"));
    CHECK_NUMBER(ends, 4);
    CHECK_NUMBER(shown_count(list), 0);
    CHECK(begin(list, one, CASE_SHOWN, 1000));
    shown_destroy(&list);
    CHECK_NUMBER(ends, 5);
    CHECK(list == NULL);
}

static void shown_anew_it_goes_on(void)
{
    struct shown_list *list = shown_create(ended, NULL);
    ends = 0;
    struct shown_by one = by("s_1", "t_1", "l_1");
    CHECK(begin(list, one, CASE_SHOWN, 1000));
    one.lease = LIT("l_2"); /* asked for again after a quarter of an hour */
    CHECK(begin(list, one, CASE_SHOWN, 5000));
    one.lease = SLICE_NONE; /* with the key that is held */
    CHECK(begin(list, one, CASE_SHOWN, 6000));
    CHECK_NUMBER(shown_count(list), 1);
    shown_end_lease(list, LIT("l_1"));
    CHECK_NUMBER(ends, 0);
    shown_end_lease(list, LIT("l_2"));
    CHECK_NUMBER(ends, 1);
    CHECK_NUMBER(shown_seconds(&last, (struct monotonic){11000}), 10);
    shown_destroy(&list);
}

static void there_is_a_limit(void)
{
    struct shown_list *list = shown_create(ended, NULL);
    AUTO_ARENA arena = arena_create(1 << 20);
    for (int i = 0; i <= SHOWN_MAX; i++) {
        struct shown_by who = {arena_format(arena, "s_%d", i), LIT("p_1"), LIT("t_1"), LIT("l_1")};
        CHECK_NUMBER(begin(list, who, CASE_SHOWN, 0), i < SHOWN_MAX);
    }
    struct shown_by nobody = {SLICE_NONE, LIT("p_1"), LIT("t_1"), LIT("l_1")};
    shown_end_session(list, LIT("s_0"));
    CHECK(!begin(list, nobody, CASE_SHOWN, 0));
    struct shown_by longer = {arena_format(arena, "%065d", 0), LIT("p_1"), LIT("t_1"), LIT("l_1")};
    CHECK(!begin(list, longer, CASE_SHOWN, 0));
    shown_destroy(&list);
}

int main(void)
{
    TEST(what_ends_it);
    TEST(shown_anew_it_goes_on);
    TEST(there_is_a_limit);
    return check_done();
}
