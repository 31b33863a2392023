#include "base/datetime/datetime.h"
#include "check.h"

static const struct zone *load(const char *name)
{
    const struct zone *zone = zone_utc();
    CHECK_OK(zone_load(slice_from(name), &zone, NULL));
    return zone;
}

static void counts_days(void)
{
    CHECK_NUMBER(civil_date_to_days((struct civil_date){1970, 1, 1}), 0);
    CHECK_NUMBER(civil_date_to_days((struct civil_date){2000, 3, 1}), 11017);
    for (int64_t day = -719162; day < 2932896; day += 97) { /* year 1 to 9999 */
        struct civil_date date = civil_date_from_days(day);
        CHECK(civil_date_is_valid(date));
        CHECK_NUMBER(civil_date_to_days(date), day);
    }
    CHECK(civil_date_weekday((struct civil_date){2026, 11, 25}) == WEDNESDAY);
    CHECK(civil_date_weekday((struct civil_date){1969, 12, 31}) == WEDNESDAY);
    CHECK(!civil_date_is_valid((struct civil_date){2026, 2, 29}));
    CHECK(civil_date_is_valid((struct civil_date){2028, 2, 29}));
    struct civil_date end = civil_date_add_months((struct civil_date){2026, 10, 31}, 4);
    CHECK(civil_date_compare(end, (struct civil_date){2027, 2, 28}) == 0);
    end = civil_date_add_months((struct civil_date){2026, 1, 15}, -13);
    CHECK(civil_date_compare(end, (struct civil_date){2024, 12, 15}) == 0);
}

static void numbers_weeks_and_easter(void)
{
    static const struct {
        struct civil_date date;
        int week, year;
    } weeks[] = {
        {{2026, 1, 1}, 1, 2026},   {{2027, 1, 1}, 53, 2026},  {{2026, 12, 31}, 53, 2026},
        {{2024, 12, 30}, 1, 2025}, {{2026, 11, 25}, 48, 2026}, {{2021, 1, 3}, 53, 2020},
    };
    for (size_t i = 0; i < sizeof weeks / sizeof *weeks; i++) {
        int32_t year;
        CHECK_NUMBER(civil_date_iso_week(weeks[i].date, &year), weeks[i].week);
        CHECK_NUMBER(year, weeks[i].year);
    }
    static const struct civil_date easters[] = {
        {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5}, {2027, 3, 28}, {2038, 4, 25}, {2285, 3, 22},
    };
    for (size_t i = 0; i < sizeof easters / sizeof *easters; i++)
        CHECK(civil_date_compare(civil_date_easter(easters[i].year), easters[i]) == 0);
}

static void reads_iso(void)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct instant at;
    int32_t offset;
    CHECK_OK(instant_parse(LIT("2026-03-02T10:12:40+01:00"), &at, &offset, NULL));
    CHECK_NUMBER(offset, 3600);
    CHECK_TEXT(instant_format(at, zone_utc(), arena), "2026-03-02T09:12:40+00:00");
    CHECK_TEXT(instant_format(at, load("Europe/Paris"), arena), "2026-03-02T10:12:40+01:00");
    CHECK_TEXT(instant_format(at, load("America/New_York"), arena), "2026-03-02T04:12:40-05:00");
    CHECK_OK(instant_parse(LIT("1970-01-01T00:00:00.5Z"), &at, NULL, NULL));
    CHECK_NUMBER(at.us, 500000);
    static const char *const bad[] = {
        "",
        "2026-03-02",
        "2026-03-02T10:12",
        "2026-02-30T10:12:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T10:12:40+01:00x",
        "2026-3-02T10:12:40Z",
        "2026-03-02 10:12:40Z",
        "2026-03-02T10:12:40.Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_row(bad[i]);
        CHECK(instant_parse(slice_from(bad[i]), &at, NULL, NULL) == ST_INVALID);
    }
    struct civil wall;
    CHECK_OK(civil_parse(LIT("2026-03-02T10:12"), &wall, NULL));
    CHECK_TEXT(civil_format(wall, arena), "2026-03-02T10:12:00");
    CHECK_OK(civil_parse(LIT("2026-03-02"), &wall, NULL));
    CHECK(civil_parse(LIT("2026-03-02T10:12Z"), &wall, NULL) == ST_INVALID);
}

static void knows_gaps_and_folds(void)
{
    static const struct {
        const char *zone, *wall;
        enum civil_fit fit;
        const char *first, *second;
    } cases[] = {
        {"Europe/Paris", "2026-03-29T02:30", CIVIL_SKIPPED, "2026-03-29T01:30:00+00:00",
         "2026-03-29T01:30:00+00:00"},
        {"Europe/Paris", "2026-10-25T02:30", CIVIL_TWICE, "2026-10-25T00:30:00+00:00",
         "2026-10-25T01:30:00+00:00"},
        {"Europe/Paris", "2026-10-25T03:00", CIVIL_ONCE, "2026-10-25T02:00:00+00:00",
         "2026-10-25T02:00:00+00:00"},
        {"America/New_York", "2026-03-17T09:00", CIVIL_ONCE, "2026-03-17T13:00:00+00:00",
         "2026-03-17T13:00:00+00:00"},
        {"Asia/Singapore", "2026-10-28T21:00", CIVIL_ONCE, "2026-10-28T13:00:00+00:00",
         "2026-10-28T13:00:00+00:00"},
        {"Europe/Dublin", "2060-07-01T12:00", CIVIL_ONCE, "2060-07-01T11:00:00+00:00",
         "2060-07-01T11:00:00+00:00"},
        {"Australia/Lord_Howe", "2050-10-02T02:15", CIVIL_SKIPPED, "2050-10-01T15:45:00+00:00",
         "2050-10-01T15:45:00+00:00"},
    };
    AUTO_ARENA arena = arena_create(1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].wall);
        struct civil wall;
        CHECK_OK(civil_parse(slice_from(cases[i].wall), &wall, NULL));
        struct civil_fits fits = civil_to_instants(wall, load(cases[i].zone));
        CHECK(fits.fit == cases[i].fit);
        CHECK_TEXT(instant_format(fits.first, zone_utc(), arena), cases[i].first);
        CHECK_TEXT(instant_format(fits.second, zone_utc(), arena), cases[i].second);
    }
}

/* Around every transition of every zone up to 2045, instant → civil → instant finds the
 * instant again. */
static void round_trips_over_every_transition(void)
{
    static const char *const names[] = {
        "Europe/Paris",   "Europe/London", "Europe/Dublin",       "America/New_York",
        "America/St_Johns", "Asia/Kolkata",  "Australia/Lord_Howe", "Africa/Casablanca",
        "Pacific/Apia",   "Asia/Gaza",     "America/Sao_Paulo",   "Antarctica/Troll",
    };
    const int64_t until = civil_to_us((struct civil){.date = {2045, 1, 1}});
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct zone *zone = load(names[i]);
        struct instant at = {civil_to_us((struct civil){.date = {1975, 1, 1}})};
        check_row(names[i]);
        while (zone_next_transition(zone, at, &at) && at.us < until) {
            static const int64_t around[] = {-7200, -3600, -1800, -1, 0, 1, 1800, 3600, 7200};
            for (size_t j = 0; j < sizeof around / sizeof *around; j++) {
                struct instant probe = {at.us + around[j] * 1000000};
                struct civil_fits fits = civil_to_instants(civil_from_instant(probe, zone), zone);
                CHECK(fits.fit != CIVIL_SKIPPED);
                CHECK(fits.first.us == probe.us || fits.second.us == probe.us);
            }
        }
    }
}

static void refuses_foreign_zone_names(void)
{
    const struct zone *zone;
    CHECK(zone_load(LIT("Europe/Atlantis"), &zone, NULL) == ST_NOT_FOUND);
    CHECK(zone_load(LIT("../../../etc/passwd"), &zone, NULL) == ST_NOT_FOUND);
    CHECK(zone_load(LIT("/etc/passwd"), &zone, NULL) == ST_NOT_FOUND);
    CHECK(zone_load(LIT(""), &zone, NULL) == ST_NOT_FOUND);
    const char *abbreviation;
    struct instant summer = {civil_to_us((struct civil){.date = {2026, 7, 1}})};
    CHECK_NUMBER(zone_offset_s(load("Europe/Paris"), summer, &abbreviation), 7200);
    CHECK_TEXT(slice_from(abbreviation), "CEST");
}

int main(void)
{
    TEST(counts_days);
    TEST(numbers_weeks_and_easter);
    TEST(reads_iso);
    TEST(knows_gaps_and_folds);
    TEST(round_trips_over_every_transition);
    TEST(refuses_foreign_zone_names);
    return check_done();
}
