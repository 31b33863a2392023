/* Whether a chain holds, here and now. */
#include <openssl/err.h>

#include "platform/pki/internal.h"

PKI_RELEASED(store, X509_STORE, X509_STORE_free)
PKI_RELEASED(store_ctx, X509_STORE_CTX, X509_STORE_CTX_free)

static bool trust_root(X509_STORE *store, struct slice root)
{
    AUTO_OPENSSL(x509) X509 *x509 = pki_x509(root);
    return x509 != NULL && X509_STORE_add_cert(store, x509) == 1;
}

static bool add_crls(X509_STORE *store, const struct slice_list *crls)
{
    for (size_t i = 0; i < crls->count; i++) {
        AUTO_OPENSSL(crl) X509_CRL *crl = pki_x509_crl(crls->items[i]);
        if (crl == NULL || X509_STORE_add_crl(store, crl) != 1)
            return false;
    }
    return true;
}

static bool ask_for(X509_STORE_CTX *context, enum pki_kind kind, struct instant now)
{
    enum { P256_LEVEL = 3 }; /* 128 bits of security; below: refused */
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(param, now.us / 1000000);
    X509_VERIFY_PARAM_set_auth_level(param, P256_LEVEL);
    X509_VERIFY_PARAM_set_depth(param, 1); /* authorities between root and leaf */
    unsigned long flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_CRL_CHECK;
    flags |= X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_CHECK_SS_SIGNATURE;
    if (X509_VERIFY_PARAM_set_flags(param, flags) != 1)
        return false;
    if (kind == PKI_ROOT || kind == PKI_ISSUING)
        return true;
    return X509_VERIFY_PARAM_set_purpose(param, kind == PKI_SERVER ? X509_PURPOSE_SSL_SERVER
                                                                   : X509_PURPOSE_SSL_CLIENT) == 1;
}

static enum status verify(const struct pki_trust *trust, struct slice certificate,
                          enum pki_kind kind, struct instant now, struct problem *why)
{
    AUTO_OPENSSL(store) X509_STORE *store = X509_STORE_new();
    AUTO_OPENSSL(x509) X509 *leaf = pki_x509(certificate);
    AUTO_OPENSSL(stack) STACK_OF(X509) *between = pki_stack(&trust->issuing);
    /* After what it refers to: released before it. */
    AUTO_OPENSSL(store_ctx) X509_STORE_CTX *context = X509_STORE_CTX_new();
    if (store == NULL || context == NULL)
        return pki_trouble(why, "check a certificate");
    if (leaf == NULL || between == NULL || !trust_root(store, trust->root) ||
        !add_crls(store, &trust->crls))
        return pki_refuse(why, ST_INVALID, "a certificate or list that is to be checked is damaged");
    if (X509_STORE_CTX_init(context, store, leaf, between) != 1 || !ask_for(context, kind, now))
        return pki_trouble(why, "check a certificate");
    int good = X509_verify_cert(context), error = X509_STORE_CTX_get_error(context);
    ERR_clear_error();
    if (good == 1 && error == X509_V_OK)
        return ST_OK;
    return problem_set(why, ST_DENIED, "certificate: %s", X509_verify_cert_error_string(error));
}

static enum status check(const struct pki_trust *trust, struct slice certificate,
                         const bool kinds[PKI_KIND_COUNT_], struct instant now, struct arena *arena,
                         struct pki_certificate *read, struct problem *why)
{
    TRY(pki_read(certificate, arena, read, why));
    if (!kinds[read->kind])
        return problem_set(why, ST_DENIED, "certificate: it is of a %s", pki_kind_names[read->kind]);
    return verify(trust, certificate, read->kind, now, why);
}

enum status pki_verify(const struct pki_trust *trust, struct slice certificate, enum pki_kind kind,
                       struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create(256 * 1024);
    struct pki_certificate read;
    bool kinds[PKI_KIND_COUNT_] = {false};
    kinds[kind] = true;
    return check(trust, certificate, kinds, now, arena, &read, why);
}

enum status pki_identify(const struct pki_trust *trust, struct slice certificate,
                         struct instant now, struct arena *arena, struct pki_certificate *peer,
                         struct problem *why)
{
    static const bool kinds[PKI_KIND_COUNT_] = {[PKI_PERSON] = true, [PKI_DEVICE] = true};
    struct pki_certificate read;
    TRY(check(trust, certificate, kinds, now, arena, &read, why));
    *peer = read;
    return ST_OK;
}
