#ifndef RENDEZ_ROLES_SSO_PROBES_H
#define RENDEZ_ROLES_SSO_PROBES_H

#include "roles/messages/probe.h"

/* What sso tries when the prober asks (messages/probe.h). Before role_enter. */
void sso_probes(struct role *role);

#endif
