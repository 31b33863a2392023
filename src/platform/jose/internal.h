#ifndef RENDEZ_PLATFORM_JOSE_INTERNAL_H
#define RENDEZ_PLATFORM_JOSE_INTERNAL_H

#include <cjose/cjose.h>
#include <openssl/evp.h>

#include "formats/json/json.h"
#include "platform/jose/jose.h"
#include "platform/jose/oidc.h"

/* What a key must be for an algorithm (RFC 7518 section 3.1: one curve for each ES…). */
enum key_kind { KEY_KIND_NONE, KEY_RSA, KEY_P256, KEY_P384, KEY_P521, KEY_ED25519 };
enum key_kind alg_key_kind(enum jose_alg alg);
/* The hash of at_hash: that of the algorithm (OpenID Connect Core, section 3.1.3.6). */
const EVP_MD *alg_digest(enum jose_alg alg);

struct jose_key {
    struct slice id;
    enum key_kind kind;
    enum jose_alg alg; /* JOSE_NO_ALG: any that fits */
    size_t signature_bytes;
    cjose_jwk_t *jwk;  /* or: */
    EVP_PKEY *ed25519;
};
struct jose_keys {
    struct arena *arena;
    struct jose_key items[JOSE_KEYS_MAX];
    size_t count;
};

/* Whether an RSA modulus was made as CVE-2017-15361 ("ROCA") tells: its factors follow from it. */
bool roca_is_weak(struct slice modulus);

/* A member that must be a text of 1 to `max` bytes without control characters. */
MUST_USE enum status claim_text(const json_t *object, const char *name, size_t max,
                                struct arena *arena, struct slice *out, struct problem *why);

#endif
