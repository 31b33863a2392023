/* What a taken-over console could bring to keyd, or api to the planner: as it is, and behind a MAC
 * that fits, as either kind. */
#include <assert.h>

#include "platform/assertion/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct instant now = {1000000};

static void check_lease(const struct secret *key, struct slice whole, struct slice body, struct arena *arena)
{
    struct assertion said;
    if (assertion_verify(key, whole, now, arena, &said, NULL) != ST_OK)
        return;
    AUTO_BUFFER again = buffer_create(ASSERTION_BYTES_MAX);
    assert(assertion_format(&assertion_of_lease, &said, &again, NULL) == ST_OK);
    assert(slice_equal(buffer_slice(&again), body));
}

static void check_caller(const struct secret *key, struct slice whole, struct slice body, struct arena *arena)
{
    struct caller_assertion said;
    if (caller_assertion_verify(key, whole, now, arena, &said, NULL) != ST_OK)
        return;
    AUTO_BUFFER again = buffer_create(ASSERTION_BYTES_MAX);
    assert(assertion_format(&assertion_of_caller, &said, &again, NULL) == ST_OK);
    assert(slice_equal(buffer_slice(&again), body));
    assert(said.digest.len == ASSERTION_DIGEST_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char bytes[VAULT_KEY_BYTES] = {1};
    AUTO_ARENA arena = arena_create((1 << 20) + 8 * size);
    AUTO_SECRET key = secret_create(bytes, sizeof bytes);
    struct slice input = {(const char *)data, size};
    struct assertion lease;
    struct caller_assertion caller;
    assert(assertion_verify(key, input, now, arena, &lease, NULL) != ST_OK);
    assert(caller_assertion_verify(key, input, now, arena, &caller, NULL) != ST_OK);
    if (size > ASSERTION_BYTES_MAX - ASSERTION_MAC_BYTES)
        return 0;
    AUTO_BUFFER whole = buffer_create(ASSERTION_BYTES_MAX);
    buffer_add(&whole, input);
    buffer_add(&whole, vault_lookup_hash(key, input, arena));
    check_lease(key, buffer_slice(&whole), input, arena);
    check_caller(key, buffer_slice(&whole), input, arena);
    return 0;
}
