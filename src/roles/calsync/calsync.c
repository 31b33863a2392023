#include "roles/calsync/calsync.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "roles/calsync/internal.h"

static const char empty_calendar[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Rendez//Rendez//EN\r\nEND:VCALENDAR\r\n";

enum status calsync_create(const struct net_options *options, struct calsync **out,
                           struct problem *why)
{
    struct calsync *calsync = calloc(1, sizeof *calsync);
    if (calsync == NULL)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    enum status status = net_create(options, &calsync->net, why);
    if (status != ST_OK) {
        calsync_destroy(&calsync);
        return status;
    }
    dav_init();
    ical_init();
    *out = calsync;
    return ST_OK;
}

void calsync_destroy(struct calsync **calsync)
{
    if (*calsync == NULL)
        return;
    for (size_t i = 0; i < SNAPSHOTS_MAX; i++)
        arena_destroy(&(*calsync)->snapshots[i].arena);
    net_destroy(&(*calsync)->net);
    free(*calsync);
    *calsync = NULL;
}

/* Where a calendar is */

enum place_scheme { PLACE_FILE, PLACE_ICS_URL, PLACE_CALDAV };

static enum place_scheme scheme_of(struct slice where)
{
    bool url =
        slice_starts_nocase(where, LIT("http://")) || slice_starts_nocase(where, LIT("https://"));
    size_t query = slice_find(where, LIT("?"), 0);
    if (slice_starts_nocase(where, LIT("webcal://")))
        return PLACE_ICS_URL;
    if (!url)
        return PLACE_FILE;
    return slice_ends(slice_sub(where, 0, query), LIT(".ics")) ? PLACE_ICS_URL : PLACE_CALDAV;
}

static enum status path_of(struct slice where, struct arena *arena, const char **path,
                           struct problem *why)
{
    if (slice_starts_nocase(where, LIT("file://")))
        where = slice_sub(where, 7, where.len);
    if (where.len == 0 || slice_contains(where, LIT("\0")))
        return problem_set(why, ST_INVALID, "the path of a calendar is empty");
    *path = arena_text(arena, where);
    return ST_OK;
}

/* Reading */

static void keep_owner_only(struct ical_event *event, struct slice owner)
{
    struct ical_attendee_list kept = {event->attendees.items, 0, event->attendees.capacity};
    for (size_t i = 0; i < event->attendees.count; i++)
        if (slice_equal_nocase(event->attendees.items[i].address, owner))
            kept.items[kept.count++] = event->attendees.items[i];
    event->attendees = kept;
    event->description = event->comment = SLICE_NONE;
}

/* Single events far from the window; zones differ by a day at most. */
static bool is_far(const struct ical_event *event, struct interval window)
{
    struct ical_time end = event->end.kind != ICAL_NO_TIME ? event->end : event->start;
    int64_t start_us = civil_to_us(event->start.wall);
    int64_t end_us = civil_to_us(end.wall) + event->duration_s * 1000000;
    if (event->rrule.len > 0 || event->rdates.count > 0 || event->rrules_more.count > 0 ||
        event->recurrence_id.kind != ICAL_NO_TIME)
        return false;
    return start_us > window.end.us + 2 * DAY_US || end_us < window.start.us - 2 * DAY_US;
}

static enum status add_text(struct slice text, const struct calendar_place *place,
                            struct interval window, struct arena *arena, struct ical_calendar *sum,
                            struct problem *why)
{
    struct ical_calendar one;
    TRY(ical_parse(text, arena, &one, why));
    sum->skipped += one.skipped;
    for (size_t i = 0; i < one.events.count; i++) {
        struct ical_event event = one.events.items[i];
        if (event.start.kind == ICAL_NO_TIME || is_far(&event, window))
            continue;
        if (sum->events.count == ICAL_EVENTS_MAX)
            return problem_set(why, ST_LIMIT, "more than %d events", ICAL_EVENTS_MAX);
        keep_owner_only(&event, place->address);
        ARENA_PUSH(arena, &sum->events, event);
    }
    for (size_t i = 0; i < one.freebusy.count; i++)
        ARENA_PUSH(arena, &sum->freebusy, one.freebusy.items[i]);
    for (size_t i = 0; i < one.availability.count; i++)
        ARENA_PUSH(arena, &sum->availability, one.availability.items[i]);
    return ST_OK;
}

static enum status read_file(const struct calendar_place *place, struct arena *arena,
                             struct slice *text, struct problem *why)
{
    const char *path;
    TRY(path_of(place->where, arena, &path, why));
    return file_read(path, ICAL_BYTES_MAX, arena, text, why);
}

static enum status read_url(struct calsync *calsync, const struct calendar_place *place,
                            struct arena *arena, struct slice *text, struct problem *why)
{
    struct net_response response;
    struct net_request request = {.method = "GET", .url = place->where, .depth = -1};
    if (slice_starts_nocase(place->where, LIT("webcal://")))
        request.url = arena_format(arena, "https://%.*s",
                                   SLICE_ARG(slice_sub(place->where, 9, place->where.len)));
    TRY(caldav_send(calsync, place, request, arena, &response, why));
    *text = response.body;
    return ST_OK;
}

static enum status read_account(struct calsync *calsync, const struct calendar_place *place,
                                struct interval window, struct arena *arena,
                                struct ical_calendar *sum, struct problem *why)
{
    struct calendar_list calendars;
    TRY(caldav_discover(calsync, place, arena, &calendars, why));
    size_t bytes = 0;
    for (size_t i = 0; i < calendars.count; i++) {
        struct resource_list resources;
        TRY(caldav_read(calsync, place, &calendars.items[i], window, arena, &resources, why));
        for (size_t k = 0; k < resources.count; k++) {
            bytes += resources.items[k].text.len;
            if (bytes > ICAL_BYTES_MAX)
                return problem_set(why, ST_LIMIT, "calendars of more than %d bytes",
                                   ICAL_BYTES_MAX);
            /* One resource that is no calendar does not hide the others. */
            enum status status = add_text(resources.items[k].text, place, window, arena, sum, why);
            if (status == ST_LIMIT)
                return status;
            sum->skipped += status != ST_OK;
        }
    }
    return ST_OK;
}

enum status calsync_read(struct calsync *calsync, const struct calendar_place *place,
                         struct interval window, struct arena *arena, struct ical_calendar *out,
                         struct problem *why)
{
    struct ical_calendar sum = {0};
    struct slice text;
    switch (scheme_of(place->where)) {
    case PLACE_FILE:
        TRY(read_file(place, arena, &text, why));
        if (slice_trim(text).len > 0) /* a file just made is a calendar without events */
            TRY(add_text(text, place, window, arena, &sum, why));
        break;
    case PLACE_ICS_URL:
        TRY(read_url(calsync, place, arena, &text, why));
        TRY(add_text(text, place, window, arena, &sum, why));
        break;
    case PLACE_CALDAV:
        TRY(read_account(calsync, place, window, arena, &sum, why));
        break;
    }
    *out = sum;
    return ST_OK;
}

/* Writing */

/* The file's own permissions, or private for a new one. */
static unsigned mode_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? info.st_mode & 0777 : 0600;
}

static enum status write_file(const struct calendar_write *write, struct arena *arena,
                              struct problem *why)
{
    const char *path;
    struct slice text, changed;
    struct ical_calendar one = {0};
    struct ical_event event = write->event;
    event.uid = write->uid;
    ARENA_PUSH(arena, &one.events, event);
    TRY(path_of(write->place.where, arena, &path, why));
    enum status status = file_read(path, ICAL_BYTES_MAX, arena, &text, why);
    if (status == ST_NOT_FOUND && write->remove)
        return ST_OK;
    if (status == ST_NOT_FOUND || (status == ST_OK && slice_trim(text).len == 0))
        text = slice_from(empty_calendar);
    else if (status != ST_OK)
        return status;
    status = ical_splice(text, write->uid, write->remove ? NULL : &one, write->stamp, arena,
                         &changed, why);
    if (status == ST_NOT_FOUND && write->remove)
        return ST_OK;
    if (status != ST_OK)
        return status;
    return file_write_durably(path, changed, mode_of(path), why);
}

enum status calsync_write(struct calsync *calsync, const struct calendar_write *write,
                          struct arena *arena, struct problem *why)
{
    if (write->uid.len == 0)
        return problem_set(why, ST_INVALID, "an event without UID");
    switch (scheme_of(write->place.where)) {
    case PLACE_FILE:
        return write_file(write, arena, why);
    case PLACE_CALDAV:
        return caldav_write(calsync, write, arena, why);
    default:
        return problem_set(why, ST_DENIED, "a calendar at an ICS address may be read only");
    }
}
