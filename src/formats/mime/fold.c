#include "formats/mime/internal.h"

#include <string.h>

/* Latin-1 and Latin Extended-A letters by their plain letter; "" keeps the code point. */
static const char latin_1[] = "aaaaaaaceeeeiiiidnooooo*ouuuuyts"  /* U+00C0 to U+00DF */
                              "aaaaaaaceeeeiiiidnooooo/ouuuuyty"; /* U+00E0 to U+00FF */
static const char latin_a[] = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllll"
                              "llllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* Vietnamese letters, by the first code point behind each group. */
static uint32_t fold_vietnamese(uint32_t c)
{
    static const struct {
        uint32_t end;
        char letter;
    } groups[] = {{0x1EB8, 'a'}, {0x1EC8, 'e'}, {0x1ECC, 'i'},
                  {0x1EE4, 'o'}, {0x1EF2, 'u'}, {0x1EFA, 'y'}};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (c < groups[i].end)
            return (uint32_t)groups[i].letter;
    return c;
}

/* 0 drops the code point. */
static uint32_t fold_code_point(uint32_t c)
{
    if (c < 0x80)
        return (uint32_t)(unsigned char)ascii_lower((char)c);
    if (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7)
        return (uint32_t)(unsigned char)latin_1[c - 0xC0];
    if (c >= 0x100 && c <= 0x17F)
        return (uint32_t)(unsigned char)latin_a[c - 0x100];
    if ((c >= 0x410 && c <= 0x42F) || (c >= 0x391 && c <= 0x3A9)) /* Cyrillic, Greek capitals */
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    if (c >= 0x1EA0 && c < 0x1EFA)
        return fold_vietnamese(c);
    if (c >= 0x300 && c <= 0x36F) /* combining accents */
        return 0;
    if (c == 0xA0 || c == 0x202F || (c >= 0x2000 && c <= 0x200A) || c == 0x3000)
        return ' ';
    if (c == 0xAD || c == 0x200B || c == 0x200C || c == 0x200D || c == 0xFEFF)
        return 0;
    if (c == 0x2018 || c == 0x2019 || c == 0x2BC)
        return '\'';
    if (c >= 0x2010 && c <= 0x2015)
        return '-';
    if (c == 0xFF1A) /* the colon of Chinese attributions */
        return ':';
    return c;
}

struct slice text_fold(struct slice text, struct arena *arena)
{
    char *folded = arena_alloc(arena, text.len + 4);
    size_t len = 0, at = 0;
    uint32_t code_point;
    while (utf8_next(text, &at, &code_point)) {
        uint32_t c = fold_code_point(code_point);
        if (c != 0)
            len += utf8_put(c, folded + len);
    }
    return (struct slice){folded, len};
}

static struct slice right_trim(struct slice s)
{
    while (s.len > 0 && (ascii_is_space(s.data[s.len - 1]) || s.data[s.len - 1] == '\0'))
        s.len--;
    return s;
}

void text_split(struct slice text, struct arena *arena, struct text_lines *lines)
{
    struct slice rest = text, line;
    while (slice_next_line(&rest, &line)) {
        struct text_line item = {.text = right_trim(line), .owner = OWNER_NEW};
        item.folded = right_trim(text_fold(item.text, arena));
        ARENA_PUSH(arena, lines, item);
    }
}

bool line_is_blank(const struct text_line *line)
{
    return slice_trim(line->folded).len == 0;
}

static bool is_word_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || (unsigned char)c >= 0x80;
}

static bool ends_word(struct slice text, size_t end)
{
    return end >= text.len || !is_word_byte(text.data[end]) || !is_word_byte(text.data[end - 1]);
}

/* Chinese, Japanese and Korean words have no boundaries. */
static bool is_wordless(struct slice word)
{
    return word.len > 0 && (unsigned char)word.data[0] >= 0xE3;
}

bool text_has_word(struct slice text, struct slice word)
{
    for (size_t at = 0; (at = slice_find(text, word, at)) != SIZE_MAX; at++) {
        if (is_wordless(word))
            return true;
        if ((at == 0 || !is_word_byte(text.data[at - 1])) && ends_word(text, at + word.len))
            return true;
    }
    return false;
}

bool text_has_any_word(struct slice text, const char *const *words, size_t count)
{
    uint64_t firsts[4] = {0}; /* the bytes that begin a word of the text: most words have another */
    for (size_t i = 0; i < text.len; i++)
        if (i == 0 || !is_word_byte(text.data[i - 1]))
            firsts[(unsigned char)text.data[i] / 64] |= UINT64_C(1) << (unsigned char)text.data[i] % 64;
    for (size_t i = 0; i < count; i++) {
        const unsigned char first = (unsigned char)words[i][0];
        if (!(firsts[first / 64] >> first % 64 & 1) && !is_wordless(slice_from(words[i])))
            continue;
        if (text_has_word(text, slice_from(words[i])))
            return true;
    }
    return false;
}

bool text_starts_any(struct slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count && text.len > 0; i++) {
        if (words[i][0] != text.data[0])
            continue;
        struct slice word = slice_from(words[i]);
        if (slice_starts(text, word) && (is_wordless(word) || ends_word(text, word.len)))
            return true;
    }
    return false;
}
