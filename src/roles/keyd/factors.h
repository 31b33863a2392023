#ifndef RENDEZ_ROLES_KEYD_FACTORS_H
#define RENDEZ_ROLES_KEYD_FACTORS_H

#include "roles/keyd/codes.h"
#include "roles/keyd/keyd.h"
#include "roles/messages/messages.h"

/* Secrets of one-time codes. Each is sealed under a key that never leaves keyd, bound to its
 * organisation and factor; whoever has the database of accounts can check no code. For the role
 * (answer.c), and for the command line in its own process. */

/* Our own: what every authenticator can do. */
#define FACTOR_CODE_KIND ((struct code_kind){CODE_SHA1, 6})

/* Whose factor: `organisation` empty, it is of none. */
struct factor_place {
    struct slice organisation;
    struct wrapped_key organisation_key; /* as stored */
    struct slice factor;            /* its id */
};
/* A new secret: as it is stored, and as a person copies it into an authenticator, once. Use a
 * wiped arena. */
MUST_USE enum status factor_make(struct keyd *keyd, const struct factor_place *place,
                                 struct arena *arena, struct sealed *sealed, struct slice *shown,
                                 struct problem *why);
/* As code_check. ST_DENIED also where the secret is not of this factor. */
MUST_USE enum status factor_check(struct keyd *keyd, const struct factor_place *place,
                                  struct sealed sealed, struct slice code, struct instant at,
                                  int64_t last, int64_t *step, struct problem *why);

/* The same secret, sealed under `next`, another version of the organisation's key. ST_DENIED: it is
 * not of this factor, or of none. */
MUST_USE enum status factor_rewrap(struct keyd *keyd, const struct factor_place *place,
                                   struct sealed sealed, struct wrapped_key next,
                                   struct arena *arena, struct sealed *out, struct problem *why);

/* What the role answers to CODE_ASK; also for whoever has keyd in its own process. */
void factor_answer(struct keyd *keyd, const struct code_ask *ask, struct arena *arena,
                   struct code_given *out);

#endif
