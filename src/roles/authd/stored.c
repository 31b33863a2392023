/* "stored": two flows of nobody, for who tries how they lie in the database (messages/stored_probe.h). */
#include "platform/identity/organisations.h"
#include "roles/authd/probes.h"

enum { KEPT_MINUTES = 10 }; /* of a round that is not ended they go by themselves */

static const struct slice first_step = {"trial", 5};

struct flow_trial {
    struct authd **authd;
    struct slice canary;
    unsigned char hashes[2][DIGEST_BYTES];
    bool there, opens_elsewhere;
};

static struct slice hash_at(struct flow_trial *trial, int i)
{
    return (struct slice){(char *)trial->hashes[i], DIGEST_BYTES};
}

static enum status keep_both(struct call *call)
{
    struct flow_trial *trial = call->own;
    for (int i = 0; i < 2; i++) {
        struct flow flow = {.kind = FLOW_LOGIN, .step = first_step, .begun = call->now, .id_hash = hash_at(trial, i),
                            .ends = {call->now.us + KEPT_MINUTES * MINUTE_US}};
        const struct flow_details details = {.address = trial->canary};
        vault_random(trial->hashes[i], DIGEST_BYTES);
        TRY(flow_seal(call, &flow, &details));
        TRY(identity_add_flow(call->authd->identity, &flow, &call->why));
    }
    return ST_OK;
}

static enum status open_at(struct call *call, int i, struct flow *flow, struct flow_details *out)
{
    struct flow_trial *trial = call->own;
    TRY(identity_find_flow(call->authd->identity, hash_at(trial, i), call->arena, flow, &call->why));
    return flow_open(call, flow, out);
}

static enum status check_both(struct call *call)
{
    struct flow_trial *trial = call->own;
    for (int i = 0; i < 2; i++) {
        struct flow flow;
        struct flow_details details;
        enum status status = open_at(call, i, &flow, &details);
        if (status == ST_DENIED || (status == ST_OK && !slice_equal(details.address, trial->canary)))
            return problem_set(&call->why, ST_INVALID, "what was stored does not come back");
        TRY(status);
    }
    return ST_OK;
}

/* The second one's value in the first one's row. */
static enum status open_elsewhere(struct call *call)
{
    struct flow_trial *trial = call->own;
    struct flow other;
    struct flow_details details;
    TRY(open_at(call, 1, &other, &details));
    other.id_hash = hash_at(trial, 0);
    TRY(identity_advance_flow(call->authd->identity, &other, first_step, &call->why));
    enum status status = open_at(call, 0, &other, &details);
    trial->opens_elsewhere = status == ST_OK;
    return problem_set(&call->why, status == ST_OK || status == ST_DENIED ? ST_CONFLICT : status, "it was a trial");
}

static enum status end_both(struct call *call)
{
    struct flow_trial *trial = call->own;
    for (int i = 0; i < 2; i++) {
        enum status status = identity_end_flow(call->authd->identity, hash_at(trial, i), &call->why);
        if (status != ST_OK && status != ST_NOT_FOUND)
            return status;
    }
    return ST_OK;
}

static enum status put(void *context, struct slice canary, struct instant now, struct arena *arena,
                       struct slice *mark, bool *opens_elsewhere, struct problem *why)
{
    struct flow_trial *trial = context;
    trial->canary = canary;
    trial->opens_elsewhere = false;
    TRY(run_alone(*trial->authd, keep_both, trial, now, why));
    trial->there = true;
    TRY(run_alone(*trial->authd, check_both, trial, now, why));
    enum status status = run_alone(*trial->authd, open_elsewhere, trial, now, why); /* undone */
    *opens_elsewhere = trial->opens_elsewhere;
    *mark = arena_copy(arena, hash_at(trial, 0));
    return status == ST_CONFLICT ? ST_OK : status;
}

static enum status end(void *context, struct instant now, struct problem *why)
{
    struct flow_trial *trial = context;
    if (!trial->there)
        return ST_OK;
    TRY(run_alone(*trial->authd, end_both, trial, now, why));
    trial->there = false;
    return ST_OK;
}

static enum status read_file(void *context, size_t file, int64_t at, char *into, size_t room, size_t *got,
                             struct problem *why)
{
    struct flow_trial *trial = context;
    return identity_read_file((*trial->authd)->identity, file, at, into, room, got, why);
}

static enum status page(void *context, struct entry_cursor *cursor, int64_t limit, probe_entry_fn *each,
                        void *each_context, struct problem *why)
{
    struct flow_trial *trial = context;
    return identity_scan_page((*trial->authd)->identity, cursor, limit, each, each_context, why);
}

struct stored_probe *authd_stored_probe(struct role *role, struct authd **authd)
{
    static struct flow_trial trial;
    trial.authd = authd;
    return probe_stored(role, &(struct stored_ports){&trial, IDENTITY_FILES, put, end, read_file, page});
}
