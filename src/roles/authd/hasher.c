/* argon2id in a thread of its own, one job after the other, so that the loop goes on meanwhile. */
#include "roles/authd/hasher.h"

#include <argon2.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "platform/vault/vault.h"

/* As for the root key file (RFC 9106, second recommendation, with more memory than its least). */
enum { PASSES = 3, MEMORY_KIB = 64 * 1024, LANES = 1, SALT_BYTES = 16, HASH_BYTES = 32 };

struct hasher {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct hash_job *queue[HASHER_QUEUE_MAX], *done[HASHER_QUEUE_MAX]; /* in order */
    size_t queued, finished, under_way;
    bool ending;
    int event;
    struct loop_watch *watch;
    hasher_done_fn *fn;
    void *context;
};

void hash_now(struct hash_job *job)
{
    if (job->encoded.len > 0) {
        char encoded[sizeof job->made];
        if (job->encoded.len >= sizeof encoded) {
            job->status = ST_INVALID;
            return;
        }
        memcpy(encoded, job->encoded.data, job->encoded.len);
        encoded[job->encoded.len] = '\0';
        int result = argon2id_verify(encoded, job->password.data, job->password.len);
        job->matches = result == ARGON2_OK;
        job->status = result == ARGON2_OK || result == ARGON2_VERIFY_MISMATCH ? ST_OK
                                                                              : ST_UNAVAILABLE;
        return;
    }
    unsigned char salt[SALT_BYTES];
    vault_random(salt, sizeof salt);
    int result = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, job->password.data,
                                       job->password.len, salt, sizeof salt, HASH_BYTES, job->made,
                                       sizeof job->made);
    job->status = result == ARGON2_OK ? ST_OK : ST_UNAVAILABLE;
}

static struct hash_job *next_job(struct hasher *hasher)
{
    while (hasher->queued == 0 && !hasher->ending)
        pthread_cond_wait(&hasher->wake, &hasher->lock);
    if (hasher->ending)
        return NULL;
    struct hash_job *job = hasher->queue[0];
    hasher->queued--;
    memmove(hasher->queue, hasher->queue + 1, hasher->queued * sizeof *hasher->queue);
    hasher->under_way = 1;
    return job;
}

static void *work(void *argument)
{
    struct hasher *hasher = argument;
    const uint64_t one = 1;
    pthread_mutex_lock(&hasher->lock);
    for (struct hash_job *job; (job = next_job(hasher)) != NULL;) {
        pthread_mutex_unlock(&hasher->lock);
        hash_now(job);
        pthread_mutex_lock(&hasher->lock);
        hasher->under_way = 0;
        hasher->done[hasher->finished++] = job;
        (void)!write(hasher->event, &one, sizeof one);
    }
    pthread_mutex_unlock(&hasher->lock);
    return NULL;
}

static struct hash_job *next_done(struct hasher *hasher)
{
    struct hash_job *job = NULL;
    pthread_mutex_lock(&hasher->lock);
    if (hasher->finished > 0) {
        job = hasher->done[0];
        hasher->finished--;
        memmove(hasher->done, hasher->done + 1, hasher->finished * sizeof *hasher->done);
    }
    pthread_mutex_unlock(&hasher->lock);
    return job;
}

static void on_event(void *context, unsigned ready, const struct moment *at)
{
    struct hasher *hasher = context;
    uint64_t count;
    (void)ready;
    (void)!read(hasher->event, &count, sizeof count);
    for (struct hash_job *job; (job = next_done(hasher)) != NULL;)
        hasher->fn(hasher->context, job, at);
}

enum status hasher_create(struct loop *loop, hasher_done_fn *done, void *context,
                          struct hasher **out, struct problem *why)
{
    struct hasher *hasher = must_calloc(1, sizeof *hasher);
    *hasher = (struct hasher){.fn = done, .context = context, .event = -1};
    pthread_mutex_init(&hasher->lock, NULL);
    pthread_cond_init(&hasher->wake, NULL);
    hasher->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (hasher->event < 0) {
        free(hasher);
        return problem_errno(why, "eventfd");
    }
    enum status status =
        loop_watch(loop, hasher->event, LOOP_READ, on_event, hasher, &hasher->watch, why);
    if (status == ST_OK && (errno = pthread_create(&hasher->thread, NULL, work, hasher)) != 0)
        status = problem_errno(why, "a thread for passwords");
    if (status != ST_OK) {
        loop_unwatch(&hasher->watch);
        fd_close(&hasher->event);
        free(hasher);
        return status;
    }
    *out = hasher;
    return ST_OK;
}

void hasher_destroy(struct hasher **hasher)
{
    if (*hasher == NULL)
        return;
    pthread_mutex_lock(&(*hasher)->lock);
    (*hasher)->ending = true;
    pthread_cond_signal(&(*hasher)->wake);
    pthread_mutex_unlock(&(*hasher)->lock);
    pthread_join((*hasher)->thread, NULL);
    loop_unwatch(&(*hasher)->watch);
    fd_close(&(*hasher)->event);
    pthread_mutex_destroy(&(*hasher)->lock);
    pthread_cond_destroy(&(*hasher)->wake);
    free(*hasher);
    *hasher = NULL;
}

enum status hasher_ask(struct hasher *hasher, struct hash_job *job, struct problem *why)
{
    enum status status = ST_OK;
    pthread_mutex_lock(&hasher->lock);
    if (hasher->queued + hasher->under_way + hasher->finished >= HASHER_QUEUE_MAX)
        status = problem_set(why, ST_LIMIT, "too many people sign in just now");
    else
        hasher->queue[hasher->queued++] = job;
    pthread_cond_signal(&hasher->wake);
    pthread_mutex_unlock(&hasher->lock);
    return status;
}
