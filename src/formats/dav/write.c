#include "formats/dav/dav.h"

#define XML "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define NAMES                                                                                      \
    "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" "                                  \
    "xmlns:S=\"http://calendarserver.org/ns/\""

enum { BODY_BYTES_MAX = 16 * 1024 * 1024 };

struct slice dav_discover_body(void)
{
    return LIT(XML "<D:propfind " NAMES "><D:prop><D:resourcetype/><D:displayname/>"
                   "<D:current-user-principal/><C:calendar-home-set/><D:supported-report-set/>"
                   "<C:supported-calendar-component-set/><D:current-user-privilege-set/>"
                   "<D:sync-token/><S:getctag/></D:prop></D:propfind>");
}

struct slice dav_etags_body(void)
{
    return LIT(XML "<D:propfind " NAMES "><D:prop><D:getetag/><D:sync-token/><S:getctag/>"
                   "</D:prop></D:propfind>");
}

/* Text content: what XML cannot hold is left out. */
static void add_escaped(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '<')
            buffer_add_text(out, "&lt;");
        else if (c == '>')
            buffer_add_text(out, "&gt;");
        else if (c == '&')
            buffer_add_text(out, "&amp;");
        else if ((unsigned char)c >= ' ')
            buffer_add_char(out, c);
    }
}

static struct slice finish(struct buffer *out, struct arena *arena)
{
    struct slice body = arena_copy(arena, buffer_slice(out));
    buffer_destroy(out);
    return body;
}

static void add_utc(struct buffer *out, struct instant at)
{
    struct civil wall = civil_from_us(at.us);
    buffer_add_format(out, "%04d%02d%02dT%02d%02d%02dZ", wall.date.year, wall.date.month,
                      wall.date.day, wall.hour, wall.minute, wall.second);
}

struct slice dav_query_body(struct interval window, struct arena *arena)
{
    struct buffer out = buffer_create(BODY_BYTES_MAX);
    buffer_add_text(&out, XML "<C:calendar-query " NAMES "><D:prop><D:getetag/><C:calendar-data/>"
                              "</D:prop><C:filter><C:comp-filter name=\"VCALENDAR\">"
                              "<C:comp-filter name=\"VEVENT\"><C:time-range start=\"");
    add_utc(&out, window.start);
    buffer_add_text(&out, "\" end=\"");
    add_utc(&out, window.end);
    buffer_add_text(&out, "\"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>");
    return finish(&out, arena);
}

struct slice dav_uid_body(struct slice uid, struct arena *arena)
{
    struct buffer out = buffer_create(BODY_BYTES_MAX);
    buffer_add_text(&out, XML "<C:calendar-query " NAMES "><D:prop><D:getetag/><C:calendar-data/>"
                              "</D:prop><C:filter><C:comp-filter name=\"VCALENDAR\">"
                              "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"UID\">"
                              "<C:text-match collation=\"i;octet\">");
    add_escaped(&out, uid);
    buffer_add_text(&out, "</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>"
                          "</C:filter></C:calendar-query>");
    return finish(&out, arena);
}

struct slice dav_sync_body(struct slice token, struct arena *arena)
{
    struct buffer out = buffer_create(BODY_BYTES_MAX);
    buffer_add_text(&out, XML "<D:sync-collection " NAMES "><D:sync-token>");
    add_escaped(&out, token);
    buffer_add_text(&out, "</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/>"
                          "</D:prop></D:sync-collection>");
    return finish(&out, arena);
}

struct slice dav_multiget_body(const struct slice_list *hrefs, struct arena *arena)
{
    struct buffer out = buffer_create(BODY_BYTES_MAX);
    buffer_add_text(&out, XML "<C:calendar-multiget " NAMES "><D:prop><D:getetag/>"
                              "<C:calendar-data/></D:prop>");
    for (size_t i = 0; i < hrefs->count; i++) {
        buffer_add_text(&out, "<D:href>");
        add_escaped(&out, hrefs->items[i]);
        buffer_add_text(&out, "</D:href>");
    }
    buffer_add_text(&out, "</C:calendar-multiget>");
    return finish(&out, arena);
}
