/* Every route that people use is asked without a session, with a session and a token that nobody has; forged tokens of a
 * provider are shown to the role that checks them. */
#include "roles/prober/check.h"

enum route_needs { NEEDS_NOTHING, NEEDS_SANDBOX, NEEDS_SESSION, NEEDS_ACCESS, NEEDS_TOKEN };

/* The table that the service itself has. */
static const struct route_row {
    const char *method, *pattern;
    enum route_needs needs;
} routes[] = {
#define FILE_OF(pattern, reply, needs) {"GET", pattern, needs},
#define PAGE(method, pattern, command, ask, reply) {method, pattern, NEEDS_NOTHING},
#define PLANNER(method, pattern, command, needs, right, ask, reply) {method, pattern, needs},
#define AUTHD(method, pattern, command, needs, right) {method, pattern, needs},
#define TRUST(method, pattern, command, ask, reply, flags) {method, pattern, NEEDS_NOTHING},
#define SCIM(method, pattern) {method, pattern, NEEDS_TOKEN},
#define ROUTE(method, pattern, peer, command, needs, right, ask, reply, flags) {method, pattern, needs},
#include "roles/api/routes.def"
};
enum { ROUTES = sizeof routes / sizeof *routes };

#define NOBODYS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define FROM_OUR_PAGE "Content-Type: application/json", "Sec-Fetch-Site: same-origin"
static const char *const without[] = {FROM_OUR_PAGE, NULL};
static const char *const with_session[] = {FROM_OUR_PAGE, "Cookie: __Host-session=" NOBODYS, NULL};
static const char *const with_token[] = {FROM_OUR_PAGE, "Authorization: Bearer rdz_" NOBODYS, NULL};

/* "/api/v1/people/{id}/end" as a path. */
static const char *path_of(const char *pattern, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(256);
    bool inside = false;
    for (const char *c = pattern; *c != '\0'; c++) {
        if (*c == '{')
            buffer_add_text(&out, "x1");
        inside = *c == '{' || (inside && *c != '}');
        if (!inside && *c != '}')
            buffer_add_char(&out, *c);
    }
    return arena_text(arena, buffer_slice(&out));
}

/* A refusal is a 401 or 403; what is no answer to this is no proof either way. */
static enum status try_route(struct check *c, const struct check_listener *listener, const struct route_row *route,
                             const char *const *headers, struct problem *why)
{
    struct check_response got;
    bool reads = strcmp(route->method, "GET") == 0;
    struct check_request ask = {.listener = listener, .method = route->method, .headers = headers,
                                .path = path_of(route->pattern, check_arena(c)), .body = reads ? SLICE_NONE : LIT("{}")};
    TRY(check_http(c, &ask, &got, why));
    if (got.code >= 500 || got.code == 429)
        return problem_set(why, ST_UNAVAILABLE, "%s %s: the service answers %d", route->method, route->pattern, (int)got.code);
    if (got.code == 401 || got.code == 403)
        return ST_OK;
    check_fact(c, "method", "%s", route->method);
    check_fact(c, "route", "%s", route->pattern);
    check_fact(c, "code", "%d", (int)got.code);
    return check_fails(c, "route_open");
}

/* A setting opens the metrics to this machine. */
static bool is_for_people(const struct route_row *route)
{
    return route->needs >= NEEDS_SESSION && strcmp(route->pattern, "/metrics") != 0;
}

static enum status try_routes(struct check *c, const struct check_listener *listener, struct problem *why)
{
    size_t tried = 0;
    for (size_t i = 0; i < ROUTES && !check_has_failed(c); i++) {
        if (!is_for_people(&routes[i]))
            continue;
        if (check_left_ms(c) == 0)
            return problem_set(why, ST_UNAVAILABLE, "so many routes need more time");
        TRY(try_route(c, listener, &routes[i], without, why));
        if (tried++ % 8 == 0)
            TRY(try_route(c, listener, &routes[i], routes[i].needs == NEEDS_TOKEN ? with_token : with_session, why));
    }
    check_fact(c, "routes", "%zu", tried);
    return ST_OK;
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_listener listeners[CHECK_LISTENERS_MAX];
    size_t count = check_listeners(c, listeners);
    TRY(check_by_probe(c, ROLE_SSO, "forged_tokens", SLICE_NONE, false, why));
    for (size_t i = 0; i < count; i++)
        if (strcmp(listeners[i].name, "http") == 0) {
            TRY(try_routes(c, &listeners[i], why));
            return check_holds(c);
        }
    return problem_set(why, ST_UNAVAILABLE, "there is no listener to ask");
}
