#ifndef RENDEZ_ROLES_CONSOLE_H
#define RENDEZ_ROLES_CONSOLE_H

#include "roles/web/web.h"

/* What the role console serves (routes.def): the room's pages, and the cases that people decide there. */
extern const struct web_site console_site;

#endif
