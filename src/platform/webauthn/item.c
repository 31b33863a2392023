#include <cbor.h>

#include "platform/webauthn/internal.h"

enum { DEPTH_MAX = 4 }; /* CTAP 2.1 section 8: no message nests deeper */

/* libcbor's decoder of one item at a time: it allocates nothing, whatever lengths a stranger
 * writes, and calls back with what it found. */
struct found {
    struct item item;
    bool good;
};

static void found_number(void *context, uint64_t value)
{
    struct found *found = context;
    found->item = (struct item){.kind = ITEM_NUMBER, .number = (int64_t)value};
    found->good = value <= INT64_MAX;
}

static void found_negative(void *context, uint64_t value)
{
    struct found *found = context;
    found->item = (struct item){.kind = ITEM_NUMBER, .number = -1 - (int64_t)(value & INT64_MAX)};
    found->good = value <= INT64_MAX;
}

/* The narrower callbacks all say the same in another type. */
#define NARROW(bits)                                                                               \
    static void found_number##bits(void *context, uint##bits##_t value)                            \
    {                                                                                              \
        found_number(context, value);                                                              \
    }                                                                                              \
    static void found_negative##bits(void *context, uint##bits##_t value)                          \
    {                                                                                              \
        found_negative(context, value);                                                            \
    }
NARROW(8)
NARROW(16)
NARROW(32)

static void found_bytes(void *context, cbor_data data, size_t len)
{
    struct found *found = context;
    found->item = (struct item){.kind = ITEM_BYTES, .bytes = {(const char *)data, len}};
}

static void found_text(void *context, cbor_data data, size_t len)
{
    struct found *found = context;
    found->item = (struct item){.kind = ITEM_TEXT, .bytes = {(const char *)data, len}};
    found->good = utf8_bad_at(found->item.bytes) == SIZE_MAX;
}

static void found_list(void *context, size_t count)
{
    struct found *found = context;
    found->item = (struct item){.kind = ITEM_LIST, .count = count};
}

static void found_map(void *context, size_t count)
{
    struct found *found = context;
    found->item = (struct item){.kind = ITEM_MAP, .count = count};
}

static void forbidden(void *context)
{
    ((struct found *)context)->good = false;
}

static void forbidden_tag(void *context, uint64_t tag)
{
    (void)tag;
    forbidden(context);
}

static struct cbor_callbacks callbacks(void)
{
    struct cbor_callbacks calls = cbor_empty_callbacks; /* booleans, null, floats: ITEM_OTHER */
    calls.uint8 = found_number8;
    calls.uint16 = found_number16;
    calls.uint32 = found_number32;
    calls.uint64 = found_number;
    calls.negint8 = found_negative8;
    calls.negint16 = found_negative16;
    calls.negint32 = found_negative32;
    calls.negint64 = found_negative;
    calls.byte_string = found_bytes;
    calls.string = found_text;
    calls.array_start = found_list;
    calls.map_start = found_map;
    calls.byte_string_start = forbidden;
    calls.string_start = forbidden;
    calls.indef_array_start = forbidden;
    calls.indef_map_start = forbidden;
    calls.indef_break = forbidden;
    calls.tag = forbidden_tag;
    return calls;
}

bool item_next(struct slice *rest, struct item *item)
{
    struct cbor_callbacks calls = callbacks();
    struct found found = {.item = {.kind = ITEM_OTHER}, .good = true};
    struct cbor_decoder_result result =
        cbor_stream_decode(bytes_of(*rest), rest->len, &calls, &found);
    if (rest->len == 0 || result.status != CBOR_DECODER_FINISHED || !found.good ||
        result.read == 0 || result.read > rest->len || found.item.count > rest->len - result.read)
        return false;
    *item = found.item;
    *rest = slice_sub(*rest, result.read, rest->len);
    return true;
}

static bool skip(struct slice *rest, unsigned depth)
{
    struct item item;
    if (depth > DEPTH_MAX || !item_next(rest, &item))
        return false;
    size_t inside = item.kind == ITEM_LIST  ? item.count
                    : item.kind == ITEM_MAP ? item.count * 2
                                            : 0;
    for (size_t i = 0; i < inside; i++)
        if (!skip(rest, depth + 1))
            return false;
    return true;
}

bool item_whole(struct slice *rest, struct slice *bytes)
{
    struct slice after = *rest;
    if (!skip(&after, 1))
        return false;
    *bytes = slice_sub(*rest, 0, rest->len - after.len);
    *rest = after;
    return true;
}
