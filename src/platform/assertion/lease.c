#include "platform/assertion/internal.h"

static const struct record_field lease_fields[] = {
    FIELD(assertion, id, 1, RECORD_TEXT),
    FIELD(assertion, person, 2, RECORD_TEXT),
    FIELD(assertion, organisation, 3, RECORD_TEXT),
    FIELD(assertion, kind, 4, RECORD_TEXT),
    FIELD(assertion, function, 5, RECORD_TEXT),
    FIELD(assertion, factor, 6, RECORD_TEXT),
    FIELD(assertion, session, 7, RECORD_TEXT),
    FIELD(assertion, inside, 8, RECORD_BOOL),
    FIELD(assertion, purpose, 9, RECORD_TEXT),
    FIELD(assertion, client, 10, RECORD_TEXT),
    FIELD(assertion, meeting, 11, RECORD_TEXT),
    FIELD(assertion, issued, 12, RECORD_INSTANT),
    FIELD(assertion, ends, 13, RECORD_INSTANT),
};
static RECORD_TYPE(lease_record, assertion, lease_fields);

const struct assertion_kind assertion_of_lease = ASSERTION_KIND(1, lease_record, assertion);

enum status assertion_make(const struct secret *key, const struct assertion *assertion,
                           struct arena *arena, struct slice *out, struct problem *why)
{
    struct assertion whole = *assertion;
    return assertion_make_kind(&assertion_of_lease, key, &whole, arena, out, why);
}

enum status assertion_verify(const struct secret *key, struct slice bytes, struct instant now,
                             struct arena *arena, struct assertion *out, struct problem *why)
{
    return assertion_verify_kind(&assertion_of_lease, key, bytes, now, arena, out, why);
}
