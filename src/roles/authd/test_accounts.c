/* Accounts: what is refused, who may do what with whose, and how one ends. */
#include "test_house.h"

static const char good[] = "Cerises-du-lundi-7";

static struct house *begin(struct member *nora)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    *nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", good);
    return house;
}

static void accounts_keep_their_rules(void)
{
    static const struct {
        const char *name, *address, *function, *owner;
        enum status status;
    } cases[] = {
        {"Max Roth", "max@acme.example", "auditor", "", ST_OK},
        {"Max Roth", "max@acme.example", "auditor", "", ST_CONFLICT},
        {"Max Roth", "MAX@acme.example", "auditor", "", ST_CONFLICT},
        {"Max Roth", "support@acme.example", "auditor", "", ST_INVALID},
        {"Support", "max2@acme.example", "auditor", "", ST_INVALID},
        {"Max Roth", "max", "auditor", "", ST_INVALID},
        {"Max Roth", "max@", "auditor", "", ST_INVALID},
        {"Max Roth", "a@b@acme.example", "auditor", "", ST_INVALID},
        {"Max Roth", "m x@acme.example", "auditor", "", ST_INVALID},
        {"Max Roth", "m3@acme.example", "operator", "", ST_INVALID}, /* not of a client */
        {"Max Roth", "m4@acme.example", "king", "", ST_INVALID},
        {"Max Roth", "m5@acme.example", "service", "", ST_INVALID},
        {"sync", "", "service", "p_nobody", ST_NOT_FOUND},
        {"sync", "", "organizer", "NORA", ST_INVALID},
        {"sync", "", "service", "NORA", ST_OK},
    };
    struct member nora;
    struct house *house = begin(&nora);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice owner = slice_equal(slice_from(cases[i].owner), LIT("NORA")) ? nora.id
                                                                                   : slice_from(cases[i].owner);
        check_row(arena_format(house->arena, "%s <%s>", cases[i].name, cases[i].address).data);
        CHECK_NUMBER(ROOT(house, "account.add",
                          "{'organisation': 'acme', 'name': '%s', 'address': '%s', 'language': 'fr', "
                          "'function': '%s', 'owner': '%.*s'}",
                          cases[i].name, cases[i].address, cases[i].function, SLICE_ARG(owner)),
                     cases[i].status);
    }
    house_end(house);
}

/* Another session is seen and ended; nobody ends somebody else's. */
static void sessions_are_seen_and_ended(void)
{
    struct member nora;
    struct house *house = begin(&nora);
    struct member max = house_add(house, "Max Roth", "max@acme.example", "organizer", good);
    CHECK_OK(house_sign_in(house, &nora, good));
    struct credentials first = house->browser;
    house_go(house, "198.51.100.4");
    CHECK_OK(house_sign_in(house, &nora, good));
    struct credentials second = house->browser;
    CHECK_OK(ASK(house, "session.list", "{}"));
    CHECK_NUMBER(house_count(house, "sessions"), 2);
    CHECK_TEXT(house_item(house, "sessions", 0, "address"), "198.51.100.4");
    struct slice older = house_item(house, "sessions", 1, "id");
    house_go(house, "203.0.113.4");
    CHECK_OK(house_sign_in(house, &max, good));
    CHECK_NUMBER(ASK(house, "session.end", "{'id': '%.*s'}", SLICE_ARG(older)), ST_NOT_FOUND);
    house->browser = second;
    house_forget(house);
    CHECK_OK(ASK(house, "session.end", "{'id': '%.*s'}", SLICE_ARG(older)));
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "session"), ENDING_PEERS);
    house->browser = first;
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "no_session");
    house->browser = second;
    CHECK_OK(ASK(house, "me.show", "{}"));
    CHECK_OK(ASK(house, "logout", "{}"));
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    house_end(house);
}

static void sessions_are_over_by_themselves(void)
{
    static const struct {
        const char *what;
        int64_t step_s, steps; /* a question every so often */
        const char *question;
        enum status status;
    } cases[] = {
        {"29 minutes of nothing", 29 * 60, 1, "me.show", ST_OK},
        {"30 minutes of nothing", 30 * 60, 1, "me.show", ST_DENIED},
        {"a question now and then for 11 hours", 20 * 60, 33, "me.show", ST_OK},
        {"and for 12", 20 * 60, 36, "me.show", ST_DENIED},
        {"a page that asks by itself", 2 * 60, 14, "session.show", ST_OK},
        {"and keeps nothing awake", 2 * 60, 15, "session.show", ST_DENIED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct member nora;
        struct house *house = begin(&nora);
        enum status status = ST_OK;
        CHECK_OK(house_sign_in(house, &nora, good));
        for (int64_t n = 0; n < cases[i].steps; n++) {
            house_wait(house, cases[i].step_s);
            status = ASK(house, cases[i].question, "{}");
        }
        check_row(cases[i].what);
        CHECK_NUMBER(status, cases[i].status);
        house_end(house);
    }
}

static void tokens_open_what_they_are_for(void)
{
    struct member nora;
    struct house *house = begin(&nora);
    static const struct {
        const char *json;
        enum status status;
    } cases[] = {
        {"{'name': 'calendar', 'scopes': ['meetings'], 'days': 10}", ST_OK},
        {"{'name': 'calendar', 'scopes': []}", ST_INVALID},
        {"{'name': 'calendar', 'scopes': ['all']}", ST_INVALID},
        {"{'name': 'calendar', 'scopes': ['scim']}", ST_DENIED}, /* of services */
        {"{'name': '', 'scopes': ['meetings']}", ST_INVALID},
        {"{'name': 'calendar', 'scopes': ['meetings'], 'days': 0}", ST_INVALID},
        {"{'name': 'calendar', 'scopes': ['meetings'], 'days': 367}", ST_INVALID},
    };
    struct slice token = SLICE_NONE;
    CHECK_OK(house_sign_in(house, &nora, good));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].json);
        CHECK_NUMBER(house_ask(house, "token.make", slice_from(cases[i].json)), cases[i].status);
        if (cases[i].status == ST_OK)
            token = house_text(house, "token");
    }
    CHECK(slice_starts(token, LIT("rdz_")));
    CHECK_NUMBER(token.len, 47);
    CHECK_OK(ASK(house, "token.list", "{}"));
    CHECK_NUMBER(house_count(house, "tokens"), 1);
    CHECK(!slice_contains(house->answer.json, token));
    struct credentials browser = house->browser;
    house->browser = (struct credentials){.token = token, .address = LIT("192.0.2.1")};
    CHECK_NUMBER(ASK(house, "token.list", "{}"), ST_DENIED); /* a token makes and lists none */
    CHECK_NUMBER(ASK(house, "factor.list", "{}"), ST_DENIED);
    struct command check = {.name = LIT("session.check"), .planned = LIT("meetings.list"), .json = LIT("{}"),
                            .credentials = house->browser};
    static const struct {
        const char *right;
        enum status status;
    } rights[] = {{"meetings.read", ST_OK}, {"account.own", ST_DENIED}, {"", ST_DENIED}, {"no.such", ST_DENIED}};
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        check.right = slice_from(rights[i].right);
        check_row(rights[i].right);
        authd_command(house->authd, ROLE_API, &check, house->now, house);
        CHECK_NUMBER(house->answer.status, rights[i].status);
    }
    check.right = LIT("meetings.read");
    house_wait(house, 10 * 24 * 3600); /* its end */
    authd_command(house->authd, ROLE_API, &check, house->now, house);
    CHECK_NUMBER(house->answer.status, ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "no_token");
    house->browser = browser;
    house_end(house);
}

static void the_last_way_in_stays(void)
{
    struct member nora;
    struct house *house = begin(&nora);
    CHECK_OK(house_sign_in(house, &nora, good));
    CHECK_OK(ASK(house, "factor.list", "{}"));
    for (size_t i = 0; i < 2; i++) {
        struct slice id = house_item(house, "factors", i, "id");
        CHECK_NUMBER(ASK(house, "factor.end", "{'id': '%.*s'}", SLICE_ARG(id)), ST_CONFLICT);
        CHECK_TEXT(house_text(house, "code"), "last_factor");
        CHECK_OK(ASK(house, "factor.list", "{}"));
        CHECK_NUMBER(house_count(house, "factors"), 2);
    }
    /* Another password only with the one before. */
    CHECK_NUMBER(ASK(house, "factor.password", "{'old': 'wrong', 'new': 'Autres-Cerises-8'}"), ST_DENIED);
    house_forget(house);
    CHECK_OK(ASK(house, "factor.password", "{'old': '%s', 'new': 'Autres-Cerises-8'}", good));
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.factor_added"), 1);
    house->browser.session = SLICE_NONE;
    CHECK_NUMBER(house_sign_in(house, &nora, good), ST_DENIED);
    CHECK_OK(house_sign_in(house, &nora, "Autres-Cerises-8"));
    house_end(house);
}

static void what_ends_ends_everywhere(void)
{
    struct member nora;
    struct house *house = begin(&nora);
    CHECK_OK(house_sign_in(house, &nora, good));
    CHECK_OK(ASK(house, "token.make", "{'name': 'calendar', 'scopes': ['meetings']}"));
    struct slice token = house_text(house, "token");
    CHECK_OK(ROOT(house, "account.add", "{'organisation': 'acme', 'name': 'sync', 'function': 'service', 'owner': '%.*s'}",
                  SLICE_ARG(nora.id)));
    struct slice service = house_text(house, "id");
    house_forget(house);
    CHECK_OK(ROOT(house, "account.end", "{'account': '%.*s'}", SLICE_ARG(nora.id)));
    CHECK_TEXT(house_text(house, "state"), "ended");
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.ended"), 1);
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "left"), ENDING_PEERS);
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "owner"), ENDING_PEERS);
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    CHECK_NUMBER(house_sign_in(house, &nora, good), ST_DENIED);
    house->browser = (struct credentials){.token = token};
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(service)));
    CHECK_TEXT(house_text(house, "state"), "ended");
    CHECK_NUMBER(ROOT(house, "account.invite", "{'account': '%.*s'}", SLICE_ARG(nora.id)), ST_CONFLICT);
    /* Peers hear it again until they have answered, and the log holds what each let go of. */
    struct slice id = SLICE_NONE;
    for (size_t i = 0; i < house->said_count; i++)
        if (house->said[i].message == MESSAGE_PERSON_ENDED && house->said[i].peer == ROLE_KEYD && id.len == 0)
            id = house->said[i].id;
    house_forget(house);
    authd_peer(house->authd, ROLE_KEYD, house->now);
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "left"), 1);
    house_wait(house, 2);
    authd_done(house->authd, ROLE_KEYD, id, 4, house->now);
    authd_done(house->authd, ROLE_KEYD, id, 4, house->now); /* once */
    house_forget(house);
    authd_peer(house->authd, ROLE_KEYD, house->now);
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "left"), 0);
    struct log_entry_list log;
    CHECK_OK(identity_list_log(house->identity, 0, house->arena, &log, NULL));
    const struct log_entry *last = &log.items[log.count - 1];
    CHECK_TEXT(last->kind, "account.access.ended");
    CHECK(slice_contains(last->ids, LIT("peer=keyd ended=4 ms=32000 "))); /* a try to sign in came between */
    CHECK(slice_contains(last->ids, LIT("left=3")));
    house_end(house);
}

static void an_account_ends_on_its_day(void)
{
    struct member nora;
    struct house *house = begin(&nora);
    int64_t ends_us = house->now.us + DAY_US;
    CHECK_OK(ROOT(house, "account.add",
                  "{'organisation': 'acme', 'name': 'Max Roth', 'address': 'max@acme.example', 'language': 'en', "
                  "'function': 'auditor', 'ends_us': %lld}", (long long)ends_us));
    struct slice max = house_text(house, "id");
    house_wait(house, 24 * 3600 - 1);
    authd_turn(house->authd, house->now);
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(max)));
    CHECK_TEXT(house_text(house, "state"), "invited");
    house_wait(house, 1);
    house_forget(house);
    authd_turn(house->authd, house->now);
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(max)));
    CHECK_TEXT(house_text(house, "state"), "ended");
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "date"), ENDING_PEERS);
    house_end(house);
}

static void who_has_lost_all_is_invited_by_another(void)
{
    struct member nora;
    struct house *house = begin(&nora);
    struct member ada = house_add(house, "Ada Lorrain", "ada@acme.example", "administrator", good);
    static const struct {
        const char *address;
        unsigned told, administrators;
    } cases[] = {{"nora@acme.example", 1, 1}, {"nobody@acme.example", 0, 0}, {"", 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        house_forget(house);
        check_row(cases[i].address);
        CHECK_OK(ASK(house, "account.lost", "{'address': '%s'}", cases[i].address));
        CHECK_TEXT(house->answer.json, "{}");
        CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.lost"), cases[i].told);
        CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.lost_by"), cases[i].administrators);
    }
    /* Not without the right, which is raised. */
    CHECK_OK(house_sign_in(house, &ada, good));
    CHECK_NUMBER(ASK(house, "account.invite", "{'id': '%.*s'}", SLICE_ARG(nora.id)), ST_DENIED);
    house->browser.session = SLICE_NONE;
    CHECK_OK(house_sign_in(house, &nora, good));
    CHECK_NUMBER(ASK(house, "account.list", "{}"), ST_DENIED);
    CHECK_OK(ROOT(house, "account.invite", "{'account': '%.*s'}", SLICE_ARG(nora.id)));
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    house->browser.session = SLICE_NONE;
    CHECK_NUMBER(house_sign_in(house, &nora, good), ST_DENIED);
    CHECK_OK(ROOT(house, "account.invite", "{'account': '%.*s'}", SLICE_ARG(nora.id)));
    house_enrol(house, &nora, "Autres-Cerises-8");
    CHECK_OK(house_sign_in(house, &nora, "Autres-Cerises-8"));
    house_end(house);
}

/* Each function that is named is one that set_function takes; of whom nothing can be changed, none is. */
static void people_are_listed_with_what_they_may_become(void)
{
    static const struct {
        const char *organisation, *kind, *function;
        size_t choices;
        const char *first;
    } cases[] = {
        {"acme", "client", "organizer", 3, "organizer"},
        {"helpers", "processor", "supervisor", 3, "administrator"},
        {"us", "operator", "operator", 4, "supervisor"},
    };
    struct house *house = house_begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].organisation);
        house_organisation(house, cases[i].organisation, cases[i].kind);
        CHECK_OK(ROOT(house, "account.add", "{'organisation': '%s', 'name': 'Nora Keller', 'language': 'fr', "
                      "'address': 'nora@%s.example', 'function': '%s'}", cases[i].organisation,
                      cases[i].organisation, cases[i].function));
        CHECK_OK(ROOT(house, "account.list", "{'organisation': '%s'}", cases[i].organisation));
        AUTO_JSON root = NULL;
        CHECK_OK(json_read(house->answer.json, &root, NULL));
        const json_t *functions = json_object_get(json_array_get(json_object_get(root, "people"), 0), "functions");
        CHECK_NUMBER(json_array_size(functions), cases[i].choices);
        CHECK_TEXT(slice_from(json_string_value(json_array_get(functions, 0))), cases[i].first);
        for (size_t k = 0; k < json_array_size(functions); k++)
            CHECK_OK(ROOT(house, "account.function", "{'account': 'nora@%s.example', 'function': '%s'}",
                          cases[i].organisation, json_string_value(json_array_get(functions, k))));
        CHECK_OK(ROOT(house, "account.end", "{'account': 'nora@%s.example'}", cases[i].organisation));
        CHECK_OK(ROOT(house, "account.list", "{'organisation': '%s'}", cases[i].organisation));
        CHECK(slice_contains(house->answer.json, LIT("\"functions\":[]")));
    }
    house_end(house);
}

int main(void)
{
    TEST(accounts_keep_their_rules);
    TEST(sessions_are_seen_and_ended);
    TEST(sessions_are_over_by_themselves);
    TEST(tokens_open_what_they_are_for);
    TEST(the_last_way_in_stays);
    TEST(what_ends_ends_everywhere);
    TEST(an_account_ends_on_its_day);
    TEST(who_has_lost_all_is_invited_by_another);
    TEST(people_are_listed_with_what_they_may_become);
    return check_done();
}
