#include "roles/api/internal.h"

/* Rows by the peer that answers them. */
#define FILE_OF(pattern, reply, needs)                                                             \
    {"GET", pattern, WEB_NOBODY, NULL, needs, RIGHT_NONE, NULL, reply, 0},
#define PAGE(method, pattern, command, ask, reply)                                                 \
    {method, pattern, WEB_PLANNER, command, NEEDS_NOTHING, RIGHT_NONE, ask, reply, ROUTE_PAGE},
#define PLANNER(method, pattern, command, needs, right, ask, reply)                                \
    {method, pattern, WEB_PLANNER, command, needs, RIGHT_##right, ask, reply, 0},
#define AUTHD(method, pattern, command, needs, right)                                              \
    {method, pattern, WEB_AUTHD, command, needs, RIGHT_##right, ask_members, reply_json, 0},
#define SCIM(method, pattern)                                                                      \
    {method, pattern, WEB_AUTHD, "scim", NEEDS_TOKEN, RIGHT_PEOPLE_PROVISION, ask_scim, reply_scim,   \
     ROUTE_FOREIGN},
#define TRUST(method, pattern, command, ask, reply, flags)                                         \
    {method, pattern, WEB_TRUST, command, NEEDS_NOTHING, RIGHT_NONE, ask, reply, ROUTE_PAGE | ROUTE_TRUST | (flags)},
#define ROUTE(method, pattern, peer, command, needs, right, ask, reply, flags)                     \
    {method, pattern, peer, command, needs, RIGHT_##right, ask, reply, flags},

static const struct route routes[] = {
#include "roles/api/routes.def"
};

const struct web_site api_site = {
    .section = "http",
    .routes = routes,
    .route_count = sizeof routes / sizeof *routes,
    .page_problem = page_problem,
    .lead = reply_callback,
    .language = request_language,
};
