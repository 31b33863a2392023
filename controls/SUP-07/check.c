/* The same with USB storage that is not off. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "workstations", LIT("usb_storage_off"), false, why);
}
