/* Organisations of the directory, each with an identity key of its own. */
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
    row.key.bytes = given.wrapped;
    row.key_version = ask.version;
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
