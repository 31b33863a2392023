/* How long it took to bring everything back, at the last night's exercise. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_ARCHIVE, "exercise", LIT("time"), false, why);
}
