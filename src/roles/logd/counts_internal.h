#ifndef RENDEZ_ROLES_LOGD_COUNTS_INTERNAL_H
#define RENDEZ_ROLES_LOGD_COUNTS_INTERNAL_H

#include "domain/capacity/capacity.h"
#include "roles/logd/counts.h"

enum { ROLE_NAME_BYTES = 16, ROLES_MAX = 32, BASES_MAX = 64, LABEL_BYTES_MAX = 64 };
static const int64_t hour_us = 3600 * INT64_C(1000000);

/* What a role said last. */
struct role_counts {
    char name[ROLE_NAME_BYTES];
    struct instant at;
    struct arena *arena;
    struct metric_list metrics;
};

/* Of what only grows, how far it was when the hour began. */
struct base {
    struct slice key; /* name and label, as in a sample; in `text` */
    char text[160];
    uint32_t hour;
    int64_t value;
    struct histogram histogram;
};

struct counts {
    struct role *role;
    const char *disk; /* a path on it */
    int memory_fd;
    struct role_counts roles[ROLES_MAX];
    size_t role_count;
    struct base bases[BASES_MAX];
    size_t base_count;
    struct instant saved;
    uint32_t warned_hour;
    struct monitor *monitor; /* of the last tending; NULL before */
};

/* "role=planner", or "role=planner,status=2xx". */
struct slice counts_label(const struct role_counts *role, const struct metric *metric, struct arena *arena);
/* In its unit: seconds, bytes, or a number. */
double counts_value(enum metric_id id, int64_t value);
/* counts_text.c */
struct slice counts_open_metrics(const struct counts *counts, struct instant now, struct arena *arena);
/* forecasts.c */
struct forecast {
    struct slice name, label;
    double last, limit;
    struct capacity_forecast what;
};
struct forecast_list {
    struct forecast *items;
    size_t count, capacity;
};
MUST_USE enum status forecasts_make(const struct counts *counts, const struct sample_list *samples,
                                    struct arena *arena, struct forecast_list *out);

#endif
