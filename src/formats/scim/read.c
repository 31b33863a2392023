#include "formats/scim/internal.h"

/* What a client sends, into canonical form. */

enum { TEXT_BYTES_MAX = 8192 };

static void bad_value(struct scim_error *error, const struct scim_attribute *a, const char *what)
{
    (void)scim_fail(error, 400, "invalidValue", "%s: %s", a->name, what);
}

static json_t *read_text(const struct scim_attribute *a, json_t *in, struct scim_error *error)
{
    struct instant when;
    if (!json_is_string(in)) {
        bad_value(error, a, "text is needed");
        return NULL;
    }
    struct slice text = {json_string_value(in), json_string_length(in)};
    if (text.len == 0)
        return NULL;
    if (text.len > TEXT_BYTES_MAX || slice_contains(text, (struct slice){"", 1})) {
        bad_value(error, a, "too long, or not text");
        return NULL;
    }
    if (a->type == SCIM_DATE_TIME && instant_parse(text, &when, NULL, NULL) != ST_OK) {
        bad_value(error, a, "a date like 2026-11-25T10:00:00Z is needed");
        return NULL;
    }
    return json_from_text(text);
}

/* Some clients write "True". */
static json_t *read_flag(const struct scim_attribute *a, json_t *in, struct scim_error *error)
{
    struct slice text = slice_from(json_string_value(in));
    if (json_is_boolean(in))
        return json_boolean(json_is_true(in));
    if (slice_equal_nocase(text, LIT("true")))
        return json_true();
    if (slice_equal_nocase(text, LIT("false")))
        return json_false();
    bad_value(error, a, "true or false is needed");
    return NULL;
}

/* The members of an object that `attributes` knows; NULL when an error is filled. */
static json_t *read_members(const struct scim_attribute *attributes, json_t *in,
                            struct scim_error *error)
{
    json_t *out = json_object();
    /* In the order of the schema: what is equal looks equal. */
    for (const struct scim_attribute *a = attributes; a->name != NULL; a++) {
        const char *name;
        json_t *member;
        json_object_foreach(in, name, member) {
            if (!slice_equal_nocase(slice_from(name), slice_from(a->name)))
                continue;
            json_t *value = value_read(a, member, error);
            if (error->http != 0) {
                json_decref(out);
                return NULL;
            }
            if (value != NULL)
                json_object_set_new(out, a->name, value);
        }
    }
    return out;
}

static json_t *read_complex(const struct scim_attribute *a, json_t *in,
                            struct scim_error *error)
{
    const struct scim_attribute *main = attribute_main(a);
    AUTO_JSON bare = NULL;
    if (main != NULL && json_is_string(in)) { /* "manager": "id", as some clients write it */
        bare = json_object();
        json_object_set(bare, main->name, in);
        in = bare;
    }
    if (!json_is_object(in)) {
        bad_value(error, a, "an object is needed");
        return NULL;
    }
    json_t *out = read_members(a->subs, in, error);
    if (out != NULL && json_object_size(out) == 0)
        json_release(&out);
    return out;
}

static json_t *read_one(const struct scim_attribute *a, json_t *in, struct scim_error *error)
{
    if (json_is_null(in))
        return NULL;
    switch (a->type) {
    case SCIM_BOOLEAN:
        return read_flag(a, in, error);
    case SCIM_COMPLEX:
        return read_complex(a, in, error);
    default:
        return read_text(a, in, error);
    }
}

/* Which of them is preferred has one answer (RFC 7643 section 2.4). */
static bool one_primary(json_t *values)
{
    size_t i, primary = 0;
    json_t *value;
    json_array_foreach(values, i, value)
        primary += json_is_true(json_object_get(value, "primary"));
    return primary <= 1;
}

static json_t *read_list(const struct scim_attribute *a, json_t *in, struct scim_error *error)
{
    size_t i;
    json_t *member, *out = json_array();
    if (!json_is_array(in))
        bad_value(error, a, "a list is needed");
    else if (json_array_size(in) > SCIM_VALUES_MAX)
        (void)scim_fail(error, 413, NULL, "%s: at most %d values", a->name, SCIM_VALUES_MAX);
    json_array_foreach(in, i, member) {
        json_t *value = error->http != 0 ? NULL : read_one(a, member, error);
        if (value != NULL)
            json_array_append_new(out, value);
    }
    if (error->http == 0 && !one_primary(out))
        bad_value(error, a, "one of them is primary at most");
    if (error->http != 0 || json_array_size(out) == 0)
        json_release(&out);
    return out;
}

json_t *value_read(const struct scim_attribute *a, json_t *in, struct scim_error *error)
{
    if ((a->flags & SCIM_WRITE_ONLY) != 0 || json_is_null(in))
        return NULL;
    return (a->flags & SCIM_MULTI) != 0 ? read_list(a, in, error) : read_one(a, in, error);
}

static json_t *member_nocase(json_t *in, struct slice wanted)
{
    const char *name;
    json_t *member;
    json_object_foreach(in, name, member)
        if (slice_equal_nocase(slice_from(name), wanted))
            return member;
    return NULL;
}

/* The schemas that the object is of (section 3): ours, and the extension where it is used. */
static void set_schemas(const struct scim_kind *kind, json_t *out)
{
    json_t *schemas = json_pack("[s]", kind->schema);
    if (kind->extension != NULL && json_object_get(out, kind->extension) != NULL)
        json_array_append_new(schemas, json_string(kind->extension));
    json_object_set_new(out, "schemas", schemas);
}

static bool names_schema(const struct scim_kind *kind, json_t *schemas)
{
    size_t i;
    json_t *urn;
    json_array_foreach(schemas, i, urn)
        if (slice_equal_nocase(slice_from(json_string_value(urn)), slice_from(kind->schema)))
            return true;
    return false;
}

static enum status read_extension(const struct scim_kind *kind, json_t *in, json_t *out,
                                  struct scim_error *error)
{
    json_t *given =
        kind->extension == NULL ? NULL : member_nocase(in, slice_from(kind->extension));
    if (given == NULL || json_is_null(given))
        return ST_OK;
    if (!json_is_object(given))
        return scim_fail(error, 400, "invalidValue", "%s: an object is needed", kind->extension);
    AUTO_JSON extension = read_members(kind->extension_attributes, given, error);
    if (extension == NULL)
        return ST_INVALID;
    if (json_object_size(extension) > 0)
        json_object_set(out, kind->extension, extension);
    return ST_OK;
}

static enum status check_required(const struct scim_kind *kind, json_t *out,
                                  struct scim_error *error)
{
    for (const struct scim_attribute *a = kind->attributes; a->name != NULL; a++)
        if ((a->flags & SCIM_REQUIRED) != 0 && json_object_get(out, a->name) == NULL)
            return scim_fail(error, 400, "invalidValue", "%s is needed", a->name);
    return ST_OK;
}

static void drop_read_only(const struct scim_kind *kind, json_t *out)
{
    for (const struct scim_attribute *a = kind->attributes; a->name != NULL; a++)
        if ((a->flags & SCIM_READ_ONLY) != 0)
            json_object_del(out, a->name);
}

enum status scim_read(const struct scim_kind *kind, json_t *in, json_t **out,
                      struct scim_error *error)
{
    struct scim_error first = {0};
    if (!json_is_object(in))
        return scim_fail(error, 400, "invalidSyntax", "an object is needed");
    if (!names_schema(kind, member_nocase(in, LIT("schemas"))))
        return scim_fail(error, 400, "invalidSyntax", "schemas: %s is needed", kind->schema);
    AUTO_JSON read = read_members(kind->attributes, in, &first);
    if (read == NULL || read_extension(kind, in, read, &first) != ST_OK) {
        *error = first;
        return ST_INVALID;
    }
    drop_read_only(kind, read);
    TRY(check_required(kind, read, error));
    set_schemas(kind, read);
    *out = json_incref(read);
    return ST_OK;
}
