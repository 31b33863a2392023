/* A client's directory: people and groups come, change and go by SCIM. */
#include "roles/authd/scim.h"
#include "test_house.h"

#define USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define GROUP "urn:ietf:params:scim:schemas:core:2.0:Group"
#define PATCH "urn:ietf:params:scim:api:messages:2.0:PatchOp"

static const char good[] = "Cerises-du-lundi-7";

struct directory_client {
    struct house *house;
    struct slice token;
    unsigned status; /* of the last answer */
    json_t *body;    /* of the last answer, or NULL */
};

/* An owner, a service account, its token. */
static struct directory_client connect_to(struct house *house, const char *organisation,
                                          const char *address)
{
    struct directory_client client = {.house = house};
    CHECK_OK(ROOT(house, "account.add",
                  "{'organisation': '%s', 'name': 'Ada Owner', 'address': '%s', 'language': 'en', "
                  "'function': 'administrator', 'invite': false}", organisation, address));
    struct slice owner = house_text(house, "id");
    CHECK_OK(ROOT(house, "account.add",
                  "{'organisation': '%s', 'name': 'Directory', 'owner': '%.*s', 'function': 'service'}",
                  organisation, SLICE_ARG(owner)));
    struct slice service = house_text(house, "id");
    CHECK_OK(ROOT(house, "token.make", "{'account': '%.*s', 'name': 'scim', 'scopes': ['scim'], 'days': 30}",
                  SLICE_ARG(service)));
    client.token = house_text(house, "token");
    CHECK(client.token.len > 40);
    return client;
}

static unsigned request(struct directory_client *client, const char *method, const char *path,
                        const char *query, const char *body)
{
    struct house *house = client->house;
    AUTO_JSON texts = NULL;
    AUTO_JSON answer = NULL;
    struct slice text = house_json(house, slice_from(body));
    CHECK_OK(json_read(house_json(house, slice_from(query)), &texts, NULL));
    AUTO_JSON question = json_pack("{s:s, s:s, s:O, s:s, s:o}", "method", method, "path", path,
                                   "query", texts, "if_match", "", "body", json_from_text(text));
    struct command command = {.name = LIT("scim"),
                              .json = json_write(question, house->arena),
                              .credentials = {.token = client->token, .address = LIT("192.0.2.9")}};
    json_release(&client->body);
    authd_command(house->authd, ROLE_API, &command, house->now, house);
    client->status = 0;
    if (house->answer.status != ST_OK)
        return 0;
    CHECK_OK(json_read(house->answer.json, &answer, NULL));
    client->status = (unsigned)json_number(answer, "status", 0);
    struct slice said = json_text(answer, "body");
    if (said.len > 0)
        CHECK_OK(json_read(said, &client->body, NULL));
    return client->status;
}

static struct slice text_of(struct directory_client *client, const char *member)
{
    return arena_copy(client->house->arena, json_text(client->body, member));
}

static const char *path_of(struct directory_client *client, const char *kind, struct slice id)
{
    return arena_format(client->house->arena, "%s/%.*s", kind, SLICE_ARG(id)).data;
}

static const char nora[] =
    "{'schemas': ['" USER "'], 'userName': 'nora', 'externalId': 'E1', 'displayName': 'Nora Keller', "
    "'preferredLanguage': 'en-GB', 'emails': [{'value': 'Nora@acme.example', 'type': 'work'}]}";

static void people_come_change_and_go(void)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    struct directory_client client = connect_to(house, "acme", "ada@acme.example");
    house_forget(house);
    CHECK_NUMBER(request(&client, "POST", "Users", "{}", nora), 201);
    struct slice id = text_of(&client, "id");
    CHECK(slice_starts(id, LIT("p_")));
    CHECK(json_is_true(json_object_get(client.body, "active")));
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.invited"), 1);
    CHECK_OK(ROOT(house, "account.show", "{'account': 'nora@acme.example'}"));
    CHECK_TEXT(house_text(house, "state"), "invited");
    CHECK_TEXT(house_text(house, "language"), "en");
    CHECK_TEXT(house_text(house, "function"), "organizer");
    /* the same again */
    CHECK_NUMBER(request(&client, "POST", "Users", "{}", nora), 409);
    CHECK_TEXT(text_of(&client, "scimType"), "uniqueness");
    /* found by its name, and by nobody else's */
    CHECK_NUMBER(request(&client, "GET", "Users", "{'filter': 'userName eq \\\"NORA\\\"'}", ""), 200);
    CHECK_NUMBER(json_number(client.body, "totalResults", -1), 1);
    CHECK_NUMBER(request(&client, "GET", "Users", "{'filter': 'userName eq \\\"norah\\\"'}", ""), 200);
    CHECK_NUMBER(json_number(client.body, "totalResults", -1), 0);
    CHECK_NUMBER(request(&client, "GET", "Users", "{'filter': 'emails co \\\"ACME\\\"'}", ""), 200);
    CHECK_NUMBER(json_number(client.body, "totalResults", -1), 2); /* and the owner */
    /* changed */
    CHECK_NUMBER(request(&client, "PATCH", path_of(&client, "Users", id), "{}",
                         "{'schemas': ['" PATCH "'], 'Operations': [{'op': 'replace', 'path': 'displayName', "
                         "'value': 'Nora Keller-Roy'}]}"), 200);
    CHECK_TEXT(text_of(&client, "displayName"), "Nora Keller-Roy");
    CHECK_TEXT(text_of(&client, "externalId"), "E1");
    /* inactive: all access ends; active again: somebody new */
    CHECK_OK(ROOT(house, "account.function", "{'account': '%.*s', 'function': 'auditor'}", SLICE_ARG(id)));
    CHECK_NUMBER(request(&client, "PATCH", path_of(&client, "Users", id), "{}",
                         "{'schemas': ['" PATCH "'], 'Operations': [{'op': 'Replace', 'path': 'active', "
                         "'value': 'False'}]}"), 200);
    CHECK(json_is_false(json_object_get(client.body, "active")));
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(id)));
    CHECK_TEXT(house_text(house, "state"), "ended");
    CHECK_NUMBER(request(&client, "PUT", path_of(&client, "Users", id), "{}", nora), 200);
    CHECK(json_is_true(json_object_get(client.body, "active")));
    CHECK_TEXT(text_of(&client, "displayName"), "Nora Keller");
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(id)));
    CHECK_TEXT(house_text(house, "state"), "invited");
    CHECK_TEXT(house_text(house, "function"), "organizer"); /* was auditor */
    /* deleted: the names are free */
    CHECK_NUMBER(request(&client, "DELETE", path_of(&client, "Users", id), "{}", ""), 204);
    CHECK(client.body == NULL);
    CHECK_NUMBER(request(&client, "GET", path_of(&client, "Users", id), "{}", ""), 404);
    CHECK_NUMBER(request(&client, "POST", "Users", "{}", nora), 201);
    CHECK(!slice_equal(text_of(&client, "id"), id));
    json_release(&client.body);
    house_end(house);
}

/* Sessions of somebody whom the directory ends are over at once, with proof. */
static void the_end_is_at_once(void)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    struct directory_client client = connect_to(house, "acme", "ada@acme.example");
    struct member member = house_add(house, "Nora Keller", "nora@acme.example", "organizer", good);
    CHECK_OK(house_sign_in(house, &member, good));
    CHECK_OK(ASK(house, "me.show", "{}"));
    house_forget(house);
    CHECK_NUMBER(request(&client, "GET", path_of(&client, "Users", member.id), "{}", ""), 200);
    CHECK_TEXT(text_of(&client, "userName"), "nora@acme.example"); /* made by hand, seen all the same */
    CHECK_NUMBER(request(&client, "PATCH", path_of(&client, "Users", member.id), "{}",
                         "{'schemas': ['" PATCH "'], 'Operations': [{'op': 'replace', 'value': {'active': false}}]}"),
                 200);
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    CHECK(house_said(house, MESSAGE_PERSON_ENDED, "directory") >= 1);
    json_release(&client.body);
    house_end(house);
}

/* What is refused, and how. */
static void wrong_requests_are_told_so(void)
{
    static const struct {
        const char *method, *path, *query, *body;
        unsigned status;
        const char *type;
    } rows[] = {
        {"POST", "Users", "{}", "no json", 400, "invalidSyntax"},
        {"POST", "Users", "{}", "{}", 400, "invalidSyntax"},
        {"POST", "Users", "{}", "{'schemas': ['" USER "']}", 400, "invalidValue"},
        {"POST", "Users", "{}", "{'schemas': ['" USER "'], 'userName': 'nobody'}", 400, "invalidValue"},
        {"POST", "Users", "{}", "{'schemas': ['" USER "'], 'userName': 'support@acme.example', "
         "'displayName': 'Support'}", 400, "invalidValue"},
        {"GET", "Users", "{'filter': 'userName eq'}", "", 400, "invalidFilter"},
        {"GET", "Users/p_none", "{}", "", 404, ""},
        {"PATCH", "Users/p_none", "{}", "{'schemas': ['" PATCH "'], 'Operations': []}", 404, ""},
        {"GET", "Printers", "{}", "", 404, ""},
        {"GET", "Users/a/b", "{}", "", 404, ""},
        {"PUT", "Users", "{}", "{}", 405, ""},
        {"POST", "Bulk", "{}", "{}", 501, ""},
        {"GET", "Me", "{}", "", 501, ""},
        {"POST", "Groups", "{}", "{'schemas': ['" GROUP "'], 'displayName': 'x', 'members': [{'value': 'p_none'}]}",
         400, "invalidValue"},
        {"GET", "ServiceProviderConfig", "{}", "", 200, ""},
        {"GET", "ResourceTypes/User", "{}", "", 200, ""},
        {"GET", "Schemas/" USER, "{}", "", 200, ""},
        {"GET", "Schemas/urn:none", "{}", "", 404, ""},
        {"POST", "Users/.search", "{}", "{'schemas': ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], "
         "'filter': 'userName pr', 'count': 1}", 200, ""},
    };
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    struct directory_client client = connect_to(house, "acme", "ada@acme.example");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row(rows[i].path);
        CHECK_NUMBER(request(&client, rows[i].method, rows[i].path, rows[i].query, rows[i].body), rows[i].status);
        CHECK_TEXT(text_of(&client, "scimType"), rows[i].type);
    }
    json_release(&client.body);
    house_end(house);
}

static void a_directory_sees_its_own(void)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    house_organisation(house, "other", "client");
    struct directory_client client = connect_to(house, "acme", "ada@acme.example");
    struct directory_client other = connect_to(house, "other", "ada@other.example");
    CHECK_NUMBER(request(&client, "POST", "Users", "{}", nora), 201);
    struct slice id = text_of(&client, "id");
    CHECK_NUMBER(request(&other, "GET", path_of(&other, "Users", id), "{}", ""), 404);
    CHECK_NUMBER(request(&other, "PUT", path_of(&other, "Users", id), "{}", nora), 404);
    CHECK_NUMBER(request(&other, "DELETE", path_of(&other, "Users", id), "{}", ""), 404);
    CHECK_NUMBER(request(&other, "GET", "Users", "{'filter': 'userName eq \\\"nora\\\"'}", ""), 200);
    CHECK_NUMBER(json_number(other.body, "totalResults", -1), 0);
    /* an address has one account, whosever it is; nothing more is said */
    CHECK_NUMBER(request(&other, "POST", "Users", "{}", nora), 409);
    other.token = LIT("rdz_nothing");
    CHECK_NUMBER(request(&other, "GET", "Users", "{}", ""), 0);
    CHECK_NUMBER(house->answer.status, ST_DENIED);
    json_release(&client.body);
    json_release(&other.body);
    house_end(house);
}

static void groups_give_functions(void)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    struct directory_client client = connect_to(house, "acme", "ada@acme.example");
    CHECK_NUMBER(request(&client, "POST", "Users", "{}", nora), 201);
    struct slice id = text_of(&client, "id");
    CHECK_NUMBER(request(&client, "POST", "Groups", "{}", "{'schemas': ['" GROUP "'], 'displayName': 'Auditors'}"),
                 201);
    struct slice group = text_of(&client, "id");
    CHECK_NUMBER(request(&client, "POST", "Groups", "{}", "{'schemas': ['" GROUP "'], 'displayName': 'AUDITORS'}"),
                 409);
    const char *add = arena_format(house->arena, "{'schemas': ['" PATCH "'], 'Operations': [{'op': 'add', "
                                   "'path': 'members', 'value': [{'value': '%.*s'}]}]}", SLICE_ARG(id)).data;
    CHECK_NUMBER(request(&client, "PATCH", path_of(&client, "Groups", group), "{}", add), 200);
    CHECK_NUMBER(json_array_size(json_object_get(client.body, "members")), 1);
    /* It stands for nothing yet. */
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(id)));
    CHECK_TEXT(house_text(house, "function"), "organizer");
    CHECK_OK(ROOT(house, "scim.function", "{'organisation': 'acme', 'group': '%.*s', 'function': 'auditor'}",
                  SLICE_ARG(group)));
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(id)));
    CHECK_TEXT(house_text(house, "function"), "auditor");
    CHECK_NUMBER(ROOT(house, "scim.function", "{'organisation': 'acme', 'group': '%.*s', 'function': 'operator'}",
                      SLICE_ARG(group)), ST_INVALID);
    CHECK_OK(ROOT(house, "scim.groups", "{'organisation': 'acme'}"));
    CHECK_NUMBER(house_count(house, "groups"), 1);
    CHECK_NUMBER(request(&client, "GET", path_of(&client, "Users", id), "{}", ""), 200);
    CHECK_NUMBER(json_array_size(json_object_get(client.body, "groups")), 1);
    /* Out of the group, and the function is gone. */
    const char *remove = arena_format(house->arena, "{'schemas': ['" PATCH "'], 'Operations': [{'op': 'remove', "
                                      "'path': 'members[value eq \\\"%.*s\\\"]'}]}", SLICE_ARG(id)).data;
    CHECK_NUMBER(request(&client, "PATCH", path_of(&client, "Groups", group), "{}", remove), 200);
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(id)));
    CHECK_TEXT(house_text(house, "function"), "organizer");
    CHECK_NUMBER(request(&client, "PATCH", path_of(&client, "Groups", group), "{}", add), 200);
    CHECK_NUMBER(request(&client, "DELETE", path_of(&client, "Groups", group), "{}", ""), 204);
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(id)));
    CHECK_TEXT(house_text(house, "function"), "organizer");
    CHECK_NUMBER(request(&client, "GET", path_of(&client, "Groups", group), "{}", ""), 404);
    json_release(&client.body);
    house_end(house);
}

/* A change that fails leaves nothing behind. */
static void failures_change_nothing(void)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    struct directory_client client = connect_to(house, "acme", "ada@acme.example");
    CHECK_NUMBER(request(&client, "POST", "Users", "{}", nora), 201);
    CHECK_NUMBER(request(&client, "POST", "Users", "{}",
                         "{'schemas': ['" USER "'], 'userName': 'NORA', 'displayName': 'Nora Other', "
                         "'emails': [{'value': 'other@acme.example'}]}"), 409);
    CHECK_NUMBER(ROOT(house, "account.show", "{'account': 'other@acme.example'}"), ST_NOT_FOUND);
    json_release(&client.body);
    house_end(house);
}

int main(void)
{
    TEST(people_come_change_and_go);
    TEST(the_end_is_at_once);
    TEST(wrong_requests_are_told_so);
    TEST(a_directory_sees_its_own);
    TEST(groups_give_functions);
    TEST(failures_change_nothing);
    return check_done();
}
