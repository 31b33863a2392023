#ifndef RENDEZ_ROLES_LOGD_ASK_H
#define RENDEZ_ROLES_LOGD_ASK_H

#include "roles/logd/looks.h"

/* What trust and the pages ask about the log: commands, JSON in and out.
 *
 *   log.show     {} → {"origin", "key", "entries": under the checkpoint, "checkpoint": text,
 *                "witnesses": [key], "second_looks": the newest figure of them, {"entry", "at", "from", "until",
 *                "looks", "wrong"}; null: there is none, or the log was not gone through yet}
 *   log.proof    {"source": "trust", "numbers": [n, …], the newest first} → {"entry": number in the log, "proof": text}
 *                of the first of them that is under the checkpoint; the proof (C2SP tlog-proof) carries the entry itself as
 *                its extra data, so that one file is all
 *   log.entries  {"organisation": id, "before": number or null} → {"entries": [{"entry", "at", "kind", "ids"}],
 *                "before": where to go on, null: this is all, "published", "log": as log.show says}; the newest first
 *   log.proofs   the same question → {"proofs": text, one after the other; "before"}; with "entry": number, of that
 *                one alone, if it is the organisation's
 *
 * ST_NOT_FOUND    no such command, no such entry, or under no checkpoint yet
 * ST_UNAVAILABLE  the log is not open */
struct log_answerer {
    struct logbook *book;
    struct slice origin;
    const struct secret *seed;
    struct slice witnesses; /* as in the settings */
    struct log_looks *looks; /* where it is kept how far; NULL: the figure is not asked for */
};
MUST_USE enum status log_command(const struct log_answerer *from, struct slice name, struct slice json,
                                 struct arena *arena, struct slice *answer, struct problem *why);

/* Asks log_command for entries of an organisation that nobody has, of one that is named in the log, and of one whose name
 * begins in the same way: *wrong counts those that come and are another's. *named: entries that came to the second. */
MUST_USE enum status log_try_others(const struct log_answerer *from, struct arena *arena, size_t *named, size_t *wrong,
                                    struct problem *why);

/* When the newest entry of that kind by a source whose name begins so ("console.") was written, of the newest 16,384.
 * ST_NOT_FOUND: there is none. */
MUST_USE enum status log_newest(const struct log_answerer *from, struct slice kind, struct slice source, struct instant *at,
                                struct problem *why);

/* {"detail": …}: an answer that is a refusal. */
struct slice log_detail(const struct problem *why, struct arena *arena);

/* The number in the log of one entry of a source that numbers its own: by halves, since those of one
 * source come in order. ST_NOT_FOUND: it is not there. */
MUST_USE enum status log_find(struct ledger *ledger, struct slice source, uint64_t number, uint64_t *out,
                              struct problem *why);

#endif
