#include "formats/csv/csv.h"

enum { CELL_BYTES_MAX = 1 << 20 };

static bool is_whole_number(struct slice cell)
{
    size_t at = slice_starts(cell, LIT("-")) ? 1 : 0;
    if (at == cell.len)
        return false;
    for (; at < cell.len; at++)
        if (!ascii_is_digit(cell.data[at]))
            return false;
    return true;
}

/* Spreadsheets skip space before a formula. */
static bool is_formula(struct slice cell)
{
    size_t at = 0;
    while (at < cell.len && cell.data[at] == ' ')
        at++;
    if (at == cell.len || is_whole_number(cell))
        return false;
    return memchr("=+-@\t\r\n", cell.data[at], 7) != NULL ||
           /* the full-width forms of = + - @, which some take for the same */
           slice_starts(slice_sub(cell, at, cell.len), LIT("\uFF1D")) ||
           slice_starts(slice_sub(cell, at, cell.len), LIT("\uFF0B")) ||
           slice_starts(slice_sub(cell, at, cell.len), LIT("\uFF0D")) ||
           slice_starts(slice_sub(cell, at, cell.len), LIT("\uFF20"));
}

static bool needs_quotes(struct slice cell)
{
    for (size_t i = 0; i < cell.len; i++)
        if (memchr(",;\"\r\n\t", cell.data[i], 6) != NULL)
            return true;
    return cell.len > 0 && (cell.data[0] == ' ' || cell.data[cell.len - 1] == ' ');
}

static void put_cell(struct slice cell, struct buffer *out)
{
    AUTO_ARENA arena = arena_create(CELL_BYTES_MAX * 4);
    cell = utf8_repair(slice_sub(cell, 0, CELL_BYTES_MAX), arena);
    bool formula = is_formula(cell), quotes = needs_quotes(cell);
    if (quotes)
        buffer_add_char(out, '"');
    if (formula)
        buffer_add_char(out, '\'');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.data[i] == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, cell.data[i]);
    }
    if (quotes)
        buffer_add_char(out, '"');
}

void csv_put_row(const struct slice *cells, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        put_cell(cells[i], out);
    }
    buffer_add_text(out, "\r\n");
}
