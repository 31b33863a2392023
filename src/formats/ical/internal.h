#ifndef RENDEZ_FORMATS_ICAL_INTERNAL_H
#define RENDEZ_FORMATS_ICAL_INTERNAL_H

#include <libical/ical.h>

#include "formats/ical/ical.h"

/* One component as it stands in the text, from BEGIN to END. */
enum block_kind { BLOCK_EVENT, BLOCK_ZONE, BLOCK_FREEBUSY, BLOCK_AVAILABILITY, BLOCK_OTHER };
struct block {
    enum block_kind kind;
    struct slice text;
};
struct block_list {
    struct block *items;
    size_t count, capacity;
};

/* The outline of a text: its components and what stands directly in VCALENDAR. */
struct outline {
    struct block_list blocks;
    struct slice method, prodid; /* of the first VCALENDAR that has them */
    size_t calendar_end;         /* where the last END:VCALENDAR line begins, or the end */
    size_t events;
};
/* ST_INVALID  neither VCALENDAR nor VEVENT begins anywhere */
enum status outline_read(struct slice text, struct arena *arena, struct outline *out,
                         struct problem *why);

/* Takes one content line (unfolded, RFC 5545 section 3.1) from *rest into `line`;
 * false at the end. A line that does not fit is cut. */
bool content_line_next(struct slice *rest, struct buffer *line);
/* Whether a content line has this property name, and its value (after the first colon
 * outside quotes). */
bool content_line_is(struct slice line, const char *name);
struct slice content_line_value(struct slice line);

/* Runs the lines of one component through libical; nested components only where
 * `nested`. RRULE and EXRULE lines stay out of it and go to `event` as written
 * (libical refuses some that are valid). NULL for a damaged one. */
icalcomponent *block_parse(struct slice block, bool nested, struct arena *arena,
                           struct ical_event *event);

/* The known zone that behaves as this VTIMEZONE does; empty when none does. */
struct slice zone_of_vtimezone(icalcomponent *vtimezone);

/* Adds a VTIMEZONE made from tzdata that is right for [first, last] and after. */
icalcomponent *vtimezone_create(const struct zone *zone, int32_t first_year, int32_t last_year);

/* Zones in the order in which a VTIMEZONE with their offsets is taken for one of them. */
extern const char *const zones_preferred[];
extern const size_t zones_preferred_count;
struct zone_alias {
    const char *alias, *iana;
};
extern const struct zone_alias zone_aliases[];
extern const size_t zone_aliases_count;

#endif
