#ifndef RENDEZ_ROLES_AUTHD_INTERNAL_H
#define RENDEZ_ROLES_AUTHD_INTERNAL_H

#include "base/eventlog/eventlog.h"
#include "domain/access/access.h"
#include "domain/access/posture.h"
#include "formats/json/json.h"
#include "platform/identity/places.h"
#include "roles/authd/authd.h"
#include "roles/messages/seldom.h"

/* What the files of authd share.
 *
 * To add a command: a function here (or in a header of your own), `enum status NAME(struct call *)`
 * in your file, its row in commands.c. It reads call->in, looks at call->who, and sets call->out
 * (new reference) or returns a failure (refuse() adds the word that pages understand). With
 * WRITES its step is one transaction, committed when it returns ST_OK, or though it failed when
 * it set call->keep (tries are counted so). A step ends at call_hash and call_sso, which go on with
 * another function once the answer is there. */

enum {
    CALL_BYTES_MAX = 64 << 20,
    PROOF_MINUTES = 5, /* for so long a factor that was shown counts as shown just now */
    TOKEN_RANDOM_BYTES = 32, /* of sessions, tokens, flows */
    DIGEST_BYTES = 32,
};

/* An organisation in use. */
struct organisation {
    struct slice id, kind;
    bool active;
    struct secret *key; /* its identity key, in the version last needed; NULL: not asked for, or erased */
};

/* A key under which we assert things, as keyd has it now. */
struct asserting_key {
    enum key_purpose purpose;
    struct secret *key; /* NULL: not asked for yet */
    bool old;           /* keyd has begun anew, and may have another */
};

/* What is watched of the room (room.c). */
enum room_part { ROOM_DOOR, ROOM_GATEWAYS, ROOM_RECORDERS, ROOM_PART_COUNT_ };
struct room_part_state {
    enum { ROOM_UNSEEN, ROOM_WELL, ROOM_BAD } state;
    struct instant told; /* when it was last told to be bad */
};

struct authd {
    struct identity *identity;
    struct authd_ports ports;
    struct authd_options options; /* copies in `arena` */
    struct arena *arena;
    struct secret *service_key; /* rows of no organisation */
    struct secret *lookup_key;  /* hashes of addresses, places, recovery codes */
    struct asserting_key callers, watchers, leases; /* assertions.c */
    struct {
        struct organisation **items;
        size_t count, capacity;
    } organisations; /* those met so far; they stay where they are */
    struct call *waiting;
    struct nobody { /* what a stranger's login is compared with, so that it costs the same */
        struct sealed password; /* factor_details, under the service's key */
        struct sealed code;     /* a secret that keyd made */
    } nobody;
    uint32_t changes;        /* of the database, at the last look */
    bool lists_unpublished;  /* certificate_lists.c: files are behind the rows */
    struct instant lists_looked;
    struct instant reviewed; /* when what is done once a day was */
    struct instant warned;   /* when a late peer was told of */
    struct instant purged;   /* when what is over was thrown away */
    bool rotated;            /* nothing is under an older root key, at the last look */
    struct instant rotation_failed; /* when it last did; us 0: it does not */
    struct seldom strangers; /* devices that were refused, devices.c */
    struct {
        struct instant begun, looked;
        struct room_part_state parts[ROOM_PART_COUNT_];
    } room;
    struct authd_work work;
};

/* An errand to be said. */
struct errand_told {
    enum role_id peer;
    enum message message;
    const void *object; /* in the call's arena */
};

/* From which device of the supervision room a question of the console comes; all empty: from none. */
struct device {
    struct slice certificate; /* as in struct credentials */
    struct slice id, serial;  /* of that certificate */
    enum device_kind kind;
};

struct call;
typedef enum status call_fn(struct call *call);

/* One question, in an arena of its own, wiped. */
struct call {
    struct call *next; /* among those that wait */
    struct authd *authd;
    struct arena *arena;
    void *question;
    enum role_id from;  /* who put it */
    struct instant now; /* of the present step */
    struct credentials credentials;
    struct slice right; /* session.check: that the route needs */
    struct slice planned, digest; /* session.check: the planner's command, and the digest of its json */
    struct device device; /* of the console's */
    const char *stranger; /* why its certificate is not a device's, in a word; NULL: it is */
    bool misplaced;     /* a session came along, of another place or device: it is nobody's here */
    bool quiet;         /* not by the person's hand: no use of their session */
    bool root;          /* of the command line: whoever has the keys may everything */
    bool writes;
    json_t *in;         /* an object */
    json_t *out;        /* new reference, set on success */
    struct problem why;
    const char *refusal;    /* word for pages, or NULL */
    const char *rule;       /* that a new password does not keep, or NULL */
    uint32_t retry_after_s; /* with ST_LIMIT */
    bool keep;              /* commit though it failed */
    struct answer answer;   /* cookies to set */
    struct { /* who asks; account.id empty: nobody that is known */
        struct account account;
        struct organisation *organisation;
        struct session session;      /* id empty: none */
        struct token token;          /* id empty: none */
        struct access_caller caller; /* for domain/access */
    } who;
    call_fn *then; /* what it waits with */
    struct hash_job hash;
    uint32_t sso_call;
    struct sso_answer sso;
    struct {
        struct errand_told *items;
        size_t count, capacity;
    } told; /* errands to be said once the step is committed */
    void *own; /* of the command, in the arena, from one step to the next */
};

/* calls.c */
/* Says no in a way that a page can tell: `word` as in roles/api/README.md. */
enum status refuse(struct call *call, enum status status, const char *word, const char *detail);
/* Ends this step; `then` goes on with call->hash. encoded empty: make one. */
MUST_USE enum status call_hash(struct call *call, struct slice password, struct slice encoded,
                               call_fn *then);
/* The same with call->sso. */
MUST_USE enum status call_sso(struct call *call, const struct sso_ask *ask, call_fn *then);
/* Runs a step as one transaction, from a command that reads: what it did is undone when it fails. */
MUST_USE enum status call_write(struct call *call, call_fn *step);
/* What the role sso was asked before it began anew is answered by nobody. */
void sso_began_anew(struct authd *authd, struct instant now);
/* Whether the caller has the right for that object now (NULL: for any); else the refusal with its
 * word. Notes that it was used. */
MUST_USE enum status call_may(struct call *call, enum access_right right,
                              const struct access_object *object);
/* A step of its own, without a question: for what is done by date. */
MUST_USE enum status run_alone(struct authd *authd, call_fn *step, void *own, struct instant now,
                               struct problem *why);

/* caller.c */
/* Fills call->who from the credentials; nobody is no failure. */
MUST_USE enum status find_caller(struct call *call);
/* By its own end or by idleness, whichever comes first. */
struct instant session_end_at(const struct authd *authd, const struct session *session);
/* How it began, by a session's words; FACTOR_NONE: by less than two factors. */
enum access_factor session_factor(struct slice words);
/* Whose session has just begun is the caller from here on. */
MUST_USE enum status become_caller(struct call *call, const struct session *session);
/* Makes that account the caller, of no session. */
MUST_USE enum status take_caller(struct call *call, struct slice id);
/* Grants of the caller, for access_decide: a right that was raised, a break-glass. */
MUST_USE enum status caller_grants(struct call *call, struct access_grant_list *out);

/* rows.c: keys, digests, sealed columns */
/* The key knows its version. */
MUST_USE enum status ask_for_key(const struct authd_ports *ports, const struct key_ask *ask,
                                 struct secret **key, struct problem *why);
/* ST_NOT_FOUND: no such organisation. Of one that was erased no row opens any more. */
MUST_USE enum status get_organisation(struct authd *authd, struct slice id,
                                      struct organisation **out, struct problem *why);
/* Whether those met are still active; keys of those erased, and versions that are gone, are forgotten. */
MUST_USE enum status refresh_organisations(struct authd *authd, struct problem *why);
/* organisations.c, inside a transaction: as authd_add_organisation. */
MUST_USE enum status ensure_organisation(struct authd *authd, struct slice id, struct slice kind,
                                         struct instant now, struct problem *why);
/* Its row, by which nobody of it signs in; the caller refreshes what is known. Accounts follow (authd_end_due). */
MUST_USE enum status organisation_ends(struct call *call, struct slice id);
struct slice hash_address(const struct authd *authd, struct slice address, struct arena *arena);
/* Of anything else that is looked up; `kind` keeps them apart: "device", "recovery". */
struct slice hash_of(const struct authd *authd, const char *kind, struct slice value,
                     struct arena *arena);
struct slice digest_of(struct slice value, struct arena *arena); /* SHA-256: to store, of random bytes only */
/* 32 random bytes as base64url behind a prefix, and their digest as it is stored. */
struct slice new_token(const char *prefix, struct arena *arena, struct slice *digest);
/* organisation NULL: of none, under the service's key. */
MUST_USE enum status seal_row(struct authd *authd, struct organisation *organisation,
                              enum identity_column column, struct slice row,
                              const struct record_type *type, const void *object,
                              struct arena *arena, struct sealed *out, struct problem *why);
MUST_USE enum status open_row(struct authd *authd, struct organisation *organisation,
                              enum identity_column column, struct slice row, struct sealed sealed,
                              const struct record_type *type, struct arena *arena, void *object,
                              struct problem *why);
MUST_USE enum status open_account(struct authd *authd, const struct account *account,
                                  struct arena *arena, struct account_details *out,
                                  struct problem *why);
/* What opens a row of no organisation: the service's key, or that of the root key before, which the
 * caller then destroys as *older (NULL before, and if it was not needed). */
MUST_USE enum status get_service_key(struct authd *authd, struct sealed sealed,
                                     struct secret **older, const struct secret **key,
                                     struct problem *why);
/* The identity key that opens such an entry of theirs, as *older where it is not the one that the
 * organisation has in use; the caller destroys that (NULL before). ST_NOT_FOUND: it was destroyed. */
MUST_USE enum status get_identity_key(struct authd *authd, struct organisation *organisation,
                                      struct sealed sealed, struct secret **older,
                                      const struct secret **key, struct problem *why);
/* The newest, which seals. */
MUST_USE enum status get_sealing_key(struct authd *authd, struct organisation *organisation,
                                     const struct secret **key, struct problem *why);
/* Names the key that a secret of a code is under; organisation empty: nobody's, with as many statements. */
MUST_USE enum status name_code_key(struct authd *authd, struct slice organisation, struct sealed secret,
                                   struct arena *arena, struct code_ask *ask, struct problem *why);
/* In UTC; null for us 0. */
json_t *instant_json(struct instant at, struct arena *arena);
/* The log; the format makes "account=p_… session=…". */
MUST_USE enum status note(struct call *call, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* authd.c: keyd may have a newer root key than before. */
MUST_USE enum status refresh_service_key(struct authd *authd, struct problem *why);

/* rotation.c: a step where one is due; whether the next one is due at once. */
bool rotate_when_due(struct authd *authd, struct instant now);

/* commands.c */
struct command_row {
    const char *name;
    call_fn *run;
    enum { READS, WRITES } step;
    enum access_right right; /* RIGHT_NONE: for anybody */
    bool proved;             /* of a session that has shown a factor just now */
    bool quiet;              /* asked by a page itself, not by its person */
    bool posture;            /* of the console: its device must be as it must be */
};
/* NULL: none of that name, or not for that role. */
const struct command_row *find_command(enum role_id from, struct slice name);

/* The same for those that only the command line has; its rows have no right. */
const struct command_row *find_root_command(struct slice name);

/* assertions.c: what others hear of the caller through somebody that neither trusts
 * (platform/assertion) */
/* That they ask what call->planned and call->digest say. */
MUST_USE enum status assert_caller(struct call *call);
/* keyd has begun anew. */
void assertion_keys_are_old(struct authd *authd);
void assertion_keys_forget(struct authd *authd);

/* errands.c: said to peers once the step is committed, and again until they have answered */
enum { ENDING_PEERS = 4 };
extern const enum role_id ending_peers[ENDING_PEERS]; /* who must let go when an account ends */
MUST_USE enum status tell_person(struct call *call, const struct account *account,
                                 const struct account_details *details);
/* phrase: of domain/wording; word: a fixed word of ours, or ""; link: or empty. */
MUST_USE enum status tell_notice(struct call *call, const struct account *account,
                                 const char *phrase, const char *word, struct slice link);
/* session empty: all that is the person's. */
MUST_USE enum status tell_ended(struct call *call, const struct account *account,
                                struct slice session, const char *cause);

/* limits.c: how often somebody may fail (doc/identity.md, "Limits") */
struct whence { /* where a call comes from, for one account; empty hashes: unknown */
    struct slice device, network, address;
    bool familiar_device, familiar_network;
};
/* The same look-ups for an account that there is not. */
MUST_USE enum status find_whence(struct call *call, struct slice account, struct whence *out);
/* ST_LIMIT with the time to wait. who: hash of the address that was typed. */
MUST_USE enum status may_try(struct call *call, struct slice who, const struct whence *place);
MUST_USE enum status count_failure(struct call *call, struct slice who, const struct whence *place);
/* One more of something costly from that network: "start", "hash", "lost". ST_LIMIT. */
MUST_USE enum status count_use(struct call *call, const char *kind);

/* login.c */
/* What the browser's {"flow"} names, if it is of that kind and step and not over.
 * ST_CONFLICT: begin again. */
MUST_USE enum status take_named_flow(struct call *call, enum flow_kind kind, const char *step,
                                     struct flow *flow, struct flow_details *details);
/* Details into a flow that has its id_hash. */
MUST_USE enum status flow_seal(struct call *call, struct flow *flow, const struct flow_details *details);
MUST_USE enum status flow_open(struct call *call, const struct flow *flow, struct flow_details *details);
/* The steps of a login, and of a proof in a session that goes on: FLOW_LOGIN, FLOW_PROOF. Whose
 * code it was goes to *account. Whatever was wrong is told after the code, and counted. */
MUST_USE enum status try_password(struct call *call, enum flow_kind kind);
MUST_USE enum status try_code(struct call *call, enum flow_kind kind, struct account *account);
MUST_USE enum status try_recovery(struct call *call, enum flow_kind kind, struct account *account);
/* How somebody has proved who they are, and what begins with it. */
struct proof {
    const char *factor;      /* "passkey", "password+code", … */
    struct slice provider, provider_session, logout; /* sso; else empty */
    bool unproved;           /* a provider's word may be of this morning */
};
/* A full session: cookies, what is familiar from now on, a notice where it was not; call->out is
 * {"me"}. ST_DENIED: the account is not active. */
MUST_USE enum status begin_session(struct call *call, const struct account *account,
                                   const struct proof *proof);

/* A session that can do nothing but enrol factors. */
MUST_USE enum status begin_enrolment(struct call *call, const struct account *account,
                                     const struct proof *proof);

/* proof.c: ST_DENIED "proof", a full session that has shown no factor in the last PROOF_MINUTES. */
MUST_USE enum status need_proof(struct call *call);

/* accounts.c */
MUST_USE enum status load_account(struct call *call, struct slice id, struct account *account,
                                  struct organisation **organisation,
                                  struct account_details *details);
/* By id or, with an "@" in it, by address. */
MUST_USE enum status find_named_account(struct authd *authd, struct slice who, struct arena *arena,
                                        struct account *account, struct problem *why);
/* The account that a question names by {"id"}, if the caller has the right there; for root by
 * {"account"}, an id or an address. */
MUST_USE enum status named_account(struct call *call, enum access_right right,
                                   struct account *account);
/* Seals *details into it, sets its hashes, saves it, tells the planner. */
MUST_USE enum status save_account(struct call *call, struct account *account,
                                  struct organisation *organisation,
                                  const struct account_details *details);
/* A new account, with all rules of doc/identity.md; *account has what is known, no id: a new one. */
MUST_USE enum status create_account(struct call *call, struct account *account,
                                    const struct account_details *details);
/* The rules that a person's name and address keep. */
MUST_USE enum status check_person(struct call *call, const struct account_details *details);
/* A link with which its person enrols; all factors and sessions that there were end. */
MUST_USE enum status invite_account(struct call *call, struct account *account);
/* Another function, at once: rights are computed at every ask. */
MUST_USE enum status set_function(struct call *call, struct account *account, struct slice function);
json_t *account_json(struct call *call, const struct account *account,
                     const struct account_details *details);

/* leaving.c */
/* All that is theirs, in this transaction; then peers hear of it. Of an erased organisation's people
 * nobody has mail, and the planner hears no name. cause: "left", "date", "directory",
 * "review", "owner", "organisation". */
MUST_USE enum status account_leaves(struct call *call, struct account *account, const char *cause);
/* Sessions, tokens, factors and what else opens; *ended counts. The account stays. */
MUST_USE enum status end_all_access(struct call *call, const struct account *account);

/* factors.c */
struct factor_set {
    bool passkey, password, code, recovery, sso;
};
MUST_USE enum status factors_of(struct call *call, struct slice account, struct factor_list *list,
                                struct factor_set *set);
bool factors_suffice(const struct factor_set *set);
const struct factor *find_active_factor(const struct factor_list *list, enum factor_kind kind); /* or NULL */
/* Seals and stores it for the caller; *factor needs id, kind, state, and what is peculiar to its
 * kind. ST_CONFLICT: as identity_add_factor. */
MUST_USE enum status add_factor(struct call *call, struct factor *factor,
                                const struct factor_details *details);
/* A question to keyd about one-time codes; asked, it is counted. name_code_key says whose key it is. */
MUST_USE enum status ask_code(struct call *call, const struct code_ask *ask, struct code_given *given);
/* Whatever case and signs somebody typed it with. */
struct slice recovery_hash(const struct call *call, struct slice code);
/* A factor is there: who was invited is active now; they hear of it. */
/* Whether the caller may have that password: the rules of domain/account. ST_INVALID: a rule is not kept,
 * which is told in the person's language. */
MUST_USE enum status check_new_password(struct call *call, struct slice typed, struct slice *normal);
MUST_USE enum status factor_added(struct call *call, const char *kind); /* the caller's */
MUST_USE enum status factor_added_to(struct call *call, struct slice whose, const char *kind);
/* The caller as pages show them. New reference. */
MUST_USE enum status me_json(struct call *call, json_t **out);

/* Commands, by file. */
enum status session_check(struct call *call);
enum status pki_show(struct call *call);
enum status lease_assert(struct call *call);
enum status me_show(struct call *call);
enum status session_show(struct call *call);
enum status session_list(struct call *call);
enum status session_end(struct call *call);
enum status logout(struct call *call);
enum status login_start(struct call *call);
enum status login_password(struct call *call);
enum status login_code(struct call *call);
enum status login_recovery(struct call *call);
enum status proof_start(struct call *call);
enum status proof_passkey(struct call *call);
enum status proof_password(struct call *call);
enum status proof_code(struct call *call);
enum status proof_recovery(struct call *call);
enum status enrolment_start(struct call *call);
enum status token_list(struct call *call);
enum status token_make(struct call *call);
enum status token_end(struct call *call);
enum status factor_list(struct call *call);
enum status factor_end(struct call *call);
enum status factor_password(struct call *call);
enum status factor_code_start(struct call *call);
enum status factor_code_add(struct call *call);
enum status factor_recovery(struct call *call);
enum status account_lost(struct call *call);
enum status account_list(struct call *call);
enum status account_names(struct call *call);
enum status account_invite(struct call *call);
enum status account_function(struct call *call);
enum status account_end(struct call *call);
enum status root_account_add(struct call *call);
enum status root_account_show(struct call *call);
enum status root_account_sessions(struct call *call);
enum status root_account_tokens(struct call *call);
enum status root_token_make(struct call *call);
enum status root_organisation_add(struct call *call);
enum status root_organisation_list(struct call *call);

#endif
