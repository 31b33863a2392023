#ifndef RENDEZ_PLATFORM_LEDGER_H
#define RENDEZ_PLATFORM_LEDGER_H

#include "base/datetime/datetime.h"
#include "platform/vault/vault.h"

/* The log nobody can rewrite: a Merkle tree of entries (RFC 6962 section 2.1) in files of C2SP
 * tlog-tiles, under checkpoints that are signed notes (Ed25519). Entries are added durably to a
 * journal first; publishing turns them into tiles and signs. What rendez-verify checks.
 *
 *   FOLDER/checkpoint            the newest, with cosignatures of witnesses
 *   FOLDER/tile/LEVEL/INDEX      256 hashes; INDEX.p/WIDTH while there are fewer
 *   FOLDER/tile/entries/INDEX    the entries themselves, each behind its length in two bytes
 *   FOLDER/journal               entries that no checkpoint covers yet
 *
 * One process writes. After a crash the journal goes on where it was whole; what ledger_append
 * said was written is there. */

enum {
    LEDGER_ENTRY_BYTES_MAX = 4096,
    LEDGER_WIDTH = 256,
    LEDGER_PROOF_MAX = 64,
};

struct ledger_hash {
    unsigned char bytes[32];
};
struct ledger_proof {
    struct ledger_hash items[LEDGER_PROOF_MAX];
    size_t count;
};

/* Keys. A seed is 32 random bytes (Ed25519); a name is like a URL without scheme. */
/* "NAME+ID+BASE64", for people and rendez-verify. kind 1: of a log; 4: of a witness. */
MUST_USE enum status ledger_public_key(struct slice name, const struct secret *seed, int kind,
                                       struct arena *arena, struct slice *out, struct problem *why);

/* The seed of a program that signs by itself, in a file of its own, in hexadecimal; made, mode 0600, where there is none.
 * ST_INVALID: it is none. ST_DENIED: others can read it. */
MUST_USE enum status ledger_open_seed(const char *path, struct secret **seed, struct problem *why);

/* The name that such a program signs with: as given, or (NULL) "HOST/WHAT", what: "witness". The caller frees it.
 * ST_INVALID: not one that may stand in a key. */
MUST_USE enum status ledger_signer_name(const char *given, const char *what, char **out, struct problem *why);

struct ledger;
#define AUTO_LEDGER __attribute__((cleanup(ledger_destroy))) struct ledger *
/* Opens or begins the log in that folder, under that name and key (which stays the caller's
 * and must outlive the ledger).
 * ST_INVALID  tiles, checkpoint and journal do not fit together: why says which; nothing is written
 * ST_DENIED   the checkpoint there is not signed by this key */
MUST_USE enum status ledger_open(const char *folder, struct slice origin, const struct secret *seed,
                                 struct ledger **out, struct problem *why);
/* Only what is published, to be read while another process writes: nothing is appended to it. */
MUST_USE enum status ledger_open_published(const char *folder, struct slice origin, const struct secret *seed,
                                           struct ledger **out, struct problem *why);
void ledger_destroy(struct ledger **ledger); /* accepts NULL */

uint64_t ledger_size(const struct ledger *ledger);      /* entries, those of the journal too */
uint64_t ledger_published(const struct ledger *ledger); /* of the newest checkpoint */

/* Adds them in order and returns when all are on disk: one fdatasync for the batch. An entry is
 * one line of UTF-8. *first: number of the first.
 * ST_INVALID      an entry that is too long or holds control characters; none was added
 * ST_LIMIT        more than 131,072 wait for a checkpoint that witnesses are asked for
 * ST_UNAVAILABLE  the disk; open the ledger again, some may have been added */
MUST_USE enum status ledger_append(struct ledger *ledger, const struct slice *entries, size_t count,
                                   uint64_t *first, struct problem *why);

/* Asks witnesses before a checkpoint is written: appends their lines to `lines`. A witness that
 * does not answer adds none; the clients' quorum decides.
 *   before  size of the checkpoint before, from which they want a consistency proof */
typedef void ledger_witness_fn(void *context, struct slice checkpoint, uint64_t before,
                               struct buffer *lines);
/* Tiles of all that was appended, then a signed checkpoint. Does nothing when there is nothing
 * new, unless `again`: the same size once more, for witnesses' new time. ask: may be NULL. */
MUST_USE enum status ledger_publish(struct ledger *ledger, bool again, ledger_witness_fn *ask,
                                    void *context, struct problem *why);
/* The same in two steps, for who must not stand still while witnesses are asked: entries may be
 * appended between them; what was prepared can be proven already.
 *   *checkpoint  borrowed until ledger_finish; empty: there is nothing to do, nor to finish */
MUST_USE enum status ledger_prepare(struct ledger *ledger, bool again, struct slice *checkpoint,
                                    struct problem *why);
/* cosignatures: lines, or empty. */
MUST_USE enum status ledger_finish(struct ledger *ledger, struct slice cosignatures,
                                   struct problem *why);
/* The newest checkpoint, as it lies on disk, in the arena. */
MUST_USE enum status ledger_checkpoint(struct ledger *ledger, struct arena *arena,
                                       struct slice *out, struct problem *why);

/* From `from` on, in order, those too that no checkpoint covers yet. What is not ST_OK ends it. */
typedef enum status ledger_entry_fn(void *context, uint64_t number, struct slice entry,
                                    struct problem *why);
MUST_USE enum status ledger_each(struct ledger *ledger, uint64_t from, ledger_entry_fn *each,
                                 void *context, struct problem *why);
/* The arena needs room for 256 entries. ST_NOT_FOUND: there is none (yet). */
MUST_USE enum status ledger_read(struct ledger *ledger, uint64_t number, struct arena *arena,
                                 struct slice *entry, struct problem *why);
/* From tiles, so of what is published. ST_NOT_FOUND: not published (yet). */
MUST_USE enum status ledger_prove_inclusion(struct ledger *ledger, uint64_t number, uint64_t size,
                                            struct ledger_proof *out, struct problem *why);
MUST_USE enum status ledger_prove_consistency(struct ledger *ledger, uint64_t size1, uint64_t size2,
                                              struct ledger_proof *out, struct problem *why);
/* Of one entry, as a file of C2SP tlog-proof under the newest checkpoint. */
MUST_USE enum status ledger_proof_file(struct ledger *ledger, uint64_t number, struct arena *arena,
                                       struct slice *out, struct problem *why);

/* One of a proof: base64, in the only form that we would write. */
bool ledger_read_hash(struct slice text, struct ledger_hash *out);
/* What a checkpoint says, once it is found that this log's key ("NAME+ID+BASE64") has signed it.
 * ST_INVALID: it is none. ST_DENIED: not signed by that key. */
struct ledger_head {
    struct slice origin; /* borrowed from the text */
    uint64_t size;
    struct ledger_hash root;
};
MUST_USE enum status ledger_open_checkpoint(struct slice text, struct slice log_key, struct arena *arena,
                                            struct ledger_head *out, struct problem *why);
/* Any text, of lines, signed as a note (C2SP signed-note) by a key of kind 1; and what that key has signed of one, borrowed
 * from it. ST_INVALID: no note. ST_DENIED: not signed by that key. */
MUST_USE enum status ledger_sign_note(struct slice name, const struct secret *seed, struct slice body,
                                      struct arena *arena, struct slice *out, struct problem *why);
MUST_USE enum status ledger_open_note(struct slice text, struct slice public_key, struct arena *arena,
                                      struct slice *body, struct problem *why);
/* Whether it is "NAME+ID+BASE64" of a log. */
bool ledger_is_log_key(struct slice key);
/* Whether this line (without its end) is that witness's, on that checkpoint. */
bool ledger_is_cosignature(struct slice line, struct slice witness_key, struct slice checkpoint);

/* A witness keeps, for each log, the newest checkpoint that it has signed. It signs the next only
 * if that is of the same log, by the pinned key, not smaller, and consistent with it.
 *   kept      what it signed last, or empty
 *   *signature  one line of a note, with its end
 * ST_DENIED says why not. */
MUST_USE enum status ledger_cosign(struct slice log_key, struct slice kept, struct slice next,
                                   const struct ledger_proof *proof, struct slice witness,
                                   const struct secret *seed, struct instant now,
                                   struct arena *arena, struct slice *signature,
                                   struct problem *why);

#endif
