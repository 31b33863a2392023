/* Questions to authd and its answers. */
#include "formats/vpn/vpn.h"

#include <inttypes.h>
#include <stddef.h>

static const char *const heads[] = {
    [VPN_LOGIN] = "rendez-vpn 1 login",
    [VPN_ALIVE] = "rendez-vpn 1 alive",
};

static bool is_text(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~')
            return false;
    return text.len > 0 && text.len <= VPN_VALUE_BYTES_MAX;
}

bool vpn_is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_alpha(name.data[i]) && !ascii_is_digit(name.data[i]) && name.data[i] != '_' &&
            name.data[i] != '-')
            return false;
    return name.len > 0 && name.len <= VPN_VALUE_BYTES_MAX;
}

static bool is_hex(struct slice text, size_t digits)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_digit(text.data[i]) && (text.data[i] < 'a' || text.data[i] > 'f'))
            return false;
    return text.len == digits;
}
static bool is_serial(struct slice text) { return is_hex(text, VPN_SERIAL_DIGITS); }
static bool is_digest(struct slice text) { return is_hex(text, VPN_DIGEST_DIGITS); }

static bool is_code(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_digit(text.data[i]))
            return false;
    return text.len >= 6 && text.len <= 8;
}

/* The lines of a login, in their order. */
static const struct line {
    const char *key;
    size_t member;
    bool (*is_good)(struct slice value);
} lines[] = {
    {"user ", offsetof(struct vpn_ask, user), vpn_is_name},
    {"name ", offsetof(struct vpn_ask, name), vpn_is_name},
    {"serial ", offsetof(struct vpn_ask, serial), is_serial},
    {"digest ", offsetof(struct vpn_ask, digest), is_digest},
    {"from ", offsetof(struct vpn_ask, from), is_text},
};
enum { LINES = sizeof lines / sizeof *lines };

static bool take(struct slice *rest, const char *name, bool (*is_good)(struct slice value),
                 struct slice *value)
{
    size_t end = slice_find(*rest, LIT("\n"), 0);
    struct slice line = slice_sub(*rest, 0, end), key = slice_from(name);
    if (end == SIZE_MAX || !slice_starts(line, key))
        return false;
    *value = slice_sub(line, key.len, SIZE_MAX);
    *rest = slice_sub(*rest, end + 1, SIZE_MAX);
    return is_good(*value);
}

static bool is_yes(struct slice value) { return slice_equal(value, LIT("yes")); }

static bool take_login(struct slice *rest, struct vpn_ask *ask)
{
    struct slice ignored;
    for (size_t i = 0; i < LINES; i++) {
        struct slice *member = (struct slice *)(void *)((char *)ask + lines[i].member);
        if (!take(rest, lines[i].key, lines[i].is_good, member))
            return false;
    }
    ask->resumed = slice_starts(*rest, LIT("resumed "));
    return ask->resumed ? take(rest, "resumed ", is_yes, &ignored)
                        : take(rest, "code ", is_code, &ask->code);
}

static bool is_tunnel(struct slice value)
{
    return value.len <= VPN_VALUE_BYTES_MAX;
}

static bool take_tunnel(struct slice *rest, struct vpn_tunnel *out)
{
    struct slice value;
    if (!take(rest, "tunnel ", is_tunnel, &value))
        return false;
    size_t space = slice_find(value, LIT(" "), 0);
    struct slice since = slice_sub(value, space == SIZE_MAX ? value.len : space + 1, SIZE_MAX);
    out->name = slice_sub(value, 0, space);
    bool one_form = since.len == 1 || (since.len > 0 && since.data[0] != '0');
    return vpn_is_name(out->name) && one_form && slice_to_u64(since, VPN_SINCE_MAX, &out->since_s);
}

static bool take_tunnels(struct slice *rest, struct arena *arena, struct vpn_ask *ask)
{
    while (slice_starts(*rest, LIT("tunnel "))) {
        struct vpn_tunnel tunnel;
        if (ask->tunnels.count == VPN_TUNNELS_MAX || !take_tunnel(rest, &tunnel))
            return false;
        ARENA_PUSH(arena, &ask->tunnels, tunnel);
    }
    return ask->tunnels.count > 0;
}

enum status vpn_ask_parse(struct slice text, struct arena *arena, struct vpn_ask *out,
                          struct problem *why)
{
    struct vpn_ask ask = {0};
    struct slice rest = text, line;
    if (text.len > VPN_ASK_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "the question is too long");
    bool known = slice_next_line(&rest, &line);
    if (known && slice_equal(line, slice_from(heads[VPN_ALIVE])))
        ask.kind = VPN_ALIVE;
    else if (!known || !slice_equal(line, slice_from(heads[VPN_LOGIN])))
        return problem_set(why, ST_INVALID, "no question of version 1");
    bool good = ask.kind == VPN_LOGIN ? take_login(&rest, &ask) : take_tunnels(&rest, arena, &ask);
    if (!good || !slice_equal(rest, LIT("\n")))
        return problem_set(why, ST_INVALID, "a line of the question is missing, doubled or wrong");
    *out = ask;
    return ST_OK;
}

static void add_line(struct buffer *out, const char *key, struct slice value)
{
    buffer_add_text(out, key);
    buffer_add(out, value);
    buffer_add_char(out, '\n');
}

void vpn_ask_format(const struct vpn_ask *ask, struct buffer *out)
{
    add_line(out, heads[ask->kind], SLICE_NONE);
    for (size_t i = 0; ask->kind == VPN_LOGIN && i < LINES; i++)
        add_line(out, lines[i].key,
                 *(const struct slice *)(const void *)((const char *)ask + lines[i].member));
    if (ask->kind == VPN_LOGIN && ask->resumed)
        add_line(out, "resumed yes", SLICE_NONE);
    else if (ask->kind == VPN_LOGIN)
        add_line(out, "code ", ask->code);
    for (size_t i = 0; ask->kind == VPN_ALIVE && i < ask->tunnels.count; i++)
        buffer_add_format(out, "tunnel %.*s %" PRIu64 "\n", SLICE_ARG(ask->tunnels.items[i].name),
                          ask->tunnels.items[i].since_s);
    buffer_add_char(out, '\n');
}

size_t vpn_ask_len(struct slice bytes)
{
    size_t end = slice_find(bytes, LIT("\n\n"), 0);
    return end == SIZE_MAX ? 0 : end + 2;
}

enum status vpn_answers_parse(struct slice text, size_t count, bool *yes, struct problem *why)
{
    struct slice rest = text;
    for (size_t i = 0; i < count; i++) {
        bool is_positive = slice_starts(rest, LIT("yes\n"));
        if (!is_positive && !slice_starts(rest, LIT("no\n")))
            return problem_set(why, ST_INVALID, "authd answers something else than yes or no");
        yes[i] = is_positive;
        rest = slice_sub(rest, is_positive ? 4 : 3, SIZE_MAX);
    }
    return rest.len == 0 ? ST_OK : problem_set(why, ST_INVALID, "authd answers more than was asked");
}

enum status vpn_login_parse(struct slice file, bool resumed, struct slice *user, struct slice *code,
                            struct problem *why)
{
    struct slice rest = file, name, word;
    if (!slice_next_line(&rest, &name) || !slice_next_line(&rest, &word) || rest.len > 0 ||
        !vpn_is_name(name))
        return problem_set(why, ST_INVALID, "OpenVPN's file holds no user name of ours and password");
    if (!resumed && !is_code(word))
        return problem_set(why, ST_INVALID, "what was given for a password is no code");
    *user = name;
    *code = resumed ? SLICE_NONE : word;
    return ST_OK;
}
