#include "lib/authenticator.h"

#include <assert.h>
#include <cbor.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>


enum { AUTH_DATA_MAX = 4096, HASH_BYTES = 32, COORDINATE_MAX = 48, MODULUS_BYTES = 256 };

static const unsigned char aaguid[WEBAUTHN_AAGUID_BYTES] = {0x52, 0x65, 0x6e, 0x64, 0x65, 0x7a,
                                                            1,    2,    3,    4};
static const struct authenticator_ways right = {0};

static EVP_PKEY *new_key(enum webauthn_alg alg)
{
    switch (alg) {
    case WEBAUTHN_ES256: return EVP_EC_gen("P-256");
    case WEBAUTHN_ES384: return EVP_EC_gen("P-384");
    case WEBAUTHN_EDDSA: return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    case WEBAUTHN_RS256: return EVP_RSA_gen(MODULUS_BYTES * 8);
    }
    return NULL;
}

void authenticator_create(struct authenticator *out, enum webauthn_alg alg, const char *rp_id,
                          const char *origin)
{
    *out = (struct authenticator){
        .key = new_key(alg), .alg = alg, .rp_id = rp_id, .origin = origin, .id_bytes = 32,
        .flags = AUTHENTICATOR_PRESENT | AUTHENTICATOR_VERIFIED, .step = 1};
    int drawn = RAND_bytes(out->id, sizeof out->id);
    assert(out->key != NULL && drawn == 1);
}

void authenticator_destroy(struct authenticator *authenticator)
{
    EVP_PKEY_free(authenticator->key);
    *authenticator = (struct authenticator){0};
}

static struct slice from_hex(const char *hex, struct arena *arena)
{
    struct slice bytes = SLICE_NONE;
    if (hex != NULL && hex_decode(slice_from(hex), arena, &bytes) != ST_OK)
        assert(!"hex in a test");
    return bytes;
}

static struct slice sign(EVP_PKEY *key, enum webauthn_alg alg, struct slice text, struct arena *arena)
{
    const EVP_MD *hash = alg == WEBAUTHN_EDDSA ? NULL
                         : alg == WEBAUTHN_ES384 ? EVP_sha384()
                                                 : EVP_sha256();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = 0;
    int good = EVP_DigestSignInit(context, NULL, hash, NULL, key) == 1 &&
               EVP_DigestSign(context, NULL, &len, (const unsigned char *)text.data, text.len) == 1;
    unsigned char *out = arena_alloc(arena, len + 1);
    good = good &&
           EVP_DigestSign(context, out, &len, (const unsigned char *)text.data, text.len) == 1;
    assert(good);
    EVP_MD_CTX_free(context);
    return (struct slice){(char *)out, len};
}

/* CBOR: a map that grows pair by pair, then its bytes. */
static void put(cbor_item_t *map, cbor_item_t *name, cbor_item_t *value)
{
    bool added = cbor_map_add(map, (struct cbor_pair){cbor_move(name), cbor_move(value)});
    assert(added);
}

/* In the shortest form, as CTAP 2.1 section 8 wants it and libfido2 reads it. */
static cbor_item_t *number(int64_t value)
{
    uint16_t size = (uint16_t)(value >= 0 ? value : -1 - value);
    if (size <= UINT8_MAX)
        return value >= 0 ? cbor_build_uint8((uint8_t)size) : cbor_build_negint8((uint8_t)size);
    return value >= 0 ? cbor_build_uint16(size) : cbor_build_negint16(size);
}

static cbor_item_t *bytes_item(struct slice bytes)
{
    return cbor_build_bytestring((cbor_data)(bytes.len == 0 ? "" : bytes.data), bytes.len);
}

static struct slice written(cbor_item_t *item, struct arena *arena)
{
    unsigned char *bytes;
    size_t room, len = cbor_serialize_alloc(item, &bytes, &room);
    struct slice out = arena_copy(arena, (struct slice){(char *)bytes, len});
    free(bytes);
    cbor_decref(&item);
    return out;
}

static struct slice number_param(EVP_PKEY *key, const char *name, size_t len, struct arena *arena)
{
    BIGNUM *value = NULL;
    unsigned char *out = arena_alloc(arena, len);
    int good = EVP_PKEY_get_bn_param(key, name, &value) == 1 &&
               BN_bn2binpad(value, out, (int)len) == (int)len;
    assert(good);
    BN_free(value);
    return (struct slice){(char *)out, len};
}

static struct slice raw_public(EVP_PKEY *key, struct arena *arena)
{
    size_t len = HASH_BYTES;
    unsigned char *out = arena_alloc(arena, len);
    int good = EVP_PKEY_get_raw_public_key(key, out, &len);
    assert(good == 1);
    return (struct slice){(char *)out, len};
}

/* COSE_Key, RFC 9053 section 7 and RFC 8230 section 4. */
static struct slice cose_key(const struct authenticator *a, struct arena *arena)
{
    cbor_item_t *map = cbor_new_definite_map(5);
    bool ec = a->alg == WEBAUTHN_ES256 || a->alg == WEBAUTHN_ES384;
    size_t len = a->alg == WEBAUTHN_ES384 ? COORDINATE_MAX : HASH_BYTES;
    put(map, number(1), number(ec ? 2 : a->alg == WEBAUTHN_EDDSA ? 1 : 3));
    put(map, number(3), number(a->alg));
    if (ec) {
        put(map, number(-1), number(a->alg == WEBAUTHN_ES384 ? 2 : 1));
        put(map, number(-2), bytes_item(number_param(a->key, OSSL_PKEY_PARAM_EC_PUB_X, len, arena)));
        put(map, number(-3), bytes_item(number_param(a->key, OSSL_PKEY_PARAM_EC_PUB_Y, len, arena)));
    } else if (a->alg == WEBAUTHN_EDDSA) {
        put(map, number(-1), number(6));
        put(map, number(-2), bytes_item(raw_public(a->key, arena)));
    } else {
        put(map, number(-1),
            bytes_item(number_param(a->key, OSSL_PKEY_PARAM_RSA_N, MODULUS_BYTES, arena)));
        put(map, number(-2), bytes_item(number_param(a->key, OSSL_PKEY_PARAM_RSA_E, 3, arena)));
    }
    return written(map, arena);
}

static struct slice client_data(const struct authenticator *a, const char *type,
                                struct slice challenge, const struct authenticator_ways *ways,
                                struct arena *arena)
{
    if (ways->client_data != NULL)
        return slice_from(ways->client_data);
    char other[] = "another challenge, as long as it";
    AUTO_BUFFER text = buffer_create(WEBAUTHN_CLIENT_DATA_BYTES_MAX * 2);
    base64url_encode(ways->other_challenge ? slice_from(other) : challenge, &text);
    return arena_format(arena, "{\"type\":\"%s\",\"challenge\":\"%s%s\",\"origin\":\"%s\"%s}",
                        ways->type != NULL ? ways->type : type, text.data,
                        ways->padded_challenge ? "=" : "",
                        ways->origin != NULL ? ways->origin : a->origin,
                        ways->extra != NULL ? ways->extra : "");
}

static void add(struct buffer *out, const void *bytes, size_t len)
{
    buffer_add(out, (struct slice){bytes, len});
}

static struct slice auth_data(const struct authenticator *a, unsigned flags,
                              const struct authenticator_ways *ways, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(AUTH_DATA_MAX);
    const char *rp_id = ways->rp_id != NULL ? ways->rp_id : a->rp_id;
    unsigned char hash[HASH_BYTES];
    int hashed = EVP_Digest(rp_id, strlen(rp_id), hash, NULL, EVP_sha256(), NULL);
    assert(hashed == 1);
    add(&out, hash, sizeof hash);
    flags = (flags | ways->set | (ways->extensions_hex ? AUTHENTICATOR_EXTENSIONS : 0)) & ~ways->clear;
    uint32_t count = a->sign_count;
    const unsigned char tail[] = {(unsigned char)flags, (unsigned char)(count >> 24),
                                  (unsigned char)(count >> 16), (unsigned char)(count >> 8),
                                  (unsigned char)count};
    add(&out, tail, sizeof tail);
    if (flags & AUTHENTICATOR_CREDENTIAL) {
        const unsigned char id_head[] = {(unsigned char)(a->id_bytes >> 8), (unsigned char)a->id_bytes};
        add(&out, aaguid, sizeof aaguid);
        add(&out, id_head, sizeof id_head);
        add(&out, a->id, a->id_bytes);
        buffer_add(&out, ways->key_hex ? from_hex(ways->key_hex, arena) : cose_key(a, arena));
    }
    buffer_add(&out, from_hex(ways->extensions_hex, arena));
    buffer_add(&out, from_hex(ways->after_hex, arena));
    return arena_copy(arena, buffer_slice(&out));
}

/* What is signed: authenticator data, then the hash of the client data. */
static struct slice signed_text(struct slice data, struct slice client, struct arena *arena)
{
    unsigned char hash[HASH_BYTES];
    int hashed = EVP_Digest(client.data, client.len, hash, NULL, EVP_sha256(), NULL);
    assert(hashed == 1);
    char *text = arena_alloc(arena, data.len + sizeof hash);
    memcpy(text, data.data, data.len);
    memcpy(text + data.len, hash, sizeof hash);
    return (struct slice){text, data.len + sizeof hash};
}

static struct slice spoil(struct slice signature, bool spoilt, struct arena *arena)
{
    char *copy = arena_text(arena, signature);
    copy[signature.len - 1] ^= spoilt ? 1 : 0;
    return (struct slice){copy, signature.len};
}

static void name_subject(X509 *certificate, bool nameless)
{
    static const char *const parts[][2] = {{"C", "FR"},
                                           {"O", "Maker"},
                                           {"OU", "Authenticator Attestation"},
                                           {"CN", "Maker of keys"}};
    X509_NAME *name = X509_get_subject_name(certificate);
    for (size_t i = 0; i < 4; i++)
        if (!nameless || i != 2)
            X509_NAME_add_entry_by_txt(name, parts[i][0], MBSTRING_UTF8,
                                       (const unsigned char *)parts[i][1], -1, -1, 0);
    X509_set_issuer_name(certificate, name);
}

static void add_extension(X509 *certificate, const char *name, const char *value)
{
    X509_EXTENSION *made = X509V3_EXT_conf(NULL, NULL, name, value);
    int added = made != NULL && X509_add_ext(certificate, made, -1);
    assert(added == 1);
    X509_EXTENSION_free(made);
}

/* A certificate for `key`, signed by itself. */
static struct slice certificate(EVP_PKEY *key, const struct authenticator_ways *ways,
                                struct arena *arena)
{
    X509 *made = X509_new();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
    X509_gmtime_adj(X509_getm_notBefore(made), -60);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key);
    name_subject(made, ways->nameless);
    add_extension(made, "basicConstraints", ways->authority ? "CA:TRUE" : "CA:FALSE");
    if (ways->aaguid_hex != NULL)
        add_extension(made, "1.3.6.1.4.1.45724.1.1.4",
                      arena_format(arena, "DER:0410%s", ways->aaguid_hex).data);
    int good = X509_sign(made, key, EVP_sha256());
    unsigned char *der = NULL;
    int len = i2d_X509(made, &der);
    assert(good > 0 && len > 0);
    struct slice out = arena_copy(arena, (struct slice){(char *)der, (size_t)len});
    OPENSSL_free(der);
    X509_free(made);
    return out;
}

static cbor_item_t *statement(const struct authenticator *a, struct slice data, struct slice client,
                              const struct authenticator_ways *ways, struct arena *arena)
{
    cbor_item_t *map = cbor_new_definite_map(3);
    if (a->attests == ATTESTS_NONE)
        return map;
    bool self = a->attests == ATTESTS_SELF;
    EVP_PKEY *key = self ? a->key : EVP_EC_gen("P-256");
    enum webauthn_alg alg = self ? a->alg : WEBAUTHN_ES256;
    struct slice signature = sign(key, alg, signed_text(data, client, arena), arena);
    put(map, cbor_build_string("alg"), number(ways->statement_alg != 0 ? ways->statement_alg : alg));
    put(map, cbor_build_string("sig"),
        bytes_item(spoil(signature, ways->spoilt_signature, arena)));
    if (!self) {
        cbor_item_t *list = cbor_new_definite_array(1);
        bool added = cbor_array_push(list, cbor_move(bytes_item(certificate(key, ways, arena))));
        assert(added);
        put(map, cbor_build_string("x5c"), list);
        EVP_PKEY_free(key);
    }
    return map;
}

static struct slice attestation(const struct authenticator *a, struct slice data,
                                struct slice client, const struct authenticator_ways *ways,
                                struct arena *arena)
{
    if (ways->object_hex != NULL)
        return from_hex(ways->object_hex, arena);
    const char *format = a->attests == ATTESTS_NONE ? "none" : "packed";
    cbor_item_t *map = cbor_new_definite_map(3), *said = NULL;
    if (ways->statement_hex != NULL) {
        struct slice given = from_hex(ways->statement_hex, arena);
        struct cbor_load_result result;
        said = cbor_load((cbor_data)given.data, given.len, &result);
    } else {
        said = statement(a, data, client, ways, arena);
    }
    put(map, cbor_build_string("fmt"), cbor_build_string(ways->format ? ways->format : format));
    put(map, cbor_build_string("attStmt"), said);
    put(map, cbor_build_string("authData"), bytes_item(data));
    return written(map, arena);
}

void authenticator_register(struct authenticator *a, struct slice challenge,
                            const struct authenticator_ways *ways, struct arena *arena,
                            struct webauthn_registration *out)
{
    ways = ways == NULL ? &right : ways;
    struct slice client = client_data(a, "webauthn.create", challenge, ways, arena);
    struct slice data = auth_data(a, a->flags | AUTHENTICATOR_CREDENTIAL, ways, arena);
    struct slice id = {(const char *)a->id, a->id_bytes};
    *out = (struct webauthn_registration){
        .id = ways->other_id ? LIT("another id") : arena_copy(arena, id),
        .client_data = client,
        .attestation = attestation(a, data, client, ways, arena),
    };
}

void authenticator_sign(struct authenticator *a, struct slice challenge,
                        const struct authenticator_ways *ways, struct arena *arena,
                        struct webauthn_assertion *out)
{
    ways = ways == NULL ? &right : ways;
    a->sign_count += a->step;
    struct slice client = client_data(a, "webauthn.get", challenge, ways, arena);
    struct slice data = auth_data(a, a->flags, ways, arena);
    struct slice signature = sign(a->key, a->alg, signed_text(data, client, arena), arena);
    struct slice id = {(const char *)a->id, a->id_bytes};
    *out = (struct webauthn_assertion){
        .id = ways->other_id ? LIT("another id") : arena_copy(arena, id),
        .client_data = client,
        .auth_data = data,
        .signature = spoil(signature, ways->spoilt_signature, arena),
        .user_handle = ways->user != NULL ? *ways->user : a->user,
    };
}

static json_t *encoded(struct slice bytes)
{
    AUTO_BUFFER text = buffer_create(WEBAUTHN_ATTESTATION_BYTES_MAX * 2);
    base64url_encode(bytes, &text);
    return json_from_text(buffer_slice(&text));
}

static json_t *posted(struct slice id, json_t *response)
{
    return json_pack("{s:o, s:o, s:s, s:o, s:{}}", "id", encoded(id), "rawId", encoded(id), "type",
                     "public-key", "response", response, "clientExtensionResults");
}

json_t *authenticator_post_registration(const struct webauthn_registration *registration)
{
    return posted(registration->id,
                  json_pack("{s:o, s:o, s:[s]}", "clientDataJSON", encoded(registration->client_data),
                            "attestationObject", encoded(registration->attestation), "transports",
                            "internal"));
}

json_t *authenticator_post_assertion(const struct webauthn_assertion *assertion)
{
    return posted(assertion->id,
                  json_pack("{s:o, s:o, s:o, s:o}", "clientDataJSON", encoded(assertion->client_data),
                            "authenticatorData", encoded(assertion->auth_data), "signature",
                            encoded(assertion->signature), "userHandle",
                            encoded(assertion->user_handle)));
}
