/* A tunnel with the certificate of a made-up person: unknown, of somebody else, past its end, revoked, of somebody who left,
 * without code, with a wrong one and one that was used; by the decision that OpenVPN asks for. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    return check_by_probe(c, ROLE_AUTHD, "tunnel", SLICE_NONE, false, why);
}
