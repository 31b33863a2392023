#ifndef RENDEZ_PLATFORM_JOSE_H
#define RENDEZ_PLATFORM_JOSE_H

#include "base/bytes/bytes.h"

/* Signed tokens (JWS, RFC 7515), the public keys that they are checked with (JWK, RFC 7517) and
 * PKCE (RFC 7636). Signatures are checked by cjose, those with Ed25519 by OpenSSL; what comes
 * from outside is read by us, strictly, before either sees it. No I/O and no clock. */

enum {
    JOSE_TOKEN_BYTES_MAX = 16 * 1024,
    JOSE_KEYS_BYTES_MAX = 128 * 1024,
    JOSE_KEYS_MAX = 32, /* in a set, usable or not */
    JOSE_KEY_ID_BYTES_MAX = 256,
    JOSE_RSA_BITS_MIN = 2048,
    JOSE_RSA_BITS_MAX = 8192,
};

/* RFC 7518 section 3.1 and RFC 8037. "none" and the HS… (a secret that both sides hold) are no
 * names here: a token with them is refused like one with an unknown word. */
enum jose_alg {
    JOSE_NO_ALG,
    JOSE_RS256,
    JOSE_RS384,
    JOSE_RS512,
    JOSE_PS256,
    JOSE_PS384,
    JOSE_PS512,
    JOSE_ES256,
    JOSE_ES384,
    JOSE_ES512,
    JOSE_EDDSA, /* with Ed25519 */
    JOSE_ALG_COUNT_,
};
/* Sets of them are bits. */
#define JOSE_ALG_BIT(alg) (1u << (alg))
#define JOSE_ALGS_ALL (((1u << JOSE_ALG_COUNT_) - 1) & ~JOSE_ALG_BIT(JOSE_NO_ALG))
enum jose_alg jose_alg_named(struct slice name);
const char *jose_alg_name(enum jose_alg alg);

/* A set of public keys. Keys for other uses, of other kinds, too short, too weak (a public
 * exponent of 1, a modulus made as CVE-2017-15361 tells) or off their curve are left out.
 * ST_INVALID  no such set
 * ST_DENIED   the set holds a private or a shared key: whoever publishes that is not trusted
 * ST_LIMIT    too long, or too many keys */
struct jose_keys;
#define AUTO_JOSE_KEYS __attribute__((cleanup(jose_keys_destroy))) struct jose_keys *
MUST_USE enum status jose_keys_parse(struct slice json, struct jose_keys **out,
                                     struct problem *why);
void jose_keys_destroy(struct jose_keys **keys); /* accepts NULL */
size_t jose_keys_count(const struct jose_keys *keys); /* usable ones */

struct jws {
    enum jose_alg alg;
    struct slice type;    /* "typ", may be empty */
    struct slice key_id;  /* "kid", may be empty */
    struct slice payload; /* what was signed */
};
/* Checks the signature of a token in the compact form. The key is the one of the set that the
 * token names and that fits its algorithm; a token that names none only has a set of one key.
 *   allowed  JOSE_ALG_BITs
 * ST_INVALID    malformed, or with header members that would change its meaning (crit, b64) or
 *               bring their own key (jwk, jku, x5c, x5u)
 * ST_LIMIT      too long
 * ST_DENIED     another algorithm, several keys of that name, or not signed with that key
 * ST_NOT_FOUND  no key of that name: a set fetched anew may have it */
MUST_USE enum status jws_verify(struct slice token, const struct jose_keys *keys, unsigned allowed,
                                struct arena *arena, struct jws *out, struct problem *why);

/* PKCE: 32 random bytes become the verifier, 43 characters; of methods there is "S256" only. */
enum { PKCE_RANDOM_BYTES = 32 };
struct slice pkce_verifier(const unsigned char random[PKCE_RANDOM_BYTES], struct arena *arena);
/* ST_INVALID  not 43 to 128 unreserved characters (RFC 7636 section 4.1) */
MUST_USE enum status pkce_challenge(struct slice verifier, struct arena *arena,
                                    struct slice *challenge, struct problem *why);

#endif
