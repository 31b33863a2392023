/* The end of an organisation, and its erasure. */
#include "platform/identity/organisations.h"
#include "roles/authd/certificates.h"
#include "roles/authd/test_house.h"

static const char password[] = "Seven grey barges at 4 docks";

/* Two organisations, people who are signed in, one invited, a service account. */
struct before {
    struct house *house;
    struct member alice, carol;
    struct slice session, invitation, token;
};

static struct before begin(void)
{
    struct before before = {.house = house_begin()};
    struct house *house = before.house;
    house_organisation(house, "acme", "client");
    house_organisation(house, "bolt", "client");
    before.alice = house_add(house, "Alice Martin", "alice@acme.example", "organizer", password);
    house_invite(house, "Bob Klein", "bob@acme.example", "organizer");
    before.invitation = house_link(house);
    CHECK_OK(ROOT(house, "account.add", "{'organisation': 'acme', 'name': 'Robot', 'language': 'fr', 'kind': "
                  "'service', 'owner': '%.*s', 'function': 'service'}", SLICE_ARG(before.alice.id)));
    CHECK_OK(ROOT(house, "account.add", "{'organisation': 'bolt', 'name': 'Carol', 'address': "
                  "'carol@bolt.example', 'language': 'fr', 'function': 'organizer'}"));
    before.carol = (struct member){.id = house_text(house, "id"), .address = LIT("carol@bolt.example")};
    house_enrol(house, &before.carol, password);
    CHECK_OK(house_sign_in(house, &before.alice, password));
    before.session = house->browser.session;
    CHECK_OK(ROOT(house, "token.make", "{'account': '%.*s', 'name': 'x', 'scopes': ['meetings'], 'days': 30}",
                  SLICE_ARG(before.alice.id)));
    before.token = house_text(house, "token");
    house_forget(house);
    return before;
}

static enum status me(struct house *house, struct slice session, struct slice token)
{
    house_go(house, "192.0.2.7");
    house->browser.session = session;
    house->browser.token = token;
    return ASK(house, "me.show", "{}");
}

static size_t active_accounts(struct house *house, const char *organisation)
{
    struct account_list list;
    size_t count = 0;
    CHECK_OK(identity_list_accounts(house->identity, slice_from(organisation), house->arena, &list, NULL));
    for (size_t i = 0; i < list.count; i++)
        count += list.items[i].state != ACCOUNT_ENDED;
    return count;
}

static void end_all_due(struct house *house)
{
    size_t ended = 1;
    while (ended > 0)
        CHECK_OK(authd_end_due(house->authd, house->now, &ended, NULL));
}

/* Nobody of it comes in from the moment on, before their accounts have ended one by one. */
static void nobody_of_it_comes_in(void)
{
    struct before before = begin();
    struct house *house = before.house;
    CHECK_OK(me(house, before.session, SLICE_NONE));
    CHECK_NUMBER(authd_end_organisation(house->authd, LIT("none"), house->now, NULL), ST_NOT_FOUND);
    CHECK_OK(authd_end_organisation(house->authd, LIT("acme"), house->now, NULL));
    CHECK_NUMBER(active_accounts(house, "acme"), 3);
    CHECK_NUMBER(me(house, before.session, SLICE_NONE), ST_DENIED);
    CHECK(house_sign_in(house, &before.alice, password) != ST_OK);
    CHECK_NUMBER(ROOT(house, "account.add", "{'organisation': 'acme', 'name': 'Dan', 'address': 'dan@acme.example', "
                      "'language': 'fr', 'function': 'organizer'}"), ST_CONFLICT);
    house_go(house, "192.0.2.7");
    CHECK_OK(house_sign_in(house, &before.carol, password));
    end_all_due(house);
    CHECK_NUMBER(active_accounts(house, "acme"), 0);
    CHECK_NUMBER(active_accounts(house, "bolt"), 1);
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "organisation"), 2 * ENDING_PEERS);
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "owner"), ENDING_PEERS); /* the robot, with Alice */
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.ended"), 2);
    CHECK(me(house, before.session, SLICE_NONE) != ST_OK);
    CHECK(me(house, SLICE_NONE, before.token) != ST_OK);
    house_go(house, "192.0.2.7");
    CHECK(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(before.invitation)) != ST_OK);
    CHECK_NUMBER(ROOT(house, "account.invite", "{'account': '%.*s'}", SLICE_ARG(before.alice.id)), ST_CONFLICT);
    /* Again is once; who it was can still be read, until it is erased. */
    house_forget(house);
    CHECK_OK(authd_end_organisation(house->authd, LIT("acme"), house->now, NULL));
    end_all_due(house);
    CHECK_NUMBER(house->said_count, 0);
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(before.alice.id)));
    CHECK_TEXT(house_text(house, "name"), "Alice Martin");
    house_end(house);
}

/* By another process: authd ends the accounts at its next turns. */
static void authd_ends_the_accounts_itself(void)
{
    struct before before = begin();
    struct house *house = before.house;
    CHECK_OK(identity_end_organisation(house->identity, LIT("acme"), house->now, NULL));
    CHECK(authd_turn(house->authd, house->now)); /* there may be more than one turn takes */
    CHECK_NUMBER(active_accounts(house, "acme"), 0);
    CHECK_NUMBER(active_accounts(house, "bolt"), 1);
    CHECK(!authd_turn(house->authd, house->now));
    CHECK(me(house, before.session, SLICE_NONE) != ST_OK);
    house_end(house);
}

static void what_is_erased_opens_nowhere(void)
{
    struct before before = begin();
    struct house *house = before.house;
    struct account alice;
    struct account_details details;
    struct organisation *organisation;
    CHECK_OK(identity_load_account(house->identity, before.alice.id, house->arena, &alice, NULL));
    CHECK_OK(open_account(house->authd, &alice, house->arena, &details, NULL));
    CHECK_TEXT(details.name, "Alice Martin");
    CHECK_OK(authd_erase_organisation(house->authd, LIT("acme"), house->now, NULL));
    /* The row as it was, of a copy: with all that authd and the key file have now. */
    CHECK_NUMBER(open_account(house->authd, &alice, house->arena, &details, NULL), ST_NOT_FOUND);
    CHECK_OK(get_organisation(house->authd, LIT("acme"), &organisation, NULL));
    CHECK(organisation->key == NULL);
    end_all_due(house);
    CHECK_NUMBER(active_accounts(house, "acme"), 0);
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON_ENDED, "organisation"), 2 * ENDING_PEERS);
    CHECK_NUMBER(house_said(house, MESSAGE_NOTICE, "account.ended"), 0); /* nobody's address is known */
    CHECK_NUMBER(house_said(house, MESSAGE_PERSON, ""), 0);
    struct errand_list errands;
    CHECK_OK(identity_list_errands(house->identity, LIT("planner"), house->arena, &errands, NULL));
    for (size_t i = 0; i < errands.count; i++)
        CHECK(slice_equal(errands.items[i].kind, LIT("ended")) || !slice_equal(errands.items[i].account, before.alice.id));
    CHECK_OK(identity_load_account(house->identity, before.alice.id, house->arena, &alice, NULL));
    CHECK_NUMBER(alice.details.bytes.len, 0);
    CHECK(!slice_equal(alice.address_hash, hash_address(house->authd, before.alice.address, house->arena)));
    CHECK(me(house, before.session, SLICE_NONE) != ST_OK);
    CHECK(me(house, SLICE_NONE, before.token) != ST_OK);
    /* Lists of all go on without it; its address may be somebody's again. */
    CHECK_OK(ROOT(house, "account.list", "{}"));
    CHECK_NUMBER(house_count(house, "people"), 1);
    CHECK_OK(ROOT(house, "raise.list", "{}"));
    CHECK_OK(ROOT(house, "review.run", "{}"));
    CHECK_OK(ROOT(house, "account.add", "{'organisation': 'bolt', 'name': 'Alice Martin', 'address': "
                  "'alice@acme.example', 'language': 'fr', 'function': 'organizer'}"));
    /* Again is once. */
    CHECK_OK(authd_erase_organisation(house->authd, LIT("acme"), house->now, NULL));
    CHECK_NUMBER(authd_rotate_organisation(house->authd, LIT("acme"), house->now, NULL), ST_NOT_FOUND);
    house_go(house, "192.0.2.7");
    CHECK_OK(house_sign_in(house, &before.carol, password));
    house_end(house);
}

/* Cut off before the accounts ended, and before the key went: a turn of authd does the rest. */
static void an_erasure_goes_on(void)
{
    struct before before = begin();
    struct house *house = before.house;
    struct wrapped_key key;
    CHECK_OK(identity_begin(house->identity, NULL));
    CHECK_OK(identity_erase_organisation(house->identity, LIT("acme"), house->now, NULL));
    CHECK_OK(identity_commit(house->identity, NULL));
    CHECK_OK(identity_load_key(house->identity, LIT("acme"), 0, house->arena, &key, NULL));
    while (authd_turn(house->authd, house->now))
        ;
    CHECK_NUMBER(identity_load_key(house->identity, LIT("acme"), 0, house->arena, &key, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(active_accounts(house, "acme"), 0);
    house_end(house);
}

int main(void)
{
    TEST(nobody_of_it_comes_in);
    TEST(authd_ends_the_accounts_itself);
    TEST(what_is_erased_opens_nowhere);
    TEST(an_erasure_goes_on);
    return check_done();
}
