/* Plain HTTP is tried where we listen: it leads to HTTPS and does nothing else. Over TLS every answer says
 * Strict-Transport-Security, and every cookie, asked for by showing spoilt ones, keeps to HTTPS, to HTTP and to our site. */
#include "roles/prober/check.h"

enum { HSTS_SECONDS_MIN = 63072000 };

static const char *const paths[] = {"/", "/api/v1/me", "/account", "/log/checkpoint", "/healthz", "/nowhere"};
enum { PATHS = sizeof paths / sizeof *paths };

static enum status fails_at(struct check *c, const struct check_listener *listener, const char *path,
                            const char *cause)
{
    check_fact(c, "listener", "%s", listener->name);
    check_fact(c, "path", "%s", path);
    return check_fails(c, cause);
}

/* A listener that is there to lead on. */
static enum status try_redirect(struct check *c, const struct check_listener *listener, struct problem *why)
{
    for (size_t i = 0; i < PATHS; i++) {
        struct check_response got, put;
        struct check_request ask = {.listener = listener, .path = paths[i]};
        TRY(check_http(c, &ask, &got, why));
        ask.method = "POST";
        ask.body = LIT("{}");
        TRY(check_http(c, &ask, &put, why));
        bool leads = (got.code == 301 || got.code == 308) && slice_starts(check_header(&got, "Location", 0), LIT("https://"));
        bool cookie = check_header(&got, "Set-Cookie", 0).len + check_header(&put, "Set-Cookie", 0).len > 0;
        if (!leads || put.code < 300 || cookie)
            return fails_at(c, listener, paths[i], "plain_answered");
    }
    return ST_OK;
}

/* Plain HTTP at the port of TLS: no answer, or a refusal. */
static enum status try_plain(struct check *c, const struct check_listener *listener)
{
    struct check_listener plain = *listener;
    struct check_response got;
    plain.tls = false;
    const struct check_request ask = {.listener = &plain, .path = "/healthz"};
    if (check_http(c, &ask, &got, NULL) == ST_OK && got.code < 400)
        return fails_at(c, listener, ask.path, "plain_answered");
    return ST_OK;
}

static uint64_t max_age(struct slice header)
{
    size_t at = slice_find(header, LIT("max-age="), 0);
    struct slice number = slice_sub(header, at == SIZE_MAX ? header.len : at + 8, SIZE_MAX);
    uint64_t seconds = 0;
    number = slice_trim(slice_sub(number, 0, slice_find(number, LIT(";"), 0)));
    return slice_to_u64(number, UINT64_MAX, &seconds) ? seconds : 0;
}

static enum status try_transport(struct check *c, const struct check_listener *listener, struct problem *why)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < PATHS; i++) {
        struct check_response got;
        const struct check_request ask = {.listener = listener, .path = paths[i]};
        TRY(check_http(c, &ask, &got, why));
        uint64_t age = max_age(check_header(&got, "Strict-Transport-Security", 0));
        if (age < HSTS_SECONDS_MIN)
            return fails_at(c, listener, paths[i], "no_hsts");
        least = age < least ? age : least;
    }
    check_fact(c, "hsts", "%llu", (unsigned long long)least);
    return ST_OK;
}

static bool has_word(struct slice cookie, struct slice word)
{
    for (size_t at = 0; at < cookie.len;) {
        size_t end = slice_find(cookie, LIT(";"), at);
        if (slice_equal_nocase(slice_trim(slice_sub(cookie, at, end)), word))
            return true;
        at = end == SIZE_MAX ? cookie.len : end + 1;
    }
    return false;
}

static const char *fault_of(struct slice cookie)
{
    if (!has_word(cookie, LIT("Secure")) || !slice_starts(cookie, LIT("__Host-")))
        return "cookie_not_secure";
    if (!has_word(cookie, LIT("HttpOnly")))
        return "cookie_not_http_only";
    if (!has_word(cookie, LIT("SameSite=Strict")) && !has_word(cookie, LIT("SameSite=Lax")))
        return "cookie_not_same_site";
    return NULL;
}

/* Spoilt cookies are taken back, by cookies of the same form. */
static enum status try_cookies(struct check *c, const struct check_listener *listener, struct problem *why)
{
    static const char *const spoilt[] = {"Cookie: __Host-session=x; __Host-flow=!; __Host-device=x", NULL};
    const struct check_request ask = {.listener = listener, .path = "/api/v1/me", .headers = spoilt};
    struct check_response got;
    struct slice cookie;
    size_t count = 0;
    TRY(check_http(c, &ask, &got, why));
    for (; (cookie = check_header(&got, "Set-Cookie", count)).len > 0; count++) {
        const char *fault = fault_of(cookie);
        if (fault == NULL)
            continue;
        check_fact(c, "cookie", "%.*s", SLICE_ARG(slice_sub(cookie, 0, slice_find(cookie, LIT("="), 0))));
        return check_fails(c, fault);
    }
    check_fact(c, "cookies", "%zu", count);
    return count > 0 ? ST_OK : problem_set(why, ST_UNAVAILABLE, "no cookie to look at");
}

/* Behind a proxy that ends TLS: nobody but this machine may reach the plain listener. */
static bool is_loopback(struct slice listen)
{
    return slice_starts(listen, LIT("127.")) || slice_starts(listen, LIT("[::1]"));
}

static enum status try_listener(struct check *c, const struct check_listener *listener, struct problem *why)
{
    if (slice_equal(slice_from(listener->name), LIT("redirect")))
        return try_redirect(c, listener, why);
    if (!listener->tls && !slice_starts(check_config(c)->public_url, LIT("https://")))
        return fails_at(c, listener, "/", "no_https");
    if (!listener->tls && !is_loopback(check_config(c)->http.listen))
        return fails_at(c, listener, "/", "plain_answered");
    TRY(try_transport(c, listener, why));
    TRY(try_cookies(c, listener, why));
    return listener->tls ? try_plain(c, listener) : ST_OK;
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_listener listeners[CHECK_LISTENERS_MAX];
    size_t count = check_listeners(c, listeners);
    for (size_t i = 0; i < count && !check_has_failed(c); i++)
        TRY(try_listener(c, &listeners[i], why));
    if (count == 0)
        return problem_set(why, ST_UNAVAILABLE, "nobody listens");
    return check_has_failed(c) ? ST_OK : check_holds(c);
}
