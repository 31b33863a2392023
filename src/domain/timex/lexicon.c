#include "domain/timex/internal.h"
#include "domain/timex/names.h"

#include <assert.h>

/* The words of all languages in one hash table, by their first word. An entry of several
 * words matches over hyphens ("après-midi", "week-end") and spaces alike. */

enum { ENTRIES_MAX = 4096, SLOTS = 8192, WORDS_MAX = 6, FOLDED_MAX = 96 * 1024 };

struct entry {
    const struct word *word;
    uint8_t count;
    uint32_t hashes[WORDS_MAX];
    uint8_t lengths[WORDS_MAX];
    const char *folded[WORDS_MAX];
};

static struct entry entries[ENTRIES_MAX];
/* Of each, what is looked at first: most that begin with "the" or "à" go on with another word. */
static struct entry_key {
    uint32_t second; /* hash of its second word; 0: it has one */
    uint16_t next;   /* index + 1 */
    uint8_t languages;
} keys[ENTRIES_MAX];
static size_t entry_count;
/* The first words of entries, each once, by hash; a token keeps which one it is. */
static struct first_word {
    uint16_t newest; /* entry, index + 1; the others by `next` */
    uint8_t languages;
    uint64_t alone[1 << (LANGUAGES + 1)]; /* by languages: categories of entries of this word alone */
} first_words[ENTRIES_MAX]; /* [0] is none */
static size_t first_word_count = 1;
static uint16_t slots[SLOTS];
static char folded_text[FOLDED_MAX];
static size_t folded_used;

static void split_word(struct entry *entry, const char *start, size_t length)
{
    assert(entry->count < WORDS_MAX && length < 255);
    entry->folded[entry->count] = start;
    entry->lengths[entry->count] = (uint8_t)length;
    entry->hashes[entry->count++] = word_hash(start, length);
}

static void fold_entry(struct entry *entry)
{
    struct slice text = slice_from(entry->word->text);
    size_t at = 0, start = folded_used;
    uint32_t cp;
    while (utf8_next(text, &at, &cp)) {
        char letters[4];
        size_t count = fold_code_point(cp, letters);
        assert(!(cp < 128 && ascii_is_digit((char)cp)));
        assert(folded_used + 4 < FOLDED_MAX);
        for (size_t i = 0; i < count; i++)
            folded_text[folded_used++] = letters[i];
        if (count == 0 && folded_used > start) {
            split_word(entry, folded_text + start, folded_used - start);
            start = folded_used;
        }
    }
    if (folded_used > start)
        split_word(entry, folded_text + start, folded_used - start);
}

/* Its number; 0 if no entry begins with it. */
static uint16_t first_of(const char *word, size_t length, uint32_t hash, bool insert)
{
    size_t at = (hash ^ hash >> 16) & (SLOTS - 1);
    for (; slots[at] != 0; at = (at + 1) & (SLOTS - 1)) {
        const struct entry *entry = &entries[first_words[slots[at]].newest - 1];
        if (entry->hashes[0] == hash && entry->lengths[0] == length &&
            memcmp(entry->folded[0], word, length) == 0)
            return slots[at];
    }
    if (!insert)
        return 0;
    assert(first_word_count < ENTRIES_MAX);
    slots[at] = (uint16_t)first_word_count;
    return (uint16_t)first_word_count++;
}

uint16_t lexicon_word(const char *folded, size_t length, uint32_t hash)
{
    return first_of(folded, length, hash, false);
}

static void add_lexicon(const struct language_data *data, unsigned languages)
{
    for (size_t i = 0; i < data->lexicon.count; i++) {
        assert(entry_count < ENTRIES_MAX);
        struct entry_key *key = &keys[entry_count];
        struct entry *entry = &entries[entry_count++];
        entry->word = &data->lexicon.words[i];
        fold_entry(entry);
        assert(entry->count > 0);
        struct first_word *first = &first_words[first_of(entry->folded[0], entry->lengths[0],
                                                         entry->hashes[0], true)];
        *key = (struct entry_key){entry->count > 1 ? entry->hashes[1] : 0, first->newest,
                                  (uint8_t)languages};
        first->newest = (uint16_t)entry_count;
        first->languages |= key->languages;
        for (unsigned l = 0; entry->count == 1 && l < sizeof first->alone / sizeof *first->alone; l++)
            first->alone[l] |= l & languages ? BIT(entry->word->cat) : 0;
    }
}

void lexicon_prepare(void)
{
    if (entry_count > 0)
        return;
    add_lexicon(&language_all, every_language());
    for (size_t i = 0; i < LANGUAGES; i++)
        add_lexicon(timex_languages[i], 1u << timex_languages[i]->language);
}

static bool word_is(const struct token *token, const struct entry *entry, size_t i)
{
    return token->kind == TOKEN_WORD && token->hash == entry->hashes[i] &&
           token->folded_len == entry->lengths[i] &&
           memcmp(token->folded, entry->folded[i], entry->lengths[i]) == 0;
}

/* "après-midi", "w/c", "p.m." */
static bool is_joint(const struct token *token, size_t length_before)
{
    if (token->kind != TOKEN_SIGN)
        return false;
    return token->value == '-' || (length_before == 1 && !token->space && token->value == '/') ||
           (length_before <= 2 && !token->space && token->value == '.');
}

/* The token behind the entry, or 0. */
static size_t entry_end(const struct reader *reader, const struct entry *entry, size_t token,
                        size_t end)
{
    size_t at = token + 1; /* its first word is the entry's */
    for (size_t i = 1; i < entry->count; i++) {
        if (at < end && is_joint(&reader->tokens.items[at], entry->lengths[i - 1]))
            at++;
        if (at >= end || !word_is(&reader->tokens.items[at], entry, i))
            return 0;
        at++;
    }
    return at;
}

/* After a full stop: a capital letter, and no weekday or month. */
static bool begins_sentence(const struct reader *reader, size_t token)
{
    if (token >= reader->tokens.count)
        return false;
    const struct token *t = &reader->tokens.items[token];
    return t->kind == TOKEN_LINE ||
           (t->kind == TOKEN_WORD && t->capital && t->folded_len > 4 &&
            !lexicon_is(reader, t, CAT_wd) && !lexicon_is(reader, t, CAT_month));
}

/* A capital inside a sentence, or nothing else there: "How about May?", not "May I ask". */
static bool named(const struct reader *reader, size_t token)
{
    const struct token *t = &reader->tokens.items[token];
    if (!t->capital || t->length < 2 || reader->body.data[t->offset + 1] < 'a')
        return false;
    if (reader->tokens.count == 1)
        return true;
    return token > 0 && (t[-1].kind == TOKEN_WORD || t[-1].kind == TOKEN_NUMBER);
}

/* "UTC+2", "GMT -5", "UTC+05:30" */
static void add_offset(struct reader *reader, struct meaning *m, size_t token, size_t after,
                       size_t end)
{
    const struct token *sign = &reader->tokens.items[after], *hours = sign + 1;
    if (after + 1 >= end || sign->kind != TOKEN_SIGN || hours->kind != TOKEN_NUMBER ||
        hours->space || (sign->value != '+' && (sign->value != '-' || sign->space)))
        return;
    int32_t h = (int32_t)(hours->digits == 4 ? hours->value / 100 : hours->value);
    bool minutes = after + 3 < end && hours[1].kind == TOKEN_SIGN && hours[1].value == ':' &&
                   !hours[1].space && hours[2].kind == TOKEN_NUMBER && hours[2].digits == 2;
    uint64_t rest = hours->digits == 4 ? hours->value % 100 : minutes ? hours[2].value : 0;
    bool east = sign->value == '+', india = east && h == 5 && rest == 30;
    if (h > (east ? 14 : 12) || (rest != 0 && !india))
        return;
    m->value = zone_of_offset(east ? h : -h);
    if (india)
        m->value = ZONE_KOLKATA;
    size_t base = reader->island_start;
    chart_add(reader, m, token - base, after + (minutes ? 4 : 2) - base, -1, 2);
}

/* The "about" of "how about" belongs to the question; only a bare number needs it. */
static bool asks_about(const struct reader *reader, size_t token)
{
    const struct token *before = &reader->tokens.items[token] - 1;
    if (token == 0 || before->kind != TOKEN_WORD)
        return false;
    return (before->folded_len == 3 && memcmp(before->folded, "how", 3) == 0) ||
           (before->folded_len == 4 && memcmp(before->folded, "what", 4) == 0);
}

/* "EST" that is no "est": a zone whose letters are a word needs capitals or "pm" before it. */
static bool is_plain_word(const struct reader *reader, size_t token)
{
    const struct token *t = &reader->tokens.items[token];
    bool common = t->folded_len == 3 &&
                  (memcmp(t->folded, "est", 3) == 0 || memcmp(t->folded, "cet", 3) == 0 ||
                   memcmp(t->folded, "ist", 3) == 0);
    if (!common)
        return false;
    char before = t->offset == 0 ? ' ' : reader->body.data[t->offset - 1];
    size_t at = t->offset;
    while (at > 0 && reader->body.data[at - 1] == ' ')
        at--;
    bool half = at > 1 && (reader->body.data[at - 1] | 0x20) == 'm' && before == ' ';
    char after = t->offset + 3 < reader->body.len ? reader->body.data[t->offset + 3] : ' ';
    bool capitals = reader->body.data[t->offset] < 'a' && reader->body.data[t->offset + 1] < 'a';
    return after == '-' || (!capitals && !half);
}

/* "the sun will set", "le jeu"; but "the Sun", "le jeu. 12", "le jeu 4". */
static bool is_noun(const struct reader *reader, size_t token)
{
    const struct token *t = &reader->tokens.items[token];
    bool alone = token + 1 >= reader->tokens.count || t[1].kind == TOKEN_WORD;
    return token > 0 && !t->capital && alone && lexicon_is(reader, &t[-1], CAT_the);
}

static void add_entry(struct reader *reader, const struct entry *entry, size_t token, size_t after,
                      size_t end)
{
    const struct word *word = entry->word;
    int score = 4 * (entry->count - 1); /* a phrase is surer than its words */
    if (word->cat == CAT_zone && is_plain_word(reader, token))
        return;
    if (word->cat == CAT_wd && word->flags & F_NOUN && is_noun(reader, token))
        return;
    if (word->cat == CAT_about && asks_about(reader, token))
        score -= 120;
    struct meaning m = meaning_none(word->cat);
    m.value = word->value;
    m.value2 = word->value2;
    m.flags = word->flags;
    if (word->cat == CAT_wd) {
        m.wd = (int8_t)word->value;
        m.grain = GRAIN_DAY;
    }
    if (word->cat == CAT_num || word->cat == CAT_few)
        m.seconds = (int64_t)word->value * 1000;
    if (word->cat == CAT_month) {
        m.month = (int8_t)word->value;
        if ((word->flags & F_LATENT) && named(reader, token))
            m.flags &= ~(uint32_t)F_LATENT;
    }
    size_t base = reader->island_start;
    chart_add(reader, &m, token - base, after - base, -1, score);
    if (word->cat == CAT_zone && word->value == ZONE_UTC) {
        struct meaning zone = m;
        add_offset(reader, &zone, token, after, end);
    }
    const struct token *dot = &reader->tokens.items[after];
    bool month = word->cat == CAT_month && after + 1 < end && dot[1].kind == TOKEN_NUMBER;
    if (((word->flags & F_ABBR) || month) && after < end && dot->kind == TOKEN_SIGN &&
        dot->value == '.' && !dot->space && !begins_sentence(reader, after + 1))
        chart_add(reader, &m, token - base, after + 1 - base, -1, 0);
}

/* The entries that stand at a token, and where they end. */
enum { STANDING_MAX = 48 };
struct standing {
    size_t count, longest;
    const struct entry *entries[STANDING_MAX];
    size_t ends[STANDING_MAX];
};

/* Of the word behind the token, over a sign that may join them; 0: there is none. */
static uint32_t next_hash(const struct reader *reader, size_t token, size_t end)
{
    size_t at = token + 1;
    at += at < end && reader->tokens.items[at].kind == TOKEN_SIGN;
    return at < end && reader->tokens.items[at].kind == TOKEN_WORD ? reader->tokens.items[at].hash : 0;
}

static void find_standing(const struct reader *reader, size_t token, size_t end,
                          struct standing *out)
{
    const uint32_t next = next_hash(reader, token, end);
    out->count = out->longest = 0;
    for (uint16_t i = first_words[reader->tokens.items[token].word].newest; i != 0;
         i = keys[i - 1].next) {
        const struct entry_key *key = &keys[i - 1];
        if (!(key->languages & reader->languages) || (key->second != 0 && key->second != next))
            continue;
        size_t after = entry_end(reader, &entries[i - 1], token, end);
        if (after == 0)
            continue;
        assert(out->count < STANDING_MAX);
        out->entries[out->count] = &entries[i - 1];
        out->ends[out->count++] = after;
        out->longest = after > out->longest ? after : out->longest;
    }
}

/* The "après" of "demain ou après-demain" is no word of its own. */
static bool is_cut(const struct reader *reader, size_t after, size_t longest)
{
    if (after + 1 >= longest)
        return false;
    const struct token *sign = &reader->tokens.items[after];
    return sign->kind == TOKEN_SIGN && sign->value == '-' && !sign->space && !sign[1].space;
}

/* The "h" of "14h30" counts no hours. */
static bool is_hour_sign(const struct reader *reader, const struct entry *entry, size_t token,
                         size_t end)
{
    const struct token *h = &reader->tokens.items[token];
    return h->folded_len == 1 && h->folded[0] == 'h' && entry->word->cat != CAT_num && token > 0 &&
           h[-1].kind == TOKEN_NUMBER && !h->space && token + 1 < end &&
           h[1].kind == TOKEN_NUMBER && !h[1].space;
}

bool lexicon_add(struct reader *reader, size_t token, size_t end)
{
    bool known = false;
    if (!lexicon_knows(reader, &reader->tokens.items[token]))
        return false;
    struct standing here;
    find_standing(reader, token, end, &here);
    for (size_t i = 0; i < here.count; i++) {
        const struct entry *entry = here.entries[i];
        const size_t after = here.ends[i];
        if (is_cut(reader, after, here.longest) || is_hour_sign(reader, entry, token, end) ||
            (entry->word->cat == CAT_holiday && after < here.longest)) /* "Christmas" of its Eve */
            continue;
        add_entry(reader, entry, token, after, end);
        known = true;
    }
    return known;
}

/* Whether the word by itself is of a category. */
bool lexicon_is(const struct reader *reader, const struct token *token, enum category cat)
{
    return (first_words[token->word].alone[reader->languages] & BIT(cat)) != 0;
}

/* Whether some entry of the reader's languages contains the word as its first. */
bool lexicon_knows(const struct reader *reader, const struct token *token)
{
    return (first_words[token->word].languages & reader->languages) != 0;
}

int lexicon_value(const struct reader *reader, const struct token *token, enum category cat)
{
    if (!lexicon_is(reader, token, cat))
        return 0;
    for (uint16_t i = first_words[token->word].newest; i != 0; i = keys[i - 1].next)
        if ((keys[i - 1].languages & reader->languages) && keys[i - 1].second == 0 &&
            entries[i - 1].word->cat == cat)
            return entries[i - 1].word->value;
    return 0;
}
