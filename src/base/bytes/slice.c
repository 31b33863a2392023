#include "base/bytes/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slice slice_from(const char *text)
{
    return text == NULL ? SLICE_NONE : (struct slice){text, strlen(text)};
}

static bool equal_nocase(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    return a.len == b.len && equal_nocase(a.data, b.data, a.len);
}

bool slice_starts_nocase(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && equal_nocase(s.data, prefix.data, prefix.len);
}

bool slice_ends(struct slice s, struct slice suffix)
{
    return s.len >= suffix.len && slice_equal(slice_sub(s, s.len - suffix.len, s.len), suffix);
}

size_t slice_find(struct slice s, struct slice part, size_t from)
{
    if (part.len == 0 && from <= s.len)
        return from;
    if (from >= s.len)
        return SIZE_MAX;
    const char *at = memmem(s.data + from, s.len - from, part.data, part.len);
    return at == NULL ? SIZE_MAX : (size_t)(at - s.data);
}

size_t slice_find_nocase(struct slice s, struct slice part, size_t from)
{
    for (size_t i = from; i + part.len <= s.len; i++)
        if (equal_nocase(s.data + i, part.data, part.len))
            return i;
    return SIZE_MAX;
}

bool slice_contains(struct slice s, struct slice part)
{
    return slice_find(s, part, 0) != SIZE_MAX;
}

struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && ascii_is_space(s.data[0])) {
        s.data++;
        s.len--;
    }
    while (s.len > 0 && ascii_is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

bool slice_next_line(struct slice *rest, struct slice *line)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->data, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->data);
    *line = slice_sub(*rest, 0, len);
    *rest = slice_sub(*rest, end == NULL ? len : len + 1, rest->len);
    if (line->len > 0 && line->data[line->len - 1] == '\r')
        line->len--;
    return true;
}

int slice_compare(struct slice a, struct slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.data, b.data, len);
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

struct slice arena_copy(struct arena *arena, struct slice s)
{
    return (struct slice){arena_text(arena, s), s.len};
}

char *arena_text(struct arena *arena, struct slice s)
{
    char *copy = arena_alloc(arena, s.len + 1);
    if (s.len > 0)
        memcpy(copy, s.data, s.len);
    return copy;
}

struct slice arena_format(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        len = 0;
    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (struct slice){text, (size_t)len};
}

struct slice arena_lower(struct arena *arena, struct slice s)
{
    char *copy = arena_text(arena, s);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = ascii_lower(copy[i]);
    return (struct slice){copy, s.len};
}

bool slice_to_u64(struct slice s, uint64_t max, uint64_t *value)
{
    if (s.len == 0 || s.len > 20)
        return false;
    uint64_t sum = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!ascii_is_digit(s.data[i]) || __builtin_mul_overflow(sum, (uint64_t)10, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(s.data[i] - '0'), &sum))
            return false;
    }
    if (sum > max)
        return false;
    *value = sum;
    return true;
}
