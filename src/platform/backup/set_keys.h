#ifndef RENDEZ_PLATFORM_BACKUP_SET_KEYS_H
#define RENDEZ_PLATFORM_BACKUP_SET_KEYS_H

#include "platform/backup/backup.h"

/* sets.keys: the key of each set, wrapped by the root key, and what is known of the set. A key that is
 * taken out is zeros in the file when the call returns; what it sealed opens nowhere any more. */
struct set_keys;
#define AUTO_SET_KEYS __attribute__((cleanup(set_keys_close))) struct set_keys *
MUST_USE enum status set_keys_open(const char *path, struct set_keys **out, struct problem *why);
void set_keys_close(struct set_keys **keys); /* accepts NULL */

struct set_row {
    struct slice name;
    struct instant made;
    uint32_t root;
    struct sealed wrapped;
    uint32_t whole; /* 1: complete */
    uint64_t bytes, took_us;
    struct instant verified; /* us 0: not yet */
    struct slice fault;      /* empty: none when it was looked at last */
};
struct set_row_list {
    struct set_row *items;
    size_t count, capacity;
};

/* A new one, before anything is sealed with its key. ST_CONFLICT: there is one of that name. */
MUST_USE enum status set_keys_add(struct set_keys *keys, const struct set_row *row, struct problem *why);
MUST_USE enum status set_keys_mark_whole(struct set_keys *keys, struct slice name, uint64_t bytes,
                                         uint64_t took_us, struct problem *why);
/* All, oldest first. */
MUST_USE enum status set_keys_list(struct set_keys *keys, struct arena *arena, struct set_row_list *out,
                                   struct problem *why);
MUST_USE enum status set_keys_load(struct set_keys *keys, struct slice name, struct arena *arena,
                                   struct set_row *out, struct problem *why);
MUST_USE enum status set_keys_rewrap(struct set_keys *keys, struct slice name, struct sealed wrapped,
                                     struct problem *why);
/* fault: empty where it is good. */
MUST_USE enum status set_keys_note(struct set_keys *keys, struct slice name, struct instant at,
                                   struct slice fault, struct problem *why);
MUST_USE enum status set_keys_end(struct set_keys *keys, struct slice name, struct problem *why);

/* A root key has taken over all that the one before had sealed, at `at` (the first time that is said counts). */
MUST_USE enum status set_keys_root_done(struct set_keys *keys, uint32_t version, struct instant at,
                                        struct problem *why);
/* us 0: not yet. */
MUST_USE enum status set_keys_root_done_at(struct set_keys *keys, uint32_t version, struct instant *at,
                                           struct problem *why);

struct set_verification {
    struct instant at;
    uint64_t sets, faults, bytes, took_us, answered_us;
};
/* And forgets those of more than 400 days ago. */
MUST_USE enum status set_keys_record(struct set_keys *keys, const struct set_verification *done,
                                     struct problem *why);
/* ST_NOT_FOUND: none yet. */
MUST_USE enum status set_keys_last_record(struct set_keys *keys, struct set_verification *out,
                                          struct problem *why);

#endif
