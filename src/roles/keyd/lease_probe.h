#ifndef RENDEZ_ROLES_KEYD_LEASE_PROBE_H
#define RENDEZ_ROLES_KEYD_LEASE_PROBE_H

#include "platform/vault/vault.h"
#include "roles/keyd/leases.h"
#include "roles/messages/closed_probe.h"
#include "roles/messages/probe.h"

/* "closed_request": three made-up requests are in progress, and one of them is closed then. A made-up supervisor asks,
 * by assertions that are in order: for the open one of theirs (yes: else nothing is proven), for the closed one, an
 * unknown one, another person's, with an assertion for another request, as an organizer, over the Internet, by an
 * assertion under another key, for another part than is asserted, and for the meeting's own key. Nothing is lent: the
 * decision is asked for. And the key of one part opens no other. Causes: the names of `cases`, and "part_opened". */
struct lease_probe {
    struct leases *leases;
    const struct secret *key; /* of assertions */
};
/* *cause NULL: all was as it should be. ST_UNAVAILABLE: it could not be tried. What was made up is gone when it returns. */
MUST_USE enum status lease_probe_try(const struct lease_probe *probe, const struct moment *at, struct arena *arena,
                                     const char **cause, const char **refused, struct problem *why);
/* "closed_assertion": the assertion of that supervisor for the closed one. Fact "assertion",
 * base64url: for the console's probe (messages/closed_probe.h), and no fact of the control. */
MUST_USE enum status lease_probe_assert(const struct lease_probe *probe, const struct moment *at, struct arena *arena,
                                        struct slice *out, struct problem *why);
/* Before role_enter; *probe outlives the role. */
void probe_leases(struct role *role, struct lease_probe *probe);

#endif
