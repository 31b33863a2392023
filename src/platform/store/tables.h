#ifndef RENDEZ_PLATFORM_STORE_TABLES_H
#define RENDEZ_PLATFORM_STORE_TABLES_H

#include "platform/sql/rows.h"
#include "platform/store/store.h"

/* What the files of this module share: the statements of queries.def, by their names. */
enum query {
#define QUERY(name, params, columns, text) QUERY_##name,
#define QUERY_PG(name, text)
#include "platform/store/queries.def"
#undef QUERY
#undef QUERY_PG
    QUERY_COUNT_
};
extern const struct sql_schema store_schema;

struct store {
    struct database db;
    struct database keys; /* a file of its own */
    bool ending;          /* keys are to go as soon as the transaction has */
};

/* Ends a transaction that the caller has begun for `status` alone (own); else leaves it open. */
MUST_USE enum status store_finish(struct store *store, bool own, enum status status,
                                  struct problem *why);

/* keys.c */
MUST_USE enum status keys_open(struct store *store, const char *where, struct problem *why);
/* What a database of before version 3 holds itself. */
MUST_USE enum status keys_move(struct store *store, struct problem *why);
/* Empty when it was destroyed. */
MUST_USE enum status keys_fill(struct store *store, enum stored_key_kind kind, struct slice id,
                               uint32_t version, struct arena *arena, struct wrapped_key *out,
                               struct problem *why);
uint32_t keys_version_of(struct sealed sealed);
MUST_USE enum status keys_scan(struct store *store, sql_row_fn *each, void *context,
                               struct problem *why);
/* Gone soon after the transaction that says so, and not before. */
MUST_USE enum status keys_note_end(struct store *store, enum stored_key_kind kind, struct slice id,
                                   struct problem *why);

#endif
