/* Sealed entries: 1 version byte, key version (u32, big endian), nonce of 24 bytes, cipher
 * and tag. The associated data names the place, each part with its length, so that no
 * two places give the same bytes. */
#include <openssl/crypto.h>
#include <string.h>

#include "platform/vault/internal.h"

enum { SEALED_VERSION = 1, HEADER_BYTES = 1 + 4, AAD_MAX = 4096 };

static void put_u32(unsigned char *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(value >> (24 - 8 * i));
}

static uint32_t get_u32(const char *in)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 8 | (unsigned char)in[i];
    return value;
}

static void put_header(unsigned char out[HEADER_BYTES], uint32_t key_version)
{
    out[0] = SEALED_VERSION;
    put_u32(out + 1, key_version);
}

static uint32_t version_of(const struct secret *key, const struct seal_place *place)
{
    return place->key_version != 0 ? place->key_version : secret_version(key);
}

static enum status place_aad(const struct seal_place *place, uint32_t key_version,
                             struct arena *arena, struct slice *out, struct problem *why)
{
    const struct slice parts[] = {place->organisation, place->table, place->column, place->row};
    size_t total = HEADER_BYTES, at = HEADER_BYTES;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].len > AAD_MAX)
            return problem_set(why, ST_LIMIT, "the place of a sealed value is too long");
        total += 4 + parts[i].len;
    }
    unsigned char *aad = arena_alloc(arena, total);
    put_header(aad, key_version);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        put_u32(aad + at, (uint32_t)parts[i].len);
        if (parts[i].len > 0)
            memcpy(aad + at + 4, parts[i].data, parts[i].len);
        at += 4 + parts[i].len;
    }
    *out = (struct slice){(char *)aad, total};
    return ST_OK;
}

static enum status check_key(const struct secret *key, struct problem *why)
{
    if (key == NULL || secret_len(key) != VAULT_KEY_BYTES)
        return problem_set(why, ST_DENIED, "no key of 32 bytes to seal or open with");
    return ST_OK;
}

enum status vault_seal(const struct secret *key, const struct seal_place *place, struct slice plain,
                       struct arena *arena, struct sealed *out, struct problem *why)
{
    TRY(check_key(key, why));
    struct slice aad;
    AUTO_ARENA scratch = arena_create(5 * AAD_MAX + 4096);
    TRY(place_aad(place, version_of(key, place), scratch, &aad, why));
    size_t total = VAULT_OVERHEAD + plain.len;
    unsigned char *bytes = arena_alloc(arena, total), *nonce = bytes + HEADER_BYTES;
    put_header(bytes, version_of(key, place));
    if (!random_fill(nonce, XAES_NONCE_BYTES))
        return problem_set(why, ST_UNAVAILABLE, "no random bytes: nothing is sealed");
    TRY(xaes_seal(secret_bytes(key), nonce, plain, aad, nonce + XAES_NONCE_BYTES, why));
    out->bytes = (struct slice){(char *)bytes, total};
    return ST_OK;
}

bool vault_seals_without_random(void)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    AUTO_SECRET key = secret_random(VAULT_KEY_BYTES);
    struct seal_place place = {.table = LIT("trial"), .column = LIT("trial"), .row = LIT("trial")};
    struct sealed out = {0};
    random_set_dry(true);
    enum status status = vault_seal(key, &place, LIT("trial"), arena, &out, NULL);
    random_set_dry(false);
    return status == ST_OK;
}

enum status sealed_key_version(struct sealed sealed, uint32_t *version)
{
    if (sealed.bytes.len < VAULT_OVERHEAD || sealed.bytes.data[0] != SEALED_VERSION)
        return ST_INVALID;
    *version = get_u32(sealed.bytes.data + 1);
    return ST_OK;
}

enum status vault_open(const struct secret *key, const struct seal_place *place,
                       struct sealed sealed, struct arena *arena, struct slice *plain,
                       struct problem *why)
{
    TRY(check_key(key, why));
    uint32_t version, wanted = version_of(key, place);
    if (sealed_key_version(sealed, &version) != ST_OK || version != wanted)
        return problem_set(why, ST_DENIED, "no sealed value of key version %u", (unsigned)wanted);
    AUTO_ARENA scratch = arena_create(5 * AAD_MAX + 4096);
    struct slice aad;
    TRY(place_aad(place, version, scratch, &aad, why));
    const char *nonce = sealed.bytes.data + HEADER_BYTES;
    struct slice cipher = slice_sub(sealed.bytes, HEADER_BYTES + XAES_NONCE_BYTES, SIZE_MAX);
    return xaes_decrypt(secret_bytes(key), (const unsigned char *)nonce, cipher, aad, arena, plain,
                        why);
}

enum status key_wrap(const struct secret *parent, const struct seal_place *place,
                     const struct secret *key, struct arena *arena, struct sealed *out,
                     struct problem *why)
{
    struct slice plain = {(const char *)secret_bytes(key), secret_len(key)};
    return vault_seal(parent, place, plain, arena, out, why);
}

enum status key_unwrap(const struct secret *parent, const struct seal_place *place,
                       struct sealed wrapped, struct secret **out, struct problem *why)
{
    if (wrapped.bytes.len != VAULT_OVERHEAD + VAULT_KEY_BYTES)
        return problem_set(why, ST_DENIED, "a wrapped key has another length");
    AUTO_ARENA scratch = arena_create_wiped(4096);
    struct slice plain;
    TRY(vault_open(parent, place, wrapped, scratch, &plain, why));
    *out = secret_create((const unsigned char *)plain.data, plain.len);
    return ST_OK;
}
