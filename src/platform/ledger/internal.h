#ifndef RENDEZ_PLATFORM_LEDGER_INTERNAL_H
#define RENDEZ_PLATFORM_LEDGER_INTERNAL_H

#include "platform/ledger/ledger.h"

enum { LEVELS = 8, PATH_BYTES_MAX = 512, BUNDLE_BYTES_MAX = LEDGER_WIDTH * (2 + LEDGER_ENTRY_BYTES_MAX) };

/* The right edge of the tree on disk: at each level what its last tile holds so far. */
struct edge {
    struct {
        struct ledger_hash hashes[LEDGER_WIDTH];
        unsigned count;
    } levels[LEVELS];
    uint64_t size;
};

/* tree.c */
struct ledger_hash leaf_hash(struct slice entry);
struct ledger_hash node_hash(const struct ledger_hash *left, const struct ledger_hash *right);
/* Root of a tree of these subtrees, all of one size but perhaps the last. count from 1. */
struct ledger_hash part_root(const struct ledger_hash *hashes, uint64_t count);
struct ledger_hash edge_root(const struct edge *edge);
/* The largest power of two below n, from 2 on. */
uint64_t split_of(uint64_t n);
bool proof_is_consistent(uint64_t size1, uint64_t size2, const struct ledger_proof *proof,
                         const struct ledger_hash *root1, const struct ledger_hash *root2);

/* tiles.c. level -1: of entries. Not on disk before tiles_sync: the journal has what they hold until a
 * checkpoint covers them. */
MUST_USE enum status tile_write(const char *folder, int level, uint64_t index, unsigned width,
                                struct slice bytes, struct problem *why);
MUST_USE enum status tiles_sync(const char *folder, struct problem *why);
/* ST_NOT_FOUND; ST_INVALID when it is shorter than `width` hashes (level from 0). */
MUST_USE enum status tile_read(const char *folder, int level, uint64_t index, unsigned width,
                               struct arena *arena, struct slice *bytes, struct problem *why);

/* note.c */
struct ledger_note {
    struct slice origin, body;
    uint64_t size;
    struct ledger_hash root;
};
struct slice note_body(struct slice origin, uint64_t size, const struct ledger_hash *root,
                       struct arena *arena);
/* "— NAME BASE64\n" */
MUST_USE enum status note_sign(struct slice name, const struct secret *seed, struct slice body,
                               struct arena *arena, struct slice *line, struct problem *why);
/* Reads a checkpoint and checks the signature of that public key ("NAME+ID+BASE64").
 * ST_INVALID: no checkpoint. ST_DENIED: not signed by it. */
MUST_USE enum status note_open(struct slice text, struct slice public_key, struct arena *arena,
                               struct ledger_note *out, struct problem *why);

/* journal.c */
struct journal {
    int fd;
};
/* Calls `each` for whole records in order, cuts off what is torn behind them. */
MUST_USE enum status journal_open(const char *folder, struct journal *out, ledger_entry_fn *each,
                                  void *context, struct problem *why);
MUST_USE enum status journal_append(struct journal *journal, uint64_t first,
                                    const struct slice *entries, size_t count, struct problem *why);
/* Leaves only these. */
MUST_USE enum status journal_restart(struct journal *journal, const char *folder, uint64_t first,
                                     const struct slice *entries, size_t count, struct problem *why);

struct ledger {
    char *folder;
    struct slice origin, public_key;
    const struct secret *seed;
    struct arena *arena;   /* of the above */
    struct edge edge;      /* of all tiles that are written */
    uint64_t published;    /* size of the newest checkpoint: what is between is being published */
    struct buffer note;    /* the checkpoint of that, signed; empty: nothing is being published */
    struct buffer bundle;  /* entries of the last, unfinished tile */
    struct journal journal;
    struct arena *waiting_arena;
    struct slice_list waiting; /* in the journal, in no tile */
    bool broken; /* the disk failed in the middle of something: open it again */
};

#endif
