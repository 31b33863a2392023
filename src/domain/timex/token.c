#include "domain/timex/internal.h"

/* Text to tokens: words (folded to lower-case ASCII), numbers, signs, line ends. */

static bool is_apostrophe(uint32_t cp)
{
    switch (cp) {
    case '\'':
    case '`':
    case 0xB4:
    case 0x2B9:
    case 0x2BB:
    case 0x2BC:
    case 0x55A:
    case 0x2018:
    case 0x2019:
    case 0x2032:
    case 0x2035:
    case 0xA78C:
    case 0xFF07:
        return true;
    default:
        return false;
    }
}

static bool is_space(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\r' || cp == 0xA0 || cp == 0x202F || cp == 0x2009 ||
           cp == 0x200B || cp == 0xFEFF;
}

/* Combining accents, as macOS writes file names and some mail. */
static bool is_combining(uint32_t cp)
{
    return cp >= 0x300 && cp < 0x370;
}

static void read_number(struct slice body, size_t *at, struct token *token)
{
    while (*at < body.len && ascii_is_digit(body.data[*at])) {
        if (token->digits < 18)
            token->value = token->value * 10 + (uint64_t)(body.data[*at] - '0');
        token->digits = (uint8_t)(token->digits < 20 ? token->digits + 1 : 20);
        (*at)++;
    }
}

/* Folds one word into `out`; accents fold away, so the folded form is never longer. */
static void read_word(struct slice body, size_t *at, char *out, struct token *token)
{
    size_t length = 0;
    for (;;) {
        size_t next = *at;
        uint32_t cp;
        char letters[4];
        while (next < body.len && ascii_is_alpha(body.data[next])) {
            if (length < 64)
                out[length++] = ascii_lower(body.data[next]);
            *at = ++next;
        }
        if (!utf8_next(body, &next, &cp))
            break;
        size_t count = fold_code_point(cp, letters);
        if (count == 0 && !is_combining(cp))
            break;
        for (size_t i = 0; i < count && length < 64; i++)
            out[length++] = letters[i];
        *at = next;
    }
    token->folded = out;
    token->folded_len = (uint16_t)length;
    token->hash = word_hash(out, length);
    token->row = word_classes_row(&timex_classes, (struct slice){out, length}, token->hash);
}

/* Parts "cant" as "can't" is: the token keeps what stands before the apostrophe. Words in capitals
 * are names of zones ("CEST"). */
static void part_elision(const struct reader *reader, size_t *at, struct token *token)
{
    size_t length = *at - token->offset;
    bool upper = length > 1 && reader->body.data[token->offset + 1] < 'a';
    enum language language =
        only_language(reader) == NULL ? LANGUAGE_UNKNOWN : only_language(reader)->language;
    size_t head = upper ? 0
                        : timex_elided((struct slice){token->folded, token->folded_len},
                                       token->hash, language);
    if (head == 0 || length != token->folded_len)
        return;
    *at = token->offset + head;
    token->folded_len = (uint16_t)head;
    token->hash = word_hash(token->folded, head);
}

static uint32_t plain_sign(uint32_t cp)
{
    if (cp == 0x2010 || cp == 0x2011 || cp == 0x2012 || cp == 0x2013 || cp == 0x2014 ||
        cp == 0x2212 || cp == 0x2192)
        return '-';
    if (cp == 0x201D || cp == 0x201C || cp == 0xAB || cp == 0xBB || cp == 0x2033)
        return '"';
    if (cp == 0x2022 || cp == 0x2219 || cp == 0xB7)
        return '*';
    if (cp == 0xFF1A)
        return ':';
    return cp;
}

/* The "s" behind or the "40s" behind an apostrophe. */
static bool is_decade(struct slice body, size_t at, bool space, const struct token *before)
{
    size_t s = space ? at + 2 : at;
    if (s >= body.len || ascii_lower(body.data[s]) != 's' ||
        (s + 1 < body.len && ascii_is_alpha(body.data[s + 1])))
        return false;
    if (!space)
        return before != NULL && before->kind == TOKEN_NUMBER;
    return ascii_is_digit(body.data[at]) && body.data[at + 1] == '0';
}

/* "l'après-midi", "o'clock", "professionals' day"; "the 1970's", "the '40s" */
static bool is_passed_over(struct slice body, size_t next, bool space, const struct token *before)
{
    return (!space && before != NULL && before->kind == TOKEN_WORD) ||
           is_decade(body, next, space, before);
}

/* A number, a word or a sign, whose first code point ends at `next`. Returns where it ends;
 * *folded moves behind what is kept of its letters. */
static size_t read_token(const struct reader *reader, uint32_t cp, size_t next, char **folded,
                         struct token *token)
{
    size_t at = token->offset;
    char letters[4];
    if (cp < 128 && ascii_is_digit((char)cp)) {
        token->kind = TOKEN_NUMBER;
        read_number(reader->body, &at, token);
    } else if (fold_code_point(cp, letters) > 0) {
        token->kind = TOKEN_WORD;
        token->capital = cp < 128 ? cp < 'a' : (cp >= 0xC0 && cp <= 0xDE);
        read_word(reader->body, &at, *folded, token);
        part_elision(reader, &at, token);
        *folded += token->folded_len;
        token->word = lexicon_word(token->folded, token->folded_len, token->hash);
    } else {
        token->kind = cp == '\n' ? TOKEN_LINE : TOKEN_SIGN;
        token->value = is_apostrophe(cp) ? '\'' : plain_sign(cp);
        at = next;
    }
    token->length = (uint32_t)(at - token->offset);
    return at;
}

void timex_tokenise(struct reader *reader)
{
    struct slice body = reader->body;
    classes_prepare();
    char *folded = arena_alloc(reader->arena, body.len + 2);
    size_t expected = body.len / 4 + 8;
    reader->tokens.capacity = expected < TOKENS_PER_TEXT ? expected : TOKENS_PER_TEXT;
    reader->tokens.items = ARENA_ARRAY(reader->arena, reader->tokens.capacity, struct token);
    bool space = true;
    for (size_t at = 0; at < body.len;) {
        size_t next = at;
        uint32_t cp;
        if (!utf8_next(body, &next, &cp))
            break;
        if (is_space(cp)) {
            space = true;
            at = next;
            continue;
        }
        const struct token *before =
            reader->tokens.count ? &reader->tokens.items[reader->tokens.count - 1] : NULL;
        if (is_apostrophe(cp) && is_passed_over(body, next, space, before)) {
            at = next;
            continue;
        }
        if (reader->tokens.count == TOKENS_PER_TEXT) {
            reader->limited = true;
            return;
        }
        struct token token = {.offset = (uint32_t)at, .space = space};
        at = read_token(reader, cp, next, &folded, &token);
        space = cp == '\n';
        ARENA_PUSH(reader->arena, &reader->tokens, token);
    }
}
