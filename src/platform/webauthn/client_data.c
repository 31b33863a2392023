#include "platform/webauthn/internal.h"

static bool is_one_of(struct slice text, const struct slice *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(text, list[i]))
            return true;
    return false;
}

/* Frames: "crossOrigin" and, since Level 3, the page that holds ours. */
static enum status check_frames(const struct webauthn_site *site, const json_t *data,
                                struct problem *why)
{
    const json_t *cross = json_object_get(data, "crossOrigin");
    const json_t *top = json_object_get(data, "topOrigin");
    if (cross != NULL && !json_is_boolean(cross))
        return problem_set(why, ST_INVALID, "passkey: crossOrigin is no boolean");
    if (top != NULL && (!json_is_string(top) || !json_is_true(cross)))
        return problem_set(why, ST_INVALID, "passkey: topOrigin without crossOrigin");
    if (json_is_true(cross) && site->top_origin_count == 0)
        return problem_set(why, ST_DENIED, "passkey: asked for from a frame of another site");
    if (top != NULL &&
        !is_one_of(json_text(data, "topOrigin"), site->top_origins, site->top_origin_count))
        return problem_set(why, ST_DENIED, "passkey: asked for from a frame of another site");
    return ST_OK;
}

/* The challenge is compared as the text that it must be, so that no decoder decides. */
static bool is_challenge(struct slice text, struct slice challenge)
{
    AUTO_BUFFER want = buffer_create((size_t)WEBAUTHN_CHALLENGE_BYTES_MAX * 2);
    base64url_encode(challenge, &want);
    return slice_equal(text, buffer_slice(&want));
}

enum status client_data_check(const struct webauthn_site *site, struct slice client_data,
                              struct slice type, struct slice challenge, struct problem *why)
{
    if (client_data.len > WEBAUTHN_CLIENT_DATA_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "passkey: client data over %d bytes",
                           WEBAUTHN_CLIENT_DATA_BYTES_MAX);
    AUTO_JSON data = NULL;
    TRY(json_read_unique(client_data, &data, why));
    if (!json_is_object(data))
        return problem_set(why, ST_INVALID, "passkey: client data is no object");
    if (!slice_equal(json_text(data, "type"), type))
        return problem_set(why, ST_DENIED, "passkey: made for another purpose");
    if (!is_challenge(json_text(data, "challenge"), challenge))
        return problem_set(why, ST_DENIED, "passkey: answers another challenge");
    if (!is_one_of(json_text(data, "origin"), site->origins, site->origin_count))
        return problem_set(why, ST_DENIED, "passkey: made for another origin");
    return check_frames(site, data, why);
}
