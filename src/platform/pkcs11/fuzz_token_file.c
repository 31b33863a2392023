/* What somebody could put in place of the file beside the root key. */
#include <assert.h>

#include "platform/pkcs11/pkcs11.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((1 << 16) + 4 * size);
    struct token_file file, again;
    struct slice text = {(const char *)data, size};
    if (token_file_parse(text, arena, &file, NULL) != ST_OK)
        return 0;
    assert(token_file_parse(token_file_format(&file, arena), arena, &again, NULL) == ST_OK);
    assert(slice_equal(file.id, again.id) && slice_equal(file.sealed, again.sealed));
    return 0;
}
