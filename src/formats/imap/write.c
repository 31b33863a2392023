#include "formats/imap/imap.h"

/* Modified UTF-7: printable ASCII stands for itself, "&" is "&-", all else is UTF-16BE in
 * base64 with "," for "/", without padding, between "&" and "-". */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

struct shifted {
    uint32_t bits;
    unsigned count;
    bool open;
};

static void put_unit(struct shifted *shifted, uint32_t unit, struct buffer *out)
{
    if (!shifted->open)
        buffer_add_char(out, '&');
    shifted->open = true;
    shifted->bits = shifted->bits << 16 | unit;
    for (shifted->count += 16; shifted->count >= 6; shifted->count -= 6)
        buffer_add_char(out, alphabet[shifted->bits >> (shifted->count - 6) & 63]);
}

static void close_shift(struct shifted *shifted, struct buffer *out)
{
    if (!shifted->open)
        return;
    if (shifted->count > 0)
        buffer_add_char(out, alphabet[shifted->bits << (6 - shifted->count) & 63]);
    buffer_add_char(out, '-');
    *shifted = (struct shifted){0};
}

static void put_ascii(uint32_t c, struct buffer *out)
{
    if (c == '"' || c == '\\')
        buffer_add_char(out, '\\');
    buffer_add_char(out, (char)c);
    if (c == '&')
        buffer_add_char(out, '-');
}

enum status imap_write_folder(struct slice name, struct buffer *out, struct problem *why)
{
    struct shifted shifted = {0};
    size_t at = 0;
    uint32_t c;
    if (name.len == 0 || name.len > IMAP_NAME_BYTES_MAX || utf8_bad_at(name) != SIZE_MAX)
        return problem_set(why, ST_INVALID, "a folder's name must be UTF-8 of 1 to %d bytes",
                           IMAP_NAME_BYTES_MAX);
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.data[i] < ' ' || name.data[i] == 127)
            return problem_set(why, ST_INVALID, "a folder's name holds a control character");
    buffer_add_char(out, '"');
    while (utf8_next(name, &at, &c)) {
        if (c >= ' ' && c <= '~') {
            close_shift(&shifted, out);
            put_ascii(c, out);
        } else if (c < 0x10000) {
            put_unit(&shifted, c, out);
        } else {
            put_unit(&shifted, 0xD800 + ((c - 0x10000) >> 10), out);
            put_unit(&shifted, 0xDC00 + ((c - 0x10000) & 0x3FF), out);
        }
    }
    close_shift(&shifted, out);
    buffer_add_char(out, '"');
    return ST_OK;
}

void imap_write_date(int year, unsigned month, unsigned day, struct buffer *out)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    buffer_add_format(out, "%u-%s-%04d", day, names[(month - 1) % 12], year);
}
