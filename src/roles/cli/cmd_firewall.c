/* rendez firewall room: nftables rules for the gateway of a supervision room. From the room only the console can be
 * reached, through the tunnel; the gateway itself reaches the VPN server besides. */
#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

#include "roles/cli/cli.h"

enum { ARENA_BYTES = 1 << 16, PORT_MAX = 65535 };

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

struct place {
    struct slice host, port;
    bool v6;
};

/* "192.0.2.7:8443", "[fd00::1]:8443": in numbers, since no name is asked for where the rules are loaded. */
static bool read_place(const char *text, struct arena *arena, struct place *out)
{
    unsigned char address[sizeof(struct in6_addr)];
    const char *colon = text != NULL ? strrchr(text, ':') : NULL;
    uint64_t port;
    if (colon == NULL || !slice_to_u64(slice_from(colon + 1), PORT_MAX, &port) || port == 0)
        return false;
    struct slice host = {text, (size_t)(colon - text)};
    out->v6 = slice_starts(host, LIT("[")) && slice_ends(host, LIT("]"));
    out->host = out->v6 ? slice_sub(host, 1, host.len - 1) : host;
    out->port = slice_from(colon + 1);
    return inet_pton(out->v6 ? AF_INET6 : AF_INET, arena_text(arena, out->host), address) == 1;
}

static bool is_interface(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++)
        if (!ascii_is_alpha(name[i]) && !ascii_is_digit(name[i]) && strchr("-_.", name[i]) == NULL)
            return false;
    return len > 0 && len < IFNAMSIZ;
}

/* To the console, through the tunnel and no other way. */
static void add_console(struct buffer *out, const char *vpn, const struct place *console)
{
    buffer_add_format(out, "        oifname \"%s\" %s daddr %.*s tcp dport %.*s accept\n", vpn, console->v6 ? "ip6" : "ip",
                      SLICE_ARG(console->host), SLICE_ARG(console->port));
}

static void add_chain(struct buffer *out, const char *hook, const char *vpn, const struct place *console,
                      const struct place *server)
{
    bool own = strcmp(hook, "output") == 0;
    buffer_add_format(out, "    chain %s {\n        type filter hook %s priority filter; policy drop;\n", hook, hook);
    if (own)
        buffer_add_text(out, "        oifname \"lo\" accept\n");
    buffer_add_text(out, "        ct state established,related accept\n");
    add_console(out, vpn, console);
    if (own && server->host.len > 0)
        buffer_add_format(out, "        oifname != \"%s\" %s daddr %.*s udp dport %.*s accept\n", vpn, server->v6 ? "ip6" : "ip",
                          SLICE_ARG(server->host), SLICE_ARG(server->port));
    else if (own)
        buffer_add_format(out, "        oifname != \"%s\" udp dport 1194 accept\n", vpn);
    if (own)
        buffer_add_text(out, "        jump link\n");
    buffer_add_text(out, "        counter\n    }\n");
}

static int print_rules(const char *vpn, const struct place *console, const struct place *server)
{
    AUTO_BUFFER out = buffer_create(ARENA_BYTES);
    buffer_add_text(&out, begin);
    buffer_add_text(&out, input);
    add_chain(&out, "forward", vpn, console, server);
    add_chain(&out, "output", vpn, console, server);
    buffer_add_format(&out, "    chain postrouting {\n        type nat hook postrouting priority srcnat; policy accept;\n"
                            "        oifname \"%s\" masquerade\n    }\n}\n", vpn);
    return fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0
               ? EXIT_YES
               : cli_fail(EXIT_ENVIRONMENT, "the rules cannot be written");
}

int cmd_firewall(int argc, char **argv)
{
    const char *console_text = NULL, *vpn = "tun0", *server_text = NULL;
    int first;
    const struct cli_option options[] = {
        {"console", NULL, &console_text, "ADDRESS:PORT", "the supervision console, in numbers"},
        {"vpn", NULL, &vpn, "INTERFACE", "the tunnel's (else tun0)"},
        {"server", NULL, &server_text, "ADDRESS:PORT", "the VPN server (else UDP port 1194 anywhere)"},
        {0}};
    AUTO_ARENA arena = arena_create(ARENA_BYTES);
    struct place console, server = {0};
    bool room = argc > 1 && strcmp(argv[1], "room") == 0;
    int code = room ? cli_options(argc - 1, argv + 1, options, &first) : cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (!room || argc - 1 != first)
        return cli_fail(EXIT_USAGE, "firewall room: there are rules for a room's gateway");
    if (!read_place(console_text, arena, &console))
        return cli_fail(EXIT_USAGE, "--console: an address in numbers and a port, like 10.8.0.1:8443 or [fd00::1]:8443");
    if (server_text != NULL && !read_place(server_text, arena, &server))
        return cli_fail(EXIT_USAGE, "--server: an address in numbers and a port, like 192.0.2.7:1194");
    if (!is_interface(vpn))
        return cli_fail(EXIT_USAGE, "--vpn: the name of an interface, like tun0");
    return print_rules(vpn, &console, &server);
}
