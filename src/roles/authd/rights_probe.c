/* "rights": every function tries every right that the table does not give it, through the code that decides. */
#include "roles/authd/probes.h"

/* Best of all who have that function: signed in with a passkey, over the supervision network. */
static struct access_caller best_caller(const struct call *call, enum access_function function)
{
    struct access_caller caller = call->who.caller;
    caller.function = function;
    caller.active = true;
    caller.inside = true;
    caller.factor = FACTOR_PASSKEY;
    caller.session = function == FUNCTION_ATTENDEE  ? SESSION_LINK
                     : function == FUNCTION_SERVICE ? SESSION_TOKEN
                                                    : SESSION_FULL;
    caller.scopes = UINT32_MAX;
    for (int kind = ACCESS_KIND_COUNT_ - 1; kind >= 0; kind--)
        if (access_function_fits(function, (enum access_kind)kind))
            caller.kind = (enum access_kind)kind;
    return caller;
}

/* Theirs in every way. */
static struct access_object best_object(const struct access_caller *caller)
{
    return (struct access_object){.organisation = caller->organisation, .owner = caller->person,
                                  .assigned = caller->person, .orphaned = true, .stage = STAGE_PROGRESS};
}

/* Not by a raise or a break-glass either, though one were in the rows. */
static bool granted(const struct call *call, enum access_right right, const struct access_object *object)
{
    struct instant begun = {call->now.us - MINUTE_US}, ends = {call->now.us + MINUTE_US};
    struct access_grant rows[2] = {0};
    for (int i = 0; i < 2; i++)
        rows[i] = (struct access_grant){
            .id = LIT("g_trial"), .account = call->who.caller.person, .organisation = call->who.caller.organisation,
            .cause = i == 0 ? CAUSE_RAISE : CAUSE_GLASS, .right = right, .reason = LIT("a trial of the table"),
            .approved_by = LIT("trial_approver"), .asked = begun, .from = begun, .until = ends};
    const struct access_grant_list grants = {rows, 2, 2};
    const struct access_ask ask = {call->who.caller, &grants, right, *object, call->now};
    return access_allows(&ask);
}

static bool is_word_of(struct slice word, struct slice words)
{
    while (words.len > 0) {
        size_t end = slice_find(words, LIT(" "), 0);
        if (slice_equal(slice_sub(words, 0, end), word))
            return true;
        words = end == SIZE_MAX ? SLICE_NONE : slice_sub(words, end + 1, SIZE_MAX);
    }
    return false;
}

/* "supervisor requests.read requests.edit": what a function may have at most, a line each; false: there is no line,
 * or the right is in it. */
static bool is_too_much(struct slice lines, enum access_function function, enum access_right right)
{
    struct slice line;
    while (slice_next_line(&lines, &line)) {
        size_t end = slice_find(line, LIT(" "), 0);
        if (slice_equal(slice_sub(line, 0, end), slice_from(access_function_name(function))))
            return !is_word_of(slice_from(access_right_name(right)), slice_sub(line, end, SIZE_MAX));
    }
    return false;
}

static enum status blame(struct probe *probe, const char *cause, enum access_function function, enum access_right right)
{
    probe_fact(probe, "function", "%s", access_function_name(function));
    probe_fact(probe, "right", "%s", access_right_name(right));
    return probe_fails(probe, cause);
}

/* Rights that are allowed are so in one way only: not for what is another's, over, or from outside. */
static enum status try_limits(struct call *call, enum access_right right, const char **cause)
{
    unsigned needs = access_right_needs(right);
    struct access_caller caller = call->who.caller;
    struct access_object object = best_object(&caller);
    if (needs & NEED_PROGRESS) {
        object.stage = STAGE_OVER;
        if (call_may(call, right, &object) == ST_OK)
            *cause = "closed_allowed";
        object.stage = STAGE_PROGRESS;
    }
    if (needs & NEED_NETWORK) {
        call->who.caller.inside = false;
        if (call_may(call, right, &object) == ST_OK)
            *cause = "outside_allowed";
    }
    call->who.caller = caller;
    call->who.caller.active = false;
    if (call_may(call, right, &object) == ST_OK)
        *cause = "ended_allowed";
    call->who.caller = caller;
    return ST_OK;
}

static enum status try_right(struct call *call, struct probe *probe, enum access_function function,
                             enum access_right right, size_t *refused, bool *done)
{
    struct access_object object = best_object(&call->who.caller);
    const char *cause = NULL;
    enum status status = call_may(call, right, &object);
    if (status != ST_OK && status != ST_DENIED)
        return status;
    bool has = access_function_has(function, right);
    if (!has && (status == ST_OK || granted(call, right, &object)))
        cause = "right_not_had";
    else if (has && is_too_much(probe_argument(probe), function, right))
        cause = "more_than_needed";
    else
        TRY(try_limits(call, right, &cause));
    *refused += !has;
    *done = cause != NULL;
    return cause == NULL ? ST_OK : blame(probe, cause, function, right);
}

static enum status try_rights(struct call *call, struct probe *probe)
{
    struct account person;
    size_t tried = 0, refused = 0;
    bool done = false;
    TRY(made_up_person(call, "organizer", &person));
    for (int function = FUNCTION_NONE + 1; function < FUNCTION_COUNT_; function++) {
        call->who.caller = best_caller(call, (enum access_function)function);
        for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT_; right++, tried++) {
            TRY(try_right(call, probe, (enum access_function)function, (enum access_right)right, &refused, &done));
            if (done)
                return ST_OK;
        }
    }
    probe_fact(probe, "tried", "%zu", tried);
    probe_fact(probe, "refused", "%zu", refused);
    return probe_holds(probe);
}

static enum status rights(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_rights, why);
}

void authd_rights_probe(struct role *role, struct authd **authd)
{
    role_on_probe(role, "rights", rights, authd);
}
