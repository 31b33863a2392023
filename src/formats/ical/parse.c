#include "formats/ical/internal.h"

#include <stdlib.h>
#include <string.h>

struct zone_entry {
    struct slice tzid, zone; /* zone: IANA name, or empty when nobody knows it */
};
struct reader {
    struct arena *arena;
    struct ical_calendar *out;
    struct zone_entry zones[ICAL_ZONES_MAX];
    size_t zone_count;
};

void ical_init(void)
{
    icalerror_set_errors_are_fatal(0);
    icaltimezone_get_utc_timezone(); /* reads the table of zones */
    zone_load_all();
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct ical_calendar calendar;
    struct slice text = LIT("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260101T000000Z\n"
                            "END:VEVENT\nEND:VCALENDAR\n");
    if (ical_parse(text, arena, &calendar, NULL) != ST_OK)
        abort();
}

/* Zones */

static void remember_zone(struct reader *reader, struct slice tzid, struct slice zone)
{
    if (reader->zone_count < ICAL_ZONES_MAX)
        reader->zones[reader->zone_count++] =
            (struct zone_entry){arena_copy(reader->arena, tzid), zone};
}

static const struct zone_entry *find_zone(const struct reader *reader, struct slice tzid)
{
    for (size_t i = 0; i < reader->zone_count; i++)
        if (slice_equal(reader->zones[i].tzid, tzid))
            return &reader->zones[i];
    return NULL;
}

static struct slice zone_of(struct reader *reader, struct slice tzid)
{
    const struct zone_entry *entry = find_zone(reader, tzid);
    if (entry != NULL)
        return entry->zone;
    struct slice zone = ical_zone_name(tzid);
    remember_zone(reader, tzid, zone);
    return zone;
}

/* X-LIC-LOCATION is libical's, TZUNTIL and the rest are not needed. */
static struct slice location_of(icalcomponent *vtimezone)
{
    icalproperty *property = icalcomponent_get_first_property(vtimezone, ICAL_X_PROPERTY);
    for (; property != NULL;
         property = icalcomponent_get_next_property(vtimezone, ICAL_X_PROPERTY)) {
        struct slice name = slice_from(icalproperty_get_x_name(property));
        if (slice_equal_nocase(name, LIT("X-LIC-LOCATION")))
            return ical_zone_name(slice_from(icalproperty_get_x(property)));
    }
    return SLICE_NONE;
}

static bool read_zone(struct reader *reader, struct slice block)
{
    icalcomponent *component = block_parse(block, true, reader->arena, NULL);
    if (component == NULL)
        return false;
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_TZID_PROPERTY);
    struct slice tzid = property != NULL ? slice_from(icalproperty_get_tzid(property)) : SLICE_NONE;
    if (tzid.len > 0 && find_zone(reader, tzid) == NULL) {
        struct slice zone = ical_zone_name(tzid);
        if (zone.len == 0)
            zone = location_of(component);
        if (zone.len == 0)
            zone = zone_of_vtimezone(component);
        remember_zone(reader, tzid, zone);
    }
    icalcomponent_free(component);
    return tzid.len > 0;
}

/* Times */

static struct ical_time time_from(struct reader *reader, icalproperty *property,
                                  struct icaltimetype at)
{
    struct civil_date date = {at.year, (uint8_t)at.month, (uint8_t)at.day};
    if (at.month < 1 || at.month > 12 || at.day < 1 || at.day > 31 || at.hour < 0 || at.hour > 24 ||
        at.minute < 0 || at.minute > 59 || at.second < 0 || at.second > 60 ||
        !civil_date_is_valid(date))
        return (struct ical_time){0};
    if (at.is_date)
        return (struct ical_time){ICAL_DATE, civil_at(date, 0, 0), SLICE_NONE};
    struct ical_time time = {ICAL_FLOATING, civil_at(date, 0, 0), SLICE_NONE};
    /* 24:00 and leap seconds occur; they are the next minute. */
    int64_t seconds = ((int64_t)at.hour * 60 + at.minute) * 60 + at.second;
    time.wall = civil_add(time.wall, (struct duration){seconds * 1000000});
    icalparameter *tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    if (icaltime_is_utc(at)) {
        time.kind = ICAL_UTC;
    } else if (tzid != NULL) {
        time.zone = zone_of(reader, slice_from(icalparameter_get_tzid(tzid)));
        bool utc = slice_equal(time.zone, LIT("UTC"));
        time.kind = time.zone.len == 0 ? ICAL_FLOATING : utc ? ICAL_UTC : ICAL_ZONED;
        if (utc)
            time.zone = SLICE_NONE;
    }
    return time;
}

static struct ical_time time_of(struct reader *reader, icalproperty *property)
{
    icalvalue *value = icalproperty_get_value(property);
    icalvalue_kind kind = value != NULL ? icalvalue_isa(value) : ICAL_NO_VALUE;
    if (kind == ICAL_DATE_VALUE) {
        struct icaltimetype at = icalvalue_get_date(value);
        at.is_date = 1;
        return time_from(reader, property, at);
    }
    if (kind == ICAL_DATETIME_VALUE)
        return time_from(reader, property, icalvalue_get_datetime(value));
    if (kind == ICAL_DATETIMEPERIOD_VALUE || kind == ICAL_PERIOD_VALUE) {
        struct icaldatetimeperiodtype both = icalvalue_get_datetimeperiod(value);
        bool is_time = !icaltime_is_null_time(both.time);
        return time_from(reader, property, is_time ? both.time : both.period.start);
    }
    return (struct ical_time){0};
}

static void push_time(struct reader *reader, icalproperty *property, struct ical_time_list *list)
{
    struct ical_time time = time_of(reader, property);
    if (time.kind != ICAL_NO_TIME && list->count < ICAL_EXDATES_MAX)
        ARENA_PUSH(reader->arena, list, time);
}

static int64_t duration_seconds(struct icaldurationtype duration)
{
    int64_t seconds = (int64_t)duration.weeks * 7 * 86400 + (int64_t)duration.days * 86400 +
                      (int64_t)duration.hours * 3600 + (int64_t)duration.minutes * 60 +
                      duration.seconds;
    enum { YEAR_S = 366 * 86400 };
    if (duration.is_neg || seconds < 0)
        return 0;
    return seconds > 10 * (int64_t)YEAR_S ? 10 * (int64_t)YEAR_S : seconds;
}

/* Texts and people */

static struct slice upper_text(struct slice s, struct arena *arena)
{
    char *text = arena_text(arena, s);
    for (size_t i = 0; i < s.len; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 32);
    return (struct slice){text, s.len};
}

static struct slice copy_text(struct reader *reader, const char *text)
{
    return arena_copy(reader->arena, slice_trim(slice_from(text)));
}

static struct slice address_from(struct reader *reader, const char *uri)
{
    struct slice address = slice_trim(slice_from(uri));
    if (slice_starts_nocase(address, LIT("mailto:")))
        address = slice_trim(slice_sub(address, 7, address.len));
    return arena_copy(reader->arena, address);
}

static struct slice common_name(struct reader *reader, icalproperty *property)
{
    icalparameter *name = icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER);
    return name == NULL ? SLICE_NONE : copy_text(reader, icalparameter_get_cn(name));
}

static enum ical_partstat partstat_of(icalproperty *property)
{
    icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER);
    switch (parameter == NULL ? ICAL_PARTSTAT_NONE : icalparameter_get_partstat(parameter)) {
    case ICAL_PARTSTAT_ACCEPTED:
        return PARTSTAT_ACCEPTED;
    case ICAL_PARTSTAT_DECLINED:
        return PARTSTAT_DECLINED;
    case ICAL_PARTSTAT_TENTATIVE:
        return PARTSTAT_TENTATIVE;
    case ICAL_PARTSTAT_DELEGATED:
        return PARTSTAT_DELEGATED;
    default:
        return PARTSTAT_NEEDS_ACTION;
    }
}

static void push_attendee(struct reader *reader, icalproperty *property,
                          struct ical_attendee_list *list)
{
    icalparameter *role = icalproperty_get_first_parameter(property, ICAL_ROLE_PARAMETER);
    icalparameter *rsvp = icalproperty_get_first_parameter(property, ICAL_RSVP_PARAMETER);
    struct ical_attendee attendee = {
        .address = address_from(reader, icalproperty_get_attendee(property)),
        .name = common_name(reader, property),
        .partstat = partstat_of(property),
        .optional = role != NULL && icalparameter_get_role(role) == ICAL_ROLE_OPTPARTICIPANT,
        .rsvp = rsvp != NULL && icalparameter_get_rsvp(rsvp) == ICAL_RSVP_TRUE,
    };
    if (attendee.address.len > 0 && list->count < ICAL_ATTENDEES_MAX)
        ARENA_PUSH(reader->arena, list, attendee);
}

/* Events */

static void read_status(icalproperty *property, struct ical_event *event)
{
    enum icalproperty_status status = icalproperty_get_status(property);
    event->cancelled = status == ICAL_STATUS_CANCELLED;
    event->tentative = status == ICAL_STATUS_TENTATIVE;
}

static void read_extension(struct reader *reader, icalproperty *property, struct ical_event *event)
{
    struct slice name = slice_from(icalproperty_get_x_name(property));
    if (!slice_equal_nocase(name, LIT("X-MICROSOFT-CDO-BUSYSTATUS")))
        return;
    event->busy_status =
        upper_text(slice_trim(slice_from(icalproperty_get_x(property))), reader->arena);
}

static void read_recurrence_id(struct reader *reader, icalproperty *property,
                               struct ical_event *event)
{
    icalparameter *range = icalproperty_get_first_parameter(property, ICAL_RANGE_PARAMETER);
    event->recurrence_id = time_of(reader, property);
    event->this_and_future =
        range != NULL && icalparameter_get_range(range) == ICAL_RANGE_THISANDFUTURE;
}

static void read_people(struct reader *reader, icalproperty *property, struct ical_event *event)
{
    if (icalproperty_isa(property) == ICAL_ATTENDEE_PROPERTY) {
        push_attendee(reader, property, &event->attendees);
        return;
    }
    event->organizer = address_from(reader, icalproperty_get_organizer(property));
    event->organizer_name = common_name(reader, property);
}

static void read_when(struct reader *reader, icalproperty *property, struct ical_event *event)
{
    switch (icalproperty_isa(property)) {
    case ICAL_DTSTART_PROPERTY:
        event->start = time_of(reader, property);
        break;
    case ICAL_DTEND_PROPERTY:
        event->end = time_of(reader, property);
        break;
    case ICAL_DURATION_PROPERTY:
        event->duration_s = duration_seconds(icalproperty_get_duration(property));
        break;
    case ICAL_RECURRENCEID_PROPERTY:
        read_recurrence_id(reader, property, event);
        break;
    case ICAL_EXDATE_PROPERTY:
        push_time(reader, property, &event->exdates);
        break;
    case ICAL_RDATE_PROPERTY:
        push_time(reader, property, &event->rdates);
        break;
    default:
        break;
    }
}

static void read_texts(struct reader *reader, icalproperty *property, struct ical_event *event)
{
    switch (icalproperty_isa(property)) {
    case ICAL_UID_PROPERTY:
        event->uid = copy_text(reader, icalproperty_get_uid(property));
        break;
    case ICAL_SUMMARY_PROPERTY:
        event->summary = copy_text(reader, icalproperty_get_summary(property));
        break;
    case ICAL_LOCATION_PROPERTY:
        event->location = copy_text(reader, icalproperty_get_location(property));
        break;
    case ICAL_DESCRIPTION_PROPERTY:
        event->description = copy_text(reader, icalproperty_get_description(property));
        break;
    case ICAL_COMMENT_PROPERTY:
        event->comment = copy_text(reader, icalproperty_get_comment(property));
        break;
    default:
        break;
    }
}

static void read_property(struct reader *reader, icalproperty *property, struct ical_event *event)
{
    switch (icalproperty_isa(property)) {
    case ICAL_SEQUENCE_PROPERTY: {
        int sequence = icalproperty_get_sequence(property);
        event->sequence = sequence > 0 ? (uint32_t)sequence : 0;
        break;
    }
    case ICAL_STATUS_PROPERTY:
        read_status(property, event);
        break;
    case ICAL_TRANSP_PROPERTY: {
        enum icalproperty_transp transp = icalproperty_get_transp(property);
        event->transparent =
            transp == ICAL_TRANSP_TRANSPARENT || transp == ICAL_TRANSP_TRANSPARENTNOCONFLICT;
        break;
    }
    case ICAL_X_PROPERTY:
        read_extension(reader, property, event);
        break;
    case ICAL_ORGANIZER_PROPERTY:
    case ICAL_ATTENDEE_PROPERTY:
        read_people(reader, property, event);
        break;
    default:
        read_when(reader, property, event);
        read_texts(reader, property, event);
    }
}

static bool read_event(struct reader *reader, struct slice block)
{
    struct ical_event event = {0};
    icalcomponent *component = block_parse(block, false, reader->arena, &event);
    if (component == NULL)
        return false;
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
    bool has_any = property != NULL;
    for (; property != NULL;
         property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY))
        read_property(reader, property, &event);
    icalcomponent_free(component);
    /* DTSTART may be missing: an iTIP REPLY or CANCEL needs none (RFC 5546 section 3.2). */
    if (!has_any)
        return false;
    ARENA_PUSH(reader->arena, &reader->out->events, event);
    return true;
}

static void push_period(struct reader *reader, icalproperty *property)
{
    icalparameter *type = icalproperty_get_first_parameter(property, ICAL_FBTYPE_PARAMETER);
    enum icalparameter_fbtype kind =
        type == NULL ? ICAL_FBTYPE_BUSY : icalparameter_get_fbtype(type);
    if (kind == ICAL_FBTYPE_FREE)
        return;
    struct icalperiodtype period = icalproperty_get_freebusy(property);
    struct ical_period read = {.start = time_from(reader, property, period.start),
                               .tentative = kind == ICAL_FBTYPE_BUSYTENTATIVE};
    if (read.start.kind == ICAL_NO_TIME)
        return;
    if (icaltime_is_null_time(period.end)) {
        read.end = read.start;
        read.end.wall = civil_add(read.end.wall,
                                  (struct duration){duration_seconds(period.duration) * 1000000});
    } else {
        read.end = time_from(reader, property, period.end);
    }
    if (read.end.kind != ICAL_NO_TIME && reader->out->freebusy.count < ICAL_EVENTS_MAX)
        ARENA_PUSH(reader->arena, &reader->out->freebusy, read);
}

static bool read_freebusy(struct reader *reader, struct slice block)
{
    icalcomponent *component = block_parse(block, false, reader->arena, NULL);
    if (component == NULL)
        return false;
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_FREEBUSY_PROPERTY);
    for (; property != NULL;
         property = icalcomponent_get_next_property(component, ICAL_FREEBUSY_PROPERTY))
        push_period(reader, property);
    icalcomponent_free(component);
    return true;
}

static struct ical_time first_time(struct reader *reader, icalcomponent *component,
                                   icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    return property == NULL ? (struct ical_time){0} : time_of(reader, property);
}

/* An AVAILABLE is an event in all that says when. libical has its rules here, since they
 * stand in a nested component. */
static void push_available(struct reader *reader, icalcomponent *component,
                           struct ical_availability *availability)
{
    struct ical_event event = {0};
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
    for (; property != NULL;
         property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
        read_when(reader, property, &event);
        if (icalproperty_isa(property) == ICAL_RRULE_PROPERTY)
            event.rrule = copy_text(reader, icalproperty_get_value_as_string(property));
    }
    if (event.start.kind != ICAL_NO_TIME && availability->available.count < ICAL_EVENTS_MAX)
        ARENA_PUSH(reader->arena, &availability->available, event);
}

static bool read_availability(struct reader *reader, struct slice block)
{
    icalcomponent *component = block_parse(block, true, reader->arena, NULL);
    if (component == NULL)
        return false;
    icalproperty *type = icalcomponent_get_first_property(component, ICAL_BUSYTYPE_PROPERTY);
    icalproperty *priority = icalcomponent_get_first_property(component, ICAL_PRIORITY_PROPERTY);
    int level = priority == NULL ? 0 : icalproperty_get_priority(priority);
    struct ical_availability read = {
        .start = first_time(reader, component, ICAL_DTSTART_PROPERTY),
        .end = first_time(reader, component, ICAL_DTEND_PROPERTY),
        .tentative = type != NULL && icalproperty_get_busytype(type) == ICAL_BUSYTYPE_BUSYTENTATIVE,
        .priority = level > 0 ? (uint32_t)level : 0,
    };
    icalcomponent *part = icalcomponent_get_first_component(component, ICAL_XAVAILABLE_COMPONENT);
    for (; part != NULL;
         part = icalcomponent_get_next_component(component, ICAL_XAVAILABLE_COMPONENT))
        push_available(reader, part, &read);
    icalcomponent_free(component);
    if (reader->out->availability.count < ICAL_EVENTS_MAX)
        ARENA_PUSH(reader->arena, &reader->out->availability, read);
    return true;
}

static void read_blocks(struct reader *reader, const struct block_list *blocks)
{
    /* Zones first: some calendars define them behind the events. */
    for (size_t i = 0; i < blocks->count; i++)
        if (blocks->items[i].kind == BLOCK_ZONE)
            reader->out->skipped += !read_zone(reader, blocks->items[i].text);
    for (size_t i = 0; i < blocks->count; i++) {
        if (blocks->items[i].kind == BLOCK_EVENT)
            reader->out->skipped += !read_event(reader, blocks->items[i].text);
        else if (blocks->items[i].kind == BLOCK_FREEBUSY)
            reader->out->skipped += !read_freebusy(reader, blocks->items[i].text);
        else if (blocks->items[i].kind == BLOCK_AVAILABILITY)
            reader->out->skipped += !read_availability(reader, blocks->items[i].text);
    }
    icalmemory_free_ring();
}

enum status ical_parse(struct slice text, struct arena *arena, struct ical_calendar *out,
                       struct problem *why)
{
    if (text.len > ICAL_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "a calendar of more than %d bytes", ICAL_BYTES_MAX);
    if (slice_starts(text, LIT("\xEF\xBB\xBF")))
        text = slice_sub(text, 3, text.len);
    if (utf8_bad_at(text) != SIZE_MAX || slice_contains(text, LIT("\0")))
        text = utf8_repair(text, arena);
    struct outline outline;
    TRY(outline_read(text, arena, &outline, why));
    icalerror_set_errors_are_fatal(0);
    *out = (struct ical_calendar){
        .method = upper_text(slice_trim(outline.method), arena),
        .prodid = arena_copy(arena, outline.prodid),
    };
    struct reader *reader = ARENA_NEW(arena, struct reader);
    reader->arena = arena;
    reader->out = out;
    read_blocks(reader, &outline.blocks);
    return ST_OK;
}
