#ifndef RENDEZ_DOMAIN_ACCESS_H
#define RENDEZ_DOMAIN_ACCESS_H

#include <stdbool.h>

#include "base/datetime/datetime.h"

/* Who may do what. Rights follow from a person's function by one table (table.def); what is not
 * in it is refused. They are computed at every ask, so a change of function, an end or a lapsed
 * raise counts at once. No I/O, no clock. doc/access.md */

enum access_function {
    FUNCTION_NONE, /* nobody is signed in */
#define FUNCTION(symbol, id, organisations, fr, en) FUNCTION_##symbol,
#include "domain/access/functions.def"
#undef FUNCTION
    FUNCTION_COUNT_
};
enum access_right {
    RIGHT_NONE, /* always refused */
#define RIGHT(symbol, id, needs, fr, en) RIGHT_##symbol,
#include "domain/access/rights.def"
#undef RIGHT
    RIGHT_COUNT_
};
enum access_scope {
#define SCOPE(symbol, id, right) SCOPE_##symbol,
#include "domain/access/scopes.def"
#undef SCOPE
    SCOPE_COUNT_
};
enum access_denial {
#define DENIAL(symbol, id, sentence) DENIED_##symbol,
#include "domain/access/denials.def"
#undef DENIAL
    DENIAL_COUNT_
};

/* Kinds of organisations. */
enum access_kind { ACCESS_CLIENT, ACCESS_PROCESSOR, ACCESS_OPERATOR, ACCESS_KIND_COUNT_ };
extern const char *const access_kind_names[ACCESS_KIND_COUNT_];

enum access_need {
    NEED_ADMIN     = 1, /* raised or broken out, never held for good */
    NEED_NETWORK   = 2,
    NEED_PROGRESS  = 4,
    NEED_STRONG    = 8,
    NEED_ENROLMENT = 16, /* is also for enrolment sessions */
};
enum access_reach { REACH_OWN, REACH_ASSIGNED, REACH_ORGANISATION, REACH_ORPHANED, REACH_ANYTHING };
enum access_hold { HOLD_STANDING, HOLD_RAISED, HOLD_GLASS };
extern const char *const access_reach_names[REACH_ANYTHING + 1];
extern const char *const access_hold_names[HOLD_GLASS + 1];

/* Names as in doc/identity.md; the none of each enum is "". From a name: false for one that is none. */
const char *access_function_name(enum access_function function);
const char *access_function_sentence(enum access_function function, bool french);
MUST_USE bool access_function_from_name(struct slice name, enum access_function *out);
/* Whether an account of such an organisation may have it; never ATTENDEE, who has no account. */
bool access_function_fits(enum access_function function, enum access_kind kind);
/* Whether it has the right at all, of whatever and in whatever way. */
bool access_function_has(enum access_function function, enum access_right right);
/* Whether it can raise, break out or approve anything. */
bool access_function_administers(enum access_function function);
const char *access_right_name(enum access_right right);
const char *access_right_sentence(enum access_right right, bool french);
unsigned access_right_needs(enum access_right right);
MUST_USE bool access_right_from_name(struct slice name, enum access_right *out);
const char *access_scope_name(enum access_scope scope);
enum access_right access_scope_right(enum access_scope scope);
MUST_USE bool access_scope_from_name(struct slice name, enum access_scope *out);
MUST_USE bool access_kind_from_name(struct slice name, enum access_kind *out);
const char *access_denial_name(enum access_denial denial);
const char *access_denial_sentence(enum access_denial denial);

/* The table, row by row. */
struct access_row {
    enum access_function function;
    enum access_right right;
    enum access_reach reach;
    enum access_hold hold;
};
extern const struct access_row access_rows[];
extern const size_t access_row_count;

/* How a caller has proved who they are. */
enum access_session {
    SESSION_ANONYMOUS,
    SESSION_LINK,      /* an attendee's personal link */
    SESSION_ENROLMENT,
    SESSION_TOKEN,
    SESSION_FULL,
    SESSION_COUNT_
};
enum access_factor {
    FACTOR_NONE,
    FACTOR_PASSKEY,
    FACTOR_CODE,     /* password and one-time code */
    FACTOR_RECOVERY, /* password and recovery code */
    FACTOR_SSO,
    FACTOR_COUNT_
};
extern const char *const access_factor_names[FACTOR_COUNT_];
MUST_USE bool access_factor_from_name(struct slice name, enum access_factor *out);

struct access_caller {
    struct slice person, organisation; /* ids */
    enum access_kind kind;             /* of the organisation */
    enum access_function function;
    bool active;                       /* the account, and its organisation */
    enum access_session session;
    enum access_factor factor;         /* of a full session */
    uint32_t scopes;                   /* of a token: 1 << enum access_scope */
    bool inside;                       /* came over the supervision network */
};

/* What it is about. Empty: unknown, which satisfies no reach but ANYTHING. */
enum access_stage { STAGE_NONE /* no meeting */, STAGE_PROGRESS, STAGE_OVER };
struct access_object {
    struct slice organisation, owner, assigned;
    bool orphaned;    /* its organisation has nobody else who has the right for it */
    enum access_stage stage;
};

/* A right given for a while. */
enum access_cause { CAUSE_RAISE, CAUSE_GLASS };
extern const char *const access_cause_names[CAUSE_GLASS + 1]; /* raise, break_glass */
enum access_grant_state { GRANT_ASKED, GRANT_ACTIVE, GRANT_OVER };
extern const char *const access_grant_state_names[GRANT_OVER + 1];

struct access_grant {
    struct slice id, account, organisation; /* whose, and of which organisation they were */
    enum access_cause cause;
    enum access_right right;      /* of a raise; a break-glass is for all rows of GLASS */
    struct slice target;          /* only in this organisation; empty: as far as the row reaches */
    struct slice reason;
    struct slice approved_by;     /* empty: asked only */
    struct duration wanted;
    struct instant asked, from, until, ended; /* us 0: not yet */
};
struct access_grant_list {
    struct access_grant *items;
    size_t count, capacity;
};

#define RAISE_MAX ((struct duration){8 * HOUR_US})
#define RAISE_WAITS ((struct duration){24 * HOUR_US}) /* for approval; then it is over */
#define GLASS_LENGTH ((struct duration){HOUR_US})
#define GLASS_WAITS ((struct duration){HOUR_US})
enum { REASON_BYTES_MIN = 8, REASON_BYTES_MAX = 500 };

enum access_grant_state access_grant_state(const struct access_grant *grant, struct instant now);
/* When it is over by itself, whatever its row says. */
struct instant access_grant_limit(const struct access_grant *grant);

struct access_ask {
    struct access_caller caller;
    const struct access_grant_list *grants; /* of whomever; NULL: none */
    enum access_right right;
    struct access_object object;
    struct instant now;
};
struct access_answer {
    enum access_denial denial;     /* DENIED_ALLOWED */
    const struct access_row *row;  /* that allows it; else NULL */
    const struct access_grant *grant; /* that was needed; else NULL */
};
struct access_answer access_decide(const struct access_ask *ask);
static inline bool access_allows(const struct access_ask *ask)
{
    return access_decide(ask).denial == DENIED_ALLOWED;
}

/* The same, whatever it is about: whether the caller has the right for some object (ask->object is
 * not read). For whoever hands the question on to the owner of the object. */
struct access_answer access_has(const struct access_ask *ask);

/* The rights that the caller has for something now: for pages and session.check; what it is
 * about is decided when it is known. Bit: 1 << enum access_right. */
uint64_t access_rights(const struct access_caller *caller, const struct access_grant_list *grants,
                       struct instant now);

/* The supervision network, as rendez.conf names it: "10.8.0.0/16 fd00::/8", spaces between. */
MUST_USE enum status access_networks_check(struct slice networks, struct problem *why);
/* address: in numbers. False for what is none, and where there are no networks. */
bool access_networks_hold(struct slice networks, struct slice address);

/* Asking for a right. `id` of the grant is the caller's to set.
 * ST_DENIED   no right to ask, or the function could not have it
 * ST_INVALID  no reason, or too long a time */
MUST_USE enum status access_raise_ask(const struct access_caller *caller, enum access_right right,
                                      struct slice target, struct slice reason,
                                      struct duration wanted, struct instant now,
                                      struct access_grant *grant, struct problem *why);
MUST_USE enum status access_glass_ask(const struct access_caller *caller, struct slice target,
                                      struct slice reason, struct instant now,
                                      struct access_grant *grant, struct problem *why);

/* A second person approves: of a raise somebody of the asker's organisation with raises.approve,
 * or where that organisation has nobody else with it (`others` 0) an operator; of a break-glass
 * another operator.
 *   others  active people of the grant's organisation with raises.approve, without its asker
 * ST_DENIED    not the person for it
 * ST_CONFLICT  it does not wait for approval */
MUST_USE enum status access_grant_approve(struct access_grant *grant,
                                          const struct access_caller *approver, size_t others,
                                          struct instant now, struct problem *why);

/* Before its time: by its holder, or whoever could approve it. ST_CONFLICT: it is over. */
MUST_USE enum status access_grant_end(struct access_grant *grant,
                                      const struct access_caller *caller, size_t others,
                                      struct instant now, struct problem *why);

#endif
