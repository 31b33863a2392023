#include "platform/monitor/monitor.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

enum { ARENA_MAX = 8 << 20, HOUR_MAX = 3 };
static const int64_t second = 1000000, hour = 3600 * INT64_C(1000000);
static const struct ways both = {true, true};

static char folder[] = "/tmp/rendez-monitor-XXXXXX", where[64];
static struct monitor *monitor;

static struct alert crash(const char *role, const char *signature, int64_t at)
{
    return (struct alert){.kind = LIT("role.process.crashed"), .role = slice_from(role), .build = LIT("b1"),
                          .signature = slice_from(signature), .words = LIT("role.name=reader\ncause=SIGSEGV\n"),
                          .count = 1, .last = {at}};
}

static bool hear(const char *role, const char *signature, int64_t at)
{
    struct alert alert = crash(role, signature, at);
    bool fresh = false;
    CHECK_OK(monitor_hear(monitor, &alert, both, HOUR_MAX, &fresh, NULL));
    return fresh;
}

static void begin(void)
{
    monitor_destroy(&monitor);
    unlink(where);
    CHECK_OK(monitor_open(&sqlite_driver, where, &monitor, NULL));
}

static struct alert_list list(struct arena *arena)
{
    struct alert_list alerts = {0};
    CHECK_OK(monitor_list(monitor, (struct instant){0}, LIT("other.kind"), arena, &alerts, NULL));
    return alerts;
}

static struct delivery_list due(struct arena *arena, int64_t at)
{
    struct delivery_list found = {0};
    CHECK_OK(monitor_due(monitor, (struct instant){at}, arena, &found, NULL));
    return found;
}

static void alike_ones_are_one(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    begin();
    CHECK(hear("reader", "SIGSEGV 0x12", hour));
    for (int i = 0; i < 50; i++)
        CHECK(!hear("reader", "SIGSEGV 0x12", hour + i * second));
    CHECK(hear("reader", "SIGSEGV 0x34", hour));
    CHECK(hear("mailin", "SIGSEGV 0x12", hour));
    struct alert_list alerts = list(arena);
    CHECK_NUMBER(alerts.count, 3);
    CHECK_NUMBER(alerts.items[2].count, 51);
    CHECK_NUMBER(alerts.items[2].first.us, hour);
    CHECK_NUMBER(alerts.items[2].last.us, hour + 49 * second);
    CHECK_NUMBER(due(arena, hour).count, 6); /* a mail and a call each, once */
}

static void many_are_told_as_many(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct delivery_list found;
    unsigned by_what[TELL_COUNT_] = {0};
    begin();
    for (int i = 0; i < 20; i++) {
        char signature[16];
        snprintf(signature, sizeof signature, "place %c", 'a' + i);
        CHECK(hear("reader", signature, hour + i * second));
    }
    found = due(arena, 2 * hour);
    for (size_t i = 0; i < found.count; i++)
        by_what[found.items[i].what]++;
    CHECK_NUMBER(by_what[TELL_OPENED], HOUR_MAX * 2);
    CHECK_NUMBER(by_what[TELL_MANY], 2);
    CHECK_NUMBER(list(arena).count, 20);
    /* An hour later it is told by itself again. */
    CHECK(hear("reader", "later", 3 * hour));
    CHECK_NUMBER(due(arena, 3 * hour).count, HOUR_MAX * 2 + 4);
}

static void an_alert_lives_through_its_states(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct problem why;
    size_t count;
    begin();
    CHECK(hear("reader", "one", hour));
    struct slice id = list(arena).items[0].id;
    CHECK_OK(monitor_escalate(monitor, (struct instant){hour - 1}, LIT("x"), both, (struct instant){hour}, &count, NULL));
    CHECK_NUMBER(count, 0);
    CHECK_OK(monitor_escalate(monitor, (struct instant){hour}, LIT("x"), both, (struct instant){2 * hour}, &count, NULL));
    CHECK_NUMBER(count, 1);
    CHECK_NUMBER(list(arena).items[0].state, ALERT_ESCALATED);
    CHECK_NUMBER(due(arena, 2 * hour).count, 4);
    CHECK_OK(monitor_escalate(monitor, (struct instant){hour}, LIT("x"), both, (struct instant){3 * hour}, &count, NULL));
    CHECK_NUMBER(count, 0); /* once */
    CHECK_OK(monitor_acknowledge(monitor, id, (struct instant){3 * hour}, NULL));
    CHECK_NUMBER(monitor_acknowledge(monitor, id, (struct instant){3 * hour}, &why), ST_CONFLICT);
    CHECK_TEXT(slice_from(why.detail), "the alert is acknowledged");
    CHECK(!hear("reader", "one", 3 * hour)); /* counts, and is told no more */
    CHECK_OK(monitor_end(monitor, id, (struct instant){4 * hour}, NULL));
    CHECK_NUMBER(monitor_end(monitor, id, (struct instant){4 * hour}, NULL), ST_CONFLICT);
    CHECK_NUMBER(monitor_end(monitor, LIT("al_none"), (struct instant){4 * hour}, NULL), ST_NOT_FOUND);
    CHECK(hear("reader", "one", 5 * hour)); /* a new one */
    CHECK_NUMBER(list(arena).count, 2);
}

static void an_event_ends_others(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    begin();
    struct alert alert = crash("trust", "a", hour);
    bool fresh;
    alert.words = LIT("control=CONT-04\ncause=set_missing\n");
    CHECK_OK(monitor_hear(monitor, &alert, both, HOUR_MAX, &fresh, NULL));
    alert.signature = LIT("b"), alert.words = LIT("control=CONT-05\ncause=set_old\n");
    CHECK_OK(monitor_hear(monitor, &alert, both, HOUR_MAX, &fresh, NULL));
    CHECK_OK(monitor_end_kind(monitor, LIT("other"), SLICE_NONE, (struct instant){hour}, NULL));
    CHECK_OK(monitor_end_kind(monitor, alert.kind, LIT("control=CONT-0\n"), (struct instant){hour}, NULL));
    struct alert_list alerts = list(arena);
    CHECK(alerts.items[0].state == ALERT_OPEN && alerts.items[1].state == ALERT_OPEN);
    CHECK_OK(monitor_end_kind(monitor, alert.kind, LIT("control=CONT-04\nstate=holds\n"), (struct instant){hour}, NULL));
    alerts = list(arena);
    CHECK(alerts.items[0].state == ALERT_OPEN && alerts.items[1].state == ALERT_ENDED);
    CHECK_OK(monitor_end_quiet(monitor, (struct instant){hour - 1}, (struct instant){hour}, NULL));
    CHECK_NUMBER(list(arena).items[0].state, ALERT_OPEN);
    CHECK_OK(monitor_end_quiet(monitor, (struct instant){hour}, (struct instant){2 * hour}, NULL));
    CHECK_NUMBER(list(arena).items[0].state, ALERT_ENDED);
}

static void what_is_not_taken_outlives_a_restart(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    begin();
    CHECK(hear("reader", "one", hour));
    struct delivery_list found = due(arena, hour);
    CHECK_NUMBER(found.count, 2);
    CHECK_OK(monitor_delivered(monitor, found.items[0].id, DELIVERY_DONE, NULL));
    CHECK_OK(monitor_try_later(monitor, found.items[1].id, (struct instant){hour + 60 * second}, NULL));
    monitor_destroy(&monitor);
    CHECK_OK(monitor_open(&sqlite_driver, where, &monitor, NULL));
    CHECK_NUMBER(due(arena, hour + 59 * second).count, 0);
    found = due(arena, hour + 60 * second);
    CHECK_NUMBER(found.count, 1);
    CHECK_NUMBER(found.items[0].attempts, 1);
    CHECK_OK(monitor_delivered(monitor, found.items[0].id, DELIVERY_DROPPED, NULL));
    CHECK_NUMBER(due(arena, 9 * hour).count, 0);
}

static void samples_are_kept_and_forgotten(void)
{
    AUTO_ARENA arena = arena_create(ARENA_MAX);
    struct sample rows[] = {{LIT("b"), SLICE_NONE, 10, 1}, {LIT("a"), LIT("role=x"), 11, 5},
                            {LIT("a"), LIT("role=x"), 10, 4}, {LIT("a"), LIT("role=x"), 10, 6}};
    struct sample_list samples = {rows, 4, 4}, found;
    begin();
    CHECK_OK(monitor_save_samples(monitor, &samples, NULL));
    CHECK_OK(monitor_list_samples(monitor, 0, arena, &found, NULL));
    CHECK_NUMBER(found.count, 3);
    CHECK_TEXT(found.items[0].name, "a");
    CHECK_NUMBER(found.items[0].value, 6); /* the last of its hour */
    CHECK(hear("reader", "one", hour));
    CHECK_OK(monitor_end(monitor, list(arena).items[0].id, (struct instant){hour}, NULL));
    CHECK_OK(monitor_forget(monitor, (struct instant){11 * hour}, NULL));
    CHECK_OK(monitor_list_samples(monitor, 0, arena, &found, NULL));
    CHECK_NUMBER(found.count, 1);
    CHECK_NUMBER(list(arena).count, 1); /* it is still to be told */
    struct delivery_list waiting = due(arena, hour);
    for (size_t i = 0; i < waiting.count; i++)
        CHECK_OK(monitor_delivered(monitor, waiting.items[i].id, DELIVERY_DONE, NULL));
    CHECK_OK(monitor_forget(monitor, (struct instant){11 * hour}, NULL));
    CHECK_NUMBER(list(arena).count, 0);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    snprintf(where, sizeof where, "%s/logd.db", folder);
    TEST(alike_ones_are_one);
    TEST(many_are_told_as_many);
    TEST(an_alert_lives_through_its_states);
    TEST(an_event_ends_others);
    TEST(what_is_not_taken_outlives_a_restart);
    TEST(samples_are_kept_and_forgotten);
    monitor_destroy(&monitor);
    unlink(where);
    rmdir(folder);
    return check_done();
}
