/* The calendar of backups, played through: some years in a second. */
#include "check.h"
#include "domain/sets/sets.h"

enum { SETS_MAX = 64 };

/* A house that looks at its calendar every so often, makes what is due, and ends what is over. */
struct house {
    struct sets_rule rule;
    struct backup_set sets[SETS_MAX];
    struct backup_set_list list;
    unsigned made[SET_KIND_COUNT_];
    bool broken; /* it makes none */
};

static struct instant at(const char *iso)
{
    struct instant out = {0};
    CHECK_OK(instant_parse(slice_from(iso), &out, NULL, NULL));
    return out;
}

static struct house house_of(const char *zone, uint32_t hour, bool hourly)
{
    struct house house = {.rule = {zone_or_utc(slice_from(zone)), hour, hourly}};
    CHECK_TEXT(slice_from(zone_name(house.rule.zone)), zone);
    return house;
}

static void look(struct house *house, struct instant now)
{
    enum set_kind kind;
    house->list.items = house->sets;
    while (!house->broken && sets_due(&house->rule, &house->list, now, &kind)) {
        CHECK(house->list.count < SETS_MAX);
        house->sets[house->list.count++] = (struct backup_set){SLICE_NONE, now, kind};
        house->made[kind]++;
    }
    for (size_t i = 0; i < house->list.count;)
        if (sets_is_over(&house->rule, &house->list, &house->sets[i], now))
            house->sets[i] = house->sets[--house->list.count];
        else
            i++;
}

static unsigned count_kind(const struct house *house, enum set_kind kind)
{
    unsigned count = 0;
    for (size_t i = 0; i < house->list.count; i++)
        count += house->sets[i].kind == kind;
    return count;
}

/* Nothing is older than a calendar month, and nothing is lacking. */
static bool is_in_order(const struct house *house, struct instant now)
{
    struct sets_gaps gaps = sets_find_gaps(&house->rule, &house->list, now);
    for (size_t i = 0; i < house->list.count; i++)
        if (sets_latest_end(&house->rule, &house->sets[i]).us <= now.us ||
            now.us - house->sets[i].made.us > 31 * DAY_US + HOUR_US)
            return false;
    return gaps.days + gaps.weeks + gaps.months == 0 && !gaps.is_late;
}

static const char *const zones[] = {"UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe",
                                    "Pacific/Apia", "Africa/Casablanca"};

static void four_hundred_days(void)
{
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
        for (uint32_t hour = 0; hour < 24; hour += hour == 3 ? 20 : 1) { /* 0 to 3, where clocks change, and 23 */
            struct house house = house_of(zones[z], hour, false);
            struct instant begins = at("2026-01-15T09:00:00Z"), now = begins;
            unsigned wrong = 0;
            check_row(zones[z]);
            for (; now.us < begins.us + 400 * DAY_US; now.us += HOUR_US) {
                look(&house, now);
                wrong += !is_in_order(&house, now);
            }
            CHECK_NUMBER(wrong, 0);
            /* Each day one, on the day that it is of: 400 begun days and perhaps the one before. */
            unsigned all = house.made[SET_DAILY] + house.made[SET_WEEKLY] + house.made[SET_MONTHLY];
            CHECK(all == 400 || all == 401);
            CHECK_NUMBER(house.made[SET_MONTHLY], 14); /* January 2026 to February 2027 */
            CHECK(count_kind(&house, SET_DAILY) <= SETS_DAILY_KEPT);
            CHECK(count_kind(&house, SET_WEEKLY) <= SETS_WEEKLY_KEPT);
            CHECK_NUMBER(count_kind(&house, SET_MONTHLY), 1);
        }
}

/* Whatever was kept yesterday: after a first month there are always seven days, four weeks, a month. */
static void enough_is_kept(void)
{
    struct house house = house_of("Europe/Paris", 3, true);
    struct instant begins = at("2026-01-15T09:00:00Z"), now = begins;
    unsigned wrong = 0;
    for (; now.us < begins.us + 400 * DAY_US; now.us += 30 * MINUTE_US) {
        look(&house, now);
        bool seven_days = true;
        for (int back = 0; back < 7; back++) {
            bool found = false;
            struct civil_date day = civil_date_add(sets_day(&house.rule, now), -back);
            for (size_t i = 0; i < house.list.count; i++)
                found = found || (house.sets[i].kind >= SET_DAILY &&
                                  civil_date_compare(sets_day(&house.rule, house.sets[i].made), day) == 0);
            seven_days = seven_days && found;
        }
        if (now.us > begins.us + 40 * DAY_US)
            wrong += !seven_days || count_kind(&house, SET_WEEKLY) + count_kind(&house, SET_MONTHLY) < 4 ||
                     count_kind(&house, SET_MONTHLY) != 1 || count_kind(&house, SET_HOURLY) > SETS_HOURLY_KEPT;
        wrong += sets_find_gaps(&house.rule, &house.list, now).age.us > HOUR_US; /* what a loss costs */
    }
    CHECK_NUMBER(wrong, 0);
    CHECK(house.made[SET_HOURLY] > 400 * 22);
}

/* The hour that a change of the clocks skips or repeats is one hour of one day. */
static void clocks_change(void)
{
    static const struct {
        const char *zone, *from;
        uint32_t hour;
        const char *makes[3]; /* instants of the first three sets after the first */
    } cases[] = {
        {"Europe/Paris", "2026-03-28T12:00:00+01:00", 2,
         {"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00", "2026-03-31T02:00:00+02:00"}},
        {"Europe/Paris", "2026-10-24T12:00:00+02:00", 2,
         {"2026-10-25T02:00:00+02:00", "2026-10-26T02:00:00+01:00", "2026-10-27T02:00:00+01:00"}},
        {"America/New_York", "2026-10-31T12:00:00-04:00", 1,
         {"2026-11-01T01:00:00-04:00", "2026-11-02T01:00:00-05:00", "2026-11-03T01:00:00-05:00"}},
        {"Africa/Cairo", "2026-04-23T12:00:00+02:00", 0, /* midnight itself is skipped */
         {"2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00", "2026-04-26T00:00:00+03:00"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct house house = house_of(cases[i].zone, cases[i].hour, false);
        struct instant now = at(cases[i].from);
        check_row(cases[i].from);
        look(&house, now);
        for (size_t n = 0; n < 3; n++) {
            size_t before = house.made[SET_DAILY] + house.made[SET_WEEKLY] + house.made[SET_MONTHLY];
            while (house.made[SET_DAILY] + house.made[SET_WEEKLY] + house.made[SET_MONTHLY] == before)
                look(&house, (now.us += MINUTE_US, now));
            CHECK_NUMBER(now.us, at(cases[i].makes[n]).us);
        }
    }
}

/* The clock goes back, by an hour or by weeks; a set is there soon, and what the wrong time has left ends. */
static void clock_set_back(void)
{
    static const struct {
        const char *name;
        int64_t days_ahead;
    } cases[] = {{"an hour is nothing", 0}, {"three days", 3}, {"ten years", 3650}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct house house = house_of("Europe/Paris", 3, false);
        struct instant begins = at("2026-05-01T10:00:00Z"), now = begins;
        check_row(cases[i].name);
        for (; now.us < begins.us + 20 * DAY_US; now.us += HOUR_US)
            look(&house, now);
        struct instant wrong = {now.us + cases[i].days_ahead * DAY_US + HOUR_US};
        look(&house, wrong);
        look(&house, now);
        CHECK(house.list.count > 0);
        for (int hour = 0; hour < 48; hour++)
            look(&house, (now.us += HOUR_US, now));
        struct sets_gaps gaps = sets_find_gaps(&house.rule, &house.list, now);
        CHECK(!gaps.is_late);
        for (size_t s = 0; s < house.list.count; s++)
            CHECK(house.sets[s].made.us <= now.us + 3 * DAY_US);
        /* However wrong it was: a month later nothing of it is left. */
        for (int day = 0; day < 32; day++)
            look(&house, (now.us += DAY_US, now));
        CHECK(is_in_order(&house, now));
    }
}

/* Where none can be made, what is there still ends after a month; and the first that can be is the month's. */
static void nothing_outlives_a_month(void)
{
    struct house house = house_of("Europe/Paris", 3, false);
    struct instant begins = at("2026-01-31T10:00:00Z"), now = begins;
    look(&house, now);
    CHECK_NUMBER(house.list.count, 1);
    house.broken = true;
    look(&house, at("2026-02-28T09:59:00Z"));
    CHECK_NUMBER(house.list.count, 1);
    CHECK(sets_find_gaps(&house.rule, &house.list, at("2026-02-01T12:01:00Z")).is_late);
    CHECK(!sets_find_gaps(&house.rule, &house.list, at("2026-02-01T11:59:00Z")).is_late);
    look(&house, at("2026-02-28T10:00:00Z"));
    CHECK_NUMBER(house.list.count, 0);
    house.broken = false;
    look(&house, at("2026-03-05T10:00:00Z"));
    CHECK_NUMBER(house.made[SET_MONTHLY], 2);
}

/* Who asks for sets between does not push those of other days out. */
static void more_than_one_a_day(void)
{
    struct house house = house_of("Europe/Paris", 3, false);
    struct instant begins = at("2026-06-01T10:00:00Z"), now = begins;
    for (; now.us < begins.us + 12 * DAY_US; now.us += HOUR_US)
        look(&house, now);
    for (int more = 0; more < 9; more++)
        house.sets[house.list.count++] = (struct backup_set){SLICE_NONE, {now.us + more * MINUTE_US}, SET_DAILY};
    look(&house, now);
    CHECK(is_in_order(&house, now));
}

/* Sets that were days late: the day that had none is named. */
static void gaps_are_found(void)
{
    struct house house = house_of("Europe/Paris", 3, false);
    struct instant now = at("2026-06-01T10:00:00Z"), ends = at("2026-06-20T10:00:00Z");
    for (; now.us < ends.us; now.us += HOUR_US)
        look(&house, now);
    CHECK(is_in_order(&house, now));
    for (size_t i = 0; i < house.list.count; i++) {
        struct backup_set gone = house.sets[i];
        struct civil_date day = sets_day(&house.rule, gone.made);
        bool last = civil_date_compare(day, sets_day(&house.rule, now)) == 0;
        bool first = gone.made.us == at("2026-06-01T10:00:00Z").us; /* then nothing is known of before */
        house.sets[i].made.us = 0, house.list.count--;
        house.sets[i] = house.sets[house.list.count];
        struct sets_gaps gaps = sets_find_gaps(&house.rule, &house.list, now);
        CHECK(gaps.days + gaps.weeks + gaps.months > 0 || last || first);
        house.sets[house.list.count++] = house.sets[i];
        house.sets[i] = gone;
    }
    struct sets_gaps none = sets_find_gaps(&house.rule, &(struct backup_set_list){0}, now);
    CHECK(none.is_late && none.age.us == 0);
}

static void names(void)
{
    static const struct {
        const char *name;
        bool good;
    } cases[] = {
        {"2026-11-25T0300Z-daily", true},    {"2026-11-25T0300Z-weekly", true},
        {"2024-02-29T2359Z-monthly", true},  {"2026-11-25T0300Z-hourly", true},
        {"2026-11-25T0300Z-", false},        {"2026-11-25T0300Z-dailyx", false},
        {"2026-11-25T0300Z_daily", false},   {"2026-02-29T0300Z-daily", false},
        {"2026-11-25T2400Z-daily", false},   {"2026-11-25T0300+-daily", false},
        {"2026-11-25T0300Z-daily.part", false}, {"", false}, {"..", false}, {"sets.keys", false},
        {"2026-11-25T:300Z-daily", false},   {"2026-11-25T03 0Z-daily", false},
    };
    AUTO_ARENA arena = arena_create(65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct backup_set set;
        check_row(cases[i].name);
        enum status status = set_name_parse(slice_from(cases[i].name), &set, NULL);
        CHECK_NUMBER(status, cases[i].good ? ST_OK : ST_INVALID);
        if (status == ST_OK)
            CHECK_TEXT(set_name_format(set.made, set.kind, arena), cases[i].name);
    }
}

int main(void)
{
    TEST(four_hundred_days);
    TEST(enough_is_kept);
    TEST(clocks_change);
    TEST(clock_set_back);
    TEST(nothing_outlives_a_month);
    TEST(more_than_one_a_day);
    TEST(gaps_are_found);
    TEST(names);
    return check_done();
}
