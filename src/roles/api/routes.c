#include "roles/api/internal.h"

/* Every route. tests/web and test_api compare this table with web/api/openapi.yaml. */
const struct route api_routes[] = {
    {"GET",  "/healthz",                 ask_health,  reply_json,    NEEDS_NOTHING, false},
    {"GET",  "/api/v1/sandbox",          ask_sandbox, reply_json,    NEEDS_SANDBOX, false},
    {"POST", "/api/v1/sandbox/messages", ask_message, reply_message, NEEDS_SANDBOX, false},
    {"GET",  "/r/{token}",               ask_link,    reply_link,    NEEDS_NOTHING, true},
    {"POST", "/r/{token}",               ask_choice,  reply_choice,  NEEDS_NOTHING, true},
    {"GET",  "/r/{token}/privacy",       ask_privacy, reply_privacy, NEEDS_NOTHING, true},
    {"POST", "/r/{token}/privacy",       ask_act,     reply_privacy, NEEDS_NOTHING, true},
    {"GET",  "/r/{token}/stop",          ask_privacy, reply_privacy, NEEDS_NOTHING, true},
    {"POST", "/r/{token}/stop",          ask_one_click, reply_privacy, NEEDS_NOTHING, true},
    {"GET",  "/",                        NULL,        reply_index,   NEEDS_SANDBOX, false},
    {"GET",  "/assets/{file}",           NULL,        reply_file,    NEEDS_SANDBOX, false},
    {"GET",  "/guest.css",               NULL,        reply_file,    NEEDS_NOTHING, false},
    {"GET",  "/icon.svg",                NULL,        reply_file,    NEEDS_NOTHING, false},
};
const size_t api_route_count = sizeof api_routes / sizeof *api_routes;

static const char *allowed_methods(bool get, bool post)
{
    if (get && post)
        return "GET, HEAD, POST";
    return get ? "GET, HEAD" : "POST";
}

enum status route_find(const char *method, struct slice path, bool sandbox,
                       const struct route **out, struct slice values[HTTP_PATH_VALUES_MAX],
                       const char **allow)
{
    struct slice name = slice_from(method);
    if (slice_equal(name, LIT("HEAD")))
        name = LIT("GET");
    bool get = false, post = false;
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        if (route->needs == NEEDS_SANDBOX && !sandbox)
            continue;
        if (!http_path_match(route->pattern, path, values))
            continue;
        if (slice_equal(name, slice_from(route->method))) {
            *out = route;
            return ST_OK;
        }
        get |= slice_equal(slice_from(route->method), LIT("GET"));
        post |= slice_equal(slice_from(route->method), LIT("POST"));
    }
    if (!get && !post)
        return ST_NOT_FOUND;
    *allow = allowed_methods(get, post);
    return ST_CONFLICT;
}
