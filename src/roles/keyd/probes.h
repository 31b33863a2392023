#ifndef RENDEZ_ROLES_KEYD_PROBES_H
#define RENDEZ_ROLES_KEYD_PROBES_H

#include "roles/messages/probe.h"

/* What keyd tries when the prober asks (messages/probe.h). Before role_enter. */
void keyd_probes(struct role *role);
void keyd_probe_leaver(struct role *role);

#endif
