#include "roles/keyd/keyd.h"

#include <stdlib.h>

#include "platform/store/sealing.h"

/* What one version of the root key wraps and seals. */
struct level {
    uint32_t version;
    struct secret *organisations; /* wraps organisation keys */
    struct secret *spool;         /* wraps spool keys */
    struct secret *service;
    struct secret *identity;
    struct secret *factors;
    struct secret *sets;          /* wraps keys of backup sets */
};

struct keyd {
    struct level levels[ROOT_KEYS_MAX]; /* the newest first */
    size_t count;
    struct secret *lookup;
    struct secret *assertions, *callers, *watchers; /* of the newest root key: what they sign lives for a minute */
};

static struct secret *derive(const struct root_key *root, const char *purpose)
{
    struct secret *key = secret_derive(root->key, purpose, SLICE_NONE);
    secret_set_version(key, root->version);
    return key;
}

struct keyd *keyd_create(struct root_keys *roots)
{
    struct keyd *keyd = must_calloc(1, sizeof *keyd);
    keyd->count = roots->count;
    for (size_t i = 0; i < roots->count; i++)
        keyd->levels[i] = (struct level){
            .version = roots->items[i].version,
            .organisations = derive(&roots->items[i], "rendez organisations"),
            .spool = derive(&roots->items[i], "rendez spool"),
            .service = derive(&roots->items[i], "rendez service"),
            .identity = derive(&roots->items[i], "rendez identity"),
            .factors = derive(&roots->items[i], "rendez factors"),
            .sets = derive(&roots->items[i], "rendez sets"),
        };
    keyd->lookup = root_keys_lasting(roots, "rendez lookup");
    keyd->assertions = derive(&roots->items[0], "rendez assertions");
    keyd->callers = derive(&roots->items[0], "rendez callers");
    keyd->watchers = derive(&roots->items[0], "rendez watchers");
    root_keys_destroy(roots); /* what they wrap and derive is enough */
    return keyd;
}

enum status keyd_open(const char *root_key_path, struct slice passphrase, struct keyd **out,
                      struct problem *why)
{
    AUTO_ROOT_KEYS roots = {0};
    TRY(root_keys_open(root_key_path, passphrase, &roots, why));
    *out = keyd_create(&roots);
    return ST_OK;
}

enum status keyd_create_for_replay(struct keyd **out, struct problem *why)
{
    (void)why;
    struct root_keys roots = {.items = {{1, secret_random(VAULT_KEY_BYTES)}}, .count = 1};
    *out = keyd_create(&roots);
    return ST_OK;
}

void keyd_destroy(struct keyd **keyd)
{
    if (*keyd == NULL)
        return;
    for (size_t i = 0; i < (*keyd)->count; i++) {
        secret_destroy(&(*keyd)->levels[i].organisations);
        secret_destroy(&(*keyd)->levels[i].spool);
        secret_destroy(&(*keyd)->levels[i].service);
        secret_destroy(&(*keyd)->levels[i].identity);
        secret_destroy(&(*keyd)->levels[i].factors);
        secret_destroy(&(*keyd)->levels[i].sets);
    }
    secret_destroy(&(*keyd)->lookup);
    secret_destroy(&(*keyd)->assertions);
    secret_destroy(&(*keyd)->callers);
    secret_destroy(&(*keyd)->watchers);
    free(*keyd);
    *keyd = NULL;
}

uint32_t keyd_root_version(const struct keyd *keyd)
{
    return keyd->levels[0].version;
}

/* version 0: the newest. */
static enum status find_level(const struct keyd *keyd, uint32_t version, const struct level **out,
                              struct problem *why)
{
    for (size_t i = 0; i < keyd->count; i++)
        if (version == 0 || keyd->levels[i].version == version) {
            *out = &keyd->levels[i];
            return ST_OK;
        }
    return problem_set(why, ST_DENIED, "no root key of version %u", (unsigned)version);
}

/* Of what wraps it, as its header says. */
static enum status level_of(const struct keyd *keyd, struct sealed wrapped, const struct level **out,
                            struct problem *why)
{
    uint32_t version;
    if (sealed_key_version(wrapped, &version) != ST_OK)
        return problem_set(why, ST_DENIED, "this is no wrapped key");
    return find_level(keyd, version, out, why);
}

static struct secret *copy(const struct secret *secret)
{
    struct secret *out = secret_create(secret_bytes(secret), secret_len(secret));
    secret_set_version(out, secret_version(secret));
    return out;
}

enum status keyd_log_seed(struct keyd *keyd, struct secret **seed, struct problem *why)
{
    (void)why;
    *seed = secret_derive(keyd->lookup, "rendez log", SLICE_NONE);
    return ST_OK;
}

enum status keyd_lookup_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = copy(keyd->lookup);
    return ST_OK;
}

enum status keyd_service_key(struct keyd *keyd, uint32_t version, struct secret **key,
                             struct problem *why)
{
    const struct level *level;
    TRY(find_level(keyd, version, &level, why));
    *key = copy(level->service);
    return ST_OK;
}

static struct seal_place spool_place(struct slice entry)
{
    return (struct seal_place){
        .table = LIT("spool"), .column = LIT("wrapped_key"), .row = entry};
}

/* A random key and its wrapped form. */
static enum status new_key(const struct secret *parent, const struct seal_place *place,
                           struct arena *arena, struct sealed *wrapped, struct secret **key,
                           struct problem *why)
{
    AUTO_SECRET fresh = secret_random(VAULT_KEY_BYTES);
    TRY(key_wrap(parent, place, fresh, arena, wrapped, why));
    *key = fresh;
    fresh = NULL;
    return ST_OK;
}

enum { PLACE_BYTES_MAX = 16 * 1024 };

static enum status open_organisation(struct keyd *keyd, struct slice organisation,
                                     struct wrapped_key wrapped, struct secret **key,
                                     struct problem *why)
{
    const struct level *level;
    AUTO_ARENA arena = arena_create(PLACE_BYTES_MAX);
    struct seal_place place = sealing_key_place(WRAPPED_ORGANISATION_KEY, organisation, organisation,
                                                wrapped.version, arena);
    TRY(level_of(keyd, wrapped.sealed, &level, why));
    TRY(key_unwrap(level->organisations, &place, wrapped.sealed, key, why));
    secret_set_version(*key, wrapped.version);
    return ST_OK;
}

static enum status open_meeting(const struct secret *parent, struct slice organisation,
                                struct slice meeting, struct wrapped_key wrapped,
                                struct secret **key, struct problem *why)
{
    AUTO_ARENA arena = arena_create(PLACE_BYTES_MAX);
    struct seal_place place =
        sealing_key_place(WRAPPED_MEETING_KEY, organisation, meeting, wrapped.version, arena);
    TRY(key_unwrap(parent, &place, wrapped.sealed, key, why));
    secret_set_version(*key, wrapped.version);
    return ST_OK;
}

enum status keyd_new_organisation_key(struct keyd *keyd, struct slice organisation,
                                      uint32_t version, struct arena *arena,
                                      struct wrapped_key *wrapped, struct problem *why)
{
    struct seal_place place =
        sealing_key_place(WRAPPED_ORGANISATION_KEY, organisation, organisation, version, arena);
    AUTO_SECRET key = NULL;
    wrapped->version = version;
    return new_key(keyd->levels[0].organisations, &place, arena, &wrapped->sealed, &key, why);
}

enum status keyd_directory_key(struct keyd *keyd, struct slice organisation,
                               struct wrapped_key organisation_key, struct secret **key,
                               struct problem *why)
{
    AUTO_SECRET parent = NULL;
    TRY(open_organisation(keyd, organisation, organisation_key, &parent, why));
    *key = secret_derive(parent, "rendez directory", SLICE_NONE);
    secret_set_version(*key, secret_version(parent));
    return ST_OK;
}

enum status keyd_identity_key(struct keyd *keyd, struct slice organisation,
                              struct wrapped_key organisation_key, struct secret **key,
                              struct problem *why)
{
    AUTO_SECRET parent = NULL;
    TRY(open_organisation(keyd, organisation, organisation_key, &parent, why));
    *key = secret_derive(parent, "rendez identity", SLICE_NONE);
    secret_set_version(*key, secret_version(parent));
    return ST_OK;
}

enum status keyd_identity_service_key(struct keyd *keyd, uint32_t version, struct secret **key,
                                      struct problem *why)
{
    const struct level *level;
    TRY(find_level(keyd, version, &level, why));
    *key = copy(level->identity);
    return ST_OK;
}

enum status keyd_identity_lookup_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = secret_derive(keyd->lookup, "rendez identity", SLICE_NONE);
    return ST_OK;
}

enum status keyd_trust_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = secret_derive(keyd->lookup, "rendez trust", SLICE_NONE);
    return ST_OK;
}

enum status keyd_openings_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = secret_derive(keyd->lookup, "rendez openings", SLICE_NONE);
    return ST_OK;
}

enum status keyd_factor_key(struct keyd *keyd, struct slice organisation,
                            struct wrapped_key organisation_key, uint32_t version,
                            struct secret **key, struct problem *why)
{
    AUTO_SECRET parent = NULL;
    const struct level *level;
    if (organisation.len == 0) {
        TRY(find_level(keyd, version, &level, why));
        *key = copy(level->factors);
        return ST_OK;
    }
    TRY(open_organisation(keyd, organisation, organisation_key, &parent, why));
    *key = secret_derive(parent, "rendez factors", SLICE_NONE);
    secret_set_version(*key, organisation_key.version);
    return ST_OK;
}

struct seal_place keyd_factor_place(struct slice organisation, struct slice factor)
{
    return (struct seal_place){
        .organisation = organisation, .table = LIT("factor"), .column = LIT("secret"), .row = factor};
}

enum status keyd_assertion_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = copy(keyd->assertions);
    return ST_OK;
}

enum status keyd_caller_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = copy(keyd->callers);
    return ST_OK;
}

enum status keyd_watcher_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = copy(keyd->watchers);
    return ST_OK;
}

enum status keyd_new_meeting_key(struct keyd *keyd, struct slice organisation,
                                 struct wrapped_key organisation_key, struct slice meeting,
                                 uint32_t version, struct arena *arena,
                                 struct wrapped_key *wrapped, struct secret **key,
                                 struct problem *why)
{
    struct seal_place place =
        sealing_key_place(WRAPPED_MEETING_KEY, organisation, meeting, version, arena);
    AUTO_SECRET parent = NULL;
    TRY(open_organisation(keyd, organisation, organisation_key, &parent, why));
    wrapped->version = version;
    TRY(new_key(parent, &place, arena, &wrapped->sealed, key, why));
    secret_set_version(*key, version);
    return ST_OK;
}

enum status keyd_open_meeting_key(struct keyd *keyd, struct slice organisation,
                                  struct wrapped_key organisation_key, struct slice meeting,
                                  struct wrapped_key wrapped, struct secret **key,
                                  struct problem *why)
{
    AUTO_SECRET parent = NULL;
    TRY(open_organisation(keyd, organisation, organisation_key, &parent, why));
    return open_meeting(parent, organisation, meeting, wrapped, key, why);
}

enum status keyd_rewrap_organisation_key(struct keyd *keyd, struct slice organisation,
                                         struct wrapped_key wrapped, struct arena *arena,
                                         struct wrapped_key *out, struct problem *why)
{
    AUTO_SECRET key = NULL;
    struct seal_place place = sealing_key_place(WRAPPED_ORGANISATION_KEY, organisation, organisation,
                                                wrapped.version, arena);
    TRY(open_organisation(keyd, organisation, wrapped, &key, why));
    out->version = wrapped.version;
    return key_wrap(keyd->levels[0].organisations, &place, key, arena, &out->sealed, why);
}

enum status keyd_rewrap_meeting_key(struct keyd *keyd, struct slice organisation,
                                    struct wrapped_key from, struct wrapped_key to,
                                    struct slice meeting, struct wrapped_key wrapped,
                                    struct arena *arena, struct wrapped_key *out,
                                    struct problem *why)
{
    AUTO_SECRET before = NULL;
    AUTO_SECRET after = NULL;
    AUTO_SECRET key = NULL;
    struct seal_place place =
        sealing_key_place(WRAPPED_MEETING_KEY, organisation, meeting, wrapped.version, arena);
    TRY(open_organisation(keyd, organisation, from, &before, why));
    TRY(open_organisation(keyd, organisation, to, &after, why));
    TRY(open_meeting(before, organisation, meeting, wrapped, &key, why));
    out->version = wrapped.version;
    return key_wrap(after, &place, key, arena, &out->sealed, why);
}

enum status keyd_new_spool_key(struct keyd *keyd, struct slice entry, struct arena *arena,
                               struct sealed *wrapped, struct secret **key, struct problem *why)
{
    struct seal_place place = spool_place(entry);
    return new_key(keyd->levels[0].spool, &place, arena, wrapped, key, why);
}

enum status keyd_open_spool_key(struct keyd *keyd, struct slice entry, struct sealed wrapped,
                                struct secret **key, struct problem *why)
{
    struct seal_place place = spool_place(entry);
    const struct level *level;
    TRY(level_of(keyd, wrapped, &level, why));
    return key_unwrap(level->spool, &place, wrapped, key, why);
}

static struct seal_place set_place(struct slice set)
{
    return (struct seal_place){.table = LIT("set_key"), .column = LIT("wrapped"), .row = set};
}

enum status keyd_new_set_key(struct keyd *keyd, struct slice set, struct arena *arena,
                             struct sealed *wrapped, struct secret **key, struct problem *why)
{
    struct seal_place place = set_place(set);
    return new_key(keyd->levels[0].sets, &place, arena, wrapped, key, why);
}

enum status keyd_open_set_key(struct keyd *keyd, struct slice set, struct sealed wrapped,
                              struct secret **key, struct problem *why)
{
    struct seal_place place = set_place(set);
    const struct level *level;
    TRY(level_of(keyd, wrapped, &level, why));
    return key_unwrap(level->sets, &place, wrapped, key, why);
}

enum status keyd_rewrap_set_key(struct keyd *keyd, struct slice set, struct sealed wrapped,
                                struct arena *arena, struct sealed *out, struct problem *why)
{
    AUTO_SECRET key = NULL;
    struct seal_place place = set_place(set);
    TRY(keyd_open_set_key(keyd, set, wrapped, &key, why));
    return key_wrap(keyd->levels[0].sets, &place, key, arena, out, why);
}
