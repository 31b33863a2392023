#include "formats/json/json.h"

#include <stdlib.h>
#include <string.h>

void json_release(json_t **value)
{
    json_decref(*value);
    *value = NULL;
}

/* jansson alone allows 2048 levels; brackets outside strings are counted first. */
static bool nests_too_deep(struct slice text)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '[' || c == '{') && ++depth > 64)
            return true;
        else if (!in_string && (c == ']' || c == '}'))
            depth--;
    }
    return false;
}

/* Behind the string that begins at `at`; text.len where it does not end. */
static size_t string_end(struct slice text, size_t at)
{
    for (at++; at < text.len; at++) {
        if (text.data[at] == '\\')
            at++;
        else if (text.data[at] == '"')
            return at + 1;
    }
    return text.len;
}

static bool is_name(struct slice text, size_t end)
{
    while (end < text.len && ascii_is_space(text.data[end]))
        end++;
    return end < text.len && text.data[end] == ':';
}

/* jansson refuses names with "\u0000", which are JSON. Nothing of ours has such a name, so
 * U+FFFD in its place is as unknown. */
static struct slice without_nul_names(struct slice text, struct arena *arena)
{
    char *copy = arena_text(arena, text);
    size_t end;
    for (size_t at = 0; at < text.len; at = end) {
        end = text.data[at] == '"' ? string_end(text, at) : at + 1;
        if (text.data[at] != '"' || !is_name(text, end))
            continue;
        for (size_t i = at + 1; i + 6 < end; i++)
            if (copy[i] == '\\' && memcmp(copy + i, "\\u0000", 6) == 0)
                memcpy(copy + i, "\\uFFFD", 6);
            else if (copy[i] == '\\')
                i++;
    }
    return (struct slice){copy, text.len};
}

static json_t *load(struct slice text, size_t flags, json_error_t *error)
{
    return json_loadb(text.data == NULL ? "" : text.data, text.len,
                      JSON_DECODE_ANY | JSON_ALLOW_NUL | flags, error);
}

static enum status read_with(struct slice text, size_t flags, json_t **out, struct problem *why)
{
    if (nests_too_deep(text))
        return problem_set(why, ST_LIMIT, "JSON: nested over 64 levels");
    /* jansson takes one behind a number for the end. */
    if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL)
        return problem_set(why, ST_INVALID, "JSON: a zero byte");
    json_error_t error;
    json_t *value = load(text, flags, &error);
    if (value == NULL && slice_contains(text, LIT("\\u0000"))) {
        AUTO_ARENA arena = arena_create_wiped(text.len + 65536);
        json_error_t other;
        value = load(without_nul_names(text, arena), flags, &other);
    }
    if (value == NULL)
        return problem_at(why, ST_INVALID, (size_t)error.position,
                          "JSON: malformed at line %d, column %d", error.line, error.column);
    *out = value;
    return ST_OK;
}

enum status json_read(struct slice text, json_t **out, struct problem *why)
{
    return read_with(text, 0, out, why);
}

enum status json_read_unique(struct slice text, json_t **out, struct problem *why)
{
    return read_with(text, JSON_REJECT_DUPLICATES, out, why);
}

static struct slice write_with(const json_t *value, size_t flags, struct arena *arena)
{
    char *text = json_dumps(value, flags | JSON_ENCODE_ANY);
    if (text == NULL)
        abort(); /* out of memory, or a value of ours that is no JSON: a bug */
    struct slice copy = arena_copy(arena, slice_from(text));
    free(text);
    return copy;
}

struct slice json_write(const json_t *value, struct arena *arena)
{
    return write_with(value, JSON_COMPACT, arena);
}

struct slice json_write_pretty(const json_t *value, struct arena *arena)
{
    return write_with(value, JSON_INDENT(2), arena);
}

json_t *json_from_text(struct slice text)
{
    AUTO_ARENA arena = arena_create(text.len * 4 + 65536);
    struct slice good = utf8_repair(text, arena);
    return json_stringn(good.len == 0 ? "" : good.data, good.len);
}

struct slice json_text(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return SLICE_NONE;
    return (struct slice){json_string_value(value), json_string_length(value)};
}

bool json_flag(const json_t *object, const char *name, bool otherwise)
{
    const json_t *value = json_object_get(object, name);
    return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

int64_t json_number(const json_t *object, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

/* Records to JSON */

static json_t *list_to_json(const struct record_field *field, const struct record_list *list,
                            const struct zone *zone)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const char *item = list->items;
        json_array_append_new(array, field->kind == RECORD_TEXTS
                                         ? json_from_text(((const struct slice *)list->items)[i])
                                         : json_from_record(field->type, item + i * field->type->size,
                                                            zone));
    }
    return array;
}

static json_t *bytes_to_json(struct slice bytes)
{
    AUTO_BUFFER text = buffer_create(bytes.len * 2 + 8);
    base64url_encode(bytes, &text);
    return json_from_text(buffer_slice(&text));
}

static json_t *value_to_json(const struct record_field *field, const void *value,
                             const struct zone *zone)
{
    AUTO_ARENA arena = arena_create(4096);
    switch (field->kind) {
    case RECORD_BOOL:
        return json_boolean(*(const bool *)value);
    case RECORD_U32:
        return json_integer(*(const uint32_t *)value);
    case RECORD_I64:
        return json_integer(*(const int64_t *)value);
    case RECORD_ENUM:
        return json_string(field->names[*(const uint32_t *)value]);
    case RECORD_TEXT:
        return json_from_text(*(const struct slice *)value);
    case RECORD_BYTES:
        return bytes_to_json(*(const struct slice *)value);
    case RECORD_INSTANT: {
        struct instant at = *(const struct instant *)value;
        return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone, arena));
    }
    case RECORD_CIVIL: {
        struct civil wall = *(const struct civil *)value;
        return wall.date.year == 0 ? json_null() : json_from_text(civil_format(wall, arena));
    }
    case RECORD_STRUCT:
        return json_from_record(field->type, value, zone);
    case RECORD_POINTER: {
        const void *object = *(void *const *)value;
        return object == NULL ? json_null() : json_from_record(field->type, object, zone);
    }
    case RECORD_LIST:
    case RECORD_TEXTS:
        return list_to_json(field, value, zone);
    }
    return json_null();
}

json_t *json_from_record(const struct record_type *type, const void *object,
                         const struct zone *zone)
{
    json_t *out = json_object();
    for (size_t i = 0; i < type->field_count; i++) {
        const struct record_field *field = &type->fields[i];
        json_object_set_new(out, field->name,
                            value_to_json(field, (const char *)object + field->offset, zone));
    }
    return out;
}

/* JSON to records */

static enum status wrong(const struct record_field *field, const char *wanted, struct problem *why)
{
    return problem_set(why, ST_INVALID, "%s: %s is needed", field->name, wanted);
}

static enum status enum_from_json(const struct record_field *field, const json_t *value,
                                  uint32_t *out, struct problem *why)
{
    const char *text = json_string_value(value);
    for (uint32_t i = 0; text != NULL && i < field->count; i++)
        if (strcmp(text, field->names[i]) == 0) {
            *out = i;
            return ST_OK;
        }
    return wrong(field, "one of its known words", why);
}

static enum status text_from_json(const struct record_field *field, const json_t *value,
                                  struct arena *arena, struct slice *out, struct problem *why)
{
    if (!json_is_string(value))
        return wrong(field, "a text", why);
    struct slice text = {json_string_value(value), json_string_length(value)};
    if (field->kind == RECORD_BYTES)
        return base64url_decode(text, arena, out) == ST_OK ? ST_OK : wrong(field, "base64url", why);
    *out = arena_copy(arena, text);
    return ST_OK;
}

static enum status number_from_json(const struct record_field *field, const json_t *value, void *out,
                                    struct problem *why)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value))
        return wrong(field, "a whole number", why);
    if (field->kind == RECORD_I64) {
        *(int64_t *)out = number;
        return ST_OK;
    }
    if (number < 0 || number > UINT32_MAX)
        return wrong(field, "a number from 0 to 4294967295", why);
    *(uint32_t *)out = (uint32_t)number;
    return ST_OK;
}

static enum status list_from_json(const struct record_field *field, const json_t *value,
                                  struct arena *arena, struct record_list *out, struct problem *why)
{
    size_t most = field->count == 0 ? 1000 : field->count, count = json_array_size(value);
    if (!json_is_array(value) || count > most)
        return wrong(field, "a list that is not too long", why);
    size_t size = field->kind == RECORD_TEXTS ? sizeof(struct slice) : field->type->size;
    out->items = arena_alloc_array(arena, count, size);
    out->capacity = count;
    for (; out->count < count; out->count++) {
        void *item = (char *)out->items + out->count * size;
        const json_t *element = json_array_get(value, out->count);
        TRY(field->kind == RECORD_TEXTS
                ? text_from_json(field, element, arena, item, why)
                : json_to_record(element, field->type, arena, item, why));
    }
    return ST_OK;
}

static enum status value_from_json(const struct record_field *field, const json_t *value,
                                   struct arena *arena, void *out, struct problem *why)
{
    struct slice text = {json_string_value(value), json_string_length(value)};
    switch (field->kind) {
    case RECORD_BOOL:
        if (!json_is_boolean(value))
            return wrong(field, "true or false", why);
        *(bool *)out = json_is_true(value);
        return ST_OK;
    case RECORD_U32:
    case RECORD_I64:
        return number_from_json(field, value, out, why);
    case RECORD_ENUM:
        return enum_from_json(field, value, out, why);
    case RECORD_TEXT:
    case RECORD_BYTES:
        return text_from_json(field, value, arena, out, why);
    case RECORD_INSTANT:
        return instant_parse(text, out, NULL, NULL) == ST_OK
                   ? ST_OK
                   : wrong(field, "a date and time with offset", why);
    case RECORD_CIVIL:
        return civil_parse(text, out, NULL) == ST_OK ? ST_OK : wrong(field, "a local time", why);
    case RECORD_STRUCT:
        return json_to_record(value, field->type, arena, out, why);
    case RECORD_POINTER:
        *(void **)out = arena_alloc(arena, field->type->size);
        return json_to_record(value, field->type, arena, *(void **)out, why);
    case RECORD_LIST:
    case RECORD_TEXTS:
        return list_from_json(field, value, arena, out, why);
    }
    return ST_INVALID;
}

static const struct record_field *field_named(const struct record_type *type, const char *name)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (strcmp(type->fields[i].name, name) == 0)
            return &type->fields[i];
    return NULL;
}

enum status json_to_record(const json_t *value, const struct record_type *type, struct arena *arena,
                           void *object, struct problem *why)
{
    if (!json_is_object(value))
        return problem_set(why, ST_INVALID, "JSON: an object is needed");
    memset(object, 0, type->size);
    /* jansson's iterator takes no const object; nothing is changed. */
    json_t *members = (json_t *)(uintptr_t)value;
    for (void *at = json_object_iter(members); at != NULL; at = json_object_iter_next(members, at)) {
        const json_t *member = json_object_iter_value(at);
        const struct record_field *field = field_named(type, json_object_iter_key(at));
        if (field == NULL)
            return problem_set(why, ST_INVALID, "JSON: unknown member; see the documentation");
        bool optional = field->kind == RECORD_POINTER || field->kind == RECORD_INSTANT ||
                        field->kind == RECORD_CIVIL;
        if (optional && json_is_null(member))
            continue;
        TRY(value_from_json(field, member, arena, (char *)object + field->offset, why));
    }
    return ST_OK;
}
