#ifndef RENDEZ_PLATFORM_IDENTITY_ROTATION_H
#define RENDEZ_PLATFORM_IDENTITY_ROTATION_H

#include "platform/identity/identity.h"

/* What the root key wraps or seals by itself, for its rotation: keys of organisations, and rows of
 * no organisation. */
enum rooted_kind { ROOTED_ORGANISATION, ROOTED_AUTHORITY, ROOTED_ERRAND, ROOTED_FLOW, ROOTED_KIND_COUNT_ };
struct rooted_row {
    struct slice id;      /* of a flow: its digest */
    uint32_t key_version; /* of an organisation's key; else 0 */
    struct sealed sealed; /* its header says which version of the root key it is under */
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

#endif
