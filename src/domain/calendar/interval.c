#include "domain/calendar/calendar.h"

#include <stdlib.h>

static int compare_starts(const void *left, const void *right)
{
    const struct interval *a = left, *b = right;
    return a->start.us < b->start.us ? -1 : a->start.us > b->start.us;
}

void intervals_normalise(struct interval_list *list)
{
    size_t kept = 0;
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare_starts);
    for (size_t i = 0; i < list->count; i++) {
        struct interval span = list->items[i];
        if (span.start.us >= span.end.us)
            continue;
        struct interval *last = kept > 0 ? &list->items[kept - 1] : NULL;
        if (last != NULL && span.start.us <= last->end.us) {
            if (span.end.us > last->end.us)
                last->end = span.end;
        } else {
            list->items[kept++] = span;
        }
    }
    list->count = kept;
}

struct interval_list intervals_union(struct arena *arena, struct interval_list a,
                                     struct interval_list b)
{
    struct interval_list sum = {0};
    for (size_t i = 0; i < a.count; i++)
        ARENA_PUSH(arena, &sum, a.items[i]);
    for (size_t i = 0; i < b.count; i++)
        ARENA_PUSH(arena, &sum, b.items[i]);
    intervals_normalise(&sum);
    return sum;
}

struct interval_list intervals_intersect(struct arena *arena, struct interval_list a,
                                         struct interval_list b)
{
    struct interval_list both = {0};
    for (size_t i = 0, k = 0; i < a.count && k < b.count;) {
        struct interval x = a.items[i], y = b.items[k];
        struct interval common = {x.start.us > y.start.us ? x.start : y.start,
                                  x.end.us < y.end.us ? x.end : y.end};
        if (common.start.us < common.end.us)
            ARENA_PUSH(arena, &both, common);
        if (x.end.us < y.end.us)
            i++;
        else
            k++;
    }
    intervals_normalise(&both);
    return both;
}

struct interval_list intervals_subtract(struct arena *arena, struct interval_list a,
                                        struct interval_list b)
{
    struct interval_list rest = {0};
    size_t first = 0;
    for (size_t i = 0; i < a.count; i++) {
        struct interval left = a.items[i];
        while (first < b.count && b.items[first].end.us <= left.start.us)
            first++;
        for (size_t k = first; k < b.count && b.items[k].start.us < left.end.us; k++) {
            struct interval before = {left.start, b.items[k].start};
            if (before.start.us < before.end.us)
                ARENA_PUSH(arena, &rest, before);
            if (b.items[k].end.us > left.start.us)
                left.start = b.items[k].end;
        }
        if (left.start.us < left.end.us)
            ARENA_PUSH(arena, &rest, left);
    }
    intervals_normalise(&rest);
    return rest;
}

/* The first interval that ends after `at`. */
static size_t first_after(struct interval_list list, struct instant at)
{
    size_t low = 0, high = list.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list.items[middle].end.us <= at.us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool intervals_contain(struct interval_list list, struct interval span)
{
    size_t at = first_after(list, span.start);
    return at < list.count && list.items[at].start.us <= span.start.us &&
           list.items[at].end.us >= span.end.us;
}

bool intervals_overlap(struct interval_list list, struct interval span)
{
    size_t at = first_after(list, span.start);
    return at < list.count && list.items[at].start.us < span.end.us;
}
