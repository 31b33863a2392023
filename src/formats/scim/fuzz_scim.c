#include <assert.h>

#include "formats/scim/scim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line is a filter, or names of attributes; the rest a resource, a search or a patch. Whatever is
 * accepted is canonical: reading it again changes nothing. */

static void try_resource(json_t *value)
{
    AUTO_JSON read = NULL;
    AUTO_JSON again = NULL;
    AUTO_JSON patched = NULL;
    struct scim_error error = {0};
    if (scim_read(&scim_user, value, &read, &error) != ST_OK) {
        assert(error.http >= 400 && error.http < 500);
        return;
    }
    enum status status = scim_read(&scim_user, read, &again, &error);
    assert(status == ST_OK && json_equal(read, again));
    if (scim_patch(&scim_user, read, value, &patched, &error) != ST_OK)
        assert(error.http >= 400 && error.http < 500);
}

static void try_patch(json_t *request)
{
    AUTO_JSON person = json_pack(
        "{s:[s], s:s, s:s, s:{s:s}, s:[{s:s, s:s, s:b}, {s:s, s:s}]}", "schemas", scim_user.schema,
        "id", "p_1", "userName", "nora", "name", "givenName", "Nora", "emails", "value",
        "n@acme.example", "type", "work", "primary", 1, "value", "n@home.example", "type", "home");
    AUTO_JSON out = NULL;
    AUTO_JSON again = NULL;
    struct scim_error error = {0};
    if (scim_patch(&scim_user, person, request, &out, &error) != ST_OK)
        return;
    json_t *id = json_object_get(out, "id");
    assert(json_equal(id, json_object_get(person, "id")));
    enum status status = scim_read(&scim_user, out, &again, &error);
    assert(status == ST_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((size_t)256 << 20);
    AUTO_JSON value = NULL;
    AUTO_JSON page = NULL;
    struct slice rest = {(const char *)data, size}, line = {0};
    struct scim_query query;
    struct scim_error error = {0};
    if (!slice_next_line(&rest, &line))
        return 0;
    AUTO_JSON people = json_array();
    if (json_read(rest, &value, NULL) == ST_OK) {
        json_array_append(people, value);
        try_resource(value);
        try_patch(value);
        if (json_is_object(value) && scim_query_from_json(value, arena, &query, &error) == ST_OK)
            (void)!scim_list(&scim_user, people, &query, arena, &page, &error);
    }
    query = (struct scim_query){.filter = line, .sort_by = line, .attributes = line, .start = 1, .count = 1};
    if (line.len % 2 == 0)
        query.filter = SLICE_NONE;
    else
        query.sort_by = SLICE_NONE;
    json_release(&page);
    if (scim_list(&scim_user, people, &query, arena, &page, &error) != ST_OK)
        assert(error.http == 400);
    return 0;
}
