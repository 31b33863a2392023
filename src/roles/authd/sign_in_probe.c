/* Trials of signing in, by made-up people: with one factor, with codes that do not count. */
#include "roles/authd/probes.h"
#include "roles/authd/trial_code.h"

enum { STEP_US = 30 * 1000000, TRIES_MAX = 40 };

static struct slice code_at(const struct call *call, struct slice secret, int64_t steps)
{
    return trial_code(secret, call->now.us / STEP_US + steps, call->arena);
}

/* One that counts for no step near now. */
static struct slice wrong_code(const struct call *call, struct slice secret)
{
    struct slice code;
    bool counts = true;
    for (unsigned number = 0; counts; number++) {
        code = arena_format(call->arena, "%06u", number);
        counts = false;
        for (int64_t steps = -2; steps <= 2; steps++)
            counts |= slice_equal(code, code_at(call, secret, steps));
    }
    return code;
}

/* A password that nobody knows: its comparison is answered here. */
static enum status add_password(struct call *call)
{
    struct factor factor = {.id = database_new_id("f", call->arena), .kind = FACTOR_KIND_PASSWORD,
                            .state = FACTOR_ACTIVE};
    TRY(add_factor(call, &factor, &(struct factor_details){.hash = LIT("trial")}));
    return factor_added(call, "password");
}

static enum status add_code(struct call *call, struct slice *secret)
{
    TRY(trial_ask(call, factor_code_start, json_object()));
    *secret = arena_copy(call->arena, json_text(call->out, "secret"));
    json_t *in = json_pack("{s:o, s:s}", "code", json_from_text(code_at(call, *secret, 0)), "name", "trial");
    TRY(trial_ask(call, factor_code_add, in));
    call->now.us += 2 * STEP_US; /* that step is used */
    return ST_OK;
}

enum status made_up_member(struct call *call, const char *function, struct account *out, struct slice *secret)
{
    TRY(made_up_person(call, function, out));
    TRY(add_password(call));
    TRY(add_code(call, secret));
    return identity_load_account(call->authd->identity, out->id, call->arena, out, &call->why);
}

/* A login up to its code; the password was right, or not. The next command has the code. */
static enum status log_in_to_code(struct call *call, bool right, struct slice *flow)
{
    TRY(trial_ask(call, login_start, json_object()));
    *flow = arena_copy(call->arena, json_text(call->out, "flow"));
    json_t *in = json_pack("{s:o, s:o, s:s}", "flow", json_from_text(*flow), "address",
                           json_from_text(LIT("trial@trial.example")), "password", "trial");
    TRY(trial_ask(call, login_password, in));
    call_fn *compared = call->then;
    if (compared == NULL)
        return problem_set(&call->why, ST_INVALID, "a password that is not compared");
    call->then = NULL;
    call->hash.status = ST_OK;
    call->hash.matches = right;
    return compared(call);
}

/* ST_DENIED, ST_LIMIT: refused. */
static enum status log_in(struct call *call, bool right, struct slice code)
{
    struct slice flow;
    call->answer.session = SLICE_NONE;
    TRY(log_in_to_code(call, right, &flow));
    return trial_ask(call, login_code, json_pack("{s:o, s:o}", "flow", json_from_text(flow), "code",
                                                 json_from_text(code)));
}

static bool is_refusal(enum status status)
{
    return status == ST_DENIED || status == ST_LIMIT;
}

/* "codes": each must be refused but for the good one, by the commands of a login. */
static const struct {
    const char *cause;
    int64_t steps;
    bool wrong, wrong_password, good;
} tried_codes[] = {
    {"wrong_taken", 0, .wrong = true},
    {"late_taken", -20},
    {"early_taken", 20},
    {"password_ignored", 0, .wrong_password = true},
    {"good_refused", 0, .good = true},
    {"twice_taken", 0},
    {"earlier_taken", -1},
};
enum { TRIED_CODES = sizeof tried_codes / sizeof *tried_codes };

/* Who guesses is stopped before they have tried much. */
static enum status guess(struct call *call, struct probe *probe, struct slice secret)
{
    enum status status = ST_DENIED;
    unsigned tries = 0;
    call->now.us += 2 * STEP_US;
    while (status == ST_DENIED && tries++ < TRIES_MAX)
        status = log_in(call, true, wrong_code(call, secret));
    probe_fact(probe, "guesses", "%u", tries - 1);
    if (status == ST_OK)
        return probe_fails(probe, "wrong_taken");
    if (status == ST_DENIED)
        return probe_fails(probe, "guesses_unlimited");
    return status == ST_LIMIT ? probe_holds(probe) : status;
}

static enum status try_codes(struct call *call, struct probe *probe)
{
    struct account person;
    struct slice secret;
    TRY(made_up_member(call, "organizer", &person, &secret));
    for (size_t i = 0; i < TRIED_CODES; i++) {
        struct slice code = tried_codes[i].wrong ? wrong_code(call, secret)
                                                 : code_at(call, secret, tried_codes[i].steps);
        enum status status = log_in(call, !tried_codes[i].wrong_password, code);
        if (status != ST_OK && !is_refusal(status))
            return status;
        if ((status == ST_OK) != tried_codes[i].good)
            return probe_fails(probe, tried_codes[i].cause);
    }
    probe_fact(probe, "tried", "%d", TRIED_CODES);
    return guess(call, probe, secret);
}

/* "one_factor" */

enum status trial_caller(struct call *call, struct slice session)
{
    memset(&call->who, 0, sizeof call->who);
    call->credentials.session = session;
    return find_caller(call);
}

/* Whether the caller has any right, but for those of an enrolment where that is one. */
static enum status has_any_right(struct call *call, bool enrolment, bool *any)
{
    *any = false;
    for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT_ && !*any; right++) {
        if (enrolment && access_right_needs((enum access_right)right) & NEED_ENROLMENT)
            continue;
        enum status status = call_may(call, (enum access_right)right, NULL);
        if (status != ST_OK && status != ST_DENIED)
            return status;
        *any = status == ST_OK;
    }
    return ST_OK;
}

static enum status add_session_of(struct call *call, const struct account *person, const char *factor,
                                  struct slice *text)
{
    struct session session = {.id = database_new_id("u", call->arena), .account = person->id,
                              .kind = SESSION_KIND_FULL, .factor = slice_from(factor), .begun = call->now,
                              .seen = call->now, .proved = call->now, .ends = {call->now.us + DAY_US}};
    *text = new_token("", call->arena, &session.token_hash);
    TRY(seal_row(call->authd, call->who.organisation, IDENTITY_SESSION, session.id, &session_place_record,
                 &(struct session_place){0}, call->arena, &session.place, &call->why));
    return identity_add_session(call->authd->identity, &session, &call->why);
}

static enum status try_sessions_of_one(struct call *call, struct probe *probe, const struct account *person)
{
    static const char *const factors[] = {"password", "code", "recovery", "link", "none"};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        struct slice text;
        bool any;
        TRY(take_caller(call, person->id));
        TRY(add_session_of(call, person, factors[i], &text));
        TRY(trial_caller(call, text));
        TRY(has_any_right(call, false, &any));
        if (any)
            return probe_fails(probe, "one_factor_opens");
    }
    return ST_OK;
}

/* Who has but a password cannot begin a session; the one of a link does nothing but enrol. */
static enum status try_one_factor(struct call *call, struct probe *probe, struct account *person)
{
    bool any;
    TRY(add_password(call));
    enum status begun = begin_session(call, person, &(struct proof){.factor = "password+code"});
    if (begun == ST_OK)
        return probe_fails(probe, "one_factor_suffices");
    if (!is_refusal(begun))
        return begun;
    TRY(begin_enrolment(call, person, &(struct proof){.factor = "link"}));
    TRY(trial_caller(call, call->answer.session));
    TRY(has_any_right(call, true, &any));
    return any ? probe_fails(probe, "enrolment_opens") : ST_OK;
}

/* After a right password alone there is nothing that opens anything. */
static enum status try_password_alone(struct call *call, struct probe *probe, struct slice secret)
{
    struct slice flow;
    bool any;
    call->answer.session = SLICE_NONE;
    TRY(log_in_to_code(call, true, &flow));
    TRY(trial_caller(call, call->answer.session.len > 0 ? call->answer.session : flow));
    TRY(has_any_right(call, false, &any));
    if (any)
        return probe_fails(probe, "password_opens");
    enum status status = log_in(call, true, wrong_code(call, secret));
    if (status == ST_OK)
        return probe_fails(probe, "password_opens");
    TRY(is_refusal(status) ? ST_OK : status);
    status = log_in(call, true, code_at(call, secret, 0));
    TRY(status == ST_OK || is_refusal(status) ? ST_OK : status);
    return status == ST_OK ? ST_OK : probe_fails(probe, "both_refused");
}

/* Those that there are. */
static enum status look_at_sessions(struct call *call, struct probe *probe)
{
    struct session_list list;
    TRY(identity_list_all_sessions(call->authd->identity, call->now, call->arena, &list, &call->why));
    probe_fact(probe, "sessions", "%zu", list.count);
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind == SESSION_KIND_FULL && session_factor(list.items[i].factor) == FACTOR_NONE)
            return probe_fails(probe, "one_factor_session");
    return ST_OK;
}

static enum status try_one(struct call *call, struct probe *probe)
{
    struct account person;
    struct slice secret;
    TRY(look_at_sessions(call, probe));
    TRY(made_up_person(call, "organizer", &person));
    TRY(try_one_factor(call, probe, &person));
    TRY(take_caller(call, person.id));
    TRY(add_code(call, &secret));
    TRY(try_password_alone(call, probe, secret));
    TRY(try_sessions_of_one(call, probe, &person));
    return probe_holds(probe);
}

static enum status codes(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_codes, why);
}

static enum status one_factor(struct probe *probe, void *context, struct problem *why)
{
    return authd_try(*(struct authd **)context, probe, try_one, why);
}

void authd_sign_in_probes(struct role *role, struct authd **authd)
{
    role_on_probe(role, "codes", codes, authd);
    role_on_probe(role, "one_factor", one_factor, authd);
}
