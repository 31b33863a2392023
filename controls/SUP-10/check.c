/* The gateway of the room opens its tunnel from there, and with the same key from elsewhere none. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "gateway", SLICE_NONE, false, why);
}
