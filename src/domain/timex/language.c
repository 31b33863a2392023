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

static struct clue *slot_of(const char *word, size_t length, uint32_t hash, bool insert)
{
    uint32_t at = hash % TABLE;
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
            const size_t length = strlen(word);
            slot_of(word, length, word_hash(word, length), true)->languages |= 1u << told_by[l].language;
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

enum { WORD_MAX = 24, BYTES_MAX = 8192 };
struct language_word {
    char letters[WORD_MAX];
    size_t length;
    uint32_t hash;
};

static void add_letter(struct language_word *word, char letter)
{
    if (word->length == WORD_MAX)
        return;
    word->letters[word->length++] = letter;
    word->hash = word_hash_add(word->hash, letter);
}

static void count_word(struct language_word *word, size_t scores[LANGUAGES])
{
    const struct clue *clue =
        word->length > 0 ? slot_of(word->letters, word->length, word->hash, false) : NULL;
    for (size_t l = 0; l < LANGUAGES && clue != NULL; l++)
        scores[l] += clue->languages & 1u << told_by[l].language ? 2 : 0;
    word->length = 0;
    word->hash = WORD_HASH_START;
}

enum language timex_language(struct slice text)
{
    prepare();
    struct language_word word = {.hash = WORD_HASH_START};
    size_t scores[LANGUAGES] = {0};
    for (size_t at = 0; at < text.len && at < BYTES_MAX;) {
        char letters[4];
        for (; at < text.len && ascii_is_alpha(text.data[at]); at++)
            add_letter(&word, ascii_lower(text.data[at]));
        uint32_t cp = ' ';
        if (!utf8_next(text, &at, &cp))
            at++;
        size_t count = cp < 128 ? 0 : fold_code_point(cp, letters);
        for (size_t l = 0; l < LANGUAGES && cp >= 0xC0 && cp < 0x180; l++)
            scores[l] += told_by[l].accents;
        for (size_t i = 0; i < count; i++)
            add_letter(&word, letters[i]);
        if (count == 0)
            count_word(&word, scores);
    }
    count_word(&word, scores);
    return clear_winner(scores);
}
