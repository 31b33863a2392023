#include "domain/access/access.h"

static struct duration longest(enum access_cause cause)
{
    return cause == CAUSE_GLASS ? GLASS_LENGTH : RAISE_MAX;
}

struct instant access_grant_limit(const struct access_grant *grant)
{
    if (grant->approved_by.len == 0)
        return instant_add(grant->asked,
                           grant->cause == CAUSE_GLASS ? GLASS_WAITS : RAISE_WAITS);
    struct instant most = instant_add(grant->from, longest(grant->cause));
    return grant->until.us < most.us ? grant->until : most;
}

enum access_grant_state access_grant_state(const struct access_grant *grant, struct instant now)
{
    if (grant->ended.us != 0 || now.us < grant->asked.us ||
        now.us >= access_grant_limit(grant).us)
        return GRANT_OVER;
    if (grant->approved_by.len == 0)
        return GRANT_ASKED;
    /* A row that names one person twice, or one without reason, gives nothing. */
    if (slice_equal(grant->approved_by, grant->account) || grant->reason.len == 0 ||
        now.us < grant->from.us)
        return GRANT_OVER;
    return GRANT_ACTIVE;
}

static enum status check_reason(struct slice reason, struct problem *why)
{
    reason = slice_trim(reason);
    if (reason.len < REASON_BYTES_MIN)
        return problem_set(why, ST_INVALID, "say why, in a few words");
    if (reason.len > REASON_BYTES_MAX)
        return problem_set(why, ST_INVALID, "the reason is longer than %d bytes",
                           REASON_BYTES_MAX);
    if (utf8_bad_at(reason) != SIZE_MAX)
        return problem_set(why, ST_INVALID, "the reason is not UTF-8");
    return ST_OK;
}

static enum status check_right(const struct access_caller *caller, enum access_right right,
                               struct access_object object, struct instant now,
                               struct problem *why)
{
    struct access_ask ask = {.caller = *caller, .right = right, .object = object, .now = now};
    enum access_denial denial = access_decide(&ask).denial;
    if (denial == DENIED_ALLOWED)
        return ST_OK;
    return problem_set(why, ST_DENIED, "%s: %s", access_right_name(right),
                       access_denial_sentence(denial));
}

/* How far a raise of the right would reach, by the caller's function. */
static bool could_raise(const struct access_caller *caller, enum access_right right,
                        enum access_reach *reach)
{
    for (size_t i = 0; i < access_row_count; i++) {
        const struct access_row *row = &access_rows[i];
        if (row->function != caller->function || row->right != right || row->hold != HOLD_RAISED)
            continue;
        *reach = row->reach;
        return true;
    }
    return false;
}

enum status access_raise_ask(const struct access_caller *caller, enum access_right right,
                             struct slice target, struct slice reason, struct duration wanted,
                             struct instant now, struct access_grant *grant, struct problem *why)
{
    struct access_object own = {.organisation = caller->organisation, .owner = caller->person};
    TRY(check_right(caller, RIGHT_RAISES_ASK, own, now, why));
    enum access_reach reach = REACH_OWN;
    if (!could_raise(caller, right, &reach))
        return problem_set(why, ST_DENIED, "a %s cannot be given %s",
                           access_function_name(caller->function), access_right_name(right));
    if (reach == REACH_ORGANISATION && target.len > 0 &&
        !slice_equal(target, caller->organisation))
        return problem_set(why, ST_DENIED, "only for one's own organisation");
    TRY(check_reason(reason, why));
    if (wanted.us < MINUTE_US || wanted.us > RAISE_MAX.us)
        return problem_set(why, ST_INVALID, "a raise is for a minute to 8 hours");
    *grant = (struct access_grant){
        .id = grant->id,
        .account = caller->person,
        .organisation = caller->organisation,
        .cause = CAUSE_RAISE,
        .right = right,
        .target = reach == REACH_ORGANISATION ? caller->organisation : target,
        .reason = slice_trim(reason),
        .wanted = wanted,
        .asked = now,
    };
    return ST_OK;
}

enum status access_glass_ask(const struct access_caller *caller, struct slice target,
                             struct slice reason, struct instant now, struct access_grant *grant,
                             struct problem *why)
{
    struct access_object own = {.organisation = caller->organisation};
    TRY(check_right(caller, RIGHT_GLASS_BREAK, own, now, why));
    TRY(check_reason(reason, why));
    if (target.len == 0)
        return problem_set(why, ST_INVALID, "break-glass is for one organisation: name it");
    *grant = (struct access_grant){
        .id = grant->id,
        .account = caller->person,
        .organisation = caller->organisation,
        .cause = CAUSE_GLASS,
        .target = target,
        .reason = slice_trim(reason),
        .wanted = GLASS_LENGTH,
        .asked = now,
    };
    return ST_OK;
}

/* Whether this person could be the second one. */
static enum status check_second(const struct access_grant *grant,
                                const struct access_caller *second, size_t others,
                                struct instant now, struct problem *why)
{
    if (slice_equal(grant->account, second->person))
        return problem_set(why, ST_DENIED, "a second person has to approve it");
    enum access_right right = grant->cause == CAUSE_GLASS ? RIGHT_GLASS_BREAK
                                                          : RIGHT_RAISES_APPROVE;
    struct access_object object = {.organisation = grant->organisation, .orphaned = others == 0};
    return check_right(second, right, object, now, why);
}

enum status access_grant_approve(struct access_grant *grant, const struct access_caller *approver,
                                 size_t others, struct instant now, struct problem *why)
{
    TRY(check_second(grant, approver, others, now, why));
    if (access_grant_state(grant, now) != GRANT_ASKED)
        return problem_set(why, ST_CONFLICT, "it does not wait for approval");
    grant->approved_by = approver->person;
    grant->from = now;
    grant->until = instant_add(now, grant->wanted.us < longest(grant->cause).us
                                        ? grant->wanted
                                        : longest(grant->cause));
    return ST_OK;
}

enum status access_grant_end(struct access_grant *grant, const struct access_caller *caller,
                             size_t others, struct instant now, struct problem *why)
{
    if (slice_equal(grant->account, caller->person)) {
        if (!caller->active || caller->session != SESSION_FULL)
            return problem_set(why, ST_DENIED, "sign in first");
    } else {
        TRY(check_second(grant, caller, others, now, why));
    }
    if (access_grant_state(grant, now) == GRANT_OVER)
        return problem_set(why, ST_CONFLICT, "it is over already");
    grant->ended = now;
    return ST_OK;
}
