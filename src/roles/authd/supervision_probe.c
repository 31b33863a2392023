/* "centre": the people who supervise are of a sub-processor, and of nobody else; and the end of a made-up one puts its
 * people out. */
#include "platform/identity/organisations.h"
#include "roles/authd/devices.h"
#include "roles/authd/probes.h"

enum { LET_GO_US = 5 * 1000000, DUE_MAX = 100 }; /* identity_due_accounts gives so many */

/* The register */

static const struct identity_organisation *find_organisation(const struct identity_organisation_list *all, struct slice id)
{
    for (size_t i = 0; i < all->count; i++)
        if (slice_equal(all->items[i].id, id))
            return &all->items[i];
    return NULL;
}

/* What is wrong with somebody who supervises, or NULL. Those of an organisation that ended have five seconds. */
static const char *fault_of(const struct call *call, const struct identity_organisation *organisation)
{
    if (organisation == NULL || !slice_equal(organisation->kind, LIT("processor")))
        return "elsewhere";
    if (slice_equal(organisation->state, LIT("active")))
        return NULL;
    return call->now.us - organisation->ended.us > LET_GO_US ? "left_over" : NULL;
}

static bool supervises(const struct account *account)
{
    enum access_function function;
    return account->state != ACCOUNT_ENDED && access_function_from_name(account->function, &function) &&
           (function == FUNCTION_SUPERVISOR || function == FUNCTION_SUPERVISION_LEAD);
}

static enum status look_at_register(struct call *call, struct probe *probe, size_t *active)
{
    struct identity_organisation_list organisations;
    struct account_list accounts;
    size_t people = 0;
    *active = 0;
    TRY(identity_list_organisations(call->authd->identity, call->arena, &organisations, &call->why));
    TRY(identity_list_accounts(call->authd->identity, SLICE_NONE, call->arena, &accounts, &call->why));
    for (size_t i = 0; i < accounts.count; i++) {
        const struct account *account = &accounts.items[i];
        if (!supervises(account))
            continue;
        const char *fault = fault_of(call, find_organisation(&organisations, account->organisation));
        people++;
        *active += account->state == ACCOUNT_ACTIVE;
        if (fault == NULL)
            continue;
        probe_fact(probe, "account", "%.*s", SLICE_ARG(account->id));
        return probe_fails(probe, fault);
    }
    probe_fact(probe, "people", "%zu", people);
    return ST_OK;
}

/* The end */

/* Somebody of a made-up centre who is signed in, on a device that is as it must be. */
static enum status make_supervisor(struct call *call, struct account *out)
{
    struct slice secret;
    TRY(made_up_member(call, "supervisor", out, &secret));
    TRY(trial_comes_from(call, CERTIFICATE_DEVICE, out->id));
    TRY(trial_reports(call, POSTURE_NETWORK, POSTURE_HOLDS, call->now));
    TRY(check_device(call, true));
    return begin_session(call, out, &(struct proof){.factor = "passkey"});
}

/* Whether the session opens requests, whatever becomes of the device. */
static enum status gets_in(struct call *call, struct slice session, bool *yes)
{
    memset(&call->who, 0, sizeof call->who);
    call->credentials.session = session;
    TRY(find_caller(call));
    enum status status = call_may(call, RIGHT_REQUESTS_READ, NULL);
    *yes = status == ST_OK;
    return *yes || status == ST_DENIED ? ST_OK : status;
}

/* The row alone is ended: from then on nobody comes in, and none of them begins anew. */
static enum status try_row(struct call *call, const struct account *person, struct slice session, const char **cause)
{
    bool yes;
    TRY(organisation_ends(call, person->organisation));
    TRY(refresh_organisations(call->authd, &call->why));
    TRY(gets_in(call, session, &yes));
    if (yes)
        *cause = "still_in";
    else if (begin_session(call, person, &(struct proof){.factor = "passkey"}) == ST_OK)
        *cause = "signs_in_again";
    return ST_OK;
}

/* What authd does in its next turn (authd_end_due). */
static enum status try_accounts(struct call *call, const struct account *person, const char **cause)
{
    struct account_list due;
    struct session_list sessions;
    bool found = false;
    TRY(identity_due_accounts(call->authd->identity, call->now, call->arena, &due, &call->why));
    for (size_t i = 0; i < due.count && !found; i++) {
        found = slice_equal(due.items[i].id, person->id);
        if (found)
            TRY(account_leaves(call, &due.items[i], "organisation"));
    }
    TRY(identity_list_sessions(call->authd->identity, person->id, call->arena, &sessions, &call->why));
    if (!found && due.count >= DUE_MAX)
        return problem_set(&call->why, ST_UNAVAILABLE, "so many accounts are due that it is not this one's turn");
    if (!found)
        *cause = "not_due";
    else if (sessions.count > 0)
        *cause = "session_left";
    else if (!trial_told_peers(call))
        *cause = "peer_not_told";
    return ST_OK;
}

static enum status try_end(struct call *call, struct probe *probe)
{
    struct account person;
    const char *cause = NULL;
    bool yes;
    TRY(make_supervisor(call, &person));
    struct slice session = arena_copy(call->arena, call->answer.session);
    TRY(gets_in(call, session, &yes));
    if (!yes)
        return probe_fails(probe, "good_refused");
    call->told.count = 0;
    TRY(try_row(call, &person, session, &cause));
    if (cause == NULL)
        TRY(try_accounts(call, &person, &cause));
    return cause == NULL ? ST_OK : probe_fails(probe, cause);
}

static enum status try_centre(struct call *call, struct probe *probe)
{
    size_t active;
    TRY(look_at_register(call, probe, &active));
    TRY(try_end(call, probe));
    return active == 0 ? probe_fails(probe, "no_centre") : probe_holds(probe);
}

static enum status centre(struct probe *probe, void *context, struct problem *why)
{
    return trial_in_a_network(*(struct authd **)context, probe, try_centre, why);
}

void authd_supervision_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "centre", centre, authd);
}
