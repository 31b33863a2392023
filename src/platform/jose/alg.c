#include "platform/jose/internal.h"

static const struct {
    const char *name;
    enum key_kind kind;
    const EVP_MD *(*digest)(void);
} algs[JOSE_ALG_COUNT_] = {
    [JOSE_NO_ALG] = {"", KEY_KIND_NONE, EVP_sha256},
    [JOSE_RS256] = {"RS256", KEY_RSA, EVP_sha256},
    [JOSE_RS384] = {"RS384", KEY_RSA, EVP_sha384},
    [JOSE_RS512] = {"RS512", KEY_RSA, EVP_sha512},
    [JOSE_PS256] = {"PS256", KEY_RSA, EVP_sha256},
    [JOSE_PS384] = {"PS384", KEY_RSA, EVP_sha384},
    [JOSE_PS512] = {"PS512", KEY_RSA, EVP_sha512},
    [JOSE_ES256] = {"ES256", KEY_P256, EVP_sha256},
    [JOSE_ES384] = {"ES384", KEY_P384, EVP_sha384},
    [JOSE_ES512] = {"ES512", KEY_P521, EVP_sha512},
    [JOSE_EDDSA] = {"EdDSA", KEY_ED25519, EVP_sha512}, /* Ed25519 hashes with SHA-512 */
};

enum jose_alg jose_alg_named(struct slice name)
{
    for (unsigned alg = JOSE_NO_ALG + 1; alg < JOSE_ALG_COUNT_; alg++)
        if (slice_equal(name, slice_from(algs[alg].name)))
            return alg;
    return JOSE_NO_ALG;
}

const char *jose_alg_name(enum jose_alg alg)
{
    return algs[alg].name;
}

enum key_kind alg_key_kind(enum jose_alg alg)
{
    return algs[alg].kind;
}

const EVP_MD *alg_digest(enum jose_alg alg)
{
    return algs[alg].digest();
}
