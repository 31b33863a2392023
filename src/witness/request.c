#include "witness/witness.h"

/* "old SIZE", a line for each hash, an empty one, the checkpoint. */
enum status witness_read_request(struct slice body, struct witness_request *out, struct problem *why)
{
    struct slice line;
    struct witness_request request = {.old = 0};
    size_t split = slice_find(body, LIT("\n\n"), 0);
    if (body.len > WITNESS_REQUEST_BYTES_MAX || split == SIZE_MAX || !slice_starts(body, LIT("old ")))
        return problem_set(why, ST_INVALID, "not a request to add a checkpoint");
    struct slice head = slice_sub(body, 0, split + 1);
    request.checkpoint = slice_sub(body, split + 2, body.len);
    if (!slice_next_line(&head, &line) || !slice_to_u64(slice_sub(line, 4, line.len), INT64_MAX, &request.old))
        return problem_set(why, ST_INVALID, "the old size is no number");
    while (slice_next_line(&head, &line))
        if (request.proof.count == LEDGER_PROOF_MAX - 1 ||
            !ledger_read_hash(line, &request.proof.items[request.proof.count++]))
            return problem_set(why, ST_INVALID, "the proof is none");
    *out = request;
    return ST_OK;
}
