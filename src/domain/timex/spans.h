#ifndef RENDEZ_DOMAIN_TIMEX_SPANS_H
#define RENDEZ_DOMAIN_TIMEX_SPANS_H

#include "domain/timex/timex.h"

/* Sets of civil time: sorted, disjoint, half-open intervals in seconds of the wall clock
 * (seconds since 1970-01-01T00:00, as if it were UTC). Sets are never changed in place. */
struct span {
    int64_t a, b;
};
struct span_set {
    struct span *items;
    size_t count, capacity;
};

struct span_set spans_one(int64_t a, int64_t b, struct arena *arena);
struct span_set spans_union(struct span_set x, struct span_set y, struct arena *arena);
struct span_set spans_cut(struct span_set x, struct span_set y, struct arena *arena);  /* both */
struct span_set spans_less(struct span_set x, struct span_set y, struct arena *arena); /* x - y */
/* Whether all of x lies in y. */
bool spans_within(struct span_set x, struct span_set y);
/* Adds [a, b), which begins no earlier than the last one. */
void spans_append(struct span_set *set, int64_t a, int64_t b, struct arena *arena);
/* Every day that `days` touches, from t0 to t1 seconds of that day. */
struct span_set spans_daily(struct span_set days, int32_t t0, int32_t t1, struct arena *arena);
/* The days of `days` that are of one weekday. */
struct span_set spans_weekday(struct span_set days, int wd, struct arena *arena);

#endif
