#ifndef RENDEZ_ROLES_AUTHD_TEST_PEOPLE_H
#define RENDEZ_ROLES_AUTHD_TEST_PEOPLE_H

#include "check.h"
#include "formats/json/json.h"
#include "domain/access/posture.h"
#include "platform/identity/certificates.h"
#include "platform/identity/grants.h"
#include "roles/authd/internal.h"

/* An authd with people in it, its database in memory; whoever asks has a session at once. Peers are
 * doubles: a key for each organisation, no code, no single sign-on. */

#define BEGIN ((struct instant){INT64_C(1790000000000000)})

struct town {
    struct identity *identity;
    struct authd *authd;
    struct arena *arena;
    struct instant now;
    enum status status;  /* of the last answer */
    struct slice json, assertion;
    unsigned char root;  /* keyd's root key, as it were: other keys follow from another one */
    bool keyd_away;
    unsigned keys;       /* that keyd was asked for */
    size_t said;         /* errands */
    struct slice address; /* of whoever asks */
};

static inline enum status town_key(void *self, const struct key_ask *ask, struct arena *arena,
                                   struct key_given *given, struct secret **key,
                                   struct problem *why)
{
    struct town *town = self;
    unsigned char bytes[VAULT_KEY_BYTES];
    (void)arena;
    town->keys++;
    if (town->keyd_away)
        return problem_set(why, ST_UNAVAILABLE, "keyd is away");
    memset(bytes, town->root + ask->purpose * 16 + (ask->organisation.len > 0 ? ask->organisation.data[2] : 1),
           sizeof bytes);
    *given = (struct key_given){.status = ST_OK, .version = 1};
    *key = secret_create(bytes, sizeof bytes);
    return ST_OK;
}
static inline enum status town_code(void *self, const struct code_ask *ask, struct arena *arena,
                                    struct code_given *out, struct problem *why)
{
    (void)self, (void)ask, (void)arena, (void)out;
    return problem_set(why, ST_UNAVAILABLE, "no keyd here");
}
static inline enum status town_hash(void *self, struct hash_job *job, struct problem *why)
{
    (void)self, (void)job;
    return problem_set(why, ST_UNAVAILABLE, "no hasher here");
}
static inline enum status town_sso(void *self, const struct sso_ask *ask, uint32_t *call,
                                   struct problem *why)
{
    (void)self, (void)ask, (void)call;
    return problem_set(why, ST_UNAVAILABLE, "no sso here");
}
static inline void town_answer(void *self, void *question, const struct answer *answer)
{
    struct town *town = self;
    (void)question;
    town->status = answer->status;
    town->json = arena_copy(town->arena, answer->json);
    town->assertion = arena_copy(town->arena, answer->assertion);
}
static inline void town_say(void *self, enum role_id peer, enum message message, const void *object)
{
    struct town *town = self;
    (void)peer, (void)message, (void)object;
    town->said++;
}

static inline void town_add_house(struct town *town, const char *id, const char *kind)
{
    struct identity_organisation house = {slice_from(id), slice_from(kind), LIT("active"), BEGIN, {0}, {0},
                                          {{LIT("key")}, 1}};
    CHECK_OK(identity_save_organisation(town->identity, &house, NULL));
}

/* "p_1" has the session "session-of-p_1", padded to the length of real ones. */
static inline struct slice town_session(struct town *town, const char *person)
{
    struct slice text = arena_format(town->arena, "session-of-%s", person);
    return arena_format(town->arena, "%.*s%.*s", SLICE_ARG(text), (int)(43 - text.len),
                        "-------------------------------------------");
}

static inline void town_add(struct town *town, const char *id, const char *house,
                            const char *function)
{
    struct organisation *organisation;
    struct account account = {.id = slice_from(id), .organisation = slice_from(house),
                              .function = slice_from(function), .state = ACCOUNT_ACTIVE,
                              .created = {BEGIN.us - 200 * DAY_US}};
    struct account_details details = {
        .name = arena_format(town->arena, "Name of %s", id),
        .address = arena_format(town->arena, "%s@%s.example", id, house), .language = LIT("en")};
    struct session session = {.id = arena_format(town->arena, "n_%s", id), .account = account.id,
                              .kind = SESSION_KIND_FULL, .factor = LIT("passkey"), .begun = BEGIN,
                              .seen = BEGIN, .ends = {BEGIN.us + 400 * DAY_US},
                              .place = {LIT("sealed")}};
    CHECK_OK(get_organisation(town->authd, account.organisation, &organisation, NULL));
    CHECK_OK(seal_row(town->authd, organisation, IDENTITY_ACCOUNT, account.id,
                      &account_details_record, &details, town->arena, &account.details, NULL));
    account.address_hash = hash_address(town->authd, details.address, town->arena);
    CHECK_OK(identity_save_account(town->identity, &account, NULL));
    session.token_hash = digest_of(town_session(town, id), town->arena);
    CHECK_OK(identity_add_session(town->identity, &session, NULL));
}

/* The device of the room, somebody's: its certificate, as good as one of ours; all of it holds, just now. */
#define TOWN_DEVICE "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
static inline void town_report(struct town *town, const char *device, enum posture_state screen_lock)
{
    struct posture posture = {.kind = DEVICE_WORKSTATION};
    for (int item = 0; item < POSTURE_ITEM_COUNT_; item++)
        posture.items[item] = item == POSTURE_SCREEN_LOCK ? screen_lock : POSTURE_HOLDS;
    struct device_report report = {slice_from(device), town->now, posture_text(&posture, town->arena)};
    CHECK_OK(identity_save_report(town->identity, &report, NULL));
}

static inline void town_add_certificate(struct town *town, const char *serial, const char *owner,
                                        enum certificate_kind kind, const char *digest)
{
    struct slice bytes;
    CHECK_OK(hex_decode(slice_from(digest), town->arena, &bytes));
    struct certificate certificate = {
        .serial = slice_from(serial), .authority = LIT("ca_1"), .kind = kind,
        .subject = kind == CERTIFICATE_PERSON ? slice_from(owner) : arena_format(town->arena, "d_%s", serial),
        .account = slice_from(owner), .bytes = LIT("DER"), .digest = bytes, .key_digest = bytes, .issued = BEGIN,
        .ends = {BEGIN.us + 90 * DAY_US}};
    CHECK_OK(identity_add_certificate(town->identity, &certificate, NULL));
}

static inline void town_add_device(struct town *town, const char *owner)
{
    struct authority authority = {.id = LIT("ca_1"), .kind = AUTHORITY_ISSUING, .certificate = LIT("DER"),
                                  .created = BEGIN, .ends = {BEGIN.us + 1000 * DAY_US}, .key = {LIT("sealed")}};
    CHECK_OK(identity_add_authority(town->identity, &authority, NULL));
    town_add_certificate(town, "1", owner, CERTIFICATE_DEVICE, TOWN_DEVICE);
    town_report(town, TOWN_DEVICE, POSTURE_HOLDS);
}

/* "p_1" has the session "console-of-p_1" on it, in the same way. */
static inline struct slice town_console_session(struct town *town, const char *person)
{
    struct slice text = arena_format(town->arena, "console-of-%s", person);
    return arena_format(town->arena, "%.*s%.*s", SLICE_ARG(text), (int)(43 - text.len),
                        "-------------------------------------------");
}

static inline void town_enter_console(struct town *town, const char *person)
{
    struct session session = {.id = arena_format(town->arena, "c_%s", person), .account = slice_from(person),
                              .kind = SESSION_KIND_FULL, .factor = LIT("passkey"), .begun = BEGIN, .seen = BEGIN,
                              .ends = {BEGIN.us + 400 * DAY_US}, .place = {LIT("sealed")}, .device = LIT(TOWN_DEVICE)};
    session.token_hash = digest_of(town_console_session(town, person), town->arena);
    CHECK_OK(identity_add_session(town->identity, &session, NULL));
}

static inline struct town town_create(void)
{
    struct town town = {.arena = arena_create(64 << 20), .now = BEGIN, .address = LIT("10.8.0.7")};
    CHECK_OK(identity_open(&sqlite_driver, ":memory:", &town.identity, NULL));
    return town;
}

/* After the town stands where it stays: its address goes to the ports. */
static inline void town_open(struct town *town)
{
    struct authd_ports ports = {town,       town_key,    town_code, town_hash,
                                town_sso, town_answer, town_say};
    struct authd_options options = {.public_url = LIT("https://rendez.example"),
                                    .networks = LIT("10.8.0.0/16"),
                                    .session_idle_minutes = 600000, .session_hours = 600000};
    CHECK_OK(authd_create(town->identity, &ports, &options, &town->authd, NULL));
    town_add_house(town, "o_a", "client");
    town_add_house(town, "o_b", "client");
    town_add_house(town, "o_z", "operator");
}

static inline void town_close(struct town *town)
{
    authd_destroy(&town->authd);
    identity_destroy(&town->identity);
    arena_destroy(&town->arena);
}

/* Asks as somebody; the answer's status. `json` with ' for ". */
static inline enum status town_ask(struct town *town, const char *person, const char *command,
                                   const char *json)
{
    char *text = arena_text(town->arena, slice_from(json));
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    struct command question = {.name = slice_from(command), .json = slice_from(text)};
    if (person != NULL)
        question.credentials.session = town_session(town, person);
    question.credentials.address = town->address;
    authd_command(town->authd, ROLE_API, &question, town->now, town);
    return town->status;
}

/* A member of the last answer: "raises.0.state". */
static inline json_t *town_value(struct town *town, json_t *root, const char *path)
{
    struct slice rest = slice_from(path);
    json_t *at = root;
    while (rest.len > 0) {
        size_t dot = slice_find(rest, LIT("."), 0);
        struct slice word = slice_sub(rest, 0, dot);
        uint64_t index;
        if (json_is_array(at) && slice_to_u64(word, 100000, &index))
            at = json_array_get(at, index);
        else
            at = json_object_get(at, arena_text(town->arena, word));
        rest = dot == SIZE_MAX ? SLICE_NONE : slice_sub(rest, dot + 1, rest.len);
    }
    return at;
}
/* As text, numbers too; "" if there is none. */
static inline struct slice town_got(struct town *town, const char *path)
{
    AUTO_JSON root = NULL;
    CHECK_OK(json_read(town->json, &root, NULL));
    json_t *value = town_value(town, root, path);
    if (json_is_string(value))
        return arena_copy(town->arena, (struct slice){json_string_value(value), json_string_length(value)});
    if (json_is_array(value))
        return arena_format(town->arena, "%zu", json_array_size(value));
    return value == NULL ? SLICE_NONE : json_write(value, town->arena);
}
#define TOWN_GOT(town, path, want) CHECK_TEXT(town_got((town), (path)), (want))

/* The newest entry of the log. */
static inline struct slice town_log(struct town *town)
{
    struct log_entry_list entries;
    CHECK_OK(identity_list_log(town->identity, 0, town->arena, &entries, NULL));
    if (entries.count == 0)
        return SLICE_NONE;
    const struct log_entry *last = &entries.items[entries.count - 1];
    return arena_format(town->arena, "%.*s %.*s", SLICE_ARG(last->kind), SLICE_ARG(last->ids));
}

#endif
