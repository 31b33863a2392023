#include "roles/messages/told.h"

#include <string.h>

enum { SIGNATURE_BYTES_MAX = 8192 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Numbers differ from time to time: line 12, 4 of 7. */
static void add_without_numbers(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.data[i]))
            buffer_add_char(out, text.data[i]);
        else if (i == 0 || !is_digit(text.data[i - 1]))
            buffer_add_char(out, '#');
    }
}

static void add_addresses(struct buffer *out, struct slice text)
{
    int spaces = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == ' ' && ++spaces == TOLD_ADDRESSES)
            return;
        buffer_add_char(out, text.data[i]);
    }
}

static bool is_of(struct slice word, enum event_key key, struct slice *value)
{
    struct slice name = slice_from(event_key_name(key));
    if (!slice_starts(word, name) || word.len <= name.len || word.data[name.len] != '=')
        return false;
    *value = slice_sub(word, name.len + 1, word.len);
    return true;
}

struct slice told_word(const struct slice_list *words, enum event_key key)
{
    struct slice value;
    for (size_t i = 0; i < words->count; i++)
        if (is_of(words->items[i], key, &value))
            return value;
    return SLICE_NONE;
}

struct slice told_signature(const struct slice_list *words, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(SIGNATURE_BYTES_MAX);
    struct slice value;
    for (size_t i = 0; i < words->count; i++) {
        if (is_of(words->items[i], KEY_ADDRESSES, &value))
            add_addresses(&out, words->items[i]);
        else
            add_without_numbers(&out, words->items[i]);
        buffer_add_char(&out, '\n');
    }
    return arena_copy(arena, buffer_slice(&out));
}

/* Printable ASCII: it goes into mails, and the parent has some of it from a role. */
static struct slice plain(struct slice text, struct arena *arena)
{
    if (text.len > TOLD_WORD_BYTES_MAX)
        text.len = TOLD_WORD_BYTES_MAX;
    char *copy = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.data[i] >= ' ' && text.data[i] <= '~' ? text.data[i] : '?';
    return (struct slice){copy, text.len};
}

struct slice_list told_words(const struct event_field *fields, size_t count, struct arena *arena)
{
    struct slice_list words = {ARENA_ARRAY(arena, TOLD_WORDS_MAX, struct slice), 0, TOLD_WORDS_MAX};
    for (size_t i = 0; i < count && words.count < TOLD_WORDS_MAX; i++) {
        struct slice text = fields[i].text;
        if (fields[i].kind != EVENT_FIELD_TEXT || text.len == 0)
            continue;
        struct slice word =
            arena_format(arena, "%s=%.*s", event_key_name(fields[i].key), SLICE_ARG(plain(text, arena)));
        words.items[words.count++] = slice_sub(word, 0, word.len < TOLD_WORD_BYTES_MAX ? word.len : TOLD_WORD_BYTES_MAX);
    }
    return words;
}
