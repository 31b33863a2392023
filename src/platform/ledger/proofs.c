#include "platform/ledger/internal.h"

/* Proofs from the tiles on disk (RFC 6962 sections 2.1.1 and 2.1.2). */

/* Hashes of one tile: the whole one, or as much of it as is published. */
static enum status load_tile(struct ledger *ledger, int level, uint64_t index, struct arena *arena,
                             struct slice *out, struct problem *why)
{
    uint64_t hashes = ledger->edge.size >> (8 * level);
    unsigned width = index < hashes / LEDGER_WIDTH ? LEDGER_WIDTH : hashes % LEDGER_WIDTH;
    return tile_read(ledger->folder, level, index, width, arena, out, why);
}

/* A full subtree of 2^height leaves, the index-th of its size. */
static enum status subtree(struct ledger *ledger, unsigned height, uint64_t index,
                           struct ledger_hash *out, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct slice bytes;
    struct ledger_hash hashes[LEDGER_WIDTH];
    unsigned within = height % 8, count = 1u << within;
    uint64_t from = index << within;
    TRY(load_tile(ledger, (int)(height / 8), from / LEDGER_WIDTH, arena, &bytes, why));
    size_t at = from % LEDGER_WIDTH * sizeof *hashes;
    if (at + count * sizeof *hashes > bytes.len)
        return problem_set(why, ST_INVALID, "log: a tile is shorter than the checkpoint says");
    memcpy(hashes, bytes.data + at, count * sizeof *hashes);
    *out = part_root(hashes, count);
    return ST_OK;
}

static bool is_power(uint64_t n, unsigned *height)
{
    for (*height = 0; (uint64_t)1 << *height < n; ++*height)
        ;
    return (uint64_t)1 << *height == n;
}

/* Root of the leaves from `from` on, which begins a subtree at least as large. */
static enum status range_root(struct ledger *ledger, uint64_t from, uint64_t count,
                              struct ledger_hash *out, struct problem *why)
{
    unsigned height;
    struct ledger_hash left, right;
    if (is_power(count, &height))
        return subtree(ledger, height, from >> height, out, why);
    uint64_t k = split_of(count);
    TRY(range_root(ledger, from, k, &left, why));
    TRY(range_root(ledger, from + k, count - k, &right, why));
    *out = node_hash(&left, &right);
    return ST_OK;
}

static enum status push(struct ledger *ledger, uint64_t from, uint64_t count,
                        struct ledger_proof *out, struct problem *why)
{
    if (out->count == LEDGER_PROOF_MAX)
        return problem_set(why, ST_LIMIT, "log: the proof is too long");
    TRY(range_root(ledger, from, count, &out->items[out->count], why));
    out->count++;
    return ST_OK;
}

static void reverse(struct ledger_proof *proof)
{
    for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
        struct ledger_hash kept = proof->items[i];
        proof->items[i] = proof->items[--j];
        proof->items[j] = kept;
    }
}

static enum status check_size(const struct ledger *ledger, uint64_t size, struct problem *why)
{
    return size <= ledger->edge.size ? ST_OK
                                     : problem_set(why, ST_NOT_FOUND, "log: not published yet");
}

enum status ledger_prove_inclusion(struct ledger *ledger, uint64_t number, uint64_t size,
                                   struct ledger_proof *out, struct problem *why)
{
    uint64_t from = 0, count = size, at = number;
    struct ledger_proof proof = {.count = 0};
    TRY(check_size(ledger, size, why));
    if (number >= size)
        return problem_set(why, ST_NOT_FOUND, "log: no such entry");
    while (count > 1) {
        uint64_t k = split_of(count);
        if (at < k) {
            TRY(push(ledger, from + k, count - k, &proof, why));
            count = k;
        } else {
            TRY(push(ledger, from, k, &proof, why));
            from += k;
            at -= k;
            count -= k;
        }
    }
    reverse(&proof);
    *out = proof;
    return ST_OK;
}

enum status ledger_prove_consistency(struct ledger *ledger, uint64_t size1, uint64_t size2,
                                     struct ledger_proof *out, struct problem *why)
{
    uint64_t from = 0, old = size1, count = size2;
    bool whole = true; /* the old tree is that of all leaves from 0: its root is known */
    struct ledger_proof proof = {.count = 0};
    TRY(check_size(ledger, size2, why));
    if (size1 > size2)
        return problem_set(why, ST_NOT_FOUND, "log: the first size is larger");
    while (size1 > 0 && old < count) {
        uint64_t k = split_of(count);
        if (old <= k) {
            TRY(push(ledger, from + k, count - k, &proof, why));
            count = k;
        } else {
            TRY(push(ledger, from, k, &proof, why));
            from += k;
            old -= k;
            count -= k;
            whole = false;
        }
    }
    if (!whole)
        TRY(push(ledger, from, count, &proof, why));
    reverse(&proof);
    *out = proof;
    return ST_OK;
}

/* The tile of entries that `number` stands in, from there on. */
static enum status read_bundle(struct ledger *ledger, uint64_t number, struct arena *arena,
                               struct slice_list *entries, struct problem *why)
{
    struct slice bytes;
    uint64_t index = number / LEDGER_WIDTH, whole = ledger->edge.size / LEDGER_WIDTH;
    unsigned width = index < whole ? LEDGER_WIDTH : ledger->edge.size % LEDGER_WIDTH;
    *entries = (struct slice_list){0};
    TRY(tile_read(ledger->folder, -1, index, width, arena, &bytes, why));
    for (unsigned at = 0; at < width; at++) {
        size_t len = bytes.len < 2 ? SIZE_MAX
                                   : (size_t)(unsigned char)bytes.data[0] << 8 |
                                         (unsigned char)bytes.data[1];
        if (bytes.len < 2 || len > bytes.len - 2)
            return problem_set(why, ST_INVALID, "log: a bundle of entries is cut");
        if (at >= number % LEDGER_WIDTH)
            ARENA_PUSH(arena, entries, slice_sub(bytes, 2, 2 + len));
        bytes = slice_sub(bytes, 2 + len, bytes.len);
    }
    return ST_OK;
}

enum status ledger_each(struct ledger *ledger, uint64_t from, ledger_entry_fn *each, void *context,
                        struct problem *why)
{
    while (from < ledger->edge.size) {
        AUTO_ARENA arena = arena_create(2 * BUNDLE_BYTES_MAX);
        struct slice_list entries;
        TRY(read_bundle(ledger, from, arena, &entries, why));
        for (size_t i = 0; i < entries.count; i++)
            TRY(each(context, from++, entries.items[i], why));
    }
    for (uint64_t size = ledger_size(ledger); from < size; from++)
        TRY(each(context, from, ledger->waiting.items[from - ledger->edge.size], why));
    return ST_OK;
}

enum status ledger_read(struct ledger *ledger, uint64_t number, struct arena *arena,
                        struct slice *entry, struct problem *why)
{
    struct slice_list entries;
    if (number >= ledger_size(ledger))
        return problem_set(why, ST_NOT_FOUND, "log: no such entry");
    if (number >= ledger->edge.size) {
        *entry = arena_copy(arena, ledger->waiting.items[number - ledger->edge.size]);
        return ST_OK;
    }
    TRY(read_bundle(ledger, number, arena, &entries, why));
    *entry = entries.items[0];
    return ST_OK;
}

enum status ledger_proof_file(struct ledger *ledger, uint64_t number, struct arena *arena,
                              struct slice *out, struct problem *why)
{
    AUTO_BUFFER text = buffer_create(1 << 17);
    struct ledger_proof proof;
    struct slice checkpoint;
    TRY(ledger_prove_inclusion(ledger, number, ledger->edge.size, &proof, why));
    TRY(ledger_checkpoint(ledger, arena, &checkpoint, why));
    buffer_add_format(&text, "c2sp.org/tlog-proof@v1\nindex %llu\n", (unsigned long long)number);
    for (size_t i = 0; i < proof.count; i++) {
        base64_encode((struct slice){(const char *)proof.items[i].bytes, 32}, &text);
        buffer_add_char(&text, '\n');
    }
    buffer_add_char(&text, '\n');
    buffer_add(&text, checkpoint);
    TRY(buffer_check(&text, "proof", why));
    *out = arena_copy(arena, buffer_slice(&text));
    return ST_OK;
}
