#include <assert.h>

#include "platform/ledger/internal.h"

/* RFC 6962 section 2.1; verification after RFC 9162 section 2.1.4.2. */

static struct ledger_hash hash_of(const void *bytes, size_t len)
{
    struct ledger_hash hash;
    vault_sha256((struct slice){bytes, len}, hash.bytes);
    return hash;
}

struct ledger_hash leaf_hash(struct slice entry)
{
    unsigned char bytes[1 + LEDGER_ENTRY_BYTES_MAX] = {0x00};
    assert(entry.len <= LEDGER_ENTRY_BYTES_MAX);
    memcpy(bytes + 1, entry.data, entry.len);
    return hash_of(bytes, 1 + entry.len);
}

struct ledger_hash node_hash(const struct ledger_hash *left, const struct ledger_hash *right)
{
    unsigned char bytes[1 + 64] = {0x01};
    memcpy(bytes + 1, left->bytes, 32);
    memcpy(bytes + 33, right->bytes, 32);
    return hash_of(bytes, sizeof bytes);
}

uint64_t split_of(uint64_t n)
{
    uint64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

struct ledger_hash part_root(const struct ledger_hash *hashes, uint64_t count)
{
    if (count == 1)
        return hashes[0];
    uint64_t k = split_of(count);
    struct ledger_hash left = part_root(hashes, k), right = part_root(hashes + k, count - k);
    return node_hash(&left, &right);
}

struct ledger_hash edge_root(const struct edge *edge)
{
    struct ledger_hash list[LEDGER_WIDTH + 1], root = hash_of("", 0);
    bool carried = false; /* the smaller tree at the right, from the levels below */
    for (int level = 0; level < LEVELS; level++) {
        unsigned count = edge->levels[level].count;
        memcpy(list, edge->levels[level].hashes, count * sizeof *list);
        if (carried)
            list[count++] = root;
        if (count == 0)
            continue;
        root = part_root(list, count);
        carried = true;
    }
    return root;
}

bool proof_is_consistent(uint64_t size1, uint64_t size2, const struct ledger_proof *proof,
                         const struct ledger_hash *root1, const struct ledger_hash *root2)
{
    if (size1 == 0 || size1 > size2)
        return size1 == 0 && proof->count == 0;
    if (size1 == size2)
        return proof->count == 0 && memcmp(root1, root2, sizeof *root1) == 0;
    size_t used = 0;
    bool full = (size1 & (size1 - 1)) == 0;
    if (!full && proof->count == 0)
        return false;
    struct ledger_hash old = full ? *root1 : proof->items[used++], new = old;
    uint64_t at = size1 - 1, last = size2 - 1;
    for (; (at & 1) != 0; at >>= 1)
        last >>= 1;
    for (; used < proof->count; used++, at >>= 1, last >>= 1) {
        const struct ledger_hash *item = &proof->items[used];
        if (last == 0)
            return false;
        if ((at & 1) == 0 && at != last) {
            new = node_hash(&new, item);
            continue;
        }
        old = node_hash(item, &old);
        new = node_hash(item, &new);
        for (; (at & 1) == 0 && at != 0; at >>= 1)
            last >>= 1;
    }
    return last == 0 && memcmp(&old, root1, sizeof old) == 0 && memcmp(&new, root2, sizeof new) == 0;
}
