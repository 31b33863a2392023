#ifndef RENDEZ_DOMAIN_SERIES_H
#define RENDEZ_DOMAIN_SERIES_H

#include "base/record/record.h"
#include "domain/calendar/calendar.h"

/* A meeting that comes again: weekly, fortnightly or monthly, as one event with an RRULE
 * (RFC 5545 section 3.8.5.3). A value without its times: those follow from the first
 * occurrence, in the organizer's zone, so that ten o'clock stays ten o'clock. */

enum series_freq { SERIES_NONE, SERIES_WEEKLY, SERIES_MONTHLY };
extern const char *const series_freq_names[3]; /* "", "weekly", "monthly" */

enum { SERIES_LAST = 5 }; /* nth: the last one of the month */

struct series {
    enum series_freq freq;
    uint32_t interval;   /* weeks or months from one to the next, from 1 */
    uint32_t days;       /* bit n: that weekday was said; 0: any */
    uint32_t nth;        /* MONTHLY: which of its weekday in the month; 0: as the first one */
    uint32_t monthday;   /* MONTHLY: on this day, 1 to 28, whatever weekday it is; 0: not so */
    uint32_t count;      /* occurrences; 0: not counted */
    int64_t until_day;   /* the last day that may be (days from 1970-01-01); 0: none said */
};
extern const struct record_type series_record;

enum {
    SERIES_INTERVAL_MAX = 12,
    SERIES_COUNT_MAX = 500,
    /* How far a series is compared with calendars: half a year, or so many occurrences. */
    SERIES_DAYS = 184,
    SERIES_CHECKED_MAX = 26,
};

static inline bool series_is(const struct series *series)
{
    return series->freq != SERIES_NONE;
}
static inline bool series_ends(const struct series *series)
{
    return series->count > 0 || series->until_day != 0;
}

/* Whether an occurrence may be on that day, going by what was said. */
bool series_allows(const struct series *series, struct civil_date date);

/* The value of RRULE for a series that begins at `first`, a reading in `zone`. UNTIL is in
 * UTC, as section 3.3.10 wants beside a DTSTART with TZID. */
struct slice series_rrule(const struct series *series, struct civil first, const struct zone *zone,
                          struct arena *arena);

/* Occurrences that begin before `until`, at most `most`; `first` is one of them. The length
 * is that of `first`. In order of time. */
struct interval_list series_spans(const struct series *series, struct interval first,
                                  const struct zone *zone, struct instant until, size_t most,
                                  struct arena *arena);

/* The first occurrence that ends after `now`; the last one when all are over. Of no series:
 * `first` itself, and so where that is not settled yet (us 0). */
struct interval series_next(const struct series *series, struct interval first,
                            const struct zone *zone, struct instant now);

/* When the last occurrence ends; INT64_MAX where none is the last. */
struct instant series_end(const struct series *series, struct interval first,
                          const struct zone *zone);

/* The same series without the occurrences that began before `now`: what is left of a
 * count when it moves. */
struct series series_rest(const struct series *series, struct interval first,
                          const struct zone *zone, struct instant now);

#endif
