/* rendez slots: when the owners of calendar files can meet. */
#include "domain/calendar/calendar.h"
#include "domain/slots/slots.h"
#include "roles/cli/cli.h"

enum { DEFAULT_DAYS = 14, PEOPLE_MAX = 50, ARENA_BYTES = 1 << 30 };

static enum status kind_parse(struct slice name, enum meeting_kind *kind, struct problem *why)
{
    for (int i = 0; i < KIND_COUNT_; i++)
        if (slice_equal(name, slice_from(meeting_kind_names[i]))) {
            *kind = (enum meeting_kind)i;
            return ST_OK;
        }
    return problem_set(why, ST_INVALID,
                       "kind is call, video, meeting, lunch, breakfast, coffee, "
                       "drinks or dinner");
}

static struct interval window_of(const struct slot_query *query)
{
    return (struct interval){{query->now.us - DAY_US}, {query->until.us + DAY_US}};
}

static enum status add_calendar(struct slice text, const struct slot_query *query,
                                struct slot_person *person, struct arena *arena,
                                struct problem *why)
{
    struct ical_calendar calendar;
    TRY(ical_parse(text, arena, &calendar, why));
    return calendar_busy(&calendar, person->person->address, person->zone, window_of(query), arena,
                         &person->busy, why);
}

static void print_slots(const struct interval_list *slots, const struct zone *zone, bool as_json,
                        struct arena *arena)
{
    for (size_t i = 0; i < slots->count; i++) {
        struct slice start = instant_format(slots->items[i].start, zone, arena);
        struct slice end = instant_format(slots->items[i].end, zone, arena);
        if (as_json) {
            AUTO_JSON line =
                json_pack("{s:o,s:o}", "start", json_from_text(start), "end", json_from_text(end));
            cli_print_json(line);
        } else {
            printf("%.*s  %.*s\n", SLICE_ARG(start), SLICE_ARG(end));
        }
    }
}

/* Batch: {"id", "now", "until", "kind", "duration_minutes", "count", "in_person",
 * "hours_named", "people": [{"address", "time_zone", "holidays", "preferences", "calendar"
 * (iCalendar text)}], "allowed", "preferred", "excluded" ([["ISO", "ISO"], …])}, the
 * organizer first; gives {"id", "slots": [{"start", "end"}]}. */

static enum status spans_of(const json_t *row, const char *name, struct arena *arena,
                            struct interval_list *list, struct problem *why)
{
    const json_t *array = json_object_get(row, name);
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *pair = json_array_get(array, i);
        struct interval span;
        TRY(instant_parse(slice_from(json_string_value(json_array_get(pair, 0))), &span.start, NULL,
                          why));
        TRY(instant_parse(slice_from(json_string_value(json_array_get(pair, 1))), &span.end, NULL,
                          why));
        ARENA_PUSH(arena, list, span);
    }
    return ST_OK;
}

static enum status read_person(const json_t *object, const struct slot_query *query,
                               struct slot_person *out, struct arena *arena, struct problem *why)
{
    struct person *person = ARENA_NEW(arena, struct person);
    struct slice zone = json_text(object, "time_zone"), text = json_text(object, "calendar");
    const json_t *preferences = json_object_get(object, "preferences");
    person->address = json_text(object, "address");
    person->holidays = json_text(object, "holidays");
    preferences_defaults(arena, &person->preferences);
    if (preferences != NULL)
        TRY(preferences_from_json(preferences, arena, &person->preferences, why));
    *out = (struct slot_person){.person = person, .asks_hours = true};
    TRY(zone_load(zone.len > 0 ? zone : LIT("UTC"), &out->zone, why));
    return text.len == 0 ? ST_OK : add_calendar(text, query, out, arena, why);
}

static enum status read_row(const json_t *row, struct slot_query *query, struct arena *arena,
                            struct problem *why)
{
    const json_t *people = json_object_get(row, "people");
    TRY(instant_parse(json_text(row, "now"), &query->now, NULL, why));
    TRY(instant_parse(json_text(row, "until"), &query->until, NULL, why));
    TRY(kind_parse(json_text(row, "kind"), &query->kind, why));
    TRY(spans_of(row, "allowed", arena, &query->allowed, why));
    TRY(spans_of(row, "preferred", arena, &query->preferred, why));
    TRY(spans_of(row, "excluded", arena, &query->excluded, why));
    query->people_count = json_array_size(people);
    if (query->people_count > PEOPLE_MAX)
        return problem_set(why, ST_LIMIT, "more than %d people", PEOPLE_MAX);
    query->people = ARENA_ARRAY(arena, query->people_count, struct slot_person);
    for (size_t i = 0; i < query->people_count; i++)
        TRY(read_person(json_array_get(people, i), query, &query->people[i], arena, why));
    query->in_person = json_flag(row, "in_person", kind_is_in_person(query->kind, PLACE_UNKNOWN));
    query->hours_named = json_flag(row, "hours_named", false);
    query->duration_min = (uint32_t)json_number(row, "duration_minutes", 0);
    query->count = (uint32_t)json_number(row, "count", 0);
    if (query->people_count > 0 && query->duration_min == 0)
        query->duration_min = query->people[0].person->preferences.durations_min[query->kind];
    if (query->people_count > 0 && query->count == 0)
        query->count = query->people[0].person->preferences.proposals;
    return ST_OK;
}

static json_t *slots_json(const struct interval_list *slots, const struct zone *zone,
                          struct arena *arena)
{
    json_t *list = json_array();
    for (size_t i = 0; i < slots->count; i++)
        json_array_append_new(
            list,
            json_pack("{s:o,s:o}", "start",
                      json_from_text(instant_format(slots->items[i].start, zone, arena)), "end",
                      json_from_text(instant_format(slots->items[i].end, zone, arena))));
    return list;
}

static void answer_row(const json_t *row, struct arena *arena, void *context)
{
    struct slot_query query = {0};
    struct interval_list slots = {0};
    struct problem why = {0};
    (void)context;
    AUTO_JSON line = json_object();
    json_object_set_new(line, "id", json_from_text(json_text(row, "id")));
    enum status status = read_row(row, &query, arena, &why);
    if (status == ST_OK)
        status = slots_find(&query, arena, &slots, &why);
    if (status == ST_OK)
        json_object_set_new(line, "slots", slots_json(&slots, query.people[0].zone, arena));
    else
        json_object_set_new(line, "error", json_string(why.detail));
    cli_print_json(line);
}

/* Files: one a person, all with the default preferences. */

struct options {
    const char *from, *to, *zone, *holidays, *kind, *duration, *count;
    int in_person;
};

static enum status number_of(const char *text, uint32_t max, uint32_t otherwise, uint32_t *out,
                             struct problem *why)
{
    uint64_t number = otherwise;
    if (text != NULL && (!slice_to_u64(slice_from(text), max, &number) || number == 0))
        return problem_set(why, ST_INVALID, "a number from 1 to %u is needed", max);
    *out = (uint32_t)number;
    return ST_OK;
}

static enum status read_window(const struct options *options, const struct zone *zone,
                               struct slot_query *query, struct problem *why)
{
    struct civil start, end;
    query->now = clock_now();
    if (options->from != NULL) {
        TRY(civil_parse(slice_from(options->from), &start, why));
        query->now = civil_to_instant(start, zone);
    }
    query->until.us = query->now.us + DEFAULT_DAYS * DAY_US;
    if (options->to != NULL) {
        TRY(civil_parse(slice_from(options->to), &end, why));
        query->until = civil_to_instant(end, zone);
    }
    return ST_OK;
}

static enum status read_options(const struct options *options, const struct zone **zone,
                                struct person *person, struct slot_query *query,
                                struct arena *arena, struct problem *why)
{
    preferences_defaults(arena, &person->preferences);
    person->holidays = slice_from(options->holidays);
    TRY(zone_load(slice_from(options->zone), zone, why));
    TRY(read_window(options, *zone, query, why));
    TRY(kind_parse(slice_from(options->kind), &query->kind, why));
    query->in_person = options->in_person != 0 || kind_is_in_person(query->kind, PLACE_UNKNOWN);
    TRY(number_of(options->count, SLOTS_COUNT_MAX, person->preferences.proposals, &query->count,
                  why));
    return number_of(options->duration, 24 * 60, person->preferences.durations_min[query->kind],
                     &query->duration_min, why);
}

static enum status find(char **paths, const struct person *person, const struct zone *zone,
                        struct slot_query *query, struct arena *arena, struct interval_list *slots,
                        struct problem *why)
{
    query->people = ARENA_ARRAY(arena, query->people_count, struct slot_person);
    for (size_t i = 0; i < query->people_count; i++) {
        struct slice text;
        query->people[i] = (struct slot_person){.person = person, .zone = zone, .asks_hours = true};
        TRY(file_read(paths[i], ICAL_BYTES_MAX, arena, &text, why));
        TRY(add_calendar(text, query, &query->people[i], arena, why));
    }
    return slots_find(query, arena, slots, why);
}

int cmd_slots(int argc, char **argv)
{
    int as_json = 0, batch = 0, first;
    struct options given = {.zone = "UTC", .holidays = "", .kind = "meeting"};
    const struct cli_option options[] = {
        {"json", &as_json, NULL, NULL, "one JSON object a slot"},
        {"batch", &batch, NULL, NULL, "read searches as JSON lines from stdin"},
        {"from", NULL, &given.from, "DATE", "now, or the day or time to count from"},
        {"to", NULL, &given.to, "DATE", "end, exclusive (14 days later)"},
        {"zone", NULL, &given.zone, "ZONE", "clock of everybody (UTC)"},
        {"holidays", NULL, &given.holidays, "CC", "country whose holidays count"},
        {"kind", NULL, &given.kind, "KIND", "call, video, meeting, lunch … (meeting)"},
        {"duration", NULL, &given.duration, "MINUTES", "length (by kind)"},
        {"count", NULL, &given.count, "N", "how many (3)"},
        {"in-person", &given.in_person, NULL, NULL, "with travel time before and after"},
        {0},
    };
    int code = cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    ical_init();
    if (batch)
        return cli_each_line(answer_row, NULL);
    struct slot_query query = {.people_count = (size_t)(argc - first)};
    if (query.people_count == 0 || query.people_count > PEOPLE_MAX)
        return cli_fail(EXIT_USAGE, "one calendar file a person is needed; see --help");
    struct problem why = {0};
    struct person person = {0};
    const struct zone *zone;
    struct interval_list slots = {0};
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    if (read_options(&given, &zone, &person, &query, arena, &why) != ST_OK)
        return cli_fail(EXIT_USAGE, "%s", why.detail);
    if (find(argv + first, &person, zone, &query, arena, &slots, &why) != ST_OK)
        return cli_fail_problem(&why);
    print_slots(&slots, zone, as_json, arena);
    return slots.count > 0 ? EXIT_YES : EXIT_NO;
}
