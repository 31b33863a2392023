#include "roles/planner/probes.h"

static enum status page(void *context, struct entry_cursor *cursor, int64_t limit, probe_entry_fn *each,
                        void *each_context, struct problem *why)
{
    struct planner_role *p = context;
    return store_scan_page(p->store, cursor, limit, each, each_context, why);
}

struct entry_probe *planner_probes(struct planner_role *p)
{
    probe_fresh_entries(p->role);
    return probe_entries(p->role, page, p);
}
