#include "platform/identity/rotation.h"

#include "platform/identity/tables.h"

ROW_TYPE(named_row, rooted_row, TEXT(rooted_row, id), NUMBER(rooted_row, key_version),
         SEALED(rooted_row, sealed));
ROW_TYPE(digest_row, rooted_row, HASH(rooted_row, id), NUMBER(rooted_row, key_version),
         SEALED(rooted_row, sealed));

static const struct {
    enum query list, count, replace;
    const struct row_type *type;
    struct sql_value (*arg)(struct slice id);
} kinds[ROOTED_KIND_COUNT_] = {
    [ROOTED_ORGANISATION] = {QUERY_ROOTED_ORGANISATIONS, QUERY_ROOTED_ORGANISATION_COUNT,
                             QUERY_ROOTED_ORGANISATION_REPLACE, &named_row, arg_text},
    [ROOTED_AUTHORITY] = {QUERY_ROOTED_AUTHORITIES, QUERY_ROOTED_AUTHORITY_COUNT,
                          QUERY_ROOTED_AUTHORITY_REPLACE, &named_row, arg_text},
    [ROOTED_ERRAND] = {QUERY_ROOTED_ERRANDS, QUERY_ROOTED_ERRAND_COUNT,
                       QUERY_ROOTED_ERRAND_REPLACE, &named_row, arg_text},
    [ROOTED_FLOW] = {QUERY_ROOTED_FLOWS, QUERY_ROOTED_FLOW_COUNT, QUERY_ROOTED_FLOW_REPLACE,
                     &digest_row, arg_hash},
};

enum status identity_list_rooted(struct identity *identity, enum rooted_kind kind, uint32_t below,
                                 uint32_t limit, struct arena *arena, struct rooted_list *out,
                                 struct problem *why)
{
    struct version_bytes version = version_bytes(below);
    ROWS_LIST(&identity->db, kinds[kind].list, ARGS(arg_version(&version), arg_number(limit)),
              kinds[kind].type, arena, out, why);
    return ST_OK;
}

enum status identity_count_rooted(struct identity *identity, uint32_t below, uint32_t *count,
                                  struct problem *why)
{
    struct version_bytes version = version_bytes(below);
    uint32_t sum = 0;
    for (int kind = 0; kind < ROOTED_KIND_COUNT_; kind++) {
        uint32_t some;
        TRY(read_count(identity, kinds[kind].count, ARGS(arg_version(&version)), &some, why));
        sum += some;
    }
    *count = sum;
    return ST_OK;
}

enum status identity_replace_rooted(struct identity *identity, enum rooted_kind kind,
                                    const struct rooted_row *row, struct sealed after,
                                    struct problem *why)
{
    return change_one(identity, kinds[kind].replace,
                      ARGS(kinds[kind].arg(row->id), arg_sealed(row->sealed), arg_sealed(after)),
                      ST_CONFLICT, "it was sealed anew meanwhile", why);
}
