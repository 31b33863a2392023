#ifndef RENDEZ_FORMATS_MEASURES_H
#define RENDEZ_FORMATS_MEASURES_H

#include "base/datetime/datetime.h"

/* What a probe outside saw of a service, as it reports it; a line each, in order of time:
 *
 *     rendez-probe 1
 *     1795634400123 up 18
 *     1795634410125 down 5000
 *     1795634420131 unknown 0
 *
 * milliseconds since 1970 of the beginning of a look, what it saw (unknown: the probe's own network was away), how many
 * milliseconds it took. The report is signed around this (platform/ledger). */
enum measure_seen { MEASURE_UNKNOWN, MEASURE_UP, MEASURE_DOWN, MEASURE_SEEN_COUNT_ };
extern const char *const measure_seen_names[MEASURE_SEEN_COUNT_];

struct measure {
    struct instant at;
    enum measure_seen seen;
    uint32_t took_ms;
};
enum {
    MEASURES_MAX = 1000,           /* of one report */
    MEASURES_BYTES_MAX = 40 * 1024,
    MEASURE_TOOK_MS_MAX = 600 * 1000,
};
struct measure_list {
    struct measure *items;
    size_t count, capacity;
};

/* ST_INVALID: none, or one that goes back in time; why->offset is where. ST_LIMIT: too long. */
MUST_USE enum status measures_parse(struct slice text, struct arena *arena, struct measure_list *out, struct problem *why);
/* One line of it, without the first one. ST_INVALID: none. */
MUST_USE enum status measure_parse_line(struct slice line, struct measure *out, struct problem *why);

void measures_format_head(struct buffer *out);
void measure_format(const struct measure *measure, struct buffer *out);

#endif
