#include "roles/keyd/rates.h"

#include <assert.h>
#include <stdlib.h>

enum { USUAL_SCALE = 64, NEW_HOUR_SHARE = 8 };

const char *const rate_verdict_names[RATE_VERDICT_COUNT_] = {"fine", "limit", "unusual", "paused"};

struct rates {
    struct rate_limits limits;
    rates_keep_fn *keep;
    void *context;
    bool closed;
    struct rate_opener people[RATE_PEOPLE_MAX];
    struct {
        int64_t hour;
        uint32_t count;
    } roles[RATE_ROLES_MAX];
};

struct rates *rates_create(struct rate_limits limits, rates_keep_fn *keep, void *context)
{
    struct rates *rates = must_calloc(1, sizeof *rates);
    rates->limits = limits;
    rates->keep = keep;
    rates->context = context;
    return rates;
}

void rates_destroy(struct rates **rates)
{
    free(*rates);
    *rates = NULL;
}

const struct rate_opener *rates_opener(const struct rates *rates, size_t place)
{
    assert(place < RATE_PEOPLE_MAX);
    return &rates->people[place];
}

void rates_take(struct rates *rates, size_t place, const struct rate_opener *one)
{
    assert(place < RATE_PEOPLE_MAX && one->len <= RATE_ID_MAX);
    rates->people[place] = *one;
}

void rates_close(struct rates *rates)
{
    rates->closed = true;
}

static struct rate_opener *find(struct rates *rates, struct slice id)
{
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++) {
        struct rate_opener *one = &rates->people[i];
        if (one->len > 0 && slice_equal(id, (struct slice){one->id, one->len}))
            return one;
    }
    return NULL;
}

/* NULL: nobody can make room. */
static struct rate_opener *take_place(struct rates *rates, struct slice id)
{
    struct rate_opener *place = NULL;
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++) {
        struct rate_opener *one = &rates->people[i];
        if (one->len == 0) {
            place = one;
            break;
        }
        if (!one->paused && (place == NULL || one->seen_ms < place->seen_ms))
            place = one;
    }
    if (place == NULL || id.len == 0 || id.len > RATE_ID_MAX)
        return NULL;
    *place = (struct rate_opener){.len = (uint8_t)id.len};
    memcpy(place->id, id.data, id.len);
    return place;
}

/* What the hour before came to becomes part of what is usual. */
static void turn_hour(struct rate_opener *one, int64_t hour)
{
    if (one->hour == hour)
        return;
    if (one->count > 0) {
        int64_t last = (int64_t)one->count * USUAL_SCALE, usual = one->usual;
        usual = one->hours == 0 ? last : usual + (last - usual) / NEW_HOUR_SHARE;
        one->usual = (uint32_t)(usual < UINT32_MAX ? usual : UINT32_MAX);
        one->hours++;
    }
    one->hour = hour;
    one->count = 0;
}

static bool is_unusual(const struct rate_opener *one)
{
    uint64_t most = (uint64_t)one->usual * RATE_TIMES_USUAL;
    return one->hours >= RATE_HOURS_KNOWN && one->count > RATE_UNUSUAL_LEAST &&
           (uint64_t)one->count * USUAL_SCALE > most;
}

static enum rate_verdict judge(const struct rates *rates, const struct rate_opener *one)
{
    if (rates->limits.per_person > 0 && one->count > rates->limits.per_person)
        return RATE_OVER_LIMIT;
    return is_unusual(one) ? RATE_UNUSUAL : RATE_FINE;
}

enum rate_verdict rates_count_person(struct rates *rates, struct slice person, struct monotonic at,
                                     uint32_t *count)
{
    *count = 0;
    if (rates->closed)
        return RATE_PAUSED;
    struct rate_opener *one = find(rates, person);
    if (one == NULL && (one = take_place(rates, person)) == NULL)
        return RATE_PAUSED;
    turn_hour(one, at.ms / RATE_HOUR_MS);
    one->seen_ms = at.ms;
    one->count += one->count < UINT32_MAX / USUAL_SCALE;
    *count = one->count;
    if (one->paused)
        return RATE_PAUSED; /* which is kept already */
    enum rate_verdict verdict = judge(rates, one);
    one->paused = verdict != RATE_FINE;
    bool kept = rates->keep == NULL || rates->keep(rates->context, (size_t)(one - rates->people), one);
    return kept || verdict != RATE_FINE ? verdict : RATE_PAUSED;
}

enum rate_verdict rates_count_role(struct rates *rates, unsigned role, struct monotonic at,
                                   uint32_t *count)
{
    int64_t hour = at.ms / RATE_HOUR_MS;
    if (role >= RATE_ROLES_MAX)
        role = RATE_ROLES_MAX - 1;
    if (rates->roles[role].hour != hour) {
        rates->roles[role].hour = hour;
        rates->roles[role].count = 0;
    }
    *count = ++rates->roles[role].count;
    bool now = rates->limits.per_role > 0 && *count == rates->limits.per_role + 1;
    return now ? RATE_OVER_LIMIT : RATE_FINE;
}

unsigned rates_lift(struct rates *rates)
{
    unsigned lifted = 0;
    rates->closed = false;
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++) {
        struct rate_opener *one = &rates->people[i];
        if (!one->paused)
            continue;
        one->paused = false;
        one->count = 0;
        lifted++;
    }
    return lifted;
}

unsigned rates_paused(const struct rates *rates)
{
    unsigned paused = 0;
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++)
        paused += rates->people[i].paused;
    return paused;
}
