/* Keys as scalars, and the forms that other programs take them in. */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "platform/pki/internal.h"

enum { POINT_BYTES = 65, PEM_BYTES_MAX = 8192, PASSPHRASE_ROUNDS = 600 * 1000, P12_ROUNDS = 100 * 1000 };

PKI_RELEASED(group, EC_GROUP, EC_GROUP_free)
PKI_RELEASED(point, EC_POINT, EC_POINT_free)
PKI_RELEASED(build, OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
PKI_RELEASED(param, OSSL_PARAM, OSSL_PARAM_free)
PKI_RELEASED(pkey_ctx, EVP_PKEY_CTX, EVP_PKEY_CTX_free)
PKI_RELEASED(p8, PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
PKI_RELEASED(sig, X509_SIG, X509_SIG_free)
PKI_RELEASED(p12, PKCS12, PKCS12_free)

enum status pki_refuse(struct problem *why, enum status status, const char *text)
{
    ERR_clear_error();
    return problem_set(why, status, "%s", text);
}

enum status pki_trouble(struct problem *why, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    enum status status =
        problem_set(why, ST_UNAVAILABLE, "%s: %s", what, reason != NULL ? reason : "OpenSSL failed");
    ERR_clear_error();
    return status;
}

bool pki_der(pki_encode_fn *encode, const void *object, struct arena *arena, struct slice *out)
{
    int len = encode(object, NULL);
    if (len <= 0)
        return false;
    unsigned char *bytes = arena_alloc(arena, (size_t)len), *end = bytes;
    if (encode(object, &end) != len)
        return false;
    *out = (struct slice){(char *)bytes, (size_t)len};
    return true;
}

struct slice pki_bio_text(BIO *bio, struct arena *arena)
{
    char *data = NULL;
    long len = BIO_get_mem_data(bio, &data);
    return arena_copy(arena, (struct slice){data, len > 0 ? (size_t)len : 0});
}

/* The public point of a scalar. */
static bool multiply(const BIGNUM *scalar, unsigned char out[POINT_BYTES])
{
    AUTO_OPENSSL(group) EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    if (group == NULL || BN_is_zero(scalar) || BN_cmp(scalar, EC_GROUP_get0_order(group)) >= 0)
        return false;
    AUTO_OPENSSL(point) EC_POINT *point = EC_POINT_new(group);
    return point != NULL && EC_POINT_mul(group, point, scalar, NULL, NULL, NULL) == 1 &&
           EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out, POINT_BYTES, NULL) ==
               POINT_BYTES;
}

static EVP_PKEY *from_parts(const BIGNUM *scalar, const unsigned char point[POINT_BYTES])
{
    EVP_PKEY *pkey = NULL;
    AUTO_OPENSSL(build) OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (build == NULL ||
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, POINT_BYTES) != 1 ||
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1)
        return NULL;
    AUTO_OPENSSL(param) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    AUTO_OPENSSL(pkey_ctx) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
        return NULL;
    return pkey;
}

EVP_PKEY *pki_pkey(const struct secret *key)
{
    unsigned char point[POINT_BYTES];
    if (key == NULL || secret_len(key) != VAULT_KEY_BYTES)
        return NULL;
    /* Of secure memory, as parameters of one then are too. */
    AUTO_OPENSSL(bn) BIGNUM *scalar = BN_secure_new();
    if (scalar == NULL || BN_bin2bn(secret_bytes(key), VAULT_KEY_BYTES, scalar) == NULL ||
        !multiply(scalar, point))
        return NULL;
    return from_parts(scalar, point);
}

bool pki_is_p256(const EVP_PKEY *pkey)
{
    char group[32] = "";
    return EVP_PKEY_get_base_id(pkey) == EVP_PKEY_EC &&
           EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                          NULL) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

static enum status secret_of(const EVP_PKEY *pkey, struct secret **out, struct problem *why)
{
    unsigned char bytes[VAULT_KEY_BYTES];
    BIGNUM *read = NULL;
    if (!pki_is_p256(pkey) || EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &read) != 1)
        return pki_refuse(why, ST_INVALID, "this is no private key on P-256");
    AUTO_OPENSSL(bn) BIGNUM *scalar = read;
    if (BN_bn2binpad(scalar, bytes, sizeof bytes) != sizeof bytes)
        return pki_refuse(why, ST_INVALID, "this is no private key on P-256");
    *out = secret_create(bytes, sizeof bytes);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return ST_OK;
}

enum status pki_key_create(struct secret **out, struct problem *why)
{
    AUTO_OPENSSL(pkey) EVP_PKEY *pkey = EVP_EC_gen("P-256");
    return pkey == NULL ? pki_trouble(why, "make a key") : secret_of(pkey, out, why);
}

static int encode_public(const void *pkey, unsigned char **out)
{
    return i2d_PUBKEY(pkey, out);
}

bool pki_public_of(const EVP_PKEY *pkey, struct arena *arena, struct slice *out)
{
    return pki_der(encode_public, pkey, arena, out);
}

enum status pki_key_public(const struct secret *key, struct arena *arena, struct slice *out,
                           struct problem *why)
{
    AUTO_OPENSSL(pkey) EVP_PKEY *pkey = pki_pkey(key);
    if (pkey == NULL || !pki_public_of(pkey, arena, out))
        return pki_refuse(why, ST_INVALID, "this is no private key on P-256");
    return ST_OK;
}

/* PEM_write_bio_PKCS8PrivateKey would stretch with 2,048 rounds. */
static bool write_encrypted(BIO *bio, const EVP_PKEY *pkey, struct slice passphrase)
{
    AUTO_OPENSSL(p8) PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(pkey);
    X509_ALGOR *algorithm = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), PASSPHRASE_ROUNDS, NULL, 0, NULL,
                                              NID_hmacWithSHA256);
    AUTO_OPENSSL(sig) X509_SIG *sealed = NULL;
    if (plain != NULL && algorithm != NULL)
        sealed = PKCS8_set0_pbe(passphrase.data, (int)passphrase.len, plain, algorithm);
    if (sealed == NULL) /* else it is a part of that */
        X509_ALGOR_free(algorithm);
    return sealed != NULL && PEM_write_bio_PKCS8(bio, sealed) == 1;
}

enum status pki_key_to_pem(const struct secret *key, struct slice passphrase, struct arena *arena,
                           struct slice *pem, struct problem *why)
{
    AUTO_OPENSSL(pkey) EVP_PKEY *pkey = pki_pkey(key);
    AUTO_OPENSSL(bio) BIO *bio = BIO_new(BIO_s_secmem());
    if (pkey == NULL)
        return pki_refuse(why, ST_INVALID, "this is no private key on P-256");
    if (passphrase.len > PASSPHRASE_MAX)
        return pki_refuse(why, ST_LIMIT, "the passphrase is too long");
    bool good = bio != NULL && (passphrase.len > 0
                    ? write_encrypted(bio, pkey, passphrase)
                    : PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) == 1);
    if (!good)
        return pki_trouble(why, "write a key");
    *pem = pki_bio_text(bio, arena);
    return ST_OK;
}

static int give_passphrase(char *out, int room, int writing, void *context)
{
    const struct slice *passphrase = context;
    if (writing || passphrase->len > (size_t)room)
        return -1;
    memcpy(out, passphrase->data, passphrase->len);
    return (int)passphrase->len;
}

enum status pki_key_from_pem(struct slice pem, struct slice passphrase, struct secret **out,
                             struct problem *why)
{
    if (pem.len == 0 || pem.len > PEM_BYTES_MAX)
        return pki_refuse(why, ST_INVALID, "this is no private key (PEM)");
    if (passphrase.data == NULL)
        passphrase = LIT("");
    AUTO_OPENSSL(bio) BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    AUTO_OPENSSL(pkey) EVP_PKEY *pkey =
        bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &passphrase);
    if (pkey != NULL)
        return secret_of(pkey, out, why);
    if (slice_contains(pem, LIT("-----BEGIN ENCRYPTED PRIVATE KEY-----")))
        return pki_refuse(why, ST_DENIED, "another passphrase, or the key file was changed");
    return pki_refuse(why, ST_INVALID, "this is no private key (PEM)");
}

static int encode_pkcs12(const void *p12, unsigned char **out)
{
    return i2d_PKCS12(p12, out);
}

enum status pki_pkcs12(const struct secret *key, struct slice certificate,
                       const struct slice_list *above, struct slice passphrase, struct arena *arena,
                       struct slice *out, struct problem *why)
{
    if (passphrase.len == 0 || passphrase.len > PASSPHRASE_MAX ||
        memchr(passphrase.data, '\0', passphrase.len) != NULL)
        return pki_refuse(why, ST_INVALID, "a file with a private key needs a passphrase");
    AUTO_OPENSSL(pkey) EVP_PKEY *pkey = pki_pkey(key);
    AUTO_OPENSSL(x509) X509 *own = pki_x509(certificate);
    AUTO_OPENSSL(stack) STACK_OF(X509) *chain = pki_stack(above);
    if (pkey == NULL || own == NULL || chain == NULL ||
        X509_check_private_key(own, pkey) != 1)
        return pki_refuse(why, ST_INVALID, "key and certificates do not belong together");
    AUTO_ARENA scratch = arena_create_wiped(4096);
    AUTO_OPENSSL(p12) PKCS12 *p12 =
        PKCS12_create(arena_text(scratch, passphrase), "rendez", pkey, own, chain, NID_aes_256_cbc,
                      NID_aes_256_cbc, P12_ROUNDS, P12_ROUNDS, 0);
    if (p12 == NULL || !pki_der(encode_pkcs12, p12, arena, out))
        return pki_trouble(why, "write a PKCS#12 file");
    return ST_OK;
}
