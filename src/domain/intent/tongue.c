#include "domain/intent/internal.h"

/* In which language the guests are to be written to: "écris-lui en anglais", "she doesn't
 * speak French". */

enum {
    REACH = 6,      /* words between a verb and the language */
    WISHES_MAX = 3,
    NEAR = 40,      /* words to somebody's name */
};

static bool has_before(const struct text *text, uint32_t at, uint32_t reach, enum class class)
{
    const uint32_t first = text->sentences[text->tokens[at].sentence].tokens.first;
    for (uint32_t back = 1; back <= reach && back <= at - first; back++)
        if (in_class(text, at - back, class))
            return true;
    return false;
}

/* "In English please": hardly more is said. */
static bool stands_alone(const struct text *text, struct span sentence)
{
    enum { FEW = 6 };
    uint32_t words = 0;
    for (uint32_t i = sentence.first; i < sentence.end; i++) {
        words += text->tokens[i].kind == TOKEN_WORD;
        if (text->tokens[i].timex != 0)
            return false;
    }
    return words <= FEW;
}

static bool is_wish(const struct text *text, uint32_t at)
{
    const struct span sentence = text->sentences[text->tokens[at].sentence].tokens;
    if (at > sentence.first && in_class(text, at - 1, CLASS_in_language))
        for (uint32_t i = sentence.first; i < sentence.end; i++)
            if (in_class(text, i, CLASS_writing))
                return true;
    if (at > sentence.first && in_class(text, at - 1, CLASS_in_language) && stands_alone(text, sentence))
        return true;
    return has_before(text, at, REACH, CLASS_speaking) || in_class(text, at + 1, CLASS_speaker);
}

/* Whom the sentence names, nearest before the language or behind it. */
static struct slice named_in(struct view *view, struct span sentence, uint32_t at)
{
    for (uint32_t i = at; i-- > sentence.first && at - i <= NEAR;) {
        struct slice address = people_address_at(view, i);
        if (address.len > 0)
            return address;
    }
    for (uint32_t i = at + 1; i < sentence.end && i - at <= NEAR; i++) {
        struct slice address = people_address_at(view, i);
        if (address.len > 0)
            return address;
    }
    return SLICE_NONE;
}

/* "Il ne parle pas français": the last who was named. "Écris-leur": all. */
static struct slice whom(struct view *view, uint32_t at)
{
    const struct text *text = &view->text;
    const struct span sentence = text->sentences[text->tokens[at].sentence].tokens;
    struct slice address = named_in(view, sentence, at);
    bool one = false;
    for (uint32_t i = sentence.first; i < sentence.end; i++)
        one |= in_class(text, i, CLASS_language_pronoun);
    for (uint32_t i = sentence.first; one && address.len == 0 && i-- > 0 && at - i <= 2 * NEAR;)
        address = people_address_at(view, i);
    return address;
}

void languages_read(struct view *view, struct language_wish_list *out)
{
    const struct text *text = &view->text;
    for (uint32_t i = 0; i < text->token_count && out->count < WISHES_MAX; i++) {
        const bool english = in_class(text, i, CLASS_english);
        if (text->tokens[i].masked || (!english && !in_class(text, i, CLASS_french)) || !is_wish(text, i))
            continue;
        const bool only = has_before(text, i, 2, CLASS_than_before); /* "ne comprend que l'anglais" */
        const bool no = !only && has_before(text, i, REACH, CLASS_no_language);
        struct language_wish wish = {whom(view, i), english != no ? LANGUAGE_EN : LANGUAGE_FR};
        ARENA_PUSH(view->arena, out, wish);
    }
}
