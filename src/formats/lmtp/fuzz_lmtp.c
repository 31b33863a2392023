#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "formats/lmtp/lmtp.h"

/* Any bytes, at once and byte by byte: the same replies, and messages within bounds. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MESSAGE_BYTES_MAX = 4096 };

static bool takes(void *context, struct slice address)
{
    (void)context;
    return address.len % 2 == 0;
}

static void run(struct slice bytes, size_t step, struct buffer *replies)
{
    struct lmtp_options options = {LIT("mx.example"), MESSAGE_BYTES_MAX, takes, NULL};
    struct lmtp *lmtp = lmtp_create(&options);
    enum lmtp_event event = LMTP_MORE;
    for (size_t at = 0; at < bytes.len && event != LMTP_CLOSE;) {
        size_t used = 0;
        event = lmtp_feed(lmtp, slice_sub(bytes, at, at + step), &used, replies);
        assert(used > 0);
        at += used;
        if (event != LMTP_MESSAGE)
            continue;
        const struct lmtp_message *message = lmtp_message(lmtp);
        assert(message->raw.len <= MESSAGE_BYTES_MAX && message->recipient_count > 0);
        assert(utf8_bad_at(message->sender) == SIZE_MAX);
        buffer_add(replies, message->raw);
        lmtp_answer(lmtp, ST_OK, replies);
    }
    lmtp_destroy(&lmtp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    AUTO_BUFFER at_once = buffer_create((size_t)16 << 20);
    AUTO_BUFFER in_pieces = buffer_create((size_t)16 << 20);
    run((struct slice){(const char *)data, size}, size, &at_once);
    run((struct slice){(const char *)data, size}, 1, &in_pieces);
    assert(slice_equal(buffer_slice(&at_once), buffer_slice(&in_pieces)));
    return 0;
}
