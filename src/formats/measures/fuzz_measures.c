/* A report that is read and written is read the same again. */
#include <assert.h>

#include "formats/measures/measures.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER text = buffer_create(2 * MEASURES_BYTES_MAX);
    struct measure_list list = {0}, again = {0};
    if (measures_parse((struct slice){(const char *)data, size}, arena, &list, NULL) != ST_OK)
        return 0;
    measures_format_head(&text);
    for (size_t i = 0; i < list.count; i++)
        measure_format(&list.items[i], &text);
    assert(measures_parse(buffer_slice(&text), arena, &again, NULL) == ST_OK && again.count == list.count);
    return 0;
}
