/* The root key is rotated: keys of organisations are wrapped anew, rows of no organisation sealed anew,
 * some a transaction. What is to be done follows from what is stored. (doc/storage.md, "Rotation".) */
#include "platform/identity/rotation.h"
#include "roles/authd/internal.h"

enum { ROWS_AT_ONCE = 50, FAILED_US = 10 * 1000000 };

static enum status wrap_anew(struct call *call, const struct rooted_row *row, struct sealed *out)
{
    struct authd *authd = call->authd;
    struct key_ask ask = {.purpose = KEY_REWRAP_ORGANISATION,
                          .organisation = row->id,
                          .organisation_key = row->sealed.bytes,
                          .organisation_version = row->key_version};
    struct key_given given;
    AUTO_SECRET none = NULL;
    TRY(authd->ports.key(authd->ports.self, &ask, call->arena, &given, &none, &call->why));
    out->bytes = given.wrapped;
    return ST_OK;
}

/* The same plaintext in the same place. */
static enum status seal_anew(struct call *call, enum rooted_kind kind, const struct rooted_row *row,
                             struct sealed *out)
{
    static const enum identity_column columns[ROOTED_KIND_COUNT_] = {
        [ROOTED_AUTHORITY] = IDENTITY_AUTHORITY,
        [ROOTED_ERRAND] = IDENTITY_ERRAND,
        [ROOTED_FLOW] = IDENTITY_FLOW,
    };
    struct slice name = kind == ROOTED_FLOW ? flow_row(row->id, call->arena) : row->id;
    struct seal_place place = identity_place(columns[kind], SLICE_NONE, name);
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
    uint32_t done, left;
};

/* The log has it with the last of them. */
static enum status rotate_some(struct call *call)
{
    struct rotation *rotation = call->own;
    struct identity *identity = call->authd->identity;
    uint32_t root = secret_version(call->authd->service_key);
    for (int kind = 0; kind < ROOTED_KIND_COUNT_; kind++) {
        struct rooted_list rows;
        TRY(identity_list_rooted(identity, kind, root, ROWS_AT_ONCE - rotation->done, call->arena,
                                 &rows, &call->why));
        for (size_t i = 0; i < rows.count; i++)
            TRY(renew(call, kind, &rows.items[i]));
        rotation->done += (uint32_t)rows.count;
    }
    TRY(identity_count_rooted(identity, root, &rotation->left, &call->why));
    if (rotation->done == 0 || rotation->left > 0)
        return ST_OK;
    return note(call, "key.version.rotated", "level=identity version=%u", (unsigned)root);
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
    if (rotation.done > 0 && rotation.left == 0)
        event_log(EVENT_KEY_ROTATED, field_text(KEY_LEVEL, "identity"));
    return ST_OK;
}

bool rotate_when_due(struct authd *authd, struct instant now)
{
    uint32_t left = 0;
    struct problem why;
    bool waits = authd->rotation_failed.us != 0 && now.us - authd->rotation_failed.us < FAILED_US;
    if (authd->rotated || waits)
        return false;
    /* Before the first version there was none. */
    if (secret_version(authd->service_key) > 1 &&
        authd_rotate_some(authd, now, &left, &why) != ST_OK) {
        authd->rotation_failed = now;
        event_log(EVENT_KEY_ROTATION_FAILED, field_problem(&why));
        return false;
    }
    authd->rotation_failed.us = 0;
    authd->rotated = left == 0;
    return left > 0;
}
