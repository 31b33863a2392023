/* Single sign-on as the api sees it: commands in, answers and cookies out, with a provider that
 * says what a test wants. The real one is in tests/suites/sso-*. */
#include "check.h"
#include "formats/http/http.h"
#include "platform/jose/jose.h"
#include "roles/authd/sso_admin.h"
#include "roles/authd/sso_internal.h"

#define START ((struct instant){INT64_C(1790000000) * 1000000})
#define ISSUER "https://id.client.example"

static struct house {
    struct arena *arena;
    struct identity *identity;
    struct authd *authd;
    struct secret *key;
    struct instant now;
    struct sso_ask asked; /* the last question to the provider */
    uint32_t calls, keys, ended_said;
    bool provider_away;
    const char *code; /* that keyd takes */
    bool keyd_fails;
    struct slice session; /* of the browser that goes to a provider */
    struct answer answer;
    unsigned answers;
} house;

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    (void)self, (void)why;
    *given = (struct key_given){.version = 1};
    if (ask->purpose == KEY_NEW_ORGANISATION) {
        given->wrapped = arena_format(arena, "wrapped %u", ++house.keys);
        return ST_OK;
    }
    *key = secret_derive(house.key, key_purpose_names[ask->purpose], ask->organisation);
    return ST_OK;
}

static enum status check_code(void *self, const struct code_ask *ask, struct arena *arena,
                              struct code_given *out, struct problem *why)
{
    (void)self, (void)arena, (void)why;
    *out = (struct code_given){.status = ST_DENIED};
    if (house.code != NULL && slice_equal(ask->code, slice_from(house.code)) && ask->last_step < 59666666)
        *out = (struct code_given){.status = ST_OK, .step = 59666666};
    if (house.keyd_fails)
        *out = (struct code_given){.status = ST_UNAVAILABLE, .problem = LIT("busy")};
    return ST_OK;
}

static enum status ask_provider(void *self, const struct sso_ask *ask, uint32_t *call, struct problem *why)
{
    (void)self;
    if (house.provider_away)
        return problem_set(why, ST_UNAVAILABLE, "sso is away");
    record_copy(&sso_ask_record, ask, house.arena, &house.asked);
    *call = ++house.calls;
    return ST_OK;
}

static void take_answer(void *self, void *question, const struct answer *answer)
{
    (void)self, (void)question;
    house.answers++;
    house.answer = (struct answer){answer->status, arena_copy(house.arena, answer->json),
                                   arena_copy(house.arena, answer->session),
                                   arena_copy(house.arena, answer->flow), SLICE_NONE};
}

static void say(void *self, enum role_id peer, enum message message, const void *object)
{
    (void)self, (void)object;
    house.ended_said += peer == ROLE_KEYD && message == MESSAGE_PERSON_ENDED;
}

static struct organisation *organisation_of(const char *id)
{
    struct organisation *organisation = NULL;
    CHECK_OK(get_organisation(house.authd, slice_from(id), &organisation, NULL));
    return organisation;
}

static void add_organisation(const char *id)
{
    struct identity_organisation organisation = {slice_from(id), LIT("client"), LIT("active"), {1}, {0}, {0}, {{LIT("wrapped")}, 1}};
    CHECK_OK(identity_save_organisation(house.identity, &organisation, NULL));
}

static void add_account(const char *id, const char *organisation, const char *address, const char *function,
                        enum account_state state)
{
    struct account account = {.id = slice_from(id), .organisation = slice_from(organisation),
                              .function = slice_from(function), .state = state, .created = {1},
                              .address_hash = hash_address(house.authd, slice_from(address), house.arena)};
    struct account_details details = {.name = LIT("Somebody"), .address = slice_from(address), .language = LIT("fr")};
    CHECK_OK(seal_row(house.authd, organisation_of(organisation), IDENTITY_ACCOUNT, account.id,
                      &account_details_record, &details, house.arena, &account.details, NULL));
    CHECK_OK(identity_save_account(house.identity, &account, NULL));
}

/* acr NULL: it vouches for one factor only. */
static void add_provider(const char *id, const char *organisation, const char *issuer, const char *acr, unsigned exclusive)
{
    struct slice word = slice_from(acr);
    struct identity_provider row = {.id = slice_from(id), .organisation = slice_from(organisation), .issuer = slice_from(issuer),
                                    .domains = LIT("client.example branch.example"), .exclusive = exclusive, .created = {1}};
    struct provider_details details = {.name = LIT("The client's own"), .client = arena_format(house.arena, "c-%s", id),
                                       .secret = LIT("s3cret"), .acr = {&word, acr != NULL, 1}, .max_age_s = 600};
    CHECK_OK(seal_row(house.authd, organisation_of(organisation), IDENTITY_PROVIDER, row.id, &provider_details_record,
                      &details, house.arena, &row.details, NULL));
    CHECK_OK(identity_save_provider(house.identity, &row, NULL));
}

static void set_up(void)
{
    static const struct authd_ports ports = {.key = give_key, .code = check_code, .sso = ask_provider,
                                             .answer = take_answer, .say = say};
    struct authd_options options = {LIT("https://meet.example"), 30, 12, 7};
    house = (struct house){.arena = arena_create((size_t)64 << 20), .now = START};
    house.key = secret_random(VAULT_KEY_BYTES);
    CHECK_OK(identity_open(&sqlite_driver, ":memory:", &house.identity, NULL));
    CHECK_OK(authd_create(house.identity, &ports, &options, &house.authd, NULL));
    add_organisation("o_client");
    add_organisation("o_other");
    add_account("p_lea", "o_client", "lea@client.example", "organizer", ACCOUNT_ACTIVE);
    add_account("p_new", "o_client", "new@branch.example", "organizer", ACCOUNT_INVITED);
    add_account("p_gone", "o_client", "gone@client.example", "organizer", ACCOUNT_ACTIVE);
    add_account("p_max", "o_other", "max@client.example", "organizer", ACCOUNT_ACTIVE);
    add_account("p_tom", "o_client", "tom@elsewhere.example", "organizer", ACCOUNT_ACTIVE);
    add_provider("v_two", "o_client", ISSUER, "two", 0);
    add_provider("v_one", "o_client", "https://one.client.example", NULL, 0);
}

static void tear_down(void)
{
    authd_destroy(&house.authd);
    identity_destroy(&house.identity);
    secret_destroy(&house.key);
    arena_destroy(&house.arena);
}

/* One command; the answer is in house.answer unless it waits for the provider. */
static void ask(const char *name, struct slice json, struct slice flow, struct slice session)
{
    struct command command = {.name = slice_from(name), .json = json,
                              .credentials = {.flow = flow, .session = session, .address = LIT("203.0.113.7")}};
    house.answer = (struct answer){.status = ST_UNAVAILABLE};
    authd_command(house.authd, ROLE_API, &command, house.now, &house);
}

static void provider_says(struct sso_answer answer)
{
    CHECK(authd_waits(house.authd));
    authd_sso(house.authd, house.calls, &answer, house.now);
}

/* A member of the URL's query to which the browser is led. */
static struct slice led_with(const char *name)
{
    AUTO_JSON json = NULL;
    struct http_form form;
    struct slice value = SLICE_NONE;
    CHECK_OK(json_read(house.answer.json, &json, NULL));
    struct slice url = arena_copy(house.arena, json_text(json, "location"));
    CHECK_OK(http_form_parse(slice_sub(url, slice_find(url, LIT("?"), 0) + 1, url.len), house.arena, &form, NULL));
    (void)http_form_get(&form, slice_from(name), &value);
    return value;
}

struct trip {
    struct slice flow, state, nonce;
};

static struct trip begin(const char *provider, bool names_issuer)
{
    ask("sso.begin", arena_format(house.arena, "{\"provider\":\"%s\"}", provider), SLICE_NONE, house.session);
    CHECK_NUMBER(house.asked.question, SSO_DISCOVER);
    provider_says((struct sso_answer){.authorization_endpoint = LIT("https://id.client.example/authorize?tenant=7"),
                                      .issuer_parameter = names_issuer});
    CHECK_OK(house.answer.status);
    return (struct trip){house.answer.flow, led_with("state"), led_with("nonce")};
}

static struct slice query_of(const struct trip *trip, const char *more)
{
    return arena_format(house.arena, "{\"query\":{\"code\":\"c-1\",\"state\":\"%.*s\"%s}}", SLICE_ARG(trip->state), more);
}

/* A whole trip of somebody whom the provider calls `subject`; the answer is in house.answer. */
static void come_back(const char *provider, const char *subject, const char *email, bool verified)
{
    struct trip trip = begin(provider, false);
    ask("sso.callback", query_of(&trip, ""), trip.flow, SLICE_NONE);
    provider_says((struct sso_answer){.subject = slice_from(subject), .session = LIT("sid-1"), .email = slice_from(email),
                                      .email_verified = verified, .end_session_endpoint = LIT("https://id.client.example/out")});
}

static void leads_to_the_provider(void)
{
    set_up();
    struct trip trip = begin("v_two", true);
    AUTO_JSON json = NULL;
    struct slice challenge;
    CHECK_OK(json_read(house.answer.json, &json, NULL));
    CHECK(slice_starts(json_text(json, "location"), LIT("https://id.client.example/authorize?tenant=7&response_type=code&client_id=c-v_two&")));
    CHECK_TEXT(led_with("redirect_uri"), "https://meet.example/login/sso/callback");
    CHECK_TEXT(led_with("scope"), "openid email");
    CHECK_TEXT(led_with("code_challenge_method"), "S256");
    CHECK_TEXT(led_with("acr_values"), "two");
    CHECK_TEXT(led_with("max_age"), "600");
    CHECK(trip.flow.len == 43 && trip.state.len == 43 && trip.nonce.len == 43);
    CHECK(!slice_equal(trip.state, trip.nonce) && !slice_equal(trip.state, trip.flow));
    /* what is redeemed later is what was announced here */
    struct slice announced = led_with("code_challenge");
    ask("sso.callback", query_of(&trip, ",\"iss\":\"" ISSUER "\""), trip.flow, SLICE_NONE);
    CHECK_NUMBER(house.asked.question, SSO_REDEEM);
    CHECK_OK(pkce_challenge(house.asked.verifier, house.arena, &challenge, NULL));
    CHECK(slice_equal(challenge, announced) && slice_equal(house.asked.nonce, trip.nonce));
    CHECK_TEXT(house.asked.code, "c-1");
    CHECK_TEXT(house.asked.redirect, "https://meet.example/login/sso/callback");
    CHECK_TEXT(house.asked.provider.secret, "s3cret");
    CHECK_NUMBER(house.asked.provider.max_age_s, 600);
    CHECK_NUMBER(house.asked.provider.acr.count, 1);
    tear_down();
}

static struct session_list sessions_of(const char *account)
{
    struct session_list list = {0};
    CHECK_OK(identity_list_sessions(house.identity, slice_from(account), house.arena, &list, NULL));
    return list;
}

static void add_code(const char *account)
{
    struct factor factor = {.id = LIT("f_1"), .account = slice_from(account), .kind = FACTOR_KIND_CODE, .state = FACTOR_ACTIVE,
                            .created = {1}, .secret = {LIT("secret")}, .details = {LIT("sealed")}};
    CHECK_OK(identity_add_factor(house.identity, &factor, NULL));
}

static bool wants_proof(void)
{
    ask("factor.recovery", LIT("{}"), SLICE_NONE, house.session);
    return house.answer.status == ST_DENIED && slice_contains(house.answer.json, LIT("\"proof\""));
}

/* The provider's word may be of this morning; one that it gives anew, on being asked to ask, is not. */
static void a_proof_is_asked_of_the_provider_too(void)
{
    set_up();
    come_back("v_two", "u-7", "lea@client.example", true);
    house.session = house.answer.session;
    CHECK(wants_proof());
    ask("proof.start", LIT("{}"), SLICE_NONE, house.session);
    CHECK(slice_contains(house.answer.json, LIT("{\"id\":\"v_two\",\"name\":\"The client's own\"}")));
    struct trip trip = begin("v_two", false);
    CHECK_TEXT(led_with("prompt"), "login");
    CHECK_TEXT(led_with("max_age"), "300");
    ask("sso.callback", query_of(&trip, ""), trip.flow, SLICE_NONE); /* a strict cookie does not come along */
    CHECK_NUMBER(house.asked.provider.max_age_s, 300);
    provider_says((struct sso_answer){.subject = LIT("u-7"), .session = LIT("sid-2")});
    CHECK_OK(house.answer.status);
    CHECK_NUMBER(sessions_of("p_lea").count, 1); /* the one before is over */
    house.session = house.answer.session;
    CHECK(!wants_proof());
    CHECK_OK(house.answer.status);
    /* Somebody else came back: theirs begins, and Lea's stays. */
    trip = begin("v_two", false);
    ask("sso.callback", query_of(&trip, ""), trip.flow, SLICE_NONE);
    provider_says((struct sso_answer){.subject = LIT("u-8"), .email = LIT("new@branch.example"), .email_verified = true});
    CHECK_OK(house.answer.status);
    CHECK(sessions_of("p_lea").count == 1 && sessions_of("p_new").count == 1);
    tear_down();
}

/* Where our own code is asked in addition, it is the proof. */
static void our_code_after_the_provider_is_a_proof(void)
{
    set_up();
    add_code("p_lea");
    come_back("v_one", "u-7", "lea@client.example", true);
    house.code = "123456";
    ask("sso.code", LIT("{\"code\":\"123456\"}"), house.answer.flow, SLICE_NONE);
    CHECK_OK(house.answer.status);
    house.session = house.answer.session;
    CHECK(!wants_proof());
    house.now.us += 5 * MINUTE_US;
    CHECK(wants_proof());
    tear_down();
}

static void lets_in_whom_it_knows(void)
{
    set_up();
    come_back("v_two", "u-7", "Lea@Client.example", true);
    CHECK_OK(house.answer.status);
    CHECK_NUMBER(house.answer.session.len, 43);
    struct session_list sessions = sessions_of("p_lea");
    CHECK_NUMBER(sessions.count, 1);
    CHECK_TEXT(sessions.items[0].factor, "sso");
    CHECK_TEXT(sessions.items[0].provider, "v_two");
    CHECK(sessions.items[0].kind == SESSION_KIND_FULL && sessions.items[0].ends.us == START.us + 12 * HOUR_US);
    struct slice cookie = house.answer.session;
    ask("me.show", LIT("{}"), SLICE_NONE, cookie);
    CHECK_OK(house.answer.status);
    CHECK(slice_contains(house.answer.json, LIT("\"p_lea\"")) && slice_contains(house.answer.json, LIT("\"sso\"")));
    ask("logout", LIT("{}"), SLICE_NONE, cookie);
    CHECK_OK(house.answer.status);
    CHECK(slice_contains(house.answer.json, LIT("https://id.client.example/out?client_id=c-v_two&post_logout_redirect_uri=https%3A%2F%2Fmeet.example%2Faccount")));
    CHECK_NUMBER(sessions_of("p_lea").count, 0);
    /* the second time by its subject, whatever the address is by then */
    come_back("v_two", "u-7", "", false);
    CHECK_OK(house.answer.status);
    CHECK_NUMBER(sessions_of("p_lea").count, 1);
    /* whoever was provisioned and never here begins so */
    come_back("v_two", "u-8", "new@branch.example", true);
    CHECK_OK(house.answer.status);
    struct account account;
    CHECK_OK(identity_load_account(house.identity, LIT("p_new"), house.arena, &account, NULL));
    CHECK_NUMBER(account.state, ACCOUNT_ACTIVE);
    tear_down();
}

static const struct {
    const char *what, *subject, *email;
    bool verified;
} strangers[] = {
    {"no account", "u-1", "nobody@client.example", true},
    {"an address that is not verified", "u-2", "lea@client.example", false},
    {"no address", "u-3", "", true},
    {"of another organisation", "u-4", "max@client.example", true},
    {"of a domain that is not the provider's", "u-5", "tom@elsewhere.example", true},
    {"a domain in its name only", "u-6", "lea@client.example@elsewhere.example", true},
    {"a domain above", "u-7", "lea@example", true},
};

static void lets_nobody_else_in(void)
{
    set_up();
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        check_row(strangers[i].what);
        come_back("v_two", strangers[i].subject, strangers[i].email, strangers[i].verified);
        CHECK_NUMBER(house.answer.status, ST_DENIED);
        CHECK(house.answer.session.len == 0 && slice_contains(house.answer.json, LIT("sso_nobody")));
    }
    CHECK_NUMBER(sessions_of("p_lea").count + sessions_of("p_max").count + sessions_of("p_tom").count, 0);
    tear_down();
}

/* An address that was Léa's is somebody else's at the provider now. */
static void gives_no_account_to_a_second_subject(void)
{
    set_up();
    come_back("v_two", "u-7", "lea@client.example", true);
    CHECK_OK(house.answer.status);
    come_back("v_two", "u-99", "lea@client.example", true);
    CHECK_NUMBER(house.answer.status, ST_DENIED);
    /* another provider of the organisation may name her too; a subject of one is none of the other */
    come_back("v_one", "u-7", "lea@client.example", true);
    CHECK_OK(house.answer.status);
    CHECK_NUMBER(sessions_of("p_lea").count, 1);
    tear_down();
}

static void ends_with_the_account(void)
{
    set_up();
    struct account account;
    come_back("v_two", "u-7", "gone@client.example", true);
    CHECK_OK(house.answer.status);
    CHECK_OK(identity_load_account(house.identity, LIT("p_gone"), house.arena, &account, NULL));
    account.state = ACCOUNT_ENDED;
    account.ended = house.now;
    CHECK_OK(identity_save_account(house.identity, &account, NULL));
    come_back("v_two", "u-7", "gone@client.example", true);
    CHECK_NUMBER(house.answer.status, ST_DENIED);
    tear_down();
}

/* What an attacker makes a browser ask, or asks with their own. NULL: as it should be. */
static const struct attack {
    const char *what, *query;
    bool no_cookie, other_cookie, late;
} attacks[] = {
    {"a login forced upon somebody: no cookie", NULL, .no_cookie = true},
    {"a code of one browser in another", NULL, .other_cookie = true},
    {"another state", "{\"query\":{\"code\":\"c-1\",\"state\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}", .late = false},
    {"no state", "{\"query\":{\"code\":\"c-1\"}}", .late = false},
    {"an empty state", "{\"query\":{\"code\":\"c-1\",\"state\":\"\"}}", .late = false},
    {"a state that is no text", "{\"query\":{\"code\":\"c-1\",\"state\":[]}}", .late = false},
    {"no query", "{}", .late = false},
    {"after ten minutes", NULL, .late = true},
};

static void is_bound_to_browser_and_state(void)
{
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        const struct attack *attack = &attacks[i];
        set_up();
        check_row(attack->what);
        struct trip other = begin("v_two", false), trip = begin("v_two", false);
        uint32_t before = house.calls;
        house.now.us += attack->late ? 10 * MINUTE_US : 0;
        struct slice query = attack->query == NULL ? query_of(&trip, "") : slice_from(attack->query);
        struct slice flow = attack->no_cookie ? SLICE_NONE : attack->other_cookie ? other.flow : trip.flow;
        ask("sso.callback", query, flow, SLICE_NONE);
        CHECK_NUMBER(house.answer.status, ST_DENIED);
        CHECK(house.answer.session.len == 0 && house.calls == before); /* no code is tried */
        tear_down();
    }
}

static void takes_an_answer_once(void)
{
    set_up();
    struct trip trip = begin("v_two", false);
    ask("sso.callback", query_of(&trip, ""), trip.flow, SLICE_NONE);
    /* while the first is at the provider */
    struct command again = {.name = LIT("sso.callback"), .json = query_of(&trip, ""), .credentials = {.flow = trip.flow}};
    unsigned answers = house.answers;
    authd_command(house.authd, ROLE_API, &again, house.now, &house);
    CHECK(house.answers == answers + 1 && house.answer.status == ST_DENIED);
    provider_says((struct sso_answer){.subject = LIT("u-7"), .email = LIT("lea@client.example"), .email_verified = true});
    CHECK_OK(house.answer.status);
    ask("sso.callback", query_of(&trip, ""), trip.flow, SLICE_NONE);
    CHECK_NUMBER(house.answer.status, ST_DENIED);
    CHECK_NUMBER(sessions_of("p_lea").count, 1);
    tear_down();
}

/* RFC 9207: a provider's code that another wants tried. */
static const struct {
    const char *more;
    bool names_issuer, good;
} mixes[] = {
    {"", false, true},
    {",\"iss\":\"" ISSUER "\"", false, true},
    {",\"iss\":\"" ISSUER "\"", true, true},
    {"", true, false}, /* it says that it names itself, and this does not */
    {",\"iss\":\"https://evil.example\"", false, false},
    {",\"iss\":\"https://evil.example\"", true, false},
    {",\"iss\":1", false, false},
};

static void is_not_mixed_up(void)
{
    for (size_t i = 0; i < sizeof mixes / sizeof *mixes; i++) {
        set_up();
        struct trip trip = begin("v_two", mixes[i].names_issuer);
        check_row(mixes[i].more);
        ask("sso.callback", query_of(&trip, mixes[i].more), trip.flow, SLICE_NONE);
        CHECK(authd_waits(house.authd) == mixes[i].good);
        CHECK(mixes[i].good || house.answer.status == ST_DENIED);
        tear_down();
    }
}

static void hears_no(void)
{
    set_up();
    struct trip trip = begin("v_two", false);
    ask("sso.callback", query_of(&trip, ",\"error\":\"access_denied\""), trip.flow, SLICE_NONE);
    CHECK_NUMBER(house.answer.status, ST_DENIED);
    trip = begin("v_two", false);
    ask("sso.callback", query_of(&trip, ""), trip.flow, SLICE_NONE);
    provider_says((struct sso_answer){.status = ST_DENIED, .problem = LIT("x"), .subject = LIT("u-7")});
    CHECK_NUMBER(house.answer.status, ST_DENIED);
    CHECK_NUMBER(house.answer.session.len, 0);
    ask("sso.begin", LIT("{\"provider\":\"v_nobody\"}"), SLICE_NONE, SLICE_NONE);
    CHECK_NUMBER(house.answer.status, ST_NOT_FOUND);
    ask("sso.begin", LIT("{\"provider\":\"v_two\"}"), SLICE_NONE, SLICE_NONE);
    provider_says((struct sso_answer){.status = ST_UNAVAILABLE});
    CHECK(house.answer.status == ST_UNAVAILABLE && house.answer.flow.len == 0);
    house.provider_away = true;
    ask("sso.begin", LIT("{\"provider\":\"v_two\"}"), SLICE_NONE, SLICE_NONE);
    CHECK_NUMBER(house.answer.status, ST_UNAVAILABLE);
    tear_down();
}

/* A provider that vouches for one factor: our own code comes in addition. */
static void asks_a_second_factor_of_ours(void)
{
    set_up();
    add_code("p_lea");
    house.code = "123456";
    come_back("v_one", "u-7", "lea@client.example", true);
    CHECK_OK(house.answer.status);
    CHECK(house.answer.session.len == 0 && house.answer.flow.len == 43);
    CHECK(slice_contains(house.answer.json, LIT("\"next\":\"code\"")));
    struct slice flow = house.answer.flow;
    ask("sso.code", LIT("{\"code\":\"000000\"}"), flow, SLICE_NONE);
    CHECK(house.answer.status == ST_DENIED && slice_contains(house.answer.json, LIT("\"wrong\"")));
    house.keyd_fails = true; /* is nobody's wrong code */
    ask("sso.code", LIT("{\"code\":\"123456\"}"), flow, SLICE_NONE);
    CHECK_NUMBER(house.answer.status, ST_UNAVAILABLE);
    house.keyd_fails = false;
    ask("sso.code", LIT("{\"code\":\"123456\"}"), SLICE_NONE, SLICE_NONE); /* another browser */
    CHECK_NUMBER(house.answer.status, ST_DENIED);
    ask("sso.code", LIT("{\"code\":\"123456\"}"), flow, SLICE_NONE);
    CHECK_OK(house.answer.status);
    CHECK_NUMBER(house.answer.session.len, 43);
    CHECK_TEXT(sessions_of("p_lea").items[0].factor, "sso+code");
    ask("sso.code", LIT("{\"code\":\"123456\"}"), flow, SLICE_NONE); /* the flow is over */
    CHECK_NUMBER(house.answer.status, ST_DENIED);
    /* the same step does not count again, and five tries are all */
    come_back("v_one", "u-7", "", false);
    flow = house.answer.flow;
    for (int i = 0; i < 5; i++) {
        ask("sso.code", LIT("{\"code\":\"123456\"}"), flow, SLICE_NONE);
        CHECK(slice_contains(house.answer.json, LIT("\"wrong\"")));
    }
    ask("sso.code", LIT("{\"code\":\"123456\"}"), flow, SLICE_NONE);
    CHECK(slice_contains(house.answer.json, LIT("\"sso_failed\"")));
    tear_down();
}

/* Who was invited and comes from such a provider has no code yet: they may enrol one, no more. */
static void lets_the_invited_enrol_a_code(void)
{
    set_up();
    struct account account;
    for (int i = 0; i < 2; i++) {
        come_back("v_one", "u-8", i == 0 ? "new@branch.example" : "", i == 0);
        CHECK_OK(house.answer.status);
        CHECK_NUMBER(house.answer.session.len, 43);
        CHECK_NUMBER(sessions_of("p_new").count, 1); /* the one before is over */
        CHECK_NUMBER(sessions_of("p_new").items[0].kind, SESSION_KIND_ENROLMENT);
        CHECK_OK(identity_load_account(house.identity, LIT("p_new"), house.arena, &account, NULL));
        CHECK_NUMBER(account.state, ACCOUNT_INVITED);
    }
    struct slice cookie = house.answer.session;
    ask("factor.list", LIT("{}"), SLICE_NONE, cookie);
    CHECK_OK(house.answer.status);
    ask("session.list", LIT("{}"), SLICE_NONE, cookie);
    CHECK_NUMBER(house.answer.status, ST_DENIED);
    tear_down();
}

/* The role sso died with the question: nobody waits for ever. */
static void goes_on_without_sso(void)
{
    set_up();
    struct trip trip = begin("v_two", false);
    ask("sso.callback", query_of(&trip, ""), trip.flow, SLICE_NONE);
    CHECK(authd_waits(house.authd));
    authd_peer(house.authd, ROLE_SSO, house.now);
    CHECK(!authd_waits(house.authd) && house.answer.status == ST_UNAVAILABLE);
    come_back("v_two", "u-7", "lea@client.example", true);
    CHECK_OK(house.answer.status);
    tear_down();
}

/* Back-channel logout */

static struct slice unsigned_token(const char *issuer, const char *audience)
{
    AUTO_BUFFER text = buffer_create(65536);
    buffer_add_text(&text, "e30.");
    base64url_encode(arena_format(house.arena, "{\"iss\":\"%s\",\"aud\":%s}", issuer, audience), &text);
    buffer_add_text(&text, ".AAAA");
    return arena_format(house.arena, "{\"logout_token\":\"%.*s\"}", SLICE_ARG(buffer_slice(&text)));
}

static void log_out(const char *subject, const char *session, const char *id)
{
    ask("sso.backchannel", unsigned_token(ISSUER, "[\"c-v_two\"]"), SLICE_NONE, SLICE_NONE);
    CHECK_NUMBER(house.asked.question, SSO_LOGOUT);
    provider_says((struct sso_answer){.subject = slice_from(subject), .session = slice_from(session),
                                      .token_id = slice_from(id), .ends = {house.now.us + 5 * MINUTE_US}});
}

static const struct {
    const char *subject, *session;
    size_t left_lea, left_new;
} logouts[] = {
    {"", "sid-1", 0, 0},     /* both began in that session there */
    {"u-7", "", 0, 1},
    {"u-7", "sid-1", 0, 1},
    {"u-7", "sid-2", 1, 1},
    {"", "sid-2", 1, 1},
    {"u-9", "", 1, 1},
    {"u-9", "sid-1", 1, 1},
};

static void the_provider_ends_sessions(void)
{
    for (size_t i = 0; i < sizeof logouts / sizeof *logouts; i++) {
        set_up();
        check_row(logouts[i].subject);
        come_back("v_two", "u-7", "lea@client.example", true);
        struct slice cookie = house.answer.session;
        come_back("v_two", "u-8", "new@branch.example", true);
        log_out(logouts[i].subject, logouts[i].session, "j-1");
        CHECK_OK(house.answer.status);
        CHECK_NUMBER(sessions_of("p_lea").count, logouts[i].left_lea);
        CHECK_NUMBER(sessions_of("p_new").count, logouts[i].left_new);
        CHECK_NUMBER(house.ended_said, 2 - logouts[i].left_lea - logouts[i].left_new); /* others hear of each */
        ask("me.show", LIT("{}"), SLICE_NONE, cookie);
        CHECK((house.answer.status == ST_OK) == (logouts[i].left_lea == 1));
        tear_down();
    }
}

static void takes_a_logout_token_once(void)
{
    set_up();
    log_out("u-7", "", "j-1");
    CHECK_OK(house.answer.status);
    log_out("u-7", "", "j-1");
    CHECK_NUMBER(house.answer.status, ST_INVALID);
    log_out("u-7", "", "j-2");
    CHECK_OK(house.answer.status);
    house.now.us += 6 * MINUTE_US; /* its time is over: sso refuses it for its age now */
    log_out("u-7", "", "j-1");
    CHECK_OK(house.answer.status);
    tear_down();
}

static void finds_whom_a_logout_token_is_for(void)
{
    static const struct {
        const char *issuer, *audience;
    } others[] = {{ISSUER, "\"c-v_one\""}, {ISSUER, "\"c-v_old\""}, {"https://evil.example", "\"c-v_two\""}, {ISSUER, "[]"}};
    set_up();
    add_provider("v_old", "o_other", ISSUER, "two", 0);
    struct identity_provider row;
    CHECK_OK(identity_load_provider(house.identity, LIT("v_old"), house.arena, &row, NULL));
    row.state = PROVIDER_ENDED;
    CHECK_OK(identity_save_provider(house.identity, &row, NULL));
    add_provider("v_same", "o_other", ISSUER, "two", 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ask("sso.backchannel", unsigned_token(others[i].issuer, others[i].audience), SLICE_NONE, SLICE_NONE);
        CHECK(house.answer.status == ST_INVALID && house.calls == 0);
    }
    ask("sso.backchannel", LIT("{\"logout_token\":\"x\"}"), SLICE_NONE, SLICE_NONE);
    CHECK_NUMBER(house.answer.status, ST_INVALID);
    ask("sso.backchannel", LIT("{}"), SLICE_NONE, SLICE_NONE);
    CHECK_NUMBER(house.answer.status, ST_INVALID);
    ask("sso.backchannel", unsigned_token(ISSUER, "\"c-v_same\""), SLICE_NONE, SLICE_NONE);
    CHECK_TEXT(house.asked.provider.client, "c-v_same");
    provider_says((struct sso_answer){.status = ST_DENIED});
    CHECK_NUMBER(house.answer.status, ST_INVALID);
    tear_down();
}

static void offers_providers_by_domain(void)
{
    static const struct {
        const char *address;
        size_t count;
    } cases[] = {{"anybody@client.example", 2}, {"x@BRANCH.example", 2}, {"x@example", 0}, {"x@sub.client.example", 0},
                 {"client.example", 0}, {"", 0}, {"x@", 0}, {"x@client.example branch.example", 0}};
    set_up();
    struct call call = {.authd = house.authd, .arena = house.arena, .now = house.now};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_JSON list = NULL;
        check_row(cases[i].address);
        CHECK_OK(sso_providers(&call, slice_from(cases[i].address), &list));
        CHECK_NUMBER(json_array_size(list), cases[i].count);
    }
    tear_down();
}

static void holds_people_to_their_provider(void)
{
    set_up();
    bool exclusive = true;
    struct call call = {.authd = house.authd, .arena = house.arena, .now = house.now};
    struct account member = {.organisation = LIT("o_client"), .function = LIT("organizer")};
    struct account breaker = {.organisation = LIT("o_client"), .function = LIT("operator")};
    CHECK_OK(sso_is_exclusive(&call, &member, &exclusive));
    CHECK(!exclusive);
    add_provider("v_only", "o_client", "https://only.client.example", "two", 1);
    CHECK_OK(sso_is_exclusive(&call, &member, &exclusive));
    CHECK(exclusive);
    CHECK_OK(sso_is_exclusive(&call, &breaker, &exclusive));
    CHECK(!exclusive);
    member.organisation = LIT("o_other");
    CHECK_OK(sso_is_exclusive(&call, &member, &exclusive));
    CHECK(!exclusive);
    tear_down();
}

/* Administration */

static const struct {
    const char *organisation, *issuer, *client, *secret, *domains, *acr;
    bool loopback;
    enum status status;
} additions[] = {
    {"o_client", "https://new.example", "c", "s", "a.example b-c.example", "loa-2", false, ST_OK},
    {"o_client", "https://new.example", "c", "s", "", "", false, ST_CONFLICT},
    {"o_client", "https://new.example", "d", "s", "", "", false, ST_OK}, /* another client there */
    {"o_other", "https://new.example", "c", "s", "", "", false, ST_OK},
    {"o_none", "https://new.example", "c", "s", "", "", false, ST_NOT_FOUND},
    {"o_client", "http://127.0.0.1:1", "c", "s", "", "", false, ST_INVALID},
    {"o_client", "http://127.0.0.1:1", "c", "s", "", "", true, ST_OK},
    {"o_client", "https://id.example#x", "c", "s", "", "", false, ST_INVALID},
    {"o_client", "https://id.example", "", "s", "", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "", "", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "s\n2", "", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "s", "Client.example", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "s", "example", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "s", "a.example.", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "s", ".a.example", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "s", "a.example  b.example", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "s", "a.example,b.example", "", false, ST_INVALID},
    {"o_client", "https://id.example", "c", "s", "", "loa 2", false, ST_INVALID},
};

static void is_administered(void)
{
    set_up();
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++) {
        struct slice acr = slice_from(additions[i].acr);
        struct sso_settings settings = {
            .organisation = slice_from(additions[i].organisation), .issuer = slice_from(additions[i].issuer),
            .domains = slice_from(additions[i].domains), .exclusive = true,
            .details = {.name = LIT("N"), .client = slice_from(additions[i].client), .secret = slice_from(additions[i].secret),
                        .acr = {&acr, acr.len > 0, 1}, .loopback = additions[i].loopback}};
        check_row(additions[i].issuer);
        CHECK_NUMBER(authd_add_provider(house.authd, &settings, house.now, house.arena, NULL), additions[i].status);
        CHECK((settings.id.len > 0) == (additions[i].status == ST_OK));
    }
    struct sso_settings_list list;
    struct sso_settings one;
    CHECK_OK(authd_list_providers(house.authd, LIT("o_other"), house.arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
    CHECK_OK(authd_load_provider(house.authd, list.items[0].id, house.arena, &one, NULL));
    CHECK(one.exclusive && slice_equal(one.details.secret, LIT("s")));
    CHECK_OK(authd_list_providers(house.authd, SLICE_NONE, house.arena, &list, NULL));
    CHECK_NUMBER(list.count, 6);
    tear_down();
}

/* Who ends a provider ends what began there, and what is under way. */
static void ends_providers(void)
{
    set_up();
    size_t ended = 0;
    come_back("v_two", "u-7", "lea@client.example", true);
    come_back("v_one", "u-7", "lea@client.example", true);
    struct trip trip = begin("v_two", false);
    CHECK_OK(authd_end_provider(house.authd, LIT("v_two"), house.now, &ended, NULL));
    CHECK_NUMBER(ended, 1);
    CHECK_NUMBER(sessions_of("p_lea").count, 0);
    ask("sso.callback", query_of(&trip, ""), trip.flow, SLICE_NONE);
    CHECK(house.answer.status == ST_NOT_FOUND && !authd_waits(house.authd));
    ask("sso.begin", LIT("{\"provider\":\"v_two\"}"), SLICE_NONE, SLICE_NONE);
    CHECK_NUMBER(house.answer.status, ST_NOT_FOUND);
    CHECK_NUMBER(authd_end_provider(house.authd, LIT("v_two"), house.now, &ended, NULL), ST_CONFLICT);
    CHECK_NUMBER(authd_load_provider(house.authd, LIT("v_two"), house.arena, &(struct sso_settings){0}, NULL), ST_NOT_FOUND);
    tear_down();
}

static void takes_organisations_once(void)
{
    set_up();
    struct identity_organisation first, second;
    CHECK_OK(authd_add_organisation(house.authd, LIT("o_new"), LIT("client"), house.now, NULL));
    CHECK_OK(identity_load_organisation(house.identity, LIT("o_new"), house.arena, &first, NULL));
    CHECK_OK(authd_add_organisation(house.authd, LIT("o_new"), LIT("client"), house.now, NULL));
    CHECK_OK(identity_load_organisation(house.identity, LIT("o_new"), house.arena, &second, NULL));
    CHECK(first.key.sealed.bytes.len > 0 && slice_equal(first.key.sealed.bytes, second.key.sealed.bytes));
    tear_down();
}

int main(void)
{
    TEST(leads_to_the_provider);
    TEST(a_proof_is_asked_of_the_provider_too);
    TEST(our_code_after_the_provider_is_a_proof);
    TEST(lets_in_whom_it_knows);
    TEST(lets_nobody_else_in);
    TEST(gives_no_account_to_a_second_subject);
    TEST(ends_with_the_account);
    TEST(is_bound_to_browser_and_state);
    TEST(takes_an_answer_once);
    TEST(is_not_mixed_up);
    TEST(hears_no);
    TEST(asks_a_second_factor_of_ours);
    TEST(lets_the_invited_enrol_a_code);
    TEST(goes_on_without_sso);
    TEST(the_provider_ends_sessions);
    TEST(takes_a_logout_token_once);
    TEST(finds_whom_a_logout_token_is_for);
    TEST(offers_providers_by_domain);
    TEST(holds_people_to_their_provider);
    TEST(is_administered);
    TEST(ends_providers);
    TEST(takes_organisations_once);
    return check_done();
}
