#ifndef RENDEZ_ROLES_TRUST_PROBES_H
#define RENDEZ_ROLES_TRUST_PROBES_H

#include "roles/messages/probe.h"
#include "roles/trust/trust.h"

/* Before role_enter; *trust is there once it is asked. */
void trust_probes(struct role *role, struct trust **trust);
/* Its part in outages_probe.c. */
void trust_outages_probe(struct role *role, struct trust **trust);

#endif
