#ifndef RENDEZ_ROLES_CLI_REGISTRY_H
#define RENDEZ_ROLES_CLI_REGISTRY_H

#include "roles/authd/authd.h"
#include "roles/cli/admin.h"

/* authd's own code with the keys in this process, on the identities of an installation that
 * admin_begin has opened, beside a running authd or without one. Destroy it before the directory. */
struct registry;
#define AUTO_REGISTRY __attribute__((cleanup(registry_destroy))) struct registry *
MUST_USE enum status registry_open(struct admin *admin, struct registry **out);
void registry_destroy(struct registry **registry); /* accepts NULL */
struct authd *registry_authd(struct registry *registry);
struct identity *registry_identity(struct registry *registry);

/* A command of the command line (authd_as_root); takes over `in`. *out is a new reference. On failure
 * admin->why has what authd said. */
MUST_USE enum status registry_ask(struct admin *admin, struct registry *registry, const char *command,
                                  json_t *in, json_t **out);

/* NULL where there are no identities yet: before the service has run once. */
MUST_USE enum status registry_open_if_there(struct admin *admin, struct registry **out);

/* Ends an organisation, or erases it, with all its accounts; ST_NOT_FOUND: no identities know it. */
MUST_USE enum status registry_end_organisation(struct admin *admin, struct slice id, bool erase);

/* An organisation of the directory (empty: the only one), known to authd from now on. */
MUST_USE enum status registry_organisation(struct admin *admin, struct registry *registry,
                                           struct slice id, struct slice *out);

#endif
