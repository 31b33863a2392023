/* Each gateway that is enrolled has said within a minute that the rules in its kernel are those that we print for it, and one
 * that says otherwise, or nothing, would be seen. What these rules let through is tried in tests/suites/room. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "room_devices", LIT("gateway"), false, why);
}
