#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

enum { LEVELS = 8, TOLERANCE_S = 600, ENTRY_BYTES_MAX = 4096 /* the log takes no longer one */ };

static bool fail(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool fail(struct report *report, const char *format, ...)
{
    va_list args;
    if (report->wrong[0] != '\0')
        return false; /* the first thing that is wrong */
    va_start(args, format);
    vsnprintf(report->wrong, sizeof report->wrong, format, args);
    va_end(args);
    return false;
}

/* What is not there was taken away; what cannot be read may be well. */
static bool unreadable(struct report *report, const char *path, const char *why)
{
    report->unreadable = errno != ENOENT;
    return fail(report, "%s: %s", path, why);
}

#define COUNT(n) ((unsigned long long)(n))

/* Entries. */

bool entry_read(struct text text, struct entry *out)
{
    struct entry entry = {0};
    uint64_t us;
    const char *space;
    if (text.len < 2 || memcmp(text.data, "1 ", 2) != 0)
        return false;
    text = (struct text){text.data + 2, text.len - 2};
    space = memchr(text.data, ' ', text.len);
    if (space == NULL || !text_number((struct text){text.data, (size_t)(space - text.data)}, &us))
        return false;
    entry.at_us = (int64_t)us;
    text = (struct text){space + 1, text.len - (size_t)(space + 1 - text.data)};
    space = text.len == 0 ? NULL : memchr(text.data, ' ', text.len);
    entry.kind = space == NULL ? text : (struct text){text.data, (size_t)(space - text.data)};
    if (space != NULL)
        entry.ids = (struct text){space + 1, text.len - entry.kind.len - 1};
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < 0x20)
            return false;
    *out = entry;
    return entry.kind.len > 0;
}

/* The next "NAME=VALUE" of that name. */
static bool next_value(struct text *rest, const char *name, struct text *value)
{
    size_t name_len = strlen(name);
    while (rest->len > 0) {
        const char *word = rest->data, *space = memchr(word, ' ', rest->len);
        size_t len = space == NULL ? rest->len : (size_t)(space - word);
        *rest = space == NULL ? (struct text){word + len, 0} : (struct text){space + 1, rest->len - len - 1};
        if (len > name_len + 1 && memcmp(word, name, name_len) == 0 && word[name_len] == '=') {
            *value = (struct text){word + name_len + 1, len - name_len - 1};
            return true;
        }
    }
    return false;
}

struct text entry_value(const struct entry *entry, const char *name)
{
    struct text rest = entry->ids, value = {"", 0};
    (void)next_value(&rest, name, &value);
    return value;
}

bool entry_concerns(const struct entry *entry, struct text organisation)
{
    struct text rest = entry->ids, value;
    while (next_value(&rest, "organisation", &value))
        if (text_is(value, organisation))
            return true;
    return false;
}

/* Who signed. */

static bool check_signatures(const struct job *job, struct report *report)
{
    uint64_t time;
    const struct checkpoint *checkpoint = &report->checkpoint;
    if (!text_is(checkpoint->origin, job->log.name))
        return fail(report, "the checkpoint is of another log than the pinned key's");
    switch (note_check(&checkpoint->note, &job->log, &time)) {
    case NOTE_UNSIGNED:
        return fail(report, "the checkpoint is not signed by the pinned key");
    case NOTE_FORGED:
        return fail(report, "the signature of the checkpoint is forged, or it was changed after");
    default:
        break;
    }
    for (size_t i = 0; i < job->witness_count; i++) {
        enum note_signed signed_by = note_check(&checkpoint->note, &job->witnesses[i], &time);
        if (signed_by == NOTE_FORGED)
            return fail(report, "the cosignature of witness %zu is forged", i + 1);
        if (signed_by == NOTE_SIGNED) {
            report->witness_times[i] = time;
            report->witnessed++;
        }
    }
    if (report->witnessed < job->quorum)
        return fail(report, "%zu of %zu witnesses signed; %zu are wanted", report->witnessed,
                    job->witness_count, job->quorum);
    return true;
}

/* What was seen before. */

struct seen {
    struct file file;
    struct checkpoint checkpoint;
    uint64_t witnessed_s; /* when it was there already, by its witnesses; 0: nobody says */
};

static bool load_seen(const struct job *job, struct report *report, struct seen *out)
{
    const char *why = file_load(NULL, job->since, &out->file);
    uint64_t time;
    if (why != NULL)
        return unreadable(report, job->since, why);
    why = checkpoint_read((struct text){out->file.data, out->file.len}, &out->checkpoint);
    if (why != NULL)
        return fail(report, "the checkpoint seen before: %s", why);
    if (!text_is(out->checkpoint.origin, job->log.name) ||
        note_check(&out->checkpoint.note, &job->log, &time) != NOTE_SIGNED)
        return fail(report, "the checkpoint seen before is not of the pinned key");
    for (size_t i = 0; i < job->witness_count; i++)
        if (note_check(&out->checkpoint.note, &job->witnesses[i], &time) == NOTE_SIGNED &&
            time > out->witnessed_s)
            out->witnessed_s = time;
    report->since_size = out->checkpoint.size;
    if (out->checkpoint.size > report->checkpoint.size)
        return fail(report, "rolled back: %llu entries were seen before, now there are %llu",
                    COUNT(out->checkpoint.size), COUNT(report->checkpoint.size));
    if (out->checkpoint.size == report->checkpoint.size &&
        !hash_equal(&out->checkpoint.root, &report->checkpoint.root))
        return fail(report, "split view: two logs of %llu entries", COUNT(report->checkpoint.size));
    return true;
}

/* The walk over every entry. */

struct walk {
    const struct job *job;
    struct report *report;
    const struct seen *seen;
    struct tree tree;
    struct {
        struct hash hashes[TILE_WIDTH];
        unsigned count;
        uint64_t done; /* tiles before this one */
    } levels[LEVELS];
};

static struct hash part_root(const struct hash *hashes, unsigned count)
{
    struct tree part = {0};
    for (unsigned i = 0; i < count; i++)
        tree_add(&part, &hashes[i]);
    return tree_root(&part);
}

/* Compares one tile with what the entries make of it. */
static bool check_tile(struct walk *walk, int level)
{
    char path[PATH_BYTES];
    struct file file;
    struct report *report = walk->report;
    unsigned count = walk->levels[level].count;
    tile_path(level, walk->levels[level].done, count, path);
    const char *why = file_load(walk->job->folder, path, &file);
    if (why != NULL)
        return unreadable(report, path, why);
    bool good = file.len == (size_t)count * HASH_BYTES;
    if (!good)
        fail(report, "%s: %zu bytes instead of %u hashes", path, file.len, count);
    for (unsigned i = 0; good && i < count; i++) {
        good = memcmp(file.data + (size_t)i * HASH_BYTES, walk->levels[level].hashes[i].bytes,
                      HASH_BYTES) == 0;
        if (!good && level == 0)
            fail(report, "entry %llu is not the one that was logged: its hash in %s is another",
                 COUNT(walk->levels[0].done * TILE_WIDTH + i), path);
        else if (!good)
            fail(report, "%s: hash %u is not the one of the tile below", path, i);
    }
    file_free(&file);
    report->tiles++;
    return good;
}

static bool add_hash(struct walk *walk, int level, const struct hash *hash)
{
    if (level == LEVELS)
        return true; /* 2^64 entries */
    walk->levels[level].hashes[walk->levels[level].count++] = *hash;
    if (walk->levels[level].count < TILE_WIDTH)
        return true;
    if (!check_tile(walk, level))
        return false;
    struct hash root = part_root(walk->levels[level].hashes, TILE_WIDTH);
    walk->levels[level].count = 0;
    walk->levels[level].done++;
    return add_hash(walk, level + 1, &root);
}

static bool check_seen(struct walk *walk)
{
    const struct seen *seen = walk->seen;
    if (seen == NULL || seen->checkpoint.size != walk->tree.size)
        return true;
    struct hash root = tree_root(&walk->tree);
    return hash_equal(&root, &seen->checkpoint.root) ||
           fail(walk->report, "history was rewritten: the first %llu entries are not those seen before",
                COUNT(walk->tree.size));
}

static uint64_t latest_witness(const struct report *report)
{
    uint64_t latest = 0;
    for (size_t i = 0; i < WITNESSES_MAX; i++)
        if (report->witness_times[i] > latest)
            latest = report->witness_times[i];
    return latest;
}

/* Dates go forward, and agree with what witnesses saw, give or take ten minutes of their clocks. */
static bool check_date(struct walk *walk, const struct entry *entry)
{
    struct report *report = walk->report;
    uint64_t number = walk->tree.size, latest = latest_witness(report);
    int64_t seconds = entry->at_us / 1000000;
    if (number > 0 && entry->at_us < report->last_us)
        return fail(report, "entry %llu is dated before the one in front of it", COUNT(number));
    if (latest > 0 && seconds > (int64_t)latest + TOLERANCE_S)
        return fail(report, "entry %llu is dated after the witnesses saw it", COUNT(number));
    if (walk->seen != NULL && walk->seen->witnessed_s > 0 &&
        number >= walk->seen->checkpoint.size &&
        seconds + TOLERANCE_S < (int64_t)walk->seen->witnessed_s)
        return fail(report, "entry %llu is back-dated: it was not there at that time",
                    COUNT(number));
    if (number == 0)
        report->first_us = entry->at_us;
    report->last_us = entry->at_us;
    return true;
}

static bool add_entry(struct walk *walk, struct text text)
{
    const struct job *job = walk->job;
    struct entry entry;
    struct hash leaf = hash_leaf(text.data, text.len);
    if (!entry_read(text, &entry))
        return fail(walk->report, "entry %llu is malformed", COUNT(walk->tree.size));
    if (!check_date(walk, &entry))
        return false;
    if (job->organisation.len > 0 && entry_concerns(&entry, job->organisation)) {
        fprintf(job->entries, "%llu %.*s\n", COUNT(walk->tree.size), (int)text.len, text.data);
        walk->report->printed++;
    }
    const char *why = job->looks ? looks_add(&walk->report->looks, walk->tree.size, &entry) : NULL;
    if (why != NULL)
        return fail(walk->report, "entry %llu: %s", COUNT(walk->tree.size), why);
    tree_add(&walk->tree, &leaf);
    return add_hash(walk, 0, &leaf) && check_seen(walk);
}

/* A bundle: each entry behind its length in two bytes. */
static bool add_bundle(struct walk *walk, const struct file *file, const char *path, unsigned width)
{
    size_t at = 0;
    for (unsigned i = 0; i < width; i++) {
        if (file->len - at < 2)
            return fail(walk->report, "%s: cut after %u entries", path, i);
        const unsigned char *head = (const unsigned char *)file->data + at;
        size_t len = (size_t)head[0] << 8 | head[1];
        at += 2;
        if (file->len - at < len)
            return fail(walk->report, "%s: cut in entry %u", path, i);
        if (!add_entry(walk, (struct text){file->data + at, len}))
            return false;
        at += len;
    }
    return at == file->len || fail(walk->report, "%s: more than its %u entries", path, width);
}

static bool add_entries(struct walk *walk)
{
    uint64_t size = walk->report->checkpoint.size;
    for (uint64_t k = 0; k * TILE_WIDTH < size; k++) {
        uint64_t left = size - k * TILE_WIDTH;
        unsigned width = left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
        char path[PATH_BYTES];
        struct file file;
        tile_path(-1, k, width, path);
        const char *why = file_load(walk->job->folder, path, &file);
        if (why != NULL)
            return unreadable(walk->report, path, why);
        bool good = add_bundle(walk, &file, path, width);
        file_free(&file);
        if (!good)
            return false;
    }
    return true;
}

static bool run_walk(struct walk *walk)
{
    struct report *report = walk->report;
    if (!check_seen(walk) || !add_entries(walk))
        return false;
    for (int level = 0; level < LEVELS; level++)
        if (walk->levels[level].count > 0 && !check_tile(walk, level))
            return false;
    report->entries = walk->tree.size;
    struct hash root = tree_root(&walk->tree);
    return hash_equal(&root, &report->checkpoint.root) ||
           fail(report, "the entries do not make the root that was signed");
}

static bool load_checkpoint(const struct job *job, struct report *report)
{
    const char *why = file_load(job->folder, "checkpoint", &report->kept);
    if (why != NULL)
        return unreadable(report, "checkpoint", why);
    why = checkpoint_read((struct text){report->kept.data, report->kept.len}, &report->checkpoint);
    return why == NULL || fail(report, "%s", why);
}

bool job_run(const struct job *job, struct report *out)
{
    struct seen seen = {0};
    struct walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL)
        abort();
    *walk = (struct walk){.job = job, .report = out, .seen = job->since == NULL ? NULL : &seen};
    bool good = load_checkpoint(job, out) && check_signatures(job, out) &&
                (job->since == NULL || load_seen(job, out, &seen)) && run_walk(walk);
    file_free(&seen.file);
    free(walk);
    return good;
}

void report_free(struct report *report)
{
    file_free(&report->kept);
    looks_free(&report->looks);
}

/* One proof of a file: its lines as they follow each other. */
struct proof {
    struct text extra; /* the entry itself in base64, where the file carries it; else empty */
    uint64_t index;
    struct hash hashes[PROOF_MAX];
    size_t count;
};

static const struct text proof_head = {"c2sp.org/tlog-proof@v1", 22};

static bool text_starts(struct text line, struct text head)
{
    return line.len > head.len && memcmp(line.data, head.data, head.len) == 0;
}

/* "c2sp.org/tlog-proof@v1", perhaps "extra …", "index N", hashes, an empty line; the checkpoint is left. */
static const char *read_proof(struct text *rest, struct proof *out)
{
    struct text line, head = {"index ", 6}, extra = {"extra ", 6};
    if (!text_next_line(rest, &line) || !text_is(line, proof_head))
        return "not a proof of C2SP tlog-proof";
    if (!text_next_line(rest, &line))
        return "the proof is cut";
    if (text_starts(line, extra)) {
        out->extra = (struct text){line.data + extra.len, line.len - extra.len};
        if (!text_next_line(rest, &line))
            return "the proof is cut";
    }
    if (!text_starts(line, head) ||
        !text_number((struct text){line.data + head.len, line.len - head.len}, &out->index))
        return "the proof has no index";
    while (text_next_line(rest, &line)) {
        if (line.len == 0)
            return NULL;
        if (out->count == PROOF_MAX ||
            base64_get(line, out->hashes[out->count].bytes, HASH_BYTES) != HASH_BYTES)
            return "the proof has a line that is no hash";
        out->count++;
    }
    return "the proof is cut";
}

/* The checkpoint of this proof, up to the head of the next one in the file. */
static struct text take_checkpoint(struct text *rest)
{
    struct text whole = *rest, line, before = *rest;
    while (text_next_line(rest, &line)) {
        if (text_is(line, proof_head)) {
            *rest = before;
            break;
        }
        before = *rest;
    }
    return (struct text){whole.data, (size_t)(before.data - whole.data)};
}

/* The entry of a file, or the one that the proof carries, which is then in `bytes`. */
static bool leaf_of(const struct proof *proof, const char *entry_path, unsigned char bytes[ENTRY_BYTES_MAX],
                    size_t *len, struct hash *leaf, struct report *out)
{
    struct file entry = {0};
    *len = 0;
    if (entry_path == NULL) {
        size_t count = base64_get(proof->extra, bytes, ENTRY_BYTES_MAX);
        if (proof->extra.len == 0 || count == SIZE_MAX)
            return fail(out, "the proof does not carry its entry: --entry names it");
        *leaf = hash_leaf(bytes, count);
        *len = count;
        return true;
    }
    const char *why = file_load(NULL, entry_path, &entry);
    if (why != NULL)
        return unreadable(out, entry_path, why);
    *leaf = hash_leaf(entry.data, entry.len);
    file_free(&entry);
    return true;
}

/* What the reader came for: what stands there. An entry that is none of this log's form is not shown, as it might
 * steer the terminal. */
static void print_proven(const struct job *job, uint64_t index, struct text said)
{
    struct entry entry;
    if (job->entries == NULL || said.len == 0 || !entry_read(said, &entry))
        return;
    fprintf(job->entries, "entry       %llu", COUNT(index));
    time_print(job->entries, " of ", entry.at_us / 1000000);
    fprintf(job->entries, ": %.*s %.*s\n", (int)entry.kind.len, entry.kind.data, (int)entry.ids.len, entry.ids.data);
}

static bool prove_next(const struct job *job, struct text *rest, const char *entry_path, struct report *out)
{
    struct proof proof = {.count = 0};
    unsigned char bytes[ENTRY_BYTES_MAX];
    struct text said = {(const char *)bytes, 0};
    struct hash leaf;
    const char *why = read_proof(rest, &proof);
    if (why == NULL)
        why = checkpoint_read(take_checkpoint(rest), &out->checkpoint);
    if (why != NULL)
        return fail(out, "%s", why);
    out->witnessed = 0;
    if (!check_signatures(job, out) || !leaf_of(&proof, entry_path, bytes, &said.len, &leaf, out))
        return false;
    if (!inclusion_holds(proof.index, out->checkpoint.size, &leaf, proof.hashes, proof.count, &out->checkpoint.root))
        return fail(out, "the entry is not in the log, or not at %llu", COUNT(proof.index));
    out->entries++;
    print_proven(job, proof.index, said);
    return true;
}

bool proof_run_text(const struct job *job, struct text proofs, const char *entry_path, struct report *out)
{
    do
        if (!prove_next(job, &proofs, entry_path, out))
            return false;
    while (proofs.len > 0);
    return true;
}

bool proof_run(const struct job *job, const char *proof_path, const char *entry_path,
               struct report *out)
{
    const char *why = file_load(NULL, proof_path, &out->kept);
    if (why != NULL)
        return unreadable(out, proof_path, why);
    return proof_run_text(job, (struct text){out->kept.data, out->kept.len}, entry_path, out);
}
