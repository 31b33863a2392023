/* Figures of readings and decisions: each row of a table is a decision, the sums are by hand. */
#include "check.h"
#include "domain/supervision/figures.h"

static const struct {
    const char *day, *reason, *decision, *changed;
    enum language language;
    uint32_t confidence, waited_s, held_s, sample, agreed;
} decided[] = {
    {"2026-03-02", "unsure", "approve", "", LANGUAGE_FR, 540, 10, 20, 0, AGREED_NONE},
    {"2026-03-02", "unsure", "correct", "intent windows", LANGUAGE_FR, 520, 30, 60, 0, AGREED_NONE},
    {"2026-03-03", "unsure", "correct", "", LANGUAGE_EN, 590, 40, 5, 0, AGREED_NONE},
    {"2026-03-03", "hostile", "take_over", "", LANGUAGE_FR, 900, 20, 90, 0, AGREED_NONE},
    {"2026-03-08", "sample", "correct", "intent", LANGUAGE_FR, 1000, 50, 30, 1, AGREED},
    {"2026-03-09", "sample", "correct", "intent", LANGUAGE_EN, 910, 60, 40, 1, AGREED_NOT},
    {"2026-03-09", "unreadable", "seen", "", LANGUAGE_UNKNOWN, 0, 70, 1, 0, AGREED_NONE},
};

static struct instant noon(const char *day)
{
    struct instant at = {0};
    char text[32];
    snprintf(text, sizeof text, "%sT12:00:00Z", day);
    CHECK_OK(instant_parse(slice_from(text), &at, NULL, NULL));
    return at;
}

static struct figures made(struct arena *arena)
{
    struct supervised_list decisions = {0};
    struct figures out;
    uint32_t monday = figures_day_of(noon("2026-03-02"));
    struct read_count reads[] = {
        {monday + 1, LANGUAGE_EN, 9, 20, 1}, {monday, LANGUAGE_FR, 5, 4, 2}, {monday, LANGUAGE_FR, 9, 30, 0},
    };
    struct read_count_list counted = {reads, 3, 3};
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++) {
        struct supervised one = {
            .at = noon(decided[i].day), .language = decided[i].language, .reason = slice_from(decided[i].reason),
            .confidence = decided[i].confidence, .decision = slice_from(decided[i].decision),
            .changed = slice_from(decided[i].changed), .waited_s = decided[i].waited_s, .held_s = decided[i].held_s,
            .sample = decided[i].sample, .agreed = decided[i].agreed,
        };
        ARENA_PUSH(arena, &decisions, one);
    }
    figures_make(&counted, &decisions, arena, &out);
    return out;
}

static void days_and_weeks_add_up(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct figures out = made(arena);
    static const struct figures_day want[] = {{0, 34, 2, 2, 2, 1}, {1, 20, 1, 2, 1, 1}, {6, 0, 0, 1, 1, 1}, {7, 0, 0, 2, 1, 0}};
    uint32_t monday = figures_day_of(noon("2026-03-02"));
    CHECK_NUMBER(out.days.count, 4);
    for (size_t i = 0; i < out.days.count; i++) {
        const struct figures_day *day = &out.days.items[i];
        CHECK_NUMBER(day->day, monday + want[i].day);
        CHECK_NUMBER(day->messages, want[i].messages);
        CHECK_NUMBER(day->doubts, want[i].doubts);
        CHECK_NUMBER(day->decided, want[i].decided);
        CHECK_NUMBER(day->judged, want[i].judged);
        CHECK_NUMBER(day->agreed, want[i].agreed);
    }
    CHECK_NUMBER(out.weeks.count, 2);
    CHECK_NUMBER(out.weeks.items[0].day, monday);
    CHECK_NUMBER(out.weeks.items[0].messages, 54);
    CHECK_NUMBER(out.weeks.items[0].decided, 5);
    CHECK_NUMBER(out.weeks.items[1].day, monday + 7);
}

static void groups_have_their_times(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct figures out = made(arena);
    CHECK_NUMBER(out.groups.count, 6);
    CHECK_TEXT(out.groups.items[0].reason, "hostile");
    CHECK_NUMBER(out.groups.items[0].judged, 0); /* an answer in their own words says nothing of the reading */
    CHECK_TEXT(out.groups.items[4].reason, "unsure");
    CHECK_NUMBER(out.groups.items[4].language, LANGUAGE_FR);
    CHECK_NUMBER(out.groups.items[4].decided, 2);
    CHECK_NUMBER(out.groups.items[4].agreed, 1);
    CHECK_NUMBER(out.groups.items[4].waited_s, 10);
    CHECK_NUMBER(out.groups.items[4].waited_p90_s, 30);
    CHECK_NUMBER(out.all.decided, 7);
    CHECK_NUMBER(out.all.judged, 5);
    CHECK_NUMBER(out.all.agreed, 3);
    CHECK_NUMBER(out.all.held_s, 30);
    CHECK_NUMBER(out.all.held_p90_s, 90);
}

static void errors_are_by_confidence(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct figures out = made(arena);
    CHECK_NUMBER(out.levels[5].judged, 3);
    CHECK_NUMBER(out.levels[5].wrong, 1);
    CHECK_NUMBER(out.levels[9].judged, 2);
    CHECK_NUMBER(out.levels[9].wrong, 1);
    CHECK_NUMBER(out.levels[0].judged, 0);
    CHECK_NUMBER(out.sampled.judged, 2);
    CHECK_NUMBER(out.sampled.wrong, 1);
}

static void levels_are_tenths(void)
{
    static const struct { uint32_t confidence, level; } rows[] = {{0, 0}, {99, 0}, {100, 1}, {599, 5}, {999, 9}, {1000, 9}, {5000, 9}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_NUMBER(figures_level_of(rows[i].confidence), rows[i].level);
}

/* Values of Wilson's interval as statistical tables have them, in thousandths. */
static void intervals_are_wilsons(void)
{
    static const struct { uint32_t judged, wrong, low, high; } rows[] = {
        {0, 0, 0, 1000}, {10, 0, 0, 278}, {10, 10, 722, 1000}, {10, 1, 18, 404}, {50, 1, 4, 105}, {100, 5, 22, 112},
        {1000, 20, 13, 31}, {1, 1, 207, 1000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct figures_error got = figures_error_of(rows[i].judged, rows[i].wrong);
        CHECK_NUMBER(got.low, rows[i].low);
        CHECK_NUMBER(got.high, rows[i].high);
    }
}

static void nothing_is_nothing(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct figures out;
    figures_make(&(struct read_count_list){0}, &(struct supervised_list){0}, arena, &out);
    CHECK_NUMBER(out.days.count + out.weeks.count + out.groups.count + out.all.decided, 0);
    CHECK_NUMBER(out.sampled.high, 1000);
}

static void looks_of_some_days(void)
{
    static const struct { const char *first, *last; uint32_t looks, wrong; } rows[] = {
        {"2026-03-08", "2026-03-09", 2, 1}, {"2026-03-08", "2026-03-08", 1, 0}, {"2026-03-09", "2026-05-01", 1, 1},
        {"2026-03-01", "2026-03-07", 0, 0}, {"2026-03-10", "2026-03-01", 0, 0},
    };
    AUTO_ARENA arena = arena_create(1 << 20);
    struct supervised_list decisions = {0};
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++)
        ARENA_PUSH(arena, &decisions, ((struct supervised){.at = noon(decided[i].day), .sample = decided[i].sample,
                                                           .agreed = decided[i].agreed}));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct figures_error found =
            figures_looks(&decisions, figures_day_of(noon(rows[i].first)), figures_day_of(noon(rows[i].last)));
        check_row(rows[i].first);
        CHECK_NUMBER(found.judged, rows[i].looks);
        CHECK_NUMBER(found.wrong, rows[i].wrong);
    }
    check_row("");
}

int main(void)
{
    TEST(days_and_weeks_add_up);
    TEST(groups_have_their_times);
    TEST(errors_are_by_confidence);
    TEST(levels_are_tenths);
    TEST(intervals_are_wilsons);
    TEST(nothing_is_nothing);
    TEST(looks_of_some_days);
    return check_done();
}
