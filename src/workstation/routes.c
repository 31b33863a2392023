/* Routes, addresses and resolvers, as the kernel and resolv.conf(5) write them. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "workstation/internal.h"

enum { ROUTES_MAX = 16384, MAPPED_BITS = 96, ROUTE_UP = 1, ROUTE_REJECT = 0x200, RESOLVERS_MAX = 64, HEX32_DIGITS = 8 };

static struct address mapped(uint32_t network_order)
{
    struct address address = {{[10] = 0xff, [11] = 0xff}};
    memcpy(address.bytes + 12, &network_order, sizeof network_order);
    return address;
}

bool address_parse(struct slice text, struct address *out)
{
    char word[INET6_ADDRSTRLEN] = "";
    struct in_addr four;
    if (text.len >= sizeof word || memchr(text.data, '\0', text.len) != NULL)
        return false;
    memcpy(word, text.data, text.len);
    if (inet_pton(AF_INET, word, &four) == 1) {
        *out = mapped(four.s_addr);
        return true;
    }
    return inet_pton(AF_INET6, word, out->bytes) == 1;
}

static int digit(char c)
{
    return ascii_is_digit(c) ? c - '0' : ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f' ? ascii_lower(c) - 'a' + 10 : -1;
}

static bool hex_number(struct slice text, uint32_t *out)
{
    uint32_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (digit(text.data[i]) < 0)
            return false;
        value = value << 4 | (uint32_t)digit(text.data[i]);
    }
    *out = value;
    return text.len > 0 && text.len <= HEX32_DIGITS;
}

static bool hex_address(struct slice text, struct address *out)
{
    for (size_t i = 0; i < ADDRESS_BYTES; i++) {
        uint32_t byte;
        if (text.len != 2 * ADDRESS_BYTES || !hex_number(slice_sub(text, 2 * i, 2 * i + 2), &byte))
            return false;
        out->bytes[i] = (unsigned char)byte;
    }
    return true;
}

/* A mask in network order: its bits, which stand at its beginning. */
static unsigned bits_of(uint32_t mask)
{
    unsigned bits = 0;
    for (uint32_t host = ntohl(mask); host & 0x80000000u; host <<= 1)
        bits++;
    return bits;
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask …; numbers in the machine's own order of bytes. */
static bool route_of(struct slice line, struct route *out, bool *counts)
{
    struct slice words[8];
    uint32_t to, via, flags, mask;
    for (size_t i = 0; i < 8; i++)
        if (!next_word(&line, &words[i]))
            return false;
    if (!hex_number(words[1], &to) || !hex_number(words[2], &via) || !hex_number(words[3], &flags) ||
        !slice_to_u64(words[6], UINT32_MAX, &out->metric) || !hex_number(words[7], &mask))
        return false;
    out->interface = words[0];
    out->to = mapped(to);
    out->via = mapped(via);
    out->bits = MAPPED_BITS + bits_of(mask);
    *counts = (flags & ROUTE_UP) != 0 && (flags & ROUTE_REJECT) == 0;
    return true;
}

/* Destination, its bits, source, its bits, next hop, metric, references, use, flags, interface; all in hexadecimal. */
static bool route6_of(struct slice line, struct route *out, bool *counts)
{
    struct slice words[10];
    uint32_t bits, flags, metric;
    for (size_t i = 0; i < 10; i++)
        if (!next_word(&line, &words[i]))
            return false;
    if (!hex_address(words[0], &out->to) || !hex_number(words[1], &bits) || bits > 128 || !hex_address(words[4], &out->via) ||
        !hex_number(words[5], &metric) || !hex_number(words[8], &flags))
        return false;
    out->bits = bits;
    out->metric = metric;
    out->interface = words[9];
    *counts = (flags & ROUTE_UP) != 0 && (flags & ROUTE_REJECT) == 0 && !slice_equal(words[9], LIT("lo"));
    return true;
}

typedef bool route_fn(struct slice line, struct route *out, bool *counts);

static enum status parse_lines(struct slice text, route_fn *read, struct arena *arena, struct route_list *out)
{
    struct slice line;
    bool counts = false;
    while (slice_next_line(&text, &line)) {
        struct route route = {0};
        if (!read(line, &route, &counts))
            return ST_INVALID;
        if (out->count == ROUTES_MAX)
            return ST_LIMIT;
        if (counts)
            ARENA_PUSH(arena, out, route);
    }
    return ST_OK;
}

enum status routes_parse(struct slice text, struct arena *arena, struct route_list *out)
{
    struct slice head;
    if (!slice_next_line(&text, &head) || !slice_starts(head, LIT("Iface")))
        return ST_INVALID;
    return parse_lines(text, route_of, arena, out);
}

enum status routes6_parse(struct slice text, struct arena *arena, struct route_list *out)
{
    return parse_lines(text, route6_of, arena, out);
}

/* "fe80000000000000… 02 40 20 80     eth0": address, index, bits, scope, flags, interface. */
enum status addresses6_parse(struct slice text, struct arena *arena, struct slice_list *interfaces)
{
    struct slice line, word;
    while (slice_next_line(&text, &line)) {
        for (int i = 0; i < 6; i++)
            if (!next_word(&line, &word))
                return ST_INVALID;
        if (interfaces->count == ROUTES_MAX)
            return ST_LIMIT;
        ARENA_PUSH(arena, interfaces, word);
    }
    return ST_OK;
}

static bool is_in(const struct address *address, const struct route *route)
{
    for (unsigned bit = 0; bit < route->bits; bit++) {
        unsigned mask = 0x80u >> bit % 8;
        if ((address->bytes[bit / 8] & mask) != (route->to.bytes[bit / 8] & mask))
            return false;
    }
    return true;
}

const struct route *route_find(const struct route_list *routes, const struct address *to)
{
    const struct route *best = NULL;
    for (size_t i = 0; i < routes->count; i++) {
        const struct route *route = &routes->items[i];
        if (is_in(to, route) && (best == NULL || route->bits > best->bits || (route->bits == best->bits && route->metric < best->metric)))
            best = route;
    }
    return best;
}

enum status resolvers_parse(struct slice text, struct arena *arena, struct slice_list *out)
{
    struct slice line, word;
    while (slice_next_line(&text, &line)) {
        if (!next_word(&line, &word) || !slice_equal(word, LIT("nameserver")) || !next_word(&line, &word))
            continue;
        if (out->count == RESOLVERS_MAX)
            return ST_LIMIT;
        ARENA_PUSH(arena, out, word);
    }
    return ST_OK;
}
