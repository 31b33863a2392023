#ifndef RENDEZ_ROLES_AUTHD_TEST_HOUSE_H
#define RENDEZ_ROLES_AUTHD_TEST_HOUSE_H

#include <stdlib.h>

#include "check.h"
#include "roles/authd/internal.h"
#include "roles/keyd/answer.h"
#include "roles/keyd/codes.h"
#include "roles/keyd/factors.h"

/* An authd with a keyd beside it, its database in memory, its clock in the test's hand. Passwords
 * are "hashed" by writing them down; the statements that run are counted. What goes to peers is
 * kept. */

enum { SAID_MAX = 128 };

struct house {
    struct identity *identity;
    struct keyd *keyd;
    struct authd *authd;
    struct arena *arena;
    struct instant now;
    struct answer answer;       /* the last one, copied */
    unsigned answers;
    struct credentials browser; /* who asks from where; session and device as cookies were set */
    unsigned hashes;
    bool queue_full;
    struct hash_job *held;      /* with `holds`: the job that waits */
    bool holds;
    struct {
        enum role_id peer;
        enum message message;
        struct slice id, phrase, word, link, address, session, cause;
        bool asks;
    } said[SAID_MAX];
    size_t said_count;
};

static unsigned house_statements; /* since it was set to 0 */

static inline enum status count_run(struct sql *sql, unsigned query, const struct sql_value *args,
                                    sql_row_fn *each_row, void *context, struct problem *why)
{
    house_statements++;
    return sqlite_driver.run(sql, query, args, each_row, context, why);
}

static inline enum status house_key(void *self, const struct key_ask *ask, struct arena *arena,
                                    struct key_given *given, struct secret **key,
                                    struct problem *why)
{
    struct house *house = self;
    keyd_answer_key(house->keyd, ROLE_AUTHD, ask, arena, given, key);
    return given->status == ST_OK ? ST_OK : problem_set(why, given->status, "keyd refuses");
}

static inline enum status house_code(void *self, const struct code_ask *ask, struct arena *arena,
                                     struct code_given *out, struct problem *why)
{
    (void)why;
    factor_answer(((struct house *)self)->keyd, ask, arena, out);
    return ST_OK;
}

static inline void house_hash_now(struct house *house, struct hash_job *job)
{
    AUTO_ARENA arena = arena_create(4096);
    struct slice made = arena_format(arena, "written:%.*s", SLICE_ARG(job->password));
    job->status = ST_OK;
    job->matches = slice_equal(made, job->encoded);
    snprintf(job->made, sizeof job->made, "%.*s", SLICE_ARG(made));
    authd_hashed(house->authd, job, house->now);
}

static inline enum status house_hash(void *self, struct hash_job *job, struct problem *why)
{
    struct house *house = self;
    if (house->queue_full)
        return problem_set(why, ST_LIMIT, "full");
    house->hashes++;
    if (house->holds)
        house->held = job;
    else
        house_hash_now(house, job);
    return ST_OK;
}

static inline enum status house_sso(void *self, const struct sso_ask *ask, uint32_t *call,
                                    struct problem *why)
{
    (void)self, (void)ask, (void)call;
    return problem_set(why, ST_UNAVAILABLE, "no sso here");
}

static inline void house_answer(void *self, void *question, const struct answer *answer)
{
    struct house *house = self;
    CHECK(question == house);
    house->answers++;
    house->answer = (struct answer){.status = answer->status,
                                    .json = arena_copy(house->arena, answer->json),
                                    .session = arena_copy(house->arena, answer->session),
                                    .device = arena_copy(house->arena, answer->device)};
    if (answer->session.len > 0)
        house->browser.session = house->answer.session;
    if (answer->device.len > 0)
        house->browser.device = house->answer.device;
}

static inline void house_say(void *self, enum role_id peer, enum message message, const void *object)
{
    struct house *house = self;
    const struct notice *notice = object;
    const struct person_told *person = object;
    const struct person_ended *ended = object;
    struct arena *arena = house->arena;
    if (house->said_count == SAID_MAX)
        abort();
    __typeof__(&house->said[0]) said = &house->said[house->said_count++];
    said->peer = peer;
    said->message = message;
    if (message == MESSAGE_NOTICE) {
        said->id = arena_copy(arena, notice->id);
        said->phrase = arena_copy(arena, notice->phrase);
        said->word = arena_copy(arena, notice->word);
        said->link = arena_copy(arena, notice->link);
        said->address = arena_copy(arena, notice->address);
    } else if (message == MESSAGE_PERSON) {
        said->id = arena_copy(arena, person->id);
        said->address = arena_copy(arena, person->address);
        said->asks = person->asks;
    } else {
        said->id = arena_copy(arena, ended->id);
        said->session = arena_copy(arena, ended->session);
        said->cause = arena_copy(arena, ended->cause);
    }
}

/* How often that phrase (or, of PERSON_ENDED, cause) was said since house_forget. */
static inline unsigned house_said(const struct house *house, enum message message, const char *words)
{
    unsigned count = 0;
    for (size_t i = 0; i < house->said_count; i++)
        count += house->said[i].message == message &&
                 slice_equal(message == MESSAGE_NOTICE ? house->said[i].phrase : house->said[i].cause,
                             slice_from(words));
    return count;
}

static inline void house_forget(struct house *house)
{
    house->said_count = 0;
}

static inline struct house *house_begin(void)
{
    static struct sql_driver counting;
    struct house *house = calloc(1, sizeof *house);
    if (house == NULL)
        abort();
    house->arena = arena_create((size_t)64 << 20);
    house->browser.address = LIT("192.0.2.7");
    house->browser.agent = LIT("Browser/1");
    CHECK_OK(instant_parse(LIT("2026-03-02T08:00:07Z"), &house->now, NULL, NULL));
    counting = sqlite_driver;
    counting.run = count_run;
    CHECK_OK(identity_open(&counting, ":memory:", &house->identity, NULL));
    CHECK_OK(keyd_create_for_replay(&house->keyd, NULL));
    struct authd_ports ports = {house,     house_key,    house_code, house_hash,
                                house_sso, house_answer, house_say};
    struct authd_options options = {.public_url = LIT("https://rendez.example"),
                                    .session_idle_minutes = 30,
                                    .session_hours = 12,
                                    .invitation_days = 7};
    CHECK_OK(authd_create(house->identity, &ports, &options, &house->authd, NULL));
    return house;
}

static inline void house_end(struct house *house)
{
    authd_destroy(&house->authd);
    CHECK_OK(identity_verify_log(house->identity, NULL));
    identity_destroy(&house->identity);
    keyd_destroy(&house->keyd);
    arena_destroy(&house->arena);
    free(house);
}

/* ' for ". The status of the answer; of a call that waits: ST_OK with answers unchanged. */
static inline struct slice house_json(struct house *house, struct slice text)
{
    char *json = arena_text(house->arena, text);
    for (char *c = json; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    return slice_from(json);
}
#define ASK(house, name, ...) house_ask((house), (name), arena_format((house)->arena, __VA_ARGS__))
static inline enum status house_ask(struct house *house, const char *name, struct slice json)
{
    struct command command = {.name = slice_from(name),
                              .json = house_json(house, json),
                              .credentials = house->browser};
    authd_command(house->authd, ROLE_API, &command, house->now, house);
    return house->answer.status;
}
#define ROOT(house, name, ...) house_root((house), (name), arena_format((house)->arena, __VA_ARGS__))
static inline enum status house_root(struct house *house, const char *name, struct slice json)
{
    return authd_as_root(house->authd, name, house_json(house, json), house->now, house->arena,
                         &house->answer.json);
}

/* A member of the last answer; empty: none, or no text. */
static inline struct slice house_text(struct house *house, const char *member)
{
    AUTO_JSON root = NULL;
    CHECK_OK(json_read(house->answer.json, &root, NULL));
    return arena_copy(house->arena, json_text(root, member));
}
static inline size_t house_count(struct house *house, const char *list)
{
    AUTO_JSON root = NULL;
    CHECK_OK(json_read(house->answer.json, &root, NULL));
    return json_array_size(json_object_get(root, list));
}
/* `member` of the n-th of a list. */
static inline struct slice house_item(struct house *house, const char *list, size_t n, const char *member)
{
    AUTO_JSON root = NULL;
    CHECK_OK(json_read(house->answer.json, &root, NULL));
    const json_t *item = json_array_get(json_object_get(root, list), n);
    const json_t *value = member == NULL ? item : json_object_get(item, member);
    return arena_copy(house->arena, slice_from(json_string_value(value)));
}

/* Another browser, elsewhere. */
static inline void house_go(struct house *house, const char *address)
{
    house->browser = (struct credentials){.address = slice_from(address), .agent = LIT("Browser/1")};
}

static inline void house_wait(struct house *house, int64_t seconds)
{
    house->now.us += seconds * 1000000;
}

/* The code of a secret in base32, now. */
static inline const char *house_code_of(struct house *house, struct slice secret)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[64];
    size_t len = 0;
    uint32_t bits = 0, count = 0;
    struct code_text text;
    for (size_t i = 0; i < secret.len; i++) {
        bits = bits << 5 | (uint32_t)(strchr(digits, secret.data[i]) - digits);
        if ((count += 5) >= 8)
            bytes[len++] = (unsigned char)(bits >> (count -= 8));
    }
    AUTO_SECRET key = secret_create(bytes, len);
    CHECK_OK(code_of_step(key, (struct code_kind){CODE_SHA1, 6}, house->now.us / 30000000, &text, NULL));
    return arena_text(house->arena, slice_from(text.digits));
}

/* Somebody with a password and an authenticator; their secret. */
struct member {
    struct slice id, address, secret;
};
static inline void house_organisation(struct house *house, const char *id, const char *kind)
{
    CHECK_OK(ROOT(house, "organisation.add", "{'id': '%s', 'kind': '%s'}", id, kind));
}
/* The link's token of the last invitation. */
static inline struct slice house_link(struct house *house)
{
    struct slice link = house_text(house, "link");
    size_t at = slice_find(link, LIT("#"), 0);
    CHECK(at != SIZE_MAX);
    return slice_sub(link, at + 1, link.len);
}
static inline struct member house_invite(struct house *house, const char *name, const char *address,
                                         const char *function)
{
    struct member member = {.address = slice_from(address)};
    CHECK_OK(ROOT(house, "account.add",
                  "{'organisation': 'acme', 'name': '%s', 'address': '%s', 'language': 'fr', "
                  "'function': '%s'}", name, address, function));
    member.id = house_text(house, "id");
    return member;
}
static inline void house_enrol(struct house *house, struct member *member, const char *password)
{
    CHECK_OK(ASK(house, "enrolment.start", "{'token': '%.*s'}", SLICE_ARG(house_link(house))));
    CHECK_OK(ASK(house, "factor.password", "{'new': '%s'}", password));
    CHECK_OK(ASK(house, "factor.code.start", "{}"));
    member->secret = house_text(house, "secret");
    CHECK_OK(ASK(house, "factor.code.add", "{'code': '%s', 'name': 'phone'}",
                 house_code_of(house, member->secret)));
    house->browser.session = SLICE_NONE;
    house_wait(house, 60); /* that code was used */
}
static inline struct member house_add(struct house *house, const char *name, const char *address,
                                      const char *function, const char *password)
{
    struct member member = house_invite(house, name, address, function);
    house_enrol(house, &member, password);
    return member;
}

/* The three steps; what the last of them answers. */
static inline enum status house_login(struct house *house, struct slice address, const char *password,
                                      const char *command, const char *code)
{
    if (ASK(house, "login.start", "{'address': '%.*s'}", SLICE_ARG(address)) != ST_OK)
        return house->answer.status;
    struct slice flow = house_text(house, "flow");
    if (ASK(house, "login.password", "{'flow': '%.*s', 'address': '%.*s', 'password': '%s'}",
            SLICE_ARG(flow), SLICE_ARG(address), password) != ST_OK)
        return house->answer.status;
    CHECK_TEXT(house_text(house, "next"), "code");
    return ASK(house, command, "{'flow': '%.*s', 'code': '%s'}", SLICE_ARG(flow), code);
}
static inline enum status house_sign_in(struct house *house, const struct member *member,
                                        const char *password)
{
    house_wait(house, 30);
    return house_login(house, member->address, password, "login.code",
                       house_code_of(house, member->secret));
}

#endif
