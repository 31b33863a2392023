/* Each recorder that is enrolled was heard within ten minutes and records, and one that was not would be seen; and somebody has
 * stated within 31 days, with evidence, that the cameras see the room. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    TRY(check_by_probe(c, ROLE_AUTHD, "room_devices", LIT("recorder"), false, why));
    return check_by_probe(c, ROLE_TRUST, "attested", LIT("SUP-04 31"), false, why);
}
