#ifndef RENDEZ_PLATFORM_VAULT_INTERNAL_H
#define RENDEZ_PLATFORM_VAULT_INTERNAL_H

#include <openssl/evp.h>

#include "platform/vault/vault.h"

enum { XAES_NONCE_BYTES = 24, GCM_IV_BYTES = 12, GCM_TAG_BYTES = 16, AES_BLOCK_BYTES = 16 };

/* XAES's key of one entry: CMAC-AES256 in counter mode over the first 12 nonce bytes. */
bool xaes_derive(const unsigned char key[VAULT_KEY_BYTES], const unsigned char *nonce,
                 unsigned char derived[VAULT_KEY_BYTES]);

/* CMAC-AES256 (NIST SP 800-38B) of one whole block. */
bool cmac_block(const unsigned char key[VAULT_KEY_BYTES], const unsigned char *block,
                unsigned char mac[AES_BLOCK_BYTES]);

/* AES-256-GCM itself. Encrypting writes plain.len + GCM_TAG_BYTES to `out`, the tag last. */
MUST_USE enum status gcm_encrypt(const unsigned char key[32], const unsigned char iv[12],
                                 struct slice plain, struct slice aad, unsigned char *out,
                                 struct problem *why);
MUST_USE enum status gcm_decrypt(const unsigned char key[32], const unsigned char iv[12],
                                 struct slice cipher, struct slice aad, struct arena *arena,
                                 struct slice *out, struct problem *why);
/* XAES-256-GCM into a place that has room for plain.len + GCM_TAG_BYTES. */
MUST_USE enum status xaes_seal(const unsigned char key[32], const unsigned char nonce[24],
                               struct slice plain, struct slice aad, unsigned char *out,
                               struct problem *why);

/* random.c: as vault_random; false: the source gave nothing, and `out` is of no use. */
bool random_fill(void *out, size_t len);
void random_set_dry(bool is); /* it gives nothing, until said otherwise */

/* RFC 5869 with any salt and length (at most 8160 bytes). */
bool hkdf_sha256(struct slice key, struct slice salt, struct slice info, unsigned char *out,
                 size_t len);
void hmac_sha256(struct slice key, struct slice value, unsigned char out[32]);

/* A root key file as read: constants of argon2id, salt, the sealed key; what that key wraps. */
struct root_file {
    uint32_t passes, memory_kib, lanes;
    struct slice salt;
    struct sealed key;
    uint32_t version;                        /* of the key; 1 in files of version 1 */
    uint32_t before_version;                 /* 0: there is none */
    struct sealed before;
    struct sealed lasting[LASTING_KEYS_MAX]; /* by root_lasting_purposes; may be empty */
};
MUST_USE enum status root_file_parse(struct slice text, struct arena *arena, struct root_file *out,
                                     struct problem *why);

#endif
