#include <string.h>

#include "formats/json/json.h"

/* Lines of JSON for batches. Most of a line's members are asked for by nobody, so no tree is
 * built: one pass over the bytes finds the few that are. It judges only plain lines; whatever
 * it does not know (an escape by number, an exponent, deep nesting, any fault) is left to
 * jansson, so that both paths refuse the same lines in the same words. */

enum { KEYS_MAX = 32, DEPTH_MAX = 16, DIGITS_MAX = 17 };

struct scan {
    const char *at, *end;
    struct arena *arena;
    struct json_member *members;
    size_t count;
};

static bool scan_value(struct scan *scan, int depth, struct json_member *wanted);

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' ||
                                    *scan->at == '\r'))
        scan->at++;
}

static bool take(struct scan *scan, char c)
{
    if (scan->at >= scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

/* The letter that stands for a control character or for itself; 0: not a plain escape. */
static char unescaped(char c)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found = c == '\0' ? NULL : strchr(from, c);
    return found == NULL ? '\0' : to[found - from];
}

/* Behind the opening quote: what stands up to the closing one, as it is written. */
static bool scan_text(struct scan *scan, struct slice *raw, bool *escaped)
{
    const char *start = scan->at;
    bool wide = false;
    *escaped = false;
    for (; scan->at < scan->end && *scan->at != '"'; scan->at++) {
        unsigned char c = (unsigned char)*scan->at;
        if (c < 0x20)
            return false;
        wide |= c >= 0x80;
        if (c != '\\')
            continue;
        *escaped = true;
        if (++scan->at >= scan->end || unescaped(*scan->at) == '\0')
            return false;
    }
    *raw = (struct slice){start, (size_t)(scan->at - start)};
    return take(scan, '"') && (!wide || utf8_bad_at(*raw) == SIZE_MAX);
}

static struct slice unescape(struct slice raw, struct arena *arena)
{
    char *out = arena_alloc(arena, raw.len);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++)
        out[len++] = raw.data[i] == '\\' ? unescaped(raw.data[++i]) : raw.data[i];
    return (struct slice){out, len};
}

static size_t scan_digits(struct scan *scan)
{
    const char *start = scan->at;
    while (scan->at < scan->end && ascii_is_digit(*scan->at))
        scan->at++;
    return (size_t)(scan->at - start);
}

static bool scan_number(struct scan *scan, struct json_member *wanted)
{
    bool negative = take(scan, '-');
    const char *start = scan->at;
    size_t digits = scan_digits(scan);
    if (digits == 0 || digits > DIGITS_MAX || (digits > 1 && *start == '0'))
        return false;
    if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E'))
        return false;
    if (take(scan, '.')) {
        size_t decimals = scan_digits(scan);
        return decimals > 0 && decimals <= DIGITS_MAX &&
               !(scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E'));
    }
    if (wanted == NULL)
        return true;
    wanted->number = 0;
    for (size_t i = 0; i < digits; i++)
        wanted->number = wanted->number * 10 + (start[i] - '0');
    wanted->number *= negative ? -1 : 1;
    wanted->has_number = true;
    return true;
}

static bool scan_word(struct scan *scan, struct slice word)
{
    if ((size_t)(scan->end - scan->at) < word.len || memcmp(scan->at, word.data, word.len) != 0)
        return false;
    scan->at += word.len;
    return true;
}

static bool scan_array(struct scan *scan, int depth)
{
    skip_space(scan);
    if (take(scan, ']'))
        return true;
    do {
        if (!scan_value(scan, depth + 1, NULL))
            return false;
        skip_space(scan);
    } while (take(scan, ','));
    return take(scan, ']');
}

static bool same(struct slice a, struct slice b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static struct json_member *member_named(const struct scan *scan, struct slice key)
{
    for (size_t i = 0; i < scan->count; i++)
        if (same(scan->members[i].name, key))
            return &scan->members[i];
    return NULL;
}

/* Behind the opening brace. Only the outermost object's members are wanted. */
static bool scan_object(struct scan *scan, int depth)
{
    struct slice keys[KEYS_MAX];
    size_t count = 0;
    skip_space(scan);
    if (take(scan, '}'))
        return true;
    do {
        bool escaped;
        skip_space(scan);
        if (count == KEYS_MAX || !take(scan, '"') || !scan_text(scan, &keys[count], &escaped) ||
            escaped)
            return false;
        for (size_t i = 0; i < count; i++)
            if (same(keys[i], keys[count]))
                return false;
        skip_space(scan);
        if (!take(scan, ':') ||
            !scan_value(scan, depth + 1, depth == 0 ? member_named(scan, keys[count]) : NULL))
            return false;
        count++;
        skip_space(scan);
    } while (take(scan, ','));
    return take(scan, '}');
}

static bool scan_value(struct scan *scan, int depth, struct json_member *wanted)
{
    struct slice raw;
    bool escaped;
    skip_space(scan);
    if (depth > DEPTH_MAX)
        return false;
    if (take(scan, '"')) {
        if (!scan_text(scan, &raw, &escaped))
            return false;
        if (wanted != NULL)
            wanted->text = escaped ? unescape(raw, scan->arena) : raw;
        return true;
    }
    if (take(scan, '{'))
        return scan_object(scan, depth);
    if (take(scan, '['))
        return scan_array(scan, depth);
    return scan_word(scan, LIT("true")) || scan_word(scan, LIT("false")) ||
           scan_word(scan, LIT("null")) || scan_number(scan, wanted);
}

static void forget(struct json_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        members[i] = (struct json_member){.name = members[i].name};
}

static enum status members_of_tree(struct slice text, struct json_member *members, size_t count,
                                   struct arena *arena, struct problem *why)
{
    AUTO_JSON tree = NULL;
    TRY(json_read(text, &tree, why));
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(tree, arena_text(arena, members[i].name));
        members[i].text = json_is_string(value)
                              ? arena_copy(arena, (struct slice){json_string_value(value),
                                                                 json_string_length(value)})
                              : SLICE_NONE;
        members[i].has_number = json_is_integer(value);
        members[i].number = json_integer_value(value);
    }
    return ST_OK;
}

enum status json_members(struct slice text, struct json_member *members, size_t count,
                         struct arena *arena, struct problem *why)
{
    struct scan scan = {text.data, text.data + text.len, arena, members, count};
    forget(members, count);
    if (text.len > 0 && scan_value(&scan, 0, NULL)) {
        skip_space(&scan);
        if (scan.at == scan.end)
            return ST_OK;
    }
    forget(members, count);
    return members_of_tree(text, members, count, arena, why);
}

static void put_escaped(struct buffer *out, unsigned char c)
{
    static const char letters[] = "btn\0fr"; /* of 8 to 13 */
    if (c == '"' || c == '\\') {
        buffer_add(out, (struct slice){(const char[]){'\\', (char)c}, 2});
    } else if (c >= 8 && c <= 13 && letters[c - 8] != '\0') {
        buffer_add(out, (struct slice){(const char[]){'\\', letters[c - 8]}, 2});
    } else {
        buffer_add_format(out, "\\u%04X", c);
    }
}

void json_put_text(struct buffer *out, struct slice text)
{
    size_t plain = 0;
    buffer_add_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buffer_add(out, slice_sub(text, plain, i));
        put_escaped(out, c);
        plain = i + 1;
    }
    buffer_add(out, slice_sub(text, plain, text.len));
    buffer_add_char(out, '"');
}
