/* A fresh proof: what wants one, how it is given, and what does not pass for one. */
#include "roles/authd/sso_admin.h"
#include "test_keys.h"

static const char good[] = "Cerises-du-lundi-7";
enum { FIVE_MINUTES_S = 5 * 60 };

static struct house *begin_with(struct member *nora)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    *nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", good);
    CHECK_OK(house_sign_in(house, nora, good));
    return house;
}

static struct slice start_proof(struct house *house)
{
    CHECK_OK(ASK(house, "proof.start", "{}"));
    return house_text(house, "flow");
}

static enum status show(struct house *house, const char *words, const char *command, const char *code)
{
    struct slice flow = start_proof(house);
    if (ASK(house, "proof.password", "{'flow': '%.*s', 'password': '%s'}", SLICE_ARG(flow), words) != ST_OK)
        return house->answer.status;
    CHECK_TEXT(house_text(house, "next"), "code");
    return ASK(house, command, "{'flow': '%.*s', 'code': '%s'}", SLICE_ARG(flow), code);
}

static enum status prove(struct house *house, const struct member *member)
{
    house_wait(house, 30);
    return show(house, good, "proof.code", house_code_of(house, member->secret));
}

/* Whether it may be asked now, whatever else is wrong with it. */
static bool wants_proof(struct house *house, const char *command, const char *json)
{
    enum status status = house_ask(house, command, slice_from(json));
    return status == ST_DENIED && slice_equal(house_text(house, "code"), LIT("proof"));
}

static const struct {
    const char *command, *json;
    bool wants;
} commands[] = {
    {"factor.passkey.start", "{}", true},
    {"factor.passkey.add", "{'flow': 'x'}", true},
    {"factor.code.start", "{}", true},
    {"factor.code.add", "{'code': '000000'}", true},
    {"factor.password", "{'old': 'x', 'new': 'Prunes-de-mardi-9'}", true},
    {"factor.recovery", "{}", true},
    {"factor.end", "{'id': 'f_none'}", true},
    {"token.make", "{'name': '', 'scopes': ['meetings']}", true},
    /* and not what an attacker gains nothing by, or what only shows */
    {"factor.list", "{}", false},
    {"token.list", "{}", false},
    {"token.end", "{'id': 't_none'}", false},
    {"session.list", "{}", false},
    {"session.end", "{'id': 'u_none'}", false},
    {"me.show", "{}", false},
};

static void is_wanted_after_five_minutes(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    house_wait(house, FIVE_MINUTES_S - 1);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        check_row(commands[i].command);
        CHECK(!wants_proof(house, commands[i].command, commands[i].json));
    }
    house_wait(house, 1);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        check_row(commands[i].command);
        CHECK(wants_proof(house, commands[i].command, commands[i].json) == commands[i].wants);
    }
    house_end(house);
}

static void leaves_everything_as_it_was_when_it_is_missing(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    house_wait(house, FIVE_MINUTES_S);
    house_forget(house);
    CHECK(wants_proof(house, "factor.recovery", "{}"));
    CHECK(wants_proof(house, "factor.password", "{'old': 'Cerises-du-lundi-7', 'new': 'Prunes-de-mardi-9'}"));
    CHECK(wants_proof(house, "token.make", "{'name': 'n', 'scopes': ['meetings']}"));
    CHECK_NUMBER(house->said_count, 0);
    CHECK_OK(ASK(house, "factor.list", "{}"));
    CHECK_NUMBER(house_count(house, "factors"), 2);
    CHECK_OK(ASK(house, "token.list", "{}"));
    CHECK_NUMBER(house_count(house, "tokens"), 0);
    house_end(house);
}

static void goes_on_in_the_same_session_under_another_token(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    struct slice before = house->browser.session;
    CHECK_OK(ASK(house, "session.list", "{}"));
    struct slice id = house_item(house, "sessions", 0, "id"), begun = house_item(house, "sessions", 0, "begun");
    house_wait(house, FIVE_MINUTES_S);
    CHECK_OK(prove(house, &nora));
    CHECK_NUMBER(house->browser.session.len, 43);
    CHECK(!slice_equal(before, house->browser.session));
    CHECK_OK(ASK(house, "session.list", "{}"));
    CHECK_NUMBER(house_count(house, "sessions"), 1);
    CHECK(slice_equal(house_item(house, "sessions", 0, "id"), id) &&
          slice_equal(house_item(house, "sessions", 0, "begun"), begun));
    CHECK_OK(ASK(house, "factor.recovery", "{}"));
    house_wait(house, FIVE_MINUTES_S);
    CHECK(wants_proof(house, "factor.recovery", "{}"));
    /* Whoever had stolen the one before has nothing. */
    house->browser.session = before;
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "no_session");
    house_end(house);
}

static void comes_by_a_recovery_code_once(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    CHECK_OK(ASK(house, "factor.recovery", "{}"));
    const char *code = arena_text(house->arena, house_item(house, "codes", 0, NULL));
    house_wait(house, FIVE_MINUTES_S);
    house_forget(house);
    CHECK_OK(show(house, good, "proof.recovery", code));
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.recovery_used"), 1);
    CHECK(!wants_proof(house, "token.make", "{}"));
    CHECK_NUMBER(show(house, good, "proof.recovery", code), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "wrong");
    house_end(house);
}

static enum status sign_proof(struct house *house, struct authenticator *key)
{
    struct webauthn_assertion sent;
    struct slice flow = start_proof(house);
    authenticator_sign(key, challenge_of(house), RIGHT, house->arena, &sent);
    return ASK(house, "proof.passkey", "{'flow': '%.*s', 'credential': %.*s}", SLICE_ARG(flow),
               SLICE_ARG(posted(house, authenticator_post_assertion(&sent))));
}

static void comes_by_ones_own_passkey(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    struct authenticator key = new_key(&nora);
    CHECK_OK(add_key(house, &key, RIGHT, "phone"));
    struct slice session = house->browser.session;
    struct member ines = house_add(house, "Ines Roth", "ines@acme.example", "organizer", good);
    struct authenticator theirs = new_key(&ines);
    CHECK_OK(house_sign_in(house, &ines, good));
    CHECK_OK(add_key(house, &theirs, RIGHT, "hers"));
    house->browser.session = session;
    house_wait(house, FIVE_MINUTES_S);
    CHECK_NUMBER(sign_proof(house, &theirs), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "wrong");
    CHECK(wants_proof(house, "token.make", "{}"));
    CHECK_OK(sign_proof(house, &key));
    CHECK(!wants_proof(house, "token.make", "{}"));
    authenticator_destroy(&theirs);
    authenticator_destroy(&key);
    house_end(house);
}

/* One word for all of it, after the code; and it counts as a failed login does. */
static void what_is_wrong_proves_nothing(void)
{
    static const struct {
        const char *what, *words, *command;
        bool right_code;
    } cases[] = {
        {"the password", "something else 8", "proof.code", true},
        {"the code", good, "proof.code", false},
        {"a recovery code where there are none", good, "proof.recovery", false},
    };
    struct member nora;
    struct house *house = begin_with(&nora);
    house_wait(house, FIVE_MINUTES_S);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        house_wait(house, 30);
        check_row(cases[i].what);
        CHECK_NUMBER(show(house, cases[i].words, cases[i].command,
                          cases[i].right_code ? house_code_of(house, nora.secret) : "123456"), ST_DENIED);
        CHECK_TEXT(house_text(house, "code"), "wrong");
        CHECK(wants_proof(house, "token.make", "{}"));
    }
    enum status last = ST_DENIED;
    for (size_t i = 0; i < 20 && last == ST_DENIED; i++)
        last = show(house, "something else 8", "proof.code", "123456");
    check_row("limited");
    CHECK_NUMBER(last, ST_LIMIT);
    house_end(house);
}

/* A flow is for one session, one kind of thing, one try and ten minutes. */
static void a_flow_is_of_one_session(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    struct slice first = house->browser.session;
    house->browser.session = SLICE_NONE;
    CHECK_OK(house_sign_in(house, &nora, good));
    struct slice second = house->browser.session;
    static const char password[] = "{'flow': '%.*s', 'address': 'nora@acme.example', 'password': '%s'}";
    struct slice flow = start_proof(house);
    house->browser.session = first;
    CHECK_NUMBER(ASK(house, "proof.password", password, SLICE_ARG(flow), good), ST_CONFLICT);
    CHECK_TEXT(house_text(house, "code"), "flow");
    house->browser.session = second;
    CHECK_NUMBER(ASK(house, "login.password", password, SLICE_ARG(flow), good), ST_CONFLICT);
    CHECK_OK(ASK(house, "proof.password", password, SLICE_ARG(flow), good));
    CHECK_NUMBER(ASK(house, "proof.password", password, SLICE_ARG(flow), good), ST_CONFLICT);
    CHECK_NUMBER(ASK(house, "login.code", "{'flow': '%.*s', 'code': '1'}", SLICE_ARG(flow)), ST_CONFLICT);
    CHECK_OK(ASK(house, "login.start", "{}"));
    flow = house_text(house, "flow");
    CHECK_NUMBER(ASK(house, "proof.password", password, SLICE_ARG(flow), good), ST_CONFLICT);
    flow = start_proof(house);
    house_wait(house, 601);
    CHECK_NUMBER(ASK(house, "proof.password", password, SLICE_ARG(flow), good), ST_CONFLICT);
    house->browser.session = SLICE_NONE;
    CHECK_NUMBER(ASK(house, "proof.start", "{}"), ST_DENIED);
    house_end(house);
}

static bool offers(struct house *house, const char *way)
{
    AUTO_JSON root = NULL;
    CHECK_OK(ASK(house, "proof.start", "{}"));
    CHECK_OK(json_read(house->answer.json, &root, NULL));
    return json_is_true(json_object_get(root, way));
}

static void offers_what_the_person_has(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    struct authenticator key = new_key(&nora);
    CHECK(!offers(house, "passkey") && offers(house, "code") && !offers(house, "recovery"));
    CHECK_NUMBER(house_count(house, "providers"), 0);
    CHECK_OK(ASK(house, "factor.recovery", "{}"));
    CHECK_OK(add_key(house, &key, RIGHT, "phone"));
    CHECK(offers(house, "passkey") && offers(house, "code") && offers(house, "recovery"));
    /* What opens nothing proves nothing either. */
    struct sso_settings settings = {
        .organisation = LIT("acme"), .issuer = LIT("https://id.acme.example"), .exclusive = true,
        .domains = LIT("acme.example"),
        .details = {.name = LIT("Acme"), .client = LIT("rendez"), .secret = LIT("s")}};
    CHECK_OK(authd_add_provider(house->authd, &settings, house->now, house->arena, NULL));
    CHECK(!offers(house, "passkey") && !offers(house, "code") && !offers(house, "recovery"));
    house_wait(house, FIVE_MINUTES_S);
    CHECK_NUMBER(sign_proof(house, &key), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "sso_only");
    CHECK(wants_proof(house, "token.make", "{}"));
    authenticator_destroy(&key);
    house_end(house);
}

/* The link is the proof there, and its session can do nothing else. */
static void an_enrolment_needs_none(void)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    house_invite(house, "Nora Keller", "nora@acme.example", "organizer");
    CHECK_OK(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(house_link(house))));
    house_wait(house, 20 * 60);
    CHECK_OK(ASK(house, "factor.password", "{'new': '%s'}", good));
    CHECK_OK(ASK(house, "factor.code.start", "{}"));
    CHECK_NUMBER(ASK(house, "proof.start", "{}"), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "enrolment");
    house_end(house);
}

int main(void)
{
    TEST(is_wanted_after_five_minutes);
    TEST(leaves_everything_as_it_was_when_it_is_missing);
    TEST(goes_on_in_the_same_session_under_another_token);
    TEST(comes_by_a_recovery_code_once);
    TEST(comes_by_ones_own_passkey);
    TEST(what_is_wrong_proves_nothing);
    TEST(a_flow_is_of_one_session);
    TEST(offers_what_the_person_has);
    TEST(an_enrolment_needs_none);
    return check_done();
}
