#include <stdlib.h>

#include "check.h"
#include "domain/calendar/calendar.h"
#include "domain/slots/slots.h"

static const struct zone *load(const char *name)
{
    const struct zone *zone = zone_utc();
    CHECK_OK(zone_load(slice_from(name), &zone, NULL));
    return zone;
}

/* "2026-03-09T10:00/11:30 …" by the clock of `zone`. */
static struct interval_list spans(struct arena *arena, const char *text, const struct zone *zone)
{
    struct interval_list list = {0};
    struct slice rest = slice_from(text);
    while (rest.len >= 22) {
        struct civil start, end;
        CHECK_OK(civil_parse(slice_sub(rest, 0, 16), &start, NULL));
        struct slice clock = slice_sub(rest, 17, 22);
        struct slice stop = arena_format(arena, "%.11s%.*s", rest.data, SLICE_ARG(clock));
        CHECK_OK(civil_parse(slice_equal(clock, LIT("24:00")) ? slice_sub(stop, 0, 10) : stop, &end,
                             NULL));
        if (slice_equal(clock, LIT("24:00")))
            end.date = civil_date_add(end.date, 1);
        struct interval span = {civil_to_instant(start, zone), civil_to_instant(end, zone)};
        ARENA_PUSH(arena, &list, span);
        rest = slice_sub(rest, 23, rest.len);
    }
    return list;
}

static struct slice show(struct arena *arena, struct interval_list list, const struct zone *zone)
{
    AUTO_BUFFER out = buffer_create(1 << 14);
    for (size_t i = 0; i < list.count; i++) {
        struct slice start = civil_format(civil_from_instant(list.items[i].start, zone), arena);
        buffer_add_format(&out, "%s%.11s", i == 0 ? "" : " ", start.data + 5);
    }
    return arena_copy(arena, buffer_slice(&out));
}

/* Monday 2 March 2026, 10:00 in Paris; the week of the 9th is asked for by most rows. */
struct row {
    const char *title;
    enum meeting_kind kind;
    uint32_t duration_min, count;
    bool in_person, hours_named;
    const char *holidays, *busy, *allowed, *preferred, *excluded, *want;
};

#define WEEK                                                                                       \
    "2026-03-09T00:00/24:00 2026-03-10T00:00/24:00 2026-03-11T00:00/24:00 "                        \
    "2026-03-12T00:00/24:00 2026-03-13T00:00/24:00"
#define NO_MORNINGS                                                                                \
    "2026-03-09T08:00/12:00 2026-03-10T08:00/12:00 2026-03-11T08:00/12:00 "                        \
    "2026-03-12T08:00/12:00 2026-03-13T08:00/12:00"

static const struct row rows[] = {
    {"a free week: three days, morning and afternoon in turn", KIND_MEETING, 60, 3, false, false, "",
     "", WEEK, "", "", "03-09T10:00 03-10T15:00 03-11T10:00"},
    {"gaps decide where they are", KIND_VIDEO, 30, 3, false, false, "",
     "2026-03-09T09:00/18:00 2026-03-10T09:00/10:00 2026-03-10T10:30/15:30 2026-03-10T16:00/18:00 "
     "2026-03-11T09:00/18:00 2026-03-12T09:00/11:15 2026-03-12T11:45/18:00 2026-03-13T08:00/19:00",
     WEEK, "", "", "03-10T10:00 03-10T15:30 03-12T11:15"},
    {"a gap that fits no quarter", KIND_VIDEO, 30, 3, false, false, "",
     "2026-03-09T09:00/10:10 2026-03-09T10:40/18:00", "2026-03-09T00:00/24:00", "", "",
     "03-09T10:10"},
    {"as many as fit, one behind the other", KIND_VIDEO, 60, 3, false, false, "",
     "2026-03-09T09:00/09:30 2026-03-09T11:30/18:00", "2026-03-09T00:00/24:00", "", "",
     "03-09T09:30 03-09T10:30"},
    {"not bunched within an afternoon", KIND_CALL, 30, 3, false, false, "", "",
     "2026-03-09T14:00/18:00", "", "", "03-09T14:00 03-09T15:00 03-09T17:00"},
    {"a dinner does not begin at ten", KIND_DINNER, 120, 3, false, false, "", "",
     "2026-03-09T18:00/24:00", "", "", "03-09T20:00"},
    {"unless there is nothing else", KIND_DINNER, 90, 3, false, false, "", "",
     "2026-03-09T22:00/24:00", "", "", "03-09T22:00"},
    {"notice: not before noon today", KIND_CALL, 30, 2, false, false, "", "",
     "2026-03-02T00:00/24:00", "", "", "03-02T14:00 03-02T15:00"},
    {"holiday", KIND_CALL, 30, 2, false, false, "FR", "",
     "2026-04-06T00:00/24:00 2026-04-07T00:00/24:00", "", "", "04-07T10:00 04-07T15:00"},
    {"travel time before and after a meeting in person", KIND_MEETING, 60, 2, true, false, "",
     "2026-03-09T09:00/10:00 2026-03-09T15:00/18:00", "2026-03-09T00:00/24:00", "", "",
     "03-09T11:00"},
    {"lunch has its own hours", KIND_LUNCH, 90, 2, true, false, "", "2026-03-09T13:15/14:00",
     "2026-03-09T00:00/24:00 2026-03-10T00:00/24:00", "", "", "03-10T12:30"},
    {"no lunch on Saturday", KIND_LUNCH, 90, 2, true, false, "", "",
     "2026-03-14T00:00/24:00", "", "", ""},
    {"lunch on the Saturday that was named", KIND_LUNCH, 90, 1, true, true, "", "",
     "2026-03-14T12:00/15:00", "", "", "03-14T12:30"},
    {"no dinner in the morning, though hours are named", KIND_DINNER, 120, 1, false, true, "",
     "2026-03-09T17:00/24:00", "2026-03-09T00:00/24:00", "", "", ""},
    {"an early dinner where hours are named", KIND_DINNER, 60, 1, false, true, "", "",
     "2026-03-09T18:00/19:15", "", "", "03-09T18:00"},
    {"dinner", KIND_DINNER, 120, 1, true, false, "", "", "2026-03-09T00:00/24:00", "", "",
     "03-09T20:00"},
    {"preferred days only", KIND_CALL, 30, 3, false, false, "", "", WEEK,
     "2026-03-10T00:00/24:00 2026-03-12T00:00/24:00", "", "03-10T10:00 03-10T15:00 03-12T15:00"},
    {"one preferred slot is better than three others", KIND_CALL, 30, 3, false, false, "",
     "2026-03-10T09:30/24:00", WEEK, "2026-03-10T00:00/24:00", "", "03-10T09:00"},
    {"nothing preferred is free: the rest", KIND_CALL, 30, 3, false, false, "",
     "2026-03-10T08:00/24:00", WEEK, "2026-03-10T00:00/24:00", "",
     "03-09T10:00 03-11T15:00 03-12T10:00"},
    {"after six, as the wish says", KIND_CALL, 30, 2, false, true, "", "",
     "2026-03-09T18:00/20:00 2026-03-10T18:00/20:00", "", "", "03-09T18:00 03-10T18:00"},
    {"hours named, but some lie in working hours", KIND_CALL, 30, 1, false, true, "", "",
     "2026-03-09T12:00/16:00", "", "", "03-09T15:00"},
    {"without a wish for hours the day ends at six", KIND_CALL, 30, 2, false, false, "", "",
     "2026-03-09T18:00/20:00", "", "", ""},
    {"what was refused does not come again", KIND_CALL, 60, 3, false, false, "", NO_MORNINGS, WEEK,
     "", "2026-03-10T14:00/18:00 2026-03-09T15:00/16:00",
     "03-09T14:00 03-11T15:00 03-12T15:00"},
    {"nothing is left", KIND_CALL, 60, 3, false, false, "", "2026-03-09T00:00/24:00",
     "2026-03-09T00:00/24:00", "", "", ""},
};

static struct person make_person(struct arena *arena, const char *holidays)
{
    struct person person = {.address = LIT("anne@atelier.example"), .holidays = slice_from(holidays)};
    preferences_defaults(arena, &person.preferences);
    return person;
}

static void finds_slots(void)
{
    const struct zone *paris = load("Europe/Paris");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        AUTO_ARENA arena = arena_create(SLOTS_ARENA_BYTES);
        check_row(row->title);
        struct person person = make_person(arena, row->holidays);
        struct slot_person organizer = {&person, paris, spans(arena, row->busy, paris), true};
        struct interval_list slots;
        intervals_normalise(&organizer.busy);
        struct slot_query query = {
            .people = &organizer,
            .people_count = 1,
            .kind = row->kind,
            .in_person = row->in_person,
            .duration_min = row->duration_min,
            .count = row->count,
            .now = spans(arena, "2026-03-02T10:00/10:01", paris).items[0].start,
            .until = spans(arena, "2026-04-30T00:00/10:01", paris).items[0].start,
            .allowed = spans(arena, row->allowed, paris),
            .preferred = spans(arena, row->preferred, paris),
            .excluded = spans(arena, row->excluded, paris),
            .hours_named = row->hours_named,
        };
        CHECK_OK(slots_find(&query, arena, &slots, NULL));
        CHECK_TEXT(show(arena, slots, paris), row->want);
        for (size_t k = 0; k < slots.count; k++)
            CHECK(slot_check(&query, slots.items[k], NULL) == SLOT_FREE);
    }
}

/* The clocks of Paris, New York and Singapore, with evening hours there. */
static void meets_across_zones(void)
{
    AUTO_ARENA arena = arena_create(SLOTS_ARENA_BYTES);
    static struct day_span evening[] = {{13 * 60, 22 * 60}};
    const struct zone *paris = load("Europe/Paris");
    struct person people[3];
    struct slot_person who[3];
    static const char *const zones[] = {"Europe/Paris", "America/New_York", "Asia/Singapore"};
    for (size_t i = 0; i < 3; i++) {
        people[i] = make_person(arena, i == 0 ? "FR" : i == 1 ? "US" : "SG");
        who[i] = (struct slot_person){&people[i], load(zones[i]), {0}, true};
    }
    for (int day = MONDAY; day <= FRIDAY; day++)
        people[2].preferences.working_hours[day] = (struct day_span_list){evening, 1, 1};
    struct interval_list slots;
    struct slot_query query = {
        .people = who,
        .people_count = 3,
        .kind = KIND_VIDEO,
        .duration_min = 45,
        .count = 3,
        .now = spans(arena, "2026-10-20T10:00/10:01", paris).items[0].start,
        .until = spans(arena, "2026-10-31T00:00/10:01", paris).items[0].start,
        .allowed = spans(arena, "2026-10-26T00:00/24:00 2026-10-28T00:00/24:00", paris),
    };
    CHECK_OK(slots_find(&query, arena, &slots, NULL));
    /* 9:00 in New York is 14:00 in Paris that week (summer time ended there only), 21:00 in
     * Singapore, where the day ends at 22:00 */
    CHECK_TEXT(show(arena, slots, paris), "10-26T14:00 10-28T14:00");
}

static void says_why_not(void)
{
    static const struct {
        const char *slot;
        enum slot_refusal refusal;
        size_t who;
    } cases[] = {
        {"2026-03-10T10:00/11:00", SLOT_FREE, 0},
        {"2026-03-10T10:07/11:07", SLOT_FREE, 0},
        {"2026-03-02T11:30/12:00", SLOT_PAST, 0},
        {"2026-03-01T10:00/11:00", SLOT_PAST, 0},
        {"2026-03-09T10:00/11:00", SLOT_BUSY, 0},
        {"2026-03-09T10:45/11:45", SLOT_BUSY, 0},  /* a quarter of an hour is wanted after */
        {"2026-03-09T11:15/12:00", SLOT_FREE, 0},
        {"2026-03-09T15:00/16:00", SLOT_BUSY, 1},
        {"2026-03-10T12:30/13:30", SLOT_OUTSIDE_HOURS, 0},
        {"2026-03-14T10:00/11:00", SLOT_OUTSIDE_HOURS, 0},
        {"2026-03-17T10:00/11:00", SLOT_HOLIDAY, 1},
        {"2026-04-06T10:00/11:00", SLOT_HOLIDAY, 0},
        {"2026-03-18T10:00/11:00", SLOT_NOT_WISHED, 0},
        {"2026-04-29T10:00/11:00", SLOT_FREE, 0},
        {"2026-04-30T10:00/11:00", SLOT_NOT_WISHED, 0},
    };
    AUTO_ARENA arena = arena_create(SLOTS_ARENA_BYTES);
    const struct zone *paris = load("Europe/Paris");
    struct person anne = make_person(arena, "FR"), liam = make_person(arena, "IE");
    anne.preferences.buffer_after_min = anne.preferences.buffer_before_min = 15;
    struct slot_person people[] = {
        {&anne, paris, spans(arena, "2026-03-09T10:00/11:00", paris), true},
        {&liam, load("Europe/Dublin"), spans(arena, "2026-03-09T15:30/15:45", paris), true},
    };
    struct slot_query query = {
        .people = people,
        .people_count = 2,
        .kind = KIND_CALL,
        .duration_min = 60,
        .count = 3,
        .now = spans(arena, "2026-03-02T10:00/10:01", paris).items[0].start,
        .until = spans(arena, "2026-04-30T00:00/10:01", paris).items[0].start,
        .excluded = spans(arena, "2026-03-18T10:30/11:30", paris),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t who = 9;
        check_row(cases[i].slot);
        struct interval slot = spans(arena, cases[i].slot, paris).items[0];
        CHECK_NUMBER(slot_check(&query, slot, &who), cases[i].refusal);
        CHECK_NUMBER(who, cases[i].who);
    }
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static struct interval_list random_spans(struct arena *arena, uint32_t *state, struct instant from,
                                         uint32_t count, uint32_t longest_quarters)
{
    struct interval_list list = {0};
    for (uint32_t i = 0; i < count; i++) {
        struct interval span;
        span.start.us = from.us + (int64_t)(next_random(state) % (8 * 96)) * 15 * MINUTE_US;
        span.end.us = span.start.us + (1 + next_random(state) % longest_quarters) * 15 * MINUTE_US;
        ARENA_PUSH(arena, &list, span);
    }
    intervals_normalise(&list);
    return list;
}

/* Every quarter of an hour tried one by one. */
static struct interval_list brute_force(const struct slot_query *query, struct interval_list within,
                                        struct arena *arena)
{
    struct interval_list found = {0};
    for (int64_t at = query->now.us; at < query->until.us; at += 15 * MINUTE_US) {
        struct interval slot = {{at}, {at + (int64_t)query->duration_min * MINUTE_US}};
        if (within.count > 0 && !intervals_contain(within, slot))
            continue;
        if (slot_check(query, slot, NULL) == SLOT_FREE)
            ARENA_PUSH(arena, &found, slot);
    }
    return found;
}

static bool holds(struct interval_list list, struct interval slot)
{
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].start.us == slot.start.us && list.items[i].end.us == slot.end.us)
            return true;
    return false;
}

static void equals_brute_force(void)
{
    static const char *const zones[] = {"Europe/Paris", "America/New_York", "Asia/Kolkata"};
    uint32_t state = 11;
    for (int round = 0; round < 60; round++) {
        AUTO_ARENA arena = arena_create((size_t)512 << 20);
        struct person person[2] = {make_person(arena, "FR"), make_person(arena, "GB")};
        struct instant now = {INT64_C(1774512000) * 1000000}; /* 26 March 2026, before summer time */
        struct slot_person people[2];
        for (size_t i = 0; i < 2; i++) {
            person[i].preferences.buffer_before_min = next_random(&state) % 3 * 15;
            people[i] = (struct slot_person){&person[i], load(zones[next_random(&state) % 3]),
                                             random_spans(arena, &state, now, 30, 16), true};
        }
        struct slot_query query = {
            .people = people,
            .people_count = 1 + next_random(&state) % 2,
            .kind = (enum meeting_kind)(1 + next_random(&state) % (KIND_COUNT_ - 1)),
            .duration_min = 15 * (1 + next_random(&state) % 6),
            .count = 1 + next_random(&state) % 5,
            .now = now,
            .until = {now.us + 8 * DAY_US},
            .allowed = random_spans(arena, &state, now, next_random(&state) % 8, 90),
            .preferred = random_spans(arena, &state, now, next_random(&state) % 3, 90),
            .excluded = random_spans(arena, &state, now, 4, 4),
        };
        struct interval_list slots, none = {0}, possible = {0};
        if (query.preferred.count > 0)
            possible = brute_force(&query, query.preferred, arena);
        if (possible.count == 0)
            possible = brute_force(&query, none, arena);
        CHECK_OK(slots_find(&query, arena, &slots, NULL));
        CHECK(slots.count <= query.count && (slots.count > 0) == (possible.count > 0));
        for (size_t i = 0; i < slots.count; i++)
            CHECK(holds(possible, slots.items[i]) &&
                  (i == 0 || slots.items[i - 1].end.us <= slots.items[i].start.us));
        /* If fewer came than asked for, nothing more fits beside them. */
        bool late_left = query.kind == KIND_DINNER; /* those are not offered beside others */
        for (size_t i = 0; i < possible.count && slots.count < query.count && !late_left; i++) {
            struct interval_list beside = intervals_union(arena, slots, none);
            CHECK(intervals_overlap(beside, possible.items[i]));
        }
    }
}

static void bounds_its_work(void)
{
    AUTO_ARENA arena = arena_create(SLOTS_ARENA_BYTES);
    struct person person = make_person(arena, "FR");
    struct slot_person organizer = {&person, load("Europe/Paris"), {0}, true};
    struct interval_list slots;
    struct slot_query query = {.people = &organizer,
                               .people_count = 1,
                               .kind = KIND_CALL,
                               .duration_min = 5,
                               .count = SLOTS_COUNT_MAX,
                               .until = {INT64_C(253000000000) * 1000000}};
    CHECK_OK(slots_find(&query, arena, &slots, NULL));
    CHECK_NUMBER(slots.count, SLOTS_COUNT_MAX);
    query.count++;
    CHECK(slots_find(&query, arena, &slots, NULL) == ST_LIMIT);
    query.count = 1;
    query.duration_min = 0;
    CHECK(slots_find(&query, arena, &slots, NULL) == ST_INVALID);
    query.duration_min = 24 * 60 + 1;
    CHECK(slots_find(&query, arena, &slots, NULL) == ST_LIMIT);
    query.duration_min = 30;
    query.until = query.now;
    CHECK_OK(slots_find(&query, arena, &slots, NULL));
    CHECK_NUMBER(slots.count, 0);
}

int main(void)
{
    TEST(finds_slots);
    TEST(meets_across_zones);
    TEST(says_why_not);
    TEST(equals_brute_force);
    TEST(bounds_its_work);
    return check_done();
}
