/* Names as people write them. Words are compared folded: lower case, without accents. */
#include "domain/people/people.h"

#include <string.h>

enum { WORDS_MAX = 12, WORD_BYTES_MAX = 48 };

struct words {
    char folded[WORDS_MAX][WORD_BYTES_MAX];
    struct slice written[WORDS_MAX];
    size_t count;
};

/* The base letter of Latin-1 and Latin Extended-A letters; 0 for what is no letter. */
static char fold_letter(uint32_t c)
{
    static const char latin1[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuyts"
                                 "aaaaaaaceeeeiiiidnooooo\0ouuuuyty";
    static const char extended[] =
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooo"
        "rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    if (c < 0x80)
        return ascii_is_alpha((char)c) ? ascii_lower((char)c) : ascii_is_digit((char)c) ? (char)c : 0;
    if (c >= 0xC0 && c <= 0xFF)
        return latin1[c - 0xC0];
    if (c >= 0x100 && c < 0x100 + sizeof extended - 1)
        return extended[c - 0x100];
    return 0;
}

static void end_word(struct words *words, size_t *len, struct slice text, size_t start, size_t end)
{
    if (*len > 0 && words->count < WORDS_MAX) {
        words->folded[words->count][*len] = '\0';
        words->written[words->count++] = slice_sub(text, start, end);
    }
    *len = 0;
}

/* Splits at everything that is neither letter, digit nor hyphen inside a word. */
static void split(struct slice text, struct words *words)
{
    size_t at = 0, len = 0, start = 0;
    uint32_t c;
    words->count = 0;
    while (at < text.len && words->count < WORDS_MAX) {
        size_t before = at;
        if (!utf8_next(text, &at, &c)) {
            at++;
            continue;
        }
        char letter = fold_letter(c);
        if (letter == 0 && c == '-' && len > 0)
            letter = '-';
        if (letter == 0) {
            end_word(words, &len, text, start, before);
            continue;
        }
        if (len == 0)
            start = before;
        if (len < WORD_BYTES_MAX - 1)
            words->folded[words->count][len++] = letter;
    }
    end_word(words, &len, text, start, text.len);
}

static bool is_title(const char *word)
{
    static const char *const titles[] = {"m",  "mr",   "mme",    "mlle", "monsieur", "madame", "ms",
                                         "mrs", "miss", "maitre", "me",   "dr",       "pr",     "prof",
                                         "professeur", "professeure", "professor", "docteur", "cher",
                                         "chere", "dear"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(word, titles[i]) == 0)
            return true;
    return false;
}

static bool is_capitals(struct slice word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] >= 'a' && word.data[i] <= 'z')
            return false;
    return word.len > 1;
}

struct slice name_first(struct slice full, struct arena *arena)
{
    struct words words;
    split(full, &words);
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < words.count && best == SIZE_MAX; i++)
        if (!is_title(words.folded[i]) && !is_capitals(words.written[i]))
            best = i;
    for (size_t i = 0; i < words.count && best == SIZE_MAX; i++)
        if (!is_title(words.folded[i]))
            best = i;
    return best == SIZE_MAX ? SLICE_NONE : arena_copy(arena, words.written[best]);
}

static bool has_word(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->folded[i], word) == 0)
            return true;
    }
    return false;
}

/* "b.delorme" against "delorme", "jeanpaul" against "jean-paul". */
static bool local_part_has(const struct words *local, const char *word)
{
    return strlen(word) >= 3 && has_word(local, word);
}

bool name_means(struct slice mention, struct slice full, struct slice address)
{
    struct words said, name, local;
    split(mention, &said);
    split(full, &name);
    size_t at_sign = slice_find(address, LIT("@"), 0);
    split(slice_sub(address, 0, at_sign == SIZE_MAX ? 0 : at_sign), &local);
    size_t meaningful = 0;
    for (size_t i = 0; i < said.count; i++) {
        if (is_title(said.folded[i]))
            continue;
        if (!has_word(&name, said.folded[i]) && !local_part_has(&local, said.folded[i]))
            return false;
        meaningful++;
    }
    return meaningful > 0;
}
