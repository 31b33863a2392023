#ifndef RENDEZ_FORMATS_ICAL_H
#define RENDEZ_FORMATS_ICAL_H

#include "base/record/record.h"

/* iCalendar (RFC 5545), iTIP (RFC 5546) through libical, as plain structs. */

enum {
    ICAL_BYTES_MAX = 8 * 1024 * 1024,
    ICAL_EVENTS_MAX = 20000,
    ICAL_ATTENDEES_MAX = 500,
    ICAL_EXDATES_MAX = 5000,
    ICAL_ZONES_MAX = 256, /* different TZIDs in one text; more are read as floating */
};

/* What ical_parse may take from an arena for a text of `bytes`. */
static inline size_t ical_arena_bytes(size_t bytes)
{
    return bytes * 40 + 1024 * 1024;
}

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
    bool this_and_future;            /* RECURRENCE-ID;RANGE=THISANDFUTURE */
    struct slice rrule;              /* as written; empty without */
    struct slice_list rrules_more;   /* RFC 5545 says one at most; some write several */
    struct slice_list exrules;       /* RFC 2445 */
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

/* One period of a VFREEBUSY; FBTYPE=FREE is left out. */
struct ical_period {
    struct ical_time start, end;
    bool tentative;
};
struct ical_period_list {
    struct ical_period *items;
    size_t count, capacity;
};

/* Hours of a VAVAILABILITY (RFC 7953): in [start, end) only `available` is free; a
 * block of higher priority (1 before 9, 0 last) decides alone. */
struct ical_availability {
    struct ical_time start, end; /* ICAL_NO_TIME: without bound */
    bool tentative;              /* BUSYTYPE:BUSY-TENTATIVE */
    uint32_t priority;
    struct ical_event_list available; /* with start, end or duration, rrule, exdates, rdates */
};
struct ical_availability_list {
    struct ical_availability *items;
    size_t count, capacity;
};

struct ical_calendar {
    struct slice method; /* upper case; empty in a stored calendar */
    struct slice prodid;
    struct ical_event_list events;
    struct ical_period_list freebusy; /* of all VFREEBUSY components */
    struct ical_availability_list availability; /* read, not written */
    uint32_t skipped; /* components that could not be read */
};
extern const struct record_type ical_event_record, ical_calendar_record;

/* The instant of a time of day; a floating one is read as UTC. us 0 for no time and for a
 * whole day. */
struct instant ical_instant(const struct ical_time *time);

/* Before a sandbox: makes libical load what it loads lazily, and every time zone. */
void ical_init(void);

/* The IANA name that a TZID means without its VTIMEZONE: itself, a Windows name
 * ("Romance Standard Time"), a vendor's path or a display name; empty when unknown.
 * Lives as long as the process. */
struct slice ical_zone_name(struct slice tzid);

/* Reads one or more VCALENDARs (their events together). Damaged components are
 * skipped and counted; an event may lack UID or DTSTART.
 * ST_INVALID  no VCALENDAR in it
 * ST_LIMIT    too long, or too many events */
MUST_USE enum status ical_parse(struct slice text, struct arena *arena, struct ical_calendar *out,
                                struct problem *why);

/* The text to store or send: CRLF, folded at 75 bytes, VTIMEZONE for every zone used
 * (made from the system's tzdata), PRODID ours.
 *   dtstamp  DTSTAMP of every event
 * ST_INVALID  a recurrence rule that libical cannot write */
MUST_USE enum status ical_format(const struct ical_calendar *calendar, struct instant dtstamp,
                                 struct arena *arena, struct slice *text, struct problem *why);

/* The same calendar text with the component that has this UID (and no other byte)
 * replaced, added or taken away: people's alarms and private properties stay.
 *   event  a calendar with the one event to put; NULL removes
 * ST_INVALID    `text` is no calendar, or the UID is empty
 * ST_NOT_FOUND  nothing to remove */
MUST_USE enum status ical_splice(struct slice text, struct slice uid,
                                 const struct ical_calendar *event, struct instant dtstamp,
                                 struct arena *arena, struct slice *out, struct problem *why);

#endif
