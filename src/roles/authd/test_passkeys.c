/* Passkeys from enrolment to loss, with one in memory in place of a device. */
#include "test_keys.h"

static const char password[] = "Cerises-du-lundi-7";

/* What a page posts to sign in, by that key. */
static struct slice login_of(struct house *house, struct authenticator *key,
                             const struct authenticator_ways *ways)
{
    struct webauthn_assertion sent;
    CHECK_OK(ASK(house, "login.start", "{}"));
    struct slice flow = house_text(house, "flow");
    authenticator_sign(key, challenge_of(house), ways, house->arena, &sent);
    return arena_format(house->arena, "{'flow': '%.*s', 'credential': %.*s}", SLICE_ARG(flow),
                        SLICE_ARG(posted(house, authenticator_post_assertion(&sent))));
}

static enum status sign_in(struct house *house, struct authenticator *key,
                           const struct authenticator_ways *ways)
{
    house->browser.session = SLICE_NONE;
    struct slice post = login_of(house, key, ways);
    return house_ask(house, "login.passkey", post);
}

/* Somebody who has enrolled with a passkey alone. */
static struct house *begin_with(struct member *nora, struct authenticator *key)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    *nora = house_invite(house, "Nora Keller", "nora@acme.example", "organizer");
    *key = new_key(nora);
    CHECK_OK(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(house_link(house))));
    CHECK_OK(add_key(house, key, RIGHT, "my phone"));
    house->browser.session = SLICE_NONE;
    return house;
}

static void end(struct house *house, struct authenticator *key)
{
    authenticator_destroy(key);
    house_end(house);
}

static void somebody_enrols_and_signs_in_by_passkey(void)
{
    struct member nora;
    struct authenticator key;
    struct house *house = begin_with(&nora, &key);
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.factor_added"), 1);
    CHECK_OK(sign_in(house, &key, RIGHT));
    CHECK_NUMBER(house->browser.session.len, 43);
    CHECK_OK(ASK(house, "me.show", "{}"));
    CHECK_TEXT(house_text(house, "session"), "full");
    CHECK_TEXT(house_text(house, "factor"), "passkey");
    CHECK_TEXT(house_text(house, "name"), "Nora Keller");
    CHECK_OK(ASK(house, "factor.list", "{}"));
    CHECK_TEXT(house_item(house, "factors", 0, "kind"), "passkey");
    CHECK_TEXT(house_item(house, "factors", 0, "name"), "my phone");
    /* Another time, another session; the one before goes on. */
    struct slice first = house->browser.session;
    CHECK_OK(sign_in(house, &key, RIGHT));
    CHECK(!slice_equal(first, house->browser.session));
    house->browser.session = first;
    CHECK_OK(ASK(house, "me.show", "{}"));
    end(house, &key);
}

static void whoever_asks_is_offered_the_same(void)
{
    static const char *const asked[] = {"{}", "{'address': 'nora@acme.example'}",
                                        "{'address': 'nobody@acme.example'}", "{'address': 7}"};
    struct member nora;
    struct authenticator key;
    struct house *house = begin_with(&nora, &key);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        AUTO_JSON root = NULL;
        check_row(asked[i]);
        CHECK_OK(house_ask(house, "login.start", slice_from(asked[i])));
        CHECK_OK(json_read(house->answer.json, &root, NULL));
        json_t *offered = json_object_get(root, "public_key");
        CHECK_NUMBER(challenge_of(house).len, 32);
        json_object_del(offered, "challenge");
        CHECK_TEXT(json_write(offered, house->arena),
                   "{\"timeout\":300000,\"rpId\":\"rendez.example\",\"allowCredentials\":[],"
                   "\"userVerification\":\"required\"}");
    }
    end(house, &key);
}

/* One refusal for all of it. */
static const struct slice other_user = {"p_none", 6};
static const struct {
    const char *what;
    struct authenticator_ways ways;
} wrong[] = {
    {"another challenge", {.other_challenge = true}},
    {"another site", {.origin = "https://rendez.example.evil.example"}},
    {"made to register", {.type = "webauthn.create"}},
    {"not verified", {.clear = AUTHENTICATOR_VERIFIED}},
    {"signed wrong", {.spoilt_signature = true}},
    {"of nobody", {.other_id = true}},
    {"of another user", {.user = &other_user}},
    {"may be backed up since", {.set = AUTHENTICATOR_BACKUP_ELIGIBLE}},
};

static void what_was_wrong_is_not_told(void)
{
    struct member nora;
    struct authenticator key;
    struct house *house = begin_with(&nora, &key);
    struct slice told = SLICE_NONE;
    uint64_t transactions = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        check_row(wrong[i].what);
        house->browser.session = SLICE_NONE;
        struct slice post = login_of(house, &key, &wrong[i].ways);
        uint64_t before = authd_work(house->authd).transactions;
        CHECK_NUMBER(house_ask(house, "login.passkey", post), ST_DENIED);
        uint64_t cost = authd_work(house->authd).transactions - before;
        CHECK_TEXT(house_text(house, "code"), "wrong");
        if (i > 0)
            CHECK(slice_equal(told, house->answer.json) && cost == transactions);
        told = house->answer.json;
        transactions = cost;
        CHECK_NUMBER(house->browser.session.len, 0);
    }
    CHECK_OK(sign_in(house, &key, RIGHT)); /* nobody is locked out by it */
    end(house, &key);
}

static void a_challenge_counts_once(void)
{
    struct member nora;
    struct authenticator key;
    struct house *house = begin_with(&nora, &key);
    struct slice post = login_of(house, &key, RIGHT);
    CHECK_OK(house_ask(house, "login.passkey", post));
    house->browser.session = SLICE_NONE;
    CHECK_NUMBER(house_ask(house, "login.passkey", post), ST_CONFLICT);
    CHECK_TEXT(house_text(house, "code"), "flow");
    /* A wrong answer ends it too. */
    struct authenticator_ways spoilt = {.spoilt_signature = true};
    post = login_of(house, &key, &spoilt);
    CHECK_NUMBER(house_ask(house, "login.passkey", post), ST_DENIED);
    CHECK_NUMBER(house_ask(house, "login.passkey", post), ST_CONFLICT);
    /* And time does. */
    post = login_of(house, &key, RIGHT);
    house_wait(house, 601);
    CHECK_NUMBER(house_ask(house, "login.passkey", post), ST_CONFLICT);
    CHECK_NUMBER(house_ask(house, "login.passkey", LIT("{'flow': 'x'}")), ST_CONFLICT);
    end(house, &key);
}

static void a_copied_authenticator_raises_the_alarm(void)
{
    struct member nora;
    struct authenticator key;
    struct house *house = begin_with(&nora, &key);
    key.sign_count = 40;
    CHECK_OK(sign_in(house, &key, RIGHT)); /* 41 */
    key.sign_count = 20;
    house_forget(house);
    CHECK_NUMBER(sign_in(house, &key, RIGHT), ST_DENIED);
    CHECK_TEXT(house_text(house, "code"), "wrong");
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.factor_copied"), 1);
    struct log_entry_list entries;
    CHECK_OK(identity_list_log(house->identity, 0, house->arena, &entries, NULL));
    CHECK_TEXT(entries.items[entries.count - 1].kind, "factor.alarm.copied");
    /* A small count that is not signed right is nobody's alarm. */
    struct authenticator_ways spoilt = {.spoilt_signature = true};
    house_forget(house);
    CHECK_NUMBER(sign_in(house, &key, &spoilt), ST_DENIED);
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.factor_copied"), 0);
    key.sign_count = 41;
    CHECK_OK(sign_in(house, &key, RIGHT));
    end(house, &key);
}

static void one_that_is_not_right_is_not_added(void)
{
    struct member nora;
    struct authenticator key, second;
    struct house *house = begin_with(&nora, &key);
    static const struct {
        const char *what, *name;
        struct authenticator_ways ways;
    } cases[] = {
        {"of another site", "k", {.origin = "https://evil.example"}},
        {"answers another challenge", "k", {.other_challenge = true}},
        {"not verified", "k", {.clear = AUTHENTICATOR_VERIFIED}},
        {"of an algorithm that was not offered", "k", {.key_hex = "a301020338232003"}},
    };
    CHECK_OK(sign_in(house, &key, RIGHT));
    second = new_key(&nora);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].what);
        CHECK_NUMBER(add_key(house, &second, &cases[i].ways, cases[i].name), ST_INVALID);
        CHECK_TEXT(house_text(house, "code"), "credential");
    }
    check_row("");
    CHECK_NUMBER(add_key(house, &key, RIGHT, "again"), ST_CONFLICT);
    CHECK_TEXT(house_text(house, "code"), "known");
    char long_name[102];
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    CHECK_NUMBER(add_key(house, &second, RIGHT, long_name), ST_INVALID);
    CHECK_OK(add_key(house, &second, RIGHT, "second"));
    authenticator_destroy(&second);
    end(house, &key);
}

/* A challenge of one person is of no use to another. */
static void a_registration_is_of_whoever_began_it(void)
{
    struct member nora;
    struct authenticator key, theirs;
    struct house *house = begin_with(&nora, &key);
    struct member ines = house_add(house, "Ines Roth", "ines@acme.example", "organizer", password);
    struct webauthn_registration sent;
    CHECK_OK(sign_in(house, &key, RIGHT));
    CHECK_OK(ASK(house, "factor.passkey.start", "{}"));
    struct slice flow = house_text(house, "flow");
    theirs = new_key(&ines);
    authenticator_register(&theirs, challenge_of(house), RIGHT, house->arena, &sent);
    house->browser.session = SLICE_NONE;
    CHECK_OK(house_sign_in(house, &ines, password));
    CHECK_NUMBER(ASK(house, "factor.passkey.add", "{'flow': '%.*s', 'name': '', 'credential': %.*s}",
                     SLICE_ARG(flow),
                     SLICE_ARG(posted(house, authenticator_post_registration(&sent)))), ST_CONFLICT);
    CHECK_NUMBER(sign_in(house, &theirs, RIGHT), ST_DENIED);
    authenticator_destroy(&theirs);
    end(house, &key);
}

static void passkeys_are_not_without_end(void)
{
    struct member nora;
    struct authenticator key;
    struct house *house = begin_with(&nora, &key);
    CHECK_OK(sign_in(house, &key, RIGHT));
    for (size_t i = 1; i < 20; i++) {
        struct authenticator more = new_key(&nora);
        CHECK_OK(add_key(house, &more, RIGHT, "one more"));
        authenticator_destroy(&more);
    }
    CHECK_NUMBER(ASK(house, "factor.passkey.start", "{}"), ST_CONFLICT);
    CHECK_TEXT(house_text(house, "code"), "too_many");
    end(house, &key);
}

/* The key is lost: by the other factors one gets in, ends it and adds another. */
static void a_lost_key_is_replaced_by_its_person(void)
{
    struct house *house = house_begin();
    house_organisation(house, "acme", "client");
    struct member nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", password);
    struct authenticator lost = new_key(&nora), found = new_key(&nora);
    CHECK_OK(house_sign_in(house, &nora, password));
    CHECK_OK(add_key(house, &lost, RIGHT, "lost"));
    struct slice id = house_text(house, "id");
    CHECK_OK(sign_in(house, &lost, RIGHT));
    house->browser.session = SLICE_NONE;
    CHECK_OK(house_sign_in(house, &nora, password));
    house_forget(house);
    CHECK_OK(ASK(house, "factor.end", "{'id': '%.*s'}", SLICE_ARG(id)));
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.factor_ended"), 1);
    CHECK_OK(add_key(house, &found, RIGHT, "new"));
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.factor_added"), 1);
    CHECK_NUMBER(sign_in(house, &lost, RIGHT), ST_DENIED);
    CHECK_OK(sign_in(house, &found, RIGHT));
    authenticator_destroy(&lost);
    end(house, &found);
}

/* It was all there was: its person cannot end it, and an invitation makes all new. */
static void a_lost_only_key_needs_an_invitation(void)
{
    struct member nora;
    struct authenticator key, next;
    struct house *house = begin_with(&nora, &key);
    CHECK_OK(sign_in(house, &key, RIGHT));
    CHECK_OK(ASK(house, "factor.list", "{}"));
    CHECK_NUMBER(ASK(house, "factor.end", "{'id': '%.*s'}",
                     SLICE_ARG(house_item(house, "factors", 0, "id"))), ST_CONFLICT);
    CHECK_TEXT(house_text(house, "code"), "last_factor");
    struct slice session = house->browser.session;
    house->browser.session = SLICE_NONE;
    house_forget(house);
    CHECK_OK(ASK(house, "account.lost", "{'address': 'nora@acme.example'}"));
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.lost"), 1);
    CHECK_OK(ROOT(house, "account.invite", "{'account': '%.*s'}", SLICE_ARG(nora.id)));
    struct slice token = house_link(house);
    CHECK_NUMBER(sign_in(house, &key, RIGHT), ST_DENIED);
    house->browser.session = session;
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    house->browser.session = SLICE_NONE;
    CHECK_OK(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(token)));
    next = new_key(&nora);
    CHECK_OK(add_key(house, &next, RIGHT, "next"));
    CHECK_OK(sign_in(house, &next, RIGHT));
    CHECK_NUMBER(sign_in(house, &key, RIGHT), ST_DENIED);
    authenticator_destroy(&next);
    end(house, &key);
}

static void sessions_by_passkey_end_as_all_do(void)
{
    struct member nora;
    struct authenticator key;
    struct house *house = begin_with(&nora, &key);
    CHECK_OK(sign_in(house, &key, RIGHT));
    house_wait(house, 31 * 60); /* idle */
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    CHECK_OK(sign_in(house, &key, RIGHT));
    for (unsigned i = 0; i < 12 * 3; i++) {
        CHECK_OK(ASK(house, "me.show", "{}"));
        house_wait(house, 20 * 60);
    }
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED); /* twelve hours */
    CHECK_OK(sign_in(house, &key, RIGHT));
    CHECK_OK(ASK(house, "logout", "{}"));
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    CHECK_OK(sign_in(house, &key, RIGHT));
    CHECK_OK(ROOT(house, "account.end", "{'account': '%.*s'}", SLICE_ARG(nora.id)));
    CHECK_NUMBER(ASK(house, "me.show", "{}"), ST_DENIED);
    CHECK_NUMBER(sign_in(house, &key, RIGHT), ST_DENIED);
    end(house, &key);
}

/* Origins follow from public_url and http.hosts, where those are of the same site. */
static void the_site_is_what_the_settings_say(void)
{
    static const struct {
        const char *url, *hosts, *rp_id, *origins;
    } cases[] = {
        {"https://meet.example", "", "meet.example", "https://meet.example "},
        {"https://meet.example:8443", "", "meet.example", "https://meet.example:8443 "},
        {"https://meet.example/app", "", "meet.example", "https://meet.example "},
        {"http://localhost:8080", "", "localhost", "http://localhost:8080 "},
        {"https://meet.example", "www.meet.example meet.example:8443", "meet.example",
         "https://meet.example https://www.meet.example https://meet.example:8443 "},
        {"https://meet.example", "other.example notmeet.example example", "meet.example",
         "https://meet.example "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(1 << 14);
        AUTO_BUFFER origins = buffer_create(1024);
        struct authd authd = {.options = {.public_url = slice_from(cases[i].url),
                                          .hosts = slice_from(cases[i].hosts)}};
        struct webauthn_site site = passkey_site(&authd, ROLE_API, arena);
        for (size_t k = 0; k < site.origin_count; k++)
            buffer_add_format(&origins, "%.*s ", SLICE_ARG(site.origins[k]));
        check_row(cases[i].url);
        CHECK_TEXT(site.rp_id, cases[i].rp_id);
        CHECK_TEXT(buffer_slice(&origins), cases[i].origins);
        CHECK(site.needs_verification && site.top_origin_count == 0);
    }
}

/* domain/account has the rules; here they reach the person. */
static void a_bad_password_is_told_by_its_rule(void)
{
    static const struct {
        const char *password, *rule;
    } cases[] = {
        {"kW7-zRq", "length"},         {"kwrtzpqdfg", "classes"},  {"Password2026!", "common"},
        {"Keller-Vb7wq9", "personal"}, {"acme-Vb7wqk9", "personal"}, {"Rendez-Vb7wq9", "personal"},
    };
    struct member nora;
    struct authenticator key;
    struct house *house = begin_with(&nora, &key);
    CHECK_OK(sign_in(house, &key, RIGHT));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].password);
        CHECK_NUMBER(ASK(house, "factor.password", "{'new': '%s'}", cases[i].password), ST_INVALID);
        CHECK_TEXT(house_text(house, "code"), "password");
        CHECK_TEXT(house_item(house, "rules", 0, NULL), cases[i].rule);
        CHECK(slice_ends(house_text(house, "detail"), LIT(".")));
    }
    check_row("");
    CHECK_OK(ASK(house, "factor.password", "{'new': 'Cerises-d\u00e9but-7'}"));
    /* The same, whichever way the accent is typed. */
    CHECK_NUMBER(ASK(house, "factor.password", "{'old': 'Cerises-debut-7', 'new': '%s'}", password), ST_DENIED);
    CHECK_OK(ASK(house, "factor.password", "{'old': 'Cerises-de\u0301but-7', 'new': '%s'}", password));
    end(house, &key);
}

int main(void)
{
    TEST(somebody_enrols_and_signs_in_by_passkey);
    TEST(whoever_asks_is_offered_the_same);
    TEST(what_was_wrong_is_not_told);
    TEST(a_challenge_counts_once);
    TEST(a_copied_authenticator_raises_the_alarm);
    TEST(one_that_is_not_right_is_not_added);
    TEST(a_registration_is_of_whoever_began_it);
    TEST(passkeys_are_not_without_end);
    TEST(a_lost_key_is_replaced_by_its_person);
    TEST(a_lost_only_key_needs_an_invitation);
    TEST(sessions_by_passkey_end_as_all_do);
    TEST(the_site_is_what_the_settings_say);
    TEST(a_bad_password_is_told_by_its_rule);
    return check_done();
}
