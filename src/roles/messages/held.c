#include "roles/messages/held.h"

#include <stdlib.h>

struct held_text {
    char data[HELD_TEXT_MAX];
    size_t len;
};
struct held_lease {
    struct held_text lease, person, meeting;
    enum case_part part;
    struct secret *key; /* NULL: free */
    struct monotonic end;
};

struct held {
    struct held_lease all[HELD_MAX];
};

static bool fits(struct slice text)
{
    return text.len > 0 && text.len <= HELD_TEXT_MAX;
}

static void keep(struct held_text *text, struct slice said)
{
    memcpy(text->data, said.data, said.len);
    text->len = said.len;
}

static bool is(const struct held_text *text, struct slice other)
{
    return slice_equal(other, (struct slice){text->data, text->len});
}

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

static struct held_lease *find(struct held *held, const struct held_of *of)
{
    for (size_t i = 0; i < HELD_MAX; i++) {
        struct held_lease *one = &held->all[i];
        if (one->key != NULL && one->part == of->part && is(&one->meeting, of->meeting) &&
            is(&one->person, of->person))
            return one;
    }
    return NULL;
}

static struct held_lease *place_for(struct held *held, const struct held_of *of)
{
    struct held_lease *place = find(held, of);
    for (size_t i = 0; place == NULL && i < HELD_MAX; i++)
        if (held->all[i].key == NULL)
            place = &held->all[i];
    return place;
}

enum status held_take(struct held *held, const struct lease_given *given, const struct held_of *of,
                      const struct moment *at, struct problem *why)
{
    if (given->status != ST_OK)
        return problem_set(why, ST_DENIED, "keyd: %.*s", SLICE_ARG(given->problem));
    if (given->key.len != VAULT_KEY_BYTES || !fits(given->lease) || !fits(of->person) || !fits(of->meeting))
        return problem_set(why, ST_INVALID, "keyd: a lease that is none");
    struct held_lease *place = place_for(held, of);
    if (place == NULL)
        return problem_set(why, ST_LIMIT, "too many leases are held");
    wipe(place);
    keep(&place->lease, given->lease);
    keep(&place->person, of->person);
    keep(&place->meeting, of->meeting);
    place->part = of->part;
    place->key = secret_create((const unsigned char *)given->key.data, given->key.len);
    secret_set_version(place->key, given->version == 0 ? 1 : given->version);
    /* By the monotonic clock: setting back the other one makes no lease longer. */
    place->end = monotonic_after(at->clock, (given->ends.us - at->now.us) / 1000);
    return ST_OK;
}

enum status held_key(struct held *held, const struct held_of *of, const struct moment *at,
                     const struct secret **key, struct problem *why)
{
    held_expire(held, at);
    const struct held_lease *one = find(held, of);
    if (one == NULL)
        return problem_set(why, ST_NOT_FOUND, "no lease of this part is held");
    *key = one->key;
    return ST_OK;
}

bool held_end(struct held *held, struct slice lease)
{
    for (size_t i = 0; i < HELD_MAX; i++) {
        struct held_lease *one = &held->all[i];
        if (one->key == NULL || !is(&one->lease, lease))
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
