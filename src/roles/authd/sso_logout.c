/* Ends of sessions between us and providers, and which providers there are. */
#include "formats/http/http.h"
#include "platform/jose/oidc.h"
#include "roles/authd/sso_internal.h"

/* RP-Initiated Logout 1.0, section 2, without an ID token as a hint: that would put a person's
 * name and address into a URL. The provider may ask whether they meant it. */
struct slice sso_logout_url(struct call *call, const struct sso_use *use)
{
    struct slice endpoint = call->sso.end_session_endpoint;
    AUTO_BUFFER url = buffer_create((size_t)16 << 10);
    if (endpoint.len == 0)
        return SLICE_NONE;
    buffer_add(&url, endpoint);
    if (!slice_contains(endpoint, LIT("?")))
        buffer_add_char(&url, '?');
    http_form_add(&url, "client_id", use->details.client);
    http_form_add(&url, "post_logout_redirect_uri",
                  arena_format(call->arena, "%.*s/account", SLICE_ARG(call->authd->options.public_url)));
    return url.full ? SLICE_NONE : arena_copy(call->arena, buffer_slice(&url));
}

/* Of somebody else: it is none of theirs, and stays. */
enum status sso_end_renewed(struct call *call, const struct account *account, struct slice id)
{
    struct problem why;
    if (id.len == 0)
        return ST_OK;
    enum status ended = identity_end_session(call->authd->identity, id, account->id, &why);
    if (ended == ST_NOT_FOUND)
        return ST_OK;
    if (ended != ST_OK)
        return problem_set(&call->why, ended, "%s", why.detail);
    TRY(note(call, "session.state.ended", "account=%.*s session=%.*s cause=renewed",
             SLICE_ARG(account->id), SLICE_ARG(id)));
    return tell_ended(call, account, id, "session");
}

/* Back-channel logout: no browser comes with it, only the token speaks. */

struct logging_out {
    struct sso_use use;
    struct slice token;
};

static bool is_in(const struct slice_list *list, struct slice text)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i], text))
            return true;
    return false;
}

/* Several organisations may have one issuer; each has a client of its own there. */
static enum status find_addressee(struct call *call, struct slice issuer,
                                  const struct slice_list *audience, struct sso_use *out)
{
    struct identity_provider_list list;
    TRY(identity_list_issuer(call->authd->identity, issuer, call->arena, &list, &call->why));
    for (size_t i = 0; i < list.count; i++)
        if (sso_load_provider(call, list.items[i].id, out) == ST_OK &&
            is_in(audience, out->details.client))
            return ST_OK;
    return refuse(call, ST_INVALID, "sso_failed", "no provider of ours is spoken of");
}

enum status sso_end_session(struct call *call, const struct session *session)
{
    struct account account;
    TRY(identity_load_account(call->authd->identity, session->account, call->arena, &account, &call->why));
    TRY(identity_end_session(call->authd->identity, session->id, session->account, &call->why));
    TRY(note(call, "session.state.ended", "account=%.*s session=%.*s cause=provider",
             SLICE_ARG(session->account), SLICE_ARG(session->id)));
    return tell_ended(call, &account, session->id, "session");
}

/* By the provider's session; by the subject all that began there; with both, what both say. */
static enum status list_ended(struct call *call, const struct sso_use *use,
                              struct session_list *out)
{
    struct identity *identity = call->authd->identity;
    struct slice provider = use->row.id;
    struct factor factor = {0};
    *out = (struct session_list){0};
    if (call->sso.subject.len > 0) {
        enum status status = identity_find_factor(
            identity, sso_subject_hash(call, provider, call->sso.subject), call->arena, &factor, &call->why);
        if (status == ST_NOT_FOUND)
            return ST_OK;
        TRY(status);
    }
    struct session_list found;
    if (call->sso.session.len > 0)
        TRY(identity_list_provider_sessions(identity, provider,
                                            hash_of(call->authd, "provider session", call->sso.session, call->arena),
                                            call->arena, &found, &call->why));
    else
        TRY(identity_list_sessions(identity, factor.account, call->arena, &found, &call->why));
    for (size_t i = 0; i < found.count; i++)
        if (slice_equal(found.items[i].provider, provider) &&
            (factor.account.len == 0 || slice_equal(found.items[i].account, factor.account)))
            ARENA_PUSH(call->arena, out, found.items[i]);
    return ST_OK;
}

static enum status end_sessions(struct call *call)
{
    struct logging_out *own = call->own;
    struct session_list ended;
    if (call->sso.status != ST_OK)
        return refuse(call, call->sso.status == ST_UNAVAILABLE ? ST_UNAVAILABLE : ST_INVALID,
                      "sso_failed", "the logout token does not hold");
    struct slice id = digest_of(call->sso.token_id, call->arena);
    enum status status = identity_take_logout(call->authd->identity, own->use.row.id, id,
                                              call->sso.ends, call->now, &call->why);
    if (status == ST_CONFLICT)
        return refuse(call, ST_INVALID, "sso_failed", "the logout token was used");
    TRY(status);
    TRY(list_ended(call, &own->use, &ended));
    for (size_t i = 0; i < ended.count; i++)
        TRY(sso_end_session(call, &ended.items[i]));
    return ST_OK;
}

enum status sso_backchannel(struct call *call)
{
    struct logging_out *own = ARENA_NEW(call->arena, struct logging_out);
    struct slice_list audience;
    struct slice issuer;
    call->own = own;
    own->token = json_text(call->in, "logout_token");
    if (oidc_token_peek(own->token, call->arena, &issuer, &audience, &call->why) != ST_OK)
        return refuse(call, ST_INVALID, "sso_failed", "no logout token");
    TRY(find_addressee(call, issuer, &audience, &own->use));
    struct sso_ask ask = sso_ask_of(&own->use, SSO_LOGOUT);
    ask.token = own->token;
    return call_sso(call, &ask, end_sessions);
}

/* Which providers there are */

enum status sso_providers(struct call *call, struct slice address, json_t **out)
{
    AUTO_JSON list = json_array();
    struct identity_provider_list all;
    TRY(identity_list_providers(call->authd->identity, SLICE_NONE, call->arena, &all, &call->why));
    for (size_t i = 0; i < all.count; i++) {
        struct sso_use use;
        if (!sso_is_of_domain(all.items[i].domains, address))
            continue;
        if (sso_load_provider(call, all.items[i].id, &use) != ST_OK)
            continue; /* of an organisation that has ended */
        json_t *item = json_object();
        json_object_set_new(item, "id", json_from_text(use.row.id));
        json_object_set_new(item, "name", json_from_text(use.details.name));
        json_array_append_new(list, item);
    }
    *out = list;
    list = NULL;
    return ST_OK;
}

enum status sso_is_exclusive(struct call *call, const struct account *account, bool *exclusive)
{
    struct identity_provider_list list;
    *exclusive = false;
    if (slice_equal(account->function, LIT("operator")))
        return ST_OK;
    TRY(identity_list_providers(call->authd->identity, account->organisation, call->arena, &list,
                                &call->why));
    for (size_t i = 0; i < list.count; i++)
        *exclusive |= list.items[i].exclusive != 0;
    return ST_OK;
}
