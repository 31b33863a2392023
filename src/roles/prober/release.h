#ifndef RENDEZ_ROLES_PROBER_RELEASE_H
#define RENDEZ_ROLES_PROBER_RELEASE_H

#include "platform/sandbox/sandbox.h"
#include "roles/prober/check.h"

/* The programs of the service as files, and the release that they are of: "release.manifest" beside rendez-prober
 * (scripts/release). */

/* Before the sandbox: where our programs lie, and what must be readable for that. Texts are in the arena. */
MUST_USE enum status release_see(struct arena *arena, struct sandbox_rules *rules, struct problem *why);

#endif
