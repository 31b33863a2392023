/* rendez firewall room: nftables rules for the gateway of a supervision room (domain/access/room_rules.h). */
#include <assert.h>

#include "domain/access/room_rules.h"
#include "roles/cli/cli.h"

/* What an option has to be; without one the place stays empty. */
struct place_option {
    const char *name, *text;
    bool (*read)(struct slice text, struct room_place *out);
    const char *like;
    struct room_place *out;
};

static const char *wrong_option(const struct place_option *options, size_t count, struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        if (options[i].text != NULL && !options[i].read(slice_from(options[i].text), options[i].out))
            return arena_format(arena, "--%s: in numbers, like %s", options[i].name, options[i].like).data;
    return NULL;
}

static int print_rules(const struct room_rules *rules)
{
    AUTO_BUFFER out = buffer_create(ROOM_RULES_BYTES_MAX);
    room_rules_format(rules, &out);
    assert(!out.full);
    return fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0
               ? EXIT_YES
               : cli_fail(EXIT_ENVIRONMENT, "the rules cannot be written");
}

int cmd_firewall(int argc, char **argv)
{
    const char *console = NULL, *vpn = "tun0", *server = NULL, *mirror = NULL, *resolver = NULL, *clock = NULL;
    int first;
    const struct cli_option options[] = {
        {"console", NULL, &console, "ADDRESS:PORT", "the supervision console, in numbers"},
        {"vpn", NULL, &vpn, "INTERFACE", "the tunnel's (else tun0)"},
        {"server", NULL, &server, "ADDRESS:PORT", "the VPN server (else UDP port 1194 anywhere)"},
        {"mirror", NULL, &mirror, "ADDRESS:PORT", "a proxy of packages behind the tunnel, for updates"},
        {"resolver", NULL, &resolver, "ADDRESS", "who resolves names behind the tunnel"},
        {"clock", NULL, &clock, "ADDRESS", "who tells the time behind the tunnel (NTP)"},
        {0}};
    AUTO_ARENA arena = arena_create(1 << 12);
    bool room = argc > 1 && strcmp(argv[1], "room") == 0;
    int code = room ? cli_options(argc - 1, argv + 1, options, &first) : cli_options(argc, argv, options, &first);
    if (code >= 0)
        return code;
    if (!room || argc - 1 != first)
        return cli_fail(EXIT_USAGE, "firewall room: there are rules for a room's gateway");
    struct room_rules rules = {.vpn = slice_from(vpn)};
    const struct place_option places[] = {
        {"console", console != NULL ? console : "", room_place_read, "10.8.0.1:8443 or [fd00::1]:8443", &rules.console},
        {"server", server, room_place_read, "192.0.2.7:1194", &rules.server},
        {"mirror", mirror, room_place_read, "10.8.0.1:3142", &rules.mirror},
        {"resolver", resolver, room_address_read, "10.8.0.1", &rules.resolver},
        {"clock", clock, room_address_read, "10.8.0.1", &rules.clock},
    };
    const char *wrong = wrong_option(places, sizeof places / sizeof *places, arena);
    if (wrong != NULL)
        return cli_fail(EXIT_USAGE, "%s", wrong);
    if (!room_is_interface(rules.vpn))
        return cli_fail(EXIT_USAGE, "--vpn: the name of an interface, like tun0");
    return print_rules(&rules);
}
