/* Signing in at an OpenID provider: there, and back. doc/identity.md, "Single sign-on". */
#include "roles/authd/sso.h"

#include <string.h>

#include "formats/http/http.h"
#include "platform/identity/providers.h"
#include "platform/jose/jose.h"
#include "roles/authd/sso_admin.h"
#include "roles/authd/sso_internal.h"

enum {
    FLOW_MINUTES = 10,
    TOKEN_TEXT_BYTES = 43,
    CODE_BYTES_MAX = 8 * 1024, /* of a provider; some put much into it */
};

static const struct slice begun = {"begun", 5}, redeeming = {"redeeming", 9};

enum status sso_load_provider(struct call *call, struct slice id, struct sso_use *out)
{
    struct authd *authd = call->authd;
    TRY(identity_load_provider(authd->identity, id, call->arena, &out->row, &call->why));
    TRY(get_organisation(authd, out->row.organisation, &out->organisation, &call->why));
    if (out->row.state != PROVIDER_ACTIVE || !out->organisation->active)
        return refuse(call, ST_NOT_FOUND, "sso_failed", "no such provider");
    return open_row(authd, out->organisation, IDENTITY_PROVIDER, id, out->row.details,
                    &provider_details_record, call->arena, &out->details, &call->why);
}

struct sso_ask sso_ask_of(const struct sso_use *use, enum sso_question question)
{
    return (struct sso_ask){
        .question = question,
        .provider = sso_provider_of(use->row.issuer, &use->details),
    };
}

static struct slice redirect_uri(struct call *call)
{
    return arena_format(call->arena, "%.*s/login/sso/callback", SLICE_ARG(call->authd->options.public_url));
}

static struct slice random_text(struct arena *arena)
{
    struct slice digest;
    return new_token("", arena, &digest);
}

/* There */

struct beginning {
    struct sso_use use;
};

static struct slice joined(const struct slice_list *words, struct arena *arena)
{
    struct slice text = SLICE_NONE;
    for (size_t i = 0; i < words->count; i++)
        text = i == 0 ? words->items[i]
                      : arena_format(arena, "%.*s %.*s", SLICE_ARG(text), SLICE_ARG(words->items[i]));
    return text;
}

/* Whoever is signed in here already comes to prove that it is still them: at the provider too. */
static int64_t max_age_of(const struct sso_use *use, const struct flow_details *flow)
{
    int64_t fresh_s = PROOF_MINUTES * 60, own_s = use->details.max_age_s;
    return flow->renews.len > 0 && (own_s == 0 || own_s > fresh_s) ? fresh_s : own_s;
}

static enum status authorization_url(struct call *call, const struct sso_use *use,
                                     const struct flow_details *flow, struct slice *out)
{
    struct slice endpoint = call->sso.authorization_endpoint, challenge;
    TRY(pkce_challenge(flow->verifier, call->arena, &challenge, &call->why));
    AUTO_BUFFER url = buffer_create((size_t)64 << 10);
    buffer_add(&url, endpoint);
    if (!slice_contains(endpoint, LIT("?")))
        buffer_add_char(&url, '?');
    http_form_add(&url, "response_type", LIT("code"));
    http_form_add(&url, "client_id", use->details.client);
    http_form_add(&url, "redirect_uri", redirect_uri(call));
    http_form_add(&url, "scope", LIT("openid email"));
    http_form_add(&url, "state", flow->state);
    http_form_add(&url, "nonce", flow->nonce);
    http_form_add(&url, "code_challenge", challenge);
    http_form_add(&url, "code_challenge_method", LIT("S256"));
    if (use->details.acr.count > 0)
        http_form_add(&url, "acr_values", joined(&use->details.acr, call->arena));
    int64_t max_age_s = max_age_of(use, flow);
    if (max_age_s > 0)
        http_form_add(&url, "max_age", arena_format(call->arena, "%lld", (long long)max_age_s));
    if (flow->renews.len > 0)
        http_form_add(&url, "prompt", LIT("login"));
    TRY(buffer_check(&url, "authorization URL", &call->why));
    *out = arena_copy(call->arena, buffer_slice(&url));
    return ST_OK;
}

/* What binds the browser is in its cookie, and what binds the answer in `state`; the database has
 * a digest of the one, and the other sealed. */
static enum status begin_at_provider(struct call *call)
{
    struct beginning *own = call->own;
    unsigned char random[PKCE_RANDOM_BYTES];
    struct slice url;
    if (call->sso.status != ST_OK)
        return refuse(call, call->sso.status, "sso_failed", "the provider cannot be asked just now");
    vault_random(random, sizeof random);
    struct flow_details details = {
        .provider = own->use.row.id,
        .state = random_text(call->arena),
        .nonce = random_text(call->arena),
        .verifier = pkce_verifier(random, call->arena),
        .names_issuer = call->sso.issuer_parameter,
        .renews = call->who.session.kind == SESSION_KIND_FULL ? call->who.session.id : SLICE_NONE,
        .address = call->credentials.address,
    };
    struct flow flow = {
        .kind = FLOW_SSO,
        .step = begun,
        .begun = call->now,
        .ends = {call->now.us + FLOW_MINUTES * MINUTE_US},
    };
    call->answer.flow = new_token("", call->arena, &flow.id_hash);
    TRY(flow_seal(call, &flow, &details));
    TRY(identity_add_flow(call->authd->identity, &flow, &call->why));
    TRY(authorization_url(call, &own->use, &details, &url));
    call->out = json_object();
    json_object_set_new(call->out, "location", json_from_text(url));
    return ST_OK;
}

enum status sso_begin(struct call *call)
{
    struct beginning *own = ARENA_NEW(call->arena, struct beginning);
    call->own = own;
    TRY(count_use(call, "start"));
    TRY(sso_load_provider(call, json_text(call->in, "provider"), &own->use));
    struct sso_ask ask = sso_ask_of(&own->use, SSO_DISCOVER);
    return call_sso(call, &ask, begin_at_provider);
}

/* And back */

struct coming_back {
    struct flow flow;
    struct flow_details details;
    struct sso_use use;
};

static enum status no_flow(struct call *call)
{
    return refuse(call, ST_DENIED, "sso_failed", "this browser did not begin that, or too long ago");
}

enum status sso_find_flow(struct call *call, struct slice step, struct flow *flow,
                          struct flow_details *details)
{
    struct slice text = call->credentials.flow;
    if (text.len != TOKEN_TEXT_BYTES)
        return no_flow(call);
    enum status status = identity_find_flow(call->authd->identity, digest_of(text, call->arena),
                                            call->arena, flow, &call->why);
    if (status == ST_NOT_FOUND || (status == ST_OK && (flow->kind != FLOW_SSO || flow->ends.us <= call->now.us ||
                                                       !slice_equal(flow->step, step))))
        return no_flow(call);
    TRY(status);
    return flow_open(call, flow, details);
}

static bool same_text(struct slice a, struct slice b)
{
    AUTO_SECRET first = secret_create((const unsigned char *)a.data, a.len);
    AUTO_SECRET second = secret_create((const unsigned char *)b.data, b.len);
    return secret_equal(first, second);
}

/* RFC 9207: the answer is of the provider that this flow went to, and not of another that wants
 * to have its code tried there (a mix-up). */
static enum status check_issuer(struct call *call, const struct coming_back *own,
                                const json_t *query)
{
    const json_t *issuer = json_object_get(query, "iss");
    if (issuer == NULL && !own->details.names_issuer)
        return ST_OK;
    if (slice_equal(json_text(query, "iss"), own->use.row.issuer))
        return ST_OK;
    return refuse(call, ST_DENIED, "sso_failed", "the answer is of another provider");
}

static enum status end_flow(struct call *call, struct slice id_hash)
{
    struct problem why;
    enum status status = identity_end_flow(call->authd->identity, id_hash, &why);
    return status == ST_NOT_FOUND ? ST_OK : status;
}

static enum status enter(struct call *call);

/* The state counts once: whoever comes with it a second time finds the flow further on. */
static enum status take_flow(struct call *call, struct coming_back *own)
{
    const json_t *query = json_object_get(call->in, "query");
    struct slice state = json_text(query, "state");
    TRY(sso_find_flow(call, begun, &own->flow, &own->details));
    if (state.len != TOKEN_TEXT_BYTES || !same_text(state, own->details.state))
        return refuse(call, ST_DENIED, "sso_failed", "this browser did not ask for that");
    own->flow.step = redeeming;
    call->keep = true;
    TRY(identity_advance_flow(call->authd->identity, &own->flow, begun, &call->why));
    TRY(sso_load_provider(call, own->details.provider, &own->use));
    return check_issuer(call, own, query);
}

enum status sso_callback(struct call *call)
{
    const json_t *query = json_object_get(call->in, "query");
    struct coming_back *own = ARENA_NEW(call->arena, struct coming_back);
    struct slice code = json_text(query, "code");
    call->own = own;
    TRY(take_flow(call, own));
    if (json_object_get(query, "error") != NULL || code.len == 0 || code.len > CODE_BYTES_MAX)
        return refuse(call, ST_DENIED, "sso_failed", "the provider let nobody in");
    struct sso_ask ask = sso_ask_of(&own->use, SSO_REDEEM);
    ask.code = code;
    ask.redirect = redirect_uri(call);
    ask.verifier = own->details.verifier;
    ask.nonce = own->details.nonce;
    ask.provider.max_age_s = max_age_of(&own->use, &own->details);
    return call_sso(call, &ask, enter);
}

/* The flow of our own code: another cookie, as this one has been to the provider and back. */
static enum status ask_second(struct call *call, const struct account *account,
                              const struct proof *proof, struct slice renews)
{
    struct flow flow = {
        .kind = FLOW_SSO,
        .account = account->id,
        .step = sso_step_code,
        .begun = call->now,
        .ends = {call->now.us + FLOW_MINUTES * MINUTE_US},
    };
    struct flow_details details = {
        .provider = proof->provider,
        .session = proof->provider_session,
        .logout = proof->logout,
        .renews = renews,
        .address = call->credentials.address,
    };
    call->answer.flow = new_token("", call->arena, &flow.id_hash);
    TRY(flow_seal(call, &flow, &details));
    TRY(identity_add_flow(call->authd->identity, &flow, &call->why));
    call->out = json_object();
    json_object_set_new(call->out, "next", json_string("code"));
    return ST_OK;
}

/* A provider that vouches for two factors opens the session; else our own code is asked too, and
 * who was invited and has none yet may enrol one. */
static enum status enter(struct call *call)
{
    struct coming_back *own = call->own;
    struct account account;
    call->keep = true;
    TRY(end_flow(call, own->flow.id_hash));
    if (call->sso.status != ST_OK)
        return refuse(call, call->sso.status == ST_UNAVAILABLE ? ST_UNAVAILABLE : ST_DENIED,
                      "sso_failed", "the provider's answer does not hold");
    TRY(sso_find_account(call, &own->use, &account));
    struct slice renews = own->details.renews;
    struct proof proof = {"sso", own->use.row.id, call->sso.session, sso_logout_url(call, &own->use),
                          .unproved = renews.len == 0};
    if (sso_vouches(&own->use)) {
        TRY(sso_end_renewed(call, &account, renews));
        return begin_session(call, &account, &proof);
    }
    if (account.state == ACCOUNT_INVITED)
        return begin_enrolment(call, &account, &proof);
    return ask_second(call, &account, &proof, renews);
}
