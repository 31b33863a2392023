#ifndef RENDEZ_ROLES_AUTHD_SSO_ADMIN_H
#define RENDEZ_ROLES_AUTHD_SSO_ADMIN_H

#include "platform/identity/places.h"
#include "platform/identity/providers.h"
#include "roles/authd/authd.h"

/* OpenID providers as whoever administers the service sees them: on the command line, with the
 * keys in its own process. A running authd sees what is written here within a second. */
struct sso_settings {
    struct slice id, organisation, issuer;
    struct slice domains; /* of addresses, spaces between */
    bool exclusive;
    struct instant created;
    struct provider_details details;
};
struct sso_settings_list {
    struct sso_settings *items;
    size_t count, capacity;
};

/* With a new id, written to settings->id (in the arena).
 * ST_INVALID    no https issuer, domain, client or secret; too many words
 * ST_NOT_FOUND  no such organisation
 * ST_CONFLICT   the organisation has that issuer and client already */
MUST_USE enum status authd_add_provider(struct authd *authd, struct sso_settings *settings,
                                        struct instant now, struct arena *arena,
                                        struct problem *why);
/* Active ones, of an organisation; empty: of all. */
MUST_USE enum status authd_list_providers(struct authd *authd, struct slice organisation,
                                          struct arena *arena, struct sso_settings_list *out,
                                          struct problem *why);
MUST_USE enum status authd_load_provider(struct authd *authd, struct slice id, struct arena *arena,
                                         struct sso_settings *out, struct problem *why);
/* Nobody signs in there any more, and sessions that began there are over. */
MUST_USE enum status authd_end_provider(struct authd *authd, struct slice id, struct instant now,
                                        size_t *sessions, struct problem *why);
/* As sso is asked about it. */
struct sso_provider sso_provider_of(struct slice issuer, const struct provider_details *details);

#endif
