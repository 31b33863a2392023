/* Who asks: a session, a token, or nobody that we know. */
#include <string.h>

#include "roles/authd/internal.h"

enum {
    MINUTE_SEEN_US = 60 * 1000000, /* a session's and token's last use is noted no oftener */
    SESSION_TEXT_BYTES = 43,       /* 32 bytes in base64url */
};

enum status take_caller(struct call *call, struct slice id)
{
    struct authd *authd = call->authd;
    TRY(identity_load_account(authd->identity, id, call->arena, &call->who.account, &call->why));
    struct account *account = &call->who.account;
    TRY(get_organisation(authd, account->organisation, &call->who.organisation, &call->why));
    struct access_caller *caller = &call->who.caller;
    caller->person = account->id;
    caller->organisation = account->organisation;
    caller->inside =
        access_networks_hold(authd->options.networks, call->credentials.address);
    caller->active = account->state != ACCOUNT_ENDED && call->who.organisation->active &&
                     (account->ends.us == 0 || account->ends.us > call->now.us);
    if (!access_kind_from_name(call->who.organisation->kind, &caller->kind) ||
        !access_function_from_name(account->function, &caller->function))
        return problem_set(&call->why, ST_INVALID, "an account of no function");
    return ST_OK;
}

enum access_factor session_factor(struct slice words)
{
    static const struct {
        const char *words;
        enum access_factor factor;
    } rows[] = {
        {"passkey", FACTOR_PASSKEY},
        {"password+code", FACTOR_CODE},
        {"password+recovery", FACTOR_RECOVERY},
        {"sso", FACTOR_SSO},
        {"sso+code", FACTOR_SSO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_equal(words, slice_from(rows[i].words)))
            return rows[i].factor;
    return FACTOR_NONE;
}

struct instant session_end_at(const struct authd *authd, const struct session *session)
{
    int64_t idle = session->seen.us + authd->options.session_idle_minutes * MINUTE_US;
    return (struct instant){idle < session->ends.us ? idle : session->ends.us};
}

enum status become_caller(struct call *call, const struct session *session)
{
    bool full = session->kind == SESSION_KIND_FULL;
    TRY(take_caller(call, session->account));
    call->who.session = *session;
    call->who.caller.session = full ? SESSION_FULL : SESSION_ENROLMENT;
    call->who.caller.factor = session_factor(session->factor);
    call->who.caller.active &= !full || call->who.account.state == ACCOUNT_ACTIVE;
    return ST_OK;
}

static enum status find_by_session(struct call *call)
{
    struct session session;
    struct slice text = call->credentials.session;
    if (text.len != SESSION_TEXT_BYTES)
        return ST_OK;
    enum status status = identity_find_session(call->authd->identity, digest_of(text, call->arena),
                                               call->arena, &session, &call->why);
    if (status == ST_NOT_FOUND || (status == ST_OK && session_end_at(call->authd, &session).us <= call->now.us))
        return ST_OK;
    TRY(status);
    /* It is good where it began: on the pages, or in the console on its device. */
    call->misplaced = !slice_equal(session.device, call->device.certificate);
    if (call->misplaced)
        return ST_OK;
    TRY(become_caller(call, &session));
    if (call->quiet || call->now.us - session.seen.us < MINUTE_SEEN_US)
        return ST_OK;
    return identity_see_session(call->authd->identity, session.id, call->now, &call->why);
}

static uint32_t scopes_of(struct slice words)
{
    uint32_t scopes = 0;
    enum access_scope scope;
    while (words.len > 0) {
        size_t end = slice_find(words, LIT(" "), 0);
        struct slice word = slice_sub(words, 0, end == SIZE_MAX ? words.len : end);
        if (access_scope_from_name(word, &scope))
            scopes |= 1U << scope;
        words = slice_sub(words, end == SIZE_MAX ? words.len : end + 1, words.len);
    }
    return scopes;
}

static enum status find_by_token(struct call *call)
{
    struct token token;
    struct slice text = call->credentials.token;
    if (text.len == 0)
        return ST_OK;
    enum status status = identity_find_token(call->authd->identity, digest_of(text, call->arena),
                                             call->arena, &token, &call->why);
    if (status == ST_NOT_FOUND || (status == ST_OK && token.ends.us <= call->now.us))
        return ST_OK;
    TRY(status);
    TRY(take_caller(call, token.account));
    call->who.token = token;
    call->who.caller.session = SESSION_TOKEN;
    call->who.caller.scopes = scopes_of(token.scopes);
    call->who.caller.active &= call->who.account.state == ACCOUNT_ACTIVE;
    if (call->now.us - token.used.us < MINUTE_SEEN_US)
        return ST_OK;
    return identity_use_token(call->authd->identity, token.id, call->now, &call->why);
}

enum status find_caller(struct call *call)
{
    if (call->credentials.session.len > 0)
        return find_by_session(call);
    return find_by_token(call);
}
