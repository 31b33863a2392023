/* "Can I talk to a human?": who wants a person gets one, whatever else is said. Read apart from what a mail
 * does for a meeting, like an end of all mail; "parler à quelqu'un de l'atelier" is a meeting. */
#include "domain/intent/fold.h"
#include "domain/intent/intent.h"

enum person_part {
    PERSON_TALK,  /* talking to */
    PERSON_WHO,   /* somebody, if nobody in particular is meant */
    PERSON_HUMAN, /* somebody who is no machine */
    PERSON_END,   /* behind PERSON_WHO */
    PERSON_NOT,   /* one of the words before */
};
/* Folded. Who wants a person is heard in any language. */
static const struct {
    enum person_part part;
    const char *words;
} sayings[] = {
#define SAYS(part, words) {part, words},
#include "domain/intent/en/person.def"
#include "domain/intent/fr/person.def"
#undef SAYS
};
enum { SAYINGS = sizeof sayings / sizeof *sayings, WORDS_BEFORE = 5 };

static bool is_letter(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* Whole words at the start of `text`; how many bytes, or 0. */
static size_t starts_with(struct slice text, enum person_part part)
{
    size_t longest = 0;
    for (size_t i = 0; i < SAYINGS; i++) {
        struct slice words = slice_from(sayings[i].words);
        if (sayings[i].part != part || words.len <= longest || !slice_starts(text, words))
            continue;
        if (text.len == words.len || !is_letter(text.data[words.len]) || words.data[words.len - 1] == '.')
            longest = words.len;
    }
    return longest;
}

/* In the clause before, among the last words. */
static bool is_denied(struct slice before)
{
    size_t from = before.len, words = 0;
    while (from > 0 && words <= WORDS_BEFORE && before.data[from - 1] != '.') {
        from--;
        words += before.data[from] == ' ';
    }
    for (size_t at = from; at < before.len; at++)
        if ((at == 0 || before.data[at - 1] == ' ') && starts_with(slice_sub(before, at, before.len), PERSON_NOT) > 0)
            return true;
    return false;
}

/* Behind a word for talking: "d" is "d'un", whose blank is gone. */
static bool means_person(struct slice behind)
{
    behind = slice_trim(behind);
    if (starts_with(behind, PERSON_HUMAN) > 0)
        return true;
    size_t who = starts_with(behind, PERSON_WHO);
    return who > 0 && starts_with(slice_trim(slice_sub(behind, who, behind.len)), PERSON_END) > 0;
}

bool intent_asks_person(struct slice new_text)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct slice folded = fold_words(new_text, arena);
    for (size_t at = 1; at < folded.len; at++) {
        if (folded.data[at - 1] != ' ')
            continue;
        struct slice here = slice_sub(folded, at, folded.len);
        size_t talk = starts_with(here, PERSON_TALK);
        if (talk > 0 && means_person(slice_sub(here, talk, here.len)) && !is_denied(slice_sub(folded, 0, at)))
            return true;
    }
    return false;
}
