/* All entries of both databases, looked at without their keys, in steps. */
#include "roles/prober/check.h"

static enum status look(struct check *c, enum role_id role, struct problem *why)
{
    struct probe_found found;
    TRY(probe_ask(c, role, "entries", LIT("begin"), &found, why));
    while (!slice_equal(found.facts, LIT("left=0"))) {
        if (check_left_ms(c) == 0)
            return problem_set(why, ST_UNAVAILABLE, "so many entries need more time");
        TRY(probe_ask(c, role, "entries", LIT("more"), &found, why));
    }
    return check_by_probe(c, role, "entries", LIT("end"), true, why);
}

enum status control_check(struct check *c, struct problem *why)
{
    TRY(look(c, ROLE_PLANNER, why));
    return look(c, ROLE_AUTHD, why);
}
