/* Keys are rotated under identity.db, and the old ones go. */
#include "platform/identity/grants.h"
#include "platform/identity/organisations.h"
#include "platform/identity/providers.h"
#include "platform/identity/rotation.h"
#include "roles/authd/certificates.h"
#include "roles/authd/test_house.h"

/* Root keys of these versions, the newest first; older 0: only one. What is lasting is as in a file that
 * was rotated. */
static struct keyd *keyd_of(unsigned char newest, unsigned char older)
{
    unsigned char versions[] = {newest, older}, bytes[VAULT_KEY_BYTES] = {9};
    struct root_keys roots = {.lasting = {secret_create(bytes, sizeof bytes)}};
    for (size_t i = 0; i < 2 && versions[i] > 0; i++) {
        memset(bytes, versions[i], sizeof bytes);
        roots.items[roots.count++] = (struct root_key){versions[i], secret_create(bytes, sizeof bytes)};
    }
    return keyd_create(&roots);
}

/* keyd begins anew with those. */
static void take_roots(struct house *house, unsigned char newest, unsigned char older)
{
    keyd_destroy(&house->keyd);
    house->keyd = keyd_of(newest, older);
    authd_peer(house->authd, ROLE_KEYD, house->now);
}

/* authd too. */
static void restart(struct house *house)
{
    struct authd_ports ports = house->authd->ports;
    struct authd_options options = {.public_url = LIT("https://rendez.example"),
                                    .session_idle_minutes = 30, .session_hours = 12, .invitation_days = 7};
    authd_destroy(&house->authd);
    CHECK_OK(authd_create(house->identity, &ports, &options, &house->authd, NULL));
}

static uint32_t left(struct house *house)
{
    uint32_t count = 0;
    CHECK_OK(authd_rotation_left(house->authd, &count, NULL));
    return count;
}

static uint32_t times_logged(struct house *house)
{
    struct log_entry_list log;
    uint32_t count = 0;
    CHECK_OK(identity_list_log(house->identity, 0, house->arena, &log, NULL));
    for (size_t i = 0; i < log.count; i++)
        count += slice_equal(log.items[i].kind, LIT("key.version.rotated"));
    return count;
}

static struct slice authority_row(struct house *house, struct slice text)
{
    struct authority authority = {.id = LIT("a_1"), .kind = AUTHORITY_ISSUING, .certificate = LIT("certificate"),
                                  .created = house->now, .ends = {house->now.us + DAY_US}};
    struct private_text key = {text};
    CHECK_OK(seal_row(house->authd, NULL, IDENTITY_AUTHORITY, authority.id, &private_text_record, &key,
                      house->arena, &authority.key, NULL));
    CHECK_OK(identity_add_authority(house->identity, &authority, NULL));
    return authority.id;
}

static enum status open_authority(struct house *house, struct private_text *out)
{
    struct authority_list list;
    CHECK_OK(identity_list_authorities(house->identity, house->arena, &list, NULL));
    CHECK_NUMBER(list.count, 1);
    return open_row(house->authd, NULL, IDENTITY_AUTHORITY, list.items[0].id, list.items[0].key,
                    &private_text_record, house->arena, out, NULL);
}

/* An organisation, somebody who signs in, somebody invited, an authority, and what peers have not done. */
struct before {
    struct house *house;
    struct member alice;
    struct slice link;
};
static struct before begin(void)
{
    struct before before = {.house = house_begin()};
    struct house *house = before.house;
    keyd_destroy(&house->keyd);
    house->keyd = keyd_of(1, 0);
    restart(house);
    house_organisation(house, "acme", "client");
    house_organisation(house, "desk", "processor");
    before.alice = house_add(house, "Alice Martin", "alice@acme.example", "organizer", "Seven grey barges at 4 docks");
    house_invite(house, "Bob Klein", "bob@acme.example", "organizer");
    before.link = house_link(house);
    authority_row(house, LIT("a private key"));
    CHECK_NUMBER(left(house), 0);
    return before;
}

static void the_old_root_key_goes(void)
{
    struct before before = begin();
    struct house *house = before.house;
    struct private_text key = {0};
    CHECK(!authd_turn(house->authd, house->now));
    take_roots(house, 2, 1);
    uint32_t all = left(house);
    CHECK(all >= 2 + 1 + 1 + 2); /* organisations, the authority, the flow of the link, errands */
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks")); /* meanwhile */
    CHECK_NUMBER(left(house), all);
    house_wait(house, 1);
    CHECK(!authd_turn(house->authd, house->now));
    CHECK_NUMBER(left(house), 0);
    CHECK_NUMBER(times_logged(house), 1);
    /* Twice is once. */
    uint32_t none;
    CHECK_OK(authd_rotate_some(house->authd, house->now, &none, NULL));
    CHECK_NUMBER(none, 0);
    CHECK_NUMBER(times_logged(house), 1);
    take_roots(house, 2, 0);
    restart(house);
    house_forget(house);
    authd_peer(house->authd, ROLE_PLANNER, house->now);
    CHECK(house->said_count >= 2);
    CHECK_OK(open_authority(house, &key));
    CHECK_TEXT(key.text, "a private key");
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks"));
    house_go(house, "192.0.2.9");
    CHECK_OK(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(before.link)));
    CHECK_OK(ASK(house, "factor.password", "{'new': 'Nine green kettles on 3 stoves'}"));
    /* An organisation that comes with a later root key has a key of version 1 too. */
    house_organisation(house, "late", "client");
    CHECK_OK(ROOT(house, "account.add", "{'organisation': 'late', 'name': 'Zoe Late', "
                  "'address': 'zoe@late.example', 'language': 'fr', 'function': 'organizer'}"));
    house_end(house);
}

/* What it would be to lose it, so that the test above proves something. */
static void without_rotation_all_is_lost(void)
{
    struct before before = begin();
    struct house *house = before.house;
    struct private_text key;
    take_roots(house, 2, 0);
    restart(house);
    CHECK_NUMBER(open_authority(house, &key), ST_DENIED);
    CHECK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks") != ST_OK);
    CHECK(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(before.link)) != ST_OK);
    /* Nothing is done by halves, and it is tried again later. */
    uint32_t all = left(house), after;
    CHECK_NUMBER(authd_rotate_some(house->authd, house->now, &after, NULL), ST_DENIED);
    CHECK(!authd_turn(house->authd, house->now));
    CHECK_NUMBER(left(house), all);
    take_roots(house, 2, 1);
    authd_turn(house->authd, house->now); /* too soon */
    CHECK_NUMBER(left(house), all);
    house_wait(house, 11);
    authd_turn(house->authd, house->now);
    CHECK_NUMBER(left(house), 0);
    CHECK_OK(open_authority(house, &key));
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks"));
    house_end(house);
}

/* Many rows go some at a time, in whichever process; one changed meanwhile is not written over. */
static void it_goes_on_wherever_it_was(void)
{
    struct before before = begin();
    struct house *house = before.house;
    struct rooted_list rows;
    for (int i = 0; i < 60; i++)
        house_organisation(house, arena_format(house->arena, "o_%d", i).data, "client");
    take_roots(house, 2, 1);
    uint32_t all = left(house), after = 0;
    CHECK(authd_turn(house->authd, house->now)); /* there is more */
    CHECK_NUMBER(left(house), all - 50);
    CHECK_NUMBER(times_logged(house), 0);
    restart(house);
    CHECK_OK(identity_list_rooted(house->identity, ROOTED_ORGANISATION, 2, 1, house->arena, &rows, NULL));
    CHECK_OK(authd_rotate_some(house->authd, house->now, &after, NULL));
    CHECK_NUMBER(after, left(house));
    CHECK_NUMBER(identity_replace_rooted(house->identity, ROOTED_ORGANISATION, &rows.items[0],
                                         (struct sealed){LIT("late")}, NULL), ST_CONFLICT);
    while (authd_turn(house->authd, house->now))
        ;
    CHECK_NUMBER(left(house), 0);
    CHECK_NUMBER(times_logged(house), 1);
    take_roots(house, 2, 0);
    restart(house);
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks"));
    house_end(house);
}

/* The key of one organisation */

static uint32_t organisation_left(struct house *house, const char *id)
{
    uint32_t count = 0;
    CHECK_OK(authd_organisation_left(house->authd, slice_from(id), &count, NULL));
    return count;
}

static enum status key_of(struct house *house, uint32_t version, struct wrapped_key *out)
{
    return identity_load_key(house->identity, LIT("acme"), version, house->arena, out, NULL);
}

/* What is under which version, of everything that the organisation's key seals. */
static uint32_t under_older(struct house *house, uint32_t version)
{
    uint32_t count;
    CHECK_OK(identity_count_owned_rows(house->identity, LIT("acme"), version, &count, NULL));
    return count;
}

/* One of every kind, as far as Alice has none. */
static void one_of_each(struct house *house, struct member *alice)
{
    struct organisation *acme;
    struct private_text text = {LIT("a reason")};
    CHECK_OK(get_organisation(house->authd, LIT("acme"), &acme, NULL));
    CHECK_OK(house_sign_in(house, alice, "Seven grey barges at 4 docks"));
    CHECK_OK(ROOT(house, "token.make", "{'account': '%.*s', 'name': 'x', 'scopes': ['meetings'], 'days': 30}",
                  SLICE_ARG(alice->id)));
    struct stored_grant grant = {.grant = {.id = LIT("g_1"), .account = alice->id, .organisation = LIT("acme"),
                                           .cause = CAUSE_RAISE, .right = RIGHT_PEOPLE_END, .asked = house->now,
                                           .wanted = {HOUR_US}}};
    CHECK_OK(seal_row(house->authd, acme, IDENTITY_GRANT, LIT("g_1"), &private_text_record, &text, house->arena,
                      &grant.reason, NULL));
    CHECK_OK(identity_add_grant(house->identity, &grant, NULL));
    struct identity_provider provider = {.id = LIT("v_1"), .organisation = LIT("acme"), .issuer = LIT("https://id.example"),
                                .domains = LIT("acme.example"), .created = house->now};
    struct provider_details settings = {.client = LIT("c"), .secret = LIT("s")};
    CHECK_OK(seal_row(house->authd, acme, IDENTITY_PROVIDER, provider.id, &provider_details_record, &settings,
                      house->arena, &provider.details, NULL));
    CHECK_OK(identity_save_provider(house->identity, &provider, NULL));
}

static void an_organisations_key_is_rotated(void)
{
    struct before before = begin();
    struct house *house = before.house;
    struct wrapped_key key;
    struct account alice;
    struct account_details details;
    uint32_t left_then, steps = 0;
    one_of_each(house, &before.alice);
    struct slice session = house->browser.session;
    CHECK_OK(identity_load_account(house->identity, before.alice.id, house->arena, &alice, NULL));
    uint32_t all = under_older(house, 2);
    CHECK(all >= 2 + 2 + 1 + 1 + 1 + 1 + 1); /* accounts, factors, a code's secret, session, token, grant, provider */
    CHECK_NUMBER(authd_rotate_organisation(house->authd, LIT("none"), house->now, NULL), ST_NOT_FOUND);
    CHECK_OK(authd_rotate_organisation(house->authd, LIT("acme"), house->now, NULL));
    CHECK_OK(authd_rotate_organisation(house->authd, LIT("acme"), house->now, NULL)); /* twice is once */
    CHECK_OK(key_of(house, 1, &key));
    CHECK_OK(key_of(house, 2, &key));
    CHECK_NUMBER(key_of(house, 3, &key), ST_NOT_FOUND);
    CHECK_NUMBER(organisation_left(house, "acme"), all + 1);
    CHECK_NUMBER(organisation_left(house, "desk"), 0);
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks")); /* meanwhile */
    CHECK_OK(key_of(house, 1, &key));
    do {
        CHECK_OK(authd_rotate_some(house->authd, house->now, &left_then, NULL));
        steps++;
    } while (left_then > 0 && steps < 100);
    CHECK_NUMBER(organisation_left(house, "acme"), 0);
    CHECK_NUMBER(under_older(house, 2), 0);
    CHECK_NUMBER(times_logged(house), 1);
    CHECK_NUMBER(key_of(house, 1, &key), ST_NOT_FOUND);
    CHECK_OK(key_of(house, 2, &key));
    /* An older copy of a row opens no more; all that is there does. */
    CHECK_NUMBER(open_account(house->authd, &alice, house->arena, &details, NULL), ST_NOT_FOUND);
    restart(house);
    house->browser.session = session;
    CHECK_OK(ASK(house, "me.show", "{}"));
    CHECK_TEXT(house_text(house, "name"), "Alice Martin");
    CHECK_OK(ASK(house, "session.list", "{}"));
    CHECK_OK(ASK(house, "token.list", "{}"));
    CHECK_OK(ASK(house, "factor.list", "{}"));
    CHECK_OK(ROOT(house, "raise.list", "{'days': 100}"));
    CHECK_TEXT(house_item(house, "raises", 0, "reason"), "a reason");
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks")); /* with the code, too */
    house_end(house);
}

/* Many rows, some a step, and authd begins anew between: what is done is done, nothing is lost. */
static void it_may_be_cut_off_at_any_step(void)
{
    struct before before = begin();
    struct house *house = before.house;
    for (int i = 0; i < 130; i++) {
        CHECK_OK(ROOT(house, "account.add", "{'organisation': 'acme', 'name': 'Nr %d', 'address': "
                      "'n%d@acme.example', 'language': 'fr', 'function': 'organizer'}", i, i));
        house_forget(house);
    }
    CHECK_OK(authd_rotate_organisation(house->authd, LIT("acme"), house->now, NULL));
    uint32_t last = organisation_left(house, "acme"), steps = 0;
    CHECK(last > 130);
    while (last > 0 && steps++ < 50) {
        uint32_t after;
        restart(house); /* it knows from what is stored */
        CHECK_OK(authd_rotate_some(house->authd, house->now, &after, NULL));
        CHECK_NUMBER(after, organisation_left(house, "acme"));
        CHECK(after < last && last - after <= 51);
        last = after;
    }
    CHECK(steps >= 4);
    CHECK_NUMBER(times_logged(house), 1);
    CHECK_OK(ROOT(house, "account.list", "{'organisation': 'acme'}"));
    CHECK_NUMBER(house_count(house, "people"), 132);
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks"));
    house_end(house);
}

/* Another process has destroyed the key that this one has in use: it seals under the newest. */
static void nobody_seals_under_a_key_that_is_gone(void)
{
    struct before before = begin();
    struct house *house = before.house;
    struct authd *first = house->authd, *second = NULL;
    struct authd_ports ports = first->ports;
    struct authd_options options = first->options;
    uint32_t after = 1, version;
    struct account bob;
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks"));
    CHECK_OK(authd_create(house->identity, &ports, &options, &second, NULL));
    CHECK_OK(authd_rotate_organisation(second, LIT("acme"), house->now, NULL));
    while (after > 0)
        CHECK_OK(authd_rotate_some(second, house->now, &after, NULL));
    authd_destroy(&second);
    CHECK_OK(ROOT(house, "account.add", "{'organisation': 'acme', 'name': 'Dan', 'address': 'dan@acme.example', "
                  "'language': 'fr', 'function': 'organizer'}"));
    CHECK_OK(identity_load_account(house->identity, house_text(house, "id"), house->arena, &bob, NULL));
    CHECK_OK(sealed_key_version(bob.details, &version));
    CHECK_NUMBER(version, 2);
    CHECK_OK(ROOT(house, "account.show", "{'account': '%.*s'}", SLICE_ARG(before.alice.id)));
    house_end(house);
}

/* A root key and an organisation's at once. */
static void both_levels_rotate_together(void)
{
    struct before before = begin();
    struct house *house = before.house;
    CHECK_OK(authd_rotate_organisation(house->authd, LIT("acme"), house->now, NULL));
    take_roots(house, 2, 1);
    while (authd_turn(house->authd, house->now))
        ;
    CHECK_NUMBER(left(house), 0);
    CHECK_NUMBER(organisation_left(house, "acme"), 0);
    CHECK_NUMBER(times_logged(house), 2);
    take_roots(house, 2, 0);
    restart(house);
    CHECK_OK(house_sign_in(house, &before.alice, "Seven grey barges at 4 docks"));
    house_end(house);
}

int main(void)
{
    TEST(the_old_root_key_goes);
    TEST(without_rotation_all_is_lost);
    TEST(it_goes_on_wherever_it_was);
    TEST(an_organisations_key_is_rotated);
    TEST(it_may_be_cut_off_at_any_step);
    TEST(nobody_seals_under_a_key_that_is_gone);
    TEST(both_levels_rotate_together);
    return check_done();
}
