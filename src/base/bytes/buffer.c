#include "base/bytes/bytes.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buffer buffer_create(size_t max)
{
    return (struct buffer){.max = max};
}

void buffer_destroy(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){.max = buffer->max};
}

void buffer_wipe(struct buffer *buffer)
{
    if (buffer->data != NULL)
        explicit_bzero(buffer->data, buffer->capacity);
    buffer_destroy(buffer);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->len = 0;
    buffer->full = false;
    if (buffer->data != NULL)
        buffer->data[0] = '\0';
}

/* Room for `more` bytes and a NUL; false, and `full`, when that exceeds the maximum. */
static bool reserve(struct buffer *buffer, size_t more)
{
    if (buffer->full || more > buffer->max - buffer->len) {
        buffer->full = true;
        return false;
    }
    size_t need = buffer->len + more + 1;
    if (need <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
    while (capacity < need)
        capacity += capacity / 2 + 16;
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        fprintf(stderr, "buffer: out of memory\n");
        abort();
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void buffer_add(struct buffer *buffer, struct slice s)
{
    if (!reserve(buffer, s.len))
        return;
    if (s.len > 0)
        memcpy(buffer->data + buffer->len, s.data, s.len);
    buffer->len += s.len;
    buffer->data[buffer->len] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, slice_from(text));
}

void buffer_add_char(struct buffer *buffer, char c)
{
    buffer_add(buffer, (struct slice){&c, 1});
}

void buffer_add_format(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len >= 0 && reserve(buffer, (size_t)len)) {
        vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
}

struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->data == NULL ? "" : buffer->data, buffer->len};
}

void buffer_consume(struct buffer *buffer, size_t count)
{
    assert(count <= buffer->len);
    if (count == 0)
        return;
    memmove(buffer->data, buffer->data + count, buffer->len - count);
    buffer->len -= count;
    buffer->data[buffer->len] = '\0';
}

enum status buffer_check(const struct buffer *buffer, const char *what, struct problem *why)
{
    if (!buffer->full)
        return ST_OK;
    return problem_set(why, ST_LIMIT, "%s is longer than %zu bytes", what, buffer->max);
}
