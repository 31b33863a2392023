#include "formats/dav/dav.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>
#include <strings.h>

static const char dav_ns[] = "DAV:";
static const char caldav_ns[] = "urn:ietf:params:xml:ns:caldav";
static const char server_ns[] = "http://calendarserver.org/ns/";

struct reader {
    struct arena *arena;
    struct dav_response *response;
};

static bool is_element(const xmlNode *node, const char *ns, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           strcmp((const char *)node->ns->href, ns) == 0 &&
           strcmp((const char *)node->name, name) == 0;
}

static const xmlNode *child(const xmlNode *node, const char *ns, const char *name)
{
    for (const xmlNode *at = node->children; at != NULL; at = at->next)
        if (is_element(at, ns, name))
            return at;
    return NULL;
}

/* Text and CDATA directly inside; entity references have no content here. */
static struct slice text_of(const xmlNode *node, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(DAV_TEXT_MAX);
    if (node == NULL)
        return SLICE_NONE;
    for (const xmlNode *at = node->children; at != NULL; at = at->next)
        if ((at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE) &&
            at->content != NULL)
            buffer_add_text(&text, (const char *)at->content);
    return text.full ? SLICE_NONE : arena_copy(arena, buffer_slice(&text));
}

static struct slice trimmed_text(const xmlNode *node, struct arena *arena)
{
    return slice_trim(text_of(node, arena));
}

/* "HTTP/1.1 200 OK" */
static uint32_t status_of(const xmlNode *node, struct arena *arena, uint32_t otherwise)
{
    struct slice line = trimmed_text(node, arena);
    uint64_t status;
    size_t space = slice_find(line, LIT(" "), 0);
    if (space == SIZE_MAX || !slice_to_u64(slice_sub(line, space + 1, space + 4), 999, &status))
        return otherwise;
    return (uint32_t)status;
}

/* Properties */

static void read_type(struct reader *reader, const xmlNode *property)
{
    reader->response->is_calendar = child(property, caldav_ns, "calendar") != NULL;
}

static void read_reports(struct reader *reader, const xmlNode *property)
{
    static const struct {
        const char *ns, *name;
        enum dav_report bit;
    } known[] = {
        {caldav_ns, "calendar-query", DAV_CALENDAR_QUERY},
        {caldav_ns, "calendar-multiget", DAV_CALENDAR_MULTIGET},
        {dav_ns, "sync-collection", DAV_SYNC_COLLECTION},
        {caldav_ns, "free-busy-query", DAV_FREE_BUSY_QUERY},
    };
    for (const xmlNode *at = property->children; at != NULL; at = at->next) {
        const xmlNode *report =
            is_element(at, dav_ns, "supported-report") ? child(at, dav_ns, "report") : NULL;
        for (size_t i = 0; report != NULL && i < sizeof known / sizeof *known; i++)
            if (child(report, known[i].ns, known[i].name) != NULL)
                reader->response->reports |= known[i].bit;
    }
}

static void read_components(struct reader *reader, const xmlNode *property)
{
    bool events = false, any = false;
    for (const xmlNode *at = property->children; at != NULL; at = at->next) {
        if (!is_element(at, caldav_ns, "comp"))
            continue;
        xmlChar *name = xmlGetNoNsProp(at, (const xmlChar *)"name");
        any = true;
        events |= name != NULL && strcasecmp((const char *)name, "VEVENT") == 0;
        xmlFree(name);
    }
    reader->response->no_events = any && !events;
}

static void read_privileges(struct reader *reader, const xmlNode *property)
{
    bool may_write = false, any = false;
    for (const xmlNode *at = property->children; at != NULL; at = at->next) {
        if (!is_element(at, dav_ns, "privilege"))
            continue;
        any = true;
        may_write |= child(at, dav_ns, "write") != NULL || child(at, dav_ns, "all") != NULL ||
                     child(at, dav_ns, "write-content") != NULL ||
                     child(at, dav_ns, "bind") != NULL;
    }
    reader->response->read_only = any && !may_write;
}

static void read_etag(struct reader *r, const xmlNode *p)
{
    r->response->etag = trimmed_text(p, r->arena);
}
static void read_data(struct reader *r, const xmlNode *p)
{
    r->response->calendar = text_of(p, r->arena);
}
static void read_name(struct reader *r, const xmlNode *p)
{
    r->response->name = trimmed_text(p, r->arena);
}
static void read_token(struct reader *r, const xmlNode *p)
{
    r->response->sync_token = trimmed_text(p, r->arena);
}
static void read_ctag(struct reader *r, const xmlNode *p)
{
    r->response->ctag = trimmed_text(p, r->arena);
}
static void read_principal(struct reader *r, const xmlNode *p)
{
    r->response->principal = trimmed_text(child(p, dav_ns, "href"), r->arena);
}
static void read_home(struct reader *r, const xmlNode *p)
{
    r->response->home = trimmed_text(child(p, dav_ns, "href"), r->arena);
}

static const struct {
    const char *ns, *name;
    void (*read)(struct reader *reader, const xmlNode *property);
} properties[] = {
    {dav_ns, "getetag", read_etag},
    {dav_ns, "resourcetype", read_type},
    {dav_ns, "displayname", read_name},
    {dav_ns, "sync-token", read_token},
    {dav_ns, "supported-report-set", read_reports},
    {dav_ns, "current-user-principal", read_principal},
    {dav_ns, "current-user-privilege-set", read_privileges},
    {caldav_ns, "calendar-data", read_data},
    {caldav_ns, "calendar-home-set", read_home},
    {caldav_ns, "supported-calendar-component-set", read_components},
    {server_ns, "getctag", read_ctag},
};

static void read_properties(struct reader *reader, const xmlNode *propstat)
{
    const xmlNode *prop = child(propstat, dav_ns, "prop");
    if (prop == NULL || status_of(child(propstat, dav_ns, "status"), reader->arena, 200) != 200)
        return;
    for (const xmlNode *at = prop->children; at != NULL; at = at->next)
        for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
            if (is_element(at, properties[i].ns, properties[i].name))
                properties[i].read(reader, at);
}

static bool read_response(const xmlNode *node, struct arena *arena, struct dav_response *response)
{
    struct reader reader = {arena, response};
    response->href = trimmed_text(child(node, dav_ns, "href"), arena);
    response->status = status_of(child(node, dav_ns, "status"), arena, 200);
    for (const xmlNode *at = node->children; at != NULL; at = at->next)
        if (is_element(at, dav_ns, "propstat"))
            read_properties(&reader, at);
    return response->href.len > 0;
}

static enum status read_multistatus(const xmlNode *root, struct arena *arena,
                                    struct dav_multistatus *out, struct problem *why)
{
    if (root == NULL || !is_element(root, dav_ns, "multistatus"))
        return problem_set(why, ST_INVALID, "the calendar server's answer is no multistatus");
    struct dav_multistatus found = {0};
    for (const xmlNode *at = root->children; at != NULL; at = at->next) {
        struct dav_response response = {0};
        if (is_element(at, dav_ns, "sync-token"))
            found.sync_token = trimmed_text(at, arena);
        if (!is_element(at, dav_ns, "response") || !read_response(at, arena, &response))
            continue;
        if (found.responses.count == DAV_RESPONSES_MAX)
            return problem_set(why, ST_LIMIT, "more than %d resources in one calendar",
                               DAV_RESPONSES_MAX);
        if (response.status == 507)
            found.truncated = true;
        else
            ARENA_PUSH(arena, &found.responses, response);
    }
    *out = found;
    return ST_OK;
}

void dav_init(void)
{
    xmlInitParser();
}

enum status dav_parse(struct slice text, struct arena *arena, struct dav_multistatus *out,
                      struct problem *why)
{
    if (text.len > DAV_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "an answer of more than %d bytes", DAV_BYTES_MAX);
    /* Entities need a document type; nobody honest sends one. */
    if (slice_contains(text, LIT("<!DOCTYPE")))
        return problem_set(why, ST_INVALID, "the calendar server's answer has a document type");
    xmlDoc *document = xmlReadMemory(text.data, (int)text.len, NULL, NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                         XML_PARSE_COMPACT);
    if (document == NULL)
        return problem_set(why, ST_INVALID, "the calendar server's answer is not well-formed XML");
    enum status status;
    if (document->intSubset != NULL || document->extSubset != NULL)
        status = problem_set(why, ST_INVALID, "the calendar server's answer has a document type");
    else
        status = read_multistatus(xmlDocGetRootElement(document), arena, out, why);
    xmlFreeDoc(document);
    return status;
}
