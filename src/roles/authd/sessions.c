/* Sessions: what the api asks before it hands a question on, and what a person sees of them. */
#include "roles/authd/access.h"

static json_t *person_json(const struct call *call)
{
    json_t *out = json_object();
    json_object_set_new(out, "person", json_from_text(call->who.account.id));
    json_object_set_new(out, "organisation", json_from_text(call->who.account.organisation));
    json_object_set_new(out, "function", json_from_text(call->who.account.function));
    return out;
}

/* For a route of another role: whether the caller has its right at all; about what, that role
 * decides. */
enum status session_check(struct call *call)
{
    enum access_right right;
    if (!access_right_from_name(call->right, &right))
        return refuse(call, ST_DENIED, "no_right", "a route needs a right");
    TRY(call_may(call, right, NULL));
    call->out = person_json(call);
    return ST_OK;
}

enum status me_show(struct call *call)
{
    struct account_details details;
    json_t *rights;
    TRY(open_account(call->authd, &call->who.account, call->arena, &details, &call->why));
    TRY(rights_json(call, &rights));
    call->out = person_json(call);
    json_object_set_new(call->out, "rights", rights);
    json_object_set_new(call->out, "name", json_from_text(details.name));
    json_object_set_new(call->out, "address", json_from_text(details.address));
    json_object_set_new(call->out, "language", json_from_text(details.language));
    json_object_set_new(call->out, "session",
                        json_string(session_kind_names[call->who.session.kind]));
    json_object_set_new(call->out, "factor", json_from_text(call->who.session.factor));
    return ST_OK;
}
