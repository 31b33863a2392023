#include "check.h"
#include "formats/scim/internal.h"

/* Texts of the tables are written with ' for "; \' becomes \", within a JSON string. */
static json_t *from_text(const char *text, struct arena *arena)
{
    char *copy = arena_text(arena, slice_from(text));
    json_t *value = NULL;
    for (char *c = copy; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    CHECK_OK(json_read(slice_from(copy), &value, NULL));
    return value;
}

static struct slice to_text(json_t *value, struct arena *arena)
{
    struct slice text = json_write(value, arena);
    char *copy = arena_text(arena, text);
    for (char *c = copy; *c != '\0'; c++)
        *c = *c == '"' ? '\'' : *c;
    return slice_from(copy);
}

#define USER "'schemas': ['urn:ietf:params:scim:schemas:core:2.0:User']"
#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
static const char people[] =
    "[{'id': 'p_1', 'userName': 'Nora@acme.example', 'active': true, 'title': 'Head of Office',"
    "  'name': {'givenName': 'Nora', 'familyName': 'Lefèvre'},"
    "  'emails': [{'value': 'nora@acme.example', 'type': 'work', 'primary': true},"
    "             {'value': 'n@home.example', 'type': 'home'}],"
    "  'meta': {'lastModified': '2026-03-01T10:00:00+01:00'}, '" ENTERPRISE
    "': {'department': 'Legal', 'manager': {'value': 'p_2'}}},"
    " {'id': 'p_2', 'userName': 'theo@acme.example', 'active': false, 'externalId': 'X7',"
    "  'emails': [{'value': 'theo@acme.example', 'type': 'home'}],"
    "  'meta': {'lastModified': '2026-03-01T09:30:00Z'}},"
    " {'id': 'p_3', 'userName': 'zoé@acme.example', 'active': true, 'externalId': 'x7'}]";

/* Filter, and who is found. */
static const struct {
    const char *filter, *found;
} filters[] = {
    {"userName eq 'nora@ACME.example'", "1"},
    {"USERNAME Eq 'nora@acme.example'", "1"},
    {"userName ne 'nora@acme.example'", "23"},
    {"userName co 'ACME'", "123"},
    {"userName sw 'ZOÉ'", "3"},
    {"userName ew '.example'", "123"},
    {"userName gt 'o'", "23"},
    {"userName le 'theo@acme.example'", "12"},
    {"title pr", "1"},
    {"not (title pr)", "23"},
    {"not(title pr)", "23"},
    {"title eq null", "23"},
    {"title ne null", "1"},
    {"externalId eq 'x7'", "3"},
    {"id eq 'P_1'", ""},
    {"active eq true", "13"},
    {"active ne true", "2"},
    {"name.familyName eq 'LEFÈVRE'", "1"},
    {"name pr", "1"},
    {"name.middleName pr", ""},
    {"emails.type eq 'work'", "1"},
    {"emails eq 'theo@acme.example'", "2"},
    {"emails.value co 'home.example'", "1"},
    {"emails.type ne 'work'", "23"},
    {"emails[type eq 'home' and value co 'acme']", "2"},
    {"emails[type eq 'home'] and active eq true", "1"},
    {"emails[not (type eq 'home')]", "1"},
    {"emails pr", "12"},
    {"meta.lastModified gt '2026-03-01T09:00:00Z'", "2"},
    {"meta.lastModified eq '2026-03-01T10:30:00+01:00'", "2"},
    {"urn:ietf:params:scim:schemas:core:2.0:User:userName sw 'z'", "3"},
    {ENTERPRISE ":department eq 'legal'", "1"},
    {ENTERPRISE ":manager eq 'p_2'", "1"},
    {ENTERPRISE ":manager.value eq 'p_2'", "1"},
    {"active eq true and userName sw 'n' or userName sw 't'", "12"},
    {"active eq true and (userName sw 'n' or userName sw 't')", "1"},
    {"userName sw 't' or active eq true and userName sw 'n'", "12"},
    {"shoeSize eq '44'", ""},
    {"shoeSize ne '44'", "123"},
    {"userName eq 7", ""},
    {"  userName sw 'n'  ", "1"},
};

static void filters_find(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_JSON list = from_text(people, arena);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        struct scim_filter *filter;
        struct scim_error error = {0};
        char *text = arena_text(arena, slice_from(filters[i].filter)), found[4] = "";
        size_t count = 0, j;
        json_t *person;
        for (char *c = text; *c != '\0'; c++)
            *c = *c == '\'' ? '"' : *c;
        check_row(text);
        CHECK_OK(scim_filter_parse(&scim_user, slice_from(text), arena, &filter, &error));
        if (error.http != 0)
            continue;
        json_array_foreach(list, j, person)
            if (scim_matches(&scim_user, filter, person))
                found[count++] = (char)('1' + j);
        CHECK_TEXT(((struct slice){found, count}), filters[i].found);
    }
}

static const char *const no_filters[] = {
    "",
    " ",
    "userName",
    "userName eq",
    "userName eq a",
    "userName eq'a'",
    "userName eq \"a",
    "userName eq \"a\")",
    "(userName eq \"a\"",
    "userName eq \"a\" and",
    "userName eq \"a\" and ",
    "userName eq \"a\"and active eq true",
    "and userName eq \"a\"",
    "userName is \"a\"",
    "userName eq \"\\x\"",
    "userName eq [1]",
    "userName eq {}",
    "userName eq \"a\" active",
    "emails[]",
    "emails[type eq \"work\"",
    "emails[type eq \"work\"].value eq \"a\"",
    "emails[emails[type pr]]",
    "userName[type eq \"work\"]",
    "active gt true",
    "active co \"t\"",
    "active eq \"true\"",
    "userName co 7",
    "userName gt null",
    "name eq \"a\"",
    "meta.lastModified gt \"yesterday\"",
    "not userName",
    "not",
    "1userName pr",
    "name..familyName pr",
    "urn:ietf:params:scim:schemas:core:2.0:User: pr",
};

static void others_are_refused(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    for (size_t i = 0; i < sizeof no_filters / sizeof *no_filters; i++) {
        struct scim_filter *filter;
        struct scim_error error = {0};
        check_row(no_filters[i]);
        CHECK(scim_filter_parse(&scim_user, slice_from(no_filters[i]), arena, &filter, &error) ==
              ST_INVALID);
        CHECK_NUMBER(error.http, 400);
        CHECK_TEXT(slice_from(error.type), "invalidFilter");
    }
}

/* However deep or long: an answer, and no more work than the bounds. */
static void filters_are_bounded(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct scim_filter *filter;
    struct scim_error error = {0};
    static const char *const parts[] = {"(", "not (", "emails[", "a pr and ", "a pr or "};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t times = 1; times < 3000; times = times * 3 + 1) {
            AUTO_BUFFER text = buffer_create(1 << 20);
            for (size_t n = 0; n < times; n++)
                buffer_add_text(&text, parts[i]);
            buffer_add_text(&text, "title pr");
            for (size_t n = 0; n < times && i < 2; n++)
                buffer_add_text(&text, ")");
            enum status status =
                scim_filter_parse(&scim_user, buffer_slice(&text), arena, &filter, &error);
            CHECK(times < 20 && i != 2 ? status == ST_OK : times < 300 || status == ST_INVALID);
        }
}

static const struct {
    const char *in, *out; /* NULL: refused, */
    const char *type;     /* with this */
} resources[] = {
    {"{" USER ", 'USERNAME': 'a@b.example', 'shoeSize': 44, 'title': null, 'emails': []}",
     "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User'],'userName':'a@b.example'}", NULL},
    {"{" USER ", 'userName': 'a', 'id': 'mine', 'meta': {'version': '1'}, 'password': 'Secret123',"
     " 'groups': [{'value': 'g'}]}",
     "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User'],'userName':'a'}", NULL},
    {"{" USER ", 'userName': 'a', 'active': 'False', '" ENTERPRISE "': {'manager': 'p_2'}}",
     "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User','" ENTERPRISE
     "'],'userName':'a','active':false,'" ENTERPRISE "':{'manager':{'value':'p_2'}}}",
     NULL},
    {"{" USER ", 'userName': 'a', 'emails': [{'VALUE': 'a@b.example', 'primary': true}, 'c']}",
     "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User'],'userName':'a',"
     "'emails':[{'value':'a@b.example','primary':true},{'value':'c'}]}",
     NULL},
    {"{" USER "}", NULL, "invalidValue"},
    {"{" USER ", 'userName': ''}", NULL, "invalidValue"},
    {"{" USER ", 'userName': 7}", NULL, "invalidValue"},
    {"{" USER ", 'userName': 'a', 'active': 'perhaps'}", NULL, "invalidValue"},
    {"{" USER ", 'userName': 'a', 'name': 'Nora'}", NULL, "invalidValue"},
    {"{" USER ", 'userName': 'a', 'emails': {'value': 'x'}}", NULL, "invalidValue"},
    {"{" USER ", 'userName': 'a', 'emails': [{'value': 'x', 'primary': true},"
     " {'value': 'y', 'primary': true}]}",
     NULL, "invalidValue"},
    {"{" USER ", 'userName': 'a', '" ENTERPRISE "': []}", NULL, "invalidValue"},
    {"{'userName': 'a'}", NULL, "invalidSyntax"},
    {"[]", NULL, "invalidSyntax"},
};

static void resources_are_read(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        AUTO_JSON in = from_text(resources[i].in, arena);
        AUTO_JSON out = NULL;
        struct scim_error error = {0};
        check_row(resources[i].in);
        enum status status = scim_read(&scim_user, in, &out, &error);
        CHECK_NUMBER(status, resources[i].out == NULL ? ST_INVALID : ST_OK);
        if (status == ST_OK)
            CHECK_TEXT(to_text(out, arena), resources[i].out);
        else
            CHECK_TEXT(slice_from(error.type), resources[i].type);
    }
}

#define PATCH "{'schemas': ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], 'Operations': "
static const char patched_person[] =
    "{" USER ",'id':'p_1','userName':'nora','active':true,'name':{'givenName':'Nora'},"
    "'emails':[{'value':'n@acme.example','type':'work','primary':true},"
    "{'value':'n@home.example','type':'home'}]}";
#define NORA "'userName':'nora','name':{'givenName':'Nora'},"
#define EMAILS                                                                                     \
    "'emails':[{'value':'n@acme.example','type':'work','primary':true},"                          \
    "{'value':'n@home.example','type':'home'}]"

/* Operations, and what is behind "schemas" afterwards, or the scimType of the refusal. */
static const struct {
    const char *operations, *want;
} patches[] = {
    {"[{'op': 'Replace', 'path': 'active', 'value': 'False'}]",
     "'userName':'nora','name':{'givenName':'Nora'},'active':false," EMAILS ",'id':'p_1'}"},
    {"[{'op': 'replace', 'value': {'active': false, 'shoeSize': 4}}]",
     "'userName':'nora','name':{'givenName':'Nora'},'active':false," EMAILS ",'id':'p_1'}"},
    {"[{'op': 'add', 'value': {'name.familyName': 'Keller'}}]",
     "'userName':'nora','name':{'familyName':'Keller','givenName':'Nora'},'active':true," EMAILS
     ",'id':'p_1'}"},
    {"[{'op': 'add', 'path': 'name', 'value': {'familyName': 'Keller'}}]",
     "'userName':'nora','name':{'familyName':'Keller','givenName':'Nora'},'active':true," EMAILS
     ",'id':'p_1'}"},
    {"[{'op': 'add', 'path': 'emails', 'value': [{'value': 'k@acme.example', 'primary': true}]}]",
     NORA "'active':true,'emails':[{'value':'n@acme.example','type':'work'},"
          "{'value':'n@home.example','type':'home'},{'value':'k@acme.example','primary':true}],"
          "'id':'p_1'}"},
    {"[{'op': 'add', 'path': 'emails', 'value': {'value': 'n@home.example', 'type': 'home'}}]",
     NORA "'active':true," EMAILS ",'id':'p_1'}"},
    {"[{'op': 'replace', 'path': 'emails', 'value': [{'value': 'k@acme.example'}]}]",
     NORA "'active':true,'emails':[{'value':'k@acme.example'}],'id':'p_1'}"},
    {"[{'op': 'replace', 'path': 'emails[type eq \\'home\\'].value', 'value': 'z@home.example'}]",
     NORA "'active':true,'emails':[{'value':'n@acme.example','type':'work','primary':true},"
          "{'value':'z@home.example','type':'home'}],'id':'p_1'}"},
    {"[{'op': 'replace', 'path': 'emails[type eq \\'home\\'].primary', 'value': true}]",
     NORA "'active':true,'emails':[{'value':'n@acme.example','type':'work'},"
          "{'value':'n@home.example','type':'home','primary':true}],'id':'p_1'}"},
    {"[{'op': 'remove', 'path': 'emails[type eq\\'home\\']'}]",
     NORA "'active':true,'emails':[{'value':'n@acme.example','type':'work','primary':true}],"
          "'id':'p_1'}"},
    {"[{'op': 'remove', 'path': 'emails', 'value': [{'value': 'n@home.example', 'type': 'home'}]}]",
     NORA "'active':true,'emails':[{'value':'n@acme.example','type':'work','primary':true}],"
          "'id':'p_1'}"},
    {"[{'op': 'remove', 'path': 'emails'}, {'op': 'remove', 'path': 'name.givenName'}]",
     "'userName':'nora','active':true,'id':'p_1'}"},
    {"[{'op': 'add', 'path': 'emails[type eq \\'other\\'].value', 'value': 'o@acme.example'}]",
     NORA "'active':true,'emails':[{'value':'n@acme.example','type':'work','primary':true},"
          "{'value':'n@home.example','type':'home'},{'value':'o@acme.example','type':'other'}],"
          "'id':'p_1'}"},
    {"[{'op': 'add', 'value': {'" ENTERPRISE "': {'department': 'Legal'}}},"
     " {'op': 'add', 'path': '" ENTERPRISE ":division', 'value': 'West'},"
     " {'op': 'remove', 'path': '" ENTERPRISE ":department'}]",
     NORA "'active':true," EMAILS ",'" ENTERPRISE "':{'division':'West'},'id':'p_1'}"},
    {"[{'op': 'replace', 'path': 'emails[type eq \\'fax\\'].value', 'value': 'x'}]", "noTarget"},
    {"[{'op': 'remove'}]", "noTarget"},
    {"[{'op': 'remove', 'path': 'userName'}]", "mutability"},
    {"[{'op': 'replace', 'path': 'id', 'value': 'p_2'}]", "mutability"},
    {"[{'op': 'replace', 'path': 'meta.version', 'value': '2'}]", "mutability"},
    {"[{'op': 'replace', 'path': 'shoeSize', 'value': 44}]", "invalidPath"},
    {"[{'op': 'replace', 'path': 'emails[type eq', 'value': 44}]", "invalidFilter"},
    {"[{'op': 'replace', 'path': 'userName[a pr]', 'value': 'x'}]", "invalidPath"},
    {"[{'op': 'replace', 'path': 7, 'value': 'x'}]", "invalidPath"},
    {"[{'op': 'replace', 'path': 'active', 'value': 'x'}]", "invalidValue"},
    {"[{'op': 'replace', 'path': 'active'}]", "invalidValue"},
    {"[{'op': 'replace', 'value': 'x'}]", "invalidValue"},
    {"[{'op': 'swap', 'path': 'active', 'value': true}]", "invalidSyntax"},
    {"[{'op': 'replace', 'path': 'active', 'value': false}, {'op': 'remove'}]", "noTarget"},
    {"[]", "invalidSyntax"},
    {"{}", "invalidSyntax"},
};

static void patches_change(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_JSON person = from_text(patched_person, arena);
    struct slice before = to_text(person, arena);
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        AUTO_JSON request =
            from_text(arena_format(arena, PATCH "%s}", patches[i].operations).data, arena);
        AUTO_JSON out = NULL;
        struct scim_error error = {0};
        check_row(patches[i].operations);
        enum status status = scim_patch(&scim_user, person, request, &out, &error);
        if (status == ST_OK) {
            struct slice text = to_text(out, arena);
            size_t from = slice_find(text, LIT("],"), 0);
            CHECK_TEXT(slice_sub(text, from + 2, text.len), patches[i].want);
        } else {
            CHECK_TEXT(slice_from(error.type), patches[i].want);
            CHECK_NUMBER(error.http, 400);
        }
        CHECK(slice_equal(to_text(person, arena), before)); /* a copy was changed */
    }
}

static const struct {
    const char *query, *want;
} lists[] = {
    {"{}", "3 p_1p_2p_3"},
    {"{'startIndex':'2','count':'1'}", "3 p_2"},
    {"{'count':'0'}", "3 "},
    {"{'startIndex':'-5','count':'2'}", "3 p_1p_2"},
    {"{'startIndex':'99'}", "3 "},
    {"{'count':'-1'}", "3 "},
    {"{'count':'1000000'}", "3 p_1p_2p_3"},
    {"{'filter':'active eq true'}", "2 p_1p_3"},
    {"{'filter':'active eq true','sortBy':'userName','sortOrder':'descending'}", "2 p_3p_1"},
    {"{'sortBy':'title'}", "3 p_1p_2p_3"},
    {"{'sortBy':'name.familyName','sortOrder':'descending'}", "3 p_2p_3p_1"},
    {"{'sortBy':'emails'}", "3 p_1p_2p_3"},
    {"{'filter':''}", "invalidFilter"},
    {"{'filter':'active'}", "invalidFilter"},
    {"{'sortBy':'shoeSize'}", "invalidPath"},
};

static void lists_are_pages(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_JSON all = from_text(people, arena);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        AUTO_JSON out = NULL;
        AUTO_BUFFER found = buffer_create(200);
        struct scim_query query;
        struct scim_error error = {0};
        check_row(lists[i].query);
        AUTO_JSON texts = from_text(lists[i].query, arena);
        scim_query_from_texts(texts, &query);
        enum status status = scim_list(&scim_user, all, &query, arena, &out, &error);
        if (status != ST_OK) {
            CHECK_TEXT(slice_from(error.type), lists[i].want);
            continue;
        }
        size_t j;
        json_t *person;
        json_t *page = json_object_get(out, "Resources");
        buffer_add_format(&found, "%d ", (int)json_number(out, "totalResults", -1));
        json_array_foreach(page, j, person)
            buffer_add(&found, json_text(person, "id"));
        CHECK_TEXT(buffer_slice(&found), lists[i].want);
        CHECK_NUMBER(json_number(out, "itemsPerPage", -1), json_array_size(page));
    }
}

static const struct {
    const char *query, *want;
} parts[] = {
    {"{'attributes':'userName'}", "{'id':'p_1','userName':'Nora@acme.example'}"},
    {"{'attributes':'name.givenName, ACTIVE'}",
     "{'id':'p_1','active':true,'name':{'givenName':'Nora'}}"},
    {"{'attributes':'emails.value'}",
     "{'id':'p_1','emails':[{'value':'nora@acme.example'},{'value':'n@home.example'}]}"},
    {"{'attributes':'" ENTERPRISE ":department'}",
     "{'id':'p_1','" ENTERPRISE "':{'department':'Legal'}}"},
    {"{'attributes':'shoeSize'}", "{'id':'p_1'}"},
    {"{'excludedAttributes':'id,emails,meta,title,name.familyName," ENTERPRISE ":manager'}",
     "{'id':'p_1','userName':'Nora@acme.example','active':true,'name':{'givenName':'Nora'},'" ENTERPRISE
     "':{'department':'Legal'}}"},
};

static void parts_are_chosen(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_JSON all = from_text(people, arena);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct scim_query query;
        AUTO_JSON texts = from_text(parts[i].query, arena);
        check_row(parts[i].query);
        scim_query_from_texts(texts, &query);
        AUTO_JSON out = scim_project(&scim_user, json_array_get(all, 0), &query);
        CHECK_TEXT(to_text(out, arena), parts[i].want);
    }
}

static void the_server_describes_itself(void)
{
    AUTO_ARENA arena = arena_create(4 << 20);
    struct slice base = LIT("https://meet.example/scim/v2");
    AUTO_JSON schemas = scim_schemas_json(base);
    AUTO_JSON types = scim_resource_types_json(base);
    AUTO_JSON provider = scim_provider_json(base);
    AUTO_JSON user = scim_schema_json(slice_from(scim_user.schema), base);
    CHECK_NUMBER(json_number(schemas, "totalResults", 0), 3);
    CHECK_NUMBER(json_number(types, "totalResults", 0), 2);
    CHECK(json_is_true(json_object_get(json_object_get(provider, "patch"), "supported")));
    CHECK(json_is_false(json_object_get(json_object_get(provider, "bulk"), "supported")));
    CHECK_TEXT(json_text(json_object_get(user, "meta"), "location"),
               "https://meet.example/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User");
    CHECK(scim_schema_json(LIT("urn:of:nothing"), base) == NULL);
    CHECK(scim_resource_type_json(LIT("Printer"), base) == NULL);
    struct scim_error error;
    CHECK(scim_fail(&error, 404, NULL, "no %s", "such") == ST_NOT_FOUND);
    AUTO_JSON problem = scim_error_json(&error);
    CHECK_TEXT(to_text(problem, arena), "{'schemas':['urn:ietf:params:scim:api:messages:2.0:Error'],"
                                        "'status':'404','detail':'no such'}");
}

int main(void)
{
    TEST(filters_find);
    TEST(others_are_refused);
    TEST(filters_are_bounded);
    TEST(resources_are_read);
    TEST(patches_change);
    TEST(lists_are_pages);
    TEST(parts_are_chosen);
    TEST(the_server_describes_itself);
    return check_done();
}
