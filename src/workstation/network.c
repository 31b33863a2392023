/* network: what leaves this machine goes through the tunnel. */
#include "workstation/internal.h"

enum { IPV4_BITS = 96, EVERYWHERE_BITS = 3 }; /* 2000::/3 is all that IPv6 has of public addresses */

/* What is ours is our own link (tun, WireGuard), or the room's gateway, which has it. */
struct ways {
    const struct station *station;
    struct route_list routes;
    struct slice_list addressed; /* interfaces that have IPv6 addresses */
};

static bool is_loopback(struct slice interface)
{
    return slice_equal(interface, LIT("lo"));
}

static bool is_tunnel(const struct station *station, struct slice interface)
{
    struct slice text;
    const char *folder = station_path(station, "/sys/class/net/%.*s", SLICE_ARG(interface));
    if (station_read(station, station_path(station, "%s/tun_flags", folder), &text) == ST_OK)
        return true;
    return station_read(station, station_path(station, "%s/uevent", folder), &text) == ST_OK &&
           slice_contains(text, LIT("DEVTYPE=wireguard"));
}

static bool goes_by_gateway(const struct station *station, const struct route *route)
{
    struct address gateway;
    return station->gateway.len > 0 && address_parse(station->gateway, &gateway) &&
           memcmp(&gateway, &route->via, sizeof gateway) == 0;
}

static bool is_safe(const struct station *station, const struct route *route)
{
    return is_tunnel(station, route->interface) || goes_by_gateway(station, route);
}

/* Each route that leads to everywhere. OpenVPN's two halves cover an older default route, but only as long as they are
 * there: that one counts too. */
static bool leads_everywhere(const struct route *route)
{
    static const unsigned char mapped[] = {[10] = 0xff, [11] = 0xff};
    bool four = memcmp(route->to.bytes, mapped, sizeof mapped) == 0 && route->bits >= IPV4_BITS;
    return route->bits <= EVERYWHERE_BITS || (four && route->bits <= IPV4_BITS + 1);
}

static struct finding judge_routes(const struct ways *ways)
{
    size_t safe = 0;
    for (size_t i = 0; i < ways->routes.count; i++) {
        const struct route *route = &ways->routes.items[i];
        if (is_safe(ways->station, route))
            safe++;
        else if (leads_everywhere(route))
            return fails("default_route");
    }
    return safe > 0 ? HOLDS : fails("no_tunnel");
}

/* One interface carries the tunnel; no other has an address, which a route of its own shows. */
static struct finding judge_interfaces(const struct ways *ways)
{
    struct slice carrier = SLICE_NONE;
    for (size_t i = 0; i < ways->routes.count + ways->addressed.count; i++) {
        struct slice interface = i < ways->routes.count ? ways->routes.items[i].interface
                                                        : ways->addressed.items[i - ways->routes.count];
        if (is_loopback(interface) || is_tunnel(ways->station, interface) || slice_equal(interface, carrier))
            continue;
        if (carrier.len > 0)
            return fails("other_interface");
        carrier = interface;
    }
    return HOLDS;
}

/* The stub of systemd-resolved asks those that are named in another file. */
static enum status load_resolvers(const struct station *station, struct slice_list *resolvers)
{
    struct slice text;
    TRY(station_read(station, "/etc/resolv.conf", &text));
    TRY(resolvers_parse(text, station->arena, resolvers));
    if (resolvers->count != 1 || !slice_equal(resolvers->items[0], LIT("127.0.0.53")))
        return ST_OK;
    *resolvers = (struct slice_list){0};
    TRY(station_read(station, "/run/systemd/resolve/resolv.conf", &text));
    return resolvers_parse(text, station->arena, resolvers);
}

static struct finding judge_resolvers(const struct ways *ways)
{
    struct slice_list resolvers = {0};
    struct finding worst = HOLDS;
    struct address address;
    if (load_resolvers(ways->station, &resolvers) != ST_OK || resolvers.count == 0)
        return unknown("resolver_unknown");
    for (size_t i = 0; i < resolvers.count; i++) {
        struct slice text = resolvers.items[i];
        if (!address_parse(slice_sub(text, 0, slice_find(text, LIT("%"), 0)), &address) || slice_starts(text, LIT("127.")))
            return unknown("resolver_unknown"); /* one of this machine's own, which asks whom it likes */
        const struct route *route = route_find(&ways->routes, &address);
        bool gateway = ways->station->gateway.len > 0 && slice_equal(text, ways->station->gateway);
        if (!gateway && (route == NULL || !is_safe(ways->station, route)))
            worst = fails("resolver_outside");
    }
    return worst;
}

struct finding check_network(const struct station *station)
{
    struct ways ways = {.station = station};
    struct slice text;
    if (station_read(station, "/proc/net/route", &text) != ST_OK || routes_parse(text, station->arena, &ways.routes) != ST_OK)
        return unknown("routes_unreadable");
    enum status status = station_read(station, "/proc/net/ipv6_route", &text);
    if (status == ST_OK)
        status = routes6_parse(text, station->arena, &ways.routes);
    if (status == ST_OK)
        status = station_read(station, "/proc/net/if_inet6", &text);
    if (status == ST_OK)
        status = addresses6_parse(text, station->arena, &ways.addressed);
    if (status != ST_OK && status != ST_NOT_FOUND) /* a kernel without IPv6 has neither */
        return unknown("routes_unreadable");
    struct finding worst = finding_worse(judge_routes(&ways), judge_interfaces(&ways));
    return finding_worse(worst, judge_resolvers(&ways));
}
