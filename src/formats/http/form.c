#include "formats/http/http.h"

static int hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Undoes "+" and "%41". */
static enum status decode(struct slice raw, struct arena *arena, struct slice *out)
{
    char *text = arena_alloc(arena, raw.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.data[i];
        if (c == '+')
            c = ' ';
        if (c == '%') {
            if (raw.len - i < 3)
                return ST_INVALID;
            int high = hex_value(raw.data[i + 1]), low = hex_value(raw.data[i + 2]);
            if (high < 0 || low < 0)
                return ST_INVALID;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return ST_INVALID;
        text[len++] = c;
    }
    *out = (struct slice){text, len};
    return utf8_bad_at(*out) == SIZE_MAX ? ST_OK : ST_INVALID;
}

static enum status parse_field(struct slice raw, struct arena *arena, struct http_field *out)
{
    size_t equals = slice_find(raw, LIT("="), 0);
    size_t name_end = equals == SIZE_MAX ? raw.len : equals;
    struct slice value = equals == SIZE_MAX ? SLICE_NONE : slice_sub(raw, equals + 1, raw.len);
    TRY(decode(slice_sub(raw, 0, name_end), arena, &out->name));
    return decode(value, arena, &out->value);
}

enum status http_form_parse(struct slice body, struct arena *arena, struct http_form *out,
                            struct problem *why)
{
    if (body.len > HTTP_FORM_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "a form may have %d bytes", HTTP_FORM_BYTES_MAX);
    struct http_form form = {0};
    for (size_t at = 0; at < body.len;) {
        size_t end = slice_find(body, LIT("&"), at);
        if (end == SIZE_MAX)
            end = body.len;
        struct http_field field;
        if (end > at) {
            if (form.count == HTTP_FORM_FIELDS_MAX)
                return problem_at(why, ST_LIMIT, at, "a form may have %d fields",
                                  HTTP_FORM_FIELDS_MAX);
            if (parse_field(slice_sub(body, at, end), arena, &field) != ST_OK)
                return problem_at(why, ST_INVALID, at, "a form field is badly encoded");
            ARENA_PUSH(arena, &form, field);
        }
        at = end + 1;
    }
    *out = form;
    return ST_OK;
}

bool http_form_get(const struct http_form *form, struct slice name, struct slice *value)
{
    for (size_t i = 0; i < form->count; i++) {
        if (!slice_equal(form->items[i].name, name))
            continue;
        *value = form->items[i].value;
        return true;
    }
    return false;
}
