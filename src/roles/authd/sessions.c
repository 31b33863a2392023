/* Sessions: what the api asks before it hands a question on, and what a person sees of them. */
#include "roles/authd/access.h"

/* For a question to another role: whether the caller has the route's right at all; about what, that
 * role decides. It hears who asks from us alone. */
enum status session_check(struct call *call)
{
    if (call->right.len == 0) /* else the caller has it: check_rights */
        return refuse(call, ST_DENIED, "no_right", "a route needs a right");
    TRY(assert_caller(call));
    call->out = json_pack("{s:o, s:o, s:o}", "person", json_from_text(call->who.account.id),
                          "organisation", json_from_text(call->who.account.organisation), "function",
                          json_from_text(call->who.account.function));
    return ST_OK;
}

/* For pages that stay open: whether there still is one, until when, without keeping it awake. */
enum status session_show(struct call *call)
{
    struct instant ends = session_end_at(call->authd, &call->who.session);
    call->out = json_pack("{s:o}", "ends", instant_json(ends, call->arena));
    return ST_OK;
}

static enum status list_of(struct call *call, const struct account *account,
                           struct organisation *organisation)
{
    struct session_list list;
    TRY(identity_list_sessions(call->authd->identity, account->id, call->arena, &list, &call->why));
    AUTO_JSON rows = json_array();
    for (size_t i = 0; i < list.count; i++) {
        const struct session *session = &list.items[i];
        struct session_place place;
        TRY(open_row(call->authd, organisation, IDENTITY_SESSION, session->id, session->place,
                     &session_place_record, call->arena, &place, &call->why));
        json_array_append_new(
            rows, json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "id",
                            json_from_text(session->id), "kind", session_kind_names[session->kind],
                            "factor", json_from_text(session->factor), "begun",
                            instant_json(session->begun, call->arena), "seen",
                            instant_json(session->seen, call->arena), "ends",
                            instant_json(session->ends, call->arena), "address",
                            json_from_text(place.address), "agent", json_from_text(place.agent),
                            "current", slice_equal(session->id, call->who.session.id)));
    }
    call->out = json_pack("{s:O}", "sessions", rows);
    return ST_OK;
}

enum status session_list(struct call *call)
{
    return list_of(call, &call->who.account, call->who.organisation);
}

static enum status end_one(struct call *call, const struct account *account, struct slice id)
{
    TRY(identity_end_session(call->authd->identity, id, account->id, &call->why));
    TRY(note(call, "session.state.ended", "account=%.*s session=%.*s", SLICE_ARG(account->id),
             SLICE_ARG(id)));
    return tell_ended(call, account, id, "session");
}

/* All of them but one, each by its id, so that peers forget what hangs on it. */
static enum status end_others(struct call *call, const struct account *account, struct slice but)
{
    struct session_list list;
    TRY(identity_list_sessions(call->authd->identity, account->id, call->arena, &list, &call->why));
    for (size_t i = 0; i < list.count; i++)
        if (!slice_equal(list.items[i].id, but))
            TRY(end_one(call, account, list.items[i].id));
    return ST_OK;
}

enum status session_end(struct call *call)
{
    struct slice id = json_text(call->in, "id");
    if (id.len == 0)
        return end_others(call, &call->who.account, call->who.session.id);
    return end_one(call, &call->who.account, id);
}

enum status logout(struct call *call)
{
    struct session_place place;
    if (call->who.session.id.len == 0)
        return refuse(call, ST_DENIED, "no_session", "there is no session to end");
    TRY(open_row(call->authd, call->who.organisation, IDENTITY_SESSION, call->who.session.id,
                 call->who.session.place, &session_place_record, call->arena, &place, &call->why));
    TRY(end_one(call, &call->who.account, call->who.session.id));
    call->out = json_object();
    if (place.logout.len > 0)
        json_object_set_new(call->out, "provider_logout", json_from_text(place.logout));
    return ST_OK;
}

/* The command line: {"account"}, and {"id"} or {"end_all": true} to end. */
enum status root_account_sessions(struct call *call)
{
    struct account account;
    struct organisation *organisation;
    struct account_details details;
    struct slice id = json_text(call->in, "id");
    TRY(named_account(call, RIGHT_NONE, &account));
    TRY(load_account(call, account.id, &account, &organisation, &details));
    if (id.len > 0)
        TRY(end_one(call, &account, id));
    else if (json_flag(call->in, "end_all", false))
        TRY(end_others(call, &account, SLICE_NONE));
    return list_of(call, &account, organisation);
}
