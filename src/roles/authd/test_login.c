/* From an invitation to a session, and all ways in which that does not come about. */
#include "roles/authd/sso_admin.h"
#include "test_house.h"

static const char good[] = "Cerises-du-lundi-7";

static struct house *begin_with(struct member *nora)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    *nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", good);
    return house;
}

static void somebody_is_invited_enrols_and_signs_in(void)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    struct member nora = house_invite(house, "Nora Keller", "nora@acme.example", "organizer");
    CHECK_TEXT(house_text(house, "state"), "invited");
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.invited"), 1);
    /* Before there is enough to open it, nothing opens. */
    struct slice token = house_link(house);
    CHECK_OK(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(token)));
    CHECK_OK(ASK(house, "me.show", "{}"));
    CHECK_TEXT(house_text(house, "session"), "enrolment");
    CHECK_NUMBER(ASK(house, "session.list", "{}"), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "enrolment");
    CHECK_NUMBER(ASK(house, "token.make", "{'name': 'x', 'scopes': ['meetings']}"), ST_DENIED);
    CHECK_OK(ASK(house, "factor.password", "{'new': '%s'}", good));
    CHECK_OK(ASK(house, "factor.code.start", "{}"));
    nora.secret = house_text(house, "secret");
    CHECK(slice_contains(house_text(house, "uri"), LIT("otpauth://totp/Rendez:nora%40acme.example?secret=")));
    CHECK_NUMBER(ASK(house, "factor.code.add", "{'code': '000000', 'name': ''}"), ST_DENIED);
    CHECK_OK(ASK(house, "factor.code.add", "{'code': '%s', 'name': 'phone'}", house_code_of(house, nora.secret)));
    CHECK_OK(ASK(house, "factor.list", "{}"));
    CHECK_NUMBER(house_count(house, "factors"), 2);
    house->browser.session = SLICE_NONE;
    /* The link opens nothing any more. */
    CHECK_NUMBER(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(token)), ST_DENIED);
    house_forget(house);
    CHECK_OK(house_sign_in(house, &nora, good));
    CHECK_NUMBER(house->browser.session.len, 43);
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.new_session"), 1);
    CHECK_OK(ASK(house, "me.show", "{}"));
    CHECK_TEXT(house_text(house, "session"), "full");
    CHECK_TEXT(house_text(house, "factor"), "password+code");
    CHECK_TEXT(house_text(house, "name"), "Nora Keller");
    /* A second time from there nobody is told. */
    house_forget(house);
    house->browser.session = SLICE_NONE;
    CHECK_OK(house_sign_in(house, &nora, good));
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.new_session"), 0);
    house_end(house);
}

/* The same word for all of it, and only after the code. */
static void what_was_wrong_is_not_told(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    static const struct {
        const char *what, *address, *password;
        bool right_code;
    } cases[] = {
        {"the password", "nora@acme.example", "something else 8", true},
        {"the code", "nora@acme.example", good, false},
        {"both", "nora@acme.example", "something else 8", false},
        {"nobody of that address", "bert@acme.example", good, true},
        {"no address at all", "nobody", good, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        house_wait(house, 30);
        check_row(cases[i].what);
        CHECK_NUMBER(house_login(house, slice_from(cases[i].address), cases[i].password, "login.code",
                                 cases[i].right_code ? house_code_of(house, nora.secret) : "123456"),
                     ST_DENIED);
        CHECK_TEXT(house_text(house, "code"), "wrong");
        CHECK_TEXT(house_text(house, "detail"), "address, password or code are not right");
        CHECK_NUMBER(house->browser.session.len, 0);
    }
    CHECK_OK(house_sign_in(house, &nora, good));
    house_end(house);
}

/* Not by the clock, which a test cannot trust, but by what is done. */
struct effort {
    unsigned hashes, statements;
    uint64_t codes, transactions;
};

static struct effort effort_of(struct house *house, const char *address, const char *password, const char *command,
                               const char *code)
{
    struct authd_work before = authd_work(house->authd);
    unsigned hashes = house->hashes;
    house_statements = 0;
    CHECK_NUMBER(house_login(house, slice_from(address), password, command, code), ST_DENIED);
    struct authd_work after = authd_work(house->authd);
    return (struct effort){house->hashes - hashes, house_statements, after.codes - before.codes,
                           after.transactions - before.transactions};
}

static void a_stranger_costs_what_a_known_person_costs(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    house_invite(house, "Ines Roth", "ines@acme.example", "organizer"); /* has nothing yet */
    static const char *const commands[] = {"login.code", "login.recovery"};
    static const struct {
        const char *address, *password;
    } cases[] = {
        {"nora@acme.example", "something else 8"},
        {"nora@acme.example", good},
        {"nobody@acme.example", good},
        {"ines@acme.example", good},
        {"no address", good},
    };
    for (size_t c = 0; c < 2; c++) {
        struct effort known = {0};
        house_go(house, c == 0 ? "198.51.100.9" : "203.0.113.9");
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct effort now = effort_of(house, cases[i].address, cases[i].password, commands[c], "123456");
            if (i == 0)
                known = now;
            check_row(cases[i].address);
            CHECK_NUMBER(now.hashes, 1);
            CHECK_NUMBER(now.codes, c == 0 ? 1 : 0);
            CHECK_NUMBER(now.statements, known.statements);
            CHECK_NUMBER(now.transactions, known.transactions);
        }
    }
    house_end(house);
}

static void a_code_counts_once(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    const char *code = house_code_of(house, nora.secret);
    CHECK_OK(house_login(house, nora.address, good, "login.code", code));
    house->browser.session = SLICE_NONE;
    CHECK_NUMBER(house_login(house, nora.address, good, "login.code", code), ST_DENIED);
    house_wait(house, 30);
    /* One beside a wrong password is not spent. */
    code = house_code_of(house, nora.secret);
    CHECK_NUMBER(house_login(house, nora.address, "wrong", "login.code", code), ST_DENIED);
    CHECK_OK(house_login(house, nora.address, good, "login.code", code));
    house_end(house);
}

static void a_flow_is_one_login(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    CHECK_OK(ASK(house, "login.start", "{}"));
    struct slice flow = house_text(house, "flow");
    /* No code before a password. */
    CHECK_NUMBER(ASK(house, "login.code", "{'flow': '%.*s', 'code': '123456'}", SLICE_ARG(flow)), ST_CONFLICT);
    CHECK_OK(ASK(house, "login.password", "{'flow': '%.*s', 'address': 'nora@acme.example', 'password': '%s'}",
                 SLICE_ARG(flow), good));
    CHECK_NUMBER(ASK(house, "login.password", "{'flow': '%.*s', 'address': 'nora@acme.example', 'password': '%s'}",
                     SLICE_ARG(flow), good), ST_CONFLICT);
    CHECK_NUMBER(ASK(house, "login.code", "{'flow': '%.*s', 'code': '123456'}", SLICE_ARG(flow)), ST_DENIED);
    CHECK_NUMBER(ASK(house, "login.code", "{'flow': '%.*s', 'code': '%s'}", SLICE_ARG(flow),
                     house_code_of(house, nora.secret)), ST_CONFLICT);
    /* It ends by itself. */
    CHECK_OK(ASK(house, "login.start", "{}"));
    flow = house_text(house, "flow");
    house_wait(house, 601);
    CHECK_NUMBER(ASK(house, "login.password", "{'flow': '%.*s', 'address': 'nora@acme.example', 'password': '%s'}",
                     SLICE_ARG(flow), good), ST_CONFLICT);
    house_end(house);
}

/* Another question is answered while a password is hashed, and one too many is told to come again. */
static void a_session_does_not_wait_for_a_login(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    CHECK_OK(house_sign_in(house, &nora, good));
    struct credentials mine = house->browser;
    house_go(house, "192.0.2.7");
    CHECK_OK(ASK(house, "login.start", "{}"));
    struct slice flow = house_text(house, "flow");
    house->holds = true;
    unsigned answers = house->answers;
    (void)ASK(house, "login.password", "{'flow': '%.*s', 'address': 'nora@acme.example', 'password': '%s'}",
              SLICE_ARG(flow), good);
    CHECK_NUMBER(house->answers, answers);
    CHECK(authd_waits(house->authd));
    house->browser = mine;
    CHECK_OK(ASK(house, "me.show", "{}"));
    CHECK_NUMBER(house->answers, answers + 1);
    house_hash_now(house, house->held);
    CHECK_NUMBER(house->answers, answers + 2);
    CHECK_TEXT(house_text(house, "next"), "code");
    house->holds = false;
    house->queue_full = true;
    CHECK_OK(ASK(house, "login.start", "{}"));
    flow = house_text(house, "flow");
    CHECK_NUMBER(ASK(house, "login.password", "{'flow': '%.*s', 'address': 'nora@acme.example', 'password': '%s'}",
                     SLICE_ARG(flow), good), ST_LIMIT);
    CHECK_TEXT(house_text(house, "code"), "busy");
    house->queue_full = false;
    CHECK_OK(ASK(house, "login.password", "{'flow': '%.*s', 'address': 'nora@acme.example', 'password': '%s'}",
                 SLICE_ARG(flow), good));
    house_end(house);
}

static void recovery_codes_are_good_once(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    CHECK_OK(house_sign_in(house, &nora, good));
    CHECK_OK(ASK(house, "factor.recovery", "{}"));
    CHECK_NUMBER(house_count(house, "codes"), 10);
    struct slice first = house_item(house, "codes", 0, NULL), second = house_item(house, "codes", 1, NULL);
    CHECK_NUMBER(first.len, 19);
    CHECK_OK(ASK(house, "factor.recovery", "{}")); /* new ones: those before are worth nothing */
    struct slice third = house_item(house, "codes", 0, NULL);
    house->browser.session = SLICE_NONE;
    CHECK_NUMBER(house_login(house, nora.address, good, "login.recovery", arena_text(house->arena, first)), ST_DENIED);
    CHECK_NUMBER(house_login(house, nora.address, good, "login.recovery", arena_text(house->arena, second)), ST_DENIED);
    CHECK_NUMBER(house_login(house, nora.address, "wrong", "login.recovery", arena_text(house->arena, third)), ST_DENIED);
    house_forget(house);
    CHECK_OK(house_login(house, nora.address, good, "login.recovery", arena_text(house->arena, third)));
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.recovery_used"), 1);
    CHECK_OK(ASK(house, "me.show", "{}"));
    CHECK_TEXT(house_text(house, "factor"), "password+recovery");
    /* Not for what is strong. */
    CHECK_NUMBER(ASK(house, "token.make", "{'name': 'x', 'scopes': ['meetings']}"), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "factor");
    house->browser.session = SLICE_NONE;
    CHECK_NUMBER(house_login(house, nora.address, good, "login.recovery", arena_text(house->arena, third)), ST_DENIED);
    house_end(house);
}

/* Failures of strangers close the account to strangers, not to its person. */
static void strangers_cannot_lock_somebody_out(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    CHECK_OK(house_sign_in(house, &nora, good));
    struct credentials mine = house->browser;
    mine.session = SLICE_NONE;
    unsigned denied = 0, limited = 0;
    for (int i = 0; i < 40; i++) { /* from everywhere, so that no network is to blame */
        house_go(house, arena_text(house->arena, arena_format(house->arena, "203.0.%d.9", i)));
        enum status status = house_login(house, nora.address, "wrong", "login.code", "123456");
        denied += status == ST_DENIED;
        limited += status == ST_LIMIT;
    }
    CHECK_NUMBER(denied, 10);
    CHECK_NUMBER(limited, 30);
    CHECK_TEXT(house_text(house, "code"), "tries");
    /* Their own browser, from wherever. */
    house->browser = mine;
    house->browser.address = LIT("198.51.100.1");
    CHECK_OK(house_sign_in(house, &nora, good));
    /* Another browser, from their network. */
    house_go(house, "192.0.2.200");
    CHECK_OK(house_sign_in(house, &nora, good));
    /* A stranger waits, even with all that is right; the next quarter of an hour they may. */
    house_go(house, "203.0.113.50");
    CHECK_NUMBER(house_sign_in(house, &nora, good), ST_LIMIT);
    house_wait(house, 900);
    CHECK_OK(house_sign_in(house, &nora, good));
    house_end(house);
}

/* The same for an address that nobody has: it is as limited. */
static void an_unknown_address_is_limited_alike(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    unsigned denied = 0;
    for (int i = 0; i < 12; i++) {
        house_go(house, arena_text(house->arena, arena_format(house->arena, "203.0.%d.9", i)));
        denied += house_login(house, LIT("nobody@acme.example"), "wrong", "login.code", "123456") == ST_DENIED;
    }
    CHECK_NUMBER(denied, 10);
    house_end(house);
}

/* One network that tries everybody. */
static void a_network_is_limited(void)
{
    static const struct {
        const char *what, *format;
        unsigned from, count, denied; /* how many of `count` addresses get as far as the code */
    } cases[] = {
        {"one address", "198.51.100.77", 0, 40, 30},
        {"one IPv4 /24", "198.51.101.%u", 1, 120, 100},
        {"one IPv6 /64", "2001:db8:1:1::%x", 1, 120, 100},
        {"IPv6 of many /64", "2001:db8:2:%x::1", 1, 110, 110},
        {"IPv4 inside IPv6", "::ffff:198.51.102.%u", 1, 120, 100},
    };
    struct member nora;
    struct house *house = begin_with(&nora);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned denied = 0;
        for (unsigned n = 0; n < cases[i].count; n++) {
            AUTO_BUFFER address = buffer_create(64);
            struct slice format = slice_from(cases[i].format);
            size_t hole = slice_find(format, LIT("%"), 0);
            buffer_add(&address, slice_sub(format, 0, hole));
            if (hole != SIZE_MAX) {
                buffer_add_format(&address, format.data[hole + 1] == 'x' ? "%x" : "%u", cases[i].from + n);
                buffer_add(&address, slice_sub(format, hole + 2, format.len));
            }
            house_go(house, arena_text(house->arena, buffer_slice(&address)));
            struct slice person = arena_format(house->arena, "p%zu-%u@acme.example", i, n);
            denied += house_login(house, person, "wrong", "login.code", "123456") == ST_DENIED;
        }
        check_row(cases[i].what);
        CHECK_NUMBER(denied, cases[i].denied);
    }
    house_end(house);
}

/* Where an organisation's provider is the only way in, right factors of ours are no way; a
 * provider beside them changes nothing, and one that has ended neither. */
static void a_provider_may_be_the_only_way(void)
{
    struct member nora;
    struct house *house = begin_with(&nora);
    struct sso_settings settings = {
        .organisation = LIT("acme"), .issuer = LIT("https://id.acme.example"), .domains = LIT("acme.example"),
        .details = {.name = LIT("Acme"), .client = LIT("rendez"), .secret = LIT("s")}};
    size_t ended;
    CHECK_OK(authd_add_provider(house->authd, &settings, house->now, house->arena, NULL));
    CHECK_OK(house_sign_in(house, &nora, good));
    settings.details.client = LIT("other");
    settings.exclusive = true;
    CHECK_OK(authd_add_provider(house->authd, &settings, house->now, house->arena, NULL));
    house_wait(house, 60); /* another code */
    house->browser.session = SLICE_NONE;
    CHECK_NUMBER(house_sign_in(house, &nora, good), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "sso_only");
    CHECK_NUMBER(house->browser.session.len, 0);
    CHECK_OK(authd_end_provider(house->authd, settings.id, house->now, &ended, NULL));
    house_wait(house, 60);
    CHECK_OK(house_sign_in(house, &nora, good));
    house_end(house);
}

int main(void)
{
    TEST(somebody_is_invited_enrols_and_signs_in);
    TEST(what_was_wrong_is_not_told);
    TEST(a_stranger_costs_what_a_known_person_costs);
    TEST(a_code_counts_once);
    TEST(a_flow_is_one_login);
    TEST(a_session_does_not_wait_for_a_login);
    TEST(recovery_codes_are_good_once);
    TEST(strangers_cannot_lock_somebody_out);
    TEST(an_unknown_address_is_limited_alike);
    TEST(a_network_is_limited);
    TEST(a_provider_may_be_the_only_way);
    return check_done();
}
