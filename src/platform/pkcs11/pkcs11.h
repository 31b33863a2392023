#ifndef RENDEZ_PLATFORM_PKCS11_H
#define RENDEZ_PLATFORM_PKCS11_H

#include "base/bytes/bytes.h"

/* A PKCS#11 token (OASIS, version 2.40) that keeps one AES-256 key for us and seals a secret with
 * it. The key is made in the token, sensitive and never extractable: what it has sealed opens
 * nowhere without that token and its PIN. The vendor's module is a shared object, which is loaded
 * into this process and runs with its rights; token_close unloads it, so a role does that before
 * it enters its sandbox. One token at a time in a process. */
struct token;
#define AUTO_TOKEN __attribute__((cleanup(token_close))) struct token *

struct token_place {
    struct slice module;      /* path of the shared object */
    struct slice label;       /* of the token */
    struct slice environment; /* "NAME=value" that the module wants; or empty */
};

/* Loads the module, finds the token, logs in.
 *   writing  a key is to be made
 * ST_NOT_FOUND    no such module, or the token is not there
 * ST_DENIED       wrong PIN; also when one more wrong PIN would lock the token (nothing is tried then)
 * ST_UNAVAILABLE  the module or the token fails
 * ST_INVALID      that file is no PKCS#11 module */
MUST_USE enum status token_open(const struct token_place *place, struct slice pin, bool writing,
                                struct token **out, struct problem *why);
void token_close(struct token **token); /* accepts NULL */

/* Keys are found by their id (CKA_ID), which is random. */
enum { TOKEN_KEY_ID_BYTES = 16, TOKEN_SECRET_BYTES = 32, TOKEN_SEALED_BYTES = 12 + 32 + 16 };
/* Makes one. *id in the arena. */
MUST_USE enum status token_make_key(struct token *token, const char *label, struct arena *arena,
                                    struct slice *id, struct problem *why);

struct token_key_facts {
    bool sensitive, always_sensitive, extractable, never_extractable, local;
};
/* ST_NOT_FOUND: it is not in this token. */
MUST_USE enum status token_key_facts(struct token *token, struct slice id,
                                     struct token_key_facts *out, struct problem *why);
/* The same as one answer: made in the token, and cannot leave it. */
static inline bool token_key_is_kept(const struct token_key_facts *facts)
{
    return facts->sensitive && facts->always_sensitive && !facts->extractable &&
           facts->never_extractable && facts->local;
}

/* AES-GCM in the token: 12 random bytes of IV, ciphertext, tag. `secret` is of TOKEN_SECRET_BYTES.
 * ST_DENIED: not sealed by that key, or changed. */
MUST_USE enum status token_seal(struct token *token, struct slice id, struct slice secret,
                                struct arena *arena, struct slice *sealed, struct problem *why);
MUST_USE enum status token_unseal(struct token *token, struct slice id, struct slice sealed,
                                  struct arena *arena, struct slice *secret, struct problem *why);

/* What is kept of it in a file:
 *   rendez-root-token 1
 *   key HEX     id of the key
 *   sealed HEX  */
struct token_file {
    struct slice id, sealed;
};
struct slice token_file_format(const struct token_file *file, struct arena *arena);
MUST_USE enum status token_file_parse(struct slice text, struct arena *arena,
                                      struct token_file *out, struct problem *why);

#endif
