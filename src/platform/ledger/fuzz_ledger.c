/* Input: a line of keys or of a witness, then a checkpoint. What witnesses answer and what lies on disk: nothing of it
 * is believed that our key has not signed, and what is read is written in one form only. */
#include <assert.h>

#include "platform/ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_hash(struct slice text)
{
    struct ledger_hash hash;
    AUTO_BUFFER again = buffer_create(64);
    if (!ledger_read_hash(text, &hash))
        return;
    base64_encode((struct slice){(const char *)hash.bytes, sizeof hash.bytes}, &again);
    assert(slice_equal(buffer_slice(&again), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice key = LIT("rendez.example/log+1732228b+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f");
    struct slice rest = {(const char *)data, size}, line = SLICE_NONE;
    struct ledger_head head;
    AUTO_ARENA arena = arena_create((size_t)32 << 20);
    slice_next_line(&rest, &line);
    check_hash(line);
    bool log = ledger_is_log_key(line), witness = ledger_is_cosignature(rest, line, LIT("rendez.example/log\n1\nAAAA\n"));
    assert(!(log && witness));
    assert(!ledger_is_cosignature(line, key, rest)); /* a log is no witness */
    /* Nobody has the secret of that key. */
    assert(ledger_is_log_key(key) && ledger_open_checkpoint(rest, key, arena, &head, NULL) != ST_OK);
    if (log && ledger_open_checkpoint(rest, line, arena, &head, NULL) == ST_OK)
        assert(head.origin.len < line.len);
    return 0;
}
