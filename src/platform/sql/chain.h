#ifndef RENDEZ_PLATFORM_SQL_CHAIN_H
#define RENDEZ_PLATFORM_SQL_CHAIN_H

#include "platform/sql/sql.h"

/* An append-only log in a table log_entry (seq, at, kind, ids, digest): what happened to what,
 * never personal data. Each entry's digest covers the one before it, so that none can be changed
 * or taken out unnoticed; triggers of the database refuse changes as well. */
enum { LOG_DIGEST_BYTES = 32 };
struct log_entry {
    uint32_t seq; /* from 1 */
    struct instant at;
    struct slice kind; /* "meeting.state.moved" */
    struct slice ids;  /* "meeting=m_… state=confirmed": ids and fixed words only */
    struct slice digest;
};
struct log_entry_list {
    struct log_entry *items;
    size_t count, capacity;
};

/* The statements of the module's schema for it; columns are the fields above, in that order. */
struct chain_queries {
    unsigned last;   /* → the newest row */
    unsigned append; /* from a row */
    unsigned list;   /* $1 → rows after that seq, in order, at most 1000 */
};

MUST_USE enum status chain_append(struct database *database, const struct chain_queries *queries,
                                  struct instant at, struct slice kind, struct slice ids,
                                  struct problem *why);
/* The newest. ST_NOT_FOUND: there is none. */
MUST_USE enum status chain_last(struct database *database, const struct chain_queries *queries, struct arena *arena,
                                struct log_entry *out, struct problem *why);
/* The latest date of the last thousand entries, of those since the last one of that kind.
 * ST_NOT_FOUND: there is none. */
MUST_USE enum status chain_latest(struct database *database, const struct chain_queries *queries,
                                  struct slice since, struct instant *at, struct problem *why);
MUST_USE enum status chain_list(struct database *database, const struct chain_queries *queries,
                                uint32_t after, struct arena *arena, struct log_entry_list *out,
                                struct problem *why);
/* ST_INVALID names the first entry that does not follow from those before it. */
MUST_USE enum status chain_verify(struct database *database, const struct chain_queries *queries,
                                  struct problem *why);

#endif
