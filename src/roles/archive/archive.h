#ifndef RENDEZ_ROLES_ARCHIVE_H
#define RENDEZ_ROLES_ARCHIVE_H

#include "platform/backup/set_keys.h"
#include "roles/config/config.h"
#include "roles/messages/keys.h"

/* Backups of an installation (doc/storage.md, Backups): the same code in the role, beside a running service
 * by the command line, and in tests. What belongs in a set stands in sources.c. */

struct archive;
#define AUTO_ARCHIVE __attribute__((cleanup(archive_close))) struct archive *

struct archive_step {
    const char *doing; /* "copy", "restore", "look" */
    uint64_t done, total; /* bytes */
};
struct archive_ports {
    void *self;
    /* keyd, as in roles/planner/planner.h. */
    enum status (*key)(void *self, const struct key_ask *ask, struct arena *arena, struct key_given *given,
                       struct secret **key, struct problem *why);
    /* Between steps, at least every few MB; false: stop, all is left as it was. NULL: go on. */
    bool (*go_on)(void *self, const struct archive_step *step);
};

/* Takes the lock of the installation's backups: ST_CONFLICT while another process works on them. Makes
 * folders that are not there. The settings must outlive it. */
MUST_USE enum status archive_open(const struct config *config, const struct archive_ports *ports,
                                  struct archive **out, struct problem *why);
void archive_close(struct archive **archive); /* accepts NULL */
struct set_keys *archive_keys(struct archive *archive);

/* The complete sets, for the calendar; sets whose folder is gone are left out of it, and counted. */
MUST_USE enum status archive_sets(struct archive *archive, struct arena *arena, struct backup_set_list *out,
                                  uint32_t *missing, struct problem *why);
struct sets_rule archive_rule(const struct archive *archive);

/* The kind that the calendar wants now; one more of the day where it wants none. */
MUST_USE enum status archive_kind_now(struct archive *archive, struct instant now, struct arena *arena,
                                      enum set_kind *kind, struct problem *why);
/* Makes a set, or leaves nothing of it; what an earlier run has left half done goes first. Copies the keys too.
 * ST_CONFLICT  there is one of this minute;  ST_LIMIT  the disk is full */
MUST_USE enum status archive_make(struct archive *archive, enum set_kind kind, struct instant now,
                                  struct arena *arena, struct set_row *out, struct problem *why);
/* Ends what has had its time: the key first, in both places, then the files. */
MUST_USE enum status archive_expire(struct archive *archive, struct instant now, struct arena *arena,
                                    struct slice_list *ended, struct problem *why);
/* Ends one, whatever the calendar says. */
MUST_USE enum status archive_end(struct archive *archive, struct slice set, struct instant now, struct problem *why);

/* The one copy of *.keys, root.key and rendez.conf, over the one before (sql_keep_ended_keys). */
MUST_USE enum status archive_copy_keys(struct archive *archive, struct instant now, struct problem *why);
/* Whether a key file has changed since the copy was made: then it is time for another. */
bool archive_keys_changed(struct archive *archive);
/* When the copy was made; us 0: never. */
struct instant archive_keys_copied(struct archive *archive);

/* Keys of sets are wrapped by the newest root key from now on. *older: how many sets may hold what only an
 * older one opens: made before it was there, or before it had taken everything over (set_keys_root_done).
 * *until: when the last of them ends. */
MUST_USE enum status archive_rewrap(struct archive *archive, uint32_t *older, struct instant *until,
                                    struct problem *why);

/* What a look at a set has found: it is restored into an empty place, and all of it is tried. */
struct archive_found {
    struct slice fault;       /* empty: all is well */
    uint64_t bytes, files;
    uint64_t restore_us, answer_us; /* to have it in place; from there to the first good answer */
    uint32_t organisations, people, meetings, messages;
    uint32_t entries;         /* of identity.db and trust.db, tried one by one */
    uint32_t erased;          /* whose key was destroyed since: nothing of them opens, as it should be */
    bool answered;            /* a mail was answered; false: there is nobody in it who could write one */
};
/* ST_OK: it was tried, whatever was found. */
MUST_USE enum status archive_verify(struct archive *archive, struct slice set, struct instant now,
                                    struct arena *arena, struct archive_found *out, struct problem *why);

/* Brings an installation back, without one: what `rendez restore` does.
 *   from   a folder of sets, or one set
 *   keys   the folder with the copy of what opens them
 *   to     must not be there, or be empty
 *   set    NULL: the newest
 * Killed at any moment it leaves TO.part, which the next one removes and which has no settings to start with, as
 * they come last; TO is whole or not there. */
struct archive_restoring {
    const char *from, *keys, *to, *set;
    struct archive_ports ports;
};
struct archive_restored {
    struct slice set;
    struct instant made;
    uint64_t bytes, files, took_us;
};
MUST_USE enum status archive_restore(const struct archive_restoring *restoring, struct instant now,
                                     struct arena *arena, struct archive_restored *out, struct problem *why);

/* What a restore has brought back and no service has spoken of yet; ST_NOT_FOUND: nothing. made, files: 0. */
MUST_USE enum status archive_find_restored(struct archive *archive, struct arena *arena, struct archive_restored *out,
                                           struct problem *why);
MUST_USE enum status archive_forget_restored(struct archive *archive, struct problem *why);

#endif
