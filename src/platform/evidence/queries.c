#include "evidence_migrations.h"
#include "platform/evidence/tables.h"

static const struct query_text queries[QUERY_COUNT_] = {
#define QUERY(name, params, columns, text) {#name, params, columns, text},
#define QUERY_PG(name, text)
#include "platform/evidence/queries.def"
#undef QUERY
#undef QUERY_PG
};
const struct sql_schema evidence_schema = {
    queries, QUERY_COUNT_, evidence_migrations,
    sizeof evidence_migrations / sizeof *evidence_migrations};
