/* Who supervises is of a sub-processor, and of nobody else; one that is made up ends, and its people are out. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "centre", SLICE_NONE, false, why);
}
