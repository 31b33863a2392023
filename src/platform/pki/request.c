/* Requests of people who keep their key: strangers' bytes, of which the public key counts. */
#include <openssl/err.h>
#include <openssl/pem.h>

#include "platform/pki/internal.h"

static X509_REQ *from_pem(struct slice text)
{
    AUTO_OPENSSL(bio) BIO *bio = BIO_new_mem_buf(text.data, (int)text.len);
    return bio == NULL ? NULL : PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
}

static X509_REQ *from_der(struct slice bytes)
{
    const unsigned char *at = (const unsigned char *)bytes.data;
    X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)bytes.len);
    if (request != NULL && at != (const unsigned char *)bytes.data + bytes.len) {
        X509_REQ_free(request);
        return NULL;
    }
    return request;
}

/* ECDSA by its own key shows that whoever asks has the private half; the hash is theirs to choose,
 * of SHA-2. */
static bool is_signed_well(X509_REQ *request)
{
    int digest = NID_undef, algorithm = NID_undef;
    if (OBJ_find_sigid_algs(X509_REQ_get_signature_nid(request), &digest, &algorithm) != 1 ||
        algorithm != NID_X9_62_id_ecPublicKey)
        return false;
    return (digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512) &&
           X509_REQ_verify(request, X509_REQ_get0_pubkey(request)) == 1;
}

enum status pki_request_read(struct slice request, struct arena *arena, struct slice *public_key,
                             struct problem *why)
{
    if (request.len > PKI_INPUT_BYTES_MAX)
        return pki_refuse(why, ST_LIMIT, "a request for a certificate is shorter");
    if (request.len == 0)
        return pki_refuse(why, ST_INVALID, "the request is empty");
    bool is_pem = slice_contains(request, LIT("-----BEGIN "));
    AUTO_OPENSSL(req) X509_REQ *read = is_pem ? from_pem(request) : from_der(request);
    if (read == NULL)
        return pki_refuse(why, ST_INVALID, "this is no request for a certificate (PKCS#10)");
    struct slice key;
    EVP_PKEY *pkey = X509_REQ_get0_pubkey(read);
    if (pkey == NULL || !pki_is_p256(pkey) || !pki_public_of(pkey, arena, &key) ||
        !pki_is_our_key(key))
        return pki_refuse(why, ST_INVALID, "the request's key must be ECDSA on P-256");
    if (!is_signed_well(read))
        return pki_refuse(why, ST_INVALID, "the request is not signed by its own key");
    ERR_clear_error();
    *public_key = key;
    return ST_OK;
}
