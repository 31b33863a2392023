#ifndef RENDEZ_ROLES_AUTHD_ACCESS_H
#define RENDEZ_ROLES_AUTHD_ACCESS_H

#include "platform/identity/grants.h"
#include "roles/authd/internal.h"

/* Raises and break-glass: the commands of doc/identity.md, and what reviews need of them. */

call_fn raise_list, raise_ask, raise_approve, raise_end, glass_ask, glass_approve;

/* Rights that the caller has now, by name. New reference. */
MUST_USE enum status rights_json(struct call *call, json_t **out);

/* Active people of an organisation whose function has the right, but one. */
struct colleagues {
    struct account *items;
    size_t count, capacity;
};
MUST_USE enum status find_colleagues(struct call *call, struct slice organisation,
                                     enum access_right right, struct slice but,
                                     struct colleagues *out);

#endif
