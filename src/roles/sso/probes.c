/* "forged_tokens": ID tokens of a made-up provider, by the check that a login goes through. The good one, and only that, must
 * be taken. Keys and tokens were made once (ES256; the private keys were thrown away), so they have a time of their own. */
#include "platform/jose/oidc.h"
#include "roles/sso/probes.h"

static const char key_set[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\",\"use\":\"sig\",\"alg\":\"ES256\","
    "\"x\":\"0f-XJmiXt73q2z3tvyhEZBVRFwfy4u3bnyP_wLbpebc\","
    "\"y\":\"G_5dvYKoq6JULbBetmL3oPNLTCj-MZ-YtQxW29yfajI\"}]}";
static const char good[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLnRyaWFsLmV4YW1wbGUiLCJzdWIiOiJzb21l"
    "Ym9keSIsImF1ZCI6InJlbmRleiIsIm5vbmNlIjoibi0xIiwiaWF0IjoxNzkwMDAwMDAwLCJleHAiOjE3OTAwMDAzMDB9.ZpKgia3"
    "GslnpY_AG2Lo4kxAg7eS3Or1gGTO7ItPK4EGGd1ArhgZf72uJhZ-ugBzPtwkaUqCmcqgRHCn_WYhsAg";
static const char of_no_algorithm[] =
    "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLnRyaWFsLmV4YW1wbGUiLCJzdWIiOiJzb21lY"
    "m9keSIsImF1ZCI6InJlbmRleiIsIm5vbmNlIjoibi0xIiwiaWF0IjoxNzkwMDAwMDAwLCJleHAiOjE3OTAwMDAzMDB9.";
static const char by_public_key[] =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLnRyaWFsLmV4YW1wbGUiLCJzdWIiOiJzb21l"
    "Ym9keSIsImF1ZCI6InJlbmRleiIsIm5vbmNlIjoibi0xIiwiaWF0IjoxNzkwMDAwMDAwLCJleHAiOjE3OTAwMDAzMDB9.D3fZOYV"
    "RVslSh6o16KtRWcYavAUXdzqRD5aP5kkbzXM";
static const char by_other_key[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLnRyaWFsLmV4YW1wbGUiLCJzdWIiOiJzb21l"
    "Ym9keSIsImF1ZCI6InJlbmRleiIsIm5vbmNlIjoibi0xIiwiaWF0IjoxNzkwMDAwMDAwLCJleHAiOjE3OTAwMDAzMDB9.cXgY2yJ"
    "MxU2TrdyuMV-3nsMMPLvyR40GGBZQtEu1Al6Yxw5cYoJPAFRa3xbOgVJAhB2yD3NgWqnTD9TEdwM4bw";
static const char of_other_claims[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLnRyaWFsLmV4YW1wbGUiLCJzdWIiOiJzb21l"
    "Ym9keSBlbHNlIiwiYXVkIjoicmVuZGV6Iiwibm9uY2UiOiJuLTEiLCJpYXQiOjE3OTAwMDAwMDAsImV4cCI6MTc5MDAwMDMwMH0."
    "ZpKgia3GslnpY_AG2Lo4kxAg7eS3Or1gGTO7ItPK4EGGd1ArhgZf72uJhZ-ugBzPtwkaUqCmcqgRHCn_WYhsAg";
static const char unsigned_one[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLnRyaWFsLmV4YW1wbGUiLCJzdWIiOiJzb21l"
    "Ym9keSIsImF1ZCI6InJlbmRleiIsIm5vbmNlIjoibi0xIiwiaWF0IjoxNzkwMDAwMDAwLCJleHAiOjE3OTAwMDAzMDB9.";
static const char of_zeros[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLnRyaWFsLmV4YW1wbGUiLCJzdWIiOiJzb21l"
    "Ym9keSIsImF1ZCI6InJlbmRleiIsIm5vbmNlIjoibi0xIiwiaWF0IjoxNzkwMDAwMDAwLCJleHAiOjE3OTAwMDAzMDB9.AAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#define NOW 1790000100
static const struct trial_token {
    const char *cause; /* NULL: it must be taken */
    const char *token;
    const char *issuer, *client, *nonce; /* NULL: those of the token */
    int64_t now_s;                       /* 0: while it counts */
} trials[] = {
    {NULL, good, NULL, NULL, NULL, 0},
    {"unsigned_taken", of_no_algorithm, NULL, NULL, NULL, 0},
    {"unsigned_taken", unsigned_one, NULL, NULL, NULL, 0},
    {"forged_taken", of_zeros, NULL, NULL, NULL, 0},
    {"forged_taken", by_public_key, NULL, NULL, NULL, 0},
    {"forged_taken", by_other_key, NULL, NULL, NULL, 0},
    {"forged_taken", of_other_claims, NULL, NULL, NULL, 0},
    {"of_another_taken", good, "https://login.other.example", NULL, NULL, 0},
    {"of_another_taken", good, NULL, "another", NULL, 0},
    {"replayed_taken", good, NULL, NULL, "n-2", 0},
    {"ended_taken", good, NULL, NULL, NULL, NOW + 3600},
    {"ended_taken", good, NULL, NULL, NULL, NOW - 86400},
};
enum { TRIALS = sizeof trials / sizeof *trials };

static struct slice or_else(const char *text, const char *otherwise)
{
    return slice_from(text != NULL ? text : otherwise);
}

static bool is_taken(const struct trial_token *trial, const struct jose_keys *keys, struct arena *arena)
{
    struct id_claims claims;
    struct id_token_rules rules = {
        .issuer = or_else(trial->issuer, "https://login.trial.example"),
        .client = or_else(trial->client, "rendez"),
        .nonce = or_else(trial->nonce, "n-1"),
        .max_age_s = -1,
        .algs = ~0U,
        .now = {(trial->now_s != 0 ? trial->now_s : NOW) * INT64_C(1000000)},
    };
    return oidc_id_token_check(slice_from(trial->token), keys, &rules, arena, &claims, NULL) == ST_OK;
}

static enum status forged_tokens(struct probe *probe, void *context, struct problem *why)
{
    AUTO_JOSE_KEYS keys = NULL;
    (void)context;
    TRY(jose_keys_parse(slice_from(key_set), &keys, why));
    for (size_t i = 0; i < TRIALS; i++) {
        bool good_one = trials[i].cause == NULL;
        if (is_taken(&trials[i], keys, probe_arena(probe)) != good_one)
            return probe_fails(probe, good_one ? "good_refused" : trials[i].cause);
    }
    probe_fact(probe, "tokens", "%d", TRIALS);
    return probe_holds(probe);
}

void sso_probes(struct role *role)
{
    role_on_probe(role, "forged_tokens", forged_tokens, NULL);
}
