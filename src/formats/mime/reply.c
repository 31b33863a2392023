/* What is new in a reply: quotes off first, then signature and footers. */
#include "formats/mime/internal.h"

#include <string.h>

enum { QUOTE_NESTING_MAX = 16 };

struct scan {
    struct text_lines lines;
    struct arena *arena;
    struct mail_quote_list *quotes;
    size_t transferred_at; /* line of a "forwarded message" rule that starts a quote */
    bool limited;
};

static struct slice skip_spaces(struct slice s, size_t max)
{
    size_t at = 0;
    while (at < s.len && at < max && s.data[at] == ' ')
        at++;
    return slice_sub(s, at, s.len);
}

static bool is_marked(const struct text_line *line)
{
    struct slice s = skip_spaces(line->folded, 1);
    return s.len > 0 && s.data[0] == '>';
}

static size_t mark_depth(const struct text_line *line)
{
    size_t depth = 0;
    for (size_t i = 0; i < line->folded.len; i++) {
        if (line->folded.data[i] == '>')
            depth++;
        else if (line->folded.data[i] != ' ')
            break;
    }
    return depth;
}

/* Takes off one mark and one space behind it. */
static struct slice unmark(struct slice s)
{
    s = skip_spaces(s, 1);
    if (s.len == 0 || s.data[0] != '>')
        return s;
    s = slice_sub(s, 1, s.len);
    /* "> > text" keeps its second mark at the start of the line */
    return skip_spaces(s, 1);
}

static size_t skip_blank(const struct text_lines *lines, size_t at, size_t to)
{
    while (at < to && line_is_blank(&lines->items[at]))
        at++;
    return at;
}

static bool has_open_link(struct slice s)
{
    size_t opened = SIZE_MAX;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '(' || s.data[i] == '<')
            opened = i;
        else if (s.data[i] == ')' || (s.data[i] == '>' && opened != SIZE_MAX))
            opened = SIZE_MAX;
    }
    return opened != SIZE_MAX && slice_contains(slice_sub(s, opened, s.len), LIT("http"));
}

/* A line without mark amid marked ones that a program broke off the line before: the
 * end of a long link, or of a long line. */
static bool is_broken_off(const struct text_lines *lines, size_t at, size_t to)
{
    enum { WRAPPED_BYTES = 66, TAIL_BYTES = 40 };
    const struct text_line *line = &lines->items[at], *before = line - 1;
    if (line_is_blank(line))
        return false;
    if (has_open_link(before->folded))
        return true;
    if (at + 1 >= to || !is_marked(line + 1))
        return false;
    if (slice_contains(line->folded, LIT("http")))
        return true;
    char first = line->text.data[0];
    return before->text.len >= WRAPPED_BYTES && line->text.len < TAIL_BYTES && first >= 'a' &&
           first <= 'z';
}

/* First line behind the marked lines that begin at `at`. */
static size_t run_end(const struct text_lines *lines, size_t at, size_t to)
{
    size_t end = at + 1;
    while (end < to) {
        if (is_marked(&lines->items[end]) || is_broken_off(lines, end, to)) {
            end++;
            continue;
        }
        size_t next = skip_blank(lines, end, to);
        if (next == end || next >= to || !is_marked(&lines->items[next]))
            break;
        end = next;
    }
    return end;
}

static void scan_range(struct scan *scan, size_t from, size_t to, int32_t owner, unsigned depth);

/* Makes the lines [from, to) a quote, and those quoted in it quotes of their own. */
static void take_quote(struct scan *scan, const struct attribution *who, size_t from, size_t to,
                       unsigned depth)
{
    if (scan->quotes->count >= MIME_QUOTES_MAX || depth >= QUOTE_NESTING_MAX) {
        scan->limited = true;
        for (size_t i = from; i < to; i++)
            scan->lines.items[i].owner = OWNER_NOBODY;
        return;
    }
    struct mail_quote quote = {.from = who->from, .has_date = who->has_date, .date = who->date};
    quote.subject = who->subject;
    quote.forwarded = who->kind != ATTRIBUTION_LINE || who->transferred;
    int32_t owner = (int32_t)scan->quotes->count;
    ARENA_PUSH(scan->arena, scan->quotes, quote);
    for (size_t i = from; i < to; i++)
        scan->lines.items[i].owner = owner;
    scan_range(scan, from, to, owner, depth + 1);
}

static void unmark_lines(struct scan *scan, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        struct text_line *line = &scan->lines.items[i];
        line->text = unmark(line->text);
        line->folded = unmark(line->folded);
    }
}

static void disown(struct scan *scan, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        scan->lines.items[i].owner = OWNER_NOBODY;
}

/* Marked lines at `from`; returns the first line that is not theirs. */
static size_t take_marked(struct scan *scan, const struct attribution *who, size_t from, size_t to,
                          unsigned depth)
{
    size_t end = run_end(&scan->lines, from, to);
    unmark_lines(scan, from, end);
    take_quote(scan, who, from, end, depth);
    size_t next = skip_blank(&scan->lines, end, to);
    disown(scan, end, next);
    return next;
}

/* ">>> >>> http://… <<<" is an ornament. */
static bool is_ornament(const struct text_lines *lines, size_t at, size_t to)
{
    return mark_depth(&lines->items[at]) >= 3 && run_end(lines, at, to) == at + 1;
}

/* Whether the marks below say where the quote ends. Below a header block they may as well
 * belong to the message that it heads; with nothing new above, the answer is below. */
static bool ends_with_marks(const struct scan *scan, size_t at, int32_t owner,
                            const struct attribution *who)
{
    if (who->kind != ATTRIBUTION_HEADER)
        return true;
    for (size_t i = 0; i < at; i++)
        if (scan->lines.items[i].owner == owner && !line_is_blank(&scan->lines.items[i]))
            return false;
    return owner == OWNER_NEW && !who->transferred;
}

static size_t take_attributed(struct scan *scan, size_t at, size_t to, int32_t owner,
                              const struct attribution *who, unsigned depth)
{
    struct text_line *line = &scan->lines.items[at];
    size_t below = at + who->line_count;
    disown(scan, at, below);
    if (who->lead > 0) {
        line->text = slice_sub(line->text, 0, who->lead);
        line->owner = owner;
    }
    size_t first = skip_blank(&scan->lines, below, to);
    disown(scan, below, first);
    if (first < to && is_marked(&scan->lines.items[first]) && ends_with_marks(scan, at, owner, who))
        return take_marked(scan, who, first, to, depth);
    if (who->transferred && owner == OWNER_NEW && scan->transferred_at == SIZE_MAX)
        scan->transferred_at = at;
    take_quote(scan, who, first, to, depth);
    return to;
}

static void scan_range(struct scan *scan, size_t from, size_t to, int32_t owner, unsigned depth)
{
    size_t at = from;
    while (at < to) {
        struct attribution who = {0};
        if (attribution_at(&scan->lines, at, to, scan->arena, &who))
            at = take_attributed(scan, at, to, owner, &who, depth);
        else if (is_marked(&scan->lines.items[at]) && !is_ornament(&scan->lines, at, to))
            at = take_marked(scan, &(struct attribution){0}, at, to, depth);
        else
            at++;
    }
}

/* ---- joining -------------------------------------------------------------------------- */

/* The lines of one owner, without blank lines at the ends. */
static struct slice owner_text(const struct scan *scan, int32_t owner, struct arena *arena)
{
    size_t bytes = 0, len = 0, kept = 0;
    for (size_t i = 0; i < scan->lines.count; i++)
        if (scan->lines.items[i].owner == owner)
            bytes += scan->lines.items[i].text.len + 1;
    char *text = arena_alloc(arena, bytes + 1);
    for (size_t i = 0; i < scan->lines.count; i++) {
        const struct text_line *line = &scan->lines.items[i];
        if (line->owner != owner || (len == 0 && line_is_blank(line)))
            continue;
        if (line->text.len > 0)
            memcpy(text + len, line->text.data, line->text.len);
        len += line->text.len;
        if (!line_is_blank(line))
            kept = len;
        text[len++] = '\n';
    }
    return (struct slice){text, kept};
}

/* Texts of all quotes; one that said nothing itself and is not known makes room. */
static void quotes_finish(struct scan *scan, struct arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < scan->quotes->count; i++) {
        struct mail_quote quote = scan->quotes->items[i];
        quote.text = owner_text(scan, (int32_t)i, arena);
        bool known = quote.from.name.len + quote.from.address.len > 0 || quote.has_date;
        if (quote.text.len == 0 && !known)
            continue;
        quote.from.name = arena_copy(arena, quote.from.name);
        quote.from.address = arena_copy(arena, quote.from.address);
        quote.subject = arena_copy(arena, quote.subject);
        scan->quotes->items[kept++] = quote;
    }
    scan->quotes->count = kept;
}

/* The new lines alone, for the search of a signature; `places` says where each is. */
static struct text_lines new_lines(const struct scan *scan, struct arena *arena, size_t **places)
{
    struct text_lines lines = {0};
    *places = ARENA_ARRAY(arena, scan->lines.count + 1, size_t);
    for (size_t i = 0; i < scan->lines.count; i++) {
        if (scan->lines.items[i].owner != OWNER_NEW)
            continue;
        (*places)[lines.count] = i;
        ARENA_PUSH(arena, &lines, scan->lines.items[i]);
    }
    return lines;
}

/* Moves signature lines to an owner of their own. */
static void take_signature(struct scan *scan, const struct mailbox *writer, enum reply_part part,
                           int32_t signature)
{
    size_t *places;
    struct text_lines lines = new_lines(scan, scan->arena, &places);
    bool *cut = ARENA_ARRAY(scan->arena, lines.count + 1, bool);
    signature_find(&lines, writer, part, scan->arena, cut);
    for (size_t i = 0; i < lines.count; i++)
        if (cut[i])
            scan->lines.items[places[i]].owner = signature;
}

static void quotes_off(struct scan *scan, enum reply_part part)
{
    if (part == REPLY_WITHOUT_SIGNATURE)
        return;
    scan_range(scan, 0, scan->lines.count, OWNER_NEW, 0);
    if (part != REPLY_WITHOUT_QUOTE || scan->transferred_at == SIZE_MAX)
        return;
    /* what the writer forwards is not quoted: it is what he sends */
    size_t first = scan->lines.count;
    for (size_t i = scan->lines.count; i-- > 0;)
        if (scan->lines.items[i].owner != OWNER_NEW)
            first = i;
    if (first != scan->transferred_at)
        return;
    for (size_t i = first; i < scan->lines.count; i++)
        scan->lines.items[i].owner = OWNER_NEW;
}

static bool is_whole(const struct text_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->items[i].owner != OWNER_NEW)
            return false;
    return true;
}

void reply_read(struct slice text, const struct mailbox *writer, enum reply_part part,
                struct arena *arena, struct reply *out)
{
    enum { SIGNATURE = 1 << 20 };
    AUTO_ARENA work = arena_create_wiped((size_t)128 << 20);
    struct mail_quote_list quotes = {0};
    struct scan scan = {.arena = work, .quotes = &quotes, .transferred_at = SIZE_MAX};
    text_split(slice_sub(text, 0, MIME_TEXT_MAX), work, &scan.lines);
    quotes_off(&scan, part);
    if (part != REPLY_WITHOUT_QUOTE || quotes.count == 0)
        take_signature(&scan, writer, part, SIGNATURE);
    quotes_finish(&scan, arena);
    *out = (struct reply){
        .visible = owner_text(&scan, OWNER_NEW, arena),
        .signature = owner_text(&scan, SIGNATURE, arena),
        .whole = is_whole(&scan.lines),
        .limited = scan.limited || text.len > MIME_TEXT_MAX,
    };
    for (size_t i = 0; i < quotes.count; i++)
        ARENA_PUSH(arena, &out->quotes, quotes.items[i]);
}

struct slice mime_strip_reply(struct slice text, enum reply_part part, struct arena *arena)
{
    struct reply reply;
    struct slice repaired = arena_copy(arena, utf8_repair(text, arena));
    reply_read(repaired, NULL, part, arena, &reply);
    return reply.whole && part != REPLY_VISIBLE ? repaired : reply.visible;
}
