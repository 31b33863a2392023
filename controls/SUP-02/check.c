/* The console's sessions are open to a device that is enrolled; not with a person's certificate, one that nobody
 * knows, or none. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "strangers", SLICE_NONE, false, why);
}
