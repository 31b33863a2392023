/* What authd tries when the prober asks, with a keyd beside it: all of it holds where nothing is wrong, leaves nothing
 * behind, and finds what was put in on purpose. The probe is a double that keeps what was said. */
#include "platform/identity/grants.h"
#include "platform/identity/organisations.h"
#include "platform/pki/pki.h"
#include "roles/authd/certificates.h"
#include "roles/authd/probes.h"
#include "roles/authd/room.h"
#include "test_house.h"

struct probe {
    struct slice argument;
    struct arena *arena;
    struct moment moment;
    bool holds;
    const char *cause; /* NULL: it did not fail */
};

static struct {
    const char *question;
    probe_fn *fn;
    void *context;
} questions[64];
static size_t question_count;
static struct entry_probe *entries;

void role_on_probe(struct role *role, const char *question, probe_fn *fn, void *context)
{
    (void)role;
    questions[question_count].question = question;
    questions[question_count].fn = fn;
    questions[question_count++].context = context;
}
struct slice probe_argument(const struct probe *probe) { return probe->argument; }
struct arena *probe_arena(struct probe *probe) { return probe->arena; }
const struct moment *probe_moment(const struct probe *probe) { return &probe->moment; }
enum status probe_holds(struct probe *probe)
{
    probe->holds = true;
    return ST_OK;
}
enum status probe_fails(struct probe *probe, const char *cause)
{
    if (probe->cause == NULL)
        probe->cause = arena_text(probe->arena, slice_from(cause));
    return ST_OK;
}
void probe_fact(struct probe *probe, const char *name, const char *format, ...)
{
    (void)probe, (void)name, (void)format;
}

/* "holds", a cause, or the status of what could not be tried. */
static const char *ask(struct house *house, const char *question, const char *argument)
{
    struct probe probe = {.argument = slice_from(argument), .arena = house->arena, .moment = {.now = house->now}};
    struct problem why = {0};
    for (size_t i = 0; i < question_count; i++) {
        if (strcmp(questions[i].question, question) != 0)
            continue;
        enum status status = questions[i].fn(&probe, questions[i].context, &why);
        if (probe.cause != NULL)
            return probe.cause;
        return status == ST_OK && probe.holds ? "holds" : status_name(status);
    }
    return "no such question";
}

#define NAMES "generic_taken support@trial.example Support\ngood p.moreau@trial.example Paul Moreau\n"
static const char *const all[][2] = {
    {"accounts", NAMES}, {"one_factor", ""},  {"codes", ""},   {"standing_rights", ""}, {"leaver", ""},
    {"function_changed", ""}, {"access_of_nobody", ""}, {"reviews", ""}, {"tunnel", ""},
    {"rights", ""}, {"rights", "nobody.known requests.read\n"}, {"strangers", ""},
    {"workstations", "no_administrator"}, {"workstations", "usb_storage_off"},
};
enum { ALL = sizeof all / sizeof *all };

static struct house *begin(void)
{
    struct house *house = house_begin();
    house->authd->options.certificates.person_days = 30;
    house->authd->options.certificates.device_days = 90;
    house->authd->options.certificates.crl_hours = 24;
    question_count = 0;
    entries = authd_probes(NULL, &house->authd);
    authd_rights_probe(NULL, &house->authd);
    house_organisation(house, "acme", "client");
    house_forget(house);
    return house;
}

static void end(struct house *house)
{
    entry_probe_destroy(&entries);
    house_end(house);
}

static size_t log_length(struct house *house)
{
    struct log_entry_list log;
    CHECK_OK(identity_list_log(house->identity, 0, house->arena, &log, NULL));
    return log.count;
}

/* Twice: what the first has made and undone is not in the way of the second. */
static void all_holds_and_leaves_nothing(void)
{
    struct house *house = begin();
    struct identity_organisation_list organisations;
    struct account_list accounts;
    struct member nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", "Kz7!vQ2xMw-tr9");
    size_t log = log_length(house);
    house_forget(house);
    for (size_t i = 0; i < (size_t)2 * ALL; i++) {
        check_row(all[i % ALL][0]);
        CHECK_TEXT(slice_from(ask(house, all[i % ALL][0], all[i % ALL][1])), "holds");
        house_wait(house, 1);
    }
    CHECK_NUMBER(log_length(house), log);
    CHECK_NUMBER(house->said_count, 0);
    CHECK_OK(identity_list_organisations(house->identity, house->arena, &organisations, NULL));
    CHECK_NUMBER(organisations.count, 1);
    CHECK_OK(identity_list_accounts(house->identity, SLICE_NONE, house->arena, &accounts, NULL));
    CHECK_NUMBER(accounts.count, 1);
    CHECK_OK(refresh_organisations(house->authd, NULL));
    CHECK_OK(house_sign_in(house, &nora, "Kz7!vQ2xMw-tr9"));
    end(house);
}

static void add_session(struct house *house, struct slice account, const char *id, const char *factor, const char *device)
{
    struct session session = {.device = slice_from(device), .token_hash = digest_of(slice_from(id), house->arena), .id = slice_from(id),
                              .account = account, .kind = SESSION_KIND_FULL, .factor = slice_from(factor),
                              .begun = house->now, .seen = house->now, .ends = {house->now.us + DAY_US},
                              .place = {LIT("no entry")}};
    CHECK_OK(identity_add_session(house->identity, &session, NULL));
}

static void what_is_wrong_is_found(void)
{
    struct house *house = begin();
    struct member nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", "Kz7!vQ2xMw-tr9");
    struct member luc = house_invite(house, "Luc Morin", "luc@acme.example", "administrator");
    struct stored_grant endless = {
        .grant = {.id = LIT("g_1"), .account = nora.id, .organisation = LIT("acme"), .right = RIGHT_PEOPLE_END,
                  .approved_by = luc.id, .asked = house->now, .from = house->now,
                  .until = {house->now.us + 9 * HOUR_US}},
        .reason = {LIT("no entry")}};
    add_session(house, luc.id, "u_1", "passkey", "");
    CHECK_TEXT(slice_from(ask(house, "access_of_nobody", "")), "of_nobody"); /* who is only invited has none */
    CHECK_TEXT(slice_from(ask(house, "one_factor", "")), "holds");
    add_session(house, nora.id, "u_2", "password", "");
    CHECK_TEXT(slice_from(ask(house, "one_factor", "")), "one_factor_session");
    CHECK_OK(identity_add_grant(house->identity, &endless, NULL));
    CHECK_TEXT(slice_from(ask(house, "standing_rights", "")), "no_end");
    CHECK_TEXT(slice_from(ask(house, "accounts", "good support@trial.example Support\n")), "good_refused");
    CHECK_TEXT(slice_from(ask(house, "accounts", "taken p.moreau@trial.example Paul Moreau\n")), "taken");
    house_wait(house, 100 * 86400);
    CHECK_TEXT(slice_from(ask(house, "reviews", "")), "missing");
    end(house);
}

/* Enrols a device of somebody; the digest of its certificate. */
static struct slice enrol(struct house *house, enum device_kind kind, struct slice owner)
{
    AUTO_SECRET root = NULL;
    AUTO_BUFFER hex = buffer_create(128);
    struct certificate_made made = {0};
    struct problem why;
    const struct certificate_order order = {.kind = CERTIFICATE_DEVICE, .account = owner, .device_kind = kind};
    CHECK_OK(pki_key_create(&root, NULL));
    CHECK_OK(certificates_begin(house->authd, &why));
    enum status status = certificates_init(house->authd, root, house->now, &why);
    CHECK(status == ST_OK || status == ST_CONFLICT); /* the second finds it made */
    CHECK_OK(certificates_issue(house->authd, &order, house->now, house->arena, &made, &why));
    CHECK_OK(certificates_finish(house->authd, ST_OK, &why));
    secret_destroy(&made.key);
    hex_encode(made.certificate.digest, &hex);
    return arena_copy(house->arena, buffer_slice(&hex));
}

static void say(struct house *house, struct slice device, const char *items)
{
    CHECK_OK(identity_save_report(house->identity, &(struct device_report){device, house->now, slice_from(items)}, NULL));
}

/* What is not there never holds; what is there is seen, beside what the trial makes up. */
static void a_room_is_looked_at(void)
{
    struct house *house = begin();
    struct member nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", "Kz7!vQ2xMw-tr9");
    house_wait(house, 86400 / 2);
    CHECK_TEXT(slice_from(ask(house, "door", "")), "never_imported");
    CHECK_TEXT(slice_from(ask(house, "room_devices", "gateway")), "none_enrolled");
    CHECK_TEXT(slice_from(ask(house, "room_devices", "recorder")), "none_enrolled");
    CHECK_TEXT(slice_from(ask(house, "room_devices", "toaster")), "invalid");
    struct door_import import = {house->now, house->now, 0, 0, 0};
    CHECK_OK(identity_save_import(house->identity, &import, NULL));
    CHECK_TEXT(slice_from(ask(house, "door", "")), "holds");
    add_session(house, nora.id, "u_1", "passkey", "");
    house_wait(house, 31);
    CHECK_TEXT(slice_from(ask(house, "door", "")), "holds"); /* it is one of the pages */
    add_session(house, nora.id, "u_2", "passkey", "d_1");
    CHECK_TEXT(slice_from(ask(house, "door", "")), "holds"); /* its entry may still come */
    house_wait(house, 31);
    CHECK_TEXT(slice_from(ask(house, "door", "")), "session_without_entry");
    CHECK_OK(identity_end_session(house->identity, LIT("u_2"), nora.id, NULL));
    house_wait(house, DOOR_LOG_HOURS * 3600);
    CHECK_TEXT(slice_from(ask(house, "door", "")), "log_missing");

    struct slice gateway = enrol(house, DEVICE_GATEWAY, nora.id);
    CHECK_TEXT(slice_from(ask(house, "room_devices", "gateway")), "late");
    say(house, gateway, "firewall=holds");
    CHECK_TEXT(slice_from(ask(house, "room_devices", "gateway")), "holds");
    say(house, gateway, "firewall=fails/drift");
    CHECK_TEXT(slice_from(ask(house, "room_devices", "gateway")), "drift");
    struct slice recorder = enrol(house, DEVICE_RECORDER, nora.id);
    say(house, recorder, "camera=holds");
    house_wait(house, 600);
    CHECK_TEXT(slice_from(ask(house, "room_devices", "recorder")), "holds");
    house_wait(house, 1);
    CHECK_TEXT(slice_from(ask(house, "room_devices", "recorder")), "late");
    end(house);
}

/* A function's line names all that it may have; one right less, and the table gives too much. */
static void a_right_beyond_the_line_is_found(void)
{
    struct house *house = begin();
    AUTO_BUFFER all_rights = buffer_create(4096);
    AUTO_BUFFER one_less = buffer_create(4096);
    buffer_add_text(&all_rights, "supervisor");
    buffer_add_text(&one_less, "supervisor");
    for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT_; right++) {
        const char *name = access_right_name((enum access_right)right);
        if (!access_function_has(FUNCTION_SUPERVISOR, (enum access_right)right))
            continue;
        buffer_add_format(&all_rights, " %s", name);
        if (right != RIGHT_REQUESTS_EDIT)
            buffer_add_format(&one_less, " %s", name);
    }
    buffer_add_text(&all_rights, "\n");
    buffer_add_text(&one_less, "\n");
    CHECK_TEXT(slice_from(ask(house, "rights", arena_text(house->arena, buffer_slice(&all_rights)))), "holds");
    CHECK_TEXT(slice_from(ask(house, "rights", arena_text(house->arena, buffer_slice(&one_less)))), "more_than_needed");
    CHECK_TEXT(slice_from(ask(house, "rights", "supervisor \n")), "more_than_needed");
    CHECK_TEXT(slice_from(ask(house, "rights", "organizer \n")), "more_than_needed");
    end(house);
}

/* The workstations of the room: what one says that says anything, and one that is off. */

static const struct said {
    const char *name;
    enum posture_state usb;
    int64_t age_s;
    bool used, revoked;
    const char *found; /* of usb_storage_off */
} saids[] = {
    {"it holds", POSTURE_HOLDS, 0, false, false, "holds"},
    {"it fails", POSTURE_FAILS, 0, false, false, "device_fails"},
    {"it does not know", POSTURE_UNKNOWN, POSTURE_SECONDS, false, false, "device_fails"},
    {"it is off", POSTURE_FAILS, POSTURE_SECONDS + 1, false, false, "holds"},
    {"it is silent, and somebody is signed in there", POSTURE_FAILS, POSTURE_SECONDS + 1, true, false, "device_fails"},
    {"silent and well, somebody is signed in there", POSTURE_HOLDS, POSTURE_SECONDS + 1, true, false, "holds"},
    {"its session is idle for too long", POSTURE_FAILS, 1801, true, false, "holds"},
    {"it is no device of ours any more", POSTURE_FAILS, 0, false, true, "holds"},
};

/* A real one of ours; its digest, by which it is known. */
static const char *issue_device(struct house *house, struct slice owner, bool revoked)
{
    AUTO_SECRET root = NULL;
    struct certificate_order order = {.kind = CERTIFICATE_DEVICE, .account = owner};
    struct certificate_made made = {0};
    AUTO_BUFFER hex = buffer_create(2 * DIGEST_BYTES);
    CHECK_OK(pki_key_create(&root, NULL));
    CHECK_OK(identity_begin(house->identity, NULL));
    CHECK_OK(certificates_init(house->authd, root, house->now, NULL));
    CHECK_OK(certificates_issue(house->authd, &order, house->now, house->arena, &made, NULL));
    if (revoked)
        CHECK_OK(identity_revoke_certificate(house->identity, made.certificate.serial, house->now, LIT("cessation"), NULL));
    CHECK_OK(identity_commit(house->identity, NULL));
    secret_destroy(&made.key);
    hex_encode(made.certificate.digest, &hex);
    return arena_text(house->arena, buffer_slice(&hex));
}

static void add_device(struct house *house, struct slice owner, const struct said *said)
{
    const char *device = issue_device(house, owner, said->revoked);
    struct posture posture = {.kind = DEVICE_WORKSTATION};
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        posture.items[item] = item == POSTURE_USB_STORAGE_OFF ? said->usb : POSTURE_HOLDS;
    const struct device_report report = {slice_from(device), house->now, posture_text(&posture, house->arena)};
    CHECK_OK(identity_save_report(house->identity, &report, NULL));
    if (said->used)
        add_session(house, owner, "u_1", "passkey", device);
    house_wait(house, said->age_s);
}

static void a_workstation_that_is_off_says_nothing(void)
{
    for (size_t i = 0; i < sizeof saids / sizeof *saids; i++) {
        struct house *house = begin();
        struct member nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", "Kz7!vQ2xMw-tr9");
        add_device(house, nora.id, &saids[i]);
        check_row(saids[i].name);
        CHECK_TEXT(slice_from(ask(house, "workstations", "usb_storage_off")), saids[i].found);
        CHECK_TEXT(slice_from(ask(house, "workstations", "no_administrator")), "holds");
        CHECK_TEXT(slice_from(ask(house, "workstations", "firewall")), "invalid");
        end(house);
    }
}

/* The centre of supervision */

static struct slice add_supervisor(struct house *house, const char *organisation)
{
    CHECK_OK(ROOT(house, "account.add", "{'organisation': '%s', 'name': 'Sam Terrier', 'address': 'sam@room.example', "
                  "'language': 'fr', 'function': 'supervisor'}", organisation));
    struct member sam = {.id = house_text(house, "id"), .address = LIT("sam@room.example")};
    house_enrol(house, &sam, "Kz7!vQ2xMw-tr9");
    return sam.id;
}

static void who_supervises_is_of_the_centre(void)
{
    struct house *house = begin();
    struct account account;
    house_organisation(house, "room", "processor");
    CHECK_TEXT(slice_from(ask(house, "centre", "")), "no_centre");
    struct slice sam = add_supervisor(house, "room");
    house_forget(house);
    size_t log = log_length(house);
    for (int i = 0; i < 2; i++, house_wait(house, 1))
        CHECK_TEXT(slice_from(ask(house, "centre", "")), "holds");
    CHECK_NUMBER(log_length(house), log);
    CHECK_NUMBER(house->said_count, 0);
    struct member nora = house_add(house, "Nora Keller", "nora@acme.example", "organizer", "Kz7!vQ2xMw-tr9");
    CHECK_OK(identity_load_account(house->identity, nora.id, house->arena, &account, NULL));
    account.function = LIT("supervision_lead"); /* as an intruder would write it */
    CHECK_OK(identity_save_account(house->identity, &account, NULL));
    CHECK_TEXT(slice_from(ask(house, "centre", "")), "elsewhere");
    CHECK_OK(identity_load_account(house->identity, nora.id, house->arena, &account, NULL));
    account.function = LIT("organizer");
    CHECK_OK(identity_save_account(house->identity, &account, NULL));
    CHECK_TEXT(slice_from(ask(house, "centre", "")), "holds");
    CHECK_OK(identity_end_organisation(house->identity, LIT("room"), house->now, NULL));
    CHECK_TEXT(slice_from(ask(house, "centre", "")), "holds"); /* it takes a moment */
    house_wait(house, 6);
    CHECK_TEXT(slice_from(ask(house, "centre", "")), "left_over");
    CHECK_OK(identity_load_account(house->identity, sam, house->arena, &account, NULL));
    CHECK_NUMBER(account.state, ACCOUNT_ACTIVE); /* what the trial ends is its own */
    size_t ended;
    CHECK_OK(authd_end_due(house->authd, house->now, &ended, NULL));
    CHECK_TEXT(slice_from(ask(house, "centre", "")), "no_centre");
    end(house);
}

int main(void)
{
    TEST(all_holds_and_leaves_nothing);
    TEST(what_is_wrong_is_found);
    TEST(a_room_is_looked_at);
    TEST(a_right_beyond_the_line_is_found);
    TEST(a_workstation_that_is_off_says_nothing);
    TEST(who_supervises_is_of_the_centre);
    return check_done();
}
