/* Public vectors, where they are at hand: test_vectors FOLDER. Wycheproof's sets for JSON web
 * signatures and keys, the JWS of the RFC 7520 cookbook, ID tokens with what they are checked
 * against, and PKCE. Cases that are no business of a relying party (shared keys, JWE, the other
 * serializations) are counted apart. */
#include "check.h"
#include "platform/jose/internal.h"

enum { FILE_BYTES_MAX = 8 << 20 };

static const char *folder;
static struct counts {
    size_t taken, refused, left_out;
} counts;

static void print_counts(const char *what)
{
    printf("# %s: %zu taken, %zu refused, %zu of other kinds\n", what, counts.taken, counts.refused,
           counts.left_out);
    counts = (struct counts){0};
}

static json_t *load(const char *name)
{
    AUTO_ARENA arena = arena_create(4 * FILE_BYTES_MAX);
    struct slice text;
    json_t *value = NULL;
    CHECK_OK(file_read(arena_format(arena, "%s/%s", folder, name).data, FILE_BYTES_MAX, arena, &text, NULL));
    CHECK_OK(json_read(text, &value, NULL));
    return value;
}

static bool verifies(const json_t *set, struct slice token, struct slice *payload, struct arena *arena)
{
    AUTO_JOSE_KEYS keys = NULL;
    struct jws jws;
    if (jose_keys_parse(json_write(set, arena), &keys, NULL) != ST_OK ||
        jws_verify(token, keys, JOSE_ALGS_ALL, arena, &jws, NULL) != ST_OK)
        return false;
    *payload = jws.payload;
    return true;
}

/* {"keys": […]} of what a group calls its public key. */
static json_t *set_of(const json_t *group)
{
    const json_t *key = json_object_get(group, "public");
    if (json_object_get(key, "keys") != NULL)
        return json_deep_copy(key);
    return json_pack("{s:[O]}", "keys", key);
}

/* Valid there, refused here: keys whose "alg" is another than the token's, or is none. */
static const int stricter[] = {346, 347, 350, 351};

static bool is_stricter(int64_t id)
{
    for (size_t i = 0; i < sizeof stricter / sizeof *stricter; i++)
        if (stricter[i] == id)
            return true;
    return false;
}

static void wycheproof_case(const json_t *set, const json_t *test)
{
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct slice token = json_text(test, "jws"), payload;
    bool valid = slice_equal(json_text(test, "result"), LIT("valid"));
    int64_t id = json_number(test, "tcId", 0);
    check_row(arena_format(arena, "tcId %d", (int)id).data);
    bool taken = set != NULL && verifies(set, token, &payload, arena);
    counts.taken += taken;
    counts.refused += !taken;
    if (!valid || (set != NULL && !is_stricter(id)))
        CHECK(taken == valid);
    else
        counts.left_out++;
}

static void wycheproof(const char *name)
{
    AUTO_JSON root = load(name);
    const json_t *groups = json_object_get(root, "testGroups");
    CHECK(json_array_size(groups) > 0);
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i), *tests = json_object_get(group, "tests");
        AUTO_JSON set = json_object_get(group, "public") != NULL ? set_of(group) : NULL;
        for (size_t j = 0; j < json_array_size(tests); j++)
            if (json_object_get(json_array_get(tests, j), "jws") != NULL)
                wycheproof_case(set, json_array_get(tests, j));
    }
    print_counts(name);
}

static void wycheproof_signatures(void)
{
    wycheproof("wycheproof/json_web_signature_test.json");
}

static void wycheproof_keys(void)
{
    wycheproof("wycheproof/json_web_key_test.json");
}

static void wycheproof_crypto(void)
{
    wycheproof("wycheproof/json_web_crypto_test.json");
}

/* RFC 7520 sections 4.1 to 4.3, RFC 8037 appendix A.4. The keys are private there. */
static const char *const cookbook[] = {
    "jws__4_1.rsa_v15_signature.json",
    "jws__4_2.rsa-pss_signature.json",
    "jws__4_3.ecdsa_signature.json",
    "curve25519__jws.json",
};
/* With a shared key, or several signatures: refused. */
static const char *const refused_there[] = {
    "jws__4_4.hmac-sha2_integrity_protection.json", "jws__4_5.signature_with_detached_content.json",
    "jws__4_6.protecting_specific_header_fields.json", "rfc7797__hmac-sha2_b64_false.json",
};

static json_t *public_set(const json_t *input)
{
    static const char *const secrets[] = {"d", "p", "q", "dp", "dq", "qi"};
    json_t *key = json_deep_copy(json_object_get(input, "key"));
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        json_object_del(key, secrets[i]);
    return json_pack("{s:[o]}", "keys", key);
}

static void cookbook_signatures(void)
{
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct slice payload = SLICE_NONE;
    for (size_t i = 0; i < sizeof cookbook / sizeof *cookbook; i++) {
        AUTO_JSON root = load(arena_format(arena, "jose/%s", cookbook[i]).data);
        const json_t *input = json_object_get(root, "input");
        struct slice token = json_text(json_object_get(root, "output"), "compact");
        AUTO_JSON set = public_set(input);
        AUTO_JSON secret = json_pack("{s:[O]}", "keys", json_object_get(input, "key"));
        check_row(cookbook[i]);
        CHECK(verifies(set, token, &payload, arena));
        CHECK(slice_equal(payload, json_text(input, "payload")));
        CHECK(!verifies(secret, token, &payload, arena));
        counts.taken++;
    }
    for (size_t i = 0; i < sizeof refused_there / sizeof *refused_there; i++) {
        AUTO_JSON root = load(arena_format(arena, "jose/%s", refused_there[i]).data);
        AUTO_JSON set = json_pack("{s:[O]}", "keys", json_object_get(json_object_get(root, "input"), "key"));
        check_row(refused_there[i]);
        CHECK(!verifies(set, json_text(json_object_get(root, "output"), "compact"), &payload, arena));
        counts.refused++;
    }
    print_counts("RFC 7520");
}

/* A JSON object a line. */
static void each_line(const char *name, void (*fn)(const json_t *row, const void *context), const void *context)
{
    AUTO_ARENA arena = arena_create(4 * FILE_BYTES_MAX);
    struct slice rest, line;
    CHECK_OK(file_read(arena_format(arena, "%s/%s", folder, name).data, FILE_BYTES_MAX, arena, &rest, NULL));
    while (slice_next_line(&rest, &line)) {
        AUTO_JSON row = NULL;
        CHECK_OK(json_read(line, &row, NULL));
        fn(row, context);
        bool accept = slice_equal(json_text(row, "expect"), LIT("accept"));
        counts.taken += accept;
        counts.refused += !accept;
    }
    CHECK(counts.taken > 0 && counts.refused > 0);
    print_counts(name);
}

struct id_context {
    const struct jose_keys *keys;
    struct id_token_rules rules;
};

static void id_token_row(const json_t *row, const void *context)
{
    const struct id_context *with = context;
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct id_claims claims;
    enum status status = oidc_id_token_check(json_text(row, "token"), with->keys, &with->rules, arena, &claims, NULL);
    check_row(arena_text(arena, json_text(row, "why")));
    CHECK((status == ST_OK) == slice_equal(json_text(row, "expect"), LIT("accept")));
}

static void id_tokens(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    AUTO_JSON root = load("samples/identity/id_tokens_context.json");
    AUTO_JOSE_KEYS keys = NULL;
    struct slice acr = json_text(root, "required_acr");
    CHECK_OK(jose_keys_parse(json_write(json_object_get(root, "jwks"), arena), &keys, NULL));
    CHECK_NUMBER(json_number(root, "leeway_s", 0), OIDC_LEEWAY_S);
    struct id_context context = {
        .keys = keys,
        .rules = {
            .issuer = json_text(root, "issuer"), .client = json_text(root, "audience"),
            .nonce = json_text(root, "nonce"), .acr = {&acr, 1, 1}, .algs = JOSE_ALGS_ALL,
            .max_age_s = json_number(root, "max_age", -1),
            .now = {json_number(root, "now", 0) * 1000000},
        },
    };
    each_line("samples/identity/id_tokens.jsonl", id_token_row, &context);
}

static void pkce_row(const json_t *row, const void *context)
{
    AUTO_ARENA arena = arena_create(65536);
    struct slice challenge = SLICE_NONE;
    (void)context;
    bool good = slice_equal(json_text(row, "method"), LIT("S256")) &&
                pkce_challenge(json_text(row, "verifier"), arena, &challenge, NULL) == ST_OK &&
                slice_equal(challenge, json_text(row, "challenge"));
    check_row(arena_text(arena, json_text(row, "why")));
    CHECK(good == slice_equal(json_text(row, "expect"), LIT("accept")));
}

static void pkce(void)
{
    AUTO_ARENA arena = arena_create(65536);
    AUTO_JSON root = load("standards/rfc7636-pkce.json");
    struct slice challenge = SLICE_NONE;
    CHECK_OK(pkce_challenge(json_text(root, "code_verifier"), arena, &challenge, NULL));
    CHECK(challenge.len == 43 && slice_equal(challenge, json_text(root, "code_challenge")));
    each_line("samples/identity/pkce.jsonl", pkce_row, NULL);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        printf("1..0 # SKIP no folder of public vectors given\n");
        return 0;
    }
    folder = argv[1];
    TEST(wycheproof_signatures);
    TEST(wycheproof_keys);
    TEST(wycheproof_crypto);
    TEST(cookbook_signatures);
    TEST(id_tokens);
    TEST(pkce);
    return check_done();
}
