#include "platform/store/tables.h"
#include "store_migrations.h"

static const struct query_text queries[QUERY_COUNT_] = {
#define QUERY(name, params, columns, text) {#name, params, columns, text},
#define QUERY_PG(name, text)
#include "platform/store/queries.def"
#undef QUERY
#undef QUERY_PG
};
const struct sql_schema store_schema = {
    queries, QUERY_COUNT_, store_migrations, sizeof store_migrations / sizeof *store_migrations};
