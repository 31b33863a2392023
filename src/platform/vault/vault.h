#ifndef RENDEZ_PLATFORM_VAULT_H
#define RENDEZ_PLATFORM_VAULT_H

#include "base/bytes/bytes.h"

/* Sealing: XAES-256-GCM (C2SP) by OpenSSL, and the keys root → organisation → meeting. */

enum { VAULT_KEY_BYTES = 32, VAULT_OVERHEAD = 1 + 4 + 24 + 16 };

/* A key in locked memory, left out of core dumps, zero in a forked child, wiped on
 * destroy, compared in constant time. At most SECRET_BYTES_MAX long (longer is a bug and
 * ends the process, as does a machine that locks no memory). A sandbox must allow mmap,
 * mlock and madvise: more room is taken as secrets are made. */
enum { SECRET_BYTES_MAX = 96 };
struct secret;
#define AUTO_SECRET __attribute__((cleanup(secret_destroy))) struct secret *
struct secret *secret_create(const unsigned char *bytes, size_t len); /* copies */
struct secret *secret_random(size_t len);
void secret_destroy(struct secret **secret); /* accepts NULL */
const unsigned char *secret_bytes(const struct secret *secret);
size_t secret_len(const struct secret *secret);
bool secret_equal(const struct secret *a, const struct secret *b);
/* Which version of its key it is: 1 unless said otherwise. */
void secret_set_version(struct secret *secret, uint32_t version);
uint32_t secret_version(const struct secret *secret);
size_t secret_count(void); /* alive in this process; for tests of leaks */

/* Where a sealed value belongs; it opens nowhere else. */
struct seal_place {
    struct slice organisation, table, column, row;
    uint32_t key_version; /* 0: that of the key it is sealed or opened with */
};

/* A sealed entry: version byte, key version, 12 bytes of salt, 12 of IV, ciphertext, tag.
 * Storage accepts only this type in private columns. */
struct sealed {
    struct slice bytes;
};

/* Fresh salt and IV at every call. The plaintext may be empty.
 * ST_UNAVAILABLE  the kernel gives no random bytes: nothing is sealed */
MUST_USE enum status vault_seal(const struct secret *key, const struct seal_place *place,
                                struct slice plain, struct arena *arena, struct sealed *out,
                                struct problem *why);
/* ST_DENIED when the key, the place or a byte is not the one it was sealed with. */
MUST_USE enum status vault_open(const struct secret *key, const struct seal_place *place,
                                struct sealed sealed, struct arena *arena, struct slice *plain,
                                struct problem *why);

/* Tries to, with a source of random bytes that gives none; for a control (CHIF-05). It must not. */
bool vault_seals_without_random(void);

/* Key version that a value was sealed with, to choose the key. ST_INVALID when it is no
 * sealed value. */
MUST_USE enum status sealed_key_version(struct sealed sealed, uint32_t *version);

/* XAES-256-GCM itself, for the published vectors: nonce of 24 bytes. */
MUST_USE enum status xaes_encrypt(const unsigned char key[32], const unsigned char nonce[24],
                                  struct slice plain, struct slice aad, struct arena *arena,
                                  struct slice *out, struct problem *why);
MUST_USE enum status xaes_decrypt(const unsigned char key[32], const unsigned char nonce[24],
                                  struct slice cipher, struct slice aad, struct arena *arena,
                                  struct slice *out, struct problem *why);

/* Derives a key for a purpose (HKDF-SHA256, RFC 5869). */
struct secret *secret_derive(const struct secret *from, const char *purpose, struct slice context);
/* The key of one part of a request that is shown to a person (doc/supervision.md), of its meeting's key and with its
 * version; and where what it seals belongs. Who has it has neither the meeting's key nor another part's. */
struct secret *vault_part_key(const struct secret *meeting, struct slice part);
struct seal_place vault_part_place(struct slice organisation, struct slice meeting, struct slice part);
/* Keyed hash for look-ups of addresses (HMAC-SHA256), 32 bytes. */
struct slice vault_lookup_hash(const struct secret *key, struct slice value, struct arena *arena);

/* SHA-256, for chains of digests; no key, so nothing private goes in. */
void vault_sha256(struct slice value, unsigned char out[32]);

/* Random bytes of the kernel. In a replay the source is seeded instead, and
 * vault_random_seed says so, before anything else: after the first use of the true
 * source it ends the process. A service never calls it. */
void vault_random(void *out, size_t len);
void vault_random_seed(uint64_t seed);

/* The root key file: 32 random bytes sealed by a passphrase (argon2id, t=3 m=64 MiB p=1;
 * the file names its constants, so that they can grow). Mode 0600.
 * create: ST_CONFLICT when the file exists, ST_INVALID for an empty passphrase.
 * open: ST_DENIED for a wrong passphrase, a changed file, or one that others can read;
 * ST_INVALID when it is no root key file. */
MUST_USE enum status root_key_create(const char *path, struct slice passphrase,
                                     struct secret **out, struct problem *why);
MUST_USE enum status root_key_open(const char *path, struct slice passphrase, struct secret **out,
                                   struct problem *why);

/* All that the file holds. While the root key is rotated there are two. What is derived from a root
 * key and cannot be made anew is handed on from one to the next: a *lasting* key. */
enum { ROOT_KEYS_MAX = 2, LASTING_KEYS_MAX = 8 };
struct root_key {
    uint32_t version;
    struct secret *key;
};
struct root_keys {
    struct root_key items[ROOT_KEYS_MAX]; /* the newest first */
    size_t count;
    struct secret *lasting[LASTING_KEYS_MAX]; /* by root_lasting_purposes; NULL: not handed on yet */
};
/* Every purpose of secret_derive whose key must outlive a root key; NULL at the end. */
extern const char *const root_lasting_purposes[LASTING_KEYS_MAX + 1];
#define AUTO_ROOT_KEYS __attribute__((cleanup(root_keys_destroy))) struct root_keys
void root_keys_destroy(struct root_keys *keys); /* accepts a zeroed one */
/* As root_key_open. */
MUST_USE enum status root_keys_open(const char *path, struct slice passphrase,
                                    struct root_keys *out, struct problem *why);
/* A purpose of the table. The caller destroys it. */
struct secret *root_keys_lasting(const struct root_keys *keys, const char *purpose);
/* Adds a root key of the next version, which wraps from then on; what is written is on the disk or
 * the file is as it was. ST_CONFLICT: there are two already, the older one is still in use. */
MUST_USE enum status root_keys_rotate(const char *path, struct slice passphrase,
                                      struct problem *why);
/* The older one goes; nothing must need it. Nothing when there is but one. */
MUST_USE enum status root_keys_forget(const char *path, struct slice passphrase,
                                      struct problem *why);

/* All that the file holds, under another passphrase from now on: the old file or the new one is
 * there whatever happens; its owner stays.
 * As root_key_open, and ST_INVALID where the new passphrase is empty. */
MUST_USE enum status root_key_reseal(const char *path, struct slice passphrase, struct slice next,
                                     struct problem *why);

/* The passphrase, from the first of these that is given: a file, the credentials of
 * systemd ($CREDENTIALS_DIRECTORY/rendez.passphrase), the terminal (prompted, not
 * echoed; twice when `confirm`). Never from arguments or the environment. A line end at
 * the end is taken off. Use an arena_create_wiped.
 *   path  a file, or NULL
 * ST_INVALID  empty, or the two differ;  ST_LIMIT  over PASSPHRASE_MAX
 * ST_NOT_FOUND  none of them is there */
enum { PASSPHRASE_MAX = 1024 };
MUST_USE enum status passphrase_read(const char *path, bool confirm, struct arena *arena,
                                     struct slice *out, struct problem *why);
/* From what the parent has opened for keyd. */
MUST_USE enum status passphrase_from_fd(int fd, struct arena *arena, struct slice *out,
                                        struct problem *why);

/* The hierarchy, as keyd keeps it. Wrapped keys are stored apart from the data. */
struct wrapped_key {
    struct sealed sealed; /* its header says which version of its parent wraps it */
    uint32_t version;     /* its own */
};
MUST_USE enum status key_wrap(const struct secret *parent, const struct seal_place *place,
                              const struct secret *key, struct arena *arena, struct sealed *out,
                              struct problem *why);
MUST_USE enum status key_unwrap(const struct secret *parent, const struct seal_place *place,
                                struct sealed wrapped, struct secret **out, struct problem *why);

#endif
