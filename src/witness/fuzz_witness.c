/* A request to a witness: what its log, or anybody, may send. */
#include <stdlib.h>

#include "witness/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct witness_request request;
    struct slice body = {(const char *)data, size};
    if (witness_read_request(body, &request, NULL) != ST_OK)
        return 0;
    AUTO_ARENA arena = arena_create(1 << 20);
    struct ledger_head head;
    if (request.proof.count >= LEDGER_PROOF_MAX || request.checkpoint.len >= size)
        abort();
    /* Nobody has that key: what is read of a checkpoint stays unsigned. */
    if (ledger_open_checkpoint(request.checkpoint,
                               LIT("a.example/log+9d1ec0ab+AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"), arena,
                               &head, NULL) == ST_OK)
        abort();
    return 0;
}
