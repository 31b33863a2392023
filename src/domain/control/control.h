#ifndef RENDEZ_DOMAIN_CONTROL_H
#define RENDEZ_DOMAIN_CONTROL_H

#include "base/datetime/datetime.h"

/* The claims that the service makes about its security, each a control: something that is tried,
 * with dated evidence. A control is a folder, controls/ID (its README says what is in it); here
 * is what they say, and what state evidence puts them in. No I/O, no clock. doc/controls.md */

enum control_kind { CONTROL_AUTOMATIC, CONTROL_BY_DESIGN, CONTROL_REGISTER, CONTROL_ATTESTED, CONTROL_KIND_COUNT_ };
extern const char *const control_kind_names[CONTROL_KIND_COUNT_];

/* How often it is tried. LIVE: every minute. RELEASE: when another version begins to serve. */
enum cadence {
    CADENCE_LIVE,
    CADENCE_HOURLY,
    CADENCE_DAILY,
    CADENCE_WEEKLY,
    CADENCE_MONTHLY,
    CADENCE_QUARTERLY,
    CADENCE_YEARLY,
    CADENCE_RELEASE,
    CADENCE_COUNT_
};
extern const char *const cadence_names[CADENCE_COUNT_];

struct control_section {
    unsigned number;         /* of the security document, 1 to 14 */
    const char *prefix;      /* of ids: "CHIF" */
    const char *fr, *en;     /* title */
};
extern const struct control_section control_sections[];
extern const size_t control_section_count;

struct control {
    const char *id;          /* "CHIF-04" */
    unsigned section;
    enum control_kind kind;
    enum cadence cadence;
    struct duration deadline; /* from a breach to red, at most */
    const char *owner;       /* function of a person */
    const char *evidence;    /* what it is, in a few words */
    const char *fr, *en;     /* the claim, in our own words */
    const char *digest;      /* of its check; empty: nothing tries it */
};
extern const struct control controls[];
extern const size_t control_count;
/* In any case; NULL: none of that id. */
const struct control *control_find(struct slice id);

bool control_is_tried(const struct control *control);

/* What a check may find wrong, in words: {name} is the value of a fact. */
struct control_cause {
    const char *control, *id; /* control "": of any */
    const char *fr, *en;
    const char *mend; /* the command that mends it, where one does: "" */
};
extern const struct control_cause control_causes[];
extern const size_t control_cause_count;
/* NULL: the control has no such cause. */
const struct control_cause *control_cause_find(const struct control *control, struct slice id);
/* The words of a cause with its facts ("entries=3 repeated=1") in them; the id itself where there are
 * none. */
struct slice control_cause_say(const struct control *control, struct slice id, struct slice facts,
                               bool french, struct arena *arena);
/* What the operator enters to mend it, with its facts; capitals stand for what only they know. Empty: no
 * command does. */
struct slice control_cause_mend(const struct control *control, struct slice id, struct slice facts,
                                struct arena *arena);

/* The day by which something that was done then is due again, and the first on which it is
 * overdue. Not of LIVE, HOURLY and RELEASE. Months of another length end on their last day. */
struct civil_date cadence_due(enum cadence cadence, struct civil_date done);
struct civil_date cadence_overdue(enum cadence cadence, struct civil_date done);

/* What a check found, or what somebody stated. */
enum control_result { RESULT_HOLDS, RESULT_FAILS, RESULT_ATTESTED, RESULT_COUNT_ };
extern const char *const control_result_names[RESULT_COUNT_];
struct control_evidence {
    enum control_result result;
    struct instant at;
    struct instant until; /* ATTESTED: its last moment */
    struct slice cause;   /* FAILS: what is wrong, in fixed words and numbers */
};

enum control_state {
    STATE_HOLDS,
    STATE_FAILS,
    STATE_UNKNOWN,         /* no evidence, or evidence that is too old: never green */
    STATE_NOT_IMPLEMENTED,
    STATE_ATTESTED,        /* somebody says so, until a date */
    STATE_COUNT_
};
extern const char *const control_state_names[STATE_COUNT_];
struct control_judgement {
    enum control_state state;
    struct instant since; /* HOLDS, FAILS: of the evidence; UNKNOWN: from when on; ATTESTED: its end */
    struct slice cause;   /* FAILS */
};
/* implemented: there is a check, a register or a statement for it. last: the newest evidence, or
 * NULL. begun: since when there could have been some. */
struct control_judgement control_judge(const struct control *control, bool implemented,
                                       const struct control_evidence *last, struct instant begun,
                                       struct instant now);
/* Until when evidence of then counts. */
struct instant control_fresh_until(const struct control *control, struct instant at);

#endif
