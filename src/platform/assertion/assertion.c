#include "platform/assertion/assertion.h"

#include <openssl/crypto.h>

#include "base/record/record.h"
#include "platform/assertion/internal.h"

enum { ID_BYTES = 16, SECOND_US = 1000000 };

static const struct record_field fields[] = {
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
static RECORD_TYPE(assertion_record, assertion, fields);

static bool is_word(struct slice text)
{
    static const char others[] = "_-+.";
    bool good = text.len > 0 && text.len <= ASSERTION_TEXT_MAX;
    for (size_t i = 0; good && i < text.len; i++)
        good = (text.data[i] >= 'a' && text.data[i] <= 'z') || ascii_is_digit(text.data[i]) ||
               memchr(others, text.data[i], sizeof others - 1) != NULL;
    return good;
}

static enum status check(const struct assertion *assertion, struct problem *why)
{
    for (size_t i = 0; i < assertion_record.field_count; i++) {
        const struct record_field *field = &fields[i];
        const void *value = (const char *)assertion + field->offset;
        if (field->kind == RECORD_TEXT && !is_word(*(const struct slice *)value))
            return problem_set(why, ST_INVALID, "assertion: %s is no id or word", field->name);
    }
    /* The first bound keeps the difference in range. */
    if (assertion->issued.us < 0 || assertion->ends.us <= assertion->issued.us ||
        assertion->ends.us - assertion->issued.us > (int64_t)ASSERTION_SECONDS_MAX * SECOND_US)
        return problem_set(why, ST_INVALID, "assertion: its times are no minute");
    return ST_OK;
}

enum status assertion_format(const struct assertion *assertion, struct buffer *body,
                             struct problem *why)
{
    TRY(check(assertion, why));
    buffer_add_char(body, ASSERTION_VERSION);
    record_encode(&assertion_record, assertion, body);
    return buffer_check(body, "assertion", why);
}

enum status assertion_parse(struct slice body, struct arena *arena, struct assertion *out,
                            struct problem *why)
{
    AUTO_BUFFER again = buffer_create(ASSERTION_BYTES_MAX);
    struct assertion parsed;
    if (body.len == 0 || body.data[0] != ASSERTION_VERSION)
        return problem_set(why, ST_INVALID, "assertion: of another version");
    TRY(record_decode(&assertion_record, slice_sub(body, 1, body.len), arena, &parsed, why));
    TRY(assertion_format(&parsed, &again, why));
    if (!slice_equal(buffer_slice(&again), body)) /* two spellings would be two assertions */
        return problem_set(why, ST_INVALID, "assertion: not as it is written");
    *out = parsed;
    return ST_OK;
}

enum status assertion_make(const struct secret *key, const struct assertion *assertion,
                           struct arena *arena, struct slice *out, struct problem *why)
{
    AUTO_BUFFER text = buffer_create(ASSERTION_BYTES_MAX), id = buffer_create(2 * ID_BYTES + 1);
    struct assertion whole = *assertion;
    char random[ID_BYTES];
    vault_random(random, sizeof random);
    hex_encode((struct slice){random, sizeof random}, &id);
    whole.id = buffer_slice(&id);
    TRY(assertion_format(&whole, &text, why));
    buffer_add(&text, vault_lookup_hash(key, buffer_slice(&text), arena));
    TRY(buffer_check(&text, "assertion", why));
    *out = arena_copy(arena, buffer_slice(&text));
    return ST_OK;
}

enum status assertion_verify(const struct secret *key, struct slice bytes, struct instant now,
                             struct arena *arena, struct assertion *out, struct problem *why)
{
    struct assertion said;
    if (bytes.len > ASSERTION_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "assertion: too long");
    if (bytes.len <= ASSERTION_MAC_BYTES)
        return problem_set(why, ST_DENIED, "no assertion of a person");
    struct slice body = slice_sub(bytes, 0, bytes.len - ASSERTION_MAC_BYTES);
    struct slice mac = vault_lookup_hash(key, body, arena);
    if (CRYPTO_memcmp(mac.data, bytes.data + body.len, ASSERTION_MAC_BYTES) != 0)
        return problem_set(why, ST_DENIED, "an assertion that authd has not made");
    TRY(assertion_parse(body, arena, &said, why));
    if (now.us >= said.ends.us)
        return problem_set(why, ST_DENIED, "an assertion that has ended");
    if (said.issued.us > now.us && said.issued.us - now.us > (int64_t)ASSERTION_AHEAD_SECONDS * SECOND_US)
        return problem_set(why, ST_DENIED, "an assertion from the future");
    *out = said;
    return ST_OK;
}
