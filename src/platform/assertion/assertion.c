#include "platform/assertion/assertion.h"

#include <openssl/crypto.h>

#include "platform/assertion/internal.h"

enum { ID_BYTES = 16, SECOND_US = 1000000 };

static bool is_word(struct slice text)
{
    static const char others[] = "_-+.";
    bool good = text.len > 0 && text.len <= ASSERTION_TEXT_MAX;
    for (size_t i = 0; good && i < text.len; i++)
        good = (text.data[i] >= 'a' && text.data[i] <= 'z') || ascii_is_digit(text.data[i]) ||
               memchr(others, text.data[i], sizeof others - 1) != NULL;
    return good;
}

static bool is_good(const struct record_field *field, const void *value)
{
    if (field->kind == RECORD_TEXT)
        return is_word(*(const struct slice *)value);
    return field->kind != RECORD_BYTES || ((const struct slice *)value)->len == ASSERTION_DIGEST_BYTES;
}

static struct instant instant_at(const void *assertion, size_t offset)
{
    return *(const struct instant *)((const char *)assertion + offset);
}

static enum status check(const struct assertion_kind *kind, const void *assertion, struct problem *why)
{
    struct instant issued = instant_at(assertion, kind->issued), ends = instant_at(assertion, kind->ends);
    for (size_t i = 0; i < kind->record->field_count; i++) {
        const struct record_field *field = &kind->record->fields[i];
        if (!is_good(field, (const char *)assertion + field->offset))
            return problem_set(why, ST_INVALID, "assertion: %s is no id, word or digest", field->name);
    }
    /* The first bound keeps the difference in range. */
    if (issued.us < 0 || ends.us <= issued.us ||
        ends.us - issued.us > (int64_t)ASSERTION_SECONDS_MAX * SECOND_US)
        return problem_set(why, ST_INVALID, "assertion: its times are no minute");
    return ST_OK;
}

enum status assertion_format(const struct assertion_kind *kind, const void *assertion,
                             struct buffer *body, struct problem *why)
{
    TRY(check(kind, assertion, why));
    buffer_add_char(body, kind->byte);
    record_encode(kind->record, assertion, body);
    return buffer_check(body, "assertion", why);
}

enum status assertion_parse(const struct assertion_kind *kind, struct slice body, struct arena *arena,
                            void *out, struct problem *why)
{
    AUTO_BUFFER again = buffer_create(ASSERTION_BYTES_MAX);
    if (body.len == 0 || body.data[0] != kind->byte)
        return problem_set(why, ST_INVALID, "assertion: of another kind");
    void *parsed = arena_alloc(arena, kind->record->size);
    TRY(record_decode(kind->record, slice_sub(body, 1, body.len), arena, parsed, why));
    TRY(assertion_format(kind, parsed, &again, why));
    if (!slice_equal(buffer_slice(&again), body)) /* two spellings would be two assertions */
        return problem_set(why, ST_INVALID, "assertion: not as it is written");
    memcpy(out, parsed, kind->record->size);
    return ST_OK;
}

enum status assertion_make_kind(const struct assertion_kind *kind, const struct secret *key, void *whole,
                                struct arena *arena, struct slice *out, struct problem *why)
{
    AUTO_BUFFER text = buffer_create(ASSERTION_BYTES_MAX), id = buffer_create(2 * ID_BYTES + 1);
    char random[ID_BYTES];
    vault_random(random, sizeof random);
    hex_encode((struct slice){random, sizeof random}, &id);
    *(struct slice *)((char *)whole + kind->id) = buffer_slice(&id);
    TRY(assertion_format(kind, whole, &text, why));
    buffer_add(&text, vault_lookup_hash(key, buffer_slice(&text), arena));
    TRY(buffer_check(&text, "assertion", why));
    *out = arena_copy(arena, buffer_slice(&text));
    return ST_OK;
}

enum status assertion_verify_kind(const struct assertion_kind *kind, const struct secret *key,
                                  struct slice bytes, struct instant now, struct arena *arena,
                                  void *out, struct problem *why)
{
    if (bytes.len > ASSERTION_BYTES_MAX)
        return problem_set(why, ST_LIMIT, "assertion: too long");
    if (bytes.len <= ASSERTION_MAC_BYTES)
        return problem_set(why, ST_DENIED, "no assertion of a person");
    struct slice body = slice_sub(bytes, 0, bytes.len - ASSERTION_MAC_BYTES);
    struct slice mac = vault_lookup_hash(key, body, arena);
    if (CRYPTO_memcmp(mac.data, bytes.data + body.len, ASSERTION_MAC_BYTES) != 0)
        return problem_set(why, ST_DENIED, "an assertion that authd has not made");
    void *said = arena_alloc(arena, kind->record->size);
    TRY(assertion_parse(kind, body, arena, said, why));
    struct instant issued = instant_at(said, kind->issued);
    if (now.us >= instant_at(said, kind->ends).us)
        return problem_set(why, ST_CONFLICT, "an assertion that has ended");
    if (issued.us > now.us && issued.us - now.us > (int64_t)ASSERTION_AHEAD_SECONDS * SECOND_US)
        return problem_set(why, ST_CONFLICT, "an assertion from the future");
    memcpy(out, said, kind->record->size);
    return ST_OK;
}
