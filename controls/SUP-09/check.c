/* The key service is asked for the key of a closed request, and of others that supervision may not have. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_KEYD, "closed_request", SLICE_NONE, false, why);
}
