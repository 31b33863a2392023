#ifndef RENDEZ_ROLES_KEYD_RULES_H
#define RENDEZ_ROLES_KEYD_RULES_H

#include "domain/access/access.h"
#include "roles/messages/roles.h"

/* Which purposes a role has, and whether a person stands behind one: one table (rules.c). */
struct key_rule {
    enum role_id role;
    enum key_purpose purpose;
    enum access_right right; /* that the person needs; RIGHT_NONE: it is the service's own */
    bool after_a_set;        /* only for a time after this role has opened a set of backups */
};
/* NULL: that role has no such purpose. */
const struct key_rule *key_rule_find(enum role_id role, enum key_purpose purpose);

#endif
