#ifndef RENDEZ_ROLES_MESSAGES_STORED_PROBE_H
#define RENDEZ_ROLES_MESSAGES_STORED_PROBE_H

#include "roles/messages/vault_probes.h"

/* "stored": whether what a role stores is sealed, bound to its place, and in no file in clear. In steps, since a
 * role serves nobody meanwhile: "go" as long as the fact left is not 0, then "report". Who stops in between goes on
 * there at the next "go"; a report says how far it is.
 *   1. two rows of the role's own are written with a canary; each opens in its place, and not in the other's
 *   2. every file of the database is read: the canary must be nowhere, the rows' id, which is in clear, somewhere
 *   3. every sealed column holds nothing but entries, and no entry is readable
 *   4. the rows go
 * Causes: "lost", "moved_entry_opens", "clear_on_disk", "not_sealed". */
struct stored_ports {
    void *context;
    size_t files; /* numbered from 0 */
    /* Step 1, through the code that serves. *mark: what is in the files in clear; in the arena. *opens_elsewhere: the
     * one's value opened in the other's place. ST_INVALID: what was written is not what is read. */
    enum status (*put)(void *context, struct slice canary, struct instant now, struct arena *arena,
                       struct slice *mark, bool *opens_elsewhere, struct problem *why);
    enum status (*end)(void *context, struct instant now, struct problem *why); /* step 4; nothing where there are none */
    /* *got 0: its end. */
    enum status (*read)(void *context, size_t file, int64_t at, char *into, size_t room, size_t *got,
                        struct problem *why);
    probe_page_fn *page;
};
struct stored_probe;
/* Before role_enter. */
struct stored_probe *probe_stored(struct role *role, const struct stored_ports *ports);
void stored_probe_destroy(struct stored_probe **probe); /* accepts NULL */
/* What probe_stored is made of, for its test. */
struct stored_probe *stored_probe_create(const struct stored_ports *ports);
MUST_USE enum status stored_probe_step(struct stored_probe *probe, struct instant now, bool *left, struct problem *why);
const char *stored_probe_cause(const struct stored_probe *probe); /* NULL: nothing found in this round */
#define AUTO_STORED_PROBE __attribute__((cleanup(stored_probe_destroy))) struct stored_probe *

/* Whether an entry is one in form only: what should be cipher is all printable. */
bool entry_is_readable(struct sealed sealed);

#endif
