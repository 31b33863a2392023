/* Header fields (RFC 5322); address lists by GMime. */
#include "formats/mime/internal.h"

#include <gmime/gmime.h>
#include <string.h>

/* Takes the field at *rest with its folded lines; false at the empty line or the end. */
static bool next_field(struct slice *rest, struct slice *field)
{
    struct slice line, after = *rest;
    if (!slice_next_line(&after, &line) || line.len == 0)
        return false;
    const char *end = line.data + line.len;
    while (after.len > 0 && (after.data[0] == ' ' || after.data[0] == '\t')) {
        struct slice next = after;
        slice_next_line(&after, &line);
        if (slice_trim(line).len == 0 && next.len == after.len)
            break;
        end = line.data + line.len;
    }
    *field = (struct slice){rest->data, (size_t)(end - rest->data)};
    *rest = after;
    return true;
}

static struct slice unfold(struct slice value, struct arena *arena)
{
    value = slice_trim(slice_sub(value, 0, HEADER_BYTES_MAX));
    char *flat = arena_alloc(arena, value.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.data[i];
        if (c == '\r' || c == '\n')
            continue;
        flat[len++] = c == '\0' || c == '\t' ? ' ' : c;
    }
    return (struct slice){flat, len};
}

static bool is_field_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] <= ' ' || name.data[i] == 127)
            return false;
    return name.len > 0;
}

void headers_read(struct slice raw, struct arena *arena, struct header_list *out,
                  struct slice *body, bool *limited)
{
    struct slice field, rest = raw;
    if (slice_starts(rest, LIT("From "))) { /* an mbox line */
        struct slice mbox;
        slice_next_line(&rest, &mbox);
    }
    while (next_field(&rest, &field)) {
        size_t colon = slice_find(slice_sub(field, 0, 200), LIT(":"), 0);
        if (colon == SIZE_MAX)
            continue;
        struct header header = {.name = slice_trim(slice_sub(field, 0, colon))};
        if (!is_field_name(header.name))
            continue;
        if (out->count >= HEADERS_MAX) {
            *limited = true;
            continue;
        }
        *limited |= field.len > HEADER_BYTES_MAX;
        header.value = unfold(slice_sub(field, colon + 1, field.len), arena);
        ARENA_PUSH(arena, out, header);
    }
    struct slice empty;
    slice_next_line(&rest, &empty);
    *body = rest;
}

struct slice header_get(const struct header_list *headers, const char *name, size_t n)
{
    for (size_t i = 0; i < headers->count; i++)
        if (slice_equal_nocase(headers->items[i].name, slice_from(name)) && n-- == 0)
            return headers->items[i].value;
    return SLICE_NONE;
}

/* ---- words and parameters --------------------------------------------------------------- */

/* Leaves out comments in brackets, which may nest (RFC 5322 section 3.2.2). */
static struct slice drop_comments(struct slice value, struct arena *arena)
{
    char *kept = arena_alloc(arena, value.len + 1);
    size_t len = 0, depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.data[i];
        if (c == '\\' && i + 1 < value.len) {
            if (depth == 0) {
                kept[len++] = c;
                kept[len++] = value.data[i + 1];
            }
            i++;
            continue;
        }
        if (c == '"' && depth == 0)
            quoted = !quoted;
        if (c == '(' && !quoted)
            depth++;
        else if (c == ')' && !quoted && depth > 0)
            depth--;
        else if (depth == 0)
            kept[len++] = c;
    }
    return (struct slice){kept, len};
}

struct slice header_word(struct slice value, struct arena *arena)
{
    size_t end = 0;
    while (end < value.len && value.data[end] != ';' && value.data[end] != '(')
        end++;
    return arena_lower(arena, slice_trim(slice_sub(value, 0, end)));
}

/* The value at *at, a token or a quoted string; *at moves to the next ";". */
static struct slice parameter_value(struct slice s, size_t *at, struct arena *arena)
{
    char *value = arena_alloc(arena, s.len - *at + 1);
    size_t len = 0;
    bool quoted = false;
    for (; *at < s.len && (quoted || s.data[*at] != ';'); (*at)++) {
        if (s.data[*at] == '"') {
            quoted = !quoted;
            continue;
        }
        if (quoted && s.data[*at] == '\\' && *at + 1 < s.len)
            (*at)++;
        value[len++] = s.data[*at];
    }
    return slice_trim((struct slice){value, len});
}

/* "charset*0*" of RFC 2231 is a piece of "charset". */
static bool parameter_is(struct slice name, struct slice wanted)
{
    name = slice_sub(name, 0, slice_find(name, LIT("*"), 0));
    return slice_equal_nocase(slice_trim(name), wanted);
}

static size_t next_semicolon(struct slice s, size_t at)
{
    bool quoted = false;
    for (; at < s.len && (quoted || s.data[at] != ';'); at++)
        if (s.data[at] == '"')
            quoted = !quoted;
        else if (quoted && s.data[at] == '\\')
            at++;
    return at < s.len ? at : s.len;
}

struct slice header_parameter(struct slice value, const char *name, struct arena *arena)
{
    struct slice found = SLICE_NONE, s = drop_comments(value, arena);
    enum { PARAMETERS_MAX = 50 };
    size_t at = next_semicolon(s, 0);
    for (int count = 0; at < s.len && count < PARAMETERS_MAX; count++) {
        size_t equals = slice_find(s, LIT("="), ++at);
        size_t semicolon = next_semicolon(s, at);
        if (equals == SIZE_MAX)
            break;
        if (equals > semicolon) {
            at = semicolon;
            continue;
        }
        struct slice key = slice_sub(s, at, equals);
        at = equals + 1;
        if (!parameter_is(key, slice_from(name))) {
            at = semicolon;
            continue;
        }
        struct slice piece = parameter_value(s, &at, arena);
        found = found.len == 0
                    ? piece
                    : arena_format(arena, "%.*s%.*s", SLICE_ARG(found), SLICE_ARG(piece));
        if (!slice_contains(key, LIT("*")))
            break;
    }
    return found;
}

/* ---- encoded words, addresses, ids ------------------------------------------------------ */

static GMimeParserOptions *parser_options(void)
{
    static GMimeParserOptions *options;
    static const char *fallback[] = {"utf-8", "windows-1252", NULL};
    if (options == NULL) {
        options = g_mime_parser_options_new();
        g_mime_parser_options_set_fallback_charsets(options, fallback);
    }
    return options;
}

/* No header text may carry control characters into a mail of ours. */
static struct slice plain_line(struct slice text, struct arena *arena)
{
    char *flat = arena_text(arena, slice_trim(text));
    size_t len = slice_trim(text).len;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)flat[i] < ' ' || flat[i] == 127)
            flat[i] = ' ';
    return slice_trim((struct slice){flat, len});
}

struct slice header_text(struct slice value, struct arena *arena)
{
    return plain_line(words_decode(value, false, arena), arena);
}

static bool is_addr_spec(struct slice s)
{
    size_t at = slice_find(s, LIT("@"), 0);
    if (at == SIZE_MAX || at == 0 || at + 1 == s.len || s.len > 320)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.data[i] <= ' ' || s.data[i] == 127 || s.data[i] == '<' ||
            s.data[i] == '>' || s.data[i] == ',')
            return false;
    return true;
}

static void add_mailbox(InternetAddress *address, struct arena *arena, struct mailbox_list *out)
{
    const char *addr = internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(address));
    const char *name = internet_address_get_name(address);
    struct slice spec = slice_trim(slice_from(addr));
    if (!is_addr_spec(spec))
        return;
    struct mailbox box = {.name = plain_line(utf8_repair(slice_from(name), arena), arena)};
    char *copy = arena_text(arena, utf8_repair(spec, arena));
    for (char *at = strrchr(copy, '@'); at != NULL && *at != '\0'; at++)
        *at = ascii_lower(*at);
    box.address = slice_from(copy);
    ARENA_PUSH(arena, out, box);
}

static void add_list(InternetAddressList *list, unsigned depth, struct arena *arena,
                     struct mailbox_list *out, bool *limited)
{
    for (int i = 0; i < internet_address_list_length(list); i++) {
        InternetAddress *address = internet_address_list_get_address(list, i);
        if (out->count >= MIME_MAILBOXES_MAX) {
            *limited = true;
            return;
        }
        if (INTERNET_ADDRESS_IS_MAILBOX(address))
            add_mailbox(address, arena, out);
        else if (INTERNET_ADDRESS_IS_GROUP(address) && depth < 3)
            add_list(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)), depth + 1,
                     arena, out, limited);
    }
}

void header_mailboxes(struct slice value, struct arena *arena, struct mailbox_list *out,
                      bool *limited)
{
    if (value.len == 0)
        return;
    char *known = arena_text(arena, words_decode(value, true, arena));
    InternetAddressList *list = internet_address_list_parse(parser_options(), known);
    if (list == NULL)
        return;
    add_list(list, 0, arena, out, limited);
    g_object_unref(list);
}

/* Ids in angle brackets, or bare ones as some programs write them. */
void header_ids(struct slice value, struct arena *arena, struct slice_list *out)
{
    enum { IDS_MAX = 200 };
    size_t at = 0;
    while (at < value.len && out->count < IDS_MAX) {
        while (at < value.len && (ascii_is_space(value.data[at]) || value.data[at] == ','))
            at++;
        bool angle = at < value.len && value.data[at] == '<';
        size_t from = at + angle, to = from;
        while (to < value.len && value.data[to] != '>' &&
               (angle || !ascii_is_space(value.data[to])))
            to++;
        struct slice id = slice_trim(slice_sub(value, from, to));
        at = to + 1;
        if (id.len == 0 || id.len > 900 || (!angle && !slice_contains(id, LIT("@"))))
            continue;
        ARENA_PUSH(arena, out, plain_line(utf8_repair(id, arena), arena));
    }
}

/* "+0200" or a name; what is not known counts as UTC (RFC 5322 section 4.3). */
static int64_t offset_of(struct slice value)
{
    static const struct {
        const char *name;
        int hours;
    } names[] = {{"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6},
                 {"pst", -8}, {"pdt", -7}, {"cet", 1},  {"cest", 2}, {"bst", 1}};
    for (size_t i = 1; i + 5 <= value.len; i++) {
        uint64_t hhmm;
        bool sign = value.data[i] == '+' || value.data[i] == '-';
        if (!sign || !ascii_is_space(value.data[i - 1]) ||
            !slice_to_u64(slice_sub(value, i + 1, i + 5), 9999, &hhmm))
            continue;
        int64_t seconds = (int64_t)(hhmm / 100 * 3600 + hhmm % 100 * 60);
        if (seconds > 15 * 3600)
            return 0;
        return value.data[i] == '-' ? -seconds : seconds;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_has_word(value, slice_from(names[i].name)))
            return names[i].hours * 3600;
    return 0;
}

bool header_date(struct slice value, struct arena *arena, struct civil *out, int64_t *offset_s)
{
    struct slice folded = text_fold(utf8_repair(drop_comments(value, arena), arena), arena);
    size_t clock = slice_find(folded, LIT(":"), 0);
    if (clock == SIZE_MAX || !words_to_civil(folded, out))
        return false;
    *offset_s = offset_of(slice_sub(folded, clock, folded.len));
    return true;
}
