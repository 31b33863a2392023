#include "platform/assertion/internal.h"

static const struct record_field caller_fields[] = {
    FIELD(caller_assertion, id, 1, RECORD_TEXT),
    FIELD(caller_assertion, person, 2, RECORD_TEXT),
    FIELD(caller_assertion, organisation, 3, RECORD_TEXT),
    FIELD(caller_assertion, function, 4, RECORD_TEXT),
    FIELD(caller_assertion, right, 5, RECORD_TEXT),
    FIELD(caller_assertion, session, 6, RECORD_TEXT),
    FIELD(caller_assertion, command, 7, RECORD_TEXT),
    FIELD(caller_assertion, digest, 8, RECORD_BYTES),
    FIELD(caller_assertion, issued, 9, RECORD_INSTANT),
    FIELD(caller_assertion, ends, 10, RECORD_INSTANT),
};
static RECORD_TYPE(caller_record, caller_assertion, caller_fields);

const struct assertion_kind assertion_of_caller = ASSERTION_KIND(2, caller_record, caller_assertion);

enum status caller_assertion_make(const struct secret *key, const struct caller_assertion *assertion,
                                  struct arena *arena, struct slice *out, struct problem *why)
{
    struct caller_assertion whole = *assertion;
    return assertion_make_kind(&assertion_of_caller, key, &whole, arena, out, why);
}

enum status caller_assertion_verify(const struct secret *key, struct slice bytes, struct instant now,
                                    struct arena *arena, struct caller_assertion *out,
                                    struct problem *why)
{
    return assertion_verify_kind(&assertion_of_caller, key, bytes, now, arena, out, why);
}
