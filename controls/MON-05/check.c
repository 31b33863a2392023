/* Each role tells its values every five seconds; none has been silent for longer than sixty. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_LOGD, "base_sets", SLICE_NONE, false, why);
}
