#include "roles/api/internal.h"

const char *const route_needs_names[NEEDS_COUNT_] = {
    [NEEDS_NOTHING] = "nothing", [NEEDS_SANDBOX] = "sandbox", [NEEDS_SESSION] = "session",
    [NEEDS_ACCESS] = "access", [NEEDS_TOKEN] = "token",
};

/* Rows by the peer that answers them. */
#define FILE_OF(pattern, reply, needs)                                                             \
    {"GET", pattern, API_NOBODY, NULL, needs, RIGHT_NONE, NULL, reply, 0},
#define PAGE(method, pattern, command, ask, reply)                                                 \
    {method, pattern, API_PLANNER, command, NEEDS_NOTHING, RIGHT_NONE, ask, reply, ROUTE_PAGE},
#define PLANNER(method, pattern, command, needs, right, ask, reply)                                \
    {method, pattern, API_PLANNER, command, needs, RIGHT_##right, ask, reply, 0},
#define AUTHD(method, pattern, command, needs, right)                                              \
    {method, pattern, API_AUTHD, command, needs, RIGHT_##right, ask_members, reply_json, 0},
#define SCIM(method, pattern)                                                                      \
    {method, pattern, API_AUTHD, "scim", NEEDS_TOKEN, RIGHT_PEOPLE_PROVISION, ask_scim, reply_scim,   \
     ROUTE_FOREIGN},
#define TRUST(method, pattern, command, ask, reply, flags)                                         \
    {method, pattern, API_TRUST, command, NEEDS_NOTHING, RIGHT_NONE, ask, reply, ROUTE_PAGE | ROUTE_TRUST | (flags)},
#define ROUTE(method, pattern, peer, command, needs, right, ask, reply, flags)                     \
    {method, pattern, peer, command, needs, RIGHT_##right, ask, reply, flags},

const struct route api_routes[] = {
#include "roles/api/routes.def"
};
const size_t api_route_count = sizeof api_routes / sizeof *api_routes;

/* "GET, HEAD, POST": in the order of the rows. */
static const char *allowed_methods(struct slice path, bool sandbox, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(100);
    struct slice values[HTTP_PATH_VALUES_MAX];
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
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

enum status route_find(const char *method, struct slice path, bool sandbox, struct arena *arena,
                       const struct route **out, struct slice values[HTTP_PATH_VALUES_MAX],
                       const char **allow)
{
    struct slice name = slice_from(method);
    if (slice_equal(name, LIT("HEAD")))
        name = LIT("GET");
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        if (!slice_equal(name, slice_from(route->method)) ||
            (route->needs == NEEDS_SANDBOX && !sandbox) ||
            !http_path_match(route->pattern, path, values))
            continue;
        *out = route;
        return ST_OK;
    }
    *allow = allowed_methods(path, sandbox, arena);
    return *allow == NULL ? ST_NOT_FOUND : ST_CONFLICT;
}
