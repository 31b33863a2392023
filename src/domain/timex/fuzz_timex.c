#include <assert.h>

#include "domain/timex/timex.h"

/* The first bytes choose language, order of numbers and how the rest is bent: pieces of real
 * sentences are swapped, doubled and cut at word borders, so that grammar is met deeper than
 * random bytes would. Invariants: no time outside its text, intervals in order, nothing both
 * excluded and allowed. */

enum { PIECES_MAX = 24, BODY_MAX = 4096 };

static struct slice bend(const uint8_t *data, size_t size, struct arena *arena)
{
    struct slice text = {(const char *)data, size};
    struct buffer out = buffer_create(BODY_MAX);
    size_t starts[PIECES_MAX + 1], count = 0;
    for (size_t i = 0; i < size && count < PIECES_MAX; i++)
        if (i == 0 || data[i - 1] == ' ')
            starts[count++] = i;
    starts[count] = size;
    for (size_t i = 0; i < count; i++) {
        size_t pick = (i * 7 + data[i % size]) % count;
        buffer_add(&out, slice_sub(text, starts[pick], starts[pick + 1]));
        buffer_add_char(&out, ' ');
    }
    struct slice bent = arena_copy(arena, buffer_slice(&out));
    buffer_destroy(&out);
    return utf8_repair(bent, arena);
}

static void check_times(struct slice text, const struct timex_context *context, struct arena *arena)
{
    struct timex_list found;
    if (timex_find(text, context, arena, &found, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < found.count; i++) {
        const struct timex *t = &found.items[i];
        assert(t->offset + t->length <= text.len);
        assert(i == 0 || found.items[i - 1].offset + found.items[i - 1].length <= t->offset);
        if (t->kind == TIMEX_INTERVAL && t->open == TIMEX_BOUNDED)
            assert(civil_compare(t->start, t->end) <= 0);
    }
}

/* Each reason lies in the text, and asking for reasons changes no reading. */
static void check_reasons(struct slice text, const struct timex_context *context,
                          struct arena *arena)
{
    struct timex_context asking = *context, scoped = *context;
    struct timex_list why, plain;
    struct timex_ignored_list ignored;
    asking.explain = true;
    scoped.scope = true;
    if (timex_find(text, &asking, arena, &why, NULL) != ST_OK ||
        timex_find(text, &scoped, arena, &plain, NULL) != ST_OK ||
        timex_find_ignored(text, context, arena, &ignored, NULL) != ST_OK)
        return;
    assert(why.count == plain.count);
    for (size_t i = 0; i < why.count; i++) {
        const struct timex *t = &why.items[i];
        const struct timex_explanation *e = t->explanation;
        assert(t->offset == plain.items[i].offset && t->negated == plain.items[i].negated);
        assert(e->steps.count > 0 && e->cue_offset + e->cue_length <= text.len);
        for (size_t k = 0; k < e->steps.count; k++)
            assert(e->steps.items[k].offset + e->steps.items[k].length <= t->offset + t->length);
    }
    for (size_t i = 0; i < ignored.count; i++)
        assert(ignored.items[i].offset + ignored.items[i].length <= text.len);
}

static void check_wishes(struct slice text, const struct timex_context *context,
                         struct arena *arena)
{
    struct wishes wishes;
    if (timex_wishes(text, context, 60, true, arena, &wishes, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < wishes.allowed.count; i++) {
        const struct civil_interval *a = &wishes.allowed.items[i];
        assert(civil_compare(a->start, a->end) < 0);
        for (size_t k = 0; k < wishes.excluded.count; k++) {
            const struct civil_interval *x = &wishes.excluded.items[k];
            assert(civil_compare(a->end, x->start) <= 0 || civil_compare(x->end, a->start) <= 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    AUTO_ARENA arena = arena_create(256 << 20);
    struct timex_context context = {
        .language = (enum language)(data[0] % 3), .month_first = data[0] & 4, .zone = zone_utc()};
    context.ref =
        civil_at((struct civil_date){2026, (uint8_t)(1 + data[1] % 12), 28}, data[1] % 24, 30);
    struct slice text = {(const char *)data + 2, size - 2};
    if (size - 2 <= BODY_MAX && data[0] & 8)
        text = bend(data + 2, size - 2, arena);
    else
        text = utf8_repair(text, arena);
    check_times(text, &context, arena);
    check_reasons(text, &context, arena);
    check_wishes(text, &context, arena);
    return 0;
}
