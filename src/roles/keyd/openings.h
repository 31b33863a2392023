#ifndef RENDEZ_ROLES_KEYD_OPENINGS_H
#define RENDEZ_ROLES_KEYD_OPENINGS_H

#include "platform/vault/vault.h"
#include "roles/keyd/rates.h"

/* The file with what rates.h knows of people: who is paused, how many openings their hour has, what is usual for them. It
 * has a place of fixed size for each, with ids, times and numbers only, and in each the HMAC of it and its number under a key
 * of keyd's: what was changed, torn or put elsewhere is seen. It is opened before the sandbox and stays open, and keyd needs no
 * right to any file for it. A count is the kernel's when the call returns, and outlives keyd; a pause is on disk, and outlives
 * the machine. keyd answers everybody: it waits for a disk only for what is seldom.
 *
 * Times are written by the wall clock, since the monotonic one begins anew with the machine. An hour that goes on by that
 * clock goes on here; one that is over is what was usual. Where the clock was set back it lasts until the next hour. */
struct openings;
#define AUTO_OPENINGS __attribute__((cleanup(openings_close))) struct openings *

/* Opens it; where there is none, makes one in which nobody is. The key is copied.
 * else as open(2) */
MUST_USE enum status openings_open(const char *path, const struct secret *key, struct openings **out, struct problem *why);
void openings_close(struct openings **openings); /* accepts NULL */

/* The others answer ST_UNAVAILABLE where it could not be opened (NULL). */

/* Takes all places into `rates`.
 * ST_INVALID  some are none that we wrote (nothing of them is taken), or it is no such file: nobody knows who is paused */
MUST_USE enum status openings_load(struct openings *openings, struct rates *rates, const struct moment *at,
                                   struct problem *why);
/* Writes one place, or all of them. */
MUST_USE enum status openings_keep(struct openings *openings, size_t place, const struct rate_opener *one,
                                   const struct moment *at, struct problem *why);
MUST_USE enum status openings_keep_all(struct openings *openings, const struct rates *rates, const struct moment *at,
                                       struct problem *why);

#endif
