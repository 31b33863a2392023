/* What a loss now would cost: the age of the newest set that was restored and tried, and of the copy of the keys. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_ARCHIVE, "exercise", LIT("loss"), false, why);
}
