#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/es384.h>
#include <fido/rs256.h>
#include <openssl/evp.h>

#include <assert.h>

#include "platform/webauthn/internal.h"

const enum webauthn_alg webauthn_algs[ALG_COUNT] = {WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_ES384,
                                                    WEBAUTHN_RS256};

enum { KEY_BYTES_MAX = 512 }; /* of RS256: 256 and 3, in little CBOR */

/* Members of a COSE_Key (RFC 9053 section 7, RFC 8230 section 4). -1 is the curve of an
 * elliptic key and the modulus of an RSA key. */
enum { COSE_KTY = 1, COSE_ALG = 3, COSE_CRV_OR_N = -1, COSE_X_OR_E = -2, COSE_Y = -3 };
struct members {
    int64_t kty, alg, crv;       /* 0 when absent: none of them has that value */
    struct slice n, x_or_e, y;
};

/* What each algorithm must come with; a key that has more or less is refused. */
static const struct key_shape {
    enum webauthn_alg alg;
    int64_t kty, crv;
    size_t n_bytes, x_or_e_bytes, y_bytes;
} shapes[] = {
    {WEBAUTHN_ES256, COSE_KTY_EC2, COSE_P256, 0, 32, 32},
    {WEBAUTHN_ES384, COSE_KTY_EC2, COSE_P384, 0, 48, 48},
    {WEBAUTHN_EDDSA, COSE_KTY_OKP, COSE_ED25519, 0, 32, 0},
    {WEBAUTHN_RS256, COSE_KTY_RSA, 0, 256, 3, 0},
};

static bool set_number(int64_t *member, const struct item *item)
{
    if (*member != 0 || item->kind != ITEM_NUMBER)
        return false;
    *member = item->number;
    return true;
}

static bool set_bytes(struct slice *member, const struct item *item)
{
    if (member->data != NULL || item->kind != ITEM_BYTES)
        return false;
    *member = item->bytes;
    return true;
}

static bool set_member(struct members *members, int64_t label, const struct item *item)
{
    switch (label) {
    case COSE_KTY: return set_number(&members->kty, item);
    case COSE_ALG: return set_number(&members->alg, item);
    case COSE_CRV_OR_N:
        return item->kind == ITEM_NUMBER ? set_number(&members->crv, item)
                                         : set_bytes(&members->n, item);
    case COSE_X_OR_E: return set_bytes(&members->x_or_e, item);
    case COSE_Y: return set_bytes(&members->y, item);
    default: return false;
    }
}

static bool read_members(struct slice cose, struct members *members)
{
    struct item map, label, value;
    if (!item_next(&cose, &map) || map.kind != ITEM_MAP)
        return false;
    for (size_t i = 0; i < map.count; i++)
        if (!item_next(&cose, &label) || label.kind != ITEM_NUMBER || !item_next(&cose, &value) ||
            !set_member(members, label.number, &value))
            return false;
    return cose.len == 0;
}

static const struct key_shape *shape_of(const struct members *members)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (members->alg == shapes[i].alg)
            return &shapes[i];
    return NULL;
}

static bool fits(const struct members *members, const struct key_shape *shape)
{
    return members->kty == shape->kty && members->crv == shape->crv &&
           members->n.len == shape->n_bytes && members->x_or_e.len == shape->x_or_e_bytes &&
           members->y.len == shape->y_bytes;
}

/* libfido2 takes a key as its parts in a row: X and Y, or modulus and exponent. */
static bool fill(struct key *key, const void *parts, size_t len)
{
    int filled = FIDO_ERR_INTERNAL;
    switch (key->alg) {
    case WEBAUTHN_ES256:
        if ((key->fido = es256_pk_new()) != NULL)
            filled = es256_pk_from_ptr(key->fido, parts, len);
        break;
    case WEBAUTHN_ES384:
        if ((key->fido = es384_pk_new()) != NULL)
            filled = es384_pk_from_ptr(key->fido, parts, len);
        break;
    case WEBAUTHN_EDDSA:
        if ((key->fido = eddsa_pk_new()) != NULL)
            filled = eddsa_pk_from_ptr(key->fido, parts, len);
        break;
    case WEBAUTHN_RS256:
        if ((key->fido = rs256_pk_new()) != NULL)
            filled = rs256_pk_from_ptr(key->fido, parts, len);
        break;
    }
    return filled == FIDO_OK;
}

/* OpenSSL builds the key: a point off its curve goes no further. */
static bool is_key(const struct key *key)
{
    EVP_PKEY *built = NULL;
    switch (key->alg) {
    case WEBAUTHN_ES256: built = es256_pk_to_EVP_PKEY(key->fido); break;
    case WEBAUTHN_ES384: built = es384_pk_to_EVP_PKEY(key->fido); break;
    case WEBAUTHN_EDDSA: built = eddsa_pk_to_EVP_PKEY(key->fido); break;
    case WEBAUTHN_RS256: built = rs256_pk_to_EVP_PKEY(key->fido); break;
    }
    EVP_PKEY_free(built);
    return built != NULL;
}

enum status key_open(struct slice cose, struct key *out, struct problem *why)
{
    struct members members = {0};
    if (cose.len > KEY_BYTES_MAX || !read_members(cose, &members))
        return problem_set(why, ST_INVALID, "passkey: the key is no COSE key");
    const struct key_shape *shape = shape_of(&members);
    if (shape == NULL)
        return problem_set(why, ST_INVALID, "passkey: a key of an algorithm that we did not offer");
    if (!fits(&members, shape))
        return problem_set(why, ST_INVALID, "passkey: the key does not fit its algorithm");
    unsigned char parts[KEY_BYTES_MAX];
    size_t len = 0;
    const struct slice all[] = {members.n, members.x_or_e, members.y};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        memcpy(parts + len, bytes_of(all[i]), all[i].len);
        len += all[i].len;
    }
    AUTO_KEY key = {.alg = shape->alg};
    if (!fill(&key, parts, len) || !is_key(&key))
        return problem_set(why, ST_INVALID, "passkey: the key is none of its curve");
    *out = key;
    key.fido = NULL;
    return ST_OK;
}

void key_close(struct key *key)
{
    switch (key->alg) {
    case WEBAUTHN_ES256: es256_pk_free((es256_pk_t **)&key->fido); break;
    case WEBAUTHN_ES384: es384_pk_free((es384_pk_t **)&key->fido); break;
    case WEBAUTHN_EDDSA: eddsa_pk_free((eddsa_pk_t **)&key->fido); break;
    case WEBAUTHN_RS256: rs256_pk_free((rs256_pk_t **)&key->fido); break;
    }
}
