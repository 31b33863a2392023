#ifndef RENDEZ_ROLES_MESSAGES_VAULT_PROBES_H
#define RENDEZ_ROLES_MESSAGES_VAULT_PROBES_H

#include "platform/vault/scan.h"
#include "roles/messages/probe.h"

/* Questions that every role which seals answers alike. Before role_enter. */

/* "fresh_entries": seals thousands of times as for writing; no salt or IV may come twice, all bytes must
 * look random, and without random bytes nothing may be sealed. Causes: "repeated", "not_random",
 * "sealed_without_random". */
void probe_fresh_entries(struct role *role);

/* "entries", in steps, since a role serves nobody meanwhile: the argument is "begin", then "more" as
 * long as the fact left is not 0, then "end", which judges: every entry is well formed, and none has the salt or the IV
 * of another. Causes: "malformed", "repeated_salt", "repeated_iv". */
typedef void probe_entry_fn(void *context, const char *place, int64_t row, struct sealed sealed);
typedef enum status probe_page_fn(void *context, struct entry_cursor *cursor, int64_t limit,
                                  probe_entry_fn *each, void *each_context, struct problem *why);
struct entry_probe;
struct entry_probe *probe_entries(struct role *role, probe_page_fn *page, void *context);
void entry_probe_destroy(struct entry_probe **probe); /* accepts NULL */
#define AUTO_ENTRY_PROBE __attribute__((cleanup(entry_probe_destroy))) struct entry_probe *

#endif
