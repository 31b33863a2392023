/* OpenID providers. */
#include "platform/identity/providers.h"

#include "platform/identity/tables.h"

const char *const provider_state_names[PROVIDER_STATE_COUNT_] = {"active", "ended"};

ROW_TYPE(provider_row, identity_provider, TEXT(identity_provider, id),
         TEXT(identity_provider, organisation), TEXT(identity_provider, issuer),
         TEXT(identity_provider, domains), WORD(identity_provider, state, provider_state_names),
         NUMBER(identity_provider, exclusive), INSTANT(identity_provider, created),
         SEALED(identity_provider, details));

enum status identity_save_provider(struct identity *identity,
                                   const struct identity_provider *provider, struct problem *why)
{
    return rows_save(&identity->db, QUERY_PROVIDER_SAVE, &provider_row, provider, why);
}

enum status identity_load_provider(struct identity *identity, struct slice id, struct arena *arena,
                                   struct identity_provider *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_PROVIDER_LOAD, ARGS(arg_text(id)), &provider_row, arena,
                     out, "provider", why);
}

enum status identity_list_providers(struct identity *identity, struct slice organisation,
                                    struct arena *arena, struct identity_provider_list *out,
                                    struct problem *why)
{
    if (organisation.len == 0)
        ROWS_LIST(&identity->db, QUERY_PROVIDER_LIST_ALL, NULL, &provider_row, arena, out, why);
    else
        ROWS_LIST(&identity->db, QUERY_PROVIDER_LIST, ARGS(arg_text(organisation)), &provider_row,
                  arena, out, why);
    return ST_OK;
}

enum status identity_list_issuer(struct identity *identity, struct slice issuer,
                                 struct arena *arena, struct identity_provider_list *out,
                                 struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_PROVIDER_OF_ISSUER, ARGS(arg_text(issuer)), &provider_row, arena,
              out, why);
    return ST_OK;
}

enum status identity_take_logout(struct identity *identity, struct slice provider,
                                 struct slice token_hash, struct instant ends, struct instant now,
                                 struct problem *why)
{
    TRY(rows_run(&identity->db, QUERY_LOGOUT_PURGE, ARGS(arg_number(now.us)), why));
    return change_one(identity, QUERY_LOGOUT_TAKE,
                      ARGS(arg_text(provider), arg_hash(token_hash), arg_number(ends.us)),
                      ST_CONFLICT, "that logout token was used", why);
}
