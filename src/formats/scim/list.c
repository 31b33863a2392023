#include <stdlib.h>

#include "formats/scim/internal.h"

/* Lists and parts of resources (RFC 7644 sections 3.4.2, 3.4.3 and 3.9). */

void scim_query_from_texts(json_t *texts, struct scim_query *out)
{
    struct slice start = json_text(texts, "startIndex"), count = json_text(texts, "count");
    uint64_t number;
    *out = (struct scim_query){
        .filter = json_text(texts, "filter"),
        .sort_by = json_text(texts, "sortBy"),
        .attributes = json_text(texts, "attributes"),
        .excluded = json_text(texts, "excludedAttributes"),
        .descending = slice_equal_nocase(json_text(texts, "sortOrder"), LIT("descending")),
        .start = 1,
        .count = SCIM_PAGE_MAX,
    };
    if (json_object_get(texts, "filter") != NULL && out->filter.len == 0)
        out->filter = LIT(" "); /* an empty filter is none, and wrong */
    if (slice_to_u64(start, INT32_MAX, &number) && number > 0)
        out->start = (int64_t)number;
    if (slice_to_u64(count, SCIM_PAGE_MAX, &number))
        out->count = (int64_t)number;
    else if (slice_starts(count, LIT("-")))
        out->count = 0;
}

static struct slice joined(json_t *names, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(SCIM_FILTER_BYTES_MAX);
    size_t i;
    json_t *name;
    json_array_foreach(names, i, name) {
        buffer_add_text(&out, i > 0 ? "," : "");
        buffer_add(&out, slice_from(json_string_value(name)));
    }
    return arena_copy(arena, buffer_slice(&out));
}

enum status scim_query_from_json(json_t *search, struct arena *arena, struct scim_query *out,
                                 struct scim_error *error)
{
    json_t *urn = json_array_get(json_object_get(search, "schemas"), 0);
    if (!slice_equal(slice_from(json_string_value(urn)), LIT(SCIM_URN_SEARCH)))
        return scim_fail(error, 400, "invalidSyntax", "schemas: %s", SCIM_URN_SEARCH);
    int64_t start = json_number(search, "startIndex", 1), count = json_number(search, "count", SCIM_PAGE_MAX);
    *out = (struct scim_query){
        .filter = json_text(search, "filter"),
        .sort_by = json_text(search, "sortBy"),
        .attributes = joined(json_object_get(search, "attributes"), arena),
        .excluded = joined(json_object_get(search, "excludedAttributes"), arena),
        .descending = slice_equal_nocase(json_text(search, "sortOrder"), LIT("descending")),
        .start = start < 1 ? 1 : start,
        .count = count < 0 ? 0 : count > SCIM_PAGE_MAX ? SCIM_PAGE_MAX : count,
    };
    return ST_OK;
}

/* Sorting: the first or primary value decides (section 3.4.2.3). */

struct sort_item {
    json_t *resource;
    struct slice key;
    size_t place; /* before sorting: equals keep their order */
    bool descending, exact;
};

static struct slice sort_text(const struct scim_place *place, json_t *value)
{
    if (json_is_array(value)) {
        json_t *first = json_array_get(value, 0);
        size_t i;
        json_t *one;
        json_array_foreach(value, i, one)
            if (json_is_true(json_object_get(one, "primary")))
                first = one;
        value = first;
    }
    const struct scim_attribute *sub =
        place->sub != NULL ? place->sub : attribute_main(place->attribute);
    if (json_is_object(value))
        value = sub == NULL ? NULL : json_object_get(value, sub->name);
    if (json_is_boolean(value))
        return json_is_true(value) ? LIT("true") : LIT("false");
    return (struct slice){json_string_value(value), json_string_length(value)};
}

/* What has no value comes last, and first when descending. */
static int compare_items(const void *left, const void *right)
{
    const struct sort_item *a = left, *b = right;
    int order = a->key.len == 0 || b->key.len == 0 ? (a->key.len == 0) - (b->key.len == 0)
                                                   : text_compare(a->key, b->key, a->exact);
    if (order == 0)
        return a->place < b->place ? -1 : 1;
    return a->descending ? -order : order;
}

static enum status sort(const struct scim_kind *kind, const struct scim_query *query,
                        struct sort_item *items, size_t count, struct scim_error *error)
{
    struct scim_place place;
    struct slice path = query->sort_by;
    if (path.len == 0)
        return ST_OK;
    if (place_parse(kind, NULL, &path, &place) != ST_OK || path.len > 0 || place.attribute == NULL)
        return scim_fail(error, 400, "invalidPath", "sortBy: no such attribute");
    const struct scim_attribute *a = place.sub != NULL ? place.sub : place.attribute;
    for (size_t i = 0; i < count; i++) {
        items[i].key = sort_text(&place, place_get(kind, &place, items[i].resource));
        items[i].descending = query->descending;
        items[i].exact = (a->flags & SCIM_EXACT) != 0;
    }
    if (count > 1)
        qsort(items, count, sizeof *items, compare_items);
    return ST_OK;
}

/* Which attributes. */

static bool names(const struct scim_kind *kind, struct slice list, bool extension,
                  const struct scim_attribute *attribute, const struct scim_attribute *sub)
{
    while (list.len > 0) {
        size_t comma = slice_find(list, LIT(","), 0);
        struct slice path = slice_trim(slice_sub(list, 0, comma));
        struct scim_place place;
        list = comma == SIZE_MAX ? SLICE_NONE : slice_sub(list, comma + 1, list.len);
        if (place_parse(kind, NULL, &path, &place) != ST_OK || path.len > 0 ||
            place.extension != extension)
            continue;
        if (place.attribute == NULL ? extension && attribute != NULL : place.attribute == attribute)
            if (place.sub == NULL || sub == NULL || place.sub == sub)
                return sub != NULL || place.sub == NULL || attribute->subs != NULL;
    }
    return false;
}

/* Whether the list names the whole of an attribute, not just a part of it. */
static bool names_whole(const struct scim_kind *kind, struct slice list, bool extension,
                        const struct scim_attribute *a)
{
    for (const struct scim_attribute *sub = a->subs; sub != NULL && sub->name != NULL; sub++)
        if (!names(kind, list, extension, a, sub))
            return false;
    return names(kind, list, extension, a, NULL);
}

static void keep_parts(const struct scim_kind *kind, const struct scim_query *query,
                       bool extension, const struct scim_attribute *a, json_t *value)
{
    size_t i;
    json_t *one;
    json_array_foreach(value, i, one)
        keep_parts(kind, query, extension, a, one);
    if (!json_is_object(value))
        return;
    for (const struct scim_attribute *sub = a->subs; sub->name != NULL; sub++) {
        bool wanted = query->attributes.len > 0
                          ? names(kind, query->attributes, extension, a, sub)
                          : !names(kind, query->excluded, extension, a, sub);
        if (!wanted)
            json_object_del(value, sub->name);
    }
}

static void project(const struct scim_kind *kind, const struct scim_query *query, bool extension,
                    const struct scim_attribute *attributes, json_t *holder)
{
    for (const struct scim_attribute *a = attributes; a->name != NULL; a++) {
        bool wanted = query->attributes.len > 0
                          ? names(kind, query->attributes, extension, a, NULL)
                          : !names_whole(kind, query->excluded, extension, a);
        if ((a->flags & SCIM_ALWAYS) != 0)
            continue;
        if (!wanted)
            json_object_del(holder, a->name);
        else if (a->subs != NULL)
            keep_parts(kind, query, extension, a, json_object_get(holder, a->name));
    }
}

json_t *scim_project(const struct scim_kind *kind, json_t *resource,
                     const struct scim_query *query)
{
    json_t *out = json_deep_copy(resource);
    if (query->attributes.len == 0 && query->excluded.len == 0)
        return out;
    project(kind, query, false, kind->attributes, out);
    json_t *extension = kind->extension == NULL ? NULL : json_object_get(out, kind->extension);
    if (extension != NULL) {
        project(kind, query, true, kind->extension_attributes, extension);
        if (json_object_size(extension) == 0)
            json_object_del(out, kind->extension);
    }
    return out;
}

enum status scim_list(const struct scim_kind *kind, json_t *resources,
                      const struct scim_query *query, struct arena *arena, json_t **out,
                      struct scim_error *error)
{
    struct scim_filter *filter = NULL;
    struct sort_item *items = ARENA_ARRAY(arena, json_array_size(resources) + 1, struct sort_item);
    size_t i, count = 0;
    json_t *resource;
    if (query->filter.len > 0)
        TRY(scim_filter_parse(kind, query->filter, arena, &filter, error));
    json_array_foreach(resources, i, resource)
        if (filter == NULL || scim_matches(kind, filter, resource)) {
            items[count] = (struct sort_item){.resource = resource, .place = count};
            count++;
        }
    TRY(sort(kind, query, items, count, error));
    json_t *page = json_array();
    size_t from = (size_t)query->start - 1;
    for (i = from; i < count && i - from < (size_t)query->count; i++)
        json_array_append_new(page, scim_project(kind, items[i].resource, query));
    *out = json_pack("{s:[s], s:I, s:I, s:I, s:o}", "schemas", SCIM_URN_LIST, "totalResults",
                     (json_int_t)count, "startIndex", (json_int_t)query->start, "itemsPerPage",
                     (json_int_t)json_array_size(page), "Resources", page);
    return ST_OK;
}
