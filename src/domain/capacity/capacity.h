#ifndef RENDEZ_DOMAIN_CAPACITY_H
#define RENDEZ_DOMAIN_CAPACITY_H

#include "base/bytes/bytes.h"

/* When does something run out? From hourly values, without a clock.
 *
 * First sudden steps are taken out (somebody deleted files, or added a disk): what was before is brought to
 * the level of what came after. The slope is the median of slopes between pairs (Theil and Sen), which a
 * third of wild values does not move; where there are two weeks or more, only of pairs that are whole weeks
 * apart, so that quiet weekends do not count as a trend (Hirsch and Slack's seasonal slope). */

struct capacity_point {
    int64_t hour;
    double value;
};
enum {
    CAPACITY_HOURS = 28 * 24,    /* so far back it looks */
    CAPACITY_POINTS_MIN = 48,    /* with fewer it says nothing */
    CAPACITY_FAR_HOURS = 10 * 365 * 24, /* later than this is never */
};
struct capacity_limit {
    double value; /* at which it has run out */
    bool above;   /* it grows until then; else it gets less */
};
struct capacity_forecast {
    bool runs_out;
    int64_t hours_left;   /* from the last point; 0: it has */
    double slope;         /* an hour */
    double level;         /* now, without noise and waves */
};

/* points in order of their hours, at most one an hour; those before the last CAPACITY_HOURS are left out.
 * ST_NOT_FOUND  too few points */
MUST_USE enum status capacity_forecast(const struct capacity_point *points, size_t count,
                                       struct capacity_limit limit, struct arena *arena,
                                       struct capacity_forecast *out);

#endif
