#include <openssl/evp.h>

#include <assert.h>

#include "platform/webauthn/internal.h"

/* rpIdHash, flags, signCount; then AAGUID and the length of the id (L3 section 6.1, 6.5.2). */
enum { FLAGS_AT = 32, COUNT_AT = 33, HEAD_BYTES = 37, ID_HEAD_BYTES = WEBAUTHN_AAGUID_BYTES + 2 };
enum {
    FLAG_PRESENT = 1 << 0,
    FLAG_VERIFIED = 1 << 2,
    FLAG_BACKUP_ELIGIBLE = 1 << 3,
    FLAG_BACKED_UP = 1 << 4,
    FLAG_CREDENTIAL = 1 << 6,
    FLAG_EXTENSIONS = 1 << 7,
};

void sha256(struct slice bytes, unsigned char out[SHA256_BYTES])
{
    int made = EVP_Digest(bytes_of(bytes), bytes.len, out, NULL, EVP_sha256(), NULL);
    assert(made == 1);
}

static enum status read_credential(struct slice *rest, struct auth_data *data, struct problem *why)
{
    const unsigned char *head = bytes_of(*rest);
    if (rest->len < ID_HEAD_BYTES)
        return problem_set(why, ST_INVALID, "passkey: authenticator data ends early");
    size_t id_bytes = (size_t)head[WEBAUTHN_AAGUID_BYTES] << 8 | head[WEBAUTHN_AAGUID_BYTES + 1];
    if (id_bytes > WEBAUTHN_ID_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "passkey: id over %d bytes", WEBAUTHN_ID_BYTES_MAX);
    if (id_bytes == 0 || rest->len - ID_HEAD_BYTES < id_bytes)
        return problem_set(why, ST_INVALID, "passkey: authenticator data ends early");
    data->aaguid = slice_sub(*rest, 0, WEBAUTHN_AAGUID_BYTES);
    data->id = slice_sub(*rest, ID_HEAD_BYTES, ID_HEAD_BYTES + id_bytes);
    *rest = slice_sub(*rest, ID_HEAD_BYTES + id_bytes, rest->len);
    if (!item_whole(rest, &data->key))
        return problem_set(why, ST_INVALID, "passkey: the key is no CBOR");
    return ST_OK;
}

static enum status read_extensions(struct slice *rest, struct auth_data *data, struct problem *why)
{
    struct slice head = *rest;
    struct item item;
    if (!item_next(&head, &item) || item.kind != ITEM_MAP || !item_whole(rest, &data->extensions))
        return problem_set(why, ST_INVALID, "passkey: the extensions are no CBOR map");
    return ST_OK;
}

enum status auth_data_read(struct slice bytes, struct auth_data *out, struct problem *why)
{
    if (bytes.len < HEAD_BYTES)
        return problem_set(why, ST_INVALID, "passkey: authenticator data ends early");
    const unsigned char *head = bytes_of(bytes), *count = head + COUNT_AT;
    unsigned flags = head[FLAGS_AT];
    struct auth_data data = {
        .whole = bytes,
        .rp_id_hash = slice_sub(bytes, 0, SHA256_BYTES),
        .present = flags & FLAG_PRESENT,
        .verified = flags & FLAG_VERIFIED,
        .backup_eligible = flags & FLAG_BACKUP_ELIGIBLE,
        .backed_up = flags & FLAG_BACKED_UP,
        .has_credential = flags & FLAG_CREDENTIAL,
        .sign_count = (uint32_t)count[0] << 24 | (uint32_t)count[1] << 16 |
                      (uint32_t)count[2] << 8 | count[3],
    };
    struct slice rest = slice_sub(bytes, HEAD_BYTES, bytes.len);
    if (data.has_credential)
        TRY(read_credential(&rest, &data, why));
    if (flags & FLAG_EXTENSIONS)
        TRY(read_extensions(&rest, &data, why));
    if (rest.len != 0)
        return problem_set(why, ST_INVALID, "passkey: bytes after the authenticator data");
    *out = data;
    return ST_OK;
}

enum status auth_data_check(const struct webauthn_site *site, const struct auth_data *data,
                            struct problem *why)
{
    unsigned char want[SHA256_BYTES];
    sha256(site->rp_id, want);
    if (!slice_equal(data->rp_id_hash, (struct slice){(const char *)want, sizeof want}))
        return problem_set(why, ST_DENIED, "passkey: made for another site");
    if (!data->present)
        return problem_set(why, ST_DENIED, "passkey: nobody touched the authenticator");
    if (site->needs_verification && !data->verified)
        return problem_set(why, ST_DENIED, "passkey: the person was not verified");
    if (data->backed_up && !data->backup_eligible)
        return problem_set(why, ST_DENIED, "passkey: backed up, but never to be");
    return ST_OK;
}
