#ifndef RENDEZ_ROLES_MESSAGES_CALLERS_H
#define RENDEZ_ROLES_MESSAGES_CALLERS_H

#include "platform/assertion/assertion.h"
#include "platform/loop/loop.h"

/* For roles that api asks (caller_port.h): who asks, as authd has asserted it. What api says besides counts for nothing. Each assertion is
 * taken once, for the one question that it names. No I/O, no clock.
 *
 * What was taken is remembered until it has ended. Of what was taken before, by the process before
 * this one or when too much was taken to be remembered, only the time is known: nothing that was
 * asserted until then counts, and api asks authd anew. */
struct callers;
#define AUTO_CALLERS __attribute__((cleanup(callers_destroy))) struct callers *

enum {
    CALLERS_TAKEN_MAX = 1 << 18, /* of the service: in CALLERS_SECONDS, thus 4,000 a second */
    CALLERS_ENDED_MAX = 256,     /* people and sessions; beyond, nothing counts that was asserted before */
    CALLERS_SECONDS = ASSERTION_SECONDS_MAX + ASSERTION_AHEAD_SECONDS,
};

/* taken_max: how many assertions are remembered of CALLERS_SECONDS. */
struct callers *callers_create(const struct moment *at, size_t taken_max);
void callers_destroy(struct callers **callers); /* accepts NULL */

/* keyd's key, which is the callers' from now on; the one before counts until what it signed has
 * ended. */
void callers_take_key(struct callers *callers, struct secret *key, struct instant now);
bool callers_have_key(const struct callers *callers);

enum caller_verdict {
    CALLER_TAKEN,      /* *out is who asks */
    CALLER_NOBODY,     /* authd has not made it, or by a key that we do not have yet */
    CALLER_TIME,       /* it has ended, or is of the future */
    CALLER_BEFORE,     /* asserted before we know what was taken */
    CALLER_REPLAYED,   /* it was taken */
    CALLER_ENDED,      /* its person or session has ended since */
    CALLER_OF_ANOTHER, /* it is for another command or json */
    CALLER_VERDICT_COUNT_,
};
extern const char *const caller_verdict_names[CALLER_VERDICT_COUNT_];

/* Takes the assertion, which counts no more whatever the verdict. *out is filled from CALLER_BEFORE on,
 * too; its texts are in the arena. */
enum caller_verdict callers_decide(struct callers *callers, struct slice assertion, struct slice command,
                                   struct slice json, const struct moment *at, struct arena *arena,
                                   struct caller_assertion *out);

/* authd says that a person, or one session of theirs (not empty), ended at `ended`: what it asserted
 * of them until then counts no more. What it asserts later does: they may have begun anew. */
void callers_end(struct callers *callers, struct slice person, struct slice session,
                 struct instant ended, struct instant now);

#endif
