#include "check.h"
#include "roles/keyd/rates.h"

static struct monotonic hour(int64_t number)
{
    return (struct monotonic){number * RATE_HOUR_MS + 1000};
}

/* What the last of `count` openings in that hour was. */
static enum rate_verdict open_many(struct rates *rates, const char *who, int64_t at, unsigned count)
{
    enum rate_verdict verdict = RATE_FINE;
    uint32_t counted;
    while (count-- > 0)
        verdict = rates_count_person(rates, slice_from(who), hour(at), &counted);
    return verdict;
}

static void a_person_over_the_limit_is_paused(void)
{
    AUTO_RATES rates = rates_create((struct rate_limits){.per_person = 10}, NULL, NULL);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 10), RATE_FINE);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 1), RATE_OVER_LIMIT);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 1), RATE_PAUSED);
    CHECK_NUMBER(open_many(rates, "p_1", 5, 1), RATE_PAUSED); /* time alone ends no pause */
    CHECK_NUMBER(open_many(rates, "p_2", 0, 10), RATE_FINE);  /* others go on */
    CHECK_NUMBER(rates_lift(rates), 1);
    CHECK_NUMBER(rates_lift(rates), 0);
    CHECK_NUMBER(open_many(rates, "p_1", 5, 10), RATE_FINE);
    CHECK_NUMBER(open_many(rates, "p_1", 6, 10), RATE_FINE);
    CHECK_NUMBER(open_many(rates, "p_1", 6, 1), RATE_OVER_LIMIT);
}

static void no_limit_is_none(void)
{
    AUTO_RATES rates = rates_create((struct rate_limits){0}, NULL, NULL);
    uint32_t count;
    CHECK_NUMBER(open_many(rates, "p_1", 0, 100000), RATE_FINE);
    for (int i = 0; i < 1000; i++)
        CHECK_NUMBER(rates_count_role(rates, 3, hour(0), &count), RATE_FINE);
    CHECK_NUMBER(count, 1000);
}

/* `hours` hours of `each`, then one of `then`. */
static void a_person_far_above_their_usual_is_paused(void)
{
    static const struct {
        unsigned hours, each, then;
        enum rate_verdict verdict;
    } cases[] = {
        {8, 10, 40, RATE_FINE},    {8, 10, 41, RATE_UNUSUAL}, {7, 10, 400, RATE_FINE},
        {8, 1, 20, RATE_FINE},     {8, 1, 21, RATE_UNUSUAL},  {20, 30, 120, RATE_FINE},
        {20, 30, 121, RATE_UNUSUAL}, {0, 0, 500, RATE_FINE},  {20, 30, 501, RATE_UNUSUAL},
        {8, 400, 501, RATE_OVER_LIMIT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_RATES rates = rates_create((struct rate_limits){.per_person = 500}, NULL, NULL);
        AUTO_ARENA arena = arena_create(1 << 12);
        check_row(arena_text(arena, arena_format(arena, "case %zu", i)));
        for (unsigned h = 0; h < cases[i].hours; h++)
            CHECK_NUMBER(open_many(rates, "p_1", 3 * (int64_t)h, cases[i].each), RATE_FINE);
        enum rate_verdict verdict = RATE_FINE;
        for (unsigned n = 0; n < cases[i].then && verdict == RATE_FINE; n++)
            verdict = open_many(rates, "p_1", 100, 1);
        CHECK_NUMBER(verdict, cases[i].verdict);
    }
}

static void a_role_over_its_limit_is_told_of_once_an_hour(void)
{
    AUTO_RATES rates = rates_create((struct rate_limits){.per_role = 100}, NULL, NULL);
    unsigned told = 0;
    uint32_t count;
    for (int i = 0; i < 300; i++)
        told += rates_count_role(rates, 4, hour(0), &count) == RATE_OVER_LIMIT;
    CHECK_NUMBER(told, 1);
    for (int i = 0; i < 300; i++)
        told += rates_count_role(rates, 4, hour(1), &count) == RATE_OVER_LIMIT;
    CHECK_NUMBER(told, 2);
    CHECK_NUMBER(rates_count_role(rates, 5, hour(1), &count), RATE_FINE);
}

/* More people than places: who is paused stays so, and none of the others is let through for it. */
static void memory_is_bounded(void)
{
    AUTO_RATES rates = rates_create((struct rate_limits){.per_person = 1}, NULL, NULL);
    AUTO_ARENA arena = arena_create(1 << 20);
    CHECK_NUMBER(open_many(rates, "p_thief", 0, 2), RATE_OVER_LIMIT);
    for (int i = 0; i < 2 * RATE_PEOPLE_MAX; i++)
        CHECK_NUMBER(open_many(rates, arena_text(arena, arena_format(arena, "p_%d", i)), 0, 1), RATE_FINE);
    CHECK_NUMBER(open_many(rates, "p_thief", 0, 1), RATE_PAUSED);
    for (int i = 0; i < 2 * RATE_PEOPLE_MAX; i++)
        (void)open_many(rates, arena_text(arena, arena_format(arena, "p_%d", i)), 1, 2);
    CHECK_NUMBER(open_many(rates, "p_late", 1, 1), RATE_PAUSED);
    CHECK_NUMBER(rates_lift(rates), RATE_PEOPLE_MAX);
    CHECK_NUMBER(open_many(rates, "p_late", 1, 1), RATE_FINE);
    CHECK_NUMBER(open_many(rates, "", 1, 1), RATE_PAUSED);
    CHECK_NUMBER(open_many(rates, "p_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1, 1),
                 RATE_PAUSED);
}

/* What was kept, and whether it can be. */
struct keeper {
    bool refuses;
    unsigned kept;
    size_t place;
    struct rate_opener last;
};

static bool keep(void *context, size_t place, const struct rate_opener *one)
{
    struct keeper *keeper = context;
    keeper->kept++;
    keeper->place = place;
    keeper->last = *one;
    return !keeper->refuses;
}

/* Each opening is kept before it is answered, and so is the pause; what is refused already is not written again. */
static void what_is_counted_is_kept(void)
{
    struct keeper keeper = {0};
    AUTO_RATES rates = rates_create((struct rate_limits){.per_person = 3}, keep, &keeper);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 3), RATE_FINE);
    CHECK_NUMBER(keeper.kept, 3);
    CHECK(!keeper.last.paused && keeper.last.count == 3 && keeper.place == 0);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 1), RATE_OVER_LIMIT);
    CHECK(keeper.last.paused && keeper.kept == 4);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 100), RATE_PAUSED);
    CHECK_NUMBER(keeper.kept, 4);
    CHECK_NUMBER(open_many(rates, "p_2", 0, 1), RATE_FINE);
    CHECK(keeper.place == 1 && slice_equal((struct slice){keeper.last.id, keeper.last.len}, LIT("p_2")));
    CHECK_NUMBER(rates_paused(rates), 1);
}

static void what_cannot_be_kept_is_refused(void)
{
    struct keeper keeper = {.refuses = true};
    AUTO_RATES rates = rates_create((struct rate_limits){.per_person = 3}, keep, &keeper);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 1), RATE_PAUSED);
    keeper.refuses = false;
    CHECK_NUMBER(open_many(rates, "p_1", 0, 2), RATE_FINE); /* the first counts all the same */
    keeper.refuses = true;
    CHECK_NUMBER(open_many(rates, "p_1", 0, 1), RATE_OVER_LIMIT); /* which is told */
    keeper.refuses = false;
    CHECK_NUMBER(open_many(rates, "p_1", 0, 1), RATE_PAUSED);
}

/* Who takes places goes on where those were. */
static void what_was_kept_goes_on(void)
{
    AUTO_RATES first = rates_create((struct rate_limits){.per_person = 10}, NULL, NULL);
    AUTO_RATES second = rates_create((struct rate_limits){.per_person = 10}, NULL, NULL);
    CHECK_NUMBER(open_many(first, "p_1", 0, 8), RATE_FINE);
    CHECK_NUMBER(open_many(first, "p_2", 0, 11), RATE_OVER_LIMIT);
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++)
        rates_take(second, i, rates_opener(first, i));
    CHECK_NUMBER(open_many(second, "p_2", 0, 1), RATE_PAUSED);
    CHECK_NUMBER(open_many(second, "p_1", 0, 2), RATE_FINE);
    CHECK_NUMBER(open_many(second, "p_1", 0, 1), RATE_OVER_LIMIT);
}

static void nobody_opens_while_nobody_knows(void)
{
    AUTO_RATES rates = rates_create((struct rate_limits){.per_person = 3}, NULL, NULL);
    uint32_t count;
    rates_close(rates);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 5), RATE_PAUSED);
    CHECK_NUMBER(rates_count_role(rates, 3, hour(0), &count), RATE_FINE); /* roles go on */
    CHECK_NUMBER(rates_lift(rates), 0);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 3), RATE_FINE);
    CHECK_NUMBER(open_many(rates, "p_1", 0, 1), RATE_OVER_LIMIT);
}

int main(void)
{
    TEST(a_person_over_the_limit_is_paused);
    TEST(no_limit_is_none);
    TEST(a_person_far_above_their_usual_is_paused);
    TEST(a_role_over_its_limit_is_told_of_once_an_hour);
    TEST(memory_is_bounded);
    TEST(what_is_counted_is_kept);
    TEST(what_cannot_be_kept_is_refused);
    TEST(what_was_kept_goes_on);
    TEST(nobody_opens_while_nobody_knows);
    return check_done();
}
