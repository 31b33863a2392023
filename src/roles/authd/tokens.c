/* Tokens of the API: scoped, hashed, expiring, shown once. */
#include "roles/authd/internal.h"

enum { TOKEN_DAYS_MAX = 366, TOKENS_MAX = 50, NAME_BYTES_MAX = 100, SCOPES_BYTES_MAX = 200 };

static enum status list_of(struct call *call, const struct account *account,
                           struct organisation *organisation, json_t **out)
{
    struct token_list list;
    TRY(identity_list_tokens(call->authd->identity, account->id, call->arena, &list, &call->why));
    AUTO_JSON rows = json_array();
    for (size_t i = 0; i < list.count; i++) {
        const struct token *token = &list.items[i];
        struct token_details details;
        TRY(open_row(call->authd, organisation, IDENTITY_TOKEN, token->id, token->details,
                     &token_details_record, call->arena, &details, &call->why));
        json_array_append_new(
            rows, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "id", json_from_text(token->id), "name",
                            json_from_text(details.name), "scopes", json_from_text(token->scopes),
                            "made", instant_json(token->made, call->arena), "used",
                            instant_json(token->used, call->arena), "ends",
                            instant_json(token->ends, call->arena)));
    }
    *out = json_pack("{s:O}", "tokens", rows);
    return ST_OK;
}

enum status token_list(struct call *call)
{
    return list_of(call, &call->who.account, call->who.organisation, &call->out);
}

/* "meetings scim" out of the list or text; each must be one of an account that has it. */
static enum status read_scopes(struct call *call, enum access_function function,
                               enum access_kind kind, struct slice *out)
{
    AUTO_BUFFER text = buffer_create(SCOPES_BYTES_MAX);
    const json_t *scopes = json_object_get(call->in, "scopes");
    struct access_caller would = {.person = LIT("p"), .organisation = LIT("o"), .kind = kind,
                                  .function = function, .active = true, .session = SESSION_TOKEN};
    for (size_t i = 0; i < json_array_size(scopes); i++) {
        enum access_scope scope;
        struct slice name = slice_from(json_string_value(json_array_get(scopes, i)));
        if (!access_scope_from_name(name, &scope))
            return refuse(call, ST_INVALID, "scope", "there is no such scope");
        /* How the service does is nobody's business but the operator's. */
        if (scope == SCOPE_METRICS && kind != ACCESS_OPERATOR)
            return refuse(call, ST_DENIED, "scope", "only the operator's accounts have that scope");
        would.scopes = 1U << scope;
        if ((access_rights(&would, NULL, call->now) & UINT64_C(1) << access_scope_right(scope)) == 0)
            return refuse(call, ST_DENIED, "scope", "the account's function has nothing of that scope");
        buffer_add_format(&text, "%s%.*s", i == 0 ? "" : " ", SLICE_ARG(name));
    }
    if (text.len == 0)
        return refuse(call, ST_INVALID, "scope", "a token needs a scope");
    TRY(buffer_check(&text, "scopes", &call->why));
    *out = arena_copy(call->arena, buffer_slice(&text));
    return ST_OK;
}

static enum status make_for(struct call *call, const struct account *account,
                            struct organisation *organisation)
{
    struct authd *authd = call->authd;
    int64_t days = json_number(call->in, "days", 90);
    enum access_function function;
    enum access_kind kind;
    struct token_list list;
    struct token_details details = {slice_trim(json_text(call->in, "name"))};
    if (days < 1 || days > TOKEN_DAYS_MAX)
        return refuse(call, ST_INVALID, "days", "a token lives for 1 to 366 days");
    if (details.name.len == 0 || details.name.len > NAME_BYTES_MAX)
        return refuse(call, ST_INVALID, "name", "a token needs a short name");
    if (!access_function_from_name(account->function, &function) ||
        !access_kind_from_name(organisation->kind, &kind))
        return problem_set(&call->why, ST_INVALID, "an account of no function");
    TRY(identity_list_tokens(authd->identity, account->id, call->arena, &list, &call->why));
    if (list.count >= TOKENS_MAX)
        return refuse(call, ST_LIMIT, "tokens", "end one of the tokens first");
    struct token token = {.id = database_new_id("t", call->arena),
                          .account = account->id,
                          .made = call->now,
                          .ends = {call->now.us + days * DAY_US}};
    TRY(read_scopes(call, function, kind, &token.scopes));
    struct slice text = new_token("rdz_", call->arena, &token.token_hash);
    TRY(seal_row(authd, organisation, IDENTITY_TOKEN, token.id, &token_details_record, &details,
                 call->arena, &token.details, &call->why));
    TRY(identity_add_token(authd->identity, &token, &call->why));
    TRY(note(call, "token.state.made", "account=%.*s token=%.*s", SLICE_ARG(account->id),
             SLICE_ARG(token.id)));
    TRY(tell_notice(call, account, "account.token_made", "", SLICE_NONE));
    call->out = json_pack("{s:o, s:o, s:o}", "id", json_from_text(token.id), "token",
                          json_from_text(text), "ends", instant_json(token.ends, call->arena));
    return ST_OK;
}

enum status token_make(struct call *call)
{
    return make_for(call, &call->who.account, call->who.organisation);
}

static enum status end_of(struct call *call, const struct account *account)
{
    struct slice id = json_text(call->in, "id");
    TRY(identity_end_token(call->authd->identity, id, account->id, &call->why));
    return note(call, "token.state.ended", "account=%.*s token=%.*s", SLICE_ARG(account->id),
                SLICE_ARG(id));
}

enum status token_end(struct call *call)
{
    return end_of(call, &call->who.account);
}

/* The command line: {"account"}, and {"end"} for one of them, or {"end_all": true}. */
enum status root_account_tokens(struct call *call)
{
    struct account account;
    struct organisation *organisation;
    struct account_details details;
    size_t ended;
    TRY(named_account(call, RIGHT_NONE, &account));
    TRY(load_account(call, account.id, &account, &organisation, &details));
    if (json_text(call->in, "id").len > 0)
        TRY(end_of(call, &account));
    if (json_flag(call->in, "end_all", false))
        TRY(identity_end_tokens(call->authd->identity, account.id, &ended, &call->why));
    return list_of(call, &account, organisation, &call->out);
}

enum status root_token_make(struct call *call)
{
    struct account account;
    struct organisation *organisation;
    struct account_details details;
    TRY(named_account(call, RIGHT_NONE, &account));
    TRY(load_account(call, account.id, &account, &organisation, &details));
    if (account.state != ACCOUNT_ACTIVE)
        return problem_set(&call->why, ST_CONFLICT, "that account is not active");
    return make_for(call, &account, organisation);
}
