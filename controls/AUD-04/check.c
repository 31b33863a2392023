/* All sets were restored and tried, not longer than a quarter ago, and nothing was found. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_ARCHIVE, "exercise", LIT("quarter"), false, why);
}
