#include "base/bytes/bytes.h"

void hex_encode(struct slice s, struct buffer *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.data[i];
        char pair[2] = {digits[byte >> 4], digits[byte & 15]};
        buffer_add(out, (struct slice){pair, 2});
    }
}

static int hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum status hex_decode(struct slice s, struct arena *arena, struct slice *out)
{
    if (s.len % 2 != 0)
        return ST_INVALID;
    char *bytes = arena_alloc(arena, s.len / 2 + 1);
    for (size_t i = 0; i < s.len; i += 2) {
        int high = hex_value(s.data[i]), low = hex_value(s.data[i + 1]);
        if (high < 0 || low < 0)
            return ST_INVALID;
        bytes[i / 2] = (char)(high << 4 | low);
    }
    *out = (struct slice){bytes, s.len / 2};
    return ST_OK;
}

static void encode64(struct slice s, const char *alphabet, bool padded, struct buffer *out)
{
    for (size_t i = 0; i < s.len; i += 3) {
        size_t left = s.len - i;
        uint32_t group = (uint32_t)(unsigned char)s.data[i] << 16;
        if (left > 1)
            group |= (uint32_t)(unsigned char)s.data[i + 1] << 8;
        if (left > 2)
            group |= (uint32_t)(unsigned char)s.data[i + 2];
        char quad[4] = {alphabet[group >> 18 & 63], alphabet[group >> 12 & 63],
                        left > 1 ? alphabet[group >> 6 & 63] : '=',
                        left > 2 ? alphabet[group & 63] : '='};
        size_t len = padded || left > 2 ? 4 : left + 1;
        buffer_add(out, (struct slice){quad, len});
    }
}

void base64_encode(struct slice s, struct buffer *out)
{
    encode64(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", true, out);
}

void base64url_encode(struct slice s, struct buffer *out)
{
    encode64(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", false, out);
}

static int url64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (ascii_is_digit(c))
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

enum status base64url_decode(struct slice s, struct arena *arena, struct slice *out)
{
    if (s.len % 4 == 1)
        return ST_INVALID;
    char *bytes = arena_alloc(arena, s.len / 4 * 3 + 3);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < s.len; i++) {
        int value = url64_value(s.data[i]);
        if (value < 0)
            return ST_INVALID;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[len++] = (char)(bits >> held & 0xFF);
        }
    }
    /* Left-over bits must be zero, or two texts would name the same bytes. */
    if ((bits & ((1u << held) - 1)) != 0)
        return ST_INVALID;
    *out = (struct slice){bytes, len};
    return ST_OK;
}
