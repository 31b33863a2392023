#ifndef RENDEZ_ROLES_CLI_SERVICE_DESK_H
#define RENDEZ_ROLES_CLI_SERVICE_DESK_H

#include "formats/json/json.h"
#include "roles/messages/desk.h"

/* Asks a role of the service that runs in an installation (messages/desk.h). Takes the reference of
 * `question`; *answer is its last line (or NULL: nobody wants it), a new reference.
 *   dir   NULL: $RENDEZ_DIR, else here
 *   each  gets the lines before the last; or NULL */
typedef void service_line_fn(void *context, const json_t *line);
MUST_USE enum status service_ask(const char *dir, const char *role, json_t *question, int patience_ms,
                                 service_line_fn *each, void *context, json_t **answer, struct problem *why);

#endif
