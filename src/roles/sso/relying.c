#include "roles/sso/relying.h"

#include <assert.h>
#include <stdlib.h>

#include "formats/http/http.h"
#include "roles/sso/providers.h"

enum {
    QUESTION_ARENA_BYTES = 512 * 1024,
    ASK_BYTES_MAX = 128 * 1024, /* of all that a question says */
};

/* One question, from asking to answer; `step` is what is next when the provider is ready. */
struct question {
    struct question *next;
    struct relying *relying;
    struct arena *arena; /* wiped */
    struct sso_ask ask;
    struct provider *provider;
    struct waiting waiting;
    void (*step)(struct question *question);
    struct fetch *fetch; /* at the token endpoint */
    struct oidc_tokens tokens;
    bool asked_again;
    relying_done_fn *done;
    void *context;
};

struct relying {
    struct loop *loop;
    struct providers *providers;
    struct question *questions;
    size_t count;
};

enum status relying_create(struct loop *loop, struct relying **out, struct problem *why)
{
    struct relying *relying = must_calloc(1, sizeof *relying);
    relying->loop = loop;
    enum status status = providers_create(loop, &relying->providers, why);
    if (status != ST_OK) {
        free(relying);
        return status;
    }
    *out = relying;
    return ST_OK;
}

static void forget(struct question *question)
{
    struct relying *relying = question->relying;
    for (struct question **at = &relying->questions; *at != NULL; at = &(*at)->next)
        if (*at == question) {
            *at = question->next;
            relying->count--;
            break;
        }
    fetch_cancel(&question->fetch);
    struct arena *arena = question->arena;
    arena_destroy(&arena);
}

void relying_destroy(struct relying **out)
{
    struct relying *relying = *out;
    if (relying == NULL)
        return;
    while (relying->questions != NULL)
        forget(relying->questions);
    providers_destroy(&relying->providers);
    free(relying);
    *out = NULL;
}

/* Ends */

static void finish(struct question *question, const struct sso_answer *answer)
{
    relying_done_fn *done = question->done;
    void *context = question->context;
    if (question->provider != NULL)
        provider_release(question->provider);
    done(context, answer);
    forget(question);
}

static void fail(struct question *question, enum status status, const struct problem *why)
{
    struct sso_answer answer = {.status = status, .problem = slice_from(why->detail)};
    finish(question, &answer);
}

static struct sso_answer describe(struct question *question)
{
    const struct oidc_document *document = provider_document(question->provider);
    struct sso_answer answer = {
        .authorization_endpoint = document->authorization_endpoint,
        .end_session_endpoint = document->end_session_endpoint,
        .issuer_parameter = document->issuer_parameter,
        .backchannel = document->backchannel_logout,
    };
    for (unsigned alg = JOSE_NO_ALG + 1; alg < JOSE_ALG_COUNT_; alg++)
        if ((document->algs & JOSE_ALG_BIT(alg)) != 0)
            ARENA_PUSH(question->arena, &answer.algs, slice_from(jose_alg_name(alg)));
    return answer;
}

/* Steps */

static void provider_ready(void *context, enum status status, const struct problem *why)
{
    struct question *question = context;
    if (status != ST_OK)
        fail(question, status, why);
    else
        question->step(question);
}

static void need(struct question *question, enum provider_part part, bool anew,
                 void (*step)(struct question *question))
{
    question->step = step;
    question->waiting = (struct waiting){NULL, provider_ready, question};
    provider_need(question->provider, part, anew, &question->waiting);
}

static enum status check_id_token(struct question *question, struct sso_answer *answer,
                                  struct problem *why)
{
    const struct sso_ask *ask = &question->ask;
    struct id_claims claims;
    struct id_token_rules rules = {
        .issuer = ask->provider.issuer,
        .client = ask->provider.client,
        .nonce = ask->nonce,
        .access_token = question->tokens.access_token,
        .acr = ask->provider.acr,
        .amr = ask->provider.amr,
        .max_age_s = ask->provider.max_age_s > 0 ? ask->provider.max_age_s : -1,
        .algs = provider_document(question->provider)->algs,
        .now = loop_moment(question->relying->loop)->now,
    };
    TRY(oidc_id_token_check(question->tokens.id_token, provider_keys(question->provider), &rules,
                            question->arena, &claims, why));
    *answer = (struct sso_answer){
        .end_session_endpoint = provider_document(question->provider)->end_session_endpoint,
        .subject = claims.subject,
        .session = claims.session,
        .email = claims.email,
        .email_verified = claims.email_verified,
        .email_unverified = claims.email_unverified,
        .acr = claims.acr,
        .amr = claims.amr,
    };
    return ST_OK;
}

static enum status check_logout_token(struct question *question, struct sso_answer *answer,
                                      struct problem *why)
{
    struct logout_claims claims;
    struct logout_rules rules = {
        .issuer = question->ask.provider.issuer,
        .client = question->ask.provider.client,
        .algs = provider_document(question->provider)->algs,
        .now = loop_moment(question->relying->loop)->now,
    };
    TRY(oidc_logout_token_check(question->ask.token, provider_keys(question->provider), &rules,
                                question->arena, &claims, why));
    *answer = (struct sso_answer){
        .subject = claims.subject,
        .session = claims.session,
        .token_id = claims.id,
        .ends = claims.ends,
    };
    return ST_OK;
}

/* A key that is not there may have come since: once for a question. */
static void check_token(struct question *question)
{
    struct sso_answer answer = {0};
    struct problem why = {0};
    enum status status = question->ask.question == SSO_REDEEM
                             ? check_id_token(question, &answer, &why)
                             : check_logout_token(question, &answer, &why);
    if (status == ST_NOT_FOUND && !question->asked_again &&
        provider_asks_again(question->provider)) {
        question->asked_again = true;
        need(question, PROVIDER_KEYS, true, check_token);
        return;
    }
    if (status == ST_OK)
        finish(question, &answer);
    else
        fail(question, status == ST_NOT_FOUND ? ST_DENIED : status, &why);
}

static void tokens_fetched(void *context, enum status status, uint32_t code, struct slice body,
                           const struct problem *fetch_why)
{
    struct question *question = context;
    struct problem why = *fetch_why;
    question->fetch = NULL;
    if (status == ST_OK)
        status = oidc_answer_parse(code, body, question->arena, &question->tokens, &why);
    if (status != ST_OK)
        fail(question, status, &why);
    else
        need(question, PROVIDER_KEYS, false, check_token);
}

/* RFC 6749 sections 4.1.3 and 2.3.1, RFC 7636 section 4.5. */
static void redeem(struct question *question)
{
    const struct sso_ask *ask = &question->ask;
    const struct oidc_document *document = provider_document(question->provider);
    struct problem why = {0};
    AUTO_BUFFER form = buffer_create(ASK_BYTES_MAX * 3);
    http_form_add(&form, "grant_type", LIT("authorization_code"));
    http_form_add(&form, "code", ask->code);
    http_form_add(&form, "redirect_uri", ask->redirect);
    http_form_add(&form, "code_verifier", ask->verifier);
    struct fetch_request request = {
        .url = document->token_endpoint,
        .body_bytes_max = OIDC_ANSWER_BYTES_MAX,
    };
    if (document->basic) {
        request.user = http_form_escape(ask->provider.client, question->arena);
        request.password = http_form_escape(ask->provider.secret, question->arena);
    } else {
        http_form_add(&form, "client_id", ask->provider.client);
        http_form_add(&form, "client_secret", ask->provider.secret);
    }
    request.form = buffer_slice(&form);
    enum status status = fetch_begin(providers_transfers(question->relying->providers),
                                     provider_rules(question->provider), &request, tokens_fetched,
                                     question, &question->fetch, &why);
    buffer_wipe(&form);
    if (status != ST_OK)
        fail(question, status, &why);
}

static void answer_discovery(struct question *question)
{
    struct sso_answer answer = describe(question);
    finish(question, &answer);
}

static void answer_check(struct question *question)
{
    struct sso_answer answer = describe(question);
    answer.keys = (uint32_t)jose_keys_count(provider_keys(question->provider));
    finish(question, &answer);
}

static void check_keys(struct question *question)
{
    need(question, PROVIDER_KEYS, true, answer_check);
}

static void check_logout(struct question *question)
{
    need(question, PROVIDER_KEYS, false, check_token);
}

/* What comes behind the document, for each question. */
static void (*const steps[SSO_QUESTION_COUNT_])(struct question *question) = {
    [SSO_DISCOVER] = answer_discovery,
    [SSO_CHECK] = check_keys,
    [SSO_REDEEM] = redeem,
    [SSO_LOGOUT] = check_logout,
};

static enum status check_ask(const struct relying *relying, const struct sso_ask *ask,
                             struct problem *why)
{
    const struct sso_provider *provider = &ask->provider;
    if (relying->count >= RELYING_QUESTIONS_MAX)
        return problem_set(why, ST_UNAVAILABLE, "too many ask providers just now");
    if (steps[ask->question] == NULL)
        return problem_set(why, ST_INVALID, "sso: no question");
    if (!oidc_url_fits(provider->issuer, provider->loopback))
        return problem_set(why, ST_INVALID, "the issuer is no https URL");
    size_t bytes = provider->authority.len + ask->token.len + ask->code.len + ask->verifier.len +
                   ask->nonce.len + provider->secret.len + provider->client.len + ask->redirect.len;
    if (bytes > ASK_BYTES_MAX || provider->acr.count + provider->amr.count > 64)
        return problem_set(why, ST_LIMIT, "sso: the question is too long");
    return ST_OK;
}

void relying_ask(struct relying *relying, const struct sso_ask *ask, relying_done_fn *done,
                 void *context)
{
    struct problem why = {0};
    enum status status = check_ask(relying, ask, &why);
    if (status != ST_OK) {
        struct sso_answer answer = {.status = status, .problem = slice_from(why.detail)};
        done(context, &answer);
        return;
    }
    struct arena *arena = arena_create_wiped(QUESTION_ARENA_BYTES);
    struct question *question = ARENA_NEW(arena, struct question);
    *question = (struct question){.next = relying->questions, .relying = relying, .arena = arena,
                                  .done = done, .context = context};
    record_copy(&sso_ask_record, ask, arena, &question->ask);
    relying->questions = question;
    relying->count++;
    question->provider = provider_hold(relying->providers, &question->ask.provider);
    need(question, PROVIDER_DOCUMENT, ask->question == SSO_CHECK, steps[ask->question]);
}
