#ifndef RENDEZ_ROLES_AUTHD_PASSKEYS_H
#define RENDEZ_ROLES_AUTHD_PASSKEYS_H

#include "platform/webauthn/webauthn.h"
#include "roles/authd/internal.h"

/* The site that passkeys are made for: public_url's host, and of http.hosts those that are that
 * host or below it; asked by the console, its own origin alone. Borrowed from the options and `arena`. */
struct webauthn_site passkey_site(const struct authd *authd, enum role_id from, struct arena *arena);
/* PublicKeyCredentialRequestOptionsJSON; the same whoever asks. */
json_t *passkey_request(const struct call *call, struct slice challenge);

/* Whose passkey answers a challenge of such a flow (of a proof: the caller's); else why not, counted. */
MUST_USE enum status try_passkey(struct call *call, enum flow_kind kind, struct account *account);

/* Commands. */
enum status login_passkey(struct call *call);
enum status factor_passkey_start(struct call *call);
enum status factor_passkey_add(struct call *call);

#endif
