#include "roles/messages/tell.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "platform/crash/crash.h"
#include "roles/messages/probe.h"
#include "roles/messages/told_queue.h"

enum {
    FIRST_MS = 50,        /* from an event to its word: alike ones of the same moment come in one */
    NEXT_MS = 1000,       /* between two words */
    MEASURE_MS = 5 * 1000,
    MEASURES_MAX = 4,
    DESCRIPTORS_MAX = 8192,
    ARENA_BYTES_MAX = 512 * 1024,
};

struct tell {
    struct role *role;
    struct loop_timer *flush_timer, *measure_timer;
    bool busy, waiting;
    struct monotonic flushed;
    int64_t errors, untold;
    struct instant since;
    int memory_fd;
    int descriptors_max;
    struct told_queue queue;
    struct {
        role_measure_fn *fn;
        void *context;
    } measures[MEASURES_MAX];
    size_t measure_count;
};

static void flush_soon(struct tell *tell)
{
    if (tell->waiting)
        return;
    tell->waiting = true;
    struct monotonic now = {clock_monotonic_ms()};
    int64_t since = now.ms - tell->flushed.ms;
    loop_timer_set(tell->flush_timer, monotonic_after(now, since < NEXT_MS ? NEXT_MS - since : FIRST_MS));
}

static void take_event(void *context, enum event event, const struct event_field *fields, size_t count)
{
    struct tell *tell = context;
    /* Why a role ends goes with its last word to the parent, who tells it together with the end. */
    if (tell->busy || event == EVENT_ROLE_FAILED)
        return;
    tell->busy = true;
    if (event_mark(event) == EVENT_TOLD)
        tell->errors++;
    if (told_queue_add(&tell->queue, event, fields, count, clock_now()))
        flush_soon(tell);
    else
        tell->untold++;
    tell->busy = false;
}

static enum status send(struct tell *tell, const struct told_waiting *waiting)
{
    struct event_told told = {
        .event = slice_from(event_name(waiting->event)),
        .build = slice_from(crash_build()),
        .at = waiting->at,
        .count = waiting->count,
        .words = waiting->words,
    };
    return role_tell(tell->role, MESSAGE_EVENT, &told);
}

/* While logd is away each stays in the queue. */
static void flush(struct tell *tell)
{
    struct told_waiting *first;
    bool sent = true;
    tell->busy = true;
    while (sent && (first = told_queue_first(&tell->queue)) != NULL) {
        sent = send(tell, first) == ST_OK;
        if (sent)
            told_queue_drop(first);
    }
    tell->busy = false;
    tell->flushed = (struct monotonic){clock_monotonic_ms()};
    tell->waiting = false;
    if (!sent)
        flush_soon(tell);
}

static void flush_due(void *context, const struct moment *at)
{
    (void)at;
    flush(context);
}

/* Pages: the second number of the file that was opened before the sandbox. */
static int64_t resident_bytes(const struct tell *tell)
{
    char text[128];
    ssize_t got = lseek(tell->memory_fd, 0, SEEK_SET) == 0 ? read(tell->memory_fd, text, sizeof text - 1) : -1;
    if (got <= 0)
        return 0;
    text[got] = '\0';
    char *end;
    strtoll(text, &end, 10);
    return strtoll(end, NULL, 10) * sysconf(_SC_PAGESIZE);
}

static int64_t count_descriptors(const struct tell *tell)
{
    int64_t count = 0;
    for (int fd = 0; fd < tell->descriptors_max; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void measure_base(struct tell *tell, struct metric_list *list, struct arena *arena)
{
    struct ipc_counts counts = role_counts(tell->role);
    const struct {
        enum metric_id id;
        int64_t value;
    } rows[] = {
        {METRIC_STARTED, tell->since.us},
        {METRIC_CPU, clock_cpu_us()},
        {METRIC_MEMORY, resident_bytes(tell)},
        {METRIC_DESCRIPTORS, count_descriptors(tell)},
        {METRIC_DESCRIPTORS_MAX, tell->descriptors_max},
        {METRIC_LAG, loop_lag_ms(role_loop(tell->role)) * 1000},
        {METRIC_MESSAGES_IN, (int64_t)counts.in},
        {METRIC_MESSAGES_OUT, (int64_t)counts.out},
        {METRIC_WAITING, (int64_t)counts.waiting_bytes},
        {METRIC_ERRORS, tell->errors},
        {METRIC_UNTOLD, tell->untold},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        metric_add(list, arena, rows[i].id, "", rows[i].value);
}

/* One that logd does not get is no loss: the next one says it all again. */
static void measure(void *context, const struct moment *at)
{
    struct tell *tell = context;
    AUTO_ARENA arena = arena_create(ARENA_BYTES_MAX);
    struct metrics_told told = {.at = at->now};
    measure_base(tell, &told.metrics, arena);
    for (size_t i = 0; i < tell->measure_count; i++)
        tell->measures[i].fn(tell->measures[i].context, &told.metrics, arena);
    (void)!role_tell(tell->role, MESSAGE_METRICS, &told);
    loop_timer_after(tell->measure_timer, MEASURE_MS);
}

static int descriptors_max(void)
{
    struct rlimit most;
    if (getrlimit(RLIMIT_NOFILE, &most) != 0 || most.rlim_cur > DESCRIPTORS_MAX)
        return DESCRIPTORS_MAX;
    return (int)most.rlim_cur;
}

/* "made_up_error", of an id: an error like any other, of this role, but for the word that it is none. */
static enum status probe_error(struct probe *probe, void *context, struct problem *why)
{
    (void)context, (void)why;
    event_log(EVENT_EXERCISE, field_text(KEY_EXERCISE, arena_text(probe_arena(probe), probe_argument(probe))));
    return probe_holds(probe);
}

struct tell *tell_open(struct role *role)
{
    struct tell *tell = must_calloc(1, sizeof *tell);
    tell->role = role;
    tell->since = clock_now();
    tell->flushed = (struct monotonic){clock_monotonic_ms() - NEXT_MS};
    tell->flush_timer = loop_timer_create(role_loop(role), flush_due, tell);
    tell->measure_timer = loop_timer_create(role_loop(role), measure, tell);
    tell->memory_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    role_on_probe(role, "made_up_error", probe_error, NULL);
    event_log_sink(take_event, tell);
    return tell;
}

void tell_enter(struct tell *tell)
{
    tell->descriptors_max = descriptors_max();
}

void tell_begin(struct tell *tell)
{
    loop_timer_after(tell->measure_timer, FIRST_MS);
}

void tell_on_measure(struct tell *tell, role_measure_fn *fn, void *context)
{
    assert(tell->measure_count < MEASURES_MAX);
    tell->measures[tell->measure_count].fn = fn;
    tell->measures[tell->measure_count++].context = context;
}

void tell_close(struct tell **out)
{
    struct tell *tell = *out;
    if (tell == NULL)
        return;
    event_log_sink(NULL, NULL);
    flush(tell);
    told_queue_clear(&tell->queue);
    loop_timer_destroy(&tell->flush_timer);
    loop_timer_destroy(&tell->measure_timer);
    fd_close(&tell->memory_fd);
    free(tell);
    *out = NULL;
}
