#ifndef RENDEZ_ROLES_LOGD_ADMIT_H
#define RENDEZ_ROLES_LOGD_ADMIT_H

#include "roles/messages/caller_port.h"

/* Who may ask what. api brings authd's word for somebody, and what it says besides counts for nothing; trust asks
 * about the log, for pages that everybody may read.
 *   *json    what is asked: of the log, people get what names their own organisation, whatever they asked for
 * ST_DENIED  *answer is to be said */
MUST_USE enum status logd_admit(struct role *role, struct caller_port *callers, const struct ipc_message *message,
                                const struct moment *at, struct arena *arena, struct slice *json,
                                struct slice *answer);

#endif
