#include "platform/jose/claims.h"

enum { AMR_MAX = 16, WORD_BYTES_MAX = 255, EMAIL_BYTES_MAX = 254, SESSION_BYTES_MAX = 512 };

static bool is_in(const struct slice_list *list, struct slice text)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i], text))
            return true;
    return false;
}

/* Compared without telling by the time where they differ. */
static bool same_secret(struct slice a, struct slice b)
{
    unsigned char difference = 0;
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        difference |= (unsigned char)(a.data[i] ^ b.data[i]);
    return difference == 0;
}

static enum status check_nonce(const json_t *claims, struct slice nonce, struct problem *why)
{
    struct slice text = json_text(claims, "nonce");
    if (nonce.len == 0 || text.len == 0)
        return problem_set(why, ST_INVALID, "\"nonce\" is missing");
    if (!same_secret(text, nonce))
        return problem_set(why, ST_DENIED, "the token answers another question than ours");
    return ST_OK;
}

static enum status read_subject(const json_t *claims, struct arena *arena, struct slice *out,
                                struct problem *why)
{
    struct slice text = json_text(claims, "sub");
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] > 0x7E)
            return problem_at(why, ST_INVALID, i, "\"sub\" is not ASCII");
    return claim_text(claims, "sub", OIDC_SUBJECT_BYTES_MAX, arena, out, why);
}

static enum status read_optional(const json_t *claims, const char *name, size_t max,
                                 struct arena *arena, struct slice *out, struct problem *why)
{
    return json_object_get(claims, name) == NULL ? ST_OK
                                                 : claim_text(claims, name, max, arena, out, why);
}

static enum status read_methods(const json_t *claims, struct arena *arena, struct slice_list *out,
                                struct problem *why)
{
    const json_t *methods = json_object_get(claims, "amr");
    if (methods == NULL)
        return ST_OK;
    if (!json_is_array(methods) || json_array_size(methods) > AMR_MAX)
        return problem_set(why, ST_INVALID, "\"amr\" is no list of at most %d words", AMR_MAX);
    for (size_t i = 0; i < json_array_size(methods); i++) {
        const json_t *item = json_array_get(methods, i);
        struct slice text = {json_string_value(item), json_string_length(item)};
        if (!json_is_string(item) || text.len == 0 || text.len > WORD_BYTES_MAX)
            return problem_set(why, ST_INVALID, "\"amr\" holds something else than words");
        ARENA_PUSH(arena, out, arena_copy(arena, text));
    }
    return ST_OK;
}

static enum status check_strength(const struct id_claims *claims,
                                  const struct id_token_rules *rules, struct problem *why)
{
    if (rules->acr.count > 0 && !is_in(&rules->acr, claims->acr))
        return problem_set(why, ST_DENIED, "the provider's \"acr\" is not one that is required");
    for (size_t i = 0; i < rules->amr.count; i++)
        if (!is_in(&claims->amr, rules->amr.items[i]))
            return problem_set(why, ST_DENIED, "the provider's \"amr\" lacks what is required");
    return ST_OK;
}

static enum status check_age(const json_t *json, const struct id_token_rules *rules,
                             struct instant *out, struct problem *why)
{
    TRY(claim_instant(json, "auth_time", out, why));
    if (out->us != 0 && instant_after(*out, rules->now, OIDC_LEEWAY_S))
        return problem_set(why, ST_DENIED, "\"auth_time\" is to come");
    if (rules->max_age_s < 0)
        return ST_OK;
    if (out->us == 0)
        return problem_set(why, ST_INVALID, "\"auth_time\" is missing");
    if (instant_after(rules->now, *out, rules->max_age_s + OIDC_LEEWAY_S))
        return problem_set(why, ST_DENIED, "the person signed in there too long ago");
    return ST_OK;
}

/* Core, section 3.1.3.6: the left half of the access token's hash. */
static enum status check_access_hash(const json_t *claims, const struct jws *jws,
                                     struct slice access_token, struct arena *arena,
                                     struct problem *why)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    struct slice hash;
    if (json_object_get(claims, "at_hash") == NULL || access_token.len == 0)
        return ST_OK;
    if (base64url_decode(json_text(claims, "at_hash"), arena, &hash) == ST_OK &&
        EVP_Digest(access_token.data, access_token.len, digest, &len, alg_digest(jws->alg),
                   NULL) == 1 &&
        slice_equal(hash, (struct slice){(const char *)digest, len / 2}))
        return ST_OK;
    return problem_set(why, ST_DENIED, "\"at_hash\" is of another access token");
}

/* A text "true" is what some providers write; what is neither is no word for either. */
static void read_verified(const json_t *json, struct id_claims *claims)
{
    const json_t *verified = json_object_get(json, "email_verified");
    claims->email_verified = json_is_true(verified) ||
                             slice_equal(json_text(json, "email_verified"), LIT("true"));
    claims->email_unverified = verified != NULL && !claims->email_verified;
}

enum status oidc_id_token_check(struct slice token, const struct jose_keys *keys,
                                const struct id_token_rules *rules, struct arena *arena,
                                struct id_claims *out, struct problem *why)
{
    AUTO_JSON json = NULL;
    struct jws jws;
    struct id_claims claims = {0};
    TRY(claims_read(token, keys, rules->algs, "JWT", arena, &jws, &json, why));
    TRY(claims_check(json, rules->issuer, rules->client, rules->now, &claims.issued, &claims.ends,
                     why));
    TRY(check_nonce(json, rules->nonce, why));
    TRY(read_subject(json, arena, &claims.subject, why));
    TRY(read_optional(json, "email", EMAIL_BYTES_MAX, arena, &claims.email, why));
    TRY(read_optional(json, "sid", SESSION_BYTES_MAX, arena, &claims.session, why));
    TRY(read_optional(json, "acr", WORD_BYTES_MAX, arena, &claims.acr, why));
    TRY(read_methods(json, arena, &claims.amr, why));
    TRY(check_age(json, rules, &claims.authenticated, why));
    TRY(check_strength(&claims, rules, why));
    TRY(check_access_hash(json, &jws, rules->access_token, arena, why));
    read_verified(json, &claims);
    *out = claims;
    return ST_OK;
}
