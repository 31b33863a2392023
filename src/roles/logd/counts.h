#ifndef RENDEZ_ROLES_LOGD_COUNTS_H
#define RENDEZ_ROLES_LOGD_COUNTS_H

#include "platform/monitor/monitor.h"
#include "roles/messages/role.h"

/* What roles tell of themselves: the last values for /metrics, one of each hour in the database, and the
 * date at which something runs out. */
struct counts;

enum { COUNTS_STALE_MS = 60 * 1000 }; /* a role that said nothing for so long is not up */

/* Before role_enter: adds logd's own values (disk, memory of the machine). */
struct counts *counts_create(struct role *role);
void counts_destroy(struct counts **counts); /* accepts NULL */

/* Values that metrics.def does not have, or with a label that is none, are left out. */
void counts_take(struct counts *counts, struct slice role, const struct metrics_told *told, struct instant now);
/* How long ago the role told its values; -1: never. */
int64_t counts_age_ms(const struct counts *counts, struct slice role, struct instant now);
/* From time to time: samples, and an event for what runs out within CAPACITY_WARN_DAYS. */
enum { CAPACITY_WARN_DAYS = 14 };
MUST_USE enum status counts_tend(struct counts *counts, struct monitor *monitor, struct instant now,
                                 struct problem *why);

/* {"text": …}: OpenMetrics 1.0. */
MUST_USE enum status counts_text(struct counts *counts, struct instant now, struct arena *arena,
                                 struct slice *json);
/* For the page: roles, series of the last four weeks, forecasts. */
MUST_USE enum status counts_page(struct counts *counts, struct monitor *monitor, struct instant now,
                                 struct arena *arena, struct slice *json, struct problem *why);

#endif
