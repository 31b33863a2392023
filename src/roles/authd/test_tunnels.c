/* What OpenVPN is answered: who may open a tunnel, from where, and how long it stays. */
#include "roles/authd/test_certificates.h"
#include "roles/authd/vpn.h"

static struct slice hex_of(struct slice bytes)
{
    AUTO_BUFFER hex = buffer_create(256);
    hex_encode(bytes, &hex);
    return arena_copy(house.arena, buffer_slice(&hex));
}

static struct vpn_ask login_with(const struct certificate *certificate, const char *user, struct slice code)
{
    return (struct vpn_ask){.kind = VPN_LOGIN, .user = slice_from(user), .name = certificate->subject,
                            .serial = certificate->serial, .digest = hex_of(certificate->digest),
                            .from = LIT("192.0.2.7"), .code = code};
}

static bool admits(const struct vpn_ask *ask)
{
    AUTO_BUFFER answers = buffer_create(64);
    vpn_answer(house.authd, ask, house.now, &answers);
    bool yes = slice_equal(buffer_slice(&answers), LIT("yes\n"));
    CHECK(yes || slice_equal(buffer_slice(&answers), LIT("no\n")));
    return yes;
}

static struct slice code_now(const char *factor)
{
    return code_at(factor, house.now.us / 1000000 / STEP_S);
}

static void the_right_pair_opens_a_tunnel_once(void)
{
    set_up();
    struct certificate certificate = issue(CERTIFICATE_PERSON, "p_1").certificate;
    struct vpn_ask ask = login_with(&certificate, "p_1", code_now("f_1"));
    CHECK(admits(&ask));
    CHECK_NUMBER(load(certificate.serial).used.us, house.now.us);
    CHECK(!admits(&ask)); /* each step once */
    house.now.us += STEP_S * INT64_C(1000000);
    CHECK(!admits(&ask)); /* also while it would be good still */
    ask.code = code_now("f_1");
    CHECK(admits(&ask));
    CHECK_NUMBER(logged("vpn.tunnel.opened"), 2);
    CHECK_NUMBER(logged("vpn.tunnel.refused"), 2);
    tear_down();
}

/* One thing about a good login is changed; none opens a tunnel. */
enum change { NONE, NO_SUCH_SERIAL, OTHER_DIGEST, OTHER_USER, OTHER_NAME, BOTH_NAMES, OTHERS_CODE, WRONG_CODE, OLD_CODE, NEXT_CODE,
              DEVICE, REVOKED, EXPIRED, LEFT, ORGANISATION, KEYD_AWAY, RESUMED_OTHER, RESUMED_REVOKED };
static const struct {
    const char *name;
    enum change change;
    bool yes;
} login_cases[] = {
    {"nothing", NONE, true},
    {"a serial number that we do not know", NO_SUCH_SERIAL, false},
    {"a certificate that is another one", OTHER_DIGEST, false},
    {"another user name", OTHER_USER, false},
    {"another common name", OTHER_NAME, false},
    {"the names of another", BOTH_NAMES, false},
    {"another person's code", OTHERS_CODE, false},
    {"a wrong code", WRONG_CODE, false},
    {"a code of two minutes ago", OLD_CODE, false},
    {"a code of the next step", NEXT_CODE, false},
    {"a device's certificate", DEVICE, false},
    {"a revoked one", REVOKED, false},
    {"an expired one", EXPIRED, false},
    {"an account that ended", LEFT, false},
    {"an organisation that ended", ORGANISATION, false},
    {"keyd is away", KEYD_AWAY, false},
    {"a session that goes on, of another", RESUMED_OTHER, false},
    {"a session that goes on, with a revoked certificate", RESUMED_REVOKED, false},
};

static void change_login(enum change change, struct certificate *certificate, struct vpn_ask *ask)
{
    int64_t step = house.now.us / 1000000 / STEP_S;
    struct identity_organisation ended = {LIT("o"), LIT("client"), LIT("ended"), {1}, {0}, {0}, {{LIT("wrapped")}, 1}};
    switch (change) {
    case NONE: break;
    case NO_SUCH_SERIAL: ask->serial = LIT("0123456789abcdef0123456789abcdef"); break;
    case OTHER_DIGEST: ask->digest = LIT("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"); break;
    case OTHER_USER: ask->user = LIT("p_2"); break;
    case OTHER_NAME: ask->name = LIT("p_2"); break;
    case BOTH_NAMES: ask->name = ask->user = LIT("p_2"); break;
    case OTHERS_CODE: ask->code = code_now("f_2"); break;
    case WRONG_CODE: ask->code = LIT("000000"); break;
    case OLD_CODE: ask->code = code_at("f_1", step - 4); break;
    case NEXT_CODE: ask->code = code_at("f_1", step + 1); break;
    case DEVICE: *certificate = issue(CERTIFICATE_DEVICE, "p_1").certificate;
        *ask = login_with(certificate, "p_1", ask->code); ask->name = LIT("p_1"); break;
    case RESUMED_REVOKED: ask->resumed = true; /* fall through */
    case REVOKED: CHECK_OK(certificates_revoke(house.authd, certificate->serial, PKI_UNSPECIFIED, house.now, NULL)); break;
    case EXPIRED: house.now.us += 31 * DAY_US; ask->code = code_now("f_1"); break;
    case LEFT: end_account("p_1"); break;
    case ORGANISATION: CHECK_OK(identity_save_organisation(house.identity, &ended, NULL)); break;
    case KEYD_AWAY: house.keyd_away = true; break;
    case RESUMED_OTHER: ask->resumed = true; ask->user = LIT("p_2"); break;
    }
}

static void anything_else_opens_none(void)
{
    for (size_t i = 0; i < sizeof login_cases / sizeof *login_cases; i++) {
        set_up();
        struct certificate certificate = issue(CERTIFICATE_PERSON, "p_1").certificate;
        struct vpn_ask ask = login_with(&certificate, "p_1", code_now("f_1"));
        check_row(login_cases[i].name);
        change_login(login_cases[i].change, &certificate, &ask);
        CHECK(admits(&ask) == login_cases[i].yes);
        tear_down();
    }
}

static void sessions_go_on_without_a_code(void)
{
    set_up();
    struct certificate certificate = issue(CERTIFICATE_PERSON, "p_1").certificate;
    struct vpn_ask ask = login_with(&certificate, "p_1", SLICE_NONE);
    ask.resumed = true;
    CHECK(admits(&ask));
    CHECK(admits(&ask));
    CHECK_NUMBER(authd_work(house.authd).codes, 0);
    tear_down();
}

static void guessing_has_an_end(void)
{
    set_up();
    struct certificate one = issue(CERTIFICATE_PERSON, "p_1").certificate, two = issue(CERTIFICATE_PERSON, "p_2").certificate;
    struct vpn_ask guess = login_with(&one, "p_1", LIT("000000"));
    for (int i = 0; i < VPN_TRIES_MAX; i++)
        CHECK(!admits(&guess));
    uint64_t codes = authd_work(house.authd).codes;
    guess.code = code_now("f_1");
    CHECK(!admits(&guess)); /* the right one comes too late */
    CHECK_NUMBER(authd_work(house.authd).codes, codes);
    struct vpn_ask other = login_with(&two, "p_2", code_now("f_2"));
    CHECK(admits(&other)); /* nobody else is locked out by it, from the same address */
    house.now.us += VPN_TRIES_MINUTES * MINUTE_US;
    guess.code = code_now("f_1");
    CHECK(admits(&guess));
    CHECK_NUMBER(logged("vpn.tunnel.refused"), VPN_TRIES_MAX);
    guess.serial = LIT("0123456789abcdef0123456789abcdef");
    for (int i = 0; i < VPN_TRIES_OF_ADDRESS_MAX; i++)
        CHECK(!admits(&guess));
    house.now.us += STEP_S * INT64_C(1000000);
    other.code = code_now("f_2");
    CHECK(!admits(&other)); /* so many strangers from one address */
    other.from = LIT("192.0.2.8");
    CHECK(admits(&other));
    CHECK_NUMBER(logged("vpn.tunnel.refused"), VPN_TRIES_MAX); /* strangers fill no log */
    tear_down();
}

static bool stays(const char *name, struct instant since)
{
    AUTO_BUFFER answers = buffer_create(64);
    struct vpn_ask ask = {.kind = VPN_ALIVE};
    ARENA_PUSH(house.arena, &ask.tunnels, ((struct vpn_tunnel){slice_from(name), (uint64_t)(since.us / 1000000)}));
    vpn_answer(house.authd, &ask, house.now, &answers);
    return slice_equal(buffer_slice(&answers), LIT("yes\n"));
}

static void tunnels_stay_while_they_may(void)
{
    set_up();
    struct certificate certificate = issue(CERTIFICATE_PERSON, "p_1").certificate;
    struct instant since = house.now;
    CHECK(!stays("p_2", since)); /* no certificate */
    CHECK(!stays("p_9", since));
    house.now.us += 1000000;
    struct vpn_ask ask = login_with(&certificate, "p_1", code_now("f_1"));
    CHECK(admits(&ask));
    CHECK(stays("p_1", since));
    struct certificate renewed = issue(CERTIFICATE_PERSON, "p_1").certificate;
    CHECK_OK(certificates_revoke(house.authd, certificate.serial, PKI_KEY_COMPROMISE, house.now, NULL));
    CHECK(!stays("p_1", since)); /* it was opened with that one, though there is another */
    house.now.us += 60 * INT64_C(1000000);
    since = house.now;
    ask = login_with(&renewed, "p_1", code_now("f_1"));
    CHECK(admits(&ask));
    CHECK(stays("p_1", since)); /* opened with the new one */
    house.now.us += 31 * DAY_US;
    CHECK(!stays("p_1", since));
    issue(CERTIFICATE_PERSON, "p_1");
    CHECK(stays("p_1", since));
    end_account("p_1");
    CHECK(!stays("p_1", since));
    tear_down();
}

/* The gateway of a room comes without a code, from where the room is. */
#define ROOM "198.51.100.7"
static const struct {
    const char *name, *rooms, *from, *user; /* user NULL: its own */
    enum change change;
    bool yes;
} gateway_cases[] = {
    {"from the room", "192.0.2.0/28 198.51.100.0/24", ROOM, NULL, NONE, true},
    {"from home", "198.51.100.0/24", "203.0.113.9", NULL, NONE, false},
    {"from an address that nobody said", "198.51.100.0/24", "unknown", NULL, NONE, false},
    {"where there is no room", "", ROOM, NULL, NONE, false},
    {"as its owner", "198.51.100.0/24", ROOM, "p_1", NONE, false},
    {"with another certificate", "198.51.100.0/24", ROOM, NULL, OTHER_DIGEST, false},
    {"revoked", "198.51.100.0/24", ROOM, NULL, REVOKED, false},
    {"of an owner who left", "198.51.100.0/24", ROOM, NULL, LEFT, false},
    {"of an organisation that ended", "198.51.100.0/24", ROOM, NULL, ORGANISATION, false},
};

static void a_gateway_comes_from_its_room(void)
{
    for (size_t i = 0; i < sizeof gateway_cases / sizeof *gateway_cases; i++) {
        set_up();
        house.authd->options.rooms = slice_from(gateway_cases[i].rooms);
        struct certificate gateway = issue(CERTIFICATE_DEVICE, "p_1").certificate;
        struct vpn_ask ask = login_with(&gateway, "", LIT("000000"));
        ask.user = gateway_cases[i].user != NULL ? slice_from(gateway_cases[i].user) : gateway.subject;
        ask.from = slice_from(gateway_cases[i].from);
        check_row(gateway_cases[i].name);
        change_login(gateway_cases[i].change, &gateway, &ask);
        CHECK(admits(&ask) == (gateway_cases[i].yes));
        CHECK_NUMBER(logged("vpn.tunnel.opened"), gateway_cases[i].yes);
        tear_down();
    }
}

static void who_stole_its_key_does_not_cut_the_room_off(void)
{
    set_up();
    house.authd->options.rooms = LIT("198.51.100.0/24");
    struct certificate gateway = issue(CERTIFICATE_DEVICE, "p_1").certificate;
    struct vpn_ask ask = login_with(&gateway, "", LIT("000000"));
    struct instant since = house.now;
    ask.user = gateway.subject;
    for (int i = 0; i < 2 * VPN_TRIES_MAX; i++) {
        ask.from = LIT("203.0.113.9");
        CHECK(!admits(&ask));
        ask.from = LIT(ROOM);
        CHECK(admits(&ask));
    }
    const char *name = arena_text(house.arena, gateway.subject);
    CHECK(stays(name, since));
    CHECK(!stays("d_other", since));
    house.authd->options.rooms = SLICE_NONE;
    CHECK(!stays(name, since)); /* where there are no rooms any more */
    house.authd->options.rooms = LIT("198.51.100.0/24");
    CHECK_OK(certificates_revoke(house.authd, gateway.serial, PKI_KEY_COMPROMISE, house.now, NULL));
    CHECK(!stays(name, since));
    tear_down();
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    TEST(the_right_pair_opens_a_tunnel_once);
    TEST(anything_else_opens_none);
    TEST(sessions_go_on_without_a_code);
    TEST(guessing_has_an_end);
    TEST(tunnels_stay_while_they_may);
    TEST(a_gateway_comes_from_its_room);
    TEST(who_stole_its_key_does_not_cut_the_room_off);
    return check_done();
}
