#ifndef RENDEZ_ROLES_TRUST_VISITORS_H
#define RENDEZ_ROLES_TRUST_VISITORS_H

#include "formats/json/json.h"
#include "roles/trust/letters.h"

/* What people outside may cause: a message to us, and a subscription to what changes. Commands of the API:
 *
 *   trust.contact       {"address", "text", "language"} → {"ticket": id}
 *   trust.subscribe     {"address", "language"} → {}: the same whether the address is known or not
 *   trust.subscription  {"token"} → {"confirmed": bool}; a GET, which changes nothing
 *   trust.subscribed    {"token", "act": "confirm" or "stop"} → {}
 *
 * ST_INVALID  no address, no text, too long; ST_LIMIT: too many in this hour; ST_NOT_FOUND: no such token */
struct visitors_options {
    struct slice public_url; /* links begin with it */
    struct slice contact;    /* who is told of a message; empty: nobody is */
    bool french;             /* what they read */
};
enum { VISITOR_TEXT_BYTES_MAX = 8000, VISITOR_TICKETS_HOUR_MAX = 60, VISITOR_SUBSCRIBERS_HOUR_MAX = 60 };

MUST_USE enum status visitors_command(struct trust *trust, const struct visitors_options *options,
                                      struct slice name, const json_t *asked, struct instant now,
                                      struct arena *arena, json_t *out, struct problem *why);
/* Whether a name is one of these. */
bool visitors_know(struct slice name);

/* A ticket and its acknowledgement, in the transaction that is open. */
MUST_USE enum status visitors_write(struct trust *trust, const struct visitors_options *options,
                                    const json_t *asked, struct instant now, struct arena *arena,
                                    struct slice *ticket, struct problem *why);
/* A letter to each subscriber who has not heard of a change; some at a time. */
MUST_USE enum status visitors_tell(struct trust *trust, const struct visitors_options *options,
                                   struct instant now, struct problem *why);
/* What is forgotten by and by: answered messages after a year, subscriptions nobody confirmed after a week. */
MUST_USE enum status visitors_forget(struct trust *trust, struct instant now, struct problem *why);

#endif
