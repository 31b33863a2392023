/* What authd asserts of people: to the planner and logd who asks (through api), to keyd who is to be lent a
 * key (through the console). Whoever carries it can neither write nor change it. */
#include "platform/assertion/assertion.h"
#include "roles/authd/internal.h"

enum { SECOND_US = 1000000 };

/* A keyd that is away when we ask again is no reason to say nothing: it has the same key, unless the
 * root key was rotated. */
static enum status get_key(struct authd *authd, struct asserting_key *own, struct problem *why)
{
    AUTO_SECRET key = NULL;
    if (own->key != NULL && !own->old)
        return ST_OK;
    enum status status = ask_for_key(&authd->ports, &(struct key_ask){.purpose = own->purpose}, &key, why);
    if (status != ST_OK)
        return own->key != NULL && status == ST_UNAVAILABLE ? ST_OK : status;
    secret_destroy(&own->key);
    own->key = key;
    own->old = false;
    key = NULL;
    return ST_OK;
}

void assertion_keys_are_old(struct authd *authd)
{
    authd->callers.old = authd->watchers.old = authd->leases.old = true;
}

void assertion_keys_forget(struct authd *authd)
{
    secret_destroy(&authd->callers.key);
    secret_destroy(&authd->watchers.key);
    secret_destroy(&authd->leases.key);
}

static struct instant minute_after(struct instant at)
{
    return (struct instant){at.us + (int64_t)ASSERTION_SECONDS_MAX * SECOND_US};
}

/* Whoever takes an assertion can make one. So what these rights are for is said under a key of logd's, which takes
 * nobody by another right, and all else under the planner's. */
static struct asserting_key *key_for(struct authd *authd, struct slice right)
{
    static const enum access_right logds[] = {RIGHT_SERVICE_WATCH, RIGHT_EVIDENCE_READ};
    for (size_t i = 0; i < sizeof logds / sizeof *logds; i++)
        if (slice_equal(right, slice_from(access_right_name(logds[i]))))
            return &authd->watchers;
    return &authd->callers;
}

enum status assert_caller(struct call *call)
{
    struct asserting_key *own = key_for(call->authd, call->right);
    const struct account *account = &call->who.account;
    bool by_session = call->who.session.id.len > 0;
    struct caller_assertion said = {
        .person = account->id,
        .organisation = account->organisation,
        .function = account->function,
        .right = call->right,
        .session = by_session ? call->who.session.id : call->who.token.id,
        .command = call->planned,
        .digest = call->digest,
        .issued = call->now,
        .ends = minute_after(call->now),
    };
    TRY(get_key(call->authd, own, &call->why));
    return caller_assertion_make(own->key, &said, call->arena, &call->answer.assertion, &call->why);
}

/* {"purpose"}: of which part of a request; default: of what is shown first. Empty: of none that there is. */
static struct slice purpose_said(struct call *call)
{
    struct slice said = json_text(call->in, "purpose");
    if (said.len == 0)
        return slice_from(key_purpose_names[KEY_FOR_SUPERVISION]);
    for (int part = 0; part < CASE_PART_COUNT_; part++)
        if (slice_equal(said, slice_from(key_purpose_names[case_parts[part].purpose])))
            return said;
    return SLICE_NONE;
}

/* {"meeting", "client", "purpose"}: for a supervisor who is to see that part of that request, of that organisation.
 * Whether it is in progress and theirs, keyd knows. */
enum status lease_assert(struct call *call)
{
    const struct account *account = &call->who.account;
    struct assertion said = {
        .person = account->id,
        .organisation = account->organisation,
        .kind = call->who.organisation->kind,
        .function = account->function,
        .factor = slice_from(access_factor_names[call->who.caller.factor]),
        .session = call->who.session.id,
        .inside = call->who.caller.inside,
        .purpose = purpose_said(call),
        .client = json_text(call->in, "client"),
        .meeting = json_text(call->in, "meeting"),
        .issued = call->now,
        .ends = minute_after(call->now),
    };
    if (said.session.len == 0)
        return refuse(call, ST_DENIED, "no_session", "a lease is for somebody who is signed in");
    TRY(get_key(call->authd, &call->authd->leases, &call->why));
    return assertion_make(call->authd->leases.key, &said, call->arena, &call->answer.assertion, &call->why);
}
