/* Opening, transactions, the log and accounts. */
#include <stdlib.h>

#include "platform/identity/organisations.h"
#include "platform/identity/tables.h"

const char *const account_kind_names[ACCOUNT_KIND_COUNT_] = {"person", "service"};
const char *const account_state_names[ACCOUNT_STATE_COUNT_] = {"invited", "active", "ended"};

static enum status open_files(struct identity *identity, const struct sql_driver *driver,
                              const char *where, struct problem *why)
{
    TRY(database_open(driver, &identity_schema, where, &identity->db, why));
    TRY(keyfile_open(driver, where, &identity->keys, why));
    TRY(identity_move_keys(identity, why));
    return identity_end_keys(identity, why);
}

enum status identity_open(const struct sql_driver *driver, const char *where, struct identity **out,
                          struct problem *why)
{
    struct identity *identity = calloc(1, sizeof *identity);
    if (identity == NULL)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    enum status status = open_files(identity, driver, where, why);
    if (status == ST_OK)
        *out = identity;
    else
        identity_destroy(&identity);
    return status;
}

void identity_destroy(struct identity **identity)
{
    if (*identity == NULL)
        return;
    keyfile_close(&(*identity)->keys);
    database_close(&(*identity)->db);
    free(*identity);
    *identity = NULL;
}

enum status identity_begin(struct identity *identity, struct problem *why)
{
    return database_begin(&identity->db, why);
}

enum status identity_commit(struct identity *identity, struct problem *why)
{
    return database_commit(&identity->db, why);
}

void identity_rollback(struct identity *identity)
{
    database_rollback(&identity->db);
}

enum status identity_changes(struct identity *identity, uint32_t *changes, struct problem *why)
{
    return identity->db.driver->changes(identity->db.sql, changes, why);
}

enum status change_one(struct identity *identity, enum query query, const struct sql_value *args,
                       enum status otherwise, const char *what, struct problem *why)
{
    size_t changed;
    TRY(rows_run_counted(&identity->db, query, args, &changed, why));
    return changed == 1 ? ST_OK : problem_set(why, otherwise, "%s", what);
}

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    uint32_t *count = context;
    int64_t number = columns[0].number;
    (void)why;
    *count = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
    return ST_OK;
}

enum status read_count(struct identity *identity, enum query query, const struct sql_value *args,
                       uint32_t *count, struct problem *why)
{
    *count = 0;
    return identity->db.driver->run(identity->db.sql, query, args, note_number, count, why);
}

enum status identity_forget_backups(struct identity *identity, struct instant before,
                                    struct problem *why)
{
    return identity->db.driver->forget_backups(identity->db.sql, before, why);
}

/* The log */

static const struct chain_queries log_queries = {QUERY_LOG_LAST, QUERY_LOG_APPEND, QUERY_LOG_LIST};

enum { LOG_IDS_MAX = 1024 };

static enum status note_organisation(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    buffer_add_format(context, " organisation=%.*s", SLICE_ARG(columns[0].bytes));
    return ST_OK;
}

/* Whoever picks out the entries of their organisation finds those of its people too. */
static enum status add_organisation(struct identity *identity, struct slice ids, struct buffer *out,
                                    struct problem *why)
{
    size_t at = slice_find(ids, LIT("account="), 0);
    buffer_add(out, ids);
    if (at == SIZE_MAX || slice_find(ids, LIT("organisation="), 0) != SIZE_MAX)
        return ST_OK;
    size_t begins = at + 8, ends = slice_find(ids, LIT(" "), begins);
    struct slice account = slice_sub(ids, begins, ends == SIZE_MAX ? ids.len : ends);
    return identity->db.driver->run(identity->db.sql, QUERY_ACCOUNT_ORGANISATION, ARGS(arg_text(account)),
                                    note_organisation, out, why);
}

enum status identity_append_log(struct identity *identity, struct instant at, struct slice kind,
                                struct slice ids, struct problem *why)
{
    AUTO_BUFFER whole = buffer_create(LOG_IDS_MAX);
    TRY(add_organisation(identity, ids, &whole, why));
    TRY(buffer_check(&whole, "entry of the log", why));
    return chain_append(&identity->db, &log_queries, at, kind, buffer_slice(&whole), why);
}

enum status identity_list_log(struct identity *identity, uint32_t after, struct arena *arena,
                              struct log_entry_list *out, struct problem *why)
{
    return chain_list(&identity->db, &log_queries, after, arena, out, why);
}

enum status identity_last_log(struct identity *identity, struct arena *arena, struct log_entry *out, struct problem *why)
{
    return chain_last(&identity->db, &log_queries, arena, out, why);
}

enum status identity_verify_log(struct identity *identity, struct problem *why)
{
    return chain_verify(&identity->db, &log_queries, why);
}

/* Accounts */

ROW_TYPE(account_row, account, TEXT(account, id), TEXT(account, organisation),
         WORD(account, kind, account_kind_names), TEXT(account, owner), TEXT(account, function),
         WORD(account, state, account_state_names), NUMBER(account, version),
         INSTANT(account, created), MOMENT(account, ends), MOMENT(account, ended),
         HASH(account, address_hash), HASH(account, external_hash), SEALED(account, details));

enum status identity_save_account(struct identity *identity, const struct account *account,
                                  struct problem *why)
{
    if (account->version == 0)
        return rows_save(&identity->db, QUERY_ACCOUNT_ADD, &account_row, account, why);
    return change_one(identity, QUERY_ACCOUNT_SAVE,
                      ARGS(arg_text(account->id), arg_text(account->owner),
                           arg_text(account->function),
                           arg_text(slice_from(account_state_names[account->state])),
                           arg_number(account->version), arg_moment(account->ends),
                           arg_moment(account->ended), arg_hash(account->address_hash),
                           arg_hash(account->external_hash), arg_sealed(account->details)),
                      ST_CONFLICT, "the account was changed since it was loaded", why);
}

enum status identity_load_account(struct identity *identity, struct slice id, struct arena *arena,
                                  struct account *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_ACCOUNT_LOAD, ARGS(arg_text(id)), &account_row, arena,
                     out, "account of that id", why);
}

enum status identity_find_account(struct identity *identity, struct slice address_hash,
                                  struct arena *arena, struct account *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_ACCOUNT_FIND, ARGS(arg_hash(address_hash)), &account_row,
                     arena, out, "account of that address", why);
}

enum status identity_list_accounts(struct identity *identity, struct slice organisation,
                                   struct arena *arena, struct account_list *out,
                                   struct problem *why)
{
    if (organisation.len == 0)
        ROWS_LIST(&identity->db, QUERY_ACCOUNT_LIST_ALL, NULL, &account_row, arena, out, why);
    else
        ROWS_LIST(&identity->db, QUERY_ACCOUNT_LIST, ARGS(arg_text(organisation)), &account_row,
                  arena, out, why);
    return ST_OK;
}

enum status identity_list_owned(struct identity *identity, struct slice owner, struct arena *arena,
                                struct account_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_ACCOUNT_LIST_OWNED, ARGS(arg_text(owner)), &account_row, arena,
              out, why);
    return ST_OK;
}

enum status identity_due_accounts(struct identity *identity, struct instant now,
                                  struct arena *arena, struct account_list *out,
                                  struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_ACCOUNT_DUE, ARGS(arg_number(now.us)), &account_row, arena, out,
              why);
    return ST_OK;
}
