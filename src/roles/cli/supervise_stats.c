/* rendez supervise stats: how the machine and the people did. */
#include "roles/cli/rights.h"
#include "roles/cli/supervise.h"
#include "roles/cli/table.h"
#include "roles/planner/learning.h"

static struct slice number_text(struct arena *arena, const json_t *row, const char *name)
{
    return arena_format(arena, "%lld", (long long)json_number(row, name, 0));
}

/* "4.2 %"; "-" of nothing. */
static struct slice share_text(struct arena *arena, int64_t part, int64_t whole)
{
    return whole == 0 ? LIT("-") : arena_format(arena, "%.1f %%", 100.0 * (double)part / (double)whole);
}

static struct slice interval_text(struct arena *arena, const json_t *row, const char *low, const char *high)
{
    return arena_format(arena, "%.1f to %.1f %%", (double)json_number(row, low, 0) / 10.0,
                        (double)json_number(row, high, 0) / 10.0);
}

static void print_levels(struct arena *arena, const json_t *levels)
{
    static const char *const names[] = {"confidence", "judged", "wrong", "share", "of 95 %"};
    struct cli_table table = {.names = names, .columns = 5};
    const json_t *row;
    size_t i;
    json_array_foreach(levels, i, row) {
        int64_t judged = json_number(row, "samples", 0);
        if (judged > 0)
            CLI_ROW(&table, arena, TONE_PLAIN,
                    arena_format(arena, "%lld-%lld %%", (long long)json_number(row, "from", 0) / 10,
                                 (long long)json_number(row, "until", 0) / 10),
                    number_text(arena, row, "samples"), number_text(arena, row, "wrong"),
                    share_text(arena, json_number(row, "wrong", 0), judged), interval_text(arena, row, "low", "high"));
    }
    if (table.count > 0)
        cli_table_print(&table, FORM_TEXT);
}

static void print_groups(struct arena *arena, const json_t *groups)
{
    static const char *const names[] = {"reason", "language", "decided", "agreed", "waited", "p90", "held", "p90"};
    struct cli_table table = {.names = names, .columns = 8};
    const json_t *row;
    size_t i;
    json_array_foreach(groups, i, row) {
        CLI_ROW(&table, arena, TONE_PLAIN, json_text(row, "reason"), json_text(row, "language"),
                number_text(arena, row, "decided"),
                share_text(arena, json_number(row, "agreed", 0), json_number(row, "judged", 0)),
                number_text(arena, row, "waited_s"), number_text(arena, row, "waited_p90_s"),
                number_text(arena, row, "held_s"), number_text(arena, row, "held_p90_s"));
    }
    if (table.count > 0)
        cli_table_print(&table, FORM_TEXT);
}

static void print_weeks(struct arena *arena, const json_t *weeks)
{
    static const char *const names[] = {"week of", "messages", "doubts", "share", "decided", "agreed"};
    struct cli_table table = {.names = names, .columns = 6};
    const json_t *row;
    size_t i;
    json_array_foreach(weeks, i, row) {
        struct instant monday = {json_number(row, "day", 0) * DAY_US};
        CLI_ROW(&table, arena, TONE_PLAIN, slice_sub(instant_format(monday, zone_utc(), arena), 0, 10),
                number_text(arena, row, "messages"), number_text(arena, row, "doubts"),
                share_text(arena, json_number(row, "doubts", 0), json_number(row, "messages", 0)),
                number_text(arena, row, "decided"),
                share_text(arena, json_number(row, "agreed", 0), json_number(row, "judged", 0)));
    }
    if (table.count > 0)
        cli_table_print(&table, FORM_TEXT);
}

static int64_t sum_of(const json_t *days, const char *name)
{
    int64_t sum = 0;
    for (size_t i = 0; i < json_array_size(days); i++)
        sum += json_number(json_array_get(days, i), name, 0);
    return sum;
}

/* What the page shows first. */
static void print_all(struct arena *arena, const json_t *stats)
{
    const json_t *days = json_object_get(stats, "days"), *all = json_object_get(stats, "all");
    int64_t messages = sum_of(days, "messages"), doubts = sum_of(days, "doubts"), judged = sum_of(days, "judged"),
            agreed = sum_of(days, "agreed");
    printf("doubts: %lld of %lld messages (%.*s)\n", (long long)doubts, (long long)messages,
           SLICE_ARG(share_text(arena, doubts, messages)));
    printf("agreement: %lld of %lld readings (%.*s)\n", (long long)agreed, (long long)judged,
           SLICE_ARG(share_text(arena, agreed, judged)));
    printf("a case: waited %lld s (p90 %lld s), held %lld s (p90 %lld s)\n", (long long)json_number(all, "waited_s", 0),
           (long long)json_number(all, "waited_p90_s", 0), (long long)json_number(all, "held_s", 0),
           (long long)json_number(all, "held_p90_s", 0));
}

static void print_stats(struct arena *arena, const json_t *stats)
{
    struct slice since = json_text(stats, "since"), rate = interval_text(arena, stats, "sampled_low", "sampled_high");
    int64_t looks = json_number(stats, "sampled", 0), wrong = json_number(stats, "sampled_wrong", 0);
    printf("since %.*s; deadlines missed: %lld\n", SLICE_ARG(slice_sub(since, 0, 10)),
           (long long)json_number(stats, "breached", 0));
    print_all(arena, stats);
    printf("second looks: %lld, wrong: %lld (%.*s; %.*s of 95 %%)\n", (long long)looks, (long long)wrong,
           SLICE_ARG(share_text(arena, wrong, looks)), SLICE_ARG(rate));
    print_weeks(arena, json_object_get(stats, "weeks"));
    print_levels(arena, json_object_get(stats, "confidence"));
    print_groups(arena, json_object_get(stats, "groups"));
}

/* A date begins at 00:00 UTC. */
static enum status read_since(const char *text, struct arena *arena, struct instant *out, struct problem *why)
{
    if (text == NULL) {
        *out = stats_since(clock_now());
        return ST_OK;
    }
    struct slice whole = arena_format(arena, "%sT00:00:00Z", text);
    return instant_parse(whole, out, NULL, NULL) == ST_OK ? ST_OK
                                                          : problem_set(why, ST_INVALID, "a date is like 2026-11-30");
}

int supervise_stats(struct admin *admin, int argc, char **argv)
{
    const char *date = NULL;
    struct planner *planner = NULL;
    struct instant since;
    json_t *stats = NULL;
    const struct cli_option options[] = {{"since", NULL, &date, "DATE", "from when (else 90 days back)"}, {0}};
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, read_since(date, admin->arena, &since, &admin->why));
    ADMIN_TRY(admin, rights_open_planner(admin, &planner));
    enum status status = planner_stats(planner, since, &stats, &admin->why);
    planner_destroy(&planner);
    ADMIN_TRY(admin, status);
    if (admin->as_json)
        return admin_print(admin, stats);
    print_stats(admin->arena, stats);
    json_decref(stats);
    return EXIT_YES;
}
