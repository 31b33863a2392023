/* Opening, transactions, and what is written once and looked up: organisations, people,
 * messages, calendars, sandbox mail. */
#include "platform/store/store.h"

#include <assert.h>
#include <stdlib.h>

#include "platform/store/rows.h"

static enum status migrate(const struct sql_driver *driver, struct sql *sql, struct problem *why)
{
    uint32_t version = 0;
    TRY(driver->version(sql, &version, why));
    if (version > migration_count)
        return problem_set(why, ST_CONFLICT,
                           "the database is of version %u, this program knows %zu: update rendez, or put a backup back",
                           (unsigned)version, migration_count);
    if (version > 0 && version < migration_count)
        TRY(driver->back_up(sql, version, why));
    for (; version < migration_count; version++)
        TRY(driver->migrate(sql, migrations[version].version, migrations[version].script, why));
    return driver->prepare(sql, why);
}

enum status store_open(const struct sql_driver *driver, const char *where, struct store **out,
                       struct problem *why)
{
    struct sql *sql = NULL;
    TRY(driver->open(where, &sql, why));
    enum status status = migrate(driver, sql, why);
    struct store *store = status == ST_OK ? calloc(1, sizeof *store) : NULL;
    if (store == NULL) {
        driver->close(sql);
        return status != ST_OK ? status : problem_set(why, ST_UNAVAILABLE, "out of memory");
    }
    *store = (struct store){driver, sql, false};
    *out = store;
    return ST_OK;
}

void store_destroy(struct store **store)
{
    if (*store == NULL)
        return;
    store_rollback(*store);
    (*store)->driver->close((*store)->sql);
    free(*store);
    *store = NULL;
}

enum status store_begin(struct store *store, struct problem *why)
{
    assert(!store->in_transaction);
    TRY(store->driver->begin(store->sql, why));
    store->in_transaction = true;
    return ST_OK;
}

enum status store_commit(struct store *store, struct problem *why)
{
    assert(store->in_transaction);
    TRY(store->driver->commit(store->sql, why));
    store->in_transaction = false;
    return ST_OK;
}

void store_rollback(struct store *store)
{
    if (store->in_transaction)
        store->driver->rollback(store->sql);
    store->in_transaction = false;
}

struct slice store_new_id(const char *prefix, struct arena *arena)
{
    /* Crockford's base 32: no i, l, o, u. 26 digits hold 130 bits. */
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char random[26];
    char text[sizeof random];
    vault_random(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        text[i] = digits[random[i] % 32];
    return arena_format(arena, "%s_%.26s", prefix, text);
}

ROW_TYPE(organisation_row, stored_organisation, TEXT(stored_organisation, id),
         TEXT(stored_organisation, state), INSTANT(stored_organisation, created),
         SEALED(stored_organisation, key), SEALED(stored_organisation, record));

enum status store_save_organisation(struct store *store,
                                    const struct stored_organisation *organisation,
                                    struct problem *why)
{
    return rows_save(store, QUERY_ORGANISATION_SAVE, &organisation_row, organisation, why);
}

enum status store_load_organisation(struct store *store, struct slice id, struct arena *arena,
                                    struct stored_organisation *out, struct problem *why)
{
    return rows_load(store, QUERY_ORGANISATION_LOAD, ARGS(arg_text(id)), &organisation_row, arena,
                     out, "organisation of that id", why);
}

enum status store_list_organisations(struct store *store, struct arena *arena,
                                     struct stored_organisation_list *out, struct problem *why)
{
    ROWS_LIST(store, QUERY_ORGANISATION_LIST, NULL, &organisation_row, arena, out, why);
    return ST_OK;
}

ROW_TYPE(person_row, stored_person, TEXT(stored_person, id), TEXT(stored_person, organisation),
         TEXT(stored_person, role), TEXT(stored_person, state), INSTANT(stored_person, created),
         HASH(stored_person, address_hash), SEALED(stored_person, record));

enum status store_save_person(struct store *store, const struct stored_person *person,
                              struct problem *why)
{
    return rows_save(store, QUERY_PERSON_SAVE, &person_row, person, why);
}

enum status store_load_person(struct store *store, struct slice id, struct arena *arena,
                              struct stored_person *out, struct problem *why)
{
    return rows_load(store, QUERY_PERSON_LOAD, ARGS(arg_text(id)), &person_row, arena, out,
                     "person of that id", why);
}

enum status store_find_person(struct store *store, struct slice address_hash, struct arena *arena,
                              struct stored_person *out, struct problem *why)
{
    return rows_load(store, QUERY_PERSON_FIND, ARGS(arg_hash(address_hash)), &person_row, arena,
                     out, "person of that address", why);
}

enum status store_list_people(struct store *store, struct slice organisation, struct arena *arena,
                              struct stored_person_list *out, struct problem *why)
{
    if (organisation.len == 0)
        ROWS_LIST(store, QUERY_PERSON_LIST_ALL, NULL, &person_row, arena, out, why);
    else
        ROWS_LIST(store, QUERY_PERSON_LIST, ARGS(arg_text(organisation)), &person_row, arena, out,
                  why);
    return ST_OK;
}

enum status store_remove_person(struct store *store, struct slice id, struct problem *why)
{
    size_t removed;
    TRY(rows_run_counted(store, QUERY_PERSON_REMOVE, ARGS(arg_text(id)), &removed, why));
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
    TRY(rows_save(store, QUERY_MESSAGE_ADD, &message_row, message, why));
    if (message->meeting.len == 0 || message->message_id_hash.len == 0)
        return ST_OK;
    return store_link_message(store, message->message_id_hash, message->meeting, why);
}

enum status store_link_message(struct store *store, struct slice message_id_hash,
                               struct slice meeting, struct problem *why)
{
    return rows_run(store, QUERY_MESSAGE_LINK, ARGS(arg_hash(message_id_hash), arg_text(meeting)),
                    why);
}

enum status store_load_message(struct store *store, struct slice id, struct arena *arena,
                               struct stored_message *out, struct problem *why)
{
    return rows_load(store, QUERY_MESSAGE_LOAD, ARGS(arg_text(id)), &message_row, arena, out,
                     "message of that id", why);
}

enum status store_remove_message(struct store *store, struct slice id, struct problem *why)
{
    size_t removed;
    TRY(rows_run_counted(store, QUERY_MESSAGE_REMOVE, ARGS(arg_text(id)), &removed, why));
    return removed == 1 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no message of that id");
}

enum status store_list_messages(struct store *store, struct slice meeting, struct arena *arena,
                                struct stored_message_list *out, struct problem *why)
{
    if (meeting.len == 0)
        ROWS_LIST(store, QUERY_MESSAGE_LIST_LOOSE, NULL, &message_row, arena, out, why);
    else
        ROWS_LIST(store, QUERY_MESSAGE_LIST, ARGS(arg_text(meeting)), &message_row, arena, out, why);
    return ST_OK;
}

enum status store_note_inbound(struct store *store, const struct inbound *inbound, bool *duplicate,
                               struct problem *why)
{
    size_t noted;
    TRY(rows_run_counted(store, QUERY_INBOUND_NOTE,
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
    TRY(rows_run_counted(store, QUERY_INBOUND_FIND, ARGS(arg_hash(message_id_hash)), &count, why));
    *found = count > 0;
    return ST_OK;
}

ROW_TYPE(copy_row, calendar_copy, TEXT(calendar_copy, person), INSTANT(calendar_copy, fetched),
         SEALED(calendar_copy, content));

enum status store_save_calendar_copy(struct store *store, const struct calendar_copy *copy,
                                     struct problem *why)
{
    return rows_save(store, QUERY_CALENDAR_COPY_SAVE, &copy_row, copy, why);
}

enum status store_load_calendar_copy(struct store *store, struct slice person, struct arena *arena,
                                     struct calendar_copy *out, struct problem *why)
{
    return rows_load(store, QUERY_CALENDAR_COPY_LOAD, ARGS(arg_text(person)), &copy_row, arena, out,
                     "copy of that calendar", why);
}

ROW_TYPE(sandbox_row, sandbox_mail, TEXT(sandbox_mail, id), HASH(sandbox_mail, mailbox_hash),
         INSTANT(sandbox_mail, at), SEALED(sandbox_mail, raw));

enum status store_add_sandbox_mail(struct store *store, const struct sandbox_mail *mail,
                                   struct problem *why)
{
    return rows_save(store, QUERY_SANDBOX_MAIL_ADD, &sandbox_row, mail, why);
}

enum status store_list_sandbox_mail(struct store *store, struct slice mailbox_hash,
                                    struct arena *arena, struct sandbox_mail_list *out,
                                    struct problem *why)
{
    ROWS_LIST(store, QUERY_SANDBOX_MAIL_LIST, ARGS(arg_hash(mailbox_hash)), &sandbox_row, arena,
              out, why);
    return ST_OK;
}
