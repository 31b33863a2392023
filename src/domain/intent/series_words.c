/* The words that tell of series, in both languages, and where they stand. */
#include "domain/intent/series_set.h"

enum { LEAD_WORDS = 4 };

static const char *const english[] = {
#define WORDS(name, words) [SERIES_WORD_##name] = words,
#include "domain/intent/en/series.def"
#undef WORDS
};
static const char *const french[] = {
#define WORDS(name, words) [SERIES_WORD_##name] = words,
#include "domain/intent/fr/series.def"
#undef WORDS
};
_Static_assert(sizeof english == sizeof french, "series.def: each language has every list");

uint32_t series_word_place(const struct text *text, uint32_t at, enum series_word word)
{
    uint32_t place = word_place(text, at, english[word]);
    return place > 0 ? place : word_place(text, at, french[word]);
}

struct span set_tokens(const struct text *text, uint32_t at)
{
    struct span span = {at, at + 1};
    while (span.end < text->token_count && text->tokens[span.end].timex == text->tokens[at].timex)
        span.end++;
    return span;
}

bool set_begins(const struct text *text, struct span part, uint32_t at)
{
    return text->tokens[at].timex != 0 && !text->tokens[at].masked &&
           (at == part.first || text->tokens[at - 1].timex != text->tokens[at].timex);
}

const struct timex *set_timex(const struct text *text, uint32_t at)
{
    return &text->timexes.items[text->tokens[at].timex - 1];
}

bool series_leads(const struct text *text, struct span tokens, enum series_word word)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (series_says(text, i, word))
            return true;
    uint32_t at = tokens.first;
    for (uint32_t back = 0; at > 0 && back < LEAD_WORDS; back++, at--) {
        if (series_says(text, at - 1, word))
            return true;
        if (!IS(article, text, at - 1))
            return false;
    }
    return false;
}

bool series_has_word(const struct text *text, struct span tokens, enum series_word word)
{
    for (uint32_t i = tokens.first; i < tokens.end; i++)
        if (series_says(text, i, word))
            return true;
    return false;
}
