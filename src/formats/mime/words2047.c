/* Encoded words in headers (RFC 2047). GMime joins neighbours before it decodes them, which
 * loses what stands behind the padding of a base64 word, and it would load a converter
 * for any charset that a stranger names: so they are decoded here. */
#include "formats/mime/internal.h"

#include <gmime/gmime.h>

struct encoded_word {
    struct slice charset, text;
    char encoding; /* 'b' or 'q' */
    size_t end;    /* behind it */
};

/* "=?charset*language?encoding?text?=" at `at`. */
static bool word_at(struct slice value, size_t at, struct encoded_word *word)
{
    if (!slice_starts(slice_sub(value, at, value.len), LIT("=?")))
        return false;
    size_t charset = slice_find(value, LIT("?"), at + 2);
    if (charset == SIZE_MAX || slice_find(value, LIT("?"), charset + 1) != charset + 2)
        return false;
    size_t end = slice_find(value, LIT("?="), charset + 3);
    if (end == SIZE_MAX)
        return false;
    word->encoding = ascii_lower(value.data[charset + 1]);
    word->charset = slice_sub(value, at + 2, charset);
    word->charset = slice_sub(word->charset, 0, slice_find(word->charset, LIT("*"), 0));
    word->text = slice_sub(value, charset + 3, end);
    word->end = end + 2;
    return word->encoding == 'b' || word->encoding == 'q';
}

static int hex_digit(char c)
{
    c = ascii_lower(c);
    return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void put_q(struct slice text, struct buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
        int low = i + 2 < text.len ? hex_digit(text.data[i + 2]) : -1;
        if (text.data[i] == '=' && high >= 0 && low >= 0) {
            buffer_add_char(out, (char)(high * 16 + low));
            i += 2;
        } else {
            buffer_add_char(out, text.data[i] == '_' ? ' ' : text.data[i]);
        }
    }
}

static void put_b(struct slice text, struct arena *arena, struct buffer *out)
{
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_BASE64);
    char *bytes = arena_alloc(arena, g_mime_encoding_outlen(&state, text.len) + 8);
    size_t len = text.len == 0 ? 0 : g_mime_encoding_step(&state, text.data, text.len, bytes);
    buffer_add(out, (struct slice){bytes, len});
}

static size_t skip_spaces(struct slice value, size_t at)
{
    while (at < value.len && ascii_is_space(value.data[at]))
        at++;
    return at;
}

/* The bytes of neighbours in one charset belong together: programs cut characters. */
static size_t read_run(struct slice value, const struct encoded_word *first, struct arena *arena,
                       struct buffer *bytes)
{
    struct encoded_word word = *first;
    for (;;) {
        if (word.encoding == 'b')
            put_b(word.text, arena, bytes);
        else
            put_q(word.text, bytes);
        struct encoded_word next;
        size_t at = skip_spaces(value, word.end);
        if (!word_at(value, at, &next) || !slice_equal_nocase(next.charset, first->charset))
            return word.end;
        word = next;
    }
}

static void put_decoded(struct slice text, bool as_words, struct buffer *out)
{
    if (!as_words) {
        buffer_add(out, text);
        return;
    }
    buffer_add_text(out, "=?utf-8?B?");
    base64_encode(text, out);
    buffer_add_text(out, "?=");
}

struct slice words_decode(struct slice value, bool as_words, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create((size_t)HEADER_BYTES_MAX * 8);
    size_t plain = 0, at = 0;
    bool after_word = false;
    while ((at = slice_find(value, LIT("=?"), at)) != SIZE_MAX) {
        struct encoded_word word;
        if (!word_at(value, at, &word)) {
            at += 2;
            continue;
        }
        struct slice between = slice_sub(value, plain, at);
        if (!after_word || slice_trim(between).len > 0)
            buffer_add(&out, charset_decode(between, SLICE_NONE, arena));
        else if (as_words)
            buffer_add_char(&out, ' ');
        AUTO_BUFFER bytes = buffer_create(HEADER_BYTES_MAX);
        plain = at = read_run(value, &word, arena, &bytes);
        put_decoded(charset_decode(buffer_slice(&bytes), word.charset, arena), as_words, &out);
        after_word = true;
    }
    buffer_add(&out, charset_decode(slice_sub(value, plain, value.len), SLICE_NONE, arena));
    return arena_copy(arena, buffer_slice(&out));
}
