#ifndef RENDEZ_BASE_RECORD_H
#define RENDEZ_BASE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes/bytes.h"
#include "base/datetime/datetime.h"

/* One table describes a struct; with it the struct goes between roles and into sealed
 * storage (record_encode, record_decode) and into JSON (formats/json). A field that is
 * added gets a new tag at the end; a tag is never used again for something else, so old
 * stored records stay readable: a missing field is zero, an unknown one is skipped. */

enum record_kind {
    RECORD_BOOL,     /* bool */
    RECORD_U32,      /* uint32_t */
    RECORD_I64,      /* int64_t */
    RECORD_ENUM,     /* an enum of 4 bytes; .names, .count */
    RECORD_TEXT,     /* struct slice, UTF-8 */
    RECORD_BYTES,    /* struct slice */
    RECORD_INSTANT,  /* struct instant */
    RECORD_CIVIL,    /* struct civil */
    RECORD_STRUCT,   /* embedded struct; .type */
    RECORD_POINTER,  /* pointer to a struct or NULL; .type */
    RECORD_LIST,     /* {items, count, capacity} of structs; .type */
    RECORD_TEXTS,    /* struct slice_list */
};

struct record_type;

struct record_field {
    const char *name; /* as JSON spells it */
    uint16_t tag;     /* unique in its struct, from 1 */
    enum record_kind kind;
    size_t offset;
    const struct record_type *type;   /* STRUCT, POINTER, LIST */
    const char *const *names;         /* ENUM: JSON spelling, by value */
    uint32_t count;                   /* ENUM: how many values; LIST, TEXTS: most items (0: 1000) */
};

struct record_type {
    const char *name;
    size_t size;
    const struct record_field *fields;
    size_t field_count;
};

#define RECORD_TYPE(type_name, c_type, field_table)                                                \
    const struct record_type type_name = {#c_type, sizeof(struct c_type), field_table,             \
                                          sizeof field_table / sizeof *field_table}
/* { RECORD_AT(meeting, subject), 3, RECORD_TEXT } needs the offset elsewhere, so: */
#define FIELD(c_type, member, tag_, kind_)                                                         \
    {.name = #member, .tag = (tag_), .kind = (kind_), .offset = offsetof(struct c_type, member)}
#define FIELD_ENUM(c_type, member, tag_, names_)                                                   \
    {.name = #member, .tag = (tag_), .kind = RECORD_ENUM,                                          \
     .offset = offsetof(struct c_type, member), .names = (names_),                                 \
     .count = sizeof(names_) / sizeof *(names_)}
#define FIELD_OF(c_type, member, tag_, kind_, type_)                                               \
    {.name = #member, .tag = (tag_), .kind = (kind_), .offset = offsetof(struct c_type, member),   \
     .type = &(type_)}

/* Appends the encoding of *object to `out` (check buffer_check afterwards). */
void record_encode(const struct record_type *type, const void *object, struct buffer *out);

/* Fills *object (zeroed first) from `bytes`. Text and bytes are copied into the arena.
 * ST_INVALID  truncated, trailing bytes, wrong kind, enum out of range, bad UTF-8
 * ST_LIMIT    too many items, nesting over 16, or more than the arena could hold */
MUST_USE enum status record_decode(const struct record_type *type, struct slice bytes,
                                   struct arena *arena, void *object, struct problem *why);

/* A deep copy, all of it in the arena. */
void record_copy(const struct record_type *type, const void *from, struct arena *arena, void *to);

/* Every type that has a list has this shape. */
struct record_list {
    void *items;
    size_t count, capacity;
};

#endif
