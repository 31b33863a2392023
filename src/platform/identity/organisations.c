#include "platform/identity/organisations.h"

#include "platform/identity/tables.h"

static const struct key_end_queries ends = {QUERY_KEY_END_NOTE, QUERY_KEY_END_LIST, QUERY_KEY_END_DONE};

ROW_TYPE(organisation_row, identity_organisation, TEXT(identity_organisation, id),
         TEXT(identity_organisation, kind), TEXT(identity_organisation, state),
         INSTANT(identity_organisation, created), MOMENT(identity_organisation, ended),
         MOMENT(identity_organisation, erased));

enum status identity_load_key(struct identity *identity, struct slice organisation, uint32_t version,
                              struct arena *arena, struct wrapped_key *out, struct problem *why)
{
    struct stored_key key;
    TRY(keyfile_load(&identity->keys, KEY_OF_ORGANISATION, organisation, version, arena, &key, why));
    *out = key.key;
    return ST_OK;
}

enum status identity_fill_key(struct identity *identity, struct slice organisation, uint32_t version,
                              struct arena *arena, struct wrapped_key *out, struct problem *why)
{
    return keyfile_fill(&identity->keys, KEY_OF_ORGANISATION, organisation, version, arena, out, why);
}

enum status identity_put_key(struct identity *identity, struct slice organisation,
                             const struct wrapped_key *key, struct problem *why)
{
    struct stored_key stored = {.kind = KEY_OF_ORGANISATION, .id = organisation,
                                .organisation = organisation, .key = *key};
    return keyfile_put(&identity->keys, &stored, why);
}

enum status identity_end_old_keys(struct identity *identity, struct slice organisation, uint32_t below,
                                  struct problem *why)
{
    return keyfile_end_old(&identity->keys, KEY_OF_ORGANISATION, organisation, below, why);
}

enum status identity_list_aged(struct identity *identity, struct arena *arena,
                               struct key_aged_list *out, struct problem *why)
{
    return keyfile_list_aged(&identity->keys, arena, out, why);
}

enum status identity_survey_keys(struct identity *identity, struct arena *arena,
                                 struct key_survey_list *out, struct problem *why)
{
    return keyfile_survey(&identity->keys, arena, out, why);
}

/* Its key is on disk before its row is committed; without the row it opens nothing. */
enum status identity_save_organisation(struct identity *identity,
                                       const struct identity_organisation *organisation,
                                       struct problem *why)
{
    if (organisation->key.sealed.bytes.len > 0)
        TRY(identity_put_key(identity, organisation->id, &organisation->key, why));
    return rows_save(&identity->db, QUERY_ORGANISATION_SAVE, &organisation_row, organisation, why);
}

/* The key first: whether there is such a row shows in no count of statements. */
enum status identity_load_organisation(struct identity *identity, struct slice id,
                                       struct arena *arena, struct identity_organisation *out,
                                       struct problem *why)
{
    struct wrapped_key key;
    TRY(identity_fill_key(identity, id, 0, arena, &key, why));
    TRY(rows_load(&identity->db, QUERY_ORGANISATION_LOAD, ARGS(arg_text(id)), &organisation_row, arena,
                  out, "organisation of that id", why));
    out->key = key;
    return ST_OK;
}

enum status identity_list_organisations(struct identity *identity, struct arena *arena,
                                        struct identity_organisation_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_ORGANISATION_LIST, NULL, &organisation_row, arena, out, why);
    for (size_t i = 0; i < out->count; i++)
        TRY(identity_fill_key(identity, out->items[i].id, 0, arena, &out->items[i].key, why));
    return ST_OK;
}

/* Ends */

enum status identity_end_organisation(struct identity *identity, struct slice id, struct instant at,
                                      struct problem *why)
{
    return change_one(identity, QUERY_ORGANISATION_END, ARGS(arg_text(id), arg_number(at.us)),
                      ST_NOT_FOUND, "no organisation of that id", why);
}

static enum status erase_rows(struct identity *identity, struct slice id, struct instant at,
                              struct problem *why)
{
    static const enum query plain[] = {
        QUERY_ERASE_SESSIONS, QUERY_ERASE_TOKENS,     QUERY_ERASE_FLOWS,      QUERY_ERASE_FAMILIAR,
        QUERY_ERASE_CODES,    QUERY_ERASE_NOTES,      QUERY_ERASE_PROVIDERS,  QUERY_ERASE_GROUPS,
        QUERY_ERASE_ERRANDS,  QUERY_ERASE_USER_NAMES, QUERY_ERASE_ACCOUNTS,
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        TRY(rows_run(&identity->db, plain[i], ARGS(arg_text(id)), why));
    TRY(rows_run(&identity->db, QUERY_ERASE_FACTORS, ARGS(arg_text(id), arg_number(at.us)), why));
    return rows_run(&identity->db, QUERY_ERASE_GRANTS, ARGS(arg_text(id), arg_number(at.us)), why);
}

enum status identity_erase_organisation(struct identity *identity, struct slice id, struct instant at,
                                        struct problem *why)
{
    TRY(change_one(identity, QUERY_ORGANISATION_ERASE, ARGS(arg_text(id), arg_number(at.us)),
                   ST_CONFLICT, "no organisation of that id to erase", why));
    TRY(erase_rows(identity, id, at, why));
    return keyfile_note_end(&identity->db, &ends, KEY_OF_ORGANISATION, id, why);
}

enum status identity_end_erased_account(struct identity *identity, struct slice account,
                                        struct instant at, struct problem *why)
{
    return change_one(identity, QUERY_ERASED_ACCOUNT_END, ARGS(arg_text(account), arg_number(at.us)),
                      ST_CONFLICT, "that account was not erased, or has ended", why);
}

enum status identity_end_keys(struct identity *identity, struct problem *why)
{
    return keyfile_end_noted(&identity->keys, &identity->db, &ends, why);
}

/* What a database of before version 2 holds */

ROW_TYPE(moved_row, stored_key, TEXT(stored_key, id), NUMBER(stored_key, key.version),
         SEALED(stored_key, key.sealed));

static enum status move_some(struct identity *identity, bool *more, struct problem *why)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct stored_key_list list;
    ROWS_LIST(&identity->db, QUERY_KEY_MOVE_LIST, NULL, &moved_row, arena, &list, why);
    *more = list.count > 0;
    if (!*more)
        return ST_OK;
    for (size_t i = 0; i < list.count; i++) {
        list.items[i].kind = KEY_OF_ORGANISATION;
        list.items[i].organisation = list.items[i].id;
    }
    TRY(keyfile_put_all(&identity->keys, &list, why));
    TRY(rows_run(&identity->db, QUERY_KEY_MOVED, ARGS(arg_text(list.items[list.count - 1].id)), why));
    /* The WAL, and behind it the file, hold what was there until it is folded in. */
    return rows_run(&identity->db, QUERY_CHECKPOINT, NULL, why);
}

enum status identity_move_keys(struct identity *identity, struct problem *why)
{
    for (bool more = true; more;)
        TRY(move_some(identity, &more, why));
    return ST_OK;
}
