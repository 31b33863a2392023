/* A made-up person leaves: session, token of their service account, raise and factors open nothing, all who may hold
 * something of theirs are told; keyd ends their lease and lends none any more. Of those who left, all have let go. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    TRY(check_by_probe(c, ROLE_AUTHD, "leaver", SLICE_NONE, false, why));
    return check_by_probe(c, ROLE_KEYD, "leaver", SLICE_NONE, true, why);
}
