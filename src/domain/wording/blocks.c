/* Bodies as plain text and as plain HTML: no script, no image, no style that loads; every
 * byte that is not markup of ours is escaped. */
#include "domain/wording/internal.h"

enum { BODY_BYTES_MAX = 256 * 1024 };

static struct slice without_controls(struct slice text, bool keep_lines, struct arena *arena)
{
    struct slice clean = utf8_repair(slice_trim(text), arena);
    char *bytes = arena_text(arena, clean);
    for (size_t i = 0; i < clean.len; i++) {
        bool control = (unsigned char)bytes[i] < ' ' || bytes[i] == 0x7F;
        if (control && !(keep_lines && bytes[i] == '\n'))
            bytes[i] = ' ';
    }
    return (struct slice){bytes, clean.len};
}

struct slice one_line(struct slice text, struct arena *arena)
{
    return without_controls(text, false, arena);
}

struct slice many_lines(struct slice text, struct arena *arena)
{
    return without_controls(text, true, arena);
}

static void text_offers(const struct block *block, struct buffer *out)
{
    for (size_t i = 0; i < block->items.count; i++) {
        buffer_add_format(out, "  %zu. %.*s\n", i + 1, SLICE_ARG(block->items.items[i]));
        if (i < block->links.count)
            buffer_add_format(out, "     %.*s\n", SLICE_ARG(block->links.items[i]));
    }
    if (block->none_link.len > 0)
        buffer_add_format(out, "\n%.*s\n     %.*s\n", SLICE_ARG(block->none_label),
                          SLICE_ARG(block->none_link));
}

static void text_quote(struct slice text, struct buffer *out)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        buffer_add_format(out, "> %.*s\n", SLICE_ARG(line));
}

static void text_lines(const struct slice_list *lines, struct buffer *out)
{
    for (size_t i = 0; i < lines->count; i++)
        buffer_add_format(out, "%.*s\n", SLICE_ARG(lines->items[i]));
}

/* Under the mark of a signature (RFC 3676 section 4.3), which mail programs leave out of
 * their answers. */
static void text_footer(const struct block *block, struct buffer *out)
{
    buffer_add_format(out, "-- \n%.*s", SLICE_ARG(block->text));
    if (block->link.len > 0)
        buffer_add_format(out, " %.*s\n%.*s", SLICE_ARG(block->link_label), SLICE_ARG(block->link));
    buffer_add_char(out, '\n');
}

struct slice blocks_to_text(const struct block_list *blocks, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(BODY_BYTES_MAX);
    for (size_t i = 0; i < blocks->count; i++) {
        const struct block *block = &blocks->items[i];
        if (i > 0)
            buffer_add_char(&out, '\n');
        if (block->kind == BLOCK_OFFERS)
            text_offers(block, &out);
        else if (block->kind == BLOCK_QUOTE)
            text_quote(block->text, &out);
        else if (block->kind == BLOCK_LINES)
            text_lines(&block->items, &out);
        else if (block->kind == BLOCK_FOOTER)
            text_footer(block, &out);
        else
            buffer_add_format(&out, "%.*s\n", SLICE_ARG(block->text));
    }
    return arena_copy(arena, buffer_slice(&out));
}

static void add_escaped(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '&')
            buffer_add_text(out, "&amp;");
        else if (c == '<')
            buffer_add_text(out, "&lt;");
        else if (c == '>')
            buffer_add_text(out, "&gt;");
        else if (c == '"')
            buffer_add_text(out, "&quot;");
        else if (c == '\'')
            buffer_add_text(out, "&#39;");
        else if (c == '\n')
            buffer_add_text(out, "<br>\n");
        else
            buffer_add_char(out, c);
    }
}

static void add_element(struct buffer *out, const char *open, struct slice text, const char *close)
{
    buffer_add_text(out, open);
    add_escaped(out, text);
    buffer_add_text(out, close);
}

/* Only links that we made; everything else stays text. */
static void add_link(struct buffer *out, struct slice url, struct slice text)
{
    buffer_add_text(out, "<a href=\"");
    add_escaped(out, url);
    buffer_add_text(out, "\">");
    add_escaped(out, text);
    buffer_add_text(out, "</a>");
}

static void html_offers(const struct block *block, struct buffer *out)
{
    buffer_add_text(out, "<ol>\n");
    for (size_t i = 0; i < block->items.count; i++) {
        buffer_add_text(out, "<li style=\"margin:.4em 0\">");
        if (i < block->links.count)
            add_link(out, block->links.items[i], block->items.items[i]);
        else
            add_escaped(out, block->items.items[i]);
        buffer_add_text(out, "</li>\n");
    }
    buffer_add_text(out, "</ol>\n");
    if (block->none_link.len == 0)
        return;
    buffer_add_text(out, "<p>");
    add_link(out, block->none_link, block->none_label);
    buffer_add_text(out, "</p>\n");
}

static void html_lines(const struct slice_list *lines, struct buffer *out)
{
    buffer_add_text(out, "<p>");
    for (size_t i = 0; i < lines->count; i++)
        add_element(out, "", lines->items[i], i + 1 < lines->count ? "<br>\n" : "");
    buffer_add_text(out, "</p>\n");
}

static void html_footer(const struct block *block, struct buffer *out)
{
    buffer_add_text(out, "<p style=\"font-size:12px;color:#666\">");
    add_escaped(out, block->text);
    if (block->link.len > 0) {
        buffer_add_char(out, ' ');
        add_link(out, block->link, block->link_label);
    }
    buffer_add_text(out, "</p>\n");
}

struct slice blocks_to_html(const struct block_list *blocks, enum language language,
                            struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(BODY_BYTES_MAX);
    buffer_add_format(&out,
                      "<!DOCTYPE html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\"></head>\n"
                      "<body style=\"font-family:sans-serif;font-size:15px;line-height:1.5\">\n",
                      language_names[language]);
    for (size_t i = 0; i < blocks->count; i++) {
        const struct block *block = &blocks->items[i];
        if (block->kind == BLOCK_OFFERS)
            html_offers(block, &out);
        else if (block->kind == BLOCK_QUOTE)
            add_element(&out, "<blockquote>", block->text, "</blockquote>\n");
        else if (block->kind == BLOCK_LINES)
            html_lines(&block->items, &out);
        else if (block->kind == BLOCK_FOOTER)
            html_footer(block, &out);
        else
            add_element(&out, "<p>", block->text, "</p>\n");
    }
    buffer_add_text(&out, "</body>\n</html>\n");
    return arena_copy(arena, buffer_slice(&out));
}
