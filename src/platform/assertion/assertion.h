#ifndef RENDEZ_PLATFORM_ASSERTION_H
#define RENDEZ_PLATFORM_ASSERTION_H

#include "base/datetime/datetime.h"
#include "platform/vault/vault.h"

/* What authd says of a person to somebody who hears it from a third that neither trusts. It lives
 * for a minute, and its receiver takes it once (its id).
 *
 *   1 byte    which of the two: 1 of a lease, 2 of a caller
 *   n bytes   the fields, as base/record encodes them, and in no other way
 *  32 bytes   HMAC-SHA256 of all before, under a key that only authd and the receiver have
 *
 * Ids and words are of small letters, digits, "_", "-", "+" and ".", 64 at most. */

/* A console brings it to keyd: one person in one session, one purpose and one meeting. Shown for
 * another meeting or purpose it opens nothing. */
struct assertion {
    struct slice id;           /* of this assertion; made by assertion_make */
    struct slice person;       /* whose session it is */
    struct slice organisation, kind; /* of the person; kind: "client", "processor", "operator" */
    struct slice function, factor; /* words of domain/access: "supervisor", "passkey" */
    struct slice session;
    bool inside;               /* it came over the supervision network */
    struct slice purpose;      /* key_purpose_names: "supervision" */
    struct slice client;       /* organisation of the meeting */
    struct slice meeting;
    struct instant issued, ends; /* [issued, ends), ASSERTION_SECONDS_MAX at most */
};

/* api brings it to the planner: who asks, and what, to the letter. */
struct caller_assertion {
    struct slice id;           /* of this assertion; made by caller_assertion_make */
    struct slice person, organisation, function;
    struct slice right;        /* that they have; of something: about what, the planner decides */
    struct slice session;      /* or the token's id */
    struct slice command;      /* "meetings.list" */
    struct slice digest;       /* SHA-256 of its json as sent */
    struct instant issued, ends;
};
enum {
    ASSERTION_BYTES_MAX = 1024,
    ASSERTION_TEXT_MAX = 64,
    ASSERTION_DIGEST_BYTES = 32,
    ASSERTION_SECONDS_MAX = 60,
    ASSERTION_AHEAD_SECONDS = 5, /* clocks of two machines */
};

/* Says it (assertion->id is not read). ST_INVALID: a field is empty, too long or of other
 * characters, or the times are no minute. */
MUST_USE enum status assertion_make(const struct secret *key, const struct assertion *assertion,
                                    struct arena *arena, struct slice *out, struct problem *why);
MUST_USE enum status caller_assertion_make(const struct secret *key,
                                           const struct caller_assertion *assertion,
                                           struct arena *arena, struct slice *out,
                                           struct problem *why);

/* Texts of *out are in the arena.
 * ST_DENIED    not by this key
 * ST_CONFLICT  by this key, and not yet or no more true at `now`
 * ST_INVALID   by this key, and none of this kind
 * ST_LIMIT     over ASSERTION_BYTES_MAX */
MUST_USE enum status assertion_verify(const struct secret *key, struct slice bytes,
                                      struct instant now, struct arena *arena,
                                      struct assertion *out, struct problem *why);
MUST_USE enum status caller_assertion_verify(const struct secret *key, struct slice bytes,
                                             struct instant now, struct arena *arena,
                                             struct caller_assertion *out, struct problem *why);

#endif
