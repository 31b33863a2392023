#ifndef RENDEZ_ROLES_AUTHD_SSO_H
#define RENDEZ_ROLES_AUTHD_SSO_H

#include "roles/authd/internal.h"

/* Single sign-on: commands, and what signing in by other ways asks of it. */
MUST_USE enum status sso_begin(struct call *call);
MUST_USE enum status sso_callback(struct call *call);
MUST_USE enum status sso_code(struct call *call);
MUST_USE enum status sso_backchannel(struct call *call);

/* Providers for the domain of an address, as [{"id", "name"}]; the same for all of a domain,
 * whether there is such an account or not. New reference in *out. */
MUST_USE enum status sso_providers(struct call *call, struct slice address, json_t **out);

/* Whether somebody may sign in with nothing but their organisation's provider. Operators may
 * always use their own factors: who breaks the glass cannot wait for a provider. */
MUST_USE enum status sso_is_exclusive(struct call *call, const struct account *account,
                                      bool *exclusive);

#endif
