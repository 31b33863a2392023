#ifndef RENDEZ_ROLES_TRUST_INTERNAL_H
#define RENDEZ_ROLES_TRUST_INTERNAL_H

#include "formats/json/json.h"
#include "roles/trust/trust.h"

/* One control, with what is known of it: loaded from trust.db, and anew after each change there. */
struct item {
    const struct control *control;
    struct arena *arena;          /* of the rows below */
    bool has_finding, has_attested;
    struct finding finding;       /* the newest */
    struct statement attested;    /* that of the latest end */
    struct standing standing;     /* as it was last told; its state is empty: never */
    struct monotonic due;
    struct monotonic unknown_since; /* ms 0: it is not */
    bool asked;                   /* for it, before all that is due */
};

struct trust {
    struct evidence *evidence;
    struct trust_ports ports;
    struct trust_options options;
    struct instant begun;
    struct item *items; /* control_count, in the order of `controls` */
    struct item *trying; /* NULL: nothing */
    uint32_t call;
    struct monotonic patience;
    struct monotonic purged;
    json_t *looks; /* of second looks, as logd said it; NULL: it has not */
    bool prober_away;
    trust_tried_fn *tried;
    void *tried_context;
};

struct item *trust_item(struct trust *trust, const struct control *control);
MUST_USE enum status item_load(struct trust *trust, struct item *item, struct problem *why);
struct control_judgement item_judge(const struct trust *trust, const struct item *item, struct instant now);
/* In a transaction: notes and logs what is thought of it now, where that is something else than before. */
MUST_USE enum status item_tell(struct trust *trust, struct item *item, struct instant now,
                               struct problem *why);
/* From one try to the next; ms */
int64_t item_interval(const struct trust *trust, const struct item *item);

#endif
