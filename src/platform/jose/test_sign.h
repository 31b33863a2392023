#ifndef RENDEZ_PLATFORM_JOSE_TEST_SIGN_H
#define RENDEZ_PLATFORM_JOSE_TEST_SIGN_H

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "check.h"
#include "platform/jose/internal.h"

/* Keys of a provider, their public halves as JWK, and tokens signed with them, whatever their
 * header says: for tests. OpenSSL alone does it, so that cjose is checked by another. */

struct signer {
    EVP_PKEY *key;
    enum key_kind kind;
};

static inline struct signer signer_create(enum key_kind kind)
{
    EVP_PKEY *key = kind == KEY_RSA    ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048)
                    : kind == KEY_P256 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256")
                    : kind == KEY_P384 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384")
                    : kind == KEY_P521 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-521")
                                       : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    return (struct signer){key, kind};
}

static inline void signer_destroy(struct signer *signer)
{
    EVP_PKEY_free(signer->key);
    signer->key = NULL;
}

static inline struct slice in_base64url(struct slice bytes, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(bytes.len * 2 + 8);
    base64url_encode(bytes, &text);
    return arena_copy(arena, buffer_slice(&text));
}

/* A parameter of the public key, left-padded to `bytes` (0: as short as it is). */
static inline struct slice key_number(const struct signer *signer, const char *name, int bytes,
                                      struct arena *arena)
{
    BIGNUM *number = NULL;
    EVP_PKEY_get_bn_param(signer->key, name, &number);
    int len = bytes == 0 ? BN_num_bytes(number) : bytes;
    unsigned char *out = arena_alloc(arena, (size_t)len);
    BN_bn2binpad(number, out, len);
    BN_free(number);
    return in_base64url((struct slice){(char *)out, (size_t)len}, arena);
}

/* `more` are further members: ",\"use\":\"sig\"". */
static inline struct slice signer_jwk(const struct signer *signer, const char *id, const char *more,
                                      struct arena *arena)
{
    if (signer->kind == KEY_RSA)
        return arena_format(arena, "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%.*s\",\"e\":\"%.*s\"%s}", id,
                            SLICE_ARG(key_number(signer, "n", 0, arena)),
                            SLICE_ARG(key_number(signer, "e", 0, arena)), more);
    if (signer->kind == KEY_ED25519) {
        unsigned char raw[32];
        size_t len = sizeof raw;
        EVP_PKEY_get_raw_public_key(signer->key, raw, &len);
        return arena_format(arena, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"%s\",\"x\":\"%.*s\"%s}", id,
                            SLICE_ARG(in_base64url((struct slice){(char *)raw, len}, arena)), more);
    }
    int bytes = signer->kind == KEY_P256 ? 32 : signer->kind == KEY_P384 ? 48 : 66;
    const char *curve = signer->kind == KEY_P256 ? "P-256" : signer->kind == KEY_P384 ? "P-384" : "P-521";
    return arena_format(arena, "{\"kty\":\"EC\",\"crv\":\"%s\",\"kid\":\"%s\",\"x\":\"%.*s\",\"y\":\"%.*s\"%s}",
                        curve, id, SLICE_ARG(key_number(signer, "qx", bytes, arena)),
                        SLICE_ARG(key_number(signer, "qy", bytes, arena)), more);
}

/* OpenSSL's signature is a DER sequence of two numbers; a token has them side by side. */
static inline struct slice raw_ecdsa(struct slice der, int bytes, struct arena *arena)
{
    const unsigned char *at = (const unsigned char *)der.data;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)der.len);
    unsigned char *out = arena_alloc(arena, (size_t)bytes * 2);
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, bytes);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + bytes, bytes);
    ECDSA_SIG_free(signature);
    return (struct slice){(char *)out, (size_t)bytes * 2};
}

static inline struct slice sign_bytes(const struct signer *signer, enum jose_alg alg,
                                      struct slice text, struct arena *arena)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key = NULL;
    size_t len = 1024;
    unsigned char *out = arena_alloc(arena, len);
    EVP_DigestSignInit(context, &key, signer->kind == KEY_ED25519 ? NULL : alg_digest(alg), NULL,
                       signer->key);
    if (alg == JOSE_PS256 || alg == JOSE_PS384 || alg == JOSE_PS512) {
        EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(key, RSA_PSS_SALTLEN_DIGEST);
    }
    CHECK(EVP_DigestSign(context, out, &len, (const unsigned char *)text.data, text.len) == 1);
    EVP_MD_CTX_free(context);
    struct slice signature = {(char *)out, len};
    int bytes = signer->kind == KEY_P256   ? 32
                : signer->kind == KEY_P384 ? 48
                : signer->kind == KEY_P521 ? 66
                                           : 0;
    return bytes == 0 ? signature : raw_ecdsa(signature, bytes, arena);
}

static inline struct slice sign_token(const struct signer *signer, enum jose_alg alg,
                                      struct slice header, struct slice payload, struct arena *arena)
{
    struct slice text = arena_format(arena, "%.*s.%.*s", SLICE_ARG(in_base64url(header, arena)),
                                     SLICE_ARG(in_base64url(payload, arena)));
    struct slice signature = in_base64url(sign_bytes(signer, alg, text, arena), arena);
    return arena_format(arena, "%.*s.%.*s", SLICE_ARG(text), SLICE_ARG(signature));
}

#endif
