#include "roles/messages/held.h"

#include <stdlib.h>

struct held_lease {
    char lease[HELD_TEXT_MAX], meeting[HELD_TEXT_MAX];
    size_t lease_len, meeting_len;
    struct secret *key; /* NULL: free */
    struct monotonic end;
};

struct held {
    struct held_lease all[HELD_MAX];
};

struct held *held_create(void)
{
    return must_calloc(1, sizeof(struct held));
}

static void wipe(struct held_lease *one)
{
    secret_destroy(&one->key);
    *one = (struct held_lease){.key = NULL};
}

void held_destroy(struct held **held)
{
    if (*held == NULL)
        return;
    for (size_t i = 0; i < HELD_MAX; i++)
        wipe(&(*held)->all[i]);
    free(*held);
    *held = NULL;
}

static struct held_lease *find(struct held *held, struct slice meeting)
{
    for (size_t i = 0; i < HELD_MAX; i++) {
        struct held_lease *one = &held->all[i];
        if (one->key != NULL && slice_equal(meeting, (struct slice){one->meeting, one->meeting_len}))
            return one;
    }
    return NULL;
}

static struct held_lease *place_for(struct held *held, struct slice meeting)
{
    struct held_lease *place = find(held, meeting);
    for (size_t i = 0; place == NULL && i < HELD_MAX; i++)
        if (held->all[i].key == NULL)
            place = &held->all[i];
    return place;
}

enum status held_take(struct held *held, const struct lease_given *given, struct slice meeting,
                      const struct moment *at, struct problem *why)
{
    if (given->status != ST_OK)
        return problem_set(why, ST_DENIED, "keyd: %.*s", SLICE_ARG(given->problem));
    if (given->key.len != VAULT_KEY_BYTES || given->lease.len == 0 || given->lease.len > HELD_TEXT_MAX ||
        meeting.len == 0 || meeting.len > HELD_TEXT_MAX)
        return problem_set(why, ST_INVALID, "keyd: a lease that is none");
    struct held_lease *place = place_for(held, meeting);
    if (place == NULL)
        return problem_set(why, ST_LIMIT, "too many leases are held");
    wipe(place);
    memcpy(place->lease, given->lease.data, given->lease.len);
    memcpy(place->meeting, meeting.data, meeting.len);
    place->lease_len = given->lease.len;
    place->meeting_len = meeting.len;
    place->key = secret_create((const unsigned char *)given->key.data, given->key.len);
    secret_set_version(place->key, given->version == 0 ? 1 : given->version);
    /* By the monotonic clock: setting back the other one makes no lease longer. */
    place->end = monotonic_after(at->clock, (given->ends.us - at->now.us) / 1000);
    return ST_OK;
}

enum status held_key(struct held *held, struct slice meeting, const struct moment *at,
                     const struct secret **key, struct problem *why)
{
    held_expire(held, at);
    const struct held_lease *one = find(held, meeting);
    if (one == NULL)
        return problem_set(why, ST_NOT_FOUND, "no lease of this meeting is held");
    *key = one->key;
    return ST_OK;
}

bool held_end(struct held *held, struct slice lease)
{
    for (size_t i = 0; i < HELD_MAX; i++) {
        struct held_lease *one = &held->all[i];
        if (one->key == NULL || !slice_equal(lease, (struct slice){one->lease, one->lease_len}))
            continue;
        wipe(one);
        return true;
    }
    return false;
}

void held_expire(struct held *held, const struct moment *at)
{
    for (size_t i = 0; i < HELD_MAX; i++)
        if (held->all[i].key != NULL && at->clock.ms >= held->all[i].end.ms)
            wipe(&held->all[i]);
}

size_t held_count(const struct held *held)
{
    size_t count = 0;
    for (size_t i = 0; i < HELD_MAX; i++)
        count += held->all[i].key != NULL;
    return count;
}
