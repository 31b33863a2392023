#ifndef RENDEZ_ROLES_PROBER_PUBLISHED_H
#define RENDEZ_ROLES_PROBER_PUBLISHED_H

#include <stdbool.h>

#include "base/bytes/bytes.h"

/* The published log as a client sees it who takes nothing on trust: fetched file by file, and looked at with the code
 * of rendez-verify, which shares none with the log. Apart from check.h, since that code has names of its own for what
 * we have too. */

/* One file of the log, "checkpoint" or "tile/0/000", in the arena. ST_NOT_FOUND: there is none. */
typedef enum status published_get_fn(void *context, const char *path, struct slice *out, struct problem *why);

enum { PUBLISHED_WITNESSES_MAX = 16, PUBLISHED_ROOT_CHARS = 64 };
struct published_source {
    published_get_fn *get;
    void *context;
    struct slice key; /* of the log, "NAME+ID+BASE64" */
    struct slice witnesses[PUBLISHED_WITNESSES_MAX];
    size_t witness_count;
};

struct published;

/* What is wrong with the log is `wrong`, a cause of TRA-05's words, and NULL when all holds; what could not be fetched
 * is a status. Everything is in the arena. */

/* Takes the checkpoint: of that log, signed by that key; no cosignature is forged.
 * wrong: "no_checkpoint", "not_signed", "cosignature_forged" */
MUST_USE enum status published_open(const struct published_source *source, struct arena *arena, struct published **out,
                                    const char **wrong, struct problem *why);
uint64_t published_size(const struct published *log);
struct slice published_root(const struct published *log); /* in hexadecimal */
size_t published_witnessed(const struct published *log);
int64_t published_witnessed_s(const struct published *log); /* the newest cosignature, seconds since 1970; 0: none */
uint64_t published_tiles(const struct published *log);      /* of entries: 256 each, but for the last */

/* Every entry of these tiles is the one that was hashed, and its hash is under the root. Tiles past the end are none.
 * *walked: how many were looked at; fewer than asked for where they are large. wrong: "tile_changed", "tile_missing" */
MUST_USE enum status published_walk(struct published *log, uint64_t first, uint64_t count, uint64_t *walked,
                                    const char **wrong, struct problem *why);

/* Whether it goes on from a log of that size and root. wrong: "rolled_back", "rewritten", "tile_missing" */
MUST_USE enum status published_continues(struct published *log, uint64_t size, struct slice root, const char **wrong,
                                         struct problem *why);

/* Whether a proof (C2SP tlog-proof) that carries its entry holds under this log's key. *entry: that line.
 * wrong: "not_included" */
MUST_USE enum status published_prove(struct published *log, struct slice proof, struct slice *entry, const char **wrong,
                                     struct problem *why);

/* SHA-256 of a key's text, in hexadecimal: what is pinned. */
struct slice published_pin(struct slice key, struct arena *arena);

#endif
