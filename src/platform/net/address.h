#ifndef RENDEZ_PLATFORM_NET_ADDRESS_H
#define RENDEZ_PLATFORM_NET_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* What kind of place an address is, for who connects where somebody else says. An IPv6 address
 * that carries an IPv4 one (mapped, NAT64, 6to4) is what that one is. */
enum address_range {
    ADDRESS_PUBLIC,
    ADDRESS_PRIVATE,    /* RFC 1918, 6598, 4193: of some network, reachable there only */
    ADDRESS_LOOPBACK,
    ADDRESS_LINK_LOCAL, /* RFC 3927, 4291: clouds keep credentials there */
    ADDRESS_SPECIAL,    /* no host: multicast, documentation, reserved; or no internet address */
};
enum address_range address_range(const struct sockaddr *address);

#endif
