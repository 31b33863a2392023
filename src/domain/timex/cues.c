#include "domain/timex/cues.h"

#include <assert.h>

/* Phrases by the hash of their first two words, the longest wins: hundreds begin with "I" or "je". */

enum { CUES_MAX = 3600, SLOTS = 4096, WORDS_MAX = 9, FOLDED_MAX = 96 * 1024 };

struct phrase {
    uint32_t hash, second; /* of the first words; `second` 0: it has but one */
    uint8_t count, cue, languages;
    uint16_t next;
    uint8_t lengths[WORDS_MAX];
    const char *words[WORDS_MAX];
};
static struct phrase phrases[CUES_MAX];
static size_t phrase_count;
static uint16_t slots[SLOTS];
static char folded[FOLDED_MAX];
static size_t folded_used;

static size_t slot_of(uint32_t first, uint32_t second)
{
    const uint32_t mixed = (first ^ second * UINT32_C(0x9E3779B1)) * UINT32_C(0x85EBCA6B);
    return mixed >> 16 & (SLOTS - 1);
}

static void add_word(struct phrase *phrase, size_t start)
{
    if (folded_used == start)
        return;
    assert(phrase->count < WORDS_MAX);
    phrase->words[phrase->count] = folded + start;
    phrase->lengths[phrase->count++] = (uint8_t)(folded_used - start);
}

static void add(const struct cue_word *cue, unsigned language)
{
    assert(phrase_count < CUES_MAX);
    struct phrase *phrase = &phrases[phrase_count++];
    struct slice text = slice_from(cue->text);
    size_t at = 0, start = folded_used;
    uint32_t cp;
    phrase->cue = (uint8_t)cue->cue;
    phrase->languages = (uint8_t)language;
    while (utf8_next(text, &at, &cp)) {
        char letters[4];
        size_t count = fold_code_point(cp, letters);
        assert(folded_used + 4 < FOLDED_MAX);
        for (size_t i = 0; i < count; i++)
            folded[folded_used++] = letters[i];
        if (count == 0) {
            add_word(phrase, start);
            start = folded_used;
        }
    }
    add_word(phrase, start);
    phrase->hash = word_hash(phrase->words[0], phrase->lengths[0]);
    if (phrase->count > 1)
        phrase->second = word_hash(phrase->words[1], phrase->lengths[1]);
    uint16_t *slot = &slots[slot_of(phrase->hash, phrase->second)];
    phrase->next = *slot;
    *slot = (uint16_t)phrase_count;
}

void cues_prepare(void)
{
    if (phrase_count > 0)
        return;
    for (size_t l = 0; l < LANGUAGES; l++)
        for (size_t i = 0; i < timex_languages[l]->cue_count; i++)
            add(&timex_languages[l]->cues[i], 1u << timex_languages[l]->language);
}

static size_t phrase_end(const struct reader *reader, const struct phrase *phrase, size_t token)
{
    const struct token *tokens = reader->tokens.items;
    size_t at = token;
    for (size_t i = 0; i < phrase->count; i++, at++) {
        if (i > 0 && at < reader->tokens.count && tokens[at].kind == TOKEN_SIGN &&
            tokens[at].value == '-')
            at++;
        if (at >= reader->tokens.count || tokens[at].kind != TOKEN_WORD ||
            tokens[at].folded_len != phrase->lengths[i] ||
            memcmp(tokens[at].folded, phrase->words[i], phrase->lengths[i]) != 0)
            return 0;
    }
    return at;
}

/* The hash of the second word of a phrase that begins at the token. */
static uint32_t second_hash(const struct reader *reader, size_t token)
{
    const struct token *tokens = reader->tokens.items;
    size_t at = token + 1;
    if (at < reader->tokens.count && tokens[at].kind == TOKEN_SIGN && tokens[at].value == '-')
        at++;
    return at < reader->tokens.count ? tokens[at].hash : 0;
}

/* The longest phrase that begins with these two words, or with the first alone (second 0). */
static size_t longest_of(const struct reader *reader, size_t token, uint32_t second, size_t limit,
                         enum cue *cue)
{
    const uint32_t first = reader->tokens.items[token].hash;
    size_t longest = 0;
    for (uint16_t i = slots[slot_of(first, second)]; i != 0; i = phrases[i - 1].next) {
        const struct phrase *phrase = &phrases[i - 1];
        if (phrase->hash != first || phrase->second != second ||
            !(phrase->languages & reader->languages))
            continue;
        size_t after = phrase_end(reader, phrase, token);
        if (after > longest && after <= limit) {
            longest = after;
            *cue = (enum cue)phrase->cue;
        }
    }
    return longest;
}

enum cue cue_at(const struct reader *reader, size_t token, size_t limit, size_t *end)
{
    enum cue best = CUE_NONE;
    *end = token + 1;
    if (reader->tokens.items[token].kind != TOKEN_WORD)
        return CUE_NONE;
    const uint32_t second = second_hash(reader, token);
    size_t longest = second != 0 ? longest_of(reader, token, second, limit, &best) : 0;
    if (longest == 0)
        longest = longest_of(reader, token, 0, limit, &best);
    if (longest > 0)
        *end = longest;
    return best;
}

/* "décaler de mardi à mercredi", "move it from 2 to 3pm": no range, but the old time and the
 * new one. */
static void part_move(struct reader *reader, size_t at)
{
    struct token *tokens = reader->tokens.items;
    size_t from = SIZE_MAX, limit = at + 16, unused;
    for (; at < reader->tokens.count && at < limit; at++) {
        struct token *t = &tokens[at];
        bool sign = t->kind == TOKEN_LINE || (t->kind == TOKEN_SIGN && t->value != '-' &&
                                              t->value != '/' && t->value != '.');
        if (sign || cue_at(reader, at, reader->tokens.count, &unused) == CUE_FREE)
            return;
        bool day = at + 1 < reader->tokens.count && (lexicon_is(reader, &t[1], CAT_wd) ||
                                                     lexicon_is(reader, &t[1], CAT_day));
        if (from == SIZE_MAX && day && lexicon_is(reader, t, CAT_to))
            return; /* "move it to Wednesday from 7pm to 10pm": the new time, whole */
        if (lexicon_is(reader, t, CAT_from))
            from = at;
        else if (from != SIZE_MAX && lexicon_is(reader, t, CAT_to)) {
            tokens[from].leaving = true;
            t->wall = true;
            return;
        }
    }
}

/* "I'm booked on Friday, next week is open": what is said of the week is not said of the day. */
static void part_week(struct reader *reader, size_t comma)
{
    struct token *tokens = reader->tokens.items;
    size_t at = comma + 1, limit = at + 5, unused;
    while (at < reader->tokens.count && at < limit && tokens[at].kind == TOKEN_WORD && !in_class(&tokens[at], CLASS_week))
        at++;
    if (at >= reader->tokens.count || !in_class(&tokens[at], CLASS_week))
        return;
    for (at++; at < reader->tokens.count && at < limit + 1 && tokens[at].kind == TOKEN_WORD; at++)
        if (in_class(&tokens[at], CLASS_be) ||
            cue_at(reader, at, reader->tokens.count, &unused) == CUE_FREE) {
            tokens[comma].wall = true;
            return;
        }
}

/* "apart from Tuesday", "steer away from Tuesday": the "from" of the cue begins no date. */
void cues_mark(struct reader *reader)
{
    cues_prepare();
    for (size_t i = 0; i < reader->tokens.count; i++) {
        size_t end;
        if (reader->tokens.items[i].kind == TOKEN_SIGN && reader->tokens.items[i].value == ',')
            part_week(reader, i);
        enum cue cue = cue_at(reader, i, reader->tokens.count, &end);
        if (cue == CUE_MOVE)
            part_move(reader, end);
        for (size_t k = i; cue == CUE_IDIOM && k < end; k++)
            reader->tokens.items[k].noise = NOISE_OF_CUE;
        if ((cue != CUE_EXCEPT && cue != CUE_NOT) || end <= i + 1)
            continue;
        for (size_t k = i + 1; k < end; k++)
            if (lexicon_is(reader, &reader->tokens.items[k], CAT_from))
                reader->tokens.items[k].noise = NOISE_OF_CUE;
    }
}
