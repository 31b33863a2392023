#include <assert.h>

#include "base/arena/arena.h"
#include "platform/crash/crash.h"

/* A role that was taken over says anything to its parent: bounds hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct crash_note note;
    if (crash_note_read((struct slice){(const char *)data, size}, &note, NULL) != ST_OK)
        return 0;
    AUTO_ARENA arena = arena_create(1024);
    assert(note.count <= CRASH_ADDRESSES_MAX && note.signal != 0);
    struct slice build = crash_note_build(&note, arena);
    assert(build.len == 2 * (size_t)note.build_len || slice_equal(build, LIT("none")));
    return 0;
}
