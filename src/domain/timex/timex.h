#ifndef RENDEZ_DOMAIN_TIMEX_H
#define RENDEZ_DOMAIN_TIMEX_H

#include "domain/people/people.h"

/* Dates, times, durations, recurrences and windows in French and English text.
 * A lexicon and rules per language (a folder each) give typed meanings; doubts are
 * results, never silent guesses. No I/O, no clock; work is bounded per text. */

enum { TIMEX_BODY_MAX = 64 * 1024, TIMEX_MAX = 200 };

enum timex_doubt {
    TIMEX_CLEAR,
    TIMEX_WHICH_WEEK,
    TIMEX_AM_PM,
    TIMEX_DAY_OR_MONTH,
    TIMEX_PAST,
    TIMEX_CONTRADICTION, /* weekday and date disagree, no such date, backwards range */
    TIMEX_OTHER,
};
extern const char *const timex_doubt_names[7]; /* "", "which_week", … */

enum timex_kind { TIMEX_INSTANT, TIMEX_INTERVAL, TIMEX_DURATION, TIMEX_SET };
extern const char *const timex_kind_names[4];
enum timex_grain {
    GRAIN_SECOND,
    GRAIN_MINUTE,
    GRAIN_HOUR,
    GRAIN_PART,
    GRAIN_DAY,
    GRAIN_WEEK,
    GRAIN_MONTH,
    GRAIN_QUARTER,
    GRAIN_YEAR,
};
extern const char *const timex_grain_names[9];
enum timex_open { TIMEX_BOUNDED, TIMEX_AFTER, TIMEX_BEFORE }; /* AFTER: no end */

struct timex {
    struct slice text;       /* borrowed from the body */
    uint32_t offset, length; /* of it, in bytes */
    enum timex_kind kind;
    enum timex_grain grain;
    struct civil start, end; /* half-open; for an instant, the span of its grain */
    enum timex_open open;
    int64_t duration_s, duration_months; /* DURATION */
    struct slice rrule;                  /* SET, RFC 5545 without the name */
    bool has_clock;                      /* a time of day was said */
    bool clock_only;                     /* only a time of day was said; the date is a guess */
    struct slice zone;                   /* IANA name said ("heure de Londres"); "writer" for "my
                                            time", "reader" for "15h chez vous"; else empty. start
                                            and end are readings in that zone */
    enum timex_doubt doubt;
    struct slice derivation; /* how it was read, with context.explain */
    bool exception;          /* SET: something is taken out of it */
    bool negated;            /* stands under "pas", "sauf", "except", … */
};
struct timex_list {
    struct timex *items;
    size_t count, capacity;
};
extern const struct record_type timex_record;

struct timex_context {
    struct civil ref;        /* writer's local time when it was written */
    enum language language;  /* UNKNOWN: both lexicons */
    bool month_first;        /* American order of numeric dates */
    bool explain;            /* fill timex.derivation */
    const struct zone *zone; /* the writer's; for zones said in the text; may be NULL */
};

/* Finds every expression, in order of appearance.
 * ST_INVALID  not UTF-8; why->offset is the first bad byte
 * ST_LIMIT    body too long; more than TIMEX_MAX expressions */
MUST_USE enum status timex_find(struct slice body, const struct timex_context *context,
                                struct arena *arena, struct timex_list *found, struct problem *why);

/* What a whole message allows: sentences, negation, exception, alternatives,
 * preference, correction, absence. Rules: corpora README-wishes. */
struct wishes {
    bool constrained; /* the text says something of time; else everything is allowed */
    struct civil_interval_list allowed, preferred; /* sorted; in the writer's zone */
    struct civil_interval_list excluded;           /* what the words rule out explicitly */
    bool hours_named;                              /* clock times or parts of day were said */
    enum timex_doubt doubt;
};
extern const struct record_type wishes_record;

/* Over [ref, ref + horizon_days). An excluded time never comes out as allowed.
 *   request  the writer asks for a meeting (else answers): a bare mention lists */
MUST_USE enum status timex_wishes(struct slice body, const struct timex_context *context,
                                  uint32_t horizon_days, bool request, struct arena *arena,
                                  struct wishes *out, struct problem *why);

/* FR or EN by its words; UNKNOWN for too little text. */
enum language timex_language(struct slice text);

#endif
