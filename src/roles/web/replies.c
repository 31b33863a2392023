/* What any site asks and answers in the same way, and how failures are said. */
#include "roles/web/request.h"

enum status ask_nothing(struct request *request, json_t **question, struct problem *why)
{
    (void)request;
    (void)why;
    *question = json_object();
    return ST_OK;
}

/* What the pattern calls the parts of the path, "{id}" or "{+path}". */
void request_add_path(const struct request *request, json_t *question)
{
    struct slice shape = slice_from(request->route->pattern);
    size_t at = 0, count = 0;
    for (size_t brace; (brace = slice_find(shape, LIT("{"), at)) != SIZE_MAX; count++) {
        at = slice_find(shape, LIT("}"), brace);
        size_t start = brace + (shape.data[brace + 1] == '+' ? 2 : 1);
        json_object_setn_new(question, shape.data + start, at - start,
                             json_from_text(request->values[count]));
    }
}

/* The members of the body, and of the path: these are ours to say. */
enum status ask_members(struct request *request, json_t **question, struct problem *why)
{
    AUTO_JSON body = NULL;
    struct slice text = buffer_slice(&request->body);
    if (text.len > 0)
        TRY(json_read_unique(text, &body, why));
    if (body != NULL && !json_is_object(body))
        return problem_set(why, ST_INVALID, "the body must be an object");
    *question = body != NULL ? json_incref(body) : json_object();
    request_add_path(request, *question);
    return ST_OK;
}

enum status reply_json(struct request *request, const struct answer *answer,
                       struct response *response, struct problem *why)
{
    (void)request;
    (void)why;
    *response = (struct response){.status = MHD_HTTP_OK, .type = "application/json", .body = answer->json};
    return ST_OK;
}

enum status reply_logout(struct request *request, const struct answer *answer,
                         struct response *response, struct problem *why)
{
    TRY(reply_json(request, answer, response, why));
    request->session = (struct cookie){.set = true};
    response->forget_site = true;
    return ST_OK;
}

/* How a status is said in HTTP. */
static const struct {
    unsigned http;
    const char *title;
} problems[] = {
    [ST_OK] = {500, "Unexpected success"},
    [ST_INVALID] = {400, "The request is wrong"},
    [ST_NOT_FOUND] = {404, "Not found"},
    [ST_CONFLICT] = {409, "Not possible any more"},
    [ST_DENIED] = {403, "Not allowed"},
    [ST_LIMIT] = {413, "Too large"},
    [ST_UNAVAILABLE] = {503, "Not available at the moment"},
};

unsigned http_status(enum status status)
{
    return problems[status].http;
}

/* Codes of a denial that signing in again, or another token, would mend. */
static const char *const unknown_codes[] = {"no_session", "no_token", "anonymous", "ended"};

unsigned http_of_denial(const struct answer *answer)
{
    if (answer->status == ST_LIMIT)
        return MHD_HTTP_TOO_MANY_REQUESTS;
    for (size_t i = 0; answer->status == ST_DENIED && i < sizeof unknown_codes / sizeof *unknown_codes; i++)
        if (slice_equal(answer->code, slice_from(unknown_codes[i])))
            return MHD_HTTP_UNAUTHORIZED;
    return http_status(answer->status);
}

/* RFC 7644 section 3.12: what a directory's client reads. */
static json_t *scim_error(unsigned http, const char *detail)
{
    return json_pack("{s:[s],s:o,s:o}", "schemas", "urn:ietf:params:scim:api:messages:2.0:Error",
                     "status", json_sprintf("%u", http), "detail",
                     json_from_text(slice_from(detail)));
}

/* What the person can do something about at once has a type of its own. */
static bool proof_wanted(const struct request *request)
{
    return slice_equal(request->answer.code, LIT("proof"));
}

void problem_respond(struct request *request, unsigned http, enum status status,
                     const char *detail, struct response *response)
{
    bool scim = request->route != NULL && request->route->needs == NEEDS_TOKEN;
    AUTO_JSON object = scim ? scim_error(http, detail) : json_object();
    struct slice type = arena_format(request->arena, "urn:rendez:problem:%s",
                                     proof_wanted(request) ? "proof" : status_name(status));
    if (!scim) {
        json_object_set_new(object, "type", json_from_text(type));
        json_object_set_new(object, "title",
                            json_string(http == MHD_HTTP_TOO_MANY_REQUESTS ? "Too many attempts"
                                                                           : problems[status].title));
        json_object_set_new(object, "status", json_integer(http));
        json_object_set_new(object, "detail", json_from_text(slice_from(detail)));
        if (request->answer.code.len > 0)
            json_object_set_new(object, "code", json_from_text(request->answer.code));
        if (json_is_array(request->answer.rules))
            json_object_set_new(object, "rules", json_deep_copy(request->answer.rules));
    }
    *response = (struct response){
        .status = http,
        .type = scim ? "application/scim+json" : "application/problem+json",
        .body = json_write(object, request->arena),
        .allow = request->allow,
        .authenticate = request->route != NULL ? credentials_wanted(request, http) : NULL,
        .retry_after_s = request->answer.retry_after_s,
    };
}
