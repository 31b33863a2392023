#include "platform/evidence/evidence.h"

#include <stdlib.h>

#include "platform/evidence/tables.h"

enum status evidence_open(const struct sql_driver *driver, const char *where, struct evidence **out,
                          struct problem *why)
{
    struct evidence *evidence = must_calloc(1, sizeof *evidence);
    enum status status = database_open(driver, &evidence_schema, where, &evidence->db, why);
    if (status == ST_OK)
        *out = evidence;
    else
        free(evidence);
    return status;
}

void evidence_destroy(struct evidence **evidence)
{
    if (*evidence == NULL)
        return;
    database_close(&(*evidence)->db);
    free(*evidence);
    *evidence = NULL;
}

enum status evidence_begin(struct evidence *evidence, struct problem *why)
{
    return database_begin(&evidence->db, why);
}

enum status evidence_commit(struct evidence *evidence, struct problem *why)
{
    return database_commit(&evidence->db, why);
}

void evidence_rollback(struct evidence *evidence)
{
    database_rollback(&evidence->db);
}

/* The log */

static const struct chain_queries log_queries = {QUERY_LOG_LAST, QUERY_LOG_APPEND, QUERY_LOG_LIST};

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

enum status evidence_append_log(struct evidence *evidence, struct instant at, struct slice kind,
                                struct slice ids, uint32_t *entry, struct problem *why)
{
    TRY(chain_append(&evidence->db, &log_queries, at, kind, ids, why));
    return evidence->db.driver->run(evidence->db.sql, QUERY_LOG_LAST, NULL, note_number, entry, why);
}

enum status evidence_list_log(struct evidence *evidence, uint32_t after, struct arena *arena,
                              struct log_entry_list *out, struct problem *why)
{
    return chain_list(&evidence->db, &log_queries, after, arena, out, why);
}

enum status evidence_verify_log(struct evidence *evidence, struct problem *why)
{
    return chain_verify(&evidence->db, &log_queries, why);
}

/* Findings */

ROW_TYPE(finding_row, finding, NUMBER(finding, seq), TEXT(finding, control), INSTANT(finding, at),
         TEXT(finding, result), TEXT(finding, cause), TEXT(finding, facts), TEXT(finding, digest),
         TEXT(finding, version), NUMBER(finding, entry));

enum status evidence_add(struct evidence *evidence, const struct finding *finding, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_EVIDENCE_ADD, &finding_row, finding, why);
}

enum status evidence_last(struct evidence *evidence, struct slice control, struct arena *arena,
                          struct finding *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_EVIDENCE_LAST, ARGS(arg_text(control)), &finding_row, arena, out,
                     "evidence of that control", why);
}

enum status evidence_last_held(struct evidence *evidence, struct slice control, struct arena *arena,
                               struct finding *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_EVIDENCE_LAST_HELD, ARGS(arg_text(control)), &finding_row, arena, out,
                     "evidence of that control", why);
}

enum status evidence_find(struct evidence *evidence, struct slice control, int64_t entry,
                          struct arena *arena, struct finding *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_EVIDENCE_FIND, ARGS(arg_text(control), arg_number(entry)), &finding_row,
                     arena, out, "evidence of that entry", why);
}

enum status evidence_list(struct evidence *evidence, struct slice control, uint32_t limit,
                          struct arena *arena, struct finding_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_EVIDENCE_LIST, ARGS(arg_text(control), arg_number(limit)), &finding_row,
              arena, out, why);
    return ST_OK;
}

enum status evidence_purge(struct evidence *evidence, struct instant before, struct problem *why)
{
    return rows_run(&evidence->db, QUERY_EVIDENCE_PURGE, ARGS(arg_number(before.us)), why);
}

/* Statements */

ROW_TYPE(statement_row, statement, TEXT(statement, id), TEXT(statement, control), TEXT(statement, kind),
         INSTANT(statement, at), MOMENT(statement, done), MOMENT(statement, until), TEXT(statement, digest),
         TEXT(statement, name), SEALED(statement, file), NUMBER(statement, entry));

enum status evidence_add_statement(struct evidence *evidence, const struct statement *statement,
                                   struct problem *why)
{
    return rows_save(&evidence->db, QUERY_STATEMENT_ADD, &statement_row, statement, why);
}

enum status evidence_last_statement(struct evidence *evidence, struct slice control, struct slice kind,
                                    struct arena *arena, struct statement *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_STATEMENT_LAST, ARGS(arg_text(control), arg_text(kind)),
                     &statement_row, arena, out, "statement about that control", why);
}

enum status evidence_list_statements(struct evidence *evidence, struct slice control, struct arena *arena,
                                     struct statement_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_STATEMENT_LIST, ARGS(arg_text(control)), &statement_row, arena, out, why);
    return ST_OK;
}

struct seal_place evidence_statement_place(struct slice id)
{
    return (struct seal_place){.table = LIT("statement"), .column = LIT("sealed"), .row = id};
}

/* Certifications, contacts */

ROW_TYPE(certification_row, certification, TEXT(certification, id), TEXT(certification, name),
         TEXT(certification, holder), INSTANT(certification, ends), TEXT(certification, digest),
         SEALED(certification, file));

enum status evidence_add_certification(struct evidence *evidence, const struct certification *certification,
                                       struct problem *why)
{
    return rows_save(&evidence->db, QUERY_CERTIFICATION_ADD, &certification_row, certification, why);
}

enum status evidence_list_certifications(struct evidence *evidence, struct arena *arena,
                                         struct certification_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_CERTIFICATION_LIST, NULL, &certification_row, arena, out, why);
    return ST_OK;
}

static enum status remove_one(struct evidence *evidence, enum query query, struct slice id,
                              const char *what, struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&evidence->db, query, ARGS(arg_text(id)), &count, why));
    return count == 1 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no %s", what);
}

enum status evidence_remove_certification(struct evidence *evidence, struct slice id, struct problem *why)
{
    return remove_one(evidence, QUERY_CERTIFICATION_REMOVE, id, "certification of that id", why);
}

struct seal_place evidence_certification_place(struct slice id)
{
    return (struct seal_place){.table = LIT("certification"), .column = LIT("sealed"), .row = id};
}

ROW_TYPE(contact_row, contact, TEXT(contact, organisation), NUMBER(contact, large), SEALED(contact, sealed));

enum status evidence_save_contact(struct evidence *evidence, const struct contact *contact,
                                  struct problem *why)
{
    return rows_save(&evidence->db, QUERY_CONTACT_SAVE, &contact_row, contact, why);
}

enum status evidence_list_contacts(struct evidence *evidence, struct arena *arena, struct contact_list *out,
                                   struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_CONTACT_LIST, NULL, &contact_row, arena, out, why);
    return ST_OK;
}

enum status evidence_remove_contact(struct evidence *evidence, struct slice organisation,
                                    struct problem *why)
{
    return remove_one(evidence, QUERY_CONTACT_REMOVE, organisation, "contact of that organisation", why);
}

struct seal_place evidence_contact_place(struct slice organisation)
{
    return (struct seal_place){.table = LIT("contact"), .column = LIT("sealed"), .row = organisation};
}

/* States */

ROW_TYPE(standing_row, standing, TEXT(standing, control), TEXT(standing, state), INSTANT(standing, since),
         TEXT(standing, cause));

enum status evidence_save_standing(struct evidence *evidence, const struct standing *standing,
                                   struct problem *why)
{
    return rows_save(&evidence->db, QUERY_STANDING_SAVE, &standing_row, standing, why);
}

enum status evidence_load_standing(struct evidence *evidence, struct slice control, struct arena *arena,
                                   struct standing *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_STANDING_LOAD, ARGS(arg_text(control)), &standing_row, arena, out,
                     "state of that control", why);
}

ROW_TYPE(change_row, change, NUMBER(change, seq), INSTANT(change, at), TEXT(change, control),
         TEXT(change, was), TEXT(change, becomes), TEXT(change, cause), NUMBER(change, entry));

enum status evidence_add_change(struct evidence *evidence, const struct change *change, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_CHANGE_ADD, &change_row, change, why);
}

enum status evidence_list_changes(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                  struct change_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_CHANGE_LIST, ARGS(arg_number(limit)), &change_row, arena, out, why);
    return ST_OK;
}

ROW_TYPE(release_row, release, NUMBER(release, seq), TEXT(release, version), INSTANT(release, began));

enum status evidence_add_release(struct evidence *evidence, const struct release *release,
                                 struct problem *why)
{
    return rows_save(&evidence->db, QUERY_RELEASE_ADD, &release_row, release, why);
}

enum status evidence_last_release(struct evidence *evidence, struct arena *arena, struct release *out,
                                  struct problem *why)
{
    return rows_load(&evidence->db, QUERY_RELEASE_LAST, NULL, &release_row, arena, out, "release", why);
}

enum status evidence_guarded_release(struct evidence *evidence, struct slice guards, struct arena *arena,
                                     struct release *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_RELEASE_GUARDED, ARGS(arg_text(guards)), &release_row, arena, out,
                     "release", why);
}

enum status evidence_first_release(struct evidence *evidence, struct arena *arena, struct release *out,
                                   struct problem *why)
{
    return rows_load(&evidence->db, QUERY_RELEASE_FIRST, NULL, &release_row, arena, out, "release", why);
}

ROW_TYPE(log_key_row, log_key, TEXT(log_key, key), INSTANT(log_key, pinned));

enum status evidence_save_log_key(struct evidence *evidence, const struct log_key *key, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_LOG_KEY_SAVE, &log_key_row, key, why);
}

enum status evidence_load_log_key(struct evidence *evidence, struct arena *arena, struct log_key *out,
                                  struct problem *why)
{
    return rows_load(&evidence->db, QUERY_LOG_KEY_LOAD, NULL, &log_key_row, arena, out, "key of the log", why);
}
