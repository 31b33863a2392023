#ifndef RENDEZ_DOMAIN_ACCESS_REVIEW_H
#define RENDEZ_DOMAIN_ACCESS_REVIEW_H

#include "domain/access/access.h"

/* The quarterly review of an organisation's accesses: every account, grant, token, certificate,
 * service account and provider is shown to somebody else, who keeps, removes or changes it.
 * No I/O, no clock. doc/access.md */

enum review_kind {
#define REVIEWED(symbol, id, fr, en) REVIEW_##symbol,
#include "domain/access/reviews.def"
#undef REVIEWED
    REVIEW_KIND_COUNT_
};
const char *review_kind_name(enum review_kind kind);
const char *review_kind_word(enum review_kind kind, bool french);
MUST_USE bool review_kind_from_name(struct slice name, enum review_kind *out);

enum review_decision { REVIEW_OPEN, REVIEW_KEEP, REVIEW_REMOVE, REVIEW_CHANGE, REVIEW_DECISION_COUNT_ };
extern const char *const review_decision_names[REVIEW_DECISION_COUNT_]; /* open, keep, … */
MUST_USE bool review_decision_from_name(struct slice name, enum review_decision *out);

/* Why removal is proposed. */
enum review_doubt {
    REVIEW_CLEAR,
    REVIEW_UNUSED,  /* for REVIEW_UNUSED_AFTER, or never since it is that old */
    REVIEW_OVERDUE, /* nobody decided in time */
    REVIEW_DOUBT_COUNT_
};
extern const char *const review_doubt_names[REVIEW_DOUBT_COUNT_]; /* "", unused, overdue */

#define REVIEW_TIME ((struct duration){21 * DAY_US}) /* to decide */
#define REVIEW_UNUSED_AFTER ((struct duration){90 * DAY_US})
enum { REVIEW_MONTHS = 3 };

/* What there is in the database. */
struct review_thing {
    enum review_kind kind;
    struct slice id;
    struct slice account;      /* whose: the account, the holder, the owner; empty: the organisation's */
    struct slice approved_by;  /* a grant's */
    enum access_function function; /* of an account */
    struct instant made, used; /* used us 0: never, or `uncounted` */
    bool uncounted;            /* nobody counts its use: it cannot be unused */
};
struct review_thing_list {
    struct review_thing *items;
    size_t count, capacity;
};

/* Whoever is active and may answer; of this organisation, or an operator. */
struct review_person {
    struct slice id;
    bool operator;  /* of the operator's organisation while that is another one */
    size_t given;   /* items, counted by review_plan */
};
struct review_person_list {
    struct review_person *items;
    size_t count, capacity;
};

struct review_item {
    struct slice id;           /* "1", "2", … in the review */
    struct review_thing thing;
    struct slice reviewer;     /* empty: there is nobody; shown red */
    struct instant due;
    enum review_decision decision;
    enum access_function change; /* REVIEW_CHANGE: to what */
    struct instant decided, executed; /* us 0: not */
};
struct review_item_list {
    struct review_item *items;
    size_t count, capacity;
};

/* One item for each thing, in their order, each with a reviewer who is neither its person nor,
 * where somebody else is there, who approved it: people of the organisation first, evenly; an
 * operator where there is none. */
void review_plan(const struct review_thing_list *things, struct review_person_list *people,
                 struct instant now, struct arena *arena, struct review_item_list *items);

enum review_doubt review_doubt(const struct review_item *item, struct instant now);
static inline bool review_is_overdue(const struct review_item *item, struct instant now)
{
    return item->decision == REVIEW_OPEN && now.us >= item->due.us;
}
/* Reminders that should have gone out for an undecided item: 0 to 3 (a week and two weeks after
 * the start, a day before the end). */
unsigned review_reminders(const struct review_item *item, struct instant now);

/* The day on which the next review begins, by that of the last one; late from the day after. */
struct civil_date review_next(struct civil_date last);

/* Decides; executing is the caller's, who then sets `executed`. Nobody decides on what is their
 * own, and a review gives nobody a function with administration: that takes a raise.
 *   function  with REVIEW_CHANGE
 * ST_DENIED    not the reviewer
 * ST_INVALID   nothing that this can be changed to
 * ST_CONFLICT  executed already */
MUST_USE enum status review_decide(struct review_item *item, const struct access_caller *caller,
                                   enum review_decision decision, enum access_function function,
                                   enum access_kind kind, struct instant now,
                                   struct problem *why);

#endif
