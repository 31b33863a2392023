/* What a taken-over console could bring to keyd: as it is, and behind a MAC that fits. */
#include <assert.h>

#include "platform/assertion/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char bytes[VAULT_KEY_BYTES] = {1};
    static const struct instant now = {1000000};
    AUTO_ARENA arena = arena_create((1 << 20) + 8 * size);
    AUTO_SECRET key = secret_create(bytes, sizeof bytes);
    struct slice input = {(const char *)data, size};
    struct assertion said;
    assert(assertion_verify(key, input, now, arena, &said, NULL) != ST_OK);
    if (size > ASSERTION_BYTES_MAX - ASSERTION_MAC_BYTES)
        return 0;
    AUTO_BUFFER whole = buffer_create(ASSERTION_BYTES_MAX);
    buffer_add(&whole, input);
    buffer_add(&whole, vault_lookup_hash(key, input, arena));
    if (assertion_verify(key, buffer_slice(&whole), now, arena, &said, NULL) != ST_OK)
        return 0;
    AUTO_BUFFER again = buffer_create(ASSERTION_BYTES_MAX);
    assert(assertion_format(&said, &again, NULL) == ST_OK && slice_equal(buffer_slice(&again), input));
    return 0;
}
