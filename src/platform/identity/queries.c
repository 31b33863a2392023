#include "identity_migrations.h"
#include "platform/identity/tables.h"

static const struct query_text queries[QUERY_COUNT_] = {
#define QUERY(name, params, columns, text) {#name, params, columns, text},
#define QUERY_PG(name, text)
#include "platform/identity/queries.def"
#undef QUERY
#undef QUERY_PG
};
const struct sql_schema identity_schema = {
    queries, QUERY_COUNT_, identity_migrations,
    sizeof identity_migrations / sizeof *identity_migrations};
