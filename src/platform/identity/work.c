/* What is familiar, what is counted against limits, what peers have yet to hear, what is over. */
#include "platform/identity/tables.h"

enum status identity_note_familiar(struct identity *identity, struct slice account,
                                   const char *kind, struct slice subject, struct instant at,
                                   struct problem *why)
{
    return rows_run(&identity->db, QUERY_FAMILIAR_NOTE,
                    ARGS(arg_text(account), arg_text(slice_from(kind)), arg_hash(subject),
                         arg_number(at.us)),
                    why);
}

enum status identity_is_familiar(struct identity *identity, struct slice account, const char *kind,
                                 struct slice subject, bool *familiar, struct problem *why)
{
    size_t count;
    TRY(rows_run_counted(&identity->db, QUERY_FAMILIAR_FIND,
                         ARGS(arg_text(account), arg_text(slice_from(kind)), arg_hash(subject)),
                         &count, why));
    *familiar = count > 0;
    return ST_OK;
}

enum status identity_forget_familiar(struct identity *identity, struct slice account,
                                     struct problem *why)
{
    return rows_run(&identity->db, QUERY_FAMILIAR_FORGET, ARGS(arg_text(account)), why);
}

enum status identity_add_attempt(struct identity *identity, struct slice subject, const char *kind,
                                 struct instant period, uint32_t *count, struct problem *why)
{
    return read_count(identity, QUERY_ATTEMPT_ADD,
                      ARGS(arg_hash(subject), arg_text(slice_from(kind)), arg_number(period.us)),
                      count, why);
}

enum status identity_count_attempts(struct identity *identity, struct slice subject,
                                    const char *kind, struct instant period, uint32_t *count,
                                    struct problem *why)
{
    return read_count(identity, QUERY_ATTEMPT_COUNT,
                      ARGS(arg_hash(subject), arg_text(slice_from(kind)), arg_number(period.us)),
                      count, why);
}

enum status identity_clear_attempts(struct identity *identity, struct slice subject,
                                    const char *kind, struct problem *why)
{
    return rows_run(&identity->db, QUERY_ATTEMPT_CLEAR,
                    ARGS(arg_hash(subject), arg_text(slice_from(kind))), why);
}

ROW_TYPE(errand_row, errand, TEXT(errand, id), TEXT(errand, kind), TEXT(errand, peer),
         TEXT(errand, account), INSTANT(errand, created), SEALED(errand, content));

enum status identity_add_errand(struct identity *identity, const struct errand *errand,
                                struct problem *why)
{
    return rows_save(&identity->db, QUERY_ERRAND_ADD, &errand_row, errand, why);
}

enum status identity_list_errands(struct identity *identity, struct slice peer, struct arena *arena,
                                  struct errand_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_ERRAND_LIST, ARGS(arg_text(peer)), &errand_row, arena, out, why);
    return ST_OK;
}

enum status identity_load_errand(struct identity *identity, struct slice id, struct slice peer,
                                 struct arena *arena, struct errand *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_ERRAND_LOAD, ARGS(arg_text(id), arg_text(peer)),
                     &errand_row, arena, out, "such errand", why);
}

enum status identity_finish_errand(struct identity *identity, struct slice id, struct slice peer,
                                   uint32_t *left, struct problem *why)
{
    TRY(change_one(identity, QUERY_ERRAND_DONE, ARGS(arg_text(id), arg_text(peer)), ST_NOT_FOUND,
                   "no such errand", why));
    return read_count(identity, QUERY_ERRAND_OPEN, ARGS(arg_text(id)), left, why);
}

enum status identity_purge(struct identity *identity, const struct identity_purge *before,
                           struct problem *why)
{
    const struct {
        enum query query;
        struct instant before;
    } rows[] = {
        {QUERY_TOKEN_PURGE, before->now},
        {QUERY_FLOW_PURGE, before->now},
        {QUERY_ATTEMPT_PURGE, before->periods},
        {QUERY_FAMILIAR_PURGE, before->familiar},
    };
    TRY(rows_run(&identity->db, QUERY_SESSION_PURGE,
                 ARGS(arg_number(before->now.us), arg_number(before->idle.us)), why));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        TRY(rows_run(&identity->db, rows[i].query, ARGS(arg_number(rows[i].before.us)), why));
    return ST_OK;
}
