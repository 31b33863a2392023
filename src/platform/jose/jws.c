#include <string.h>

#include "platform/jose/internal.h"

struct parts {
    struct slice header, payload, signature; /* base64url, as sent */
};

static bool split(struct slice token, struct parts *out)
{
    size_t first = slice_find(token, LIT("."), 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : slice_find(token, LIT("."), first + 1);
    if (second == SIZE_MAX)
        return false;
    *out = (struct parts){slice_sub(token, 0, first), slice_sub(token, first + 1, second),
                          slice_sub(token, second + 1, token.len)};
    return out->header.len > 0 && out->signature.len > 0 &&
           !slice_contains(out->signature, LIT("."));
}

/* crit and b64 change what the rest means; the others bring a key, which is the sender's word. */
static const char *const refused_members[] = {"crit", "b64", "jwk", "jku", "x5c", "x5u"};

static enum status read_header(struct slice text, struct arena *arena, struct jws *out,
                               struct problem *why)
{
    AUTO_JSON header = NULL;
    struct slice bytes;
    if (base64url_decode(text, arena, &bytes) != ST_OK ||
        json_read_unique(bytes, &header, NULL) != ST_OK || !json_is_object(header))
        return problem_set(why, ST_INVALID, "the token's header is malformed");
    for (size_t i = 0; i < sizeof refused_members / sizeof *refused_members; i++)
        if (json_object_get(header, refused_members[i]) != NULL)
            return problem_set(why, ST_INVALID, "the token's header has a member \"%s\"",
                               refused_members[i]);
    if (json_object_get(header, "kid") != NULL)
        TRY(claim_text(header, "kid", JOSE_KEY_ID_BYTES_MAX, arena, &out->key_id, why));
    if (json_object_get(header, "typ") != NULL)
        TRY(claim_text(header, "typ", 64, arena, &out->type, why));
    out->alg = jose_alg_named(json_text(header, "alg"));
    return ST_OK;
}

static bool fits(const struct jose_key *key, enum jose_alg alg)
{
    return key->kind == alg_key_kind(alg) && (key->alg == JOSE_NO_ALG || key->alg == alg);
}

/* A name may stand for keys of different kinds (RFC 7517 section 4.5); two that fit are none. */
static enum status find_key(const struct jose_keys *keys, const struct jws *jws,
                            const struct jose_key **out, struct problem *why)
{
    const struct jose_key *found = NULL;
    bool named = false;
    if (jws->key_id.len == 0 && keys->count > 1)
        return problem_set(why, ST_DENIED, "the token names no key, and there are several");
    for (size_t i = 0; i < keys->count; i++) {
        const struct jose_key *key = &keys->items[i];
        if (jws->key_id.len > 0 && !slice_equal(key->id, jws->key_id))
            continue;
        named = true;
        if (!fits(key, jws->alg))
            continue;
        if (found != NULL)
            return problem_set(why, ST_DENIED, "several keys have the name that the token says");
        found = key;
    }
    if (!named)
        return problem_set(why, ST_NOT_FOUND, "the token's key is not in the provider's set");
    if (found == NULL)
        return problem_set(why, ST_DENIED, "the token's algorithm does not fit its key");
    *out = found;
    return ST_OK;
}

static void release_jws(cjose_jws_t **jws)
{
    cjose_jws_release(*jws);
}

static bool verify_by_cjose(struct slice token, const struct jose_key *key)
{
    __attribute__((cleanup(release_jws))) cjose_jws_t *jws =
        cjose_jws_import(token.data, token.len, NULL);
    return jws != NULL && cjose_jws_verify(jws, key->jwk, NULL);
}

static void free_digest(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static bool verify_ed25519(struct slice text, struct slice signature, const struct jose_key *key)
{
    __attribute__((cleanup(free_digest))) EVP_MD_CTX *context = EVP_MD_CTX_new();
    return context != NULL &&
           EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->ed25519) == 1 &&
           EVP_DigestVerify(context, (const unsigned char *)signature.data, signature.len,
                            (const unsigned char *)text.data, text.len) == 1;
}

/* cjose takes ECDSA signatures with zeros before their numbers; a signature has one length. */
static bool is_signed(struct slice token, struct slice text, struct slice signature,
                      const struct jose_key *key)
{
    if (signature.len != key->signature_bytes)
        return false;
    return key->kind == KEY_ED25519 ? verify_ed25519(text, signature, key)
                                    : verify_by_cjose(token, key);
}

enum status jws_verify(struct slice token, const struct jose_keys *keys, unsigned allowed,
                       struct arena *arena, struct jws *out, struct problem *why)
{
    struct parts parts;
    struct jws jws = {0};
    struct slice signature;
    const struct jose_key *key;
    if (token.len > JOSE_TOKEN_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "the token is longer than %d bytes",
                           JOSE_TOKEN_BYTES_MAX);
    if (!split(token, &parts) || base64url_decode(parts.payload, arena, &jws.payload) != ST_OK ||
        base64url_decode(parts.signature, arena, &signature) != ST_OK)
        return problem_set(why, ST_INVALID, "no signed token in the compact form");
    TRY(read_header(parts.header, arena, &jws, why));
    if (jws.alg == JOSE_NO_ALG || (allowed & JOSE_ALG_BIT(jws.alg)) == 0)
        return problem_set(why, ST_DENIED, "the token is signed with an algorithm that is not allowed");
    TRY(find_key(keys, &jws, &key, why));
    struct slice text = slice_sub(token, 0, token.len - parts.signature.len - 1);
    if (!is_signed(token, text, signature, key))
        return problem_set(why, ST_DENIED, "the token's signature is wrong");
    *out = jws;
    return ST_OK;
}
