/* SCIM 2.0: what a client's directory asks (RFC 7644 section 3). */
#include "roles/authd/scim.h"

void scim_put_meta(struct scim_call *scim, const struct scim_kind *kind, json_t *resource,
                   struct slice id, uint32_t version, struct instant created,
                   struct instant changed)
{
    struct arena *arena = scim->call->arena;
    const struct zone *utc = zone_utc();
    json_t *meta = json_pack("{s:s, s:o, s:o, s:o, s:o}", "resourceType", kind->name, "created",
                             json_from_text(instant_format(created, utc, arena)), "lastModified",
                             json_from_text(instant_format(changed, utc, arena)), "location",
                             json_sprintf("%.*s%s/%.*s", SLICE_ARG(scim->base), kind->endpoint,
                                          SLICE_ARG(id)),
                             "version", json_sprintf("W/\"%u\"", version));
    json_object_set_new(resource, "id", json_from_text(id));
    json_object_set_new(resource, "meta", meta);
}

void scim_answer(struct scim_call *scim, unsigned status, json_t *resource)
{
    struct scim_query query;
    json_t *meta = json_object_get(resource, "meta");
    const struct scim_kind *kind =
        slice_equal(json_text(meta, "resourceType"), LIT("Group")) ? &scim_group : &scim_user;
    scim_query_from_texts(scim->query, &query);
    scim->status = status;
    scim->etag = arena_copy(scim->call->arena, json_text(meta, "version"));
    scim->location = arena_copy(scim->call->arena, json_text(meta, "location"));
    scim->out = scim_project(kind, resource, &query);
}

enum status scim_check_version(struct scim_call *scim, uint32_t version)
{
    struct slice want = scim->if_match;
    struct slice have = arena_format(scim->call->arena, "\"%u\"", version);
    if (slice_starts(want, LIT("W/")))
        want = slice_sub(want, 2, want.len);
    if (want.len == 0 || slice_equal(want, LIT("*")) || slice_equal(want, have))
        return ST_OK;
    return scim_fail(&scim->error, 412, NULL, "it was changed since");
}

enum status scim_answer_list(struct scim_call *scim, const struct scim_kind *kind,
                             json_t *resources, bool search)
{
    struct scim_query query;
    scim_query_from_texts(scim->query, &query);
    if (search)
        TRY(scim_query_from_json(scim->body, scim->call->arena, &query, &scim->error));
    scim->status = 200;
    return scim_list(kind, resources, &query, scim->call->arena, &scim->out, &scim->error);
}

enum status scim_failed(struct scim_call *scim, enum status status, const char *what)
{
    if (status == ST_CONFLICT)
        return scim_fail(&scim->error, 409, "uniqueness", "%s: taken, or changed meanwhile", what);
    if (status == ST_NOT_FOUND)
        return scim_fail(&scim->error, 404, NULL, "no such %s", what);
    return status;
}

/* What a server says of itself. */

static enum status answer_json(struct scim_call *scim, json_t *out)
{
    scim->status = 200;
    scim->out = out;
    return out != NULL ? ST_OK : scim_fail(&scim->error, 404, NULL, "no such resource");
}

static enum status show_provider(struct scim_call *scim)
{
    return answer_json(scim, scim_provider_json(scim->base));
}

static enum status list_types(struct scim_call *scim)
{
    return answer_json(scim, scim_resource_types_json(scim->base));
}

static enum status show_type(struct scim_call *scim)
{
    return answer_json(scim, scim_resource_type_json(scim->id, scim->base));
}

static enum status list_schemas(struct scim_call *scim)
{
    return answer_json(scim, scim_schemas_json(scim->base));
}

static enum status show_schema(struct scim_call *scim)
{
    return answer_json(scim, scim_schema_json(scim->id, scim->base));
}

/* Every method and path; "*" stands for an id. */
static const struct scim_route {
    const char *method, *path;
    scim_fn *run;
    bool writes, body;
} routes[] = {
    {"GET", "Users", scim_list_users, false, false},
    {"POST", "Users", scim_create_user, true, true},
    {"POST", "Users/.search", scim_search_users, false, true},
    {"GET", "Users/*", scim_get_user, false, false},
    {"PUT", "Users/*", scim_replace_user, true, true},
    {"PATCH", "Users/*", scim_patch_user, true, true},
    {"DELETE", "Users/*", scim_delete_user, true, false},
    {"GET", "Groups", scim_list_groups, false, false},
    {"POST", "Groups", scim_create_group, true, true},
    {"POST", "Groups/.search", scim_search_groups, false, true},
    {"GET", "Groups/*", scim_get_group, false, false},
    {"PUT", "Groups/*", scim_replace_group, true, true},
    {"PATCH", "Groups/*", scim_patch_group, true, true},
    {"DELETE", "Groups/*", scim_delete_group, true, false},
    {"GET", "ServiceProviderConfig", show_provider, false, false},
    {"GET", "ResourceTypes", list_types, false, false},
    {"GET", "ResourceTypes/*", show_type, false, false},
    {"GET", "Schemas", list_schemas, false, false},
    {"GET", "Schemas/*", show_schema, false, false},
};

static bool path_fits(const char *pattern, struct slice path, struct slice *id)
{
    struct slice want = slice_from(pattern);
    if (!slice_ends(want, LIT("*")))
        return slice_equal(want, path);
    want = slice_sub(want, 0, want.len - 1);
    *id = slice_sub(path, want.len, path.len);
    return slice_starts(path, want) && id->len > 0 && !slice_contains(*id, LIT("/"));
}

/* 404: no such path; 405: not by this method; 501: what we do without (section 3.12). */
static enum status find_route(struct scim_call *scim, struct slice path,
                              const struct scim_route **out)
{
    bool there = false;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        struct slice id = SLICE_NONE;
        if (!path_fits(routes[i].path, path, &id))
            continue;
        there = true;
        if (!slice_equal(scim->method, slice_from(routes[i].method)))
            continue;
        scim->id = id;
        *out = &routes[i];
        return ST_OK;
    }
    if (slice_equal(path, LIT("Bulk")) || slice_starts(path, LIT("Me")))
        return scim_fail(&scim->error, 501, NULL, "bulk requests and /Me are not supported");
    return there ? scim_fail(&scim->error, 405, NULL, "not by this method")
                 : scim_fail(&scim->error, 404, NULL, "no such resource");
}

static enum status read_body(struct scim_call *scim, const struct scim_route *route)
{
    struct slice text = json_text(scim->call->in, "body");
    if (!route->body)
        return ST_OK;
    if (json_read(text, &scim->body, NULL) != ST_OK || !json_is_object(scim->body))
        return scim_fail(&scim->error, 400, "invalidSyntax", "the body is no JSON object");
    return ST_OK;
}

static enum status run_route(struct call *call)
{
    struct scim_call *scim = call->own;
    const struct scim_route *route;
    TRY(find_route(scim, json_text(call->in, "path"), &route));
    TRY(read_body(scim, route));
    return route->run(scim);
}

static bool writes(struct slice method)
{
    return slice_equal(method, LIT("POST")) || slice_equal(method, LIT("PUT")) ||
           slice_equal(method, LIT("PATCH")) || slice_equal(method, LIT("DELETE"));
}

static void put_answer(struct scim_call *scim)
{
    json_t *headers = json_object();
    struct slice body = scim->out == NULL ? SLICE_NONE : json_write(scim->out, scim->call->arena);
    if (scim->location.len > 0)
        json_object_set_new(headers, "Location", json_from_text(scim->location));
    if (scim->etag.len > 0)
        json_object_set_new(headers, "ETag", json_from_text(scim->etag));
    scim->call->out = json_pack("{s:i, s:o, s:o}", "status", (int)scim->status, "headers", headers,
                                "body", json_from_text(body));
}

/* The change is taken back when it fails, and the failure is an answer all the same. */
enum status scim_command(struct call *call)
{
    struct scim_call scim = {
        .call = call,
        .method = json_text(call->in, "method"),
        .if_match = json_text(call->in, "if_match"),
        .query = json_object_get(call->in, "query"),
        .base = arena_format(call->arena, "%.*s/scim/v2",
                             SLICE_ARG(call->authd->options.public_url)),
    };
    struct access_object object = {.organisation = call->who.caller.organisation};
    TRY(call_may(call, RIGHT_PEOPLE_PROVISION, &object));
    call->own = &scim;
    enum status status = writes(scim.method) ? call_write(call, run_route) : run_route(call);
    if (scim.error.http != 0) {
        json_release(&scim.out);
        scim.status = scim.error.http;
        scim.location = scim.etag = SLICE_NONE;
        scim.out = scim_error_json(&scim.error);
        status = ST_OK;
    }
    if (status == ST_OK)
        put_answer(&scim);
    json_release(&scim.out);
    json_release(&scim.body);
    call->own = NULL;
    return status;
}
