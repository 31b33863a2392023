/* Where an account's calendars are (RFC 4791 section 6, RFC 5397, RFC 6764), and one
 * request to them. */
#include "roles/calsync/internal.h"

enum status caldav_send(struct calsync *calsync, const struct calendar_place *place,
                        struct net_request request, struct arena *arena,
                        struct net_response *response, struct problem *why)
{
    request.user = place->user;
    request.password = place->password;
    request.body_bytes_max = DAV_BYTES_MAX;
    TRY(net_send(calsync->net, &request, arena, response, why));
    return net_code_status(response->code, request.method, why);
}

enum status caldav_ask(struct calsync *calsync, const struct calendar_place *place,
                       const char *method, struct slice url, int depth, struct slice body,
                       struct arena *arena, struct dav_multistatus *out, struct slice *from,
                       struct problem *why)
{
    struct net_response response;
    struct net_request request = {.method = method,
                                  .url = url,
                                  .depth = depth,
                                  .body = body,
                                  .content_type = "application/xml; charset=utf-8"};
    TRY(caldav_send(calsync, place, request, arena, &response, why));
    if (from != NULL)
        *from = response.url;
    /* Cut off, or a page of whatever stands before the server: it will know better later. */
    enum status status = dav_parse(response.body, arena, out, why);
    return status == ST_INVALID ? problem_set(why, ST_UNAVAILABLE, "%s: no WebDAV came back", method)
                                : status;
}

struct discovery {
    struct calsync *calsync;
    const struct calendar_place *place;
    struct arena *arena;
    struct problem *why;
};

static enum status look(struct discovery *d, struct slice url, int depth,
                        struct dav_multistatus *found, struct slice *from)
{
    return caldav_ask(d->calsync, d->place, "PROPFIND", url, depth, dav_discover_body(), d->arena,
                      found, from, d->why);
}

static enum status push_calendars(struct discovery *d, const struct dav_multistatus *found,
                                  struct slice base, struct calendar_list *out)
{
    for (size_t i = 0; i < found->responses.count && out->count < CALENDARS_MAX; i++) {
        const struct dav_response *response = &found->responses.items[i];
        struct calendar calendar = {.reports = response->reports, .read_only = response->read_only};
        if (!response->is_calendar || response->no_events)
            continue;
        TRY(net_resolve(base, response->href, d->arena, &calendar.url, d->why));
        ARENA_PUSH(d->arena, out, calendar);
    }
    return ST_OK;
}

/* The first response that names a principal or a home. */
static struct slice named(const struct dav_multistatus *found, bool home)
{
    for (size_t i = 0; i < found->responses.count; i++) {
        const struct dav_response *response = &found->responses.items[i];
        struct slice href = home ? response->home : response->principal;
        if (href.len > 0)
            return href;
    }
    return SLICE_NONE;
}

static enum status none_there(struct discovery *d)
{
    return problem_set(d->why, ST_NOT_FOUND, "no calendar for events at this address");
}

/* From any resource to the principal's home set. */
static enum status find_home(struct discovery *d, struct dav_multistatus *found, struct slice *base)
{
    struct slice next = named(found, true), url;
    if (next.len == 0) {
        next = named(found, false);
        if (next.len == 0)
            return none_there(d);
        TRY(net_resolve(*base, next, d->arena, &url, d->why));
        TRY(look(d, url, 0, found, base));
        next = named(found, true);
    }
    if (next.len == 0)
        return none_there(d);
    TRY(net_resolve(*base, next, d->arena, &url, d->why));
    return look(d, url, 1, found, base);
}

/* The address as given, else the server's well-known one. */
static enum status look_at_start(struct discovery *d, struct dav_multistatus *found,
                                 struct slice *base)
{
    enum status status = look(d, d->place->where, 0, found, base);
    bool leads_on =
        status == ST_OK && (named(found, true).len > 0 || named(found, false).len > 0 ||
                            (found->responses.count > 0 && found->responses.items[0].is_calendar));
    if (leads_on || status == ST_DENIED || status == ST_UNAVAILABLE)
        return status;
    struct slice url;
    TRY(net_resolve(d->place->where, LIT("/.well-known/caldav"), d->arena, &url, d->why));
    return look(d, url, 0, found, base);
}

enum status caldav_discover(struct calsync *calsync, const struct calendar_place *place,
                            struct arena *arena, struct calendar_list *out, struct problem *why)
{
    struct discovery d = {calsync, place, arena, why};
    struct dav_multistatus found;
    struct calendar_list calendars = {0};
    struct slice base;
    TRY(look_at_start(&d, &found, &base));
    TRY(push_calendars(&d, &found, base, &calendars));
    if (calendars.count == 0) {
        TRY(find_home(&d, &found, &base));
        TRY(push_calendars(&d, &found, base, &calendars));
    }
    if (calendars.count == 0)
        return none_there(&d);
    *out = calendars;
    return ST_OK;
}
