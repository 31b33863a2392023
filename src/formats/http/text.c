#include "formats/http/http.h"

enum { SEGMENT_MAX = 512 };

static bool is_unreserved(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* The next "/segment" of *rest; false at the end or when no slash starts it. */
static bool next_segment(struct slice *rest, struct slice *segment)
{
    if (rest->len == 0 || rest->data[0] != '/')
        return false;
    size_t end = slice_find(*rest, LIT("/"), 1);
    if (end == SIZE_MAX)
        end = rest->len;
    *segment = slice_sub(*rest, 1, end);
    *rest = slice_sub(*rest, end, rest->len);
    return true;
}

static bool is_value(struct slice segment)
{
    if (segment.len == 0 || segment.len > SEGMENT_MAX)
        return false;
    for (size_t i = 0; i < segment.len; i++)
        if (!is_unreserved(segment.data[i]))
            return false;
    return true;
}

/* "Users/u1", "Schemas/urn:x:y"; no empty segment. */
static bool is_rest(struct slice rest)
{
    if (rest.len == 0 || rest.len > SEGMENT_MAX)
        return false;
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.data[i];
        bool lone = c == '/' && (i == 0 || i + 1 == rest.len || rest.data[i - 1] == '/');
        if (lone || (c != '/' && c != ':' && !is_unreserved(c)))
            return false;
    }
    return true;
}

bool http_path_match(const char *pattern, struct slice path,
                     struct slice values[HTTP_PATH_VALUES_MAX])
{
    struct slice shape = slice_from(pattern), want, got;
    size_t count = 0;
    while (next_segment(&shape, &want)) {
        if (slice_starts(want, LIT("{+")) && slice_starts(path, LIT("/")) &&
            count < HTTP_PATH_VALUES_MAX) {
            values[count] = slice_sub(path, 1, path.len);
            return is_rest(values[count]);
        }
        if (!next_segment(&path, &got))
            return false;
        if (!slice_starts(want, LIT("{"))) {
            if (!slice_equal(want, got))
                return false;
        } else if (count == HTTP_PATH_VALUES_MAX || !is_value(got)) {
            return false;
        } else {
            values[count++] = got;
        }
    }
    return shape.len == 0 && path.len == 0;
}

static bool is_host_char(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '.' || c == '_';
}

static bool is_address_char(char c)
{
    return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f') || c == ':' ||
           c == '.';
}

bool http_host(struct slice header, struct slice *name)
{
    bool bracket = slice_starts(header, LIT("["));
    size_t start = bracket ? 1 : 0, end = start;
    while (end < header.len && (bracket ? is_address_char(header.data[end])
                                        : is_host_char(header.data[end])))
        end++;
    struct slice found = slice_sub(header, start, end);
    if (bracket && (end == header.len || header.data[end++] != ']'))
        return false;
    struct slice port = slice_sub(header, end, header.len);
    uint64_t number;
    if (found.len == 0 || (port.len > 0 && (port.data[0] != ':' || port.len > 6 ||
                                            !slice_to_u64(slice_sub(port, 1, port.len), 65535, &number))))
        return false;
    *name = found;
    return true;
}

/* "q=0.8" in thousandths; 1000 where it is absent, 0 where it cannot be read. */
static unsigned quality(struct slice parameters)
{
    size_t at = slice_find_nocase(parameters, LIT("q="), 0);
    if (at == SIZE_MAX)
        return 1000;
    struct slice q = slice_trim(slice_sub(parameters, at + 2, parameters.len));
    if (q.len == 0 || q.len > 5 || (q.data[0] != '0' && q.data[0] != '1'))
        return 0;
    if (q.data[0] == '1')
        return 1000;
    unsigned value = 0, weight = 100;
    for (size_t i = 2; i < q.len && ascii_is_digit(q.data[i]); i++, weight /= 10)
        value += (unsigned)(q.data[i] - '0') * weight;
    return value;
}

size_t http_language(struct slice header, const char *const *offered, size_t count)
{
    size_t best = 0, at = 0;
    unsigned best_quality = 0;
    while (at < header.len) {
        size_t end = slice_find(header, LIT(","), at);
        if (end == SIZE_MAX)
            end = header.len;
        struct slice range = slice_trim(slice_sub(header, at, end));
        at = end + 1;
        size_t semicolon = slice_find(range, LIT(";"), 0);
        struct slice tag = slice_trim(slice_sub(range, 0, semicolon));
        unsigned q = semicolon == SIZE_MAX ? 1000 : quality(slice_sub(range, semicolon, range.len));
        for (size_t i = 0; i < count; i++) {
            struct slice name = slice_from(offered[i]);
            bool same = slice_starts_nocase(tag, name) &&
                        (tag.len == name.len || tag.data[name.len] == '-');
            if (!same || q <= best_quality)
                continue;
            best = i;
            best_quality = q;
        }
    }
    return best;
}

void html_add(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        switch (c) {
        case '&': buffer_add(out, LIT("&amp;")); break;
        case '<': buffer_add(out, LIT("&lt;")); break;
        case '>': buffer_add(out, LIT("&gt;")); break;
        case '"': buffer_add(out, LIT("&quot;")); break;
        case '\'': buffer_add(out, LIT("&#39;")); break;
        case '\0': buffer_add(out, LIT("\xEF\xBF\xBD")); break;
        default: buffer_add_char(out, c);
        }
    }
}
