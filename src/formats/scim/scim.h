#ifndef RENDEZ_FORMATS_SCIM_H
#define RENDEZ_FORMATS_SCIM_H

#include "base/datetime/datetime.h"
#include "formats/json/json.h"

/* SCIM 2.0: schemas (RFC 7643), filters, paths, PATCH and lists (RFC 7644). Resources are JSON
 * objects in canonical form, as scim_read makes them: attribute names as the schema spells them,
 * nothing unknown, nothing null or empty. What is passed in is never changed: jansson iterates over
 * objects that are not const only. */

enum {
    SCIM_FILTER_BYTES_MAX = 4096,
    SCIM_FILTER_TERMS_MAX = 100,
    SCIM_FILTER_DEPTH_MAX = 32,
    SCIM_OPERATIONS_MAX = 1000, /* of one PATCH */
    SCIM_VALUES_MAX = 10000,    /* of one attribute */
    SCIM_PAGE_MAX = 200,
};

/* What a request gets instead of an answer (RFC 7644 section 3.12). */
struct scim_error {
    unsigned http;    /* 400 … */
    const char *type; /* scimType: "invalidFilter", …; NULL: none */
    char detail[160];
};
/* Fills it and returns the status for our own callers: ST_INVALID for 400 and others that are
 * the asker's fault, ST_NOT_FOUND 404, ST_CONFLICT 409 and 412. */
enum status scim_fail(struct scim_error *error, unsigned http, const char *type,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
json_t *scim_error_json(const struct scim_error *error); /* new reference */

enum scim_type { SCIM_STRING, SCIM_BOOLEAN, SCIM_DATE_TIME, SCIM_REFERENCE, SCIM_BINARY, SCIM_COMPLEX };
enum {
    SCIM_MULTI = 1 << 0,
    SCIM_REQUIRED = 1 << 1,
    SCIM_EXACT = 1 << 2, /* case counts */
    SCIM_READ_ONLY = 1 << 3,
    SCIM_IMMUTABLE = 1 << 4,
    SCIM_WRITE_ONLY = 1 << 5, /* never returned; and we keep none */
    SCIM_ALWAYS = 1 << 6,     /* returned whatever is asked for */
    SCIM_UNIQUE = 1 << 7,     /* within the server */
    SCIM_COMMON = 1 << 8,     /* of every resource; not listed in a schema */
};
struct scim_attribute {
    const char *name;
    enum scim_type type;
    unsigned flags;
    const struct scim_attribute *subs; /* ends with a name of NULL; NULL unless SCIM_COMPLEX */
    const char *description;
};
/* A kind of resource: its own schema and at most one extension. */
struct scim_kind {
    const char *name, *endpoint, *schema, *description;
    const struct scim_attribute *attributes;
    const char *extension; /* URN, or NULL */
    const struct scim_attribute *extension_attributes;
};
extern const struct scim_kind scim_user, scim_group;

/* What a server says of itself (RFC 7643 sections 5 to 7); base: "https://…/scim/v2".
 * New references; NULL for an id that is none. */
json_t *scim_schema_json(struct slice id, struct slice base);
json_t *scim_schemas_json(struct slice base);
json_t *scim_resource_type_json(struct slice name, struct slice base);
json_t *scim_resource_types_json(struct slice base);
json_t *scim_provider_json(struct slice base);

/* Reads what a client sent into canonical form, as a new object without what only we write
 * (id, meta, groups) and what we keep from nobody (password). Names in any case; unknown
 * members are left out; "True" is taken for true, as some clients write it. */
MUST_USE enum status scim_read(const struct scim_kind *kind, json_t *in, json_t **out,
                               struct scim_error *error);

/* An attribute as a path names it: "userName", "name.familyName", "urn:…:User:userName". */
struct scim_place {
    const struct scim_attribute *attribute; /* NULL: unknown, which has no value */
    const struct scim_attribute *sub;       /* NULL: the whole of it */
    bool extension;
};

enum scim_operator { SCIM_EQ, SCIM_NE, SCIM_CO, SCIM_SW, SCIM_EW, SCIM_GT, SCIM_GE, SCIM_LT, SCIM_LE };
struct scim_value {
    enum { SCIM_NULL, SCIM_TEXT, SCIM_TRUTH, SCIM_NUMBER } kind;
    struct slice text;
    bool truth;
    double number;
};
struct scim_filter {
    enum { SCIM_AND, SCIM_OR, SCIM_NOT, SCIM_COMPARE, SCIM_PRESENT, SCIM_ELEMENT } kind;
    struct scim_filter *left, *right; /* NOT, ELEMENT: left only */
    struct scim_place place;          /* COMPARE, PRESENT, ELEMENT */
    enum scim_operator op;
    struct scim_value value;
};
/* 400 invalidFilter for whatever is no filter, or compares what cannot be compared. */
MUST_USE enum status scim_filter_parse(const struct scim_kind *kind, struct slice text,
                                       struct arena *arena, struct scim_filter **out,
                                       struct scim_error *error);
bool scim_matches(const struct scim_kind *kind, const struct scim_filter *filter,
                  json_t *resource);
/* When the filter is nothing but "attribute eq text": the text, for an index. */
bool scim_filter_is_eq(const struct scim_filter *filter, const char *attribute, struct slice *text);

/* Applies a PatchOp (section 3.5.2) to a copy: new object, in canonical form. Whole or not. */
MUST_USE enum status scim_patch(const struct scim_kind *kind, json_t *resource,
                                json_t *request, json_t **out, struct scim_error *error);

/* What a list is asked for (sections 3.4.2 and 3.4.3), and which attributes of one resource. */
struct scim_query {
    struct slice filter, sort_by, attributes, excluded; /* the last two: with commas between */
    bool descending;
    int64_t start, count; /* start from 1 */
};
/* From an object of texts, as the part of a URL behind "?" gives them, or a SearchRequest. */
void scim_query_from_texts(json_t *texts, struct scim_query *out);
MUST_USE enum status scim_query_from_json(json_t *search, struct arena *arena,
                                          struct scim_query *out, struct scim_error *error);
/* A ListResponse of those that match, sorted, one page of them; resources: a JSON array. */
MUST_USE enum status scim_list(const struct scim_kind *kind, json_t *resources,
                               const struct scim_query *query, struct arena *arena, json_t **out,
                               struct scim_error *error);
/* One resource with what was asked for; new reference. */
json_t *scim_project(const struct scim_kind *kind, json_t *resource,
                     const struct scim_query *query);

#endif
