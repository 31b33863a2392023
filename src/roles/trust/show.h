#ifndef RENDEZ_ROLES_TRUST_SHOW_H
#define RENDEZ_ROLES_TRUST_SHOW_H

#include "formats/json/json.h"
#include "roles/trust/trust.h"

/* What is known of the controls, as JSON for the pages and the command line; README.md has the shapes.
 * New references. */

/* All of them, by section, with counts and what changed last. */
MUST_USE enum status show_all(struct trust *trust, struct instant now, json_t **out, struct problem *why);
/* One of them, with its history and its statements. */
MUST_USE enum status show_control(struct trust *trust, const struct control *control, struct instant now,
                                  json_t **out, struct problem *why);
/* {"key", "pinned": when, null: never; "held": digest of the key with which TRA-05 held last, or null}. */
MUST_USE enum status show_log_key(struct trust *trust, json_t **out, struct problem *why);
/* Findings to show or to prove, the best first: that of an entry of trust's log alone, or for 0 the newest that has most
 * likely its checkpoint, and those before it.
 * ST_NOT_FOUND: there is none, or it was too old and is removed. */
MUST_USE enum status show_findings(struct trust *trust, const struct control *control, int64_t entry,
                                   struct instant now, struct arena *arena, struct finding_list *out,
                                   struct problem *why);
/* The first of them, whole. */
MUST_USE enum status show_evidence(struct trust *trust, const struct control *control, int64_t entry,
                                   struct instant now, json_t **out, struct problem *why);
/* How long it has been at work, by day, and its silences. */
MUST_USE enum status show_status(struct trust *trust, struct instant now, json_t **out, struct problem *why);
/* The row of one in these. */
json_t *show_row(struct trust *trust, const struct control *control, struct instant now);

/* A command of the API: "trust.show", "trust.control", "trust.evidence", "trust.status".
 * ST_NOT_FOUND: no such command or control */
MUST_USE enum status trust_command(struct trust *trust, struct slice name, const json_t *asked,
                                   struct instant now, json_t **out, struct problem *why);

#endif
