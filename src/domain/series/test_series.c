#include <stdlib.h>

#include "check.h"
#include "domain/series/series.h"

static const struct zone *zone_of(const char *name)
{
    const struct zone *zone = zone_utc();
    CHECK_OK(zone_load(slice_from(name), &zone, NULL));
    return zone;
}

static struct interval span_at(const char *start, const struct zone *zone)
{
    struct civil wall = {{1, 1, 1}, 0, 0, 0};
    CHECK_OK(civil_parse(slice_from(start), &wall, NULL));
    struct instant at = civil_to_instant(wall, zone);
    return (struct interval){at, instant_add(at, minutes(30))};
}

static int64_t day_of(int year, int month, int day)
{
    return civil_date_to_days((struct civil_date){year, (uint8_t)month, (uint8_t)day});
}

#define WEEKLY(n) {.freq = SERIES_WEEKLY, .interval = (n)}
#define MONTHLY .freq = SERIES_MONTHLY, .interval = 1

static const struct {
    struct series series;
    const char *start, *zone, *rule, *starts; /* the first four, local */
} cases[] = {
    {WEEKLY(1), "2027-03-23T10:00", "Europe/Paris", "FREQ=WEEKLY",
     "2027-03-23T10:00 2027-03-30T10:00 2027-04-06T10:00 2027-04-13T10:00"},
    {WEEKLY(2), "2026-12-03T14:00", "America/New_York", "FREQ=WEEKLY;INTERVAL=2",
     "2026-12-03T14:00 2026-12-17T14:00 2026-12-31T14:00 2027-01-14T14:00"},
    {{.freq = SERIES_WEEKLY, .interval = 1, .count = 3}, "2026-12-03T14:00", "Europe/Paris",
     "FREQ=WEEKLY;COUNT=3", "2026-12-03T14:00 2026-12-10T14:00 2026-12-17T14:00"},
    {{MONTHLY}, "2026-12-01T10:00", "Europe/Paris", "FREQ=MONTHLY;BYDAY=1TU",
     "2026-12-01T10:00 2027-01-05T10:00 2027-02-02T10:00 2027-03-02T10:00"},
    {{MONTHLY, .nth = 3}, "2026-12-16T10:00", "Europe/Paris", "FREQ=MONTHLY;BYDAY=3WE",
     "2026-12-16T10:00 2027-01-20T10:00 2027-02-17T10:00 2027-03-17T10:00"},
    {{MONTHLY, .nth = SERIES_LAST}, "2026-11-27T16:00", "Europe/Paris", "FREQ=MONTHLY;BYDAY=-1FR",
     "2026-11-27T16:00 2026-12-25T16:00 2027-01-29T16:00 2027-02-26T16:00"},
    /* the fifth is the last: other months have four */
    {{MONTHLY}, "2026-12-29T10:00", "Europe/Paris", "FREQ=MONTHLY;BYDAY=-1TU",
     "2026-12-29T10:00 2027-01-26T10:00 2027-02-23T10:00 2027-03-30T10:00"},
    {{MONTHLY, .monthday = 15}, "2026-12-15T10:00", "Europe/Paris", "FREQ=MONTHLY;BYMONTHDAY=15",
     "2026-12-15T10:00 2027-01-15T10:00 2027-02-15T10:00 2027-03-15T10:00"},
};

static struct slice local_starts(const struct interval_list *spans, const struct zone *zone,
                                 struct arena *arena)
{
    struct slice text = SLICE_NONE;
    for (size_t i = 0; i < spans->count; i++) {
        struct slice at = civil_format(civil_from_instant(spans->items[i].start, zone), arena);
        text = arena_format(arena, "%.*s%s%.*s", SLICE_ARG(text), i > 0 ? " " : "", 16, at.data);
    }
    return text;
}

static void names_its_rule_and_occurrences(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(4 << 20);
        const struct zone *zone = zone_of(cases[i].zone);
        struct interval first = span_at(cases[i].start, zone);
        struct civil wall = civil_from_instant(first.start, zone);
        check_row(cases[i].rule);
        CHECK_TEXT(series_rrule(&cases[i].series, wall, zone, arena), cases[i].rule);
        struct instant far = {first.start.us + 400 * DAY_US};
        struct interval_list spans = series_spans(&cases[i].series, first, zone, far, 4, arena);
        CHECK_TEXT(local_starts(&spans, zone, arena), cases[i].starts);
        for (size_t k = 0; k < spans.count; k++) {
            CHECK_NUMBER(spans.items[k].end.us - spans.items[k].start.us, 30 * MINUTE_US);
            CHECK(series_allows(&cases[i].series,
                                civil_from_instant(spans.items[k].start, zone).date));
        }
    }
}

/* "Until 30 June" has 30 June inside, and says so in UTC. */
static void ends_on_the_last_day(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    const struct zone *zone = zone_of("Europe/Paris");
    struct series series = {.freq = SERIES_WEEKLY, .interval = 1,
                            .until_day = day_of(2027, 6, 30)};
    struct interval first = span_at("2027-06-16T18:00", zone);
    struct civil wall = civil_from_instant(first.start, zone);
    CHECK_TEXT(series_rrule(&series, wall, zone, arena), "FREQ=WEEKLY;UNTIL=20270630T215900Z");
    struct instant end = series_end(&series, first, zone);
    CHECK_NUMBER(end.us, span_at("2027-06-30T18:00", zone).end.us);
    series.until_day--;
    CHECK_NUMBER(series_end(&series, first, zone).us, span_at("2027-06-23T18:00", zone).end.us);
    CHECK(!series_allows(&series, (struct civil_date){2027, 6, 30}));
    series.until_day = 0;
    CHECK_NUMBER(series_end(&series, first, zone).us, INT64_MAX);
    series.freq = SERIES_NONE;
    CHECK_NUMBER(series_end(&series, first, zone).us, first.end.us);
    CHECK_TEXT(series_rrule(&series, wall, zone, arena), "");
}

static void knows_the_next_and_the_rest(void)
{
    const struct zone *zone = zone_of("Europe/Paris");
    struct series series = {.freq = SERIES_WEEKLY, .interval = 1, .count = 5};
    struct interval first = span_at("2027-01-05T10:00", zone);
    static const struct {
        const char *now, *next;
        unsigned rest;
    } rows[] = {
        {"2027-01-01T09:00", "2027-01-05T10:00", 5},
        {"2027-01-05T10:10", "2027-01-05T10:00", 4}, /* it is going on */
        {"2027-01-05T10:30", "2027-01-12T10:00", 4},
        {"2027-01-26T12:00", "2027-02-02T10:00", 1},
        {"2028-01-01T00:00", "2027-02-02T10:00", 1}, /* over */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct instant now = span_at(rows[i].now, zone).start;
        check_row(rows[i].now);
        CHECK_NUMBER(series_next(&series, first, zone, now).start.us,
                     span_at(rows[i].next, zone).start.us);
        CHECK_NUMBER(series_rest(&series, first, zone, now).count, rows[i].rest);
    }
    series.count = 0; /* endless: there is always another */
    struct instant far = span_at("2040-06-01T09:00", zone).start;
    struct interval next = series_next(&series, first, zone, far);
    CHECK(next.start.us > far.us && next.start.us < far.us + 7 * DAY_US);
}

static void says_which_days_may_be(void)
{
    struct series series = {MONTHLY, .nth = 1, .days = 1u << MONDAY};
    CHECK(series_allows(&series, (struct civil_date){2026, 12, 7}));
    CHECK(!series_allows(&series, (struct civil_date){2026, 12, 14}));
    CHECK(!series_allows(&series, (struct civil_date){2026, 12, 1}));
    series.nth = SERIES_LAST;
    CHECK(series_allows(&series, (struct civil_date){2026, 12, 28}));
    CHECK(!series_allows(&series, (struct civil_date){2026, 12, 21}));
    series = (struct series){MONTHLY, .monthday = 15};
    CHECK(series_allows(&series, (struct civil_date){2026, 12, 15}));
    CHECK(!series_allows(&series, (struct civil_date){2026, 12, 16}));
}

static void goes_through_its_record(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER bytes = buffer_create(4096);
    struct series series = {MONTHLY, .days = 4, .nth = SERIES_LAST, .count = 7,
                            .until_day = day_of(2027, 6, 30)}, back;
    record_encode(&series_record, &series, &bytes);
    CHECK_OK(record_decode(&series_record, buffer_slice(&bytes), arena, &back, NULL));
    CHECK(memcmp(&series, &back, sizeof back) == 0);
}

/* For interop.py: events as our invitations have them, each with the starts that we expect. */
static void print_event(const struct series *series, const char *start, const char *zone_name_)
{
    AUTO_ARENA arena = arena_create(8 << 20);
    const struct zone *zone = zone_of(zone_name_);
    struct interval first = span_at(start, zone);
    struct civil wall = civil_from_instant(first.start, zone);
    struct ical_event event = {
        .uid = LIT("series@rendez.example"),
        .start = {ICAL_ZONED, wall, slice_from(zone_name_)},
        .end = {ICAL_ZONED, civil_from_instant(first.end, zone), slice_from(zone_name_)},
        .summary = LIT("Series"),
        .rrule = series_rrule(series, wall, zone, arena),
    };
    struct ical_calendar calendar = {.method = LIT("REQUEST"), .events = {&event, 1, 1}};
    struct slice text;
    if (ical_format(&calendar, first.start, arena, &text, NULL) != ST_OK)
        exit(1);
    struct interval_list spans = series_spans(
        series, first, zone, (struct instant){first.start.us + 500 * DAY_US}, 80, arena);
    printf("EVENT\n%.*sSTARTS", SLICE_ARG(text));
    for (size_t i = 0; i < spans.count; i++)
        printf(" %lld", (long long)(spans.items[i].start.us / 1000000));
    printf("\n");
}

static void print_events(void)
{
    static const char *const zones[] = {"Europe/Paris", "America/New_York", "Australia/Sydney",
                                        "Asia/Tokyo"};
    static const char *const starts[] = {"2026-11-30T09:00", "2026-12-01T23:30", "2027-01-29T00:15",
                                         "2027-03-26T02:30", "2027-10-29T14:00"};
    static const struct series shapes[] = {
        WEEKLY(1), WEEKLY(2), {MONTHLY}, {MONTHLY, .nth = SERIES_LAST},
        {.freq = SERIES_WEEKLY, .interval = 1, .count = 10},
        {.freq = SERIES_WEEKLY, .interval = 2, .count = 7},
        {MONTHLY, .count = 5},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t s = 0; s < sizeof starts / sizeof *starts; s++)
            for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
                struct series series = shapes[i];
                struct interval first = span_at(starts[s], zone_of(zones[z]));
                struct civil_date date = civil_from_instant(first.start, zone_of(zones[z])).date;
                if (series.nth == SERIES_LAST && date.day + 7 <= days_in_month(date.year, date.month))
                    continue; /* DTSTART would be no occurrence */
                print_event(&series, starts[s], zones[z]);
                if (series.count > 0)
                    continue;
                series.until_day = civil_date_to_days(date) + 7 * 26; /* that very weekday */
                print_event(&series, starts[s], zones[z]);
            }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        print_events();
        return 0;
    }
    TEST(names_its_rule_and_occurrences);
    TEST(ends_on_the_last_day);
    TEST(knows_the_next_and_the_rest);
    TEST(says_which_days_may_be);
    TEST(goes_through_its_record);
    return check_done();
}
