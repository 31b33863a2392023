#ifndef RENDEZ_ROLES_ARCHIVE_PROBES_H
#define RENDEZ_ROLES_ARCHIVE_PROBES_H

#include "roles/archive/archive.h"
#include "roles/messages/probe.h"

/* The questions "sets", "expired" and "exercise" (loss, time, quarter) of the prober: controls CONT-04,
 * CONT-05, CONT-07, CONT-08 and AUD-04. `self` must outlive the role. */
struct archive_role_ports {
    const struct config *config;
    struct archive_ports ports;
    struct archive *working; /* open in the work that is under way; else NULL */
};
void archive_probes(struct role *role, struct archive_role_ports *self);

#endif
