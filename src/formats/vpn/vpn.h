#ifndef RENDEZ_FORMATS_VPN_H
#define RENDEZ_FORMATS_VPN_H

#include "base/bytes/bytes.h"

/* What is said between OpenVPN, `rendez vpn-auth`, `rendez vpn-watch` and authd: questions on authd's
 * socket, the files and variables of OpenVPN's hook, the lines of its management interface. */

enum {
    VPN_ASK_BYTES_MAX = 64 * 1024,
    VPN_VALUE_BYTES_MAX = 128,
    VPN_TUNNELS_MAX = 512, /* of one question */
    VPN_SERIAL_DIGITS = 32,
    VPN_DIGEST_DIGITS = 64,
    VPN_LINE_BYTES_MAX = 4096, /* of the management interface */
};

/* A question to authd. Lines end with LF, "KEY VALUE" each, an empty line ends it:
 *   rendez-vpn 1 login           may this one open a tunnel?
 *   user p_…                     the name given, an account's id
 *   name p_…                     the common name of the certificate that OpenVPN has verified
 *   serial 32 hexadecimal digits
 *   digest 64                    SHA-256 of that certificate
 *   from 192.0.2.7               the address that it came from
 *   code 123456                  or "resumed yes": OpenVPN knows it from a session that goes on
 * answered by "yes" or "no" and LF; or
 *   rendez-vpn 1 alive           whose tunnels may stay?
 *   tunnel p_… 1795600000        whose, and since when (UTC, seconds); up to VPN_TUNNELS_MAX of them
 * answered by such a line for each, in order. */
enum vpn_ask_kind { VPN_LOGIN, VPN_ALIVE };
struct vpn_tunnel {
    struct slice name;
    uint64_t since_s;
};
struct vpn_tunnel_list {
    struct vpn_tunnel *items;
    size_t count, capacity;
};
struct vpn_ask {
    enum vpn_ask_kind kind;
    struct slice user, name, serial, digest, from, code;
    bool resumed;
    struct vpn_tunnel_list tunnels; /* VPN_ALIVE */
};
/* One question, with its empty line. Slices are of the text.
 * ST_INVALID, ST_LIMIT  it is none, or larger than those above allow */
MUST_USE enum status vpn_ask_parse(struct slice text, struct arena *arena, struct vpn_ask *out,
                                   struct problem *why);
void vpn_ask_format(const struct vpn_ask *ask, struct buffer *out);
/* Length of the first question in what has come so far; 0: it has not ended yet. */
size_t vpn_ask_len(struct slice bytes);

/* "yes" or "no", one line each. ST_INVALID: another word, or another count of lines. */
MUST_USE enum status vpn_answers_parse(struct slice text, size_t count, bool *yes,
                                       struct problem *why);

/* What OpenVPN hands its hook by file: user name and password, a line each. ST_INVALID: no such
 * lines, or a password that is no code of 6 to 8 digits (`code` may be a token of OpenVPN's, though,
 * when the session is resumed: then it is not looked at). */
MUST_USE enum status vpn_login_parse(struct slice file, bool resumed, struct slice *user,
                                     struct slice *code, struct problem *why);
/* "0A:1B:…" as in OpenVPN's environment, to `digits` small letters and digits without colons; what
 * is shorter gets zeros in front. ST_INVALID: another character, or more of them. */
MUST_USE enum status vpn_hex_parse(struct slice text, size_t digits, struct arena *arena,
                                   struct slice *out);

/* Ids, as common names of ours are: letters, digits, "_" and "-". */
bool vpn_is_name(struct slice name);
#define VPN_SINCE_MAX UINT64_C(253402300799) /* 9999-12-31 */

/* A line of OpenVPN's management interface (without its end). */
enum vpn_line {
    VPN_LINE_OTHER,  /* news (">…") and what we do not ask about */
    VPN_LINE_CLIENT, /* of "status 3": one that is connected; *tunnel */
    VPN_LINE_END,    /* the end of "status 3" */
    VPN_LINE_SUCCESS,
    VPN_LINE_ERROR,
    VPN_LINE_PASSWORD, /* the interface wants one */
};
enum vpn_line vpn_line_parse(struct slice line, struct vpn_tunnel *tunnel);

#endif
