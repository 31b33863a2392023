#ifndef RENDEZ_ROLES_LOGD_WATCH_H
#define RENDEZ_ROLES_LOGD_WATCH_H

#include "formats/json/json.h"
#include "platform/sandbox/sandbox.h"
#include "roles/messages/desk.h"
#include "roles/messages/role.h"

/* The other half of logd: alerts, and the metrics of all roles. It has its own database beside the log, and
 * goes on when the log does not. */
struct watch;

/* A question of the desk that is about the log itself: "log.…". It ends the caller. */
typedef void watch_log_fn(void *context, struct desk_caller *caller, const json_t *question, const struct moment *at);

/* Before role_enter: takes MESSAGE_EVENT, MESSAGE_METRICS and MESSAGE_SENT, what the parent tells, and the desk. */
MUST_USE enum status watch_create(struct role *role, watch_log_fn *on_log, void *context, struct watch **out,
                                  struct problem *why);
/* In the sandbox: opens log/logd.db, now or as soon as it can. */
void watch_begin(struct watch *watch);
void watch_destroy(struct watch **watch); /* accepts NULL */

/* A command of the pages by somebody who may (admit.h), but for those about the log itself. As watch_answer. */
MUST_USE enum status watch_command(struct watch *watch, const struct command *command, const struct moment *at,
                                   struct arena *arena, struct slice *json, struct problem *why);

/* For its probes. NULL: not open yet. */
struct monitor *watch_monitor(const struct watch *watch);
const struct counts *watch_counts(const struct watch *watch);
int64_t watch_age_ms(const struct watch *watch, struct instant now); /* since it began */
uint32_t watch_pace(const struct watch *watch);                      /* trust.pace */
bool watch_expects(const struct watch *watch, enum role_id role);    /* the settings want it to run */

/* Questions of the desk and of the pages, {"ask": "alert.list"} and so on; the answer in the arena.
 *   alert.list {}, alert.acknowledge {id}, alert.end {id}, metrics.text {}, metrics.page {}
 * ST_NOT_FOUND: no such question, or alert */
MUST_USE enum status watch_answer(struct watch *watch, struct slice ask, struct slice id, const struct moment *at,
                                  struct arena *arena, struct slice *json, struct problem *why);

#endif
