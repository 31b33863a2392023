/* Checkpoints over hours of a virtual clock: one a minute when nothing happens, one within ten seconds of every entry,
 * however slow the witnesses are. */
#include <stdlib.h>

#include "check.h"
#include "roles/logd/pace.h"

enum { STEP_MS = 50, HOUR_MS = 3600 * 1000, IN_TIME_MS = 10 * 1000, WITNESSES_MS = 4000 };

struct day {
    struct pace pace;
    int64_t now_ms, begun_ms, last_ms; /* last_ms: when the newest checkpoint was made */
    int64_t entry_ms, covered_ms;      /* of the oldest entry under none; of the one being made; -1: none */
    int64_t longest_idle_ms, longest_entry_ms;
    int checkpoints;
};

static void entry(struct day *day)
{
    if (day->entry_ms < 0)
        day->entry_ms = day->now_ms;
    pace_entries(&day->pace, (struct monotonic){day->now_ms});
}

static void most(int64_t *longest, int64_t ms)
{
    *longest = ms > *longest ? ms : *longest;
}

static void begin(struct day *day)
{
    CHECK(!day->pace.publishing);
    pace_begin(&day->pace, (struct monotonic){day->now_ms});
    CHECK(day->pace.covers == (day->entry_ms >= 0));
    day->begun_ms = day->now_ms;
    day->covered_ms = day->entry_ms;
    day->entry_ms = -1;
}

static void end(struct day *day)
{
    pace_end(&day->pace, (struct monotonic){day->now_ms});
    most(&day->longest_idle_ms, day->now_ms - day->last_ms);
    if (day->covered_ms >= 0)
        most(&day->longest_entry_ms, day->now_ms - day->covered_ms);
    day->covered_ms = -1;
    day->last_ms = day->now_ms;
    day->checkpoints++;
}

/* every_ms: an entry on average; 0: none. slow_ms: what making one takes. */
static struct day play(int64_t every_ms, int64_t slow_ms, unsigned seed)
{
    struct day day = {.entry_ms = -1, .covered_ms = -1};
    srand(seed);
    pace_open(&day.pace, (struct monotonic){0});
    for (; day.now_ms < HOUR_MS; day.now_ms += STEP_MS) {
        if (every_ms > 0 && rand() % (every_ms / STEP_MS) == 0)
            entry(&day);
        if (day.pace.publishing && day.now_ms - day.begun_ms >= slow_ms)
            end(&day);
        if (pace_is_due(&day.pace, (struct monotonic){day.now_ms}))
            begin(&day);
    }
    return day;
}

static const struct {
    const char *name;
    int64_t every_ms, slow_ms;
    int checkpoints_min, checkpoints_max; /* in an hour */
} cases[] = {
    {"nothing happens", 0, 0, 60, 61},
    {"nothing happens, and witnesses are slow", 0, WITNESSES_MS, 59, 61},
    {"now and then something", 300 * 1000, 100, 60, 100},
    {"one after the other", 50, 100, 1600, 1800},
    {"one after the other, and witnesses are slow", 50, WITNESSES_MS, 590, 610},
    {"several a minute", 7000, WITNESSES_MS, 200, 610},
};

static void in_time(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned seed = 1; seed <= 20; seed++) {
            struct day day = play(cases[i].every_ms, cases[i].slow_ms, seed);
            check_row(cases[i].name);
            CHECK(day.checkpoints >= cases[i].checkpoints_min && day.checkpoints <= cases[i].checkpoints_max);
            CHECK(day.longest_idle_ms <= PACE_IDLE_MS + STEP_MS);
            CHECK(day.longest_entry_ms <= IN_TIME_MS);
        }
}

int main(void)
{
    TEST(in_time);
    return check_done();
}
