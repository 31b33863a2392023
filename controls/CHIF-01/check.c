/* Every role tries from within what it may not: files, sockets, memory and channels of others. Each is a process of its
 * own, and where root started them, of a user of its own. */
#include "roles/prober/check.h"

static enum status try_role(struct check *c, enum role_id role, uint64_t *tried, struct problem *why)
{
    struct probe_found found;
    TRY(check_confined(c, role, &found, why));
    *tried += check_number(found.facts, "tried");
    if (found.result != TRIAL_FAILS)
        return ST_OK;
    check_fact(c, "role", "%s", role_rows[role].name);
    check_fact(c, "what", "%.*s", SLICE_ARG(check_text(found.facts, "what")));
    return check_fails(c, arena_text(check_arena(c), found.cause));
}

/* The role of whose process another one shares the number or the user; -1: none. */
static int shared(const struct check_process *all, size_t count, bool user)
{
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++)
            if (user ? all[a].user == all[b].user : all[a].pid == all[b].pid)
                return (int)all[a].role;
    return -1;
}

static bool all_of_one_user(const struct check_process *all, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (all[i].user != all[0].user)
            return false;
    return true;
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_process all[ROLE_RUN_COUNT_];
    uint64_t tried = 0;
    size_t count;
    for (int role = 0; role < ROLE_RUN_COUNT_ && !check_has_failed(c); role++)
        if (check_role_runs(c, (enum role_id)role))
            TRY(try_role(c, (enum role_id)role, &tried, why));
    TRY(check_processes(c, all, &count, why));
    bool one_user = all_of_one_user(all, count) && all[0].user != 0; /* root started none of them: there is but one */
    check_fact(c, "processes", "%zu", count);
    check_fact(c, "own_users", "%s", one_user ? "no" : "yes");
    check_fact(c, "tried", "%llu", (unsigned long long)tried);
    int same = shared(all, count, false);
    const char *cause = "shared_process";
    if (same < 0 && !one_user) {
        same = shared(all, count, true);
        cause = "shared_user";
    }
    if (same < 0)
        return check_holds(c);
    check_fact(c, "role", "%s", role_rows[same].name);
    return check_fails(c, cause);
}
