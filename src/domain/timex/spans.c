#include "domain/timex/spans.h"

enum { DAY = 86400 };

static void push(struct span_set *set, int64_t a, int64_t b, struct arena *arena)
{
    if (b <= a)
        return;
    if (set->count > 0 && a <= set->items[set->count - 1].b) {
        if (b > set->items[set->count - 1].b)
            set->items[set->count - 1].b = b;
        return;
    }
    struct span span = {a, b};
    ARENA_PUSH(arena, set, span);
}

struct span_set spans_one(int64_t a, int64_t b, struct arena *arena)
{
    struct span_set set = {0};
    push(&set, a, b, arena);
    return set;
}

/* Empty, with room for `most`. */
static struct span_set roomy(size_t most, struct arena *arena)
{
    return (struct span_set){ARENA_ARRAY(arena, most, struct span), 0, most};
}

struct span_set spans_union(struct span_set x, struct span_set y, struct arena *arena)
{
    if (x.count == 0 || y.count == 0)
        return x.count == 0 ? y : x;
    if (spans_within(y, x))
        return x;
    struct span_set out = roomy(x.count + y.count, arena);
    size_t i = 0, k = 0;
    while (i < x.count || k < y.count) {
        bool first = k >= y.count || (i < x.count && x.items[i].a <= y.items[k].a);
        struct span next = first ? x.items[i++] : y.items[k++];
        push(&out, next.a, next.b, arena);
    }
    return out;
}

struct span_set spans_cut(struct span_set x, struct span_set y, struct arena *arena)
{
    struct span_set out = {0};
    for (size_t i = 0, k = 0; i < x.count && k < y.count;) {
        int64_t a = x.items[i].a > y.items[k].a ? x.items[i].a : y.items[k].a;
        int64_t b = x.items[i].b < y.items[k].b ? x.items[i].b : y.items[k].b;
        push(&out, a, b, arena);
        if (x.items[i].b < y.items[k].b)
            i++;
        else
            k++;
    }
    return out;
}

struct span_set spans_less(struct span_set x, struct span_set y, struct arena *arena)
{
    struct span_set out = {0};
    size_t k = 0;
    for (size_t i = 0; i < x.count; i++) {
        int64_t a = x.items[i].a;
        while (k < y.count && y.items[k].b <= a)
            k++;
        for (size_t n = k; n < y.count && y.items[n].a < x.items[i].b; n++) {
            push(&out, a, y.items[n].a, arena);
            if (y.items[n].b > a)
                a = y.items[n].b;
        }
        push(&out, a, x.items[i].b, arena);
    }
    return out;
}

static int64_t day_start(int64_t at)
{
    return at - (at % DAY + DAY) % DAY;
}

struct span_set spans_daily(struct span_set days, int32_t t0, int32_t t1, struct arena *arena)
{
    size_t most = 0;
    for (size_t i = 0; i < days.count; i++)
        most += (size_t)((days.items[i].b - days.items[i].a) / DAY) + 2;
    struct span_set out = roomy(most, arena);
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < days.count; i++)
        for (int64_t day = day_start(days.items[i].a); day < days.items[i].b; day += DAY) {
            if (day == last)
                continue;
            push(&out, day + t0, day + t1, arena);
            last = day;
        }
    return out;
}

struct span_set spans_weekday(struct span_set days, int wd, struct arena *arena)
{
    struct span_set out = {0};
    for (size_t i = 0; i < days.count; i++) {
        int64_t first = day_start(days.items[i].a), weekday = ((first / DAY + 3) % 7 + 7) % 7;
        for (int64_t day = first + (wd - weekday + 7) % 7 * DAY; day < days.items[i].b; day += 7 * DAY)
            push(&out, day, day + DAY, arena);
    }
    return out;
}

void spans_append(struct span_set *set, int64_t a, int64_t b, struct arena *arena)
{
    if (set->count > 0 && a < set->items[set->count - 1].a)
        a = set->items[set->count - 1].a;
    push(set, a, b, arena);
}

bool spans_within(struct span_set x, struct span_set y)
{
    size_t k = 0;
    for (size_t i = 0; i < x.count; i++) {
        while (k < y.count && y.items[k].b <= x.items[i].a)
            k++;
        if (k >= y.count || y.items[k].a > x.items[i].a || y.items[k].b < x.items[i].b)
            return false;
    }
    return true;
}
