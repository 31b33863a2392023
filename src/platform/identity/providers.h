#ifndef RENDEZ_PLATFORM_IDENTITY_PROVIDERS_H
#define RENDEZ_PLATFORM_IDENTITY_PROVIDERS_H

#include "platform/identity/identity.h"

/* OpenID providers of organisations. domains: of addresses, in small letters, spaces between.
 * exclusive: people of the organisation sign in there and nowhere else. */
enum provider_state { PROVIDER_ACTIVE, PROVIDER_ENDED, PROVIDER_STATE_COUNT_ };
extern const char *const provider_state_names[PROVIDER_STATE_COUNT_];
struct identity_provider {
    struct slice id, organisation, issuer, domains;
    enum provider_state state;
    uint32_t exclusive; /* 0 or 1 */
    struct instant created;
    struct sealed details; /* struct provider_details (places.h) */
};
struct identity_provider_list {
    struct identity_provider *items;
    size_t count, capacity;
};
/* Adds it, or replaces what is there under that id. */
MUST_USE enum status identity_save_provider(struct identity *identity,
                                            const struct identity_provider *provider,
                                            struct problem *why);
MUST_USE enum status identity_load_provider(struct identity *identity, struct slice id,
                                            struct arena *arena, struct identity_provider *out,
                                            struct problem *why);
/* Active ones. organisation empty: all of them. */
MUST_USE enum status identity_list_providers(struct identity *identity, struct slice organisation,
                                             struct arena *arena,
                                             struct identity_provider_list *out,
                                             struct problem *why);
/* Those of an issuer, of whatever organisation: who says what is in a logout token. */
MUST_USE enum status identity_list_issuer(struct identity *identity, struct slice issuer,
                                          struct arena *arena, struct identity_provider_list *out,
                                          struct problem *why);
/* Takes a logout token's id once; those whose time is over are forgotten.
 * ST_CONFLICT: it was taken */
MUST_USE enum status identity_take_logout(struct identity *identity, struct slice provider,
                                          struct slice token_hash, struct instant ends,
                                          struct instant now, struct problem *why);

#endif
