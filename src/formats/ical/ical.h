#ifndef RENDEZ_FORMATS_ICAL_H
#define RENDEZ_FORMATS_ICAL_H

#include "base/record/record.h"

/* iCalendar (RFC 5545), iTIP (RFC 5546) through libical, as plain structs. */

enum {
    ICAL_BYTES_MAX = 8 * 1024 * 1024,
    ICAL_EVENTS_MAX = 20000,
    ICAL_ATTENDEES_MAX = 500,
    ICAL_EXDATES_MAX = 5000,
};

enum ical_time_kind {
    ICAL_NO_TIME,
    ICAL_DATE,     /* a whole day; the clock is zero */
    ICAL_FLOATING, /* no zone: read in the calendar owner's */
    ICAL_UTC,
    ICAL_ZONED,    /* `zone` is an IANA name (Windows names and VTIMEZONEs are mapped) */
};
struct ical_time {
    enum ical_time_kind kind;
    struct civil wall;
    struct slice zone;
};
struct ical_time_list {
    struct ical_time *items;
    size_t count, capacity;
};

enum ical_partstat {
    PARTSTAT_NEEDS_ACTION,
    PARTSTAT_ACCEPTED,
    PARTSTAT_DECLINED,
    PARTSTAT_TENTATIVE,
    PARTSTAT_DELEGATED,
};
struct ical_attendee {
    struct slice address, name;
    enum ical_partstat partstat;
    bool optional; /* ROLE=OPT-PARTICIPANT */
    bool rsvp;
};
struct ical_attendee_list {
    struct ical_attendee *items;
    size_t count, capacity;
};

struct ical_event {
    struct slice uid;
    uint32_t sequence;
    struct ical_time start, end;     /* end is exclusive; ICAL_NO_TIME when absent */
    int64_t duration_s;              /* where DURATION is given instead, else 0 */
    struct ical_time recurrence_id;  /* of an exception to a series */
    struct slice rrule;              /* as written; empty without */
    struct ical_time_list exdates, rdates;
    struct slice summary, location, description;
    bool transparent, cancelled, tentative;
    struct slice busy_status;        /* X-MICROSOFT-CDO-BUSYSTATUS, upper case */
    struct slice organizer, organizer_name; /* address without mailto: */
    struct ical_attendee_list attendees;
    struct slice comment;
};
struct ical_event_list {
    struct ical_event *items;
    size_t count, capacity;
};

struct ical_calendar {
    struct slice method; /* upper case; empty in a stored calendar */
    struct slice prodid;
    struct ical_event_list events;
    uint32_t skipped; /* components that could not be read */
};
extern const struct record_type ical_event_record, ical_calendar_record;

/* Before a sandbox: makes libical load what it loads lazily. */
void ical_init(void);

/* Reads one or more VCALENDARs (their events together). Damaged components are
 * skipped and counted.
 * ST_INVALID  no VCALENDAR in it
 * ST_LIMIT    too long, or too many events */
MUST_USE enum status ical_parse(struct slice text, struct arena *arena, struct ical_calendar *out,
                                struct problem *why);

/* The text to store or send: CRLF, folded at 75 bytes, VTIMEZONE for every zone used
 * (made from the system's tzdata), PRODID ours.
 *   dtstamp  DTSTAMP of every event */
MUST_USE enum status ical_format(const struct ical_calendar *calendar, struct instant dtstamp,
                                 struct arena *arena, struct slice *text, struct problem *why);

#endif
