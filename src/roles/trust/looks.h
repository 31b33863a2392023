#ifndef RENDEZ_ROLES_TRUST_LOOKS_H
#define RENDEZ_ROLES_TRUST_LOOKS_H

#include "formats/json/json.h"
#include "roles/trust/trust.h"

/* The error rate that second looks give, as the log has it (logd's log.show, "second_looks"): what the pages show and what
 * others recount are one number. */

/* log: as logd said it last; NULL: it is away, and nothing is known. */
void trust_hear_looks(struct trust *trust, const json_t *log);

/* {"from", "until": days, both with it, "looks", "wrong", "low", "high": of 1000, Wilson's interval of 95 %, "wanted": fewer looks
 * say nothing yet, "enough", "entry", "at": in the log}; null: there is none of these days. A new reference. */
json_t *show_looks(const struct trust *trust, struct instant now);

#endif
