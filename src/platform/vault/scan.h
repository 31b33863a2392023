#ifndef RENDEZ_PLATFORM_VAULT_SCAN_H
#define RENDEZ_PLATFORM_VAULT_SCAN_H

#include "platform/vault/vault.h"

/* A look at many sealed entries without any key: whether each is well formed, whether a salt or an IV
 * comes twice (a copied entry, or a random source that began again), whether their bytes look random. */
struct entry_scan;
#define AUTO_ENTRY_SCAN __attribute__((cleanup(entry_scan_destroy))) struct entry_scan *
struct entry_scan *entry_scan_create(void);
void entry_scan_destroy(struct entry_scan **scan); /* accepts NULL */

/* place: "message.sealed_raw", static; row: a number that finds it again. */
void entry_scan_add(struct entry_scan *scan, const char *place, int64_t row, struct sealed sealed);

/* How far somebody is who goes through the entries of a database in steps. */
struct entry_cursor {
    unsigned place; /* which table */
    int64_t row;    /* up to which row */
    bool ended;
};

struct entry_at {
    const char *place; /* NULL: none */
    int64_t row;
};
enum { ENTRY_BYTES = 24 }; /* of the nonce: salt and IV */
struct entry_scanned {
    size_t entries, malformed;
    size_t repeated_salts, repeated_ivs;
    struct entry_at bad;                      /* the first that is not well formed */
    struct entry_at first, second;            /* two with the same salt or IV */
    double worst_chi_square;                  /* of the 24 positions; 255 is expected */
    int worst_position;
    bool is_enough;                           /* entries to say so: 5 for each value */
    bool looks_random;
};
/* Sorts; may be called once. The limit of chi-square is passed by chance once in ten million scans. */
void entry_scan_conclude(struct entry_scan *scan, struct entry_scanned *out);

#endif
