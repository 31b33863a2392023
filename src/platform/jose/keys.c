#include <string.h>

#include "platform/jose/internal.h"

/* Of these, only private and shared keys have any (RFC 7518 sections 6.2.2, 6.3.2, 6.4.1). */
static const char *const secret_members[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

static bool has_secret(const json_t *key)
{
    for (size_t i = 0; i < sizeof secret_members / sizeof *secret_members; i++)
        if (json_object_get(key, secret_members[i]) != NULL)
            return true;
    return slice_equal(json_text(key, "kty"), LIT("oct"));
}

static const struct {
    const char *type, *curve;
    enum key_kind kind;
    int cjose_curve;
    size_t coordinate_bytes;
} kinds[] = {
    {"RSA", "", KEY_RSA, 0, 0},
    {"EC", "P-256", KEY_P256, CJOSE_JWK_EC_P_256, 32},
    {"EC", "P-384", KEY_P384, CJOSE_JWK_EC_P_384, 48},
    {"EC", "P-521", KEY_P521, CJOSE_JWK_EC_P_521, 66},
    {"OKP", "Ed25519", KEY_ED25519, 0, 32},
};

/* Index in `kinds`, or SIZE_MAX. */
static size_t kind_of(const json_t *key)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_equal(json_text(key, "kty"), slice_from(kinds[i].type)) &&
            (kinds[i].kind == KEY_RSA ||
             slice_equal(json_text(key, "crv"), slice_from(kinds[i].curve))))
            return i;
    return SIZE_MAX;
}

/* RFC 7517 sections 4.2 and 4.3: what is said of its use must allow to check signatures. */
static bool may_verify(const json_t *key)
{
    const json_t *use = json_object_get(key, "use"), *ops = json_object_get(key, "key_ops");
    if (use != NULL && !slice_equal(json_text(key, "use"), LIT("sig")))
        return false;
    if (ops == NULL)
        return true;
    for (size_t i = 0; i < json_array_size(ops); i++) {
        const char *op = json_string_value(json_array_get(ops, i));
        if (op != NULL && strcmp(op, "verify") == 0)
            return true;
    }
    return false;
}

/* Unsigned big-endian, as many bytes as needed (RFC 7518 section 2) or exactly `bytes`. */
static bool number(const json_t *key, const char *name, size_t bytes, struct arena *arena,
                   struct slice *out)
{
    struct slice text = json_text(key, name);
    if (text.len == 0 || base64url_decode(text, arena, out) != ST_OK || out->len == 0)
        return false;
    return bytes == 0 ? out->data[0] != 0 : out->len == bytes;
}

static size_t bits_of(struct slice big)
{
    size_t bits = big.len * 8;
    for (unsigned char top = (unsigned char)big.data[0]; (top & 0x80) == 0; top <<= 1)
        bits--;
    return bits;
}

static uint8_t *bytes_of(struct slice s)
{
    return (uint8_t *)(uintptr_t)s.data; /* cjose copies and changes nothing */
}

static bool make_rsa(const json_t *json, struct arena *arena, struct jose_key *key)
{
    struct slice n, e;
    if (!number(json, "n", 0, arena, &n) || !number(json, "e", 0, arena, &e))
        return false;
    size_t bits = bits_of(n);
    bool exponent_fits = e.len <= 4 && (e.data[e.len - 1] & 1) == 1 && bits_of(e) > 1;
    if (bits < JOSE_RSA_BITS_MIN || bits > JOSE_RSA_BITS_MAX || !exponent_fits ||
        (n.data[n.len - 1] & 1) == 0 || roca_is_weak(n))
        return false;
    cjose_jwk_rsa_keyspec spec = {
        .e = bytes_of(e), .elen = e.len, .n = bytes_of(n), .nlen = n.len};
    key->signature_bytes = n.len;
    key->jwk = cjose_jwk_create_RSA_spec(&spec, NULL);
    return key->jwk != NULL;
}

static bool make_ec(const json_t *json, size_t kind, struct arena *arena, struct jose_key *key)
{
    struct slice x, y;
    size_t bytes = kinds[kind].coordinate_bytes;
    if (!number(json, "x", bytes, arena, &x) || !number(json, "y", bytes, arena, &y))
        return false;
    cjose_jwk_ec_keyspec spec = {.crv = kinds[kind].cjose_curve,
                                 .x = bytes_of(x), .xlen = x.len, .y = bytes_of(y), .ylen = y.len};
    key->signature_bytes = 2 * bytes;
    key->jwk = cjose_jwk_create_EC_spec(&spec, NULL); /* none for a point off the curve */
    return key->jwk != NULL;
}

static bool make_ed25519(const json_t *json, size_t kind, struct arena *arena,
                         struct jose_key *key)
{
    struct slice x;
    if (!number(json, "x", kinds[kind].coordinate_bytes, arena, &x))
        return false;
    key->signature_bytes = 64;
    key->ed25519 = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes_of(x), x.len);
    return key->ed25519 != NULL;
}

/* False: not usable, and left out. */
static bool make_key(const json_t *json, struct arena *arena, struct jose_key *key)
{
    size_t kind = kind_of(json);
    if (kind == SIZE_MAX || !may_verify(json))
        return false;
    key->kind = kinds[kind].kind;
    if (json_object_get(json, "alg") != NULL) {
        key->alg = jose_alg_named(json_text(json, "alg"));
        if (alg_key_kind(key->alg) != key->kind)
            return false;
    }
    struct slice id = json_text(json, "kid");
    if (id.len > JOSE_KEY_ID_BYTES_MAX)
        return false;
    key->id = arena_copy(arena, id);
    if (key->kind == KEY_RSA)
        return make_rsa(json, arena, key);
    if (key->kind == KEY_ED25519)
        return make_ed25519(json, kind, arena, key);
    return make_ec(json, kind, arena, key);
}

static enum status add_keys(const json_t *list, struct jose_keys *keys, struct problem *why)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *json = json_array_get(list, i);
        struct jose_key key = {0};
        if (!json_is_object(json))
            return problem_set(why, ST_INVALID, "the set of keys holds something else");
        if (has_secret(json))
            return problem_set(why, ST_DENIED, "the set of keys shows a private or shared key");
        if (make_key(json, keys->arena, &key))
            keys->items[keys->count++] = key;
    }
    return ST_OK;
}

enum status jose_keys_parse(struct slice json, struct jose_keys **out, struct problem *why)
{
    AUTO_JSON root = NULL;
    if (json.len > JOSE_KEYS_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "the set of keys is too long");
    TRY(json_read_unique(json, &root, why));
    const json_t *list = json_object_get(root, "keys");
    if (!json_is_array(list))
        return problem_set(why, ST_INVALID, "no set of keys (RFC 7517 section 5)");
    if (json_array_size(list) > JOSE_KEYS_MAX)
        return problem_set(why, ST_LIMIT, "the set holds more than %d keys", JOSE_KEYS_MAX);
    AUTO_JOSE_KEYS keys = must_calloc(1, sizeof *keys);
    keys->arena = arena_create(4 * JOSE_KEYS_BYTES_MAX);
    TRY(add_keys(list, keys, why));
    *out = keys;
    keys = NULL;
    return ST_OK;
}

void jose_keys_destroy(struct jose_keys **out)
{
    struct jose_keys *keys = *out;
    if (keys == NULL)
        return;
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i].jwk != NULL)
            cjose_jwk_release(keys->items[i].jwk);
        EVP_PKEY_free(keys->items[i].ed25519);
    }
    arena_destroy(&keys->arena);
    free(keys);
    *out = NULL;
}

size_t jose_keys_count(const struct jose_keys *keys)
{
    return keys->count;
}
