/* Certificates as `rendez pki` orders them and as authd keeps them, and what OpenVPN is answered. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "roles/authd/certificates.h"
#include "roles/authd/internal.h"
#include "roles/authd/vpn.h"

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

static enum status give_key(void *self, const struct key_ask *ask, struct arena *arena,
                            struct key_given *given, struct secret **key, struct problem *why)
{
    (void)self, (void)arena, (void)why;
    *given = (struct key_given){.version = 1};
    *key = secret_derive(house.key, key_purpose_names[ask->purpose], ask->organisation);
    return ST_OK;
}

/* keyd's answer: a factor's code of a step is the step's last six digits and the factor's own one. */
static struct slice code_at(const char *factor, int64_t step)
{
    return arena_format(house.arena, "%05lld%c", (long long)(step % 100000), factor[strlen(factor) - 1]);
}

static enum status check_code(void *self, const struct code_ask *ask, struct arena *arena,
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
static void say(void *self, enum role_id peer, enum message message, const void *object)
{
    const struct notice *notice = object;
    (void)self;
    CHECK(peer == ROLE_PLANNER && message == MESSAGE_NOTICE);
    CHECK_TEXT(notice->phrase, "account.certificate_ends");
    CHECK_TEXT(notice->word, "person");
    said++;
}

/* What authd last said to api. */
static void hear(void *self, void *question, const struct answer *answer)
{
    (void)self, (void)question;
    house.answered = answer->status;
    house.json = arena_copy(house.arena, answer->json);
}

static void seal_details(struct account *account)
{
    struct organisation *organisation = NULL;
    struct account_details details = {.name = LIT("Somebody"), .address = LIT("somebody@acme.example"), .language = LIT("fr")};
    CHECK_OK(get_organisation(house.authd, account->organisation, &organisation, NULL));
    CHECK_OK(seal_row(house.authd, organisation, IDENTITY_ACCOUNT, account->id, &account_details_record, &details,
                      house.arena, &account->details, NULL));
}

static void add_account(const char *id, enum account_kind kind, enum account_state state)
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

static void add_code(const char *id, const char *account)
{
    struct factor factor = {.id = slice_from(id), .account = slice_from(account), .kind = FACTOR_KIND_CODE,
                            .state = FACTOR_ACTIVE, .created = {1}, .secret = {LIT("s")}, .details = {LIT("d")}};
    CHECK_OK(identity_add_factor(house.identity, &factor, NULL));
}

static void set_up_at(const char *public_url, const char *crl_url)
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

static void set_up(void)
{
    set_up_at("", "");
}

static void tear_down(void)
{
    authd_destroy(&house.authd);
    identity_destroy(&house.identity);
    secret_destroy(&house.key);
    secret_destroy(&house.root_key);
    CHECK_NUMBER(system(arena_format(house.arena, "rm -r %s", house.folder).data), 0);
    arena_destroy(&house.arena);
    CHECK_NUMBER(secret_count(), 0);
}

static struct certificate_made issue(enum certificate_kind kind, const char *account)
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

static enum status verify(const struct certificate *certificate, enum pki_kind kind)
{
    struct pki_trust trust;
    CHECK_OK(certificates_trust(house.authd, house.arena, &trust, NULL));
    return pki_verify(&trust, certificate->bytes, kind, house.now, NULL);
}

static struct certificate load(struct slice serial)
{
    struct certificate certificate = {0};
    CHECK_OK(identity_load_certificate(house.identity, serial, house.arena, &certificate, NULL));
    return certificate;
}

/* How often a kind stands in the log. */
static size_t logged(const char *kind)
{
    struct log_entry_list log;
    size_t count = 0;
    CHECK_OK(identity_list_log(house.identity, 0, house.arena, &log, NULL));
    for (size_t i = 0; i < log.count; i++)
        count += slice_equal(log.items[i].kind, slice_from(kind));
    CHECK_OK(identity_verify_log(house.identity, NULL));
    return count;
}

static struct slice file(const char *name)
{
    struct slice text = SLICE_NONE;
    const char *path = arena_format(house.arena, "%s/%s", house.folder, name).data;
    struct stat about = {0};
    CHECK_OK(file_read(path, 1 << 20, house.arena, &text, NULL));
    CHECK(stat(path, &about) == 0 && (about.st_mode & 07777) == 0644);
    return text;
}

static struct pki_crl_about published(void)
{
    struct slice_list lists = {0};
    struct pki_crl_about about = {0}, root = {0};
    CHECK_OK(pki_from_pem(PKI_PEM_CRL, file("crl.pem"), house.arena, &lists, NULL));
    CHECK(lists.count >= 2);
    CHECK_OK(pki_crl_read(lists.items[0], house.arena, &about, NULL));
    CHECK_OK(pki_crl_read(lists.items[lists.count - 1], house.arena, &root, NULL));
    return about.until.us < root.until.us ? about : root; /* the root's is good for longer */
}

static const struct authority *authority(enum authority_kind kind)
{
    static struct authority_list all; /* the newest first */
    CHECK_OK(identity_list_authorities(house.identity, house.arena, &all, NULL));
    size_t at = 0;
    while (all.items[at].kind != kind)
        at++;
    return &all.items[at];
}

static struct slice crl_url_of(struct slice certificate)
{
    struct pki_certificate read = {0};
    CHECK_OK(pki_read(certificate, house.arena, &read, NULL));
    return read.crl_url;
}

static void certificates_say_where_their_list_is(void)
{
    static const struct { const char *public_url, *crl_url, *folder; /* NULL: none */ } cases[] = {
        {"https://meet.acme.example", "", "https://meet.acme.example/pki"},
        {"https://acme.example/meet", "", "https://acme.example/meet/pki"},
        {"https://meet.acme.example", "http://lists.acme.example", "http://lists.acme.example"},
        {"http://localhost:8080", "", NULL},
        {"http://localhost:8080", "http://lists.acme.example/a", "http://lists.acme.example/a"},
        {"", "", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].crl_url);
        set_up_at(cases[i].public_url, cases[i].crl_url);
        for (int renewed = 0; renewed < 2; renewed++) {
            const struct authority *root = authority(AUTHORITY_ROOT), *issuing = authority(AUTHORITY_ISSUING);
            struct slice of_root = SLICE_NONE, of_issuing = SLICE_NONE;
            if (cases[i].folder != NULL) {
                of_root = arena_format(house.arena, "%s/%.*s.crl", cases[i].folder, SLICE_ARG(root->id));
                of_issuing = arena_format(house.arena, "%s/%.*s.crl", cases[i].folder, SLICE_ARG(issuing->id));
            }
            CHECK(slice_equal(crl_url_of(issue(CERTIFICATE_PERSON, "p_1").certificate.bytes), of_issuing));
            CHECK(slice_equal(crl_url_of(authority(AUTHORITY_ISSUING)->certificate), of_root));
            CHECK(crl_url_of(authority(AUTHORITY_ROOT)->certificate).len == 0); /* nobody signs lists of roots */
            house.now.us += DAY_US; /* the newest first */
            CHECK_OK(certificates_renew_authority(house.authd, house.root_key, false, house.now, NULL));
        }
        tear_down();
    }
}

/* As api asks for it: what is served, empty if nothing; *version as it stands there. */
static struct slice served(const char *name, const char *kind, const char *known, struct slice *version)
{
    AUTO_JSON in = json_pack("{s:s, s:s, s:s}", "name", name, "kind", kind, "known", known);
    AUTO_JSON out = NULL;
    struct command command = {.name = LIT("pki.show"), .json = json_write(in, house.arena)};
    struct slice bytes = SLICE_NONE;
    authd_command(house.authd, ROLE_API, &command, house.now, &house);
    if (house.answered != ST_OK)
        return SLICE_NONE;
    CHECK_OK(json_read(house.json, &out, NULL));
    *version = arena_copy(house.arena, json_text(out, "version"));
    CHECK_OK(base64url_decode(json_text(out, "bytes"), house.arena, &bytes));
    return bytes;
}

static void lists_and_authorities_are_served(void)
{
    set_up();
    struct slice root = authority(AUTHORITY_ROOT)->id, issuing = authority(AUTHORITY_ISSUING)->id;
    const char *id = arena_text(house.arena, issuing);
    struct slice version = SLICE_NONE, later = SLICE_NONE;
    CHECK(slice_equal(served("root", "cer", "", &version), authority(AUTHORITY_ROOT)->certificate));
    CHECK(slice_equal(served(arena_text(house.arena, root), "cer", "", &later), authority(AUTHORITY_ROOT)->certificate));
    CHECK(slice_equal(version, later));
    CHECK(slice_equal(served("root", "crl", "", &version), authority(AUTHORITY_ROOT)->crl));
    CHECK(!slice_equal(version, later));
    CHECK(slice_equal(served(id, "cer", "", &version), authority(AUTHORITY_ISSUING)->certificate));
    CHECK(slice_equal(served(id, "crl", "", &version), authority(AUTHORITY_ISSUING)->crl));
    static const char *const nobody[] = {"", "ca_0", "Root", "root.crl", "../pki-root"};
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++) {
        check_row(nobody[i]);
        CHECK(served(nobody[i], "crl", "*", &later).len == 0);
        CHECK_NUMBER(house.answered, ST_NOT_FOUND);
    }
    tear_down();
}

static void what_is_known_is_not_sent_again(void)
{
    set_up();
    const char *id = arena_text(house.arena, authority(AUTHORITY_ISSUING)->id);
    struct slice version = SLICE_NONE, later = SLICE_NONE;
    CHECK(served(id, "crl", "", &version).len > 0);
    const struct { const char *known; bool same; } tags[] = {
        {arena_format(house.arena, "\"%.*s\"", SLICE_ARG(version)).data, true},
        {arena_format(house.arena, "W/\"%.*s\"", SLICE_ARG(version)).data, true},
        {arena_format(house.arena, "\"other\", \"%.*s\"", SLICE_ARG(version)).data, true},
        {"*", true},
        {arena_text(house.arena, version), false}, /* no tag without its quotes */
        {"\"\"", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        check_row(tags[i].known);
        CHECK_NUMBER(served(id, "crl", tags[i].known, &later).len == 0, tags[i].same);
        CHECK(house.answered == ST_OK && slice_equal(version, later));
    }
    struct certificate certificate = issue(CERTIFICATE_PERSON, "p_1").certificate;
    CHECK_OK(certificates_revoke(house.authd, certificate.serial, PKI_CESSATION, house.now, NULL));
    struct slice list = served(id, "crl", tags[0].known, &later);
    struct pki_crl_about about = {0};
    CHECK(!slice_equal(version, later));
    CHECK_OK(pki_crl_read(list, house.arena, &about, NULL));
    CHECK(about.revoked.count == 1 && slice_equal(about.revoked.items[0].serial, certificate.serial));
    tear_down();
}

static void every_kind_is_issued(void)
{
    set_up();
    struct certificate_made person = issue(CERTIFICATE_PERSON, "p_1");
    struct certificate_made device = issue(CERTIFICATE_DEVICE, "p_1"), server = issue(CERTIFICATE_SERVER, "p_2");
    CHECK_TEXT(person.certificate.subject, "p_1");
    CHECK_NUMBER((person.certificate.ends.us - house.now.us) / DAY_US, 30);
    CHECK(slice_starts(device.certificate.subject, LIT("d_")));
    CHECK_NUMBER((device.certificate.ends.us - house.now.us) / DAY_US, 90);
    CHECK_TEXT(server.certificate.subject, "vpn.acme.example");
    CHECK_TEXT(server.certificate.account, "p_2");
    CHECK_OK(verify(&person.certificate, PKI_PERSON));
    CHECK_OK(verify(&device.certificate, PKI_DEVICE));
    CHECK_OK(verify(&server.certificate, PKI_SERVER));
    CHECK_NUMBER(logged("certificate.issued"), 3);
    CHECK_NUMBER(certificates_init(house.authd, house.root_key, house.now, NULL), ST_CONFLICT);
    tear_down();
}

static const struct {
    const char *name, *account;
    enum certificate_kind kind;
    uint32_t days;
    const char *host;
    enum status status;
} refused_cases[] = {
    {"nobody", "p_9", CERTIFICATE_PERSON, 0, NULL, ST_NOT_FOUND},
    {"who has not come yet", "p_new", CERTIFICATE_PERSON, 0, NULL, ST_CONFLICT},
    {"who left", "p_gone", CERTIFICATE_PERSON, 0, NULL, ST_CONFLICT},
    {"a device of who left", "p_gone", CERTIFICATE_DEVICE, 0, NULL, ST_CONFLICT},
    {"a service account", "s_1", CERTIFICATE_PERSON, 0, NULL, ST_CONFLICT},
    {"a server of no name", "p_1", CERTIFICATE_SERVER, 0, NULL, ST_INVALID},
    {"a server of a bad name", "p_1", CERTIFICATE_SERVER, 0, "*.acme.example", ST_INVALID},
    {"a person with a host name", "p_1", CERTIFICATE_PERSON, 0, "acme.example", ST_INVALID},
    {"for too long", "p_1", CERTIFICATE_PERSON, 91, NULL, ST_INVALID},
    {"for the longest time", "p_1", CERTIFICATE_PERSON, 90, NULL, ST_OK},
};

static void what_may_not_be_is_refused(void)
{
    set_up();
    for (size_t i = 0; i < sizeof refused_cases / sizeof *refused_cases; i++) {
        struct certificate_order order = {.kind = refused_cases[i].kind, .days = refused_cases[i].days,
                                          .account = slice_from(refused_cases[i].account)};
        struct certificate_made made = {0};
        if (refused_cases[i].host != NULL)
            ARENA_PUSH(house.arena, &order.names, slice_from(refused_cases[i].host));
        check_row(refused_cases[i].name);
        CHECK_NUMBER(certificates_issue(house.authd, &order, house.now, house.arena, &made, NULL),
                     refused_cases[i].status);
        CHECK((made.key != NULL) == (refused_cases[i].status == ST_OK));
        secret_destroy(&made.key);
    }
    CHECK_NUMBER(logged("certificate.issued"), 1);
    tear_down();
}

static void a_key_is_one_subjects(void)
{
    static const char request[] = /* ECDSA, P-256, made by openssl req */
        "-----BEGIN CERTIFICATE REQUEST-----\n"
        "MIHKMHMCAQAwETEPMA0GA1UEAwwGbm9ib2R5MFkwEwYHKoZIzj0CAQYIKoZIzj0D\n"
        "AQcDQgAEI6aGPi9YXicowbW3FqVH9bSZ6UEv6ZswhG7y39iVh5d6/1mVSDmAaxFa\n"
        "5Qe6h1IQU81ZiY5zsFWbxjx2r2n8yqAAMAoGCCqGSM49BAMCA0cAMEQCICaryflE\n"
        "vm3osz4dA7CUszhvQ+VYhY0bb4MxoFRN5hoGAiAKWNuCTZ4HfnwCif3xiy2CSXCN\n"
        "yBEM4NMX9LlH5Ewjlg==\n"
        "-----END CERTIFICATE REQUEST-----\n";
    set_up();
    struct certificate_order order = {.account = LIT("p_1"), .request = slice_from(request)};
    struct certificate_made made = {0}, again = {0};
    CHECK_OK(certificates_issue(house.authd, &order, house.now, house.arena, &made, NULL));
    CHECK(made.key == NULL);
    CHECK_OK(certificates_renew(house.authd, made.certificate.serial, slice_from(request), 0, house.now, house.arena,
                                &again, NULL));
    order.account = LIT("p_2");
    CHECK_NUMBER(certificates_issue(house.authd, &order, house.now, house.arena, &again, NULL), ST_CONFLICT);
    CHECK_OK(certificates_revoke(house.authd, made.certificate.serial, PKI_KEY_COMPROMISE, house.now, NULL));
    order.account = LIT("p_1");
    CHECK_NUMBER(certificates_issue(house.authd, &order, house.now, house.arena, &again, NULL), ST_CONFLICT);
    order.request = LIT("no request");
    CHECK_NUMBER(certificates_issue(house.authd, &order, house.now, house.arena, &again, NULL), ST_INVALID);
    tear_down();
}

static void renewing_overlaps(void)
{
    set_up();
    struct certificate_made old = issue(CERTIFICATE_DEVICE, "p_1"), renewed = {0};
    house.now.us += 20 * DAY_US;
    CHECK_OK(certificates_list_anew(house.authd, false, house.now, NULL));
    CHECK_OK(certificates_renew(house.authd, old.certificate.serial, SLICE_NONE, 30, house.now, house.arena, &renewed,
                                NULL));
    CHECK(renewed.key != NULL);
    secret_destroy(&renewed.key);
    CHECK(slice_equal(renewed.certificate.subject, old.certificate.subject));
    CHECK(!slice_equal(renewed.certificate.serial, old.certificate.serial));
    CHECK_OK(verify(&old.certificate, PKI_DEVICE));
    CHECK_OK(verify(&renewed.certificate, PKI_DEVICE));
    CHECK_OK(certificates_revoke(house.authd, old.certificate.serial, PKI_SUPERSEDED, house.now, NULL));
    CHECK_NUMBER(verify(&old.certificate, PKI_DEVICE), ST_DENIED);
    CHECK_OK(verify(&renewed.certificate, PKI_DEVICE));
    CHECK_NUMBER(certificates_renew(house.authd, old.certificate.serial, SLICE_NONE, 0, house.now, house.arena, &renewed,
                                    NULL), ST_CONFLICT);
    tear_down();
}

static void revoking_publishes_at_once(void)
{
    set_up();
    struct certificate_made one = issue(CERTIFICATE_PERSON, "p_1"), other = issue(CERTIFICATE_PERSON, "p_2");
    uint32_t before = published().number;
    CHECK_OK(certificates_revoke(house.authd, one.certificate.serial, PKI_WITHDRAWN, house.now, NULL));
    CHECK_OK(certificates_publish(house.authd, NULL));
    struct pki_crl_about list = published();
    CHECK_NUMBER(list.number, before + 1);
    CHECK_NUMBER(list.revoked.count, 1);
    CHECK(slice_equal(list.revoked.items[0].serial, one.certificate.serial));
    CHECK_NUMBER(list.revoked.items[0].cause, PKI_WITHDRAWN);
    CHECK_NUMBER((list.until.us - house.now.us) / HOUR_US, 24);
    CHECK_NUMBER(certificates_revoke(house.authd, one.certificate.serial, PKI_WITHDRAWN, house.now, NULL), ST_CONFLICT);
    CHECK_NUMBER(certificates_revoke(house.authd, LIT("00"), PKI_WITHDRAWN, house.now, NULL), ST_NOT_FOUND);
    CHECK_NUMBER(logged("certificate.revoked"), 1);
    CHECK_OK(verify(&other.certificate, PKI_PERSON));
    tear_down();
}

static void lists_are_kept_current(void)
{
    set_up();
    struct certificate_made one = issue(CERTIFICATE_PERSON, "p_1");
    CHECK_OK(certificates_revoke(house.authd, one.certificate.serial, PKI_UNSPECIFIED, house.now, NULL));
    certificates_turn(house.authd, true, house.now);
    uint32_t number = published().number;
    house.now.us += 7 * HOUR_US;
    certificates_turn(house.authd, true, house.now);
    CHECK_NUMBER(published().number, number);
    house.now.us += HOUR_US; /* a third of its time */
    certificates_turn(house.authd, false, house.now);
    CHECK_NUMBER(published().number, number + 1);
    CHECK_NUMBER((published().until.us - house.now.us) / HOUR_US, 24);
    house.now.us -= 20 * HOUR_US; /* the clock is set back */
    certificates_turn(house.authd, false, house.now);
    CHECK_NUMBER(published().number, number + 2);
    CHECK_NUMBER((published().until.us - house.now.us) / HOUR_US, 24);
    CHECK_NUMBER(published().revoked.count, 1);
    house.now.us += 33 * DAY_US; /* it has ended by itself */
    certificates_turn(house.authd, false, house.now);
    CHECK_NUMBER(published().revoked.count, 0);
    tear_down();
}

static void a_file_that_cannot_be_written_is_tried_again(void)
{
    set_up();
    struct certificate_made one = issue(CERTIFICATE_PERSON, "p_1");
    certificates_turn(house.authd, true, house.now);
    const char *path = arena_format(house.arena, "%s/crl.pem", house.folder).data;
    CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0); /* in the way */
    CHECK_OK(certificates_revoke(house.authd, one.certificate.serial, PKI_UNSPECIFIED, house.now, NULL));
    certificates_turn(house.authd, false, house.now);
    CHECK(house.authd->lists_unpublished);
    CHECK(rmdir(path) == 0);
    house.now.us += 1000000;
    certificates_turn(house.authd, false, house.now);
    CHECK(!house.authd->lists_unpublished);
    CHECK_NUMBER(published().revoked.count, 1);
    tear_down();
}

static void end_account(const char *id)
{
    struct account account;
    CHECK_OK(identity_load_account(house.identity, slice_from(id), house.arena, &account, NULL));
    account.state = ACCOUNT_ENDED;
    account.ended = house.now;
    CHECK_OK(identity_save_account(house.identity, &account, NULL));
}

static void leaving_ends_all_certificates(void)
{
    set_up();
    struct certificate_made person = issue(CERTIFICATE_PERSON, "p_1"), device = issue(CERTIFICATE_DEVICE, "p_1");
    struct certificate_made other = issue(CERTIFICATE_PERSON, "p_2");
    size_t count = 0;
    CHECK_OK(certificates_end_account(house.authd, LIT("p_1"), house.now, &count, NULL));
    CHECK_NUMBER(count, 2);
    CHECK_TEXT(load(person.certificate.serial).cause, "cessation");
    CHECK_NUMBER(verify(&device.certificate, PKI_DEVICE), ST_DENIED);
    CHECK_OK(certificates_end_account(house.authd, LIT("p_1"), house.now, &count, NULL));
    CHECK_NUMBER(count, 0);
    end_account("p_2"); /* by somebody who knows of no certificates */
    certificates_turn(house.authd, true, house.now);
    CHECK_TEXT(load(other.certificate.serial).cause, "cessation");
    CHECK_NUMBER(published().revoked.count, 3);
    tear_down();
}

static void people_are_reminded_once(void)
{
    set_up();
    struct certificate_made soon = issue(CERTIFICATE_PERSON, "p_1"), renewed = issue(CERTIFICATE_PERSON, "p_2"), later;
    house.now.us += 22 * DAY_US;
    certificates_turn(house.authd, false, house.now);
    CHECK_NUMBER(load(soon.certificate.serial).reminded.us, 0);
    later = issue(CERTIFICATE_PERSON, "p_2");
    house.now.us += 2 * DAY_US;
    certificates_turn(house.authd, false, house.now);
    struct instant at = load(soon.certificate.serial).reminded;
    CHECK_NUMBER(at.us, house.now.us);
    CHECK_NUMBER(load(renewed.certificate.serial).reminded.us, 0);
    CHECK_NUMBER(load(later.certificate.serial).reminded.us, 0);
    house.now.us += DAY_US;
    certificates_turn(house.authd, false, house.now);
    CHECK_NUMBER(load(soon.certificate.serial).reminded.us, at.us);
    CHECK_NUMBER(said, 1);
    CHECK_NUMBER(logged("certificate.reminded"), 1);
    tear_down();
}

static void authorities_follow_each_other(void)
{
    set_up();
    struct certificate_made old = issue(CERTIFICATE_PERSON, "p_1");
    CHECK_NUMBER(certificates_renew_authority(house.authd, house.key, false, house.now, NULL), ST_DENIED);
    CHECK_OK(certificates_renew_authority(house.authd, house.root_key, false, house.now, NULL));
    struct certificate_made new = issue(CERTIFICATE_PERSON, "p_1");
    CHECK(!slice_equal(old.certificate.authority, new.certificate.authority));
    CHECK_OK(verify(&old.certificate, PKI_PERSON)); /* its authority only signs no more */
    CHECK_OK(verify(&new.certificate, PKI_PERSON));
    CHECK_OK(certificates_revoke(house.authd, old.certificate.serial, PKI_UNSPECIFIED, house.now, NULL));
    CHECK_NUMBER(verify(&old.certificate, PKI_PERSON), ST_DENIED);
    CHECK_OK(certificates_renew_authority(house.authd, house.root_key, true, house.now, NULL));
    CHECK_NUMBER(verify(&new.certificate, PKI_PERSON), ST_DENIED); /* the one that signed it was revoked */
    struct certificate_made last = issue(CERTIFICATE_PERSON, "p_1");
    CHECK_OK(verify(&last.certificate, PKI_PERSON));
    tear_down();
}

static enum status identify(struct slice bytes, struct certificate *peer)
{
    return certificates_identify(house.authd, bytes, house.now, house.arena, peer, NULL);
}

static void a_peer_is_told_by_its_certificate(void)
{
    set_up();
    struct certificate peer = {0};
    struct certificate_made person = issue(CERTIFICATE_PERSON, "p_1"), device = issue(CERTIFICATE_DEVICE, "p_2");
    struct certificate_made server = issue(CERTIFICATE_SERVER, "p_1");
    CHECK_OK(identify(person.certificate.bytes, &peer));
    CHECK_TEXT(peer.subject, "p_1");
    CHECK_NUMBER(peer.kind, CERTIFICATE_PERSON);
    CHECK_OK(identify(device.certificate.bytes, &peer));
    CHECK_TEXT(peer.account, "p_2");
    CHECK_NUMBER(identify(server.certificate.bytes, &peer), ST_DENIED);
    CHECK_NUMBER(identify(server.issuer, &peer), ST_DENIED);
    CHECK_NUMBER(identify(LIT("nothing"), &peer), ST_INVALID);
    struct slice old = person.certificate.bytes;
    end_account("p_2"); /* and no list says so yet */
    CHECK_NUMBER(identify(device.certificate.bytes, &peer), ST_DENIED);
    CHECK_OK(identity_begin(house.identity, NULL));
    CHECK_OK(identity_revoke_certificate(house.identity, person.certificate.serial, house.now, LIT("withdrawn"), NULL));
    CHECK_OK(identity_commit(house.identity, NULL));
    CHECK_NUMBER(identify(old, &peer), ST_DENIED); /* nor of this one */
    struct pki_order forged = {.kind = PKI_PERSON, .subject = LIT("p_1"), .from = house.now,
                               .until = {house.now.us + DAY_US}};
    struct authority_list all;
    struct slice unknown = SLICE_NONE;
    AUTO_SECRET key = NULL;
    CHECK_OK(identity_list_authorities(house.identity, house.arena, &all, NULL));
    const struct authority *issuing = &all.items[all.items[0].kind == AUTHORITY_ROOT];
    CHECK_OK(open_authority_key(house.authd, issuing, &key, NULL));
    CHECK_OK(pki_key_public(key, house.arena, &forged.public_key, NULL));
    CHECK_OK(pki_issue(&forged, &(struct pki_authority){issuing->certificate, key}, house.arena, &unknown, NULL));
    CHECK_NUMBER(identify(unknown, &peer), ST_DENIED); /* signed with the stolen key, written down by nobody */
    secret_destroy(&key);
    tear_down();
}

/* Tunnels */

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
    umask(077); /* as roles have it: OpenVPN reads the lists all the same */
    TEST(every_kind_is_issued);
    TEST(what_may_not_be_is_refused);
    TEST(a_key_is_one_subjects);
    TEST(certificates_say_where_their_list_is);
    TEST(lists_and_authorities_are_served);
    TEST(what_is_known_is_not_sent_again);
    TEST(renewing_overlaps);
    TEST(revoking_publishes_at_once);
    TEST(lists_are_kept_current);
    TEST(a_file_that_cannot_be_written_is_tried_again);
    TEST(leaving_ends_all_certificates);
    TEST(people_are_reminded_once);
    TEST(authorities_follow_each_other);
    TEST(a_peer_is_told_by_its_certificate);
    TEST(the_right_pair_opens_a_tunnel_once);
    TEST(anything_else_opens_none);
    TEST(sessions_go_on_without_a_code);
    TEST(guessing_has_an_end);
    TEST(tunnels_stay_while_they_may);
    TEST(a_gateway_comes_from_its_room);
    TEST(who_stole_its_key_does_not_cut_the_room_off);
    return check_done();
}
