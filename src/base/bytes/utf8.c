#include "base/bytes/bytes.h"

#include <string.h>

/* Length of the sequence that starts with `lead`, 0 when it cannot start one. */
static size_t sequence_len(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

bool utf8_next_wide(struct slice s, size_t *at, uint32_t *code_point)
{
    if (*at >= s.len)
        return false;
    const unsigned char *p = (const unsigned char *)s.data + *at;
    size_t len = sequence_len(p[0]);
    if (len == 0 || len > s.len - *at)
        return false;
    uint32_t value = len == 1 ? p[0] : p[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return false;
        value = value << 6 | (p[i] & 0x3Fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return false;
    *code_point = value;
    *at += len;
    return true;
}

size_t utf8_bad_at(struct slice s)
{
    size_t at = 0;
    uint32_t code_point;
    for (;;) {
        uint64_t eight; /* most text is ASCII, and most of the rest nearly so */
        for (; s.len - at >= 8; at += 8) {
            memcpy(&eight, s.data + at, 8);
            if ((eight & UINT64_C(0x8080808080808080)) != 0)
                break;
        }
        if (!utf8_next(s, &at, &code_point))
            return at == s.len ? SIZE_MAX : at;
    }
}

size_t utf8_put(uint32_t code_point, char out[4])
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

struct slice utf8_repair(struct slice s, struct arena *arena)
{
    if (utf8_bad_at(s) == SIZE_MAX && (s.len == 0 || memchr(s.data, 0, s.len) == NULL))
        return s;
    char *out = arena_alloc(arena, s.len * 3 + 1);
    size_t len = 0, at = 0;
    while (at < s.len) {
        uint32_t code_point;
        size_t start = at;
        if (utf8_next(s, &at, &code_point) && code_point != 0) {
            memcpy(out + len, s.data + start, at - start);
            len += at - start;
        } else {
            len += utf8_put(0xFFFD, out + len);
            at = start + 1;
        }
    }
    return (struct slice){out, len};
}
