/* Keys are rotated: the root key, under which keys of organisations and rows of no organisation are wrapped
 * or sealed anew; an organisation's own key, which is there in two versions until nothing is under the older
 * one. Some rows a transaction; what is to be done follows from what is stored. (doc/storage.md, "Rotation".) */
#include "platform/identity/organisations.h"
#include "platform/identity/rotation.h"
#include "roles/authd/internal.h"

enum { ROWS_AT_ONCE = 50, FAILED_US = 10 * 1000000 };

static enum status ask_wrapped(struct call *call, const struct key_ask *ask, struct sealed *out)
{
    struct authd *authd = call->authd;
    struct key_given given;
    AUTO_SECRET none = NULL;
    TRY(authd->ports.key(authd->ports.self, ask, call->arena, &given, &none, &call->why));
    out->bytes = given.wrapped;
    return ST_OK;
}

/* The root key */

static enum status wrap_anew(struct call *call, const struct rooted_row *row, struct sealed *out)
{
    struct key_ask ask = {.purpose = KEY_REWRAP_ORGANISATION,
                          .organisation = row->id,
                          .organisation_key = row->sealed.bytes,
                          .organisation_version = row->key_version};
    return ask_wrapped(call, &ask, out);
}

/* The same plaintext in the same place. */
static enum status seal_anew(struct call *call, enum rooted_kind kind, const struct rooted_row *row,
                             struct sealed *out)
{
    struct seal_place place = identity_rooted_place(kind, row, call->arena);
    const struct secret *key;
    AUTO_SECRET older = NULL;
    struct slice plain;
    TRY(get_service_key(call->authd, row->sealed, &older, &key, &call->why));
    TRY(vault_open(key, &place, row->sealed, call->arena, &plain, &call->why));
    return vault_seal(call->authd->service_key, &place, plain, call->arena, out, &call->why);
}

static enum status renew(struct call *call, enum rooted_kind kind, const struct rooted_row *row)
{
    struct sealed after;
    TRY(kind == ROOTED_ORGANISATION ? wrap_anew(call, row, &after)
                                    : seal_anew(call, kind, row, &after));
    return identity_replace_rooted(call->authd->identity, kind, row, after, &call->why);
}

struct rotation {
    struct slice organisation; /* of authd_rotate_organisation */
    uint32_t done;             /* rows, in this step */
    uint32_t left;
};

static enum status renew_root(struct call *call, uint32_t root)
{
    struct rotation *rotation = call->own;
    struct identity *identity = call->authd->identity;
    uint32_t before = rotation->done, left;
    for (int kind = 0; kind < ROOTED_KIND_COUNT_; kind++) {
        struct rooted_list rows;
        TRY(identity_list_rooted(identity, kind, root, ROWS_AT_ONCE - rotation->done, call->arena,
                                 &rows, &call->why));
        for (size_t i = 0; i < rows.count; i++)
            TRY(renew(call, kind, &rows.items[i]));
        rotation->done += (uint32_t)rows.count;
    }
    TRY(identity_count_rooted(identity, root, &left, &call->why));
    if (rotation->done == before || left > 0) /* the log has it with the last of them */
        return ST_OK;
    event_log(EVENT_KEY_ROTATED, field_text(KEY_LEVEL, "identity"));
    return note(call, "key.version.rotated", "level=identity version=%u", (unsigned)root);
}

/* An organisation's key */

static enum status reseal(struct call *call, struct organisation *organisation, enum owned_kind kind,
                          const struct rooted_row *row, struct sealed *out)
{
    struct seal_place place = identity_owned_place(kind, organisation->id, row);
    const struct secret *from, *to;
    AUTO_SECRET older = NULL;
    struct slice plain;
    TRY(get_sealing_key(call->authd, organisation, &to, &call->why));
    TRY(get_identity_key(call->authd, organisation, row->sealed, &older, &from, &call->why));
    TRY(vault_open(from, &place, row->sealed, call->arena, &plain, &call->why));
    return vault_seal(to, &place, plain, call->arena, out, &call->why);
}

/* keyd's own key seals it, so keyd does it. */
static enum status rewrap_code(struct call *call, struct slice organisation, const struct rooted_row *row,
                               struct sealed *out)
{
    struct code_ask ask = {.act = CODE_REWRAP, .factor = row->id, .sealed = row->sealed.bytes};
    struct wrapped_key next;
    struct code_given given;
    TRY(name_code_key(call->authd, organisation, row->sealed, call->arena, &ask, &call->why));
    TRY(identity_load_key(call->authd->identity, organisation, 0, call->arena, &next, &call->why));
    ask.next_key = next.sealed.bytes;
    ask.next_version = next.version;
    TRY(call->authd->ports.code(call->authd->ports.self, &ask, call->arena, &given, &call->why));
    out->bytes = given.sealed;
    return given.status == ST_OK
               ? ST_OK
               : problem_set(&call->why, given.status, "keyd: %.*s", SLICE_ARG(given.problem));
}

static enum status reseal_some(struct call *call, struct organisation *organisation, uint32_t newest)
{
    struct rotation *rotation = call->own;
    struct identity *identity = call->authd->identity;
    for (int kind = 0; kind < OWNED_KIND_COUNT_ && rotation->done < ROWS_AT_ONCE; kind++) {
        struct rooted_list rows;
        TRY(identity_list_owned_rows(identity, kind, organisation->id, newest, ROWS_AT_ONCE - rotation->done,
                                     call->arena, &rows, &call->why));
        for (size_t i = 0; i < rows.count; i++) {
            struct sealed after;
            TRY(kind == OWNED_FACTOR_SECRET
                    ? rewrap_code(call, organisation->id, &rows.items[i], &after)
                    : reseal(call, organisation, kind, &rows.items[i], &after));
            TRY(identity_replace_owned(identity, kind, &rows.items[i], after, &call->why));
        }
        rotation->done += (uint32_t)rows.count;
    }
    return ST_OK;
}

/* The older versions go in a transaction that has changed nothing: were it undone, what it had sealed
 * anew would be under them again. */
static enum status renew_organisation(struct call *call, const struct key_aged *aged)
{
    struct rotation *rotation = call->own;
    struct identity *identity = call->authd->identity;
    struct organisation *organisation;
    uint32_t left;
    TRY(get_organisation(call->authd, aged->id, &organisation, &call->why));
    TRY(reseal_some(call, organisation, aged->newest));
    TRY(identity_count_owned_rows(identity, aged->id, aged->newest, &left, &call->why));
    rotation->left += left;
    if (left > 0 || rotation->done > 0) {
        rotation->left++; /* the old key */
        return ST_OK;
    }
    TRY(identity_end_old_keys(identity, aged->id, aged->newest, &call->why));
    event_log(EVENT_KEY_ROTATED, field_text(KEY_LEVEL, "identity"), field_id(KEY_ORGANISATION, aged->id));
    return note(call, "key.version.rotated", "level=identity organisation=%.*s version=%u", SLICE_ARG(aged->id),
                (unsigned)aged->newest);
}

static enum status renew_organisations(struct call *call)
{
    struct key_aged_list aged;
    TRY(identity_list_aged(call->authd->identity, call->arena, &aged, &call->why));
    for (size_t i = 0; i < aged.count; i++)
        TRY(renew_organisation(call, &aged.items[i]));
    return ST_OK;
}

/* Keys of what was erased go first: none of them is wrapped anew, or put back. */
static enum status rotate_some(struct call *call)
{
    struct rotation *rotation = call->own;
    struct identity *identity = call->authd->identity;
    uint32_t root = secret_version(call->authd->service_key), left;
    TRY(identity_end_keys(identity, &call->why));
    TRY(renew_root(call, root));
    TRY(renew_organisations(call));
    TRY(identity_count_rooted(identity, root, &left, &call->why));
    rotation->left += left;
    return ST_OK;
}

enum status authd_rotation_left(struct authd *authd, uint32_t *left, struct problem *why)
{
    return identity_count_rooted(authd->identity, secret_version(authd->service_key), left, why);
}

enum status authd_rotate_some(struct authd *authd, struct instant now, uint32_t *left,
                              struct problem *why)
{
    struct rotation rotation = {0};
    TRY(run_alone(authd, rotate_some, &rotation, now, why));
    *left = rotation.left;
    return ST_OK;
}

/* The next version is on disk before anything is under it. */
static enum status begin_rotation(struct call *call)
{
    const struct rotation *rotation = call->own;
    struct identity *identity = call->authd->identity;
    struct slice id = rotation->organisation;
    struct wrapped_key newest, next;
    struct key_aged_list aged;
    TRY(identity_end_keys(identity, &call->why));
    TRY(identity_load_key(identity, id, 0, call->arena, &newest, &call->why));
    TRY(identity_list_aged(identity, call->arena, &aged, &call->why));
    for (size_t i = 0; i < aged.count; i++)
        if (slice_equal(aged.items[i].id, id))
            return ST_OK; /* one is under way: it goes on */
    struct key_ask ask = {.purpose = KEY_NEW_ORGANISATION, .organisation = id, .version = newest.version + 1};
    next.version = ask.version;
    TRY(ask_wrapped(call, &ask, &next.sealed));
    TRY(identity_put_key(identity, id, &next, &call->why));
    return note(call, "key.version.begun", "level=identity organisation=%.*s version=%u", SLICE_ARG(id),
                (unsigned)next.version);
}

enum status authd_rotate_organisation(struct authd *authd, struct slice id, struct instant now,
                                      struct problem *why)
{
    struct rotation rotation = {.organisation = id};
    TRY(run_alone(authd, begin_rotation, &rotation, now, why));
    authd->rotated = false;
    return ST_OK;
}

enum status authd_organisation_left(struct authd *authd, struct slice id, uint32_t *left,
                                    struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct key_aged_list aged;
    TRY(identity_list_aged(authd->identity, arena, &aged, why));
    *left = 0;
    for (size_t i = 0; i < aged.count; i++) {
        if (!slice_equal(aged.items[i].id, id))
            continue;
        TRY(identity_count_owned_rows(authd->identity, id, aged.items[i].newest, left, why));
        ++*left; /* the old key */
    }
    return ST_OK;
}

bool rotate_when_due(struct authd *authd, struct instant now)
{
    uint32_t left = 0;
    struct problem why;
    bool waits = authd->rotation_failed.us != 0 && now.us - authd->rotation_failed.us < FAILED_US;
    if (authd->rotated || waits)
        return false;
    if (authd_rotate_some(authd, now, &left, &why) != ST_OK) {
        authd->rotation_failed = now;
        event_log(EVENT_KEY_ROTATION_FAILED, field_problem(&why));
        return false;
    }
    authd->rotation_failed.us = 0;
    authd->rotated = left == 0;
    return left > 0;
}
