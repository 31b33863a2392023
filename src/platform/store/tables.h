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
    struct keyfile keys;
    bool ending;          /* keys are to go as soon as the transaction has */
};

/* Ends a transaction that the caller has begun for `status` alone (own); else leaves it open. */
MUST_USE enum status store_finish(struct store *store, bool own, enum status status,
                                  struct problem *why);

/* keys.c */
/* What a database of before version 3 holds itself. */
MUST_USE enum status keys_move(struct store *store, struct problem *why);
/* Gone soon after the transaction that says so, and not before. */
MUST_USE enum status keys_note_end(struct store *store, enum stored_key_kind kind, struct slice id,
                                   struct problem *why);

#endif
