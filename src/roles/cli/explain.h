#ifndef RENDEZ_ROLES_CLI_EXPLAIN_H
#define RENDEZ_ROLES_CLI_EXPLAIN_H

#include "domain/intent/intent.h"
#include "formats/json/json.h"

/* Why a text was read as it was. The reading was made with context.explain. */
struct explained {
    struct slice text;
    const struct timex_list *timexes;
    const struct wishes *wishes;
    const struct reading *reading;
    const struct zone *zone;
};

/* A tree for a terminal. */
void explain_print(const struct explained *explained, bool colour, struct arena *arena);
/* Members "timexes", "ignored", "wishes", "intent"; derivations as nested "tree". */
json_t *explain_json(const struct explained *explained);

#endif
