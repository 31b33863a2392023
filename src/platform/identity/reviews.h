#ifndef RENDEZ_PLATFORM_IDENTITY_REVIEWS_H
#define RENDEZ_PLATFORM_IDENTITY_REVIEWS_H

#include "domain/access/review.h"
#include "platform/identity/identity.h"

/* Access reviews (domain/access/review.h). */

enum review_state { REVIEW_RUNS, REVIEW_CLOSED };
extern const char *const review_state_names[REVIEW_CLOSED + 1]; /* open, closed */

struct review {
    struct slice id, organisation;
    struct instant opened, due, closed; /* us 0: not */
    enum review_state state;
};
struct review_list {
    struct review *items;
    size_t count, capacity;
};
struct stored_review_item {
    struct slice review;
    struct review_item item; /* `due` is the review's */
    uint32_t reminded;       /* notices sent to its reviewer */
    struct sealed note;      /* struct private_text, or empty */
};
struct stored_review_item_list {
    struct stored_review_item *items;
    size_t count, capacity;
};

/* All that an organisation's review has to look at, and how many that are by another count. */
MUST_USE enum status identity_review_population(struct identity *identity,
                                                struct slice organisation, struct instant now,
                                                struct arena *arena, struct review_thing_list *out,
                                                struct problem *why);
MUST_USE enum status identity_review_count(struct identity *identity, struct slice organisation,
                                           struct instant now, uint32_t *count,
                                           struct problem *why);

/* The review with its items. Within a transaction: ST_INVALID when there are not as many as
 * identity_review_count says. */
MUST_USE enum status identity_add_review(struct identity *identity, const struct review *review,
                                         const struct review_item_list *items,
                                         struct problem *why);
MUST_USE enum status identity_load_review(struct identity *identity, struct slice id,
                                          struct arena *arena, struct review *out,
                                          struct problem *why);
/* organisation: empty for all. In order. */
MUST_USE enum status identity_list_reviews(struct identity *identity, struct slice organisation,
                                           struct arena *arena, struct review_list *out,
                                           struct problem *why);
MUST_USE enum status identity_list_review_items(struct identity *identity,
                                                const struct review *review, struct arena *arena,
                                                struct stored_review_item_list *out,
                                                struct problem *why);
MUST_USE enum status identity_load_review_item(struct identity *identity,
                                               const struct review *review, struct slice id,
                                               struct arena *arena, struct stored_review_item *out,
                                               struct problem *why);
/* The decision, carried out in the same transaction. ST_CONFLICT: there is one already. */
MUST_USE enum status identity_decide_review_item(struct identity *identity,
                                                 const struct stored_review_item *item,
                                                 struct problem *why);
/* ST_CONFLICT: not more than were sent before. */
MUST_USE enum status identity_remind_review_item(struct identity *identity,
                                                 const struct stored_review_item *item,
                                                 uint32_t reminded, struct problem *why);
MUST_USE enum status identity_assign_review_item(struct identity *identity,
                                                 const struct stored_review_item *item,
                                                 struct slice reviewer, struct problem *why);
/* What a review removes, by its id. *ended: it was there. */
MUST_USE enum status identity_remove_token(struct identity *identity, struct slice id, bool *ended,
                                           struct problem *why);
MUST_USE enum status identity_remove_provider(struct identity *identity, struct slice id,
                                              bool *ended, struct problem *why);
/* *closed: nothing is left to decide. */
MUST_USE enum status identity_close_review(struct identity *identity, struct slice id,
                                           struct instant at, bool *closed, struct problem *why);

#endif
