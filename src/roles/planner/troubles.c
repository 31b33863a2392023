#include "roles/planner/troubles.h"

#include <string.h>

static struct slice id_of(const struct trouble *trouble)
{
    return (struct slice){trouble->person, trouble->len};
}

/* troubles->count: not there. */
static size_t index_of(const struct troubles *troubles, struct slice person)
{
    size_t i = 0;
    while (i < troubles->count && !slice_equal(id_of(&troubles->items[i]), person))
        i++;
    return i;
}

static struct trouble *find(struct troubles *troubles, struct slice person)
{
    size_t i = index_of(troubles, person);
    return i < troubles->count ? &troubles->items[i] : NULL;
}

static struct trouble *add(struct troubles *troubles, struct slice person, struct monotonic at)
{
    if (troubles->count == TROUBLES_MAX || person.len == 0 || person.len > TROUBLE_ID_BYTES)
        return NULL;
    struct trouble *fresh = &troubles->items[troubles->count++];
    *fresh = (struct trouble){.len = person.len, .since = at, .last = at};
    memcpy(fresh->person, person.data, person.len);
    return fresh;
}

void troubles_note(struct troubles *troubles, struct slice person, struct monotonic at, int64_t took_ms)
{
    struct trouble *trouble = find(troubles, person);
    if (trouble != NULL && at.ms - trouble->last.ms > TROUBLES_FORGET_MS) {
        troubles_clear(troubles, person);
        trouble = NULL;
    }
    if (trouble == NULL)
        trouble = add(troubles, person, at);
    if (trouble == NULL)
        return;
    trouble->last = at;
    trouble->due = !trouble->told && at.ms - trouble->since.ms >= TROUBLES_TELL_MS;
    if (took_ms < TROUBLES_SLOW_MS)
        return;
    trouble->rest_ms = trouble->rest_ms == 0 ? TROUBLES_REST_FIRST_MS : trouble->rest_ms * 2;
    if (trouble->rest_ms > TROUBLES_REST_LONGEST_MS)
        trouble->rest_ms = TROUBLES_REST_LONGEST_MS;
    trouble->rests_until = monotonic_after(at, trouble->rest_ms);
}

void troubles_clear(struct troubles *troubles, struct slice person)
{
    struct trouble *trouble = find(troubles, person);
    if (trouble != NULL)
        *trouble = troubles->items[--troubles->count];
}

bool troubles_rests(const struct troubles *troubles, struct slice person, struct monotonic at)
{
    size_t i = index_of(troubles, person);
    return i < troubles->count && at.ms < troubles->items[i].rests_until.ms;
}

const struct trouble *troubles_due(const struct troubles *troubles)
{
    for (size_t i = 0; i < troubles->count; i++)
        if (troubles->items[i].due)
            return &troubles->items[i];
    return NULL;
}

void troubles_told(struct troubles *troubles, struct slice person)
{
    struct trouble *trouble = find(troubles, person);
    if (trouble == NULL)
        return;
    trouble->due = false;
    trouble->told = true;
}
