#include <sys/stat.h>

#include "canned_server.h"
#include "roles/calsync/internal.h"

static struct calsync *calsync;
static char folder[] = "/tmp/rendez-calsync-XXXXXX";

static struct interval march(void)
{
    return (struct interval){{INT64_C(1772323200) * 1000000}, {INT64_C(1775001600) * 1000000}};
}

static struct calendar_write write_of(struct slice where)
{
    struct civil_date day = {2026, 3, 10};
    return (struct calendar_write){
        .place = {.where = where, .address = LIT("anne@atelier.example")},
        .uid = LIT("m1@rendez.example"),
        .event = {.start = {ICAL_ZONED, civil_at(day, 9, 0), LIT("Europe/Paris")},
                  .end = {ICAL_ZONED, civil_at(day, 10, 0), LIT("Europe/Paris")},
                  .summary = LIT("Point")},
    };
}

/* Files */

static struct slice file_path(struct arena *arena, const char *name)
{
    return arena_format(arena, "%s/%s", folder, name);
}

static void keeps_a_calendar_in_a_file(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct slice path = file_path(arena, "anne.ics"), text;
    struct calendar_write write = write_of(path);
    struct ical_calendar found;
    CHECK(calsync_read(calsync, &write.place, march(), arena, &found, NULL) == ST_NOT_FOUND);
    CHECK_OK(calsync_write(calsync, &write, arena, NULL)); /* makes it */
    CHECK_OK(calsync_read(calsync, &write.place, march(), arena, &found, NULL));
    CHECK_NUMBER(found.events.count, 1);
    CHECK(chmod(path.data, 0640) == 0);
    write.event.start.wall.hour = 14;
    write.event.end.wall.hour = 15;
    CHECK_OK(calsync_write(calsync, &write, arena, NULL)); /* replaces */
    CHECK_OK(calsync_read(calsync, &write.place, march(), arena, &found, NULL));
    CHECK_NUMBER(found.events.count, 1);
    CHECK_NUMBER(found.events.items[0].start.wall.hour, 14);
    struct stat info;
    CHECK(stat(path.data, &info) == 0 && (info.st_mode & 0777) == 0640);
    write.remove = true;
    CHECK_OK(calsync_write(calsync, &write, arena, NULL));
    CHECK_OK(calsync_write(calsync, &write, arena, NULL)); /* gone already */
    CHECK_OK(file_read(path.data, 1 << 20, arena, &text, NULL));
    CHECK(!slice_contains(text, LIT("m1@rendez.example")));
    write.place.where = file_path(arena, "nobody.ics");
    CHECK_OK(calsync_write(calsync, &write, arena, NULL));
}

static void leaves_other_text_alone(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    static const char before[] =
        "BEGIN:VCALENDAR\nX-OWN:1\nBEGIN:VEVENT\nUID:x\nDTSTART:20260310T090000Z\nDTEND:20260310T100000Z\n"
        "DESCRIPTION:private\nATTENDEE;PARTSTAT=DECLINED:mailto:anne@atelier.example\n"
        "ATTENDEE:mailto:leo@atelier.example\nBEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:old\nDTSTART:20200101T090000Z\nDTEND:20200101T100000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    struct slice path = file_path(arena, "own.ics"), text;
    struct calendar_write write = write_of(path);
    struct ical_calendar found;
    CHECK_OK(file_write_durably(path.data, slice_from(before), 0600, NULL));
    CHECK_OK(calsync_write(calsync, &write, arena, NULL));
    CHECK_OK(calsync_read(calsync, &write.place, march(), arena, &found, NULL));
    CHECK_NUMBER(found.events.count, 2); /* not the one of 2020 */
    CHECK_TEXT(found.events.items[0].description, "");
    CHECK_NUMBER(found.events.items[0].attendees.count, 1);
    write.remove = true;
    CHECK_OK(calsync_write(calsync, &write, arena, NULL));
    CHECK_OK(file_read(path.data, 1 << 20, arena, &text, NULL));
    CHECK(slice_contains(text, LIT("BEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\n")));
    CHECK(slice_contains(text, LIT("X-OWN:1\n")) && slice_contains(text, LIT("UID:old\n")));
    CHECK_OK(file_write_durably(path.data, LIT("Dear all"), 0600, NULL));
    CHECK(calsync_read(calsync, &write.place, march(), arena, &found, NULL) == ST_INVALID);
    CHECK(calsync_write(calsync, &write, arena, NULL) == ST_INVALID);
}

/* Servers */

#define ANSWER(code, type, headers, body)                                                          \
    "HTTP/1.1 " code " x\r\nContent-Type: " type "\r\nConnection: close\r\n" headers "\r\n" body
#define HEAD "<multistatus xmlns='DAV:' xmlns:c='urn:ietf:params:xml:ns:caldav'>"
#define CALENDAR                                                                                   \
    ANSWER("207", "application/xml", "",                                                           \
           HEAD "<response><href>/cal/</href><propstat><prop><resourcetype><c:calendar/>"          \
                "</resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>")
#define STORED(etag)                                                                               \
    ANSWER("200", "text/calendar", "ETag: " etag "\r\n",                                           \
           "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1@rendez.example\r\nDTSTART:20260310T070000Z\r\n" \
           "END:VEVENT\r\nEND:VCALENDAR\r\n")
#define ETAGS(etag)                                                                                \
    ANSWER("207", "application/xml", "",                                                           \
           HEAD "<response><href>/cal/a.ics</href><propstat><prop><getetag>" etag                  \
                "</getetag></prop></propstat></response></multistatus>")
#define QUERY(hour)                                                                                \
    ANSWER("207", "application/xml", "",                                                           \
           HEAD "<response><href>/cal/a.ics</href><propstat><prop><getetag>x</getetag>"            \
                "<c:calendar-data>BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260310T" hour     \
                "0000Z\nEND:VEVENT\nEND:VCALENDAR\n</c:calendar-data></prop></propstat></response></multistatus>")
#define EMPTY(code) ANSWER(code, "text/plain", "", "")
#define PAGE ANSWER("200", "text/html", "", "<!doctype html><title>Sign in</title>")
#define ANOTHERS                                                                                   \
    ANSWER("200", "text/calendar", "ETag: \"9\"\r\n",                                             \
           "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m2@other.example\r\nDTSTART:20260310T070000Z\r\n" \
           "END:VEVENT\r\nEND:VCALENDAR\r\n")
#define HALF                                                                                       \
    ANSWER("200", "text/calendar", "ETag: \"9\"\r\n",                                             \
           "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:m1@rendez.example\r\nDTSTART:20260310T070000Z\r\n")
#define WITHOUT_TEXT                                                                               \
    ANSWER("207", "application/xml", "",                                                           \
           HEAD "<response><href>/cal/a.ics</href><propstat><prop><getetag>x</getetag></prop>"      \
                "</propstat></response></multistatus>")
#define CUT_OFF                                                                                    \
    ANSWER("207", "application/xml", "", HEAD "<response><href>/cal/a.ics</href><propstat><prop><getetag>")

static void writes_over_what_it_read_only(void)
{
    static const struct {
        const char *title, *answers[8];
        size_t count;
        bool remove;
        enum status status;
        const char *sent;
    } cases[] = {
        {"somebody was faster once", {CALENDAR, STORED("\"1\""), EMPTY("412"), STORED("\"2\""), EMPTY("204")},
         5, false, ST_OK, "If-Match: \"2\"\r\n"},
        {"somebody is always faster",
         {CALENDAR, STORED("\"1\""), EMPTY("412"), STORED("\"2\""), EMPTY("412"), STORED("\"3\""), EMPTY("412")},
         7, false, ST_CONFLICT, "If-Match: \"3\"\r\n"},
        {"a new event",
         {CALENDAR, EMPTY("404"), ANSWER("207", "application/xml", "", HEAD "</multistatus>"), EMPTY("201")},
         4, false, ST_OK, "If-None-Match: *\r\n"},
        {"the server goes away", {CALENDAR, EMPTY("404")}, 2, false, ST_UNAVAILABLE,
         "GET /cal/m1@rendez.example.ics HTTP/1.1\r\n"},
        {"removed while somebody changed it",
         {CALENDAR, STORED("\"1\""), EMPTY("412"), STORED("\"2\""), EMPTY("204")}, 5, true, ST_OK,
         "If-Match: \"2\"\r\n"},
        {"removed by somebody else in between", {CALENDAR, STORED("\"1\""), EMPTY("404")}, 3, true, ST_OK,
         "DELETE /cal/m1@rendez.example.ics HTTP/1.1\r\n"},
        {"full", {CALENDAR, STORED("\"1\""), EMPTY("507")}, 3, false, ST_LIMIT, "PUT /cal/"},
        {"read only", {CALENDAR, STORED("\"1\""), EMPTY("403")}, 3, false, ST_DENIED, "PUT /cal/"},
        {"a page comes instead of the event", {CALENDAR, PAGE}, 2, false, ST_UNAVAILABLE, "GET /cal/m1@"},
        {"another's event comes", {CALENDAR, ANOTHERS}, 2, false, ST_UNAVAILABLE, "GET /cal/m1@"},
        {"another's event is not removed", {CALENDAR, ANOTHERS}, 2, true, ST_UNAVAILABLE, "GET /cal/m1@"},
        {"half of it comes", {CALENDAR, HALF}, 2, false, ST_UNAVAILABLE, "GET /cal/m1@"},
        {"a page comes instead of the calendar", {PAGE, PAGE}, 2, false, ST_UNAVAILABLE, "PROPFIND /"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
        check_row(cases[i].title);
        struct canned_server server = canned_serve(cases[i].answers, cases[i].count);
        struct calendar_write write =
            write_of(arena_format(arena, "http://127.0.0.1:%d/cal/", server.port));
        write.remove = cases[i].remove;
        enum status status = calsync_write(calsync, &write, arena, NULL);
        struct slice sent = canned_stop(&server, arena);
        CHECK_NUMBER(status, cases[i].status);
        CHECK(slice_contains(sent, slice_from(cases[i].sent)));
    }
}

static int64_t read_hour(struct calendar_place place)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct ical_calendar found = {0};
    CHECK_OK(calsync_read(calsync, &place, march(), arena, &found, NULL));
    return found.events.count == 1 ? found.events.items[0].start.wall.hour : -1;
}

/* Without sync-collection the etags say whether a query is needed again. */
static void compares_etags(void)
{
    static const char *const answers[] = {CALENDAR, ETAGS("1"), QUERY("07"), CALENDAR, ETAGS("1"),
                                          CALENDAR, ETAGS("2"), ETAGS("2"), QUERY("08")};
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct canned_server server = canned_serve(answers, sizeof answers / sizeof *answers);
    struct calendar_place place = {.where = arena_format(arena, "http://127.0.0.1:%d/cal/", server.port)};
    CHECK_NUMBER(read_hour(place), 7);
    CHECK_NUMBER(read_hour(place), 7); /* from the snapshot */
    CHECK_NUMBER(read_hour(place), 8);
    struct slice sent = canned_stop(&server, arena);
    CHECK(slice_contains(sent, LIT("<C:time-range start=\"20260228T")));
}

/* What a server names and does not tell is not taken for free time. */
static void half_an_answer_is_none(void)
{
    static const char *const cases[][4] = {
        {CALENDAR, ETAGS("1"), WITHOUT_TEXT},
        {CALENDAR, ETAGS("1"), CUT_OFF},
        {CALENDAR, CUT_OFF},
        {CUT_OFF},
        {CALENDAR, ETAGS("1"), PAGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
        struct ical_calendar found = {0};
        size_t count = 0;
        while (count < 4 && cases[i][count] != NULL)
            count++;
        struct canned_server server = canned_serve(cases[i], count);
        struct calendar_place place = {.where = arena_format(arena, "http://127.0.0.1:%d/cal/", server.port)};
        CHECK_NUMBER(calsync_read(calsync, &place, march(), arena, &found, NULL), ST_UNAVAILABLE);
        canned_stop(&server, arena);
    }
}

static void knows_what_may_not_be_written(void)
{
    AUTO_ARENA arena = arena_create(CALSYNC_ARENA_BYTES);
    struct calendar_write write = write_of(LIT("https://calendar.example/anne.ics?key=1"));
    CHECK(calsync_write(calsync, &write, arena, NULL) == ST_DENIED);
    write.place.where = LIT("webcal://calendar.example/anne");
    CHECK(calsync_write(calsync, &write, arena, NULL) == ST_DENIED);
    write.place.where = SLICE_NONE;
    CHECK(calsync_write(calsync, &write, arena, NULL) == ST_INVALID);
}

static void remove_files(struct arena *arena)
{
    static const char *const names[] = {"anne.ics", "own.ics"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(file_path(arena, names[i]).data);
    rmdir(folder);
}

int main(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct net_options options = {.connect_ms = 2000, .total_ms = 5000};
    signal(SIGPIPE, SIG_IGN);
    CHECK(mkdtemp(folder) != NULL);
    CHECK_OK(calsync_create(&options, &calsync, NULL));
    TEST(keeps_a_calendar_in_a_file);
    TEST(leaves_other_text_alone);
    TEST(writes_over_what_it_read_only);
    TEST(compares_etags);
    TEST(half_an_answer_is_none);
    TEST(knows_what_may_not_be_written);
    calsync_destroy(&calsync);
    remove_files(arena);
    return check_done();
}
