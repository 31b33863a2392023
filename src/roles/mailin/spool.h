#ifndef RENDEZ_ROLES_SPOOL_H
#define RENDEZ_ROLES_SPOOL_H

#include "platform/vault/vault.h"

/* The spool: a file for each message that is ours and not yet handled, sealed, and one with its wrapped
 * key, so that no copy of the first opens when the second is gone. A message is there whole and on disk,
 * or not at all. */

enum { SPOOL_ID_BYTES = 32, SPOOL_FILE_BYTES_MAX = 33 << 20, SPOOL_ENTRIES_MAX = 100000 };

struct spool;

/* Opens the folder, and makes the key that ids are computed with if there is none. Before the
 * sandbox. */
MUST_USE enum status spool_open(const char *folder, struct spool **out, struct problem *why);
void spool_close(struct spool **spool); /* accepts NULL */

/* The id of a message: a keyed hash of its envelope and bytes, in hexadecimal. An MTA that
 * missed our 250 sends the same message again, and it gets the same id. */
struct slice spool_id(const struct spool *spool, struct slice sealed_content, struct arena *arena);

/* Each id in the folder, oldest file first; what a crash left half written is removed, so no other
 * process may be writing. ST_LIMIT over SPOOL_ENTRIES_MAX. */
MUST_USE enum status spool_list(struct spool *spool, struct arena *arena,
                                struct slice_list *ids, struct problem *why);

/* On disk when it returns ST_OK: written beside, fsynced, renamed, folder fsynced.
 * ST_LIMIT  no room on the disk */
MUST_USE enum status spool_put(struct spool *spool, struct slice id, struct slice wrapped_key,
                               struct sealed content, struct problem *why);
MUST_USE enum status spool_get(const struct spool *spool, struct slice id, struct arena *arena,
                               struct slice *wrapped_key, struct sealed *content,
                               struct problem *why);
/* What is gone already counts as removed. */
MUST_USE enum status spool_remove(struct spool *spool, struct slice id, struct problem *why);
/* Puts a file that does not open out of the way, for a person: ID.bad. */
MUST_USE enum status spool_set_aside(struct spool *spool, struct slice id, struct problem *why);

/* The place that a message is sealed for. */
struct seal_place spool_place(struct slice id);

#endif
