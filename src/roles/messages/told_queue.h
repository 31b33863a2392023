#ifndef RENDEZ_ROLES_TOLD_QUEUE_H
#define RENDEZ_ROLES_TOLD_QUEUE_H

#include "roles/messages/told.h"

/* What waits to be told: alike ones are one with a count. They leave in the order of each one's last: what ends an
 * alert must not come before what raised it. */
enum { TOLD_QUEUE_MAX = 32 };

struct told_waiting {
    uint32_t count; /* 0: free */
    uint64_t order; /* of the last */
    enum event event;
    struct instant at; /* of the last */
    struct arena *arena; /* holds the two below */
    struct slice_list words;
    struct slice signature;
};

struct told_queue { /* begins as {0} */
    struct told_waiting slots[TOLD_QUEUE_MAX];
    uint64_t added;
};

/* False: so many different ones wait already, and this one is not kept. */
MUST_USE bool told_queue_add(struct told_queue *queue, enum event event, const struct event_field *fields, size_t count,
                             struct instant now);
/* The next one to go, or NULL; the queue's. */
struct told_waiting *told_queue_first(struct told_queue *queue);
void told_queue_drop(struct told_waiting *waiting);
void told_queue_clear(struct told_queue *queue);

#endif
