/* What the lexicons of both languages know, as one sorted list. */
#include <stdlib.h>

#include "domain/casefile/disguise.h"
#include "domain/casefile/internal.h"
#include "domain/intent/known.h"

enum { ELIDED_MAX = 2 }; /* "j", "qu": what stands before an apostrophe */

struct gathering {
    struct arena *arena;
    struct vocabulary *out;
};

static void add_text(void *context, const char *text)
{
    struct gathering *gathering = context;
    struct slice whole = slice_from(text);
    struct text_word_list words;
    words_split(whole, gathering->arena, &words);
    for (size_t i = 0; i < words.count; i++) {
        const struct text_word *word = &words.items[i];
        bool begins = word->to < whole.len && whole.data[word->to] == '+';
        ARENA_PUSH(gathering->arena, gathering->out, ((struct known_word){word->folded, begins}));
    }
}

static int by_folded(const void *a, const void *b)
{
    const struct known_word *left = a, *right = b;
    int order = slice_compare(left->folded, right->folded);
    return order != 0 ? order : (int)right->begins - (int)left->begins;
}

void vocabulary_make(struct arena *arena, struct vocabulary *out)
{
    *out = (struct vocabulary){0};
    struct gathering gathering = {arena, out};
    size_t kept = 0;
    intent_each_known(add_text, &gathering);
    timex_each_known(add_text, &gathering);
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_folded);
    for (size_t i = 0; i < out->count; i++)
        if (kept == 0 || !slice_equal(out->items[kept - 1].folded, out->items[i].folded))
            out->items[kept++] = out->items[i];
    out->count = kept;
}

static const struct known_word *find(const struct vocabulary *vocabulary, struct slice folded)
{
    struct known_word key = {.folded = folded, .begins = true};
    size_t low = 0, high = vocabulary->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(vocabulary->items[middle].folded, key.folded);
        if (order == 0)
            return &vocabulary->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool vocabulary_has(const struct vocabulary *vocabulary, struct slice folded)
{
    if (folded.len <= ELIDED_MAX || word_is_common(folded) || word_is_title(folded) || find(vocabulary, folded) != NULL)
        return true;
    for (size_t len = folded.len - 1; len > ELIDED_MAX; len--) {
        const struct known_word *stem = find(vocabulary, slice_sub(folded, 0, len));
        if (stem != NULL && stem->begins)
            return true;
    }
    return false;
}

static bool has_figure(struct slice folded)
{
    for (size_t i = 0; i < folded.len; i++)
        if (ascii_is_digit(folded.data[i]))
            return true;
    return false;
}

static bool is_among(const struct slice_list *list, struct slice word)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i], word))
            return true;
    return false;
}

void vocabulary_strange(const struct vocabulary *vocabulary, struct slice text, struct arena *arena, struct strange_word_list *out)
{
    struct text_word_list words;
    *out = (struct strange_word_list){0};
    words_split(text, arena, &words);
    for (size_t i = 0; i < words.count; i++) {
        const struct text_word *word = &words.items[i];
        if (!word->upper && !has_figure(word->folded) && !vocabulary_has(vocabulary, word->folded) && !disguise_has(word->folded))
            ARENA_PUSH(arena, out, ((struct strange_word){word->from, word->to - word->from, word->folded}));
    }
}

void vocabulary_lacks(const struct vocabulary *vocabulary, struct slice text, struct arena *arena, struct slice_list *out)
{
    struct strange_word_list strange;
    *out = (struct slice_list){0};
    vocabulary_strange(vocabulary, text, arena, &strange);
    for (size_t i = 0; i < strange.count; i++)
        if (!is_among(out, strange.items[i].folded))
            ARENA_PUSH(arena, out, strange.items[i].folded);
}
