/* There is somebody to write to, in the register and in security.txt (RFC 9116), which is not past its end; no
 * message has waited for more than two working days. */
#include "roles/prober/check.h"

static struct slice field(struct slice text, struct slice name)
{
    struct slice line;
    while (slice_next_line(&text, &line))
        if (slice_starts_nocase(line, name))
            return slice_trim(slice_sub(line, name.len, line.len));
    return SLICE_NONE;
}

static enum status look_at_file(struct check *c, const struct check_listener *listener, struct problem *why)
{
    struct check_request request = {.listener = listener, .path = "/.well-known/security.txt"};
    struct check_response response;
    struct instant expires;
    TRY(check_http(c, &request, &response, why));
    if (response.code != 200 || field(response.body, LIT("Contact:")).len == 0)
        return check_fails(c, "no_file");
    struct slice until = field(response.body, LIT("Expires:"));
    if (instant_parse(until, &expires, NULL, NULL) != ST_OK || expires.us <= check_now(c).us)
        return check_fails(c, "file_expired");
    check_fact(c, "expires", "%.*s", SLICE_ARG(until));
    return ST_OK;
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_listener listeners[CHECK_LISTENERS_MAX];
    size_t count = check_listeners(c, listeners);
    if (count == 0)
        return problem_set(why, ST_UNAVAILABLE, "there is no listener");
    TRY(look_at_file(c, &listeners[0], why));
    if (check_has_failed(c))
        return ST_OK;
    return check_by_probe(c, ROLE_TRUST, "contacts", SLICE_NONE, false, why);
}
