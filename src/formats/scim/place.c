#include "formats/scim/internal.h"

/* Attribute paths (RFC 7644 section 3.10), and how text is compared. */

static bool is_name_char(char c, bool first)
{
    return ascii_is_alpha(c) || (first ? c == '$' : ascii_is_digit(c) || c == '-' || c == '_');
}

static struct slice take_name(struct slice *text)
{
    size_t end = 0;
    while (end < text->len && is_name_char(text->data[end], end == 0))
        end++;
    struct slice name = slice_sub(*text, 0, end);
    *text = slice_sub(*text, end, text->len);
    return name;
}

/* "urn:…:User" in front, and the colon behind it unless nothing follows. */
static bool take_urn(struct slice *text, const char *urn)
{
    struct slice front = slice_from(urn);
    if (urn == NULL || !slice_starts_nocase(*text, front))
        return false;
    struct slice rest = slice_sub(*text, front.len, text->len);
    if (rest.len > 0 && rest.data[0] != ':')
        return false;
    *text = slice_sub(rest, 1, rest.len);
    return true;
}

enum status place_parse(const struct scim_kind *kind, const struct scim_attribute *within,
                        struct slice *text, struct scim_place *out)
{
    struct scim_place place = {0};
    const struct scim_attribute *attributes = within != NULL ? within->subs : kind->attributes;
    if (within == NULL && take_urn(text, kind->extension)) {
        place.extension = true;
        attributes = kind->extension_attributes;
        if (text->len == 0) { /* the extension as a whole */
            *out = place;
            return ST_OK;
        }
    } else if (within == NULL && take_urn(text, kind->schema) && text->len == 0) {
        return ST_INVALID;
    }
    struct slice name = take_name(text);
    if (name.len == 0)
        return ST_INVALID;
    place.attribute = attribute_find(attributes, name);
    if (text->len > 0 && text->data[0] == '.') {
        *text = slice_sub(*text, 1, text->len);
        name = take_name(text);
        if (name.len == 0 || within != NULL)
            return ST_INVALID;
        const struct scim_attribute *whole = place.attribute;
        place.sub = whole == NULL ? NULL : attribute_find(whole->subs, name);
        if (place.sub == NULL)
            place.attribute = NULL;
    }
    *out = place;
    return ST_OK;
}

json_t *place_holder(const struct scim_kind *kind, const struct scim_place *place,
                     json_t *resource)
{
    return place->extension ? json_object_get(resource, kind->extension) : resource;
}

json_t *place_get(const struct scim_kind *kind, const struct scim_place *place,
                  json_t *resource)
{
    json_t *holder = place_holder(kind, place, resource);
    return place->attribute == NULL ? NULL : json_object_get(holder, place->attribute->name);
}

/* Lower case of Latin, Greek and Cyrillic letters that people's names are written in; a full
 * case folding would need tables and changes no match of two names that mean the same. */
static uint32_t fold(uint32_t c)
{
    if (c < 0x80)
        return (uint32_t)(unsigned char)ascii_lower((char)c);
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
        (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c + (c & 1);
    if (c == 0x178)
        return 0xFF;
    if (c >= 0x100 && c <= 0x177 && c != 0x130 && c != 0x131 && c != 0x138)
        return c | 1;
    return c;
}

int text_compare(struct slice a, struct slice b, bool exact)
{
    size_t at_a = 0, at_b = 0;
    uint32_t c, d;
    if (exact)
        return slice_compare(a, b);
    for (;;) {
        bool more_a = utf8_next(a, &at_a, &c), more_b = utf8_next(b, &at_b, &d);
        if (!more_a || !more_b)
            return (int)more_a - (int)more_b;
        c = fold(c);
        d = fold(d);
        if (c != d)
            return c < d ? -1 : 1;
    }
}

/* Where `part` ends in `text` when it begins at `from`; SIZE_MAX when it does not stand there. */
static size_t stands_at(struct slice text, size_t from, struct slice part)
{
    size_t at = from, at_part = 0;
    for (uint32_t c, d; utf8_next(part, &at_part, &d);)
        if (!utf8_next(text, &at, &c) || fold(c) != fold(d))
            return SIZE_MAX;
    return at;
}

bool text_contains(struct slice text, struct slice part, bool exact)
{
    if (exact)
        return slice_contains(text, part);
    size_t at = 0;
    uint32_t c;
    do
        if (stands_at(text, at, part) != SIZE_MAX)
            return true;
    while (utf8_next(text, &at, &c));
    return false;
}
