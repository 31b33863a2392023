/* Every function in every kind of organisation, signed in with nothing raised: no right of administration. And all
 * raises that there are have a reason, a second person and an end. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "standing_rights", SLICE_NONE, false, why);
}
