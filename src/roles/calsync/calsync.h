#ifndef RENDEZ_ROLES_CALSYNC_H
#define RENDEZ_ROLES_CALSYNC_H

#include "platform/net/net.h"
#include "roles/messages/messages.h"

/* People's calendars, where they are: an .ics file of this machine, an ICS address (read
 * only), or CalDAV (RFC 4791): the address of a calendar, of a principal or of a server.
 * Used by the role of the same name and by `rendez calendar check`. */
struct calsync;

/* What one read or write may take from an arena. */
enum { CALSYNC_ARENA_BYTES = 1024 * 1024 * 1024 };

MUST_USE enum status calsync_create(const struct net_options *options, struct calsync **out,
                                    struct problem *why);
void calsync_destroy(struct calsync **calsync);

/* The events that may take place in the window: of all calendars of the account, series
 * with their exceptions, reduced to what says when their owner is busy (of the attendees
 * only the owner; no description). Servers are asked for changes only, while the window
 * lies in one that was read before.
 * ST_NOT_FOUND    no such file, no calendar there
 * ST_DENIED       user or password wrong; the address is not trusted
 * ST_INVALID      it is no calendar
 * ST_LIMIT        more than ICAL_BYTES_MAX or ICAL_EVENTS_MAX
 * ST_UNAVAILABLE  try later */
MUST_USE enum status calsync_read(struct calsync *calsync, const struct calendar_place *place,
                                  struct interval window, struct arena *arena,
                                  struct ical_calendar *out, struct problem *why);

/* Puts the event (a second time: replaces it; alarms and private properties that people
 * added elsewhere in the resource stay) or takes it away (gone already: ST_OK). On a
 * server only over the version that was read (If-Match); read again when somebody was
 * faster.
 * ST_CONFLICT  somebody was faster three times
 * ST_DENIED    the calendar may be read only */
MUST_USE enum status calsync_write(struct calsync *calsync, const struct calendar_write *write,
                                   struct arena *arena, struct problem *why);

#endif
