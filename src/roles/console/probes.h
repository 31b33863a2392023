#ifndef RENDEZ_ROLES_CONSOLE_PROBES_H
#define RENDEZ_ROLES_CONSOLE_PROBES_H

#include "roles/messages/role.h"

/* What the console tries when the prober asks (messages/probe.h). Before role_enter. */
void console_probes(struct role *role);

#endif
