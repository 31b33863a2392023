/* Organisations of the directory, each with an identity key of its own, and their end. */
#include "platform/identity/organisations.h"
#include "roles/authd/internal.h"

enum status ensure_organisation(struct authd *authd, struct slice id, struct slice kind,
                                struct instant now, struct problem *why)
{
    AUTO_ARENA arena = arena_create_wiped(64 * 1024);
    struct identity_organisation row = {.id = id, .kind = kind, .state = LIT("active"), .created = now};
    struct key_ask ask = {.purpose = KEY_NEW_ORGANISATION, .organisation = id, .version = 1};
    struct key_given given;
    AUTO_SECRET none = NULL;
    if (identity_load_organisation(authd->identity, id, arena, &row, NULL) == ST_OK)
        return ST_OK;
    TRY(authd->ports.key(authd->ports.self, &ask, arena, &given, &none, why));
    row.key = (struct wrapped_key){{given.wrapped}, ask.version};
    TRY(identity_save_organisation(authd->identity, &row, why));
    return identity_append_log(authd->identity, now, LIT("organisation.added"),
                               arena_format(arena, "organisation=%.*s", SLICE_ARG(id)), why);
}

enum status authd_add_organisation(struct authd *authd, struct slice id, struct slice kind,
                                   struct instant now, struct problem *why)
{
    TRY(identity_begin(authd->identity, why));
    enum status status = ensure_organisation(authd, id, kind, now, why);
    if (status == ST_OK)
        status = identity_commit(authd->identity, why);
    identity_rollback(authd->identity);
    return status;
}

/* Ends: the row first, by which nobody signs in; their accounts follow (authd_end_due). */

struct ending {
    struct slice id;
    bool erase;
};

enum status organisation_ends(struct call *call, struct slice id)
{
    struct identity_organisation before;
    TRY(identity_load_organisation(call->authd->identity, id, call->arena, &before, &call->why));
    TRY(identity_end_organisation(call->authd->identity, id, call->now, &call->why));
    return before.ended.us != 0 ? ST_OK : note(call, "organisation.state.ended", "organisation=%.*s", SLICE_ARG(id));
}

static enum status erase(struct call *call, struct slice id)
{
    enum status erased = identity_erase_organisation(call->authd->identity, id, call->now, &call->why);
    if (erased == ST_CONFLICT)
        return ST_OK; /* before: the accounts and the key that a run which was cut off has left */
    TRY(erased);
    return note(call, "organisation.content.erased", "organisation=%.*s", SLICE_ARG(id));
}

static enum status end_organisation(struct call *call)
{
    const struct ending *ending = call->own;
    TRY(organisation_ends(call, ending->id));
    return ending->erase ? erase(call, ending->id) : ST_OK;
}

static enum status end_with(struct authd *authd, struct ending ending, struct instant now, struct problem *why)
{
    TRY(run_alone(authd, end_organisation, &ending, now, why));
    TRY(identity_end_keys(authd->identity, why));
    return refresh_organisations(authd, why);
}

enum status authd_end_organisation(struct authd *authd, struct slice id, struct instant now,
                                   struct problem *why)
{
    return end_with(authd, (struct ending){id, false}, now, why);
}

enum status authd_erase_organisation(struct authd *authd, struct slice id, struct instant now,
                                     struct problem *why)
{
    return end_with(authd, (struct ending){id, true}, now, why);
}
