/* Certificates as `rendez pki` orders them and as authd keeps them. */
#include <sys/stat.h>

#include "roles/authd/test_certificates.h"

static enum status verify(const struct certificate *certificate, enum pki_kind kind)
{
    struct pki_trust trust;
    CHECK_OK(certificates_trust(house.authd, house.arena, &trust, NULL));
    return pki_verify(&trust, certificate->bytes, kind, house.now, NULL);
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
    return check_done();
}
