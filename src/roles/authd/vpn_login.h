#ifndef RENDEZ_ROLES_AUTHD_VPN_LOGIN_H
#define RENDEZ_ROLES_AUTHD_VPN_LOGIN_H

#include "formats/vpn/vpn.h"
#include "platform/identity/certificates.h"
#include "roles/authd/authd.h"

/* One login on its way. `refusal` is a fixed word for the log: no answer carries it. */
struct vpn_login {
    struct authd *authd;
    const struct vpn_ask *ask;
    struct instant now;
    struct arena *arena;
    struct certificate certificate; /* serial empty: none of ours */
    struct account account;
    struct identity_organisation organisation; /* the account's */
    const char *refusal;
    struct problem why;
};
/* Whether it opens a tunnel; inside a transaction. ST_DENIED with the refusal: it does not. */
MUST_USE enum status vpn_admit(struct vpn_login *login);

/* The gateway of a room: a device, which has no code. Where it comes from counts instead; where no rooms are set, no
 * device is one. */
bool vpn_is_gateway(const struct vpn_login *login);
bool vpn_is_elsewhere(const struct vpn_login *login);

#endif
