#include "platform/identity/certificates.h"

#include "platform/identity/tables.h"

const char *const authority_kind_names[AUTHORITY_KIND_COUNT_] = {"root", "issuing"};
const char *const certificate_kind_names[CERTIFICATE_KIND_COUNT_] = {"person", "device", "server"};

ROW_TYPE(authority_row, authority, TEXT(authority, id), WORD(authority, kind, authority_kind_names),
         HASH(authority, certificate), INSTANT(authority, created), INSTANT(authority, ends),
         MOMENT(authority, retired), MOMENT(authority, revoked), NUMBER(authority, crl_number), HASH(authority, crl),
         MOMENT(authority, crl_made), MOMENT(authority, crl_until), SEALED(authority, key));

enum status identity_add_authority(struct identity *identity, const struct authority *authority,
                                   struct problem *why)
{
    return rows_save(&identity->db, QUERY_AUTHORITY_ADD, &authority_row, authority, why);
}

enum status identity_list_authorities(struct identity *identity, struct arena *arena,
                                      struct authority_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_AUTHORITY_LIST, NULL, &authority_row, arena, out, why);
    return ST_OK;
}

enum status identity_save_crl(struct identity *identity, const struct authority *authority,
                              struct problem *why)
{
    return change_one(identity, QUERY_AUTHORITY_LISTED,
                      ARGS(arg_text(authority->id), arg_number(authority->crl_number),
                           arg_hash(authority->crl), arg_number(authority->crl_made.us),
                           arg_number(authority->crl_until.us)),
                      ST_CONFLICT, "another list of revoked certificates was made meanwhile", why);
}

enum status identity_retire_authority(struct identity *identity, struct slice id, struct instant at,
                                      bool revoked, struct problem *why)
{
    struct instant never = {0};
    return change_one(identity, QUERY_AUTHORITY_RETIRE,
                      ARGS(arg_text(id), arg_number(at.us), arg_moment(revoked ? at : never)),
                      ST_CONFLICT, "that authority signs no certificates any more", why);
}

ROW_TYPE(certificate_row, certificate, TEXT(certificate, serial), TEXT(certificate, authority),
         WORD(certificate, kind, certificate_kind_names), TEXT(certificate, subject),
         TEXT(certificate, account), HASH(certificate, bytes), HASH(certificate, digest),
         HASH(certificate, key_digest), INSTANT(certificate, issued), INSTANT(certificate, ends),
         MOMENT(certificate, used), MOMENT(certificate, reminded), MOMENT(certificate, revoked),
         TEXT(certificate, cause));

enum status identity_add_certificate(struct identity *identity,
                                     const struct certificate *certificate, struct problem *why)
{
    return rows_save(&identity->db, QUERY_CERTIFICATE_ADD, &certificate_row, certificate, why);
}

enum status identity_load_certificate(struct identity *identity, struct slice serial,
                                      struct arena *arena, struct certificate *out,
                                      struct problem *why)
{
    return rows_load(&identity->db, QUERY_CERTIFICATE_LOAD, ARGS(arg_text(serial)), &certificate_row,
                     arena, out, "certificate of that serial number", why);
}

static enum status list(struct identity *identity, enum query query, const struct sql_value *args,
                        struct arena *arena, struct certificate_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, query, args, &certificate_row, arena, out, why);
    return ST_OK;
}

enum status identity_list_certificates(struct identity *identity, struct slice account,
                                       struct arena *arena, struct certificate_list *out,
                                       struct problem *why)
{
    return account.len == 0
               ? list(identity, QUERY_CERTIFICATE_LIST_ALL, NULL, arena, out, why)
               : list(identity, QUERY_CERTIFICATE_LIST, ARGS(arg_text(account)), arena, out, why);
}

enum status identity_list_certificates_of_key(struct identity *identity, struct slice key_digest,
                                              struct arena *arena, struct certificate_list *out,
                                              struct problem *why)
{
    return list(identity, QUERY_CERTIFICATE_OF_KEY, ARGS(arg_hash(key_digest)), arena, out, why);
}

enum status identity_list_revoked(struct identity *identity, struct slice authority,
                                  struct instant after, struct arena *arena,
                                  struct certificate_list *out, struct problem *why)
{
    return list(identity, QUERY_CERTIFICATE_REVOKED, ARGS(arg_text(authority), arg_number(after.us)),
                arena, out, why);
}

enum status identity_list_orphaned(struct identity *identity, struct instant now,
                                   struct arena *arena, struct certificate_list *out,
                                   struct problem *why)
{
    return list(identity, QUERY_CERTIFICATE_ORPHANED, ARGS(arg_number(now.us)), arena, out, why);
}

enum status identity_list_expiring(struct identity *identity, struct instant now, struct instant by,
                                   struct arena *arena, struct certificate_list *out,
                                   struct problem *why)
{
    return list(identity, QUERY_CERTIFICATE_EXPIRING, ARGS(arg_number(now.us), arg_number(by.us)),
                arena, out, why);
}

enum status identity_revoke_certificate(struct identity *identity, struct slice serial,
                                        struct instant at, struct slice cause, struct problem *why)
{
    return change_one(identity, QUERY_CERTIFICATE_REVOKE,
                      ARGS(arg_text(serial), arg_number(at.us), arg_text(cause)), ST_CONFLICT,
                      "there is no such certificate, or it is revoked already", why);
}

enum status identity_use_certificate(struct identity *identity, struct slice serial,
                                     struct instant at, struct problem *why)
{
    return change_one(identity, QUERY_CERTIFICATE_USED, ARGS(arg_text(serial), arg_number(at.us)),
                      ST_CONFLICT, "there is no such certificate, or it is revoked", why);
}

enum status identity_remind_certificate(struct identity *identity, struct slice serial,
                                        struct instant at, struct problem *why)
{
    return change_one(identity, QUERY_CERTIFICATE_REMINDED,
                      ARGS(arg_text(serial), arg_number(at.us)), ST_NOT_FOUND,
                      "no such certificate", why);
}

enum status identity_may_stay(struct identity *identity, enum certificate_kind kind, struct slice name,
                              struct instant since, struct instant now, bool *stays, struct problem *why)
{
    uint32_t good = 0;
    enum query query = kind == CERTIFICATE_DEVICE ? QUERY_CERTIFICATE_DEVICE_STAYS : QUERY_CERTIFICATE_MAY_STAY;
    TRY(read_count(identity, query, ARGS(arg_text(name), arg_number(since.us), arg_number(now.us)), &good, why));
    *stays = good > 0;
    return ST_OK;
}

enum status identity_find_certificate(struct identity *identity, struct slice digest, struct arena *arena,
                                      struct certificate *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_CERTIFICATE_OF_DIGEST, ARGS(arg_hash(digest)), &certificate_row, arena, out,
                     "such certificate", why);
}

ROW_TYPE(device_report_row, device_report, TEXT(device_report, device), INSTANT(device_report, at),
         TEXT(device_report, items));

enum status identity_save_report(struct identity *identity, const struct device_report *report, struct problem *why)
{
    return rows_save(&identity->db, QUERY_DEVICE_REPORT_SAVE, &device_report_row, report, why);
}

ROW_TYPE(room_device_row, room_device, TEXT(room_device, id), TEXT(room_device, owner), MOMENT(room_device, at),
         TEXT(room_device, items));

enum status identity_list_devices(struct identity *identity, struct instant now, struct arena *arena,
                                  struct room_device_list *out, struct problem *why)
{
    struct room_device_list found, each = {0};
    ROWS_LIST(&identity->db, QUERY_DEVICE_LIST, ARGS(arg_number(now.us)), &room_device_row, arena, &found, why);
    for (size_t i = 0; i < found.count; i++) /* of a device with several certificates the newest report comes first */
        if (i == 0 || !slice_equal(found.items[i].id, found.items[i - 1].id))
            ARENA_PUSH(arena, &each, found.items[i]);
    *out = each;
    return ST_OK;
}

enum status identity_load_report(struct identity *identity, struct slice device, struct arena *arena,
                                 struct device_report *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_DEVICE_REPORT_LOAD, ARGS(arg_text(device)), &device_report_row, arena, out,
                     "report of that device", why);
}
