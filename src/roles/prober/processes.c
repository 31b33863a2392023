/* The processes of the service, as each says of itself. */
#include "roles/messages/role_probes.h"
#include "roles/prober/prober.h"

struct slice check_text(struct slice facts, const char *name)
{
    struct slice wanted = slice_from(name);
    for (size_t at = 0; at < facts.len;) {
        size_t end = slice_find(facts, LIT(" "), at);
        struct slice fact = slice_sub(facts, at, end);
        if (fact.len > wanted.len && fact.data[wanted.len] == '=' && slice_starts(fact, wanted))
            return slice_sub(fact, wanted.len + 1, SIZE_MAX);
        at = end == SIZE_MAX ? facts.len : end + 1;
    }
    return SLICE_NONE;
}

uint64_t check_number(struct slice facts, const char *name)
{
    uint64_t number = 0;
    return slice_to_u64(check_text(facts, name), UINT64_MAX, &number) ? number : 0;
}

/* Of this process nobody is asked. */
static void find_own(struct check *c, void (*fn)(const struct role *, struct trial *), struct probe_found *found)
{
    struct trial trial = trial_create();
    fn(c->role, &trial);
    *found = (struct probe_found){.status = ST_OK, .result = trial.result,
                                  .cause = arena_copy(c->arena, slice_from(trial.cause)),
                                  .facts = arena_copy(c->arena, buffer_slice(&trial.facts))};
    trial_destroy(&trial);
}

enum status check_confined(struct check *c, enum role_id role, struct probe_found *found, struct problem *why)
{
    if (role != ROLE_PROBER)
        return probe_ask(c, role, "confined", SLICE_NONE, found, why);
    find_own(c, role_try_confined, found);
    return ST_OK;
}

bool check_role_runs(const struct check *c, enum role_id role)
{
    return role_is_wanted(role_config(c->role), role);
}

static struct program_id program_of(struct slice facts, const char *device, const char *inode)
{
    return (struct program_id){check_number(facts, device), check_number(facts, inode)};
}

enum status check_processes(struct check *c, struct check_process out[ROLE_RUN_COUNT_], size_t *count,
                            struct problem *why)
{
    *count = 0;
    for (int id = 0; id < ROLE_RUN_COUNT_; id++) {
        struct probe_found found;
        if (!check_role_runs(c, (enum role_id)id))
            continue;
        if (id == ROLE_PROBER)
            find_own(c, role_tell_process, &found);
        else
            TRY(probe_ask(c, (enum role_id)id, "process", SLICE_NONE, &found, why));
        out[(*count)++] = (struct check_process){
            (enum role_id)id, check_number(found.facts, "pid"), check_number(found.facts, "parent"),
            check_number(found.facts, "user"), program_of(found.facts, "device", "inode"),
            program_of(found.facts, "parent_device", "parent_inode")};
    }
    return ST_OK;
}
