#include "platform/jose/claims.h"

#define LOGOUT_EVENT "http://schemas.openid.net/event/backchannel-logout"

enum { ID_BYTES_MAX = 255, SESSION_BYTES_MAX = 512 };

static enum status check_event(const json_t *claims, struct problem *why)
{
    const json_t *events = json_object_get(claims, "events");
    if (!json_is_object(json_object_get(events, LOGOUT_EVENT)))
        return problem_set(why, ST_DENIED, "the token says nothing of a logout");
    if (json_object_get(claims, "nonce") != NULL) /* section 2.4: it would be an ID token */
        return problem_set(why, ST_DENIED, "a logout token has no \"nonce\"");
    return ST_OK;
}

static enum status read_whom(const json_t *json, struct arena *arena, struct logout_claims *claims,
                             struct problem *why)
{
    bool has_subject = json_object_get(json, "sub") != NULL;
    bool has_session = json_object_get(json, "sid") != NULL;
    if (!has_subject && !has_session)
        return problem_set(why, ST_INVALID, "the logout token names nobody");
    if (has_subject)
        TRY(claim_text(json, "sub", OIDC_SUBJECT_BYTES_MAX, arena, &claims->subject, why));
    if (has_session)
        TRY(claim_text(json, "sid", SESSION_BYTES_MAX, arena, &claims->session, why));
    return ST_OK;
}

enum status oidc_logout_token_check(struct slice token, const struct jose_keys *keys,
                                    const struct logout_rules *rules, struct arena *arena,
                                    struct logout_claims *out, struct problem *why)
{
    AUTO_JSON json = NULL;
    struct jws jws;
    struct instant issued, ends;
    struct logout_claims claims = {0};
    TRY(claims_read(token, keys, rules->algs, "logout+jwt", arena, &jws, &json, why));
    TRY(claims_check(json, rules->issuer, rules->client, rules->now, &issued, &ends, why));
    TRY(check_event(json, why));
    if (instant_after(rules->now, issued, OIDC_LOGOUT_AGE_S))
        return problem_set(why, ST_DENIED, "the logout token is too old");
    TRY(read_whom(json, arena, &claims, why));
    TRY(claim_text(json, "jti", ID_BYTES_MAX, arena, &claims.id, why));
    claims.ends.us = issued.us + (int64_t)OIDC_LOGOUT_AGE_S * 1000000;
    *out = claims;
    return ST_OK;
}
