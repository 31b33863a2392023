/* Raises and break-glass: asked by one, approved by another, over by themselves. */
#include "roles/authd/access.h"

#include "base/eventlog/eventlog.h"

enum { LIST_DAYS = 30 };

enum status caller_grants(struct call *call, struct access_grant_list *out)
{
    return identity_open_grants(call->authd->identity, call->who.account.id, call->now,
                                call->arena, out, &call->why);
}

enum status rights_json(struct call *call, json_t **out)
{
    struct access_grant_list grants;
    TRY(caller_grants(call, &grants));
    uint64_t rights = access_rights(&call->who.caller, &grants, call->now);
    *out = json_array();
    for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT_; right++)
        if (rights >> right & 1)
            json_array_append_new(*out, json_string(access_right_name(right)));
    return ST_OK;
}

json_t *functions_json(struct slice kind)
{
    enum access_kind known;
    json_t *out = json_array();
    if (!access_kind_from_name(kind, &known))
        return out;
    for (int function = FUNCTION_NONE + 1; function < FUNCTION_COUNT_; function++)
        if (function != FUNCTION_SERVICE && access_function_fits(function, known))
            json_array_append_new(out, json_string(access_function_name(function)));
    return out;
}

enum status find_colleagues(struct call *call, struct slice organisation, enum access_right right,
                            struct slice but, struct colleagues *out)
{
    struct account_list accounts;
    *out = (struct colleagues){0};
    TRY(identity_list_accounts(call->authd->identity, organisation, call->arena, &accounts,
                               &call->why));
    for (size_t i = 0; i < accounts.count; i++) {
        const struct account *account = &accounts.items[i];
        enum access_function function;
        if (account->state == ACCOUNT_ACTIVE && account->kind == ACCOUNT_PERSON &&
            (account->ends.us == 0 || account->ends.us > call->now.us) &&
            access_function_from_name(account->function, &function) &&
            access_function_has(function, right) && !slice_equal(account->id, but))
            ARENA_PUSH(call->arena, out, *account);
    }
    return ST_OK;
}

/* How many others of the asker's organisation could approve. */
static enum status count_others(struct call *call, const struct access_grant *grant, size_t *others)
{
    struct colleagues colleagues;
    TRY(find_colleagues(call, grant->organisation, RIGHT_RAISES_APPROVE, grant->account,
                        &colleagues));
    *others = colleagues.count;
    return ST_OK;
}

enum status tell_by_id(struct call *call, struct slice id, const char *phrase, const char *word)
{
    struct account account;
    TRY(identity_load_account(call->authd->identity, id, call->arena, &account, &call->why));
    if (account.state != ACCOUNT_ACTIVE)
        return ST_OK;
    struct slice link = arena_format(call->arena, "%.*s/account",
                                     SLICE_ARG(call->authd->options.public_url));
    return tell_notice(call, &account, phrase, word, link);
}

/* What is shown */

static enum status open_reason(struct call *call, const struct stored_grant *grant,
                               struct slice *reason)
{
    struct organisation *organisation;
    struct private_text text;
    TRY(get_organisation(call->authd, grant->grant.organisation, &organisation, &call->why));
    TRY(open_row(call->authd, organisation, IDENTITY_GRANT, grant->grant.id, grant->reason,
                 &private_text_record, call->arena, &text, &call->why));
    *reason = text.text;
    return ST_OK;
}

enum status open_name(struct call *call, struct slice id, struct slice *name)
{
    struct account account;
    struct account_details details;
    *name = SLICE_NONE;
    if (id.len == 0)
        return ST_OK;
    TRY(identity_load_account(call->authd->identity, id, call->arena, &account, &call->why));
    TRY(open_account(call->authd, &account, call->arena, &details, &call->why));
    *name = details.name;
    return ST_OK;
}

static enum status grant_json(struct call *call, const struct stored_grant *stored, bool approves,
                              json_t *list)
{
    const struct access_grant *grant = &stored->grant;
    struct slice reason, name, approver;
    bool mine = slice_equal(grant->account, call->who.account.id);
    enum access_grant_state state = access_grant_state(grant, call->now);
    TRY(open_reason(call, stored, &reason));
    TRY(open_name(call, grant->account, &name));
    TRY(open_name(call, grant->approved_by, &approver));
    json_t *out = json_object();
    json_object_set_new(out, "id", json_from_text(grant->id));
    json_object_set_new(out, "account", json_from_text(grant->account));
    json_object_set_new(out, "name", json_from_text(name));
    json_object_set_new(out, "organisation", json_from_text(grant->organisation));
    json_object_set_new(out, "cause", json_string(access_cause_names[grant->cause]));
    json_object_set_new(out, "right", json_string(access_right_name(grant->right)));
    json_object_set_new(out, "target", json_from_text(grant->target));
    json_object_set_new(out, "reason", json_from_text(reason));
    json_object_set_new(out, "minutes", json_integer(grant->wanted.us / MINUTE_US));
    json_object_set_new(out, "state", json_string(access_grant_state_names[state]));
    json_object_set_new(out, "asked", instant_json(grant->asked, call->arena));
    json_object_set_new(out, "approved_by", json_from_text(grant->approved_by));
    json_object_set_new(out, "approver", json_from_text(approver));
    json_object_set_new(out, "from", instant_json(grant->from, call->arena));
    json_object_set_new(out, "until", instant_json(access_grant_limit(grant), call->arena));
    json_object_set_new(out, "ended", instant_json(grant->ended, call->arena));
    json_object_set_new(out, "mine", json_boolean(mine));
    json_object_set_new(out, "may_approve",
                        json_boolean(approves && state == GRANT_ASKED));
    json_object_set_new(out, "may_end", json_boolean((mine || approves) && state != GRANT_OVER));
    json_array_append_new(list, out);
    return ST_OK;
}

/* Whether the caller could be the second person of it. */
static enum status could_approve(struct call *call, const struct access_grant *grant, bool *could)
{
    size_t others;
    struct access_grant copy = *grant;
    TRY(count_others(call, grant, &others));
    copy.approved_by = SLICE_NONE; /* also of one that is approved: they could end it */
    copy.ended = (struct instant){0};
    copy.asked = call->now;
    *could = access_grant_approve(&copy, &call->who.caller, others, call->now, NULL) == ST_OK;
    return ST_OK;
}

/* What the caller could be given: {"id", "sentence"} in their language. */
static json_t *askable_json(const struct call *call, bool french)
{
    json_t *out = json_array();
    for (size_t i = 0; i < access_row_count; i++) {
        const struct access_row *row = &access_rows[i];
        if (row->function != call->who.caller.function || row->hold != HOLD_RAISED)
            continue;
        json_t *right = json_object();
        json_object_set_new(right, "id", json_string(access_right_name(row->right)));
        json_object_set_new(right, "sentence",
                            json_string(access_right_sentence(row->right, french)));
        json_array_append_new(out, right);
    }
    return out;
}

/* One's own, and those that one could approve or end; of the last month. */
enum status raise_list(struct call *call)
{
    struct stored_grant_list grants;
    struct account_details details;
    struct instant since = {call->now.us - LIST_DAYS * DAY_US};
    TRY(open_account(call->authd, &call->who.account, call->arena, &details, &call->why));
    TRY(identity_list_grants(call->authd->identity, SLICE_NONE, since, call->arena, &grants,
                             &call->why));
    AUTO_JSON list = json_array();
    for (size_t i = 0; i < grants.count; i++) {
        bool approves;
        TRY(could_approve(call, &grants.items[i].grant, &approves));
        if (approves || slice_equal(grants.items[i].grant.account, call->who.account.id))
            TRY(grant_json(call, &grants.items[i], approves, list));
    }
    call->out = json_object();
    json_object_set(call->out, "raises", list);
    json_object_set_new(call->out, "rights",
                        askable_json(call, slice_equal(details.language, LIT("fr"))));
    return ST_OK;
}

/* What is done */

static enum status save_new(struct call *call, struct access_grant *grant)
{
    struct stored_grant stored;
    struct private_text text = {grant->reason};
    grant->id = database_new_id("g", call->arena);
    TRY(seal_row(call->authd, call->who.organisation, IDENTITY_GRANT, grant->id,
                 &private_text_record, &text, call->arena, &stored.reason, &call->why));
    stored.grant = *grant;
    TRY(identity_add_grant(call->authd->identity, &stored, &call->why));
    TRY(note(call, grant->cause == CAUSE_GLASS ? "access.glass.asked" : "access.raise.asked",
             "grant=%.*s account=%.*s right=%s target=%.*s%s", SLICE_ARG(grant->id),
             SLICE_ARG(grant->account), access_right_name(grant->right), SLICE_ARG(grant->target),
             via(call)));
    call->out = json_object();
    json_object_set_new(call->out, "id", json_from_text(grant->id));
    return ST_OK;
}

enum status raise_ask(struct call *call)
{
    struct access_grant grant = {0};
    enum access_right right = RIGHT_NONE;
    int64_t minutes_wanted = json_number(call->in, "minutes", 0);
    if (!access_right_from_name(json_text(call->in, "right"), &right))
        return refuse(call, ST_INVALID, "right", "right: no such right");
    if (minutes_wanted < 1 || minutes_wanted > RAISE_MAX.us / MINUTE_US)
        return refuse(call, ST_INVALID, "minutes", "minutes: 1 to 480");
    TRY(access_raise_ask(&call->who.caller, right, json_text(call->in, "target"),
                         json_text(call->in, "reason"), minutes(minutes_wanted), call->now, &grant,
                         &call->why));
    return save_new(call, &grant);
}

enum status glass_ask(struct call *call)
{
    struct access_grant grant = {0};
    struct identity_organisation target;
    struct slice organisation = json_text(call->in, "organisation");
    TRY(access_glass_ask(&call->who.caller, organisation, json_text(call->in, "reason"), call->now,
                         &grant, &call->why));
    enum status found = identity_load_organisation(call->authd->identity, organisation, call->arena,
                                                   &target, &call->why);
    if (found == ST_NOT_FOUND)
        return refuse(call, ST_NOT_FOUND, "no_organisation", "there is no organisation of that id");
    TRY(found);
    return save_new(call, &grant);
}

static enum status load_grant(struct call *call, enum access_cause cause, struct access_grant *out)
{
    struct stored_grant stored;
    TRY(identity_load_grant(call->authd->identity, json_text(call->in, "id"), call->arena, &stored,
                            &call->why));
    if (stored.grant.cause != cause)
        return problem_set(&call->why, ST_NOT_FOUND, "no raise or break-glass of that id");
    *out = stored.grant;
    return ST_OK;
}

static enum status approve(struct call *call, enum access_cause cause, struct access_grant *grant)
{
    size_t others;
    TRY(load_grant(call, cause, grant));
    TRY(count_others(call, grant, &others));
    TRY(access_grant_approve(grant, &call->who.caller, others, call->now, &call->why));
    TRY(identity_approve_grant(call->authd->identity, grant, &call->why));
    TRY(note(call, cause == CAUSE_GLASS ? "access.glass.broken" : "access.raise.approved",
             "grant=%.*s account=%.*s by=%.*s target=%.*s%s%s", SLICE_ARG(grant->id),
             SLICE_ARG(grant->account), SLICE_ARG(grant->approved_by), SLICE_ARG(grant->target),
             cause == CAUSE_RAISE && others == 0 ? " alone=yes" : "", via(call)));
    call->out = json_object();
    json_object_set_new(call->out, "until", instant_json(grant->until, call->arena));
    return ST_OK;
}

enum status raise_approve(struct call *call)
{
    struct access_grant grant;
    TRY(approve(call, CAUSE_RAISE, &grant));
    event_log(EVENT_ACCESS_RAISED, field_id(KEY_GRANT, grant.id), field_id(KEY_PERSON, grant.account),
              field_text(KEY_RIGHT, access_right_name(grant.right)));
    return tell_by_id(call, grant.account, "account.raised", access_right_name(grant.right));
}

/* Nobody breaks glass unheard: every operator and the organisation's administrators get mail. */
static enum status tell_all(struct call *call, struct slice organisation, enum access_right right)
{
    struct colleagues colleagues;
    TRY(find_colleagues(call, organisation, right, SLICE_NONE, &colleagues));
    for (size_t i = 0; i < colleagues.count; i++)
        TRY(tell_by_id(call, colleagues.items[i].id, "account.glass", ""));
    return ST_OK;
}

enum status glass_approve(struct call *call)
{
    struct access_grant grant;
    TRY(approve(call, CAUSE_GLASS, &grant));
    event_log(EVENT_ACCESS_GLASS, field_id(KEY_GRANT, grant.id),
              field_id(KEY_PERSON, grant.account), field_id(KEY_ORGANISATION, grant.target));
    TRY(tell_all(call, grant.organisation, RIGHT_GLASS_BREAK));
    if (slice_equal(grant.target, grant.organisation))
        return ST_OK;
    return tell_all(call, grant.target, RIGHT_RAISES_APPROVE);
}

enum status raise_end(struct call *call)
{
    struct stored_grant stored;
    size_t others;
    TRY(identity_load_grant(call->authd->identity, json_text(call->in, "id"), call->arena, &stored,
                            &call->why));
    TRY(count_others(call, &stored.grant, &others));
    TRY(access_grant_end(&stored.grant, &call->who.caller, others, call->now, &call->why));
    TRY(identity_end_grant(call->authd->identity, stored.grant.id, call->now, &call->why));
    event_log(EVENT_ACCESS_LOWERED, field_id(KEY_GRANT, stored.grant.id),
              field_id(KEY_PERSON, stored.grant.account));
    return note(call, "access.grant.ended", "grant=%.*s account=%.*s by=%.*s%s",
                SLICE_ARG(stored.grant.id), SLICE_ARG(stored.grant.account),
                SLICE_ARG(call->who.account.id), via(call));
}

/* For whoever has the keys */

const char *via(const struct call *call)
{
    return call->root ? " via=root" : "";
}

enum status act_as(struct call *call)
{
    struct account account;
    TRY(find_named_account(call->authd, json_text(call->in, "as"), call->arena, &account, &call->why));
    TRY(take_caller(call, account.id));
    call->who.caller.session = SESSION_FULL;
    call->who.caller.factor = FACTOR_PASSKEY;
    call->who.caller.inside = true;
    call->who.caller.active &= account.state == ACCOUNT_ACTIVE;
    return ST_OK;
}

/* What the session would have been asked for. */
static enum status run_as(struct call *call, call_fn *command, enum access_right right)
{
    TRY(act_as(call));
    TRY(call_may(call, right, NULL));
    return command(call);
}

enum status root_raise_ask(struct call *call)
{
    return run_as(call, raise_ask, RIGHT_RAISES_ASK);
}

/* A raise or a break-glass, whichever has the id. */
enum status root_raise_approve(struct call *call)
{
    struct stored_grant stored;
    TRY(identity_load_grant(call->authd->identity, json_text(call->in, "id"), call->arena, &stored,
                            &call->why));
    if (stored.grant.cause == CAUSE_GLASS)
        return run_as(call, glass_approve, RIGHT_GLASS_BREAK);
    return run_as(call, raise_approve, RIGHT_RAISES_APPROVE);
}

enum status root_raise_end(struct call *call)
{
    return run_as(call, raise_end, RIGHT_RAISES_ASK);
}

enum status root_glass_ask(struct call *call)
{
    return run_as(call, glass_ask, RIGHT_GLASS_BREAK);
}

/* All of them, or those of {"organisation"}; {"days"} back, 30 if not said. */
enum status root_raise_list(struct call *call)
{
    struct stored_grant_list grants;
    int64_t days = json_number(call->in, "days", LIST_DAYS);
    struct instant since = {call->now.us - (days < 0 || days > 36500 ? 36500 : days) * DAY_US};
    TRY(identity_list_grants(call->authd->identity, json_text(call->in, "organisation"), since,
                             call->arena, &grants, &call->why));
    AUTO_JSON list = json_array();
    for (size_t i = 0; i < grants.count; i++)
        TRY(grant_json(call, &grants.items[i], false, list));
    call->out = json_pack("{s:O}", "raises", list);
    return ST_OK;
}
