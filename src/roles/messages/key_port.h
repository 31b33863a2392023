#ifndef RENDEZ_ROLES_MESSAGES_KEY_PORT_H
#define RENDEZ_ROLES_MESSAGES_KEY_PORT_H

#include "platform/vault/vault.h"
#include "roles/messages/role.h"

/* Asks keyd for a key and waits `patience_ms`. *key (left alone when the answer has none) is the
 * caller's; what is wrapped is copied into the arena. keyd's refusal is the status, with its words. */
MUST_USE enum status key_port_ask(struct role *role, const struct key_ask *ask, int patience_ms,
                                  struct arena *arena, struct key_given *given, struct secret **key,
                                  struct problem *why);

#endif
