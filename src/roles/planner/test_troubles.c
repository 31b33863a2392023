#include "roles/planner/troubles.h"

#include <stdio.h>

#include "check.h"

static struct monotonic ms(int64_t at)
{
    return (struct monotonic){at};
}

static void who_owns_it_hears_of_it_once_when_it_lasts(void)
{
    static struct troubles troubles;
    for (int64_t at = 0; at < TROUBLES_TELL_MS; at += 1000)
        troubles_note(&troubles, LIT("p1"), ms(at), 5);
    CHECK(troubles_due(&troubles) == NULL);
    troubles_note(&troubles, LIT("p2"), ms(TROUBLES_TELL_MS), 5);
    troubles_note(&troubles, LIT("p1"), ms(TROUBLES_TELL_MS), 5);
    const struct trouble *due = troubles_due(&troubles);
    CHECK(due != NULL);
    CHECK_TEXT(((struct slice){due->person, due->len}), "p1");
    troubles_told(&troubles, LIT("p1"));
    troubles_note(&troubles, LIT("p1"), ms(TROUBLES_TELL_MS + 1000), 5);
    CHECK(troubles_due(&troubles) == NULL);
}

static void what_goes_well_again_begins_anew(void)
{
    static struct troubles troubles;
    troubles_note(&troubles, LIT("p1"), ms(0), 5);
    troubles_note(&troubles, LIT("p2"), ms(0), 5);
    troubles_clear(&troubles, LIT("p1"));
    troubles_note(&troubles, LIT("p1"), ms(TROUBLES_TELL_MS), 5);
    CHECK(troubles_due(&troubles) == NULL);
    troubles_note(&troubles, LIT("p2"), ms(TROUBLES_FORGET_MS + 1), 5); /* long unasked */
    CHECK(troubles_due(&troubles) == NULL);
    troubles_clear(&troubles, LIT("nobody"));
    CHECK_NUMBER(troubles.count, 2);
}

static void what_takes_long_rests_longer_each_time(void)
{
    static struct troubles troubles;
    static const int64_t rests[] = {5000, 10000, 20000, 40000, 60000, 60000};
    int64_t at = 0;
    troubles_note(&troubles, LIT("p1"), ms(at), TROUBLES_SLOW_MS - 1);
    CHECK(!troubles_rests(&troubles, LIT("p1"), ms(at)));
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        troubles_note(&troubles, LIT("p1"), ms(at), TROUBLES_SLOW_MS);
        CHECK(troubles_rests(&troubles, LIT("p1"), ms(at + rests[i] - 1)));
        CHECK(!troubles_rests(&troubles, LIT("p2"), ms(at)));
        at += rests[i];
        CHECK(!troubles_rests(&troubles, LIT("p1"), ms(at)));
    }
}

static void the_table_has_an_end(void)
{
    static struct troubles troubles;
    AUTO_ARENA arena = arena_create(1 << 20);
    for (unsigned i = 0; i < 2 * TROUBLES_MAX; i++)
        troubles_note(&troubles, arena_format(arena, "p%u", i), ms(0), 5);
    CHECK_NUMBER(troubles.count, TROUBLES_MAX);
    troubles_note(&troubles, SLICE_NONE, ms(0), 5);
    troubles_note(&troubles, arena_format(arena, "%*s", TROUBLE_ID_BYTES + 1, "p"), ms(0), 5);
    CHECK_NUMBER(troubles.count, TROUBLES_MAX);
    CHECK(!troubles_rests(&troubles, LIT("p999"), ms(0)));
}

int main(void)
{
    TEST(who_owns_it_hears_of_it_once_when_it_lasts);
    TEST(what_goes_well_again_begins_anew);
    TEST(what_takes_long_rests_longer_each_time);
    TEST(the_table_has_an_end);
    return check_done();
}
