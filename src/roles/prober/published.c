#include "roles/prober/published.h"

#include <string.h>

#include "verify/verify.h"

enum { WALK_BYTES_MAX = 16 << 20, ENTRY_BYTES_MAX = 4096 };

struct fetched {
    int level;
    uint64_t index;
    struct slice bytes;
};
struct fetched_list {
    struct fetched *items;
    size_t count, capacity;
};

struct published {
    const struct published_source *source;
    struct arena *arena;
    struct job job;
    struct report report; /* of the checkpoint */
    int64_t witnessed_s;
    struct fetched_list tiles;
    size_t bytes;      /* that were fetched */
    const char *wrong; /* the first that was found */
};

static struct text text_of(struct slice slice)
{
    return (struct text){slice.data, slice.len};
}

static void found_wrong(struct published *log, const char *wrong)
{
    if (log->wrong == NULL)
        log->wrong = wrong;
}

static struct slice hex_of(const struct hash *hash, struct arena *arena)
{
    AUTO_BUFFER hex = buffer_create(2 * HASH_BYTES + 1);
    hex_encode((struct slice){(const char *)hash->bytes, HASH_BYTES}, &hex);
    return arena_copy(arena, buffer_slice(&hex));
}

struct slice published_pin(struct slice key, struct arena *arena)
{
    struct hash hash = hash_of(key.data, key.len);
    return hex_of(&hash, arena);
}

/* The checkpoint */

static enum status read_keys(struct published *log, struct problem *why)
{
    const struct published_source *source = log->source;
    const char *bad = key_read(text_of(source->key), &log->job.log);
    for (size_t i = 0; bad == NULL && i < source->witness_count; i++)
        bad = key_read(text_of(source->witnesses[i]), &log->job.witnesses[log->job.witness_count++]);
    return bad == NULL ? ST_OK : problem_set(why, ST_INVALID, "%s", bad);
}

static const char *check_signers(struct published *log)
{
    const struct checkpoint *checkpoint = &log->report.checkpoint;
    uint64_t time;
    if (!text_is(checkpoint->origin, log->job.log.name) ||
        note_check(&checkpoint->note, &log->job.log, &time) != NOTE_SIGNED)
        return "not_signed";
    for (size_t i = 0; i < log->job.witness_count; i++) {
        enum note_signed by = note_check(&checkpoint->note, &log->job.witnesses[i], &time);
        if (by == NOTE_FORGED)
            return "cosignature_forged";
        if (by != NOTE_SIGNED)
            continue;
        log->report.witnessed++;
        log->witnessed_s = (int64_t)time > log->witnessed_s ? (int64_t)time : log->witnessed_s;
    }
    return NULL;
}

enum status published_open(const struct published_source *source, struct arena *arena, struct published **out,
                           const char **wrong, struct problem *why)
{
    struct published *log = arena_alloc(arena, sizeof *log);
    struct slice text;
    *log = (struct published){.source = source, .arena = arena};
    *wrong = "no_checkpoint";
    TRY(read_keys(log, why));
    enum status status = source->get(source->context, "checkpoint", &text, why);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    if (checkpoint_read(text_of(text), &log->report.checkpoint) == NULL)
        *wrong = check_signers(log);
    *out = log;
    return ST_OK;
}

uint64_t published_size(const struct published *log)
{
    return log->report.checkpoint.size;
}

struct slice published_root(const struct published *log)
{
    return hex_of(&log->report.checkpoint.root, log->arena);
}

size_t published_witnessed(const struct published *log)
{
    return log->report.witnessed;
}

int64_t published_witnessed_s(const struct published *log)
{
    return log->witnessed_s;
}

uint64_t published_tiles(const struct published *log)
{
    return (published_size(log) + TILE_WIDTH - 1) / TILE_WIDTH;
}

/* Tiles */

/* How many hashes, or entries (level -1), of that tile are under the checkpoint. */
static unsigned width_of(const struct published *log, int level, uint64_t index)
{
    uint64_t all = level <= 0 ? published_size(log) : published_size(log) >> (8 * level);
    uint64_t before = index * TILE_WIDTH;
    return all <= before ? 0 : all - before < TILE_WIDTH ? (unsigned)(all - before) : TILE_WIDTH;
}

/* Where the log has grown meanwhile, the tile may be there in its full width only. */
static enum status fetch(struct published *log, int level, uint64_t index, unsigned width, struct slice *out,
                         struct problem *why)
{
    char path[PATH_BYTES];
    tile_path(level, index, width, path);
    enum status status = log->source->get(log->source->context, path, out, why);
    if (status == ST_NOT_FOUND && width < TILE_WIDTH) {
        tile_path(level, index, TILE_WIDTH, path);
        status = log->source->get(log->source->context, path, out, why);
    }
    if (status == ST_NOT_FOUND) {
        found_wrong(log, "tile_missing");
        *out = SLICE_NONE;
        return ST_OK;
    }
    log->bytes += status == ST_OK ? out->len : 0;
    return status;
}

/* Hashes of a level, from 0 on; each is fetched once. Zeros for what is not there, which make no root. */
static enum status tile_of(struct published *log, int level, uint64_t index, struct slice *out, struct problem *why)
{
    for (size_t i = 0; i < log->tiles.count; i++)
        if (log->tiles.items[i].level == level && log->tiles.items[i].index == index) {
            *out = log->tiles.items[i].bytes;
            return ST_OK;
        }
    unsigned width = width_of(log, level, index);
    struct slice bytes;
    TRY(fetch(log, level, index, width, &bytes, why));
    if (bytes.len < (size_t)width * HASH_BYTES) {
        found_wrong(log, "tile_changed");
        bytes = (struct slice){arena_alloc(log->arena, (size_t)TILE_WIDTH * HASH_BYTES), (size_t)TILE_WIDTH * HASH_BYTES};
    }
    struct fetched tile = {level, index, bytes};
    ARENA_PUSH(log->arena, &log->tiles, tile);
    *out = bytes;
    return ST_OK;
}

static struct hash hash_at(struct slice tile, size_t place)
{
    struct hash hash;
    memcpy(hash.bytes, tile.data + place * HASH_BYTES, HASH_BYTES);
    return hash;
}

/* The root of a full subtree of 2^height entries, the index-th of that height. */
static enum status node_of(struct published *log, unsigned height, uint64_t index, struct hash *out, struct problem *why)
{
    struct tree part = {0};
    struct slice tile;
    uint64_t first = index << (height % 8);
    TRY(tile_of(log, (int)(height / 8), first / TILE_WIDTH, &tile, why));
    for (unsigned i = 0; i < 1u << (height % 8); i++) {
        struct hash hash = hash_at(tile, first % TILE_WIDTH + i);
        tree_add(&part, &hash);
    }
    *out = tree_root(&part);
    return ST_OK;
}

/* The largest power of two below n, from 2 on. */
static uint64_t split_of(uint64_t n)
{
    uint64_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static unsigned height_of(uint64_t power)
{
    unsigned height = 0;
    while (power > 1) {
        power /= 2;
        height++;
    }
    return height;
}

/* MTH(D[low:high]) of RFC 6962 section 2.1. */
static enum status root_of(struct published *log, uint64_t low, uint64_t high, struct hash *out, struct problem *why)
{
    struct hash left, right;
    uint64_t n = high - low;
    if ((n & (n - 1)) == 0 && low % n == 0)
        return node_of(log, height_of(n), low / n, out, why);
    uint64_t k = split_of(n);
    TRY(root_of(log, low, low + k, &left, why));
    TRY(root_of(log, low + k, high, &right, why));
    *out = hash_node(&left, &right);
    return ST_OK;
}

/* Proofs, as we make them ourselves of what the tiles say; they hold or do not by verify's rules. */
struct path {
    struct hash hashes[PROOF_MAX];
    size_t count;
};

static enum status push(struct published *log, uint64_t low, uint64_t high, struct path *path, struct problem *why)
{
    return root_of(log, low, high, &path->hashes[path->count++], why);
}

/* PATH(m, D[low:high]) of RFC 6962 section 2.1.1. */
static enum status inclusion_of(struct published *log, uint64_t m, uint64_t low, uint64_t high, struct path *path,
                                struct problem *why)
{
    if (high - low == 1)
        return ST_OK;
    uint64_t middle = low + split_of(high - low);
    if (m < middle) {
        TRY(inclusion_of(log, m, low, middle, path, why));
        return push(log, middle, high, path, why);
    }
    TRY(inclusion_of(log, m, middle, high, path, why));
    return push(log, low, middle, path, why);
}

/* SUBPROOF(m, D[low:high], whole) of RFC 6962 section 2.1.2. */
static enum status consistency_of(struct published *log, uint64_t m, uint64_t low, uint64_t high, bool whole,
                                  struct path *path, struct problem *why)
{
    if (m == high - low)
        return whole ? ST_OK : push(log, low, high, path, why);
    uint64_t k = split_of(high - low);
    if (m <= k) {
        TRY(consistency_of(log, m, low, low + k, whole, path, why));
        return push(log, low + k, high, path, why);
    }
    TRY(consistency_of(log, m - k, low + k, high, false, path, why));
    return push(log, low, low + k, path, why);
}

/* Entries */

/* Each entry behind its length in two bytes: their hashes are those of the tile. */
static bool are_hashed(struct slice bundle, struct slice tile, unsigned width)
{
    size_t at = 0;
    for (unsigned i = 0; i < width; i++) {
        if (bundle.len - at < 2)
            return false;
        const unsigned char *head = (const unsigned char *)bundle.data + at;
        size_t len = (size_t)head[0] << 8 | head[1];
        at += 2;
        if (bundle.len - at < len)
            return false;
        struct hash leaf = hash_leaf(bundle.data + at, len), said = hash_at(tile, i);
        if (!hash_equal(&leaf, &said))
            return false;
        at += len;
    }
    return true;
}

/* The path of a tile's first entry goes through all others of the tile: with it they are all under the root. */
static enum status walk_tile(struct published *log, uint64_t index, struct problem *why)
{
    uint64_t first = index * TILE_WIDTH, size = published_size(log);
    unsigned width = width_of(log, 0, index);
    struct slice bundle, tile;
    struct path path = {.count = 0};
    TRY(fetch(log, -1, index, width, &bundle, why));
    TRY(tile_of(log, 0, index, &tile, why));
    if (!are_hashed(bundle, tile, width)) {
        found_wrong(log, "tile_changed");
        return ST_OK;
    }
    TRY(inclusion_of(log, first, 0, size, &path, why));
    struct hash leaf = hash_at(tile, 0);
    if (!inclusion_holds(first, size, &leaf, path.hashes, path.count, &log->report.checkpoint.root))
        found_wrong(log, "tile_changed");
    return ST_OK;
}

enum status published_walk(struct published *log, uint64_t first, uint64_t count, uint64_t *walked, const char **wrong,
                           struct problem *why)
{
    *walked = 0;
    for (uint64_t i = first; i < published_tiles(log) && *walked < count && log->bytes < WALK_BYTES_MAX; i++) {
        TRY(walk_tile(log, i, why));
        ++*walked;
    }
    *wrong = log->wrong;
    return ST_OK;
}

/* What was seen before */

static bool hash_from_hex(struct slice hex, struct arena *arena, struct hash *out)
{
    struct slice bytes;
    if (hex.len != PUBLISHED_ROOT_CHARS || hex_decode(hex, arena, &bytes) != ST_OK)
        return false;
    memcpy(out->bytes, bytes.data, HASH_BYTES);
    return true;
}

enum status published_continues(struct published *log, uint64_t size, struct slice root, const char **wrong,
                                struct problem *why)
{
    struct hash before;
    struct path path = {.count = 0};
    if (size == 0 || !hash_from_hex(root, log->arena, &before))
        return problem_set(why, ST_INVALID, "what was seen before is no root");
    *wrong = "rolled_back";
    if (size > published_size(log))
        return ST_OK;
    TRY(consistency_of(log, size, 0, published_size(log), true, &path, why));
    bool holds = consistency_holds(size, published_size(log), path.hashes, path.count, &before,
                                   &log->report.checkpoint.root);
    *wrong = log->wrong != NULL ? log->wrong : holds ? NULL : "rewritten";
    return ST_OK;
}

/* "extra BASE64", the second line of a proof. */
static bool carried_entry(struct slice proof, struct arena *arena, struct slice *out)
{
    struct slice line, extra = LIT("extra ");
    unsigned char *bytes = arena_alloc(arena, ENTRY_BYTES_MAX);
    if (!slice_next_line(&proof, &line) || !slice_next_line(&proof, &line) || !slice_starts(line, extra))
        return false;
    size_t len = base64_get(text_of(slice_sub(line, extra.len, line.len)), bytes, ENTRY_BYTES_MAX);
    if (len == SIZE_MAX)
        return false;
    *out = (struct slice){(const char *)bytes, len};
    return true;
}

enum status published_prove(struct published *log, struct slice proof, struct slice *entry, const char **wrong,
                            struct problem *why)
{
    struct report *report = arena_alloc(log->arena, sizeof *report);
    (void)why;
    *report = (struct report){0};
    bool holds = carried_entry(proof, log->arena, entry) && proof_run_text(&log->job, text_of(proof), NULL, report);
    *wrong = holds ? NULL : "not_included";
    return ST_OK;
}
