#include "roles/planner/probes.h"

#include "roles/planner/trial.h"

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

/* "stored" */

static enum status put(void *context, struct slice canary, struct instant now, struct arena *arena,
                       struct slice *mark, bool *opens_elsewhere, struct problem *why)
{
    struct planner_role *p = context;
    TRY(planner_trial_put(p->planner, canary, now, &p->trial, opens_elsewhere, why));
    *mark = arena_copy(arena, slice_from(p->trial.ids[0]));
    return ST_OK;
}

static enum status end(void *context, struct instant now, struct problem *why)
{
    struct planner_role *p = context;
    (void)now;
    return planner_trial_end(p->planner, &p->trial, why);
}

static enum status read_file(void *context, size_t file, int64_t at, char *into, size_t room, size_t *got,
                             struct problem *why)
{
    struct planner_role *p = context;
    return store_read_file(p->store, file, at, into, room, got, why);
}

struct stored_probe *planner_stored_probe(struct planner_role *p)
{
    return probe_stored(p->role, &(struct stored_ports){p, STORE_FILES, put, end, read_file, page});
}
