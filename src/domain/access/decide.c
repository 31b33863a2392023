#include <assert.h>

#include "domain/access/access.h"

static_assert(RIGHT_COUNT_ <= 64, "access_rights gives them as bits");

/* What does not depend on the object or the row: whether this caller can have the right at all. */
static enum access_denial denied_to_session(const struct access_caller *caller,
                                            enum access_right right)
{
    if (right <= RIGHT_NONE || right >= RIGHT_COUNT_)
        return DENIED_NO_RIGHT;
    if (caller->session == SESSION_ANONYMOUS || caller->function == FUNCTION_NONE ||
        caller->person.len == 0)
        return DENIED_ANONYMOUS;
    if (!caller->active)
        return DENIED_ENDED;
    if (caller->session == SESSION_FULL && caller->factor == FACTOR_NONE)
        return DENIED_FACTOR; /* begun by less than two factors, or by what nobody knows */
    if (caller->session == SESSION_ENROLMENT && !(access_right_needs(right) & NEED_ENROLMENT))
        return DENIED_ENROLMENT;
    if (caller->session == SESSION_TOKEN) {
        for (int scope = 0; scope < SCOPE_COUNT_; scope++)
            if (caller->scopes >> scope & 1 && access_scope_right(scope) == right)
                return DENIED_ALLOWED;
        return DENIED_SCOPE;
    }
    return DENIED_ALLOWED;
}

/* An attendee comes by a link and nobody else does; a service account by a token; an account has
 * a function that its organisation may give. */
static bool function_is_sound(const struct access_caller *caller)
{
    if ((caller->function == FUNCTION_ATTENDEE) != (caller->session == SESSION_LINK))
        return false;
    if (caller->function == FUNCTION_ATTENDEE)
        return true;
    if (caller->function == FUNCTION_SERVICE && caller->session != SESSION_TOKEN)
        return false;
    return access_function_fits(caller->function, caller->kind);
}

static enum access_denial denied_by_needs(const struct access_caller *caller, unsigned needs)
{
    if (needs & NEED_STRONG && caller->factor == FACTOR_RECOVERY)
        return DENIED_FACTOR;
    if (needs & NEED_NETWORK && !caller->inside)
        return DENIED_NETWORK;
    return DENIED_ALLOWED;
}

static enum access_denial denied_by_reach(const struct access_caller *caller,
                                          enum access_reach reach,
                                          const struct access_object *object)
{
    bool same = object->organisation.len > 0 &&
                slice_equal(object->organisation, caller->organisation);
    switch (reach) {
    case REACH_ANYTHING:
        return DENIED_ALLOWED;
    case REACH_ORPHANED:
        return object->orphaned ? DENIED_ALLOWED : DENIED_ORGANISATION;
    case REACH_ORGANISATION:
        return same ? DENIED_ALLOWED : DENIED_ORGANISATION;
    case REACH_OWN:
        if (!same)
            return DENIED_ORGANISATION;
        return slice_equal(object->owner, caller->person) ? DENIED_ALLOWED : DENIED_NOT_OWN;
    case REACH_ASSIGNED:
        return slice_equal(object->assigned, caller->person) ? DENIED_ALLOWED
                                                             : DENIED_NOT_ASSIGNED;
    }
    return DENIED_NO_RIGHT;
}

/* The active grant that gives the caller this row; NULL if there is none. With `object` NULL it
 * may be for any organisation. */
static const struct access_grant *grant_for(const struct access_ask *ask,
                                            const struct access_row *row,
                                            const struct access_object *object)
{
    enum access_cause cause = row->hold == HOLD_GLASS ? CAUSE_GLASS : CAUSE_RAISE;
    for (size_t i = 0; ask->grants != NULL && i < ask->grants->count; i++) {
        const struct access_grant *grant = &ask->grants->items[i];
        if (grant->cause != cause || !slice_equal(grant->account, ask->caller.person) ||
            !slice_equal(grant->organisation, ask->caller.organisation))
            continue;
        if (cause == CAUSE_RAISE && grant->right != row->right)
            continue;
        if (object != NULL && grant->target.len > 0 &&
            !slice_equal(grant->target, object->organisation))
            continue;
        if (access_grant_state(grant, ask->now) == GRANT_ACTIVE)
            return grant;
    }
    return NULL;
}

/* One row of the caller's function; `object` NULL: whatever it is about. */
static struct access_answer try_row(const struct access_ask *ask, const struct access_row *row,
                                    const struct access_object *object)
{
    struct access_answer answer = {DENIED_NOT_RAISED, NULL, NULL};
    if (row->hold != HOLD_STANDING) {
        if (grant_for(ask, row, NULL) == NULL)
            return answer;
        answer.grant = grant_for(ask, row, object);
        answer.denial = DENIED_ORGANISATION; /* raised, but for another one */
        if (answer.grant == NULL)
            return answer;
    }
    answer.denial = denied_by_needs(&ask->caller, access_right_needs(row->right));
    if (answer.denial == DENIED_ALLOWED && object != NULL)
        answer.denial = denied_by_reach(&ask->caller, row->reach, object);
    if (answer.denial == DENIED_ALLOWED && object != NULL &&
        access_right_needs(row->right) & NEED_PROGRESS && object->stage != STAGE_PROGRESS)
        answer.denial = DENIED_OVER;
    answer.row = answer.denial == DENIED_ALLOWED ? row : NULL;
    if (answer.row == NULL)
        answer.grant = NULL;
    return answer;
}

static struct access_answer decide(const struct access_ask *ask, const struct access_object *object)
{
    struct access_answer best = {denied_to_session(&ask->caller, ask->right), NULL, NULL};
    if (best.denial != DENIED_ALLOWED)
        return best;
    best.denial = DENIED_FUNCTION;
    if (!function_is_sound(&ask->caller))
        return best;
    for (size_t i = 0; i < access_row_count; i++) {
        const struct access_row *row = &access_rows[i];
        if (row->function != ask->caller.function || row->right != ask->right)
            continue;
        struct access_answer answer = try_row(ask, row, object);
        if (answer.denial == DENIED_ALLOWED)
            return answer;
        if (answer.denial > best.denial)
            best = answer;
    }
    return best;
}

struct access_answer access_decide(const struct access_ask *ask)
{
    return decide(ask, &ask->object);
}

struct access_answer access_has(const struct access_ask *ask)
{
    return decide(ask, NULL);
}

uint64_t access_rights(const struct access_caller *caller, const struct access_grant_list *grants,
                       struct instant now)
{
    struct access_ask ask = {.caller = *caller, .grants = grants, .now = now};
    uint64_t rights = 0;
    for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT_; right++) {
        ask.right = right;
        if (access_has(&ask).denial == DENIED_ALLOWED)
            rights |= UINT64_C(1) << right;
    }
    return rights;
}
