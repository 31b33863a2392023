#ifndef RENDEZ_PLATFORM_JOSE_CLAIMS_H
#define RENDEZ_PLATFORM_JOSE_CLAIMS_H

#include "platform/jose/internal.h"

/* What ID tokens and logout tokens have in common. */

/* Verifies, and reads the payload: an object. The type in the header is `type`, "JWT" or none: a
 * token made for something else is not taken for this (RFC 8725 section 3.11). */
MUST_USE enum status claims_read(struct slice token, const struct jose_keys *keys, unsigned algs,
                                 const char *type, struct arena *arena, struct jws *jws,
                                 json_t **claims, struct problem *why);
/* iss, aud, azp; exp, iat, nbf against now. */
MUST_USE enum status claims_check(const json_t *claims, struct slice issuer, struct slice client,
                                  struct instant now, struct instant *issued, struct instant *ends,
                                  struct problem *why);
/* A NumericDate (RFC 7519 section 2). Absent, or 0 as Glewlwyd writes for "not known": *out is 0. */
MUST_USE enum status claim_instant(const json_t *claims, const char *name, struct instant *out,
                                   struct problem *why);
bool instant_after(struct instant a, struct instant b, int64_t seconds); /* a > b + seconds */

#endif
