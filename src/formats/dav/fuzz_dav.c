#include <assert.h>

#include "formats/dav/dav.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 20)
        return 0;
    AUTO_ARENA arena = arena_create(2 * dav_arena_bytes(1 << 20));
    struct dav_multistatus found;
    struct slice_list hrefs = {0};
    if (dav_parse((struct slice){(const char *)data, size}, arena, &found, NULL) != ST_OK)
        return 0;
    for (size_t i = 0; i < found.responses.count; i++) {
        assert(found.responses.items[i].href.len > 0);
        ARENA_PUSH(arena, &hrefs, found.responses.items[i].href);
    }
    assert(dav_multiget_body(&hrefs, arena).len > 0);
    return 0;
}
