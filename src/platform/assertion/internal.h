#ifndef RENDEZ_PLATFORM_ASSERTION_INTERNAL_H
#define RENDEZ_PLATFORM_ASSERTION_INTERNAL_H

#include "base/record/record.h"
#include "platform/assertion/assertion.h"

enum { ASSERTION_MAC_BYTES = 32 };

/* What the two kinds have in common. */
struct assertion_kind {
    char byte; /* the first */
    const struct record_type *record;
    size_t id, issued, ends; /* where in the struct */
};
#define ASSERTION_KIND(byte, record, type)                                                         \
    {byte, &record, offsetof(struct type, id), offsetof(struct type, issued), offsetof(struct type, ends)}
extern const struct assertion_kind assertion_of_lease, assertion_of_caller;

/* What the MAC covers, first byte and fields; objects are of the kind's struct. ST_INVALID: not as
 * assertion_make writes it. */
MUST_USE enum status assertion_parse(const struct assertion_kind *kind, struct slice body,
                                     struct arena *arena, void *out, struct problem *why);
MUST_USE enum status assertion_format(const struct assertion_kind *kind, const void *assertion,
                                      struct buffer *body, struct problem *why);

/* `whole` gets its id here. */
MUST_USE enum status assertion_make_kind(const struct assertion_kind *kind, const struct secret *key,
                                         void *whole, struct arena *arena, struct slice *out,
                                         struct problem *why);
MUST_USE enum status assertion_verify_kind(const struct assertion_kind *kind, const struct secret *key,
                                           struct slice bytes, struct instant now,
                                           struct arena *arena, void *out, struct problem *why);

#endif
