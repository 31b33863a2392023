#include <assert.h>

#include "formats/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    AUTO_JSON first = NULL;
    AUTO_JSON second = NULL;
    if (json_read((struct slice){(const char *)data, size}, &first, NULL) == ST_OK) {
        enum status again = json_read(json_write(first, arena), &second, NULL);
        assert(again == ST_OK && json_equal(first, second));
    }
    return 0;
}
