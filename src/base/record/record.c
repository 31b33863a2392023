/* Encoding: fields in table order, those that are zero left out; each is
 *   tag u16, kind u8, then the value: fixed-size little-endian integers; text, bytes,
 *   structs and lists carry a u32 length in bytes. A struct's value is its fields; a
 *   list's value is a u32 count and per item a u32 length and its fields. */
#include "base/record/record.h"

#include <assert.h>
#include <string.h>

enum { NESTING_MAX = 16, LIST_ITEMS_MAX = 1000 };

static void put(struct buffer *out, uint64_t value, int bytes)
{
    char raw[8];
    for (int i = 0; i < bytes; i++)
        raw[i] = (char)(value >> (8 * i));
    buffer_add(out, (struct slice){raw, (size_t)bytes});
}

static void patch_length(struct buffer *out, size_t at)
{
    if (out->full)
        return;
    uint32_t len = (uint32_t)(out->len - at - 4);
    for (int i = 0; i < 4; i++)
        out->data[at + (size_t)i] = (char)(len >> (8 * i));
}

static void encode_fields(const struct record_type *type, const void *object, struct buffer *out);

static void encode_nested(const struct record_type *type, const void *object, struct buffer *out)
{
    size_t at = out->len;
    put(out, 0, 4);
    encode_fields(type, object, out);
    patch_length(out, at);
}

static bool is_zero(const struct record_field *field, const void *value)
{
    static const struct civil no_civil;
    switch (field->kind) {
    case RECORD_BOOL:
        return !*(const bool *)value;
    case RECORD_U32:
    case RECORD_ENUM:
        return *(const uint32_t *)value == 0;
    case RECORD_I64:
    case RECORD_INSTANT:
        return *(const int64_t *)value == 0;
    case RECORD_TEXT:
    case RECORD_BYTES:
        return ((const struct slice *)value)->len == 0;
    case RECORD_CIVIL:
        return civil_compare(*(const struct civil *)value, no_civil) == 0;
    case RECORD_STRUCT:
        return false;
    case RECORD_POINTER:
        return *(void *const *)value == NULL;
    case RECORD_LIST:
    case RECORD_TEXTS:
        return ((const struct record_list *)value)->count == 0;
    }
    return false;
}

static void encode_civil(struct civil wall, struct buffer *out)
{
    put(out, (uint32_t)wall.date.year, 4);
    put(out, wall.date.month, 1);
    put(out, wall.date.day, 1);
    put(out, wall.hour, 1);
    put(out, wall.minute, 1);
    put(out, wall.second, 1);
}

static void encode_text(struct slice text, struct buffer *out)
{
    put(out, text.len, 4);
    buffer_add(out, text);
}

static void encode_list(const struct record_field *field, const struct record_list *list,
                        struct buffer *out)
{
    size_t at = out->len;
    put(out, 0, 4);
    put(out, list->count, 4);
    for (size_t i = 0; i < list->count; i++) {
        if (field->kind == RECORD_TEXTS)
            encode_text(((const struct slice *)list->items)[i], out);
        else
            encode_nested(field->type, (const char *)list->items + i * field->type->size, out);
    }
    patch_length(out, at);
}

static void encode_value(const struct record_field *field, const void *value, struct buffer *out)
{
    switch (field->kind) {
    case RECORD_BOOL:
        put(out, *(const bool *)value, 1);
        break;
    case RECORD_U32:
    case RECORD_ENUM:
        put(out, *(const uint32_t *)value, 4);
        break;
    case RECORD_I64:
    case RECORD_INSTANT:
        put(out, (uint64_t)*(const int64_t *)value, 8);
        break;
    case RECORD_TEXT:
    case RECORD_BYTES:
        encode_text(*(const struct slice *)value, out);
        break;
    case RECORD_CIVIL:
        encode_civil(*(const struct civil *)value, out);
        break;
    case RECORD_STRUCT:
        encode_nested(field->type, value, out);
        break;
    case RECORD_POINTER:
        encode_nested(field->type, *(void *const *)value, out);
        break;
    case RECORD_LIST:
    case RECORD_TEXTS:
        encode_list(field, value, out);
        break;
    }
}

static void encode_fields(const struct record_type *type, const void *object, struct buffer *out)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct record_field *field = &type->fields[i];
        const void *value = (const char *)object + field->offset;
        if (is_zero(field, value))
            continue;
        put(out, field->tag, 2);
        put(out, field->kind, 1);
        encode_value(field, value, out);
    }
}

void record_encode(const struct record_type *type, const void *object, struct buffer *out)
{
    encode_fields(type, object, out);
}

struct reader {
    struct slice bytes;
    size_t at;
    struct arena *arena;
    struct problem *why;
    int depth;
};

static bool take(struct reader *r, int bytes, uint64_t *value)
{
    if (r->bytes.len - r->at < (size_t)bytes)
        return false;
    *value = 0;
    for (int i = 0; i < bytes; i++)
        *value |= (uint64_t)(unsigned char)r->bytes.data[r->at + (size_t)i] << (8 * i);
    r->at += (size_t)bytes;
    return true;
}

static enum status refuse(struct reader *r, const char *what)
{
    return problem_at(r->why, ST_INVALID, r->at, "record: %s", what);
}

/* ST_LIMIT when `count` objects of `size` bytes (and their alignment) do not fit: what a
 * peer sends must not be able to end this process. */
static enum status need_room(struct reader *r, uint64_t count, size_t size)
{
    if (count <= arena_room(r->arena) / (size + 32))
        return ST_OK;
    return problem_at(r->why, ST_LIMIT, r->at, "record: more than the arena holds");
}

static enum status take_span(struct reader *r, struct slice *span)
{
    uint64_t len;
    if (!take(r, 4, &len) || len > r->bytes.len - r->at)
        return refuse(r, "truncated");
    *span = slice_sub(r->bytes, r->at, r->at + (size_t)len);
    r->at += (size_t)len;
    return ST_OK;
}

static enum status decode_fields(struct reader *r, const struct record_type *type, void *object);

static enum status decode_nested(struct reader *r, const struct record_type *type, void *object)
{
    struct slice span;
    TRY(take_span(r, &span));
    if (r->depth >= NESTING_MAX)
        return problem_at(r->why, ST_LIMIT, r->at, "record: nested over %d deep", NESTING_MAX);
    struct reader inner = {span, 0, r->arena, r->why, r->depth + 1};
    return decode_fields(&inner, type, object);
}

static enum status decode_text(struct reader *r, bool utf8, struct slice *text)
{
    struct slice span;
    TRY(take_span(r, &span));
    if (utf8 && utf8_bad_at(span) != SIZE_MAX)
        return refuse(r, "text is not UTF-8");
    TRY(need_room(r, 1, span.len));
    *text = arena_copy(r->arena, span);
    return ST_OK;
}

static enum status decode_list(struct reader *r, const struct record_field *field,
                               struct record_list *list)
{
    struct slice span;
    TRY(take_span(r, &span));
    struct reader inner = {span, 0, r->arena, r->why, r->depth + 1};
    uint64_t count, most = field->count == 0 ? LIST_ITEMS_MAX : field->count;
    if (!take(&inner, 4, &count))
        return refuse(r, "truncated list");
    /* An item takes four bytes at least, so a short record cannot ask for much memory. */
    if (count > most || count > span.len / 4)
        return problem_at(r->why, ST_LIMIT, r->at, "record: more than %llu items",
                          (unsigned long long)most);
    size_t size = field->kind == RECORD_TEXTS ? sizeof(struct slice) : field->type->size;
    TRY(need_room(r, count, size));
    list->items = arena_alloc_array(r->arena, (size_t)count, size);
    list->capacity = (size_t)count;
    for (; list->count < count; list->count++) {
        void *item = (char *)list->items + list->count * size;
        TRY(field->kind == RECORD_TEXTS ? decode_text(&inner, true, item)
                                        : decode_nested(&inner, field->type, item));
    }
    return inner.at == span.len ? ST_OK : refuse(r, "trailing bytes in a list");
}

static enum status decode_civil(struct reader *r, struct civil *wall)
{
    uint64_t year, part[5];
    if (!take(r, 4, &year))
        return refuse(r, "truncated");
    for (int i = 0; i < 5; i++)
        if (!take(r, 1, &part[i]))
            return refuse(r, "truncated");
    *wall = (struct civil){{(int32_t)(uint32_t)year, (uint8_t)part[0], (uint8_t)part[1]},
                           (uint8_t)part[2], (uint8_t)part[3], (uint8_t)part[4]};
    if (!civil_date_is_valid(wall->date) || wall->hour > 23 || wall->minute > 59 ||
        wall->second > 59)
        return refuse(r, "impossible date or time");
    return ST_OK;
}

static enum status decode_number(struct reader *r, const struct record_field *field, void *value)
{
    uint64_t number;
    int bytes = field->kind == RECORD_BOOL                                       ? 1
                : field->kind == RECORD_U32 || field->kind == RECORD_ENUM ? 4
                                                                                 : 8;
    if (!take(r, bytes, &number))
        return refuse(r, "truncated");
    if (field->kind == RECORD_BOOL) {
        *(bool *)value = number != 0;
    } else if (field->kind == RECORD_U32) {
        *(uint32_t *)value = (uint32_t)number;
    } else if (field->kind == RECORD_ENUM) {
        if (number >= field->count)
            return refuse(r, "unknown enumerator");
        *(uint32_t *)value = (uint32_t)number;
    } else {
        *(int64_t *)value = (int64_t)number;
    }
    return ST_OK;
}

static enum status decode_value(struct reader *r, const struct record_field *field, void *value)
{
    switch (field->kind) {
    case RECORD_BOOL:
    case RECORD_U32:
    case RECORD_ENUM:
    case RECORD_I64:
    case RECORD_INSTANT:
        return decode_number(r, field, value);
    case RECORD_TEXT:
    case RECORD_BYTES:
        return decode_text(r, field->kind == RECORD_TEXT, value);
    case RECORD_CIVIL:
        return decode_civil(r, value);
    case RECORD_STRUCT:
        return decode_nested(r, field->type, value);
    case RECORD_POINTER: {
        TRY(need_room(r, 1, field->type->size));
        void *object = arena_alloc(r->arena, field->type->size);
        TRY(decode_nested(r, field->type, object));
        *(void **)value = object;
        return ST_OK;
    }
    case RECORD_LIST:
    case RECORD_TEXTS:
        return decode_list(r, field, value);
    }
    return refuse(r, "unknown kind");
}

/* Moves over a value whose field this version does not know. */
static enum status skip_value(struct reader *r, uint64_t kind)
{
    static const int sizes[] = {[RECORD_BOOL] = 1, [RECORD_U32] = 4,     [RECORD_ENUM] = 4,
                                [RECORD_I64] = 8,  [RECORD_INSTANT] = 8, [RECORD_CIVIL] = 9,
                                [RECORD_TEXTS] = 0};
    struct slice span;
    uint64_t ignored;
    if (kind >= sizeof sizes / sizeof *sizes)
        return refuse(r, "unknown kind");
    int left = sizes[kind];
    if (left == 0)
        return take_span(r, &span);
    for (; left > 0; left--)
        if (!take(r, 1, &ignored))
            return refuse(r, "truncated");
    return ST_OK;
}

static const struct record_field *find_field(const struct record_type *type, uint64_t tag)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].tag == tag)
            return &type->fields[i];
    return NULL;
}

static enum status decode_fields(struct reader *r, const struct record_type *type, void *object)
{
    uint64_t seen = 0; /* a field that comes twice would leak the first value's list */
    memset(object, 0, type->size);
    while (r->at < r->bytes.len) {
        uint64_t tag, kind;
        if (!take(r, 2, &tag) || !take(r, 1, &kind))
            return refuse(r, "truncated");
        const struct record_field *field = find_field(type, tag);
        if (field == NULL) {
            TRY(skip_value(r, kind));
            continue;
        }
        uint64_t bit = UINT64_C(1) << ((size_t)(field - type->fields) % 64);
        if (field->kind != kind || (seen & bit && type->field_count <= 64))
            return refuse(r, "a field of the wrong kind or twice");
        seen |= bit;
        TRY(decode_value(r, field, (char *)object + field->offset));
    }
    return ST_OK;
}

enum status record_decode(const struct record_type *type, struct slice bytes, struct arena *arena,
                          void *object, struct problem *why)
{
    struct reader r = {bytes, 0, arena, why, 0};
    return decode_fields(&r, type, object);
}

void record_copy(const struct record_type *type, const void *from, struct arena *arena, void *to)
{
    AUTO_BUFFER bytes = buffer_create(SIZE_MAX / 4);
    record_encode(type, from, &bytes);
    enum status status = record_decode(type, buffer_slice(&bytes), arena, to, NULL);
    assert(status == ST_OK);
}
