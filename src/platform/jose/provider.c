#include <arpa/inet.h>
#include <string.h>

#include "platform/jose/internal.h"

/* URLs */

static bool is_url_byte(char c)
{
    return c > 0x20 && c < 0x7F && strchr("\"<>\\^`{|}#", c) == NULL;
}

static bool is_loopback(struct slice host)
{
    char text[16];
    struct in_addr address;
    if (slice_equal_nocase(host, LIT("localhost")) || slice_equal(host, LIT("[::1]")))
        return true;
    if (host.len >= sizeof text)
        return false;
    memcpy(text, host.data, host.len);
    text[host.len] = '\0';
    return inet_pton(AF_INET, text, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

/* "meet.example:8443" → its host; false where the port is none. */
static bool split_port(struct slice authority, struct slice *host)
{
    size_t colon = authority.len;
    while (colon > 0 && ascii_is_digit(authority.data[colon - 1]))
        colon--;
    *host = authority;
    if (colon > 0 && authority.data[colon - 1] == ':') {
        uint64_t port;
        if (!slice_to_u64(slice_sub(authority, colon, authority.len), 65535, &port) || port == 0)
            return false;
        *host = slice_sub(authority, 0, colon - 1);
    }
    bool bracketed = host->len > 2 && host->data[0] == '[' && host->data[host->len - 1] == ']';
    return host->len > 0 && (bracketed || !slice_contains(*host, LIT(":")));
}

bool oidc_url_fits(struct slice url, bool loopback)
{
    bool plain = slice_starts(url, LIT("http://"));
    if (url.len > OIDC_URL_BYTES_MAX || (!plain && !slice_starts(url, LIT("https://"))))
        return false;
    for (size_t i = 0; i < url.len; i++)
        if (!is_url_byte(url.data[i]))
            return false;
    struct slice rest = slice_sub(url, plain ? 7 : 8, url.len), host;
    size_t end = 0;
    while (end < rest.len && rest.data[end] != '/' && rest.data[end] != '?')
        end++;
    struct slice authority = slice_sub(rest, 0, end);
    if (slice_contains(authority, LIT("@")) || !split_port(authority, &host))
        return false;
    return !plain || (loopback && is_loopback(host));
}

struct slice oidc_document_url(struct slice issuer, struct arena *arena)
{
    while (slice_ends(issuer, LIT("/")))
        issuer.len--;
    return arena_format(arena, "%.*s/.well-known/openid-configuration", SLICE_ARG(issuer));
}

/* The document */

static enum status read_url(const json_t *json, const char *name, bool needed, bool loopback,
                            struct arena *arena, struct slice *out, struct problem *why)
{
    struct slice text = json_text(json, name);
    if (json_object_get(json, name) == NULL && !needed)
        return ST_OK;
    if (!oidc_url_fits(text, loopback))
        return problem_set(why, ST_INVALID, "the provider's \"%s\" is no https URL", name);
    *out = arena_copy(arena, text);
    return ST_OK;
}

static bool lists(const json_t *json, const char *name, const char *word, bool otherwise)
{
    const json_t *list = json_object_get(json, name);
    if (list == NULL)
        return otherwise;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text != NULL && strcmp(text, word) == 0)
            return true;
    }
    return false;
}

static unsigned read_algs(const json_t *json)
{
    const json_t *list = json_object_get(json, "id_token_signing_alg_values_supported");
    unsigned algs = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        algs |= JOSE_ALG_BIT(
            jose_alg_named((struct slice){json_string_value(item), json_string_length(item)}));
    }
    return algs & JOSE_ALGS_ALL;
}

/* What the document leaves out is as Discovery section 3 and RFC 8414 section 2 say. */
static enum status read_offers(const json_t *json, struct oidc_document *document,
                               struct problem *why)
{
    static const char methods[] = "token_endpoint_auth_methods_supported";
    document->algs = read_algs(json);
    document->basic = lists(json, methods, "client_secret_basic", true);
    document->post = lists(json, methods, "client_secret_post", false);
    document->issuer_parameter =
        json_flag(json, "authorization_response_iss_parameter_supported", false);
    document->backchannel_logout = json_flag(json, "backchannel_logout_supported", false);
    document->backchannel_session = json_flag(json, "backchannel_logout_session_supported", false);
    if (!lists(json, "response_types_supported", "code", false))
        return problem_set(why, ST_DENIED, "the provider has no code flow");
    if (document->algs == 0)
        return problem_set(why, ST_DENIED, "the provider signs with no algorithm that we take");
    if (!lists(json, "code_challenge_methods_supported", "S256", true))
        return problem_set(why, ST_DENIED, "the provider has no PKCE with S256");
    if (!document->basic && !document->post)
        return problem_set(why, ST_DENIED, "the provider takes no client secret (basic or post)");
    return ST_OK;
}

enum status oidc_document_parse(struct slice json, struct slice issuer, bool loopback,
                                struct arena *arena, struct oidc_document *out,
                                struct problem *why)
{
    AUTO_JSON root = NULL;
    struct oidc_document document = {.issuer = arena_copy(arena, issuer)};
    if (json.len > OIDC_DOCUMENT_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "the provider's document is too long");
    TRY(json_read_unique(json, &root, why));
    if (!json_is_object(root) || json_text(root, "issuer").len == 0)
        return problem_set(why, ST_INVALID, "no document of an OpenID provider");
    if (!slice_equal(json_text(root, "issuer"), issuer)) /* Discovery, section 4.3 */
        return problem_set(why, ST_DENIED, "the document is of another issuer than was asked");
    TRY(read_url(root, "authorization_endpoint", true, loopback, arena,
                 &document.authorization_endpoint, why));
    TRY(read_url(root, "token_endpoint", true, loopback, arena, &document.token_endpoint, why));
    TRY(read_url(root, "jwks_uri", true, loopback, arena, &document.jwks_uri, why));
    TRY(read_url(root, "end_session_endpoint", false, loopback, arena,
                 &document.end_session_endpoint, why));
    TRY(read_offers(root, &document, why));
    *out = document;
    return ST_OK;
}

/* The token endpoint */

/* RFC 6749 section 5.2; other words are not repeated, they may say anything. */
static const struct {
    const char *error, *text;
} errors[] = {
    {"invalid_grant", "the code is used, too old, or of somebody else (invalid_grant)"},
    {"invalid_client", "the provider does not take our client id and secret (invalid_client)"},
    {"unauthorized_client", "the provider lets this client use no codes (unauthorized_client)"},
    {"invalid_request", "the provider takes our question for malformed (invalid_request)"},
    {"unsupported_grant_type", "the provider has no code flow (unsupported_grant_type)"},
    {"invalid_scope", "the provider refuses the scope (invalid_scope)"},
};

static enum status refused(uint32_t code, const json_t *root, struct problem *why)
{
    struct slice error = json_text(root, "error");
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (slice_equal(error, slice_from(errors[i].error)))
            return problem_set(why, ST_DENIED, "%s", errors[i].text);
    if (code >= 500 || code == 429)
        return problem_set(why, ST_UNAVAILABLE, "the token endpoint answered %u", (unsigned)code);
    return problem_set(why, ST_DENIED, "the token endpoint answered %u", (unsigned)code);
}

enum status oidc_answer_parse(uint32_t code, struct slice json, struct arena *arena,
                              struct oidc_tokens *out, struct problem *why)
{
    AUTO_JSON root = NULL;
    struct oidc_tokens tokens = {0};
    if (json.len > OIDC_ANSWER_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "the token endpoint's answer is too long");
    enum status status = json_read_unique(json, &root, why);
    if (code != 200)
        return refused(code, root, why);
    TRY(status);
    if (!slice_equal_nocase(json_text(root, "token_type"), LIT("Bearer")))
        return problem_set(why, ST_INVALID, "the token endpoint gave no bearer token");
    TRY(claim_text(root, "id_token", JOSE_TOKEN_BYTES_MAX, arena, &tokens.id_token, why));
    if (json_object_get(root, "access_token") != NULL)
        TRY(claim_text(root, "access_token", JOSE_TOKEN_BYTES_MAX, arena, &tokens.access_token,
                       why));
    *out = tokens;
    return ST_OK;
}
