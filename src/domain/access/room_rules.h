#ifndef RENDEZ_DOMAIN_ACCESS_ROOM_RULES_H
#define RENDEZ_DOMAIN_ACCESS_ROOM_RULES_H

#include "base/bytes/bytes.h"

/* nftables rules for the gateway of a supervision room: from the room, and from the gateway, what is named here through the
 * tunnel, and nothing else. `rendez firewall room` prints them; whoever looks for drift compares with the same text. */
enum { ROOM_RULES_BYTES_MAX = 1 << 14, ROOM_INTERFACE_MAX = 15 };

/* In numbers, since no name is asked for where the rules are loaded. All borrowed. */
struct room_place {
    struct slice host; /* empty: none */
    struct slice port; /* empty: of what is always at the same one */
    bool v6;
};

struct room_rules {
    struct slice vpn;         /* the tunnel's interface */
    struct room_place server; /* the VPN server, UDP, outside of the tunnel; none: port 1194 anywhere */
    /* Through the tunnel, on the service's side. */
    struct room_place console;
    struct room_place mirror;   /* a proxy or mirror of packages; none: no updates by this way */
    struct room_place resolver; /* names (port 53) */
    struct room_place clock;    /* time (NTP, port 123) */
};

/* "192.0.2.7:8443", "[fd00::1]:8443". */
MUST_USE bool room_place_read(struct slice text, struct room_place *out);
/* "192.0.2.7", "fd00::1". */
MUST_USE bool room_address_read(struct slice text, struct room_place *out);
bool room_is_interface(struct slice name);

/* out: created with ROOM_RULES_BYTES_MAX, which is enough. */
void room_rules_format(const struct room_rules *rules, struct buffer *out);

#endif
