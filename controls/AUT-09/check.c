/* Every session, token, raise and certificate is an active account's; a made-up token of somebody who left is found. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "access_of_nobody", SLICE_NONE, false, why);
}
