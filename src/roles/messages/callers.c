#include "roles/messages/callers.h"

#include <stdlib.h>

#include "platform/vault/vault.h"

const char *const caller_verdict_names[CALLER_VERDICT_COUNT_] = {
    "taken", "nobody", "time", "before", "replayed", "ended", "of_another",
};

enum { SECOND_US = 1000000 };

/* Ids of a stretch of time, by open addressing; 0: a free place. */
struct taken {
    uint64_t *slots; /* twice as many as are taken at most */
    size_t count;
};

struct ended {
    char text[ASSERTION_TEXT_MAX];
    size_t len;
    struct instant at, until; /* until: what was asserted before has ended by itself */
};

struct callers {
    struct secret *key, *key_before; /* either may be NULL */
    struct instant key_before_until;
    size_t taken_max;
    struct taken now, before;   /* this stretch, and the one before */
    struct moment begun;        /* when this one began */
    struct instant since;       /* what was issued until then does not count */
    struct instant latest;      /* that was taken */
    struct ended ended[CALLERS_ENDED_MAX];
};

static struct instant later(struct instant at, int64_t seconds)
{
    return (struct instant){at.us + seconds * SECOND_US};
}

struct callers *callers_create(const struct moment *at, size_t taken_max)
{
    struct callers *callers = must_calloc(1, sizeof *callers);
    callers->taken_max = taken_max; /* pages that nobody touches cost nothing */
    callers->now.slots = must_calloc(2 * taken_max, sizeof *callers->now.slots);
    callers->before.slots = must_calloc(2 * taken_max, sizeof *callers->before.slots);
    callers->begun = *at;
    callers->since = at->now;
    return callers;
}

void callers_destroy(struct callers **callers)
{
    struct callers *one = *callers;
    *callers = NULL;
    if (one == NULL)
        return;
    secret_destroy(&one->key);
    secret_destroy(&one->key_before);
    free(one->now.slots);
    free(one->before.slots);
    free(one);
}

/* Keys */

void callers_take_key(struct callers *callers, struct secret *key, struct instant now)
{
    if (callers->key != NULL && secret_equal(callers->key, key)) {
        secret_destroy(&key);
        return;
    }
    secret_destroy(&callers->key_before);
    callers->key_before = callers->key;
    callers->key_before_until = later(now, CALLERS_SECONDS);
    callers->key = key;
}

bool callers_have_key(const struct callers *callers)
{
    return callers->key != NULL;
}

static enum status verify(struct callers *callers, struct slice assertion, struct instant now,
                          struct arena *arena, struct caller_assertion *out)
{
    enum status status = ST_DENIED;
    if (now.us >= callers->key_before_until.us)
        secret_destroy(&callers->key_before);
    if (callers->key != NULL)
        status = caller_assertion_verify(callers->key, assertion, now, arena, out, NULL);
    if (status == ST_DENIED && callers->key_before != NULL)
        status = caller_assertion_verify(callers->key_before, assertion, now, arena, out, NULL);
    return status;
}

/* What was taken */

/* FNV-1a. Ids are random and authd's; two that fell together would only have one asked for anew. */
static uint64_t number_of(struct slice id)
{
    uint64_t number = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < id.len; i++)
        number = (number ^ (unsigned char)id.data[i]) * UINT64_C(0x100000001b3);
    return number == 0 ? 1 : number;
}

static uint64_t *place_of(const struct callers *callers, const struct taken *taken, uint64_t number)
{
    size_t slots = 2 * callers->taken_max, at = number % slots;
    while (taken->slots[at] != 0 && taken->slots[at] != number)
        at = (at + 1) % slots;
    return &taken->slots[at];
}

static void clear(const struct callers *callers, struct taken *taken)
{
    if (taken->count > 0)
        memset(taken->slots, 0, 2 * callers->taken_max * sizeof *taken->slots);
    taken->count = 0;
}

/* By both clocks: setting the wall clock makes nothing forgotten that may come to be true again. */
static void begin_stretch(struct callers *callers, const struct moment *at)
{
    struct taken oldest = callers->before;
    if (at->now.us < later(callers->begun.now, CALLERS_SECONDS).us ||
        at->clock.ms - callers->begun.clock.ms < CALLERS_SECONDS * INT64_C(1000))
        return;
    clear(callers, &oldest);
    callers->before = callers->now;
    callers->now = oldest;
    callers->begun = *at;
}

static void forget_all(struct callers *callers, struct instant until)
{
    callers->since = until.us > callers->since.us ? until : callers->since;
    clear(callers, &callers->now);
    clear(callers, &callers->before);
}

/* False: it was taken before. */
static bool take(struct callers *callers, const struct caller_assertion *said, const struct moment *at)
{
    uint64_t number = number_of(said->id);
    begin_stretch(callers, at);
    uint64_t *place = place_of(callers, &callers->now, number);
    if (*place == number || *place_of(callers, &callers->before, number) == number)
        return false;
    *place = number;
    callers->now.count++;
    callers->latest = said->issued.us > callers->latest.us ? said->issued : callers->latest;
    if (callers->now.count == callers->taken_max)
        forget_all(callers, callers->latest);
    return true;
}

/* Who has ended */

void callers_end(struct callers *callers, struct slice person, struct slice session,
                 struct instant ended, struct instant now)
{
    struct slice who = session.len > 0 ? session : person;
    struct ended *place = NULL;
    for (size_t i = 0; place == NULL && i < CALLERS_ENDED_MAX; i++)
        if (callers->ended[i].until.us <= now.us)
            place = &callers->ended[i];
    if (place == NULL || who.len > ASSERTION_TEXT_MAX) {
        callers->since = ended.us > callers->since.us ? ended : callers->since;
        return;
    }
    *place = (struct ended){.len = who.len, .at = ended, .until = later(now, CALLERS_SECONDS)};
    memcpy(place->text, who.data, who.len);
}

static bool has_ended(const struct callers *callers, const struct caller_assertion *said,
                      struct instant now)
{
    for (size_t i = 0; i < CALLERS_ENDED_MAX; i++) {
        const struct ended *one = &callers->ended[i];
        struct slice who = {one->text, one->len};
        if (one->until.us > now.us && said->issued.us <= one->at.us &&
            (slice_equal(who, said->person) || slice_equal(who, said->session)))
            return true;
    }
    return false;
}

/* The decision */

static bool is_of(const struct caller_assertion *said, struct slice command, struct slice json)
{
    unsigned char digest[ASSERTION_DIGEST_BYTES];
    vault_sha256(json, digest);
    return slice_equal(said->command, command) &&
           slice_equal(said->digest, (struct slice){(char *)digest, sizeof digest});
}

enum caller_verdict callers_decide(struct callers *callers, struct slice assertion, struct slice command,
                                   struct slice json, const struct moment *at, struct arena *arena,
                                   struct caller_assertion *out)
{
    enum status status = verify(callers, assertion, at->now, arena, out);
    if (status != ST_OK)
        return status == ST_CONFLICT ? CALLER_TIME : CALLER_NOBODY;
    if (out->issued.us <= callers->since.us)
        return CALLER_BEFORE;
    if (!take(callers, out, at))
        return CALLER_REPLAYED;
    if (has_ended(callers, out, at->now))
        return CALLER_ENDED;
    return is_of(out, command, json) ? CALLER_TAKEN : CALLER_OF_ANOTHER;
}
