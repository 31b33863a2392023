#ifndef RENDEZ_PLATFORM_VAULT_INTERNAL_H
#define RENDEZ_PLATFORM_VAULT_INTERNAL_H

#include <openssl/evp.h>

#include "platform/vault/vault.h"

enum { XAES_NONCE_BYTES = 24, GCM_IV_BYTES = 12, GCM_TAG_BYTES = 16, AES_BLOCK_BYTES = 16 };

/* XAES's key of one entry: CMAC-AES256 in counter mode over the first 12 nonce bytes. */
bool xaes_derive(const unsigned char key[VAULT_KEY_BYTES], const unsigned char *nonce,
                 unsigned char derived[VAULT_KEY_BYTES]);

/* RFC 5869 with any salt and length (at most 8160 bytes). */
bool hkdf_sha256(struct slice key, struct slice salt, struct slice info, unsigned char *out,
                 size_t len);
void hmac_sha256(struct slice key, struct slice value, unsigned char out[32]);

/* A root key file as read: constants of argon2id, salt, sealed key. */
struct root_file {
    uint32_t passes, memory_kib, lanes;
    struct slice salt;
    struct sealed key;
};
MUST_USE enum status root_file_parse(struct slice text, struct arena *arena, struct root_file *out,
                                     struct problem *why);

#endif
