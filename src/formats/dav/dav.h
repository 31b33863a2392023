#ifndef RENDEZ_FORMATS_DAV_H
#define RENDEZ_FORMATS_DAV_H

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* WebDAV and CalDAV bodies (RFC 4918, 4791, 6578) through libxml2: no entities, no
 * document types, no network. */

enum {
    DAV_BYTES_MAX = 24 * 1024 * 1024,
    DAV_RESPONSES_MAX = 50000,
    DAV_TEXT_MAX = 8 * 1024 * 1024, /* one property's text, a calendar object */
};
/* What dav_parse may take from an arena. */
static inline size_t dav_arena_bytes(size_t bytes)
{
    return bytes * 24 + 1024 * 1024;
}

/* REPORTs of DAV:supported-report-set. */
enum dav_report {
    DAV_CALENDAR_QUERY = 1,
    DAV_CALENDAR_MULTIGET = 2,
    DAV_SYNC_COLLECTION = 4,
    DAV_FREE_BUSY_QUERY = 8,
};

/* One resource of a multistatus. Texts are empty where the server said nothing, or gave
 * the property another status than 200. */
struct dav_response {
    struct slice href;       /* as sent: a path or a URL, percent-encoded */
    uint32_t status;         /* of the resource itself; 200 when only properties have one */
    struct slice etag;       /* with its quotes */
    struct slice calendar;   /* calendar-data */
    struct slice name;       /* displayname */
    struct slice principal;  /* href of current-user-principal */
    struct slice home;       /* href of calendar-home-set */
    struct slice sync_token, ctag;
    unsigned reports;        /* bits of enum dav_report */
    bool is_calendar;
    bool no_events;          /* a component set without VEVENT */
    bool read_only;          /* a privilege set without write, write-content or all */
};
struct dav_response_list {
    struct dav_response *items;
    size_t count, capacity;
};
struct dav_multistatus {
    struct dav_response_list responses;
    struct slice sync_token; /* of a sync-collection report */
    bool truncated;          /* 507 for the collection: the server had more to say */
};

/* Before a sandbox: libxml2 sets up its tables. */
void dav_init(void);

/* ST_INVALID  no well-formed multistatus, or a document type in it
 * ST_LIMIT    too long, too deep or too many responses */
MUST_USE enum status dav_parse(struct slice text, struct arena *arena,
                               struct dav_multistatus *out, struct problem *why);

/* Request bodies. */
struct slice dav_discover_body(void);  /* PROPFIND: who am I, where are calendars, what is this */
struct slice dav_etags_body(void);     /* PROPFIND, depth 1: etags, ctag and sync token */
/* REPORT calendar-query: events that overlap the window, with their text. */
struct slice dav_query_body(struct interval window, struct arena *arena);
/* REPORT calendar-query: the events of this UID. */
struct slice dav_uid_body(struct slice uid, struct arena *arena);
/* REPORT sync-collection: what changed since `token` (empty: everything there is). */
struct slice dav_sync_body(struct slice token, struct arena *arena);
/* REPORT calendar-multiget. */
struct slice dav_multiget_body(const struct slice_list *hrefs, struct arena *arena);

#endif
