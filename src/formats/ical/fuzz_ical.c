/* What was read can be written, and read again with the same number of events. */
#include <assert.h>

#include "formats/ical/ical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 20)
        return 0;
    AUTO_ARENA arena = arena_create(3 * ical_arena_bytes(1 << 20));
    struct slice text = {(const char *)data, size}, written;
    struct ical_calendar calendar, again;
    struct instant stamp = {0};
    if (ical_parse(text, arena, &calendar, NULL) != ST_OK)
        return 0;
    if (ical_format(&calendar, stamp, arena, &written, NULL) != ST_OK)
        return 0;
    assert(ical_parse(written, arena, &again, NULL) == ST_OK);
    assert(again.events.count == calendar.events.count && again.skipped == 0);
    struct slice uid = calendar.events.count > 0 ? calendar.events.items[0].uid : LIT("a");
    if (ical_splice(text, uid, NULL, stamp, arena, &written, NULL) == ST_OK)
        assert(written.len < text.len);
    return 0;
}
