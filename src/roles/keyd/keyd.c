#include "roles/keyd/keyd.h"

#include <stdlib.h>

#include "platform/store/sealing.h"

struct keyd {
    struct secret *organisations; /* wraps organisation keys */
    struct secret *spool;         /* wraps spool keys */
    struct secret *lookup, *service;
};

struct keyd *keyd_create(struct secret **root)
{
    struct keyd *keyd = must_calloc(1, sizeof *keyd);
    keyd->organisations = secret_derive(*root, "rendez organisations", SLICE_NONE);
    keyd->spool = secret_derive(*root, "rendez spool", SLICE_NONE);
    keyd->lookup = secret_derive(*root, "rendez lookup", SLICE_NONE);
    keyd->service = secret_derive(*root, "rendez service", SLICE_NONE);
    secret_destroy(root); /* what it wraps and derives is enough */
    return keyd;
}

enum status keyd_open(const char *root_key_path, struct slice passphrase, struct keyd **out,
                      struct problem *why)
{
    AUTO_SECRET root = NULL;
    TRY(root_key_open(root_key_path, passphrase, &root, why));
    *out = keyd_create(&root);
    return ST_OK;
}

enum status keyd_create_for_replay(struct keyd **out, struct problem *why)
{
    (void)why;
    struct secret *root = secret_random(VAULT_KEY_BYTES);
    *out = keyd_create(&root);
    return ST_OK;
}

void keyd_destroy(struct keyd **keyd)
{
    if (*keyd == NULL)
        return;
    secret_destroy(&(*keyd)->organisations);
    secret_destroy(&(*keyd)->spool);
    secret_destroy(&(*keyd)->lookup);
    secret_destroy(&(*keyd)->service);
    free(*keyd);
    *keyd = NULL;
}

static struct secret *copy(const struct secret *secret)
{
    return secret_create(secret_bytes(secret), secret_len(secret));
}

enum status keyd_lookup_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = copy(keyd->lookup);
    return ST_OK;
}

enum status keyd_service_key(struct keyd *keyd, struct secret **key, struct problem *why)
{
    (void)why;
    *key = copy(keyd->service);
    return ST_OK;
}

static struct seal_place spool_place(struct slice entry)
{
    return (struct seal_place){
        .table = LIT("spool"), .column = LIT("wrapped_key"), .row = entry, .key_version = 1};
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

static enum status open_organisation(struct keyd *keyd, struct slice organisation,
                                     struct sealed wrapped, struct secret **key,
                                     struct problem *why)
{
    struct seal_place place = sealing_place(WRAPPED_ORGANISATION_KEY, organisation, organisation);
    return key_unwrap(keyd->organisations, &place, wrapped, key, why);
}

enum status keyd_new_organisation_key(struct keyd *keyd, struct slice organisation,
                                      struct arena *arena, struct sealed *wrapped,
                                      struct problem *why)
{
    struct seal_place place = sealing_place(WRAPPED_ORGANISATION_KEY, organisation, organisation);
    AUTO_SECRET key = NULL;
    return new_key(keyd->organisations, &place, arena, wrapped, &key, why);
}

enum status keyd_directory_key(struct keyd *keyd, struct slice organisation,
                               struct sealed organisation_key, struct secret **key,
                               struct problem *why)
{
    AUTO_SECRET parent = NULL;
    TRY(open_organisation(keyd, organisation, organisation_key, &parent, why));
    *key = secret_derive(parent, "rendez directory", SLICE_NONE);
    return ST_OK;
}

enum status keyd_new_meeting_key(struct keyd *keyd, struct slice organisation,
                                 struct sealed organisation_key, struct slice meeting,
                                 struct arena *arena, struct sealed *wrapped, struct secret **key,
                                 struct problem *why)
{
    struct seal_place place = sealing_place(WRAPPED_MEETING_KEY, organisation, meeting);
    AUTO_SECRET parent = NULL;
    TRY(open_organisation(keyd, organisation, organisation_key, &parent, why));
    return new_key(parent, &place, arena, wrapped, key, why);
}

enum status keyd_open_meeting_key(struct keyd *keyd, struct slice organisation,
                                  struct sealed organisation_key, struct slice meeting,
                                  struct sealed wrapped, struct secret **key, struct problem *why)
{
    struct seal_place place = sealing_place(WRAPPED_MEETING_KEY, organisation, meeting);
    AUTO_SECRET parent = NULL;
    TRY(open_organisation(keyd, organisation, organisation_key, &parent, why));
    return key_unwrap(parent, &place, wrapped, key, why);
}

enum status keyd_new_spool_key(struct keyd *keyd, struct slice entry, struct arena *arena,
                               struct sealed *wrapped, struct secret **key, struct problem *why)
{
    struct seal_place place = spool_place(entry);
    return new_key(keyd->spool, &place, arena, wrapped, key, why);
}

enum status keyd_open_spool_key(struct keyd *keyd, struct slice entry, struct sealed wrapped,
                                struct secret **key, struct problem *why)
{
    struct seal_place place = spool_place(entry);
    return key_unwrap(keyd->spool, &place, wrapped, key, why);
}
