/* Trust's clock of outages counts an outage of ten minutes less ten seconds as no claim, and one of ten seconds more as one;
 * each outage that came to ten minutes has its claim; and the probe outside is there, and has looked within a minute. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_TRUST, "outages", SLICE_NONE, false, why);
}
