#ifndef RENDEZ_ROLES_LOGD_RELEASE_H
#define RENDEZ_ROLES_LOGD_RELEASE_H

#include "base/bytes/bytes.h"

/* "version=… rendezd=DIGEST keyd=DIGEST …": the programs beside this one, as they lie on the disk, by
 * their SHA-256; "unreadable" where that cannot be said. Before the sandbox. */
struct slice release_ids(struct arena *arena);

#endif
