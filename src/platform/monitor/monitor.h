#ifndef RENDEZ_PLATFORM_MONITOR_H
#define RENDEZ_PLATFORM_MONITOR_H

#include "platform/sql/sql.h"

/* logd's own database: alerts, what is still to be told of them, samples of metrics. */

struct monitor;
/* As database_open. */
MUST_USE enum status monitor_open(const struct sql_driver *driver, const char *where, struct monitor **out,
                                  struct problem *why);
void monitor_destroy(struct monitor **monitor); /* accepts NULL */

/* Alerts */

enum alert_state { ALERT_OPEN, ALERT_ACKNOWLEDGED, ALERT_ESCALATED, ALERT_ENDED, ALERT_STATE_COUNT_ };
extern const char *const alert_state_names[ALERT_STATE_COUNT_];
struct alert {
    struct slice id;
    struct slice kind, role, build, signature; /* the group: one that is not ended for each */
    struct slice words;                        /* of the last event, one a line: "cause=SIGSEGV" */
    enum alert_state state;
    uint32_t count;
    struct instant first, last;
    struct instant acknowledged, escalated, ended; /* us 0: not */
};
struct alert_list {
    struct alert *items;
    size_t count, capacity;
};

enum delivery_way { WAY_MAIL, WAY_WEBHOOK, WAY_COUNT_ };
enum delivery_what {
    TELL_OPENED,
    TELL_ESCALATED,
    TELL_MANY, /* so many new ones in an hour that they are not told one by one */
    TELL_COUNT_,
};
enum delivery_state { DELIVERY_WAITING, DELIVERY_DONE, DELIVERY_DROPPED, DELIVERY_STATE_COUNT_ };
extern const char *const delivery_what_names[TELL_COUNT_];
struct delivery {
    struct slice id, alert;
    enum delivery_way way;
    enum delivery_what what;
    enum delivery_state state;
    uint32_t attempts;
    struct instant due, created;
};
struct delivery_list {
    struct delivery *items;
    size_t count, capacity;
};
/* Which ways there are. */
struct ways {
    bool mail, webhook;
};

/* One more of its group, or the first of a new alert, which is then to be told in each of the ways; all in
 * one transaction. After `hour_max` new ones in an hour, the next is told as TELL_MANY, others not at all.
 *   heard   kind, role, build, signature, words, count, last
 *   *fresh  whether it is a new alert */
MUST_USE enum status monitor_hear(struct monitor *monitor, const struct alert *heard, struct ways ways,
                                  uint32_t hour_max, bool *fresh, struct problem *why);
/* Alerts of this kind are over, but for those that have another value under a key of these words. */
MUST_USE enum status monitor_end_kind(struct monitor *monitor, struct slice kind, struct slice words,
                                      struct instant now, struct problem *why);
/* By a person. ST_NOT_FOUND: no such alert; ST_CONFLICT: it has that state, or is ended */
MUST_USE enum status monitor_acknowledge(struct monitor *monitor, struct slice id, struct instant now,
                                         struct problem *why);
MUST_USE enum status monitor_end(struct monitor *monitor, struct slice id, struct instant now,
                                 struct problem *why);
/* Open ones that began before then become escalated, and are to be told as such, but for the kind `but`. *count:
 * how many */
MUST_USE enum status monitor_escalate(struct monitor *monitor, struct instant before, struct slice but,
                                      struct ways ways, struct instant now, size_t *count, struct problem *why);
/* Those that did not come again since then are ended. */
MUST_USE enum status monitor_end_quiet(struct monitor *monitor, struct instant since, struct instant now,
                                       struct problem *why);
/* The newest first, at most 500: those that are not ended, or ended since then; none of the kind `but`. */
MUST_USE enum status monitor_list(struct monitor *monitor, struct instant since, struct slice but,
                                  struct arena *arena, struct alert_list *out, struct problem *why);
/* Those of one kind that are not ended. */
MUST_USE enum status monitor_list_kind(struct monitor *monitor, struct slice kind, struct arena *arena,
                                       struct alert_list *out, struct problem *why);
/* Alerts of a kind of which nobody was told, that did not come since then, are taken out. */
MUST_USE enum status monitor_forget_kind(struct monitor *monitor, struct slice kind, struct instant before,
                                         struct problem *why);
MUST_USE enum status monitor_load(struct monitor *monitor, struct slice id, struct arena *arena,
                                  struct alert *out, struct problem *why);

/* Deliveries */

MUST_USE enum status monitor_due(struct monitor *monitor, struct instant now, struct arena *arena,
                                 struct delivery_list *out, struct problem *why);
MUST_USE enum status monitor_delivered(struct monitor *monitor, struct slice id, enum delivery_state state,
                                       struct problem *why);
MUST_USE enum status monitor_try_later(struct monitor *monitor, struct slice id, struct instant due,
                                       struct problem *why);

/* Samples */

struct sample {
    struct slice name, label;
    uint32_t hour; /* hours since 1970 */
    int64_t value;
};
struct sample_list {
    struct sample *items;
    size_t count, capacity;
};
/* All in one transaction. */
MUST_USE enum status monitor_save_samples(struct monitor *monitor, const struct sample_list *samples,
                                          struct problem *why);
/* By name, label, hour. */
MUST_USE enum status monitor_list_samples(struct monitor *monitor, uint32_t since, struct arena *arena,
                                          struct sample_list *out, struct problem *why);

/* Ended alerts, and samples, from before then are forgotten. */
MUST_USE enum status monitor_forget(struct monitor *monitor, struct instant before, struct problem *why);

#endif
