#include "formats/ical/internal.h"

static const char *const kind_names[] = {"none", "date", "floating", "utc", "zoned"};
static const char *const partstat_names[] = {"needs-action", "accepted", "declined", "tentative",
                                             "delegated"};

static const struct record_field time_fields[] = {
    FIELD_ENUM(ical_time, kind, 1, kind_names),
    FIELD(ical_time, wall, 2, RECORD_CIVIL),
    FIELD(ical_time, zone, 3, RECORD_TEXT),
};
static RECORD_TYPE(time_record, ical_time, time_fields);

static const struct record_field attendee_fields[] = {
    FIELD(ical_attendee, address, 1, RECORD_TEXT),
    FIELD(ical_attendee, name, 2, RECORD_TEXT),
    FIELD_ENUM(ical_attendee, partstat, 3, partstat_names),
    FIELD(ical_attendee, optional, 4, RECORD_BOOL),
    FIELD(ical_attendee, rsvp, 5, RECORD_BOOL),
};
static RECORD_TYPE(attendee_record, ical_attendee, attendee_fields);

#define LIST_OF(c_type, member_, tag_, type_, most)                                                \
    {                                                                                              \
        .name = #member_, .tag = (tag_), .kind = RECORD_LIST,                                      \
        .offset = offsetof(struct c_type, member_), .type = &(type_), .count = (most)              \
    }

static const struct record_field event_fields[] = {
    FIELD(ical_event, uid, 1, RECORD_TEXT),
    FIELD(ical_event, sequence, 2, RECORD_U32),
    FIELD_OF(ical_event, start, 3, RECORD_STRUCT, time_record),
    FIELD_OF(ical_event, end, 4, RECORD_STRUCT, time_record),
    FIELD(ical_event, duration_s, 5, RECORD_I64),
    FIELD_OF(ical_event, recurrence_id, 6, RECORD_STRUCT, time_record),
    FIELD(ical_event, rrule, 7, RECORD_TEXT),
    LIST_OF(ical_event, exdates, 8, time_record, ICAL_EXDATES_MAX),
    LIST_OF(ical_event, rdates, 9, time_record, ICAL_EXDATES_MAX),
    FIELD(ical_event, summary, 10, RECORD_TEXT),
    FIELD(ical_event, location, 11, RECORD_TEXT),
    FIELD(ical_event, description, 12, RECORD_TEXT),
    FIELD(ical_event, transparent, 13, RECORD_BOOL),
    FIELD(ical_event, cancelled, 14, RECORD_BOOL),
    FIELD(ical_event, tentative, 15, RECORD_BOOL),
    FIELD(ical_event, busy_status, 16, RECORD_TEXT),
    FIELD(ical_event, organizer, 17, RECORD_TEXT),
    FIELD(ical_event, organizer_name, 18, RECORD_TEXT),
    LIST_OF(ical_event, attendees, 19, attendee_record, ICAL_ATTENDEES_MAX),
    FIELD(ical_event, comment, 20, RECORD_TEXT),
    FIELD(ical_event, this_and_future, 21, RECORD_BOOL),
    FIELD(ical_event, rrules_more, 22, RECORD_TEXTS),
    FIELD(ical_event, exrules, 23, RECORD_TEXTS),
};
RECORD_TYPE(ical_event_record, ical_event, event_fields);

static const struct record_field period_fields[] = {
    FIELD_OF(ical_period, start, 1, RECORD_STRUCT, time_record),
    FIELD_OF(ical_period, end, 2, RECORD_STRUCT, time_record),
    FIELD(ical_period, tentative, 3, RECORD_BOOL),
};
static RECORD_TYPE(period_record, ical_period, period_fields);

static const struct record_field availability_fields[] = {
    FIELD_OF(ical_availability, start, 1, RECORD_STRUCT, time_record),
    FIELD_OF(ical_availability, end, 2, RECORD_STRUCT, time_record),
    FIELD(ical_availability, tentative, 3, RECORD_BOOL),
    FIELD(ical_availability, priority, 4, RECORD_U32),
    LIST_OF(ical_availability, available, 5, ical_event_record, ICAL_EVENTS_MAX),
};
static RECORD_TYPE(availability_record, ical_availability, availability_fields);

static const struct record_field calendar_fields[] = {
    FIELD(ical_calendar, method, 1, RECORD_TEXT),
    FIELD(ical_calendar, prodid, 2, RECORD_TEXT),
    LIST_OF(ical_calendar, events, 3, ical_event_record, ICAL_EVENTS_MAX),
    FIELD(ical_calendar, skipped, 4, RECORD_U32),
    LIST_OF(ical_calendar, freebusy, 5, period_record, ICAL_EVENTS_MAX),
    LIST_OF(ical_calendar, availability, 6, availability_record, ICAL_EVENTS_MAX),
};
RECORD_TYPE(ical_calendar_record, ical_calendar, calendar_fields);
