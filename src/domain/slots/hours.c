#include "domain/slots/internal.h"

enum { MEAL_SHIFT_MIN = 90 }; /* how far from its hours a meal may be, if the wish says so */

static struct instant minute_of_day(struct civil_date date, uint32_t minute,
                                    const struct zone *zone)
{
    struct civil wall = civil_at(civil_date_add(date, minute / 1440), (int)(minute % 1440 / 60),
                                 (int)(minute % 60));
    return civil_to_instant(wall, zone);
}

static void push_spans(struct interval_list *list, struct civil_date date,
                       struct day_span_list spans, const struct zone *zone, struct arena *arena)
{
    for (size_t i = 0; i < spans.count; i++) {
        struct interval span = {minute_of_day(date, spans.items[i].start_min, zone),
                                minute_of_day(date, spans.items[i].end_min, zone)};
        if (span.start.us < span.end.us)
            ARENA_PUSH(arena, list, span);
    }
}

/* Local dates that the window touches, with one to spare at both ends. */
static int64_t first_day(struct interval window, const struct zone *zone)
{
    return civil_date_to_days(civil_from_instant(window.start, zone).date) - 1;
}

static int64_t last_day(struct interval window, const struct zone *zone)
{
    return civil_date_to_days(civil_from_instant(window.end, zone).date) + 1;
}

struct interval_list hours_of(const struct slot_query *query, size_t index, struct interval window,
                              struct arena *arena)
{
    static struct day_span whole_day[] = {{0, 1440}};
    struct slot_person *person = &query->people[index];
    struct day_span_list named = kind_hours(query->kind);
    const struct zone *zone = person->zone;
    /* A kind's hours are the organizer's clock; the others only need to work that day. */
    if (named.count > 0 && index > 0)
        named = (struct day_span_list){whole_day, 1, 1};
    struct interval_list hours = {0};
    for (int64_t day = first_day(window, zone); day <= last_day(window, zone); day++) {
        struct civil_date date = civil_date_from_days(day);
        struct day_span_list worked =
            person->person->preferences.working_hours[civil_date_weekday(date)];
        if (worked.count > 0)
            push_spans(&hours, date, named.count > 0 ? named : worked, zone, arena);
    }
    intervals_normalise(&hours);
    return hours;
}

/* A meal may be early or late, and on any day, but a dinner is never at eight in the
 * morning. */
struct interval_list meal_times(const struct slot_query *query, struct interval_list within,
                                struct arena *arena)
{
    struct day_span_list named = kind_hours(query->kind), wide = {0};
    struct interval_list times = {0};
    const struct zone *zone = query->people[0].zone;
    if (within.count == 0)
        return times;
    for (size_t i = 0; i < named.count; i++) {
        uint32_t start = named.items[i].start_min, end = named.items[i].end_min + MEAL_SHIFT_MIN;
        start = start > MEAL_SHIFT_MIN ? start - MEAL_SHIFT_MIN : 0;
        ARENA_PUSH(arena, &wide, ((struct day_span){start, end}));
    }
    struct interval window = {within.items[0].start, within.items[within.count - 1].end};
    for (int64_t day = first_day(window, zone); day <= last_day(window, zone); day++)
        push_spans(&times, civil_date_from_days(day), wide, zone, arena);
    intervals_normalise(&times);
    return times;
}

struct interval_list holidays_of(const struct slot_query *query, size_t index,
                                 struct interval window, struct arena *arena)
{
    static struct day_span whole_day[] = {{0, 1440}};
    const struct slot_person *person = &query->people[index];
    struct interval_list holidays = {0};
    for (int64_t day = first_day(window, person->zone); day <= last_day(window, person->zone);
         day++) {
        struct civil_date date = civil_date_from_days(day);
        if (calendar_is_holiday(person->person->holidays, date, NULL))
            push_spans(&holidays, date, (struct day_span_list){whole_day, 1, 1}, person->zone,
                       arena);
    }
    intervals_normalise(&holidays);
    return holidays;
}

struct interval_list blocked_of(const struct slot_query *query, size_t index,
                                struct interval window, struct arena *arena)
{
    const struct slot_person *person = &query->people[index];
    const struct preferences *wants = &person->person->preferences;
    int64_t before = query->in_person ? wants->in_person_before_min : wants->buffer_before_min;
    int64_t after = query->in_person ? wants->in_person_after_min : wants->buffer_after_min;
    struct interval_list blocked = {0};
    for (size_t i = 0; i < person->busy.count; i++) {
        struct interval span = person->busy.items[i];
        span.start.us -= after * MINUTE_US;
        span.end.us += before * MINUTE_US;
        if (interval_overlaps(span, window))
            ARENA_PUSH(arena, &blocked, span);
    }
    intervals_normalise(&blocked);
    return blocked;
}
