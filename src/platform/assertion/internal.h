#ifndef RENDEZ_PLATFORM_ASSERTION_INTERNAL_H
#define RENDEZ_PLATFORM_ASSERTION_INTERNAL_H

#include "platform/assertion/assertion.h"

enum { ASSERTION_VERSION = 1, ASSERTION_MAC_BYTES = 32 };

/* What the MAC covers, version byte and fields. ST_INVALID: not as assertion_make writes it. */
MUST_USE enum status assertion_parse(struct slice body, struct arena *arena, struct assertion *out,
                                     struct problem *why);
MUST_USE enum status assertion_format(const struct assertion *assertion, struct buffer *body,
                                      struct problem *why);

#endif
