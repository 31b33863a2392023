#include <openssl/x509v3.h>

#include "platform/webauthn/internal.h"

#define AUTO_X509 __attribute__((cleanup(x509_free))) X509 *

/* id-fido-gen-ce-aaguid (L3 section 8.2.1): the model, as an OCTET STRING of 16 bytes. */
static const char aaguid_oid[] = "1.3.6.1.4.1.45724.1.1.4";
static const unsigned char octet_string_head[] = {0x04, WEBAUTHN_AAGUID_BYTES};

static void x509_free(X509 **certificate)
{
    X509_free(*certificate);
}

/* The text of a part of the subject's name, as it stands in the certificate. */
static struct slice subject_part(const X509 *certificate, int nid)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, nid, -1);
    if (at < 0)
        return SLICE_NONE;
    const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    return (struct slice){(const char *)ASN1_STRING_get0_data(text),
                          (size_t)ASN1_STRING_length(text)};
}

static bool subject_is_right(const X509 *certificate)
{
    return subject_part(certificate, NID_countryName).len == 2 &&
           subject_part(certificate, NID_organizationName).len > 0 &&
           slice_equal(subject_part(certificate, NID_organizationalUnitName),
                       LIT("Authenticator Attestation")) &&
           subject_part(certificate, NID_commonName).len > 0;
}

static bool is_no_authority(const X509 *certificate)
{
    BASIC_CONSTRAINTS *limits = X509_get_ext_d2i(certificate, NID_basic_constraints, NULL, NULL);
    bool good = limits != NULL && !limits->ca;
    BASIC_CONSTRAINTS_free(limits);
    return good;
}

/* Where it names a model, that of the authenticator data, and not marked critical. */
static bool model_is_right(const X509 *certificate, struct slice aaguid)
{
    ASN1_OBJECT *oid = OBJ_txt2obj(aaguid_oid, 1);
    int at = oid == NULL ? -1 : X509_get_ext_by_OBJ(certificate, oid, -1);
    ASN1_OBJECT_free(oid);
    if (at < 0)
        return true;
    X509_EXTENSION *extension = X509_get_ext(certificate, at);
    const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);
    const unsigned char *bytes = ASN1_STRING_get0_data(value);
    return !X509_EXTENSION_get_critical(extension) &&
           ASN1_STRING_length(value) == sizeof octet_string_head + WEBAUTHN_AAGUID_BYTES &&
           memcmp(bytes, octet_string_head, sizeof octet_string_head) == 0 &&
           memcmp(bytes + sizeof octet_string_head, bytes_of(aaguid), WEBAUTHN_AAGUID_BYTES) == 0;
}

enum status attestation_certificate_check(struct slice der, struct slice aaguid,
                                          struct problem *why)
{
    const unsigned char *at = bytes_of(der);
    AUTO_X509 certificate = d2i_X509(NULL, &at, (long)der.len);
    if (certificate == NULL || at != bytes_of(der) + der.len)
        return problem_set(why, ST_INVALID, "passkey: the attestation's certificate is none");
    if (X509_get_version(certificate) != X509_VERSION_3 || !subject_is_right(certificate) ||
        !is_no_authority(certificate))
        return problem_set(why, ST_DENIED,
                           "passkey: the certificate is not one of an authenticator");
    if (!model_is_right(certificate, aaguid))
        return problem_set(why, ST_DENIED, "passkey: the certificate is of another model");
    return ST_OK;
}
