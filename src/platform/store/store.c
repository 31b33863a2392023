/* Opening, transactions, and what is written once and looked up: organisations, people,
 * messages, calendars, sandbox mail. */
#include "platform/store/store.h"

#include <stdlib.h>

#include "platform/store/tables.h"

static enum status open_files(struct store *store, const struct sql_driver *driver, const char *where,
                              struct problem *why)
{
    TRY(database_open(driver, &store_schema, where, &store->db, why));
    TRY(keyfile_open(driver, where, &store->keys, why));
    TRY(keys_move(store, why));
    return store_end_keys(store, why);
}

enum status store_open(const struct sql_driver *driver, const char *where, struct store **out,
                       struct problem *why)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return problem_set(why, ST_UNAVAILABLE, "out of memory");
    enum status status = open_files(store, driver, where, why);
    if (status == ST_OK)
        *out = store;
    else
        store_destroy(&store);
    return status;
}

void store_destroy(struct store **store)
{
    if (*store == NULL)
        return;
    keyfile_close(&(*store)->keys);
    database_close(&(*store)->db);
    free(*store);
    *store = NULL;
}

enum status store_begin(struct store *store, struct problem *why)
{
    return database_begin(&store->db, why);
}

enum status store_begin_light(struct store *store, struct problem *why)
{
    return database_begin_light(&store->db, why);
}

enum status store_commit(struct store *store, struct problem *why)
{
    TRY(database_commit(&store->db, why));
    /* What was erased is; a key that cannot go now goes at the next commit or start. */
    if (store->ending)
        (void)!store_end_keys(store, NULL);
    return ST_OK;
}

void store_rollback(struct store *store)
{
    database_rollback(&store->db);
}

enum status store_finish(struct store *store, bool own, enum status status, struct problem *why)
{
    if (!own)
        return status;
    if (status == ST_OK)
        status = store_commit(store, why);
    store_rollback(store);
    return status;
}

struct slice store_new_id(const char *prefix, struct arena *arena)
{
    return database_new_id(prefix, arena);
}

/* The log */

static const struct chain_queries log_queries = {QUERY_LOG_LAST, QUERY_LOG_APPEND, QUERY_LOG_LIST};

enum status store_append_log(struct store *store, struct instant at, struct slice kind,
                             struct slice ids, struct problem *why)
{
    return chain_append(&store->db, &log_queries, at, kind, ids, why);
}

enum status store_latest_logged(struct store *store, struct slice since, struct instant *at,
                                struct problem *why)
{
    return chain_latest(&store->db, &log_queries, since, at, why);
}

static enum status note_time(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    ((struct instant *)context)->us = columns[0].number;
    return ST_OK;
}

enum status store_last_logged(struct store *store, struct slice kind, struct instant *at, struct problem *why)
{
    struct instant last = {INT64_MIN};
    TRY(store->db.driver->run(store->db.sql, QUERY_LOG_LAST_OF, ARGS(arg_text(kind)), note_time, &last, why));
    if (last.us == INT64_MIN)
        return problem_set(why, ST_NOT_FOUND, "no entry of that kind");
    *at = last;
    return ST_OK;
}

enum status store_list_log(struct store *store, uint32_t after, struct arena *arena,
                           struct log_entry_list *out, struct problem *why)
{
    return chain_list(&store->db, &log_queries, after, arena, out, why);
}

enum status store_verify_log(struct store *store, struct problem *why)
{
    return chain_verify(&store->db, &log_queries, why);
}

ROW_TYPE(organisation_row, stored_organisation, TEXT(stored_organisation, id),
         TEXT(stored_organisation, state), INSTANT(stored_organisation, created),
         SEALED(stored_organisation, record));

static enum status save_organisation(struct store *store,
                                     const struct stored_organisation *organisation,
                                     struct problem *why)
{
    size_t added;
    struct stored_key key = {.kind = KEY_OF_ORGANISATION,
                             .id = organisation->id,
                             .organisation = organisation->id,
                             .key = organisation->key};
    TRY(rows_save_counted(&store->db, QUERY_ORGANISATION_ADD, &organisation_row, organisation, &added,
                          why));
    if (added == 1)
        return store_put_key(store, &key, why);
    return rows_run(&store->db, QUERY_ORGANISATION_SAVE,
                    ARGS(arg_text(organisation->id), arg_text(organisation->state),
                         arg_sealed(organisation->record)),
                    why);
}

enum status store_save_organisation(struct store *store,
                                    const struct stored_organisation *organisation,
                                    struct problem *why)
{
    bool own = !store->db.in_transaction;
    if (own)
        TRY(store_begin(store, why));
    return store_finish(store, own, save_organisation(store, organisation, why), why);
}

enum status store_end_organisation(struct store *store, struct slice id, struct problem *why)
{
    size_t ended;
    TRY(rows_run_counted(&store->db, QUERY_ORGANISATION_END, ARGS(arg_text(id)), &ended, why));
    return ended == 1 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no organisation of that id to end");
}

static enum status erase_organisation(struct store *store, struct slice id, struct problem *why)
{
    size_t erased;
    TRY(rows_run_counted(&store->db, QUERY_ORGANISATION_ERASE, ARGS(arg_text(id)), &erased, why));
    if (erased == 0)
        return problem_set(why, ST_NOT_FOUND, "no organisation of that id to erase");
    return keys_note_end(store, KEY_OF_ORGANISATION, id, why);
}

enum status store_erase_organisation(struct store *store, struct slice id, struct problem *why)
{
    bool own = !store->db.in_transaction;
    if (own)
        TRY(store_begin(store, why));
    return store_finish(store, own, erase_organisation(store, id, why), why);
}

static enum status fill_key(struct store *store, struct stored_organisation *row, struct arena *arena,
                            struct problem *why)
{
    return keyfile_fill(&store->keys, KEY_OF_ORGANISATION, row->id, 0, arena, &row->key, why);
}

enum status store_load_organisation(struct store *store, struct slice id, struct arena *arena,
                                    struct stored_organisation *out, struct problem *why)
{
    TRY(rows_load(&store->db, QUERY_ORGANISATION_LOAD, ARGS(arg_text(id)), &organisation_row, arena,
                  out, "organisation of that id", why));
    return fill_key(store, out, arena, why);
}

enum status store_list_organisations(struct store *store, struct arena *arena,
                                     struct stored_organisation_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_ORGANISATION_LIST, NULL, &organisation_row, arena, out, why);
    for (size_t i = 0; i < out->count; i++)
        TRY(fill_key(store, &out->items[i], arena, why));
    return ST_OK;
}

ROW_TYPE(person_row, stored_person, TEXT(stored_person, id), TEXT(stored_person, organisation),
         TEXT(stored_person, role), TEXT(stored_person, state), INSTANT(stored_person, created),
         HASH(stored_person, address_hash), SEALED(stored_person, record));

enum status store_save_person(struct store *store, const struct stored_person *person,
                              struct problem *why)
{
    return rows_save(&store->db, QUERY_PERSON_SAVE, &person_row, person, why);
}

enum status store_load_person(struct store *store, struct slice id, struct arena *arena,
                              struct stored_person *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_PERSON_LOAD, ARGS(arg_text(id)), &person_row, arena, out,
                     "person of that id", why);
}

enum status store_find_person(struct store *store, struct slice address_hash, struct arena *arena,
                              struct stored_person *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_PERSON_FIND, ARGS(arg_hash(address_hash)), &person_row, arena,
                     out, "person of that address", why);
}

enum status store_list_people(struct store *store, struct slice organisation, struct arena *arena,
                              struct stored_person_list *out, struct problem *why)
{
    if (organisation.len == 0)
        ROWS_LIST(&store->db, QUERY_PERSON_LIST_ALL, NULL, &person_row, arena, out, why);
    else
        ROWS_LIST(&store->db, QUERY_PERSON_LIST, ARGS(arg_text(organisation)), &person_row, arena, out,
                  why);
    return ST_OK;
}

enum status store_remove_person(struct store *store, struct slice id, struct problem *why)
{
    size_t removed;
    TRY(rows_run_counted(&store->db, QUERY_PERSON_REMOVE, ARGS(arg_text(id)), &removed, why));
    return removed == 1 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no person of that id");
}

static const char *const direction_names[] = {"in", "out"};

ROW_TYPE(message_row, stored_message, TEXT(stored_message, id), TEXT(stored_message, meeting),
         WORD(stored_message, direction, direction_names), INSTANT(stored_message, at),
         HASH(stored_message, message_id_hash), SEALED(stored_message, raw),
         SEALED(stored_message, reading));

enum status store_add_message(struct store *store, const struct stored_message *message,
                              struct problem *why)
{
    TRY(rows_save(&store->db, QUERY_MESSAGE_ADD, &message_row, message, why));
    if (message->meeting.len == 0 || message->message_id_hash.len == 0)
        return ST_OK;
    return store_link_message(store, message->message_id_hash, message->meeting, why);
}

enum status store_link_message(struct store *store, struct slice message_id_hash,
                               struct slice meeting, struct problem *why)
{
    return rows_run(&store->db, QUERY_MESSAGE_LINK, ARGS(arg_hash(message_id_hash), arg_text(meeting)),
                    why);
}

enum status store_load_message(struct store *store, struct slice id, struct arena *arena,
                               struct stored_message *out, struct problem *why)
{
    return rows_load(&store->db, QUERY_MESSAGE_LOAD, ARGS(arg_text(id)), &message_row, arena, out,
                     "message of that id", why);
}

enum status store_remove_message(struct store *store, struct slice id, struct problem *why)
{
    size_t removed;
    TRY(rows_run_counted(&store->db, QUERY_MESSAGE_REMOVE, ARGS(arg_text(id)), &removed, why));
    return removed == 1 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no message of that id");
}

enum status store_list_messages(struct store *store, struct slice meeting, struct arena *arena,
                                struct stored_message_list *out, struct problem *why)
{
    if (meeting.len == 0)
        ROWS_LIST(&store->db, QUERY_MESSAGE_LIST_LOOSE, NULL, &message_row, arena, out, why);
    else
        ROWS_LIST(&store->db, QUERY_MESSAGE_LIST, ARGS(arg_text(meeting)), &message_row, arena, out, why);
    return ST_OK;
}

enum status store_list_readings(struct store *store, struct slice meeting, uint32_t limit, struct arena *arena,
                                struct stored_message_list *out, struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_MESSAGE_LIST_READINGS, ARGS(arg_text(meeting), arg_number(limit)), &message_row, arena, out,
              why);
    return ST_OK;
}

enum status store_note_inbound(struct store *store, const struct inbound *inbound, bool *duplicate,
                               struct problem *why)
{
    size_t noted;
    TRY(rows_run_counted(&store->db, QUERY_INBOUND_NOTE,
                         ARGS(arg_text(inbound->spool_id), arg_hash(inbound->message_id_hash),
                              arg_hash(inbound->recipient_hash), arg_number(inbound->at.us)),
                         &noted, why));
    *duplicate = noted == 0;
    return ST_OK;
}

enum status store_find_inbound(struct store *store, struct slice message_id_hash, bool *found,
                               struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&store->db, QUERY_INBOUND_FIND, ARGS(arg_hash(message_id_hash)), &count, why));
    *found = count > 0;
    return ST_OK;
}

ROW_TYPE(sandbox_row, sandbox_mail, TEXT(sandbox_mail, id), HASH(sandbox_mail, mailbox_hash),
         INSTANT(sandbox_mail, at), SEALED(sandbox_mail, raw));

enum status store_add_sandbox_mail(struct store *store, const struct sandbox_mail *mail,
                                   struct problem *why)
{
    return rows_save(&store->db, QUERY_SANDBOX_MAIL_ADD, &sandbox_row, mail, why);
}

enum status store_list_sandbox_mail(struct store *store, struct slice mailbox_hash,
                                    struct arena *arena, struct sandbox_mail_list *out,
                                    struct problem *why)
{
    ROWS_LIST(&store->db, QUERY_SANDBOX_MAIL_LIST, ARGS(arg_hash(mailbox_hash)), &sandbox_row, arena,
              out, why);
    return ST_OK;
}
