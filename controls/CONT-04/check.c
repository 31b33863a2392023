/* Each day, ISO week and month has its set, all of them are in their folder, and the newest is not older than 26
 * hours. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_ARCHIVE, "sets", SLICE_NONE, false, why);
}
