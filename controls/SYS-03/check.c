/* Users of our roles run the roles and nothing else, and nobody of them has a port of their own: those of the settings
 * are opened by the parent. */
#include "roles/prober/check.h"

/* Those that run. */
struct roles {
    struct check_process items[ROLE_RUN_COUNT_];
    size_t count;
};

static bool is_ours(const struct roles *roles, uint64_t user)
{
    for (size_t i = 0; i < roles->count; i++)
        if (roles->items[i].user == user)
            return true;
    return false;
}

static const struct check_running *find(const struct check_running_list *all, uint64_t pid)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].pid == pid)
            return &all->items[i];
    return NULL;
}

/* A role, by its parent; or in an upgrade one of the next version, whose parent is our parent's child. */
static bool is_role(const struct check_running_list *all, const struct check_running *one, uint64_t parent)
{
    const struct check_running *above = find(all, one->parent);
    return one->parent == parent || (above != NULL && above->parent == parent && above->user != one->user);
}

/* Each of our users runs one role: where root started none, they are somebody's who runs other things, too. Where
 * others' processes are hidden there is nothing to be seen. */
static enum status can_be_told(const struct roles *roles, const struct check_running_list *all,
                               struct problem *why)
{
    for (size_t i = 0; i < roles->count; i++) {
        if (roles->items[i].user == 0 || (i > 0 && roles->items[i].user == roles->items[i - 1].user))
            return problem_set(why, ST_UNAVAILABLE, "the roles have no users of their own here: root did not start them");
        if (find(all, roles->items[i].pid) == NULL)
            return problem_set(why, ST_UNAVAILABLE, "the kernel shows no processes of other users here");
    }
    return ST_OK;
}

enum status control_check(struct check *c, struct problem *why)
{
    struct roles roles;
    struct check_running_list all = {0};
    struct check_port_list ports = {0};
    TRY(check_processes(c, roles.items, &roles.count, why));
    TRY(check_running(c, &all, why));
    TRY(check_ports(c, &ports, why));
    TRY(can_be_told(&roles, &all, why));
    check_fact(c, "processes", "%zu", all.count);
    check_fact(c, "listening", "%zu", ports.count);
    for (size_t i = 0; i < all.count; i++) {
        const struct check_running *one = &all.items[i];
        if (!is_ours(&roles, one->user) || is_role(&all, one, roles.items[0].parent))
            continue;
        check_fact(c, "program", "%.*s", SLICE_ARG(one->name));
        check_fact(c, "pid", "%llu", (unsigned long long)one->pid);
        return check_fails(c, "process_too_many");
    }
    for (size_t i = 0; i < ports.count; i++) {
        if (!is_ours(&roles, ports.items[i].user))
            continue;
        check_fact(c, "port", "%u", ports.items[i].port);
        return check_fails(c, "port_too_many");
    }
    return check_holds(c);
}
