/* A lesson as a scenario that `rendez replay` plays (tests/scenarios): the message in a scene that leads to it. */
#include <stdlib.h>
#include <string.h>

#include "domain/casefile/disguise.h"
#include "domain/people/people.h"
#include "roles/planner/learning.h"

enum { COPIED_MAX = 5, CALENDAR_DAYS = 90 };
static const char assistant[] = "Alex <alex@assist.example>";

struct maker {
    const json_t *lesson, *scene, *said, *offers;
    struct arena *arena;
    struct instant received;
    size_t writer;
    bool french;
};

static json_t *address_json(const struct maker *m, size_t person)
{
    return json_from_text(disguise_address(person, m->arena));
}

static json_t *at_json(const struct maker *m, struct instant at)
{
    return json_from_text(instant_format(at, zone_utc(), m->arena));
}

/* The organizer, whose whole day is theirs to give: what is free is what the calendar leaves. */
static json_t *organizer_json(const struct maker *m)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    json_t *hours = json_object(), *preferences = json_object(), *out = json_object();
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        json_object_set_new(hours, days[i], json_pack("[s]", "00:00-23:59"));
    if (json_array_size(m->offers) > 0) {
        json_object_set(preferences, "working_hours", hours);
        json_object_set_new(preferences, "proposals", json_integer((json_int_t)json_array_size(m->offers)));
        json_object_set_new(preferences, "notice_minutes", json_integer(0));
        json_object_set_new(preferences, "buffer_in_person_minutes", json_pack("{s:i, s:i}", "before", 0, "after", 0));
        json_object_set_new(out, "preferences", json_incref(preferences));
    }
    json_decref(hours);
    json_decref(preferences);
    json_object_set_new(out, "address", address_json(m, 0));
    json_object_set_new(out, "name", json_from_text(disguise_name(0, m->arena)));
    json_object_set_new(out, "client", json_true());
    json_object_set_new(out, "time_zone", json_string("Europe/Paris"));
    json_object_set_new(out, "language", json_string(m->french ? "fr" : "en"));
    json_object_set_new(out, "calendar", json_string("calendars/organiser.ics"));
    return out;
}

static json_t *message_json(const struct maker *m, struct slice text, size_t copied_from, size_t copied_until)
{
    json_t *out = json_object(), *copied = json_array();
    for (size_t i = copied_from; i < copied_until && i < copied_from + COPIED_MAX; i++)
        json_array_append_new(copied, address_json(m, i));
    json_object_set_new(out, "from", address_json(m, 0));
    json_object_set_new(out, "to", json_pack("[s]", assistant));
    json_object_set_new(out, "cc", copied);
    json_object_set_new(out, "subject", json_string(m->french ? "Rendez-vous" : "Meeting"));
    json_object_set_new(out, "text", json_from_text(text));
    return out;
}

/* What the person said, as far as a scenario can tell it. */
static json_t *expect_json(const struct maker *m, bool answer)
{
    json_t *expect = json_object(), *meeting = json_object();
    const char *kind = json_string_value(json_object_get(m->said, "kind"));
    int64_t length = json_number(m->said, "duration_min", 0), accepted = 0;
    if (json_array_size(json_object_get(m->said, "accepted")) == 1)
        accepted = json_integer_value(json_array_get(json_object_get(m->said, "accepted"), 0));
    if (kind != NULL && kind[0] != '\0' && strcmp(kind, meeting_kind_names[KIND_UNKNOWN]) != 0)
        json_object_set_new(meeting, "kind", json_string(kind));
    if (length > 0)
        json_object_set_new(meeting, "duration_minutes", json_integer(length));
    if (answer && accepted > 0)
        json_object_set_new(meeting, "start", json_pack("{s:I, s:o}", "proposal", (json_int_t)accepted, "to", address_json(m, m->writer)));
    json_object_set_new(expect, "supervised", json_false());
    if (json_object_size(meeting) > 0)
        json_object_set(expect, "meeting", meeting);
    json_decref(meeting);
    return expect;
}

/* A request that leads to the offers that were made. */
static struct slice request_text(const struct maker *m)
{
    struct slice name = disguise_name(m->writer, m->arena), address = disguise_address(m->writer, m->arena);
    long long length = (long long)json_number(m->scene, "duration_min", 30);
    return m->french ? arena_format(m->arena, "Bonjour Alex,\n\nOrganise une r\u00e9union de %lld minutes avec %.*s (%.*s), s'il te pla\u00eet.\n",
                                    length, SLICE_ARG(name), SLICE_ARG(address))
                     : arena_format(m->arena, "Hi Alex,\n\nPlease set up a meeting of %lld minutes with %.*s (%.*s).\n", length,
                                    SLICE_ARG(name), SLICE_ARG(address));
}

static json_t *steps_json(const struct maker *m)
{
    json_t *steps = json_array(), *last = json_object();
    struct slice text = json_text(m->lesson, "text");
    size_t people = (size_t)json_number(m->scene, "people", 0);
    json_object_set_new(last, "at", at_json(m, m->received));
    if (m->writer == 0) {
        json_object_set_new(last, "message", message_json(m, text, 1, people));
    } else {
        json_t *first = json_object(), *reply = json_object();
        json_object_set_new(first, "at", at_json(m, (struct instant){m->received.us - DAY_US}));
        json_object_set_new(first, "message", message_json(m, request_text(m), 0, 0));
        json_array_append_new(steps, first);
        json_object_set_new(reply, "from", address_json(m, m->writer));
        json_object_set_new(reply, "text", json_from_text(text));
        json_object_set_new(reply, "quote", json_string("none"));
        json_object_set_new(reply, "all", json_false());
        json_object_set_new(last, "reply", reply);
    }
    json_object_set_new(last, "expect", expect_json(m, m->writer != 0));
    json_array_append_new(steps, last);
    return steps;
}

/* Calendar: busy but for what was offered */

static struct instant offer_time(const struct maker *m, size_t i, const char *member)
{
    struct instant at = {0};
    if (instant_parse(json_text(json_array_get(m->offers, i), member), &at, NULL, NULL) != ST_OK)
        at = m->received;
    return at;
}

static int by_start(const void *a, const void *b)
{
    int64_t left = ((const struct interval *)a)->start.us, right = ((const struct interval *)b)->start.us;
    return left < right ? -1 : left > right;
}

static void put_time(const struct maker *m, struct buffer *out, const char *name, struct instant at)
{
    struct slice text = slice_sub(instant_format(at, zone_utc(), m->arena), 0, sizeof "2026-03-02T08:00:00" - 1);
    buffer_add(out, slice_from(name));
    for (size_t i = 0; i < text.len; i++)
        if (ascii_is_digit(text.data[i]) || text.data[i] == 'T')
            buffer_add(out, slice_sub(text, i, i + 1));
    buffer_add(out, LIT("Z\r\n"));
}

static void put_busy(const struct maker *m, struct buffer *out, struct instant from, struct instant until)
{
    if (until.us <= from.us)
        return;
    buffer_add_format(out, "BEGIN:VEVENT\r\nUID:busy-%lld@lesson.example\r\n", (long long)(from.us / MINUTE_US));
    put_time(m, out, "DTSTAMP:", (struct instant){m->received.us - 2 * DAY_US});
    put_time(m, out, "DTSTART:", from);
    put_time(m, out, "DTEND:", until);
    buffer_add(out, LIT("SUMMARY:Busy\r\nEND:VEVENT\r\n"));
}

static struct slice calendar_text(const struct maker *m)
{
    size_t count = json_array_size(m->offers);
    struct interval *spans = ARENA_ARRAY(m->arena, count + 1, struct interval);
    struct instant free_from = {m->received.us - 2 * DAY_US};
    AUTO_BUFFER out = buffer_create(1 << 20);
    for (size_t i = 0; i < count; i++)
        spans[i] = (struct interval){offer_time(m, i, "start"), offer_time(m, i, "end")};
    qsort(spans, count, sizeof *spans, by_start);
    buffer_add(&out, LIT("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Rendez//Lesson//EN\r\n"));
    for (size_t i = 0; i < count; i++) {
        put_busy(m, &out, free_from, spans[i].start);
        free_from = spans[i].end;
    }
    if (count > 0)
        put_busy(m, &out, free_from, (struct instant){m->received.us + CALENDAR_DAYS * DAY_US});
    buffer_add(&out, LIT("END:VCALENDAR\r\n"));
    return arena_copy(m->arena, buffer_slice(&out));
}

struct lesson_scenario lesson_scenario(const json_t *lesson, struct arena *arena)
{
    const json_t *scene = json_object_get(lesson, "scene");
    struct maker m = {.lesson = lesson, .scene = scene, .said = json_object_get(lesson, "said"),
                      .offers = json_object_get(scene, "offers"), .arena = arena,
                      .writer = (size_t)json_number(scene, "writer", 0),
                      .french = slice_equal(json_text(lesson, "language"), LIT("fr"))};
    if (instant_parse(json_text(scene, "received"), &m.received, NULL, NULL) != ST_OK)
        m.received = (struct instant){0};
    AUTO_JSON out = json_object();
    json_object_set_new(out, "title", json_from_text(arena_format(arena, "Lesson %.*s: %.*s is %.*s", SLICE_ARG(json_text(lesson, "id")),
                                                                  SLICE_ARG(json_text(json_object_get(lesson, "read"), "intent")),
                                                                  SLICE_ARG(json_text(m.said, "intent")))));
    json_object_set_new(out, "lang", json_string(m.french ? "fr" : "en"));
    json_object_set_new(out, "assistant", json_string(assistant));
    json_object_set_new(out, "people", json_pack("[o]", organizer_json(&m)));
    json_object_set_new(out, "steps", steps_json(&m));
    return (struct lesson_scenario){json_write_pretty(out, arena), calendar_text(&m)};
}
