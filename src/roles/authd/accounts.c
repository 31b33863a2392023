/* Accounts: whose they are, what they are for, how somebody comes to have one. */
#include "domain/account/account.h"
#include "roles/authd/access.h"

enum { NAME_BYTES_MAX = 200, ADDRESS_BYTES_MAX = 254, LOST_A_DAY = 3, TOLD_MAX = 5 };

enum status load_account(struct call *call, struct slice id, struct account *account,
                         struct organisation **organisation, struct account_details *details)
{
    struct authd *authd = call->authd;
    TRY(identity_load_account(authd->identity, id, call->arena, account, &call->why));
    TRY(get_organisation(authd, account->organisation, organisation, &call->why));
    return open_row(authd, *organisation, IDENTITY_ACCOUNT, account->id, account->details,
                    &account_details_record, call->arena, details, &call->why);
}

enum status save_account(struct call *call, struct account *account,
                         struct organisation *organisation,
                         const struct account_details *details)
{
    struct authd *authd = call->authd;
    TRY(seal_row(authd, organisation, IDENTITY_ACCOUNT, account->id, &account_details_record,
                 details, call->arena, &account->details, &call->why));
    account->address_hash = hash_address(authd, details->address, call->arena);
    enum status status = identity_save_account(authd->identity, account, &call->why);
    if (status == ST_CONFLICT && account->version == 0)
        return refuse(call, ST_CONFLICT, "address", "somebody has an account of that address or id");
    TRY(status);
    account->version++;
    return tell_person(call, account, details);
}

/* One "@" with something on both sides, and nothing that ends a line or a word. */
static bool is_address(struct slice address)
{
    size_t at = slice_find(address, LIT("@"), 0);
    if (at == 0 || at >= address.len - 1 || address.len > ADDRESS_BYTES_MAX ||
        slice_find(address, LIT("@"), at + 1) != SIZE_MAX)
        return false;
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.data[i] <= ' ' || address.data[i] == 0x7f ||
            address.data[i] == '<' || address.data[i] == '>')
            return false;
    return true;
}

static enum status check_function(struct call *call, const struct account *account,
                                  struct organisation *organisation)
{
    enum access_function function;
    enum access_kind kind;
    if (!access_function_from_name(account->function, &function) ||
        !access_kind_from_name(organisation->kind, &kind) || !access_function_fits(function, kind))
        return refuse(call, ST_INVALID, "function", "that organisation has nobody of that function");
    if ((function == FUNCTION_SERVICE) != (account->kind == ACCOUNT_SERVICE))
        return refuse(call, ST_INVALID, "function", "the function service is of service accounts, and they have no other");
    return ST_OK;
}

/* A service account is somebody's: a person of the same organisation who is here. */
static enum status check_owner(struct call *call, const struct account *account)
{
    struct account owner;
    if (account->kind == ACCOUNT_PERSON)
        return ST_OK;
    if (account->owner.len == 0)
        return refuse(call, ST_INVALID, "owner", "a service account needs an owner, who is a person");
    TRY(identity_load_account(call->authd->identity, account->owner, call->arena, &owner, &call->why));
    if (owner.kind != ACCOUNT_PERSON || owner.state == ACCOUNT_ENDED ||
        !slice_equal(owner.organisation, account->organisation))
        return refuse(call, ST_INVALID, "owner", "the owner must be a person of that organisation, and here");
    return ST_OK;
}

static enum status check_name(struct call *call, const struct account_details *details)
{
    if (details->name.len == 0 || details->name.len > NAME_BYTES_MAX)
        return refuse(call, ST_INVALID, "name", "an account needs a name of some length");
    return ST_OK;
}

enum status check_person(struct call *call, const struct account_details *details)
{
    TRY(check_name(call, details));
    if (!is_address(details->address))
        return refuse(call, ST_INVALID, "address", "that is no address");
    return account_check_person(details->name, details->address, &call->why);
}

enum status create_account(struct call *call, struct account *account,
                           const struct account_details *details)
{
    struct organisation *organisation;
    bool person = account->kind == ACCOUNT_PERSON;
    TRY(get_organisation(call->authd, account->organisation, &organisation, &call->why));
    if (!organisation->active)
        return refuse(call, ST_CONFLICT, "ended", "that organisation has ended");
    TRY(check_function(call, account, organisation));
    TRY(check_owner(call, account));
    TRY(person ? check_person(call, details) : check_name(call, details));
    if (account->id.len == 0)
        account->id = database_new_id(person ? "p" : "s", call->arena);
    account->created = call->now;
    account->state = person ? ACCOUNT_INVITED : ACCOUNT_ACTIVE;
    TRY(save_account(call, account, organisation, details));
    return note(call, "account.state.added", "account=%.*s organisation=%.*s function=%.*s by=%.*s",
                SLICE_ARG(account->id), SLICE_ARG(account->organisation),
                SLICE_ARG(account->function),
                SLICE_ARG(call->root ? LIT("root") : call->who.account.id));
}

/* What opens an enrolment session until it ends; the token stands behind "#", so that no server
 * on the way sees it. */
static enum status make_link(struct call *call, const struct account *account, struct slice *link)
{
    struct authd *authd = call->authd;
    int64_t days = authd->options.invitation_days;
    struct flow_details details = {0};
    struct flow flow = {.kind = FLOW_ENROLMENT, .account = account->id, .step = LIT("invited"),
                        .begun = call->now, .ends = {call->now.us + days * DAY_US}};
    struct slice token = new_token("", call->arena, &flow.id_hash);
    TRY(flow_seal(call, &flow, &details));
    TRY(identity_add_flow(authd->identity, &flow, &call->why));
    *link = arena_format(call->arena, "%.*s/account/enrol#%.*s", SLICE_ARG(authd->options.public_url),
                         SLICE_ARG(token));
    return ST_OK;
}

enum status invite_account(struct call *call, struct account *account)
{
    struct account_details details;
    struct organisation *organisation;
    struct slice link;
    bool again = account->state == ACCOUNT_ACTIVE;
    if (account->kind != ACCOUNT_PERSON)
        return refuse(call, ST_CONFLICT, "service", "a service account has tokens only");
    if (account->state == ACCOUNT_ENDED)
        return refuse(call, ST_CONFLICT, "ended", "that account has ended");
    TRY(end_all_access(call, account));
    if (again) {
        TRY(load_account(call, account->id, account, &organisation, &details));
        account->state = ACCOUNT_INVITED;
        TRY(save_account(call, account, organisation, &details));
        TRY(tell_ended(call, account, SLICE_NONE, "reset"));
    }
    TRY(make_link(call, account, &link));
    TRY(tell_notice(call, account, again ? "account.reset" : "account.invited", "", link));
    TRY(note(call, again ? "account.state.reset" : "account.state.invited", "account=%.*s by=%.*s",
             SLICE_ARG(account->id), SLICE_ARG(call->root ? LIT("root") : call->who.account.id)));
    if (call->root) /* whoever has the keys may hand it over otherwise */
        json_object_set_new(call->out, "link", json_from_text(link));
    return ST_OK;
}

json_t *account_json(struct call *call, const struct account *account,
                     const struct account_details *details)
{
    struct factor_list list;
    struct factor_set set = {0};
    struct arena *arena = call->arena;
    json_t *out = json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "id",
        json_from_text(account->id), "organisation", json_from_text(account->organisation), "kind",
        account_kind_names[account->kind], "name", json_from_text(details->name), "address",
        json_from_text(details->address), "language", json_from_text(details->language), "function",
        json_from_text(account->function), "state", account_state_names[account->state], "owner",
        account->owner.len == 0 ? json_null() : json_from_text(account->owner), "created",
        instant_json(account->created, arena), "ends", instant_json(account->ends, arena), "ended",
        instant_json(account->ended, arena));
    json_t *factors = json_array();
    if (factors_of(call, account->id, &list, &set) == ST_OK)
        for (size_t i = 0; i < list.count; i++)
            if (list.items[i].state == FACTOR_ACTIVE)
                json_array_append_new(factors, json_string(factor_kind_names[list.items[i].kind]));
    json_object_set_new(out, "factors", factors);
    return out;
}

/* What somebody may be made, so that a page need not guess: nothing that set_function refuses. */
static json_t *choices_of(struct call *call, const struct account *account)
{
    struct organisation *organisation;
    bool fixed = account->kind != ACCOUNT_PERSON || account->state == ACCOUNT_ENDED ||
                 slice_equal(account->id, call->who.account.id);
    if (fixed || get_organisation(call->authd, account->organisation, &organisation, &call->why) != ST_OK)
        return json_array();
    return functions_json(organisation->kind);
}

/* Of the caller's organisation; of any, for root. */
enum status account_list(struct call *call)
{
    struct account_list list;
    struct slice organisation =
        call->root ? json_text(call->in, "organisation") : call->who.account.organisation;
    TRY(identity_list_accounts(call->authd->identity, organisation, call->arena, &list, &call->why));
    AUTO_JSON rows = json_array();
    for (size_t i = 0; i < list.count; i++) {
        struct account_details details;
        TRY(open_account(call->authd, &list.items[i], call->arena, &details, &call->why));
        json_t *row = account_json(call, &list.items[i], &details);
        json_object_set_new(row, "functions", choices_of(call, &list.items[i]));
        json_array_append_new(rows, row);
    }
    call->out = json_pack("{s:O}", "people", rows);
    return ST_OK;
}

/* {"accounts": [id, …]} → {"names": {id: name}}, of the caller's own organisation only: a lead of the room asks who has
 * what, and nobody asks who works elsewhere. */
enum status account_names(struct call *call)
{
    enum { NAMES_MAX = 500 };
    const json_t *ids = json_object_get(call->in, "accounts"), *id;
    size_t index;
    if (!json_is_array(ids) || json_array_size(ids) > NAMES_MAX)
        return refuse(call, ST_INVALID, "accounts", "a list of accounts is needed");
    AUTO_JSON names = json_object();
    json_array_foreach(ids, index, id)
    {
        struct account account;
        struct account_details details;
        struct slice one = {json_string_value(id), json_string_length(id)};
        enum status found = identity_load_account(call->authd->identity, one, call->arena, &account, &call->why);
        if (found == ST_NOT_FOUND || (found == ST_OK && !slice_equal(account.organisation, call->who.account.organisation)))
            continue;
        TRY(found);
        TRY(open_account(call->authd, &account, call->arena, &details, &call->why));
        json_object_setn_new(names, one.data, one.len, json_from_text(details.name));
    }
    call->out = json_pack("{s:O}", "names", names);
    return ST_OK;
}

enum status find_named_account(struct authd *authd, struct slice who, struct arena *arena,
                               struct account *account, struct problem *why)
{
    if (slice_contains(who, LIT("@")))
        return identity_find_account(authd->identity, hash_address(authd, who, arena), arena, account, why);
    return identity_load_account(authd->identity, who, arena, account, why);
}

/* By {"id"}, or of root also {"account"}: id or address; with the right for it. */
enum status named_account(struct call *call, enum access_right right, struct account *account)
{
    struct slice id = json_text(call->in, call->root ? "account" : "id");
    struct access_object object;
    if (call->root)
        TRY(find_named_account(call->authd, id, call->arena, account, &call->why));
    else
        TRY(identity_load_account(call->authd->identity, id, call->arena, account, &call->why));
    object = (struct access_object){.organisation = account->organisation, .owner = account->id};
    return call->root ? ST_OK : call_may(call, right, &object);
}

static enum status answer_account(struct call *call, const struct account *account)
{
    struct account_details details;
    TRY(open_account(call->authd, account, call->arena, &details, &call->why));
    AUTO_JSON more = call->out;
    call->out = account_json(call, account, &details);
    if (more != NULL)
        json_object_update(call->out, more);
    return ST_OK;
}

enum status account_invite(struct call *call)
{
    struct account account;
    TRY(named_account(call, RIGHT_RIGHTS_CHANGE, &account));
    call->out = json_object();
    TRY(invite_account(call, &account));
    return answer_account(call, &account);
}

static const char *function_word(struct slice name)
{
    enum access_function function;
    return access_function_from_name(name, &function) ? access_function_name(function) : "";
}

/* Rights are computed at every ask, so another function counts at once; whoever holds something
 * by the old one lets it go. */
enum status set_function(struct call *call, struct account *account, struct slice function)
{
    struct account_details details;
    struct organisation *organisation;
    TRY(load_account(call, account->id, account, &organisation, &details));
    if (account->state == ACCOUNT_ENDED)
        return refuse(call, ST_CONFLICT, "ended", "that account has ended");
    account->function = function;
    TRY(check_function(call, account, organisation));
    TRY(save_account(call, account, organisation, &details));
    TRY(note(call, "account.function.changed", "account=%.*s function=%.*s by=%.*s",
             SLICE_ARG(account->id), SLICE_ARG(account->function),
             SLICE_ARG(call->root ? LIT("root") : call->who.account.id)));
    TRY(tell_notice(call, account, "account.function", function_word(account->function), SLICE_NONE));
    return tell_ended(call, account, SLICE_NONE, "function");
}

enum status account_function(struct call *call)
{
    struct account account;
    TRY(named_account(call, RIGHT_RIGHTS_CHANGE, &account));
    if (!call->root && slice_equal(account.id, call->who.account.id))
        return refuse(call, ST_DENIED, "own", "nobody changes their own function");
    TRY(set_function(call, &account, json_text(call->in, "function")));
    return answer_account(call, &account);
}

enum status account_end(struct call *call)
{
    struct account account;
    TRY(named_account(call, RIGHT_PEOPLE_END, &account));
    TRY(account_leaves(call, &account, "left"));
    return answer_account(call, &account);
}

/* The same whoever asks, for whatever address. Nobody gets in by mail alone: the person is told,
 * and somebody who may invite them again. */
enum status account_lost(struct call *call)
{
    struct account account;
    struct account_list list;
    struct slice hash = hash_address(call->authd, json_text(call->in, "address"), call->arena);
    uint32_t count;
    TRY(count_use(call, "lost"));
    TRY(identity_add_attempt(call->authd->identity, hash.len > 0 ? hash : LIT("none"), "lost",
                             (struct instant){call->now.us - call->now.us % DAY_US}, &count,
                             &call->why));
    call->out = json_object();
    if (identity_find_account(call->authd->identity, hash, call->arena, &account, &call->why) != ST_OK ||
        account.kind != ACCOUNT_PERSON || count > LOST_A_DAY)
        return ST_OK;
    TRY(tell_notice(call, &account, "account.lost", "", SLICE_NONE));
    TRY(identity_list_accounts(call->authd->identity, account.organisation, call->arena, &list, &call->why));
    for (size_t i = 0, told = 0; i < list.count && told < TOLD_MAX; i++) {
        const struct account *administrator = &list.items[i];
        if (administrator->state != ACCOUNT_ACTIVE || slice_equal(administrator->id, account.id) ||
            !slice_equal(administrator->function, LIT("administrator")))
            continue;
        TRY(tell_notice(call, administrator, "account.lost_by", "", SLICE_NONE));
        told++;
    }
    return note(call, "account.factors.lost", "account=%.*s", SLICE_ARG(account.id));
}

/* The command line */

enum status root_account_add(struct call *call)
{
    struct slice owner = json_text(call->in, "owner");
    struct account account = {.id = json_text(call->in, "person"),
                              .organisation = json_text(call->in, "organisation"),
                              .kind = owner.len > 0 ? ACCOUNT_SERVICE : ACCOUNT_PERSON,
                              .owner = owner,
                              .function = json_text(call->in, "function"),
                              .ends = {json_number(call->in, "ends_us", 0)}};
    struct account_details details = {.name = slice_trim(json_text(call->in, "name")),
                                      .address = slice_trim(json_text(call->in, "address")),
                                      .language = json_text(call->in, "language")};
    if (account.ends.us != 0 && account.ends.us <= call->now.us)
        return refuse(call, ST_INVALID, "ends", "that end has come already");
    TRY(create_account(call, &account, &details));
    call->out = json_object();
    if (account.kind == ACCOUNT_PERSON && json_flag(call->in, "invite", true))
        TRY(invite_account(call, &account));
    return answer_account(call, &account);
}

enum status root_account_show(struct call *call)
{
    struct account account;
    TRY(named_account(call, RIGHT_NONE, &account));
    return answer_account(call, &account);
}

enum status root_organisation_add(struct call *call)
{
    struct slice id = json_text(call->in, "id"), name = json_text(call->in, "kind");
    enum access_kind kind;
    if (id.len == 0 || !access_kind_from_name(name, &kind))
        return refuse(call, ST_INVALID, "kind", "an organisation is of kind client, processor or operator");
    return ensure_organisation(call->authd, id, name, call->now, &call->why);
}

enum status root_organisation_list(struct call *call)
{
    struct identity_organisation_list list;
    TRY(identity_list_organisations(call->authd->identity, call->arena, &list, &call->why));
    AUTO_JSON rows = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(rows, json_pack("{s:o, s:o, s:o}", "id", json_from_text(list.items[i].id),
                                              "kind", json_from_text(list.items[i].kind), "state",
                                              json_from_text(list.items[i].state)));
    call->out = json_pack("{s:O}", "organisations", rows);
    return ST_OK;
}
