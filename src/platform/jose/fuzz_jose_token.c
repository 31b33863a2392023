/* Input: a token; or "claims", newline, the payload of an ID token or a logout token, which is
 * signed here so that what comes behind the signature is reached. */
#include <assert.h>

#include "platform/jose/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1790000000 };

static EVP_PKEY *private_key;
static struct jose_keys *keys;

static struct slice base64url(struct slice bytes, struct arena *arena)
{
    AUTO_BUFFER text = buffer_create(bytes.len * 2 + 8);
    base64url_encode(bytes, &text);
    return arena_copy(arena, buffer_slice(&text));
}

static void set_up(struct arena *arena)
{
    static const unsigned char seed[32] = {1};
    unsigned char public_key[32];
    size_t len = sizeof public_key;
    private_key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
    assert(private_key != NULL && EVP_PKEY_get_raw_public_key(private_key, public_key, &len) == 1);
    struct slice x = base64url((struct slice){(char *)public_key, len}, arena);
    enum status status = jose_keys_parse(
        arena_format(arena, "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%.*s\"}]}", SLICE_ARG(x)),
        &keys, NULL);
    assert(status == ST_OK && jose_keys_count(keys) == 1);
}

static struct slice sign(struct slice payload, struct arena *arena)
{
    unsigned char signature[64];
    size_t len = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    struct slice text = arena_format(arena, "%.*s.%.*s", SLICE_ARG(base64url(LIT("{\"alg\":\"EdDSA\"}"), arena)),
                                     SLICE_ARG(base64url(payload, arena)));
    int good = EVP_DigestSignInit(context, NULL, NULL, NULL, private_key) == 1 &&
               EVP_DigestSign(context, signature, &len, (const unsigned char *)text.data, text.len) == 1;
    assert(good);
    EVP_MD_CTX_free(context);
    struct slice last = base64url((struct slice){(char *)signature, len}, arena);
    return arena_format(arena, "%.*s.%.*s", SLICE_ARG(text), SLICE_ARG(last));
}

/* What is taken is within its bounds, and in its time. */
static void check_claims(struct slice token, bool is_ours, struct arena *arena)
{
    struct slice issuer = LIT("https://id.example"), client = LIT("rendez");
    struct instant now = {(int64_t)NOW * 1000000};
    struct id_token_rules rules = {.issuer = issuer, .client = client, .nonce = LIT("n"), .max_age_s = -1,
                                   .algs = JOSE_ALGS_ALL, .now = now};
    struct logout_rules logout = {issuer, client, JOSE_ALGS_ALL, now};
    struct id_claims claims;
    struct logout_claims ended;
    struct slice_list audience = {0};
    struct slice from = SLICE_NONE;
    if (oidc_token_peek(token, arena, &from, &audience, NULL) == ST_OK)
        assert(from.len > 0 && audience.count <= 16);
    if (oidc_id_token_check(token, keys, &rules, arena, &claims, NULL) == ST_OK) {
        assert(is_ours && claims.subject.len > 0 && claims.subject.len <= OIDC_SUBJECT_BYTES_MAX);
        assert(claims.ends.us + (int64_t)OIDC_LEEWAY_S * 1000000 >= now.us);
        assert(!(claims.email_verified && claims.email_unverified));
        assert(oidc_logout_token_check(token, keys, &logout, arena, &ended, NULL) != ST_OK);
    }
    if (oidc_logout_token_check(token, keys, &logout, arena, &ended, NULL) == ST_OK)
        assert(is_ours && ended.id.len > 0 && ended.subject.len + ended.session.len > 0 && ended.ends.us >= now.us);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((size_t)16 << 20);
    struct slice text = {(const char *)data, size};
    if (keys == NULL)
        set_up(arena);
    if (slice_starts(text, LIT("claims\n")) && size < 256 * 1024) {
        check_claims(sign(slice_sub(text, 7, size), arena), true, arena);
        return 0;
    }
    check_claims(text, false, arena);
    return 0;
}
