#include "roles/replay/internal.h"


struct mailbox mailbox_from_text(struct slice text, struct arena *arena)
{
    text = slice_trim(text);
    size_t open = slice_find(text, LIT("<"), 0), close = slice_find(text, LIT(">"), 0);
    if (open == SIZE_MAX || close == SIZE_MAX || close < open)
        return (struct mailbox){SLICE_NONE, arena_copy(arena, text)};
    struct slice name = slice_trim(slice_sub(text, 0, open));
    if (name.len >= 2 && name.data[0] == '"' && name.data[name.len - 1] == '"')
        name = slice_sub(name, 1, name.len - 1);
    return (struct mailbox){arena_copy(arena, name),
                            arena_copy(arena, slice_sub(text, open + 1, close))};
}

enum status scenario_file(const struct scenario *scenario, struct slice name, struct arena *arena,
                          struct slice *out, struct problem *why)
{
    if (name.len == 0 || name.data[0] == '/' || slice_contains(name, LIT("..")))
        return problem_set(why, ST_INVALID, "scenario: a file name must stay in the folder");
    struct slice path = arena_format(arena, "%s/%.*s", scenario->folder, SLICE_ARG(name));
    return file_read(path.data, REPLAY_FILE_BYTES_MAX, arena, out, why);
}

const struct person *scenario_person(const struct scenario *scenario, struct slice address)
{
    for (size_t i = 0; i < scenario->people.count; i++)
        if (slice_equal_nocase(scenario->people.items[i].address, address))
            return &scenario->people.items[i];
    return NULL;
}

enum status scenario_set_calendar(struct scenario *scenario, struct slice address, struct slice file,
                                  struct arena *arena, struct problem *why)
{
    struct slice text;
    struct ical_calendar *calendar = ARENA_NEW(arena, struct ical_calendar);
    TRY(scenario_file(scenario, file, arena, &text, why));
    TRY(ical_parse(text, arena, calendar, why));
    for (size_t i = 0; i < scenario->calendar_count; i++)
        if (slice_equal_nocase(scenario->calendars[i].address, address)) {
            scenario->calendars[i].calendar = calendar;
            return ST_OK;
        }
    if (scenario->calendar_count == REPLAY_PEOPLE_MAX)
        return problem_set(why, ST_LIMIT, "scenario: more than %d calendars", REPLAY_PEOPLE_MAX);
    scenario->calendars[scenario->calendar_count++] =
        (struct replay_calendar){address, file, calendar};
    return ST_OK;
}

enum status scenario_events(struct scenario *scenario, const struct person *person,
                            struct interval window, struct arena *arena,
                            struct occurrence_list *out, struct problem *why)
{
    const struct zone *zone;
    *out = (struct occurrence_list){0};
    TRY(zone_load(person->time_zone, &zone, why));
    for (size_t i = 0; i < scenario->calendar_count; i++)
        if (slice_equal_nocase(scenario->calendars[i].address, person->address))
            return calendar_occurrences(scenario->calendars[i].calendar, person->address, zone,
                                        window, arena, out, why);
    return ST_OK;
}

static enum language language_from(struct slice text)
{
    for (int i = LANGUAGE_UNKNOWN + 1; i < LANGUAGE_COUNT_; i++)
        if (slice_equal(text, slice_from(language_names[i])))
            return (enum language)i;
    return LANGUAGE_UNKNOWN;
}

static enum status load_person(const json_t *object, struct arena *arena, struct scenario *out,
                               struct problem *why)
{
    struct person person = {
        .address = json_text(object, "address"),
        .name = json_text(object, "name"),
        .client = json_flag(object, "client", false),
        .time_zone = json_text(object, "time_zone"),
        .language = language_from(json_text(object, "language")),
        .holidays = json_text(object, "holidays"),
        .calendar = json_text(object, "calendar"),
    };
    if (person.address.len == 0)
        return problem_set(why, ST_INVALID, "scenario.json: a person has no address");
    if (person.time_zone.len == 0)
        person.time_zone = LIT("UTC");
    preferences_defaults(arena, &person.preferences);
    const json_t *preferences = json_object_get(object, "preferences");
    if (preferences != NULL)
        TRY(preferences_from_json(preferences, arena, &person.preferences, why));
    person.has_calendar = person.calendar.len > 0;
    ARENA_PUSH(arena, &out->people, person);
    return person.has_calendar
               ? scenario_set_calendar(out, person.address, person.calendar, arena, why)
               : ST_OK;
}

enum status scenario_load(const char *folder, struct arena *arena, struct scenario *out,
                          struct problem *why)
{
    struct slice text;
    *out = (struct scenario){.folder = folder};
    TRY(scenario_file(out, LIT("scenario.json"), arena, &text, why));
    TRY(json_read(text, &out->root, why));
    out->assistant = mailbox_from_text(json_text(out->root, "assistant"), arena);
    const json_t *people = json_object_get(out->root, "people");
    const json_t *steps = json_object_get(out->root, "steps");
    if (out->assistant.address.len == 0 || !json_is_array(people) || !json_is_array(steps))
        return problem_set(why, ST_INVALID,
                           "scenario.json: \"assistant\", \"people\" and \"steps\" are needed");
    if (json_array_size(people) > REPLAY_PEOPLE_MAX || json_array_size(steps) > REPLAY_STEPS_MAX)
        return problem_set(why, ST_LIMIT, "scenario.json: more than %d people or %d steps",
                           REPLAY_PEOPLE_MAX, REPLAY_STEPS_MAX);
    size_t index;
    const json_t *person;
    json_array_foreach(people, index, person) TRY(load_person(person, arena, out, why));
    return ST_OK;
}

void scenario_release(struct scenario *scenario)
{
    json_release(&scenario->root);
}
