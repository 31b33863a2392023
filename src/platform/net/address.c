#include "platform/net/address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* IANA's registries of special-purpose addresses; the rest is public. */
static const struct {
    uint32_t network;
    unsigned bits;
    enum address_range range;
} v4_ranges[] = {
    {0x00000000, 8, ADDRESS_SPECIAL},  /* "this network" */
    {0x0A000000, 8, ADDRESS_PRIVATE},
    {0x64400000, 10, ADDRESS_PRIVATE}, /* carriers' NAT */
    {0x7F000000, 8, ADDRESS_LOOPBACK},
    {0xA9FE0000, 16, ADDRESS_LINK_LOCAL},
    {0xAC100000, 12, ADDRESS_PRIVATE},
    {0xC0000000, 24, ADDRESS_SPECIAL},
    {0xC0000200, 24, ADDRESS_SPECIAL}, /* documentation, and two more below */
    {0xC0A80000, 16, ADDRESS_PRIVATE},
    {0xC6120000, 15, ADDRESS_SPECIAL}, /* benchmarks */
    {0xC6336400, 24, ADDRESS_SPECIAL},
    {0xCB007100, 24, ADDRESS_SPECIAL},
    {0xE0000000, 4, ADDRESS_SPECIAL},  /* multicast */
    {0xF0000000, 4, ADDRESS_SPECIAL},  /* reserved, broadcast */
};
static const struct {
    unsigned char network[16];
    unsigned bits;
    enum address_range range;
    size_t v4_at; /* or 0: offset of the IPv4 address that it carries */
} v6_ranges[] = {
    {{[15] = 1}, 128, ADDRESS_LOOPBACK, 0},
    {{[10] = 0xFF, 0xFF}, 96, ADDRESS_PUBLIC, 12},
    {{0}, 96, ADDRESS_SPECIAL, 0}, /* unspecified, and a form of IPv4 long out of use */
    {{0x00, 0x64, 0xFF, 0x9B}, 96, ADDRESS_PUBLIC, 12},
    {{0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01}, 48, ADDRESS_PRIVATE, 0},
    {{0x01}, 64, ADDRESS_SPECIAL, 0},             /* discard */
    {{0x20, 0x01, 0x00, 0x00}, 23, ADDRESS_SPECIAL, 0}, /* protocols, Teredo among them */
    {{0x20, 0x01, 0x0D, 0xB8}, 32, ADDRESS_SPECIAL, 0}, /* documentation */
    {{0x20, 0x02}, 16, ADDRESS_PUBLIC, 2},
    {{0xFC}, 7, ADDRESS_PRIVATE, 0},
    {{0xFE, 0x80}, 10, ADDRESS_LINK_LOCAL, 0},
    {{0xFE, 0xC0}, 10, ADDRESS_PRIVATE, 0}, /* site-local, long out of use */
    {{0xFF}, 8, ADDRESS_SPECIAL, 0},
};

static enum address_range v4_range(uint32_t ip)
{
    for (size_t i = 0; i < sizeof v4_ranges / sizeof *v4_ranges; i++)
        if ((ip ^ v4_ranges[i].network) >> (32 - v4_ranges[i].bits) == 0)
            return v4_ranges[i].range;
    return ADDRESS_PUBLIC;
}

static bool has_prefix(const unsigned char ip[16], const unsigned char network[16], unsigned bits)
{
    unsigned rest = bits % 8;
    return memcmp(ip, network, bits / 8) == 0 &&
           (rest == 0 || ((ip[bits / 8] ^ network[bits / 8]) >> (8 - rest)) == 0);
}

static enum address_range v6_range(const unsigned char ip[16])
{
    for (size_t i = 0; i < sizeof v6_ranges / sizeof *v6_ranges; i++) {
        if (!has_prefix(ip, v6_ranges[i].network, v6_ranges[i].bits))
            continue;
        const unsigned char *v4 = ip + v6_ranges[i].v4_at;
        return v6_ranges[i].v4_at == 0
                   ? v6_ranges[i].range
                   : v4_range((uint32_t)v4[0] << 24 | (uint32_t)v4[1] << 16 | (uint32_t)v4[2] << 8 | v4[3]);
    }
    return ADDRESS_PUBLIC;
}

enum address_range address_range(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return v4_range(ntohl(in.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        return v6_range(in.sin6_addr.s6_addr);
    }
    return ADDRESS_SPECIAL;
}
