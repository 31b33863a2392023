/* What others hear of people through somebody that neither trusts: the planner through api, keyd
 * through the console. */
#include "platform/assertion/assertion.h"
#include "test_people.h"

static void fill(struct town *town)
{
    town_open(town);
    town_add_house(town, "o_p", "processor");
    town_add(town, "p_1", "o_a", "organizer");
    town_add(town, "p_2", "o_p", "supervisor");
    town_add(town, "p_3", "o_z", "operator");
    town_add_device(town, "p_2");
    for (const char *const *person = (const char *const[]){"p_1", "p_2", "p_3", NULL}; *person != NULL; person++)
        town_enter_console(town, *person);
}

/* The question as its role puts it; the answer's status. */
static enum status ask(struct town *town, enum role_id from, const char *person, struct command question)
{
    question.credentials = (struct credentials){.session = town_session(town, person), .address = town->address};
    if (from == ROLE_CONSOLE) {
        question.credentials.session = town_console_session(town, person);
        question.credentials.certificate = LIT(TOWN_DEVICE);
    }
    town->assertion = SLICE_NONE;
    authd_command(town->authd, from, &question, town->now, town);
    return town->status;
}

static enum status ask_check(struct town *town, const char *person, const char *planned, const char *json)
{
    return ask(town, ROLE_API, person,
               (struct command){.name = LIT("session.check"), .planned = slice_from(planned),
                                .json = slice_from(json), .right = LIT("meetings.read")});
}

static struct secret *key_of(struct town *town, enum key_purpose purpose)
{
    struct key_given given;
    struct secret *key = NULL;
    CHECK_OK(town_key(town, &(struct key_ask){.purpose = purpose}, town->arena, &given, &key, NULL));
    return key;
}

static enum status heard_by(struct town *town, enum key_purpose purpose, struct caller_assertion *out)
{
    AUTO_SECRET key = key_of(town, purpose);
    return caller_assertion_verify(key, town->assertion, town->now, town->arena, out, NULL);
}

static enum status heard(struct town *town, struct caller_assertion *out)
{
    return heard_by(town, KEY_FOR_CALLERS, out);
}

static void the_planner_hears_who_asks_what(void)
{
    static const char json[] = "{\"id\":\"m_1\"}";
    struct town town = town_create();
    struct caller_assertion said;
    unsigned char digest[DIGEST_BYTES];
    fill(&town);
    CHECK_OK(ask_check(&town, "p_1", "meetings.show", json));
    CHECK_OK(heard(&town, &said));
    vault_sha256(slice_from(json), digest);
    CHECK_TEXT(said.person, "p_1");
    CHECK_TEXT(said.organisation, "o_a");
    CHECK_TEXT(said.function, "organizer");
    CHECK_TEXT(said.right, "meetings.read");
    CHECK_TEXT(said.session, "n_p_1");
    CHECK_TEXT(said.command, "meetings.show");
    CHECK(slice_equal(said.digest, (struct slice){(char *)digest, sizeof digest}));
    CHECK_NUMBER(said.issued.us, town.now.us);
    CHECK_NUMBER(said.ends.us - said.issued.us, 60000000);
    AUTO_SECRET others = key_of(&town, KEY_FOR_ASSERTIONS); /* keyd takes none of these */
    CHECK_NUMBER(caller_assertion_verify(others, town.assertion, town.now, town.arena, &said, NULL), ST_DENIED);
    town_close(&town);
}

/* Neither can speak to the other as authd. */
static void logd_and_the_planner_hear_by_keys_of_their_own(void)
{
    static const struct {
        const char *person, *planned, *right;
        enum key_purpose by, other;
    } cases[] = {
        {"p_3", "alert.list", "service.watch", KEY_FOR_WATCHERS, KEY_FOR_CALLERS},
        {"p_4", "log.entries", "evidence.read", KEY_FOR_WATCHERS, KEY_FOR_CALLERS},
        {"p_1", "meetings.list", "meetings.read", KEY_FOR_CALLERS, KEY_FOR_WATCHERS},
    };
    struct town town = town_create();
    fill(&town);
    town_add(&town, "p_4", "o_a", "auditor");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct caller_assertion said;
        check_row(cases[i].planned);
        CHECK_OK(ask(&town, ROLE_API, cases[i].person,
                     (struct command){.name = LIT("session.check"), .planned = slice_from(cases[i].planned),
                                      .json = LIT("{}"), .right = slice_from(cases[i].right)}));
        CHECK_NUMBER(heard_by(&town, cases[i].other, &said), ST_DENIED);
        CHECK_OK(heard_by(&town, cases[i].by, &said));
        CHECK_TEXT(said.person, cases[i].person);
        CHECK_TEXT(said.right, cases[i].right);
    }
    town_close(&town);
}

static void nothing_is_asserted_without_need(void)
{
    static const struct {
        const char *person, *planned, *json;
        enum status status;
    } cases[] = {
        {"p_1", "meetings.list", "{}", ST_OK},
        {"p_1", "", "{}", ST_INVALID}, /* who asks, but not what */
        {"p_1", "Meetings List", "{}", ST_INVALID},
        {"p_1", "meetings.list", "[]", ST_INVALID},
        {"p_1", "meetings.list", "", ST_INVALID},
        {"p_2", "meetings.list", "{}", ST_DENIED}, /* has no such right */
        {"p_9", "meetings.list", "{}", ST_DENIED}, /* nobody */
    };
    struct town town = town_create();
    fill(&town);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].planned);
        CHECK_NUMBER(ask_check(&town, cases[i].person, cases[i].planned, cases[i].json), cases[i].status);
        CHECK((town.assertion.len > 0) == (cases[i].status == ST_OK));
    }
    CHECK_OK(town_ask(&town, "p_1", "me.show", "{}"));
    CHECK_NUMBER(town.assertion.len, 0);
    town_close(&town);
}

static void a_token_asks_too(void)
{
    struct town town = town_create();
    struct caller_assertion said;
    fill(&town);
    struct slice text = LIT("rdz_of-p_1");
    struct token token = {.id = LIT("t_1"), .account = LIT("p_1"), .token_hash = digest_of(text, town.arena),
                          .scopes = LIT("meetings"), .made = BEGIN, .ends = {BEGIN.us + DAY_US}, .details = {LIT("sealed")}};
    CHECK_OK(identity_add_token(town.identity, &token, NULL));
    struct command question = {.name = LIT("session.check"), .planned = LIT("meetings.list"), .json = LIT("{}"),
                               .right = LIT("meetings.read"), .credentials = {.token = text, .address = town.address}};
    authd_command(town.authd, ROLE_API, &question, town.now, &town);
    CHECK_OK(town.status);
    CHECK_OK(heard(&town, &said));
    CHECK_TEXT(said.person, "p_1");
    CHECK_TEXT(said.session, "t_1");
    town_close(&town);
}

/* keyd begins anew, with the root key that it had or another one; and is away for a while. */
static void keys_are_asked_for_anew(void)
{
    struct town town = town_create();
    struct caller_assertion said;
    fill(&town);
    CHECK_OK(ask_check(&town, "p_1", "meetings.list", "{}"));
    unsigned keys = town.keys;
    CHECK_OK(ask_check(&town, "p_1", "meetings.list", "{}"));
    CHECK_NUMBER(town.keys, keys); /* held */
    town.root = 7;
    authd_peer(town.authd, ROLE_KEYD, town.now);
    CHECK_OK(ask_check(&town, "p_1", "meetings.list", "{}"));
    CHECK_OK(heard(&town, &said));
    authd_peer(town.authd, ROLE_KEYD, town.now);
    town.keyd_away = true;
    CHECK_OK(ask_check(&town, "p_1", "meetings.list", "{}")); /* with the key that we have */
    town.keyd_away = false;
    CHECK_OK(heard(&town, &said));
    keys = town.keys;
    CHECK_OK(ask_check(&town, "p_1", "meetings.list", "{}"));
    CHECK_NUMBER(town.keys, keys + 1); /* it was asked for again */
    town_close(&town);
}

static enum status ask_lease(struct town *town, enum role_id from, const char *person, const char *json)
{
    return ask(town, from, person, (struct command){.name = LIT("lease.assert"), .json = slice_from(json)});
}

static void the_console_gets_a_word_for_keyd(void)
{
    static const char json[] = "{\"meeting\":\"m_1\",\"client\":\"o_a\"}";
    struct town town = town_create();
    struct assertion said;
    fill(&town);
    CHECK_OK(ask_lease(&town, ROLE_CONSOLE, "p_2", json));
    AUTO_SECRET key = key_of(&town, KEY_FOR_ASSERTIONS);
    CHECK_OK(assertion_verify(key, town.assertion, town.now, town.arena, &said, NULL));
    CHECK_TEXT(said.person, "p_2");
    CHECK_TEXT(said.organisation, "o_p");
    CHECK_TEXT(said.kind, "processor");
    CHECK_TEXT(said.function, "supervisor");
    CHECK_TEXT(said.factor, "passkey");
    CHECK_TEXT(said.session, "c_p_2");
    CHECK_TEXT(said.purpose, "supervision");
    CHECK_TEXT(said.client, "o_a");
    CHECK_TEXT(said.meeting, "m_1");
    CHECK(said.inside);
    town.address = LIT("192.0.2.1"); /* over the Internet */
    CHECK_NUMBER(ask_lease(&town, ROLE_CONSOLE, "p_2", json), ST_DENIED);
    TOWN_GOT(&town, "code", "network");
    town_close(&town);
}

static void it_is_for_one_part(void)
{
    static const struct {
        const char *json, *said;
        enum status status;
    } cases[] = {
        {"{\"meeting\":\"m_1\",\"client\":\"o_a\",\"purpose\":\"supervision\"}", "supervision", ST_OK},
        {"{\"meeting\":\"m_1\",\"client\":\"o_a\",\"purpose\":\"supervision_people\"}", "supervision_people", ST_OK},
        {"{\"meeting\":\"m_1\",\"client\":\"o_a\",\"purpose\":\"supervision_words\"}", "supervision_words", ST_OK},
        {"{\"meeting\":\"m_1\",\"client\":\"o_a\",\"purpose\":\"supervision_draft\"}", "supervision_draft", ST_OK},
        {"{\"meeting\":\"m_1\",\"client\":\"o_a\",\"purpose\":\"open_meeting\"}", "", ST_INVALID},
        {"{\"meeting\":\"m_1\",\"client\":\"o_a\",\"purpose\":\"supervision_all\"}", "", ST_INVALID},
        {"{\"meeting\":\"m_1\",\"client\":\"o_a\",\"purpose\":7}", "supervision", ST_OK}, /* none was named */
    };
    struct town town = town_create();
    fill(&town);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct assertion said = {0};
        check_row(cases[i].json);
        CHECK_NUMBER(ask_lease(&town, ROLE_CONSOLE, "p_2", cases[i].json), cases[i].status);
        AUTO_SECRET key = key_of(&town, KEY_FOR_ASSERTIONS);
        CHECK(town.assertion.len == 0 || assertion_verify(key, town.assertion, town.now, town.arena, &said, NULL) == ST_OK);
        CHECK_TEXT(said.purpose, cases[i].said);
    }
    town_close(&town);
}

static void nobody_else_gets_one(void)
{
    static const char json[] = "{\"meeting\":\"m_1\",\"client\":\"o_a\"}";
    static const struct {
        enum role_id from;
        const char *person, *json;
        enum status status;
    } cases[] = {
        {ROLE_API, "p_2", json, ST_NOT_FOUND},     /* the command is the console's */
        {ROLE_PLANNER, "p_2", json, ST_NOT_FOUND},
        {ROLE_CONSOLE, "p_1", json, ST_DENIED},    /* no supervisor */
        {ROLE_CONSOLE, "p_3", json, ST_DENIED},
        {ROLE_CONSOLE, "p_9", json, ST_DENIED},
        {ROLE_CONSOLE, "p_2", "{\"meeting\":\"m_1\"}", ST_INVALID},
        {ROLE_CONSOLE, "p_2", "{\"client\":\"o_a\"}", ST_INVALID},
    };
    struct town town = town_create();
    fill(&town);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(role_rows[cases[i].from].name);
        CHECK_NUMBER(ask_lease(&town, cases[i].from, cases[i].person, cases[i].json), cases[i].status);
        CHECK_NUMBER(town.assertion.len, 0);
    }
    /* And the console asks for little else. */
    static const char *const others[] = {"token.make", "session.list", "session.end", "factor.list", "login.password",
                                         "login.code", "account.list", "raise.ask", "proof.start", "enrolment.start", "scim"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        check_row(others[i]);
        CHECK_NUMBER(ask(&town, ROLE_CONSOLE, "p_2", (struct command){.name = slice_from(others[i]), .json = LIT("{}")}),
                     ST_NOT_FOUND);
    }
    CHECK_NUMBER(ask(&town, ROLE_API, "p_2", (struct command){.name = LIT("device.report"), .json = LIT("{}")}), ST_NOT_FOUND);
    town_close(&town);
}

/* Who has what is shown by name, to a lead, and of the lead's own house only. */
static void a_lead_knows_who_works_in_the_room(void)
{
    static const char json[] = "{\"accounts\":[\"p_2\",\"p_4\",\"p_1\",\"p_3\",\"p_99\",7,\"\"]}";
    static const struct {
        enum role_id from;
        const char *person, *json;
        enum status status;
    } cases[] = {
        {ROLE_CONSOLE, "p_4", json, ST_OK},
        {ROLE_CONSOLE, "p_4", "{\"accounts\":\"p_2\"}", ST_INVALID},
        {ROLE_CONSOLE, "p_4", "{}", ST_INVALID},
        {ROLE_CONSOLE, "p_2", json, ST_DENIED}, /* leads nobody */
        {ROLE_CONSOLE, "p_1", json, ST_DENIED},
        {ROLE_API, "p_4", json, ST_NOT_FOUND},
    };
    struct town town = town_create();
    fill(&town);
    town_add(&town, "p_4", "o_p", "supervision_lead");
    town_enter_console(&town, "p_4");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct command question = {.name = LIT("account.names"), .json = slice_from(cases[i].json)};
        check_row(cases[i].person);
        CHECK_NUMBER(ask(&town, cases[i].from, cases[i].person, question), cases[i].status);
        if (cases[i].status != ST_OK)
            continue;
        AUTO_JSON said = NULL;
        CHECK_OK(json_read(town.json, &said, NULL));
        const json_t *names = json_object_get(said, "names");
        CHECK_NUMBER(json_object_size(names), 2);
        CHECK(json_text(names, "p_2").len > 0 && json_text(names, "p_4").len > 0);
    }
    town_close(&town);
}

#define OTHER_DEVICE "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
#define OF_A_PERSON "1111111111111111111111111111111111111111111111111111111111111111"

/* How it is with the device of the room. */
enum device_case { WELL, SILENT, OLD, UNLOCKED, TO_COME, REVOKED };

static void add_devices(struct town *town, enum device_case what)
{
    town_add_certificate(town, "2", "p_2", CERTIFICATE_DEVICE, OTHER_DEVICE);
    town_add_certificate(town, "3", "p_2", CERTIFICATE_PERSON, OF_A_PERSON);
    town_report(town, OTHER_DEVICE, POSTURE_HOLDS);
    town_report(town, TOWN_DEVICE, what == UNLOCKED ? POSTURE_FAILS : POSTURE_HOLDS);
    if (what == SILENT)
        CHECK_OK(identity_save_report(town->identity, &(struct device_report){LIT(TOWN_DEVICE), town->now, LIT("nothing")}, NULL));
    if (what == REVOKED)
        CHECK_OK(identity_revoke_certificate(town->identity, LIT("1"), town->now, LIT("cessation"), NULL));
    if (what == OLD || what == TO_COME)
        town->now.us += (what == OLD ? POSTURE_SECONDS + 1 : -10) * INT64_C(1000000);
}

/* What the console asks comes from a device of ours, in the room, that is as it must be; sessions stay where they began. */
static void a_device_is_looked_at_first(void)
{
    static const struct {
        const char *name, *certificate, *address;
        enum device_case what;
        const char *session, *command, *code; /* code: NULL: allowed */
    } cases[] = {
        {"as it must be", TOWN_DEVICE, "10.8.0.7", WELL, "console", "lease.assert", NULL},
        {"no certificate", "", "10.8.0.7", WELL, "console", "lease.assert", "device"},
        {"no digest", "dd", "10.8.0.7", WELL, "console", "lease.assert", "device"},
        {"one that is not ours", "0000000000000000000000000000000000000000000000000000000000000000", "10.8.0.7", WELL,
         "console", "lease.assert", "device"},
        {"a person's", OF_A_PERSON, "10.8.0.7", WELL, "console", "lease.assert", "device"},
        {"another device", OTHER_DEVICE, "10.8.0.7", WELL, "console", "lease.assert", "device"},
        {"revoked", TOWN_DEVICE, "10.8.0.7", REVOKED, "console", "lease.assert", "device"},
        {"elsewhere", TOWN_DEVICE, "192.0.2.1", WELL, "console", "lease.assert", "network"},
        {"elsewhere, without a session", TOWN_DEVICE, "192.0.2.1", WELL, "", "login.start", "network"},
        {"it never said how it is", TOWN_DEVICE, "10.8.0.7", SILENT, "console", "lease.assert", "posture"},
        {"a minute ago", TOWN_DEVICE, "10.8.0.7", OLD, "console", "lease.assert", "posture"},
        {"of a time to come", TOWN_DEVICE, "10.8.0.7", TO_COME, "console", "lease.assert", "posture"},
        {"nothing locks its screen", TOWN_DEVICE, "10.8.0.7", UNLOCKED, "console", "lease.assert", "posture"},
        {"nor signs anybody in", TOWN_DEVICE, "10.8.0.7", UNLOCKED, "", "login.start", "posture"},
        {"who it is, is told all the same", TOWN_DEVICE, "10.8.0.7", UNLOCKED, "console", "me.show", NULL},
        {"and until when", TOWN_DEVICE, "10.8.0.7", UNLOCKED, "console", "session.show", NULL},
        {"a session of the pages", TOWN_DEVICE, "10.8.0.7", WELL, "pages", "lease.assert", "device"},
        {"does not keep from signing in", TOWN_DEVICE, "10.8.0.7", WELL, "pages", "login.start", NULL},
        {"nobody's", TOWN_DEVICE, "10.8.0.7", WELL, "", "lease.assert", "no_session"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct town town = town_create();
        fill(&town);
        add_devices(&town, cases[i].what);
        struct slice session = slice_equal(slice_from(cases[i].session), LIT("console")) ? town_console_session(&town, "p_2")
                               : cases[i].session[0] != '\0'                           ? town_session(&town, "p_2")
                                                                                       : SLICE_NONE;
        struct command question = {.name = slice_from(cases[i].command),
                                   .json = LIT("{\"meeting\":\"m_1\",\"client\":\"o_a\"}"),
                                   .credentials = {.session = session, .address = slice_from(cases[i].address),
                                                   .certificate = slice_from(cases[i].certificate)}};
        check_row(cases[i].name);
        authd_command(town.authd, ROLE_CONSOLE, &question, town.now, &town);
        CHECK_NUMBER(town.status, cases[i].code == NULL ? ST_OK : ST_DENIED);
        if (cases[i].code != NULL)
            TOWN_GOT(&town, "code", cases[i].code);
        town_close(&town);
    }
}

/* A session of the console opens nothing on the pages, also from its own device. */
static void a_session_of_the_console_stays_there(void)
{
    struct town town = town_create();
    fill(&town);
    struct command question = {.name = LIT("me.show"), .json = LIT("{}"),
                               .credentials = {.session = town_console_session(&town, "p_2"), .address = town.address}};
    authd_command(town.authd, ROLE_API, &question, town.now, &town);
    CHECK_NUMBER(town.status, ST_DENIED);
    TOWN_GOT(&town, "code", "device");
    town_close(&town);
}

static enum status report(struct town *town, const char *certificate, const char *json)
{
    struct command question = {.name = LIT("device.report"), .json = slice_from(json),
                               .credentials = {.address = town->address, .certificate = slice_from(certificate)}};
    authd_command(town->authd, ROLE_CONSOLE, &question, town->now, town);
    return town->status;
}

#define ITEM(name, state) "{\"item\":\"" name "\",\"state\":\"" state "\"}"
#define ITEMS(lock)                                                                                \
    "{\"items\":[" ITEM("no_administrator", "holds") "," ITEM("usb_storage_off", "holds") ","       \
    ITEM("screen_lock", lock) "," ITEM("disk_encrypted", "holds") "," ITEM("updates", "holds") ","   \
    ITEM("network", "holds") "]}"

static void a_device_says_how_it_is(void)
{
    struct town town = town_create();
    fill(&town);
    CHECK_OK(report(&town, TOWN_DEVICE, ITEMS("fails")));
    TOWN_GOT(&town, "good", "false");
    CHECK(slice_starts(town_log(&town), LIT("device.posture.changed device=d_1 certificate=1 no_administrator=holds ")));
    CHECK_OK(report(&town, TOWN_DEVICE, ITEMS("holds")));
    TOWN_GOT(&town, "good", "true");
    CHECK(slice_contains(town_log(&town), LIT("screen_lock=holds")));
    struct log_entry_list before, after;
    CHECK_OK(identity_list_log(town.identity, 0, town.arena, &before, NULL));
    CHECK_OK(report(&town, TOWN_DEVICE, ITEMS("holds"))); /* nothing new */
    CHECK_OK(identity_list_log(town.identity, 0, town.arena, &after, NULL));
    CHECK_NUMBER(after.count, before.count);
    CHECK_OK(report(&town, TOWN_DEVICE, "{\"items\":[{\"item\":\"screen_lock\",\"state\":\"fails\",\"cause\":\"lock_off\"}]}"));
    CHECK(slice_contains(town_log(&town), LIT(" screen_lock=fails/lock_off ")));
    CHECK_OK(report(&town, TOWN_DEVICE, "{\"items\":[" ITEM("network", "holds") "]}")); /* what is not said is unknown */
    TOWN_GOT(&town, "good", "false");
    CHECK_NUMBER(report(&town, TOWN_DEVICE, "{\"items\":[" ITEM("firewall", "holds") "]}"), ST_INVALID);
    CHECK_NUMBER(report(&town, TOWN_DEVICE, "{\"items\":[]}"), ST_INVALID);
    CHECK_OK(report(&town, TOWN_DEVICE, "{\"items\":[{\"item\":\"network\",\"state\":\"fails\",\"cause\":\"no_tunnel\"}]}"));
    CHECK(slice_ends(town_log(&town), LIT("updates=unknown network=fails/no_tunnel")));
    CHECK_NUMBER(report(&town, TOWN_DEVICE, "{\"items\":[{\"item\":\"network\",\"state\":\"fails\",\"cause\":\"p@x.example\"}]}"), ST_INVALID);
    CHECK_NUMBER(report(&town, "", ITEMS("holds")), ST_DENIED);
    town_close(&town);
}

/* Nobody works at a gateway: it says of its rules how they are, whatever its owner may. */
static void a_gateway_has_no_sessions(void)
{
    struct town town = town_create();
    fill(&town);
    struct slice bytes;
    CHECK_OK(hex_decode(LIT(OTHER_DEVICE), town.arena, &bytes));
    struct certificate gateway = {.serial = LIT("9"), .authority = LIT("ca_1"), .kind = CERTIFICATE_DEVICE, .subject = LIT("g_9"),
                                  .account = LIT("p_2"), .bytes = LIT("DER"), .digest = bytes, .key_digest = bytes,
                                  .issued = town.now, .ends = {town.now.us + DAY_US}};
    CHECK_OK(identity_add_certificate(town.identity, &gateway, NULL));
    CHECK_NUMBER(report(&town, OTHER_DEVICE, ITEMS("holds")), ST_INVALID);
    CHECK_OK(report(&town, OTHER_DEVICE, "{\"items\":[" ITEM("firewall", "holds") "]}"));
    TOWN_GOT(&town, "good", "true");
    struct command question = {.name = LIT("login.start"), .json = LIT("{}"),
                               .credentials = {.address = town.address, .certificate = LIT(OTHER_DEVICE)}};
    authd_command(town.authd, ROLE_CONSOLE, &question, town.now, &town);
    CHECK_NUMBER(town.status, ST_DENIED);
    TOWN_GOT(&town, "code", "device");
    struct room_device_list devices;
    CHECK_OK(identity_list_devices(town.identity, town.now, town.arena, &devices, NULL));
    CHECK_NUMBER(devices.count, 2);
    CHECK_TEXT(devices.items[1].id, "g_9");
    CHECK_TEXT(devices.items[1].items, "firewall=holds");
    town_close(&town);
}

/* Who is refused for their certificate is in the log, each once a minute; whoever is let in is not. */
static void a_stranger_is_logged(void)
{
    static const struct {
        const char *certificate, *logged; /* NULL: nothing new */
        int64_t later_s;
    } rows[] = {
        {TOWN_DEVICE, NULL, 0},
        {"", "device.access.refused certificate=- cause=none", 0},
        {"", NULL, 59},
        {"", "device.access.refused certificate=- cause=none", 1},
        {OTHER_DEVICE, "device.access.refused certificate=" OTHER_DEVICE " cause=unknown", 0},
        {OF_A_PERSON, "device.access.refused certificate=" OF_A_PERSON " cause=kind", 0},
        {"x organisation=o_a", "device.access.refused certificate=- cause=none", 0},
    };
    struct town town = town_create();
    fill(&town);
    town_add_certificate(&town, "3", "p_2", CERTIFICATE_PERSON, OF_A_PERSON);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct log_entry_list before, after;
        town.now.us += rows[i].later_s * 1000000;
        CHECK_OK(identity_list_log(town.identity, 0, town.arena, &before, NULL));
        (void)!report(&town, rows[i].certificate, "{}");
        CHECK_OK(identity_list_log(town.identity, 0, town.arena, &after, NULL));
        check_row(rows[i].certificate);
        CHECK_NUMBER(after.count - before.count, rows[i].logged != NULL);
        if (rows[i].logged != NULL)
            CHECK(slice_equal(town_log(&town), slice_from(rows[i].logged)));
    }
    CHECK_OK(identity_revoke_certificate(town.identity, LIT("1"), town.now, LIT("cessation"), NULL));
    CHECK_NUMBER(report(&town, TOWN_DEVICE, ITEMS("holds")), ST_DENIED);
    CHECK(slice_ends(town_log(&town), LIT(" cause=revoked")));
    town_close(&town);
}

int main(void)
{
    TEST(the_planner_hears_who_asks_what);
    TEST(logd_and_the_planner_hear_by_keys_of_their_own);
    TEST(nothing_is_asserted_without_need);
    TEST(a_token_asks_too);
    TEST(keys_are_asked_for_anew);
    TEST(the_console_gets_a_word_for_keyd);
    TEST(it_is_for_one_part);
    TEST(nobody_else_gets_one);
    TEST(a_lead_knows_who_works_in_the_room);
    TEST(a_device_is_looked_at_first);
    TEST(a_session_of_the_console_stays_there);
    TEST(a_device_says_how_it_is);
    TEST(a_gateway_has_no_sessions);
    TEST(a_stranger_is_logged);
    return check_done();
}
