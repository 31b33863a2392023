/* rendez occurrences: a calendar file's events, or one recurrence rule a line. */
#include <stdlib.h>

#include "roles/cli/calendar_file.h"

enum { BATCH_MAX = 2000, SET_YEARS = 60 };

/* Batch */

static struct ical_time time_of(struct slice text, struct slice zone)
{
    struct ical_time time = {0};
    bool utc = slice_ends(text, LIT("Z"));
    if (utc)
        text.len--;
    if (civil_parse(text, &time.wall, NULL) != ST_OK)
        return time;
    time.zone = zone;
    time.kind = text.len == 10 ? ICAL_DATE
                : utc          ? ICAL_UTC
                : zone.len > 0 ? ICAL_ZONED
                               : ICAL_FLOATING;
    return time;
}

static void times_of(const json_t *array, struct slice zone, struct arena *arena,
                     struct ical_time_list *list)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        struct slice text = slice_from(json_string_value(json_array_get(array, i)));
        ARENA_PUSH(arena, list, time_of(text, zone));
    }
}

static void rules_of(const json_t *array, struct arena *arena, struct slice_list *list)
{
    for (size_t i = 0; i < json_array_size(array); i++)
        ARENA_PUSH(arena, list, slice_from(json_string_value(json_array_get(array, i))));
}

static struct ical_event event_of(const json_t *row, struct arena *arena)
{
    struct slice zone = json_text(row, "tz"), start = json_text(row, "dtstart");
    const json_t *first = json_array_get(json_object_get(row, "exrule_dtstart"), 0);
    struct ical_event event = {.uid = LIT("batch"), .rrule = json_text(row, "rrule")};
    event.start = time_of(start.len > 0 ? start : slice_from(json_string_value(first)), zone);
    rules_of(json_object_get(row, "rrule_more"), arena, &event.rrules_more);
    rules_of(json_object_get(row, "exrule"), arena, &event.exrules);
    times_of(json_object_get(row, "exdate"), zone, arena, &event.exdates);
    times_of(json_object_get(row, "rdate"), zone, arena, &event.rdates);
    return event;
}

static bool is_excluded(const struct ical_event *event, struct civil start)
{
    for (size_t i = 0; i < event->exdates.count; i++)
        if (civil_compare(event->exdates.items[i].wall, start) == 0)
            return true;
    return false;
}

/* A rule alone can be followed for ever; mixed sets go through the calendar. A reading
 * that a change of offset skips is shown as the time that it means. */
static enum status expand_rule(const struct ical_event *event, const struct zone *zone,
                               struct arena *arena, struct civil_interval_list *out,
                               struct problem *why)
{
    struct civil_interval_list all = {0};
    struct civil until = civil_at((struct civil_date){9990, 1, 1}, 0, 0);
    TRY(calendar_recur(event->start.wall, event->start.kind == ICAL_DATE, event->rrule,
                       event->start.kind == ICAL_ZONED ? zone : NULL, until, BATCH_MAX, arena, &all,
                       why));
    for (size_t i = 0; i < all.count; i++)
        if (!is_excluded(event, all.items[i].start)) {
            struct civil start = all.items[i].start;
            start = civil_from_instant(civil_to_instant(start, zone), zone);
            ARENA_PUSH(arena, out, ((struct civil_interval){start, start}));
        }
    return ST_OK;
}

static enum status expand_set(const struct ical_event *event, const struct zone *zone,
                              struct arena *arena, struct civil_interval_list *out,
                              struct problem *why)
{
    struct ical_calendar calendar = {0};
    struct occurrence_list found;
    struct interval window;
    ARENA_PUSH(arena, &calendar.events, *event);
    window.start = civil_to_instant(event->start.wall, zone);
    window.end.us = window.start.us + SET_YEARS * 366 * DAY_US;
    TRY(calendar_occurrences(&calendar, SLICE_NONE, zone, window, arena, &found, why));
    for (size_t i = 0; i < found.count && i < BATCH_MAX; i++) {
        struct civil start = civil_from_instant(found.items[i].span.start, zone);
        ARENA_PUSH(arena, out, ((struct civil_interval){start, start}));
    }
    return ST_OK;
}

static struct civil query_time(const json_t *query, const char *name)
{
    struct civil wall = {0};
    if (civil_parse(json_text(query, name), &wall, NULL) != ST_OK)
        return (struct civil){{1, 1, 1}, 0, 0, 0};
    return wall;
}

/* The part of the series that a query asks for: before, after, between. */
static struct civil_interval_list select_asked(const json_t *query, struct civil_interval_list all)
{
    struct slice kind = json_text(query, "kind");
    int strict = !json_flag(query, "inc", false);
    struct civil from = query_time(query, "from"), to = query_time(query, "to");
    size_t first = 0, count;
    bool between = slice_equal(kind, LIT("between")), before = slice_equal(kind, LIT("before"));
    bool after = slice_equal(kind, LIT("after")) || slice_equal(kind, LIT("xafter"));
    if (!between && !before && !after)
        return all;
    if (!between)
        from = to = query_time(query, "dt");
    while (!before && first < all.count && civil_compare(all.items[first].start, from) < strict)
        first++;
    count = after ? (size_t)json_number(query, "count", 1) : all.count;
    size_t last = first;
    while (last < all.count && last - first < count &&
           (after || civil_compare(all.items[last].start, to) < 1 - strict))
        last++;
    if (before && last > 0)
        first = last - 1;
    return (struct civil_interval_list){all.items + first, last - first, 0};
}

static void print_row(const json_t *row, const struct ical_event *event,
                      struct civil_interval_list found, struct arena *arena)
{
    AUTO_JSON answer = json_object();
    json_t *list = json_array();
    for (size_t i = 0; i < found.count; i++) {
        struct slice text = civil_format(found.items[i].start, arena);
        if (event->start.kind == ICAL_DATE)
            text.len = 10;
        if (event->start.kind == ICAL_UTC)
            text = arena_format(arena, "%.*sZ", SLICE_ARG(text));
        json_array_append_new(list, json_from_text(text));
    }
    json_object_set_new(answer, "id", json_from_text(json_text(row, "id")));
    json_object_set_new(answer, "occurrences", list);
    cli_print_json(answer);
}

static void print_error(const json_t *row, const struct problem *why)
{
    AUTO_JSON answer = json_object();
    json_object_set_new(answer, "id", json_from_text(json_text(row, "id")));
    json_object_set_new(answer, "error", json_string(why->detail));
    cli_print_json(answer);
}

static void answer_row(const json_t *row, struct arena *arena, void *context)
{
    (void)context;
    struct problem why = {0};
    struct ical_event event = event_of(row, arena);
    const struct zone *zone = zone_utc();
    struct civil_interval_list found = {0};
    enum status status = ST_OK;
    if (event.start.kind == ICAL_NO_TIME)
        status = problem_set(&why, ST_INVALID, "dtstart is missing or cannot be read");
    else if (event.start.kind == ICAL_ZONED)
        status = zone_load(event.start.zone, &zone, &why);
    bool set = event.rdates.count + event.rrules_more.count + event.exrules.count > 0;
    if (status == ST_OK)
        status = set ? expand_set(&event, zone, arena, &found, &why)
                     : expand_rule(&event, zone, arena, &found, &why);
    if (status != ST_OK)
        print_error(row, &why);
    else
        print_row(row, &event, select_asked(json_object_get(row, "query"), found), arena);
}

/* One file */

static void print_occurrence(const struct occurrence *occurrence, const struct zone *zone,
                             bool as_json, struct arena *arena)
{
    struct slice start = instant_format(occurrence->span.start, zone, arena);
    struct slice end = instant_format(occurrence->span.end, zone, arena);
    if (!as_json) {
        printf("%.*s  %.*s  %s  %.*s\n", SLICE_ARG(start), SLICE_ARG(end),
               occurrence->busy ? "busy" : "free", SLICE_ARG(occurrence->summary));
        return;
    }
    AUTO_JSON line = json_pack("{s:o,s:o,s:o,s:o,s:b,s:b}", "start", json_from_text(start), "end",
                               json_from_text(end), "uid", json_from_text(occurrence->uid),
                               "summary", json_from_text(occurrence->summary), "busy",
                               (int)occurrence->busy, "all_day", (int)occurrence->all_day);
    cli_print_json(line);
}

int cmd_occurrences(int argc, char **argv)
{
    static const struct calendar_words words = {
        "one JSON object an occurrence", "read {id, dtstart, tz, rrule, …} lines from stdin", answer_row};
    AUTO_ARENA arena = arena_create(ical_arena_bytes(ICAL_BYTES_MAX) + CALENDAR_ARENA_BYTES);
    struct calendar_asked asked;
    struct occurrence_list found;
    struct problem why = {0};
    int code = calendar_file_begin(argc, argv, &words, arena, &asked);
    if (code >= 0)
        return code;
    if (calendar_occurrences(&asked.calendar, asked.owner, asked.zone, asked.window, arena, &found, &why) != ST_OK)
        return cli_fail_problem(&why);
    for (size_t i = 0; i < found.count; i++)
        print_occurrence(&found.items[i], asked.zone, asked.as_json, arena);
    return EXIT_YES;
}
