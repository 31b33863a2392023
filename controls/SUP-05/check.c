/* Every function tries every right that it has not, and supervision has none that it does not need. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    /* What supervision needs, by the claims of section 3, whatever the table of rights says. */
    static const char needed[] =
        "supervisor account.own factors.own requests.read requests.edit\n"
        "supervision_lead account.own factors.own requests.read requests.edit requests.assign people.read "
        "reviews.answer reviews.read\n";
    return check_by_probe(c, ROLE_AUTHD, "rights", slice_from(needed), false, why);
}
