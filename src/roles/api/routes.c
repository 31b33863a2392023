#include "roles/api/internal.h"

const char *const route_needs_names[NEEDS_COUNT_] = {
    [NEEDS_NOTHING] = "nothing", [NEEDS_SANDBOX] = "sandbox", [NEEDS_SESSION] = "session",
    [NEEDS_ACCESS] = "access", [NEEDS_TOKEN] = "token",
};

/* Rows by the peer that answers them. */
#define FILE_OF(pattern, reply, needs)                                                             \
    {"GET", pattern, API_NOBODY, NULL, needs, RIGHT_NONE, NULL, reply, 0}
#define PAGE(method, pattern, command, ask, reply)                                                 \
    {method, pattern, API_PLANNER, command, NEEDS_NOTHING, RIGHT_NONE, ask, reply, ROUTE_PAGE}
#define PLANNER(method, pattern, command, needs, right, ask, reply)                                \
    {method, pattern, API_PLANNER, command, needs, RIGHT_##right, ask, reply, 0}
#define AUTHD(method, pattern, command, needs, right)                                              \
    {method, pattern, API_AUTHD, command, needs, RIGHT_##right, ask_members, reply_json, 0}
#define SCIM(method)                                                                               \
    {method, "/scim/v2/{+path}", API_AUTHD, "scim", NEEDS_TOKEN, RIGHT_PEOPLE_PROVISION, ask_scim,  \
     reply_scim, ROUTE_FOREIGN}

/* Every route. tests/web and test_api compare this table with web/api/openapi.yaml. */
const struct route api_routes[] = {
    PLANNER("GET",  "/healthz",                 "health",       NEEDS_NOTHING, NONE, ask_nothing, reply_json),
    PLANNER("GET",  "/api/v1/sandbox",          "sandbox.view", NEEDS_SANDBOX, NONE, ask_sandbox, reply_json),
    PLANNER("POST", "/api/v1/sandbox/messages", "sandbox.send", NEEDS_SANDBOX, NONE, ask_message, reply_message),
    PAGE("GET",  "/r/{token}",         "link.show",    ask_link,      reply_link),
    PAGE("POST", "/r/{token}",         "link.choose",  ask_choice,    reply_choice),
    PAGE("GET",  "/r/{token}/privacy", "privacy.show", ask_privacy,   reply_privacy),
    PAGE("POST", "/r/{token}/privacy", "privacy.do",   ask_act,       reply_privacy),
    PAGE("GET",  "/r/{token}/stop",    "privacy.show", ask_privacy,   reply_privacy),
    PAGE("POST", "/r/{token}/stop",    "privacy.do",   ask_one_click, reply_privacy),
    /* signing in */
    AUTHD("POST", "/api/v1/login/start",     "login.start",     NEEDS_NOTHING, NONE),
    AUTHD("POST", "/api/v1/login/passkey",   "login.passkey",   NEEDS_NOTHING, NONE),
    AUTHD("POST", "/api/v1/login/password",  "login.password",  NEEDS_NOTHING, NONE),
    AUTHD("POST", "/api/v1/login/code",      "login.code",      NEEDS_NOTHING, NONE),
    AUTHD("POST", "/api/v1/login/recovery",  "login.recovery",  NEEDS_NOTHING, NONE),
    AUTHD("POST", "/api/v1/enrolment/start", "enrolment.start", NEEDS_NOTHING, NONE),
    AUTHD("POST", "/api/v1/lost",            "account.lost",    NEEDS_NOTHING, NONE),
    {"GET",  "/login/sso/callback",    API_AUTHD, "sso.callback",    NEEDS_NOTHING, RIGHT_NONE, ask_query,   reply_callback, ROUTE_LEADS},
    {"POST", "/login/sso/backchannel", API_AUTHD, "sso.backchannel", NEEDS_NOTHING, RIGHT_NONE, ask_form,    reply_json,     ROUTE_FOREIGN},
    {"GET",  "/login/sso/{provider}",  API_AUTHD, "sso.begin",       NEEDS_NOTHING, RIGHT_NONE, ask_members, reply_provider, ROUTE_LEADS},
    {"POST", "/api/v1/logout",         API_AUTHD, "logout",          NEEDS_SESSION, RIGHT_NONE, ask_members, reply_logout,   0},
    /* one's own account */
    AUTHD("GET",    "/api/v1/me",                    "me.show",              NEEDS_SESSION, NONE),
    AUTHD("GET",    "/api/v1/sessions",              "session.list",         NEEDS_SESSION, ACCOUNT_OWN),
    AUTHD("DELETE", "/api/v1/sessions",              "session.end",          NEEDS_SESSION, ACCOUNT_OWN),
    AUTHD("DELETE", "/api/v1/sessions/{id}",         "session.end",          NEEDS_SESSION, ACCOUNT_OWN),
    AUTHD("GET",    "/api/v1/tokens",                "token.list",           NEEDS_SESSION, TOKENS_OWN),
    AUTHD("POST",   "/api/v1/tokens",                "token.make",           NEEDS_SESSION, TOKENS_OWN),
    AUTHD("DELETE", "/api/v1/tokens/{id}",           "token.end",            NEEDS_SESSION, TOKENS_OWN),
    AUTHD("GET",    "/api/v1/factors",               "factor.list",          NEEDS_SESSION, FACTORS_OWN),
    AUTHD("DELETE", "/api/v1/factors/{id}",          "factor.end",           NEEDS_SESSION, FACTORS_OWN),
    AUTHD("POST",   "/api/v1/factors/passkey/start", "factor.passkey.start", NEEDS_SESSION, FACTORS_OWN),
    AUTHD("POST",   "/api/v1/factors/passkey",       "factor.passkey.add",   NEEDS_SESSION, FACTORS_OWN),
    AUTHD("POST",   "/api/v1/factors/code/start",    "factor.code.start",    NEEDS_SESSION, FACTORS_OWN),
    AUTHD("POST",   "/api/v1/factors/code",          "factor.code.add",      NEEDS_SESSION, FACTORS_OWN),
    AUTHD("POST",   "/api/v1/factors/password",      "factor.password",      NEEDS_SESSION, FACTORS_OWN),
    AUTHD("POST",   "/api/v1/factors/recovery",      "factor.recovery",      NEEDS_SESSION, FACTORS_OWN),
    /* people, and what they may do */
    AUTHD("GET",    "/api/v1/people",                  "account.list",     NEEDS_SESSION, PEOPLE_READ),
    AUTHD("POST",   "/api/v1/people/{id}/invite",      "account.invite",   NEEDS_SESSION, RIGHTS_CHANGE),
    AUTHD("POST",   "/api/v1/people/{id}/function",    "account.function", NEEDS_SESSION, RIGHTS_CHANGE),
    AUTHD("POST",   "/api/v1/people/{id}/end",         "account.end",      NEEDS_SESSION, PEOPLE_END),
    AUTHD("GET",    "/api/v1/raises",                  "raise.list",       NEEDS_SESSION, RAISES_ASK),
    AUTHD("POST",   "/api/v1/raises",                  "raise.ask",        NEEDS_SESSION, RAISES_ASK),
    AUTHD("POST",   "/api/v1/raises/{id}/approve",     "raise.approve",    NEEDS_SESSION, RAISES_APPROVE),
    AUTHD("DELETE", "/api/v1/raises/{id}",             "raise.end",        NEEDS_SESSION, RAISES_ASK),
    AUTHD("POST",   "/api/v1/break-glass",             "glass.ask",        NEEDS_SESSION, GLASS_BREAK),
    AUTHD("POST",   "/api/v1/break-glass/{id}/approve", "glass.approve",   NEEDS_SESSION, GLASS_BREAK),
    AUTHD("GET",    "/api/v1/reviews",                 "review.list",      NEEDS_SESSION, REVIEWS_ANSWER),
    AUTHD("GET",    "/api/v1/reviews/{id}",            "review.show",      NEEDS_SESSION, REVIEWS_ANSWER),
    AUTHD("POST",   "/api/v1/reviews/{id}/decisions",  "review.decide",    NEEDS_SESSION, REVIEWS_ANSWER),
    PLANNER("GET",  "/api/v1/meetings",      "meetings.list", NEEDS_ACCESS, MEETINGS_READ, ask_members, reply_json),
    PLANNER("GET",  "/api/v1/meetings/{id}", "meetings.show", NEEDS_ACCESS, MEETINGS_READ, ask_members, reply_json),
    SCIM("GET"), SCIM("POST"), SCIM("PUT"), SCIM("PATCH"), SCIM("DELETE"),
    /* pages and files */
    FILE_OF("/",                    reply_index,   NEEDS_SANDBOX),
    FILE_OF("/account",             reply_account, NEEDS_NOTHING),
    FILE_OF("/account/{page}",      reply_account, NEEDS_NOTHING),
    FILE_OF("/account/{page}/{id}", reply_account, NEEDS_NOTHING),
    FILE_OF("/assets/{file}",       reply_file,    NEEDS_NOTHING),
    FILE_OF("/guest.css",           reply_file,    NEEDS_NOTHING),
    FILE_OF("/icon.svg",            reply_file,    NEEDS_NOTHING),
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
