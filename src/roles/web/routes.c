#include "roles/web/request.h"

const char *const route_needs_names[NEEDS_COUNT_] = {
    [NEEDS_NOTHING] = "nothing", [NEEDS_SANDBOX] = "sandbox", [NEEDS_SESSION] = "session",
    [NEEDS_ACCESS] = "access", [NEEDS_TOKEN] = "token",
};

/* "GET, HEAD, POST": in the order of the rows. */
static const char *allowed_methods(const struct web_site *site, struct slice path, bool sandbox,
                                   struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(100);
    struct slice values[HTTP_PATH_VALUES_MAX];
    for (size_t i = 0; i < site->route_count; i++) {
        const struct route *route = &site->routes[i];
        struct slice method = slice_from(route->method);
        if ((route->needs == NEEDS_SANDBOX && !sandbox) ||
            !http_path_match(route->pattern, path, values) ||
            slice_contains(buffer_slice(&out), method))
            continue;
        buffer_add_text(&out, out.len > 0 ? ", " : "");
        buffer_add(&out, method);
        buffer_add_text(&out, slice_equal(method, LIT("GET")) ? ", HEAD" : "");
    }
    return out.len > 0 ? arena_text(arena, buffer_slice(&out)) : NULL;
}

enum status route_find(const struct web_site *site, const char *method, struct slice path, bool sandbox,
                       struct arena *arena, const struct route **out, struct slice values[HTTP_PATH_VALUES_MAX],
                       const char **allow)
{
    struct slice name = slice_from(method);
    if (slice_equal(name, LIT("HEAD")))
        name = LIT("GET");
    for (size_t i = 0; i < site->route_count; i++) {
        const struct route *route = &site->routes[i];
        if (!slice_equal(name, slice_from(route->method)) ||
            (route->needs == NEEDS_SANDBOX && !sandbox) ||
            !http_path_match(route->pattern, path, values))
            continue;
        *out = route;
        return ST_OK;
    }
    *allow = allowed_methods(site, path, sandbox, arena);
    return *allow == NULL ? ST_NOT_FOUND : ST_CONFLICT;
}
