/* Sessions, tokens, and flows, which come before a session. */
#include "platform/identity/tables.h"

const char *const session_kind_names[SESSION_KIND_COUNT_] = {"full", "enrolment"};
const char *const flow_kind_names[FLOW_KIND_COUNT_] = {"login", "enrolment", "passkey", "code",
                                                       "sso",   "proof"};

ROW_TYPE(session_row, session, HASH(session, token_hash), TEXT(session, id),
         TEXT(session, account), WORD(session, kind, session_kind_names), TEXT(session, factor),
         TEXT(session, provider), HASH(session, provider_session_hash), INSTANT(session, begun),
         INSTANT(session, seen), INSTANT(session, ends), MOMENT(session, proved),
         SEALED(session, place), TEXT(session, device));

enum status identity_add_session(struct identity *identity, const struct session *session,
                                 struct problem *why)
{
    return rows_save(&identity->db, QUERY_SESSION_ADD, &session_row, session, why);
}

enum status identity_find_session(struct identity *identity, struct slice token_hash,
                                  struct arena *arena, struct session *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_SESSION_FIND, ARGS(arg_hash(token_hash)), &session_row,
                     arena, out, "such session", why);
}

enum status identity_list_sessions(struct identity *identity, struct slice account,
                                   struct arena *arena, struct session_list *out,
                                   struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_SESSION_LIST, ARGS(arg_text(account)), &session_row, arena, out,
              why);
    return ST_OK;
}

enum status identity_list_all_sessions(struct identity *identity, struct instant now, struct arena *arena,
                                       struct session_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_SESSION_LIST_ALL, ARGS(arg_number(now.us)), &session_row, arena, out, why);
    return ST_OK;
}

enum status identity_list_provider_sessions(struct identity *identity, struct slice provider,
                                            struct slice provider_session_hash,
                                            struct arena *arena, struct session_list *out,
                                            struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_SESSION_OF_PROVIDER,
              ARGS(arg_text(provider), arg_hash(provider_session_hash)), &session_row, arena, out,
              why);
    return ST_OK;
}

enum status identity_list_begun_at(struct identity *identity, struct slice provider,
                                   struct arena *arena, struct session_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_SESSION_BEGUN_AT, ARGS(arg_text(provider)), &session_row, arena,
              out, why);
    return ST_OK;
}

enum status identity_see_session(struct identity *identity, struct slice id, struct instant at,
                                 struct problem *why)
{
    size_t seen; /* 0: just now by somebody else */
    return rows_run_counted(&identity->db, QUERY_SESSION_SEEN, ARGS(arg_text(id), arg_number(at.us)),
                            &seen, why);
}

enum status identity_prove_session(struct identity *identity, struct slice id,
                                   struct slice token_hash, struct instant at, struct problem *why)
{
    return change_one(identity, QUERY_SESSION_PROVE,
                      ARGS(arg_text(id), arg_hash(token_hash), arg_number(at.us)), ST_NOT_FOUND,
                      "no such session", why);
}

enum status identity_end_session(struct identity *identity, struct slice id, struct slice account,
                                 struct problem *why)
{
    return change_one(identity, QUERY_SESSION_END, ARGS(arg_text(id), arg_text(account)),
                      ST_NOT_FOUND, "no such session", why);
}

enum status identity_end_sessions(struct identity *identity, struct slice account,
                                  struct slice but, size_t *ended, struct problem *why)
{
    return rows_run_counted(&identity->db, QUERY_SESSION_END_OTHERS,
                            ARGS(arg_text(account), arg_text(but)), ended, why);
}

ROW_TYPE(token_row, token, HASH(token, token_hash), TEXT(token, id), TEXT(token, account),
         TEXT(token, scopes), INSTANT(token, made), MOMENT(token, used), INSTANT(token, ends),
         SEALED(token, details));

enum status identity_add_token(struct identity *identity, const struct token *token,
                               struct problem *why)
{
    return rows_save(&identity->db, QUERY_TOKEN_ADD, &token_row, token, why);
}

enum status identity_find_token(struct identity *identity, struct slice token_hash,
                                struct arena *arena, struct token *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_TOKEN_FIND, ARGS(arg_hash(token_hash)), &token_row, arena,
                     out, "such token", why);
}

enum status identity_list_tokens(struct identity *identity, struct slice account,
                                 struct arena *arena, struct token_list *out, struct problem *why)
{
    ROWS_LIST(&identity->db, QUERY_TOKEN_LIST, ARGS(arg_text(account)), &token_row, arena, out, why);
    return ST_OK;
}

enum status identity_use_token(struct identity *identity, struct slice id, struct instant at,
                               struct problem *why)
{
    return change_one(identity, QUERY_TOKEN_USED, ARGS(arg_text(id), arg_number(at.us)),
                      ST_NOT_FOUND, "no such token", why);
}

enum status identity_end_token(struct identity *identity, struct slice id, struct slice account,
                               struct problem *why)
{
    return change_one(identity, QUERY_TOKEN_END, ARGS(arg_text(id), arg_text(account)),
                      ST_NOT_FOUND, "no such token", why);
}

enum status identity_end_tokens(struct identity *identity, struct slice account, size_t *ended,
                                struct problem *why)
{
    return rows_run_counted(&identity->db, QUERY_TOKEN_END_ALL, ARGS(arg_text(account)), ended,
                            why);
}

ROW_TYPE(flow_row, flow, HASH(flow, id_hash), WORD(flow, kind, flow_kind_names),
         TEXT(flow, account), TEXT(flow, step), INSTANT(flow, begun), INSTANT(flow, ends),
         NUMBER(flow, tries), SEALED(flow, details));

enum status identity_add_flow(struct identity *identity, const struct flow *flow,
                              struct problem *why)
{
    return rows_save(&identity->db, QUERY_FLOW_ADD, &flow_row, flow, why);
}

enum status identity_find_flow(struct identity *identity, struct slice id_hash, struct arena *arena,
                               struct flow *out, struct problem *why)
{
    return rows_load(&identity->db, QUERY_FLOW_FIND, ARGS(arg_hash(id_hash)), &flow_row, arena, out,
                     "such flow", why);
}

enum status identity_advance_flow(struct identity *identity, const struct flow *flow,
                                  struct slice from, struct problem *why)
{
    return change_one(identity, QUERY_FLOW_ADVANCE,
                      ARGS(arg_hash(flow->id_hash), arg_text(from), arg_text(flow->account),
                           arg_text(flow->step), arg_sealed(flow->details)),
                      ST_CONFLICT, "that step was taken", why);
}

enum status identity_try_flow(struct identity *identity, struct slice id_hash, uint32_t *tries,
                              struct problem *why)
{
    TRY(read_count(identity, QUERY_FLOW_TRY, ARGS(arg_hash(id_hash)), tries, why));
    return *tries > 0 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no such flow");
}

enum status identity_end_flow(struct identity *identity, struct slice id_hash, struct problem *why)
{
    return change_one(identity, QUERY_FLOW_END, ARGS(arg_hash(id_hash)), ST_NOT_FOUND,
                      "no such flow", why);
}

enum status identity_end_flows(struct identity *identity, struct slice account, struct problem *why)
{
    return rows_run(&identity->db, QUERY_FLOW_END_ALL, ARGS(arg_text(account)), why);
}
