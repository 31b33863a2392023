/* People as a client's directory keeps them: an account and, beside it in its sealed details, the
 * resource as the directory wrote it. */
#include "platform/identity/providers.h"
#include "roles/authd/scim.h"

/* The resource and when it was last changed. */
struct provision {
    json_t *resource; /* new reference; canonical, without what only we write */
    struct instant changed;
};

static struct slice provision_text(json_t *resource, struct instant changed, struct arena *arena)
{
    AUTO_JSON out = json_pack("{s:I, s:O}", "changed", (json_int_t)changed.us, "resource", resource);
    return json_write(out, arena);
}

/* Of an account that no directory made yet: what we know of it. */
static json_t *resource_of_details(const struct account_details *details)
{
    json_t *out = json_pack("{s:[s], s:o, s:{s:o}, s:o, s:[{s:o, s:s, s:b}]}", "schemas",
                            scim_user.schema, "userName", json_from_text(details->address), "name",
                            "formatted", json_from_text(details->name), "displayName",
                            json_from_text(details->name), "emails", "value",
                            json_from_text(details->address), "type", "work", "primary", 1);
    if (details->language.len > 0)
        json_object_set_new(out, "preferredLanguage", json_from_text(details->language));
    return out;
}

static enum status read_provision(struct scim_call *scim, const struct account *account,
                                  const struct account_details *details, struct provision *out)
{
    AUTO_JSON kept = NULL;
    *out = (struct provision){.changed = account->created};
    if (details->provision.len == 0) {
        out->resource = resource_of_details(details);
        return ST_OK;
    }
    TRY(json_read(details->provision, &kept, &scim->call->why));
    out->changed = (struct instant){json_number(kept, "changed", account->created.us)};
    out->resource = json_incref(json_object_get(kept, "resource"));
    return ST_OK;
}

static enum status put_groups(struct scim_call *scim, const struct account *account,
                              json_t *resource)
{
    struct call *call = scim->call;
    struct scim_group_list groups;
    TRY(identity_groups_of(call->authd->identity, account->id, call->arena, &groups, &call->why));
    json_t *list = json_array();
    for (size_t i = 0; i < groups.count; i++) {
        struct slice id = groups.items[i].id;
        json_array_append_new(list, json_pack("{s:o, s:o, s:s}", "value", json_from_text(id),
                                              "$ref",
                                              json_sprintf("%.*s/Groups/%.*s", SLICE_ARG(scim->base),
                                                           SLICE_ARG(id)),
                                              "type", "direct"));
    }
    if (groups.count > 0)
        json_object_set(resource, "groups", list);
    json_decref(list);
    return ST_OK;
}

/* As the directory sees it; new reference. */
static enum status user_json(struct scim_call *scim, const struct account *account, json_t **out)
{
    struct account_details details;
    struct provision provision;
    TRY(open_account(scim->call->authd, account, scim->call->arena, &details, &scim->call->why));
    TRY(read_provision(scim, account, &details, &provision));
    AUTO_JSON resource = provision.resource;
    json_object_set_new(resource, "active", json_boolean(account->state != ACCOUNT_ENDED));
    TRY(put_groups(scim, account, resource));
    scim_put_meta(scim, &scim_user, resource, account->id, account->version, account->created,
                  provision.changed);
    *out = json_incref(resource);
    return ST_OK;
}

/* A person of the asking organisation; one whom the directory deleted is nobody. */
static enum status load_user(struct scim_call *scim, struct slice id, struct account *out)
{
    struct call *call = scim->call;
    struct account_details details;
    enum status status =
        identity_load_account(call->authd->identity, id, call->arena, out, &call->why);
    if (status == ST_OK && (out->kind != ACCOUNT_PERSON ||
                            !slice_equal(out->organisation, call->who.caller.organisation)))
        status = ST_NOT_FOUND;
    if (status != ST_OK)
        return scim_failed(scim, status, "user");
    if (out->state != ACCOUNT_ENDED)
        return ST_OK;
    TRY(open_account(call->authd, out, call->arena, &details, &call->why));
    return details.provision.len > 0 ? ST_OK : scim_failed(scim, ST_NOT_FOUND, "user");
}

static bool is_listed(struct scim_call *scim, const struct account *account)
{
    struct account_details details;
    if (account->kind != ACCOUNT_PERSON)
        return false;
    return account->state != ACCOUNT_ENDED ||
           (open_account(scim->call->authd, account, scim->call->arena, &details,
                         &scim->call->why) == ST_OK &&
            details.provision.len > 0);
}

static struct slice user_name_hash(const struct scim_call *scim, struct slice name)
{
    struct arena *arena = scim->call->arena;
    return hash_of(scim->call->authd, "scim.user_name", arena_lower(arena, name), arena);
}

/* Directories look people up by name, one by one: by an index, and no other is opened. */
static enum status find_by_name(struct scim_call *scim, struct slice name, struct account_list *out)
{
    struct call *call = scim->call;
    struct identity *identity = call->authd->identity;
    struct slice id, organisation = call->who.caller.organisation;
    struct account account;
    enum status status = identity_find_user_name(identity, organisation, user_name_hash(scim, name),
                                                 call->arena, &id, &call->why);
    if (status == ST_OK)
        status = identity_load_account(identity, id, call->arena, &account, &call->why);
    else if (status == ST_NOT_FOUND)
        status = identity_find_account(identity, hash_address(call->authd, name, call->arena),
                                       call->arena, &account, &call->why);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    if (slice_equal(account.organisation, organisation))
        ARENA_PUSH(call->arena, out, account);
    return ST_OK;
}

static enum status find_users(struct scim_call *scim, struct slice filter_text,
                              struct account_list *out)
{
    struct call *call = scim->call;
    struct scim_filter *filter = NULL;
    struct slice text;
    *out = (struct account_list){0};
    if (filter_text.len > 0)
        TRY(scim_filter_parse(&scim_user, filter_text, call->arena, &filter, &scim->error));
    if (scim_filter_is_eq(filter, "userName", &text))
        return find_by_name(scim, text, out);
    return identity_list_accounts(call->authd->identity, call->who.caller.organisation, call->arena,
                                  out, &call->why);
}

static enum status answer_users(struct scim_call *scim, struct slice filter, bool search)
{
    struct account_list accounts;
    AUTO_JSON resources = json_array();
    TRY(find_users(scim, filter, &accounts));
    for (size_t i = 0; i < accounts.count; i++) {
        json_t *resource;
        if (!is_listed(scim, &accounts.items[i]))
            continue;
        TRY(user_json(scim, &accounts.items[i], &resource));
        json_array_append_new(resources, resource);
    }
    return scim_answer_list(scim, &scim_user, resources, search);
}

enum status scim_list_users(struct scim_call *scim)
{
    return answer_users(scim, json_text(scim->query, "filter"), false);
}

enum status scim_search_users(struct scim_call *scim)
{
    return answer_users(scim, json_text(scim->body, "filter"), true);
}

static enum status answer_user(struct scim_call *scim, unsigned status,
                               const struct account *account)
{
    AUTO_JSON resource = NULL;
    TRY(user_json(scim, account, &resource));
    scim_answer(scim, status, resource);
    return ST_OK;
}

enum status scim_get_user(struct scim_call *scim)
{
    struct account account;
    TRY(load_user(scim, scim->id, &account));
    return answer_user(scim, 200, &account);
}

/* From a resource to an account. */

static struct slice preferred_mail(json_t *resource)
{
    struct slice first = SLICE_NONE, work = SLICE_NONE;
    size_t i;
    json_t *mail;
    json_array_foreach(json_object_get(resource, "emails"), i, mail) {
        struct slice value = json_text(mail, "value");
        if (json_is_true(json_object_get(mail, "primary")))
            return value;
        if (work.len == 0 && slice_equal_nocase(json_text(mail, "type"), LIT("work")))
            work = value;
        if (first.len == 0)
            first = value;
    }
    return work.len > 0 ? work : first;
}

static struct slice shown_name(json_t *resource, struct arena *arena)
{
    json_t *name = json_object_get(resource, "name");
    struct slice given = json_text(name, "givenName"), family = json_text(name, "familyName");
    if (json_text(resource, "displayName").len > 0)
        return json_text(resource, "displayName");
    if (json_text(name, "formatted").len > 0)
        return json_text(name, "formatted");
    if (given.len > 0 && family.len > 0)
        return arena_format(arena, "%.*s %.*s", SLICE_ARG(given), SLICE_ARG(family));
    return given.len > 0 ? given : family.len > 0 ? family : json_text(resource, "userName");
}

static struct slice language_of(json_t *resource)
{
    struct slice tag = json_text(resource, "preferredLanguage");
    return slice_starts_nocase(tag, LIT("en")) ? LIT("en") : LIT("fr");
}

/* What a resource says of an account, in the call's arena. The address is that of mails; where there
 * is none, the userName is one. */
static void take_resource(struct scim_call *scim, json_t *resource, struct account *account,
                          struct account_details *details)
{
    struct call *call = scim->call;
    struct slice mail = preferred_mail(resource), external = json_text(resource, "externalId");
    *details = (struct account_details){
        .name = arena_copy(call->arena, shown_name(resource, call->arena)),
        .address = arena_copy(call->arena, mail.len > 0 ? mail : json_text(resource, "userName")),
        .language = language_of(resource),
        .provision = provision_text(resource, call->now, call->arena),
    };
    account->external_hash = hash_of(call->authd, "scim.external", external, call->arena);
}

/* Rules of accounts (a name of nobody, no address) are said in SCIM's words. */
static enum status refused(struct scim_call *scim, enum status status)
{
    if (status == ST_INVALID)
        return scim_fail(&scim->error, 400, "invalidValue", "%s", scim->call->why.detail);
    return status == ST_OK ? ST_OK : scim_failed(scim, status, "address");
}

static enum status save_name(struct scim_call *scim, const struct account *account, json_t *resource)
{
    struct call *call = scim->call;
    struct slice hash = user_name_hash(scim, json_text(resource, "userName"));
    enum status status = identity_save_user_name(call->authd->identity, account->id,
                                                 account->organisation, hash, &call->why);
    return status == ST_OK ? ST_OK : scim_failed(scim, status, "userName");
}

/* Where people sign in at a provider of theirs, there is nothing to enrol here. */
static enum status invite(struct scim_call *scim, struct account *account)
{
    struct call *call = scim->call;
    struct identity_provider_list providers;
    TRY(identity_list_providers(call->authd->identity, account->organisation, call->arena,
                                &providers, &call->why));
    for (size_t i = 0; i < providers.count; i++)
        if (providers.items[i].state == PROVIDER_ACTIVE)
            return ST_OK;
    return invite_account(call, account);
}

enum status scim_create_user(struct scim_call *scim)
{
    struct call *call = scim->call;
    AUTO_JSON resource = NULL;
    struct account_details details;
    struct account account = {
        .organisation = call->who.caller.organisation,
        .kind = ACCOUNT_PERSON,
        .function = LIT("organizer"),
    };
    TRY(scim_read(&scim_user, scim->body, &resource, &scim->error));
    bool active = json_flag(resource, "active", true);
    json_object_del(resource, "active"); /* the account's state says it */
    take_resource(scim, resource, &account, &details);
    TRY(refused(scim, create_account(call, &account, &details)));
    TRY(save_name(scim, &account, resource));
    TRY(active ? invite(scim, &account) : account_leaves(call, &account, "directory"));
    return answer_user(scim, 201, &account);
}

/* Whoever comes back begins afresh, also in what they may do. */
static enum status reinstate(struct scim_call *scim, struct account *account)
{
    account->function = LIT("organizer");
    account->state = ACCOUNT_INVITED;
    account->ended = (struct instant){0};
    return note(scim->call, "account.state.reinstated", "account=%.*s by=%.*s",
                SLICE_ARG(account->id), SLICE_ARG(scim->call->who.account.id));
}

static enum status change_user(struct scim_call *scim, struct account *account, json_t *resource)
{
    struct call *call = scim->call;
    struct account_details details;
    bool was = account->state != ACCOUNT_ENDED, is = json_flag(resource, "active", true);
    json_object_del(resource, "active");
    json_object_del(resource, "groups"); /* rows of their own */
    take_resource(scim, resource, account, &details);
    TRY(refused(scim, check_person(call, &details)));
    if (!was && is)
        TRY(reinstate(scim, account));
    TRY(refused(scim, save_account(call, account, call->who.organisation, &details)));
    TRY(save_name(scim, account, resource));
    if (was && !is)
        TRY(account_leaves(call, account, "directory"));
    if (!was && is) {
        TRY(invite(scim, account));
        TRY(scim_apply_groups(scim, account->id));
        TRY(identity_load_account(call->authd->identity, account->id, call->arena, account, &call->why));
    }
    return answer_user(scim, 200, account);
}

enum status scim_replace_user(struct scim_call *scim)
{
    struct account account;
    AUTO_JSON resource = NULL;
    TRY(load_user(scim, scim->id, &account));
    TRY(scim_check_version(scim, account.version));
    TRY(scim_read(&scim_user, scim->body, &resource, &scim->error));
    return change_user(scim, &account, resource);
}

enum status scim_patch_user(struct scim_call *scim)
{
    struct account account;
    AUTO_JSON before = NULL;
    AUTO_JSON after = NULL;
    TRY(load_user(scim, scim->id, &account));
    TRY(scim_check_version(scim, account.version));
    TRY(user_json(scim, &account, &before));
    TRY(scim_patch(&scim_user, before, scim->body, &after, &scim->error));
    json_object_del(after, "id");
    json_object_del(after, "meta");
    return change_user(scim, &account, after);
}

/* Ended, and no longer the directory's: its names are free. */
enum status scim_delete_user(struct scim_call *scim)
{
    struct call *call = scim->call;
    struct account account;
    struct account_details details;
    TRY(load_user(scim, scim->id, &account));
    TRY(scim_check_version(scim, account.version));
    if (account.state != ACCOUNT_ENDED)
        TRY(account_leaves(call, &account, "directory"));
    TRY(open_account(call->authd, &account, call->arena, &details, &call->why));
    details.provision = SLICE_NONE;
    account.external_hash = SLICE_NONE;
    TRY(save_account(call, &account, call->who.organisation, &details));
    TRY(identity_remove_user_name(call->authd->identity, account.id, &call->why));
    scim->status = 204;
    return ST_OK;
}
