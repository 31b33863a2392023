#include <string.h>

#include "roles/cli/rights.h"

static const char *const day_names[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static json_t *describe_hours(const struct preferences *preferences, struct arena *arena)
{
    json_t *hours = json_object();
    for (int day = 0; day < 7; day++) {
        const struct day_span_list *spans = &preferences->working_hours[day];
        json_t *list = json_array();
        for (size_t i = 0; i < spans->count; i++) {
            unsigned start = spans->items[i].start_min, end = spans->items[i].end_min;
            json_array_append_new(
                list, json_from_text(arena_format(arena, "%02u:%02u-%02u:%02u", start / 60,
                                                  start % 60, end / 60, end % 60)));
        }
        if (spans->count > 0)
            json_object_set_new(hours, day_names[day], list);
        else
            json_decref(list);
    }
    return hours;
}

/* As the scenario format and `person set` write them. */
static json_t *describe_preferences(const struct preferences *p, struct arena *arena)
{
    json_t *durations = json_object(), *places = json_object();
    for (int kind = KIND_CALL; kind < KIND_COUNT_; kind++) {
        json_object_set_new(durations, meeting_kind_names[kind],
                            json_integer(p->durations_min[kind]));
        if (p->places[kind].len > 0)
            json_object_set_new(places, meeting_kind_names[kind], json_from_text(p->places[kind]));
    }
    return json_pack("{s:o, s:{s:i, s:i}, s:{s:i, s:i}, s:o, s:i, s:i, s:o}", "working_hours",
                     describe_hours(p, arena), "buffer_minutes", "before",
                     (int)p->buffer_before_min, "after", (int)p->buffer_after_min,
                     "buffer_in_person_minutes", "before", (int)p->in_person_before_min, "after",
                     (int)p->in_person_after_min, "durations_minutes", durations, "notice_minutes",
                     (int)p->notice_min, "proposals", (int)p->proposals, "places", places);
}

static json_t *describe(const struct person *person)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:b, s:o, s:s, s:o, s:b}", "id",
                     json_from_text(person->id), "organisation",
                     json_from_text(person->organisation), "address",
                     json_from_text(person->address), "name", json_from_text(person->name),
                     "client", person->client, "time_zone", json_from_text(person->time_zone),
                     "language", language_names[person->language], "holidays",
                     json_from_text(person->holidays), "calendar", person->has_calendar);
}

/* What may be said of a person on the command line. */
struct person_words {
    const char *address, *name, *time_zone, *language, *holidays;
    int client, guest;
};
#define PERSON_OPTIONS(words)                                                                      \
    {"name", NULL, &(words).name, "NAME", "as mails should say it"},                               \
        {"time-zone", NULL, &(words).time_zone, "ZONE", "like Europe/Paris"},                      \
        {"language", NULL, &(words).language, "L", "fr or en"},                                    \
        {"holidays", NULL, &(words).holidays, "CC", "country of public holidays, like FR"},        \
        {"client", &(words).client, NULL, NULL, "may ask for meetings"},                           \
    {                                                                                              \
        "guest", &(words).guest, NULL, NULL, "may not (default)"                                   \
    }

static enum status apply_words(const struct person_words *words, struct person *person,
                               struct problem *why)
{
    if (words->name != NULL)
        person->name = slice_from(words->name);
    if (words->address != NULL)
        person->address = slice_from(words->address);
    if (words->time_zone != NULL)
        person->time_zone = slice_from(words->time_zone);
    if (words->holidays != NULL)
        person->holidays = slice_from(words->holidays);
    if (words->client || words->guest)
        person->client = words->client != 0;
    if (words->language == NULL)
        return ST_OK;
    for (int i = LANGUAGE_UNKNOWN + 1; i < LANGUAGE_COUNT_; i++)
        if (strcmp(words->language, language_names[i]) == 0) {
            person->language = (enum language)i;
            return ST_OK;
        }
    return problem_set(why, ST_INVALID, "language: fr or en is needed");
}

/* "Nora Keller <nora@acme.example>" names the person too, unless --name did. */
static void split_mailbox(struct admin *admin, struct person_words *words)
{
    struct slice text = slice_trim(slice_from(words->address));
    size_t open = slice_find(text, LIT("<"), 0);
    if (open == SIZE_MAX || !slice_ends(text, LIT(">")))
        return;
    struct slice name = slice_trim(slice_sub(text, 0, open));
    words->address = arena_text(admin->arena, slice_sub(text, open + 1, text.len - 1));
    if (words->name == NULL && name.len > 0)
        words->name = arena_text(admin->arena, name);
}

static int add(struct admin *admin, int argc, char **argv)
{
    struct person_words words = {0};
    const char *organisation = NULL;
    struct organisation_entry owner;
    const struct cli_option options[] = {
        {"organisation", NULL, &organisation, "ID", "which one (else the only one)"},
        PERSON_OPTIONS(words),
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, &words.address, 1, "one address is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, directory_find_organisation(admin->directory, slice_from(organisation),
                                                 admin->arena, &owner, &admin->why));
    const struct config *config = directory_config(admin->directory);
    split_mailbox(admin, &words);
    struct person person = {.organisation = owner.id,
                            .name = slice_from(words.address),
                            .time_zone = config->assistant.time_zone,
                            .language = config->assistant.language};
    preferences_defaults(admin->arena, &person.preferences);
    ADMIN_TRY(admin, apply_words(&words, &person, &admin->why));
    ADMIN_TRY(admin, directory_save_person(admin->directory, &person, clock_now(), admin->arena,
                                           &admin->why));
    if (admin->as_json)
        return admin_print(admin, describe(&person));
    printf("%.*s\n", SLICE_ARG(person.id));
    return EXIT_YES;
}

static int list(struct admin *admin, int argc, char **argv)
{
    const char *organisation = NULL;
    struct person_list people;
    const struct cli_option options[] = {
        {"organisation", NULL, &organisation, "ID", "only those of one"},
        {0},
    };
    int code = admin_begin(admin, argc, argv, options, NULL, 0, "nothing else is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, directory_list_people(admin->directory, slice_from(organisation), admin->arena,
                                           &people, &admin->why));
    for (size_t i = 0; i < people.count; i++) {
        const struct person *p = &people.items[i];
        AUTO_JSON object = describe(p);
        if (admin->as_json)
            cli_print_json(object);
        else
            printf("%-30.*s %-30.*s %-6s %-12.*s %s\n", SLICE_ARG(p->id), SLICE_ARG(p->address),
                   p->client ? "client" : "guest", SLICE_ARG(p->organisation),
                   p->has_calendar ? "calendar" : "-");
    }
    return EXIT_YES;
}

/* The person that the command names. -1: *person is there; else the exit code. */
static int begin_with(struct admin *admin, int argc, char **argv, const struct cli_option *options,
                      struct person *person)
{
    const char *who = NULL;
    int code = admin_begin(admin, argc, argv, options, &who, 1, "one address or id is");
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, directory_find_person(admin->directory, slice_from(who), admin->arena, person,
                                           &admin->why));
    return -1;
}

static int show(struct admin *admin, int argc, char **argv)
{
    struct person person;
    int code = begin_with(admin, argc, argv, (const struct cli_option[]){{0}}, &person);
    if (code >= 0)
        return code;
    json_t *object = describe(&person);
    json_object_set_new(object, "preferences",
                        describe_preferences(&person.preferences, admin->arena));
    return admin_print(admin, object);
}

/* KEY=VALUE of the scenario format, the value as JSON: proposals=5,
 * working_hours={"mon":["09:00-12:00"]}. */
static enum status apply_preference(struct admin *admin, const char *preference,
                                    struct person *person)
{
    const char *equals = strchr(preference, '=');
    AUTO_JSON object = NULL;
    if (equals == NULL)
        return problem_set(&admin->why, ST_INVALID, "preference: KEY=VALUE is needed");
    struct slice key = {preference, (size_t)(equals - preference)};
    struct slice text = arena_format(admin->arena, "{\"%.*s\":%s}", SLICE_ARG(key), equals + 1);
    if (json_read(text, &object, NULL) != ST_OK)
        return problem_set(&admin->why, ST_INVALID,
                           "preference: the value must be JSON, like proposals=5");
    return preferences_from_json((const struct json_t *)object, admin->arena, &person->preferences,
                                 &admin->why);
}

static int set(struct admin *admin, int argc, char **argv)
{
    struct person_words words = {0};
    const char *preference = NULL;
    struct person person;
    const struct cli_option options[] = {
        {"address", NULL, &words.address, "ADDRESS", "a new address"},
        PERSON_OPTIONS(words),
        {"preference", NULL, &preference, "KEY=VALUE",
         "working_hours, buffer_minutes, notice_minutes, proposals, … as JSON"},
        {0},
    };
    int code = begin_with(admin, argc, argv, options, &person);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin, apply_words(&words, &person, &admin->why));
    if (preference != NULL)
        ADMIN_TRY(admin, apply_preference(admin, preference, &person));
    ADMIN_TRY(admin, directory_save_person(admin->directory, &person, clock_now(), admin->arena,
                                           &admin->why));
    return admin->as_json ? admin_print(admin, describe(&person)) : EXIT_YES;
}

static int remove_person(struct admin *admin, int argc, char **argv)
{
    struct person person;
    int code = begin_with(admin, argc, argv, (const struct cli_option[]){{0}}, &person);
    if (code >= 0)
        return code;
    ADMIN_TRY(admin,
              directory_remove_person(admin->directory, person.id, clock_now(), &admin->why));
    return EXIT_YES;
}

int cmd_person(int argc, char **argv)
{
    static const struct admin_verb verbs[] = {
        {"add", add}, {"list", list}, {"show", show}, {"set", set}, {"remove", remove_person},
        {"export", rights_export}, {"erase", rights_erase}, {"stop", rights_stop},
        {"allow", rights_allow}, {0},
    };
    return admin_run(argc, argv, verbs);
}
