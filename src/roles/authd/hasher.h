#ifndef RENDEZ_ROLES_AUTHD_HASHER_H
#define RENDEZ_ROLES_AUTHD_HASHER_H

#include "platform/loop/loop.h"

/* One password to be hashed beside the loop (argon2id). */
struct hash_job {
    struct slice password;
    struct slice encoded; /* compare with it; empty: make one */
    /* The answer: */
    enum status status;   /* UNAVAILABLE: no memory */
    bool matches;
    char made[160];       /* encoded, where one was to be made */
};

/* Passwords are hashed in a thread of their own (argon2id, t=3 m=64 MiB p=1: some 100 ms), so
 * that no session waits for a login. A queue of HASHER_QUEUE_MAX; who comes when it is full is
 * told to come again. */
enum { HASHER_QUEUE_MAX = 32 };

struct hasher;
typedef void hasher_done_fn(void *context, struct hash_job *job, const struct moment *at);

/* After role_enter: the thread is inside the sandbox. */
MUST_USE enum status hasher_create(struct loop *loop, hasher_done_fn *done, void *context,
                                   struct hasher **out, struct problem *why);
void hasher_destroy(struct hasher **hasher); /* ends the thread after its present job; accepts NULL */

/* The job stays where it is until `done` is called with it. ST_LIMIT: the queue is full. */
MUST_USE enum status hasher_ask(struct hasher *hasher, struct hash_job *job, struct problem *why);

/* The work itself, in the caller's thread. */
void hash_now(struct hash_job *job);

#endif
