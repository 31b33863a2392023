#include "roles/console/console.h"
#include "roles/web/request.h"

#define FILE_OF(pattern, reply) {"GET", pattern, WEB_NOBODY, NULL, NEEDS_NOTHING, RIGHT_NONE, NULL, reply, 0},
#define AUTHD(method, pattern, command, needs, right)                                              \
    {method, pattern, WEB_AUTHD, command, needs, RIGHT_##right, ask_members, reply_json, 0},
#define CASE(method, pattern, command, right)                                                      \
    {method, pattern, WEB_PLANNER, command, NEEDS_SESSION, RIGHT_##right, ask_case, reply_json, 0},
#define ROUTE(method, pattern, peer, command, needs, right, ask, reply, flags)                     \
    {method, pattern, peer, command, needs, RIGHT_##right, ask, reply, flags},

static enum status reply_console(struct request *request, const struct answer *answer, struct response *response,
                                 struct problem *why)
{
    (void)answer;
    return reply_page(request, LIT("/index.html"), response, why);
}

/* What the path names is a task, and nothing in the body stands for another. */
static enum status ask_case(struct request *request, json_t **question, struct problem *why)
{
    TRY(ask_members(request, question, why));
    if (slice_contains(slice_from(request->route->pattern), LIT("/tasks/{id}"))) {
        json_object_set_new(*question, "task", json_from_text(request->values[0]));
        json_object_del(*question, "id");
    }
    return ST_OK;
}

static const struct route lesson_keep = {"POST", "", WEB_PLANNER, "lesson.keep", NEEDS_SESSION, RIGHT_REQUESTS_EDIT,
                                         NULL, reply_json, 0};

/* Without `keep` it is shown, with it, kept or not. */
static enum status ask_lesson(struct request *request, json_t **question, struct problem *why)
{
    TRY(ask_case(request, question, why));
    if (json_object_get(*question, "keep") != NULL)
        request->route = &lesson_keep;
    return ST_OK;
}

static const struct route routes[] = {
#include "roles/console/routes.def"
};

const struct web_site console_site = {
    .section = "console",
    .routes = routes,
    .route_count = sizeof routes / sizeof *routes,
    .codes = true,
};
