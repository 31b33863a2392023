/* The root key is rotated under identity.db, and the old one goes. */
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

int main(void)
{
    TEST(the_old_root_key_goes);
    TEST(without_rotation_all_is_lost);
    TEST(it_goes_on_wherever_it_was);
    return check_done();
}
