/* What browsers and directories ask authd. The questions go on as they came: authd knows what
 * their members mean. */
#include "roles/api/internal.h"

enum { QUERY_VALUES_MAX = 20 };

struct query {
    json_t *object;
    size_t count;
    bool twice;
};

static enum MHD_Result take_value(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *value, size_t value_len)
{
    struct query *query = context;
    (void)kind;
    query->twice = query->twice || json_object_getn(query->object, name, name_len) != NULL;
    json_object_setn_new(query->object, name, name_len,
                         json_from_text((struct slice){value, value_len}));
    return ++query->count < QUERY_VALUES_MAX ? MHD_YES : MHD_NO;
}

static enum status add_query(const struct request *request, json_t *question, struct problem *why)
{
    struct query query = {.object = json_object()};
    json_object_set_new(question, "query", query.object);
    MHD_get_connection_values_n(request->connection, MHD_GET_ARGUMENT_KIND, take_value, &query);
    if (query.twice || query.count == QUERY_VALUES_MAX)
        return problem_set(why, ST_INVALID, "the query says something twice, or too much");
    return ST_OK;
}

enum status ask_query(struct request *request, json_t **question, struct problem *why)
{
    *question = json_object();
    request_add_path(request, *question);
    return add_query(request, *question, why);
}

/* A logout token of a provider (OpenID Connect Back-Channel Logout 1.0, section 2.5). */
enum status ask_form(struct request *request, json_t **question, struct problem *why)
{
    struct http_form form;
    struct slice token;
    TRY(http_form_parse(buffer_slice(&request->body), request->arena, &form, why));
    if (!http_form_get(&form, LIT("logout_token"), &token))
        return problem_set(why, ST_INVALID, "the form has no logout_token");
    *question = json_object();
    json_object_set_new(*question, "logout_token", json_from_text(token));
    return ST_OK;
}

/* RFC 7644 section 3.1: its own media type, and JSON as well. */
enum status ask_scim(struct request *request, json_t **question, struct problem *why)
{
    struct slice type = request_header(request, "Content-Type"), body = buffer_slice(&request->body);
    if (body.len > 0 && !slice_starts_nocase(type, LIT("application/scim+json")) &&
        !slice_starts_nocase(type, LIT("application/json")))
        return problem_set(why, ST_INVALID, "the body must be application/scim+json");
    if (utf8_bad_at(body) != SIZE_MAX)
        return problem_set(why, ST_INVALID, "the body must be UTF-8");
    *question = json_object();
    json_object_set_new(*question, "method", json_string(request->method));
    request_add_path(request, *question);
    json_object_set_new(*question, "if_match", json_from_text(request_header(request, "If-Match")));
    json_object_set_new(*question, "body", json_from_text(body));
    return add_query(request, *question, why);
}

/* What may stand in a header. */
static bool is_header_text(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < ' ' || text.data[i] >= 0x7f)
            return false;
    return text.len > 0;
}

enum status reply_scim(struct request *request, const struct answer *answer,
                       struct response *response, struct problem *why)
{
    int64_t status = json_number(answer->value, "status", 0);
    const json_t *headers = json_object_get(answer->value, "headers");
    struct slice location = json_text(headers, "Location"), etag = json_text(headers, "ETag");
    struct slice body = json_text(answer->value, "body");
    if (status < 200 || status > 599)
        return problem_set(why, ST_UNAVAILABLE, "the answer has no status");
    *response = (struct response){
        .status = (unsigned)status,
        .type = body.len > 0 ? "application/scim+json" : NULL,
        .body = arena_copy(request->arena, body),
        .location = is_header_text(location) ? arena_copy(request->arena, location) : SLICE_NONE,
        .etag = is_header_text(etag) ? arena_copy(request->arena, etag) : SLICE_NONE,
    };
    return ST_OK;
}

static void lead(struct request *request, struct slice location, struct response *response)
{
    *response = (struct response){.status = MHD_HTTP_SEE_OTHER,
                                  .location = arena_copy(request->arena, location)};
}

/* To the provider. */
enum status reply_provider(struct request *request, const struct answer *answer,
                           struct response *response, struct problem *why)
{
    struct slice location = json_text(answer->value, "location");
    (void)why;
    bool good = answer->status == ST_OK && is_header_text(location) &&
                (slice_starts(location, LIT("https://")) || slice_starts(location, LIT("http://")));
    lead(request, good ? location : LIT("/account#sso-failed"), response);
    return ST_OK;
}

/* Back from it: signed in, or our own code is still wanted, by another flow. The session's cookie
 * would not come along on the way from the provider, as it is strict; the page asks again by itself,
 * and then it does. */
enum status reply_callback(struct request *request, const struct answer *answer,
                           struct response *response, struct problem *why)
{
    (void)why;
    bool good = answer != NULL && answer->status == ST_OK;
    bool code = good && slice_equal(json_text(answer->value, "next"), LIT("code"));
    if (!code)
        request->flow = (struct cookie){.set = true};
    lead(request, code ? LIT("/account#sso-code") : good ? LIT("/account") : LIT("/account#sso-failed"),
         response);
    return ST_OK;
}
