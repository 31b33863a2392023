/* Whose account somebody is who comes from a provider, and their session. */
#include "base/eventlog/eventlog.h"
#include "roles/authd/sso_internal.h"

enum { CODE_TRIES_MAX = 5 };

const struct slice sso_step_code = {"code", 4};

struct slice sso_subject_hash(struct call *call, struct slice provider, struct slice subject)
{
    return hash_of(call->authd, "subject",
                   arena_format(call->arena, "%.*s:%.*s", SLICE_ARG(provider), SLICE_ARG(subject)),
                   call->arena);
}

/* One answer for all whom we do not know, who are of another organisation, or gone: a page says
 * no more than that nobody was let in, the event says why. */
static enum status nobody(struct call *call, const char *detail)
{
    enum status status = refuse(call, ST_DENIED, "sso_nobody", detail);
    event_log(EVENT_NEWCOMER_REFUSED, field_problem(&call->why));
    return status;
}

bool sso_vouches(const struct sso_use *use)
{
    return use->details.acr.count + use->details.amr.count > 0;
}

bool sso_is_of_domain(struct slice domains, struct slice address)
{
    size_t at = slice_find(address, LIT("@"), 0);
    struct slice domain = at == SIZE_MAX ? SLICE_NONE : slice_sub(address, at + 1, address.len);
    if (slice_contains(domain, LIT("@")))
        return false;
    while (domain.len > 0 && domains.len > 0) {
        size_t end = slice_find(domains, LIT(" "), 0);
        if (slice_equal_nocase(slice_sub(domains, 0, end), domain))
            return true;
        domains = end == SIZE_MAX ? SLICE_NONE : slice_sub(domains, end + 1, domains.len);
    }
    return false;
}

static bool may_enter(const struct call *call, const struct account *account,
                      const struct sso_use *use)
{
    return account->kind == ACCOUNT_PERSON && account->state != ACCOUNT_ENDED &&
           slice_equal(account->organisation, use->row.organisation) &&
           (account->ends.us == 0 || account->ends.us > call->now.us);
}

/* An address that the provider gave to somebody else since must not open what is theirs. */
static enum status check_no_other(struct call *call, const struct sso_use *use,
                                  const struct account *account)
{
    struct factor_list factors;
    TRY(identity_list_factors(call->authd->identity, account->id, call->arena, &factors, &call->why));
    for (size_t i = 0; i < factors.count; i++) {
        struct factor_details details;
        if (factors.items[i].kind != FACTOR_KIND_SSO)
            continue;
        TRY(open_row(call->authd, use->organisation, IDENTITY_FACTOR, factors.items[i].id,
                     factors.items[i].details, &factor_details_record, call->arena, &details,
                     &call->why));
        if (slice_equal(details.provider, use->row.id))
            return nobody(call, "the account belongs to another person at this provider");
    }
    return ST_OK;
}

static enum status bind_account(struct call *call, const struct sso_use *use,
                                const struct account *account, struct slice hash)
{
    struct factor factor = {
        .id = database_new_id("f", call->arena),
        .account = account->id,
        .kind = FACTOR_KIND_SSO,
        .state = FACTOR_ACTIVE,
        .created = call->now,
        .credential_hash = hash,
    };
    struct factor_details details = {.name = use->details.name, .provider = use->row.id,
                                     .subject = call->sso.subject};
    TRY(seal_row(call->authd, use->organisation, IDENTITY_FACTOR, factor.id,
                 &factor_details_record, &details, call->arena, &factor.details, &call->why));
    TRY(identity_add_factor(call->authd->identity, &factor, &call->why));
    if (sso_vouches(use))
        return factor_added_to(call, account->id, "sso");
    return note(call, "factor.state.added", "account=%.*s kind=sso", SLICE_ARG(account->id));
}

/* The first time: by an address that the provider has verified, in the domains that it is for,
 * of an account that is here already. No account, no entry. */
static enum status find_by_address(struct call *call, const struct sso_use *use,
                                   struct slice subject_hash, struct account *out)
{
    const struct sso_answer *answer = &call->sso;
    bool verified = answer->email_verified ||
                    (use->details.trusts_addresses && !answer->email_unverified);
    if (answer->email.len == 0 || !verified)
        return nobody(call, "the provider names no verified address");
    if (!sso_is_of_domain(use->row.domains, answer->email))
        return nobody(call, "the address is of a domain that this provider is not for");
    enum status status =
        identity_find_account(call->authd->identity, hash_address(call->authd, answer->email, call->arena),
                              call->arena, out, &call->why);
    if (status == ST_NOT_FOUND || (status == ST_OK && !may_enter(call, out, use)))
        return nobody(call, "nobody of that address has an account");
    TRY(status);
    TRY(check_no_other(call, use, out));
    return bind_account(call, use, out, subject_hash);
}

enum status sso_find_account(struct call *call, const struct sso_use *use, struct account *out)
{
    struct identity *identity = call->authd->identity;
    struct factor factor;
    struct slice hash = sso_subject_hash(call, use->row.id, call->sso.subject);
    enum status status = identity_find_factor(identity, hash, call->arena, &factor, &call->why);
    if (status == ST_NOT_FOUND)
        return find_by_address(call, use, hash, out);
    TRY(status);
    TRY(identity_load_account(identity, factor.account, call->arena, out, &call->why));
    if (!may_enter(call, out, use))
        return nobody(call, "the account has ended");
    return identity_use_factor(identity, factor.id, call->now, &call->why);
}

/* Our own code, after a provider that vouches for one factor only */

static enum status check_code(struct call *call, const struct account *account,
                              struct organisation *organisation, bool *right)
{
    struct identity *identity = call->authd->identity;
    struct factor_list factors;
    *right = false;
    TRY(identity_list_factors(identity, account->id, call->arena, &factors, &call->why));
    for (size_t i = 0; i < factors.count && !*right; i++) {
        const struct factor *factor = &factors.items[i];
        struct code_given given;
        if (factor->kind != FACTOR_KIND_CODE || factor->state != FACTOR_ACTIVE)
            continue;
        struct code_ask ask = {.act = CODE_CHECK,
                               .factor = factor->id,
                               .sealed = factor->secret.bytes,
                               .code = json_text(call->in, "code"),
                               .at = call->now,
                               .last_step = factor->last_step};
        TRY(name_code_key(call->authd, organisation->id, factor->secret, call->arena, &ask, &call->why));
        TRY(ask_code(call, &ask, &given));
        if (given.status == ST_DENIED)
            continue;
        if (given.status != ST_OK)
            return problem_set(&call->why, given.status, "keyd: %.*s", SLICE_ARG(given.problem));
        enum status taken =
            identity_take_step(identity, factor->id, (uint32_t)given.step, call->now, &call->why);
        if (taken != ST_OK && taken != ST_CONFLICT)
            return taken;
        *right = taken == ST_OK; /* ST_CONFLICT: used already */
    }
    return ST_OK;
}

enum status sso_code(struct call *call)
{
    struct identity *identity = call->authd->identity;
    struct flow flow;
    struct flow_details details;
    struct account account;
    struct organisation *organisation;
    uint32_t tries;
    bool right;
    TRY(sso_find_flow(call, sso_step_code, &flow, &details));
    call->keep = true;
    TRY(identity_try_flow(identity, flow.id_hash, &tries, &call->why));
    if (tries > CODE_TRIES_MAX)
        return refuse(call, ST_DENIED, "sso_failed", "too many tries: begin anew");
    TRY(identity_load_account(identity, flow.account, call->arena, &account, &call->why));
    TRY(get_organisation(call->authd, account.organisation, &organisation, &call->why));
    TRY(check_code(call, &account, organisation, &right));
    if (!right || account.state != ACCOUNT_ACTIVE)
        return refuse(call, ST_DENIED, "wrong", "that is not the code of now");
    TRY(identity_end_flow(identity, flow.id_hash, &call->why));
    TRY(sso_end_renewed(call, &account, details.renews));
    struct proof proof = {"sso+code", details.provider, details.session, details.logout};
    return begin_session(call, &account, &proof);
}
