/* Our own listeners, as the settings name them. */
#include "roles/prober/prober.h"

static const char console_name[] = "console";

/* "0.0.0.0:443", "[::]:443": any address of this machine is reached by its loopback. */
static bool parse_listener(struct check *c, const char *name, struct slice where, bool tls,
                           struct check_listener *out)
{
    size_t colon = where.len;
    uint64_t port;
    while (colon > 0 && where.data[colon - 1] != ':')
        colon--;
    if (colon == 0 || !slice_to_u64(slice_sub(where, colon, where.len), UINT16_MAX, &port))
        return false;
    struct slice host = slice_sub(where, 0, colon - 1);
    if (slice_starts(host, LIT("[")) && slice_ends(host, LIT("]")))
        host = slice_sub(host, 1, host.len - 1);
    if (slice_equal(host, LIT("0.0.0.0")))
        host = LIT("127.0.0.1");
    else if (slice_equal(host, LIT("::")))
        host = LIT("::1");
    *out = (struct check_listener){name, arena_text(c->arena, host), (uint16_t)port, tls};
    return true;
}

size_t check_listeners(struct check *c, struct check_listener out[CHECK_LISTENERS_MAX])
{
    const struct config *config = check_config(c);
    size_t count = 0;
    count += parse_listener(c, "http", config->http.listen, config->http.certificate.len > 0, &out[count]);
    count += parse_listener(c, "redirect", config->http.redirect, false, &out[count]);
    return count;
}

bool check_console(struct check *c, struct check_listener *out)
{
    return check_role_runs(c, ROLE_CONSOLE) && parse_listener(c, console_name, check_config(c)->console.listen, true, out);
}

/* The host of its public_url, without port. */
static struct slice public_host(struct check *c, const struct check_listener *listener)
{
    const struct config *config = check_config(c);
    struct slice url = listener->name == console_name ? config->console.public_url : config->public_url;
    size_t from = slice_find(url, LIT("://"), 0);
    struct slice rest = slice_sub(url, from == SIZE_MAX ? 0 : from + 3, SIZE_MAX);
    rest = slice_sub(rest, 0, slice_find(rest, LIT("/"), 0));
    if (slice_starts(rest, LIT("[")))
        return slice_sub(rest, 0, slice_find(rest, LIT("]"), 0) + 1);
    return slice_sub(rest, 0, slice_find(rest, LIT(":"), 0));
}

static struct reach reach_of(struct check *c, const struct check_listener *listener)
{
    return (struct reach){listener->address, listener->port, arena_text(c->arena, public_host(c, listener)),
                          check_left_ms(c)};
}

enum status check_http(struct check *c, const struct check_request *request, struct check_response *out,
                       struct problem *why)
{
    const struct check_listener *listener = request->listener;
    struct reach at = reach_of(c, listener);
    struct reach_request asked = {
        .url = arena_format(c->arena, "%s://%s:%u%s", listener->tls ? "https" : "http", at.host, listener->port,
                            request->path).data,
        .method = request->method == NULL ? "GET" : request->method,
        .headers = request->headers,
        .body = request->body,
    };
    return reach_http(&at, &asked, c->arena, out, why);
}

enum status check_tls(struct check *c, const struct check_listener *listener, const struct check_offer *offer,
                      struct check_handshake *out, struct problem *why)
{
    struct reach at = reach_of(c, listener);
    return reach_tls(&at, offer, c->arena, out, why);
}

enum status check_hello(struct check *c, const struct check_listener *listener, const struct check_hello *hello,
                        bool *accepted, struct problem *why)
{
    struct reach at = reach_of(c, listener);
    return reach_hello(&at, hello, accepted, why);
}
