#ifndef RENDEZ_PLATFORM_IDENTITY_ROTATION_H
#define RENDEZ_PLATFORM_IDENTITY_ROTATION_H

#include "platform/identity/identity.h"

/* What is sealed anew when a key is rotated. */

/* What the root key wraps or seals by itself: keys of organisations, and rows of no organisation. */
enum rooted_kind { ROOTED_ORGANISATION, ROOTED_AUTHORITY, ROOTED_ERRAND, ROOTED_FLOW, ROOTED_KIND_COUNT_ };
struct rooted_row {
    struct slice id;      /* of a flow: its digest */
    uint32_t key_version; /* of an organisation's key; else 0 */
    struct sealed sealed; /* its header says which version of the key above it is under */
};
struct rooted_list {
    struct rooted_row *items;
    size_t count, capacity;
};
/* Those under an older version than `below`, at most `limit`. */
MUST_USE enum status identity_list_rooted(struct identity *identity, enum rooted_kind kind,
                                          uint32_t below, uint32_t limit, struct arena *arena,
                                          struct rooted_list *out, struct problem *why);
/* How many there are of all kinds. */
MUST_USE enum status identity_count_rooted(struct identity *identity, uint32_t below,
                                           uint32_t *count, struct problem *why);
/* `after` in place of row->sealed. ST_CONFLICT: something else is there by now. */
MUST_USE enum status identity_replace_rooted(struct identity *identity, enum rooted_kind kind,
                                             const struct rooted_row *row, struct sealed after,
                                             struct problem *why);

/* Where one is sealed; not of ROOTED_ORGANISATION, which is a wrapped key. */
struct seal_place identity_rooted_place(enum rooted_kind kind, const struct rooted_row *row, struct arena *arena);

/* What the key of an organisation seals; key_version is 0. */
enum owned_kind {
    OWNED_ACCOUNT,
    OWNED_FACTOR,
    OWNED_FACTOR_SECRET, /* by keyd's own key */
    OWNED_SESSION,
    OWNED_TOKEN,
    OWNED_GRANT,
    OWNED_REVIEW_ITEM,
    OWNED_PROVIDER,
    OWNED_GROUP,
    OWNED_KIND_COUNT_
};
/* As above; ids are those of its place (places.h). */
MUST_USE enum status identity_list_owned_rows(struct identity *identity, enum owned_kind kind,
                                              struct slice organisation, uint32_t below,
                                              uint32_t limit, struct arena *arena,
                                              struct rooted_list *out, struct problem *why);
MUST_USE enum status identity_count_owned_rows(struct identity *identity, struct slice organisation,
                                               uint32_t below, uint32_t *count,
                                               struct problem *why);
MUST_USE enum status identity_replace_owned(struct identity *identity, enum owned_kind kind,
                                            const struct rooted_row *row, struct sealed after,
                                            struct problem *why);

/* Where one is sealed; not of OWNED_FACTOR_SECRET: that place is keyd's. */
struct seal_place identity_owned_place(enum owned_kind kind, struct slice organisation,
                                       const struct rooted_row *row);

#endif
