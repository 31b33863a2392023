#include "platform/jose/test_sign.h"

enum { NOW = 1790000000 };
#define ISSUER "https://id.client.example"
#define CLIENT "rendez"

static struct signer signer;
static struct jose_keys *keys;

/* Members of a good token; a row changes one, or takes it out (""). */
static const struct {
    const char *name, *value;
} id_members[] = {
    {"iss", "\"" ISSUER "\""}, {"sub", "\"u-7\""},       {"aud", "\"" CLIENT "\""}, {"exp", "1790000300"},
    {"iat", "1789999990"},     {"nonce", "\"n-1\""},     {"auth_time", "1789999900"},
    {"acr", "\"two\""},        {"amr", "[\"pwd\",\"otp\"]"}, {"email", "\"lea@client.example\""},
    {"email_verified", "true"}, {"sid", "\"s-1\""},
}, logout_members[] = {
    {"iss", "\"" ISSUER "\""}, {"aud", "\"" CLIENT "\""}, {"exp", "1790000100"}, {"iat", "1789999990"},
    {"jti", "\"j-1\""},        {"sub", "\"u-7\""},        {"sid", "\"s-1\""},
    {"events", "{\"http://schemas.openid.net/event/backchannel-logout\":{}}"},
};
#define COUNT(table) (sizeof(table) / sizeof *(table))

static struct slice payload_of(bool logout, const char *name, const char *value, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create((size_t)1 << 16);
    size_t count = logout ? COUNT(logout_members) : COUNT(id_members);
    const char *comma = "{";
    for (size_t i = 0; i < count; i++) {
        const char *member = logout ? logout_members[i].name : id_members[i].name;
        const char *text = logout ? logout_members[i].value : id_members[i].value;
        if (strcmp(member, name) == 0)
            continue;
        buffer_add_format(&out, "%s\"%s\":%s", comma, member, text);
        comma = ",";
    }
    if (*value != '\0')
        buffer_add_format(&out, "%s\"%s\":%s", comma, name, value);
    buffer_add_text(&out, "}");
    return arena_copy(arena, buffer_slice(&out));
}

static struct slice sign(const char *type, struct slice payload, struct arena *arena)
{
    struct slice header = arena_format(arena, "{\"alg\":\"ES256\",\"kid\":\"k\"%s}", type);
    return sign_token(&signer, JOSE_ES256, header, payload, arena);
}

static struct slice acr[] = {{"two", 3}, {"three", 5}}, amr[] = {{"otp", 3}, {"pwd", 3}};

static struct id_token_rules strict_rules(void)
{
    return (struct id_token_rules){
        .issuer = LIT(ISSUER), .client = LIT(CLIENT), .nonce = LIT("n-1"),
        .acr = {acr, 2, 2}, .amr = {amr, 2, 2}, .max_age_s = 3600,
        .algs = JOSE_ALG_BIT(JOSE_ES256), .now = {(int64_t)NOW * 1000000},
    };
}

static const struct claim_case {
    const char *name, *value;
    enum status status;
} id_cases[] = {
    {"more", "1", ST_OK},
    {"iss", "\"https://id.client.example/\"", ST_DENIED},
    {"iss", "\"https://ID.client.example\"", ST_DENIED},
    {"iss", "\"https://id.other.example\"", ST_DENIED},
    {"iss", "[\"https://id.client.example\"]", ST_INVALID},
    {"iss", "", ST_INVALID},
    {"aud", "[\"rendez\"]", ST_OK},
    {"aud", "[\"rendez\",\"other\"]", ST_DENIED}, /* for several, without azp */
    {"aud", "[\"other\"]", ST_DENIED},
    {"aud", "\"other\"", ST_DENIED},
    {"aud", "[]", ST_INVALID},
    {"aud", "[\"rendez\",1]", ST_INVALID},
    {"aud", "{\"rendez\":1}", ST_INVALID},
    {"aud", "\"rendez \"", ST_DENIED},
    {"aud", "", ST_INVALID},
    {"azp", "\"rendez\"", ST_OK},
    {"azp", "\"other\"", ST_DENIED},
    {"azp", "1", ST_DENIED},
    {"exp", "1789999970", ST_OK}, /* within the leeway */
    {"exp", "1789999969", ST_DENIED},
    {"exp", "1790000300.5", ST_OK},
    {"exp", "\"1790000300\"", ST_INVALID},
    {"exp", "1e300", ST_INVALID},
    {"exp", "-1", ST_INVALID},
    {"exp", "0", ST_INVALID},
    {"exp", "null", ST_INVALID},
    {"exp", "", ST_INVALID},
    {"iat", "1790000030", ST_OK},
    {"iat", "1790000031", ST_DENIED},
    {"iat", "\"now\"", ST_INVALID},
    {"iat", "", ST_INVALID},
    {"nbf", "1790000030", ST_OK},
    {"nbf", "1790000031", ST_DENIED},
    {"nbf", "true", ST_INVALID},
    {"nonce", "\"n-2\"", ST_DENIED},
    {"nonce", "\"n-10\"", ST_DENIED},
    {"nonce", "[\"n-1\"]", ST_INVALID},
    {"nonce", "\"\"", ST_INVALID},
    {"nonce", "", ST_INVALID},
    {"auth_time", "1789996370", ST_OK}, /* 3,630 s ago */
    {"auth_time", "1789996369", ST_DENIED},
    {"auth_time", "1790000031", ST_DENIED},
    {"auth_time", "", ST_INVALID},
    {"auth_time", "0", ST_INVALID}, /* not known, where it must be */
    {"acr", "\"three\"", ST_OK},
    {"acr", "\"one\"", ST_DENIED},
    {"acr", "2", ST_INVALID},
    {"acr", "", ST_DENIED},
    {"amr", "[\"otp\",\"x\",\"pwd\"]", ST_OK},
    {"amr", "[\"pwd\"]", ST_DENIED},
    {"amr", "\"otp pwd\"", ST_INVALID},
    {"amr", "[\"otp\",1]", ST_INVALID},
    {"amr", "", ST_DENIED},
    {"sub", "\"\"", ST_INVALID},
    {"sub", "7", ST_INVALID},
    {"sub", "\"l\xC3\xA9" "a\"", ST_INVALID},
    {"sub", "\"a\\u0000b\"", ST_INVALID},
    {"sub", "\"a\\nb\"", ST_INVALID},
    {"sub", "", ST_INVALID},
    {"email", "1", ST_INVALID},
    {"email", "", ST_OK},
    {"sid", "[]", ST_INVALID},
    {"sid", "", ST_OK},
};

static enum status check_id(struct slice token, const struct id_token_rules *rules, struct id_claims *claims,
                            struct arena *arena)
{
    struct problem why = {0};
    enum status status = oidc_id_token_check(token, keys, rules, arena, claims, &why);
    CHECK(status == ST_OK || why.detail[0] != '\0');
    return status;
}

static void checks_every_claim_of_an_id_token(void)
{
    struct id_token_rules rules = strict_rules();
    for (size_t i = 0; i < COUNT(id_cases); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct id_claims claims = {0};
        struct slice payload = payload_of(false, id_cases[i].name, id_cases[i].value, arena);
        check_row(payload.data);
        CHECK_NUMBER(check_id(sign("", payload, arena), &rules, &claims, arena), id_cases[i].status);
        CHECK(id_cases[i].status == ST_OK || claims.subject.len == 0);
    }
}

static void gives_the_claims(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct id_token_rules rules = strict_rules();
    struct id_claims claims;
    CHECK_OK(check_id(sign("", payload_of(false, "x", "", arena), arena), &rules, &claims, arena));
    CHECK_TEXT(claims.subject, "u-7");
    CHECK_TEXT(claims.email, "lea@client.example");
    CHECK_TEXT(claims.session, "s-1");
    CHECK_TEXT(claims.acr, "two");
    CHECK_NUMBER(claims.amr.count, 2);
    CHECK(claims.email_verified && !claims.email_unverified);
    CHECK_NUMBER(claims.authenticated.us, 1789999900000000);
    CHECK_NUMBER(claims.ends.us, 1790000300000000);
}

/* What the provider says of an address: yes, no, nothing. */
static void hears_whether_an_address_is_verified(void)
{
    static const struct {
        const char *value;
        bool yes, no;
    } cases[] = {{"true", true, false}, {"\"true\"", true, false}, {"false", false, true},
                 {"\"false\"", false, true}, {"1", false, true}, {"null", false, true}, {"", false, false}};
    struct id_token_rules rules = strict_rules();
    for (size_t i = 0; i < COUNT(cases); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct id_claims claims = {0};
        struct slice payload = payload_of(false, "email_verified", cases[i].value, arena);
        check_row(cases[i].value);
        CHECK_OK(check_id(sign("", payload, arena), &rules, &claims, arena));
        CHECK(claims.email_verified == cases[i].yes && claims.email_unverified == cases[i].no);
    }
}

static void bounds_the_subject(void)
{
    struct id_token_rules rules = strict_rules();
    for (int len = 255; len <= 256; len++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct id_claims claims;
        struct slice value = arena_format(arena, "\"%0*d\"", len, 0);
        struct slice payload = payload_of(false, "sub", value.data, arena);
        CHECK_NUMBER(check_id(sign("", payload, arena), &rules, &claims, arena), len == 255 ? ST_OK : ST_INVALID);
    }
}

static void asks_only_what_the_rules_ask(void)
{
    static const char *const optional[] = {"acr", "amr", "auth_time", "sid", "email", "email_verified"};
    struct id_token_rules rules = strict_rules();
    rules.acr = rules.amr = (struct slice_list){0};
    rules.max_age_s = -1;
    for (size_t i = 0; i < COUNT(optional); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct id_claims claims;
        check_row(optional[i]);
        CHECK_OK(check_id(sign("", payload_of(false, optional[i], "", arena), arena), &rules, &claims, arena));
    }
}

/* SHA-256 of "access", its left half. */
static void holds_the_access_token_together(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct id_token_rules rules = strict_rules();
    struct id_claims claims;
    unsigned char digest[32];
    CHECK(EVP_Digest("access", 6, digest, NULL, EVP_sha256(), NULL) == 1);
    struct slice hash = in_base64url((struct slice){(char *)digest, 16}, arena);
    struct slice value = arena_format(arena, "\"%.*s\"", SLICE_ARG(hash));
    struct slice token = sign("", payload_of(false, "at_hash", value.data, arena), arena);
    CHECK_OK(check_id(token, &rules, &claims, arena)); /* none came that it could be of */
    rules.access_token = LIT("access");
    CHECK_OK(check_id(token, &rules, &claims, arena));
    rules.access_token = LIT("access2");
    CHECK_NUMBER(check_id(token, &rules, &claims, arena), ST_DENIED);
    token = sign("", payload_of(false, "at_hash", "1", arena), arena);
    CHECK_NUMBER(check_id(token, &rules, &claims, arena), ST_DENIED);
}

static void takes_no_token_for_another(void)
{
    static const struct {
        const char *type;
        bool id, logout;
    } types[] = {
        {"", true, true},
        {",\"typ\":\"JWT\"", true, true},
        {",\"typ\":\"jwt\"", true, true},
        {",\"typ\":\"logout+jwt\"", false, true},
        {",\"typ\":\"at+jwt\"", false, false},
        {",\"typ\":\"dpop+jwt\"", false, false},
    };
    struct id_token_rules rules = strict_rules();
    struct logout_rules logout = {LIT(ISSUER), LIT(CLIENT), JOSE_ALGS_ALL, rules.now};
    for (size_t i = 0; i < COUNT(types); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct id_claims claims;
        struct logout_claims out;
        check_row(types[i].type);
        struct slice id_token = sign(types[i].type, payload_of(false, "x", "", arena), arena);
        struct slice logout_token = sign(types[i].type, payload_of(true, "x", "", arena), arena);
        CHECK((check_id(id_token, &rules, &claims, arena) == ST_OK) == types[i].id);
        CHECK((oidc_logout_token_check(logout_token, keys, &logout, arena, &out, NULL) == ST_OK) == types[i].logout);
        CHECK(check_id(logout_token, &rules, &claims, arena) != ST_OK);
        CHECK(oidc_logout_token_check(id_token, keys, &logout, arena, &out, NULL) != ST_OK);
    }
}

static void refuses_payloads(void)
{
    static const char *const payloads[] = {"", "[]", "1", "{", "{}", "{\"iss\":1,\"iss\":1}", "\xFF"};
    struct id_token_rules rules = strict_rules();
    for (size_t i = 0; i < COUNT(payloads); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct id_claims claims;
        check_row(payloads[i]);
        CHECK(check_id(sign("", slice_from(payloads[i]), arena), &rules, &claims, arena) != ST_OK);
    }
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct slice good = payload_of(false, "x", "", arena);
    struct id_claims claims;
    struct slice twice = arena_format(arena, "%.*s,\"sub\":\"u-8\"}", (int)good.len - 1, good.data);
    CHECK_OK(check_id(sign("", good, arena), &rules, &claims, arena));
    CHECK_NUMBER(check_id(sign("", twice, arena), &rules, &claims, arena), ST_INVALID);
}

static const struct claim_case logout_cases[] = {
    {"more", "1", ST_OK},
    {"iss", "\"https://id.other.example\"", ST_DENIED},
    {"aud", "\"other\"", ST_DENIED},
    {"exp", "1789999969", ST_DENIED},
    {"exp", "", ST_INVALID},
    {"iat", "1789999700", ST_OK},
    {"iat", "1789999699", ST_DENIED}, /* 301 s ago */
    {"iat", "1790000031", ST_DENIED},
    {"jti", "", ST_INVALID},
    {"jti", "\"\"", ST_INVALID},
    {"nonce", "\"n-1\"", ST_DENIED},
    {"nonce", "null", ST_DENIED},
    {"sub", "", ST_OK},
    {"sid", "", ST_OK},
    {"sid", "1", ST_INVALID},
    {"sub", "\"\"", ST_INVALID},
    {"events", "", ST_DENIED},
    {"events", "{}", ST_DENIED},
    {"events", "[\"http://schemas.openid.net/event/backchannel-logout\"]", ST_DENIED},
    {"events", "{\"http://schemas.openid.net/event/backchannel-logout\":true}", ST_DENIED},
    {"events", "{\"http://schemas.openid.net/event/other\":{}}", ST_DENIED},
};

static void checks_every_claim_of_a_logout_token(void)
{
    struct logout_rules rules = {LIT(ISSUER), LIT(CLIENT), JOSE_ALG_BIT(JOSE_ES256), {(int64_t)NOW * 1000000}};
    for (size_t i = 0; i < COUNT(logout_cases); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct logout_claims claims = {0};
        struct slice payload = payload_of(true, logout_cases[i].name, logout_cases[i].value, arena);
        check_row(payload.data);
        CHECK_NUMBER(oidc_logout_token_check(sign("", payload, arena), keys, &rules, arena, &claims, NULL),
                     logout_cases[i].status);
        CHECK((claims.id.len > 0) == (logout_cases[i].status == ST_OK));
    }
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct logout_claims claims = {0};
    struct slice nobody = LIT("{\"iss\":\"" ISSUER "\",\"aud\":\"" CLIENT "\",\"exp\":1790000100,\"iat\":1789999990,\"jti\":\"j\","
                              "\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}}");
    CHECK_NUMBER(oidc_logout_token_check(sign("", nobody, arena), keys, &rules, arena, &claims, NULL), ST_INVALID);
    CHECK_OK(oidc_logout_token_check(sign("", payload_of(true, "x", "", arena), arena), keys, &rules, arena, &claims, NULL));
    CHECK_TEXT(claims.subject, "u-7");
    CHECK_TEXT(claims.session, "s-1");
    CHECK_TEXT(claims.id, "j-1");
    CHECK_NUMBER(claims.ends.us, (int64_t)(1789999990 + OIDC_LOGOUT_AGE_S) * 1000000);
}

static void peeks_at_tokens(void)
{
    static const struct {
        const char *payload;
        enum status status;
        size_t audiences;
    } cases[] = {
        {"{\"iss\":\"https://id.example\",\"aud\":\"a\"}", ST_OK, 1},
        {"{\"iss\":\"https://id.example\",\"aud\":[\"a\",1,\"b\"]}", ST_OK, 2},
        {"{\"iss\":\"https://id.example\"}", ST_OK, 0},
        {"{\"aud\":\"a\"}", ST_INVALID, 0},
        {"{\"iss\":1}", ST_INVALID, 0},
        {"[]", ST_INVALID, 0},
        {"", ST_INVALID, 0},
    };
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct slice issuer;
    struct slice_list audience = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        audience.count = 0;
        check_row(cases[i].payload);
        CHECK_NUMBER(oidc_token_peek(sign("", slice_from(cases[i].payload), arena), arena, &issuer, &audience, NULL),
                     cases[i].status);
        CHECK_NUMBER(audience.count, cases[i].audiences);
    }
    CHECK_NUMBER(oidc_token_peek(LIT("a.b"), arena, &issuer, &audience, NULL), ST_INVALID);
    CHECK_NUMBER(oidc_token_peek(LIT(".e30."), arena, &issuer, &audience, NULL), ST_INVALID);
    struct slice longest = arena_format(arena, "%*s", JOSE_TOKEN_BYTES_MAX + 1, "");
    CHECK_NUMBER(oidc_token_peek(longest, arena, &issuer, &audience, NULL), ST_LIMIT);
}

/* The provider */

static const struct {
    const char *url;
    bool fits, on_loopback;
} urls[] = {
    {"https://id.example", true, true},
    {"https://id.example:8443/a/b?c=d", true, true},
    {"https://[2001:db8::1]:8443/", true, true},
    {"http://id.example/", false, false},
    {"http://127.0.0.1:80/", false, true},
    {"http://127.9.9.9/", false, true},
    {"http://localhost:1/x", false, true},
    {"http://[::1]:8080/", false, true},
    {"http://localhost.example/", false, false},
    {"http://127.0.0.1.example/", false, false},
    {"http://128.0.0.1/", false, false},
    {"http://127.0.0.1@id.example/", false, false},
    {"https://user@id.example/", false, false},
    {"https://user:word@id.example/", false, false},
    {"https://id.example/#part", false, false},
    {"https://id.example/a b", false, false},
    {"https://id.example/a\\b", false, false},
    {"https://id.example\\@other.example/", false, false},
    {"https://id.example/\xC3\xA9", false, false},
    {"https://id.example:0/", false, false},
    {"https://id.example:65536/", false, false},
    {"https://id.example:/", false, false},
    {"https://a:b:1/", false, false},
    {"https://:1/", false, false},
    {"https://", false, false},
    {"https:///x", false, false},
    {"HTTPS://id.example", false, false},
    {"ftp://id.example/", false, false},
    {"javascript:alert(1)", false, false},
    {"", false, false},
};

static void knows_its_urls(void)
{
    for (size_t i = 0; i < COUNT(urls); i++) {
        check_row(urls[i].url);
        CHECK(oidc_url_fits(slice_from(urls[i].url), false) == urls[i].fits);
        CHECK(oidc_url_fits(slice_from(urls[i].url), true) == urls[i].on_loopback);
    }
    AUTO_ARENA arena = arena_create(65536);
    CHECK(oidc_url_fits(arena_format(arena, "https://id.example/%0*d", OIDC_URL_BYTES_MAX - 19, 0), false));
    CHECK(!oidc_url_fits(arena_format(arena, "https://id.example/%0*d", OIDC_URL_BYTES_MAX - 18, 0), false));
    CHECK_TEXT(oidc_document_url(LIT("https://id.example"), arena), "https://id.example/.well-known/openid-configuration");
    CHECK_TEXT(oidc_document_url(LIT("https://id.example/a/"), arena), "https://id.example/a/.well-known/openid-configuration");
}

#define ENDPOINTS                                                                                  \
    "\"authorization_endpoint\":\"https://id.example/a\",\"token_endpoint\":\"https://id.example/t\","     \
    "\"jwks_uri\":\"https://id.example/k\""
#define OFFERS "\"response_types_supported\":[\"code\"],\"id_token_signing_alg_values_supported\":[\"RS256\",\"ES256\"]"
#define DOCUMENT(issuer, endpoints, offers, more) "{\"issuer\":\"" issuer "\"," endpoints "," offers more "}"
#define GOOD(more) DOCUMENT("https://id.example", ENDPOINTS, OFFERS, more)

static const struct {
    const char *json;
    enum status status;
} documents[] = {
    {GOOD(""), ST_OK},
    {GOOD(",\"end_session_endpoint\":\"https://id.example/o\",\"code_challenge_methods_supported\":[\"plain\",\"S256\"]"), ST_OK},
    {GOOD(",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]"), ST_OK},
    {DOCUMENT("https://id.example/", ENDPOINTS, OFFERS, ""), ST_DENIED},
    {DOCUMENT("https://other.example", ENDPOINTS, OFFERS, ""), ST_DENIED},
    {DOCUMENT("", ENDPOINTS, OFFERS, ""), ST_INVALID},
    {GOOD(",\"issuer\":\"https://id.example\""), ST_INVALID},
    {GOOD(",\"code_challenge_methods_supported\":[\"plain\"]"), ST_DENIED},
    {GOOD(",\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"]"), ST_DENIED},
    {GOOD(",\"end_session_endpoint\":\"http://id.example/o\""), ST_INVALID},
    {GOOD(",\"end_session_endpoint\":\"javascript:alert(1)\""), ST_INVALID},
    {DOCUMENT("https://id.example", ENDPOINTS, "\"response_types_supported\":[\"id_token\"],"
              "\"id_token_signing_alg_values_supported\":[\"RS256\"]", ""), ST_DENIED},
    {DOCUMENT("https://id.example", ENDPOINTS, "\"response_types_supported\":[\"code\"],"
              "\"id_token_signing_alg_values_supported\":[\"none\",\"HS256\"]", ""), ST_DENIED},
    {DOCUMENT("https://id.example", ENDPOINTS, "\"response_types_supported\":[\"code\"]", ""), ST_DENIED},
    {DOCUMENT("https://id.example", "\"authorization_endpoint\":\"https://id.example/a\"", OFFERS, ""), ST_INVALID},
    {DOCUMENT("https://id.example", "\"authorization_endpoint\":\"https://id.example/a\",\"token_endpoint\":"
              "\"http://127.0.0.1/t\",\"jwks_uri\":\"https://id.example/k\"", OFFERS, ""), ST_INVALID},
    {"[]", ST_INVALID},
    {"", ST_INVALID},
};

static void reads_documents(void)
{
    for (size_t i = 0; i < COUNT(documents); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct oidc_document document = {0};
        check_row(documents[i].json);
        CHECK_NUMBER(oidc_document_parse(slice_from(documents[i].json), LIT("https://id.example"), false, arena,
                                         &document, NULL), documents[i].status);
        CHECK((document.token_endpoint.len > 0) == (documents[i].status == ST_OK));
    }
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct oidc_document document;
    CHECK_OK(oidc_document_parse(LIT(GOOD(",\"authorization_response_iss_parameter_supported\":true")),
                                 LIT("https://id.example"), false, arena, &document, NULL));
    CHECK_TEXT(document.jwks_uri, "https://id.example/k");
    CHECK_NUMBER(document.algs, JOSE_ALG_BIT(JOSE_RS256) | JOSE_ALG_BIT(JOSE_ES256));
    CHECK(document.basic && !document.post && document.issuer_parameter && !document.backchannel_logout);
    struct slice large = arena_format(arena, "%*s", OIDC_DOCUMENT_BYTES_MAX + 1, "{}");
    CHECK_NUMBER(oidc_document_parse(large, LIT("https://id.example"), false, arena, &document, NULL), ST_LIMIT);
}

static const struct {
    unsigned code;
    const char *json;
    enum status status;
} answers[] = {
    {200, "{\"token_type\":\"Bearer\",\"id_token\":\"a.b.c\",\"access_token\":\"t\",\"expires_in\":60}", ST_OK},
    {200, "{\"token_type\":\"bearer\",\"id_token\":\"a.b.c\"}", ST_OK},
    {200, "{\"token_type\":\"DPoP\",\"id_token\":\"a.b.c\"}", ST_INVALID},
    {200, "{\"id_token\":\"a.b.c\"}", ST_INVALID},
    {200, "{\"token_type\":\"Bearer\",\"access_token\":\"t\"}", ST_INVALID},
    {200, "{\"token_type\":\"Bearer\",\"id_token\":{}}", ST_INVALID},
    {200, "{\"token_type\":\"Bearer\",\"id_token\":\"a\",\"id_token\":\"b\"}", ST_INVALID},
    {200, "<html>", ST_INVALID},
    {201, "{\"token_type\":\"Bearer\",\"id_token\":\"a.b.c\"}", ST_DENIED},
    {400, "{\"error\":\"invalid_grant\"}", ST_DENIED},
    {401, "{\"error\":\"invalid_client\"}", ST_DENIED},
    {400, "{\"error\":\"<script>\"}", ST_DENIED},
    {403, "", ST_DENIED},
    {302, "", ST_DENIED},
    {500, "", ST_UNAVAILABLE},
    {503, "<html>", ST_UNAVAILABLE},
    {429, "{}", ST_UNAVAILABLE},
};

static void reads_answers(void)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 20);
        struct oidc_tokens tokens = {0};
        struct problem why = {0};
        check_row(answers[i].json);
        CHECK_NUMBER(oidc_answer_parse(answers[i].code, slice_from(answers[i].json), arena, &tokens, &why),
                     answers[i].status);
        CHECK((tokens.id_token.len > 0) == (answers[i].status == ST_OK));
        CHECK(!slice_contains(slice_from(why.detail), LIT("script"))); /* what it wrote is not repeated */
    }
}

int main(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    signer = signer_create(KEY_P256);
    struct slice jwk = signer_jwk(&signer, "k", "", arena);
    CHECK_OK(jose_keys_parse(arena_format(arena, "{\"keys\":[%.*s]}", SLICE_ARG(jwk)), &keys, NULL));
    TEST(checks_every_claim_of_an_id_token);
    TEST(gives_the_claims);
    TEST(hears_whether_an_address_is_verified);
    TEST(bounds_the_subject);
    TEST(asks_only_what_the_rules_ask);
    TEST(holds_the_access_token_together);
    TEST(takes_no_token_for_another);
    TEST(refuses_payloads);
    TEST(checks_every_claim_of_a_logout_token);
    TEST(peeks_at_tokens);
    TEST(knows_its_urls);
    TEST(reads_documents);
    TEST(reads_answers);
    jose_keys_destroy(&keys);
    signer_destroy(&signer);
    return check_done();
}
