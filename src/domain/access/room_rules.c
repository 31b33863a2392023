/* The rules of a room's gateway, as text for nft -f. */
#include "domain/access/room_rules.h"

#include <arpa/inet.h>

enum { PORT_MAX = 65535 };

static const char begin[] =
    "#!/usr/sbin/nft -f\n"
    "# Written by rendez firewall room; see rendez(1). Loading it again puts it in place of what it was.\n"
    "table inet rendez_room\n"
    "delete table inet rendez_room\n"
    "table inet rendez_room {\n"
    "    # What a link needs to work: neighbours of IPv6, and an address.\n"
    "    chain link {\n"
    "        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } ip6 hoplimit 255 accept\n"
    "        udp sport 68 udp dport 67 accept\n"
    "        udp sport 67 udp dport 68 accept\n"
    "    }\n";
static const char input[] =
    "    chain input {\n"
    "        type filter hook input priority filter; policy drop;\n"
    "        iifname \"lo\" accept\n"
    "        ct state established,related accept\n"
    "        jump link\n"
    "        counter\n"
    "    }\n";

bool room_address_read(struct slice text, struct room_place *out)
{
    unsigned char address[sizeof(struct in6_addr)];
    char copy[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.data, '\0', text.len) != NULL)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    bool v6 = slice_contains(text, LIT(":"));
    if (inet_pton(v6 ? AF_INET6 : AF_INET, copy, address) != 1)
        return false;
    *out = (struct room_place){.host = text, .v6 = v6};
    return true;
}

bool room_place_read(struct slice text, struct room_place *out)
{
    size_t colon = text.len;
    while (colon > 0 && text.data[colon - 1] != ':')
        colon--;
    struct slice port = slice_sub(text, colon, text.len), host = slice_sub(text, 0, colon == 0 ? 0 : colon - 1);
    bool v6 = slice_starts(host, LIT("[")) && slice_ends(host, LIT("]"));
    struct room_place place;
    uint64_t number;
    if (v6)
        host = slice_sub(host, 1, host.len - 1);
    if (!slice_to_u64(port, PORT_MAX, &number) || number == 0 || !room_address_read(host, &place) || place.v6 != v6)
        return false;
    place.port = port;
    *out = place;
    return true;
}

bool room_is_interface(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_alpha(name.data[i]) && !ascii_is_digit(name.data[i]) &&
            memchr("-_.", name.data[i], sizeof "-_." - 1) == NULL)
            return false;
    return name.len > 0 && name.len <= ROOM_INTERFACE_MAX;
}

/* Through the tunnel and no other way. */
static void add_allowed(struct buffer *out, const struct room_rules *rules)
{
    const struct {
        const struct room_place *place;
        const char *protocol, *port; /* NULL: the place's own */
    } allowed[] = {
        {&rules->console, "tcp", NULL},
        {&rules->mirror, "tcp", NULL},
        {&rules->resolver, "udp", "53"},
        {&rules->resolver, "tcp", "53"},
        {&rules->clock, "udp", "123"},
    };
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        const struct room_place *place = allowed[i].place;
        struct slice port = allowed[i].port != NULL ? slice_from(allowed[i].port) : place->port;
        if (place->host.len > 0)
            buffer_add_format(out, "        oifname \"%.*s\" %s daddr %.*s %s dport %.*s accept\n", SLICE_ARG(rules->vpn),
                              place->v6 ? "ip6" : "ip", SLICE_ARG(place->host), allowed[i].protocol, SLICE_ARG(port));
    }
}

static void add_server(struct buffer *out, const struct room_rules *rules)
{
    const struct room_place *server = &rules->server;
    if (server->host.len > 0)
        buffer_add_format(out, "        oifname != \"%.*s\" %s daddr %.*s udp dport %.*s accept\n", SLICE_ARG(rules->vpn),
                          server->v6 ? "ip6" : "ip", SLICE_ARG(server->host), SLICE_ARG(server->port));
    else
        buffer_add_format(out, "        oifname != \"%.*s\" udp dport 1194 accept\n", SLICE_ARG(rules->vpn));
}

/* What the room sends on (forward), or the gateway itself (output). */
static void add_chain(struct buffer *out, const char *hook, const struct room_rules *rules, bool own)
{
    buffer_add_format(out, "    chain %s {\n        type filter hook %s priority filter; policy drop;\n", hook, hook);
    if (own)
        buffer_add_text(out, "        oifname \"lo\" accept\n");
    buffer_add_text(out, "        ct state established,related accept\n");
    add_allowed(out, rules);
    if (own) {
        add_server(out, rules);
        buffer_add_text(out, "        jump link\n");
    }
    buffer_add_text(out, "        counter\n    }\n");
}

void room_rules_format(const struct room_rules *rules, struct buffer *out)
{
    buffer_add_text(out, begin);
    buffer_add_text(out, input);
    add_chain(out, "forward", rules, false);
    add_chain(out, "output", rules, true);
    buffer_add_format(out,
                      "    chain postrouting {\n        type nat hook postrouting priority srcnat; policy accept;\n"
                      "        oifname \"%.*s\" masquerade\n    }\n}\n",
                      SLICE_ARG(rules->vpn));
}
