#include "formats/scim/internal.h"

static struct slice text_of(json_t *value)
{
    return (struct slice){json_string_value(value), json_string_length(value)};
}

static bool holds(int order, enum scim_operator op)
{
    switch (op) {
    case SCIM_GT:
        return order > 0;
    case SCIM_GE:
        return order >= 0;
    case SCIM_LT:
        return order < 0;
    case SCIM_LE:
        return order <= 0;
    default:
        return order == 0;
    }
}

static bool ends_with(struct slice text, struct slice part, bool exact)
{
    size_t at = text.len >= part.len ? text.len - part.len : 0;
    return exact ? slice_ends(text, part)
                 : text.len >= part.len &&
                       text_compare(slice_sub(text, at, text.len), part, false) == 0;
}

static bool test_text(struct slice text, const struct scim_filter *filter, bool exact)
{
    struct slice wanted = filter->value.text;
    switch (filter->op) {
    case SCIM_CO:
        return text_contains(text, wanted, exact);
    case SCIM_SW:
        return text_compare(slice_sub(text, 0, wanted.len), wanted, exact) == 0;
    case SCIM_EW:
        return ends_with(text, wanted, exact);
    default:
        return holds(text_compare(text, wanted, exact), filter->op);
    }
}

static bool test_date(struct slice text, const struct scim_filter *filter)
{
    struct instant is, wanted;
    if (instant_parse(text, &is, NULL, NULL) != ST_OK ||
        instant_parse(filter->value.text, &wanted, NULL, NULL) != ST_OK)
        return test_text(text, filter, true);
    return holds(is.us < wanted.us ? -1 : is.us > wanted.us, filter->op);
}

/* One value that is no list and no object. SCIM_NE is asked as SCIM_EQ and turned round. */
static bool test_value(json_t *value, const struct scim_attribute *attribute,
                       const struct scim_filter *filter)
{
    const struct scim_value *wanted = &filter->value;
    if (json_is_boolean(value))
        return wanted->kind == SCIM_TRUTH && json_is_true(value) == wanted->truth;
    if (!json_is_string(value) || wanted->kind != SCIM_TEXT)
        return false;
    bool whole = filter->op < SCIM_CO || filter->op > SCIM_EW;
    if (attribute->type == SCIM_DATE_TIME && whole)
        return test_date(text_of(value), filter);
    return test_text(text_of(value), filter, (attribute->flags & SCIM_EXACT) != 0);
}

static bool test_part(json_t *value, const struct scim_place *place,
                      const struct scim_filter *filter)
{
    const struct scim_attribute *a = place->attribute;
    if (json_is_object(value)) {
        a = place->sub != NULL ? place->sub : attribute_main(place->attribute);
        value = a == NULL ? NULL : json_object_get(value, a->name);
    }
    if (filter->kind == SCIM_PRESENT || filter->value.kind == SCIM_NULL)
        return value != NULL;
    return value != NULL && test_value(value, a, filter);
}

/* Any of the values will do (RFC 7644 section 3.4.2.2). */
static bool test_any(json_t *values, const struct scim_filter *filter)
{
    struct scim_filter positive = *filter;
    if (filter->op == SCIM_NE)
        positive.op = SCIM_EQ;
    if (!json_is_array(values))
        return values != NULL && test_part(values, &filter->place, &positive);
    size_t i;
    json_t *value;
    json_array_foreach(values, i, value)
        if (test_part(value, &filter->place, &positive))
            return true;
    return false;
}

static bool compare(json_t *values, const struct scim_filter *filter)
{
    bool found = test_any(values, filter);
    if (filter->kind == SCIM_COMPARE && filter->value.kind == SCIM_NULL)
        return filter->op == SCIM_EQ ? !found : found; /* null: nothing stands there */
    return filter->kind == SCIM_COMPARE && filter->op == SCIM_NE ? !found : found;
}

static bool match_element(json_t *values, const struct scim_filter *filter)
{
    size_t i;
    json_t *value;
    if (json_is_object(values))
        return filter_matches_element(filter, values);
    json_array_foreach(values, i, value)
        if (filter_matches_element(filter, value))
            return true;
    return false;
}

static bool present(const struct scim_kind *kind, const struct scim_filter *filter,
                    json_t *resource)
{
    const struct scim_place *place = &filter->place;
    json_t *values = place_get(kind, place, resource);
    if (place->attribute != NULL && place->sub == NULL)
        return values != NULL;
    return place->attribute == NULL ? false : test_any(values, filter);
}

bool scim_matches(const struct scim_kind *kind, const struct scim_filter *filter,
                  json_t *resource)
{
    switch (filter->kind) {
    case SCIM_AND:
        return scim_matches(kind, filter->left, resource) &&
               scim_matches(kind, filter->right, resource);
    case SCIM_OR:
        return scim_matches(kind, filter->left, resource) ||
               scim_matches(kind, filter->right, resource);
    case SCIM_NOT:
        return !scim_matches(kind, filter->left, resource);
    case SCIM_ELEMENT:
        return match_element(place_get(kind, &filter->place, resource), filter->left);
    case SCIM_PRESENT:
        return present(kind, filter, resource);
    default:
        return compare(place_get(kind, &filter->place, resource), filter);
    }
}

bool filter_matches_element(const struct scim_filter *filter, json_t *element)
{
    const struct scim_attribute *a = filter->place.attribute;
    switch (filter->kind) {
    case SCIM_AND:
        return filter_matches_element(filter->left, element) &&
               filter_matches_element(filter->right, element);
    case SCIM_OR:
        return filter_matches_element(filter->left, element) ||
               filter_matches_element(filter->right, element);
    case SCIM_NOT:
        return !filter_matches_element(filter->left, element);
    default:
        return compare(a == NULL ? NULL : json_object_get(element, a->name), filter);
    }
}
