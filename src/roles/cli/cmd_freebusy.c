/* rendez freebusy: when the owner of a calendar file is busy. */
#include "roles/cli/calendar_file.h"

/* Busy times of two kinds; where both are, it is busy. */
struct answer {
    struct interval_list busy, tentative;
};

static enum status find(const struct calendar_asked *asked, struct arena *arena, struct answer *answer,
                        struct problem *why)
{
    struct occurrence_list all;
    struct interval_list window = {(struct interval[]){asked->window}, 1, 1};
    TRY(calendar_occurrences(&asked->calendar, asked->owner, asked->zone, asked->window, arena, &all, why));
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].busy)
            ARENA_PUSH(arena, all.items[i].tentative ? &answer->tentative : &answer->busy,
                       all.items[i].span);
    intervals_normalise(&answer->busy);
    intervals_normalise(&answer->tentative);
    answer->busy = intervals_intersect(arena, answer->busy, window);
    answer->tentative = intervals_intersect(
        arena, intervals_subtract(arena, answer->tentative, answer->busy), window);
    return ST_OK;
}

/* Takes the next period of both lists in order of time; false at the end. */
static bool next_period(const struct answer *answer, size_t *busy, size_t *tentative,
                        struct interval *span, bool *is_tentative)
{
    bool has_busy = *busy < answer->busy.count,
         has_tentative = *tentative < answer->tentative.count;
    if (!has_busy && !has_tentative)
        return false;
    *is_tentative = !has_busy || (has_tentative && answer->tentative.items[*tentative].start.us <
                                                       answer->busy.items[*busy].start.us);
    *span = *is_tentative ? answer->tentative.items[(*tentative)++] : answer->busy.items[(*busy)++];
    return true;
}

/* "20260302T080000Z", as iCalendar writes it. */
static struct slice utc_text(struct instant at, struct arena *arena)
{
    struct civil wall = civil_from_us(at.us);
    return arena_format(arena, "%04d%02d%02dT%02d%02d%02dZ", wall.date.year, wall.date.month,
                        wall.date.day, wall.hour, wall.minute, wall.second);
}

static struct slice property_text(struct interval span, bool tentative, struct arena *arena)
{
    return arena_format(arena, "FREEBUSY%s:%.*s/%.*s", tentative ? ";FBTYPE=BUSY-TENTATIVE" : "",
                        SLICE_ARG(utc_text(span.start, arena)),
                        SLICE_ARG(utc_text(span.end, arena)));
}

/* Batch: {"id", "from", "to", "objects": [iCalendar text], "tz", "vavailability"} gives
 * {"id", "freebusy": [property lines]}. */

static bool utc_parse(struct slice text, struct instant *at)
{
    struct civil wall = {0};
    uint64_t parts[6];
    static const uint8_t starts[] = {0, 4, 6, 9, 11, 13}, ends[] = {4, 6, 8, 11, 13, 15};
    if (text.len != 16)
        return instant_parse(text, at, NULL, NULL) == ST_OK;
    for (size_t i = 0; i < 6; i++)
        if (!slice_to_u64(slice_sub(text, starts[i], ends[i]), 9999, &parts[i]))
            return false;
    wall.date = (struct civil_date){(int32_t)parts[0], (uint8_t)parts[1], (uint8_t)parts[2]};
    if (!civil_date_is_valid(wall.date) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
        return false;
    wall.hour = (uint8_t)parts[3];
    wall.minute = (uint8_t)parts[4];
    wall.second = (uint8_t)parts[5];
    at->us = civil_to_us(wall);
    return true;
}

static enum status add_object(const json_t *object, struct arena *arena, struct ical_calendar *sum,
                              struct problem *why)
{
    struct ical_calendar one;
    TRY(ical_parse(slice_from(json_string_value(object)), arena, &one, why));
    for (size_t i = 0; i < one.events.count; i++)
        ARENA_PUSH(arena, &sum->events, one.events.items[i]);
    for (size_t i = 0; i < one.freebusy.count; i++)
        ARENA_PUSH(arena, &sum->freebusy, one.freebusy.items[i]);
    for (size_t i = 0; i < one.availability.count; i++)
        ARENA_PUSH(arena, &sum->availability, one.availability.items[i]);
    return ST_OK;
}

static enum status read_row(const json_t *row, struct arena *arena, struct calendar_asked *asked,
                            struct problem *why)
{
    struct slice zone = json_text(row, "tz");
    const json_t *objects = json_object_get(row, "objects");
    asked->owner = json_text(row, "owner");
    if (!utc_parse(json_text(row, "from"), &asked->window.start) ||
        !utc_parse(json_text(row, "to"), &asked->window.end))
        return problem_set(why, ST_INVALID, "from and to are instants");
    TRY(zone_load(zone.len > 0 ? zone : LIT("UTC"), &asked->zone, why));
    for (size_t i = 0; i < json_array_size(objects); i++)
        TRY(add_object(json_array_get(objects, i), arena, &asked->calendar, why));
    const json_t *availability = json_object_get(row, "vavailability");
    return json_is_string(availability) ? add_object(availability, arena, &asked->calendar, why) : ST_OK;
}

static void answer_row(const json_t *row, struct arena *arena, void *context)
{
    struct calendar_asked asked = {0};
    struct answer answer = {0};
    struct problem why = {0};
    (void)context;
    AUTO_JSON line = json_object();
    json_object_set_new(line, "id", json_from_text(json_text(row, "id")));
    enum status status = read_row(row, arena, &asked, &why);
    if (status == ST_OK)
        status = find(&asked, arena, &answer, &why);
    if (status != ST_OK) {
        json_object_set_new(line, "error", json_string(why.detail));
    } else {
        json_t *list = json_array();
        struct interval span;
        bool tentative;
        for (size_t b = 0, t = 0; next_period(&answer, &b, &t, &span, &tentative);)
            json_array_append_new(list, json_from_text(property_text(span, tentative, arena)));
        json_object_set_new(line, "freebusy", list);
    }
    cli_print_json(line);
}

/* One file */

static void print_period(struct interval span, bool tentative, const struct zone *zone,
                         bool as_json, struct arena *arena)
{
    struct slice start = instant_format(span.start, zone, arena);
    struct slice end = instant_format(span.end, zone, arena);
    if (!as_json) {
        printf("%.*s  %.*s%s\n", SLICE_ARG(start), SLICE_ARG(end), tentative ? "  tentative" : "");
        return;
    }
    AUTO_JSON line = json_pack("{s:o,s:o,s:b}", "start", json_from_text(start), "end",
                               json_from_text(end), "tentative", (int)tentative);
    cli_print_json(line);
}

int cmd_freebusy(int argc, char **argv)
{
    static const struct calendar_words words = {
        "one JSON object a busy time", "read {id, from, to, objects, tz} lines from stdin", answer_row};
    AUTO_ARENA arena = arena_create(ical_arena_bytes(ICAL_BYTES_MAX) + CALENDAR_ARENA_BYTES);
    struct calendar_asked asked;
    struct answer answer = {0};
    struct problem why = {0};
    int code = calendar_file_begin(argc, argv, &words, arena, &asked);
    if (code >= 0)
        return code;
    if (find(&asked, arena, &answer, &why) != ST_OK)
        return cli_fail_problem(&why);
    struct interval span;
    bool tentative;
    for (size_t b = 0, t = 0; next_period(&answer, &b, &t, &span, &tentative);)
        print_period(span, tentative, asked.zone, asked.as_json, arena);
    return EXIT_YES;
}
