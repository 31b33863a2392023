#ifndef RENDEZ_ROLES_CLI_TRUST_REPORT_H
#define RENDEZ_ROLES_CLI_TRUST_REPORT_H

#include <stdbool.h>

#include "formats/json/json.h"

/* The report of the controls from what trust shows (roles/trust/README.md), to stdout. */
void trust_report_text(const json_t *answer, bool french);
void trust_report_html(const json_t *answer, bool french); /* one page that needs nothing else */

#endif
