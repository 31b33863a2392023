#include "domain/timex/internal.h"

/* Which language, by the small words that only one of them has (clues.def). */

static const char *const clues_fr[] = {
#include "domain/timex/fr/clues.def"
};
static const char *const clues_en[] = {
#include "domain/timex/en/clues.def"
};
/* Apart from languages.c: who only asks for the language needs no rules of time. */
static const struct {
    enum language language;
    const char *const *clues;
    size_t clue_count;
    bool accents; /* letters with accents speak for it */
} told_by[LANGUAGES] = {
    {LANGUAGE_FR, clues_fr, sizeof clues_fr / sizeof *clues_fr, true},
    {LANGUAGE_EN, clues_en, sizeof clues_en / sizeof *clues_en, false},
};

enum { TABLE = 1024 };
struct clue {
    const char *word;
    uint32_t hash;
    uint8_t length;
    unsigned languages; /* bits 1 << enum language */
};
static struct clue clues[TABLE];
static bool prepared;

static struct clue *slot_of(const char *word, size_t length, bool insert)
{
    uint32_t hash = word_hash(word, length), at = hash % TABLE;
    for (; clues[at].word != NULL; at = (at + 1) % TABLE)
        if (clues[at].hash == hash && clues[at].length == length &&
            memcmp(clues[at].word, word, length) == 0)
            return &clues[at];
    if (insert)
        clues[at] = (struct clue){.word = word, .hash = hash, .length = (uint8_t)length};
    return insert ? &clues[at] : NULL;
}

static void prepare(void)
{
    if (prepared)
        return;
    for (size_t l = 0; l < LANGUAGES; l++)
        for (size_t i = 0; i < told_by[l].clue_count; i++) {
            const char *word = told_by[l].clues[i];
            slot_of(word, strlen(word), true)->languages |= 1u << told_by[l].language;
        }
    prepared = true;
}

/* The one with more than twice the points of any other. */
static enum language clear_winner(const size_t scores[LANGUAGES])
{
    for (size_t best = 0; best < LANGUAGES; best++) {
        bool clear = scores[best] >= 2;
        for (size_t l = 0; l < LANGUAGES; l++)
            clear = clear && (l == best || scores[best] > 2 * scores[l]);
        if (clear)
            return told_by[best].language;
    }
    return LANGUAGE_UNKNOWN;
}

/* The letters of ASCII, in lower case; the code points behind it are for fold_code_point. */
static size_t fold_next(struct slice text, size_t *at, char letters[4], bool *accent)
{
    uint32_t cp = (unsigned char)text.data[*at];
    *accent = false;
    if (cp < 128) {
        ++*at;
        letters[0] = ascii_lower((char)cp);
        return ascii_is_alpha((char)cp);
    }
    cp = ' ';
    if (!utf8_next(text, at, &cp))
        ++*at;
    *accent = cp >= 0xC0 && cp < 0x180;
    return fold_code_point(cp, letters);
}

enum language timex_language(struct slice text)
{
    enum { WORD_MAX = 24, BYTES_MAX = 8192 };
    prepare();
    char word[WORD_MAX];
    size_t length = 0, scores[LANGUAGES] = {0};
    bool last = false;
    for (size_t at = 0; at < text.len && at < BYTES_MAX && !last;) {
        bool accent;
        char letters[4];
        size_t count = fold_next(text, &at, letters, &accent);
        last = at >= text.len;
        for (size_t l = 0; l < LANGUAGES && accent; l++)
            scores[l] += told_by[l].accents;
        for (size_t i = 0; i < count && length < WORD_MAX; i++)
            word[length++] = letters[i];
        if ((count == 0 || last) && length > 0) {
            const struct clue *clue = slot_of(word, length, false);
            for (size_t l = 0; l < LANGUAGES && clue != NULL; l++)
                scores[l] += clue->languages & 1u << told_by[l].language ? 2 : 0;
            length = 0;
        }
    }
    return clear_winner(scores);
}
