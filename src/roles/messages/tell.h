#ifndef RENDEZ_ROLES_TELL_H
#define RENDEZ_ROLES_TELL_H

#include "roles/messages/role.h"

/* How a role tells logd of its events and counts: part of role.c, in a file of its own. It never waits
 * and never logs. While logd is away, TOLD_QUEUE_MAX different ones are kept; of more, a count. */
struct tell;

/* After the loop and the channels are there. From then on marked events come here. */
struct tell *tell_open(struct role *role);
/* Just before the sandbox: what can be asked no more in it. */
void tell_enter(struct tell *tell);
/* The role serves: counts are told every five seconds. */
void tell_begin(struct tell *tell);
/* Before the process ends: what waits, if the channel takes it at once. */
void tell_close(struct tell **tell); /* accepts NULL */

/* Of the role's own counts; see role_on_measure. */
void tell_on_measure(struct tell *tell, role_measure_fn *fn, void *context);

#endif
