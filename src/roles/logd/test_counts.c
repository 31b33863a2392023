/* What /metrics says, and what is kept of it; the text itself is checked by tests/lib/openmetrics.py too. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "roles/logd/counts_internal.h"

enum { ARENA_MAX = 64 << 20 };
static const struct instant noon = {1795651200 * INT64_C(1000000)};

static void tell(struct counts *counts, const char *role, struct metric_list *list, struct instant at)
{
    struct metrics_told told = {.at = at, .metrics = *list};
    counts_take(counts, slice_from(role), &told, at);
    *list = (struct metric_list){0};
}

static void forget(struct counts *counts)
{
    for (size_t i = 0; i < counts->role_count; i++)
        arena_destroy(&counts->roles[i].arena);
}

static void values_become_lines(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    static struct counts counts;
    struct metric_list list = {0};
    struct histogram times = {0};
    histogram_add(&times, 4000);
    histogram_add(&times, 90 * INT64_C(1000000));
    metric_add(&list, arena, METRIC_CPU, "", 1500000);
    metric_add(&list, arena, METRIC_REQUESTS, "status=2xx", 7);
    metric_add(&list, arena, METRIC_REQUESTS, "status=2xx", 8); /* twice: the first stays */
    metric_add_histogram(&list, arena, METRIC_REQUEST_TIME, &times);
    tell(&counts, "api", &list, noon);
    metric_add(&list, arena, METRIC_MEMORY, "", 4096);
    tell(&counts, "reader", &list, (struct instant){noon.us - 61 * INT64_C(1000000)});
    struct slice text = counts_open_metrics(&counts, noon, arena);
    static const char *const lines[] = {
        "# TYPE rendez_role_cpu_seconds counter\n# UNIT rendez_role_cpu_seconds seconds\n# HELP ",
        "\nrendez_role_cpu_seconds_total{role=\"api\"} 1.500000\n",
        "\nrendez_api_requests_total{role=\"api\",status=\"2xx\"} 7\n",
        "\nrendez_api_request_seconds_bucket{role=\"api\",le=\"0.005\"} 1\n",
        "\nrendez_api_request_seconds_bucket{role=\"api\",le=\"60\"} 1\n",
        "\nrendez_api_request_seconds_bucket{role=\"api\",le=\"+Inf\"} 2\n",
        "\nrendez_api_request_seconds_count{role=\"api\"} 2\n",
        "\nrendez_api_request_seconds_sum{role=\"api\"} 90.004000\n",
        "\nrendez_role_up{role=\"api\"} 1\nrendez_role_up{role=\"reader\"} 0\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        check_row(lines[i]);
        CHECK(slice_contains(text, slice_from(lines[i])));
    }
    CHECK(slice_ends(text, LIT("\n# EOF\n")));
    CHECK(!slice_contains(text, LIT("requests_total{role=\"api\",status=\"2xx\"} 8")));
    CHECK(!slice_contains(text, LIT("rendez_role_memory_bytes{role=\"reader\"}"))); /* silent for too long */
    CHECK_NUMBER(counts_age_ms(&counts, LIT("reader"), noon), 61000);
    CHECK_NUMBER(counts_age_ms(&counts, LIT("keyd"), noon), -1);
    forget(&counts);
}

static void what_is_none_is_left_out(void)
{
    static const struct {
        const char *name, *label;
        bool taken;
    } rows[] = {
        {"rendez_role_memory", "", true},          {"rendez_role_memory", "a=b", true},
        {"rendez_nothing", "", false},             {"rendez_role_memory", "nolabel", false},
        {"rendez_role_memory", "=x", false},       {"rendez_role_memory", "a=\"", false},
        {"rendez_role_memory", "a=b\n", false},    {"rendez_role_memory", "A=b", false},
        {"rendez_role_memory", "a=b c", false},    {"rendez_mail_answer", "", false}, /* without buckets */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(ARENA_MAX);
        static struct counts counts;
        struct metric metric = {slice_from(rows[i].name), slice_from(rows[i].label), 1, SLICE_NONE};
        struct metric_list list = {&metric, 1, 1};
        check_row(rows[i].label);
        counts = (struct counts){.role_count = 0};
        tell(&counts, "reader", &list, noon);
        CHECK_NUMBER(counts.roles[0].metrics.count, rows[i].taken ? 1 : 0);
        forget(&counts);
    }
}

static struct monitor *open_monitor(const char *where)
{
    struct monitor *monitor = NULL;
    unlink(where);
    CHECK_OK(monitor_open(&sqlite_driver, where, &monitor, NULL));
    return monitor;
}

/* Counters as what came in the hour, times as what most took, gauges as they are. */
static void an_hour_is_a_value(const char *where)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    static struct counts counts;
    struct metric_list list = {0};
    struct histogram times = {0};
    struct monitor *monitor = open_monitor(where);
    for (int minute = 0; minute < 30; minute += 10) {
        struct instant at = {noon.us + minute * 60 * INT64_C(1000000)};
        histogram_add(&times, 200 * 1000);
        metric_add(&list, arena, METRIC_ERRORS, "", 100 + minute);
        metric_add(&list, arena, METRIC_MAILIN_QUEUE, "", minute);
        metric_add_histogram(&list, arena, METRIC_MAIL_ANSWER, &times);
        tell(&counts, "planner", &list, at);
        CHECK_OK(counts_tend(&counts, monitor, at, NULL));
    }
    struct sample_list samples = {0};
    CHECK_OK(monitor_list_samples(monitor, 0, arena, &samples, NULL));
    CHECK_NUMBER(samples.count, 3);
    CHECK_TEXT(samples.items[0].name, "rendez_mail_answer");
    CHECK_NUMBER(samples.items[0].value, 250 * 1000);
    CHECK_TEXT(samples.items[1].name, "rendez_mailin_queue_mails");
    CHECK_NUMBER(samples.items[1].value, 20);
    CHECK_TEXT(samples.items[2].name, "rendez_role_errors");
    CHECK_NUMBER(samples.items[2].value, 20);
    CHECK_TEXT(samples.items[2].label, "role=planner");
    monitor_destroy(&monitor);
    forget(&counts);
}

static unsigned warnings;
static void count_warning(void *context, enum event event, const struct event_field *fields, size_t count)
{
    (void)context;
    warnings += event == EVENT_RUNS_OUT;
    CHECK(event != EVENT_RUNS_OUT || (count == 2 && slice_starts(fields[0].text, LIT("rendez_disk_free{"))));
}

static void a_disk_that_runs_out_is_said_once_an_hour(const char *where)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    static struct counts counts;
    struct monitor *monitor = open_monitor(where);
    struct sample_list samples = {0};
    uint32_t hour = (uint32_t)(noon.us / hour_us);
    for (uint32_t i = 0; i < 21 * 24; i++) {
        ARENA_PUSH(arena, &samples, ((struct sample){LIT("rendez_disk_free"), LIT("role=logd,folder=log"),
                                                      hour - 21 * 24 + i, (int64_t)(31 * 24 - i) * 1000000}));
        ARENA_PUSH(arena, &samples, ((struct sample){LIT("rendez_memory_available"), LIT("role=logd"),
                                                      hour - 21 * 24 + i, 1000000}));
    }
    CHECK_OK(monitor_save_samples(monitor, &samples, NULL));
    event_log_sink(count_warning, NULL);
    for (int minute = 0; minute < 60; minute += 6)
        CHECK_OK(counts_tend(&counts, monitor, (struct instant){noon.us + minute * 60 * INT64_C(1000000)}, NULL));
    event_log_sink(NULL, NULL);
    CHECK_NUMBER(warnings, 1);
    monitor_destroy(&monitor);
}

int main(void)
{
    char folder[] = "/tmp/rendez-counts-XXXXXX", where[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(where, sizeof where, "%s/logd.db", folder);
    TEST(values_become_lines);
    TEST(what_is_none_is_left_out);
    an_hour_is_a_value(where);
    test_done("an_hour_is_a_value");
    a_disk_that_runs_out_is_said_once_an_hour(where);
    test_done("a_disk_that_runs_out_is_said_once_an_hour");
    unlink(where);
    rmdir(folder);
    return check_done();
}
