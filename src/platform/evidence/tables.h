#ifndef RENDEZ_PLATFORM_EVIDENCE_TABLES_H
#define RENDEZ_PLATFORM_EVIDENCE_TABLES_H

#include "platform/evidence/evidence.h"
#include "platform/sql/rows.h"

enum query {
#define QUERY(name, params, columns, text) QUERY_##name,
#define QUERY_PG(name, text)
#include "platform/evidence/queries.def"
#undef QUERY
#undef QUERY_PG
    QUERY_COUNT_
};
extern const struct sql_schema evidence_schema;

struct evidence {
    struct database db;
};

#endif
