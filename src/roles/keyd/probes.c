#include "roles/keyd/probes.h"

#include "roles/messages/vault_probes.h"

void keyd_probes(struct role *role)
{
    keyd_probe_leaver(role);
    probe_fresh_entries(role);
}
