#include <string.h>

#include "domain/people/people.h"
#include "formats/json/json.h"

static bool read_clock(const char *text, uint32_t *minutes_out)
{
    if (!ascii_is_digit(text[0]) || !ascii_is_digit(text[1]) || text[2] != ':' ||
        !ascii_is_digit(text[3]) || !ascii_is_digit(text[4]))
        return false;
    uint32_t hour = (uint32_t)(text[0] - '0') * 10 + (uint32_t)(text[1] - '0');
    uint32_t minute = (uint32_t)(text[3] - '0') * 10 + (uint32_t)(text[4] - '0');
    *minutes_out = hour * 60 + minute;
    return minute < 60 && *minutes_out <= 1440;
}

static enum status read_spans(const json_t *array, struct arena *arena, struct day_span_list *out,
                              struct problem *why)
{
    size_t index;
    json_t *item;
    json_array_foreach(array, index, item)
    {
        const char *text = json_string_value(item);
        struct day_span span;
        if (text == NULL || strlen(text) != 11 || !read_clock(text, &span.start_min) ||
            text[5] != '-' || !read_clock(text + 6, &span.end_min) || span.start_min >= span.end_min)
            return problem_set(why, ST_INVALID, "working_hours: write spans as \"09:00-12:30\"");
        ARENA_PUSH(arena, out, span);
    }
    return ST_OK;
}

static enum status read_hours(const json_t *object, struct arena *arena, struct preferences *out,
                              struct problem *why)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int day = 0; day < 7; day++) {
        out->working_hours[day] = (struct day_span_list){0};
        TRY(read_spans(json_object_get(object, days[day]), arena, &out->working_hours[day], why));
    }
    return ST_OK;
}

static enum status read_minutes(const json_t *value, const char *what, uint32_t most, uint32_t *out,
                                struct problem *why)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || number > (json_int_t)most)
        return problem_set(why, ST_INVALID, "%s: a number from 0 to %u is needed", what, most);
    *out = (uint32_t)number;
    return ST_OK;
}

static enum status read_buffer(const json_t *object, const char *what, uint32_t *before,
                               uint32_t *after, struct problem *why)
{
    if (!json_is_object(object))
        return problem_set(why, ST_INVALID, "%s: {\"before\":N,\"after\":N} is needed", what);
    *before = *after = 0;
    const json_t *value = json_object_get(object, "before");
    if (value != NULL)
        TRY(read_minutes(value, what, 1440, before, why));
    value = json_object_get(object, "after");
    return value == NULL ? ST_OK : read_minutes(value, what, 1440, after, why);
}

static int kind_by_name(const char *name)
{
    for (int kind = KIND_CALL; kind < KIND_COUNT_; kind++)
        if (strcmp(meeting_kind_names[kind], name) == 0)
            return kind;
    return KIND_UNKNOWN;
}

static enum status read_by_kind(json_t *object, const char *what, struct arena *arena,
                                struct preferences *out, struct problem *why)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        int kind = kind_by_name(name);
        if (kind == KIND_UNKNOWN)
            return problem_set(why, ST_INVALID, "%s: no such kind of meeting", what);
        if (json_is_string(value))
            out->places[kind] = arena_copy(arena, slice_from(json_string_value(value)));
        else
            TRY(read_minutes(value, what, 1440, &out->durations_min[kind], why));
    }
    return ST_OK;
}

enum status preferences_from_json(const struct json_t *object, struct arena *arena,
                                  struct preferences *out, struct problem *why)
{
    const char *name;
    json_t *value, *members = json_incref((json_t *)(uintptr_t)object);
    json_decref(members); /* the caller keeps its reference; jansson's iterator is not const */
    json_object_foreach(members, name, value)
    {
        if (strcmp(name, "working_hours") == 0)
            TRY(read_hours(value, arena, out, why));
        else if (strcmp(name, "buffer_minutes") == 0)
            TRY(read_buffer(value, name, &out->buffer_before_min, &out->buffer_after_min, why));
        else if (strcmp(name, "buffer_in_person_minutes") == 0)
            TRY(read_buffer(value, name, &out->in_person_before_min, &out->in_person_after_min,
                            why));
        else if (strcmp(name, "durations_minutes") == 0 || strcmp(name, "places") == 0)
            TRY(read_by_kind(value, name, arena, out, why));
        else if (strcmp(name, "notice_minutes") == 0)
            TRY(read_minutes(value, name, 100000, &out->notice_min, why));
        else if (strcmp(name, "proposals") == 0)
            TRY(read_minutes(value, name, 10, &out->proposals, why));
        else
            return problem_set(why, ST_INVALID, "preferences: unknown member");
    }
    return ST_OK;
}
