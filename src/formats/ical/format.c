#include "formats/ical/internal.h"

#include <stdlib.h>
#include <string.h>

enum { ZONES_USED_MAX = ICAL_ZONES_MAX };

struct writer {
    struct arena *arena;
    icalcomponent *calendar;
    const struct zone *zones[ZONES_USED_MAX];
    int32_t first_year, last_year;
    size_t zone_count;
    bool refused; /* a rule that libical cannot write */
};

/* NUL-terminated for libical; control characters cannot stand in a content line, line
 * ends only where libical escapes them (TEXT values). */
static const char *clean(struct writer *writer, struct slice s, bool lines)
{
    char *text = arena_text(writer->arena, s), *to = text;
    for (size_t i = 0; i < s.len; i++) {
        char c = text[i];
        if (c == '\r')
            continue;
        bool control = (unsigned char)c < ' ' || c == 127;
        *to++ = control && !(lines && (c == '\n' || c == '\t')) ? ' ' : c;
    }
    *to = '\0';
    return text;
}

/* Zones */

static void use_year(struct writer *writer, int32_t year)
{
    if (writer->first_year == 0 || year < writer->first_year)
        writer->first_year = year;
    if (year > writer->last_year)
        writer->last_year = year;
}

/* NULL when tzdata does not know it: then the time is written without a zone. */
static const struct zone *use_zone(struct writer *writer, struct slice name)
{
    const struct zone *zone;
    if (zone_load(name, &zone, NULL) != ST_OK)
        return NULL;
    for (size_t i = 0; i < writer->zone_count; i++)
        if (writer->zones[i] == zone)
            return zone;
    if (writer->zone_count == ZONES_USED_MAX)
        return NULL;
    return writer->zones[writer->zone_count++] = zone;
}

static void add_zones(struct writer *writer)
{
    for (size_t i = writer->zone_count; i-- > 0;) {
        icalcomponent *zone =
            vtimezone_create(writer->zones[i], writer->first_year, writer->last_year);
        icalcomponent_add_component(writer->calendar, zone);
    }
}

/* Properties */

static struct icaltimetype time_to(struct ical_time time)
{
    struct icaltimetype at = icaltime_null_time();
    at.year = time.wall.date.year;
    at.month = time.wall.date.month;
    at.day = time.wall.date.day;
    at.hour = time.wall.hour;
    at.minute = time.wall.minute;
    at.second = time.wall.second;
    at.is_date = time.kind == ICAL_DATE;
    if (time.kind == ICAL_UTC)
        at.zone = icaltimezone_get_utc_timezone();
    return at;
}

static void add_time(struct writer *writer, icalcomponent *component, icalproperty_kind kind,
                     struct ical_time time)
{
    if (time.kind == ICAL_NO_TIME)
        return;
    struct icaltimetype at = time_to(time);
    icalproperty *property = icalproperty_new(kind);
    icalproperty_set_value(property,
                           at.is_date ? icalvalue_new_date(at) : icalvalue_new_datetime(at));
    if (at.is_date)
        icalproperty_add_parameter(property, icalparameter_new_value(ICAL_VALUE_DATE));
    use_year(writer, time.wall.date.year);
    const struct zone *zone = time.kind == ICAL_ZONED ? use_zone(writer, time.zone) : NULL;
    if (zone != NULL)
        icalproperty_add_parameter(property, icalparameter_new_tzid(zone_name(zone)));
    icalcomponent_add_property(component, property);
}

static void add_times(struct writer *writer, icalcomponent *component, icalproperty_kind kind,
                      const struct ical_time_list *times)
{
    for (size_t i = 0; i < times->count; i++)
        add_time(writer, component, kind, times->items[i]);
}

/* libical writes only what it understands itself. */
static void add_rule(struct writer *writer, icalcomponent *component, icalproperty_kind kind,
                     struct slice text)
{
    if (text.len == 0)
        return;
    struct icalrecurrencetype rule = icalrecurrencetype_from_string(clean(writer, text, false));
    icalproperty *property = icalproperty_new(kind);
    icalproperty_set_value(property, icalvalue_new_recur(rule));
    icalcomponent_add_property(component, property);
    writer->refused |= rule.freq == ICAL_NO_RECURRENCE;
    free(rule.rscale); /* the value has its own copy */
}

static void add_rules(struct writer *writer, icalcomponent *component,
                      const struct ical_event *event)
{
    add_rule(writer, component, ICAL_RRULE_PROPERTY, event->rrule);
    for (size_t i = 0; i < event->rrules_more.count; i++)
        add_rule(writer, component, ICAL_RRULE_PROPERTY, event->rrules_more.items[i]);
    for (size_t i = 0; i < event->exrules.count; i++)
        add_rule(writer, component, ICAL_EXRULE_PROPERTY, event->exrules.items[i]);
    add_times(writer, component, ICAL_EXDATE_PROPERTY, &event->exdates);
    add_times(writer, component, ICAL_RDATE_PROPERTY, &event->rdates);
}

static void add_text(struct writer *writer, icalcomponent *component, icalproperty_kind kind,
                     struct slice text)
{
    if (text.len == 0)
        return;
    icalproperty *property = icalproperty_new(kind);
    icalproperty_set_value(property, icalvalue_new_text(clean(writer, text, true)));
    icalcomponent_add_property(component, property);
}

static const char *mailto(struct writer *writer, struct slice address)
{
    /* "urn:uuid:…" and the like stay as they are. */
    if (!slice_contains(address, LIT("@")) && slice_contains(address, LIT(":")))
        return clean(writer, address, false);
    return clean(writer, arena_format(writer->arena, "mailto:%.*s", SLICE_ARG(address)), false);
}

/* libical, and so many programs, takes a backslash before the closing quote for an escape, which
 * RFC 5545 does not know, and misses the address behind it. */
static void add_name(struct writer *writer, icalproperty *property, struct slice name)
{
    while (slice_ends(name, LIT("\\")) || slice_ends(name, LIT(" ")))
        name.len--;
    if (name.len > 0)
        icalproperty_add_parameter(property, icalparameter_new_cn(clean(writer, name, false)));
}

static void add_organizer(struct writer *writer, icalcomponent *component,
                          const struct ical_event *event)
{
    if (event->organizer.len == 0)
        return;
    icalproperty *property = icalproperty_new_organizer(mailto(writer, event->organizer));
    add_name(writer, property, event->organizer_name);
    icalcomponent_add_property(component, property);
}

static void add_attendee(struct writer *writer, icalcomponent *component,
                         const struct ical_attendee *attendee)
{
    static const enum icalparameter_partstat partstats[] = {
        [PARTSTAT_NEEDS_ACTION] = ICAL_PARTSTAT_NEEDSACTION,
        [PARTSTAT_ACCEPTED] = ICAL_PARTSTAT_ACCEPTED,
        [PARTSTAT_DECLINED] = ICAL_PARTSTAT_DECLINED,
        [PARTSTAT_TENTATIVE] = ICAL_PARTSTAT_TENTATIVE,
        [PARTSTAT_DELEGATED] = ICAL_PARTSTAT_DELEGATED,
    };
    icalproperty *property = icalproperty_new_attendee(mailto(writer, attendee->address));
    add_name(writer, property, attendee->name);
    icalproperty_add_parameter(property, icalparameter_new_role(attendee->optional
                                                                    ? ICAL_ROLE_OPTPARTICIPANT
                                                                    : ICAL_ROLE_REQPARTICIPANT));
    icalproperty_add_parameter(property, icalparameter_new_partstat(partstats[attendee->partstat]));
    if (attendee->rsvp)
        icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_TRUE));
    icalcomponent_add_property(component, property);
}

static void add_state(struct writer *writer, icalcomponent *component,
                      const struct ical_event *event)
{
    icalcomponent_add_property(component,
                               icalproperty_new_sequence((int)(event->sequence & INT32_MAX)));
    icalcomponent_add_property(component,
                               icalproperty_new_status(event->cancelled   ? ICAL_STATUS_CANCELLED
                                                       : event->tentative ? ICAL_STATUS_TENTATIVE
                                                                          : ICAL_STATUS_CONFIRMED));
    icalcomponent_add_property(
        component,
        icalproperty_new_transp(event->transparent ? ICAL_TRANSP_TRANSPARENT : ICAL_TRANSP_OPAQUE));
    if (event->busy_status.len == 0)
        return;
    icalproperty *property = icalproperty_new_x(clean(writer, event->busy_status, false));
    icalproperty_set_x_name(property, "X-MICROSOFT-CDO-BUSYSTATUS");
    icalcomponent_add_property(component, property);
}

static void add_recurrence_id(struct writer *writer, icalcomponent *component,
                              const struct ical_event *event)
{
    add_time(writer, component, ICAL_RECURRENCEID_PROPERTY, event->recurrence_id);
    icalproperty *property =
        icalcomponent_get_first_property(component, ICAL_RECURRENCEID_PROPERTY);
    if (property != NULL && event->this_and_future)
        icalproperty_add_parameter(property, icalparameter_new_range(ICAL_RANGE_THISANDFUTURE));
}

static void add_duration(icalcomponent *component, const struct ical_event *event)
{
    if (event->end.kind != ICAL_NO_TIME || event->duration_s <= 0)
        return;
    struct icaldurationtype duration =
        icaldurationtype_from_int((int)(event->duration_s & INT32_MAX));
    icalcomponent_add_property(component, icalproperty_new_duration(duration));
}

static icalcomponent *event_create(struct writer *writer, const struct ical_event *event,
                                   struct icaltimetype dtstamp)
{
    icalcomponent *component = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    add_text(writer, component, ICAL_UID_PROPERTY, event->uid);
    icalcomponent_add_property(component, icalproperty_new_dtstamp(dtstamp));
    add_time(writer, component, ICAL_DTSTART_PROPERTY, event->start);
    add_time(writer, component, ICAL_DTEND_PROPERTY, event->end);
    add_duration(component, event);
    add_recurrence_id(writer, component, event);
    add_rules(writer, component, event);
    add_text(writer, component, ICAL_SUMMARY_PROPERTY, event->summary);
    add_text(writer, component, ICAL_LOCATION_PROPERTY, event->location);
    add_text(writer, component, ICAL_DESCRIPTION_PROPERTY, event->description);
    add_organizer(writer, component, event);
    for (size_t i = 0; i < event->attendees.count; i++)
        add_attendee(writer, component, &event->attendees.items[i]);
    add_state(writer, component, event);
    add_text(writer, component, ICAL_COMMENT_PROPERTY, event->comment);
    return component;
}

static void add_freebusy(struct writer *writer, const struct ical_period_list *periods,
                         struct icaltimetype dtstamp)
{
    if (periods->count == 0)
        return;
    icalcomponent *component = icalcomponent_new(ICAL_VFREEBUSY_COMPONENT);
    icalcomponent_add_property(component, icalproperty_new_dtstamp(dtstamp));
    for (size_t i = 0; i < periods->count; i++) {
        struct icalperiodtype period = {time_to(periods->items[i].start),
                                        time_to(periods->items[i].end),
                                        icaldurationtype_null_duration()};
        icalproperty *property = icalproperty_new_freebusy(period);
        if (periods->items[i].tentative)
            icalproperty_add_parameter(property,
                                       icalparameter_new_fbtype(ICAL_FBTYPE_BUSYTENTATIVE));
        icalcomponent_add_property(component, property);
    }
    icalcomponent_add_component(writer->calendar, component);
}

static void add_method(struct writer *writer, struct slice method)
{
    icalproperty_method known = icalproperty_string_to_method(clean(writer, method, false));
    if (method.len > 0 && known != ICAL_METHOD_NONE)
        icalcomponent_add_property(writer->calendar, icalproperty_new_method(known));
}

static void add_header(struct writer *writer, struct slice method)
{
    writer->calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalcomponent_add_property(writer->calendar,
                               icalproperty_new_prodid("-//Rendez//Rendez " RENDEZ_VERSION "//EN"));
    icalcomponent_add_property(writer->calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(writer->calendar, icalproperty_new_calscale("GREGORIAN"));
    add_method(writer, method);
}

static void add_events(struct writer *writer, const struct ical_event_list *list,
                       struct icaltimetype dtstamp)
{
    icalcomponent *events = icalcomponent_new(ICAL_XROOT_COMPONENT), *event;
    for (size_t i = 0; i < list->count; i++)
        icalcomponent_add_component(events, event_create(writer, &list->items[i], dtstamp));
    /* VTIMEZONE before what uses it: Outlook reads in one pass. */
    add_zones(writer);
    while ((event = icalcomponent_get_first_component(events, ICAL_VEVENT_COMPONENT)) != NULL) {
        icalcomponent_remove_component(events, event);
        icalcomponent_add_component(writer->calendar, event);
    }
    icalcomponent_free(events);
}

enum status ical_format(const struct ical_calendar *calendar, struct instant dtstamp,
                        struct arena *arena, struct slice *text, struct problem *why)
{
    if (calendar->events.count > ICAL_EVENTS_MAX)
        return problem_set(why, ST_LIMIT, "more than %d events in one calendar", ICAL_EVENTS_MAX);
    icalerror_set_errors_are_fatal(0);
    struct writer *writer = ARENA_NEW(arena, struct writer);
    struct ical_time stamp = {ICAL_UTC, civil_from_us(dtstamp.us), SLICE_NONE};
    writer->arena = arena;
    add_header(writer, calendar->method);
    add_events(writer, &calendar->events, time_to(stamp));
    add_freebusy(writer, &calendar->freebusy, time_to(stamp));
    char *written = icalcomponent_as_ical_string_r(writer->calendar);
    struct slice copy = arena_copy(arena, slice_from(written));
    icalmemory_free_buffer(written);
    icalcomponent_free(writer->calendar);
    icalmemory_free_ring();
    if (writer->refused)
        return problem_set(why, ST_INVALID, "a recurrence rule cannot be read");
    *text = copy;
    return ST_OK;
}
