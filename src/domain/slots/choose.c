/* Which of many possible starts people like to be offered. */
#include "domain/slots/internal.h"

#include <stdlib.h>

enum { GRID_MIN = 15, CANDIDATES_MAX = 60000, DINNER_LATEST_MIN = 21 * 60 };

/* What a choice costs. A second slot on one day is worse than any other flaw, then a
 * second one in the same half of it. */
enum {
    COST_SAME_DAY = 1000,
    COST_SAME_HALF_OF_DAY = 600,
    COST_SAME_HALF = 60, /* morning and afternoon in turn */
    CLOSE_MIN = 180,     /* on one day nearer to each other than this is bunched */
    COST_DAY_LATER = 12,
    COST_HALF_HOUR = 25,
    COST_QUARTER = 60,
    COST_ODD_MINUTE = 90,
};

/* The start that a day's meeting of a kind would have if nothing spoke against it. */
static int comfortable_minute(enum meeting_kind kind, bool afternoon)
{
    switch (kind) {
    case KIND_BREAKFAST:
        return 8 * 60 + 30;
    case KIND_LUNCH:
        return 12 * 60 + 30;
    case KIND_DRINKS:
        return 18 * 60 + 30;
    case KIND_DINNER:
        return 20 * 60;
    default:
        return afternoon ? 15 * 60 : 10 * 60;
    }
}

static int start_cost(enum meeting_kind kind, struct civil start, bool afternoon)
{
    int minute = start.hour * 60 + start.minute;
    int away = abs(minute - comfortable_minute(kind, afternoon));
    int cost = away > 240 ? 40 : away / 6;
    if (away == 0 && start.second == 0)
        return 0;
    if (start.second != 0 || start.minute % GRID_MIN != 0)
        return cost + COST_ODD_MINUTE;
    return cost + (start.minute % 30 != 0 ? COST_QUARTER : start.minute != 0 ? COST_HALF_HOUR : 0);
}

static void push_candidate(const struct slot_query *query, int64_t start_us, struct arena *arena,
                           struct candidate_list *list)
{
    struct instant start = {start_us};
    struct civil wall = civil_from_instant(start, query->people[0].zone);
    bool afternoon = wall.hour > 12 || (wall.hour == 12 && wall.minute >= 30);
    struct candidate candidate = {
        .span = {start, instant_add(start, minutes(query->duration_min))},
        .day = civil_date_to_days(wall.date),
        .afternoon = afternoon,
        .cost = start_cost(query->kind, wall, afternoon),
    };
    if (list->count < CANDIDATES_MAX)
        ARENA_PUSH(arena, list, candidate);
}

/* The first instant at or after `at` that the organizer's clock shows as a quarter. */
static int64_t next_quarter(const struct slot_query *query, struct instant at)
{
    enum { STEP_US = GRID_MIN * 60 * 1000000 };
    int64_t offset_us = (int64_t)zone_offset_s(query->people[0].zone, at, NULL) * 1000000;
    int64_t local_us = at.us + offset_us;
    int64_t over = ((local_us % STEP_US) + STEP_US) % STEP_US;
    return at.us + (over == 0 ? 0 : STEP_US - over);
}

struct candidate_list candidates_in(const struct slot_query *query, struct interval_list free,
                                    struct arena *arena)
{
    struct candidate_list list = {0};
    int64_t duration_us = (int64_t)query->duration_min * MINUTE_US;
    for (size_t i = 0; i < free.count; i++) {
        struct interval gap = free.items[i];
        int64_t start_us = next_quarter(query, gap.start);
        if (start_us + duration_us > gap.end.us && gap.start.us % MINUTE_US == 0 &&
            gap.start.us + duration_us <= gap.end.us)
            push_candidate(query, gap.start.us, arena, &list); /* it fits no quarter */
        for (; start_us + duration_us <= gap.end.us;
             start_us = next_quarter(query, (struct instant){start_us + 1}))
            push_candidate(query, start_us, arena, &list);
    }
    return list;
}

/* 14:00, 15:00 and 16:00 are hardly a choice: whoever is taken at one is at the others too. */
static int closeness_cost(const struct candidate *a, const struct candidate *b)
{
    int64_t apart = (a->span.start.us - b->span.start.us) / MINUTE_US;
    apart = apart < 0 ? -apart : apart;
    return apart >= CLOSE_MIN ? 0 : (int)(CLOSE_MIN - apart) / 6;
}

static int choice_cost(const struct candidate *candidate, int64_t first_day,
                       const struct candidate_list *chosen)
{
    int64_t days = candidate->day - first_day;
    int cost = candidate->cost + COST_DAY_LATER * (int)(days > 30 ? 30 : days);
    for (size_t i = 0; i < chosen->count; i++) {
        const struct candidate *other = &chosen->items[i];
        bool same_half = candidate->afternoon == other->afternoon;
        cost += same_half ? COST_SAME_HALF : 0;
        if (candidate->day == other->day)
            cost += COST_SAME_DAY + (same_half ? COST_SAME_HALF_OF_DAY : 0) +
                    closeness_cost(candidate, other);
    }
    return cost;
}

static bool overlaps_chosen(const struct candidate *candidate, const struct candidate_list *chosen)
{
    for (size_t i = 0; i < chosen->count; i++)
        if (interval_overlaps(candidate->span, chosen->items[i].span))
            return true;
    return false;
}

static struct candidate_list choose_best(const struct slot_query *query, struct candidate_list list,
                                         struct arena *arena)
{
    struct candidate_list chosen = {0};
    while (chosen.count < query->count) {
        const struct candidate *best = NULL;
        int best_cost = 0;
        for (size_t i = 0; i < list.count; i++) {
            int cost = choice_cost(&list.items[i], list.items[0].day, &chosen);
            if ((best == NULL || cost < best_cost) && !overlaps_chosen(&list.items[i], &chosen)) {
                best = &list.items[i];
                best_cost = cost;
            }
        }
        if (best == NULL)
            break;
        ARENA_PUSH(arena, &chosen, *best);
    }
    return chosen;
}

/* One behind the other: the most that there can be. */
static struct candidate_list choose_most(const struct slot_query *query, struct candidate_list list,
                                         struct arena *arena)
{
    struct candidate_list chosen = {0};
    for (size_t i = 0; i < list.count && chosen.count < query->count; i++)
        if (chosen.count == 0 ||
            list.items[i].span.start.us >= chosen.items[chosen.count - 1].span.end.us)
            ARENA_PUSH(arena, &chosen, list.items[i]);
    return chosen;
}

static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    return a->span.start.us < b->span.start.us ? -1 : a->span.start.us > b->span.start.us;
}

/* A dinner may run to midnight; none is offered that only begins at ten, unless nothing else is
 * left. */
static struct candidate_list without_late(const struct slot_query *query,
                                          struct candidate_list list, struct arena *arena)
{
    struct candidate_list early = {0};
    for (size_t i = 0; query->kind == KIND_DINNER && i < list.count; i++) {
        struct civil wall = civil_from_instant(list.items[i].span.start, query->people[0].zone);
        if (wall.hour * 60 + wall.minute <= DINNER_LATEST_MIN)
            ARENA_PUSH(arena, &early, list.items[i]);
    }
    return early.count > 0 ? early : list;
}

struct interval_list candidates_choose(const struct slot_query *query, struct candidate_list list,
                                       struct arena *arena)
{
    struct interval_list slots = {0};
    list = without_late(query, list, arena);
    struct candidate_list chosen = choose_best(query, list, arena);
    if (chosen.count < query->count) {
        struct candidate_list most = choose_most(query, list, arena);
        if (most.count > chosen.count)
            chosen = most;
    }
    if (chosen.count > 1)
        qsort(chosen.items, chosen.count, sizeof *chosen.items, compare_candidates);
    for (size_t i = 0; i < chosen.count; i++)
        ARENA_PUSH(arena, &slots, chosen.items[i].span);
    return slots;
}
