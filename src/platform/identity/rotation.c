#include "platform/identity/rotation.h"

#include "platform/identity/organisations.h"
#include "platform/identity/places.h"
#include "platform/identity/tables.h"

ROW_TYPE(named_row, rooted_row, TEXT(rooted_row, id), NUMBER(rooted_row, key_version),
         SEALED(rooted_row, sealed));
ROW_TYPE(digest_row, rooted_row, HASH(rooted_row, id), NUMBER(rooted_row, key_version),
         SEALED(rooted_row, sealed));
ROW_TYPE(owned_row, rooted_row, TEXT(rooted_row, id), SEALED(rooted_row, sealed));

/* Keys of organisations are in the key file. */
static const struct {
    enum query list, count, replace;
    const struct row_type *type;
    struct sql_value (*arg)(struct slice id);
} kinds[ROOTED_KIND_COUNT_] = {
    [ROOTED_AUTHORITY] = {QUERY_ROOTED_AUTHORITIES, QUERY_ROOTED_AUTHORITY_COUNT,
                          QUERY_ROOTED_AUTHORITY_REPLACE, &named_row, arg_text},
    [ROOTED_ERRAND] = {QUERY_ROOTED_ERRANDS, QUERY_ROOTED_ERRAND_COUNT,
                       QUERY_ROOTED_ERRAND_REPLACE, &named_row, arg_text},
    [ROOTED_FLOW] = {QUERY_ROOTED_FLOWS, QUERY_ROOTED_FLOW_COUNT, QUERY_ROOTED_FLOW_REPLACE,
                     &digest_row, arg_hash},
};

static enum status list_keys(struct identity *identity, uint32_t below, uint32_t limit,
                             struct arena *arena, struct rooted_list *out, struct problem *why)
{
    struct key_range range = {.kind = KEY_OF_ORGANISATION, .parent_below = below};
    struct stored_key_list keys;
    TRY(keyfile_list(&identity->keys, &range, limit, arena, &keys, why));
    *out = (struct rooted_list){0};
    for (size_t i = 0; i < keys.count; i++)
        ARENA_PUSH(arena, out, ((struct rooted_row){keys.items[i].id, keys.items[i].key.version,
                                                    keys.items[i].key.sealed}));
    return ST_OK;
}

enum status identity_list_rooted(struct identity *identity, enum rooted_kind kind, uint32_t below,
                                 uint32_t limit, struct arena *arena, struct rooted_list *out,
                                 struct problem *why)
{
    struct version_bytes version = version_bytes(below);
    if (kind == ROOTED_ORGANISATION)
        return list_keys(identity, below, limit, arena, out, why);
    ROWS_LIST(&identity->db, kinds[kind].list, ARGS(arg_version(&version), arg_number(limit)),
              kinds[kind].type, arena, out, why);
    return ST_OK;
}

enum status identity_count_rooted(struct identity *identity, uint32_t below, uint32_t *count,
                                  struct problem *why)
{
    struct version_bytes version = version_bytes(below);
    struct key_range range = {.kind = KEY_OF_ORGANISATION, .parent_below = below};
    uint32_t sum;
    TRY(keyfile_count(&identity->keys, &range, &sum, why));
    for (int kind = ROOTED_ORGANISATION + 1; kind < ROOTED_KIND_COUNT_; kind++) {
        uint32_t some;
        TRY(read_count(identity, kinds[kind].count, ARGS(arg_version(&version)), &some, why));
        sum += some;
    }
    *count = sum;
    return ST_OK;
}

static enum status replace_key(struct identity *identity, const struct rooted_row *row,
                               struct sealed after, struct problem *why)
{
    AUTO_ARENA arena = arena_create(64 * 1024);
    struct wrapped_key now, next = {after, row->key_version};
    TRY(identity_load_key(identity, row->id, row->key_version, arena, &now, why));
    if (!slice_equal(now.sealed.bytes, row->sealed.bytes))
        return problem_set(why, ST_CONFLICT, "it was wrapped anew meanwhile");
    return identity_put_key(identity, row->id, &next, why);
}

enum status identity_replace_rooted(struct identity *identity, enum rooted_kind kind,
                                    const struct rooted_row *row, struct sealed after,
                                    struct problem *why)
{
    if (kind == ROOTED_ORGANISATION)
        return replace_key(identity, row, after, why);
    return change_one(identity, kinds[kind].replace,
                      ARGS(kinds[kind].arg(row->id), arg_sealed(row->sealed), arg_sealed(after)),
                      ST_CONFLICT, "it was sealed anew meanwhile", why);
}

struct seal_place identity_rooted_place(enum rooted_kind kind, const struct rooted_row *row, struct arena *arena)
{
    static const enum identity_column columns[ROOTED_KIND_COUNT_] = {
        [ROOTED_AUTHORITY] = IDENTITY_AUTHORITY,
        [ROOTED_ERRAND] = IDENTITY_ERRAND,
        [ROOTED_FLOW] = IDENTITY_FLOW,
    };
    struct slice name = kind == ROOTED_FLOW ? identity_flow_row(row->id, arena) : row->id;
    return identity_place(columns[kind], SLICE_NONE, name);
}

/* Of an organisation */

static const struct {
    enum query list, count, replace;
} owned[OWNED_KIND_COUNT_] = {
#define OWNED(kind) [OWNED_##kind] = {QUERY_OWNED_##kind##_LIST, QUERY_OWNED_##kind##_COUNT, QUERY_OWNED_##kind##_REPLACE}
    OWNED(ACCOUNT), OWNED(FACTOR),      OWNED(FACTOR_SECRET), OWNED(SESSION), OWNED(TOKEN),
    OWNED(GRANT),   OWNED(REVIEW_ITEM), OWNED(PROVIDER),      OWNED(GROUP),
#undef OWNED
};

enum status identity_list_owned_rows(struct identity *identity, enum owned_kind kind,
                                     struct slice organisation, uint32_t below, uint32_t limit,
                                     struct arena *arena, struct rooted_list *out,
                                     struct problem *why)
{
    struct version_bytes version = version_bytes(below);
    ROWS_LIST(&identity->db, owned[kind].list,
              ARGS(arg_text(organisation), arg_version(&version), arg_number(limit)), &owned_row, arena,
              out, why);
    return ST_OK;
}

enum status identity_count_owned_rows(struct identity *identity, struct slice organisation,
                                      uint32_t below, uint32_t *count, struct problem *why)
{
    struct version_bytes version = version_bytes(below);
    uint32_t sum = 0;
    for (int kind = 0; kind < OWNED_KIND_COUNT_; kind++) {
        uint32_t some;
        TRY(read_count(identity, owned[kind].count, ARGS(arg_text(organisation), arg_version(&version)),
                       &some, why));
        sum += some;
    }
    *count = sum;
    return ST_OK;
}

enum status identity_replace_owned(struct identity *identity, enum owned_kind kind,
                                   const struct rooted_row *row, struct sealed after,
                                   struct problem *why)
{
    return change_one(identity, owned[kind].replace,
                      ARGS(arg_text(row->id), arg_sealed(row->sealed), arg_sealed(after)),
                      ST_CONFLICT, "it was sealed anew meanwhile", why);
}

struct seal_place identity_owned_place(enum owned_kind kind, struct slice organisation,
                                       const struct rooted_row *row)
{
    static const enum identity_column columns[OWNED_KIND_COUNT_] = {
        [OWNED_ACCOUNT] = IDENTITY_ACCOUNT,         [OWNED_FACTOR] = IDENTITY_FACTOR,
        [OWNED_SESSION] = IDENTITY_SESSION,         [OWNED_TOKEN] = IDENTITY_TOKEN,
        [OWNED_GRANT] = IDENTITY_GRANT,             [OWNED_REVIEW_ITEM] = IDENTITY_REVIEW_ITEM,
        [OWNED_PROVIDER] = IDENTITY_PROVIDER,       [OWNED_GROUP] = IDENTITY_GROUP,
    };
    return identity_place(columns[kind], organisation, row->id);
}
