#include <assert.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/ledger/internal.h"

enum { WAITING_MAX = 1 << 17, WAITING_BYTES_MAX = 256 << 20, CHECKPOINT_BYTES_MAX = 64 * 1024 };

/* Opening. */

/* What the checkpoint covers, from the tiles at the right edge. */
static enum status load_edge(struct ledger *ledger, uint64_t size, struct problem *why)
{
    for (int level = 0; level < LEVELS; level++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        struct slice bytes;
        uint64_t hashes = size >> (8 * level);
        unsigned count = hashes % LEDGER_WIDTH;
        ledger->edge.levels[level].count = count;
        if (count == 0)
            continue;
        TRY(tile_read(ledger->folder, level, hashes / LEDGER_WIDTH, count, arena, &bytes, why));
        memcpy(ledger->edge.levels[level].hashes, bytes.data, bytes.len);
    }
    ledger->edge.size = size;
    return ST_OK;
}

static enum status load_bundle(struct ledger *ledger, struct problem *why)
{
    AUTO_ARENA arena = arena_create(2 * BUNDLE_BYTES_MAX);
    struct slice bytes;
    unsigned width = ledger->edge.size % LEDGER_WIDTH;
    if (width == 0)
        return ST_OK;
    TRY(tile_read(ledger->folder, -1, ledger->edge.size / LEDGER_WIDTH, width, arena, &bytes, why));
    buffer_add(&ledger->bundle, bytes);
    return ST_OK;
}

static enum status load_published(struct ledger *ledger, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    struct slice text;
    struct ledger_note note;
    enum status status = ledger_checkpoint(ledger, arena, &text, why);
    if (status == ST_NOT_FOUND)
        return ST_OK; /* a new log */
    TRY(status);
    TRY(note_open(text, ledger->public_key, arena, &note, why));
    status = load_edge(ledger, note.size, why);
    if (status == ST_OK)
        status = load_bundle(ledger, why);
    if (status == ST_NOT_FOUND)
        return problem_set(why, ST_INVALID, "log: a tile that the checkpoint covers is missing");
    TRY(status);
    struct ledger_hash root = edge_root(&ledger->edge);
    ledger->published = note.size;
    return memcmp(&root, &note.root, sizeof root) == 0
               ? ST_OK
               : problem_set(why, ST_INVALID, "log: the tiles do not make the root that was signed");
}

static void keep_waiting(struct ledger *ledger, struct slice entry)
{
    struct slice copy = arena_copy(ledger->waiting_arena, entry);
    ARENA_PUSH(ledger->waiting_arena, &ledger->waiting, copy);
}

static enum status take_journal_entry(void *context, uint64_t number, struct slice entry,
                                      struct problem *why)
{
    struct ledger *ledger = context;
    if (number < ledger->edge.size)
        return ST_OK;
    if (number != ledger_size(ledger))
        return problem_set(why, ST_INVALID, "log: the journal leaves entries out");
    keep_waiting(ledger, entry);
    return ST_OK;
}

static enum status open_folder(const char *folder, struct slice origin, const struct secret *seed,
                               bool writes, struct ledger **out, struct problem *why)
{
    AUTO_LEDGER ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL)
        abort();
    ledger->journal.fd = -1;
    ledger->arena = arena_create(1 << 16);
    ledger->waiting_arena = arena_create(WAITING_BYTES_MAX);
    ledger->bundle = buffer_create(BUNDLE_BYTES_MAX);
    ledger->note = buffer_create(CHECKPOINT_BYTES_MAX);
    ledger->folder = arena_text(ledger->arena, slice_from(folder));
    ledger->origin = arena_copy(ledger->arena, origin);
    ledger->seed = seed;
    TRY(ledger_public_key(origin, seed, 1, ledger->arena, &ledger->public_key, why));
    TRY(load_published(ledger, why));
    if (writes)
        TRY(journal_open(folder, &ledger->journal, take_journal_entry, ledger, why));
    *out = ledger;
    ledger = NULL;
    return ST_OK;
}

enum status ledger_open(const char *folder, struct slice origin, const struct secret *seed,
                        struct ledger **out, struct problem *why)
{
    return open_folder(folder, origin, seed, true, out, why);
}

enum status ledger_open_published(const char *folder, struct slice origin, const struct secret *seed,
                                  struct ledger **out, struct problem *why)
{
    return open_folder(folder, origin, seed, false, out, why);
}

void ledger_destroy(struct ledger **ledger)
{
    struct ledger *old = *ledger;
    *ledger = NULL;
    if (old == NULL)
        return;
    fd_close(&old->journal.fd);
    buffer_destroy(&old->bundle);
    buffer_destroy(&old->note);
    arena_destroy(&old->waiting_arena);
    arena_destroy(&old->arena);
    free(old);
}

uint64_t ledger_published(const struct ledger *ledger)
{
    return ledger->published;
}

uint64_t ledger_size(const struct ledger *ledger)
{
    return ledger->edge.size + ledger->waiting.count;
}

enum status ledger_checkpoint(struct ledger *ledger, struct arena *arena, struct slice *out,
                              struct problem *why)
{
    const char *path = arena_format(arena, "%s/checkpoint", ledger->folder).data;
    return file_read(path, CHECKPOINT_BYTES_MAX, arena, out, why);
}

/* Appending. */

static bool is_entry(struct slice entry)
{
    if (entry.len == 0 || entry.len > LEDGER_ENTRY_BYTES_MAX || utf8_bad_at(entry) != SIZE_MAX)
        return false;
    for (size_t i = 0; i < entry.len; i++)
        if ((unsigned char)entry.data[i] < 0x20 || entry.data[i] == 0x7f)
            return false;
    return true;
}

static enum status broken(struct ledger *ledger, enum status status)
{
    ledger->broken = ledger->broken || status != ST_OK;
    return status;
}

enum status ledger_append(struct ledger *ledger, const struct slice *entries, size_t count,
                          uint64_t *first, struct problem *why)
{
    if (ledger->broken)
        return problem_set(why, ST_UNAVAILABLE, "log: the disk failed; open it again");
    for (size_t i = 0; i < count; i++)
        if (!is_entry(entries[i]))
            return problem_set(why, ST_INVALID, "log: an entry is one line of at most %d bytes",
                               LEDGER_ENTRY_BYTES_MAX);
    if (ledger->waiting.count + count > WAITING_MAX) {
        if (ledger->note.len > 0)
            return problem_set(why, ST_LIMIT, "log: too many entries wait for a checkpoint");
        TRY(ledger_publish(ledger, false, NULL, NULL, why));
    }
    uint64_t number = ledger_size(ledger);
    TRY(broken(ledger, journal_append(&ledger->journal, number, entries, count, why)));
    for (size_t i = 0; i < count; i++)
        keep_waiting(ledger, entries[i]);
    if (first != NULL)
        *first = number;
    return ST_OK;
}

/* Publishing. */

static struct slice hash_bytes(const struct edge *edge, int level)
{
    return (struct slice){(const char *)edge->levels[level].hashes,
                          edge->levels[level].count * sizeof(struct ledger_hash)};
}

/* Number of the tile that a level's edge stands in, when so many entries are before it. */
static uint64_t tile_number(uint64_t size, int level)
{
    return size >> (8 * level) >> 8;
}

static enum status add_hash(struct ledger *ledger, struct edge *edge, int level,
                            const struct ledger_hash *hash, struct problem *why)
{
    if (level == LEVELS)
        return problem_set(why, ST_LIMIT, "log: full");
    edge->levels[level].hashes[edge->levels[level].count++] = *hash;
    if (edge->levels[level].count < LEDGER_WIDTH)
        return ST_OK;
    TRY(tile_write(ledger->folder, level, tile_number(edge->size, level), LEDGER_WIDTH,
                   hash_bytes(edge, level), why));
    struct ledger_hash root = part_root(edge->levels[level].hashes, LEDGER_WIDTH);
    edge->levels[level].count = 0;
    return add_hash(ledger, edge, level + 1, &root, why);
}

static enum status add_entry(struct ledger *ledger, struct edge *edge, struct slice entry,
                             struct problem *why)
{
    char head[2] = {(char)(entry.len >> 8), (char)entry.len};
    struct ledger_hash leaf = leaf_hash(entry);
    buffer_add(&ledger->bundle, (struct slice){head, 2});
    buffer_add(&ledger->bundle, entry);
    if (edge->levels[0].count + 1 == LEDGER_WIDTH) {
        TRY(tile_write(ledger->folder, -1, tile_number(edge->size, 0), LEDGER_WIDTH,
                       buffer_slice(&ledger->bundle), why));
        buffer_clear(&ledger->bundle);
    }
    TRY(add_hash(ledger, edge, 0, &leaf, why));
    edge->size++;
    return ST_OK;
}

static enum status write_edge(struct ledger *ledger, const struct edge *edge, struct problem *why)
{
    unsigned width = edge->levels[0].count;
    if (width > 0)
        TRY(tile_write(ledger->folder, -1, tile_number(edge->size, 0), width,
                       buffer_slice(&ledger->bundle), why));
    for (int level = 0; level < LEVELS; level++)
        if (edge->levels[level].count > 0)
            TRY(tile_write(ledger->folder, level, tile_number(edge->size, level),
                           edge->levels[level].count, hash_bytes(edge, level), why));
    return ST_OK;
}

static enum status sign_checkpoint(struct ledger *ledger, struct problem *why)
{
    AUTO_ARENA arena = arena_create(1 << 16);
    struct ledger_hash root = edge_root(&ledger->edge);
    struct slice line, body = note_body(ledger->origin, ledger->edge.size, &root, arena);
    TRY(note_sign(ledger->origin, ledger->seed, body, arena, &line, why));
    buffer_add(&ledger->note, body);
    buffer_add_char(&ledger->note, '\n');
    buffer_add(&ledger->note, line);
    return buffer_check(&ledger->note, "checkpoint", why);
}

static enum status prepare(struct ledger *ledger, struct problem *why)
{
    for (size_t i = 0; i < ledger->waiting.count; i++)
        TRY(add_entry(ledger, &ledger->edge, ledger->waiting.items[i], why));
    TRY(write_edge(ledger, &ledger->edge, why));
    TRY(tiles_sync(ledger->folder, why));
    arena_clear(ledger->waiting_arena);
    ledger->waiting = (struct slice_list){0};
    return sign_checkpoint(ledger, why);
}

enum status ledger_prepare(struct ledger *ledger, bool again, struct slice *checkpoint,
                           struct problem *why)
{
    if (ledger->broken)
        return problem_set(why, ST_UNAVAILABLE, "log: the disk failed; open it again");
    assert(ledger->note.len == 0);
    if (ledger->waiting.count > 0 || again)
        TRY(broken(ledger, prepare(ledger, why)));
    *checkpoint = buffer_slice(&ledger->note);
    return ST_OK;
}

static enum status finish(struct ledger *ledger, struct slice cosignatures, struct problem *why)
{
    AUTO_ARENA arena = arena_create(4 * PATH_BYTES_MAX);
    buffer_add(&ledger->note, cosignatures);
    TRY(buffer_check(&ledger->note, "checkpoint", why));
    TRY(file_write_durably(arena_format(arena, "%s/checkpoint", ledger->folder).data,
                           buffer_slice(&ledger->note), 0644, why));
    return journal_restart(&ledger->journal, ledger->folder, ledger->edge.size, ledger->waiting.items,
                           ledger->waiting.count, why);
}

enum status ledger_finish(struct ledger *ledger, struct slice cosignatures, struct problem *why)
{
    assert(ledger->note.len > 0);
    TRY(broken(ledger, finish(ledger, cosignatures, why)));
    buffer_clear(&ledger->note);
    ledger->published = ledger->edge.size;
    return ST_OK;
}

enum status ledger_publish(struct ledger *ledger, bool again, ledger_witness_fn *ask, void *context,
                           struct problem *why)
{
    AUTO_BUFFER lines = buffer_create(CHECKPOINT_BYTES_MAX);
    struct slice checkpoint;
    uint64_t before = ledger->published;
    TRY(ledger_prepare(ledger, again, &checkpoint, why));
    if (checkpoint.len == 0)
        return ST_OK;
    if (ask != NULL)
        ask(context, checkpoint, before, &lines);
    return ledger_finish(ledger, buffer_slice(&lines), why);
}
