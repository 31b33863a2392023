/* Keys, digests, sealed columns, the log. */
#include <stdarg.h>
#include <stdio.h>

#include "platform/identity/organisations.h"
#include "platform/store/sealing.h"
#include "roles/authd/internal.h"

enum status ask_for_key(const struct authd_ports *ports, const struct key_ask *ask,
                        struct secret **key, struct problem *why)
{
    AUTO_ARENA scratch = arena_create_wiped(64 * 1024);
    struct key_given given;
    TRY(ports->key(ports->self, ask, scratch, &given, key, why));
    if (*key == NULL)
        return problem_set(why, ST_UNAVAILABLE, "keyd gave no key");
    secret_set_version(*key, given.version);
    return ST_OK;
}

static struct organisation *find_known(struct authd *authd, struct slice id)
{
    for (size_t i = 0; i < authd->organisations.count; i++)
        if (slice_equal(authd->organisations.items[i]->id, id))
            return authd->organisations.items[i];
    return NULL;
}

/* Kept for the life of the process, their state until somebody else writes (authd_turn). */
enum { ORGANISATIONS_MAX = 10000 };

static enum status meet_organisation(struct authd *authd,
                                     const struct identity_organisation *stored,
                                     struct organisation **out, struct problem *why)
{
    if (authd->organisations.count == ORGANISATIONS_MAX)
        return problem_set(why, ST_LIMIT, "too many organisations for one process");
    struct organisation *organisation = ARENA_NEW(authd->arena, struct organisation);
    *organisation = (struct organisation){.id = arena_copy(authd->arena, stored->id),
                                          .kind = arena_copy(authd->arena, stored->kind),
                                          .active = slice_equal(stored->state, LIT("active"))};
    ARENA_PUSH(authd->arena, &authd->organisations, organisation);
    *out = organisation;
    return ST_OK;
}

enum status get_organisation(struct authd *authd, struct slice id, struct organisation **out,
                             struct problem *why)
{
    AUTO_ARENA scratch = arena_create(64 * 1024);
    struct identity_organisation stored;
    *out = find_known(authd, id);
    if (*out != NULL)
        return ST_OK;
    TRY(identity_load_organisation(authd->identity, id, scratch, &stored, why));
    return meet_organisation(authd, &stored, out, why);
}

enum status refresh_organisations(struct authd *authd, struct problem *why)
{
    for (size_t i = 0; i < authd->organisations.count; i++) {
        AUTO_ARENA scratch = arena_create(64 * 1024);
        struct organisation *known = authd->organisations.items[i];
        struct identity_organisation stored;
        enum status status = identity_load_organisation(authd->identity, known->id, scratch, &stored, why);
        bool gone = status == ST_NOT_FOUND; /* it was made in a step that was undone */
        if (status != ST_OK && !gone)
            return status;
        known->active = !gone && slice_equal(stored.state, LIT("active"));
        if (known->key != NULL && (gone || secret_version(known->key) != stored.key.version))
            secret_destroy(&known->key);
    }
    return ST_OK;
}

static enum status ask_identity_key(struct authd *authd, struct slice organisation,
                                    const struct wrapped_key *wrapped, struct secret **key,
                                    struct problem *why)
{
    struct key_ask ask = {.purpose = KEY_FOR_IDENTITY,
                          .organisation = organisation,
                          .organisation_key = wrapped->sealed.bytes,
                          .organisation_version = wrapped->version};
    return ask_for_key(&authd->ports, &ask, key, why);
}

/* The key file is asked each time: another process may have rotated or destroyed it. */
enum status get_sealing_key(struct authd *authd, struct organisation *organisation,
                            const struct secret **key, struct problem *why)
{
    AUTO_ARENA scratch = arena_create(64 * 1024);
    AUTO_SECRET newest = NULL;
    struct wrapped_key wrapped;
    TRY(identity_load_key(authd->identity, organisation->id, 0, scratch, &wrapped, why));
    if (organisation->key == NULL || secret_version(organisation->key) != wrapped.version) {
        TRY(ask_identity_key(authd, organisation->id, &wrapped, &newest, why));
        secret_destroy(&organisation->key);
        organisation->key = newest;
        newest = NULL;
    }
    *key = organisation->key;
    return ST_OK;
}

enum status get_identity_key(struct authd *authd, struct organisation *organisation,
                             struct sealed sealed, struct secret **older, const struct secret **key,
                             struct problem *why)
{
    AUTO_ARENA scratch = arena_create(64 * 1024);
    struct wrapped_key wrapped;
    uint32_t version;
    if (sealed_key_version(sealed, &version) != ST_OK)
        return problem_set(why, ST_DENIED, "this is no sealed value");
    if (organisation->key == NULL)
        TRY(get_sealing_key(authd, organisation, key, why));
    *key = organisation->key;
    if (version == secret_version(organisation->key))
        return ST_OK;
    TRY(identity_load_key(authd->identity, organisation->id, version, scratch, &wrapped, why));
    TRY(ask_identity_key(authd, organisation->id, &wrapped, older, why));
    *key = *older;
    return ST_OK;
}

enum status name_code_key(struct authd *authd, struct slice organisation, struct sealed secret,
                          struct arena *arena, struct code_ask *ask, struct problem *why)
{
    struct wrapped_key key;
    TRY(identity_fill_key(authd->identity, organisation, keyfile_version_of(secret), arena, &key, why));
    ask->organisation = organisation;
    ask->organisation_key = key.sealed.bytes;
    ask->organisation_version = key.version;
    return ST_OK;
}

struct slice hash_of(const struct authd *authd, const char *kind, struct slice value,
                     struct arena *arena)
{
    if (value.len == 0)
        return SLICE_NONE;
    AUTO_ARENA scratch = arena_create_wiped(value.len + 4096);
    struct slice text = arena_format(scratch, "%s:%.*s", kind, SLICE_ARG(value));
    return vault_lookup_hash(authd->lookup_key, text, arena);
}

struct slice hash_address(const struct authd *authd, struct slice address, struct arena *arena)
{
    AUTO_ARENA scratch = arena_create_wiped(address.len + 4096);
    return hash_of(authd, "address", arena_lower(scratch, slice_trim(address)), arena);
}

struct slice digest_of(struct slice value, struct arena *arena)
{
    unsigned char *digest = arena_alloc(arena, DIGEST_BYTES);
    vault_sha256(value, digest);
    return (struct slice){(char *)digest, DIGEST_BYTES};
}

struct slice new_token(const char *prefix, struct arena *arena, struct slice *digest)
{
    AUTO_BUFFER text = buffer_create(256);
    unsigned char random[TOKEN_RANDOM_BYTES];
    vault_random(random, sizeof random);
    buffer_add_text(&text, prefix);
    base64url_encode((struct slice){(char *)random, sizeof random}, &text);
    struct slice token = arena_copy(arena, buffer_slice(&text));
    *digest = digest_of(token, arena);
    return token;
}

enum status seal_row(struct authd *authd, struct organisation *organisation,
                     enum identity_column column, struct slice row, const struct record_type *type,
                     const void *object, struct arena *arena, struct sealed *out,
                     struct problem *why)
{
    struct seal_place place =
        identity_place(column, organisation == NULL ? SLICE_NONE : organisation->id, row);
    const struct secret *key = authd->service_key;
    if (organisation != NULL)
        TRY(get_sealing_key(authd, organisation, &key, why));
    return sealing_seal(key, &place, type, object, arena, out, why);
}

enum status get_service_key(struct authd *authd, struct sealed sealed, struct secret **older,
                            const struct secret **key, struct problem *why)
{
    struct key_ask ask = {.purpose = KEY_FOR_IDENTITY};
    *key = authd->service_key;
    if (sealed_key_version(sealed, &ask.version) != ST_OK)
        return problem_set(why, ST_DENIED, "this is no sealed value");
    if (ask.version == secret_version(authd->service_key))
        return ST_OK;
    TRY(ask_for_key(&authd->ports, &ask, older, why));
    *key = *older;
    return ST_OK;
}

enum status open_row(struct authd *authd, struct organisation *organisation,
                     enum identity_column column, struct slice row, struct sealed sealed,
                     const struct record_type *type, struct arena *arena, void *object,
                     struct problem *why)
{
    struct seal_place place =
        identity_place(column, organisation == NULL ? SLICE_NONE : organisation->id, row);
    const struct secret *key;
    AUTO_SECRET older = NULL;
    if (organisation == NULL)
        TRY(get_service_key(authd, sealed, &older, &key, why));
    else
        TRY(get_identity_key(authd, organisation, sealed, &older, &key, why));
    return sealing_open(key, &place, sealed, type, arena, object, why);
}

enum status open_account(struct authd *authd, const struct account *account, struct arena *arena,
                         struct account_details *out, struct problem *why)
{
    struct organisation *organisation;
    TRY(get_organisation(authd, account->organisation, &organisation, why));
    return open_row(authd, organisation, IDENTITY_ACCOUNT, account->id, account->details,
                    &account_details_record, arena, out, why);
}

json_t *instant_json(struct instant at, struct arena *arena)
{
    return at.us == 0 ? json_null() : json_from_text(instant_format(at, zone_utc(), arena));
}

enum status note(struct call *call, const char *kind, const char *format, ...)
{
    char ids[256];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(ids, sizeof ids, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof ids)
        return problem_set(&call->why, ST_LIMIT, "too long for the log");
    return identity_append_log(call->authd->identity, call->now, slice_from(kind), slice_from(ids),
                               &call->why);
}
