/* Groups of a client's directory. One that stands for a function (`rendez scim function`) gives it
 * to whoever is in it. */
#include "roles/authd/scim.h"

static struct slice group_name_hash(const struct scim_call *scim, struct slice name)
{
    struct arena *arena = scim->call->arena;
    return hash_of(scim->call->authd, "scim.group", arena_lower(arena, name), arena);
}

/* Members and how they are called lie in rows of their own. */
static enum status put_members(struct scim_call *scim, const struct scim_group_row *row,
                               json_t *resource)
{
    struct call *call = scim->call;
    struct slice_list ids;
    json_t *members = json_array();
    enum status status =
        identity_list_members(call->authd->identity, row->id, call->arena, &ids, &call->why);
    for (size_t i = 0; status == ST_OK && i < ids.count; i++)
        json_array_append_new(
            members, json_pack("{s:o, s:o, s:s}", "value", json_from_text(ids.items[i]), "$ref",
                               json_sprintf("%.*s/Users/%.*s", SLICE_ARG(scim->base),
                                            SLICE_ARG(ids.items[i])),
                               "type", "User"));
    if (json_array_size(members) > 0)
        json_object_set(resource, "members", members);
    json_decref(members);
    return status;
}

static enum status group_json(struct scim_call *scim, const struct scim_group_row *row, json_t **out)
{
    struct call *call = scim->call;
    struct private_text details;
    AUTO_JSON resource = NULL;
    TRY(open_row(call->authd, call->who.organisation, IDENTITY_GROUP, row->id, row->details,
                 &private_text_record, call->arena, &details, &call->why));
    TRY(json_read(details.text, &resource, &call->why));
    TRY(put_members(scim, row, resource));
    scim_put_meta(scim, &scim_group, resource, row->id, row->version, row->created, row->changed);
    *out = json_incref(resource);
    return ST_OK;
}

static enum status load_group(struct scim_call *scim, struct scim_group_row *out)
{
    struct call *call = scim->call;
    enum status status =
        identity_load_group(call->authd->identity, scim->id, call->arena, out, &call->why);
    if (status == ST_OK && !slice_equal(out->organisation, call->who.caller.organisation))
        status = ST_NOT_FOUND;
    if (status != ST_OK)
        return scim_failed(scim, status, "group");
    return scim_check_version(scim, out->version);
}

static enum status answer_groups(struct scim_call *scim, bool search)
{
    struct call *call = scim->call;
    struct scim_group_list groups;
    AUTO_JSON resources = json_array();
    TRY(identity_list_groups(call->authd->identity, call->who.caller.organisation, call->arena,
                             &groups, &call->why));
    for (size_t i = 0; i < groups.count; i++) {
        json_t *resource;
        TRY(group_json(scim, &groups.items[i], &resource));
        json_array_append_new(resources, resource);
    }
    return scim_answer_list(scim, &scim_group, resources, search);
}

enum status scim_list_groups(struct scim_call *scim)
{
    return answer_groups(scim, false);
}

enum status scim_search_groups(struct scim_call *scim)
{
    return answer_groups(scim, true);
}

static enum status answer_group(struct scim_call *scim, unsigned status,
                                const struct scim_group_row *row)
{
    AUTO_JSON resource = NULL;
    TRY(group_json(scim, row, &resource));
    scim_answer(scim, status, resource);
    return ST_OK;
}

enum status scim_get_group(struct scim_call *scim)
{
    struct scim_group_row row;
    scim->if_match = SLICE_NONE;
    TRY(load_group(scim, &row));
    return answer_group(scim, 200, &row);
}

/* The function that somebody's groups give: the one that may most. Where no group of the
 * organisation stands for one, functions are given by hand and stay. */
static const char *const by_weight[] = {"administrator", "auditor", "organizer"};

static enum status any_function(struct scim_call *scim, bool *any)
{
    struct call *call = scim->call;
    struct scim_group_list groups;
    TRY(identity_list_groups(call->authd->identity, call->who.caller.organisation, call->arena,
                             &groups, &call->why));
    *any = false;
    for (size_t i = 0; i < groups.count; i++)
        *any = *any || groups.items[i].function.len > 0;
    return ST_OK;
}

enum status scim_apply_groups(struct scim_call *scim, struct slice id)
{
    struct call *call = scim->call;
    struct account account;
    struct scim_group_list groups;
    struct slice function = LIT("organizer");
    bool any;
    TRY(any_function(scim, &any));
    if (!any)
        return ST_OK;
    TRY(identity_load_account(call->authd->identity, id, call->arena, &account, &call->why));
    TRY(identity_groups_of(call->authd->identity, id, call->arena, &groups, &call->why));
    for (size_t weight = sizeof by_weight / sizeof *by_weight; weight-- > 0;)
        for (size_t i = 0; i < groups.count; i++)
            if (slice_equal(groups.items[i].function, slice_from(by_weight[weight])))
                function = slice_from(by_weight[weight]);
    if (account.state == ACCOUNT_ENDED || slice_equal(account.function, function))
        return ST_OK;
    return set_function(call, &account, function);
}

static enum status apply_to_all(struct scim_call *scim, const struct slice_list *before,
                                const struct slice_list *after)
{
    for (size_t i = 0; i < before->count; i++)
        TRY(scim_apply_groups(scim, before->items[i]));
    for (size_t i = 0; i < after->count; i++)
        TRY(scim_apply_groups(scim, after->items[i]));
    return ST_OK;
}

static enum status add_member(struct scim_call *scim, const struct scim_group_row *row,
                              struct slice id)
{
    struct call *call = scim->call;
    struct account account;
    enum status status =
        identity_load_account(call->authd->identity, id, call->arena, &account, &call->why);
    bool ours = status == ST_OK && account.kind == ACCOUNT_PERSON &&
                slice_equal(account.organisation, row->organisation);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    if (!ours)
        return scim_fail(&scim->error, 400, "invalidValue", "members: no such person");
    return identity_add_member(call->authd->identity, row->id, id, &call->why);
}

static enum status save_members(struct scim_call *scim, const struct scim_group_row *row,
                                json_t *resource)
{
    struct call *call = scim->call;
    struct identity *identity = call->authd->identity;
    struct slice_list before, after;
    size_t i;
    json_t *member;
    TRY(identity_list_members(identity, row->id, call->arena, &before, &call->why));
    TRY(identity_clear_members(identity, row->id, &call->why));
    json_array_foreach(json_object_get(resource, "members"), i, member)
        TRY(add_member(scim, row, json_text(member, "value")));
    TRY(identity_list_members(identity, row->id, call->arena, &after, &call->why));
    return apply_to_all(scim, &before, &after);
}

static enum status save_group(struct scim_call *scim, struct scim_group_row *row, json_t *resource)
{
    struct call *call = scim->call;
    AUTO_JSON kept = json_copy(resource);
    struct slice external = json_text(resource, "externalId");
    json_object_del(kept, "members");
    struct private_text details = {json_write(kept, call->arena)};
    row->name_hash = group_name_hash(scim, json_text(resource, "displayName"));
    row->external_hash = hash_of(call->authd, "scim.external", external, call->arena);
    row->changed = call->now;
    TRY(seal_row(call->authd, call->who.organisation, IDENTITY_GROUP, row->id, &private_text_record,
                 &details, call->arena, &row->details, &call->why));
    enum status status = identity_save_group(call->authd->identity, row, &call->why);
    if (status != ST_OK)
        return scim_failed(scim, status, "displayName");
    row->version++;
    TRY(note(call, "scim.group.saved", "organisation=%.*s group=%.*s by=%.*s",
             SLICE_ARG(row->organisation), SLICE_ARG(row->id), SLICE_ARG(call->who.account.id)));
    return save_members(scim, row, resource);
}

enum status scim_create_group(struct scim_call *scim)
{
    struct call *call = scim->call;
    AUTO_JSON resource = NULL;
    struct scim_group_row row = {
        .id = database_new_id("g", call->arena),
        .organisation = call->who.caller.organisation,
        .created = call->now,
    };
    TRY(scim_read(&scim_group, scim->body, &resource, &scim->error));
    TRY(save_group(scim, &row, resource));
    return answer_group(scim, 201, &row);
}

enum status scim_replace_group(struct scim_call *scim)
{
    struct scim_group_row row;
    AUTO_JSON resource = NULL;
    TRY(load_group(scim, &row));
    TRY(scim_read(&scim_group, scim->body, &resource, &scim->error));
    TRY(save_group(scim, &row, resource));
    return answer_group(scim, 200, &row);
}

enum status scim_patch_group(struct scim_call *scim)
{
    struct scim_group_row row;
    AUTO_JSON before = NULL;
    AUTO_JSON after = NULL;
    TRY(load_group(scim, &row));
    TRY(group_json(scim, &row, &before));
    TRY(scim_patch(&scim_group, before, scim->body, &after, &scim->error));
    json_object_del(after, "id");
    json_object_del(after, "meta");
    TRY(save_group(scim, &row, after));
    return answer_group(scim, 200, &row);
}

enum status scim_delete_group(struct scim_call *scim)
{
    struct call *call = scim->call;
    struct scim_group_row row;
    struct slice_list before, nobody = {0};
    TRY(load_group(scim, &row));
    TRY(identity_list_members(call->authd->identity, row.id, call->arena, &before, &call->why));
    TRY(identity_clear_members(call->authd->identity, row.id, &call->why));
    TRY(apply_to_all(scim, &before, &nobody));
    TRY(identity_remove_group(call->authd->identity, row.id, &call->why));
    scim->status = 204;
    return note(call, "scim.group.removed", "organisation=%.*s group=%.*s by=%.*s",
                SLICE_ARG(row.organisation), SLICE_ARG(row.id), SLICE_ARG(call->who.account.id));
}

/* The command line: which groups there are, and what they stand for. */

static enum status as_root(struct scim_call *scim)
{
    struct call *call = scim->call;
    struct slice id = json_text(call->in, "organisation");
    TRY(get_organisation(call->authd, id, &call->who.organisation, &call->why));
    call->who.caller.organisation = id;
    return ST_OK;
}

enum status root_scim_groups(struct call *call)
{
    struct scim_call scim = {.call = call};
    struct scim_group_list groups;
    AUTO_JSON rows = json_array();
    TRY(as_root(&scim));
    TRY(identity_list_groups(call->authd->identity, call->who.caller.organisation, call->arena,
                             &groups, &call->why));
    for (size_t i = 0; i < groups.count; i++) {
        AUTO_JSON group = NULL;
        struct slice function = groups.items[i].function;
        TRY(group_json(&scim, &groups.items[i], &group));
        json_array_append_new(
            rows, json_pack("{s:O, s:O, s:i, s:o}", "id", json_object_get(group, "id"), "name",
                            json_object_get(group, "displayName"), "members",
                            (int)json_array_size(json_object_get(group, "members")), "function",
                            function.len > 0 ? json_from_text(function) : json_null()));
    }
    call->out = json_pack("{s:O}", "groups", rows);
    return ST_OK;
}

static bool may_stand_for(struct slice function)
{
    for (size_t i = 0; i < sizeof by_weight / sizeof *by_weight; i++)
        if (slice_equal(function, slice_from(by_weight[i])))
            return true;
    return function.len == 0;
}

enum status root_scim_function(struct call *call)
{
    struct scim_call scim = {.call = call, .id = json_text(call->in, "group")};
    struct scim_group_row row;
    struct slice_list members, nobody = {0};
    TRY(as_root(&scim));
    if (load_group(&scim, &row) != ST_OK)
        return refuse(call, ST_NOT_FOUND, "group", "no group of that id in that organisation");
    row.function = json_text(call->in, "function");
    if (!may_stand_for(row.function))
        return refuse(call, ST_INVALID, "function", "a group stands for organizer, auditor or administrator");
    row.changed = call->now;
    TRY(identity_save_group(call->authd->identity, &row, &call->why));
    TRY(note(call, "scim.group.stands", "organisation=%.*s group=%.*s function=%.*s by=root",
             SLICE_ARG(row.organisation), SLICE_ARG(row.id), SLICE_ARG(row.function)));
    TRY(identity_list_members(call->authd->identity, row.id, call->arena, &members, &call->why));
    return apply_to_all(&scim, &members, &nobody);
}
