#ifndef RENDEZ_ROLES_SSO_PROVIDERS_H
#define RENDEZ_ROLES_SSO_PROVIDERS_H

#include "platform/jose/oidc.h"
#include "roles/messages/messages.h"
#include "platform/fetch/fetch.h"

/* What is kept of providers: documents and keys. Whoever needs one waits for it together with
 * the others who do: a provider is asked for each once at a time. */

struct providers;
struct provider;

MUST_USE enum status providers_create(struct loop *loop, struct providers **out,
                                      struct problem *why);
void providers_destroy(struct providers **providers); /* accepts NULL; nobody waits any more */
struct transfers *providers_transfers(const struct providers *providers);

/* Of this issuer, under these rules of reaching it: two organisations that say different ones
 * share nothing. It stays until provider_release, and maybe for others later. */
struct provider *provider_hold(struct providers *providers, const struct sso_provider *ask);
void provider_release(struct provider *provider);

enum provider_part { PROVIDER_DOCUMENT, PROVIDER_KEYS, PROVIDER_PART_COUNT_ };
/* Who waits, in a list of the provider's, until `ready` comes. */
struct waiting {
    struct waiting *next;
    void (*ready)(void *context, enum status status, const struct problem *why);
    void *context;
};
/* Calls `ready` when that part is there (at once if it is), or with why it is not. KEYS needs
 * the document first.
 *   anew  even if it is there */
void provider_need(struct provider *provider, enum provider_part part, bool anew,
                   struct waiting *waiting);
/* Whether keys may be fetched anew for a token whose key is not there; notes that they are. */
bool provider_asks_again(struct provider *provider);

/* Until the loop turns: what is fetched anew takes their place. */
const struct oidc_document *provider_document(const struct provider *provider);
const struct jose_keys *provider_keys(const struct provider *provider);
const struct fetch_rules *provider_rules(const struct provider *provider);

#endif
