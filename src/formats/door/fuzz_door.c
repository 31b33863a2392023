/* Any bytes as a door log: what is taken is whole, and within its limits. */
#include <assert.h>

#include "formats/door/door.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct door_log log;
    struct slice text = {(const char *)data, size};
    if (door_read(text, zone_utc(), arena, &log, NULL) != ST_OK)
        return 0;
    assert(log.count + log.refused <= DOOR_LINES_MAX && (log.refused == 0) == (log.first_refused == 0));
    for (size_t i = 0; i < log.count; i++) {
        const struct door_line *line = &log.items[i];
        assert(line->person.len > 0 && line->person.len <= DOOR_PERSON_BYTES_MAX && line->method < DOOR_METHOD_COUNT_);
        assert(slice_find(line->person, LIT("\0"), 0) == SIZE_MAX);
    }
    return 0;
}
