#ifndef RENDEZ_WITNESS_H
#define RENDEZ_WITNESS_H

#include "platform/ledger/ledger.h"

/* A witness of logs (C2SP tlog-witness): it signs a checkpoint only if that continues the one that it
 * signed before, so nobody can show two logs to two people. It belongs to somebody else than the log:
 * on another machine, under another user. This header knows no HTTP.
 *
 *   FOLDER/key          its seed, in hexadecimal; made at the first start
 *   FOLDER/ID           for each log, by the number in its key: the newest checkpoint that it signed,
 *                       on disk before anybody hears of it */

enum {
    WITNESS_LOGS_MAX = 16,
    WITNESS_REQUEST_BYTES_MAX = 32 * 1024,
};

/* POST /add-checkpoint. */
struct witness_request {
    uint64_t old;              /* size that the log thinks we have signed */
    struct ledger_proof proof; /* from there to the checkpoint */
    struct slice checkpoint;   /* borrowed */
};
/* ST_INVALID: it is none. */
MUST_USE enum status witness_read_request(struct slice body, struct witness_request *out,
                                          struct problem *why);

struct witness;
#define AUTO_WITNESS __attribute__((cleanup(witness_destroy))) struct witness *

struct witness_options {
    const char *folder; /* made where it is not there, mode 0700 */
    const char *name;   /* like a URL without scheme; NULL: this machine's with "/witness" */
    struct slice logs[WITNESS_LOGS_MAX]; /* keys, up to the first empty one; borrowed */
};
/* ST_INVALID  a key that is none; a kept checkpoint that its log did not sign
 * ST_DENIED   others can read the key */
MUST_USE enum status witness_create(const struct witness_options *options, struct witness **out,
                                    struct problem *why);
void witness_destroy(struct witness **witness); /* accepts NULL */
/* "NAME+ID+BASE64", to be pinned. */
MUST_USE enum status witness_key(struct witness *witness, struct arena *arena, struct slice *out,
                                 struct problem *why);

/* What is answered, as HTTP has it. */
struct witness_answer {
    unsigned code; /* 200 a line that signs; 400 no request; 403 not that log's signature; 404 no log
                      that we watch; 409 the size that we have signed; 422 the proof does not hold;
                      500 our disk */
    struct slice body; /* in the arena */
    bool is_size;      /* Content-Type text/x.tlog.size */
};
struct witness_answer witness_add_checkpoint(struct witness *witness, struct slice body,
                                             struct instant now, struct arena *arena);

/* serve.c: until SIGTERM. listen: "ADDRESS:PORT". */
MUST_USE enum status witness_serve(struct witness *witness, const char *folder, struct slice listen,
                                   struct problem *why);

#endif
