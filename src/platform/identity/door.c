#include "platform/identity/door.h"

#include "platform/identity/tables.h"

struct badge_row {
    struct slice account;
};
ROW_TYPE(badge_owner, badge_row, TEXT(badge_row, account));

enum status identity_find_badge(struct identity *identity, struct slice hash, struct arena *arena, struct slice *account,
                                struct problem *why)
{
    struct badge_row row;
    TRY(rows_load(&identity->db, QUERY_BADGE_FIND, ARGS(arg_hash(hash)), &badge_owner, arena, &row, "such badge", why));
    *account = row.account;
    return ST_OK;
}

enum status identity_set_badge(struct identity *identity, struct slice account, struct slice hash, struct problem *why)
{
    AUTO_ARENA arena = arena_create(256 * 1024);
    struct account known;
    struct slice owner;
    TRY(identity_load_account(identity, account, arena, &known, why));
    if (hash.len == 0)
        return rows_run(&identity->db, QUERY_BADGE_REMOVE, ARGS(arg_text(account)), why);
    enum status status = identity_find_badge(identity, hash, arena, &owner, NULL);
    if (status == ST_OK && !slice_equal(owner, account))
        return problem_set(why, ST_CONFLICT, "that badge is somebody else's");
    if (status != ST_OK && status != ST_NOT_FOUND)
        return problem_set(why, status, "badges cannot be read");
    return rows_run(&identity->db, QUERY_BADGE_SET, ARGS(arg_text(account), arg_hash(hash)), why);
}

ROW_TYPE(door_entry_row, door_entry, TEXT(door_entry, account), INSTANT(door_entry, at),
         WORD(door_entry, method, door_method_names));

enum status identity_add_entry(struct identity *identity, const struct door_entry *entry, bool *added, struct problem *why)
{
    size_t count = 0;
    TRY(rows_save_counted(&identity->db, QUERY_DOOR_ENTRY_ADD, &door_entry_row, entry, &count, why));
    *added = count > 0;
    return ST_OK;
}

enum status identity_has_entry(struct identity *identity, struct slice account, enum door_method method,
                               struct instant from, struct instant to, bool *has, struct problem *why)
{
    size_t count = 0;
    TRY(rows_run_counted(&identity->db, QUERY_DOOR_ENTRY_FIND,
                         ARGS(arg_text(account), arg_text(slice_from(door_method_names[method])), arg_number(from.us),
                              arg_number(to.us)),
                         &count, why));
    *has = count > 0;
    return ST_OK;
}

ROW_TYPE(door_import_row, door_import, INSTANT(door_import, imported), INSTANT(door_import, as_of),
         NUMBER(door_import, taken), NUMBER(door_import, unknown), NUMBER(door_import, refused));

enum status identity_save_import(struct identity *identity, const struct door_import *import, struct problem *why)
{
    return rows_save(&identity->db, QUERY_DOOR_LOG_SAVE, &door_import_row, import, why);
}

enum status identity_load_import(struct identity *identity, struct arena *arena, struct door_import *out,
                                 struct problem *why)
{
    struct problem missing;
    enum status status = rows_load(&identity->db, QUERY_DOOR_LOG_LOAD, NULL, &door_import_row, arena, out, "import", &missing);
    if (status == ST_NOT_FOUND)
        *out = (struct door_import){0};
    else if (status != ST_OK && why != NULL)
        *why = missing;
    return status == ST_NOT_FOUND ? ST_OK : status;
}

enum status identity_note_missed(struct identity *identity, struct slice session, struct slice account, struct instant at,
                                 bool *first, struct problem *why)
{
    size_t count = 0;
    TRY(rows_run_counted(&identity->db, QUERY_DOOR_MISSED_ADD,
                         ARGS(arg_text(session), arg_text(account), arg_number(at.us)), &count, why));
    *first = count > 0;
    return ST_OK;
}

enum status identity_purge_door(struct identity *identity, struct instant before, struct problem *why)
{
    TRY(rows_run(&identity->db, QUERY_DOOR_ENTRY_PURGE, ARGS(arg_number(before.us)), why));
    return rows_run(&identity->db, QUERY_DOOR_MISSED_PURGE, ARGS(arg_number(before.us)), why);
}
