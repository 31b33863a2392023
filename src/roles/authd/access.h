#ifndef RENDEZ_ROLES_AUTHD_ACCESS_H
#define RENDEZ_ROLES_AUTHD_ACCESS_H

#include "platform/identity/grants.h"
#include "roles/authd/internal.h"

/* Raises and break-glass: the commands of doc/identity.md, and what reviews need of them. */

call_fn raise_list, raise_ask, raise_approve, raise_end, glass_ask, glass_approve;

/* The same for whoever has the keys, {"as"} one who must be entitled to it: id or address. */
call_fn root_raise_list, root_raise_ask, root_raise_approve, root_raise_end, root_glass_ask;
/* Makes {"as"} the caller, as if signed in on the supervision network. */
MUST_USE enum status act_as(struct call *call);
/* " via=root" or "", for the log. */
const char *via(const struct call *call);

/* A mail to somebody about accesses; nothing to who has left. phrase: of domain/wording. */
MUST_USE enum status tell_by_id(struct call *call, struct slice id, const char *phrase,
                                const char *word);

/* Of an account, of one that has ended too; empty for no id. */
MUST_USE enum status open_name(struct call *call, struct slice id, struct slice *name);

/* Rights that the caller has now, by name. New reference. */
MUST_USE enum status rights_json(struct call *call, json_t **out);

/* Functions that a person of that kind of organisation may be given, by name. New reference. */
json_t *functions_json(struct slice kind);

/* Active people of an organisation whose function has the right, but one. */
struct colleagues {
    struct account *items;
    size_t count, capacity;
};
MUST_USE enum status find_colleagues(struct call *call, struct slice organisation,
                                     enum access_right right, struct slice but,
                                     struct colleagues *out);

#endif
