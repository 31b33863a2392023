#include "check.h"
#include "roles/messages/seldom.h"

static void once_a_minute(void)
{
    static const struct {
        const char *what;
        int64_t at_ms;
        bool may;
    } rows[] = {
        {"a", 1000, true},  {"a", 1000, false},  {"b", 1000, true},    {"", 1000, true},        {"", 2000, false},
        {"a", 60999, false}, {"a", 61000, true}, {"a", 61001, false}, {"b", 61001, true},
        {"b", 500, true}, /* the clock was set back */
    };
    struct seldom seldom = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].what);
        CHECK_NUMBER(seldom_may(&seldom, slice_from(rows[i].what), rows[i].at_ms), rows[i].may);
    }
}

static void of_so_many(void)
{
    struct seldom seldom = {0};
    AUTO_ARENA arena = arena_create(1 << 16);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 2 * SELDOM_MAX; i++)
            CHECK_NUMBER(seldom_may(&seldom, arena_format(arena, "%d", i), round * SELDOM_MS + i), i < SELDOM_MAX);
    struct slice longest = arena_format(arena, "%0*d", SELDOM_TEXT_MAX, 0);
    struct slice longer = arena_format(arena, "%0*d", SELDOM_TEXT_MAX + 1, 0);
    CHECK(seldom_may(&seldom, longest, 9 * SELDOM_MS));
    CHECK(!seldom_may(&seldom, longer, 9 * SELDOM_MS));
}

int main(void)
{
    TEST(once_a_minute);
    TEST(of_so_many);
    return check_done();
}
