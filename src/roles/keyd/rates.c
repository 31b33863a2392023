#include "roles/keyd/rates.h"

#include <stdlib.h>

enum { HOUR_MS = 3600 * 1000, ID_MAX = 64, USUAL_SCALE = 64, NEW_HOUR_SHARE = 8 };

const char *const rate_verdict_names[RATE_VERDICT_COUNT_] = {"fine", "limit", "unusual", "paused"};

struct opener {
    char id[ID_MAX];
    uint8_t len; /* 0: free */
    bool paused;
    int64_t hour;  /* in which `count` was counted */
    uint32_t count;
    uint32_t hours; /* before this one, with any opening */
    uint32_t usual; /* their mean, times USUAL_SCALE */
    int64_t seen_ms;
};

struct rates {
    struct rate_limits limits;
    struct opener people[RATE_PEOPLE_MAX];
    struct {
        int64_t hour;
        uint32_t count;
    } roles[RATE_ROLES_MAX];
};

struct rates *rates_create(struct rate_limits limits)
{
    struct rates *rates = must_calloc(1, sizeof *rates);
    rates->limits = limits;
    return rates;
}

void rates_destroy(struct rates **rates)
{
    free(*rates);
    *rates = NULL;
}

static struct opener *find(struct rates *rates, struct slice id)
{
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++) {
        struct opener *one = &rates->people[i];
        if (one->len > 0 && slice_equal(id, (struct slice){one->id, one->len}))
            return one;
    }
    return NULL;
}

/* NULL: nobody can make room. */
static struct opener *take_place(struct rates *rates, struct slice id)
{
    struct opener *place = NULL;
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++) {
        struct opener *one = &rates->people[i];
        if (one->len == 0) {
            place = one;
            break;
        }
        if (!one->paused && (place == NULL || one->seen_ms < place->seen_ms))
            place = one;
    }
    if (place == NULL || id.len == 0 || id.len > ID_MAX)
        return NULL;
    *place = (struct opener){.len = (uint8_t)id.len};
    memcpy(place->id, id.data, id.len);
    return place;
}

/* What the hour before came to becomes part of what is usual. */
static void turn_hour(struct opener *one, int64_t hour)
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

static bool is_unusual(const struct opener *one)
{
    uint64_t most = (uint64_t)one->usual * RATE_TIMES_USUAL;
    return one->hours >= RATE_HOURS_KNOWN && one->count > RATE_UNUSUAL_LEAST &&
           (uint64_t)one->count * USUAL_SCALE > most;
}

enum rate_verdict rates_count_person(struct rates *rates, struct slice person, struct monotonic at,
                                     uint32_t *count)
{
    struct opener *one = find(rates, person);
    *count = 0;
    if (one == NULL && (one = take_place(rates, person)) == NULL)
        return RATE_PAUSED;
    turn_hour(one, at.ms / HOUR_MS);
    one->seen_ms = at.ms;
    one->count += one->count < UINT32_MAX / USUAL_SCALE;
    *count = one->count;
    if (one->paused)
        return RATE_PAUSED;
    enum rate_verdict verdict = RATE_FINE;
    if (rates->limits.per_person > 0 && one->count > rates->limits.per_person)
        verdict = RATE_OVER_LIMIT;
    else if (is_unusual(one))
        verdict = RATE_UNUSUAL;
    one->paused = verdict != RATE_FINE;
    return verdict;
}

enum rate_verdict rates_count_role(struct rates *rates, unsigned role, struct monotonic at,
                                   uint32_t *count)
{
    int64_t hour = at.ms / HOUR_MS;
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
    for (size_t i = 0; i < RATE_PEOPLE_MAX; i++) {
        struct opener *one = &rates->people[i];
        if (!one->paused)
            continue;
        one->paused = false;
        one->count = 0;
        lifted++;
    }
    return lifted;
}
