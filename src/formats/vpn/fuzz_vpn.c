/* What a stranger may write to authd's socket, or through OpenVPN to its hook. */
#include <assert.h>

#include "formats/vpn/vpn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create(((size_t)4 << 20) + 4 * size);
    struct slice input = {(const char *)data, size}, rest = input, line, user, code, hex;
    struct vpn_ask ask, again;
    struct vpn_tunnel tunnel;
    bool yes[4];
    size_t len = vpn_ask_len(input);
    assert(len <= size);
    if (vpn_ask_parse(slice_sub(input, 0, len), arena, &ask, NULL) == ST_OK) {
        AUTO_BUFFER text = buffer_create(2 * VPN_ASK_BYTES_MAX);
        vpn_ask_format(&ask, &text);
        assert(slice_equal(buffer_slice(&text), slice_sub(input, 0, len))); /* one form only */
        assert(vpn_ask_parse(buffer_slice(&text), arena, &again, NULL) == ST_OK);
    }
    (void)!vpn_answers_parse(input, 4, yes, NULL);
    (void)!vpn_hex_parse(input, VPN_DIGEST_DIGITS, arena, &hex);
    if (vpn_login_parse(input, false, &user, &code, NULL) == ST_OK)
        assert(vpn_is_name(user) && code.len >= 6 && code.len <= 8);
    while (slice_next_line(&rest, &line))
        if (vpn_line_parse(line, &tunnel) == VPN_LINE_CLIENT)
            assert(vpn_is_name(tunnel.name) && tunnel.since_s <= VPN_SINCE_MAX);
    return 0;
}
