/* The end of an account: one transaction, then peers hear of it (doc/identity.md, "Leaving"). */
#include "platform/identity/grants.h"
#include "platform/identity/organisations.h"
#include "roles/authd/certificates.h"
#include "roles/authd/internal.h"

enum status end_all_access(struct call *call, const struct account *account)
{
    struct identity *identity = call->authd->identity;
    size_t sessions, tokens, factors, grants, certificates;
    TRY(identity_end_sessions(identity, account->id, SLICE_NONE, &sessions, &call->why));
    TRY(identity_end_tokens(identity, account->id, &tokens, &call->why));
    TRY(identity_end_factors(identity, account->id, call->now, &factors, &call->why));
    TRY(identity_end_grants(identity, account->id, call->now, &grants, &call->why));
    TRY(certificates_end_account(call->authd, account->id, call->now, &certificates, &call->why));
    TRY(identity_end_flows(identity, account->id, &call->why));
    TRY(identity_forget_familiar(identity, account->id, &call->why));
    return note(call, "account.access.cut", "account=%.*s sessions=%zu tokens=%zu factors=%zu grants=%zu certificates=%zu",
                SLICE_ARG(account->id), sessions, tokens, factors, grants, certificates);
}

/* Of an erased organisation nothing can be read: there is nobody to write to, and no name to tell. */
static bool is_erased(const struct account *account)
{
    return account->details.bytes.len == 0;
}

static enum status save_end(struct call *call, struct account *account)
{
    struct account_details details;
    struct organisation *organisation;
    if (is_erased(account))
        return identity_end_erased_account(call->authd->identity, account->id, call->now, &call->why);
    account->state = ACCOUNT_ENDED;
    account->ended = call->now;
    TRY(get_organisation(call->authd, account->organisation, &organisation, &call->why));
    TRY(open_account(call->authd, account, call->arena, &details, &call->why));
    return save_account(call, account, organisation, &details);
}

static enum status mark_ended(struct call *call, struct account *account, const char *cause)
{
    TRY(save_end(call, account));
    return note(call, "account.state.ended", "account=%.*s cause=%s by=%.*s", SLICE_ARG(account->id),
                cause, SLICE_ARG(call->root ? LIT("root") : call->who.account.id));
}

static enum status end_one(struct call *call, struct account *account, const char *cause)
{
    if (account->state == ACCOUNT_ENDED)
        return problem_set(&call->why, ST_CONFLICT, "that account has ended");
    if (!is_erased(account))
        TRY(tell_notice(call, account, "account.ended", cause, SLICE_NONE));
    TRY(end_all_access(call, account));
    TRY(mark_ended(call, account, cause));
    return tell_ended(call, account, SLICE_NONE, cause);
}

enum status account_leaves(struct call *call, struct account *account, const char *cause)
{
    struct account_list owned;
    TRY(identity_list_owned(call->authd->identity, account->id, call->arena, &owned, &call->why));
    TRY(end_one(call, account, cause));
    for (size_t i = 0; i < owned.count; i++) /* nobody answers for them any more */
        if (owned.items[i].state != ACCOUNT_ENDED)
            TRY(end_one(call, &owned.items[i], "owner"));
    return ST_OK;
}
