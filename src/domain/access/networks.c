/* Whether an address is in one of some networks. */
#include <arpa/inet.h>

#include "domain/access/access.h"

struct address {
    unsigned char bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
    bool v4;
};

static bool read_address(struct slice text, struct address *out)
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    char copy[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.data, '\0', text.len) != NULL)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    memcpy(out->bytes, mapped, sizeof mapped);
    out->v4 = inet_pton(AF_INET, copy, out->bytes + 12) == 1;
    return out->v4 || inet_pton(AF_INET6, copy, out->bytes) == 1;
}

static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    return rest == 0 || ((a[whole] ^ b[whole]) & (0xFF00 >> rest) & 0xFF) == 0;
}

/* "10.8.0.0/16", "fd00::/8"; without a length one address. Bits behind the length are zero, so
 * that nobody means another network than they write. */
static bool read_network(struct slice text, struct address *network, unsigned *bits)
{
    size_t slash = slice_find(text, LIT("/"), 0);
    uint64_t length = 0;
    if (!read_address(slice_sub(text, 0, slash), network))
        return false;
    uint64_t most = network->v4 ? 32 : 128;
    if (slash == SIZE_MAX)
        length = most;
    else if (!slice_to_u64(slice_sub(text, slash + 1, text.len), most, &length))
        return false;
    *bits = (unsigned)(length + 128 - most);
    for (unsigned bit = *bits; bit < 128; bit++)
        if (network->bytes[bit / 8] & (0x80 >> bit % 8))
            return false;
    return true;
}

static bool next_word(struct slice *rest, struct slice *word)
{
    *rest = slice_trim(*rest);
    if (rest->len == 0)
        return false;
    size_t end = slice_find(*rest, LIT(" "), 0);
    *word = slice_sub(*rest, 0, end);
    *rest = end == SIZE_MAX ? SLICE_NONE : slice_sub(*rest, end, rest->len);
    return true;
}

enum status access_networks_check(struct slice networks, struct problem *why)
{
    struct slice word;
    struct address network;
    unsigned bits;
    while (next_word(&networks, &word))
        if (!read_network(word, &network, &bits))
            return problem_set(why, ST_INVALID, "\"%.*s\" is no network like 10.8.0.0/16 or fd00::/8",
                               word.len > 60 ? 60 : (int)word.len, word.data);
    return ST_OK;
}

bool access_networks_hold(struct slice networks, struct slice address)
{
    struct slice word;
    struct address network, asked;
    unsigned bits;
    if (!read_address(address, &asked))
        return false;
    while (next_word(&networks, &word))
        if (read_network(word, &network, &bits) && same_bits(network.bytes, asked.bytes, bits))
            return true;
    return false;
}
