/* Tunnels of rooms. */
#include "domain/access/access.h"
#include "roles/authd/internal.h"
#include "roles/authd/vpn_login.h"

bool vpn_is_gateway(const struct vpn_login *login)
{
    return login->certificate.kind == CERTIFICATE_DEVICE && login->authd->options.rooms.len > 0;
}

bool vpn_is_elsewhere(const struct vpn_login *login)
{
    return vpn_is_gateway(login) && !access_networks_hold(login->authd->options.rooms, login->ask->from);
}
