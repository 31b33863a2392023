/* Certificates as we write them. Extensions are made from structs, never from text that a name could
 * break out of. */
#include <openssl/err.h>

#include "platform/pki/internal.h"

PKI_RELEASED(constraints, BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free)
PKI_RELEASED(bits, ASN1_BIT_STRING, ASN1_BIT_STRING_free)
PKI_RELEASED(uses, EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)
PKI_RELEASED(octets, ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)
PKI_RELEASED(points, CRL_DIST_POINTS, CRL_DIST_POINTS_free)
PKI_RELEASED(integer, ASN1_INTEGER, ASN1_INTEGER_free)

/* RFC 5280 section 4.2.1. Bits of keyUsage: 0 digitalSignature, 5 keyCertSign, 6 cRLSign. */
static const struct profile {
    bool is_authority;
    int path_length; /* authorities below an authority */
    int usage_bits[2];
    int use; /* extendedKeyUsage */
} profiles[PKI_KIND_COUNT_] = {
    [PKI_ROOT]    = { true, 1, {5, 6}, NID_undef },
    [PKI_ISSUING] = { true, 0, {5, 6}, NID_undef },
    [PKI_PERSON]  = { false, 0, {0, 0}, NID_client_auth },
    [PKI_DEVICE]  = { false, 0, {0, 0}, NID_client_auth },
    [PKI_SERVER]  = { false, 0, {0, 0}, NID_server_auth },
};

static bool add(X509 *x509, int nid, void *value, bool critical)
{
    return X509_add1_ext_i2d(x509, nid, value, critical, X509V3_ADD_DEFAULT) == 1;
}

static bool add_constraints(X509 *x509, const struct profile *profile)
{
    AUTO_OPENSSL(constraints) BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
    if (constraints == NULL)
        return false;
    constraints->ca = profile->is_authority ? 0xff : 0;
    if (profile->is_authority) {
        constraints->pathlen = ASN1_INTEGER_new();
        if (constraints->pathlen == NULL ||
            ASN1_INTEGER_set(constraints->pathlen, profile->path_length) != 1)
            return false;
    }
    return add(x509, NID_basic_constraints, constraints, true);
}

static bool add_usage(X509 *x509, const struct profile *profile)
{
    AUTO_OPENSSL(bits) ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
    AUTO_OPENSSL(uses) EXTENDED_KEY_USAGE *uses = sk_ASN1_OBJECT_new_null();
    if (bits == NULL || uses == NULL ||
        ASN1_BIT_STRING_set_bit(bits, profile->usage_bits[0], 1) != 1 ||
        ASN1_BIT_STRING_set_bit(bits, profile->usage_bits[1], 1) != 1 ||
        !add(x509, NID_key_usage, bits, true))
        return false;
    if (profile->use == NID_undef)
        return true;
    return sk_ASN1_OBJECT_push(uses, OBJ_nid2obj(profile->use)) > 0 &&
           add(x509, NID_ext_key_usage, uses, false);
}

static GENERAL_NAME *make_name(int kind, const void *bytes, size_t len)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *value = kind == GEN_IPADD ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
    if (name == NULL || value == NULL || ASN1_STRING_set(value, bytes, (int)len) != 1) {
        GENERAL_NAME_free(name);
        ASN1_STRING_free(value);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, kind, value);
    return name;
}

static bool push_name(GENERAL_NAMES *names, int kind, const void *bytes, size_t len)
{
    GENERAL_NAME *name = make_name(kind, bytes, len);
    if (name != NULL && sk_GENERAL_NAME_push(names, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return false;
}

static bool push_host(GENERAL_NAMES *names, struct slice host)
{
    unsigned char address[PKI_ADDRESS_BYTES_MAX];
    size_t len = pki_address_bytes(host, address);
    return len > 0 ? push_name(names, GEN_IPADD, address, len)
                   : push_name(names, GEN_DNS, host.data, host.len);
}

static bool add_names(X509 *x509, const struct pki_order *order)
{
    AUTO_ARENA arena = arena_create(4096);
    AUTO_OPENSSL(names) GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    if (names == NULL)
        return false;
    for (size_t i = 0; i < order->names.count; i++)
        if (!push_host(names, order->names.items[i]))
            return false;
    if (order->kind == PKI_PERSON || order->kind == PKI_DEVICE) {
        struct slice urn = pki_urn(order->kind, order->subject, arena);
        if (!push_name(names, GEN_URI, urn.data, urn.len))
            return false;
    }
    return sk_GENERAL_NAME_num(names) == 0 || add(x509, NID_subject_alt_name, names, false);
}

/* RFC 7093 section 2, method 1: the leftmost 160 bits of the key's SHA-256. */
static bool add_key_ids(X509 *x509, struct slice issuer_key_id, struct slice public_key)
{
    enum { KEY_ID_BYTES = 20, POINT_BYTES = 65 };
    unsigned char digest[PKI_DIGEST_BYTES];
    vault_sha256(slice_sub(public_key, public_key.len - POINT_BYTES, SIZE_MAX), digest);
    AUTO_OPENSSL(octets) ASN1_OCTET_STRING *own = ASN1_OCTET_STRING_new();
    if (own == NULL || ASN1_OCTET_STRING_set(own, digest, KEY_ID_BYTES) != 1 ||
        !add(x509, NID_subject_key_identifier, own, false))
        return false;
    AUTHORITY_KEYID *above = AUTHORITY_KEYID_new();
    if (above == NULL || (above->keyid = ASN1_OCTET_STRING_new()) == NULL) {
        AUTHORITY_KEYID_free(above);
        return false;
    }
    bool is_root = issuer_key_id.len == 0;
    bool good = ASN1_OCTET_STRING_set(above->keyid,
                                      is_root ? digest : (const unsigned char *)issuer_key_id.data,
                                      is_root ? KEY_ID_BYTES : (int)issuer_key_id.len) == 1 &&
                add(x509, NID_authority_key_identifier, above, false);
    AUTHORITY_KEYID_free(above);
    return good;
}

static DIST_POINT *make_point(struct slice url)
{
    enum { FULL_NAME = 0 };
    DIST_POINT *point = DIST_POINT_new();
    DIST_POINT_NAME *name = DIST_POINT_NAME_new();
    GENERAL_NAMES *urls = sk_GENERAL_NAME_new_null();
    if (point == NULL || name == NULL || urls == NULL ||
        !push_name(urls, GEN_URI, url.data, url.len)) {
        GENERAL_NAMES_free(urls);
        DIST_POINT_NAME_free(name);
        DIST_POINT_free(point);
        return NULL;
    }
    name->type = FULL_NAME;
    name->name.fullname = urls;
    point->distpoint = name;
    return point;
}

static bool add_crl_url(X509 *x509, struct slice url)
{
    if (url.len == 0)
        return true;
    AUTO_OPENSSL(points) CRL_DIST_POINTS *points = sk_DIST_POINT_new_null();
    DIST_POINT *point = make_point(url);
    if (points == NULL || point == NULL || sk_DIST_POINT_push(points, point) <= 0) {
        DIST_POINT_free(point);
        return false;
    }
    return add(x509, NID_crl_distribution_points, points, false);
}

static bool set_serial(X509 *x509)
{
    unsigned char bytes[PKI_SERIAL_BYTES];
    AUTO_BUFFER hex = buffer_create(64);
    vault_random(bytes, sizeof bytes);
    hex_encode((struct slice){(char *)bytes, sizeof bytes}, &hex);
    AUTO_OPENSSL(integer) ASN1_INTEGER *serial = pki_serial_from_hex(buffer_slice(&hex));
    return serial != NULL && X509_set_serialNumber(x509, serial) == 1;
}

static bool set_dates(X509 *x509, const struct pki_order *order)
{
    return ASN1_TIME_set(X509_getm_notBefore(x509), order->from.us / 1000000) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(x509), order->until.us / 1000000) != NULL;
}

static bool set_key(X509 *x509, struct slice public_key)
{
    const unsigned char *at = (const unsigned char *)public_key.data;
    AUTO_OPENSSL(pkey) EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)public_key.len);
    return pkey != NULL && X509_set_pubkey(x509, pkey) == 1;
}

static bool fill(X509 *x509, const struct pki_order *order, const X509 *issuer,
                 struct slice issuer_key_id)
{
    const struct profile *profile = &profiles[order->kind];
    X509_NAME *name = X509_get_subject_name(x509);
    return X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) &&
           set_dates(x509, order) && set_key(x509, order->public_key) &&
           X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                      (const unsigned char *)order->subject.data,
                                      (int)order->subject.len, -1, 0) == 1 &&
           X509_set_issuer_name(x509, issuer != NULL ? X509_get_subject_name(issuer) : name) == 1 &&
           add_constraints(x509, profile) && add_usage(x509, profile) && add_names(x509, order) &&
           add_key_ids(x509, issuer_key_id, order->public_key) && add_crl_url(x509, order->crl_url);
}

static bool is_subject(const struct pki_order *order)
{
    struct slice subject = order->subject;
    bool spaces = profiles[order->kind].is_authority;
    if (subject.len == 0 || subject.len > PKI_SUBJECT_BYTES_MAX)
        return false;
    for (size_t i = 0; i < subject.len; i++) {
        char c = subject.data[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && strchr("_-.:", c) == NULL &&
            (!spaces || c != ' ' || i == 0))
            return false;
    }
    return true;
}

static bool is_url(struct slice url)
{
    enum { URL_BYTES_MAX = 512 };
    for (size_t i = 0; i < url.len; i++)
        if (url.data[i] <= ' ' || (unsigned char)url.data[i] > '~')
            return false;
    return url.len == 0 || (url.len <= URL_BYTES_MAX && slice_starts(url, LIT("http")));
}

static enum status check_order(const struct pki_order *order, struct problem *why)
{
    static const struct instant latest = {INT64_C(253402300799) * 1000000}; /* 9999-12-31T23:59:59Z */
    bool wants_names = order->kind == PKI_SERVER;
    if ((unsigned)order->kind >= PKI_KIND_COUNT_ || !is_subject(order))
        return pki_refuse(why, ST_INVALID, "the subject is no name for a certificate");
    if (order->names.count > PKI_NAMES_MAX || wants_names != (order->names.count > 0))
        return pki_refuse(why, ST_INVALID, "a server's certificate has names, up to 16; no other has");
    for (size_t i = 0; i < order->names.count; i++)
        if (!pki_is_host(order->names.items[i]))
            return pki_refuse(why, ST_INVALID, "a name is no host name or address");
    if (order->from.us < 0 || order->until.us / 1000000 <= order->from.us / 1000000 ||
        order->until.us > latest.us)
        return pki_refuse(why, ST_INVALID, "the certificate would end before it begins");
    if (!is_url(order->crl_url) || !pki_is_our_key(order->public_key))
        return pki_refuse(why, ST_INVALID, "the key is not on P-256, or the list's address is no URL");
    return ST_OK;
}

/* The root signs issuing authorities, these sign the rest; nothing lives longer than its issuer. */
static enum status check_issuer(const struct pki_order *order, const struct pki_authority *issuer,
                                const EVP_PKEY *key, const X509 *x509, struct arena *arena,
                                struct slice *key_id, struct problem *why)
{
    struct pki_certificate above;
    enum pki_kind wanted = order->kind == PKI_ISSUING ? PKI_ROOT : PKI_ISSUING;
    TRY(pki_read(issuer->certificate, arena, &above, why));
    if (order->kind == PKI_ROOT || above.kind != wanted || X509_check_private_key(x509, key) != 1)
        return pki_refuse(why, ST_CONFLICT, "this authority does not sign certificates of that kind");
    if (order->until.us > above.until.us || order->from.us < above.from.us)
        return pki_refuse(why, ST_CONFLICT,
                          "the certificate would outlive the authority: renew that first");
    *key_id = above.key_id;
    return ST_OK;
}

static int encode(const void *x509, unsigned char **out)
{
    return i2d_X509(x509, out);
}

enum status pki_issue(const struct pki_order *order, const struct pki_authority *issuer,
                      struct arena *arena, struct slice *certificate, struct problem *why)
{
    struct slice key_id = SLICE_NONE;
    TRY(check_order(order, why));
    AUTO_OPENSSL(pkey) EVP_PKEY *key = pki_pkey(issuer->key);
    AUTO_OPENSSL(x509) X509 *above =
        issuer->certificate.len > 0 ? pki_x509(issuer->certificate) : NULL;
    AUTO_OPENSSL(x509) X509 *made = X509_new();
    if (key == NULL || made == NULL || (issuer->certificate.len > 0 && above == NULL))
        return pki_refuse(why, ST_INVALID, "the authority has no key or certificate");
    if (above != NULL)
        TRY(check_issuer(order, issuer, key, above, arena, &key_id, why));
    else if (order->kind != PKI_ROOT)
        return pki_refuse(why, ST_CONFLICT, "only a root signs itself");
    if (!fill(made, order, above, key_id) || X509_sign(made, key, EVP_sha256()) <= 0 ||
        !pki_der(encode, made, arena, certificate))
        return pki_trouble(why, "make a certificate");
    return ST_OK;
}
