#ifndef RENDEZ_ROLES_CLI_DEMO_H
#define RENDEZ_ROLES_CLI_DEMO_H

#include "roles/directory/directory.h"

/* A small organisation to try things with: three colleagues with calendars of the coming
 * weeks, two guests of other houses. All addresses end in .example (RFC 2606). */
MUST_USE enum status demo_fill(struct directory *directory, struct instant now,
                               struct problem *why);

#endif
