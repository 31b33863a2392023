/* PROXY protocol: who the client of a proxy is. */
#include "formats/http/http.h"

#include <arpa/inet.h>
#include <string.h>

enum { V1_BYTES_MAX = 107, V2_HEAD_BYTES = 16, WORDS = 6 };

static const char v2_signature[12] = "\r\n\r\n\0\r\nQUIT\n";

static enum status refuse(struct problem *why)
{
    return problem_set(why, ST_INVALID, "what the proxy says of its client cannot be read");
}

/* The two that share a beginning: what is there agrees with `whole` as far as it goes. */
static bool may_become(struct slice bytes, struct slice whole)
{
    size_t len = bytes.len < whole.len ? bytes.len : whole.len;
    return slice_equal(slice_sub(bytes, 0, len), slice_sub(whole, 0, len));
}

static bool read_address(struct slice word, uint8_t family, uint8_t address[16])
{
    char text[INET6_ADDRSTRLEN];
    if (word.len == 0 || word.len >= sizeof text)
        return false;
    memcpy(text, word.data, word.len);
    text[word.len] = '\0';
    return inet_pton(family == 6 ? AF_INET6 : AF_INET, text, address) == 1;
}

/* "PROXY TCP4 192.0.2.7 198.51.100.1 40000 443": exactly single spaces. */
static bool read_words(struct slice line, struct http_proxied *out)
{
    struct slice words[WORDS];
    uint8_t ours[16];
    uint64_t port, our_port;
    for (size_t i = 0; i < WORDS; i++) {
        size_t space = i + 1 < WORDS ? slice_find(line, LIT(" "), 0) : line.len;
        if (space == SIZE_MAX)
            return false;
        words[i] = slice_sub(line, 0, space);
        line = slice_sub(line, space + 1, line.len);
    }
    if (slice_equal(words[1], LIT("TCP4")))
        out->family = 4;
    else if (slice_equal(words[1], LIT("TCP6")))
        out->family = 6;
    else
        return false;
    if (!read_address(words[2], out->family, out->address) ||
        !read_address(words[3], out->family, ours) || !slice_to_u64(words[4], 65535, &port) ||
        !slice_to_u64(words[5], 65535, &our_port))
        return false;
    out->port = (uint16_t)port;
    return true;
}

static enum status read_v1(struct slice bytes, struct http_proxied *out, struct problem *why)
{
    size_t end = slice_find(bytes, LIT("\n"), 0);
    if (end == SIZE_MAX)
        return bytes.len >= V1_BYTES_MAX ? refuse(why) : ST_NOT_FOUND;
    struct http_proxied found = {.bytes = end + 1};
    struct slice line = slice_sub(bytes, 0, end);
    if (found.bytes > V1_BYTES_MAX || !slice_ends(line, LIT("\r")))
        return refuse(why);
    line = slice_sub(line, 0, line.len - 1);
    bool unknown = slice_equal(line, LIT("PROXY UNKNOWN")) || slice_starts(line, LIT("PROXY UNKNOWN "));
    if (!unknown && !read_words(line, &found))
        return refuse(why);
    *out = found;
    return ST_OK;
}

/* Families of version 2, TCP only: what stands in a header, and how long it is at least. */
static const struct {
    uint8_t code, family;
    size_t address_bytes, body_bytes;
} families[] = {{0x11, 4, 4, 12}, {0x21, 6, 16, 36}};

static enum status read_v2(struct slice bytes, struct http_proxied *out, struct problem *why)
{
    if (bytes.len < V2_HEAD_BYTES)
        return ST_NOT_FOUND;
    const uint8_t *head = (const uint8_t *)bytes.data, *body = head + V2_HEAD_BYTES;
    size_t length = (size_t)(head[14] << 8 | head[15]);
    struct http_proxied found = {.bytes = V2_HEAD_BYTES + length};
    bool local = head[12] == 0x20;
    if ((!local && head[12] != 0x21) || found.bytes > HTTP_PROXIED_BYTES_MAX)
        return refuse(why);
    for (size_t i = 0; !local && i < sizeof families / sizeof *families; i++)
        if (head[13] == families[i].code && length >= families[i].body_bytes) {
            size_t size = families[i].address_bytes;
            if (bytes.len < found.bytes)
                return ST_NOT_FOUND;
            found.family = families[i].family;
            memcpy(found.address, body, size);
            found.port = (uint16_t)(body[2 * size] << 8 | body[2 * size + 1]);
        }
    if (!local && found.family == 0)
        return refuse(why);
    if (bytes.len < found.bytes)
        return ST_NOT_FOUND;
    *out = found;
    return ST_OK;
}

enum status http_proxied_parse(struct slice bytes, struct http_proxied *out, struct problem *why)
{
    struct slice signature = {v2_signature, sizeof v2_signature};
    if (may_become(bytes, signature))
        return bytes.len < signature.len ? ST_NOT_FOUND : read_v2(bytes, out, why);
    if (may_become(bytes, LIT("PROXY ")))
        return bytes.len < 6 ? ST_NOT_FOUND : read_v1(bytes, out, why);
    return refuse(why);
}
