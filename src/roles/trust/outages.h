#ifndef RENDEZ_ROLES_TRUST_OUTAGES_H
#define RENDEZ_ROLES_TRUST_OUTAGES_H

#include "formats/json/json.h"
#include "formats/measures/measures.h"
#include "roles/trust/trust.h"

/* What a probe outside reports, the outages that follow from it, and the claims (DC-09). doc/evidence.md */

/* Pins the key of the probe whose reports count from now on; empty: none any more. What was measured stays.
 * ST_INVALID: no key of that kind. */
MUST_USE enum status outages_pin(struct trust *trust, struct slice key, struct instant now, struct problem *why);

/* Takes one signed report. Looks that are there already are left out, so that a report may be sent twice.
 * *heard: the newest look that is known
 * ST_NOT_FOUND  no probe is pinned
 * ST_DENIED     not signed by the one that is
 * ST_INVALID    no report; a look that is dated ahead of us by more than a minute */
MUST_USE enum status outages_take(struct trust *trust, struct slice report, struct instant now, struct instant *heard,
                                  struct problem *why);

/* In a transaction: looks counted on that clock, with the outages, days and claims that they make. evidence: of a claim.
 * Apart from outages_take for the trial of the control, which rolls it back. */
struct sla_clock;
MUST_USE enum status outages_count(struct trust *trust, struct sla_clock *clock, const struct measure_list *looks,
                                   struct slice evidence, struct instant now, struct problem *why);

/* A person has sent the claim to the host. ST_NOT_FOUND: none of that id waits. */
MUST_USE enum status outages_sent(struct trust *trust, struct slice id, struct instant now, struct problem *why);

/* For the desk and the page: {"probe": {"key", "pinned", "heard", "last", "seen"} or null,
 * "days": [{"day", "up_s", "down_s"}], "outages": [{"begun", "ended", "down_s", "claim": {"id", "opened", "sent"} or null}]} */
MUST_USE enum status outages_show(struct trust *trust, json_t **out, struct problem *why);
/* A claim with its evidence. */
MUST_USE enum status outages_show_claim(struct trust *trust, struct slice id, json_t **out, struct problem *why);

#endif
