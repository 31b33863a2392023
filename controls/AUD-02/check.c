/* It was done, not longer ago than the cadence allows, and its report is the one that was recorded
 * (rendez trust record). */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_TRUST, "due", LIT("AUD-02"), false, why);
}
