#include "domain/timex/internal.h"

/* "Cant do any before thurs", "jusqua mercredi": the apostrophe was left out. Elsewhere it parts
 * words, so it does here. */

struct elision {
    const char *word;
    uint8_t head;
};
#define E(word, head) {word, head},
static const struct elision elisions_fr[] = {
#include "domain/timex/fr/elisions.def"
};
static const struct elision elisions_en[] = {
#include "domain/timex/en/elisions.def"
};
#undef E
#define E(word, head) word,
static const char *const words_fr[] = {
#include "domain/timex/fr/elisions.def"
};
static const char *const words_en[] = {
#include "domain/timex/en/elisions.def"
};
#undef E
#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct {
    enum language language;
    const struct elision *elisions;
    const char *const *words;
    size_t count;
} tables[] = {
    {LANGUAGE_FR, elisions_fr, words_fr, COUNT(words_fr)},
    {LANGUAGE_EN, elisions_en, words_en, COUNT(words_en)},
};

size_t timex_elided(struct slice folded, uint32_t hash, enum language language)
{
    for (size_t i = 0; i < COUNT(tables); i++) {
        if (language != LANGUAGE_UNKNOWN && tables[i].language != language)
            continue;
        uint32_t place = wordlist_place_of(tables[i].words, tables[i].count, folded, hash);
        if (place > 0)
            return tables[i].elisions[place - 1].head;
    }
    return 0;
}
