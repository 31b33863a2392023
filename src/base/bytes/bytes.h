#ifndef RENDEZ_BASE_BYTES_H
#define RENDEZ_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena/arena.h"
#include "base/problem/problem.h"

/* Borrowed bytes: not NUL-terminated, may contain NUL, valid as long as their owner. */
struct slice {
    const char *data;
    size_t len;
};

#define LIT(s) ((struct slice){"" s, sizeof(s) - 1})
#define SLICE_NONE ((struct slice){NULL, 0})
/* For printf's "%.*s". */
#define SLICE_ARG(s) (int)(s).len, (s).data

struct slice_list {
    struct slice *items;
    size_t count, capacity;
};

struct slice slice_from(const char *text); /* NULL gives SLICE_NONE */
static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
bool slice_equal_nocase(struct slice a, struct slice b); /* ASCII case only */
static inline bool slice_starts(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.data, prefix.data, prefix.len) == 0);
}
bool slice_starts_nocase(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);
bool slice_contains(struct slice s, struct slice part);
/* Position of `part` at or after `from`, or SIZE_MAX. */
size_t slice_find(struct slice s, struct slice part, size_t from);
size_t slice_find_nocase(struct slice s, struct slice part, size_t from);
struct slice slice_trim(struct slice s); /* ASCII white space at both ends */
/* [from, to), clamped to the slice. */
static inline struct slice slice_sub(struct slice s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (struct slice){s.data == NULL ? NULL : s.data + from, to - from};
}
/* Takes the line at *rest (without its LF or CRLF) and moves *rest behind it;
 * false when nothing is left. */
bool slice_next_line(struct slice *rest, struct slice *line);
/* Order of bytes, as memcmp; the shorter first. */
int slice_compare(struct slice a, struct slice b);

/* Copies into the arena; arena_text adds a NUL. */
struct slice arena_copy(struct arena *arena, struct slice s);
char *arena_text(struct arena *arena, struct slice s);
struct slice arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct slice arena_lower(struct arena *arena, struct slice s); /* ASCII only */

/* ASCII, whatever the locale. */
static inline bool ascii_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool ascii_is_alpha(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static inline bool ascii_is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

/* A decimal number that is the whole slice and at most `max`. */
MUST_USE bool slice_to_u64(struct slice s, uint64_t max, uint64_t *value);

/* UTF-8 (RFC 3629: no surrogates, no overlong forms).
 * utf8_next reads the code point at *at and moves *at behind it; false at the end
 * or at a bad byte (*at stays there). */
bool utf8_next_wide(struct slice s, size_t *at, uint32_t *code_point); /* any length */
static inline bool utf8_next(struct slice s, size_t *at, uint32_t *code_point)
{
    if (*at >= s.len || (unsigned char)s.data[*at] >= 0x80)
        return utf8_next_wide(s, at, code_point);
    *code_point = (unsigned char)s.data[(*at)++];
    return true;
}
/* Offset of the first bad byte, or SIZE_MAX when all is well. */
size_t utf8_bad_at(struct slice s);
/* Every bad byte becomes U+FFFD; NUL too. */
struct slice utf8_repair(struct slice s, struct arena *arena);
/* Writes 1 to 4 bytes, returns how many. */
size_t utf8_put(uint32_t code_point, char out[4]);

/* Text that grows up to `max` bytes. After an append that would exceed it, `full`
 * is true and nothing more is added: check once at the end. Always NUL-terminated. */
struct buffer {
    char *data;
    size_t len, capacity, max;
    bool full;
};

#define AUTO_BUFFER __attribute__((cleanup(buffer_destroy))) struct buffer

struct buffer buffer_create(size_t max);
void buffer_destroy(struct buffer *buffer); /* wipes nothing; leaves it empty */
void buffer_wipe(struct buffer *buffer);    /* wipes, then destroys */
void buffer_clear(struct buffer *buffer);
void buffer_add(struct buffer *buffer, struct slice s);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_add_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct slice buffer_slice(const struct buffer *buffer);
/* Removes the first `count` bytes. */
void buffer_consume(struct buffer *buffer, size_t count);
/* ST_LIMIT when full. */
MUST_USE enum status buffer_check(const struct buffer *buffer, const char *what,
                                  struct problem *why);

/* Hexadecimal and base64 (RFC 4648); the url form has no padding. Decoders are
 * strict: ST_INVALID on any other byte. */
void hex_encode(struct slice s, struct buffer *out);
MUST_USE enum status hex_decode(struct slice s, struct arena *arena, struct slice *out);
void base64_encode(struct slice s, struct buffer *out);
void base64url_encode(struct slice s, struct buffer *out);
MUST_USE enum status base64url_decode(struct slice s, struct arena *arena, struct slice *out);

/* Files. AUTO_FD closes itself. */
#define AUTO_FD __attribute__((cleanup(fd_close))) int
void fd_close(int *fd); /* accepts -1 */
/* Reads to the end; ST_LIMIT over bytes_max. */
MUST_USE enum status fd_read_all(int fd, size_t bytes_max, struct arena *arena, struct slice *out,
                                 struct problem *why);
MUST_USE enum status fd_write_all(int fd, struct slice bytes, struct problem *why);
MUST_USE enum status file_read(const char *path, size_t bytes_max, struct arena *arena,
                               struct slice *out, struct problem *why);
/* Writes beside it, fsyncs, renames, fsyncs the folder: the old or the new content
 * is there whatever happens. Its mode is `mode`, whatever the umask. */
MUST_USE enum status file_write_durably(const char *path, struct slice bytes, unsigned mode,
                                        struct problem *why);
/* The same for a file that must be new: whole and on disk, or not there.
 * ST_CONFLICT  there is one already, and it stays as it is */
MUST_USE enum status file_create_durably(const char *path, struct slice bytes, unsigned mode,
                                         struct problem *why);

#endif
