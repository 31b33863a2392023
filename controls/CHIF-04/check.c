/* A canary is written through what serves, in the store and among the accounts: it opens in its place only, and is in
 * no file. Every sealed column is looked at. What takes longer than this check may goes on at the next one. */
#include "roles/prober/check.h"

enum { EACH_MS = 7000 };

static enum status look(struct check *c, enum role_id role, struct problem *why)
{
    struct probe_found found;
    int stop_ms = check_left_ms(c) - EACH_MS;
    do
        TRY(probe_ask(c, role, "stored", LIT("go"), &found, why));
    while (!slice_equal(found.facts, LIT("left=0")) && check_left_ms(c) > stop_ms);
    return check_by_probe(c, role, "stored", LIT("report"), true, why);
}

enum status control_check(struct check *c, struct problem *why)
{
    TRY(look(c, ROLE_PLANNER, why));
    return look(c, ROLE_AUTHD, why);
}
