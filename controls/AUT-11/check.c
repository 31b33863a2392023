/* A made-up person changes function: in the same session, the rights, raises and tokens of the old one are refused,
 * those of both stay, the new ones are there; all who may hold something are told. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "function_changed", SLICE_NONE, false, why);
}
