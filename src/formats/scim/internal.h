#ifndef RENDEZ_FORMATS_SCIM_INTERNAL_H
#define RENDEZ_FORMATS_SCIM_INTERNAL_H

#include "formats/scim/scim.h"

#define SCIM_URN_PATCH "urn:ietf:params:scim:api:messages:2.0:PatchOp"
#define SCIM_URN_LIST "urn:ietf:params:scim:api:messages:2.0:ListResponse"
#define SCIM_URN_SEARCH "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
#define SCIM_URN_ERROR "urn:ietf:params:scim:api:messages:2.0:Error"

/* By name in any case; NULL when there is none. */
const struct scim_attribute *attribute_find(const struct scim_attribute *attributes,
                                            struct slice name);
/* Splits a path at the front of *text and moves *text behind it. Unknown attributes are
 * allowed; ST_INVALID for what is no path. `within` not NULL: a sub-attribute of that one. */
MUST_USE enum status place_parse(const struct scim_kind *kind, const struct scim_attribute *within,
                                 struct slice *text, struct scim_place *out);
/* The object that holds the attribute: the resource, or its extension; NULL when not there. */
json_t *place_holder(const struct scim_kind *kind, const struct scim_place *place,
                     json_t *resource);
/* What stands there, borrowed; NULL for nothing. An array for SCIM_MULTI. */
json_t *place_get(const struct scim_kind *kind, const struct scim_place *place,
                  json_t *resource);
/* The sub-attribute that a complex value is compared by when none is named. */
const struct scim_attribute *attribute_main(const struct scim_attribute *attribute);

/* A filter inside brackets, from *text on, over the sub-attributes of `within`. */
MUST_USE enum status filter_parse_element(const struct scim_kind *kind,
                                          const struct scim_attribute *within, struct slice *text,
                                          struct arena *arena, struct scim_filter **out,
                                          struct scim_error *error);
/* One element of a multi-valued attribute. */
bool filter_matches_element(const struct scim_filter *filter, json_t *element);

/* One value of an attribute in canonical form: new reference, or NULL with `error` filled, or
 * NULL without when it is nothing (null, empty). */
json_t *value_read(const struct scim_attribute *attribute, json_t *in,
                   struct scim_error *error);

/* Case counts or not. */
int text_compare(struct slice a, struct slice b, bool exact);
bool text_contains(struct slice text, struct slice part, bool exact);

#endif
