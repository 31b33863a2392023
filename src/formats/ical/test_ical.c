#include "check.h"
#include "formats/ical/internal.h"

static struct ical_calendar parse(struct arena *arena, const char *text)
{
    struct ical_calendar calendar = {0};
    CHECK_OK(ical_parse(slice_from(text), arena, &calendar, NULL));
    return calendar;
}

static const struct ical_event *first(const struct ical_calendar *calendar)
{
    static const struct ical_event none;
    return calendar->events.count > 0 ? &calendar->events.items[0] : &none;
}

static void maps_zone_names(void)
{
    static const struct {
        const char *tzid, *iana;
    } cases[] = {
        {"Europe/Paris", "Europe/Paris"},
        {"Romance Standard Time", "Europe/Paris"},
        {"romance standard time", "Europe/Paris"},
        {"Romance Standard Time 1", "Europe/Paris"},
        {"\"GMT Standard Time\"", "Europe/London"},
        {"tzone://Microsoft/Utc", "UTC"},
        {"/example.org/20050126_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"},
        {"/example.com/Olson_20011030_5/Pacific/Auckland", "Pacific/Auckland"},
        {"custom_America/New_York", "America/New_York"},
        {"America-Chicago", "America/Chicago"},
        {"(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris", "Europe/Madrid"},
        {"(GMT+10:00) Canberra, Melbourne, Sydney", "Australia/Canberra"},
        {"Hobart, Elsewhere", "Australia/Hobart"},
        {"UTC+1", "Etc/GMT-1"},
        {"GMT-0300", "Etc/GMT+3"},
        {"UTC+05:30", "Asia/Kolkata"},
        {"(GMT +01.00) Nowhere", "Etc/GMT-1"},
        {"GMT", "GMT"},
        {"Nowhere/Middle", ""},
        {"", ""},
        {"Europe/../Europe/Paris", "Europe/Paris"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].tzid);
        struct slice zone = ical_zone_name(slice_from(cases[i].tzid));
        CHECK_TEXT(zone, cases[i].iana);
    }
}

static void knows_all_its_windows_names(void)
{
    for (size_t i = 0; i < zone_aliases_count; i++) {
        check_row(zone_aliases[i].alias);
        CHECK(ical_zone_name(slice_from(zone_aliases[i].alias)).len > 0);
    }
    for (size_t i = 0; i < zones_preferred_count; i++) {
        check_row(zones_preferred[i]);
        CHECK_TEXT(ical_zone_name(slice_from(zones_preferred[i])), zones_preferred[i]);
    }
}

#define ZONE(tzid, standard, daylight)                                                             \
    "BEGIN:VTIMEZONE\r\nTZID:" tzid "\r\n" standard daylight "END:VTIMEZONE\r\n"
#define PART(kind, start, from, to, rule)                                                          \
    "BEGIN:" kind "\r\nDTSTART:" start "\r\nTZOFFSETFROM:" from "\r\nTZOFFSETTO:" to "\r\n" rule   \
    "END:" kind "\r\n"

static void finds_zones_by_offsets(void)
{
    static const struct {
        const char *vtimezone, *iana;
    } cases[] = {
        {ZONE("X", PART("STANDARD", "16010101T030000", "+0200", "+0100",
                        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"),
              PART("DAYLIGHT", "16010101T020000", "+0100", "+0200",
                   "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n")),
         "Europe/Paris"},
        {ZONE("X", PART("STANDARD", "20071104T020000", "-0400", "-0500",
                        "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\n"),
              PART("DAYLIGHT", "20070311T020000", "-0500", "-0400",
                   "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n")),
         "America/New_York"},
        /* the rule of before 2007, still written by some */
        {ZONE("X", PART("STANDARD", "19671029T020000", "-0700", "-0800",
                        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"),
              PART("DAYLIGHT", "19870405T020000", "-0800", "-0700",
                   "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4\r\n")),
         "America/Los_Angeles"},
        {ZONE("X", PART("STANDARD", "19700101T000000", "+0800", "+0800", ""), ""), "Etc/GMT-8"},
        {ZONE("X", PART("STANDARD", "19700101T000000", "+0530", "+0530", ""), ""), "Asia/Kolkata"},
        {ZONE("X", "X-LIC-LOCATION:Asia/Tokyo\r\n", ""), "Asia/Tokyo"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create((size_t)4 << 20);
        check_row(cases[i].iana);
        struct slice text = arena_format(
            arena,
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=X:20260302T090000\r\n"
            "END:VEVENT\r\n%sEND:VCALENDAR\r\n",
            cases[i].vtimezone);
        struct ical_calendar calendar = parse(arena, arena_text(arena, text));
        CHECK(first(&calendar)->start.kind == ICAL_ZONED);
        CHECK_TEXT(first(&calendar)->start.zone, cases[i].iana);
    }
}

static void reads_an_event(void)
{
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct ical_calendar calendar = parse(
        arena, "BEGIN:VCALENDAR\r\nMETHOD:reply\r\nPRODID:-//x\r\nBEGIN:VEVENT\r\n"
               "UID:u1\r\nSEQUENCE:3\r\nDTSTART;TZID=\"Romance Standard Time\":20260302T090000\r\n"
               "DTEND;TZID=Europe/Paris:20260302T103000\r\nSUMMARY:A\\, b\\nc caf\xc3\xa9\r\n"
               "RRULE:FREQ=DAILY;COUNT=2;X-OWN=1\r\nEXDATE:20260303T080000Z,20260304T080000Z\r\n"
               "ORGANIZER;CN=\"Roux, Eva\":MAILTO:eva@atelier.example\r\n"
               "ATTENDEE;PARTSTAT=TENTATIVE;ROLE=OPT-PARTICIPANT;RSVP=TRUE;CN=Lo\r\n"
               " uis:mailto:louis@atelier.example\r\nSTATUS:TENTATIVE\r\n"
               "X-MICROSOFT-CDO-BUSYSTATUS:oof\r\n"
               "BEGIN:VALARM\r\nDESCRIPTION:no\r\nEND:VALARM\r\nCOMMENT:later\r\n"
               "END:VEVENT\r\nEND:VCALENDAR\r\n");
    const struct ical_event *event = first(&calendar);
    CHECK_TEXT(calendar.method, "REPLY");
    CHECK_TEXT(event->uid, "u1");
    CHECK_NUMBER(event->sequence, 3);
    CHECK_TEXT(event->start.zone, "Europe/Paris");
    CHECK_TEXT(civil_format(event->end.wall, arena), "2026-03-02T10:30:00");
    CHECK_TEXT(event->summary, "A, b\nc caf\xc3\xa9");
    CHECK_TEXT(event->rrule, "FREQ=DAILY;COUNT=2;X-OWN=1");
    CHECK_NUMBER(event->exdates.count, 2);
    CHECK(event->exdates.count == 2 && event->exdates.items[1].kind == ICAL_UTC);
    CHECK_TEXT(event->organizer, "eva@atelier.example");
    CHECK_TEXT(event->organizer_name, "Roux, Eva");
    CHECK_NUMBER(event->attendees.count, 1);
    struct ical_attendee attendee = event->attendees.items[0];
    CHECK_TEXT(attendee.address, "louis@atelier.example");
    CHECK_TEXT(attendee.name, "Louis");
    CHECK(attendee.partstat == PARTSTAT_TENTATIVE && attendee.optional && attendee.rsvp);
    CHECK(event->tentative && !event->cancelled && !event->transparent);
    CHECK_TEXT(event->busy_status, "OOF");
    CHECK_TEXT(event->description, "");
    CHECK_TEXT(event->comment, "later");
}

static void skips_what_is_damaged(void)
{
    static const struct {
        const char *text;
        size_t events, skipped;
    } cases[] = {
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\n"
         "DTSTART:20260101T000000Z\nEND:VEVENT\nEND:VCALENDAR\n",
         1, 1},
        /* END lost in the first */
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260101T000000Z\nBEGIN:VEVENT\nUID:b\n"
         "DTSTART:20260101T000000Z\nEND:VEVENT\nEND:VCALENDAR\n",
         2, 0},
        {"BEGIN:VCALENDAR\rBEGIN:VEVENT\rUID:a\rDTSTART:20260101\rEND:VEVENT\rEND:VCALENDAR\r", 1,
         0},
        {"\xEF\xBB\xBF" "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:a\nEND:VTODO\nEND:VCALENDAR", 0, 0},
        /* two calendars */
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260101\nEND:VEVENT\nEND:VCALENDAR\n"
         "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:b\nDTSTART:20260101\nEND:VEVENT\nEND:VCALENDAR\n",
         2, 0},
        /* cut off */
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260101\nSUMM", 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create((size_t)4 << 20);
        check_row(cases[i].text);
        struct ical_calendar calendar = parse(arena, cases[i].text);
        CHECK_NUMBER(calendar.events.count, cases[i].events);
        CHECK_NUMBER(calendar.skipped, cases[i].skipped);
    }
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct ical_calendar calendar;
    struct problem why;
    CHECK(ical_parse(LIT("Dear all,"), arena, &calendar, &why) == ST_INVALID);
    CHECK(ical_parse(SLICE_NONE, arena, &calendar, &why) == ST_INVALID);
}

static void bounds_what_it_reads(void)
{
    AUTO_ARENA arena = arena_create((size_t)512 << 20);
    AUTO_BUFFER text = buffer_create(ICAL_BYTES_MAX);
    buffer_add_text(&text, "BEGIN:VCALENDAR\n");
    for (int i = 0; i <= ICAL_EVENTS_MAX; i++)
        buffer_add_text(&text, "BEGIN:VEVENT\nUID:a\nDTSTART:20260101\nEND:VEVENT\n");
    struct ical_calendar calendar;
    CHECK(ical_parse(buffer_slice(&text), arena, &calendar, NULL) == ST_LIMIT);
    buffer_clear(&text);
    buffer_add_text(&text, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260101\n");
    for (int i = 0; i < ICAL_ATTENDEES_MAX + 9; i++)
        buffer_add_format(&text, "ATTENDEE:mailto:a%d@atelier.example\n", i);
    for (int i = 0; i < ICAL_EXDATES_MAX + 9; i++)
        buffer_add_text(&text, "EXDATE:20260101T000000Z\n");
    buffer_add_text(&text, "END:VEVENT\nEND:VCALENDAR\n");
    CHECK_OK(ical_parse(buffer_slice(&text), arena, &calendar, NULL));
    CHECK_NUMBER(first(&calendar)->attendees.count, ICAL_ATTENDEES_MAX);
    CHECK_NUMBER(first(&calendar)->exdates.count, ICAL_EXDATES_MAX);
    struct slice long_text = {text.data, (size_t)ICAL_BYTES_MAX + 1};
    CHECK(ical_parse(long_text, arena, &calendar, NULL) == ST_LIMIT);
}

static struct ical_event sample(struct arena *arena, const char *zone)
{
    struct ical_event event = {
        .uid = LIT("m1@rendez.example"),
        .sequence = 2,
        .start = {ICAL_ZONED, civil_at((struct civil_date){2026, 3, 31}, 9, 30), slice_from(zone)},
        .end = {ICAL_ZONED, civil_at((struct civil_date){2026, 3, 31}, 10, 15), slice_from(zone)},
        .rrule = LIT("FREQ=WEEKLY;COUNT=3"),
        .summary = LIT("Point; budget, d\xc3\xa9\x62ut \xe2\x80\x94 une longue ligne qui doit "
                       "\xc3\xaatre pli\xc3\xa9\x65 apr\xc3\xa8s soixante-quinze octets\nfin"),
        .location = LIT("12 rue des Lilas\r\nX-EVIL:1"),
        .organizer = LIT("anne@atelier.example"),
        .organizer_name = LIT("Dubois, \"Anne\"\r\nX-EVIL:2"),
        .busy_status = LIT("BUSY"),
    };
    struct ical_attendee attendee = {LIT("leo@atelier.example"), LIT("L\xc3\xa9o"),
                                     PARTSTAT_ACCEPTED, true, true};
    ARENA_PUSH(arena, &event.attendees, attendee);
    return event;
}

static struct slice write_one(struct arena *arena, struct ical_event event)
{
    struct ical_calendar calendar = {.method = LIT("REQUEST")};
    struct slice text = SLICE_NONE;
    struct instant stamp = {INT64_C(1772445160) * 1000000};
    ARENA_PUSH(arena, &calendar.events, event);
    CHECK_OK(ical_format(&calendar, stamp, arena, &text, NULL));
    return text;
}

static void writes_what_it_reads(void)
{
    AUTO_ARENA arena = arena_create((size_t)8 << 20);
    struct ical_event event = sample(arena, "Europe/Paris");
    struct slice text = write_one(arena, event);
    struct ical_calendar again = {0};
    CHECK_OK(ical_parse(text, arena, &again, NULL));
    CHECK_TEXT(again.method, "REQUEST");
    struct ical_event read = *first(&again);
    CHECK_TEXT(read.uid, "m1@rendez.example");
    CHECK_TEXT(read.location, "12 rue des Lilas\nX-EVIL:1");
    CHECK_TEXT(read.organizer_name, "Dubois, \"Anne\" X-EVIL:2");
    CHECK(slice_equal(read.summary, event.summary));
    CHECK(slice_equal(read.rrule, event.rrule));
    CHECK(civil_compare(read.start.wall, event.start.wall) == 0);
    CHECK(civil_compare(read.end.wall, event.end.wall) == 0);
    CHECK(slice_equal(read.start.zone, event.start.zone));
    CHECK_NUMBER(read.sequence, 2);
    CHECK(read.attendees.count == 1 && read.attendees.items[0].partstat == PARTSTAT_ACCEPTED &&
          read.attendees.items[0].optional && read.attendees.items[0].rsvp);
    CHECK(slice_contains(text, LIT("\r\nDTSTAMP:20260302T095240Z\r\n")));
    CHECK(slice_contains(text, LIT("\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n")));
    CHECK(slice_contains(text, LIT("\r\nMETHOD:REQUEST\r\n")));
    CHECK(slice_find(text, LIT("BEGIN:VTIMEZONE"), 0) < slice_find(text, LIT("BEGIN:VEVENT"), 0));
    CHECK(!slice_contains(text, LIT("\nX-EVIL")));
    struct slice line;
    while (slice_next_line(&text, &line))
        CHECK(line.len <= 75 && utf8_bad_at(line) == SIZE_MAX);
}

/* The VTIMEZONE alone must say what tzdata says: renamed, it is found by its offsets. */
static void writes_zones(void)
{
    static const struct {
        const char *zone, *holds;
    } cases[] = {
        {"Europe/Paris", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"},
        {"America/New_York", "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n"},
        {"Australia/Sydney", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4\r\n"},
        {"Asia/Singapore", "TZOFFSETTO:+0800\r\n"},
        {"Asia/Kolkata", "TZOFFSETTO:+0530\r\n"},
        {"Africa/Casablanca", "BEGIN:DAYLIGHT\r\nDTSTART:20260"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create((size_t)8 << 20);
        check_row(cases[i].zone);
        struct slice text = write_one(arena, sample(arena, cases[i].zone));
        CHECK(slice_contains(text, slice_from(cases[i].holds)));
    }
}

static const char stored[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Anne\r\nBEGIN:VEVENT\r\nUID:keep@x.example\r\n"
    "DTSTART:20260101T090000Z\r\nX-PRIVATE:1\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"
    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:m1@rend\r\n ez.example\r\nDTSTART:20260105T090000Z\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n";

static void changes_one_event_of_a_text(void)
{
    AUTO_ARENA arena = arena_create((size_t)16 << 20);
    struct instant stamp = {0};
    struct slice uid = LIT("m1@rendez.example"), text = slice_from(stored), out;
    CHECK_OK(ical_splice(text, uid, NULL, stamp, arena, &out, NULL));
    CHECK(slice_contains(out, LIT("X-PRIVATE:1\r\nBEGIN:VALARM")));
    CHECK(!slice_contains(out, LIT("m1@rend")));
    CHECK(ical_splice(out, uid, NULL, stamp, arena, &out, NULL) == ST_NOT_FOUND);
    struct ical_calendar one = {0}, again;
    ARENA_PUSH(arena, &one.events, sample(arena, "Europe/Paris"));
    for (int round = 0; round < 2; round++) { /* the second time replaces */
        CHECK_OK(ical_splice(text, uid, &one, stamp, arena, &text, NULL));
        CHECK_OK(ical_parse(text, arena, &again, NULL));
        CHECK_NUMBER(again.events.count, 2);
        CHECK_NUMBER(again.skipped, 0);
        CHECK_TEXT(again.events.items[1].start.zone, "Europe/Paris");
    }
    size_t at = slice_find(text, LIT("BEGIN:VTIMEZONE"), 0);
    CHECK(at != SIZE_MAX && slice_find(text, LIT("BEGIN:VTIMEZONE"), at + 1) == SIZE_MAX);
    CHECK(slice_contains(text, LIT("X-WR-CALNAME:Anne")));
    CHECK(ical_splice(text, SLICE_NONE, NULL, stamp, arena, &out, NULL) == ST_INVALID);
    /* an event behind the end of the calendar is read, so it can be taken away */
    text = LIT("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1@rendez.example\r\nEND:VEVENT\r\n");
    CHECK_OK(ical_splice(text, uid, NULL, stamp, arena, &out, NULL));
    CHECK_TEXT(out, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
}

static void reads_periods(void)
{
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct ical_calendar calendar =
        parse(arena, "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:20260103T010000Z/PT1H,"
                     "20260103T030000Z/20260103T060000Z\n"
                     "FREEBUSY;FBTYPE=FREE:20260104T010000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n");
    CHECK_NUMBER(calendar.freebusy.count, 2);
    CHECK_TEXT(civil_format(calendar.freebusy.items[0].end.wall, arena), "2026-01-03T02:00:00");
    CHECK_TEXT(civil_format(calendar.freebusy.items[1].end.wall, arena), "2026-01-03T06:00:00");
}

static void goes_through_a_record(void)
{
    AUTO_ARENA arena = arena_create((size_t)8 << 20);
    struct ical_event event = sample(arena, "Europe/Paris"), copy;
    AUTO_BUFFER bytes = buffer_create(1 << 16);
    record_encode(&ical_event_record, &event, &bytes);
    CHECK_OK(record_decode(&ical_event_record, buffer_slice(&bytes), arena, &copy, NULL));
    CHECK(slice_equal(copy.summary, event.summary));
    CHECK(copy.start.kind == ICAL_ZONED && copy.attendees.count == 1);
}

static void gives_instants(void)
{
    const struct civil wall = {{2026, 7, 1}, 9, 30, 0};
    static const struct { enum ical_time_kind kind; const char *zone; int64_t hour; } cases[] = {
        { ICAL_UTC, "", 9 }, { ICAL_FLOATING, "", 9 }, { ICAL_ZONED, "Europe/Paris", 7 },
        { ICAL_ZONED, "No/Where", 9 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ical_time time = {cases[i].kind, wall, slice_from(cases[i].zone)};
        struct civil utc = civil_from_us(ical_instant(&time).us);
        CHECK_NUMBER(utc.hour, cases[i].hour);
    }
    CHECK_NUMBER(ical_instant(&(struct ical_time){ICAL_DATE, wall, SLICE_NONE}).us, 0);
    CHECK_NUMBER(ical_instant(&(struct ical_time){0}).us, 0);
}

int main(void)
{
    TEST(maps_zone_names);
    ical_init();
    TEST(maps_zone_names); /* also when no file may be opened any more */
    TEST(knows_all_its_windows_names);
    TEST(finds_zones_by_offsets);
    TEST(reads_an_event);
    TEST(skips_what_is_damaged);
    TEST(bounds_what_it_reads);
    TEST(writes_what_it_reads);
    TEST(writes_zones);
    TEST(changes_one_event_of_a_text);
    TEST(reads_periods);
    TEST(goes_through_a_record);
    TEST(gives_instants);
    return check_done();
}
