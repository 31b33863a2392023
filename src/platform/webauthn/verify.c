#include <fido.h>

#include "platform/webauthn/internal.h"

#define AUTO_ASSERT __attribute__((cleanup(fido_assert_free))) fido_assert_t *

static enum status check_sizes(const struct webauthn_assertion *sent, struct problem *why)
{
    if (sent->id.len > WEBAUTHN_ID_BYTES_MAX ||
        sent->auth_data.len > WEBAUTHN_AUTH_DATA_BYTES_MAX ||
        sent->signature.len > WEBAUTHN_SIGNATURE_BYTES_MAX ||
        sent->user_handle.len > WEBAUTHN_HANDLE_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "passkey: assertion too long");
    return ST_OK;
}

static enum status check_names(const struct webauthn_credential *credential, bool must_name,
                               const struct webauthn_assertion *sent, struct problem *why)
{
    if (!slice_equal(sent->id, credential->id))
        return problem_set(why, ST_DENIED, "passkey: another credential");
    if (must_name && sent->user_handle.len == 0)
        return problem_set(why, ST_DENIED, "passkey: names no user");
    if (sent->user_handle.len > 0 && !slice_equal(sent->user_handle, credential->user))
        return problem_set(why, ST_DENIED, "passkey: names another user");
    return ST_OK;
}

/* The signature over authenticator data and the hash of the client data, by libfido2. */
static enum status check_signature(const struct webauthn_site *site, const struct key *key,
                                   const struct webauthn_assertion *sent, struct problem *why)
{
    unsigned char hash[SHA256_BYTES];
    sha256(sent->client_data, hash);
    AUTO_ARENA arena = arena_create((size_t)1 << 12);
    AUTO_ASSERT assertion = fido_assert_new();
    bool ready = assertion != NULL && fido_assert_set_count(assertion, 1) == FIDO_OK &&
                 fido_assert_set_rp(assertion, arena_text(arena, site->rp_id)) == FIDO_OK &&
                 fido_assert_set_clientdata_hash(assertion, hash, sizeof hash) == FIDO_OK &&
                 fido_assert_set_authdata_raw(assertion, 0, bytes_of(sent->auth_data),
                                              sent->auth_data.len) == FIDO_OK &&
                 fido_assert_set_sig(assertion, 0, bytes_of(sent->signature),
                                     sent->signature.len) == FIDO_OK;
    if (!ready)
        return problem_set(why, ST_INVALID, "passkey: libfido2 refuses the assertion");
    if (fido_assert_verify(assertion, 0, key->alg, key->fido) != FIDO_OK)
        return problem_set(why, ST_DENIED, "passkey: the signature is wrong");
    return ST_OK;
}

static enum status check_data(const struct webauthn_site *site,
                              const struct webauthn_credential *credential,
                              const struct auth_data *data, struct problem *why)
{
    TRY(auth_data_check(site, data, why));
    if (data->has_credential)
        return problem_set(why, ST_INVALID, "passkey: an assertion with a new credential");
    if (data->backup_eligible != credential->backup_eligible)
        return problem_set(why, ST_DENIED,
                           "passkey: may be backed up or not, other than when made");
    return ST_OK;
}

enum status webauthn_verify(const struct webauthn_site *site, struct slice challenge,
                            const struct webauthn_credential *credential, bool must_name,
                            const struct webauthn_assertion *sent, struct webauthn_seen *out,
                            struct problem *why)
{
    struct auth_data data;
    TRY(check_sizes(sent, why));
    TRY(check_names(credential, must_name, sent, why));
    TRY(client_data_check(site, sent->client_data, LIT("webauthn.get"), challenge, why));
    TRY(auth_data_read(sent->auth_data, &data, why));
    TRY(check_data(site, credential, &data, why));
    AUTO_KEY key = {0};
    TRY(key_open(credential->key, &key, why));
    TRY(check_signature(site, &key, sent, why));
    bool counts = data.sign_count != 0 || credential->sign_count != 0;
    if (counts && data.sign_count <= credential->sign_count)
        return problem_set(why, ST_CONFLICT, "passkey: its count did not grow: it may be copied");
    *out = (struct webauthn_seen){data.sign_count, data.backed_up, data.verified};
    return ST_OK;
}
