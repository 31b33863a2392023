#ifndef RENDEZ_ROLES_KEYD_ROOT_H
#define RENDEZ_ROLES_KEYD_ROOT_H

#include "platform/pkcs11/pkcs11.h"
#include "platform/vault/vault.h"
#include "roles/config/config.h"

/* What opens root.key. The secret that keyd is handed (keys.passphrase_file, systemd's credential,
 * the terminal) is its passphrase; where keys.pkcs11_module names a token, it is the token's PIN,
 * and the passphrase is 32 random bytes that a key in the token has sealed into keys.token_file. So
 * root.key is the same in both cases, and goes from one to the other without touching what it
 * opens. doc/storage.md */
struct root_place {
    const char *root_key, *token_file;
    struct token_place token; /* module empty: none */
    const char *pin_file;     /* or NULL: of the settings; for the command line */
};
struct root_place root_place_of(const struct config *config, struct arena *arena);

/* The passphrase, from what keyd was handed. Use a wiped arena.
 * ST_NOT_FOUND  the token, its key or keys.token_file is away
 * ST_DENIED     wrong PIN; keys.token_file is not of this token; others can read it */
MUST_USE enum status root_passphrase(const struct root_place *place, struct slice secret,
                                     struct arena *arena, struct slice *passphrase,
                                     struct problem *why);

/* A new key in the token and a new passphrase sealed by it, in keys.token_file (of mode 0600,
 * with the owner of the file before or of root.key). The caller then seals root.key by it. */
MUST_USE enum status root_keep_in_token(const struct root_place *place, struct slice pin,
                                        struct arena *arena, struct slice *passphrase,
                                        struct problem *why);

/* What the token says of the key. */
MUST_USE enum status root_token_facts(const struct root_place *place, struct slice pin,
                                      struct token_key_facts *out, struct problem *why);

#endif
