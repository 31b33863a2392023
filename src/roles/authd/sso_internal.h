#ifndef RENDEZ_ROLES_AUTHD_SSO_INTERNAL_H
#define RENDEZ_ROLES_AUTHD_SSO_INTERNAL_H

#include "platform/identity/providers.h"
#include "roles/authd/sso.h"

/* What sso.c (there and back), sso_entry.c (whose account, its session) and sso_logout.c share. */

/* A provider in use. */
struct sso_use {
    struct identity_provider row;
    struct provider_details details;
    struct organisation *organisation;
};
MUST_USE enum status sso_load_provider(struct call *call, struct slice id, struct sso_use *out);
struct sso_ask sso_ask_of(const struct sso_use *use, enum sso_question question);

/* The account of call->sso: by provider and subject, or for the first time by its address. */
MUST_USE enum status sso_find_account(struct call *call, const struct sso_use *use,
                                      struct account *out);
struct slice sso_logout_url(struct call *call, const struct sso_use *use);
/* By the provider's word; peers hear of it. */
MUST_USE enum status sso_end_session(struct call *call, const struct session *session);
/* The session that another one of the same person follows; empty: none. */
MUST_USE enum status sso_end_renewed(struct call *call, const struct account *account,
                                     struct slice id);
/* The flow of the caller's cookie, at that step. */
extern const struct slice sso_step_code;
MUST_USE enum status sso_find_flow(struct call *call, struct slice step, struct flow *flow,
                                   struct flow_details *details);
/* domains: as in struct identity_provider. */
bool sso_is_of_domain(struct slice domains, struct slice address);
/* Whether it has asked for two factors, by what is required of it. */
bool sso_vouches(const struct sso_use *use);
/* Keyed; a subject is one of that provider only. */
struct slice sso_subject_hash(struct call *call, struct slice provider, struct slice subject);

#endif
