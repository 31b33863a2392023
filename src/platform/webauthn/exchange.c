#include "platform/webauthn/internal.h"

/* A member in base64url, decoded.
 *   max  bytes of what it decodes to */
static enum status read_bytes(const json_t *object, const char *name, size_t max,
                              struct arena *arena, struct slice *out, struct problem *why)
{
    struct slice text = json_text(object, name), bytes;
    if (text.len == 0)
        return problem_set(why, ST_INVALID, "passkey: no %s", name);
    if (text.len > (max * 4 + 2) / 3)
        return problem_set(why, ST_LIMIT, "passkey: %s over %zu bytes", name, max);
    if (base64url_decode(text, arena, &bytes) != ST_OK)
        return problem_set(why, ST_INVALID, "passkey: %s is no base64url", name);
    *out = bytes;
    return ST_OK;
}

static enum status read_head(const json_t *credential, struct arena *arena, struct slice *id,
                             const json_t **response, struct problem *why)
{
    struct slice raw = SLICE_NONE;
    if (!slice_equal(json_text(credential, "type"), LIT("public-key")))
        return problem_set(why, ST_INVALID, "passkey: no credential of type public-key");
    TRY(read_bytes(credential, "id", WEBAUTHN_ID_BYTES_MAX, arena, id, why));
    if (json_object_get(credential, "rawId") != NULL) {
        TRY(read_bytes(credential, "rawId", WEBAUTHN_ID_BYTES_MAX, arena, &raw, why));
        if (!slice_equal(*id, raw))
            return problem_set(why, ST_INVALID, "passkey: two different ids");
    }
    *response = json_object_get(credential, "response");
    return ST_OK;
}

enum status webauthn_read_registration(const json_t *credential, struct arena *arena,
                                       struct webauthn_registration *out, struct problem *why)
{
    struct webauthn_registration read = {0};
    const json_t *response;
    TRY(read_head(credential, arena, &read.id, &response, why));
    TRY(read_bytes(response, "clientDataJSON", WEBAUTHN_CLIENT_DATA_BYTES_MAX, arena,
                   &read.client_data, why));
    TRY(read_bytes(response, "attestationObject", WEBAUTHN_ATTESTATION_BYTES_MAX, arena,
                   &read.attestation, why));
    *out = read;
    return ST_OK;
}

enum status webauthn_read_assertion(const json_t *credential, struct arena *arena,
                                    struct webauthn_assertion *out, struct problem *why)
{
    struct webauthn_assertion read = {0};
    const json_t *response;
    TRY(read_head(credential, arena, &read.id, &response, why));
    TRY(read_bytes(response, "clientDataJSON", WEBAUTHN_CLIENT_DATA_BYTES_MAX, arena,
                   &read.client_data, why));
    TRY(read_bytes(response, "authenticatorData", WEBAUTHN_AUTH_DATA_BYTES_MAX, arena,
                   &read.auth_data, why));
    TRY(read_bytes(response, "signature", WEBAUTHN_SIGNATURE_BYTES_MAX, arena, &read.signature,
                   why));
    if (json_text(response, "userHandle").len > 0)
        TRY(read_bytes(response, "userHandle", WEBAUTHN_HANDLE_BYTES_MAX, arena, &read.user_handle,
                       why));
    *out = read;
    return ST_OK;
}

static json_t *encoded(struct slice bytes)
{
    AUTO_BUFFER text = buffer_create((size_t)WEBAUTHN_ID_BYTES_MAX * 2);
    base64url_encode(bytes, &text);
    return json_from_text(buffer_slice(&text));
}

/* L3 section 5.4.3: in the order of preference. */
static json_t *algorithms(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ALG_COUNT; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:i}", "type", "public-key", "alg", (int)webauthn_algs[i]));
    return list;
}

static json_t *descriptors(const struct slice *ids, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:o}", "type", "public-key", "id", encoded(ids[i])));
    return list;
}

static const char *verification(const struct webauthn_site *site)
{
    return site->needs_verification ? "required" : "preferred";
}

json_t *webauthn_creation_options(const struct webauthn_site *site, struct slice challenge,
                                  const struct webauthn_user *user, const struct slice *have,
                                  size_t have_count)
{
    return json_pack(
        "{s:{s:o, s:o}, s:{s:o, s:o, s:o}, s:o, s:o, s:i, s:o, s:{s:s, s:b, s:s}, s:s}",
        "rp", "id", json_from_text(site->rp_id), "name", json_from_text(site->name),
        "user", "id", encoded(user->handle), "name", json_from_text(user->name),
        "displayName", json_from_text(user->display_name),
        "challenge", encoded(challenge), "pubKeyCredParams", algorithms(),
        "timeout", WEBAUTHN_TIMEOUT_MS, "excludeCredentials", descriptors(have, have_count),
        "authenticatorSelection", "residentKey", "required", "requireResidentKey", 1,
        "userVerification", verification(site), "attestation", "none");
}

json_t *webauthn_request_options(const struct webauthn_site *site, struct slice challenge)
{
    return json_pack("{s:o, s:i, s:o, s:[], s:s}", "challenge", encoded(challenge), "timeout",
                     WEBAUTHN_TIMEOUT_MS, "rpId", json_from_text(site->rp_id), "allowCredentials",
                     "userVerification", verification(site));
}
