#include <assert.h>
#include <stdlib.h>

#include "formats/imap/imap.h"

struct imap_reader {
    struct buffer held;
    size_t line_start;  /* of the part of the answer that is being read */
    size_t literal_left, literal_bytes, literal_bytes_max;
    unsigned literals;
    bool done; /* held is an answer that was given out */
};

struct imap_reader *imap_reader_create(size_t message_bytes_max)
{
    struct imap_reader *reader = must_calloc(1, sizeof *reader);
    reader->literal_bytes_max = message_bytes_max;
    reader->held = buffer_create(IMAP_LINE_BYTES_MAX + message_bytes_max + 2);
    return reader;
}

void imap_reader_destroy(struct imap_reader **reader)
{
    if (*reader == NULL)
        return;
    buffer_wipe(&(*reader)->held);
    free(*reader);
    *reader = NULL;
}

static void begin_answer(struct imap_reader *reader)
{
    buffer_clear(&reader->held);
    reader->line_start = reader->literal_left = reader->literal_bytes = 0;
    reader->literals = 0;
    reader->done = false;
}

/* "{123}" or "{123+}" at the end of a line announces as many bytes. */
static enum status find_literal(struct slice line, bool *found, uint64_t *bytes, struct problem *why)
{
    *found = false;
    if (!slice_ends(line, LIT("}")))
        return ST_OK;
    size_t open = line.len;
    while (open > 0 && line.data[open - 1] != '{')
        open--;
    if (open == 0)
        return ST_OK; /* text may end in a brace */
    struct slice number = slice_sub(line, open, line.len - 1);
    if (slice_ends(number, LIT("+")))
        number.len--;
    if (number.len == 0 || !ascii_is_digit(number.data[0]))
        return ST_OK;
    if (!slice_to_u64(number, UINT32_MAX, bytes))
        return problem_set(why, ST_INVALID, "IMAP: the length of a literal is no number");
    *found = true;
    return ST_OK;
}

static enum status end_line(struct imap_reader *reader, bool *whole, struct problem *why)
{
    struct slice held = buffer_slice(&reader->held);
    struct slice line = slice_sub(held, reader->line_start, held.len - 1);
    if (slice_ends(line, LIT("\r")))
        line.len--;
    bool literal;
    uint64_t bytes;
    TRY(find_literal(line, &literal, &bytes, why));
    *whole = !literal;
    if (!literal)
        return ST_OK;
    if (++reader->literals > IMAP_LITERALS_MAX ||
        bytes > reader->literal_bytes_max - reader->literal_bytes)
        return problem_set(why, ST_LIMIT, "IMAP: an answer holds more than we take");
    reader->literal_left = bytes;
    reader->literal_bytes += bytes;
    reader->line_start = held.len + bytes;
    return ST_OK;
}

static size_t take_literal(struct imap_reader *reader, struct slice bytes)
{
    size_t count = bytes.len < reader->literal_left ? bytes.len : reader->literal_left;
    buffer_add(&reader->held, slice_sub(bytes, 0, count));
    reader->literal_left -= count;
    return count;
}

/* A line's bytes, up to its end. */
static enum status take_line(struct imap_reader *reader, struct slice bytes, size_t *used,
                             bool *whole, struct problem *why)
{
    size_t end = slice_find(bytes, LIT("\n"), 0);
    size_t count = end == SIZE_MAX ? bytes.len : end + 1;
    struct slice part = slice_sub(bytes, 0, count);
    *used = count;
    if (slice_contains(part, (struct slice){"", 1}))
        return problem_set(why, ST_INVALID, "IMAP: a NUL in an answer");
    if (reader->held.len - reader->literal_bytes + count > IMAP_LINE_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "IMAP: an answer is too long");
    buffer_add(&reader->held, part);
    return end == SIZE_MAX ? ST_OK : end_line(reader, whole, why);
}

enum status imap_read(struct imap_reader *reader, struct slice bytes, size_t *used, bool *whole,
                      struct slice *answer, struct problem *why)
{
    *used = 0;
    *whole = false;
    if (reader->done)
        begin_answer(reader);
    while (*used < bytes.len && !*whole) {
        struct slice rest = slice_sub(bytes, *used, bytes.len);
        size_t count = 0;
        if (reader->literal_left > 0)
            count = take_literal(reader, rest);
        else
            TRY(take_line(reader, rest, &count, whole, why));
        *used += count;
    }
    if (!*whole)
        return ST_OK;
    assert(!reader->held.full);
    reader->done = true;
    *answer = buffer_slice(&reader->held);
    answer->len -= slice_ends(*answer, LIT("\r\n")) ? 2 : 1;
    return ST_OK;
}
