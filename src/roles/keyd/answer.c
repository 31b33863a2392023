#include "roles/keyd/answer.h"

#include "roles/keyd/rules.h"

enum { SCRATCH_BYTES = 64 * 1024 };

/* What an answer is made of. */
struct give {
    struct keyd *keyd;
    const struct key_ask *ask;
    struct arena *arena;
    struct wrapped_key wrapped;
    struct secret *key;
};
typedef enum status purpose_fn(struct give *give, struct problem *why);

static uint32_t version_or_first(uint32_t version)
{
    return version == 0 ? 1 : version;
}

static struct wrapped_key organisation_key(const struct key_ask *ask)
{
    return (struct wrapped_key){{ask->organisation_key}, version_or_first(ask->organisation_version)};
}

static struct wrapped_key meeting_key(const struct key_ask *ask)
{
    return (struct wrapped_key){{ask->wrapped}, version_or_first(ask->version)};
}

static enum status for_lookups(struct give *give, struct problem *why)
{
    return keyd_lookup_key(give->keyd, &give->key, why);
}

static enum status for_service(struct give *give, struct problem *why)
{
    return keyd_service_key(give->keyd, give->ask->version, &give->key, why);
}

/* An organisation's key never leaves. */
static enum status new_organisation(struct give *give, struct problem *why)
{
    return keyd_new_organisation_key(give->keyd, give->ask->organisation,
                                     version_or_first(give->ask->version), give->arena,
                                     &give->wrapped, why);
}

static enum status for_directory(struct give *give, struct problem *why)
{
    return keyd_directory_key(give->keyd, give->ask->organisation, organisation_key(give->ask),
                              &give->key, why);
}

static enum status new_meeting(struct give *give, struct problem *why)
{
    const struct key_ask *ask = give->ask;
    return keyd_new_meeting_key(give->keyd, ask->organisation, organisation_key(ask), ask->meeting,
                                version_or_first(ask->version), give->arena, &give->wrapped,
                                &give->key, why);
}

static enum status open_meeting(struct give *give, struct problem *why)
{
    const struct key_ask *ask = give->ask;
    return keyd_open_meeting_key(give->keyd, ask->organisation, organisation_key(ask), ask->meeting,
                                 meeting_key(ask), &give->key, why);
}

static enum status rewrap_organisation(struct give *give, struct problem *why)
{
    return keyd_rewrap_organisation_key(give->keyd, give->ask->organisation,
                                        organisation_key(give->ask), give->arena, &give->wrapped, why);
}

static enum status rewrap_meeting(struct give *give, struct problem *why)
{
    const struct key_ask *ask = give->ask;
    struct wrapped_key next = {{ask->next_key}, version_or_first(ask->next_version)};
    return keyd_rewrap_meeting_key(give->keyd, ask->organisation, organisation_key(ask), next,
                                   ask->meeting, meeting_key(ask), give->arena, &give->wrapped, why);
}

static enum status for_identity(struct give *give, struct problem *why)
{
    const struct key_ask *ask = give->ask;
    if (ask->organisation.len == 0)
        return keyd_identity_service_key(give->keyd, ask->version, &give->key, why);
    return keyd_identity_key(give->keyd, ask->organisation, organisation_key(ask), &give->key, why);
}

static enum status for_identity_lookups(struct give *give, struct problem *why)
{
    return keyd_identity_lookup_key(give->keyd, &give->key, why);
}

static enum status for_assertions(struct give *give, struct problem *why)
{
    return keyd_assertion_key(give->keyd, &give->key, why);
}

static enum status for_log(struct give *give, struct problem *why)
{
    return keyd_log_seed(give->keyd, &give->key, why);
}

static enum status for_callers(struct give *give, struct problem *why)
{
    return keyd_caller_key(give->keyd, &give->key, why);
}

static enum status for_watchers(struct give *give, struct problem *why)
{
    return keyd_watcher_key(give->keyd, &give->key, why);
}

static enum status for_trust(struct give *give, struct problem *why)
{
    return keyd_trust_key(give->keyd, &give->key, why);
}

static enum status new_set(struct give *give, struct problem *why)
{
    return keyd_new_set_key(give->keyd, give->ask->set, give->arena, &give->wrapped.sealed,
                            &give->key, why);
}

static enum status open_set(struct give *give, struct problem *why)
{
    return keyd_open_set_key(give->keyd, give->ask->set, (struct sealed){give->ask->wrapped},
                             &give->key, why);
}

static enum status rewrap_set(struct give *give, struct problem *why)
{
    return keyd_rewrap_set_key(give->keyd, give->ask->set, (struct sealed){give->ask->wrapped},
                               give->arena, &give->wrapped.sealed, why);
}

/* Whether a sealed value opens. Takes the key, which nobody gets, as what is inside. */
static enum status try_sealed(const struct key_ask *ask, const struct seal_place *place, struct secret *key,
                              struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(ask->wrapped.len + SCRATCH_BYTES);
    AUTO_SECRET own = key;
    struct slice plain;
    return vault_open(own, place, (struct sealed){ask->wrapped}, scratch, &plain, why);
}

static enum status root_version_of(const struct key_ask *ask, uint32_t *version, struct problem *why)
{
    return sealed_key_version((struct sealed){ask->wrapped}, version) == ST_OK
               ? ST_OK
               : problem_set(why, ST_DENIED, "this is no sealed value");
}

static enum status try_identity(struct give *give, struct problem *why)
{
    const struct key_ask *ask = give->ask;
    struct seal_place place = {ask->organisation, ask->table, ask->column, ask->row, 0};
    struct secret *key;
    uint32_t root;
    TRY(root_version_of(ask, &root, why));
    if (ask->organisation.len == 0)
        TRY(keyd_identity_service_key(give->keyd, root, &key, why));
    else
        TRY(keyd_identity_key(give->keyd, ask->organisation, organisation_key(ask), &key, why));
    return try_sealed(ask, &place, key, why);
}

static enum status try_code(struct give *give, struct problem *why)
{
    const struct key_ask *ask = give->ask;
    struct seal_place place = keyd_factor_place(ask->organisation, ask->row);
    struct secret *key;
    uint32_t root;
    TRY(root_version_of(ask, &root, why));
    TRY(keyd_factor_key(give->keyd, ask->organisation, organisation_key(ask), root, &key, why));
    return try_sealed(ask, &place, key, why);
}

static enum status try_trust(struct give *give, struct problem *why)
{
    const struct key_ask *ask = give->ask;
    struct seal_place place = {SLICE_NONE, ask->table, ask->column, ask->row, 0};
    struct secret *key;
    TRY(keyd_trust_key(give->keyd, &key, why));
    return try_sealed(ask, &place, key, why);
}

/* Every purpose and what it must name; who may ask for it stands in rules.c. One without a row is
 * refused. */
static const struct purpose {
    purpose_fn *fn;
    bool organisation, meeting, set;
} purposes[KEY_PURPOSE_COUNT_] = {
    [KEY_FOR_LOOKUPS] = {for_lookups, false, false},
    [KEY_FOR_SERVICE] = {for_service, false, false},
    [KEY_NEW_ORGANISATION] = {new_organisation, true, false},
    [KEY_FOR_DIRECTORY] = {for_directory, true, false},
    [KEY_NEW_MEETING] = {new_meeting, true, true},
    [KEY_OPEN_MEETING] = {open_meeting, true, true},
    [KEY_REWRAP_ORGANISATION] = {rewrap_organisation, true, false},
    [KEY_REWRAP_MEETING] = {rewrap_meeting, true, true},
    [KEY_FOR_IDENTITY] = {for_identity, false, false},
    [KEY_FOR_IDENTITY_LOOKUPS] = {for_identity_lookups, false, false},
    [KEY_FOR_ASSERTIONS] = {for_assertions, false, false},
    [KEY_FOR_LOG] = {for_log, false, false},
    [KEY_FOR_CALLERS] = {for_callers, false, false},
    [KEY_FOR_WATCHERS] = {for_watchers, false, false},
    [KEY_FOR_TRUST] = {for_trust, false, false},
    [KEY_NEW_SET] = {new_set, .set = true},
    [KEY_OPEN_SET] = {open_set, .set = true},
    [KEY_REWRAP_SET] = {rewrap_set, .set = true},
    [KEY_TRY_IDENTITY] = {try_identity},
    [KEY_TRY_CODE] = {try_code},
    [KEY_TRY_TRUST] = {try_trust},
};

/* asker ROLE_ID_COUNT_: who has keyd in its own process, and all that it can do. */
static enum status give_key(struct give *give, enum role_id asker, struct problem *why)
{
    const struct key_ask *ask = give->ask;
    const struct purpose *purpose = &purposes[ask->purpose];
    if (purpose->fn == NULL)
        return problem_set(why, ST_DENIED, "no key without a purpose");
    const struct key_rule *rule = key_rule_find(asker, ask->purpose);
    if (asker != ROLE_ID_COUNT_ && (rule == NULL || rule->right != RIGHT_NONE))
        return problem_set(why, ST_DENIED, "no key of that purpose for who asks");
    if ((purpose->organisation && ask->organisation.len == 0) ||
        (purpose->meeting && ask->meeting.len == 0) || (purpose->set && ask->set.len == 0))
        return problem_set(why, ST_DENIED, "no key without naming what it belongs to");
    return purpose->fn(give, why);
}

static struct slice key_bytes(const struct secret *key)
{
    return key == NULL ? SLICE_NONE
                       : (struct slice){(const char *)secret_bytes(key), secret_len(key)};
}

void keyd_answer_key(struct keyd *keyd, enum role_id asker, const struct key_ask *ask,
                     struct arena *arena, struct key_given *out, struct secret **key)
{
    struct give give = {.keyd = keyd, .ask = ask, .arena = arena};
    struct problem why = {0};
    enum status status = give_key(&give, asker, &why);
    *key = give.key;
    *out = (struct key_given){.status = status};
    if (status != ST_OK) {
        out->problem = arena_copy(arena, slice_from(why.detail));
        return;
    }
    out->key = key_bytes(give.key);
    out->wrapped = give.wrapped.sealed.bytes;
    out->version = give.key != NULL ? secret_version(give.key) : keyd_root_version(keyd);
}

enum status keyd_give_key(struct keyd *keyd, const struct key_ask *ask, struct arena *arena,
                          struct key_given *out, struct secret **key, struct problem *why)
{
    keyd_answer_key(keyd, ROLE_ID_COUNT_, ask, arena, out, key);
    return out->status == ST_OK ? ST_OK
                                : problem_set(why, out->status, "%.*s", SLICE_ARG(out->problem));
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
