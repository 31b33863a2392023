/* Lists of revoked certificates (RFC 5280 section 5), version 2, whole ones. */
#include <openssl/err.h>

#include "platform/pki/internal.h"

PKI_RELEASED(integer, ASN1_INTEGER, ASN1_INTEGER_free)
PKI_RELEASED(time, ASN1_TIME, ASN1_TIME_free)
PKI_RELEASED(reason, ASN1_ENUMERATED, ASN1_ENUMERATED_free)
PKI_RELEASED(key_id, AUTHORITY_KEYID, AUTHORITY_KEYID_free)

const char *const pki_cause_names[PKI_CAUSE_COUNT_] = {
    [PKI_UNSPECIFIED] = "unspecified", [PKI_KEY_COMPROMISE] = "key_compromise",
    [PKI_SUPERSEDED] = "superseded",   [PKI_CESSATION] = "cessation",
    [PKI_WITHDRAWN] = "withdrawn",
};
static const int reasons[PKI_CAUSE_COUNT_] = {
    [PKI_UNSPECIFIED] = CRL_REASON_UNSPECIFIED,
    [PKI_KEY_COMPROMISE] = CRL_REASON_KEY_COMPROMISE,
    [PKI_SUPERSEDED] = CRL_REASON_SUPERSEDED,
    [PKI_CESSATION] = CRL_REASON_CESSATION_OF_OPERATION,
    [PKI_WITHDRAWN] = CRL_REASON_PRIVILEGE_WITHDRAWN,
};

static ASN1_TIME *make_time(struct instant at)
{
    return ASN1_TIME_set(NULL, at.us / 1000000);
}

static bool add_reason(X509_REVOKED *entry, enum pki_cause cause)
{
    if (cause == PKI_UNSPECIFIED) /* is left out: section 5.3.1 */
        return true;
    AUTO_OPENSSL(reason) ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
    return reason != NULL && ASN1_ENUMERATED_set(reason, reasons[cause]) == 1 &&
           X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, X509V3_ADD_DEFAULT) == 1;
}

static bool add_revoked(X509_CRL *crl, const struct pki_revoked *revoked, ASN1_INTEGER *serial)
{
    AUTO_OPENSSL(time) ASN1_TIME *at = make_time(revoked->at);
    X509_REVOKED *entry = X509_REVOKED_new();
    if (at != NULL && entry != NULL && X509_REVOKED_set_serialNumber(entry, serial) == 1 &&
        X509_REVOKED_set_revocationDate(entry, at) == 1 && add_reason(entry, revoked->cause) &&
        X509_CRL_add0_revoked(crl, entry) == 1)
        return true;
    X509_REVOKED_free(entry);
    return false;
}

static enum status add_all(X509_CRL *crl, const struct pki_revoked_list *revoked,
                           struct problem *why)
{
    if (revoked->count > PKI_REVOKED_MAX)
        return pki_refuse(why, ST_LIMIT, "too many revoked certificates for one list");
    for (size_t i = 0; i < revoked->count; i++) {
        const struct pki_revoked *one = &revoked->items[i];
        AUTO_OPENSSL(integer) ASN1_INTEGER *serial = pki_serial_from_hex(one->serial);
        if (serial == NULL || (unsigned)one->cause >= PKI_CAUSE_COUNT_)
            return pki_refuse(why, ST_INVALID, "no serial number of ours, or no reason");
        if (!add_revoked(crl, one, serial))
            return pki_trouble(why, "add to the list of revoked certificates");
    }
    return ST_OK;
}

static bool fill(X509_CRL *crl, X509 *issuer, uint32_t number, struct instant at,
                 struct instant until)
{
    AUTO_OPENSSL(time) ASN1_TIME *from = make_time(at), *next = make_time(until);
    AUTO_OPENSSL(integer) ASN1_INTEGER *counted = ASN1_INTEGER_new();
    AUTO_OPENSSL(key_id) AUTHORITY_KEYID *key_id = AUTHORITY_KEYID_new();
    const ASN1_OCTET_STRING *own = X509_get0_subject_key_id(issuer);
    if (from == NULL || next == NULL || counted == NULL || key_id == NULL || own == NULL ||
        (key_id->keyid = ASN1_OCTET_STRING_dup(own)) == NULL)
        return false;
    return X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
           X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer)) == 1 &&
           X509_CRL_set1_lastUpdate(crl, from) == 1 && X509_CRL_set1_nextUpdate(crl, next) == 1 &&
           ASN1_INTEGER_set_uint64(counted, number) == 1 &&
           X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, key_id, 0, 0) == 1 &&
           X509_CRL_add1_ext_i2d(crl, NID_crl_number, counted, 0, 0) == 1;
}

static int encode(const void *crl, unsigned char **out)
{
    return i2d_X509_CRL(crl, out);
}

enum status pki_crl(const struct pki_authority *issuer, uint32_t number, struct instant at,
                    struct instant until, const struct pki_revoked_list *revoked,
                    struct arena *arena, struct slice *crl, struct problem *why)
{
    AUTO_OPENSSL(pkey) EVP_PKEY *key = pki_pkey(issuer->key);
    AUTO_OPENSSL(x509) X509 *above = pki_x509(issuer->certificate);
    AUTO_OPENSSL(crl) X509_CRL *made = X509_CRL_new();
    if (key == NULL || above == NULL || made == NULL || X509_check_private_key(above, key) != 1 ||
        X509_check_ca(above) != 1)
        return pki_refuse(why, ST_INVALID, "this is no authority with its key");
    if (until.us <= at.us)
        return pki_refuse(why, ST_INVALID, "the list would end before it begins");
    if (!fill(made, above, number, at, until))
        return pki_trouble(why, "make a list of revoked certificates");
    TRY(add_all(made, revoked, why));
    if (X509_CRL_sort(made) != 1 || X509_CRL_sign(made, key, EVP_sha256()) <= 0 ||
        !pki_der(encode, made, arena, crl))
        return pki_trouble(why, "sign the list of revoked certificates");
    return ST_OK;
}

static bool read_cause(X509_REVOKED *entry, enum pki_cause *out)
{
    AUTO_OPENSSL(reason) ASN1_ENUMERATED *reason =
        X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
    *out = PKI_UNSPECIFIED;
    for (int cause = 0; reason != NULL && cause < PKI_CAUSE_COUNT_; cause++)
        if (ASN1_ENUMERATED_get(reason) == reasons[cause]) {
            *out = (enum pki_cause)cause;
            return true;
        }
    return reason == NULL;
}

static bool read_revoked(X509_CRL *crl, struct arena *arena, struct pki_revoked_list *out)
{
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl);
    int count = entries == NULL ? 0 : sk_X509_REVOKED_num(entries);
    for (int i = 0; i < count; i++) {
        struct pki_revoked one;
        X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);
        if (!pki_serial_to_hex(X509_REVOKED_get0_serialNumber(entry), arena, &one.serial) ||
            !pki_instant_from(X509_REVOKED_get0_revocationDate(entry), &one.at) ||
            !read_cause(entry, &one.cause))
            return false;
        ARENA_PUSH(arena, out, one);
    }
    return count <= PKI_REVOKED_MAX;
}

enum status pki_crl_read(struct slice crl, struct arena *arena, struct pki_crl_about *out,
                         struct problem *why)
{
    struct pki_crl_about about = {0};
    uint64_t number = 0;
    AUTO_OPENSSL(crl) X509_CRL *read = pki_x509_crl(crl);
    if (read == NULL)
        return pki_refuse(why, ST_INVALID, "this is no list of revoked certificates");
    AUTO_OPENSSL(integer) ASN1_INTEGER *counted =
        X509_CRL_get_ext_d2i(read, NID_crl_number, NULL, NULL);
    if (counted == NULL || ASN1_INTEGER_get_uint64(&number, counted) != 1 || number > UINT32_MAX ||
        !pki_instant_from(X509_CRL_get0_lastUpdate(read), &about.at) ||
        !pki_instant_from(X509_CRL_get0_nextUpdate(read), &about.until) ||
        !read_revoked(read, arena, &about.revoked))
        return pki_refuse(why, ST_INVALID, "this is no list of revoked certificates of ours");
    about.number = (uint32_t)number;
    ERR_clear_error();
    *out = about;
    return ST_OK;
}
