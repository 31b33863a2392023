#include "platform/monitor/monitor.h"

#include <stdlib.h>

#include "monitor_migrations.h"
#include "platform/sql/rows.h"

enum query {
#define QUERY(name, params, columns, text) QUERY_##name,
#include "platform/monitor/queries.def"
#undef QUERY
    QUERY_COUNT_
};
static const struct query_text queries[QUERY_COUNT_] = {
#define QUERY(name, params, columns, text) {#name, params, columns, text},
#include "platform/monitor/queries.def"
#undef QUERY
};
static const struct sql_schema schema = {queries, QUERY_COUNT_, monitor_migrations,
                                         sizeof monitor_migrations / sizeof *monitor_migrations};

enum { ROW_BYTES_MAX = 1 << 20, ROWS_BYTES_MAX = 32 << 20 };
static const int64_t hour_us = 3600 * INT64_C(1000000);

struct monitor {
    struct database db;
};

const char *const alert_state_names[ALERT_STATE_COUNT_] = {"open", "acknowledged", "escalated", "ended"};
const char *const delivery_what_names[TELL_COUNT_] = {"opened", "escalated", "many"};
static const char *const way_names[WAY_COUNT_] = {"mail", "webhook"};
static const char *const delivery_state_names[DELIVERY_STATE_COUNT_] = {"waiting", "done", "dropped"};

ROW_TYPE(alert_row, alert, TEXT(alert, id), TEXT(alert, kind), TEXT(alert, role), TEXT(alert, build),
         TEXT(alert, signature), TEXT(alert, words), WORD(alert, state, alert_state_names), NUMBER(alert, count),
         INSTANT(alert, first), INSTANT(alert, last), MOMENT(alert, acknowledged), MOMENT(alert, escalated),
         MOMENT(alert, ended));
ROW_TYPE(delivery_row, delivery, TEXT(delivery, id), TEXT(delivery, alert), WORD(delivery, way, way_names),
         WORD(delivery, what, delivery_what_names), WORD(delivery, state, delivery_state_names),
         NUMBER(delivery, attempts), INSTANT(delivery, due), INSTANT(delivery, created));

enum status monitor_open(const struct sql_driver *driver, const char *where, struct monitor **out,
                         struct problem *why)
{
    struct monitor *monitor = must_calloc(1, sizeof *monitor);
    enum status status = database_open(driver, &schema, where, &monitor->db, why);
    if (status == ST_OK)
        *out = monitor;
    else
        free(monitor);
    return status;
}

void monitor_destroy(struct monitor **monitor)
{
    if (*monitor == NULL)
        return;
    database_close(&(*monitor)->db);
    free(*monitor);
    *monitor = NULL;
}

/* Ends the transaction one way or the other. */
static enum status settle(struct monitor *monitor, enum status status, struct problem *why)
{
    if (status == ST_OK)
        status = database_commit(&monitor->db, why);
    if (status != ST_OK)
        database_rollback(&monitor->db);
    return status;
}

static enum status take_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

static enum status count_of(struct monitor *monitor, enum query query, struct instant since, uint32_t *out,
                            struct problem *why)
{
    return monitor->db.driver->run(monitor->db.sql, query, ARGS(arg_number(since.us)), take_number, out, why);
}

/* Telling */

static enum status add_delivery(struct monitor *monitor, const struct alert *alert, enum delivery_way way,
                                enum delivery_what what, struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1024);
    struct delivery delivery = {database_new_id("dl", arena), alert->id, way, what, DELIVERY_WAITING, 0, now, now};
    return rows_save(&monitor->db, QUERY_DELIVERY_ADD, &delivery_row, &delivery, why);
}

static enum status add_deliveries(struct monitor *monitor, const struct alert *alert, enum delivery_what what,
                                  struct ways ways, struct instant now, struct problem *why)
{
    if (ways.mail)
        TRY(add_delivery(monitor, alert, WAY_MAIL, what, now, why));
    if (ways.webhook)
        TRY(add_delivery(monitor, alert, WAY_WEBHOOK, what, now, why));
    return ST_OK;
}

/* How a new one is told: by itself, as one of many, or (TELL_COUNT_) not. */
static enum status choose(struct monitor *monitor, uint32_t hour_max, struct instant now,
                          enum delivery_what *out, struct problem *why)
{
    struct instant since = {now.us - hour_us};
    uint32_t fresh = 0, many = 0;
    TRY(count_of(monitor, QUERY_ALERT_COUNT_SINCE, since, &fresh, why));
    TRY(count_of(monitor, QUERY_DELIVERY_MANY, since, &many, why));
    *out = fresh < hour_max ? TELL_OPENED : many == 0 ? TELL_MANY : TELL_COUNT_;
    return ST_OK;
}

static enum status add_alert(struct monitor *monitor, const struct alert *heard, struct ways ways,
                             uint32_t hour_max, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1024);
    struct alert alert = *heard;
    enum delivery_what what;
    alert.id = database_new_id("al", arena);
    alert.state = ALERT_OPEN;
    alert.first = heard->last;
    alert.acknowledged = alert.escalated = alert.ended = (struct instant){0};
    TRY(choose(monitor, hour_max, heard->last, &what, why));
    TRY(rows_save(&monitor->db, QUERY_ALERT_ADD, &alert_row, &alert, why));
    return what == TELL_COUNT_ ? ST_OK : add_deliveries(monitor, &alert, what, ways, heard->last, why);
}

static enum status hear(struct monitor *monitor, const struct alert *heard, struct ways ways, uint32_t hour_max,
                        bool *fresh, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ROW_BYTES_MAX);
    struct alert known;
    const struct sql_value *group = ARGS(arg_text(heard->kind), arg_text(heard->role), arg_text(heard->build),
                                         arg_text(heard->signature));
    enum status status = rows_load(&monitor->db, QUERY_ALERT_FIND, group, &alert_row, arena, &known, "alert", why);
    *fresh = status == ST_NOT_FOUND;
    if (status == ST_NOT_FOUND)
        return add_alert(monitor, heard, ways, hour_max, why);
    TRY(status);
    return rows_run(&monitor->db, QUERY_ALERT_AGAIN,
                    ARGS(arg_text(known.id), arg_number(heard->count), arg_number(heard->last.us),
                         arg_text(heard->words)), why);
}

enum status monitor_hear(struct monitor *monitor, const struct alert *heard, struct ways ways, uint32_t hour_max,
                         bool *fresh, struct problem *why)
{
    TRY(database_begin(&monitor->db, why));
    return settle(monitor, hear(monitor, heard, ways, hour_max, fresh, why), why);
}

/* States */

/* "cause=full": up to the sign, and with it. */
static struct slice key_of(struct slice line)
{
    size_t at = slice_find(line, LIT("="), 0);
    return slice_sub(line, 0, at == SIZE_MAX ? line.len : at + 1);
}

/* Whether the alert says the same under the key of a word, or nothing. */
static bool agrees(struct slice words, struct slice wanted)
{
    struct slice line;
    while (slice_next_line(&words, &line))
        if (slice_equal(key_of(line), key_of(wanted)))
            return slice_equal(line, wanted);
    return true;
}

static bool fits(struct slice words, struct slice wanted)
{
    struct slice line;
    while (slice_next_line(&wanted, &line))
        if (!agrees(words, line))
            return false;
    return true;
}

static enum status end_kind(struct monitor *monitor, struct slice kind, struct slice words, struct instant now,
                            struct problem *why)
{
    AUTO_ARENA arena = arena_create(ROWS_BYTES_MAX);
    struct alert_list list = {0};
    TRY(monitor_list_kind(monitor, kind, arena, &list, why));
    for (size_t i = 0; i < list.count; i++)
        if (fits(list.items[i].words, words))
            TRY(rows_run(&monitor->db, QUERY_ALERT_END, ARGS(arg_text(list.items[i].id), arg_number(now.us)), why));
    return ST_OK;
}

enum status monitor_end_kind(struct monitor *monitor, struct slice kind, struct slice words, struct instant now,
                             struct problem *why)
{
    TRY(database_begin(&monitor->db, why));
    return settle(monitor, end_kind(monitor, kind, words, now, why), why);
}

/* A change that must meet the alert. */
static enum status change(struct monitor *monitor, enum query query, struct slice id, struct instant now,
                          struct problem *why)
{
    AUTO_ARENA arena = arena_create(ROW_BYTES_MAX);
    struct alert alert;
    size_t count = 0;
    TRY(monitor_load(monitor, id, arena, &alert, why));
    TRY(rows_run_counted(&monitor->db, query, ARGS(arg_text(id), arg_number(now.us)), &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_CONFLICT, "the alert is %s", alert_state_names[alert.state]);
}

enum status monitor_acknowledge(struct monitor *monitor, struct slice id, struct instant now, struct problem *why)
{
    return change(monitor, QUERY_ALERT_ACKNOWLEDGE, id, now, why);
}

enum status monitor_end(struct monitor *monitor, struct slice id, struct instant now, struct problem *why)
{
    return change(monitor, QUERY_ALERT_END, id, now, why);
}

static enum status escalate(struct monitor *monitor, struct instant before, struct slice but, struct ways ways,
                            struct instant now, size_t *out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(ROWS_BYTES_MAX);
    struct alert_list late = {0};
    size_t count;
    ROWS_LIST(&monitor->db, QUERY_ALERT_LATE, ARGS(arg_number(before.us), {SQL_TEXT, 0, but}), &alert_row, arena, &late, why);
    for (size_t i = 0; i < late.count; i++) {
        const struct alert *alert = &late.items[i];
        TRY(rows_run_counted(&monitor->db, QUERY_ALERT_ESCALATE, ARGS(arg_text(alert->id), arg_number(now.us)),
                             &count, why));
        TRY(add_deliveries(monitor, alert, TELL_ESCALATED, ways, now, why));
    }
    *out = late.count;
    return ST_OK;
}

enum status monitor_escalate(struct monitor *monitor, struct instant before, struct slice but, struct ways ways,
                             struct instant now, size_t *count, struct problem *why)
{
    TRY(database_begin(&monitor->db, why));
    return settle(monitor, escalate(monitor, before, but, ways, now, count, why), why);
}

enum status monitor_end_quiet(struct monitor *monitor, struct instant since, struct instant now,
                              struct problem *why)
{
    return rows_run(&monitor->db, QUERY_ALERT_QUIET, ARGS(arg_number(since.us), arg_number(now.us)), why);
}

enum status monitor_list(struct monitor *monitor, struct instant since, struct slice but, struct arena *arena,
                         struct alert_list *out, struct problem *why)
{
    ROWS_LIST(&monitor->db, QUERY_ALERT_LIST, ARGS(arg_number(since.us), {SQL_TEXT, 0, but}), &alert_row, arena, out,
              why);
    return ST_OK;
}

enum status monitor_list_kind(struct monitor *monitor, struct slice kind, struct arena *arena,
                              struct alert_list *out, struct problem *why)
{
    ROWS_LIST(&monitor->db, QUERY_ALERT_LIST_KIND, ARGS(arg_text(kind)), &alert_row, arena, out, why);
    return ST_OK;
}

enum status monitor_forget_kind(struct monitor *monitor, struct slice kind, struct instant before,
                                struct problem *why)
{
    return rows_run(&monitor->db, QUERY_ALERT_FORGET_KIND, ARGS(arg_text(kind), arg_number(before.us)), why);
}

enum status monitor_load(struct monitor *monitor, struct slice id, struct arena *arena, struct alert *out,
                         struct problem *why)
{
    return rows_load(&monitor->db, QUERY_ALERT_LOAD, ARGS(arg_text(id)), &alert_row, arena, out, "alert", why);
}

/* Deliveries */

enum status monitor_due(struct monitor *monitor, struct instant now, struct arena *arena,
                        struct delivery_list *out, struct problem *why)
{
    ROWS_LIST(&monitor->db, QUERY_DELIVERY_DUE, ARGS(arg_number(now.us)), &delivery_row, arena, out, why);
    return ST_OK;
}

enum status monitor_delivered(struct monitor *monitor, struct slice id, enum delivery_state state,
                              struct problem *why)
{
    return rows_run(&monitor->db, QUERY_DELIVERY_DONE,
                    ARGS(arg_text(id), arg_text(slice_from(delivery_state_names[state]))), why);
}

enum status monitor_try_later(struct monitor *monitor, struct slice id, struct instant due, struct problem *why)
{
    return rows_run(&monitor->db, QUERY_DELIVERY_LATER, ARGS(arg_text(id), arg_number(due.us)), why);
}

/* Samples */

static enum status save_samples(struct monitor *monitor, const struct sample_list *samples, struct problem *why)
{
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->items[i];
        TRY(rows_run(&monitor->db, QUERY_SAMPLE_SAVE,
                     ARGS({SQL_TEXT, 0, sample->name}, {SQL_TEXT, 0, sample->label}, arg_number(sample->hour),
                          arg_number(sample->value)), why));
    }
    return ST_OK;
}

enum status monitor_save_samples(struct monitor *monitor, const struct sample_list *samples, struct problem *why)
{
    TRY(database_begin(&monitor->db, why));
    return settle(monitor, save_samples(monitor, samples, why), why);
}

struct gathering {
    struct arena *arena;
    struct sample_list list;
};

static enum status take_sample(const struct sql_value *columns, void *context, struct problem *why)
{
    struct gathering *gathering = context;
    struct sample sample = {
        .name = arena_copy(gathering->arena, columns[0].bytes),
        .label = arena_copy(gathering->arena, columns[1].bytes),
        .hour = (uint32_t)columns[2].number,
        .value = columns[3].number,
    };
    (void)why;
    ARENA_PUSH(gathering->arena, &gathering->list, sample);
    return ST_OK;
}

enum status monitor_list_samples(struct monitor *monitor, uint32_t since, struct arena *arena,
                                 struct sample_list *out, struct problem *why)
{
    struct gathering gathering = {.arena = arena};
    TRY(monitor->db.driver->run(monitor->db.sql, QUERY_SAMPLE_LIST, ARGS(arg_number(since)), take_sample,
                                &gathering, why));
    *out = gathering.list;
    return ST_OK;
}

static enum status forget(struct monitor *monitor, struct instant before, struct problem *why)
{
    TRY(rows_run(&monitor->db, QUERY_DELIVERY_FORGET, ARGS(arg_number(before.us)), why));
    TRY(rows_run(&monitor->db, QUERY_ALERT_FORGET, ARGS(arg_number(before.us)), why));
    return rows_run(&monitor->db, QUERY_SAMPLE_FORGET, ARGS(arg_number(before.us / hour_us)), why);
}

enum status monitor_forget(struct monitor *monitor, struct instant before, struct problem *why)
{
    TRY(database_begin(&monitor->db, why));
    return settle(monitor, forget(monitor, before, why), why);
}
