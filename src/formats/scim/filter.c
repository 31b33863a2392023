#include "formats/scim/internal.h"

/* Filters by recursive descent (RFC 7644 section 3.4.2.2, figure 1): "not" binds tighter than
 * "and", and that tighter than "or". */

struct parser {
    const struct scim_kind *kind;
    const struct scim_attribute *within; /* in brackets: whose sub-attributes are meant */
    struct slice rest;
    struct arena *arena;
    struct scim_error *error;
    unsigned terms, depth;
};

static enum status wrong(struct parser *p, const char *what)
{
    return scim_fail(p->error, 400, "invalidFilter", "filter: %s", what);
}

static bool skip_spaces(struct parser *p)
{
    size_t len = p->rest.len;
    while (p->rest.len > 0 && p->rest.data[0] == ' ')
        p->rest = slice_sub(p->rest, 1, p->rest.len);
    return p->rest.len < len;
}

static bool take_char(struct parser *p, char c)
{
    if (p->rest.len == 0 || p->rest.data[0] != c)
        return false;
    p->rest = slice_sub(p->rest, 1, p->rest.len);
    return true;
}

/* A word of letters in any case that ends there. */
static bool take_word(struct parser *p, const char *word)
{
    struct slice front = slice_from(word);
    if (!slice_starts_nocase(p->rest, front))
        return false;
    struct slice rest = slice_sub(p->rest, front.len, p->rest.len);
    if (rest.len > 0 && (ascii_is_alpha(rest.data[0]) || ascii_is_digit(rest.data[0]) ||
                         rest.data[0] == '.' || rest.data[0] == ':'))
        return false;
    p->rest = rest;
    return true;
}

static struct scim_filter *node(struct parser *p, int kind)
{
    struct scim_filter *filter = ARENA_NEW(p->arena, struct scim_filter);
    *filter = (struct scim_filter){.kind = kind};
    return filter;
}

static enum status parse_or(struct parser *p, struct scim_filter **out);

/* Length of the JSON string at the front, quotes and all; 0 when it does not end. */
static size_t string_len(struct slice text)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.data[i] == '\\')
            i++;
        else if (text.data[i] == '"')
            return i + 1;
    }
    return 0;
}

static size_t literal_len(struct slice text)
{
    size_t end = 0;
    while (end < text.len && text.data[end] != ' ' && text.data[end] != ')' &&
           text.data[end] != ']')
        end++;
    return end;
}

/* A JSON string, number, true, false or null. */
static enum status parse_value(struct parser *p, struct scim_value *out)
{
    AUTO_JSON list = NULL;
    bool quoted = p->rest.len > 0 && p->rest.data[0] == '"';
    size_t len = quoted ? string_len(p->rest) : literal_len(p->rest);
    struct slice text = arena_format(p->arena, "[%.*s]", SLICE_ARG(slice_sub(p->rest, 0, len)));
    if (len == 0 || json_read(text, &list, NULL) != ST_OK || json_array_size(list) != 1)
        return wrong(p, "a value in quotes, a number, true, false or null is needed");
    p->rest = slice_sub(p->rest, len, p->rest.len);
    json_t *value = json_array_get(list, 0);
    *out = (struct scim_value){.kind = SCIM_NULL};
    if (json_is_string(value)) {
        struct slice borrowed = {json_string_value(value), json_string_length(value)};
        *out = (struct scim_value){.kind = SCIM_TEXT, .text = arena_copy(p->arena, borrowed)};
    } else if (json_is_boolean(value)) {
        *out = (struct scim_value){.kind = SCIM_TRUTH, .truth = json_is_true(value)};
    } else if (json_is_number(value)) {
        *out = (struct scim_value){.kind = SCIM_NUMBER, .number = json_number_value(value)};
    } else if (!json_is_null(value)) {
        return wrong(p, "a value cannot be a list or an object");
    }
    return ST_OK;
}

/* What an operator can be asked of (figure 3 and table 3). */
static enum status check_comparison(struct parser *p, const struct scim_filter *filter)
{
    const struct scim_attribute *whole = filter->place.attribute;
    const struct scim_attribute *a = filter->place.sub != NULL ? filter->place.sub
                                     : whole != NULL && whole->type == SCIM_COMPLEX
                                         ? attribute_main(whole)
                                         : whole;
    bool order = filter->op >= SCIM_GT, part = filter->op >= SCIM_CO && filter->op <= SCIM_EW;
    struct instant when;
    if (whole != NULL && a == NULL)
        return wrong(p, "an attribute with parts has no value of its own: name a part");
    if (part && filter->value.kind != SCIM_TEXT)
        return wrong(p, "co, sw and ew compare with text");
    if (order && (filter->value.kind == SCIM_NULL || filter->value.kind == SCIM_TRUTH))
        return wrong(p, "true, false and null have no order");
    if (a == NULL)
        return ST_OK;
    if ((order || part) && (a->type == SCIM_BOOLEAN || (order && a->type == SCIM_BINARY)))
        return wrong(p, "this attribute has no order and no parts");
    if (a->type == SCIM_BOOLEAN && filter->value.kind != SCIM_TRUTH &&
        filter->value.kind != SCIM_NULL)
        return wrong(p, "this attribute is true or false");
    if (a->type == SCIM_DATE_TIME && order &&
        (filter->value.kind != SCIM_TEXT ||
         instant_parse(filter->value.text, &when, NULL, NULL) != ST_OK))
        return wrong(p, "this attribute is a date, like 2026-11-25T10:00:00Z");
    return ST_OK;
}

static const char *const operator_names[] = {"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"};

static enum status parse_comparison(struct parser *p, struct scim_filter *filter)
{
    for (int op = SCIM_EQ; op <= SCIM_LE; op++) {
        if (!take_word(p, operator_names[op]))
            continue;
        /* RFC 7644 itself writes [value eq"…"] in section 3.5.2.2. */
        bool close = p->within != NULL && p->rest.len > 0 && p->rest.data[0] == '"';
        if (!skip_spaces(p) && !close)
            return wrong(p, "a space is needed behind an operator");
        filter->kind = SCIM_COMPARE;
        filter->op = (enum scim_operator)op;
        TRY(parse_value(p, &filter->value));
        return check_comparison(p, filter);
    }
    return wrong(p, "no such operator");
}

static enum status parse_element(struct parser *p, struct scim_filter *filter)
{
    const struct scim_attribute *whole = filter->place.attribute;
    if (p->within != NULL || (whole != NULL && whole->subs == NULL) || filter->place.sub != NULL)
        return wrong(p, "brackets follow an attribute that has parts");
    if (whole == NULL)
        return wrong(p, "brackets follow an attribute that is known");
    filter->kind = SCIM_ELEMENT;
    p->within = whole;
    skip_spaces(p);
    TRY(parse_or(p, &filter->left));
    p->within = NULL;
    skip_spaces(p);
    return take_char(p, ']') ? ST_OK : wrong(p, "a bracket is not closed");
}

static enum status parse_attribute(struct parser *p, struct scim_filter **out)
{
    struct scim_filter *filter = node(p, SCIM_PRESENT);
    *out = filter;
    if (++p->terms > SCIM_FILTER_TERMS_MAX)
        return wrong(p, "too many terms");
    if (place_parse(p->kind, p->within, &p->rest, &filter->place) != ST_OK ||
        (filter->place.extension && filter->place.attribute == NULL && p->rest.len == 0))
        return wrong(p, "an attribute is needed");
    if (take_char(p, '['))
        return parse_element(p, filter);
    if (!skip_spaces(p))
        return wrong(p, "an operator is needed behind an attribute");
    return take_word(p, "pr") ? ST_OK : parse_comparison(p, filter);
}

static enum status parse_group(struct parser *p, struct scim_filter **out)
{
    skip_spaces(p);
    TRY(parse_or(p, out));
    skip_spaces(p);
    return take_char(p, ')') ? ST_OK : wrong(p, "a parenthesis is not closed");
}

static enum status parse_term(struct parser *p, struct scim_filter **out)
{
    struct slice before = p->rest;
    if (take_char(p, '('))
        return parse_group(p, out);
    if (take_word(p, "not")) {
        skip_spaces(p);
        if (take_char(p, '(')) {
            *out = node(p, SCIM_NOT);
            return parse_group(p, &(*out)->left);
        }
        p->rest = before;
    }
    return parse_attribute(p, out);
}

/* " and " or " or " between two terms; takes nothing when it is not there. */
static bool take_between(struct parser *p, const char *word)
{
    struct slice before = p->rest;
    if (skip_spaces(p) && take_word(p, word) && skip_spaces(p))
        return true;
    p->rest = before;
    return false;
}

static enum status parse_and(struct parser *p, struct scim_filter **out)
{
    TRY(parse_term(p, out));
    while (take_between(p, "and")) {
        struct scim_filter *both = node(p, SCIM_AND);
        both->left = *out;
        TRY(parse_term(p, &both->right));
        *out = both;
    }
    return ST_OK;
}

static enum status parse_or(struct parser *p, struct scim_filter **out)
{
    if (++p->depth > SCIM_FILTER_DEPTH_MAX)
        return wrong(p, "nested too deeply");
    TRY(parse_and(p, out));
    while (take_between(p, "or")) {
        struct scim_filter *either = node(p, SCIM_OR);
        either->left = *out;
        TRY(parse_and(p, &either->right));
        *out = either;
    }
    p->depth--;
    return ST_OK;
}

enum status scim_filter_parse(const struct scim_kind *kind, struct slice text, struct arena *arena,
                              struct scim_filter **out, struct scim_error *error)
{
    struct parser p = {.kind = kind, .rest = text, .arena = arena, .error = error};
    if (text.len > SCIM_FILTER_BYTES_MAX)
        return wrong(&p, "too long");
    if (utf8_bad_at(text) != SIZE_MAX || slice_contains(text, (struct slice){"", 1}))
        return wrong(&p, "not UTF-8");
    skip_spaces(&p);
    TRY(parse_or(&p, out));
    skip_spaces(&p);
    return p.rest.len == 0 ? ST_OK : wrong(&p, "something stands behind its end");
}

enum status filter_parse_element(const struct scim_kind *kind, const struct scim_attribute *within,
                                 struct slice *text, struct arena *arena, struct scim_filter **out,
                                 struct scim_error *error)
{
    struct parser p = {kind, within, *text, arena, error, 0, 0};
    skip_spaces(&p);
    TRY(parse_or(&p, out));
    skip_spaces(&p);
    *text = p.rest;
    return ST_OK;
}

bool scim_filter_is_eq(const struct scim_filter *filter, const char *attribute, struct slice *text)
{
    if (filter == NULL || filter->kind != SCIM_COMPARE || filter->op != SCIM_EQ ||
        filter->value.kind != SCIM_TEXT || filter->place.attribute == NULL ||
        filter->place.sub != NULL || filter->place.extension ||
        strcmp(filter->place.attribute->name, attribute) != 0)
        return false;
    *text = filter->value.text;
    return true;
}
