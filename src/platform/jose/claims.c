#include "platform/jose/claims.h"

static const double seconds_max = 253402300799; /* the last of year 9999 */

bool instant_after(struct instant a, struct instant b, int64_t seconds)
{
    return a.us > b.us + seconds * 1000000;
}

enum status claim_instant(const json_t *claims, const char *name, struct instant *out,
                          struct problem *why)
{
    const json_t *value = json_object_get(claims, name);
    if (value == NULL) {
        *out = (struct instant){0};
        return ST_OK;
    }
    double seconds = json_number_value(value); /* exact to the second up to 2^53 */
    if (!json_is_number(value) || !(seconds >= 0 && seconds <= seconds_max))
        return problem_set(why, ST_INVALID, "\"%s\" is no time", name);
    out->us = (int64_t)seconds * 1000000;
    return ST_OK;
}

static enum status check_type(struct slice type, const char *expected, struct problem *why)
{
    if (type.len == 0 || slice_equal_nocase(type, LIT("JWT")) ||
        slice_equal_nocase(type, slice_from(expected)))
        return ST_OK;
    return problem_set(why, ST_DENIED, "the token is made for something else");
}

enum status claims_read(struct slice token, const struct jose_keys *keys, unsigned algs,
                        const char *type, struct arena *arena, struct jws *jws, json_t **claims,
                        struct problem *why)
{
    AUTO_JSON payload = NULL;
    TRY(jws_verify(token, keys, algs, arena, jws, why));
    TRY(check_type(jws->type, type, why));
    TRY(json_read_unique(jws->payload, &payload, why));
    if (!json_is_object(payload))
        return problem_set(why, ST_INVALID, "the token's payload is no object");
    *claims = payload;
    payload = NULL;
    return ST_OK;
}

static enum status check_issuer(const json_t *claims, struct slice issuer, struct problem *why)
{
    struct slice text = json_text(claims, "iss");
    if (text.len == 0)
        return problem_set(why, ST_INVALID, "\"iss\" is missing");
    if (!slice_equal(text, issuer))
        return problem_set(why, ST_DENIED, "the token is of another issuer");
    return ST_OK;
}

/* One text or a list of texts; how many there are, and whether ours is one. */
static enum status read_audience(const json_t *claims, struct slice client, size_t *count,
                                 bool *ours, struct problem *why)
{
    const json_t *audience = json_object_get(claims, "aud");
    *ours = slice_equal(json_text(claims, "aud"), client);
    *count = 1;
    if (json_is_string(audience))
        return ST_OK;
    if (!json_is_array(audience) || json_array_size(audience) == 0)
        return problem_set(why, ST_INVALID, "\"aud\" names nobody");
    *count = json_array_size(audience);
    for (size_t i = 0; i < *count; i++) {
        const json_t *item = json_array_get(audience, i);
        struct slice text = {json_string_value(item), json_string_length(item)};
        if (!json_is_string(item))
            return problem_set(why, ST_INVALID, "\"aud\" holds something else than texts");
        *ours |= slice_equal(text, client);
    }
    return ST_OK;
}

/* Core, section 3.1.3.7, 3 to 5: with several audiences, it must say that it is for us. */
static enum status check_audience(const json_t *claims, struct slice client, struct problem *why)
{
    size_t count;
    bool ours;
    const json_t *party = json_object_get(claims, "azp");
    TRY(read_audience(claims, client, &count, &ours, why));
    if (!ours)
        return problem_set(why, ST_DENIED, "the token is for somebody else");
    if (party == NULL && count > 1)
        return problem_set(why, ST_DENIED, "the token is for several, and does not say for whom");
    if (party != NULL && !slice_equal(json_text(claims, "azp"), client))
        return problem_set(why, ST_DENIED, "the token was made for another client");
    return ST_OK;
}

static enum status check_times(const json_t *claims, struct instant now, struct instant *issued,
                               struct instant *ends, struct problem *why)
{
    struct instant not_before;
    TRY(claim_instant(claims, "exp", ends, why));
    TRY(claim_instant(claims, "iat", issued, why));
    TRY(claim_instant(claims, "nbf", &not_before, why));
    if (ends->us == 0 || issued->us == 0)
        return problem_set(why, ST_INVALID, "\"exp\" or \"iat\" is missing");
    if (instant_after(now, *ends, OIDC_LEEWAY_S))
        return problem_set(why, ST_DENIED, "the token has expired");
    if (instant_after(*issued, now, OIDC_LEEWAY_S) || instant_after(not_before, now, OIDC_LEEWAY_S))
        return problem_set(why, ST_DENIED, "the token is of a time to come: are the clocks right?");
    return ST_OK;
}

enum status claims_check(const json_t *claims, struct slice issuer, struct slice client,
                         struct instant now, struct instant *issued, struct instant *ends,
                         struct problem *why)
{
    TRY(check_issuer(claims, issuer, why));
    TRY(check_audience(claims, client, why));
    return check_times(claims, now, issued, ends, why);
}
