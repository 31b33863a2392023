#ifndef RENDEZ_ROLES_MESSAGES_CALLER_PORT_H
#define RENDEZ_ROLES_MESSAGES_CALLER_PORT_H

#include "roles/messages/callers.h"
#include "roles/messages/keys.h"
#include "roles/messages/role.h"

/* Who asks a role through api: callers.h with the key that keyd has for it, and an event of what is refused
 * (doc/identity.md "Who asks the planner, and logd"). */
struct caller_port;

/* Before role_enter. purpose: of the key that authd and this role have, and nobody else. */
struct caller_port *caller_port_create(struct role *role, enum key_purpose purpose, size_t taken_max);
void caller_port_destroy(struct caller_port **port); /* accepts NULL */

/* Takes the command's assertion, and may wait for keyd. *out is filled when it is CALLER_TAKEN; its texts are in
 * the arena. Else the answer is ST_DENIED with CALLER_REFUSED: api asks authd once more, once. */
enum caller_verdict caller_port_take(struct caller_port *port, const struct command *command, const struct moment *at,
                                     struct arena *arena, struct caller_assertion *out);
#define CALLER_REFUSED LIT("{\"detail\":\"authd has not said so who asks\",\"code\":\"assertion\"}")

/* As callers_end. */
void caller_port_end(struct caller_port *port, struct slice person, struct slice session, struct instant ended,
                     struct instant now);

#endif
