#ifndef RENDEZ_FORMATS_JSON_H
#define RENDEZ_FORMATS_JSON_H

#include <jansson.h>

#include "base/record/record.h"

/* JSON by jansson, strict (RFC 8259): bad UTF-8, trailing text and numbers out of range are
 * refused; nesting at most 64. Of a name that comes twice the last counts, for every reader of
 * ours, as section 4 warns that it does for most. */

/* Owned JSON value that releases itself. */
#define AUTO_JSON __attribute__((cleanup(json_release))) json_t *
void json_release(json_t **value);

MUST_USE enum status json_read(struct slice text, json_t **out, struct problem *why);
/* The same, and a name that comes twice in an object is refused: for what is signed, where two
 * readers that take different ones would see different texts (RFC 7515 section 4). */
MUST_USE enum status json_read_unique(struct slice text, json_t **out, struct problem *why);

/* Compact text, keys in the order of insertion; deterministic. */
struct slice json_write(const json_t *value, struct arena *arena);
/* The same, indented for people. */
struct slice json_write_pretty(const json_t *value, struct arena *arena);

/* Through a record table: every field by its name. BYTES is base64url; an INSTANT is
 * ISO 8601 in `zone`; CIVIL is ISO without offset; enums by name; zero fields are
 * written too, empty text as "", a NULL pointer as null. New reference. */
json_t *json_from_record(const struct record_type *type, const void *object,
                         const struct zone *zone);
/* ST_INVALID names the member that is wrong, missing members stay zero, unknown
 * members are refused. */
MUST_USE enum status json_to_record(const json_t *value, const struct record_type *type,
                                    struct arena *arena, void *object, struct problem *why);

/* Members of an object, or a default. */
struct slice json_text(const json_t *object, const char *name); /* empty when absent */
bool json_flag(const json_t *object, const char *name, bool otherwise);
int64_t json_number(const json_t *object, const char *name, int64_t otherwise);
/* A JSON string from a slice (bad UTF-8 repaired). */
json_t *json_from_text(struct slice text);

/* Lines of a batch: a few members of a large object, without a tree. */
struct json_member {
    struct slice name;
    struct slice text; /* of a string: borrowed from the line, or in the arena; else empty */
    bool has_number;   /* it is a whole number */
    int64_t number;
};
/* Sets what the outermost object says of the members named; the others are only checked.
 * Refuses what json_read refuses, in the same words; text that is no object has no members. */
MUST_USE enum status json_members(struct slice text, struct json_member *members, size_t count,
                                  struct arena *arena, struct problem *why);
/* Appends a string in its quotes, as json_write would. `text` is UTF-8. */
void json_put_text(struct buffer *out, struct slice text);

#endif
