#include "domain/slots/internal.h"

static struct instant earliest_start(const struct slot_query *query)
{
    return instant_add(query->now, minutes(query->people[0].person->preferences.notice_min));
}

static struct interval window_of(const struct slot_query *query)
{
    struct interval window = {earliest_start(query), query->until};
    struct instant far = instant_add(query->now, (struct duration){SLOTS_DAYS_MAX * DAY_US});
    if (window.end.us > far.us)
        window.end = far;
    return window;
}

/* Callers collect wishes and refused slots as they come. */
static struct slot_query sorted(const struct slot_query *query, struct arena *arena)
{
    struct slot_query copy = *query;
    struct interval_list none = {0};
    copy.allowed = intervals_union(arena, query->allowed, none);
    copy.preferred = intervals_union(arena, query->preferred, none);
    copy.excluded = intervals_union(arena, query->excluded, none);
    return copy;
}

/* All that binds but the organizer's hours. */
static struct interval_list free_times(const struct slot_query *query, struct interval window,
                                       struct arena *arena)
{
    struct interval_list free = {&window, 1, 1};
    if (query->allowed.count > 0)
        free = intervals_intersect(arena, free, query->allowed);
    free = intervals_subtract(arena, free, query->excluded);
    for (size_t i = 0; i < query->people_count; i++) {
        free = intervals_subtract(arena, free, blocked_of(query, i, window, arena));
        if (!query->people[i].asks_hours)
            continue;
        free = intervals_subtract(arena, free, holidays_of(query, i, window, arena));
        if (i > 0)
            free = intervals_intersect(arena, free, hours_of(query, i, window, arena));
    }
    return free;
}

static bool choose_from(const struct slot_query *query, struct interval_list free,
                        struct arena *arena, struct interval_list *slots)
{
    struct candidate_list list = candidates_in(query, free, arena);
    if (list.count == 0)
        return false;
    *slots = candidates_choose(query, list, arena);
    return slots->count > 0;
}

/* Inside the organizer's hours; outside only where the wish names hours and nothing
 * inside is free. */
static bool choose_in_hours(const struct slot_query *query, struct interval_list free,
                            struct interval_list hours, struct arena *arena,
                            struct interval_list *slots)
{
    if (choose_from(query, intervals_intersect(arena, free, hours), arena, slots))
        return true;
    if (!query->hours_named)
        return false;
    if (kind_hours(query->kind).count > 0)
        free = intervals_intersect(arena, free, meal_times(query, free, arena));
    return choose_from(query, free, arena, slots);
}

static void search(const struct slot_query *query, struct interval window, struct arena *arena,
                   struct interval_list *slots)
{
    struct interval_list free = free_times(query, window, arena), hours = free;
    if (query->people[0].asks_hours || kind_hours(query->kind).count > 0)
        hours = hours_of(query, 0, window, arena);
    struct interval_list liked = intervals_intersect(arena, free, query->preferred);
    if (query->preferred.count > 0 && choose_in_hours(query, liked, hours, arena, slots))
        return;
    (void)choose_in_hours(query, free, hours, arena, slots);
}

enum status slots_find(const struct slot_query *query, struct arena *arena,
                       struct interval_list *slots, struct problem *why)
{
    if (query->people_count == 0 || query->duration_min == 0)
        return problem_set(why, ST_INVALID, "a search needs people and a duration");
    if (query->duration_min > 24 * 60 || query->count > SLOTS_COUNT_MAX)
        return problem_set(why, ST_LIMIT, "a search for at most %d slots of one day",
                           SLOTS_COUNT_MAX);
    *slots = (struct interval_list){0};
    struct interval window = window_of(query);
    struct slot_query whole = sorted(query, arena);
    if (window.start.us < window.end.us && query->count > 0)
        search(&whole, window, arena, slots);
    return ST_OK;
}

static bool is_refused_by(const struct slot_query *query, size_t index, struct interval slot,
                          struct arena *arena, enum slot_refusal *refusal)
{
    if (intervals_overlap(blocked_of(query, index, slot, arena), slot))
        *refusal = SLOT_BUSY;
    else if (query->people[index].asks_hours &&
             intervals_overlap(holidays_of(query, index, slot, arena), slot))
        *refusal = SLOT_HOLIDAY;
    else if ((index > 0 || !query->hours_named) &&
             (query->people[index].asks_hours ||
              (index == 0 && kind_hours(query->kind).count > 0)) &&
             !intervals_contain(hours_of(query, index, slot, arena), slot))
        *refusal = SLOT_OUTSIDE_HOURS;
    else
        return false;
    return true;
}

enum slot_refusal slot_check(const struct slot_query *query, struct interval slot, size_t *who)
{
    AUTO_ARENA arena = arena_create(SLOTS_ARENA_BYTES);
    enum slot_refusal refusal = SLOT_FREE;
    size_t in_way = 0;
    struct interval window = window_of(query);
    struct slot_query whole = sorted(query, arena);
    if (slot.start.us < window.start.us)
        refusal = SLOT_PAST;
    for (size_t i = 0; i < query->people_count && refusal == SLOT_FREE; i++)
        if (is_refused_by(query, i, slot, arena, &refusal))
            in_way = i;
    bool wished = slot.end.us <= window.end.us &&
                  (whole.allowed.count == 0 || intervals_contain(whole.allowed, slot)) &&
                  !intervals_overlap(whole.excluded, slot);
    if (refusal == SLOT_FREE && !wished)
        refusal = SLOT_NOT_WISHED;
    if (who != NULL)
        *who = in_way;
    return refusal;
}
