/* What OpenVPN writes: variables of its hook, lines of its management interface. */
#include "formats/vpn/vpn.h"

enum status vpn_hex_parse(struct slice text, size_t digits, struct arena *arena, struct slice *out)
{
    AUTO_BUFFER hex = buffer_create(2 * VPN_VALUE_BYTES_MAX);
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.data[i]);
        if (i % 3 == 2 ? c != ':' : !ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return ST_INVALID;
        if (c != ':')
            buffer_add_char(&hex, c);
    }
    if (hex.full || text.len % 3 != 2 || hex.len > digits)
        return ST_INVALID;
    char *padded = arena_alloc(arena, digits + 1);
    memset(padded, '0', digits - hex.len);
    memcpy(padded + digits - hex.len, hex.data, hex.len);
    *out = (struct slice){padded, digits};
    return ST_OK;
}

static const struct start {
    const char *text;
    enum vpn_line line;
} starts[] = {
    {"CLIENT_LIST\t", VPN_LINE_CLIENT},
    {"END", VPN_LINE_END},
    {"SUCCESS:", VPN_LINE_SUCCESS},
    {"ERROR:", VPN_LINE_ERROR},
    {"ENTER PASSWORD:", VPN_LINE_PASSWORD},
};

/* Word `at` of a line of words with tabs between. */
static bool column(struct slice line, size_t at, struct slice *out)
{
    for (size_t from = 0;; at--) {
        size_t to = slice_find(line, LIT("\t"), from);
        *out = slice_sub(line, from, to);
        if (at == 0)
            return true;
        if (to == SIZE_MAX)
            return false;
        from = to + 1;
    }
}

/* A client whose handshake goes on is listed as UNDEF, and nobody yet. */
static bool parse_client(struct slice line, struct vpn_tunnel *tunnel)
{
    enum { NAME = 1, SINCE = 8 };
    struct slice since;
    struct vpn_tunnel read;
    if (!column(line, NAME, &read.name) || !column(line, SINCE, &since) || !vpn_is_name(read.name) ||
        slice_equal(read.name, LIT("UNDEF")) || !slice_to_u64(since, VPN_SINCE_MAX, &read.since_s))
        return false;
    *tunnel = read;
    return true;
}

enum vpn_line vpn_line_parse(struct slice line, struct vpn_tunnel *tunnel)
{
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (!slice_starts(line, slice_from(starts[i].text)))
            continue;
        if (starts[i].line == VPN_LINE_CLIENT && !parse_client(line, tunnel))
            return VPN_LINE_OTHER;
        return starts[i].line;
    }
    return VPN_LINE_OTHER;
}
