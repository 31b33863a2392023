#ifndef RENDEZ_ROLES_LOGD_WATCH_PROBES_H
#define RENDEZ_ROLES_LOGD_WATCH_PROBES_H

#include "roles/logd/watch.h"

/* What the prober tries of alerts and metrics (MON-04, MON-05). Before role_enter. */
void watch_probes_add(struct role *role, struct watch *watch);

#endif
