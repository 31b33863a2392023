/* XAES-256-GCM, https://c2sp.org/XAES-256-GCM: AES-256-GCM under a key derived from the
 * first half of a 24-byte nonce, so that random nonces never run out. */
#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <string.h>

#include "platform/vault/internal.h"

/* Fetching an algorithm costs more than sealing a small entry: once per process. */
static EVP_CIPHER *ecb, *gcm;

static bool fetch(void)
{
    if (gcm != NULL)
        return true;
    ecb = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL);
    gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    return ecb != NULL && gcm != NULL;
}

static void context_free(EVP_CIPHER_CTX **context)
{
    EVP_CIPHER_CTX_free(*context);
}
#define AUTO_CONTEXT __attribute__((cleanup(context_free))) EVP_CIPHER_CTX *

/* NIST SP 800-38B: doubling in GF(2^128). Without a branch on the secret bit. */
static void cmac_subkey(const unsigned char l[AES_BLOCK_BYTES], unsigned char k1[AES_BLOCK_BYTES])
{
    for (int i = 0; i < AES_BLOCK_BYTES; i++) {
        unsigned next = i + 1 < AES_BLOCK_BYTES ? l[i + 1] : 0;
        k1[i] = (unsigned char)(l[i] << 1 | next >> 7);
    }
    k1[AES_BLOCK_BYTES - 1] ^= (unsigned char)(0x87 & -(l[0] >> 7));
}

/* One AES-256 context of that key, and the subkey K1 of CMAC. NULL: OpenSSL refused. */
static EVP_CIPHER_CTX *cmac_begin(const unsigned char *key, unsigned char k1[AES_BLOCK_BYTES])
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    unsigned char l[AES_BLOCK_BYTES] = {0};
    int written;
    bool good = context != NULL && fetch() && EVP_EncryptInit_ex(context, ecb, NULL, key, NULL) &&
                EVP_CIPHER_CTX_set_padding(context, 0) &&
                EVP_EncryptUpdate(context, l, &written, l, sizeof l);
    if (good)
        cmac_subkey(l, k1);
    OPENSSL_cleanse(l, sizeof l);
    if (good)
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

bool cmac_block(const unsigned char key[VAULT_KEY_BYTES], const unsigned char *block,
                unsigned char mac[AES_BLOCK_BYTES])
{
    unsigned char k1[AES_BLOCK_BYTES];
    AUTO_CONTEXT context = cmac_begin(key, k1);
    int written;
    if (context == NULL)
        return false;
    for (int i = 0; i < AES_BLOCK_BYTES; i++)
        mac[i] = block[i] ^ k1[i];
    OPENSSL_cleanse(k1, sizeof k1);
    return EVP_EncryptUpdate(context, mac, &written, mac, AES_BLOCK_BYTES) == 1;
}

bool xaes_derive(const unsigned char key[VAULT_KEY_BYTES], const unsigned char *nonce,
                 unsigned char derived[VAULT_KEY_BYTES])
{
    unsigned char k1[AES_BLOCK_BYTES], blocks[2][AES_BLOCK_BYTES];
    AUTO_CONTEXT context = cmac_begin(key, k1);
    int written;
    if (context == NULL)
        return false;
    for (unsigned char n = 0; n < 2; n++) {
        unsigned char *block = blocks[n];
        memcpy(block, (unsigned char[]){0, (unsigned char)(n + 1), 'X', 0}, 4);
        memcpy(block + 4, nonce, 12);
        for (int i = 0; i < AES_BLOCK_BYTES; i++)
            block[i] ^= k1[i];
    }
    bool good = EVP_EncryptUpdate(context, derived, &written, blocks[0], sizeof blocks);
    OPENSSL_cleanse(k1, sizeof k1);
    OPENSSL_cleanse(blocks, sizeof blocks);
    return good;
}

/* A context of AES-256-GCM for one entry; the key leaves only the context behind. */
static EVP_CIPHER_CTX *open_context(const unsigned char *key, const unsigned char *iv,
                                    struct slice aad, int encrypt)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written;
    if (context != NULL && fetch() && EVP_CipherInit_ex(context, gcm, NULL, key, iv, encrypt) &&
        (aad.len == 0 || EVP_CipherUpdate(context, NULL, &written, (const unsigned char *)aad.data,
                                          (int)aad.len)))
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

static enum status failed(struct problem *why)
{
    return problem_set(why, ST_UNAVAILABLE, "OpenSSL refused AES-256-GCM");
}

static enum status check_sizes(struct slice text, struct slice aad, struct problem *why)
{
    if (text.len > INT_MAX - GCM_TAG_BYTES || aad.len > INT_MAX)
        return problem_set(why, ST_LIMIT, "too long to seal");
    return ST_OK;
}

enum status gcm_encrypt(const unsigned char key[32], const unsigned char iv[12], struct slice plain,
                        struct slice aad, unsigned char *out, struct problem *why)
{
    TRY(check_sizes(plain, aad, why));
    AUTO_CONTEXT context = open_context(key, iv, aad, 1);
    int written;
    if (context == NULL ||
        (plain.len > 0 && !EVP_EncryptUpdate(context, out, &written,
                                             (const unsigned char *)plain.data, (int)plain.len)) ||
        !EVP_EncryptFinal_ex(context, out + plain.len, &written) ||
        !EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES, out + plain.len))
        return failed(why);
    return ST_OK;
}

enum status gcm_decrypt(const unsigned char key[32], const unsigned char iv[12],
                        struct slice cipher, struct slice aad, struct arena *arena,
                        struct slice *out, struct problem *why)
{
    TRY(check_sizes(cipher, aad, why));
    if (cipher.len < GCM_TAG_BYTES)
        return problem_set(why, ST_DENIED, "sealed value is too short");
    AUTO_CONTEXT context = open_context(key, iv, aad, 0);
    if (context == NULL)
        return failed(why);
    size_t len = cipher.len - GCM_TAG_BYTES;
    unsigned char *plain = arena_alloc(arena, len), tag[GCM_TAG_BYTES];
    memcpy(tag, cipher.data + len, sizeof tag);
    int written;
    if (!EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) ||
        (len > 0 && !EVP_DecryptUpdate(context, plain, &written, (const unsigned char *)cipher.data,
                                       (int)len)))
        return failed(why);
    if (EVP_DecryptFinal_ex(context, plain + len, &written) != 1) {
        OPENSSL_cleanse(plain, len); /* nobody may use what was not authenticated */
        return problem_set(why, ST_DENIED, "sealed value is not the one that was written here");
    }
    *out = (struct slice){(char *)plain, len};
    return ST_OK;
}

enum status xaes_seal(const unsigned char key[32], const unsigned char nonce[24],
                      struct slice plain, struct slice aad, unsigned char *out, struct problem *why)
{
    unsigned char derived[VAULT_KEY_BYTES];
    enum status status = xaes_derive(key, nonce, derived)
                             ? gcm_encrypt(derived, nonce + GCM_IV_BYTES, plain, aad, out, why)
                             : failed(why);
    OPENSSL_cleanse(derived, sizeof derived);
    return status;
}

enum status xaes_encrypt(const unsigned char key[32], const unsigned char nonce[24],
                         struct slice plain, struct slice aad, struct arena *arena,
                         struct slice *out, struct problem *why)
{
    TRY(check_sizes(plain, aad, why));
    unsigned char *cipher = arena_alloc(arena, plain.len + GCM_TAG_BYTES);
    TRY(xaes_seal(key, nonce, plain, aad, cipher, why));
    *out = (struct slice){(char *)cipher, plain.len + GCM_TAG_BYTES};
    return ST_OK;
}

enum status xaes_decrypt(const unsigned char key[32], const unsigned char nonce[24],
                         struct slice cipher, struct slice aad, struct arena *arena,
                         struct slice *out, struct problem *why)
{
    unsigned char derived[VAULT_KEY_BYTES];
    enum status status =
        xaes_derive(key, nonce, derived)
            ? gcm_decrypt(derived, nonce + GCM_IV_BYTES, cipher, aad, arena, out, why)
            : failed(why);
    OPENSSL_cleanse(derived, sizeof derived);
    return status;
}
