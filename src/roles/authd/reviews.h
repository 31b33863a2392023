#ifndef RENDEZ_ROLES_AUTHD_REVIEWS_H
#define RENDEZ_ROLES_AUTHD_REVIEWS_H

#include "platform/identity/reviews.h"
#include "roles/authd/internal.h"

/* Access reviews: the commands of doc/identity.md, and what begins and reminds. */

call_fn review_list, review_show, review_decide_item;
call_fn root_review_list, root_review_show, root_review_decide, root_review_start, root_review_run;

/* Begins a review of an organisation. ST_CONFLICT: one is open. */
MUST_USE enum status review_begin(struct call *call, struct slice organisation, struct review *out);
/* Begins those that are due, gives items of reviewers who left to others, sends reminders; *done
 * counts what that was. Within a transaction. */
struct review_work {
    size_t begun, assigned, reminded;
};
MUST_USE enum status review_run(struct call *call, struct review_work *done);

/* For tables: a review with its items, opened; names of people. */
struct shown_item {
    struct stored_review_item stored;
    struct slice name, reviewer_name, note;
    enum review_doubt doubt;
    struct slice what;   /* of a grant: its right, or "break_glass" */
    struct slice unused; /* rights of the person's function that were not used for 90 days */
};
struct shown_item_list {
    struct shown_item *items;
    size_t count, capacity;
};
MUST_USE enum status review_open_items(struct call *call, const struct review *review,
                                       struct shown_item_list *out);
/* Decides on one and carries it out. */
MUST_USE enum status review_decide_one(struct call *call, const struct review *review,
                                       struct slice item, enum review_decision decision,
                                       enum access_function function, struct slice text);

#endif
