/* One event on a CalDAV server: never over a version that was not read. */
#include "roles/calsync/internal.h"

enum { ATTEMPTS = 3 };

struct writing {
    struct calsync *calsync;
    const struct calendar_write *write;
    struct slice calendar; /* URL */
    struct arena *arena;
    struct problem *why;
};

/* Where the event is, or will be. etag empty: not there yet. */
struct target {
    struct slice url, etag, text;
};

/* Our own events lie under their UID; bytes that a path cannot hold become "_xx". */
static struct slice own_name(struct slice uid, struct arena *arena)
{
    AUTO_BUFFER name = buffer_create(1024);
    for (size_t i = 0; i < uid.len; i++) {
        char c = uid.data[i];
        if (ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || (c == '.' && i > 0) || c == '@')
            buffer_add_char(&name, c);
        else
            buffer_add_format(&name, "_%02x", (unsigned char)c);
    }
    buffer_add_text(&name, ".ics");
    return arena_copy(arena, buffer_slice(&name));
}

static enum status fetch(struct writing *w, struct slice url, struct target *target)
{
    struct net_response response;
    struct net_request request = {.method = "GET", .url = url, .depth = -1};
    TRY(caldav_send(w->calsync, &w->write->place, request, w->arena, &response, w->why));
    *target = (struct target){response.url, response.etag, response.body};
    return ST_OK;
}

/* People move events, and other programs name them their own way. */
static enum status find_by_uid(struct writing *w, struct target *target)
{
    struct dav_multistatus found;
    TRY(caldav_ask(w->calsync, &w->write->place, "REPORT", w->calendar, 1,
                   dav_uid_body(w->write->uid, w->arena), w->arena, &found, NULL, w->why));
    for (size_t i = 0; i < found.responses.count; i++) {
        const struct dav_response *response = &found.responses.items[i];
        struct ical_calendar calendar;
        if (response->calendar.len == 0 ||
            ical_parse(response->calendar, w->arena, &calendar, NULL) != ST_OK ||
            calendar.events.count == 0 || !slice_equal(calendar.events.items[0].uid, w->write->uid))
            continue;
        TRY(net_resolve(w->calendar, response->href, w->arena, &target->url, w->why));
        target->etag = response->etag;
        target->text = response->calendar;
        return ST_OK;
    }
    return problem_set(w->why, ST_NOT_FOUND, "no event with this UID in the calendar");
}

/* What lies at our own address is this event, whole: else the server is not itself just now, and
 * nothing is written over what may be somebody else's. */
static enum status check_own(struct writing *w, const struct target *target)
{
    struct ical_calendar calendar;
    if (ical_parse(target->text, w->arena, &calendar, NULL) == ST_OK && calendar.skipped == 0)
        for (size_t i = 0; i < calendar.events.count; i++)
            if (slice_equal(calendar.events.items[i].uid, w->write->uid))
                return ST_OK;
    return problem_set(w->why, ST_UNAVAILABLE, "GET: something else came back than the event");
}

static enum status find_event(struct writing *w, struct slice own_url, struct target *target)
{
    enum status status = fetch(w, own_url, target);
    if (status == ST_NOT_FOUND)
        return find_by_uid(w, target);
    return status == ST_OK ? check_own(w, target) : status;
}

static enum status put(struct writing *w, const struct target *target, struct slice text)
{
    struct net_response response;
    struct net_request request = {.method = "PUT",
                                  .url = target->url,
                                  .body = text,
                                  .content_type = "text/calendar; charset=utf-8",
                                  .depth = -1,
                                  .if_match = target->etag,
                                  .if_none_match_any = target->etag.len == 0};
    return caldav_send(w->calsync, &w->write->place, request, w->arena, &response, w->why);
}

static struct ical_calendar only_event(struct writing *w)
{
    struct ical_calendar calendar = {0};
    struct ical_event event = w->write->event;
    event.uid = w->write->uid;
    ARENA_PUSH(w->arena, &calendar.events, event);
    return calendar;
}

static enum status put_once(struct writing *w, struct slice own_url)
{
    struct ical_calendar calendar = only_event(w);
    struct target target = {0};
    struct slice text;
    enum status status = find_event(w, own_url, &target);
    if (status == ST_NOT_FOUND) {
        target = (struct target){.url = own_url};
        TRY(ical_format(&calendar, w->write->stamp, w->arena, &text, w->why));
        return put(w, &target, text);
    }
    if (status != ST_OK)
        return status;
    TRY(ical_splice(target.text, w->write->uid, &calendar, w->write->stamp, w->arena, &text,
                    w->why));
    return put(w, &target, text);
}

static enum status remove_once(struct writing *w, struct slice own_url)
{
    struct target target = {0};
    struct net_response response;
    enum status status = find_event(w, own_url, &target);
    if (status == ST_NOT_FOUND)
        return ST_OK; /* somebody has taken it away already */
    if (status != ST_OK)
        return status;
    struct net_request request = {
        .method = "DELETE", .url = target.url, .depth = -1, .if_match = target.etag};
    status = caldav_send(w->calsync, &w->write->place, request, w->arena, &response, w->why);
    return status == ST_NOT_FOUND ? ST_OK : status;
}

/* New events go to the first calendar that may be written. */
static enum status choose_calendar(struct writing *w, struct slice *url)
{
    struct calendar_list calendars;
    TRY(caldav_discover(w->calsync, &w->write->place, w->arena, &calendars, w->why));
    for (size_t i = 0; i < calendars.count; i++)
        if (!calendars.items[i].read_only) {
            *url = calendars.items[i].url;
            return ST_OK;
        }
    return problem_set(w->why, ST_DENIED, "the calendar may be read only");
}

enum status caldav_write(struct calsync *calsync, const struct calendar_write *write,
                         struct arena *arena, struct problem *why)
{
    struct writing w = {calsync, write, SLICE_NONE, arena, why};
    struct slice own_url;
    enum status status = ST_CONFLICT;
    TRY(choose_calendar(&w, &w.calendar));
    struct slice name = own_name(write->uid, arena);
    TRY(net_resolve(slice_ends(w.calendar, LIT("/"))
                        ? w.calendar
                        : arena_format(arena, "%.*s/", SLICE_ARG(w.calendar)),
                    name, arena, &own_url, why));
    /* 412: the version that was read is not the last any more; read again. */
    for (int attempt = 0; attempt < ATTEMPTS && status == ST_CONFLICT; attempt++)
        status = write->remove ? remove_once(&w, own_url) : put_once(&w, own_url);
    return status;
}
