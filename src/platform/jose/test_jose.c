#include "platform/jose/test_sign.h"

static struct signer signers[6]; /* by kind */

static const struct {
    enum jose_alg alg;
    enum key_kind kind;
} pairs[] = {
    {JOSE_RS256, KEY_RSA},  {JOSE_RS384, KEY_RSA},  {JOSE_RS512, KEY_RSA},   {JOSE_PS256, KEY_RSA},
    {JOSE_PS384, KEY_RSA},  {JOSE_PS512, KEY_RSA},  {JOSE_ES256, KEY_P256},  {JOSE_ES384, KEY_P384},
    {JOSE_ES512, KEY_P521}, {JOSE_EDDSA, KEY_ED25519},
};

/* {"keys":[…]} of one key. */
static struct slice set_of(struct slice jwk, struct arena *arena)
{
    return arena_format(arena, "{\"keys\":[%.*s]}", SLICE_ARG(jwk));
}

static struct slice header_of(enum jose_alg alg, struct arena *arena)
{
    return arena_format(arena, "{\"alg\":\"%s\",\"kid\":\"k\"}", jose_alg_name(alg));
}

static enum status verify(struct slice token, struct slice set, unsigned allowed, struct arena *arena)
{
    AUTO_JOSE_KEYS keys = NULL;
    struct jws jws = {0};
    CHECK_OK(jose_keys_parse(set, &keys, NULL));
    enum status status = jws_verify(token, keys, allowed, arena, &jws, NULL);
    CHECK(status == ST_OK || jws.payload.len == 0); /* nothing of what is refused comes out */
    return status;
}

static void takes_what_is_signed(void)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        const struct signer *signer = &signers[pairs[i].kind];
        enum jose_alg alg = pairs[i].alg;
        struct slice set = set_of(signer_jwk(signer, "k", "", arena), arena);
        struct slice token = sign_token(signer, alg, header_of(alg, arena), LIT("{\"a\":1}"), arena);
        check_row(jose_alg_name(alg));
        CHECK_OK(verify(token, set, JOSE_ALGS_ALL, arena));
        CHECK_NUMBER(verify(token, set, JOSE_ALGS_ALL & ~JOSE_ALG_BIT(alg), arena), ST_DENIED);
        /* every part counts: one bit of each changed */
        for (size_t at = 5; at < token.len; at += token.len / 7) {
            char *bent = arena_text(arena, token);
            bent[at] = bent[at] == 'A' ? 'B' : 'A';
            CHECK(bent[at] == token.data[at] || verify(slice_from(bent), set, JOSE_ALGS_ALL, arena) != ST_OK);
        }
        CHECK(verify(slice_sub(token, 0, token.len - 4), set, JOSE_ALGS_ALL, arena) != ST_OK);
    }
}

/* Whatever the header says, the key decides: each pair of a key and the words of another. */
static void holds_key_and_algorithm_together(void)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (size_t j = 0; j < sizeof pairs / sizeof *pairs; j++) {
            AUTO_ARENA arena = arena_create((size_t)1 << 20);
            const struct signer *signer = &signers[pairs[i].kind];
            struct slice set = set_of(signer_jwk(signer, "k", "", arena), arena);
            struct slice token = sign_token(signer, pairs[i].alg, header_of(pairs[j].alg, arena),
                                            LIT("{}"), arena);
            check_row(jose_alg_name(pairs[j].alg));
            CHECK((verify(token, set, JOSE_ALGS_ALL, arena) == ST_OK) == (i == j));
        }
}

static const struct {
    const char *header;
    enum status status;
} headers[] = {
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"JWT\"}", ST_OK},
    {" { \"kid\" : \"k\" , \"alg\" : \"ES256\" } ", ST_OK},
    {"{\"alg\":\"ES256\"}", ST_OK}, /* the set has one key */
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"x5t\":\"AAAA\"}", ST_OK},
    {"{\"alg\":\"ES256\",\"kid\":\"other\"}", ST_NOT_FOUND},
    {"{\"alg\":\"ES256\",\"kid\":1}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"kid\":\"\"}", ST_INVALID},
    {"{\"kid\":\"k\"}", ST_DENIED},
    {"{\"alg\":\"none\",\"kid\":\"k\"}", ST_DENIED},
    {"{\"alg\":\"None\",\"kid\":\"k\"}", ST_DENIED},
    {"{\"alg\":\"HS256\",\"kid\":\"k\"}", ST_DENIED},
    {"{\"alg\":\"es256\",\"kid\":\"k\"}", ST_DENIED},
    {"{\"alg\":[\"ES256\"],\"kid\":\"k\"}", ST_DENIED},
    {"{\"alg\":\"ES384\",\"kid\":\"k\"}", ST_DENIED},
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[\"exp\"],\"exp\":1}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[]}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"b64\":true}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"jku\":\"https://keys.example/\"}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"x5u\":\"https://keys.example/\"}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"jwk\":{}}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"kid\":\"k\",\"x5c\":[]}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"alg\":\"ES256\",\"kid\":\"k\"}", ST_INVALID},
    {"{\"alg\":\"none\",\"\\u0061lg\":\"ES256\",\"kid\":\"k\"}", ST_INVALID},
    {"{\"alg\":\"ES256\",\"kid\":\"k\"} x", ST_INVALID},
    {"[\"ES256\"]", ST_INVALID},
    {"\"ES256\"", ST_INVALID},
    {"", ST_INVALID},
};

static void reads_headers_strictly(void)
{
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct slice set = set_of(signer_jwk(&signers[KEY_P256], "k", "", arena), arena);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct slice token = sign_token(&signers[KEY_P256], JOSE_ES256, slice_from(headers[i].header),
                                        LIT("{}"), arena);
        check_row(headers[i].header);
        CHECK_NUMBER(verify(token, set, JOSE_ALGS_ALL, arena), headers[i].status);
    }
}

/* What is done to the text of a good token. */
static void reads_the_compact_form_strictly(void)
{
    AUTO_ARENA arena = arena_create((size_t)4 << 20);
    struct slice set = set_of(signer_jwk(&signers[KEY_P256], "k", "", arena), arena);
    struct slice good = sign_token(&signers[KEY_P256], JOSE_ES256, header_of(JOSE_ES256, arena),
                                   LIT("{\"a\":\"?>?>\"}"), arena);
    size_t first = slice_find(good, LIT("."), 0);
    AUTO_BUFFER padding = buffer_create((size_t)64 << 10);
    while (padding.len < JOSE_TOKEN_BYTES_MAX)
        buffer_add_text(&padding, "AAAA");
    const struct {
        const char *what;
        struct slice token;
        enum status status;
    } cases[] = {
        {"as it is", good, ST_OK},
        {"empty", SLICE_NONE, ST_INVALID},
        {"dots", LIT(".."), ST_INVALID},
        {"no signature", arena_format(arena, "%.*s", (int)slice_find(good, LIT("."), first + 1) + 1, good.data), ST_INVALID},
        {"two parts", slice_sub(good, first + 1, good.len), ST_INVALID},
        {"four parts", arena_format(arena, "%.*s.AAAA", SLICE_ARG(good)), ST_INVALID},
        {"padded", arena_format(arena, "%.*s==", SLICE_ARG(good)), ST_INVALID},
        {"a space before", arena_format(arena, " %.*s", SLICE_ARG(good)), ST_INVALID},
        {"a line end behind", arena_format(arena, "%.*s\n", SLICE_ARG(good)), ST_INVALID},
        {"a space in the header", arena_format(arena, "%.*s %.*s", 4, good.data, (int)good.len - 4, good.data + 4), ST_INVALID},
        {"in braces", arena_format(arena, "{\"payload\":\"%.*s\"}", SLICE_ARG(good)), ST_INVALID},
        {"too long", arena_format(arena, "%.*s%.*s", SLICE_ARG(buffer_slice(&padding)), SLICE_ARG(good)), ST_LIMIT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].what);
        CHECK_NUMBER(verify(cases[i].token, set, JOSE_ALGS_ALL, arena), cases[i].status);
    }
}

/* The two numbers of an ECDSA signature, each with a zero before it: the same numbers. */
static void takes_one_length_only(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct slice set = set_of(signer_jwk(&signers[KEY_P256], "k", "", arena), arena), raw;
    struct slice good = sign_token(&signers[KEY_P256], JOSE_ES256, header_of(JOSE_ES256, arena), LIT("{}"), arena);
    size_t dot = slice_find(good, LIT("."), slice_find(good, LIT("."), 0) + 1);
    CHECK_OK(base64url_decode(slice_sub(good, dot + 1, good.len), arena, &raw));
    char longer[66] = {0};
    memcpy(longer + 1, raw.data, 32);
    memcpy(longer + 34, raw.data + 32, 32);
    struct slice signature = in_base64url((struct slice){longer, sizeof longer}, arena);
    struct slice token = arena_format(arena, "%.*s.%.*s", (int)dot, good.data, SLICE_ARG(signature));
    CHECK_OK(verify(good, set, JOSE_ALGS_ALL, arena));
    CHECK_NUMBER(verify(token, set, JOSE_ALGS_ALL, arena), ST_DENIED);
}

/* Another text for the same signature: left-over bits of the last character. */
static void takes_one_text_only(void)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct slice set = set_of(signer_jwk(&signers[KEY_P256], "k", "", arena), arena);
    struct slice good = sign_token(&signers[KEY_P256], JOSE_ES256, header_of(JOSE_ES256, arena), LIT("{}"), arena);
    char *bent = arena_text(arena, good);
    for (const char *digit = digits; *digit != '\0'; digit++) {
        bent[good.len - 1] = *digit;
        CHECK((verify(slice_from(bent), set, JOSE_ALGS_ALL, arena) == ST_OK) == (*digit == good.data[good.len - 1]));
    }
}

static const struct {
    const char *more; /* further members of an ES256 key */
    size_t count;
} uses[] = {
    {"", 1},
    {",\"use\":\"sig\"", 1},
    {",\"use\":\"enc\"", 0},
    {",\"use\":\"\"", 0},
    {",\"use\":1", 0},
    {",\"alg\":\"ES256\"", 1},
    {",\"alg\":\"ES384\"", 0},
    {",\"alg\":\"RS256\"", 0},
    {",\"alg\":\"ECDH-ES\"", 0},
    {",\"alg\":1", 0},
    {",\"key_ops\":[\"verify\"]", 1},
    {",\"key_ops\":[\"sign\",\"verify\"]", 1},
    {",\"key_ops\":[\"sign\"]", 0},
    {",\"key_ops\":[]", 0},
    {",\"key_ops\":\"verify\"", 0},
    {",\"x5c\":[\"AAAA\"],\"x5t\":\"AAAA\",\"nbf\":1", 1},
};

static size_t count_of(struct slice set)
{
    AUTO_JOSE_KEYS keys = NULL;
    CHECK_OK(jose_keys_parse(set, &keys, NULL));
    return keys == NULL ? 0 : jose_keys_count(keys);
}

static void leaves_out_what_is_not_usable(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        check_row(uses[i].more);
        CHECK_NUMBER(count_of(set_of(signer_jwk(&signers[KEY_P256], "k", uses[i].more, arena), arena)), uses[i].count);
    }
    static const char *const others[] = {
        "{}",
        "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-65\",\"pub\":\"AAAA\"}",
        "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
        /* a point off the curve, of the right length */
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\","
        "\"y\":\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\"}",
        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"e\":\"AQAB\"}",
        "{\"kty\":[\"RSA\"]}",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        check_row(others[i]);
        CHECK_NUMBER(count_of(set_of(slice_from(others[i]), arena)), 0);
    }
}

static void asks_much_of_rsa_keys(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct slice n = key_number(&signers[KEY_RSA], "n", 0, arena);
    static const struct {
        const char *e;
        size_t count;
    } exponents[] = {{"AQAB", 1}, {"Aw", 1}, {"AQ", 0}, {"Ag", 0}, {"AAEAAQ", 0}, {"", 0}, {"AQAAAAE", 0}};
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        struct slice jwk = arena_format(arena, "{\"kty\":\"RSA\",\"n\":\"%.*s\",\"e\":\"%s\"}", SLICE_ARG(n), exponents[i].e);
        check_row(exponents[i].e);
        CHECK_NUMBER(count_of(set_of(jwk, arena)), exponents[i].count);
    }
    /* 2,040 bits: a byte less */
    struct signer short_one = {EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2040), KEY_RSA};
    CHECK_NUMBER(count_of(set_of(signer_jwk(&short_one, "k", "", arena), arena)), 0);
    signer_destroy(&short_one);
}

/* 65537^5 is such a modulus in small; a random one, and its neighbour, are not. */
static void knows_weak_moduli(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    CHECK(roca_is_weak((struct slice){"\x01\x00\x05\x00\x0A\x00\x0A\x00\x05\x00\x01", 11}));
    CHECK(!roca_is_weak((struct slice){"\x01\x00\x05\x00\x0A\x00\x0A\x00\x05\x00\x03", 11}));
    struct slice n;
    CHECK_OK(base64url_decode(key_number(&signers[KEY_RSA], "n", 0, arena), arena, &n));
    CHECK(!roca_is_weak(n));
}

static const struct {
    const char *set;
    enum status status;
} sets[] = {
    {"{\"keys\":[]}", ST_OK},
    {"{\"keys\":[],\"more\":1}", ST_OK},
    {"{\"keys\":{}}", ST_INVALID},
    {"{\"keys\":[1]}", ST_INVALID},
    {"{\"keys\":[[]]}", ST_INVALID},
    {"{}", ST_INVALID},
    {"[]", ST_INVALID},
    {"", ST_INVALID},
    {"{\"keys\":[],\"keys\":[]}", ST_INVALID},
    {"{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}", ST_DENIED},
    {"{\"keys\":[{\"kty\":\"oct\"}]}", ST_DENIED},
    {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"d\":\"AQAB\"}]}", ST_DENIED},
    {"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"AQAB\"}]}", ST_DENIED},
    {"{\"keys\":[{\"kty\":\"later\",\"k\":\"AQAB\"}]}", ST_DENIED},
};

static void refuses_sets(void)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        AUTO_JOSE_KEYS keys = NULL;
        check_row(sets[i].set);
        CHECK_NUMBER(jose_keys_parse(slice_from(sets[i].set), &keys, NULL), sets[i].status);
    }
    AUTO_BUFFER many = buffer_create((size_t)1 << 20);
    AUTO_JOSE_KEYS keys = NULL;
    buffer_add_text(&many, "{\"keys\":[{}");
    for (int i = 1; i < JOSE_KEYS_MAX; i++)
        buffer_add_text(&many, ",{}");
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    CHECK_OK(jose_keys_parse(arena_format(arena, "%s]}", many.data), &keys, NULL));
    jose_keys_destroy(&keys);
    CHECK_NUMBER(jose_keys_parse(arena_format(arena, "%s,{}]}", many.data), &keys, NULL), ST_LIMIT);
    while (many.len <= JOSE_KEYS_BYTES_MAX)
        buffer_add_text(&many, "                                                                ");
    CHECK_NUMBER(jose_keys_parse(buffer_slice(&many), &keys, NULL), ST_LIMIT);
}

/* Names of keys: the same twice, of two kinds, none. */
static void finds_the_key_by_its_name(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct slice ec = signer_jwk(&signers[KEY_P256], "k", "", arena), rsa = signer_jwk(&signers[KEY_RSA], "k", "", arena);
    struct slice other = signer_jwk(&signers[KEY_P256], "m", "", arena);
    struct slice token = sign_token(&signers[KEY_P256], JOSE_ES256, header_of(JOSE_ES256, arena), LIT("{}"), arena);
    struct slice nameless = sign_token(&signers[KEY_P256], JOSE_ES256, LIT("{\"alg\":\"ES256\"}"), LIT("{}"), arena);
    struct slice two_kinds = arena_format(arena, "%.*s,%.*s", SLICE_ARG(rsa), SLICE_ARG(ec));
    struct slice twice = arena_format(arena, "%.*s,%.*s", SLICE_ARG(ec), SLICE_ARG(ec));
    struct slice two_names = arena_format(arena, "%.*s,%.*s", SLICE_ARG(other), SLICE_ARG(ec));
    CHECK_OK(verify(token, set_of(two_kinds, arena), JOSE_ALGS_ALL, arena));
    CHECK_NUMBER(verify(token, set_of(twice, arena), JOSE_ALGS_ALL, arena), ST_DENIED);
    CHECK_OK(verify(token, set_of(two_names, arena), JOSE_ALGS_ALL, arena));
    CHECK_OK(verify(nameless, set_of(ec, arena), JOSE_ALGS_ALL, arena));
    CHECK_NUMBER(verify(nameless, set_of(two_names, arena), JOSE_ALGS_ALL, arena), ST_DENIED);
    CHECK_NUMBER(verify(token, set_of(rsa, arena), JOSE_ALGS_ALL, arena), ST_DENIED);
    CHECK_NUMBER(verify(token, LIT("{\"keys\":[]}"), JOSE_ALGS_ALL, arena), ST_NOT_FOUND);
}

static const struct {
    const char *verifier, *challenge; /* NULL: refused */
} verifiers[] = {
    {"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ", "RqIZl4LIgn8KxW9QO-nTnv7pf0CnNrksx9fF-CXP2FE"},
    {"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP", NULL}, /* 42 characters */
    {"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO+P", NULL},
    {"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP=", NULL},
    {"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM\xC3\xA9OP", NULL},
};

static void makes_challenges(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    for (size_t i = 0; i < sizeof verifiers / sizeof *verifiers; i++) {
        struct slice challenge = SLICE_NONE;
        check_row(verifiers[i].verifier);
        enum status status = pkce_challenge(slice_from(verifiers[i].verifier), arena, &challenge, NULL);
        CHECK((status == ST_OK) == (verifiers[i].challenge != NULL));
        CHECK_TEXT(challenge, verifiers[i].challenge == NULL ? "" : verifiers[i].challenge);
    }
    unsigned char random[PKCE_RANDOM_BYTES] = {1, 2, 3};
    struct slice verifier = pkce_verifier(random, arena), challenge;
    CHECK_NUMBER(verifier.len, 43);
    CHECK_OK(pkce_challenge(verifier, arena, &challenge, NULL));
    struct slice longest = arena_format(arena, "%0128d", 0), over = arena_format(arena, "%0129d", 0);
    CHECK_OK(pkce_challenge(longest, arena, &challenge, NULL));
    CHECK_NUMBER(pkce_challenge(over, arena, &challenge, NULL), ST_INVALID);
}

int main(void)
{
    for (unsigned kind = KEY_RSA; kind <= KEY_ED25519; kind++)
        signers[kind] = signer_create(kind);
    TEST(takes_what_is_signed);
    TEST(holds_key_and_algorithm_together);
    TEST(reads_headers_strictly);
    TEST(reads_the_compact_form_strictly);
    TEST(takes_one_length_only);
    TEST(takes_one_text_only);
    TEST(leaves_out_what_is_not_usable);
    TEST(asks_much_of_rsa_keys);
    TEST(knows_weak_moduli);
    TEST(refuses_sets);
    TEST(finds_the_key_by_its_name);
    TEST(makes_challenges);
    for (unsigned kind = KEY_RSA; kind <= KEY_ED25519; kind++)
        signer_destroy(&signers[kind]);
    return check_done();
}
