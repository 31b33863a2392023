#ifndef RENDEZ_ROLES_PLANNER_PROBES_H
#define RENDEZ_ROLES_PLANNER_PROBES_H

#include "roles/messages/stored_probe.h"
#include "roles/planner/process.h"

/* What the planner tries when the prober asks (messages/probe.h). Before role_enter; the store is there
 * once it is asked. */
struct entry_probe *planner_probes(struct planner_role *p);
struct stored_probe *planner_stored_probe(struct planner_role *p);

#endif
