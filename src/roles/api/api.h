#ifndef RENDEZ_ROLES_API_H
#define RENDEZ_ROLES_API_H

#include "roles/web/web.h"

/* What the role api serves: pages, personal links, the API. README.md has the commands that it leads to,
 * web/api/openapi.yaml the routes. */
extern const struct web_site api_site;

#endif
