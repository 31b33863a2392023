#include "check.h"
#include "domain/calendar/calendar.h"

static const struct zone *load(const char *name)
{
    const struct zone *zone = zone_utc();
    CHECK_OK(zone_load(slice_from(name), &zone, NULL));
    return zone;
}

static struct instant at(const char *text)
{
    struct instant instant = {0};
    CHECK_OK(instant_parse(slice_from(text), &instant, NULL, NULL));
    return instant;
}

static struct interval march = {{0}, {0}};

/* The events' starts and ends in Paris, "F" before those that are free. */
static struct slice show(struct arena *arena, const char *events)
{
    struct ical_calendar calendar;
    struct occurrence_list found = {0};
    const struct zone *paris = load("Europe/Paris");
    struct slice text = arena_format(arena, "BEGIN:VCALENDAR\n%sEND:VCALENDAR\n", events);
    AUTO_BUFFER out = buffer_create(1 << 16);
    CHECK_OK(ical_parse(text, arena, &calendar, NULL));
    CHECK_OK(calendar_occurrences(&calendar, LIT("Eva@atelier.example"), paris, march, arena, &found,
                                  NULL));
    for (size_t i = 0; i < found.count; i++) {
        struct slice start = civil_format(civil_from_instant(found.items[i].span.start, paris), arena);
        struct slice end = civil_format(civil_from_instant(found.items[i].span.end, paris), arena);
        buffer_add_format(&out, "%s%s%.11s-%.11s", i == 0 ? "" : " ", found.items[i].busy ? "" : "F",
                          start.data + 5, end.data + 5);
    }
    return arena_copy(arena, buffer_slice(&out));
}

#define EVENT(lines) "BEGIN:VEVENT\nUID:a\n" lines "END:VEVENT\n"
#define PARIS(name, time) name ";TZID=Europe/Paris:" time "\n"
#define HOUR(extra) EVENT("DTSTART:20260302T080000Z\nDTEND:20260302T090000Z\n" extra)

static const struct {
    const char *title, *events, *want;
} cases[] = {
    {"one hour", HOUR(""), "03-02T09:00-03-02T10:00"},
    {"transparent", HOUR("TRANSP:TRANSPARENT\n"), "F03-02T09:00-03-02T10:00"},
    {"cancelled", HOUR("STATUS:CANCELLED\n"), "F03-02T09:00-03-02T10:00"},
    {"tentative is busy", HOUR("STATUS:TENTATIVE\n"), "03-02T09:00-03-02T10:00"},
    {"marked free", HOUR("X-MICROSOFT-CDO-BUSYSTATUS:FREE\n"), "F03-02T09:00-03-02T10:00"},
    {"works elsewhere", HOUR("X-MICROSOFT-CDO-BUSYSTATUS:WorkingElsewhere\n"),
     "F03-02T09:00-03-02T10:00"},
    {"out of office is busy", HOUR("X-MICROSOFT-CDO-BUSYSTATUS:OOF\n"), "03-02T09:00-03-02T10:00"},
    {"declined by the owner", HOUR("ATTENDEE;PARTSTAT=DECLINED:mailto:eva@atelier.example\n"),
     "F03-02T09:00-03-02T10:00"},
    {"declined by somebody else", HOUR("ATTENDEE;PARTSTAT=DECLINED:mailto:leo@atelier.example\n"),
     "03-02T09:00-03-02T10:00"},
    {"no end is no time", EVENT("DTSTART:20260302T080000Z\n"), "03-02T09:00-03-02T09:00"},
    {"duration", EVENT("DTSTART:20260302T080000Z\nDURATION:PT45M\n"), "03-02T09:00-03-02T09:45"},
    {"floating is the owner's", EVENT("DTSTART:20260302T080000\nDURATION:PT1H\n"),
     "03-02T08:00-03-02T09:00"},
    {"all day", EVENT("DTSTART;VALUE=DATE:20260302\n"), "03-02T00:00-03-03T00:00"},
    {"three days over a change of offset",
     EVENT("DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260331\n"), "03-28T00:00-03-31T00:00"},
    {"steady on the wall clock",
     EVENT(PARIS("DTSTART", "20260328T090000") PARIS("DTEND", "20260328T100000")
           "RRULE:FREQ=DAILY;COUNT=2\n"),
     "03-28T09:00-03-28T10:00 03-29T09:00-03-29T10:00"},
    {"New York keeps its own clock: summer time began on 8 March there",
     EVENT("DTSTART;TZID=America/New_York:20260305T090000\nDURATION:PT1H\n"
           "RRULE:FREQ=WEEKLY;COUNT=2\n"),
     "03-05T15:00-03-05T16:00 03-12T14:00-03-12T15:00"},
    {"began long before the window",
     EVENT(PARIS("DTSTART", "20100104T090000") "DURATION:PT1H\nRRULE:FREQ=WEEKLY;INTERVAL=4\n"),
     "03-09T09:00-03-09T10:00"},
    {"EXDATE in another zone",
     EVENT(PARIS("DTSTART", "20260302T090000") "DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
           "EXDATE:20260303T080000Z\n"),
     "03-02T09:00-03-02T10:00 03-04T09:00-03-04T10:00"},
    {"EXDATE without time",
     EVENT(PARIS("DTSTART", "20260302T090000") "DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
           "EXDATE;VALUE=DATE:20260302\n"),
     "03-03T09:00-03-03T10:00 03-04T09:00-03-04T10:00"},
    {"RDATE, twice the same",
     EVENT(PARIS("DTSTART", "20260302T090000") "DURATION:PT1H\nRDATE:20260305T100000Z,"
           "20260305T100000Z\n"),
     "03-02T09:00-03-02T10:00 03-05T11:00-03-05T12:00"},
    {"EXRULE",
     EVENT(PARIS("DTSTART", "20260302T090000") "DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
           "EXRULE:FREQ=WEEKLY;BYDAY=TU\n"),
     "03-02T09:00-03-02T10:00 03-04T09:00-03-04T10:00"},
    {"a moved and a cancelled instance",
     EVENT(PARIS("DTSTART", "20260302T090000") "DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n")
         EVENT("RECURRENCE-ID:20260303T080000Z\n" PARIS("DTSTART", "20260305T140000") "DURATION:PT30M\n")
             EVENT(PARIS("RECURRENCE-ID", "20260304T090000") PARIS("DTSTART", "20260304T090000")
                   "DURATION:PT1H\nSTATUS:CANCELLED\n"),
     "03-02T09:00-03-02T10:00 F03-04T09:00-03-04T10:00 03-05T14:00-03-05T14:30"},
    {"moved into the window from outside",
     EVENT(PARIS("DTSTART", "20260105T090000") "DURATION:PT1H\nRRULE:FREQ=MONTHLY;COUNT=2\n")
         EVENT(PARIS("RECURRENCE-ID", "20260205T090000") PARIS("DTSTART", "20260310T100000")
               "DURATION:PT1H\n"),
     "03-10T10:00-03-10T11:00"},
    {"this and future",
     EVENT(PARIS("DTSTART", "20260302T090000") "DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n")
         EVENT("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20260303T090000\n" PARIS(
             "DTSTART", "20260303T110000") "DURATION:PT30M\n"),
     "03-02T09:00-03-02T10:00 03-03T11:00-03-03T11:30 03-04T11:00-03-04T11:30"},
    {"an exception without its series",
     EVENT(PARIS("RECURRENCE-ID", "20260303T090000") PARIS("DTSTART", "20260303T110000")
           "DURATION:PT1H\n"),
     "03-03T11:00-03-03T12:00"},
    {"an older version of the same event",
     EVENT("SEQUENCE:1\n" PARIS("DTSTART", "20260303T110000") "DURATION:PT1H\n")
         EVENT("SEQUENCE:2\n" PARIS("DTSTART", "20260304T110000") "DURATION:PT1H\n"),
     "03-04T11:00-03-04T12:00"},
    {"one UID for all", EVENT("DTSTART:20260302T080000Z\nDURATION:PT1H\n") HOUR("SUMMARY:b\n"),
     "03-02T09:00-03-02T10:00 03-02T09:00-03-02T10:00"},
    {"a rule that cannot be read", HOUR("RRULE:FREQ=NEVER\n"), "03-02T09:00-03-02T10:00"},
    {"a rule that never ends", HOUR("RRULE:FREQ=SECONDLY;COUNT=3;BYMONTH=1\n"),
     "03-02T09:00-03-02T10:00"},
    {"begins before the window", EVENT("DTSTART:20260228T120000Z\nDTEND:20260301T120000Z\n"),
     "02-28T13:00-03-01T13:00"},
    {"ends where the window begins", EVENT("DTSTART:20260228T120000Z\nDTEND:20260228T230000Z\n"), ""},
    {"availability: Monday to Friday mornings in one week",
     "BEGIN:VAVAILABILITY\n" PARIS("DTSTART", "20260302T000000") PARIS("DTEND", "20260304T000000")
         "BEGIN:AVAILABLE\n" PARIS("DTSTART", "20260105T090000") PARIS("DTEND", "20260105T120000")
             "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\nEND:AVAILABLE\nEND:VAVAILABILITY\n",
     "03-02T00:00-03-02T09:00 03-02T12:00-03-03T09:00 03-03T12:00-03-04T00:00"},
    {"availability of higher priority decides alone",
     "BEGIN:VAVAILABILITY\nPRIORITY:5\n" PARIS("DTSTART", "20260302T000000") PARIS("DTEND", "20260304T000000")
         "END:VAVAILABILITY\nBEGIN:VAVAILABILITY\nPRIORITY:1\n" PARIS("DTSTART", "20260302T060000") PARIS(
             "DTEND", "20260303T000000") "BEGIN:AVAILABLE\n" PARIS("DTSTART", "20260302T060000")
             PARIS("DTEND", "20260303T000000") "END:AVAILABLE\nEND:VAVAILABILITY\n",
     "03-02T00:00-03-02T06:00 03-03T00:00-03-04T00:00"},
    {"VFREEBUSY", "BEGIN:VFREEBUSY\nFREEBUSY:20260302T080000Z/PT1H\nEND:VFREEBUSY\n",
     "03-02T09:00-03-02T10:00"},
};

static void finds_occurrences(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create((size_t)16 << 20);
        check_row(cases[i].title);
        struct slice got = show(arena, cases[i].events);
        CHECK_TEXT(got, cases[i].want);
    }
}

static void merges_busy_times(void)
{
    AUTO_ARENA arena = arena_create((size_t)16 << 20);
    struct ical_calendar calendar;
    struct interval_list busy;
    CHECK_OK(ical_parse(LIT("BEGIN:VCALENDAR\n"
                            "BEGIN:VEVENT\nUID:a\nDTSTART:20260228T000000Z\nDTEND:20260302T090000Z\nEND:VEVENT\n"
                            "BEGIN:VEVENT\nUID:b\nDTSTART:20260302T090000Z\nDURATION:PT1H\nEND:VEVENT\n"
                            "BEGIN:VEVENT\nUID:c\nDTSTART:20260302T093000Z\nDURATION:PT15M\nEND:VEVENT\n"
                            "BEGIN:VEVENT\nUID:d\nDTSTART:20260302T120000Z\nDURATION:PT1H\nEND:VEVENT\n"
                            "BEGIN:VEVENT\nUID:e\nDTSTART:20260302T120000Z\nTRANSP:TRANSPARENT\nDURATION:PT9H\nEND:VEVENT\n"
                            "END:VCALENDAR\n"),
                        arena, &calendar, NULL));
    CHECK_OK(calendar_busy(&calendar, SLICE_NONE, zone_utc(), march, arena, &busy, NULL));
    CHECK_NUMBER(busy.count, 2);
    CHECK(busy.items[0].start.us == march.start.us);
    CHECK(busy.items[0].end.us == at("2026-03-02T10:00:00Z").us);
    CHECK(busy.items[1].end.us == at("2026-03-02T13:00:00Z").us);
}

static void bounds_hostile_calendars(void)
{
    AUTO_ARENA arena = arena_create((size_t)256 << 20);
    AUTO_BUFFER text = buffer_create((size_t)4 << 20);
    struct ical_calendar calendar;
    struct interval_list busy;
    buffer_add_text(&text, "BEGIN:VCALENDAR\n");
    for (int i = 0; i < 1000; i++)
        buffer_add_format(&text, "BEGIN:VEVENT\nUID:%d\nDTSTART:20000101T000000Z\nRRULE:FREQ=DAILY;"
                                 "COUNT=99999999;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n", i);
    int64_t before = clock_monotonic_ms();
    CHECK_OK(ical_parse(buffer_slice(&text), arena, &calendar, NULL));
    enum status status =
        calendar_busy(&calendar, SLICE_NONE, zone_utc(), march, arena, &busy, NULL);
    CHECK(status == ST_OK || status == ST_LIMIT);
    CHECK(clock_monotonic_ms() - before < 5000);
    CHECK_OK(ical_parse(LIT("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260301T000000Z\n"
                            "RRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR\n"),
                        arena, &calendar, NULL));
    CHECK(calendar_busy(&calendar, SLICE_NONE, zone_utc(), march, arena, &busy, NULL) == ST_LIMIT);
    buffer_clear(&text);
    buffer_add_text(&text, "BEGIN:VCALENDAR\n");
    for (int i = 0; i < 90; i++)
        buffer_add_text(&text, "BEGIN:VAVAILABILITY\nBEGIN:AVAILABLE\nDTSTART:20260301T000000Z\n"
                               "RRULE:FREQ=MINUTELY\nEND:AVAILABLE\nEND:VAVAILABILITY\n");
    buffer_add_text(&text, "END:VCALENDAR\n");
    AUTO_ARENA bounded = arena_create(CALENDAR_ARENA_BYTES);
    CHECK_OK(ical_parse(buffer_slice(&text), arena, &calendar, NULL));
    CHECK(calendar_busy(&calendar, SLICE_NONE, zone_utc(), march, bounded, &busy, NULL) == ST_LIMIT);
}

/* Interval algebra against a bitmap of small numbers. */
static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static struct interval_list random_list(struct arena *arena, uint32_t *state, uint64_t *bits)
{
    struct interval_list list = {0};
    *bits = 0;
    for (uint32_t n = next_random(state) % 6; n > 0; n--) {
        int64_t start = next_random(state) % 40, end = start + next_random(state) % 12;
        ARENA_PUSH(arena, &list, ((struct interval){{start}, {end}}));
        for (int64_t i = start; i < end; i++)
            *bits |= UINT64_C(1) << i;
    }
    intervals_normalise(&list);
    return list;
}

static uint64_t bits_of(struct interval_list list)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < list.count; i++) {
        CHECK(list.items[i].start.us < list.items[i].end.us);
        CHECK(i == 0 || list.items[i - 1].end.us < list.items[i].start.us); /* merged */
        for (int64_t k = list.items[i].start.us; k < list.items[i].end.us; k++)
            bits |= UINT64_C(1) << k;
    }
    return bits;
}

static void computes_with_intervals(void)
{
    uint32_t state = 7;
    for (int round = 0; round < 2000; round++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        uint64_t a_bits, b_bits;
        struct interval_list a = random_list(arena, &state, &a_bits);
        struct interval_list b = random_list(arena, &state, &b_bits);
        CHECK(bits_of(a) == a_bits);
        CHECK(bits_of(intervals_union(arena, a, b)) == (a_bits | b_bits));
        CHECK(bits_of(intervals_intersect(arena, a, b)) == (a_bits & b_bits));
        CHECK(bits_of(intervals_subtract(arena, a, b)) == (a_bits & ~b_bits));
        int64_t start = next_random(&state) % 40, end = start + 1 + next_random(&state) % 9;
        uint64_t span = ((UINT64_C(1) << (end - start)) - 1) << start;
        CHECK(intervals_contain(a, (struct interval){{start}, {end}}) == ((a_bits & span) == span));
        CHECK(intervals_overlap(a, (struct interval){{start}, {end}}) == ((a_bits & span) != 0));
    }
}

static const struct {
    const char *country, *date, *name; /* NULL: a day like others */
} holidays[] = {
    {"FR", "2026-04-06", "Lundi de Pâques"},
    {"FR", "2026-05-14", "Ascension"},
    {"FR", "2026-05-25", "Lundi de Pentecôte"},
    {"FR", "2026-07-14", "Fête nationale"},
    {"fr", "2027-11-11", "Armistice 1918"},
    {"FR", "2026-04-03", NULL}, /* Good Friday: in Alsace and Moselle only */
    {"FR", "2026-12-26", NULL},
    {"GB", "2026-04-03", "Good Friday"},
    {"GB", "2026-05-04", "Early May bank holiday"},
    {"GB", "2026-05-25", "Spring bank holiday"},
    {"GB", "2026-08-31", "Summer bank holiday"},
    {"GB", "2026-12-25", "Christmas Day"},
    {"GB", "2026-12-28", "Boxing Day"}, /* the 26th is a Saturday */
    {"GB", "2027-12-27", "Christmas Day"},
    {"GB", "2027-12-28", "Boxing Day"},
    {"GB", "2022-12-27", "Christmas Day"}, /* Sunday; the 26th is taken */
    {"GB", "2022-12-26", "Boxing Day"},
    {"GB", "2022-05-30", NULL},
    {"GB", "2022-06-02", "Spring bank holiday"},
    {"GB", "2022-01-03", "New Year's Day"},
    {"GB", "2026-03-17", NULL},
    {"IE", "2026-02-02", "St Brigid's Day"},
    {"IE", "2030-02-01", "St Brigid's Day"}, /* a Friday */
    {"IE", "2022-02-07", NULL},
    {"IE", "2026-03-17", "St Patrick's Day"},
    {"IE", "2026-10-26", "October bank holiday"},
    {"IE", "2026-05-25", NULL},
    {"US", "2026-11-26", "Thanksgiving Day"},
    {"US", "2026-07-03", "Independence Day"}, /* the 4th is a Saturday */
    {"US", "2021-12-31", "New Year's Day"},
    {"US", "2026-01-19", "Martin Luther King Jr. Day"},
    {"US", "2026-11-25", NULL},
    {"SG", "2026-08-10", "National Day"}, /* the 9th is a Sunday */
    {"SG", "2026-04-03", "Good Friday"},
    {"BE", "2026-07-21", "Nationale feestdag"},
    {"DE", "2026-10-03", "Tag der Deutschen Einheit"},
    {"CH", "2026-08-01", "Bundesfeier"},
    {"NL", "2025-04-26", "Koningsdag"}, /* the 27th is a Sunday */
    {"NL", "2026-04-27", "Koningsdag"},
    {"CA", "2026-05-18", "Victoria Day"},
    {"CA", "2027-07-01", "Canada Day"},
    {"IT", "2026-06-02", "Festa della Repubblica"},
    {"LU", "2026-06-23", "Fête nationale"},
    {"ES", "2026-10-12", "Fiesta Nacional"},
    {"JP", "2026-01-01", NULL},
    {"", "2026-01-01", NULL},
};

static void knows_holidays(void)
{
    for (size_t i = 0; i < sizeof holidays / sizeof *holidays; i++) {
        struct civil_date date;
        const char *name = NULL;
        check_row(holidays[i].date);
        CHECK_OK(civil_date_parse(slice_from(holidays[i].date), &date, NULL));
        bool is_holiday = calendar_is_holiday(slice_from(holidays[i].country), date, &name);
        CHECK(is_holiday == (holidays[i].name != NULL));
        if (is_holiday && holidays[i].name != NULL)
            CHECK_TEXT(slice_from(name), holidays[i].name);
    }
}

int main(void)
{
    march = (struct interval){at("2026-03-01T00:00:00+01:00"), at("2026-04-01T00:00:00+02:00")};
    TEST(finds_occurrences);
    TEST(merges_busy_times);
    TEST(bounds_hostile_calendars);
    TEST(computes_with_intervals);
    TEST(knows_holidays);
    return check_done();
}
