/* A made-up workstation with an administrator, and one that is silent, are not let in; and what those that are
 * there say; one that is off says nothing. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "workstations", LIT("no_administrator"), false, why);
}
