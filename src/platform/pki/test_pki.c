/* What we write is read by others: openssl(1) and GnuTLS's certtool check every kind. What others
 * write, and what has been tampered with, is refused. */
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "platform/pki/internal.h"

#define SECONDS INT64_C(1000000)
static struct instant now; /* of today, whole seconds: certtool can check for no other day */

static struct arena *kept; /* of the whole program */
static struct house {
    struct secret *root_key, *issuing_key, *key;
    struct slice root, issuing, public_key;
    struct slice_list above; /* issuing */
} house;

static struct instant days_on(int days)
{
    return (struct instant){now.us + days * DAY_US};
}

static struct slice order_at(const struct pki_order *order, const struct pki_authority *issuer)
{
    struct slice certificate = SLICE_NONE;
    struct problem why = {0};
    CHECK_OK(pki_issue(order, issuer, kept, &certificate, &why));
    return certificate;
}

static struct pki_authority root_authority(void)
{
    return (struct pki_authority){house.root, house.root_key};
}

static struct pki_authority issuing_authority(void)
{
    return (struct pki_authority){house.issuing, house.issuing_key};
}

static struct slice public_of(const struct secret *key)
{
    struct slice public_key = SLICE_NONE;
    CHECK_OK(pki_key_public(key, kept, &public_key, NULL));
    return public_key;
}

static void build_house(void)
{
    CHECK_OK(pki_key_create(&house.root_key, NULL));
    CHECK_OK(pki_key_create(&house.issuing_key, NULL));
    CHECK_OK(pki_key_create(&house.key, NULL));
    house.public_key = public_of(house.key);
    struct pki_authority self = {.key = house.root_key};
    struct pki_order root = {PKI_ROOT, LIT("Rendez root"), {0}, public_of(house.root_key), now,
                             days_on(3650), SLICE_NONE};
    house.root = order_at(&root, &self);
    struct pki_authority above = root_authority();
    struct pki_order issuing = {PKI_ISSUING, LIT("Rendez issuing 1"), {0},
                                public_of(house.issuing_key), now, days_on(730),
                                LIT("https://rdv.acme.example/pki/root.crl")};
    house.issuing = order_at(&issuing, &above);
    ARENA_PUSH(kept, &house.above, house.issuing);
}

static struct pki_order person_order(void)
{
    return (struct pki_order){PKI_PERSON, LIT("p_2n4k"), {0}, house.public_key, now, days_on(30),
                              LIT("https://rdv.acme.example/pki/issuing.crl")};
}

static struct pki_order server_order(void)
{
    struct pki_order order = {PKI_SERVER, LIT("vpn.acme.example"), {0}, house.public_key, now,
                              days_on(90), SLICE_NONE};
    ARENA_PUSH(kept, &order.names, LIT("vpn.acme.example"));
    ARENA_PUSH(kept, &order.names, LIT("192.0.2.7"));
    ARENA_PUSH(kept, &order.names, LIT("2001:db8::7"));
    return order;
}

static struct slice certify(const struct pki_order *order)
{
    struct pki_authority issuer = issuing_authority();
    return order_at(order, &issuer);
}

static struct slice list_of(const struct pki_authority *issuer, uint32_t number,
                            const struct pki_revoked_list *revoked)
{
    struct slice crl = SLICE_NONE;
    CHECK_OK(pki_crl(issuer, number, now, days_on(1), revoked, kept, &crl, NULL));
    return crl;
}

/* A trust with lists of both authorities, in which these are revoked. */
static struct pki_trust trust_with(const struct pki_revoked_list *revoked)
{
    static const struct pki_revoked_list none = {0};
    struct pki_authority root = root_authority(), issuing = issuing_authority();
    struct pki_trust trust = {house.root, house.above, {0}};
    ARENA_PUSH(kept, &trust.crls, list_of(&root, 1, &none));
    ARENA_PUSH(kept, &trust.crls, list_of(&issuing, 1, revoked != NULL ? revoked : &none));
    return trust;
}

static struct pki_certificate read_of(struct slice certificate)
{
    struct pki_certificate read = {0};
    CHECK_OK(pki_read(certificate, kept, &read, NULL));
    return read;
}

static void certificates_say_what_was_ordered(void)
{
    struct pki_order person = person_order(), server = server_order(), device = person_order();
    struct slice certificate = certify(&person);
    struct pki_certificate read = read_of(certificate), other = read_of(certify(&person));
    CHECK_NUMBER(read.kind, PKI_PERSON);
    CHECK_TEXT(read.subject, "p_2n4k");
    CHECK_TEXT(read.crl_url, "https://rdv.acme.example/pki/issuing.crl");
    CHECK_NUMBER(read.from.us, now.us);
    CHECK_NUMBER(read.until.us, days_on(30).us);
    CHECK_NUMBER(read.serial.len, 32);
    CHECK_NUMBER(read.names.count, 0);
    CHECK(!slice_equal(read.serial, other.serial));
    CHECK(slice_equal(read.key_digest, other.key_digest));
    CHECK(!slice_equal(read.digest, other.digest));
    read = read_of(certify(&server));
    CHECK_NUMBER(read.kind, PKI_SERVER);
    CHECK_NUMBER(read.names.count, 3);
    CHECK_TEXT(read.names.items[1], "192.0.2.7");
    CHECK_TEXT(read.names.items[2], "2001:db8::7");
    device.kind = PKI_DEVICE;
    CHECK_NUMBER(read_of(certify(&device)).kind, PKI_DEVICE);
    CHECK_NUMBER(read_of(house.root).kind, PKI_ROOT);
    CHECK_NUMBER(read_of(house.issuing).kind, PKI_ISSUING);
}

/* The serial is random: of 500 no two are alike, and each bit is about as often set as not. */
static void serials_are_random(void)
{
    enum { COUNT = 500, BITS = 8 * PKI_SERIAL_BYTES };
    struct pki_order order = person_order();
    struct slice seen[COUNT];
    int set[BITS] = {0};
    for (int i = 0; i < COUNT; i++) {
        struct slice bytes = SLICE_NONE;
        seen[i] = read_of(certify(&order)).serial;
        CHECK_OK(hex_decode(seen[i], kept, &bytes));
        for (int bit = 0; bit < BITS; bit++)
            set[bit] += bytes.data[bit / 8] >> bit % 8 & 1;
        for (int before = 0; before < i; before++)
            if (slice_equal(seen[before], seen[i]))
                CHECK(!"two serials are alike");
    }
    for (int bit = 0; bit < BITS; bit++)
        CHECK(set[bit] > COUNT / 4 && set[bit] < COUNT * 3 / 4);
}

/* Orders that are refused: one thing about a good one is changed. */
enum change { NOTHING, SUBJECT, KEY, NAMES, NO_NAMES, WILDCARD, ENDS_FIRST, TOO_LONG, TOO_EARLY,
              URL, AS_ROOT, AS_ISSUING, FOREIGN_KEY, BY_ROOT, BY_NONE };
static const struct {
    const char *name;
    enum change change;
    enum status status;
} order_cases[] = {
    {"nothing is changed", NOTHING, ST_OK},
    {"a subject with a slash", SUBJECT, ST_INVALID},
    {"a key of another curve", KEY, ST_INVALID},
    {"a person with a host name", NAMES, ST_INVALID},
    {"a server without", NO_NAMES, ST_INVALID},
    {"a server with a wildcard", WILDCARD, ST_INVALID},
    {"it ends before it begins", ENDS_FIRST, ST_INVALID},
    {"it outlives its authority", TOO_LONG, ST_CONFLICT},
    {"it begins before its authority", TOO_EARLY, ST_CONFLICT},
    {"a list's address with a space", URL, ST_INVALID},
    {"a root below an authority", AS_ROOT, ST_CONFLICT},
    {"an authority below an issuing one", AS_ISSUING, ST_CONFLICT},
    {"signed with a key that is not the authority's", FOREIGN_KEY, ST_CONFLICT},
    {"a person by the root", BY_ROOT, ST_CONFLICT},
    {"a person by itself", BY_NONE, ST_CONFLICT},
};

static void change_order(enum change change, struct pki_order *order, struct pki_authority *issuer)
{
    switch (change) {
    case NOTHING: break;
    case SUBJECT: order->subject = LIT("p_1/CN=p_2"); break;
    case KEY: order->public_key = slice_sub(order->public_key, 1, SIZE_MAX); break;
    case NAMES: ARENA_PUSH(kept, &order->names, LIT("acme.example")); break;
    case NO_NAMES: *order = server_order(); order->names.count = 0; break;
    case WILDCARD: *order = server_order(); order->names.items[0] = LIT("*.acme.example"); break;
    case ENDS_FIRST: order->until = order->from; break;
    case TOO_LONG: order->until = days_on(731); break;
    case TOO_EARLY: order->from = days_on(-1); break;
    case URL: order->crl_url = LIT("http://acme.example/a b"); break;
    case AS_ROOT: order->kind = PKI_ROOT; break;
    case AS_ISSUING: order->kind = PKI_ISSUING; break;
    case FOREIGN_KEY: issuer->key = house.key; break;
    case BY_ROOT: *issuer = root_authority(); break;
    case BY_NONE: issuer->certificate = SLICE_NONE; break;
    }
}

static void orders_are_checked(void)
{
    for (size_t i = 0; i < sizeof order_cases / sizeof *order_cases; i++) {
        struct pki_order order = person_order();
        struct pki_authority issuer = issuing_authority();
        struct slice certificate;
        check_row(order_cases[i].name);
        change_order(order_cases[i].change, &order, &issuer);
        CHECK_NUMBER(pki_issue(&order, &issuer, kept, &certificate, NULL), order_cases[i].status);
    }
}

static const struct {
    const char *name;
    bool good;
} host_cases[] = {
    {"acme.example", true}, {"vpn-1.acme.example", true}, {"localhost", true},
    {"192.0.2.7", true},    {"2001:db8::1", true},        {"", false},
    {".", false},           {"a..example", false},        {"-a.example", false},
    {"a-.example", false},  {"*.acme.example", false},    {"a_b.example", false},
    {"1.2.3", false},       {"1.2.3.400", false},         {"acme.example.", false},
    {"a b", false},         {"[::1]", false},             {"caf\xc3\xa9.example", false},
    {"a123456789012345678901234567890123456789012345678901234567890123.example", false},
};

static void hosts_are_told_from_other_text(void)
{
    for (size_t i = 0; i < sizeof host_cases / sizeof *host_cases; i++) {
        check_row(host_cases[i].name);
        CHECK(pki_is_host(slice_from(host_cases[i].name)) == host_cases[i].good);
    }
}

static void the_chain_is_checked(void)
{
    struct pki_order person = person_order(), server = server_order();
    struct slice of_person = certify(&person), of_server = certify(&server);
    struct pki_trust trust = trust_with(NULL);
    struct pki_certificate peer = {0};
    CHECK_OK(pki_verify(&trust, of_person, PKI_PERSON, now, NULL));
    CHECK_OK(pki_verify(&trust, of_server, PKI_SERVER, now, NULL));
    CHECK_OK(pki_verify(&trust, house.issuing, PKI_ISSUING, now, NULL));
    CHECK_NUMBER(pki_verify(&trust, of_person, PKI_SERVER, now, NULL), ST_DENIED);
    CHECK_NUMBER(pki_verify(&trust, of_server, PKI_PERSON, now, NULL), ST_DENIED);
    CHECK_NUMBER(pki_verify(&trust, of_person, PKI_DEVICE, now, NULL), ST_DENIED);
    CHECK_OK(pki_identify(&trust, of_person, now, kept, &peer, NULL));
    CHECK_TEXT(peer.subject, "p_2n4k");
    CHECK_NUMBER(peer.kind, PKI_PERSON);
    CHECK_NUMBER(pki_identify(&trust, of_server, now, kept, &peer, NULL), ST_DENIED);
    CHECK_NUMBER(pki_identify(&trust, house.issuing, now, kept, &peer, NULL), ST_DENIED);
    CHECK_TEXT(peer.subject, "p_2n4k"); /* untouched by a refusal */
}

static void dates_and_lists_are_checked(void)
{
    struct pki_order person = person_order();
    struct slice certificate = certify(&person);
    struct pki_trust trust = trust_with(NULL);
    struct problem why = {0};
    struct instant later = {days_on(1).us + SECONDS}, before = {now.us - SECONDS};
    CHECK_NUMBER(pki_verify(&trust, certificate, PKI_PERSON, before, &why), ST_DENIED);
    /* The list of a day ago says nothing any more: refused, not waved through. */
    CHECK_NUMBER(pki_verify(&trust, certificate, PKI_PERSON, later, &why), ST_DENIED);
    CHECK_TEXT(slice_from(why.detail), "certificate: CRL has expired");
    CHECK_NUMBER(pki_verify(&trust, certificate, PKI_PERSON, days_on(31), NULL), ST_DENIED);
    trust.crls.count = 1;
    CHECK_NUMBER(pki_verify(&trust, certificate, PKI_PERSON, now, &why), ST_DENIED);
    CHECK_TEXT(slice_from(why.detail), "certificate: unable to get certificate CRL");
    trust.crls.items++; /* the issuing authority's alone */
    CHECK_NUMBER(pki_verify(&trust, certificate, PKI_PERSON, now, NULL), ST_DENIED);
}

static struct pki_revoked_list revoke_one(struct slice serial, enum pki_cause cause)
{
    struct pki_revoked_list list = {0};
    ARENA_PUSH(kept, &list, ((struct pki_revoked){serial, now, cause}));
    return list;
}

static void a_revoked_one_is_refused(void)
{
    struct pki_order order = person_order();
    struct slice certificate = certify(&order), renewed = certify(&order);
    struct problem why = {0};
    for (int cause = 0; cause < PKI_CAUSE_COUNT_; cause++) {
        struct pki_revoked_list list = revoke_one(read_of(certificate).serial, (enum pki_cause)cause);
        struct pki_trust trust = trust_with(&list);
        check_row(pki_cause_names[cause]);
        CHECK_NUMBER(pki_verify(&trust, certificate, PKI_PERSON, now, &why), ST_DENIED);
        CHECK_TEXT(slice_from(why.detail), "certificate: certificate revoked");
        CHECK_OK(pki_verify(&trust, renewed, PKI_PERSON, now, NULL)); /* the overlap */
    }
}

static void a_revoked_authority_takes_all_with_it(void)
{
    struct pki_order order = person_order();
    struct slice certificate = certify(&order);
    struct pki_revoked_list list = revoke_one(read_of(house.issuing).serial, PKI_KEY_COMPROMISE);
    struct pki_authority root = root_authority();
    struct pki_trust trust = trust_with(NULL);
    trust.crls.items[0] = list_of(&root, 2, &list);
    CHECK_NUMBER(pki_verify(&trust, certificate, PKI_PERSON, now, NULL), ST_DENIED);
}

/* Somebody else's authority of the same name, and one bit turned anywhere. */
static void forgeries_are_refused(void)
{
    struct pki_trust trust = trust_with(NULL);
    struct pki_order order = person_order();
    struct slice certificate = certify(&order);
    for (size_t at = 0; at < certificate.len; at++) {
        char *forged = arena_alloc(kept, certificate.len);
        memcpy(forged, certificate.data, certificate.len);
        forged[at] ^= 1 << at % 8;
        if (pki_verify(&trust, (struct slice){forged, certificate.len}, PKI_PERSON, now, NULL) == ST_OK)
            CHECK(!"a changed certificate was taken");
    }
    struct house ours = house;
    build_house();
    order = person_order();
    struct slice foreign = certify(&order);
    CHECK_NUMBER(pki_verify(&trust, foreign, PKI_PERSON, now, NULL), ST_DENIED);
    ARENA_PUSH(kept, &trust.issuing, house.issuing);
    CHECK_NUMBER(pki_verify(&trust, foreign, PKI_PERSON, now, NULL), ST_DENIED);
    secret_destroy(&house.root_key);
    secret_destroy(&house.issuing_key);
    secret_destroy(&house.key);
    house = ours;
    CHECK_OK(pki_verify(&trust, certificate, PKI_PERSON, now, NULL));
}

static void lists_say_what_was_revoked(void)
{
    struct pki_authority issuer = issuing_authority();
    struct pki_revoked_list list = revoke_one(LIT("0123456789abcdef0123456789abcdef"), PKI_CESSATION);
    ARENA_PUSH(kept, &list, ((struct pki_revoked){LIT("f0000000000000000000000000000001"), days_on(-2),
                                                  PKI_UNSPECIFIED}));
    struct slice crl = list_of(&issuer, 4711, &list);
    struct pki_crl_about about = {0};
    CHECK_OK(pki_crl_read(crl, kept, &about, NULL));
    CHECK_NUMBER(about.number, 4711);
    CHECK_NUMBER(about.at.us, now.us);
    CHECK_NUMBER(about.until.us, days_on(1).us);
    CHECK_NUMBER(about.revoked.count, 2);
    CHECK_TEXT(about.revoked.items[0].serial, "0123456789abcdef0123456789abcdef");
    CHECK_NUMBER(about.revoked.items[0].cause, PKI_CESSATION);
    CHECK_NUMBER(about.revoked.items[1].at.us, days_on(-2).us);
    CHECK_NUMBER(about.revoked.items[1].cause, PKI_UNSPECIFIED);
    list.items[0].serial = LIT("01"); /* none of ours */
    CHECK_NUMBER(pki_crl(&issuer, 1, now, days_on(1), &list, kept, &crl, NULL), ST_INVALID);
    list.count = PKI_REVOKED_MAX + 1;
    CHECK_NUMBER(pki_crl(&issuer, 1, now, days_on(1), &list, kept, &crl, NULL), ST_LIMIT);
    list.count = 0;
    CHECK_NUMBER(pki_crl(&issuer, 1, now, now, &list, kept, &crl, NULL), ST_INVALID);
    issuer.key = house.key;
    CHECK_NUMBER(pki_crl(&issuer, 1, now, days_on(1), &list, kept, &crl, NULL), ST_INVALID);
}

static void keys_go_to_pem_and_back(void)
{
    struct slice plain = SLICE_NONE, sealed = SLICE_NONE;
    AUTO_SECRET read = NULL;
    AUTO_SECRET opened = NULL;
    AUTO_SECRET none = NULL;
    CHECK_OK(pki_key_to_pem(house.key, SLICE_NONE, kept, &plain, NULL));
    CHECK_OK(pki_key_from_pem(plain, SLICE_NONE, &read, NULL));
    CHECK(secret_equal(read, house.key));
    CHECK_OK(pki_key_to_pem(house.key, LIT("two words"), kept, &sealed, NULL));
    CHECK(slice_starts(sealed, LIT("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")));
    CHECK_OK(pki_key_from_pem(sealed, LIT("two words"), &opened, NULL));
    CHECK(secret_equal(opened, house.key));
    CHECK_NUMBER(pki_key_from_pem(sealed, LIT("two word"), &none, NULL), ST_DENIED);
    CHECK_NUMBER(pki_key_from_pem(sealed, SLICE_NONE, &none, NULL), ST_DENIED);
    CHECK_NUMBER(pki_key_from_pem(LIT("no key"), LIT("x"), &none, NULL), ST_INVALID);
    CHECK(none == NULL);
    AUTO_SECRET zero = secret_create((const unsigned char[VAULT_KEY_BYTES]){0}, VAULT_KEY_BYTES);
    CHECK_NUMBER(pki_key_public(zero, kept, &plain, NULL), ST_INVALID);
    CHECK_NUMBER(pki_key_to_pem(zero, SLICE_NONE, kept, &plain, NULL), ST_INVALID);
    memset((unsigned char *)(uintptr_t)secret_bytes(zero), 0xff, VAULT_KEY_BYTES); /* over the order */
    CHECK_NUMBER(pki_key_public(zero, kept, &plain, NULL), ST_INVALID);
}

/* A key of another curve or kind, in PEM. */
static struct slice foreign_key(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    CHECK(PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
    struct slice pem = pki_bio_text(bio, kept);
    BIO_free(bio);
    EVP_PKEY_free(key);
    return pem;
}

static void other_keys_are_refused(void)
{
    char many[PASSPHRASE_MAX + 2000];
    AUTO_SECRET none = NULL;
    struct slice sealed = SLICE_NONE, long_words = {many, sizeof many};
    memset(many, 'x', sizeof many);
    CHECK_NUMBER(pki_key_from_pem(foreign_key(EVP_EC_gen("P-384")), SLICE_NONE, &none, NULL), ST_INVALID);
    CHECK_NUMBER(pki_key_from_pem(foreign_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")), SLICE_NONE, &none, NULL),
                 ST_INVALID);
    CHECK_NUMBER(pki_key_to_pem(house.key, long_words, kept, &sealed, NULL), ST_LIMIT);
    CHECK_OK(pki_key_to_pem(house.key, LIT("words"), kept, &sealed, NULL));
    CHECK_NUMBER(pki_key_from_pem(sealed, long_words, &none, NULL), ST_DENIED);
    struct slice padded = arena_format(kept, "%.*s%*s", SLICE_ARG(sealed), 9000, "");
    CHECK_NUMBER(pki_key_from_pem(padded, LIT("words"), &none, NULL), ST_INVALID);
    CHECK(none == NULL);
}

/* Outside programs, in a folder that goes again. */
static char folder[] = "/tmp/rendez-pki-XXXXXX";

static void put(const char *name, struct slice bytes)
{
    CHECK_OK(file_write_durably(arena_format(kept, "%s/%s", folder, name).data, bytes, 0600, NULL));
}

static void put_pem(const char *name, enum pki_label label, struct slice der)
{
    put(name, pki_to_pem(label, der, kept));
}

static struct slice got(const char *name)
{
    struct slice bytes = SLICE_NONE;
    CHECK_OK(file_read(arena_format(kept, "%s/%s", folder, name).data, 1 << 20, kept, &bytes, NULL));
    return bytes;
}

static int run(const char *command)
{
    return system(arena_format(kept, "cd %s && (%s) >out 2>&1", folder, command).data);
}

static const struct {
    const char *command;
    bool good;
} tool_cases[] = {
    {"openssl verify -x509_strict -CAfile root.pem -untrusted issuing.pem -crl_check_all"
     " -CRLfile crls.pem -purpose sslclient person.pem", true},
    {"openssl verify -x509_strict -CAfile root.pem -untrusted issuing.pem -crl_check_all"
     " -CRLfile crls.pem -purpose sslclient device.pem", true},
    {"openssl verify -x509_strict -CAfile root.pem -untrusted issuing.pem -crl_check_all"
     " -CRLfile crls.pem -purpose sslserver server.pem", true},
    {"openssl verify -x509_strict -CAfile root.pem -untrusted issuing.pem"
     " -purpose sslserver person.pem", false},
    {"openssl verify -x509_strict -CAfile root.pem -untrusted issuing.pem"
     " -purpose sslclient server.pem", false},
    {"openssl verify -x509_strict -CAfile root.pem -untrusted issuing.pem -crl_check_all"
     " -CRLfile crls.pem -purpose sslclient revoked.pem", false},
    {"openssl verify -CAfile root.pem -untrusted issuing.pem -verify_ip 192.0.2.7"
     " -verify_hostname vpn.acme.example server.pem", true},
    {"openssl verify -CAfile root.pem -untrusted issuing.pem"
     " -verify_hostname www.acme.example server.pem", false},
    {"openssl x509 -in person.pem -noout -text | tr -s ' \\n' ' ' >text"
     " && grep -q 'Subject: CN = p_2n4k' text"
     " && grep -q 'Basic Constraints: critical CA:FALSE X509v3 Key Usage: critical Digital Signature X' text"
     " && grep -q 'Extended Key Usage: TLS Web Client Authentication X' text"
     " && grep -q 'Alternative Name: URI:urn:x-rendez:person:p_2n4k X' text"
     " && grep -q 'URI:https://rdv.acme.example/pki/issuing.crl' text"
     " && grep -q 'ASN1 OID: prime256v1' text && grep -q 'Signature Algorithm: ecdsa-with-SHA256' text",
     true},
    {"openssl x509 -in server.pem -noout -text | tr -s ' \\n' ' ' >text"
     " && grep -q 'Extended Key Usage: TLS Web Server Authentication X' text"
     " && grep -q 'DNS:vpn.acme.example, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7 X' text",
     true},
    {"openssl x509 -in issuing.pem -noout -text | tr -s ' \\n' ' ' >text"
     " && grep -q 'critical CA:TRUE, pathlen:0 X509v3 Key Usage: critical Certificate Sign, CRL Sign X' text",
     true},
    {"openssl crl -in crl.pem -noout -text -CAfile issuing.pem | tr -s ' \\n' ' ' >text"
     " && grep -q 'verify OK' out && grep -q 'CRL Number: 9 ' text"
     " && grep -q 'CRL Reason Code: Cessation Of Operation' text && grep -q 'Authority Key Id' text", true},
    {"certtool --crl-info --infile crl.pem >text && grep -q 'CRL Number (not critical): 09' text"
     " && grep -q 'Revoked certificates (1)' text", true},
    {"cat root.pem >trust.pem; certtool --verify --load-ca-certificate trust.pem --infile chain.pem"
     " | grep -q 'Verified. The certificate is trusted'", true},
    {"certtool --verify --load-ca-certificate trust.pem --load-crl crls.pem --infile person.pem >x"
     " || ! grep -q 'Verified' x", true},
    {"certtool --certificate-info --infile person.pem | tr -s ' \\n\\t' ' ' >text"
     " && grep -q 'TLS WWW Client' text && grep -q 'Digital signature' text && grep -q 'SECP256R1' text", true},
    {"openssl pkey -in key.pem -passin pass:words -noout", true},
    {"openssl pkey -in key.pem -passin pass:word -noout", false},
    {"openssl pkcs12 -in all.p12 -passin pass:words -nodes -out all.pem"
     " && grep -c 'BEGIN CERTIFICATE' all.pem | grep -qx 3 && grep -q 'BEGIN PRIVATE KEY' all.pem", true},
    {"openssl pkcs12 -in all.p12 -passin pass:word -noout", false},
    {"openssl pkcs12 -info -in all.p12 -passin pass:words -noout"
     " && grep -q 'AES-256-CBC, Iteration 100000, PRF hmacWithSHA256' out"
     " && grep -q 'sha256, Iteration 100000' out", true},
    {"certtool --p12-info --inder --infile all.p12 --password words | grep -q 'BEGIN CERTIFICATE'", true},
};

static void put_all(void)
{
    struct pki_order person = person_order(), server = server_order(), device = person_order();
    struct slice certificate = certify(&person), revoked = certify(&person);
    struct pki_revoked_list list = revoke_one(read_of(revoked).serial, PKI_CESSATION);
    struct pki_authority issuer = issuing_authority();
    struct pki_trust trust = trust_with(NULL);
    struct slice key = SLICE_NONE, all = SLICE_NONE, crl = list_of(&issuer, 9, &list);
    device.kind = PKI_DEVICE;
    put_pem("root.pem", PKI_PEM_CERTIFICATE, house.root);
    put_pem("issuing.pem", PKI_PEM_CERTIFICATE, house.issuing);
    put_pem("person.pem", PKI_PEM_CERTIFICATE, certificate);
    put_pem("device.pem", PKI_PEM_CERTIFICATE, certify(&device));
    put_pem("server.pem", PKI_PEM_CERTIFICATE, certify(&server));
    put_pem("revoked.pem", PKI_PEM_CERTIFICATE, revoked);
    put_pem("crl.pem", PKI_PEM_CRL, crl);
    put("crls.pem", arena_format(kept, "%.*s%.*s", SLICE_ARG(got("crl.pem")),
                                 SLICE_ARG(pki_to_pem(PKI_PEM_CRL, trust.crls.items[0], kept))));
    put("chain.pem", arena_format(kept, "%.*s%.*s%.*s", SLICE_ARG(got("person.pem")),
                                  SLICE_ARG(got("issuing.pem")), SLICE_ARG(got("root.pem"))));
    CHECK_OK(pki_key_to_pem(house.key, LIT("words"), kept, &key, NULL));
    put("key.pem", key);
    struct slice_list above = house.above;
    ARENA_PUSH(kept, &above, house.root);
    CHECK_OK(pki_pkcs12(house.key, certificate, &above, LIT("words"), kept, &all, NULL));
    put("all.p12", all);
    CHECK_NUMBER(pki_pkcs12(house.key, certificate, &above, SLICE_NONE, kept, &all, NULL), ST_INVALID);
    CHECK_NUMBER(pki_pkcs12(house.root_key, certificate, &above, LIT("words"), kept, &all, NULL),
                 ST_INVALID);
}

static void other_programs_agree(void)
{
    put_all();
    for (size_t i = 0; i < sizeof tool_cases / sizeof *tool_cases; i++) {
        check_row(tool_cases[i].command);
        CHECK((run(tool_cases[i].command) == 0) == tool_cases[i].good);
    }
}

/* Requests as people make them, by other programs; good: the key is taken. */
static const struct {
    const char *name, *command;
    enum status status;
} request_cases[] = {
    {"openssl, PEM", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem"
     " -subj /CN=somebody/O=Acme -out request", ST_OK},
    {"openssl, DER", "openssl req -new -key k.pem -subj /CN=x -outform DER -out request", ST_OK},
    {"SHA-384", "openssl req -new -key k.pem -subj /CN=x -sha384 -out request", ST_OK},
    {"wishes for an authority are not heard", "openssl req -new -key k.pem -subj /CN=x -addext"
     " basicConstraints=critical,CA:TRUE -addext subjectAltName=DNS:acme.example -out request", ST_OK},
    {"certtool", "certtool --generate-privkey --key-type ecdsa --curve secp256r1 --outfile g.pem && printf"
     " 'cn=x\\nsigning_key\\n' >t && certtool --generate-request --load-privkey g.pem --template t"
     " --outfile request", ST_OK},
    {"SHA-1", "openssl req -new -key k.pem -subj /CN=x -sha1 -out request", ST_INVALID},
    {"RSA", "openssl req -new -newkey rsa:2048 -nodes -keyout r.pem -subj /CN=x -out request", ST_INVALID},
    {"P-384", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout r.pem"
     " -subj /CN=x -out request", ST_INVALID},
    {"secp256k1", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -nodes -keyout r.pem"
     " -subj /CN=x -out request", ST_INVALID},
    {"Ed25519", "openssl req -new -newkey ed25519 -nodes -keyout r.pem -subj /CN=x -out request", ST_INVALID},
    {"the curve in numbers", "openssl ecparam -name prime256v1 -param_enc explicit -genkey -noout -out e.pem"
     " && openssl req -new -key e.pem -subj /CN=x -out request", ST_INVALID},
    {"a compressed point", "openssl ec -in k.pem -conv_form compressed -out c.pem"
     " && openssl req -new -key c.pem -subj /CN=x -out request", ST_INVALID},
    {"a certificate", "cp person.pem request", ST_INVALID},
    {"a key", "cp k.pem request", ST_INVALID},
    {"nothing", ": >request", ST_INVALID},
    {"something behind it", "openssl req -new -key k.pem -subj /CN=x -outform DER -out request && echo >>request",
     ST_INVALID},
    {"a signature of another request", "openssl req -new -key k.pem -subj /CN=x -outform DER -out a && openssl"
     " req -new -key k.pem -subj /CN=y -outform DER -out request && size=$(stat -c %s request) && tail -c 60 a |"
     " dd of=request bs=1 conv=notrunc seek=$((size - 60))", ST_INVALID},
    {"another key than the one that signed", "openssl req -new -key k.pem -subj /CN=x -outform DER -out request"
     " && openssl pkey -in g.pem -pubout -outform DER -out p && at=$(grep -obUaP '\\x03\\x42\\x00\\x04' request |"
     " head -1 | cut -d: -f1) && tail -c 64 p | dd of=request bs=1 conv=notrunc seek=$((at + 4))", ST_INVALID},
    {"too much", "head -c 20000 /dev/zero >request", ST_LIMIT},
};

static void requests_give_a_key_or_are_refused(void)
{
    for (size_t i = 0; i < sizeof request_cases / sizeof *request_cases; i++) {
        struct slice key = SLICE_NONE;
        struct pki_order order = person_order();
        check_row(request_cases[i].name);
        CHECK_NUMBER(run(request_cases[i].command), 0);
        CHECK_NUMBER(pki_request_read(got("request"), kept, &key, NULL), request_cases[i].status);
        CHECK((key.len > 0) == (request_cases[i].status == ST_OK));
        if (key.len == 0)
            continue;
        order.public_key = key;
        struct pki_certificate read = read_of(certify(&order));
        CHECK_TEXT(read.subject, "p_2n4k"); /* ours, not what the request says */
        CHECK_NUMBER(read.kind, PKI_PERSON);
    }
}

/* Certificates that others made are none of ours, whatever they say. */
static const char *const foreign_cases[] = {
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout r.pem -subj /CN=p_2n4k -outform DER -out c",
    "openssl req -x509 -key k.pem -subj /CN=p_2n4k -addext basicConstraints=critical,CA:FALSE -outform DER -out c",
    "openssl req -x509 -key k.pem -subj /O=Acme/CN=p_2n4k -addext basicConstraints=critical,CA:FALSE"
    " -addext subjectAltName=URI:urn:x-rendez:person:p_2n4k -outform DER -out c",
    "openssl req -x509 -key k.pem -subj /CN=p_2n4k -addext basicConstraints=critical,CA:FALSE"
    " -addext subjectAltName=URI:urn:x-rendez:person:p_other -outform DER -out c",
    "openssl req -x509 -key k.pem -subj /CN=p_2n4k -addext basicConstraints=critical,CA:FALSE"
    " -addext subjectAltName=URI:urn:x-rendez:person:p_2n4k,DNS:acme.example -outform DER -out c",
    "head -c 300 /dev/zero >c",
};

static void foreign_certificates_are_not_read(void)
{
    for (size_t i = 0; i < sizeof foreign_cases / sizeof *foreign_cases; i++) {
        struct pki_certificate read;
        check_row(foreign_cases[i]);
        CHECK_NUMBER(run(foreign_cases[i]), 0);
        CHECK_NUMBER(pki_read(got("c"), kept, &read, NULL), ST_INVALID);
    }
}

static void pem_files_hold_several(void)
{
    struct slice_list list = {0};
    CHECK_OK(pki_from_pem(PKI_PEM_CERTIFICATE, got("chain.pem"), kept, &list, NULL));
    CHECK_NUMBER(list.count, 3);
    CHECK(slice_equal(list.items[1], house.issuing));
    CHECK_OK(pki_from_pem(PKI_PEM_CRL, got("chain.pem"), kept, &list, NULL));
    CHECK_NUMBER(list.count, 0);
    CHECK_NUMBER(pki_from_pem(PKI_PEM_CRL, LIT("-----BEGIN X509 CRL-----\nAAAA\n"), kept, &list, NULL),
                 ST_INVALID);
    CHECK_NUMBER(list.count, 0);
}

int main(void)
{
    kept = arena_create_wiped(64 << 20);
    now.us = clock_now().us / SECONDS * SECONDS;
    build_house();
    TEST(certificates_say_what_was_ordered);
    TEST(serials_are_random);
    TEST(orders_are_checked);
    TEST(hosts_are_told_from_other_text);
    TEST(the_chain_is_checked);
    TEST(dates_and_lists_are_checked);
    TEST(a_revoked_one_is_refused);
    TEST(a_revoked_authority_takes_all_with_it);
    TEST(forgeries_are_refused);
    TEST(lists_say_what_was_revoked);
    TEST(keys_go_to_pem_and_back);
    TEST(other_keys_are_refused);
    CHECK(mkdtemp(folder) != NULL);
    TEST(other_programs_agree);
    TEST(requests_give_a_key_or_are_refused);
    TEST(foreign_certificates_are_not_read);
    TEST(pem_files_hold_several);
    CHECK_NUMBER(system(arena_format(kept, "rm -r %s", folder).data), 0);
    secret_destroy(&house.root_key);
    secret_destroy(&house.issuing_key);
    secret_destroy(&house.key);
    arena_destroy(&kept);
    CHECK_NUMBER(secret_count(), 0);
    return check_done();
}
