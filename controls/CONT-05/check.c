/* No set and no key of one is older than a calendar month, and the copy of the keys has none that was destroyed. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_ARCHIVE, "expired", SLICE_NONE, false, why);
}
