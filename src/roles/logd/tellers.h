#ifndef RENDEZ_ROLES_LOGD_TELLERS_H
#define RENDEZ_ROLES_LOGD_TELLERS_H

#include "platform/monitor/monitor.h"
#include "roles/messages/role.h"

/* How people hear of an alert: by a mail that goes straight to mailout, and by the webhook. One of each is
 * under way at a time; what was not taken is due again later, for three days. */
struct tellers;

/* Before role_enter; reads the webhook's secret. */
MUST_USE enum status tellers_create(struct role *role, struct tellers **out, struct problem *why);
void tellers_destroy(struct tellers **tellers); /* accepts NULL */
/* Which there are, by the settings. */
struct ways tellers_ways(const struct config *config);
/* Begins what is due. The monitor must live until tellers_destroy. */
MUST_USE enum status tellers_look(struct tellers *tellers, struct monitor *monitor, const struct moment *at,
                                  struct problem *why);

#endif
