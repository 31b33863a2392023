#include "formats/scim/internal.h"

/* PATCH (RFC 7644 section 3.5.2). Each operation changes the copy; at the end the whole of it
 * is read again, so that whatever came in by a path obeys the schema too. */

enum op { ADD, REMOVE, REPLACE, OP_COUNT_ };
static const char *const op_names[OP_COUNT_] = {"add", "remove", "replace"};

struct target {
    struct scim_place place;
    struct scim_filter *filter; /* NULL: all values */
};

struct patch {
    const struct scim_kind *kind;
    json_t *resource;
    struct arena *arena;
    struct scim_error *error;
    enum op op;
};

static enum status bad_path(struct patch *patch, const char *what)
{
    return scim_fail(patch->error, 400, "invalidPath", "path: %s", what);
}

static enum status parse_brackets(struct patch *patch, struct slice *text, struct target *out)
{
    const struct scim_attribute *whole = out->place.attribute;
    if (whole->subs == NULL || (whole->flags & SCIM_MULTI) == 0 || out->place.sub != NULL)
        return bad_path(patch, "brackets follow an attribute with several values");
    *text = slice_sub(*text, 1, text->len);
    TRY(filter_parse_element(patch->kind, whole, text, patch->arena, &out->filter, patch->error));
    if (text->len == 0 || text->data[0] != ']')
        return bad_path(patch, "a bracket is not closed");
    *text = slice_sub(*text, 1, text->len);
    if (text->len == 0)
        return ST_OK;
    if (text->data[0] != '.')
        return bad_path(patch, "something stands behind the bracket");
    struct slice name = slice_sub(*text, 1, text->len);
    out->place.sub = attribute_find(whole->subs, name);
    if (out->place.sub == NULL)
        return bad_path(patch, "no such part of that attribute");
    *text = SLICE_NONE;
    return ST_OK;
}

static enum status parse_path(struct patch *patch, struct slice text, struct target *out)
{
    *out = (struct target){0};
    if (text.len > SCIM_FILTER_BYTES_MAX || utf8_bad_at(text) != SIZE_MAX)
        return bad_path(patch, "too long, or not UTF-8");
    if (place_parse(patch->kind, NULL, &text, &out->place) != ST_OK)
        return bad_path(patch, "not understood");
    if (out->place.attribute == NULL)
        return out->place.extension && text.len == 0 ? ST_OK : bad_path(patch, "no such attribute");
    if (text.len > 0 && text.data[0] == '[')
        TRY(parse_brackets(patch, &text, out));
    if (text.len > 0)
        return bad_path(patch, "something stands behind its end");
    unsigned flags = out->place.attribute->flags | (out->place.sub ? out->place.sub->flags : 0u);
    if ((flags & SCIM_READ_ONLY) != 0)
        return scim_fail(patch->error, 400, "mutability", "%s is kept by the server",
                         out->place.attribute->name);
    return ST_OK;
}

static bool same_value(json_t *a, json_t *b)
{
    json_t *x = json_object_get(a, "value"), *y = json_object_get(b, "value");
    return x != NULL && y != NULL && json_object_get(a, "type") == NULL &&
                   json_object_get(b, "type") == NULL
               ? json_equal(x, y)
               : json_equal(a, b);
}

static bool has_value(json_t *list, json_t *wanted)
{
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
        if (same_value(value, wanted))
            return true;
    return false;
}

/* A new primary value takes that from the one before (section 3.5.2). */
static void unset_primary(json_t *list)
{
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
        json_object_del(value, "primary");
}

static void append(json_t *list, json_t *value)
{
    if (json_is_null(value) || has_value(list, value))
        return;
    if (json_is_true(json_object_get(value, "primary")))
        unset_primary(list);
    json_array_append_new(list, json_deep_copy(value));
}

static void append_all(json_t *list, json_t *values)
{
    size_t i;
    json_t *value;
    if (!json_is_array(values)) {
        append(list, values);
        return;
    }
    json_array_foreach(values, i, value)
        append(list, value);
}

static json_t *holder_made(struct patch *patch, const struct scim_place *place)
{
    json_t *holder = place_holder(patch->kind, place, patch->resource);
    if (holder != NULL)
        return holder;
    holder = json_object();
    json_object_set_new(patch->resource, patch->kind->extension, holder);
    return holder;
}

static json_t *child_made(json_t *holder, const char *name, bool list)
{
    json_t *child = json_object_get(holder, name);
    if (child != NULL && (list ? json_is_array(child) : json_is_object(child)))
        return child;
    child = list ? json_array() : json_object();
    json_object_set_new(holder, name, child);
    return child;
}

/* Names in whatever case become ours: what is set later replaces what was set before. */
static enum status merge(struct patch *patch, const struct scim_attribute *whole, json_t *into,
                         json_t *from)
{
    const char *name;
    json_t *member;
    if (!json_is_object(from))
        return scim_fail(patch->error, 400, "invalidValue", "%s: an object is needed", whole->name);
    json_object_foreach(from, name, member) {
        const struct scim_attribute *sub = attribute_find(whole->subs, slice_from(name));
        if (sub != NULL)
            json_object_set_new(into, sub->name, json_deep_copy(member));
    }
    return ST_OK;
}

static enum status set_whole(struct patch *patch, const struct scim_attribute *whole,
                             json_t *holder, json_t *value)
{
    if ((whole->flags & SCIM_MULTI) != 0) {
        json_t *list = child_made(holder, whole->name, true);
        if (patch->op == REPLACE)
            json_array_clear(list);
        append_all(list, value);
        return ST_OK;
    }
    if (whole->type == SCIM_COMPLEX && json_is_object(value))
        return merge(patch, whole, child_made(holder, whole->name, false), value);
    json_object_set_new(holder, whole->name, json_deep_copy(value));
    return ST_OK;
}

/* "add" to emails[type eq "work"].value where there is none makes one of that type. */
static json_t *element_made(struct patch *patch, const struct target *target, json_t *list)
{
    const struct scim_filter *filter = target->filter;
    if (patch->op != ADD || filter->kind != SCIM_COMPARE || filter->op != SCIM_EQ ||
        filter->value.kind != SCIM_TEXT || filter->place.attribute == NULL)
        return NULL;
    json_t *element = json_object();
    json_object_set_new(element, filter->place.attribute->name, json_from_text(filter->value.text));
    json_array_append_new(list, element);
    return element;
}

static enum status set_element(struct patch *patch, const struct target *target, json_t *list,
                               json_t *element, json_t *value)
{
    const struct scim_attribute *sub = target->place.sub;
    if (sub == NULL)
        return merge(patch, target->place.attribute, element, value);
    if (strcmp(sub->name, "primary") == 0 && json_is_true(value))
        unset_primary(list);
    json_object_set_new(element, sub->name, json_deep_copy(value));
    return ST_OK;
}

static enum status set_elements(struct patch *patch, const struct target *target, json_t *holder,
                                json_t *value)
{
    json_t *list = child_made(holder, target->place.attribute->name, true), *element;
    size_t i, found = 0;
    json_array_foreach(list, i, element) {
        if (target->filter != NULL && !filter_matches_element(target->filter, element))
            continue;
        found++;
        TRY(set_element(patch, target, list, element, value));
    }
    if (found > 0)
        return ST_OK;
    element = target->filter == NULL ? NULL : element_made(patch, target, list);
    if (element == NULL)
        return scim_fail(patch->error, 400, "noTarget", "path: no value is like that");
    return set_element(patch, target, list, element, value);
}

static enum status set(struct patch *patch, const struct target *target, json_t *value)
{
    const struct scim_attribute *whole = target->place.attribute;
    json_t *holder = holder_made(patch, &target->place);
    if (target->filter != NULL || (target->place.sub != NULL && (whole->flags & SCIM_MULTI) != 0))
        return set_elements(patch, target, holder, value);
    if (target->place.sub == NULL)
        return set_whole(patch, whole, holder, value);
    json_object_set_new(child_made(holder, whole->name, false), target->place.sub->name,
                        json_deep_copy(value));
    return ST_OK;
}

/* Some clients name what is to go in "value" instead of the path. */
static void remove_values(json_t *list, const struct target *target, json_t *values)
{
    AUTO_JSON one = json_is_array(values) ? NULL : json_pack("[O]", values);
    const struct scim_attribute *sub = target->place.sub;
    for (size_t i = json_array_size(list); i-- > 0;) {
        json_t *element = json_array_get(list, i);
        if (target->filter != NULL && !filter_matches_element(target->filter, element))
            continue;
        if (values != NULL && !json_is_null(values) &&
            !has_value(json_is_array(values) ? values : one, element))
            continue;
        if (sub != NULL)
            json_object_del(element, sub->name);
        else
            json_array_remove(list, i);
    }
}

static enum status take_away(struct patch *patch, const struct target *target, json_t *value)
{
    const struct scim_attribute *whole = target->place.attribute;
    json_t *holder = place_holder(patch->kind, &target->place, patch->resource);
    if (whole == NULL) { /* the extension */
        json_object_del(patch->resource, patch->kind->extension);
        return ST_OK;
    }
    if ((whole->flags & SCIM_REQUIRED) != 0 && target->place.sub == NULL)
        return scim_fail(patch->error, 400, "mutability", "%s cannot be removed", whole->name);
    json_t *there = json_object_get(holder, whole->name);
    if (json_is_array(there))
        remove_values(there, target, value);
    else if (target->place.sub != NULL)
        json_object_del(there, target->place.sub->name);
    else
        json_object_del(holder, whole->name);
    return ST_OK;
}

static enum status apply(struct patch *patch, struct slice path, json_t *value);

/* Without a path the members of the value are paths. */
static enum status apply_members(struct patch *patch, const char *within, json_t *value)
{
    const char *name;
    json_t *member;
    if (!json_is_object(value))
        return scim_fail(patch->error, 400, "invalidValue", "value: an object is needed");
    json_object_foreach(value, name, member) {
        struct scim_place known = {0};
        struct slice path = within == NULL
                                ? slice_from(name)
                                : arena_format(patch->arena, "%s:%s", within, name);
        struct slice rest = path;
        if (slice_equal_nocase(path, LIT("schemas")))
            continue;
        /* Unknown members are left out, as in a whole resource; so is what is ours anyway. */
        if (place_parse(patch->kind, NULL, &rest, &known) == ST_OK && !known.extension &&
            (known.attribute == NULL || (known.attribute->flags & SCIM_READ_ONLY) != 0))
            continue;
        TRY(apply(patch, path, member));
    }
    return ST_OK;
}

static enum status apply(struct patch *patch, struct slice path, json_t *value)
{
    struct target target;
    TRY(parse_path(patch, path, &target));
    if (patch->op == REMOVE)
        return take_away(patch, &target, value);
    if (value == NULL)
        return scim_fail(patch->error, 400, "invalidValue", "value is needed");
    if (target.place.attribute == NULL)
        return apply_members(patch, patch->kind->extension, value);
    return set(patch, &target, value);
}

static enum status apply_operation(struct patch *patch, json_t *operation)
{
    struct slice op = json_text(operation, "op");
    json_t *path = json_object_get(operation, "path");
    json_t *value = json_object_get(operation, "value");
    patch->op = OP_COUNT_;
    for (int i = 0; i < OP_COUNT_; i++)
        if (slice_equal_nocase(op, slice_from(op_names[i])))
            patch->op = (enum op)i;
    if (patch->op == OP_COUNT_)
        return scim_fail(patch->error, 400, "invalidSyntax", "op: add, remove or replace");
    if (path != NULL && !json_is_string(path))
        return bad_path(patch, "text is needed");
    if (path != NULL)
        return apply(patch, json_text(operation, "path"), value);
    if (patch->op == REMOVE)
        return scim_fail(patch->error, 400, "noTarget", "remove: a path is needed");
    return apply_members(patch, NULL, value);
}

static bool is_patch(json_t *request)
{
    size_t i;
    json_t *urn;
    json_array_foreach(json_object_get(request, "schemas"), i, urn)
        if (slice_equal(slice_from(json_string_value(urn)), LIT(SCIM_URN_PATCH)))
            return true;
    return false;
}

/* What only we write is not a client's to lose: it stays as it was. */
static void keep_ours(const struct scim_kind *kind, json_t *before, json_t *after)
{
    for (const struct scim_attribute *a = kind->attributes; a->name != NULL; a++) {
        json_t *value = json_object_get(before, a->name);
        if ((a->flags & SCIM_READ_ONLY) != 0 && value != NULL)
            json_object_set(after, a->name, value);
    }
}

enum status scim_patch(const struct scim_kind *kind, json_t *resource, json_t *request,
                       json_t **out, struct scim_error *error)
{
    AUTO_JSON copy = json_deep_copy(resource);
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    struct patch patch = {.kind = kind, .resource = copy, .arena = arena, .error = error};
    json_t *operations = json_object_get(request, "Operations");
    if (!is_patch(request) || !json_is_array(operations) || json_array_size(operations) == 0)
        return scim_fail(error, 400, "invalidSyntax", "schemas: %s, and Operations",
                         SCIM_URN_PATCH);
    if (json_array_size(operations) > SCIM_OPERATIONS_MAX)
        return scim_fail(error, 413, NULL, "at most %d operations", SCIM_OPERATIONS_MAX);
    size_t i;
    json_t *operation;
    json_array_foreach(operations, i, operation)
        TRY(apply_operation(&patch, operation));
    TRY(scim_read(kind, copy, out, error));
    keep_ours(kind, resource, *out);
    return ST_OK;
}
