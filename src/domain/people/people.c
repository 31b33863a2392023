#include "domain/people/people.h"

const char *const language_names[3] = {"", "fr", "en"};
const char *const meeting_kind_names[KIND_COUNT_] = {
    "", "call", "video", "meeting", "lunch", "breakfast", "coffee", "drinks", "dinner",
};
const char *const place_kind_names[4] = {"unknown", "in_person", "phone", "video"};

static const struct record_field place_fields[] = {
    FIELD_ENUM(place, kind, 1, place_kind_names),
    FIELD(place, text, 2, RECORD_TEXT),
};
RECORD_TYPE(place_record, place, place_fields);

static const struct record_field day_span_fields[] = {
    FIELD(day_span, start_min, 1, RECORD_U32),
    FIELD(day_span, end_min, 2, RECORD_U32),
};
static RECORD_TYPE(day_span_record, day_span, day_span_fields);

/* An element of an array: named by itself, with a tag that keeps its place. */
#define ELEMENT(c_type, member, index, tag_, name_, kind_, ...)                                    \
    {.name = (name_), .tag = (tag_), .kind = (kind_),                                              \
     .offset = offsetof(struct c_type, member) + (index) * sizeof(((struct c_type *)0)->member[0]), \
     __VA_ARGS__}
#define HOURS(index, name)                                                                         \
    ELEMENT(preferences, working_hours, index, 10 + (index), name, RECORD_LIST,                    \
            .type = &day_span_record)
#define DURATION(index, name)                                                                      \
    ELEMENT(preferences, durations_min, index, 20 + (index), "duration_" name, RECORD_U32, )
#define PLACE(index, name)                                                                         \
    ELEMENT(preferences, places, index, 40 + (index), "place_" name, RECORD_TEXT, )

static const struct record_field preferences_fields[] = {
    FIELD(preferences, buffer_before_min, 1, RECORD_U32),
    FIELD(preferences, buffer_after_min, 2, RECORD_U32),
    FIELD(preferences, in_person_before_min, 3, RECORD_U32),
    FIELD(preferences, in_person_after_min, 4, RECORD_U32),
    FIELD(preferences, notice_min, 5, RECORD_U32),
    FIELD(preferences, proposals, 6, RECORD_U32),
    HOURS(MONDAY, "monday"),
    HOURS(TUESDAY, "tuesday"),
    HOURS(WEDNESDAY, "wednesday"),
    HOURS(THURSDAY, "thursday"),
    HOURS(FRIDAY, "friday"),
    HOURS(SATURDAY, "saturday"),
    HOURS(SUNDAY, "sunday"),
    DURATION(KIND_CALL, "call"),
    DURATION(KIND_VIDEO, "video"),
    DURATION(KIND_MEETING, "meeting"),
    DURATION(KIND_LUNCH, "lunch"),
    DURATION(KIND_BREAKFAST, "breakfast"),
    DURATION(KIND_COFFEE, "coffee"),
    DURATION(KIND_DRINKS, "drinks"),
    DURATION(KIND_DINNER, "dinner"),
    PLACE(KIND_CALL, "call"),
    PLACE(KIND_VIDEO, "video"),
    PLACE(KIND_MEETING, "meeting"),
    PLACE(KIND_LUNCH, "lunch"),
    PLACE(KIND_BREAKFAST, "breakfast"),
    PLACE(KIND_COFFEE, "coffee"),
    PLACE(KIND_DRINKS, "drinks"),
    PLACE(KIND_DINNER, "dinner"),
};
RECORD_TYPE(preferences_record, preferences, preferences_fields);

static const struct record_field person_fields[] = {
    FIELD(person, id, 1, RECORD_TEXT),
    FIELD(person, organisation, 2, RECORD_TEXT),
    FIELD(person, address, 3, RECORD_TEXT),
    FIELD(person, name, 4, RECORD_TEXT),
    FIELD(person, client, 5, RECORD_BOOL),
    FIELD(person, has_calendar, 6, RECORD_BOOL),
    FIELD(person, time_zone, 7, RECORD_TEXT),
    FIELD_ENUM(person, language, 8, language_names),
    FIELD(person, holidays, 9, RECORD_TEXT),
    FIELD(person, calendar, 10, RECORD_TEXT),
    FIELD_OF(person, preferences, 11, RECORD_STRUCT, preferences_record),
    FIELD(person, calendar_user, 12, RECORD_TEXT),
    FIELD(person, calendar_password, 13, RECORD_TEXT),
};
RECORD_TYPE(person_record, person, person_fields);

void preferences_defaults(struct arena *arena, struct preferences *out)
{
    static const struct day_span office[] = {{9 * 60, 12 * 60}, {14 * 60, 18 * 60}};
    static const uint32_t durations[KIND_COUNT_] = {
        [KIND_UNKNOWN] = 60, [KIND_CALL] = 30,      [KIND_VIDEO] = 30,
        [KIND_MEETING] = 60, [KIND_LUNCH] = 90,     [KIND_BREAKFAST] = 60,
        [KIND_COFFEE] = 30,  [KIND_DRINKS] = 60,    [KIND_DINNER] = 120,
    };
    *out = (struct preferences){
        .in_person_before_min = 30,
        .in_person_after_min = 30,
        .notice_min = 120,
        .proposals = 3,
    };
    for (int day = MONDAY; day <= FRIDAY; day++)
        for (size_t i = 0; i < sizeof office / sizeof *office; i++)
            ARENA_PUSH(arena, &out->working_hours[day], office[i]);
    for (int kind = 0; kind < KIND_COUNT_; kind++)
        out->durations_min[kind] = durations[kind];
}

struct day_span_list kind_hours(enum meeting_kind kind)
{
    static struct day_span breakfast[] = {{7 * 60, 10 * 60}};
    static struct day_span coffee[] = {{9 * 60, 12 * 60}, {14 * 60, 18 * 60}};
    static struct day_span lunch[] = {{12 * 60, 14 * 60 + 30}};
    static struct day_span drinks[] = {{18 * 60, 21 * 60}};
    static struct day_span dinner[] = {{19 * 60 + 30, 24 * 60}};
    static const struct day_span_list hours[KIND_COUNT_] = {
        [KIND_BREAKFAST] = {breakfast, 1, 1}, [KIND_COFFEE] = {coffee, 2, 2},
        [KIND_LUNCH] = {lunch, 1, 1},         [KIND_DRINKS] = {drinks, 1, 1},
        [KIND_DINNER] = {dinner, 1, 1},
    };
    return hours[kind];
}

bool kind_is_in_person(enum meeting_kind kind, enum place_kind place)
{
    if (place != PLACE_UNKNOWN)
        return place == PLACE_IN_PERSON;
    return kind >= KIND_LUNCH && kind <= KIND_DINNER;
}
