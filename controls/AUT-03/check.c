/* With one factor: a right password alone, a session that began with one, an account that has but one, the session
 * of an enrolment. Each right of the table is tried. And all sessions that there are began with two. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "one_factor", SLICE_NONE, false, why);
}
