#ifndef RENDEZ_PLATFORM_IDENTITY_TABLES_H
#define RENDEZ_PLATFORM_IDENTITY_TABLES_H

#include "platform/identity/identity.h"
#include "platform/keyfile/keyfile.h"
#include "platform/sql/rows.h"

/* What the files of this module share: the statements of queries.def, by their names. */
enum query {
#define QUERY(name, params, columns, text) QUERY_##name,
#define QUERY_PG(name, text)
#include "platform/identity/queries.def"
#undef QUERY
#undef QUERY_PG
    QUERY_COUNT_
};
extern const struct sql_schema identity_schema;

struct identity {
    struct database db;
    struct keyfile keys;
};

/* For a change that must meet one row: whichever else it meets says `otherwise`. */
MUST_USE enum status change_one(struct identity *identity, enum query query,
                                const struct sql_value *args, enum status otherwise,
                                const char *what, struct problem *why);
/* For a statement of one number. */
MUST_USE enum status read_count(struct identity *identity, enum query query,
                                const struct sql_value *args, uint32_t *count, struct problem *why);

#endif
