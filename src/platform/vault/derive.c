#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/sha.h>
#include <string.h>

#include "platform/vault/internal.h"

bool hkdf_sha256(struct slice key, struct slice salt, struct slice info, unsigned char *out,
                 size_t len)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    char digest[] = "SHA256";
    OSSL_PARAM params[5], *param = params;
    *param++ = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
    /* OpenSSL takes inputs as char * that it does not change. */
    *param++ =
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)key.data, key.len);
    if (salt.len > 0)
        *param++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT,
                                                     (void *)(uintptr_t)salt.data, salt.len);
    if (info.len > 0)
        *param++ = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
                                                     (void *)(uintptr_t)info.data, info.len);
    *param = OSSL_PARAM_construct_end();
    bool good = context != NULL && EVP_KDF_derive(context, out, len, params) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return good;
}

void hmac_sha256(struct slice key, struct slice value, unsigned char out[32])
{
    unsigned int len = 0;
    /* HMAC reads NULL as "the key before": an empty key needs an address. */
    const char *key_data = key.len == 0 ? "" : key.data;
    unsigned char *made = HMAC(EVP_sha256(), key_data, (int)key.len,
                               (const unsigned char *)value.data, value.len, out, &len);
    assert(made != NULL && len == 32);
}

struct secret *secret_derive(const struct secret *from, const char *purpose, struct slice context)
{
    AUTO_ARENA arena = arena_create(strlen(purpose) + context.len + 4096);
    /* The NUL between them keeps ("ab", "c") and ("a", "bc") apart. */
    size_t purpose_len = strlen(purpose) + 1, total = purpose_len + context.len;
    char *info = arena_alloc(arena, total);
    memcpy(info, purpose, purpose_len);
    if (context.len > 0)
        memcpy(info + purpose_len, context.data, context.len);
    unsigned char bytes[VAULT_KEY_BYTES];
    struct slice key = {(const char *)secret_bytes(from), secret_len(from)};
    bool good = hkdf_sha256(key, SLICE_NONE, (struct slice){info, total}, bytes, sizeof bytes);
    assert(good);
    struct secret *derived = secret_create(bytes, sizeof bytes);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return derived;
}

struct slice vault_lookup_hash(const struct secret *key, struct slice value, struct arena *arena)
{
    unsigned char *hash = arena_alloc(arena, 32);
    hmac_sha256((struct slice){(const char *)secret_bytes(key), secret_len(key)}, value, hash);
    return (struct slice){(char *)hash, 32};
}

void vault_sha256(struct slice value, unsigned char out[32])
{
    SHA256((const unsigned char *)value.data, value.len, out);
}
