/* Every role that writes entries draws thousands of salts and IVs as for writing, and tries to write without
 * random bytes. */
#include "roles/prober/check.h"

enum status control_check(struct check *c, struct problem *why)
{
    static const enum role_id writers[] = {ROLE_PLANNER, ROLE_AUTHD, ROLE_KEYD};
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        TRY(check_by_probe(c, writers[i], "fresh_entries", SLICE_NONE, true, why));
    return ST_OK;
}
