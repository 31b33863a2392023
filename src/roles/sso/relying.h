#ifndef RENDEZ_ROLES_SSO_RELYING_H
#define RENDEZ_ROLES_SSO_RELYING_H

#include "platform/transfers/transfers.h"
#include "roles/messages/messages.h"

/* The relying party: answers the questions of struct sso_ask, several at a time, inside the
 * loop. Between them it keeps what is public, by issuer: documents and keys, bounded and for an
 * hour at most. A key of a token that is not among those kept has them fetched anew, at most
 * once a minute; keys that the provider no longer shows are gone then. */

enum {
    RELYING_QUESTIONS_MAX = 64, /* at a time; others hear ST_UNAVAILABLE */
    RELYING_PROVIDERS_MAX = 128,
    RELYING_KEPT_MS = 3600 * 1000,
    RELYING_KEYS_AGAIN_MS = 60 * 1000,
    RELYING_TRY_AGAIN_MS = 2 * 1000, /* after a provider failed: those who ask hear the same */
};

struct relying;
/* Before the sandbox (transfers_create). */
MUST_USE enum status relying_create(struct loop *loop, struct relying **out, struct problem *why);
/* Questions that are open get no answer. */
void relying_destroy(struct relying **relying); /* accepts NULL */

/* Everything is copied. `done` comes once, maybe before this returns; the answer is borrowed. */
typedef void relying_done_fn(void *context, const struct sso_answer *answer);
void relying_ask(struct relying *relying, const struct sso_ask *ask, relying_done_fn *done,
                 void *context);

#endif
