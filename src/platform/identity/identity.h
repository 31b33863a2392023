#ifndef RENDEZ_PLATFORM_IDENTITY_H
#define RENDEZ_PLATFORM_IDENTITY_H

#include "platform/sql/chain.h"
#include "platform/vault/vault.h"

/* Who somebody is and what they may do, in rows: identity.db, which authd writes and the command
 * line too. It holds no key (wrapped ones are in identity.keys beside it: organisations.h): what is private
 * goes in as `struct sealed` and comes out as it (places.h says how it is sealed); tokens of sessions, tokens and flows are here as digests.
 * doc/identity.md shows the tables. Transactions, lists and failures are as in
 * platform/store/store.h.
 *
 * To add something of your own: the statement to your part of queries.def, its function here or
 * in a header of your own beside (grants.h, …), written with platform/sql/rows.h; a column or
 * table goes into the next number of migrations/. A sealed column gets its line in places.h. */
struct identity;
#define AUTO_IDENTITY __attribute__((cleanup(identity_destroy))) struct identity *

/* Opens (creates) FOLDER's identity.db. ST_CONFLICT, ST_INVALID: as store_open. */
MUST_USE enum status identity_open(const struct sql_driver *driver, const char *where,
                                   struct identity **out, struct problem *why);
void identity_destroy(struct identity **identity); /* rolls back what is open; accepts NULL */
MUST_USE enum status identity_begin(struct identity *identity, struct problem *why);
MUST_USE enum status identity_commit(struct identity *identity, struct problem *why);
void identity_rollback(struct identity *identity); /* nothing when no transaction is open */
/* Another number when somebody else has written since. */
MUST_USE enum status identity_changes(struct identity *identity, uint32_t *changes,
                                      struct problem *why);

/* Removes copies from before a migration that were made before then. */
MUST_USE enum status identity_forget_backups(struct identity *identity, struct instant before,
                                             struct problem *why);

/* The log: ids and fixed words only. What names an account and no organisation gets that of the account. */
MUST_USE enum status identity_append_log(struct identity *identity, struct instant at,
                                         struct slice kind, struct slice ids, struct problem *why);
MUST_USE enum status identity_list_log(struct identity *identity, uint32_t after,
                                       struct arena *arena, struct log_entry_list *out,
                                       struct problem *why);
/* The newest entry. ST_NOT_FOUND: there is none. */
MUST_USE enum status identity_last_log(struct identity *identity, struct arena *arena, struct log_entry *out,
                                       struct problem *why);
MUST_USE enum status identity_verify_log(struct identity *identity, struct problem *why);

/* Organisations. kind: "client", "processor", "operator"; state: "active", "ended". */
struct identity_organisation {
    struct slice id, kind, state;
    struct instant created, ended, erased; /* us 0: it is not */
    struct wrapped_key key; /* its own one, not that of the store; the newest version, empty: erased */
};
struct identity_organisation_list {
    struct identity_organisation *items;
    size_t count, capacity;
};
/* The key, if there is one, as the version that it is. Of one that is erased nothing is changed. */
MUST_USE enum status identity_save_organisation(struct identity *identity,
                                                const struct identity_organisation *organisation,
                                                struct problem *why);
MUST_USE enum status identity_load_organisation(struct identity *identity, struct slice id,
                                                struct arena *arena,
                                                struct identity_organisation *out,
                                                struct problem *why);
MUST_USE enum status identity_list_organisations(struct identity *identity, struct arena *arena,
                                                 struct identity_organisation_list *out,
                                                 struct problem *why);

/* Accounts. */
enum account_kind { ACCOUNT_PERSON, ACCOUNT_SERVICE, ACCOUNT_KIND_COUNT_ };
enum account_state { ACCOUNT_INVITED, ACCOUNT_ACTIVE, ACCOUNT_ENDED, ACCOUNT_STATE_COUNT_ };
extern const char *const account_kind_names[ACCOUNT_KIND_COUNT_];
extern const char *const account_state_names[ACCOUNT_STATE_COUNT_];
struct account {
    struct slice id, organisation;
    enum account_kind kind;
    struct slice owner;    /* of a service account; else empty */
    struct slice function; /* as in doc/identity.md */
    enum account_state state;
    uint32_t version;      /* 0: not stored yet */
    struct instant created, ends, ended; /* ends: planned; us 0: not */
    struct slice address_hash, external_hash; /* external: may be empty */
    struct sealed details; /* struct account_details */
};
struct account_list {
    struct account *items;
    size_t count, capacity;
};
/* Version 0 adds it; else replaces that very version, all but organisation, kind, created.
 * ST_CONFLICT: changed since, or somebody else has that address. ST_NOT_FOUND: no such
 * organisation or owner. */
MUST_USE enum status identity_save_account(struct identity *identity, const struct account *account,
                                           struct problem *why);
MUST_USE enum status identity_load_account(struct identity *identity, struct slice id,
                                           struct arena *arena, struct account *out,
                                           struct problem *why);
/* Of those that have not ended. */
MUST_USE enum status identity_find_account(struct identity *identity, struct slice address_hash,
                                           struct arena *arena, struct account *out,
                                           struct problem *why);
/* organisation: empty for all. */
MUST_USE enum status identity_list_accounts(struct identity *identity, struct slice organisation,
                                            struct arena *arena, struct account_list *out,
                                            struct problem *why);
MUST_USE enum status identity_list_owned(struct identity *identity, struct slice owner,
                                         struct arena *arena, struct account_list *out,
                                         struct problem *why);
/* Whose planned end has come, or whose organisation has ended; at most 100. */
MUST_USE enum status identity_due_accounts(struct identity *identity, struct instant now,
                                           struct arena *arena, struct account_list *out,
                                           struct problem *why);

/* Factors. An ended one keeps its row, nothing that proves anything, and no name. */
enum factor_kind {
    FACTOR_KIND_PASSKEY,
    FACTOR_KIND_PASSWORD,
    FACTOR_KIND_CODE,
    FACTOR_KIND_RECOVERY,
    FACTOR_KIND_SSO,
    FACTOR_KIND_COUNT_
};
enum factor_state { FACTOR_PENDING, FACTOR_ACTIVE, FACTOR_ENDED, FACTOR_STATE_COUNT_ };
extern const char *const factor_kind_names[FACTOR_KIND_COUNT_];
extern const char *const factor_state_names[FACTOR_STATE_COUNT_];
struct factor {
    struct slice id, account;
    enum factor_kind kind;
    enum factor_state state;
    struct instant created, used, ended; /* us 0: not */
    uint32_t last_step;  /* of a code; 0: none yet */
    uint32_t sign_count; /* of a passkey */
    struct slice credential_hash; /* passkey, sso: found by it; else empty */
    struct sealed secret;         /* of a code, as keyd gave it; else empty */
    struct sealed details;        /* struct factor_details */
};
struct factor_list {
    struct factor *items;
    size_t count, capacity;
};
/* ST_CONFLICT: there is one already of a kind of which one has but one, or this credential. */
MUST_USE enum status identity_add_factor(struct identity *identity, const struct factor *factor,
                                         struct problem *why);
MUST_USE enum status identity_find_factor(struct identity *identity, struct slice credential_hash,
                                          struct arena *arena, struct factor *out,
                                          struct problem *why);
/* Those that have not ended. */
MUST_USE enum status identity_list_factors(struct identity *identity, struct slice account,
                                           struct arena *arena, struct factor_list *out,
                                           struct problem *why);
/* From pending. ST_CONFLICT: it is not. */
MUST_USE enum status identity_activate_factor(struct identity *identity, struct slice id,
                                              struct instant at, uint32_t step,
                                              struct sealed details, struct problem *why);
/* Takes a step of a code once: ST_CONFLICT, it or a later one was taken already. */
MUST_USE enum status identity_take_step(struct identity *identity, struct slice factor,
                                        uint32_t step, struct instant at, struct problem *why);
/* Takes a passkey's count: it grows, or stays 0 for ever. ST_CONFLICT: it does not. */
MUST_USE enum status identity_take_count(struct identity *identity, struct slice factor,
                                         uint32_t count, struct instant at, struct problem *why);
MUST_USE enum status identity_use_factor(struct identity *identity, struct slice factor,
                                         struct instant at, struct problem *why);
/* Other details (a hash of newer parameters, a name). */
MUST_USE enum status identity_reseal_factor(struct identity *identity, struct slice factor,
                                            struct sealed details, struct problem *why);
MUST_USE enum status identity_end_factor(struct identity *identity, struct slice factor,
                                         struct instant at, struct problem *why);
MUST_USE enum status identity_end_factors(struct identity *identity, struct slice account,
                                          struct instant at, size_t *ended, struct problem *why);

/* Recovery codes of a factor of that kind, as keyed hashes, each good once. */
MUST_USE enum status identity_add_recovery(struct identity *identity, struct slice factor,
                                           struct slice code_hash, struct problem *why);
/* ST_DENIED: none of its codes, or used. */
MUST_USE enum status identity_use_recovery(struct identity *identity, struct slice factor,
                                           struct slice code_hash, struct instant at,
                                           struct problem *why);
MUST_USE enum status identity_recovery_left(struct identity *identity, struct slice factor,
                                            uint32_t *left, struct problem *why);

/* Sessions, found by the digest of what the browser holds. */
enum session_kind { SESSION_KIND_FULL, SESSION_KIND_ENROLMENT, SESSION_KIND_COUNT_ };
extern const char *const session_kind_names[SESSION_KIND_COUNT_];
struct session {
    struct slice token_hash, id, account;
    enum session_kind kind;
    struct slice factor;           /* "passkey", "password+code", … */
    struct slice provider, provider_session_hash; /* of single sign-on; else empty */
    struct instant begun, seen, ends;
    struct instant proved;         /* when a factor was last shown in it; us 0: never */
    struct sealed place;           /* struct session_place */
    struct slice device;           /* of the console: struct device_report's; empty: of the pages */
};
struct session_list {
    struct session *items;
    size_t count, capacity;
};
MUST_USE enum status identity_add_session(struct identity *identity, const struct session *session,
                                          struct problem *why);
MUST_USE enum status identity_find_session(struct identity *identity, struct slice token_hash,
                                           struct arena *arena, struct session *out,
                                           struct problem *why);
/* The newest first. */
MUST_USE enum status identity_list_sessions(struct identity *identity, struct slice account,
                                            struct arena *arena, struct session_list *out,
                                            struct problem *why);
/* All that have not reached their end. */
MUST_USE enum status identity_list_all_sessions(struct identity *identity, struct instant now,
                                                struct arena *arena, struct session_list *out,
                                                struct problem *why);
MUST_USE enum status identity_list_provider_sessions(struct identity *identity,
                                                     struct slice provider,
                                                     struct slice provider_session_hash,
                                                     struct arena *arena, struct session_list *out,
                                                     struct problem *why);
/* All that began at that provider, the oldest first. */
MUST_USE enum status identity_list_begun_at(struct identity *identity, struct slice provider,
                                            struct arena *arena, struct session_list *out,
                                            struct problem *why);
MUST_USE enum status identity_see_session(struct identity *identity, struct slice id,
                                          struct instant at, struct problem *why);
/* Proved anew at that time; the browser holds another token from then on. */
MUST_USE enum status identity_prove_session(struct identity *identity, struct slice id,
                                            struct slice token_hash, struct instant at,
                                            struct problem *why);
/* ST_NOT_FOUND: none of that id of that account. */
MUST_USE enum status identity_end_session(struct identity *identity, struct slice id,
                                          struct slice account, struct problem *why);
/* All of an account but one (empty: all). */
MUST_USE enum status identity_end_sessions(struct identity *identity, struct slice account,
                                           struct slice but, size_t *ended, struct problem *why);

/* Tokens of the API. scopes: words with spaces between. */
struct token {
    struct slice token_hash, id, account, scopes;
    struct instant made, used, ends; /* used: us 0, never */
    struct sealed details;           /* struct token_details */
};
struct token_list {
    struct token *items;
    size_t count, capacity;
};
MUST_USE enum status identity_add_token(struct identity *identity, const struct token *token,
                                        struct problem *why);
MUST_USE enum status identity_find_token(struct identity *identity, struct slice token_hash,
                                         struct arena *arena, struct token *out,
                                         struct problem *why);
MUST_USE enum status identity_list_tokens(struct identity *identity, struct slice account,
                                          struct arena *arena, struct token_list *out,
                                          struct problem *why);
MUST_USE enum status identity_use_token(struct identity *identity, struct slice id,
                                        struct instant at, struct problem *why);
MUST_USE enum status identity_end_token(struct identity *identity, struct slice id,
                                        struct slice account, struct problem *why);
MUST_USE enum status identity_end_tokens(struct identity *identity, struct slice account,
                                         size_t *ended, struct problem *why);

/* Flows: what is under way before a session (or beside one: a proof), found by the digest of what the browser holds. */
enum flow_kind { FLOW_LOGIN, FLOW_ENROLMENT, FLOW_PASSKEY, FLOW_CODE, FLOW_SSO, FLOW_PROOF,
                 FLOW_KIND_COUNT_ };
extern const char *const flow_kind_names[FLOW_KIND_COUNT_];
struct flow {
    struct slice id_hash;
    enum flow_kind kind;
    struct slice account; /* empty: not known, or nobody */
    struct slice step;    /* a word of whoever made it: "start", "code", … */
    struct instant begun, ends;
    uint32_t tries;
    struct sealed details; /* struct flow_details, under the service's key */
};
MUST_USE enum status identity_add_flow(struct identity *identity, const struct flow *flow,
                                       struct problem *why);
MUST_USE enum status identity_find_flow(struct identity *identity, struct slice id_hash,
                                        struct arena *arena, struct flow *out,
                                        struct problem *why);
/* Once from `from`, with the account, step and details of *flow. ST_CONFLICT: it is elsewhere. */
MUST_USE enum status identity_advance_flow(struct identity *identity, const struct flow *flow,
                                           struct slice from, struct problem *why);
/* One try more; *tries becomes how many that makes. */
MUST_USE enum status identity_try_flow(struct identity *identity, struct slice id_hash,
                                       uint32_t *tries, struct problem *why);
/* ST_NOT_FOUND: it is over already. */
MUST_USE enum status identity_end_flow(struct identity *identity, struct slice id_hash,
                                       struct problem *why);
MUST_USE enum status identity_end_flows(struct identity *identity, struct slice account,
                                        struct problem *why);

/* Browsers ("device") and networks ("network") from which somebody has signed in; keyed hashes. */
MUST_USE enum status identity_note_familiar(struct identity *identity, struct slice account,
                                            const char *kind, struct slice subject,
                                            struct instant at, struct problem *why);
MUST_USE enum status identity_is_familiar(struct identity *identity, struct slice account,
                                          const char *kind, struct slice subject, bool *familiar,
                                          struct problem *why);
MUST_USE enum status identity_forget_familiar(struct identity *identity, struct slice account,
                                              struct problem *why);

/* How often something of a kind was tried for a subject (keyed hash) in the period that begins
 * then; the count after this one, or as it is. */
MUST_USE enum status identity_add_attempt(struct identity *identity, struct slice subject,
                                          const char *kind, struct instant period, uint32_t *count,
                                          struct problem *why);
MUST_USE enum status identity_count_attempts(struct identity *identity, struct slice subject,
                                             const char *kind, struct instant period,
                                             uint32_t *count, struct problem *why);
MUST_USE enum status identity_clear_attempts(struct identity *identity, struct slice subject,
                                             const char *kind, struct problem *why);

/* What a peer has yet to hear: written with what it is about, done when it has answered.
 * kind: "notice", "person", "ended"; peer: a role's name. */
struct errand {
    struct slice id, kind, peer, account;
    struct instant created;
    struct sealed content; /* the message, under the service's key */
};
struct errand_list {
    struct errand *items;
    size_t count, capacity;
};
MUST_USE enum status identity_add_errand(struct identity *identity, const struct errand *errand,
                                         struct problem *why);
MUST_USE enum status identity_list_errands(struct identity *identity, struct slice peer,
                                           struct arena *arena, struct errand_list *out,
                                           struct problem *why);
MUST_USE enum status identity_load_errand(struct identity *identity, struct slice id,
                                          struct slice peer, struct arena *arena,
                                          struct errand *out, struct problem *why);
/* ST_NOT_FOUND: it was done already. *left: to how many other peers it has yet to go. */
MUST_USE enum status identity_finish_errand(struct identity *identity, struct slice id,
                                            struct slice peer, uint32_t *left,
                                            struct problem *why);

/* Throws away what is over. */
struct identity_purge {
    struct instant now;   /* sessions, tokens and flows that end by then */
    struct instant idle;  /* sessions last seen then or earlier */
    struct instant periods; /* attempts of periods that began by then */
    struct instant familiar; /* browsers and networks last seen by then */
};
MUST_USE enum status identity_purge(struct identity *identity, const struct identity_purge *before,
                                    struct problem *why);

/* The files that are written, as they lie on the disk (sql.h): numbered from 0, below IDENTITY_FILES. *got 0: its
 * end. */
enum { IDENTITY_FILES = 4 };
MUST_USE enum status identity_read_file(struct identity *identity, size_t file, int64_t at, char *into, size_t room,
                                        size_t *got, struct problem *why);

#endif
