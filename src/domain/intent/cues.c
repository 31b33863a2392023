#include <assert.h>
#include <string.h>

#include "domain/intent/internal.h"

/* Finds the phrases of the lexicons. The tables are compiled once per process into one
 * index: every word of the text looks up which phrases may begin with it, so the work is
 * proportional to the text. */

enum {
    ATOMS_MAX = 6000,
    HASH_SIZE = 16384, /* power of two */
    ALTERNATIVES_MAX = 24000,
    ELEMENTS_MAX = 16000,
    PHRASES_MAX = 4000,
    STARTS_MAX = 12000,
    PHRASE_ELEMENTS_MAX = 14,
    PREFIX_MAX = 16,
    PREFIX_SLOTS = 1024,
    GAP_SHORT = 4,
    GAP_LONG = 8,
};

/* Atoms that are no words. */
enum { ATOM_NONE, ATOM_NUMBER, ATOM_MAIL, ATOM_PHONE, ATOM_URL, ATOM_TIME, ATOM_NAME, ATOM_WORDS };

enum element_kind { ELEMENT_WORD, ELEMENT_GAP, ELEMENT_BEGIN, ELEMENT_END };

struct element {
    uint8_t kind, gap;
    bool optional;
    uint16_t first, count; /* alternatives */
    uint64_t bits;         /* atom_bit of them */
};
struct compiled {
    uint8_t cue;
    uint16_t element;
    uint8_t count;
    bool begins; /* ^ */
};
struct atom {
    struct slice word;
    bool prefix;
    uint16_t start, start_count; /* entries of `starts` */
    uint16_t newest;             /* of `entries`; while the tables are compiled */
};
/* A phrase that may begin with an atom. */
struct start {
    uint64_t behind; /* atom_bit of what may stand behind the first word; all: nothing need */
    uint64_t later[2]; /* of the words that must stand somewhere behind, the last ones; all: none */
    uint16_t phrase;
};

/* Read-only after lexicon_load. */
static struct lexicon {
    bool loaded;
    struct atom atoms[ATOMS_MAX];
    uint32_t atom_count;
    uint16_t hash[HASH_SIZE];
    uint16_t alternatives[ALTERNATIVES_MAX];
    uint32_t alternative_count;
    struct element elements[ELEMENTS_MAX];
    uint32_t element_count;
    struct compiled phrases[PHRASES_MAX];
    uint32_t phrase_count;
    struct { uint16_t phrase, next; } entries[STARTS_MAX]; /* of one atom, linked; [0] is none */
    uint32_t entry_count;
    struct start starts[STARTS_MAX]; /* the same, those of an atom side by side */
    uint32_t prefixes[PREFIX_SLOTS]; /* bits of the lengths of prefixes, by two letters */
    char words[96 * 1024];
    size_t words_len;
} lexicon;

/* A prefix is another atom than the word of the same letters. */
static uint32_t hash_start(bool prefix)
{
    return prefix ? 0x9E3779B9u : WORD_HASH_START;
}

/* One of 64 bits; the classes have theirs for themselves. */
static uint64_t atom_bit(uint16_t atom)
{
    return UINT64_C(1) << (atom < ATOM_WORDS ? atom : ATOM_WORDS + atom % (64 - ATOM_WORDS));
}

static uint16_t atom_with(uint32_t hash, struct slice word, bool prefix, uint32_t *place)
{
    uint32_t at = (hash ^ hash >> 15) & (HASH_SIZE - 1);
    for (; lexicon.hash[at] != 0; at = (at + 1) & (HASH_SIZE - 1)) {
        const struct atom *atom = &lexicon.atoms[lexicon.hash[at]];
        if (atom->prefix == prefix && atom->word.len == word.len &&
            memcmp(atom->word.data, word.data, word.len) == 0)
            return lexicon.hash[at];
    }
    *place = at;
    return ATOM_NONE;
}

static uint16_t atom_find(struct slice word, bool prefix, uint32_t *place)
{
    uint32_t hash = hash_start(prefix);
    for (size_t i = 0; i < word.len; i++)
        hash = word_hash_add(hash, word.data[i]);
    return atom_with(hash, word, prefix, place);
}

/* The lengths of the prefixes that begin with the first two letters of a word. */
static uint32_t *prefix_lengths(struct slice word)
{
    return &lexicon.prefixes[((unsigned char)word.data[0] * 31u + (unsigned char)word.data[1]) % PREFIX_SLOTS];
}

static uint16_t atom_intern(struct slice word, bool prefix)
{
    uint32_t place = 0;
    uint16_t found = atom_find(word, prefix, &place);
    if (found != ATOM_NONE)
        return found;
    assert(lexicon.atom_count < ATOMS_MAX && lexicon.words_len + word.len < sizeof lexicon.words);
    char *copy = lexicon.words + lexicon.words_len;
    memcpy(copy, word.data, word.len);
    lexicon.words_len += word.len;
    uint16_t id = (uint16_t)lexicon.atom_count++;
    lexicon.atoms[id] = (struct atom){.word = {copy, word.len}, .prefix = prefix};
    if (prefix && word.len >= 2 && word.len <= PREFIX_MAX)
        *prefix_lengths(word) |= UINT32_C(1) << word.len;
    lexicon.hash[place] = id;
    return id;
}

static const struct { const char *name; uint16_t atom; } classes[] = {
    {"{n}", ATOM_NUMBER}, {"{mail}", ATOM_MAIL}, {"{phone}", ATOM_PHONE},
    {"{url}", ATOM_URL},  {"{time}", ATOM_TIME}, {"{name}", ATOM_NAME},
};

static uint16_t atom_of(struct slice item)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (slice_equal(item, slice_from(classes[i].name)))
            return classes[i].atom;
    bool prefix = slice_ends(item, LIT("+"));
    assert(item.len > (prefix ? 1u : 0u));
    return atom_intern(slice_sub(item, 0, prefix ? item.len - 1 : item.len), prefix);
}

/* "?a|b+" */
static void compile_element(struct slice word)
{
    assert(lexicon.element_count < ELEMENTS_MAX);
    struct element *element = &lexicon.elements[lexicon.element_count++];
    *element = (struct element){.first = (uint16_t)lexicon.alternative_count};
    if (slice_equal(word, LIT("..")) || slice_equal(word, LIT("..."))) {
        element->kind = ELEMENT_GAP;
        element->gap = word.len == 2 ? GAP_SHORT : GAP_LONG;
        return;
    }
    if (slice_equal(word, LIT("^")) || slice_equal(word, LIT("$"))) {
        element->kind = word.data[0] == '^' ? ELEMENT_BEGIN : ELEMENT_END;
        return;
    }
    element->optional = word.data[0] == '?';
    word = slice_sub(word, element->optional, word.len);
    while (word.len > 0) {
        size_t bar = slice_find(word, LIT("|"), 0);
        size_t end = bar == SIZE_MAX ? word.len : bar;
        assert(lexicon.alternative_count < ALTERNATIVES_MAX);
        uint16_t atom = atom_of(slice_sub(word, 0, end));
        lexicon.alternatives[lexicon.alternative_count++] = atom;
        element->bits |= atom_bit(atom);
        element->count++;
        word = slice_sub(word, end + 1, word.len);
    }
}

/* Enters the phrase under every word that it may begin with. */
static void compile_entries(uint16_t phrase, const struct element *first)
{
    assert(first->kind == ELEMENT_WORD && !first->optional);
    for (uint16_t i = 0; i < first->count; i++) {
        struct atom *atom = &lexicon.atoms[lexicon.alternatives[first->first + i]];
        assert(lexicon.entry_count + 1 < STARTS_MAX);
        uint32_t entry = ++lexicon.entry_count;
        lexicon.entries[entry].phrase = phrase;
        lexicon.entries[entry].next = atom->newest;
        atom->newest = (uint16_t)entry;
    }
}

/* What may stand behind the first word: all up to the next that must. A time and a name are
 * of many words, nobody knows yet what stands behind them. */
static uint64_t bits_behind(const struct compiled *phrase)
{
    const struct element *elements = &lexicon.elements[phrase->element];
    uint64_t bits = 0;
    if (elements->bits & (atom_bit(ATOM_TIME) | atom_bit(ATOM_NAME)))
        return UINT64_MAX;
    for (size_t i = 1; i < phrase->count && elements[i].kind == ELEMENT_WORD; i++) {
        bits |= elements[i].bits;
        if (!elements[i].optional)
            return bits;
    }
    return UINT64_MAX;
}

/* The words but for the first that must be there: the last two of them. */
static void bits_later(const struct compiled *phrase, uint64_t later[2])
{
    const struct element *elements = &lexicon.elements[phrase->element];
    size_t found = 0;
    later[0] = later[1] = UINT64_MAX;
    for (size_t i = phrase->count; i-- > 1 && found < 2;)
        if (elements[i].kind == ELEMENT_WORD && !elements[i].optional)
            later[found++] = elements[i].bits;
}

static void compile_starts(void)
{
    uint16_t used = 0;
    for (uint32_t a = 0; a < lexicon.atom_count; a++) {
        struct atom *atom = &lexicon.atoms[a];
        atom->start = used;
        for (uint16_t entry = atom->newest; entry != 0; entry = lexicon.entries[entry].next) {
            uint16_t phrase = lexicon.entries[entry].phrase;
            struct start *start = &lexicon.starts[used++];
            *start = (struct start){.behind = bits_behind(&lexicon.phrases[phrase]), .phrase = phrase};
            bits_later(&lexicon.phrases[phrase], start->later);
        }
        atom->start_count = (uint16_t)(used - atom->start);
    }
}

static void compile_phrase(const struct phrase *phrase)
{
    assert(lexicon.phrase_count < PHRASES_MAX);
    uint16_t id = (uint16_t)lexicon.phrase_count++;
    struct compiled *compiled = &lexicon.phrases[id];
    *compiled = (struct compiled){.cue = phrase->cue, .element = (uint16_t)lexicon.element_count};
    for (const char *p = phrase->pattern; *p != '\0';) {
        size_t len = strcspn(p, " ");
        compile_element((struct slice){p, len});
        compiled->count++;
        p += len + strspn(p + len, " ");
    }
    assert(compiled->count > 0 && compiled->count <= PHRASE_ELEMENTS_MAX);
    if (lexicon.elements[compiled->element].kind == ELEMENT_BEGIN) {
        compiled->begins = true;
        compiled->element++;
        compiled->count--;
    }
    compile_entries(id, &lexicon.elements[compiled->element]);
}

static void lexicon_load(void)
{
    if (lexicon.loaded)
        return;
    lexicon.atom_count = ATOM_WORDS;
    for (size_t l = 0; l < INTENT_LANGUAGES; l++)
        for (size_t i = 0; i < intent_languages[l]->phrases->count; i++)
            compile_phrase(&intent_languages[l]->phrases->items[i]);
    compile_starts();
    lexicon.loaded = true;
}

/* The text's side. */

static void token_atom(struct token *token, uint16_t atom)
{
    if (atom != ATOM_NONE && token->atom_count < TOKEN_ATOMS_MAX)
        token->atoms[token->atom_count++] = atom;
}

static void token_atoms(struct token *token)
{
    static const uint16_t of_kind[] = {
        [TOKEN_NUMBER] = ATOM_NUMBER, [TOKEN_MAIL] = ATOM_MAIL,
        [TOKEN_URL] = ATOM_URL,       [TOKEN_PHONE] = ATOM_PHONE, [TOKEN_PUNCT] = ATOM_NONE,
    };
    token->atom_count = 0;
    if (token->timex != 0)
        token_atom(token, ATOM_TIME);
    if (token->kind != TOKEN_WORD) {
        token_atom(token, of_kind[token->kind]);
        if (token->kind != TOKEN_NUMBER)
            return;
    }
    uint32_t place;
    token_atom(token, atom_with(token->hash, token->word, false, &place));
    size_t most = token->word.len < PREFIX_MAX ? token->word.len : PREFIX_MAX;
    uint32_t hash = hash_start(true), lengths = most < 2 ? 0 : *prefix_lengths(token->word);
    for (size_t len = 1; len <= most && lengths >> len != 0; len++) {
        hash = word_hash_add(hash, token->word.data[len - 1]);
        if (lengths >> len & 1)
            token_atom(token, atom_with(hash, (struct slice){token->word.data, len}, true, &place));
    }
    if (token->capital)
        token_atom(token, ATOM_NAME);
}

struct matcher {
    const struct text *text;
    const uint64_t *bits; /* by token: atom_bit of its atoms */
    const uint64_t *rest; /* by token: of all tokens behind it in its sentence */
    const uint32_t *hard; /* by token: the first from it on that is not soft */
    uint32_t *name_ends;  /* by token: behind the name there, + 1; 0: not looked at yet */
    uint32_t end;        /* of the sentence */
};

/* A line feed inside a sentence, quotation marks and stars do not part words. */
static bool is_soft(const struct text *text, uint32_t at)
{
    if (text->tokens[at].kind != TOKEN_PUNCT)
        return false;
    char c = text->body.data[text->tokens[at].offset];
    return c == '\n' || c == '"' || c == '*' || c == '#';
}

static uint32_t name_end(const struct matcher *m, uint32_t at)
{
    if (m->name_ends[at] == 0)
        m->name_ends[at] = name_at(m->text, at).end + 1;
    return m->name_ends[at] - 1;
}

/* The token behind the element when it matches at `at`, else 0. */
static uint32_t element_match(const struct matcher *m, const struct element *element, uint32_t at)
{
    const struct token *token = &m->text->tokens[at];
    if (!(element->bits & m->bits[at]))
        return 0;
    for (uint16_t k = 0; k < element->count; k++) {
        uint16_t atom = lexicon.alternatives[element->first + k];
        for (uint8_t i = 0; i < token->atom_count; i++) {
            if (token->atoms[i] != atom)
                continue;
            uint32_t end = at + 1;
            if (atom == ATOM_TIME)
                while (end < m->end && m->text->tokens[end].timex == token->timex)
                    end++;
            if (atom == ATOM_NAME)
                end = name_end(m, at);
            if (end > at)
                return end;
        }
    }
    return 0;
}

static bool clause_ends(const struct matcher *m, uint32_t at)
{
    return at >= m->end || m->text->tokens[at].kind == TOKEN_PUNCT;
}

/* The token behind the match, else 0. */
static uint32_t match_from(const struct matcher *m, const struct element *element, size_t left,
                           uint32_t at)
{
    if (left == 0)
        return at;
    if (element->kind == ELEMENT_END)
        return clause_ends(m, at) ? match_from(m, element + 1, left - 1, at) : 0;
    if (element->kind == ELEMENT_GAP) {
        for (uint32_t skip = 0; skip <= element->gap && at + skip < m->end; skip++) {
            uint32_t end = match_from(m, element + 1, left - 1, at + skip);
            if (end != 0)
                return end;
        }
        return 0;
    }
    uint32_t here = m->hard[at];
    if (here < m->end) {
        uint32_t next = element_match(m, element, here);
        uint32_t end = next == 0 ? 0 : match_from(m, element + 1, left - 1, next);
        if (end != 0)
            return end;
    }
    return element->optional ? match_from(m, element + 1, left - 1, at) : 0;
}

static bool at_clause_start(const struct text *text, uint32_t at)
{
    while (at > 0 && is_soft(text, at - 1) &&
           text->tokens[at - 1].sentence == text->tokens[at].sentence)
        at--;
    return at == 0 || text->tokens[at - 1].kind == TOKEN_PUNCT ||
           text->tokens[at - 1].sentence != text->tokens[at].sentence ||
           text->clauses[text->tokens[at].clause].tokens.first == at;
}

static void match_phrases(struct text *text, struct matcher *m, uint32_t at, struct arena *arena)
{
    const struct token *token = &text->tokens[at];
    m->end = text->sentences[token->sentence].tokens.end;
    const uint32_t next = m->hard[at + 1];
    const uint64_t behind = next < m->end ? m->bits[next] : 0, rest = m->rest[at];
    for (uint8_t i = 0; i < token->atom_count; i++) {
        const struct atom *atom = &lexicon.atoms[token->atoms[i]];
        const struct start *start = &lexicon.starts[atom->start], *stop = start + atom->start_count;
        for (; start < stop; start++) {
            if ((start->behind != UINT64_MAX && !(start->behind & behind)) ||
                (start->later[0] != UINT64_MAX && !(start->later[0] & rest)) ||
                (start->later[1] != UINT64_MAX && !(start->later[1] & rest)))
                continue;
            const struct compiled *phrase = &lexicon.phrases[start->phrase];
            if (phrase->begins && !at_clause_start(text, at))
                continue;
            uint32_t end = match_from(m, &lexicon.elements[phrase->element], phrase->count, at);
            text->limited |= end != 0 && text->cues.count >= INTENT_CUES_MAX;
            if (end == 0 || text->cues.count >= INTENT_CUES_MAX)
                continue;
            struct cue_hit hit = {(enum cue)phrase->cue, {at, end}, token->sentence,
                                  token->clause, false};
            ARENA_PUSH(arena, &text->cues, hit);
        }
    }
}

/* Cues of one group contradict each other where they overlap: the longest is right. */
static int group_of(enum cue cue)
{
    if (cue >= CUE_ACCEPT && cue <= CUE_FREE && cue != CUE_ONLY)
        return 1;
    if (cue >= CUE_KIND_CALL && cue <= CUE_TALK)
        return 2;
    if (cue == CUE_DECLINE || cue == CUE_CANCEL || cue == CUE_RESCHEDULE)
        return 3;
    if (cue == CUE_ADD || cue == CUE_REMOVE || cue == CUE_WITHOUT)
        return 4;
    return 16 + (int)cue;
}

static bool span_covers(struct span outer, struct span inner)
{
    return outer.first <= inner.first && inner.end <= outer.end &&
           outer.end - outer.first > inner.end - inner.first;
}

/* `from`: the first hit of its sentence. */
static bool is_beaten(const struct text *text, const struct cue_hit *hit, size_t from)
{
    for (size_t i = from; i < text->cues.count; i++) {
        const struct cue_hit *other = &text->cues.items[i];
        if (other->tokens.first > hit->tokens.first)
            break;
        if (other == hit)
            continue;
        bool covers = span_covers(other->tokens, hit->tokens);
        bool same = other < hit && other->cue == hit->cue &&
                    other->tokens.first == hit->tokens.first &&
                    other->tokens.end == hit->tokens.end;
        bool asks = other->cue == CUE_ASKING && (hit->cue == CUE_REQUEST || hit->cue == CUE_HEDGE ||
                                                 hit->cue == CUE_ACCEPT);
        bool polite = other->cue == CUE_REQUEST && hit->cue == CUE_HEDGE; /* "might you come …" */
        bool agrees = other->cue == CUE_AGREED && hit->cue == CUE_PAST; /* "on s'est mis d'accord" */
        bool slots = other->cue == CUE_NONE && (hit->cue == CUE_CANCEL || hit->cue == CUE_REMOVE);
        bool ends = other->cue == CUE_CANCEL && (hit->cue == CUE_REQUEST || hit->cue == CUE_CHANGE ||
                                                 hit->cue == CUE_KIND_CALL); /* "I have to call off" */
        if (same || (covers && ends) || (covers && (other->cue == CUE_IDLE || asks || polite || agrees || slots ||
                                group_of(other->cue) == group_of(hit->cue))))
            return true;
    }
    return false;
}

/* "An hour on Tuesday to proofread the speech": what the meeting is for. */
static bool is_purpose(const struct text *text, const struct cue_hit *hit)
{
    uint32_t at = hit->tokens.first;
    if (hit->cue != CUE_OFFTOPIC || at < 2 || text->tokens[at - 1].sentence != hit->sentence)
        return false;
    return in_class(text, at - 1, CLASS_purpose) && !in_class(text, at - 2, CLASS_purpose_not);
}

static void keep_longest(struct text *text, struct arena *arena)
{
    bool *beaten = ARENA_ARRAY(arena, text->cues.count + 1, bool);
    for (size_t i = 0, from = 0; i < text->cues.count; i++) {
        from = text->cues.items[i].sentence == text->cues.items[from].sentence ? from : i;
        beaten[i] = is_beaten(text, &text->cues.items[i], from) || is_purpose(text, &text->cues.items[i]);
    }
    size_t kept = 0;
    for (size_t i = 0; i < text->cues.count; i++)
        if (!beaten[i])
            text->cues.items[kept++] = text->cues.items[i];
    text->cues.count = kept;
    for (size_t i = 0; i < kept; i++)
        if (text->cues.items[i].cue == CUE_IDLE)
            for (uint32_t k = text->cues.items[i].tokens.first; k < text->cues.items[i].tokens.end; k++)
                text->tokens[k].idle = true;
}

/* Negation: "ne", "not" shortly before in the same clause, or "pas" right behind. */
static bool negates_before(const struct text *text, const struct cue_hit *hit)
{
    uint32_t from = text->clauses[hit->clause].tokens.first;
    for (uint32_t back = 1; back <= 4; back++) {
        if (hit->tokens.first < from + back)
            return false;
        uint32_t at = hit->tokens.first - back;
        if (text->tokens[at].idle || text->tokens[at].kind == TOKEN_PUNCT)
            return false;
        if (in_class(text, at, CLASS_negation))
            return true;
        if (in_class(text, at, CLASS_negation_t) && at > 0 &&
            in_class(text, at - 1, CLASS_negation_verb))
            return true;
        if (in_class(text, at, CLASS_negation_ne) && back <= 3)
            return true;
    }
    return false;
}

static bool negates_behind(const struct text *text, const struct cue_hit *hit)
{
    for (uint32_t at = hit->tokens.end; at < hit->tokens.end + 2 && at < text->token_count; at++) {
        if (text->tokens[at].sentence != hit->sentence || text->tokens[at].kind == TOKEN_PUNCT ||
            text->tokens[at].idle || in_class(text, at, CLASS_negation_ends))
            return false;
        if (in_class(text, at, CLASS_negation_weak))
            return !in_class(text, at + 1, CLASS_negation_of);
    }
    return false;
}

static void set_add(struct cue_set *set, enum cue cue)
{
    set->bits[cue / 64] |= UINT64_C(1) << (cue % 64);
}

static bool set_has(const struct cue_set *set, enum cue cue)
{
    return set->bits[cue / 64] >> (cue % 64) & 1;
}

void cues_index(struct text *text)
{
    text->cues_here = (struct cue_set){0};
    memset(text->cues_in_sentence, 0, text->sentence_count * sizeof(struct cue_set));
    memset(text->cues_in_clause, 0, text->clause_count * sizeof(struct cue_set));
    for (size_t i = 0; i < text->cues.count; i++) {
        const struct cue_hit *hit = &text->cues.items[i];
        set_add(&text->cues_here, hit->cue);
        set_add(&text->cues_in_sentence[hit->sentence], hit->cue);
        set_add(&text->cues_in_clause[hit->clause], hit->cue);
    }
}

void cues_find(struct text *text, struct arena *arena)
{
    lexicon_load();
    text->cues_in_sentence = ARENA_ARRAY(arena, text->sentence_count, struct cue_set);
    text->cues_in_clause = ARENA_ARRAY(arena, text->clause_count, struct cue_set);
    uint64_t *bits = ARENA_ARRAY(arena, text->token_count, uint64_t);
    uint32_t *hard = ARENA_ARRAY(arena, text->token_count + 1u, uint32_t);
    uint64_t *rest = ARENA_ARRAY(arena, text->token_count, uint64_t);
    struct matcher m = {text, bits, rest, hard, ARENA_ARRAY(arena, text->token_count, uint32_t), 0};
    hard[text->token_count] = text->token_count;
    for (uint32_t i = text->token_count; i-- > 0;)
        hard[i] = is_soft(text, i) ? hard[i + 1] : i;
    for (uint32_t i = 0; i < text->token_count; i++) {
        token_atoms(&text->tokens[i]);
        for (uint8_t k = 0; k < text->tokens[i].atom_count; k++)
            bits[i] |= atom_bit(text->tokens[i].atoms[k]);
    }
    for (uint32_t i = text->token_count; i-- > 1;)
        if (text->tokens[i].sentence == text->tokens[i - 1].sentence)
            rest[i - 1] = rest[i] | bits[i];
    for (uint32_t i = 0; i < text->token_count; i++)
        if (text->tokens[i].kind != TOKEN_PUNCT && !text->tokens[i].masked)
            match_phrases(text, &m, i, arena);
    keep_longest(text, arena);
    for (size_t i = 0; i < text->cues.count; i++) {
        struct cue_hit *hit = &text->cues.items[i];
        hit->negated = negates_before(text, hit) || negates_behind(text, hit);
    }
    cues_index(text);
}

const struct cue_hit *cue_first(const struct text *text, enum cue cue)
{
    if (!set_has(&text->cues_here, cue))
        return NULL;
    size_t i = 0;
    while (text->cues.items[i].cue != cue)
        i++;
    return &text->cues.items[i];
}

size_t cue_count(const struct text *text, enum cue cue)
{
    size_t count = 0;
    for (size_t i = 0; i < text->cues.count; i++)
        count += text->cues.items[i].cue == cue;
    return count;
}

size_t cue_from(const struct text *text, uint32_t token)
{
    size_t low = 0, high = text->cues.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text->cues.items[middle].tokens.first < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool cue_in_sentence(const struct text *text, enum cue cue, uint32_t sentence)
{
    return text->cues.count > 0 && set_has(&text->cues_in_sentence[sentence], cue);
}

bool cue_in_clause(const struct text *text, enum cue cue, uint32_t clause)
{
    return text->cues.count > 0 && set_has(&text->cues_in_clause[clause], cue);
}

const char *cue_name(enum cue cue)
{
    static const char *const names[CUE_COUNT_] = {
        [CUE_IDLE] = "idle", [CUE_ACCEPT] = "accept", [CUE_REFUSE] = "refuse",
        [CUE_NONE] = "none", [CUE_ANY] = "any", [CUE_BOTH] = "both", [CUE_ONLY] = "only",
        [CUE_BUSY] = "busy", [CUE_FREE] = "free", [CUE_PREFER] = "prefer", [CUE_FALLBACK] = "fallback", [CUE_RETRACT] = "retract",
        [CUE_REQUEST] = "request", [CUE_OFFER_PROMISE] = "promise",
        [CUE_WISH_TO_MEET] = "wish", [CUE_INVITE] = "invite", [CUE_AGREED] = "agreed",
        [CUE_DECLINE] = "decline", [CUE_CANCEL] = "cancel", [CUE_RESCHEDULE] = "reschedule",
        [CUE_LATE] = "late", [CUE_MISHAP] = "mishap", [CUE_CHANGE] = "change", [CUE_KEEP] = "keep", [CUE_ADD] = "add",
        [CUE_REMOVE] = "remove", [CUE_WITHOUT] = "without", [CUE_OPTIONAL] = "optional",
        [CUE_REQUIRED] = "required", [CUE_DELEGATE] = "delegate", [CUE_THANKS] = "thanks", [CUE_HOLD] = "hold",
        [CUE_ASKING] = "asking", [CUE_CORRECTION] = "correction", [CUE_HEDGE] = "hedge",
        [CUE_CONDITION] = "condition", [CUE_THREAT] = "threat", [CUE_COMPLAINT] = "complaint",
        [CUE_INJECTION] = "injection", [CUE_PROBE] = "probe", [CUE_OFFTOPIC] = "offtopic",
        [CUE_KIND_CALL] = "call", [CUE_KIND_VIDEO] = "video", [CUE_KIND_MEETING] = "meeting",
        [CUE_KIND_LUNCH] = "lunch", [CUE_KIND_BREAKFAST] = "breakfast",
        [CUE_KIND_COFFEE] = "coffee", [CUE_KIND_DRINKS] = "drinks", [CUE_KIND_DINNER] = "dinner",
        [CUE_WEAK_CALL] = "weak_call", [CUE_WEAK_MEETING] = "weak_meeting", [CUE_SLOT] = "slot",
        [CUE_TALK] = "talk", [CUE_RECURRING] = "recurring", [CUE_PLACE_OURS] = "ours",
        [CUE_PLACE_YOURS] = "yours", [CUE_YOUR_PHONE] = "your_phone", [CUE_CALL_ME] = "call_me",
        [CUE_PLACE_LABEL] = "place", [CUE_STREET] = "street", [CUE_SUBJECT] = "subject",
        [CUE_THEIR_WINDOW] = "their_window", [CUE_NOT_DURATION] = "not_duration",
        [CUE_WELL_WISHES] = "well_wishes", [CUE_PAST] = "past", [CUE_DEADLINE] = "deadline",
        [CUE_URGENT] = "urgent", [CUE_THIRD] = "third",
    };
    return (unsigned)cue < CUE_COUNT_ && names[cue] != NULL ? names[cue] : "";
}
