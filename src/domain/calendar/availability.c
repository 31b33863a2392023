#include "domain/calendar/internal.h"

#include <stdlib.h>

/* Availability (RFC 7953): what a block covers and does not declare available is busy. */

static int compare_priorities(const void *left, const void *right)
{
    const struct ical_availability *a = left, *b = right;
    uint32_t x = a->priority == 0 ? UINT32_MAX : a->priority;
    uint32_t y = b->priority == 0 ? UINT32_MAX : b->priority;
    return x < y ? -1 : x > y;
}

/* The available hours, expanded as events are. */
static struct interval_list available_hours(struct expansion *x,
                                            const struct ical_availability *block)
{
    struct interval_list hours = {0};
    struct occurrence_list kept = x->out;
    x->out = (struct occurrence_list){0};
    for (size_t i = 0; i < block->available.count && !x->full; i++)
        expansion_add(x, &block->available.items[i]);
    x->available += x->out.count;
    x->full |= x->available > CALENDAR_OCCURRENCES_MAX;
    for (size_t i = 0; i < x->out.count; i++)
        ARENA_PUSH(x->arena, &hours, x->out.items[i].span);
    x->out = kept;
    intervals_normalise(&hours);
    return hours;
}

static struct interval_list covered_by(struct expansion *x, const struct ical_availability *block)
{
    struct interval span = x->window;
    struct interval_list covered = {0};
    if (block->start.kind != ICAL_NO_TIME && expansion_instant(x, block->start).us > span.start.us)
        span.start = expansion_instant(x, block->start);
    if (block->end.kind != ICAL_NO_TIME && expansion_instant(x, block->end).us < span.end.us)
        span.end = expansion_instant(x, block->end);
    ARENA_PUSH(x->arena, &covered, span);
    intervals_normalise(&covered);
    return covered;
}

void expansion_push_unavailable(struct expansion *x)
{
    const struct ical_availability_list *list = &x->calendar->availability;
    enum { BLOCKS_MAX = 100 }; /* each is taken from what those before have left */
    size_t count = list->count < BLOCKS_MAX ? list->count : BLOCKS_MAX;
    struct interval_list decided = {0};
    struct ical_availability *blocks = ARENA_ARRAY(x->arena, count, struct ical_availability);
    for (size_t i = 0; i < count; i++)
        blocks[i] = list->items[i];
    qsort(blocks, count, sizeof *blocks, compare_priorities);
    for (size_t i = 0; i < count && !x->full; i++) {
        struct interval_list covered =
            intervals_subtract(x->arena, covered_by(x, &blocks[i]), decided);
        struct interval_list away =
            intervals_subtract(x->arena, covered, available_hours(x, &blocks[i]));
        struct ical_event event = {.tentative = blocks[i].tentative};
        for (size_t k = 0; k < away.count; k++)
            expansion_push(x, &event, away.items[k]);
        decided = intervals_union(x->arena, decided, covered);
    }
}
