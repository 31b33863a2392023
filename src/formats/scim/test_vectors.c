/* The examples of RFC 7643 and 7644, and filters: test_vectors FOLDER FOLDER-OF-FILTERS. Says so
 * when they are not there. */
#include <dirent.h>

#include "check.h"
#include "formats/scim/internal.h"

enum { FILE_BYTES_MAX = 1 << 20 };

static const char *examples, *filters;
static struct arena *arena;

static json_t *load(const char *folder, const char *name)
{
    struct slice text;
    json_t *value = NULL;
    CHECK_OK(file_read(arena_format(arena, "%s/%s", folder, name).data, FILE_BYTES_MAX, arena, &text, NULL));
    CHECK_OK(json_read(text, &value, NULL));
    return value;
}

/* What the RFCs show is an attribute of ours, of the same type. */
static void check_attributes(const struct scim_attribute *ours, json_t *theirs)
{
    size_t i;
    json_t *a;
    json_array_foreach(theirs, i, a) {
        const struct scim_attribute *own = attribute_find(ours, json_text(a, "name"));
        check_row(json_string_value(json_object_get(a, "name")));
        CHECK(own != NULL);
        if (own == NULL)
            continue;
        CHECK_NUMBER((own->flags & SCIM_MULTI) != 0, json_flag(a, "multiValued", false));
        CHECK_NUMBER((own->flags & SCIM_READ_ONLY) != 0,
                     slice_equal(json_text(a, "mutability"), LIT("readOnly")));
        CHECK_NUMBER(own->type == SCIM_COMPLEX, slice_equal(json_text(a, "type"), LIT("complex")));
        CHECK_NUMBER(own->type == SCIM_BOOLEAN, slice_equal(json_text(a, "type"), LIT("boolean")));
        if (own->subs != NULL)
            check_attributes(own->subs, json_object_get(a, "subAttributes"));
    }
}

static void schemas_have_what_the_rfc_has(void)
{
    AUTO_JSON user = load(examples, "rfc7643-8.7.1-schema-user.json");
    AUTO_JSON enterprise = load(examples, "rfc7643-8.7.1-schema-enterprise_user.json");
    check_attributes(scim_user.attributes, json_object_get(user, "attributes"));
    check_attributes(scim_user.extension_attributes, json_object_get(enterprise, "attributes"));
}

static const struct scim_kind *kind_of(json_t *value)
{
    size_t i;
    json_t *urn;
    json_array_foreach(json_object_get(value, "schemas"), i, urn) {
        struct slice text = slice_from(json_string_value(urn));
        if (slice_equal(text, slice_from(scim_user.schema)))
            return &scim_user;
        if (slice_equal(text, slice_from(scim_group.schema)))
            return &scim_group;
        if (slice_equal(text, LIT(SCIM_URN_PATCH)))
            return NULL;
    }
    return NULL;
}

/* Resources are read and read again alike; PATCH examples find a resource they fit. */
static void check_example(const char *name)
{
    AUTO_JSON value = load(examples, name);
    AUTO_JSON read = NULL;
    AUTO_JSON again = NULL;
    AUTO_JSON user = NULL;
    AUTO_JSON group = NULL;
    struct scim_error error = {0};
    const struct scim_kind *kind = kind_of(value);
    check_row(name);
    if (kind != NULL && json_object_get(value, "userName") == NULL &&
        json_object_get(value, "displayName") == NULL)
        return; /* a part of a resource */
    if (kind != NULL) {
        CHECK_OK(scim_read(kind, value, &read, &error));
        CHECK_OK(scim_read(kind, read, &again, &error));
        CHECK(json_equal(read, again));
        return;
    }
    if (json_object_get(value, "Operations") == NULL || !slice_contains(slice_from(name), LIT("patch_op")))
        return;
    user = load(examples, "rfc7643-8.2-user-full.json");
    group = load(examples, "rfc7643-8.4-group.json");
    bool of_group = slice_contains(slice_from(name), LIT("member"));
    CHECK_OK(scim_patch(of_group ? &scim_group : &scim_user, of_group ? group : user, value, &read,
                        &error));
    printf("# %s: %s\n", name, error.http == 0 ? "applied" : error.detail);
}

static void examples_are_read(void)
{
    DIR *folder = opendir(examples);
    size_t files = 0;
    CHECK(folder != NULL);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (slice_ends(slice_from(entry->d_name), LIT(".json"))) {
            files++;
            check_example(entry->d_name);
        }
    if (folder != NULL)
        closedir(folder);
    CHECK(files > 20);
}

static void check_filter(json_t *row, json_t *people)
{
    struct scim_query query = {.filter = json_text(row, "filter"), .start = 1, .count = SCIM_PAGE_MAX};
    struct scim_error error = {0};
    AUTO_JSON out = NULL;
    json_t *want = json_object_get(row, "expect_ids");
    check_row(json_string_value(json_object_get(row, "filter")));
    enum status status = scim_list(&scim_user, people, &query, arena, &out, &error);
    if (want == NULL) {
        CHECK(status == ST_INVALID);
        CHECK_NUMBER(error.http, json_number(row, "expect_status", 400));
        CHECK(slice_equal(slice_from(error.type), json_text(row, "expect_scimType")));
        return;
    }
    CHECK_OK(status);
    json_t *page = json_object_get(out, "Resources");
    CHECK_NUMBER(json_array_size(page), json_array_size(want));
    for (size_t i = 0; i < json_array_size(page); i++)
        CHECK(slice_equal(json_text(json_array_get(page, i), "id"),
                          slice_from(json_string_value(json_array_get(want, i)))));
}

static void filters_find(void)
{
    struct slice text, line;
    AUTO_JSON people = load(filters, "scim_users.json");
    size_t rows = 0;
    CHECK_OK(file_read(arena_format(arena, "%s/scim_filters.jsonl", filters).data, FILE_BYTES_MAX,
                       arena, &text, NULL));
    while (slice_next_line(&text, &line)) {
        AUTO_JSON row = NULL;
        if (line.len == 0)
            continue;
        CHECK_OK(json_read(line, &row, NULL));
        check_filter(row, people);
        rows++;
    }
    CHECK(rows > 0);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        printf("1..0 # SKIP the examples of RFC 7643 and 7644 are not beside the repository\n");
        return 0;
    }
    arena = arena_create((size_t)64 << 20);
    examples = argv[1];
    filters = argv[2];
    TEST(schemas_have_what_the_rfc_has);
    TEST(examples_are_read);
    TEST(filters_find);
    arena_destroy(&arena);
    return check_done();
}
