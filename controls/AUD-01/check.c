/* Every organisation has had a campaign within three months, with everything that there was, decided in time. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "reviews", SLICE_NONE, false, why);
}
