#include "platform/store/sql.h"

const struct query_text queries[QUERY_COUNT_] = {
#define QUERY(name, params, columns, text) {#name, params, columns, text},
#define QUERY_PG(name, text)
#include "platform/store/queries.def"
#undef QUERY
#undef QUERY_PG
};
