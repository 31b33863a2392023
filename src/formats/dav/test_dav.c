#include "check.h"
#include "formats/dav/dav.h"

#define HEAD                                                                                       \
    "<?xml version='1.0'?><multistatus xmlns='DAV:' xmlns:c='urn:ietf:params:xml:ns:caldav' "      \
    "xmlns:s='http://calendarserver.org/ns/'>"

static struct dav_multistatus parse(struct arena *arena, const char *text)
{
    struct dav_multistatus found = {0};
    CHECK_OK(dav_parse(slice_from(text), arena, &found, NULL));
    return found;
}

static const struct dav_response *first(const struct dav_multistatus *found)
{
    static const struct dav_response none;
    return found->responses.count > 0 ? found->responses.items : &none;
}

static void reads_what_a_collection_is(void)
{
    AUTO_ARENA arena = arena_create((size_t)8 << 20);
    struct dav_multistatus found = parse(
        arena,
        HEAD "<response><href>/anne/work/</href><propstat><prop>"
             "<resourcetype><collection/><c:calendar/></resourcetype><displayname> Travail &amp; co</displayname>"
             "<current-user-principal><href>/anne/</href></current-user-principal>"
             "<c:calendar-home-set><href>/anne/home/</href></c:calendar-home-set>"
             "<supported-report-set><supported-report><report><c:calendar-query/></report></supported-report>"
             "<supported-report><report><sync-collection/></report></supported-report></supported-report-set>"
             "<c:supported-calendar-component-set><c:comp name='VEVENT'/></c:supported-calendar-component-set>"
             "<current-user-privilege-set><privilege><read/></privilege></current-user-privilege-set>"
             "<sync-token>http://x.example/7</sync-token><s:getctag>\"9\"</s:getctag>"
             "</prop><status>HTTP/1.1 200 OK</status></propstat>"
             "<propstat><prop><getetag>\"no\"</getetag></prop><status>HTTP/1.1 404 Not Found</status></propstat>"
             "</response></multistatus>");
    const struct dav_response *calendar = first(&found);
    CHECK_TEXT(calendar->href, "/anne/work/");
    CHECK(calendar->is_calendar && !calendar->no_events && calendar->read_only);
    CHECK_TEXT(calendar->name, "Travail & co");
    CHECK_TEXT(calendar->principal, "/anne/");
    CHECK_TEXT(calendar->home, "/anne/home/");
    CHECK_NUMBER(calendar->reports, DAV_CALENDAR_QUERY | DAV_SYNC_COLLECTION);
    CHECK_TEXT(calendar->sync_token, "http://x.example/7");
    CHECK_TEXT(calendar->ctag, "\"9\"");
    CHECK_TEXT(calendar->etag, ""); /* 404 */
}

static void reads_objects(void)
{
    AUTO_ARENA arena = arena_create((size_t)8 << 20);
    struct dav_multistatus found = parse(
        arena, HEAD "<response><href>/a.ics</href><propstat><prop><getetag>\"1\"</getetag>"
                    "<c:calendar-data><![CDATA[BEGIN:VCALENDAR\n]]>END:VCALENDAR\n</c:calendar-data></prop>"
                    "<status>HTTP/1.1 200 OK</status></propstat></response>"
                    "<response><href>/b.ics</href><status>HTTP/1.1 404 Not Found</status></response>"
                    "<response><href>/</href><status>HTTP/1.1 507 Full</status></response>"
                    "<sync-token>t2</sync-token></multistatus>");
    CHECK_NUMBER(found.responses.count, 2);
    CHECK_TEXT(first(&found)->calendar, "BEGIN:VCALENDAR\nEND:VCALENDAR\n");
    CHECK_TEXT(first(&found)->etag, "\"1\"");
    CHECK_NUMBER(found.responses.items[1].status, 404);
    CHECK_TEXT(found.sync_token, "t2");
    CHECK(found.truncated);
}

static void refuses_hostile_answers(void)
{
    static const char *const bad[] = {
        "",
        "<html></html>",
        "<multistatus/>",
        HEAD "<response>",
        ("<?xml version='1.0'?><!DOCTYPE multistatus [<!ENTITY a 'aaaaaaaaaa'>"
         "<!ENTITY b '&a;&a;&a;'>]>"
         "<multistatus xmlns='DAV:'><response><href>&b;</href></response></multistatus>"),
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><multistatus xmlns='DAV:'/>",
        "<multistatus xmlns='DAV:'><response><href>&undefined;</href></response></multistatus>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_ARENA arena = arena_create((size_t)8 << 20);
        struct dav_multistatus found;
        check_row(bad[i]);
        CHECK(dav_parse(slice_from(bad[i]), arena, &found, NULL) == ST_INVALID);
    }
    AUTO_ARENA arena = arena_create((size_t)8 << 20);
    AUTO_BUFFER deep = buffer_create((size_t)8 << 20);
    struct dav_multistatus found;
    buffer_add_text(&deep, HEAD);
    for (int i = 0; i < 100000; i++)
        buffer_add_text(&deep, "<a>");
    CHECK(dav_parse(buffer_slice(&deep), arena, &found, NULL) == ST_INVALID);
    struct slice large = {deep.data, (size_t)DAV_BYTES_MAX + 1};
    CHECK(dav_parse(large, arena, &found, NULL) == ST_LIMIT);
}

static void writes_requests(void)
{
    AUTO_ARENA arena = arena_create((size_t)8 << 20);
    struct interval window = {{INT64_C(1772445160) * 1000000}, {INT64_C(1772531560) * 1000000}};
    CHECK(slice_contains(dav_query_body(window, arena),
                         LIT("<C:time-range start=\"20260302T095240Z\" end=\"20260303T095240Z\"/>")));
    CHECK(slice_contains(dav_uid_body(LIT("a<b>&\x01"), arena), LIT(">a&lt;b&gt;&amp;</C:text-match>")));
    CHECK(slice_contains(dav_sync_body(SLICE_NONE, arena), LIT("<D:sync-token></D:sync-token>")));
    struct slice_list hrefs = {0};
    ARENA_PUSH(arena, &hrefs, LIT("/a&b.ics"));
    CHECK(slice_contains(dav_multiget_body(&hrefs, arena), LIT("<D:href>/a&amp;b.ics</D:href>")));
}

int main(void)
{
    dav_init();
    TEST(reads_what_a_collection_is);
    TEST(reads_objects);
    TEST(refuses_hostile_answers);
    TEST(writes_requests);
    return check_done();
}
