/* One-time codes by the commands of a login: twice, wrong ones, of other steps, beside a wrong password, and guessed
 * until the account takes no more. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "codes", SLICE_NONE, false, why);
}
