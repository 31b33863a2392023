#ifndef RENDEZ_VERIFY_H
#define RENDEZ_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* rendez-verify: what a client needs to check the log without trusting who keeps it. It shares no
 * code with the log and reads files only. Sources: RFC 6962 sections 2.1 to 2.1.2 (hashes, proofs), RFC
 * 9162 sections 2.1.3.2 and 2.1.4.2 (their verification), C2SP signed-note, tlog-checkpoint, tlog-tiles,
 * tlog-cosignature and tlog-proof. */

enum { HASH_BYTES = 32, TILE_WIDTH = 256, PROOF_MAX = 64 };

struct hash {
    unsigned char bytes[HASH_BYTES];
};
bool hash_equal(const struct hash *a, const struct hash *b);

/* Borrowed bytes. */
struct text {
    const char *data;
    size_t len;
};
bool text_is(struct text a, struct text b);
bool text_next_line(struct text *rest, struct text *line); /* false: no line with an end is left */
bool text_number(struct text digits, uint64_t *value);     /* decimal, no leading zero */
/* Standard base64 with padding, strict; returns the length, or SIZE_MAX. */
size_t base64_get(struct text in, unsigned char *out, size_t out_max);
void base64_put(const unsigned char *in, size_t len, char *out); /* 4 × ⌈len/3⌉ + 1 bytes */

/* tree.c */
struct hash hash_leaf(const void *data, size_t len);
struct hash hash_node(const struct hash *left, const struct hash *right);
struct hash hash_of(const void *data, size_t len); /* SHA-256 */

/* A tree that grows by leaves and remembers a hash for each of its full parts. */
struct tree {
    uint64_t size;
    struct hash parts[64]; /* the largest, leftmost first; one for each bit of size */
    unsigned count;
};
void tree_add(struct tree *tree, const struct hash *leaf);
struct hash tree_root(const struct tree *tree);

bool inclusion_holds(uint64_t index, uint64_t size, const struct hash *leaf,
                     const struct hash *proof, size_t proof_len, const struct hash *root);
bool consistency_holds(uint64_t size1, uint64_t size2, const struct hash *proof, size_t proof_len,
                       const struct hash *root1, const struct hash *root2);

/* note.c */
enum key_kind { KEY_LOG = 1, KEY_WITNESS = 4 }; /* signature types of C2SP */
struct key {
    struct text name;
    unsigned char id[4];
    enum key_kind kind;
    unsigned char public_key[32]; /* Ed25519 */
};
/* "name+id+base64"; NULL when all is well, else what is wrong. */
const char *key_read(struct text vkey, struct key *out);

enum { SIGNATURES_MAX = 64, NOTE_BYTES_MAX = 1 << 20 };
struct note {
    struct text body; /* with its last line end */
    struct {
        struct text name;
        unsigned char blob[4 + 8 + 64];
        size_t blob_len;
    } signatures[SIGNATURES_MAX];
    size_t count;
};
const char *note_read(struct text text, struct note *out);

struct checkpoint {
    struct note note;
    struct text origin;
    uint64_t size;
    struct hash root;
};
const char *checkpoint_read(struct text text, struct checkpoint *out);

/* Whether that key signed: NOTE_UNSIGNED, NOTE_FORGED (it says so and is wrong), NOTE_SIGNED.
 * *time: seconds since 1970, of a witness; else 0. */
enum note_signed { NOTE_UNSIGNED, NOTE_FORGED, NOTE_SIGNED };
enum note_signed note_check(const struct note *note, const struct key *key, uint64_t *time);

/* files.c: a copy of the log in a folder */
struct file {
    char *data;
    size_t len;
};
enum { FILE_BYTES_MAX = 32 << 20 };
const char *file_load(const char *folder, const char *path, struct file *out); /* what is wrong */
void file_free(struct file *file);
enum { PATH_BYTES = 80 };
/* "tile/0/x001/234", "tile/entries/000.p/7"; level -1: of entries. width: TILE_WIDTH or less. */
void tile_path(int level, uint64_t index, unsigned width, char out[PATH_BYTES]);

/* "2026-11-26T02:40:00Z" behind those words. */
void time_print(FILE *to, const char *before, int64_t seconds);

/* An entry: "1 MICROSECONDS KIND ids…" in one line of UTF-8 without its end. */
struct entry {
    int64_t at_us;
    struct text kind, ids;
};
bool entry_read(struct text text, struct entry *out);
/* Whether its ids have organisation=ID. */
bool entry_concerns(const struct entry *entry, struct text organisation);
/* "NAME=VALUE" among its ids; none: empty. */
struct text entry_value(const struct entry *entry, const char *name);

/* looks.c: second looks at what was decided without anybody. Each has an entry (supervision.look.compared) with its day and
 * result; once a day one says how many there were of some days, and how many read otherwise (supervision.looks.counted). */
struct look_day {
    char day[10]; /* "2026-11-26" */
    uint64_t looks, wrong;
};
struct looks {
    struct look_day *days; /* in the order in which they came; looks_free */
    size_t count, room;
    uint64_t counted;            /* figures that were recounted */
    uint64_t number, said, wrong; /* of the last one: its entry, looks, and those that read otherwise */
    char from[10], until[10];
};
/* What is wrong with this entry, or NULL. It may be of any kind. */
const char *looks_add(struct looks *looks, uint64_t number, const struct entry *entry);
void looks_free(struct looks *looks);

/* check.c */
enum { WITNESSES_MAX = 16 };
struct job {
    const char *folder;
    struct key log;
    struct key witnesses[WITNESSES_MAX];
    size_t witness_count, quorum;
    const char *since;        /* file of a checkpoint seen before, or NULL */
    struct text organisation; /* print entries that concern it; empty: none */
    FILE *entries;            /* where to; NULL: nowhere */
    bool looks;               /* recount second looks */
};
struct report {
    struct checkpoint checkpoint;
    struct file kept; /* what the checkpoint points into */
    uint64_t witness_times[WITNESSES_MAX]; /* 0: did not sign */
    size_t witnessed;
    uint64_t entries, tiles, since_size;
    int64_t first_us, last_us; /* of entries */
    uint64_t printed;
    struct looks looks;
    char wrong[240]; /* "": everything holds */
    bool unreadable; /* wrong says what could not be read */
};
bool job_run(const struct job *job, struct report *out);
void report_free(struct report *report);

/* Proofs of a file (tlog-proof), of the entries that they carry, which are printed to job->entries, or of one in a
 * file of its own. */
bool proof_run(const struct job *job, const char *proof, const char *entry, struct report *out);
/* The same of proofs in memory, one after the other. entry: NULL where they carry theirs. */
bool proof_run_text(const struct job *job, struct text proofs, const char *entry, struct report *out);

#endif
