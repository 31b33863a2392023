#include "roles/cli/table.h"

#include <stdlib.h>
#include <unistd.h>

#include "formats/csv/csv.h"

enum { OUT_BYTES_MAX = 64 << 20, GAP = 2 };

void cli_table_add(struct cli_table *table, struct arena *arena, enum cli_tone tone,
                   const struct slice *cells)
{
    struct cli_row row = {ARENA_ARRAY(arena, table->columns, struct slice), tone};
    for (size_t i = 0; i < table->columns; i++)
        row.cells[i] = arena_copy(arena, cells[i]);
    ARENA_PUSH(arena, table, row);
}

static size_t width_of(struct slice cell)
{
    size_t width = 0, at = 0;
    for (uint32_t code; at < cell.len; width++)
        if (!utf8_next(cell, &at, &code))
            at++;
    return width;
}

/* A name must not steer the terminal. */
static void put_plain(struct slice cell, struct buffer *out)
{
    for (size_t at = 0, from = 0; at < cell.len; from = at) {
        uint32_t code;
        if (!utf8_next(cell, &at, &code)) {
            at++;
            buffer_add_char(out, '?');
        } else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
            buffer_add_char(out, '?');
        } else {
            buffer_add(out, slice_sub(cell, from, at));
        }
    }
}

static size_t last_cell(const struct cli_table *table, const struct slice *cells)
{
    size_t last = table->columns;
    while (last > 0 && cells[last - 1].len == 0)
        last--;
    return last;
}

static void put_line(const struct cli_table *table, const size_t *widths, const struct slice *cells,
                     const char *colour, struct buffer *out)
{
    size_t end = last_cell(table, cells);
    for (size_t i = 0; i < end; i++) {
        bool last = i + 1 == end;
        if (last)
            buffer_add_text(out, colour);
        put_plain(cells[i], out);
        if (last && *colour)
            buffer_add_text(out, "\033[0m");
        for (size_t pad = width_of(cells[i]); !last && pad < widths[i] + GAP; pad++)
            buffer_add_char(out, ' ');
    }
    buffer_add_char(out, '\n');
}

static struct slice *names_of(const struct cli_table *table, struct arena *arena)
{
    struct slice *names = ARENA_ARRAY(arena, table->columns, struct slice);
    for (size_t i = 0; i < table->columns; i++)
        names[i] = slice_from(table->names[i]);
    return names;
}

static void write_text(const struct cli_table *table, bool colours, struct arena *arena,
                       struct buffer *out)
{
    static const char *const tones[] = {"", "\033[32m", "\033[33m", "\033[31m"};
    size_t *widths = ARENA_ARRAY(arena, table->columns, size_t);
    struct slice *names = names_of(table, arena);
    for (size_t i = 0; i < table->columns; i++) {
        widths[i] = width_of(names[i]);
        for (size_t row = 0; row < table->count; row++) {
            size_t width = width_of(table->items[row].cells[i]);
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    put_line(table, widths, names, colours ? "\033[1m" : "", out);
    for (size_t row = 0; row < table->count; row++)
        put_line(table, widths, table->items[row].cells,
                 colours ? tones[table->items[row].tone] : "", out);
}

static void write_markdown_row(const struct cli_table *table, const struct slice *cells,
                               struct buffer *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        struct slice rest = cells[i];
        buffer_add_text(out, "| ");
        for (size_t bar; (bar = slice_find(rest, LIT("|"), 0)) != SIZE_MAX;
             rest = slice_sub(rest, bar + 1, rest.len)) {
            put_plain(slice_sub(rest, 0, bar), out);
            buffer_add_text(out, "\\|");
        }
        put_plain(rest, out);
        buffer_add_char(out, ' ');
    }
    buffer_add_text(out, "|\n");
}

static void write_markdown(const struct cli_table *table, struct arena *arena, struct buffer *out)
{
    write_markdown_row(table, names_of(table, arena), out);
    for (size_t i = 0; i < table->columns; i++)
        buffer_add_text(out, "| --- ");
    buffer_add_text(out, "|\n");
    for (size_t row = 0; row < table->count; row++)
        write_markdown_row(table, table->items[row].cells, out);
}

static void write_json(const struct cli_table *table, struct arena *arena, struct buffer *out)
{
    AUTO_JSON list = json_array();
    for (size_t row = 0; row < table->count; row++) {
        json_t *object = json_object();
        for (size_t i = 0; i < table->columns; i++) {
            struct slice cell = table->items[row].cells[i];
            json_object_set_new(object, table->names[i],
                                cell.len == 0 ? json_null() : json_from_text(cell));
        }
        json_array_append_new(list, object);
    }
    buffer_add(out, json_write(list, arena));
    buffer_add_char(out, '\n');
}

void cli_table_write(const struct cli_table *table, enum cli_form form, bool colours,
                     struct buffer *out)
{
    AUTO_ARENA arena = arena_create(OUT_BYTES_MAX * 2);
    switch (form) {
    case FORM_TEXT:
        write_text(table, colours, arena, out);
        break;
    case FORM_MARKDOWN:
        write_markdown(table, arena, out);
        break;
    case FORM_JSON:
        write_json(table, arena, out);
        break;
    case FORM_CSV:
        csv_put_row(names_of(table, arena), table->columns, out);
        for (size_t row = 0; row < table->count; row++)
            csv_put_row(table->items[row].cells, table->columns, out);
        break;
    }
}

void cli_table_print(const struct cli_table *table, enum cli_form form)
{
    AUTO_BUFFER out = buffer_create(OUT_BYTES_MAX);
    const char *no_color = getenv("NO_COLOR");
    bool colours = isatty(STDOUT_FILENO) == 1 && (no_color == NULL || *no_color == '\0');
    cli_table_write(table, form, colours, &out);
    fwrite(out.data, 1, out.len, stdout);
}
