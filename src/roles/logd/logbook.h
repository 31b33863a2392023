#ifndef RENDEZ_ROLES_LOGD_LOGBOOK_H
#define RENDEZ_ROLES_LOGD_LOGBOOK_H

#include "platform/ledger/ledger.h"
#include "roles/messages/entries.h"

/* The log with its sources: who says entries numbers them, and here is known how far each has come, so
 * that each entry of each comes once and in order. In FOLDER, besides the ledger's files:
 *
 *   lock      one process writes; who comes second waits for the end of the first
 *   position  how far each source had come at a size of the log; what came since is read from the
 *             entries themselves, so the file may be old, or away */
struct logbook;
#define AUTO_LOGBOOK __attribute__((cleanup(logbook_close))) struct logbook *

/* ST_CONFLICT     another process writes it
 * else            as ledger_open */
MUST_USE enum status logbook_open(const char *folder, struct slice origin, const struct secret *seed,
                                  struct logbook **out, struct problem *why);
void logbook_close(struct logbook **book); /* accepts NULL */
struct ledger *logbook_ledger(struct logbook *book);

/* All of that source is on disk up to this one; 0: nothing. */
int64_t logbook_kept(struct logbook *book, struct slice source);

/* Takes what continues its source, and leaves out what is there already, or what does not follow (the
 * source hears how far it has come, and says it again). Nothing is on disk before logbook_commit.
 * A line that is no entry takes its number as LOG_LINE_REFUSED.
 *   lasting  the source numbers the same for ever; else it is one of a process: "keyd.BOOT"
 *   now      no entry is later than this */
void logbook_take(struct logbook *book, const struct log_append *append, bool lasting, struct instant now);
/* One of our own, of no source. */
void logbook_say(struct logbook *book, struct slice kind, struct slice ids, struct instant now);
size_t logbook_taken(const struct logbook *book);

/* ST_LIMIT: too many wait for a checkpoint; what was taken is dropped. ST_UNAVAILABLE: the disk; close it. */
MUST_USE enum status logbook_commit(struct logbook *book, struct problem *why);
/* After a checkpoint. */
MUST_USE enum status logbook_save(struct logbook *book, struct problem *why);

/* "rendez.acme.example/log": the name of the log, of the service's public address. */
struct slice logbook_origin(struct slice public_url, struct arena *arena);

/* One entry taken apart. False: it is none. */
struct logbook_entry {
    struct instant at;
    struct slice kind, ids, source; /* source: "store/12", "logd" */
};
bool logbook_read_entry(struct slice line, struct logbook_entry *out);
/* Whether "NAME=ID" is among its ids. */
bool logbook_names(const struct logbook_entry *entry, struct slice name, struct slice id);

#endif
