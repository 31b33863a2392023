#include "roles/keyd/probes.h"

#include "roles/messages/vault_probes.h"

void keyd_probes(struct role *role)
{
    probe_fresh_entries(role);
}
