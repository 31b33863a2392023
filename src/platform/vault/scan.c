#include "platform/vault/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HALF_BYTES = 12, VALUES = 256, ENOUGH_EACH = 5, HEADER_BYTES = 5, FIRST_ROOM = 4096 };

/* Chi-square with 255 degrees of freedom is over 400 by chance once in 150 million times; 24 positions
 * are looked at. */
static const double CHI_SQUARE_MAX = 400;

struct nonce {
    unsigned char bytes[ENTRY_BYTES];
    const char *place;
    int64_t row;
};

struct entry_scan {
    struct nonce *nonces;
    size_t count, capacity;
    size_t malformed;
    struct entry_at bad;
    size_t seen[ENTRY_BYTES][VALUES];
};

struct entry_scan *entry_scan_create(void)
{
    return must_calloc(1, sizeof(struct entry_scan));
}

void entry_scan_destroy(struct entry_scan **scan)
{
    if (*scan == NULL)
        return;
    free((*scan)->nonces);
    free(*scan);
    *scan = NULL;
}

static void make_room(struct entry_scan *scan)
{
    size_t capacity = scan->capacity == 0 ? FIRST_ROOM : 2 * scan->capacity;
    struct nonce *more = realloc(scan->nonces, capacity * sizeof *more);
    if (more == NULL) {
        fputs("scan: out of memory\n", stderr);
        abort();
    }
    scan->nonces = more;
    scan->capacity = capacity;
}

void entry_scan_add(struct entry_scan *scan, const char *place, int64_t row, struct sealed sealed)
{
    uint32_t version;
    if (sealed_key_version(sealed, &version) != ST_OK || version == 0) {
        if (scan->malformed++ == 0)
            scan->bad = (struct entry_at){place, row};
        return;
    }
    if (scan->count == scan->capacity)
        make_room(scan);
    struct nonce *nonce = &scan->nonces[scan->count++];
    nonce->place = place;
    nonce->row = row;
    memcpy(nonce->bytes, sealed.bytes.data + HEADER_BYTES, ENTRY_BYTES);
    for (size_t i = 0; i < ENTRY_BYTES; i++)
        scan->seen[i][nonce->bytes[i]]++;
}

static int by_salt(const void *a, const void *b)
{
    return memcmp(((const struct nonce *)a)->bytes, ((const struct nonce *)b)->bytes, HALF_BYTES);
}

static int by_iv(const void *a, const void *b)
{
    return memcmp(((const struct nonce *)a)->bytes + HALF_BYTES,
                  ((const struct nonce *)b)->bytes + HALF_BYTES, HALF_BYTES);
}

static size_t count_repeated(struct entry_scan *scan, int (*order)(const void *, const void *),
                             struct entry_scanned *out)
{
    size_t repeated = 0;
    if (scan->count > 0)
        qsort(scan->nonces, scan->count, sizeof *scan->nonces, order);
    for (size_t i = 1; i < scan->count; i++) {
        const struct nonce *a = &scan->nonces[i - 1], *b = &scan->nonces[i];
        if (order(a, b) != 0)
            continue;
        repeated++;
        out->first = (struct entry_at){a->place, a->row};
        out->second = (struct entry_at){b->place, b->row};
    }
    return repeated;
}

/* How far the counts of one position are from what chance gives. */
static double chi_square(const size_t seen[VALUES], size_t count)
{
    double expected = (double)count / VALUES, sum = 0;
    for (size_t i = 0; i < VALUES; i++) {
        double off = (double)seen[i] - expected;
        sum += off * off / expected;
    }
    return sum;
}

void entry_scan_conclude(struct entry_scan *scan, struct entry_scanned *out)
{
    *out = (struct entry_scanned){.entries = scan->count + scan->malformed,
                                  .malformed = scan->malformed,
                                  .bad = scan->bad,
                                  .is_enough = scan->count >= (size_t)VALUES * ENOUGH_EACH};
    for (int i = 0; scan->count > 0 && i < ENTRY_BYTES; i++) {
        double found = chi_square(scan->seen[i], scan->count);
        if (found <= out->worst_chi_square)
            continue;
        out->worst_chi_square = found;
        out->worst_position = i;
    }
    out->looks_random = !out->is_enough || out->worst_chi_square < CHI_SQUARE_MAX;
    out->repeated_salts = count_repeated(scan, by_salt, out);
    out->repeated_ivs = count_repeated(scan, by_iv, out);
}
