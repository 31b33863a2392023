#ifndef RENDEZ_ROLES_AUTHD_TEST_CERTIFICATES_H
#define RENDEZ_ROLES_AUTHD_TEST_CERTIFICATES_H

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "roles/authd/certificates.h"
#include "roles/authd/internal.h"

/* An authd that issues certificates, with two people who have codes, and a keyd that knows these. */

enum { STEP_S = 30 };

static struct house {
    struct arena *arena;
    struct identity *identity;
    struct authd *authd;
    struct secret *key, *root_key;
    struct instant now;
    char folder[32];
    bool keyd_away;
    enum status answered; /* to api, and with what */
    struct slice json;
} house;

static inline enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                                   struct key_given *given, struct secret **key, struct problem *why)
{
    (void)self, (void)arena, (void)why;
    *given = (struct key_given){.version = 1};
    *key = secret_derive(house.key, key_purpose_names[ask->purpose], ask->organisation);
    return ST_OK;
}

/* keyd's answer: a factor's code of a step is the step's last six digits and the factor's own one. */
static inline struct slice code_at(const char *factor, int64_t step)
{
    return arena_format(house.arena, "%05lld%c", (long long)(step % 100000), factor[strlen(factor) - 1]);
}

static inline enum status check_code(void *self, const struct code_ask *ask, struct arena *arena,
                                     struct code_given *out, struct problem *why)
{
    (void)self, (void)arena;
    if (house.keyd_away)
        return problem_set(why, ST_UNAVAILABLE, "keyd is away");
    *out = (struct code_given){.status = ST_DENIED};
    int64_t now = ask->at.us / 1000000 / STEP_S;
    for (int64_t step = now - 1; step <= now; step++)
        if (slice_equal(ask->code, code_at(arena_text(house.arena, ask->factor), step)) && step > ask->last_step)
            *out = (struct code_given){.status = ST_OK, .step = step};
    return ST_OK;
}

/* What is said to other roles; only notices are, here. */
static unsigned said;
static inline void say(void *self, enum role_id peer, enum message message, const void *object)
{
    const struct notice *notice = object;
    (void)self;
    CHECK(peer == ROLE_PLANNER && message == MESSAGE_NOTICE);
    CHECK_TEXT(notice->phrase, "account.certificate_ends");
    CHECK_TEXT(notice->word, "person");
    said++;
}

/* What authd last said to api. */
static inline void hear(void *self, void *question, const struct answer *answer)
{
    (void)self, (void)question;
    house.answered = answer->status;
    house.json = arena_copy(house.arena, answer->json);
}

static inline void seal_details(struct account *account)
{
    struct organisation *organisation = NULL;
    struct account_details details = {.name = LIT("Somebody"), .address = LIT("somebody@acme.example"), .language = LIT("fr")};
    CHECK_OK(get_organisation(house.authd, account->organisation, &organisation, NULL));
    CHECK_OK(seal_row(house.authd, organisation, IDENTITY_ACCOUNT, account->id, &account_details_record, &details,
                      house.arena, &account->details, NULL));
}

static inline void add_account(const char *id, enum account_kind kind, enum account_state state)
{
    bool is_person = kind == ACCOUNT_PERSON;
    struct account account = {.id = slice_from(id), .organisation = LIT("o"), .kind = kind, .state = state,
                              .owner = is_person ? SLICE_NONE : LIT("p_1"), .function = LIT("organizer"),
                              .created = {1}};
    seal_details(&account);
    if (is_person)
        account.address_hash = slice_from(id);
    if (state == ACCOUNT_ENDED)
        account.ended = house.now;
    CHECK_OK(identity_save_account(house.identity, &account, NULL));
}

static inline void add_code(const char *id, const char *account)
{
    struct factor factor = {.id = slice_from(id), .account = slice_from(account), .kind = FACTOR_KIND_CODE,
                            .state = FACTOR_ACTIVE, .created = {1}, .secret = {LIT("s")}, .details = {LIT("d")}};
    CHECK_OK(identity_add_factor(house.identity, &factor, NULL));
}

static inline void set_up_at(const char *public_url, const char *crl_url)
{
    static const struct authd_ports ports = {.key = give_key, .code = check_code, .say = say, .answer = hear};
    house = (struct house){.arena = arena_create((size_t)256 << 20), .folder = "/tmp/rendez-lists-XXXXXX"};
    house.now.us = INT64_C(1795600000) * 1000000;
    house.key = secret_random(VAULT_KEY_BYTES);
    CHECK(mkdtemp(house.folder) != NULL);
    struct authd_options options = {.public_url = slice_from(public_url),
                                    .certificates = {slice_from(house.folder), slice_from(crl_url), 30, 90, 90, 24}};
    struct identity_organisation organisation = {LIT("o"), LIT("client"), LIT("active"), {1}, {0}, {0}, {{LIT("wrapped")}, 1}};
    CHECK_OK(identity_open(&sqlite_driver, ":memory:", &house.identity, NULL));
    CHECK_OK(identity_save_organisation(house.identity, &organisation, NULL));
    CHECK_OK(authd_create(house.identity, &ports, &options, &house.authd, NULL));
    add_account("p_1", ACCOUNT_PERSON, ACCOUNT_ACTIVE);
    add_account("p_2", ACCOUNT_PERSON, ACCOUNT_ACTIVE);
    add_account("p_new", ACCOUNT_PERSON, ACCOUNT_INVITED);
    add_account("p_gone", ACCOUNT_PERSON, ACCOUNT_ENDED);
    add_account("s_1", ACCOUNT_SERVICE, ACCOUNT_ACTIVE);
    add_code("f_1", "p_1");
    add_code("f_2", "p_2");
    CHECK_OK(pki_key_create(&house.root_key, NULL));
    CHECK_OK(certificates_init(house.authd, house.root_key, house.now, NULL));
    CHECK_OK(certificates_publish(house.authd, NULL));
}

static inline void set_up(void)
{
    set_up_at("", "");
}

static inline void tear_down(void)
{
    authd_destroy(&house.authd);
    identity_destroy(&house.identity);
    secret_destroy(&house.key);
    secret_destroy(&house.root_key);
    CHECK_NUMBER(system(arena_format(house.arena, "rm -r %s", house.folder).data), 0);
    arena_destroy(&house.arena);
    CHECK_NUMBER(secret_count(), 0);
}

static inline struct certificate_made issue(enum certificate_kind kind, const char *account)
{
    struct certificate_order order = {.kind = kind, .account = slice_from(account)};
    struct certificate_made made = {0};
    struct problem why = {0};
    if (kind == CERTIFICATE_SERVER)
        ARENA_PUSH(house.arena, &order.names, LIT("vpn.acme.example"));
    enum status status = certificates_issue(house.authd, &order, house.now, house.arena, &made, &why);
    CHECK_OK(status);
    if (status != ST_OK)
        printf("#   %s\n", why.detail);
    secret_destroy(&made.key);
    return made;
}

static inline struct certificate load(struct slice serial)
{
    struct certificate certificate = {0};
    CHECK_OK(identity_load_certificate(house.identity, serial, house.arena, &certificate, NULL));
    return certificate;
}

/* How often a kind stands in the log. */
static inline size_t logged(const char *kind)
{
    struct log_entry_list log;
    size_t count = 0;
    CHECK_OK(identity_list_log(house.identity, 0, house.arena, &log, NULL));
    for (size_t i = 0; i < log.count; i++)
        count += slice_equal(log.items[i].kind, slice_from(kind));
    CHECK_OK(identity_verify_log(house.identity, NULL));
    return count;
}

static inline void end_account(const char *id)
{
    struct account account;
    CHECK_OK(identity_load_account(house.identity, slice_from(id), house.arena, &account, NULL));
    account.state = ACCOUNT_ENDED;
    account.ended = house.now;
    CHECK_OK(identity_save_account(house.identity, &account, NULL));
}

#endif
