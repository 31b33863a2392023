/* Input: the number of a kind of message (two bytes, little-endian) and its payload, as another
 * role could send it. What is read can be written, and reads the same again. */
#include <assert.h>

#include "platform/ipc/ipc.h"
#include "roles/messages/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_and_write(const struct record_type *type, struct slice payload, struct buffer *out)
{
    AUTO_ARENA arena = arena_create((size_t)64 << 20);
    void *object = arena_alloc(arena, type->size);
    if (record_decode(type, payload, arena, object, NULL) != ST_OK)
        return false;
    record_encode(type, object, out);
    assert(!out->full);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 1 << 20)
        return 0;
    const struct ipc_kind *kind = message_kind((uint16_t)(data[0] | data[1] << 8));
    if (kind == NULL)
        return 0;
    AUTO_BUFFER once = buffer_create((size_t)64 << 20);
    AUTO_BUFFER again = buffer_create((size_t)64 << 20);
    struct slice payload = {(const char *)data + 2, size - 2};
    if (!read_and_write(kind->type, payload, &once))
        return 0;
    assert(read_and_write(kind->type, buffer_slice(&once), &again));
    assert(slice_equal(buffer_slice(&once), buffer_slice(&again)));
    return 0;
}
