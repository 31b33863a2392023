#ifndef RENDEZ_ROLES_AUTHD_INTERNAL_H
#define RENDEZ_ROLES_AUTHD_INTERNAL_H

#include "domain/access/access.h"
#include "formats/json/json.h"
#include "platform/identity/places.h"
#include "roles/authd/authd.h"

/* What the files of authd share.
 *
 * To add a command: a function here (or in a header of your own), `enum status NAME(struct call *)`
 * in your file, its row in commands.c. It reads call->in, looks at call->who, and sets call->out
 * (new reference) or returns a failure (refuse() adds the word that pages understand). With
 * WRITES its step is one transaction, committed when it returns ST_OK, or though it failed when
 * it set call->keep (tries are counted so). A step ends at call_hash and call_sso, which go on with
 * another function once the answer is there. */

enum {
    CALL_BYTES_MAX = 4 << 20,
    TOKEN_RANDOM_BYTES = 32, /* of sessions, tokens, flows */
    DIGEST_BYTES = 32,
};

/* An organisation in use. */
struct organisation {
    struct slice id, kind;
    bool active;
    struct secret *key; /* its identity key */
};

struct authd {
    struct identity *identity;
    struct authd_ports ports;
    struct authd_options options; /* copies in `arena` */
    struct arena *arena;
    struct secret *service_key; /* rows of no organisation */
    struct secret *lookup_key;  /* hashes of addresses, places, recovery codes */
    struct {
        struct organisation **items;
        size_t count, capacity;
    } organisations; /* those met so far; they stay where they are */
    struct call *waiting;
    struct slice dummy_hash; /* what the password of nobody is compared with */
    uint32_t changes;        /* of the database, at the last look */
    bool lists_unpublished;  /* certificate_lists.c: files are behind the rows */
    struct instant lists_looked;
    struct instant purged;   /* when what is over was thrown away */
    struct authd_work work;
};

/* An errand to be said. */
struct errand_told {
    enum role_id peer;
    enum message message;
    const void *object; /* in the call's arena */
};

struct call;
typedef enum status call_fn(struct call *call);

/* One question, in an arena of its own, wiped. */
struct call {
    struct call *next; /* among those that wait */
    struct authd *authd;
    struct arena *arena;
    void *question;
    struct instant now; /* of the present step */
    struct credentials credentials;
    struct slice right; /* session.check: that the route needs */
    bool writes;
    json_t *in;         /* an object */
    json_t *out;        /* new reference, set on success */
    struct problem why;
    const char *refusal;    /* word for pages, or NULL */
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
/* Whether the caller has the right for that object now (NULL: for any); else the refusal with its
 * word. Notes that it was used. */
MUST_USE enum status call_may(struct call *call, enum access_right right,
                              const struct access_object *object);
struct access_object own_object(const struct call *call);

/* caller.c */
/* Fills call->who from the credentials; nobody is no failure. */
MUST_USE enum status find_caller(struct call *call);
/* Grants of the caller, for access_decide: a right that was raised, a break-glass. */
MUST_USE enum status caller_grants(struct call *call, struct access_grant_list *out);

/* rows.c: keys, digests, sealed columns */
/* The key knows its version. */
MUST_USE enum status ask_for_key(const struct authd_ports *ports, const struct key_ask *ask,
                                 struct secret **key, struct problem *why);
/* ST_NOT_FOUND: no such organisation. */
MUST_USE enum status get_organisation(struct authd *authd, struct slice id,
                                      struct organisation **out, struct problem *why);
/* Whether those met are still active. */
MUST_USE enum status refresh_organisations(struct authd *authd, struct problem *why);
struct slice hash_address(const struct authd *authd, struct slice address, struct arena *arena);
/* Of anything else that is looked up; `kind` keeps them apart: "device", "recovery". */
struct slice hash_of(const struct authd *authd, const char *kind, struct slice value,
                     struct arena *arena);
struct slice digest_of(struct slice value, struct arena *arena); /* SHA-256: of random bytes only */
/* 32 random bytes as base64url behind a prefix, and their digest as it is stored. */
struct slice new_token(const char *prefix, struct arena *arena, struct slice *digest);
/* organisation NULL: of none, under the service's key. */
MUST_USE enum status seal_row(struct authd *authd, const struct organisation *organisation,
                              enum identity_column column, struct slice row,
                              const struct record_type *type, const void *object,
                              struct arena *arena, struct sealed *out, struct problem *why);
MUST_USE enum status open_row(struct authd *authd, const struct organisation *organisation,
                              enum identity_column column, struct slice row, struct sealed sealed,
                              const struct record_type *type, struct arena *arena, void *object,
                              struct problem *why);
MUST_USE enum status open_account(struct authd *authd, const struct account *account,
                                  struct arena *arena, struct account_details *out,
                                  struct problem *why);
/* The log; the format makes "account=p_… session=…". */
MUST_USE enum status note(struct call *call, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* commands.c */
struct command_row {
    const char *name;
    call_fn *run;
    enum { READS, WRITES } step;
    enum access_right right; /* RIGHT_NONE: for anybody */
};
const struct command_row *find_command(struct slice name); /* NULL: none of that name */

/* sessions.c */
MUST_USE enum status session_check(struct call *call);
MUST_USE enum status me_show(struct call *call);

#endif
