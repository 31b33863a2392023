#ifndef RENDEZ_ROLES_MESSAGES_CLOSED_PROBE_H
#define RENDEZ_ROLES_MESSAGES_CLOSED_PROBE_H

/* The made-up closed request for which SUP-09 asks keyd, by keyd's own decision and by the console's channel. No request
 * has such an id. */
#define LEASE_PROBE_CLOSED "trial_closed"
#define LEASE_PROBE_CLIENT {"trial_client", sizeof "trial_client" - 1}

#endif
