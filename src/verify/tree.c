#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

/* One context for all of them: fetching the digest costs more than most leaves. */
static struct hash sha256(unsigned char prefix, bool prefixed, const void *a, size_t a_len,
                          const void *b, size_t b_len)
{
    static EVP_MD_CTX *context;
    static EVP_MD *digest;
    struct hash out;
    if (context == NULL) {
        context = EVP_MD_CTX_new();
        digest = EVP_MD_fetch(NULL, "SHA256", NULL);
    }
    if (context == NULL || digest == NULL || EVP_DigestInit_ex2(context, digest, NULL) != 1 ||
        (prefixed && EVP_DigestUpdate(context, &prefix, 1) != 1) ||
        EVP_DigestUpdate(context, a, a_len) != 1 || EVP_DigestUpdate(context, b, b_len) != 1 ||
        EVP_DigestFinal_ex(context, out.bytes, NULL) != 1)
        abort();
    return out;
}

struct hash hash_of(const void *data, size_t len)
{
    return sha256(0, false, data, len, "", 0);
}

struct hash hash_leaf(const void *data, size_t len)
{
    return sha256(0x00, true, data, len, "", 0);
}

struct hash hash_node(const struct hash *left, const struct hash *right)
{
    return sha256(0x01, true, left->bytes, HASH_BYTES, right->bytes, HASH_BYTES);
}

void tree_add(struct tree *tree, const struct hash *leaf)
{
    struct hash last = *leaf;
    for (uint64_t bits = tree->size; (bits & 1) != 0; bits >>= 1)
        last = hash_node(&tree->parts[--tree->count], &last);
    tree->parts[tree->count++] = last;
    tree->size++;
}

struct hash tree_root(const struct tree *tree)
{
    if (tree->count == 0)
        return hash_of("", 0);
    struct hash root = tree->parts[tree->count - 1];
    for (unsigned i = tree->count - 1; i-- > 0;)
        root = hash_node(&tree->parts[i], &root);
    return root;
}

/* RFC 9162 section 2.1.3.2. */
bool inclusion_holds(uint64_t index, uint64_t size, const struct hash *leaf,
                     const struct hash *proof, size_t proof_len, const struct hash *root)
{
    if (index >= size)
        return false;
    uint64_t at = index, last = size - 1;
    struct hash hash = *leaf;
    for (size_t i = 0; i < proof_len; i++) {
        if (last == 0)
            return false;
        if ((at & 1) != 0 || at == last) {
            hash = hash_node(&proof[i], &hash);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = hash_node(&hash, &proof[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(&hash, root);
}

/* RFC 9162 section 2.1.4.2. */
bool consistency_holds(uint64_t size1, uint64_t size2, const struct hash *proof, size_t proof_len,
                       const struct hash *root1, const struct hash *root2)
{
    if (size1 == 0 || size1 > size2)
        return false;
    if (size1 == size2)
        return proof_len == 0 && hash_equal(root1, root2);
    /* A first tree that is full is not in the proof: it is root1 itself. */
    bool full = (size1 & (size1 - 1)) == 0;
    if (!full && proof_len == 0)
        return false;
    uint64_t at = size1 - 1, last = size2 - 1;
    while ((at & 1) != 0) {
        at >>= 1;
        last >>= 1;
    }
    struct hash old = full ? *root1 : proof[0], new = old;
    for (size_t i = full ? 0 : 1; i < proof_len; i++) {
        if (last == 0)
            return false;
        if ((at & 1) != 0 || at == last) {
            old = hash_node(&proof[i], &old);
            new = hash_node(&proof[i], &new);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new = hash_node(&new, &proof[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(&old, root1) && hash_equal(&new, root2);
}
