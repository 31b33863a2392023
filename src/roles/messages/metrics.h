#ifndef RENDEZ_ROLES_METRICS_H
#define RENDEZ_ROLES_METRICS_H

#include "roles/messages/told.h"

/* The values of metrics.def: how a role counts and tells them. */

enum metric_id {
#define METRIC(symbol, name, kind, unit, sentence) METRIC_##symbol,
#include "roles/messages/metrics.def"
#undef METRIC
    METRIC_COUNT_
};
enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };
enum metric_unit { METRIC_ONE, METRIC_BYTES, METRIC_SECONDS };
struct metric_row {
    const char *name;
    enum metric_kind kind;
    enum metric_unit unit;
    const char *sentence;
};
extern const struct metric_row metric_rows[METRIC_COUNT_];
/* METRIC_COUNT_ for a name that is none. */
enum metric_id metric_from_name(struct slice name);

/* Times, counted by how long they are. */
enum { HISTOGRAM_BUCKETS = 15 };
extern const int64_t histogram_bounds_us[HISTOGRAM_BUCKETS - 1]; /* the last bucket has none */
struct histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS];
    int64_t sum_us;
};
void histogram_add(struct histogram *histogram, int64_t us);

/* label: "status=2xx", or "" */
void metric_add(struct metric_list *list, struct arena *arena, enum metric_id id, const char *label,
                int64_t value);
void metric_add_histogram(struct metric_list *list, struct arena *arena, enum metric_id id,
                          const struct histogram *histogram);
/* ST_INVALID: it has not as many buckets as we know. */
MUST_USE enum status metric_histogram(const struct metric *metric, struct histogram *out);

#endif
