/* Cookies that a client sends back. */
#include "formats/http/http.h"

/* RFC 9110 section 5.6.2. */
static bool is_token_char(char c)
{
    return c > ' ' && c < 0x7f && memchr("\"(),/:;<=>?@[\\]{}", c, 17) == NULL;
}

/* RFC 6265 section 4.1.1: cookie-octet. */
static bool is_value_char(char c)
{
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
}

static bool all(struct slice text, bool (*is)(char))
{
    for (size_t i = 0; i < text.len; i++)
        if (!is(text.data[i]))
            return false;
    return true;
}

/* "name=value; other=value": the pair at *at, and *at behind what parts it from the next. */
static bool next_pair(struct slice header, size_t *at, struct slice *name, struct slice *value)
{
    size_t end = slice_find(header, LIT(";"), *at), equals;
    struct slice pair = slice_sub(header, *at, end);
    equals = slice_find(pair, LIT("="), 0);
    if (equals == SIZE_MAX || equals == 0)
        return false;
    *name = slice_sub(pair, 0, equals);
    *value = slice_sub(pair, equals + 1, pair.len);
    *at = header.len;
    if (end != SIZE_MAX) {
        if (end + 2 >= header.len || header.data[end + 1] != ' ')
            return false;
        *at = end + 2;
    }
    return all(*name, is_token_char) && all(*value, is_value_char);
}

enum status http_cookie(struct slice header, struct slice name, struct slice *value,
                        struct problem *why)
{
    struct slice found = SLICE_NONE, its_name, its_value;
    bool there = false;
    size_t count = 0;
    for (size_t at = 0; at < header.len; count++) {
        if (count == HTTP_COOKIES_MAX)
            return problem_set(why, ST_LIMIT, "over %d cookies", HTTP_COOKIES_MAX);
        if (!next_pair(header, &at, &its_name, &its_value))
            return problem_set(why, ST_INVALID, "the cookies cannot be read");
        if (!slice_equal(its_name, name))
            continue;
        if (there)
            return problem_set(why, ST_INVALID, "a cookie comes twice");
        there = true;
        found = its_value;
    }
    if (!there)
        return ST_NOT_FOUND;
    *value = found;
    return ST_OK;
}
