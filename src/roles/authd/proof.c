/* Proving once more who one is, in a session that goes on: before factors change and tokens are made
 * (doc/identity.md, "A fresh proof"). The steps are those of a login; what begins with them is not
 * a session, but the next five minutes of this one. */
#include "roles/authd/passkeys.h"
#include "roles/authd/sso.h"

enum { FLOW_MINUTES = 10 };

enum status need_proof(struct call *call)
{
    const struct session *session = &call->who.session;
    if (session->kind == SESSION_KIND_ENROLMENT ||
        call->now.us - session->proved.us < PROOF_MINUTES * MINUTE_US)
        return ST_OK;
    return refuse(call, ST_DENIED, "proof", "show once more that it is you, then ask again");
}

/* Where somebody may prove it who signs in by single sign-on: at the providers that know them. */
static enum status providers_of(struct call *call, const struct factor_list *list, json_t **out)
{
    AUTO_JSON rows = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const struct factor *factor = &list->items[i];
        struct factor_details details;
        if (factor->kind != FACTOR_KIND_SSO || factor->state != FACTOR_ACTIVE)
            continue;
        TRY(open_row(call->authd, call->who.organisation, IDENTITY_FACTOR, factor->id,
                     factor->details, &factor_details_record, call->arena, &details, &call->why));
        json_array_append_new(rows, json_pack("{s:o, s:o}", "id", json_from_text(details.provider),
                                              "name", json_from_text(details.name)));
    }
    *out = json_incref(rows);
    return ST_OK;
}

static enum status begin_flow(struct call *call, struct flow_details *details, struct slice *text)
{
    struct account_details person;
    struct flow flow = {.kind = FLOW_PROOF, .account = call->who.account.id, .step = LIT("start"),
                        .begun = call->now, .ends = {call->now.us + FLOW_MINUTES * MINUTE_US}};
    unsigned char *challenge = arena_alloc(call->arena, TOKEN_RANDOM_BYTES);
    TRY(open_account(call->authd, &call->who.account, call->arena, &person, &call->why));
    vault_random(challenge, TOKEN_RANDOM_BYTES);
    details->challenge = (struct slice){(char *)challenge, TOKEN_RANDOM_BYTES};
    details->renews = call->who.session.id;
    details->address = person.address;
    *text = new_token("", call->arena, &flow.id_hash);
    TRY(flow_seal(call, &flow, details));
    return identity_add_flow(call->authd->identity, &flow, &call->why);
}

/* What this person can show; passkeys are not listed, as in a login. */
enum status proof_start(struct call *call)
{
    struct factor_list list;
    struct factor_set set;
    struct flow_details details = {0};
    struct slice text;
    json_t *providers;
    bool exclusive;
    TRY(count_use(call, "start"));
    TRY(begin_flow(call, &details, &text));
    TRY(factors_of(call, call->who.account.id, &list, &set));
    TRY(sso_is_exclusive(call, &call->who.account, &exclusive));
    TRY(providers_of(call, &list, &providers));
    call->out = json_pack("{s:o, s:o, s:b, s:b, s:b, s:o}", "flow", json_from_text(text),
                          "public_key", passkey_request(call, details.challenge), "passkey",
                          set.passkey && !exclusive, "code", set.password && set.code && !exclusive,
                          "recovery", set.password && set.recovery && !exclusive, "providers",
                          providers);
    return ST_OK;
}

/* The session goes on under another token: whoever had the one before has nothing (ASVS 7.2.4). */
static enum status prove_session(struct call *call, const char *factor)
{
    const struct session *session = &call->who.session;
    struct slice hash;
    bool exclusive;
    TRY(sso_is_exclusive(call, &call->who.account, &exclusive));
    if (exclusive)
        return refuse(call, ST_DENIED, "sso_only", "prove it at your organisation's provider");
    call->answer.session = new_token("", call->arena, &hash);
    TRY(identity_prove_session(call->authd->identity, session->id, hash, call->now, &call->why));
    return note(call, "session.state.proved", "account=%.*s session=%.*s factor=%s",
                SLICE_ARG(session->account), SLICE_ARG(session->id), factor);
}

enum status proof_passkey(struct call *call)
{
    struct account account;
    TRY(try_passkey(call, FLOW_PROOF, &account));
    return prove_session(call, "passkey");
}

enum status proof_password(struct call *call)
{
    return try_password(call, FLOW_PROOF);
}

enum status proof_code(struct call *call)
{
    struct account account;
    TRY(try_code(call, FLOW_PROOF, &account));
    return prove_session(call, "password+code");
}

enum status proof_recovery(struct call *call)
{
    struct account account;
    TRY(try_recovery(call, FLOW_PROOF, &account));
    return prove_session(call, "password+recovery");
}
