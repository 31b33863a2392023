#ifndef RENDEZ_ROLES_MESSAGES_HELD_H
#define RENDEZ_ROLES_MESSAGES_HELD_H

#include "platform/loop/loop.h"
#include "platform/vault/vault.h"
#include "roles/messages/messages.h"

/* The keys that a role holds by leases, in locked memory: taken once, used for as many entries as
 * there are, wiped when keyd says so, when their time has come, or when the role ends. */
struct held;
#define AUTO_HELD __attribute__((cleanup(held_destroy))) struct held *
enum { HELD_MAX = 1024, HELD_TEXT_MAX = 64 };

/* Whose lease of what: one person's opens nothing for another. */
struct held_of {
    struct slice person, meeting;
    enum case_part part;
};

struct held *held_create(void);
void held_destroy(struct held **held); /* accepts NULL */

/* What keyd answered, for this part; in place of an older lease of it. The answer's arena is
 * wiped by whoever made it.
 * ST_DENIED   keyd refused; ST_INVALID: no key, or an id that is none
 * ST_LIMIT    too many are held */
MUST_USE enum status held_take(struct held *held, const struct lease_given *given,
                               const struct held_of *of, const struct moment *at, struct problem *why);
/* The key of a part; the held one, good until the next call of this module.
 * ST_NOT_FOUND: none is held, or no more */
MUST_USE enum status held_key(struct held *held, const struct held_of *of, const struct moment *at,
                              const struct secret **key, struct problem *why);
/* keyd has said LEASE_END. False: it is not held. */
bool held_end(struct held *held, struct slice lease);
/* All that has ended by time. */
void held_expire(struct held *held, const struct moment *at);
size_t held_count(const struct held *held);

#endif
