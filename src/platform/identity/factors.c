/* What somebody proves with. */
#include "platform/identity/tables.h"

const char *const factor_kind_names[FACTOR_KIND_COUNT_] = {"passkey", "password", "code",
                                                           "recovery", "sso"};
const char *const factor_state_names[FACTOR_STATE_COUNT_] = {"pending", "active", "ended"};

ROW_TYPE(factor_row, factor, TEXT(factor, id), TEXT(factor, account),
         WORD(factor, kind, factor_kind_names), WORD(factor, state, factor_state_names),
         INSTANT(factor, created), MOMENT(factor, used), MOMENT(factor, ended),
         NUMBER(factor, last_step), NUMBER(factor, sign_count), HASH(factor, credential_hash),
         SEALED(factor, secret), SEALED(factor, details));

enum status identity_add_factor(struct identity *identity, const struct factor *factor,
                                struct problem *why)
{
    return rows_save(&identity->db, QUERY_FACTOR_ADD, &factor_row, factor, why);
}

enum status identity_find_factor(struct identity *identity, struct slice credential_hash,
                                 struct arena *arena, struct factor *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_FACTOR_FIND, ARGS(arg_hash(credential_hash)),
                     &factor_row, arena, out, "factor of that credential", why);
}

enum status identity_list_factors(struct identity *identity, struct slice account,
                                  struct arena *arena, struct factor_list *out,
                                  struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_FACTOR_LIST, ARGS(arg_text(account)), &factor_row, arena, out,
              why);
    return ST_OK;
}

enum status identity_activate_factor(struct identity *identity, struct slice id, struct instant at,
                                     uint32_t step, struct sealed details, struct problem *why)
{
    return change_one(identity, QUERY_FACTOR_ACTIVATE,
                      ARGS(arg_text(id), arg_number(at.us), arg_number(step), arg_sealed(details)),
                      ST_CONFLICT, "that factor waits for nothing", why);
}

enum status identity_take_step(struct identity *identity, struct slice factor, uint32_t step,
                               struct instant at, struct problem *why)
{
    return change_one(identity, QUERY_FACTOR_STEP,
                      ARGS(arg_text(factor), arg_number(step), arg_number(at.us)), ST_CONFLICT,
                      "that code was used", why);
}

enum status identity_take_count(struct identity *identity, struct slice factor, uint32_t count,
                                struct instant at, struct problem *why)
{
    return change_one(identity, QUERY_FACTOR_COUNTED,
                      ARGS(arg_text(factor), arg_number(count), arg_number(at.us)), ST_CONFLICT,
                      "that passkey counts backwards", why);
}

enum status identity_use_factor(struct identity *identity, struct slice factor, struct instant at,
                                struct problem *why)
{
    return change_one(identity, QUERY_FACTOR_USED, ARGS(arg_text(factor), arg_number(at.us)),
                      ST_CONFLICT, "that factor is not in use", why);
}

enum status identity_reseal_factor(struct identity *identity, struct slice factor,
                                   struct sealed details, struct problem *why)
{
    return change_one(identity, QUERY_FACTOR_RESEAL, ARGS(arg_text(factor), arg_sealed(details)),
                      ST_NOT_FOUND, "no such factor", why);
}

enum status identity_end_factor(struct identity *identity, struct slice factor, struct instant at,
                                struct problem *why)
{
    return change_one(identity, QUERY_FACTOR_END, ARGS(arg_text(factor), arg_number(at.us)),
                      ST_NOT_FOUND, "no such factor", why);
}

enum status identity_end_factors(struct identity *identity, struct slice account,
                                 struct instant at, size_t *ended, struct problem *why)
{
    return rows_run_counted(&identity->db, QUERY_FACTOR_END_ALL,
                            ARGS(arg_text(account), arg_number(at.us)), ended, why);
}

enum status identity_add_recovery(struct identity *identity, struct slice factor,
                                  struct slice code_hash, struct problem *why)
{
    return rows_run(&identity->db, QUERY_RECOVERY_ADD, ARGS(arg_text(factor), arg_hash(code_hash)),
                    why);
}

enum status identity_use_recovery(struct identity *identity, struct slice factor,
                                  struct slice code_hash, struct instant at, struct problem *why)
{
    return change_one(identity, QUERY_RECOVERY_USE,
                      ARGS(arg_text(factor), arg_hash(code_hash), arg_number(at.us)), ST_DENIED,
                      "no such recovery code", why);
}

enum status identity_recovery_left(struct identity *identity, struct slice factor, uint32_t *left,
                                   struct problem *why)
{
    return read_count(identity, QUERY_RECOVERY_LEFT, ARGS(arg_text(factor)), left, why);
}
