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
};

#endif
