/* The room's door and devices: what is imported, who is missed, what is told. */
#include "roles/authd/room.h"
#include "test_people.h"

/* Every marked event, in order. */
static struct {
    enum event told[256];
    size_t count;
} heard;

static void hear(void *context, enum event event, const struct event_field *fields, size_t count)
{
    (void)context, (void)fields, (void)count;
    if (heard.count < sizeof heard.told / sizeof *heard.told)
        heard.told[heard.count++] = event;
}

static size_t times_heard(enum event event)
{
    size_t times = 0;
    for (size_t i = 0; i < heard.count; i++)
        times += heard.told[i] == event;
    return times;
}

static void fill(struct town *town)
{
    town_open(town);
    town_add_house(town, "o_p", "processor");
    town_add(town, "p_1", "o_p", "supervisor");
    town_add(town, "p_2", "o_p", "supervisor");
    town_add_device(town, "p_1");
    heard.count = 0;
}

static struct instant after(const struct town *town, int64_t seconds)
{
    return (struct instant){town->now.us + seconds * 1000000};
}

/* A log with one line: "p_1 in face 30": so many seconds from now on. */
static struct door_taken import(struct town *town, const char *person, const char *direction, const char *method, int64_t seconds)
{
    struct door_taken taken = {0};
    struct slice at = instant_format(after(town, seconds), zone_utc(), town->arena);
    struct slice text = arena_format(town->arena, "time,person,direction,method\n%.*s,%s,%s,%s\n", SLICE_ARG(at), person, direction, method);
    CHECK_OK(authd_import_door(town->authd, text, town->now, town->now, &taken, NULL));
    return taken;
}

static void lines_become_entries(void)
{
    static const struct {
        const char *name, *person, *direction, *method;
        int64_t seconds;
        uint32_t taken, unknown, refused;
    } rows[] = {
        {"an account", "p_1", "in", "face", -10, 1, 0, 0},     {"a badge", "4711", "in", "badge", -10, 1, 0, 0},
        {"nobody", "p_9", "in", "face", -10, 0, 1, 0},         {"a badge of nobody", "4712", "in", "face", -10, 0, 1, 0},
        {"who leaves", "p_1", "out", "face", -10, 0, 0, 0},    {"almost now", "p_1", "in", "face", 299, 1, 0, 0},
        {"to come", "p_1", "in", "face", 302, 0, 0, 1},        {"no direction", "p_1", "by", "face", -10, 0, 0, 1},
        {"long ago", "p_1", "in", "face", -91 * 86400, 0, 0, 0}, {"not so long", "p_1", "in", "face", -89 * 86400, 1, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct town town = town_create();
        fill(&town);
        check_row(rows[i].name);
        CHECK_OK(authd_set_badge(town.authd, LIT("p_2"), LIT("4711"), town.now, NULL));
        struct door_taken taken = import(&town, rows[i].person, rows[i].direction, rows[i].method, rows[i].seconds);
        CHECK_NUMBER(taken.import.taken, rows[i].taken);
        CHECK_NUMBER(taken.import.unknown, rows[i].unknown);
        CHECK_NUMBER(taken.import.refused, rows[i].refused);
        taken = import(&town, rows[i].person, rows[i].direction, rows[i].method, rows[i].seconds); /* again is nothing new */
        CHECK_NUMBER(taken.import.taken, 0);
        town_close(&town);
    }
}

static void what_is_no_log_changes_nothing(void)
{
    struct town town = town_create();
    struct door_import last;
    struct door_taken taken;
    fill(&town);
    CHECK_NUMBER(authd_import_door(town.authd, LIT("who,when\n"), town.now, town.now, &taken, NULL), ST_INVALID);
    CHECK_NUMBER(authd_import_door(town.authd, LIT("time,person,direction,method\n"), after(&town, 301), town.now, &taken, NULL), ST_INVALID);
    CHECK_OK(identity_load_import(town.identity, town.arena, &last, NULL));
    CHECK_NUMBER(last.imported.us, 0);
    CHECK_OK(authd_import_door(town.authd, LIT("time,person,direction,method\n"), after(&town, -60), town.now, &taken, NULL));
    CHECK_OK(identity_load_import(town.identity, town.arena, &last, NULL));
    CHECK_NUMBER(last.as_of.us, town.now.us - MINUTE_US);
    CHECK_NUMBER(authd_set_badge(town.authd, LIT("p_1"), LIT("four seven"), town.now, NULL), ST_INVALID);
    CHECK_NUMBER(authd_set_badge(town.authd, LIT("p_9"), LIT("47"), town.now, NULL), ST_NOT_FOUND);
    CHECK_OK(authd_set_badge(town.authd, LIT("p_1"), LIT("47"), town.now, NULL));
    CHECK_TEXT(town_log(&town), "supervision.badge.changed account=p_1 badge=another organisation=o_p");
    CHECK_NUMBER(authd_set_badge(town.authd, LIT("p_2"), LIT("47"), town.now, NULL), ST_CONFLICT);
    CHECK_OK(authd_set_badge(town.authd, LIT("p_1"), SLICE_NONE, town.now, NULL));
    CHECK_OK(authd_set_badge(town.authd, LIT("p_2"), LIT("47"), town.now, NULL));
    town_close(&town);
}

/* Days are those of the room. */
static void an_entry_counts_on_its_day(void)
{
    static const struct {
        const char *name, *begun, *entry;
        enum door_method method;
        bool entered;
    } rows[] = {
        {"in the morning", "2026-11-26T09:00:00+01:00", "2026-11-26T08:58:00+01:00", DOOR_BIOMETRIC, true},
        {"at midnight", "2026-11-26T09:00:00+01:00", "2026-11-26T00:00:00+01:00", DOOR_BIOMETRIC, true},
        {"the day before, today in UTC", "2026-11-27T00:30:00+01:00", "2026-11-26T23:30:00+01:00", DOOR_BIOMETRIC, false},
        {"before midnight", "2026-11-26T09:00:00+01:00", "2026-11-25T23:59:59+01:00", DOOR_BIOMETRIC, false},
        {"clocks differ", "2026-11-26T09:00:00+01:00", "2026-11-26T09:10:00+01:00", DOOR_BIOMETRIC, true},
        {"later", "2026-11-26T09:00:00+01:00", "2026-11-26T09:10:01+01:00", DOOR_BIOMETRIC, false},
        {"by badge", "2026-11-26T09:00:00+01:00", "2026-11-26T08:58:00+01:00", DOOR_BADGE, false},
        {"by a code", "2026-11-26T09:00:00+01:00", "2026-11-26T08:58:00+01:00", DOOR_CODE, false},
        {"somehow", "2026-11-26T09:00:00+01:00", "2026-11-26T08:58:00+01:00", DOOR_OTHER, false},
        {"in summer", "2026-07-26T00:10:00+02:00", "2026-07-26T00:00:00+02:00", DOOR_BIOMETRIC, true},
    };
    const struct zone *paris;
    CHECK_OK(zone_load(LIT("Europe/Paris"), &paris, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct town town = town_create();
        struct session session = {.id = LIT("n_9"), .account = LIT("p_1")};
        struct door_entry entry = {.account = LIT("p_1"), .method = rows[i].method};
        bool added, entered;
        fill(&town);
        town.authd->options.zone = paris;
        check_row(rows[i].name);
        CHECK_OK(instant_parse(slice_from(rows[i].begun), &session.begun, NULL, NULL));
        CHECK_OK(instant_parse(slice_from(rows[i].entry), &entry.at, NULL, NULL));
        CHECK_OK(identity_add_entry(town.identity, &entry, &added, NULL));
        CHECK_OK(door_entered(town.authd, &session, &entered, NULL));
        CHECK_NUMBER(entered, rows[i].entered);
        session.account = LIT("p_2");
        CHECK_OK(door_entered(town.authd, &session, &entered, NULL));
        CHECK(!entered);
        town_close(&town);
    }
}

/* Turns so many seconds long, one by one, as the role does. */
static void turn(struct town *town, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        town->now.us += 1000000;
        room_turn(town->authd, town->now);
    }
}

static void who_did_not_come_in_is_told_within_a_minute(void)
{
    struct town town = town_create();
    fill(&town);
    town_enter_console(&town, "p_2");
    turn(&town, 60);
    CHECK_NUMBER(heard.count, 0); /* no door log yet: its control says so */
    import(&town, "p_2", "in", "badge", -60); /* no biometric one */
    struct slice log = town_log(&town);
    turn(&town, 6);
    CHECK_NUMBER(times_heard(EVENT_DOOR_NO_ENTRY), 1);
    CHECK(!slice_equal(log, town_log(&town)));
    CHECK_TEXT(town_log(&town), "supervision.door.missed account=p_2 session=c_p_2 organisation=o_p");
    turn(&town, 3000);
    CHECK_NUMBER(times_heard(EVENT_DOOR_NO_ENTRY), 1);
    turn(&town, 700); /* after an hour, again */
    CHECK_NUMBER(times_heard(EVENT_DOOR_NO_ENTRY), 2);
    CHECK_NUMBER(times_heard(EVENT_DOOR_ENTERED), 0);
    CHECK_OK(identity_end_session(town.identity, LIT("c_p_2"), LIT("p_2"), NULL));
    turn(&town, 6);
    CHECK_NUMBER(times_heard(EVENT_DOOR_ENTERED), 1);
    turn(&town, 60);
    CHECK_NUMBER(times_heard(EVENT_DOOR_ENTERED), 1);
    town_close(&town);
}

static void an_entry_has_half_a_minute_to_arrive(void)
{
    struct town town = town_create();
    fill(&town);
    import(&town, "p_1", "in", "face", -60);
    town_enter_console(&town, "p_2"); /* sessions of the pages, which all have, are not looked at */
    turn(&town, 28);
    CHECK_NUMBER(times_heard(EVENT_DOOR_NO_ENTRY), 0);
    import(&town, "p_2", "in", "face+badge", -60);
    turn(&town, 120);
    CHECK_NUMBER(times_heard(EVENT_DOOR_NO_ENTRY), 0);
    town_close(&town);

    town = town_create();
    fill(&town);
    import(&town, "p_1", "in", "face", -60);
    town_enter_console(&town, "p_2");
    turn(&town, 40);
    CHECK_NUMBER(times_heard(EVENT_DOOR_NO_ENTRY), 1);
    town_close(&town);
}

/* By setting; signing in, and hearing who one is, go on. */
static void who_did_not_come_in_may_be_refused(void)
{
    static const struct {
        const char *name, *command;
        bool refuses, entered;
        const char *code;
    } rows[] = {
        {"only told", "lease.assert", false, false, NULL},  {"refused", "lease.assert", true, false, "door"},
        {"came in", "lease.assert", true, true, NULL},      {"who they are", "me.show", true, false, NULL},
        {"signing in", "login.start", true, false, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct town town = town_create();
        fill(&town);
        town_enter_console(&town, "p_2");
        town.authd->options.door_refuses = rows[i].refuses;
        if (rows[i].entered)
            import(&town, "p_2", "in", "iris", -5);
        bool in = !slice_equal(slice_from(rows[i].command), LIT("login.start"));
        struct command question = {.name = slice_from(rows[i].command), .json = LIT("{\"meeting\":\"m_1\",\"client\":\"o_a\"}"),
                                   .credentials = {.session = in ? town_console_session(&town, "p_2") : SLICE_NONE,
                                                   .address = town.address, .certificate = LIT(TOWN_DEVICE)}};
        check_row(rows[i].name);
        authd_command(town.authd, ROLE_CONSOLE, &question, town.now, &town);
        CHECK_NUMBER(town.status, rows[i].code == NULL ? ST_OK : ST_DENIED);
        if (rows[i].code != NULL)
            TOWN_GOT(&town, "code", rows[i].code);
        town_close(&town);
    }
}

/* Devices that are none of ours to sit at */

#define GATEWAY "9999999999999999999999999999999999999999999999999999999999999999"

static void add_device(struct town *town, const char *id, const char *digest)
{
    struct slice bytes;
    CHECK_OK(hex_decode(slice_from(digest), town->arena, &bytes));
    struct certificate made = {.serial = slice_from(id), .authority = LIT("ca_1"), .kind = CERTIFICATE_DEVICE, .subject = slice_from(id),
                               .account = LIT("p_1"), .bytes = LIT("DER"), .digest = bytes, .key_digest = bytes, .issued = town->now,
                               .ends = {town->now.us + 90 * DAY_US}};
    CHECK_OK(identity_add_certificate(town->identity, &made, NULL));
}

static void say(struct town *town, const char *items)
{
    CHECK_OK(identity_save_report(town->identity, &(struct device_report){LIT(GATEWAY), town->now, slice_from(items)}, NULL));
}

static void devices_are_judged_by_their_kind(void)
{
    static const struct {
        const char *name, *id, *items;
        int64_t age_s;
        size_t devices;
        const char *cause;
    } rows[] = {
        {"well", "g_1", "firewall=holds", 0, 1, NULL},           {"at the last second", "g_1", "firewall=holds", 60, 1, NULL},
        {"late", "g_1", "firewall=holds", 61, 1, "late"},        {"of a time to come", "g_1", "firewall=holds", -1, 1, "late"},
        {"drift", "g_1", "firewall=fails/drift", 0, 1, "drift"}, {"another word", "g_1", "firewall=fails/hello", 0, 1, "other"},
        {"no word", "g_1", "firewall=unknown", 0, 1, "other"},   {"says nothing of it", "g_1", "camera=holds", 0, 1, "other"},
        {"a recorder", "r_1", "firewall=holds", 0, 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct town town = town_create();
        struct room_verdict verdict;
        fill(&town);
        check_row(rows[i].name);
        add_device(&town, rows[i].id, GATEWAY);
        say(&town, rows[i].items);
        CHECK_OK(room_judge(town.authd, DEVICE_GATEWAY, after(&town, rows[i].age_s), true, &verdict, NULL));
        CHECK_NUMBER(verdict.devices, rows[i].devices);
        CHECK_NUMBER(verdict.bad, rows[i].cause != NULL);
        CHECK_TEXT(slice_from(verdict.cause), rows[i].cause == NULL ? "" : rows[i].cause);
        town_close(&town);
    }
    struct town town = town_create();
    struct room_verdict verdict;
    fill(&town);
    add_device(&town, "r_1", GATEWAY);
    CHECK_OK(room_judge(town.authd, DEVICE_RECORDER, town.now, true, &verdict, NULL));
    CHECK_TEXT(slice_from(verdict.cause), "late"); /* it has never said anything */
    CHECK_OK(room_judge(town.authd, DEVICE_RECORDER, town.now, false, &verdict, NULL));
    CHECK_NUMBER(verdict.devices, 0);
    say(&town, "camera=holds");
    CHECK_OK(room_judge(town.authd, DEVICE_RECORDER, after(&town, 600), true, &verdict, NULL));
    CHECK_NUMBER(verdict.bad, 0);
    CHECK_OK(room_judge(town.authd, DEVICE_RECORDER, after(&town, 601), true, &verdict, NULL));
    CHECK_NUMBER(verdict.bad, 1);
    CHECK_OK(identity_revoke_certificate(town.identity, LIT("r_1"), town.now, LIT("cessation"), NULL));
    CHECK_OK(room_judge(town.authd, DEVICE_RECORDER, town.now, true, &verdict, NULL));
    CHECK_NUMBER(verdict.devices, 0);
    town_close(&town);
}

/* For so many seconds it says that. */
static void goes_on(struct town *town, const char *items, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        if (items != NULL && i % 20 == 0)
            say(town, items);
        turn(town, 1);
    }
}

static void drift_is_told_and_its_end(void)
{
    struct town town = town_create();
    fill(&town);
    add_device(&town, "g_1", GATEWAY);
    goes_on(&town, NULL, 120); /* enrolled, and not there yet */
    CHECK_NUMBER(heard.count, 0);
    goes_on(&town, "firewall=holds", 120);
    CHECK_NUMBER(times_heard(EVENT_GATEWAY_MENDED), 1);
    goes_on(&town, "firewall=fails/drift", 7);
    CHECK_NUMBER(times_heard(EVENT_GATEWAY_FAILED), 1);
    goes_on(&town, "firewall=fails/drift", 3000);
    CHECK_NUMBER(times_heard(EVENT_GATEWAY_FAILED), 1);
    goes_on(&town, "firewall=fails/drift", 700);
    CHECK_NUMBER(times_heard(EVENT_GATEWAY_FAILED), 2);
    goes_on(&town, "firewall=holds", 7);
    CHECK_NUMBER(times_heard(EVENT_GATEWAY_MENDED), 2);
    goes_on(&town, NULL, 50);
    CHECK_NUMBER(times_heard(EVENT_GATEWAY_FAILED), 2);
    goes_on(&town, NULL, 20);
    CHECK_NUMBER(times_heard(EVENT_GATEWAY_FAILED), 3);
    CHECK_NUMBER(times_heard(EVENT_CAMERA_SILENT), 0);
    town_close(&town);
}

/* Who was away does not say that others were. */
static void a_start_is_no_silence(void)
{
    struct town town = town_create();
    fill(&town);
    add_device(&town, "r_1", GATEWAY);
    say(&town, "camera=holds");
    town.now.us += 3600 * INT64_C(1000000);
    turn(&town, 595);
    CHECK_NUMBER(times_heard(EVENT_CAMERA_SILENT), 0);
    turn(&town, 15);
    CHECK_NUMBER(times_heard(EVENT_CAMERA_SILENT), 1);
    town_close(&town);
}

static void old_entries_go(void)
{
    struct town town = town_create();
    bool has, added;
    fill(&town);
    CHECK_OK(identity_add_entry(town.identity, &(struct door_entry){LIT("p_1"), {town.now.us - 91 * DAY_US}, DOOR_BIOMETRIC}, &added, NULL));
    CHECK_OK(identity_add_entry(town.identity, &(struct door_entry){LIT("p_2"), {town.now.us - 89 * DAY_US}, DOOR_BIOMETRIC}, &added, NULL));
    authd_turn(town.authd, town.now);
    CHECK_OK(identity_has_entry(town.identity, LIT("p_1"), DOOR_BIOMETRIC, (struct instant){0}, town.now, &has, NULL));
    CHECK(!has);
    CHECK_OK(identity_has_entry(town.identity, LIT("p_2"), DOOR_BIOMETRIC, (struct instant){0}, town.now, &has, NULL));
    CHECK(has);
    town_close(&town);
}

int main(void)
{
    event_log_sink(hear, NULL);
    TEST(lines_become_entries);
    TEST(what_is_no_log_changes_nothing);
    TEST(an_entry_counts_on_its_day);
    TEST(who_did_not_come_in_is_told_within_a_minute);
    TEST(an_entry_has_half_a_minute_to_arrive);
    TEST(who_did_not_come_in_may_be_refused);
    TEST(devices_are_judged_by_their_kind);
    TEST(drift_is_told_and_its_end);
    TEST(a_start_is_no_silence);
    TEST(old_entries_go);
    return check_done();
}
