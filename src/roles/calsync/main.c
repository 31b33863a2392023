/* calsync: reads and writes people's calendars for the planner. One question at a time:
 * a calendar that does not answer delays the others by its timeout, nobody else. */
#include "roles/calsync/calsync.h"
#include "roles/messages/mains.h"

enum {
    CONNECT_MS = 5000,
    ANSWER_MS = 15000,
    MEMORY_BYTES_MAX = CALSYNC_ARENA_BYTES + (512 << 20), /* and messages, answers, libcurl */
};

static void log_access(enum event done, struct slice person, size_t count, enum status status,
                       const struct problem *why)
{
    if (status == ST_OK)
        event_log(done, field_id(KEY_PERSON, person), field_number(KEY_COUNT, (int64_t)count));
    else
        event_log(EVENT_CALENDAR_FAILED, field_id(KEY_PERSON, person), field_problem(why));
}

/* A planner that is gone asks again when it is back; a write done twice is the same. */
static void answer(const struct ipc_message *question, enum message kind, const void *object)
{
    struct problem why;
    if (ipc_answer(question, (uint16_t)kind, object, &why) != ST_OK)
        event_log(EVENT_CALENDAR_FAILED, field_problem(&why));
}

static struct histogram answers; /* one loop a process */

static void measure(void *context, struct metric_list *list, struct arena *arena)
{
    metric_add_histogram(list, arena, METRIC_CALENDARS, context);
}

/* What is asked of a calendar takes the whole turn. */
static void count_since(const struct moment *at)
{
    histogram_add(&answers, (clock_monotonic_ms() - at->clock.ms) * 1000);
}

static void receive_read(void *context, const struct ipc_message *message, const struct moment *at)
{
    const struct calendar_read *read = message->object;
    AUTO_ARENA arena = arena_create_wiped(CALSYNC_ARENA_BYTES);
    struct calendar_events events = {0};
    struct problem why = {0};
    struct interval window = {read->start, read->end};
    events.status = calsync_read(context, &read->place, window, arena, &events.calendar, &why);
    events.problem = slice_from(why.detail);
    log_access(EVENT_CALENDAR_READ, read->place.person, events.calendar.events.count, events.status,
               &why);
    count_since(at);
    answer(message, MESSAGE_CALENDAR_EVENTS, &events);
}

static void receive_write(void *context, const struct ipc_message *message, const struct moment *at)
{
    const struct calendar_write *write = message->object;
    AUTO_ARENA arena = arena_create_wiped(CALSYNC_ARENA_BYTES);
    struct calendar_written written = {0};
    struct problem why = {0};
    written.status = calsync_write(context, write, arena, &why);
    written.problem = slice_from(why.detail);
    log_access(EVENT_CALENDAR_WRITTEN, write->place.person, 1, written.status, &why);
    count_since(at);
    answer(message, MESSAGE_CALENDAR_WRITTEN, &written);
}

enum status calsync_main(struct role *role, struct problem *why)
{
    struct calsync *calsync = NULL;
    struct net_options options = {.connect_ms = CONNECT_MS, .total_ms = ANSWER_MS};
    struct sandbox_rules rules = {
        .paths = {{arena_text(role_arena(role), role_config(role)->folders.calendars),
                   SANDBOX_WRITE}},
        .memory_bytes_max = MEMORY_BYTES_MAX,
    };
    TRY(calsync_create(&options, &calsync, why));
    role_handle(role, MESSAGE_CALENDAR_READ, receive_read, calsync);
    role_handle(role, MESSAGE_CALENDAR_WRITE, receive_write, calsync);
    role_on_measure(role, measure, &answers);
    enum status status = role_enter(role, &rules, why);
    if (status == ST_OK)
        status = role_run(role, why);
    calsync_destroy(&calsync);
    return status;
}
