/* Bytes that a stranger could put into storage or in place of the root key file. */
#include <assert.h>

#include "platform/vault/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char bytes[VAULT_KEY_BYTES] = {1};
    static const struct seal_place place = {.table = {"fuzz", 4}, .key_version = 1};
    AUTO_ARENA arena = arena_create(((size_t)64 << 20) + 4 * size);
    AUTO_SECRET key = secret_create(bytes, sizeof bytes);
    AUTO_SECRET unwrapped = NULL;
    struct slice input = {(const char *)data, size}, plain;
    struct sealed sealed;
    struct root_file file;
    assert(vault_open(key, &place, (struct sealed){input}, arena, &plain, NULL) == ST_DENIED);
    assert(key_unwrap(key, &place, (struct sealed){input}, &unwrapped, NULL) == ST_DENIED);
    assert(vault_seal(key, &place, input, arena, &sealed, NULL) == ST_OK);
    assert(vault_open(key, &place, sealed, arena, &plain, NULL) == ST_OK);
    assert(slice_equal(plain, input));
    (void)!root_file_parse(input, arena, &file, NULL);
    return 0;
}
