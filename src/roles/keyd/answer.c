#include "roles/keyd/answer.h"

typedef enum status purpose_fn(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                               struct sealed *wrapped, struct secret **key, struct problem *why);

static enum status for_lookups(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                               struct sealed *wrapped, struct secret **key, struct problem *why)
{
    (void)ask, (void)arena, (void)wrapped;
    return keyd_lookup_key(keyd, key, why);
}

static enum status for_service(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                               struct sealed *wrapped, struct secret **key, struct problem *why)
{
    (void)ask, (void)arena, (void)wrapped;
    return keyd_service_key(keyd, key, why);
}

static enum status new_organisation(struct keyd *keyd, const struct key_ask *ask,
                                    struct arena *arena, struct sealed *wrapped,
                                    struct secret **key, struct problem *why)
{
    (void)key; /* an organisation's key never leaves */
    return keyd_new_organisation_key(keyd, ask->organisation, arena, wrapped, why);
}

static enum status for_directory(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                                 struct sealed *wrapped, struct secret **key, struct problem *why)
{
    (void)arena, (void)wrapped;
    return keyd_directory_key(keyd, ask->organisation, (struct sealed){ask->organisation_key}, key,
                              why);
}

static enum status new_meeting(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                               struct sealed *wrapped, struct secret **key, struct problem *why)
{
    return keyd_new_meeting_key(keyd, ask->organisation, (struct sealed){ask->organisation_key},
                                ask->meeting, arena, wrapped, key, why);
}

static enum status open_meeting(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                                struct sealed *wrapped, struct secret **key, struct problem *why)
{
    (void)arena, (void)wrapped;
    return keyd_open_meeting_key(keyd, ask->organisation, (struct sealed){ask->organisation_key},
                                 ask->meeting, (struct sealed){ask->wrapped}, key, why);
}

/* Every purpose and what it must name. A purpose without a row is refused. */
static const struct purpose {
    purpose_fn *fn;
    bool organisation, meeting;
} purposes[KEY_PURPOSE_COUNT_] = {
    [KEY_FOR_LOOKUPS] = {for_lookups, false, false},
    [KEY_FOR_SERVICE] = {for_service, false, false},
    [KEY_NEW_ORGANISATION] = {new_organisation, true, false},
    [KEY_FOR_DIRECTORY] = {for_directory, true, false},
    [KEY_NEW_MEETING] = {new_meeting, true, true},
    [KEY_OPEN_MEETING] = {open_meeting, true, true},
};

static enum status give(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                        struct sealed *wrapped, struct secret **key, struct problem *why)
{
    const struct purpose *purpose = &purposes[ask->purpose];
    if (purpose->fn == NULL)
        return problem_set(why, ST_DENIED, "no key without a purpose");
    if ((purpose->organisation && ask->organisation.len == 0) ||
        (purpose->meeting && ask->meeting.len == 0))
        return problem_set(why, ST_DENIED, "no key without naming what it belongs to");
    return purpose->fn(keyd, ask, arena, wrapped, key, why);
}

static struct slice key_bytes(const struct secret *key)
{
    return key == NULL ? SLICE_NONE
                       : (struct slice){(const char *)secret_bytes(key), secret_len(key)};
}

void keyd_answer_key(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                     struct key_given *out, struct secret **key)
{
    struct sealed wrapped = {0};
    struct problem why = {0};
    *key = NULL;
    enum status status = give(keyd, ask, arena, &wrapped, key, &why);
    *out = (struct key_given){.status = status};
    if (status != ST_OK) {
        out->problem = arena_copy(arena, slice_from(why.detail));
        return;
    }
    out->key = key_bytes(*key);
    out->wrapped = wrapped.bytes;
}

void keyd_answer_spool_new(struct keyd *keyd, const struct spool_key_new *ask, struct arena *arena,
                           struct spool_key *out, struct secret **key)
{
    struct sealed wrapped = {0};
    *key = NULL;
    *out = (struct spool_key){.id = ask->id, .status = ST_DENIED};
    if (ask->id.len == 0)
        return;
    out->status = keyd_new_spool_key(keyd, ask->id, arena, &wrapped, key, NULL);
    out->key = key_bytes(*key);
    out->wrapped = wrapped.bytes;
}

void keyd_answer_spool_open(struct keyd *keyd, const struct spool_key_open *ask,
                            struct spool_key *out, struct secret **key)
{
    *key = NULL;
    *out = (struct spool_key){.id = ask->id, .wrapped = ask->wrapped};
    out->status = keyd_open_spool_key(keyd, ask->id, (struct sealed){ask->wrapped}, key, NULL);
    out->key = key_bytes(*key);
}
