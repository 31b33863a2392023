#include "platform/webauthn/internal.h"

static enum status check_sizes(const struct webauthn_registration *sent, struct problem *why)
{
    if (sent->id.len > WEBAUTHN_ID_BYTES_MAX ||
        sent->attestation.len > WEBAUTHN_ATTESTATION_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "passkey: registration too long");
    return ST_OK;
}

enum status webauthn_register(const struct webauthn_site *site, struct slice challenge,
                              const struct webauthn_registration *sent,
                              struct webauthn_credential *out, struct problem *why)
{
    TRY(check_sizes(sent, why));
    TRY(client_data_check(site, sent->client_data, LIT("webauthn.create"), challenge, why));
    struct attestation attestation;
    struct auth_data data;
    TRY(attestation_read(sent->attestation, &attestation, why));
    TRY(auth_data_read(attestation.auth_data, &data, why));
    TRY(auth_data_check(site, &data, why));
    if (!data.has_credential)
        return problem_set(why, ST_INVALID, "passkey: a registration without a credential");
    if (!slice_equal(data.id, sent->id))
        return problem_set(why, ST_DENIED,
                           "passkey: registered under another id than it is sent with");
    AUTO_KEY key = {0};
    TRY(key_open(data.key, &key, why));
    struct webauthn_credential made = {
        .id = data.id,
        .key = data.key,
        .alg = key.alg,
        .sign_count = data.sign_count,
        .backup_eligible = data.backup_eligible,
        .backed_up = data.backed_up,
        .verified = data.verified,
    };
    memcpy(made.aaguid, data.aaguid.data, sizeof made.aaguid);
    TRY(attestation_check(site, &attestation, &data, key.alg, sent->client_data, &made.attestation,
                          why));
    *out = made;
    return ST_OK;
}
