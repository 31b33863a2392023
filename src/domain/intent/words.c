#include <string.h>

#include "domain/intent/internal.h"

/* From bytes to folded words, sentences and clauses. */

/* Latin-1 letters from U+00C0, then Latin Extended-A from U+0100, without accents. */
static const char latin1[] = "aaaaaaaceeeeiiiidnooooo ouuuuyps"
                             "aaaaaaaceeeeiiiidnooooo ouuuuypy";
static const char latin_a[] = "aaaaaa" "cccccccc" "dddd" "eeeeeeeeee" "gggggggg" "hhhh"
                              "iiiiiiiiii" "jj" "jj" "kkk" "llllllllll" "nnnnnn" "n" "nn"
                              "oooooo" "oo" "rrrrrr" "ssssssss" "tttttt" "uuuuuuuuuuuu" "ww"
                              "yyy" "zzzzzz" "s";

/* Writes the folded letters of a code point, at most two; 0 when it is no letter or digit. */
static size_t fold(uint32_t c, char out[2])
{
    if (c < 0x80) {
        if (!ascii_is_alpha((char)c) && !ascii_is_digit((char)c))
            return 0;
        out[0] = ascii_lower((char)c);
        return 1;
    }
    if (c == 0x152 || c == 0x153 || c == 0xC6 || c == 0xE6) {
        out[0] = c >= 0x152 ? 'o' : 'a';
        out[1] = 'e';
        return 2;
    }
    if (c >= 0xC0 && c < 0x100 && c != 0xD7 && c != 0xF7) {
        out[0] = latin1[c - 0xC0];
        return 1;
    }
    if (c >= 0x100 && c < 0x180) {
        out[0] = latin_a[c - 0x100];
        return 1;
    }
    if (c >= 0x180 && c < 0x2000) { /* other scripts: a letter that no lexicon knows */
        out[0] = '~';
        return 1;
    }
    return 0;
}

static bool is_upper(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
           (c >= 0x100 && c < 0x138 && c % 2 == 0) || c == 0x152;
}

struct scanner {
    struct slice body;
    size_t at;
    char *folded; /* room for every folded byte of the body */
    size_t folded_len;
    size_t no_domain; /* before it no domain begins */
    size_t capacity;  /* of the text's tokens */
    enum language language;
    struct arena *arena;
    struct text *text;
};

enum { URL_MAX = 2048 };

static bool peek(const struct scanner *s, size_t at, uint32_t *c, size_t *next)
{
    *next = at;
    if (at >= s->body.len)
        return false;
    if (!utf8_next(s->body, next, c)) {
        *c = 0xFFFD;
        *next = at + 1;
    }
    return true;
}

static struct token *push(struct scanner *s, size_t from, size_t to, enum token_kind kind)
{
    if (s->text->token_count >= INTENT_TOKENS_MAX)
        return NULL;
    s->text->tokens = arena_grow(s->arena, s->text->tokens, s->text->token_count, &s->capacity,
                                 sizeof *s->text->tokens);
    struct token *token = &s->text->tokens[s->text->token_count++];
    *token = (struct token){.offset = (uint32_t)from, .length = (uint32_t)(to - from),
                            .kind = kind, .word = slice_sub(s->body, from, to)};
    return token;
}

static bool mail_char(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || strchr("._%+-", c) != NULL;
}

/* The end of an e-mail address that begins at `at`, or `at`. */
static size_t mail_end(struct slice body, size_t at)
{
    size_t i = at;
    while (i < body.len && i - at < 64 && body.data[i] != 0 && mail_char(body.data[i]))
        i++;
    if (i == at || i >= body.len || body.data[i] != '@')
        return at;
    size_t domain = ++i, dot = 0;
    while (i < body.len && i - domain < 255 &&
           (ascii_is_alpha(body.data[i]) || ascii_is_digit(body.data[i]) || body.data[i] == '-' ||
            body.data[i] == '.')) {
        if (body.data[i] == '.')
            dot = i;
        i++;
    }
    while (i > domain && (body.data[i - 1] == '.' || body.data[i - 1] == '-'))
        i--;
    return dot > domain && i > domain + 2 ? i : at;
}

static bool url_ends(char c)
{
    return (unsigned char)c <= ' ' || (unsigned char)c >= 0x80 || strchr("<>\"|)]", c) != NULL;
}

/* "assist.example/abc" at the start of `rest`: the position of its first slash, or 0. Sets
 * *stop to where a domain can no longer go on. */
static size_t domain_slash(struct slice rest, size_t *stop)
{
    size_t i = 0, dot = 0;
    while (i < rest.len && (ascii_is_alpha(rest.data[i]) || ascii_is_digit(rest.data[i]) ||
                            rest.data[i] == '.' || rest.data[i] == '-')) {
        dot = rest.data[i] == '.' ? i : dot;
        i++;
    }
    *stop = i;
    bool slash = i < rest.len && rest.data[i] == '/';
    return slash && dot > 1 && i > dot + 2 && ascii_is_alpha(rest.data[i - 1]) ? i : 0;
}

/* The end of a web address that begins where the scanner is: with a scheme, with www., or a
 * domain with a path. */
static size_t url_end(struct scanner *s)
{
    struct slice rest = slice_sub(s->body, s->at, s->at + URL_MAX);
    size_t slash = 0, stop;
    if (!slice_starts_nocase(rest, LIT("http://")) && !slice_starts_nocase(rest, LIT("https://")) &&
        !slice_starts_nocase(rest, LIT("www."))) {
        if (s->at < s->no_domain)
            return s->at;
        slash = domain_slash(rest, &stop);
        if (slash == 0) { /* nor does one begin farther on in the same letters */
            s->no_domain = s->at + stop;
            return s->at;
        }
    }
    size_t end = slash;
    while (end < rest.len && !url_ends(rest.data[end]))
        end++;
    while (end > 0 && strchr(".,;:!?'", rest.data[end - 1]) != NULL)
        end--;
    return slash == 0 || end > slash + 1 ? s->at + end : s->at;
}

/* The end of a telephone number. Dates and prices must not pass: it begins with 0, + or
 * a parenthesis and has 9 to 15 digits, or is written the American way. */
static size_t phone_end(struct slice body, size_t at)
{
    char first = body.data[at];
    size_t digits = 0, end = at, gap = 0;
    for (size_t i = at; i < body.len && i - at < 30; i++) {
        char c = body.data[i];
        if (ascii_is_digit(c)) {
            digits++;
            gap = 0;
            end = i + 1;
        } else if ((c == '+' && i == at) || c == '(' || c == ')') {
            gap = 0;
        } else if ((c == ' ' || c == '.' || c == '-') && gap == 0) {
            gap++;
        } else if ((unsigned char)c == 0xC2 && i + 1 < body.len &&
                   (unsigned char)body.data[i + 1] == 0xA0) {
            i++; /* no-break space */
        } else {
            break;
        }
    }
    if (first == '(' && memchr(body.data + at, ')', end - at) == NULL)
        return at;
    bool led = first == '0' || first == '+' || first == '(';
    if (digits > 15 || digits < 9)
        return at;
    if (led)
        return end;
    /* 415-555-0188, 415.555.0188 */
    bool american = digits == 10 && end - at == 12 && !ascii_is_digit(body.data[at + 3]) &&
                    body.data[at + 3] == body.data[at + 7];
    return american ? end : at;
}

/* Parts "cant" as "can't" is: the token keeps what stands before the apostrophe. */
static void know(struct token *token)
{
    token->hash = word_hash(token->word.data, token->word.len);
    token->row = word_classes_row(&intent_classes, token->word, token->hash);
}

static void part_elision(const struct scanner *s, struct token *token, size_t *end)
{
    size_t head = token->upper || token->kind != TOKEN_WORD || token->length != token->word.len
                      ? 0
                      : timex_elided(token->word, token->hash, s->language);
    if (head == 0)
        return;
    *end = token->offset + head;
    token->length = (uint32_t)head;
    token->word.len = head;
    know(token);
}

static void scan_word(struct scanner *s)
{
    size_t from = s->at, to = from, upper = 0, letters = 0;
    size_t start = s->folded_len;
    bool digits = true, capital = false;
    uint32_t c;
    size_t next;
    while (peek(s, to, &c, &next)) {
        char out[2];
        size_t count = fold(c, out);
        if (count == 0)
            break;
        memcpy(s->folded + s->folded_len, out, count);
        s->folded_len += count;
        if (!ascii_is_digit(out[0])) {
            digits = false;
            letters++;
        }
        if (is_upper(c)) {
            upper++;
            capital |= to == from;
        }
        to = next;
    }
    struct token *token = push(s, from, to, digits ? TOKEN_NUMBER : TOKEN_WORD);
    if (token != NULL) {
        token->word = (struct slice){s->folded + start, s->folded_len - start};
        token->capital = capital;
        token->upper = letters > 1 && upper == letters;
        bool sign = peek(s, to, &c, &next) && (c == 0xB0 || c == 0xBA);
        if (sign && slice_equal(token->word, LIT("n"))) /* "n° 2" is no negation */
            token->word = LIT("numero");
        know(token);
        part_elision(s, token, &to);
    }
    s->at = to;
}

/* Marks that end or divide become tokens; the rest (apostrophes, hyphens in words) only
 * separates. */
static void scan_mark(struct scanner *s, uint32_t c, size_t next)
{
    size_t from = s->at;
    bool loose = from == 0 || ascii_is_space(s->body.data[from - 1]);
    bool dash = c == 0x2013 || c == 0x2014 || (c == '-' && loose);
    if (dash) /* one shape for all of them */
        push(s, from, next, TOKEN_PUNCT);
    else if (c < 0x80 && c != 0 && strchr(".!?;:,()\n\"#*/&", (int)c) != NULL)
        push(s, from, next, TOKEN_PUNCT);
    s->at = next;
}

static void push_special(struct scanner *s, size_t end, enum token_kind kind)
{
    struct token *token = push(s, s->at, end, kind);
    if (token != NULL)
        know(token);
    s->at = end;
}

static bool scan_special(struct scanner *s)
{
    struct slice body = s->body;
    char c = body.data[s->at];
    if (s->at > 0 && (ascii_is_alpha(body.data[s->at - 1]) || ascii_is_digit(body.data[s->at - 1])))
        return false;
    if (ascii_is_digit(c) || c == '+' || c == '(') {
        size_t end = phone_end(body, s->at);
        if (end > s->at) {
            push_special(s, end, TOKEN_PHONE);
            return true;
        }
    }
    if (!ascii_is_alpha(c) && !ascii_is_digit(c))
        return false;
    size_t end = mail_end(body, s->at);
    enum token_kind kind = TOKEN_MAIL;
    if (end == s->at) {
        end = url_end(s);
        kind = TOKEN_URL;
    }
    if (end == s->at)
        return false;
    push_special(s, end, kind);
    return true;
}

/* Sentences. */

static bool punct_is(const struct text *text, uint32_t at, const char *marks)
{
    if (at >= text->token_count || text->tokens[at].kind != TOKEN_PUNCT)
        return false;
    char c = text->body.data[text->tokens[at].offset];
    return (unsigned char)c < 0x80 && strchr(marks, c) != NULL;
}

/* Length of the line that ends at token `at` (a line feed), in bytes. */
static size_t line_length(const struct text *text, uint32_t at)
{
    size_t end = text->tokens[at].offset, start = end;
    while (start > 0 && text->body.data[start - 1] != '\n')
        start--;
    return end - start;
}

/* A line feed ends a sentence unless the line was only wrapped. */
static bool newline_ends(const struct text *text, uint32_t at)
{
    uint32_t next = at + 1;
    if (next >= text->token_count || punct_is(text, next, "\n"))
        return true;
    const struct token *token = &text->tokens[next];
    if (token->kind == TOKEN_PUNCT && !punct_is(text, next, "("))
        return true;
    bool wrapped = line_length(text, at) >= 60;
    if (wrapped)
        return false;
    if (at > 0 && punct_is(text, at - 1, ",") && line_length(text, at) < 40)
        return true; /* a greeting */
    if (at > 0 && punct_is(text, at - 1, ":"))
        return true;
    return token->capital || token->kind != TOKEN_WORD || line_length(text, at) < 24;
}

static bool stop_ends(const struct text *text, uint32_t at)
{
    if (!punct_is(text, at, "."))
        return punct_is(text, at, "!?");
    size_t behind = text->tokens[at].offset + 1;
    if (behind < text->body.len && !ascii_is_space(text->body.data[behind]) &&
        (unsigned char)text->body.data[behind] < 0x80 && text->body.data[behind] != '"')
        return false; /* 3.5, example.org */
    if (at == 0)
        return true;
    const struct token *before = &text->tokens[at - 1];
    bool name = before->kind == TOKEN_WORD &&
                ((before->length == 1 && before->capital) || in_class(text, at - 1, CLASS_abbreviation));
    bool goes_on = at + 1 < text->token_count && !punct_is(text, at + 1, "\n");
    return !(name && goes_on);
}

static bool clause_opens(const struct text *text, uint32_t at)
{
    if (in_class(text, at, CLASS_but) && at > 0 && in_class(text, at - 1, CLASS_all_word))
        return false; /* "anything but Monday" */
    if (in_class(text, at, CLASS_contrast))
        return true;
    return (in_class(text, at, CLASS_contrast_par) && in_class(text, at + 1, CLASS_contrast_contre)) ||
           (in_class(text, at, CLASS_in_week) && in_class(text, at + 1, CLASS_contrast_revanche)) ||
           (in_class(text, at, CLASS_that_being) && in_class(text, at + 1, CLASS_being_said));
}

/* "Thursday is a birthday so Tuesday please": what follows from it. */
static bool concludes(const struct text *text, uint32_t at)
{
    return at > 0 && in_class(text, at, CLASS_hence_then) &&
           (in_class(text, at + 1, CLASS_day_name) ||
            (in_class(text, at + 1, CLASS_clause_lead) && in_class(text, at + 2, CLASS_day_name)));
}

static void split_clauses(struct text *text, struct arena *arena)
{
    text->clauses = ARENA_ARRAY(arena, text->token_count + 1, struct clause);
    struct clause *open = NULL;
    for (uint32_t i = 0; i < text->token_count; i++) {
        struct token *token = &text->tokens[i];
        bool contrast = clause_opens(text, i);
        bool opens = contrast || concludes(text, i);
        bool divides = token->kind == TOKEN_PUNCT && !punct_is(text, i, "\n\"#*/&");
        if (open == NULL || open->sentence != token->sentence || opens) {
            bool reuse = open != NULL && open->sentence == token->sentence &&
                         open->tokens.first == i;
            if (!reuse)
                open = &text->clauses[text->clause_count++];
            *open = (struct clause){{i, i}, token->sentence, contrast};
        }
        token->clause = (uint16_t)(text->clause_count - 1);
        open->tokens.end = i + 1;
        if (divides && i + 1 < text->token_count &&
            text->tokens[i + 1].sentence == token->sentence) {
            open = &text->clauses[text->clause_count++];
            *open = (struct clause){{i + 1, i + 1}, token->sentence, false};
        }
    }
}

static void split_sentences(struct text *text, struct arena *arena)
{
    text->sentences = ARENA_ARRAY(arena, text->token_count + 1, struct sentence);
    uint16_t paragraph = 0;
    struct sentence *open = NULL;
    for (uint32_t i = 0; i < text->token_count; i++) {
        struct token *token = &text->tokens[i];
        if (open == NULL) {
            open = &text->sentences[text->sentence_count++];
            *open = (struct sentence){.tokens = {i, i}, .paragraph = paragraph};
        }
        token->sentence = (uint16_t)(text->sentence_count - 1);
        open->tokens.end = i + 1;
        bool line_end = punct_is(text, i, "\n");
        if (punct_is(text, i, "?"))
            open->question = true;
        bool ends = line_end ? newline_ends(text, i) : stop_ends(text, i);
        /* "?!", "...", ":)" belong to the sentence before */
        if (ends && !line_end && punct_is(text, i + 1, ".!?"))
            ends = false;
        if (line_end && punct_is(text, i + 1, "\n"))
            paragraph++;
        if (ends)
            open = NULL;
    }
}

void text_take_apart(struct slice body, enum language language, struct arena *arena,
                     struct text *out)
{
    intent_classes_prepare();
    *out = (struct text){.body = body};
    struct scanner s = {.body = body, .text = out, .folded = arena_alloc(arena, 2 * body.len + 1),
                        .capacity = body.len / 4 + 8, .language = language, .arena = arena};
    out->tokens = ARENA_ARRAY(arena, s.capacity, struct token);
    while (s.at < body.len && out->token_count < INTENT_TOKENS_MAX) {
        uint32_t c;
        size_t next;
        char letters[2];
        if (scan_special(&s) || !peek(&s, s.at, &c, &next))
            continue;
        if (fold(c, letters) > 0)
            scan_word(&s);
        else
            scan_mark(&s, c, next);
    }
    out->limited = s.at < body.len;
    out->body = slice_sub(body, 0, s.at);
    split_sentences(out, arena);
    split_clauses(out, arena);
}

void text_attach_timexes(struct text *text, const struct timex_list *timexes)
{
    text->timexes = *timexes;
    uint32_t at = 0;
    for (size_t i = 0; i < timexes->count; i++) {
        const struct timex *timex = &timexes->items[i];
        while (at < text->token_count && text->tokens[at].offset < timex->offset)
            at++;
        for (uint32_t k = at; k < text->token_count &&
                              text->tokens[k].offset < timex->offset + timex->length; k++)
            text->tokens[k].timex = (uint16_t)(i + 1);
    }
}

struct span text_timex_tokens(const struct text *text, size_t timex)
{
    const struct timex *item = &text->timexes.items[timex];
    uint32_t low = 0, high = text->token_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->tokens[middle].offset < item->offset)
            low = middle + 1;
        else
            high = middle;
    }
    while (high < text->token_count && text->tokens[high].offset < item->offset + item->length)
        high++;
    return (struct span){low, high};
}

struct slice text_of_span(const struct text *text, struct span tokens)
{
    if (tokens.first >= tokens.end || tokens.end > text->token_count)
        return SLICE_NONE;
    const struct token *last = &text->tokens[tokens.end - 1];
    return slice_sub(text->body, text->tokens[tokens.first].offset, last->offset + last->length);
}

struct slice word_fold(struct slice s, struct arena *arena)
{
    char *out = arena_alloc(arena, 2 * s.len + 1);
    size_t len = 0, at = 0;
    bool gap = false;
    while (at < s.len) {
        uint32_t c;
        char letters[2];
        if (!utf8_next(s, &at, &c)) {
            at++;
            continue;
        }
        size_t count = fold(c, letters);
        if (count == 0) {
            gap = len > 0;
            continue;
        }
        if (gap && out[len - 1] != ' ')
            out[len++] = ' ';
        gap = false;
        memcpy(out + len, letters, count);
        len += count;
    }
    return (struct slice){out, len};
}
