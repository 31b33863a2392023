/* From nobody to a session. Whoever is not known takes the same path: the same look-ups, the same
 * hash, the same question to keyd; and whatever was wrong is told after the code, in one word. */
#include "domain/account/password.h"
#include "roles/authd/passkeys.h"
#include "roles/authd/sso.h"

enum { LOGIN_MINUTES = 10, ENROLMENT_HOURS = 1, FLOW_TEXT_BYTES = 43 };

enum status flow_seal(struct call *call, struct flow *flow, const struct flow_details *details)
{
    return seal_row(call->authd, NULL, IDENTITY_FLOW, identity_flow_row(flow->id_hash, call->arena),
                    &flow_details_record, details, call->arena, &flow->details, &call->why);
}

enum status flow_open(struct call *call, const struct flow *flow, struct flow_details *details)
{
    return open_row(call->authd, NULL, IDENTITY_FLOW, identity_flow_row(flow->id_hash, call->arena),
                    flow->details, &flow_details_record, call->arena, details, &call->why);
}

static enum status flow_over(struct call *call)
{
    return refuse(call, ST_CONFLICT, "flow", "that took too long, or was done already: begin again");
}

enum status take_named_flow(struct call *call, enum flow_kind kind, const char *step,
                            struct flow *flow, struct flow_details *details)
{
    struct slice text = json_text(call->in, "flow");
    enum status found = ST_NOT_FOUND;
    if (text.len == FLOW_TEXT_BYTES)
        found = identity_find_flow(call->authd->identity, digest_of(text, call->arena), call->arena,
                                   flow, &call->why);
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    if (found == ST_NOT_FOUND || flow->kind != kind || flow->ends.us <= call->now.us ||
        !slice_equal(flow->step, slice_from(step)))
        return flow_over(call);
    TRY(flow_open(call, flow, details));
    bool own = kind != FLOW_PROOF || (call->who.session.id.len > 0 &&
                                      slice_equal(details->renews, call->who.session.id));
    return own ? ST_OK : flow_over(call);
}

enum status login_start(struct call *call)
{
    unsigned char challenge[TOKEN_RANDOM_BYTES];
    struct flow flow = {.kind = FLOW_LOGIN, .step = LIT("start"), .begun = call->now,
                        .ends = {call->now.us + LOGIN_MINUTES * MINUTE_US}};
    TRY(count_use(call, "start"));
    vault_random(challenge, sizeof challenge);
    struct flow_details details = {.challenge = {(char *)challenge, sizeof challenge}};
    struct slice text = new_token("", call->arena, &flow.id_hash);
    TRY(flow_seal(call, &flow, &details));
    TRY(identity_add_flow(call->authd->identity, &flow, &call->why));
    json_t *providers;
    TRY(sso_providers(call, json_text(call->in, "address"), &providers));
    call->out = json_pack("{s:o, s:o, s:o}", "flow", json_from_text(text), "public_key",
                          passkey_request(call, details.challenge), "providers", providers);
    return ST_OK;
}

/* Password */

/* One login from the password on. */
struct login {
    struct flow flow;
    struct flow_details details;
};

static enum status find_person(struct call *call, struct slice hash, struct account *account)
{
    enum status found = identity_find_account(call->authd->identity, hash, call->arena, account, &call->why);
    if (found == ST_NOT_FOUND)
        *account = (struct account){0};
    return found == ST_NOT_FOUND ? ST_OK : found;
}

/* The hash to compare with: theirs, or nobody's. */
static enum status stored_hash(struct call *call, const struct account *account, bool *known,
                               struct slice *hash)
{
    struct authd *authd = call->authd;
    struct factor_list list;
    struct factor_details details;
    struct organisation *organisation = NULL;
    TRY(identity_list_factors(authd->identity, account->id, call->arena, &list, &call->why));
    const struct factor *factor = find_active_factor(&list, FACTOR_KIND_PASSWORD);
    *known = factor != NULL && account->state == ACCOUNT_ACTIVE;
    if (*known)
        TRY(get_organisation(authd, account->organisation, &organisation, &call->why));
    TRY(open_row(authd, organisation, IDENTITY_FACTOR, *known ? factor->id : LIT("nobody"),
                 *known ? factor->details : authd->nobody.password, &factor_details_record,
                 call->arena, &details, &call->why));
    *hash = details.hash;
    return ST_OK;
}

static enum status password_compared(struct call *call)
{
    struct login *login = call->own;
    if (call->hash.status != ST_OK)
        return problem_set(&call->why, call->hash.status, "the password cannot be compared now");
    login->details.right = login->details.right && call->hash.matches;
    login->flow.step = LIT("code");
    TRY(flow_seal(call, &login->flow, &login->details));
    if (identity_advance_flow(call->authd->identity, &login->flow, LIT("start"), &call->why) != ST_OK)
        return refuse(call, ST_CONFLICT, "flow", "begin again");
    call->out = json_pack("{s:s}", "next", "code");
    return ST_OK;
}

enum status try_password(struct call *call, enum flow_kind kind)
{
    struct login *login = ARENA_NEW(call->arena, struct login);
    struct slice password = json_text(call->in, "password");
    struct account account;
    struct whence place;
    bool known;
    TRY(take_named_flow(call, kind, "start", &login->flow, &login->details));
    TRY(count_use(call, "hash"));
    struct slice address = kind == FLOW_PROOF ? login->details.address : json_text(call->in, "address");
    struct slice who = hash_address(call->authd, address, call->arena), stored;
    if (who.len == 0 || password.len == 0 ||
        password_normal(password, call->arena, &password, NULL) != ST_OK)
        return refuse(call, ST_INVALID, "password", "an address and a password are needed");
    TRY(find_person(call, who, &account));
    TRY(find_whence(call, account.id, &place));
    TRY(may_try(call, who, &place));
    TRY(stored_hash(call, &account, &known, &stored));
    login->flow.account = known ? account.id : SLICE_NONE;
    login->details.address = address;
    login->details.right = known;
    call->own = login;
    return call_hash(call, password, stored, password_compared);
}

/* The second factor */

/* Whose login it is, and what of theirs is asked. */
struct second {
    struct flow flow;
    struct flow_details details;
    struct account account;
    struct slice who;
    struct whence place;
    const struct factor *factor; /* NULL: nobody's, or they have none */
};

static enum status begin_second(struct call *call, enum flow_kind flow, enum factor_kind kind,
                                struct second *second)
{
    struct identity *identity = call->authd->identity;
    struct factor_list list;
    TRY(take_named_flow(call, flow, "code", &second->flow, &second->details));
    second->who = hash_address(call->authd, second->details.address, call->arena);
    enum status found = identity_load_account(identity, second->flow.account, call->arena,
                                              &second->account, &call->why);
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    if (found == ST_NOT_FOUND)
        second->account = (struct account){0};
    TRY(find_whence(call, second->account.id, &second->place));
    TRY(may_try(call, second->who, &second->place));
    TRY(identity_list_factors(identity, second->account.id, call->arena, &list, &call->why));
    second->factor = find_active_factor(&list, kind);
    /* One answer to one login: whatever comes of it, this flow is over. */
    if (identity_end_flow(identity, second->flow.id_hash, &call->why) != ST_OK)
        return refuse(call, ST_CONFLICT, "flow", "begin again");
    call->keep = true;
    return ST_OK;
}

static enum status second_failed(struct call *call, const struct second *second, const char *kind)
{
    TRY(count_failure(call, second->who, &second->place));
    if (second->account.id.len > 0)
        TRY(note(call, "login.try.failed", "account=%.*s kind=%s familiar=%s",
                 SLICE_ARG(second->account.id), kind,
                 second->place.familiar_device    ? "device"
                 : second->place.familiar_network ? "network"
                                                   : "no"));
    else
        TRY(note(call, "login.try.failed", "account=none kind=%s familiar=no", kind));
    return refuse(call, ST_DENIED, "wrong", "address, password or code are not right");
}

enum status try_code(struct call *call, enum flow_kind kind, struct account *account)
{
    struct authd *authd = call->authd;
    struct second second;
    struct code_given given;
    TRY(begin_second(call, kind, FACTOR_KIND_CODE, &second));
    bool theirs = second.factor != NULL;
    struct code_ask ask = {
        .act = CODE_CHECK,
        .factor = theirs ? second.factor->id : LIT("nobody"),
        .sealed = theirs ? second.factor->secret.bytes : authd->nobody.code.bytes,
        .code = json_text(call->in, "code"),
        .at = call->now,
        .last_step = theirs ? second.factor->last_step : 0,
    };
    TRY(name_code_key(authd, theirs ? second.account.organisation : SLICE_NONE,
                      (struct sealed){ask.sealed}, call->arena, &ask, &call->why));
    TRY(ask_code(call, &ask, &given));
    if (given.status != ST_OK && given.status != ST_DENIED && theirs)
        return problem_set(&call->why, given.status, "keyd: %.*s", SLICE_ARG(given.problem));
    bool good = theirs && given.status == ST_OK && second.details.right;
    /* Once, whoever is faster; a code beside a wrong password is not spent. */
    enum status taken = identity_take_step(authd->identity, good ? second.factor->id : LIT("nobody"),
                                           (uint32_t)given.step, call->now, &call->why);
    if (taken != ST_OK && taken != ST_CONFLICT)
        return taken;
    if (!good || taken != ST_OK)
        return second_failed(call, &second, "code");
    *account = second.account;
    return ST_OK;
}

enum status try_recovery(struct call *call, enum flow_kind kind, struct account *account)
{
    struct identity *identity = call->authd->identity;
    struct second second;
    TRY(begin_second(call, kind, FACTOR_KIND_RECOVERY, &second));
    bool good = second.factor != NULL && second.details.right;
    struct slice hash = recovery_hash(call, json_text(call->in, "code"));
    enum status used = identity_use_recovery(identity, good ? second.factor->id : LIT("nobody"), hash,
                                             call->now, &call->why);
    if (used != ST_OK && used != ST_DENIED)
        return used;
    if (used != ST_OK)
        return second_failed(call, &second, "recovery");
    *account = second.account;
    return tell_notice(call, account, "account.recovery_used", "", SLICE_NONE);
}

enum status login_password(struct call *call)
{
    return try_password(call, FLOW_LOGIN);
}

enum status login_code(struct call *call)
{
    struct account account;
    TRY(try_code(call, FLOW_LOGIN, &account));
    return begin_session(call, &account, &(struct proof){.factor = "password+code"});
}

enum status login_recovery(struct call *call)
{
    struct account account;
    TRY(try_recovery(call, FLOW_LOGIN, &account));
    return begin_session(call, &account, &(struct proof){.factor = "password+recovery"});
}

/* Sessions begin */

static enum status add_session(struct call *call, const struct account *account,
                               struct organisation *organisation, struct session *session,
                               const struct proof *proof)
{
    struct session_place place = {.address = call->credentials.address,
                                  .agent = call->credentials.agent,
                                  .logout = proof->logout};
    session->id = database_new_id("u", call->arena);
    session->account = account->id;
    session->factor = slice_from(proof->factor);
    session->provider = proof->provider;
    session->begun = session->seen = call->now;
    session->device = call->device.certificate;
    session->proved = proof->unproved ? (struct instant){0} : call->now;
    if (proof->provider_session.len > 0)
        session->provider_session_hash =
            hash_of(call->authd, "provider session", proof->provider_session, call->arena);
    call->answer.session = new_token("", call->arena, &session->token_hash);
    TRY(seal_row(call->authd, organisation, IDENTITY_SESSION, session->id, &session_place_record,
                 &place, call->arena, &session->place, &call->why));
    TRY(identity_add_session(call->authd->identity, session, &call->why));
    return note(call, "session.state.begun", "account=%.*s session=%.*s factor=%s",
                SLICE_ARG(account->id), SLICE_ARG(session->id), proof->factor);
}

/* From now on this browser and this network are theirs; a browser that never was is told. */
static enum status note_whence(struct call *call, const struct account *account)
{
    struct identity *identity = call->authd->identity;
    struct whence place;
    struct slice unused;
    TRY(find_whence(call, account->id, &place));
    if (!place.familiar_device) {
        call->answer.device = new_token("", call->arena, &unused);
        place.device = hash_of(call->authd, "device", call->answer.device, call->arena);
        TRY(tell_notice(call, account, "account.new_session", "", SLICE_NONE));
    }
    TRY(identity_note_familiar(identity, account->id, "device", place.device, call->now, &call->why));
    if (place.network.len == 0)
        return ST_OK;
    return identity_note_familiar(identity, account->id, "network", place.network, call->now, &call->why);
}

static enum status answer_me(struct call *call, const struct session *session)
{
    json_t *me;
    TRY(become_caller(call, session));
    TRY(me_json(call, &me));
    call->out = json_pack("{s:o}", "me", me);
    return ST_OK;
}

/* Who can sign in needs the session of the link no more. */
static enum status end_enrolments(struct call *call, const struct account *account)
{
    struct session_list list;
    TRY(identity_list_sessions(call->authd->identity, account->id, call->arena, &list, &call->why));
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind == SESSION_KIND_ENROLMENT)
            TRY(identity_end_session(call->authd->identity, list.items[i].id, account->id, &call->why));
    return ST_OK;
}

enum status begin_session(struct call *call, const struct account *account, const struct proof *proof)
{
    struct account now;
    struct organisation *organisation;
    struct account_details details;
    struct session session = {.kind = SESSION_KIND_FULL};
    bool exclusive = false;
    TRY(load_account(call, account->id, &now, &organisation, &details));
    if (now.state != ACCOUNT_ACTIVE || !organisation->active ||
        (now.ends.us != 0 && now.ends.us <= call->now.us))
        return refuse(call, ST_DENIED, "wrong", "address, password or code are not right");
    if (proof->provider.len == 0)
        TRY(sso_is_exclusive(call, &now, &exclusive));
    if (exclusive)
        return refuse(call, ST_DENIED, "sso_only", "sign in with your organisation's provider");
    session.ends.us = call->now.us + call->authd->options.session_hours * 60 * MINUTE_US;
    TRY(end_enrolments(call, &now));
    TRY(add_session(call, &now, organisation, &session, proof));
    TRY(note_whence(call, &now));
    return answer_me(call, &session);
}

enum status begin_enrolment(struct call *call, const struct account *account,
                            const struct proof *proof)
{
    struct organisation *organisation;
    struct session session = {.kind = SESSION_KIND_ENROLMENT};
    size_t ended;
    TRY(get_organisation(call->authd, account->organisation, &organisation, &call->why));
    TRY(identity_end_sessions(call->authd->identity, account->id, SLICE_NONE, &ended, &call->why));
    session.ends.us = call->now.us + ENROLMENT_HOURS * 60 * MINUTE_US;
    TRY(add_session(call, account, organisation, &session, proof));
    return answer_me(call, &session);
}

/* Who was invited brings the link's token; the sessions that it opened before end. */
enum status enrolment_start(struct call *call)
{
    struct flow flow;
    struct account account;
    struct organisation *organisation;
    struct account_details details;
    struct slice text = json_text(call->in, "token");
    TRY(count_use(call, "enrolment"));
    enum status found = ST_NOT_FOUND;
    if (text.len == FLOW_TEXT_BYTES)
        found = identity_find_flow(call->authd->identity, digest_of(text, call->arena), call->arena,
                                   &flow, &call->why);
    if (found != ST_OK || flow.kind != FLOW_ENROLMENT || flow.ends.us <= call->now.us)
        return refuse(call, found == ST_UNAVAILABLE ? found : ST_DENIED, "link",
                      "this link has been used, or is too old: ask for another one");
    TRY(load_account(call, flow.account, &account, &organisation, &details));
    if (account.state != ACCOUNT_INVITED || !organisation->active)
        return refuse(call, ST_DENIED, "link", "this link has been used: ask for another one");
    return begin_enrolment(call, &account, &(struct proof){.factor = "link"});
}
